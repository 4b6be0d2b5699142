//! Routes: one list, the most specific first (net/inet/route.c).
//!
//! Promise: at most one route has a given destination and mask, so the two together name a route; `rt_loopback` is a copy
//! of the route they name.

use kfn::kfn;

use crate::include::in_addr::InAddr;
use crate::include::netdevice::{DevId, IFF_BROADCAST, IFF_LOOPBACK};
use crate::include::route::{RTF_DYNAMIC, RTF_GATEWAY, RTF_HOST, RTF_MSS, RTF_UP, RTF_WINDOW, Rtable};
use crate::include::tcp::HEADER_SIZE;
use crate::kernel::Kernel;
use crate::note;

/// Finds the route to an address and, on request, the source address that belongs to it.
///
/// net/inet/route.c:ip_rt_route. The first route of the list that matches wins; whether it or its device is up is not
/// asked.
///
/// Kept: the way to one of our own addresses leads through the network route of its interface first (which gives the
/// source) and only then to `lo` (udp/loopback).
#[kfn("net/inet/route.c", rfc = "1122 p.47", skip(src_addr))]
pub fn ip_rt_route(k: &mut Kernel, daddr: InAddr, src_addr: Option<&mut InAddr>) -> Option<Rtable> {
    let found = k.rt_base.iter().position(|rt| matches(k, rt, daddr));
    use_route(k, found, daddr, src_addr)
}

/// Finds a route that needs no gateway, for senders that asked not to be routed.
///
/// net/inet/route.c:ip_rt_local.
#[kfn("net/inet/route.c", skip(src_addr))]
pub fn ip_rt_local(k: &mut Kernel, daddr: InAddr, src_addr: Option<&mut InAddr>) -> Option<Rtable> {
    let found = k.rt_base.iter().position(|rt| rt.rt_flags & RTF_GATEWAY == 0 && matches(k, rt, daddr));
    use_route(k, found, daddr, src_addr)
}

/// Whether a route leads to an address: under its mask, or as the broadcast of its device.
fn matches(k: &Kernel, rt: &Rtable, daddr: InAddr) -> bool {
    let broadcast = || {
        let dev = k.device(rt.rt_dev);
        rt.rt_flags & RTF_GATEWAY == 0 && dev.flags & IFF_BROADCAST != 0 && dev.pa_brdaddr == daddr
    };
    ((rt.rt_dst ^ daddr) & rt.rt_mask).is_any() || broadcast()
}

/// The common end of both look-ups: source address, detour to `lo` for our own address, count of uses.
fn use_route(k: &mut Kernel, found: Option<usize>, daddr: InAddr, src_addr: Option<&mut InAddr>) -> Option<Rtable> {
    let Some(mut index) = found else {
        note!(k, "no route of the list leads there");
        return None;
    };
    let rt_dev = k.rt_base.get(index)?.rt_dev;
    let own = k.device(rt_dev).pa_addr;
    if let Some(src_addr) = src_addr {
        *src_addr = own;
    }
    if daddr == own {
        note!(k, "the destination is our own address: the route is the loopback's");
        let (dst, mask) = k.rt_loopback.as_ref().map(|rt| (rt.rt_dst, rt.rt_mask))?;
        index = k.rt_base.iter().position(|rt| (rt.rt_dst, rt.rt_mask) == (dst, mask))?;
    }
    let rt = k.rt_base.get_mut(index)?;
    rt.rt_use = rt.rt_use.wrapping_add(1);
    let rt = rt.clone();
    if let Some(loopback) = &mut k.rt_loopback
        && (loopback.rt_dst, loopback.rt_mask) == (rt.rt_dst, rt.rt_mask)
    {
        *loopback = rt.clone();
    }
    Some(rt)
}

/// Mask of the class of a destination, the classes D and E counting as C.
///
/// net/inet/route.c:default_mask.
#[must_use]
pub fn default_mask(dst: InAddr) -> InAddr {
    match dst.0 >> 24 {
        0..=127 => InAddr(0xff00_0000),
        128..=191 => InAddr(0xffff_0000),
        _ => InAddr(0xffff_ff00),
    }
}

/// The mask a route gets when none was given: the interface's inside its own class network, else that of the class.
///
/// net/inet/route.c:guess_mask.
#[must_use]
pub fn guess_mask(k: &Kernel, dst: InAddr, dev: DevId) -> InAddr {
    if dst.is_any() {
        return InAddr::ANY;
    }
    let class = default_mask(dst);
    let dev = k.device(dev);
    if ((dst ^ dev.pa_addr) & class).is_any() { dev.pa_mask } else { class }
}

/// The device behind which a gateway lives, if the gateway itself needs no gateway.
///
/// net/inet/route.c:get_gw_dev.
#[must_use]
pub fn get_gw_dev(k: &Kernel, gw: InAddr) -> Option<DevId> {
    let rt = k.rt_base.iter().find(|rt| ((rt.rt_dst ^ gw) & rt.rt_mask).is_any())?;
    (rt.rt_flags & RTF_GATEWAY == 0).then_some(rt.rt_dev)
}

/// Puts a route into the list, in place of one with the same destination and mask.
///
/// net/inet/route.c:ip_rt_add. Tells nobody when it refuses.
///
/// Kept: a gateway that is not directly reachable through `dev` is refused in silence, and the caller reports success
/// (kept_frames/route_refused).
#[allow(clippy::too_many_arguments, reason = "the arguments of the original")]
#[kfn("net/inet/route.c")]
pub fn ip_rt_add(k: &mut Kernel, flags: u8, dst: InAddr, mask: InAddr, gw: InAddr, dev: DevId, mtu: u16, window: u32) {
    let Some((flags, dst, mask)) = ip_rt_add_destination(k, flags, dst, mask, dev) else { return };
    let Some((flags, gw)) = ip_rt_add_gateway(k, flags, gw, dev) else { return };
    let (dev_mtu, dev_flags) = (k.device(dev).mtu, k.device(dev).flags);
    let route = Rtable {
        rt_dst: dst,
        rt_mask: mask,
        rt_gateway: gw,
        rt_flags: flags | RTF_UP,
        rt_mss: if flags & RTF_MSS != 0 { mtu } else { dev_mtu.wrapping_sub(HEADER_SIZE as u16) },
        rt_window: if flags & RTF_WINDOW != 0 { window } else { 0 },
        rt_dev: dev,
        ..Rtable::default()
    };
    remove_routes(k, |rt| rt.rt_dst == dst && rt.rt_mask == mask);
    let place = k.rt_base.iter().position(|rt| rt.rt_mask & mask != mask).unwrap_or(k.rt_base.len());
    k.rt_base.insert(place, route.clone());
    note!(k, "the route stands in the list, before all that are less specific");
    if dev_flags & IFF_LOOPBACK != 0 && k.rt_loopback.is_none() {
        k.rt_loopback = Some(route);
    }
}

/// Destination and mask of a new route; None if a redirect names a neighbour.
fn ip_rt_add_destination(
    k: &mut Kernel,
    flags: u8,
    dst: InAddr,
    mask: InAddr,
    dev: DevId,
) -> Option<(u8, InAddr, InAddr)> {
    if flags & RTF_HOST != 0 {
        return Some((flags, dst, InAddr::BROADCAST));
    }
    if !mask.is_any() {
        return Some((flags, dst, mask));
    }
    let (pa_addr, pa_mask) = (k.device(dev).pa_addr, k.device(dev).pa_mask);
    if !((dst ^ pa_addr) & pa_mask).is_any() {
        let mask = guess_mask(k, dst, dev);
        return Some((flags, dst & mask, mask));
    }
    if flags & RTF_DYNAMIC != 0 {
        note!(k, "a redirect for a host of our own subnet is refused");
        return None;
    }
    Some((flags & !RTF_GATEWAY, dst & pa_mask, pa_mask))
}

/// Gateway of a new route; None if it cannot be reached directly through the device.
fn ip_rt_add_gateway(k: &mut Kernel, flags: u8, gw: InAddr, dev: DevId) -> Option<(u8, InAddr)> {
    let flags = if gw == k.device(dev).pa_addr { flags & !RTF_GATEWAY } else { flags };
    if flags & RTF_GATEWAY == 0 {
        return Some((flags, InAddr::ANY));
    }
    if get_gw_dev(k, gw) != Some(dev) {
        note!(k, "the gateway is not reachable through this device: the route is refused in silence");
        return None;
    }
    Some((flags, gw))
}

/// Takes out every route that `wanted` names, and forgets the loopback's if it is among them.
fn remove_routes(k: &mut Kernel, wanted: impl Fn(&Rtable) -> bool) {
    k.rt_base.retain(|rt| !wanted(rt));
    if k.rt_loopback.as_ref().is_some_and(wanted) {
        k.rt_loopback = None;
    }
}

/// Deletes all routes to a destination, whatever their mask; of one device if one is given.
///
/// net/inet/route.c:rt_del.
#[kfn("net/inet/route.c")]
pub fn rt_del(k: &mut Kernel, dst: InAddr, dev: Option<DevId>) {
    remove_routes(k, |rt| rt.rt_dst == dst && dev.is_none_or(|dev| rt.rt_dev == dev));
}

/// Deletes all routes through a device that goes down.
///
/// net/inet/route.c:ip_rt_flush.
#[kfn("net/inet/route.c")]
pub fn ip_rt_flush(k: &mut Kernel, dev: DevId) {
    remove_routes(k, |rt| rt.rt_dev == dev);
}

pub use super::route_ioctl::ip_rt_ioctl;
