//! What an address is to this machine (net/inet/devinet.c).
//!
//! The answers depend on the interfaces that are up, not on the one a packet came in on: the weak host model. Nothing here
//! changes the kernel.

use crate::include::in_addr::InAddr;
use crate::include::netdevice::{AddressKind, DevId, Device, IFF_BROADCAST, IFF_LOOPBACK, IFF_POINTOPOINT, IFF_UP};
use crate::kernel::Kernel;

/// The directed broadcast of the loopback network.
const LOOPBACK_BROADCAST: InAddr = InAddr(0x7fff_ffff);

/// Mask of the class an address belongs to; 0 for 0.0.0.0 and for the classes D and E.
///
/// net/inet/devinet.c:ip_get_mask.
#[must_use]
pub fn ip_get_mask(addr: InAddr) -> InAddr {
    match addr.0 >> 24 {
        _ if addr.is_any() => InAddr::ANY,
        0..=127 => InAddr(0xff00_0000),
        128..=191 => InAddr(0xffff_0000),
        192..=223 => InAddr(0xffff_ff00),
        _ => InAddr::ANY,
    }
}

/// Whose an address is: ours, a broadcast, a group, or somebody else's.
///
/// net/inet/devinet.c:ip_chk_addr, RFC 1122 section 3.2.1.3.
///
/// Kept: host parts of all zeros count as broadcast like all ones, for the subnet and for the whole class network
/// (icmp/echo_src); an interface that is up without an address makes every address ours.
#[must_use]
pub fn ip_chk_addr(k: &Kernel, addr: InAddr) -> AddressKind {
    if addr.is_any() || addr == InAddr::BROADCAST || addr == LOOPBACK_BROADCAST {
        return AddressKind::Broadcast;
    }
    let class = ip_get_mask(addr);
    if addr & class == InAddr(0x7f00_0000) {
        return AddressKind::MyAddr;
    }
    for dev in k.dev.iter().filter(|dev| dev.flags & IFF_UP != 0) {
        if let Some(kind) = kind_on_device(dev, addr, class) {
            return kind;
        }
    }
    if addr.is_multicast() { AddressKind::Multicast } else { AddressKind::Other }
}

/// What an address is to one interface, if it is anything to it.
fn kind_on_device(dev: &Device, addr: InAddr, class: InAddr) -> Option<AddressKind> {
    let differs = addr ^ dev.pa_addr;
    if dev.pa_addr.is_any() || differs.is_any() {
        return Some(AddressKind::MyAddr);
    }
    let named = dev.flags & IFF_BROADCAST != 0 && addr == dev.pa_brdaddr;
    let everybody = |mask: InAddr| {
        let host = addr & !mask;
        (differs & mask).is_any() && (host.is_any() || host == !mask)
    };
    (named || everybody(dev.pa_mask) || everybody(class)).then_some(AddressKind::Broadcast)
}

/// The address that stands for "this machine": that of the first loopback device, or 0.0.0.0.
///
/// net/inet/devinet.c:ip_my_addr.
#[must_use]
pub fn ip_my_addr(k: &Kernel) -> InAddr {
    k.dev.iter().find(|dev| dev.flags & IFF_LOOPBACK != 0).map_or(InAddr::ANY, |dev| dev.pa_addr)
}

/// The interface whose peer or subnet an address is; point-to-point links are asked first.
///
/// net/inet/devinet.c:ip_dev_check.
#[must_use]
pub fn ip_dev_check(k: &Kernel, addr: InAddr) -> Option<DevId> {
    let is_peer = |dev: &Device| dev.flags & IFF_POINTOPOINT != 0 && dev.pa_dstaddr == addr;
    let is_near = |dev: &Device| dev.flags & IFF_POINTOPOINT == 0 && (dev.pa_mask & (addr ^ dev.pa_addr)).is_any();
    let find = |wanted: &dyn Fn(&Device) -> bool| {
        k.dev.iter().position(|dev| dev.flags & IFF_UP != 0 && wanted(dev)).map(|index| DevId(index as u8))
    };
    find(&is_peer).or_else(|| find(&is_near))
}
