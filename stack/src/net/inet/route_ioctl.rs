//! Routes as the superuser adds and deletes them (net/inet/route.c: ip_rt_ioctl and what it calls).

use kfn::kfn;

use super::dev::dev_get;
use super::devinet::ip_dev_check;
use super::route::{get_gw_dev, ip_rt_add, rt_del};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::netdevice::{DevId, IFF_UP};
use crate::include::route::{RTF_GATEWAY, RTF_HOST};
use crate::kernel::Kernel;
use crate::kernel::user::{memcpy_fromfs, verify_area};
use crate::note;

/// Add a route.
const SIOCADDRT: u32 = 0x890b;
/// Delete routes.
const SIOCDELRT: u32 = 0x890c;
/// Add a route, in the layout of older C libraries.
const SIOCADDRTOLD: u32 = 0x8940;
/// Delete routes, in the layout of older C libraries.
const SIOCDELRTOLD: u32 = 0x8941;
/// Octets of `struct rtentry`.
const SIZEOF_RTENTRY: u32 = 80;
/// Octets of `struct old_rtentry`.
const SIZEOF_OLD_RTENTRY: u32 = 48;
/// Octets of a page, the longest name getname copies.
const PAGE_SIZE: u32 = 4096;

/// `struct rtentry` as far as the kernel reads it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct RtEntry {
    dst: SockaddrIn,
    gateway: SockaddrIn,
    genmask: SockaddrIn,
    flags: u16,
    dev: u32,
    mss: u32,
    window: u32,
}

/// A little-endian word of a structure; 0 behind its end.
fn word(bytes: &[u8], at: usize) -> u32 {
    match bytes.get(at..at.saturating_add(4)) {
        Some(&[a, b, c, d]) => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// A socket address inside a structure.
fn address(bytes: &[u8], at: usize) -> SockaddrIn {
    SockaddrIn::read(bytes.get(at..).unwrap_or(&[]))
}

impl RtEntry {
    fn read(bytes: &[u8]) -> Self {
        Self {
            dst: address(bytes, 4),
            gateway: address(bytes, 20),
            genmask: address(bytes, 36),
            flags: word(bytes, 52) as u16,
            dev: word(bytes, 68),
            mss: word(bytes, 72),
            window: word(bytes, 76),
        }
    }

    /// net/inet/route.c:ip_get_old_rtent.
    fn read_old(bytes: &[u8]) -> Self {
        let genmask = InAddr(word(bytes, 0).swap_bytes());
        Self {
            dst: address(bytes, 4),
            gateway: address(bytes, 20),
            genmask: SockaddrIn { sin_family: AF_INET, sin_addr: genmask, ..SockaddrIn::default() },
            flags: word(bytes, 36) as u16,
            dev: word(bytes, 44),
            mss: 0,
            window: 0,
        }
    }
}

/// Adds or deletes routes for the superuser.
///
/// net/inet/route.c:ip_rt_ioctl. Errors: EPERM, EFAULT, EINVAL for another command, and those of rt_new and rt_kill.
#[kfn("net/inet/route.c")]
pub fn ip_rt_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> {
    let old = match cmd {
        SIOCADDRT | SIOCDELRT => false,
        SIOCADDRTOLD | SIOCDELRTOLD => true,
        _ => return fail(Errno::EINVAL),
    };
    if !k.suser() {
        note!(k, "only the superuser may change routes: EPERM");
        return fail(Errno::EPERM);
    }
    let entry = if old {
        k.printk("obsolete route ioctl");
        verify_area(k, arg, SIZEOF_OLD_RTENTRY)?;
        RtEntry::read_old(&memcpy_fromfs(k, arg, SIZEOF_OLD_RTENTRY, "ip_get_old_rtent"))
    } else {
        verify_area(k, arg, SIZEOF_RTENTRY)?;
        RtEntry::read(&memcpy_fromfs(k, arg, SIZEOF_RTENTRY, "ip_rt_ioctl"))
    };
    if matches!(cmd, SIOCADDRT | SIOCADDRTOLD) { rt_new(k, entry) } else { rt_kill(k, entry) }
}

/// The name a user pointer leads to: EFAULT if it leads nowhere, ENOENT for an empty one (fs/namei.c:getname).
fn getname(k: &Kernel, pointer: u32) -> KResult<String> {
    let memory = &k.current().memory;
    let mut name = Vec::new();
    for offset in 0..PAGE_SIZE {
        match memory.range(pointer.wrapping_add(offset), 1) {
            Some(&[0]) if name.is_empty() => return fail(Errno::ENOENT),
            Some(&[0]) => break,
            Some(&[octet]) => name.push(octet),
            _ => return fail(Errno::EFAULT),
        }
    }
    Ok(String::from_utf8_lossy(&name).into_owned())
}

/// Whether an address has bits outside a mask, or the mask has a hole (net/inet/route.c:bad_mask).
fn bad_mask(mask: InAddr, addr: InAddr) -> bool {
    let holes = !mask.0;
    !(addr & !mask).is_any() || holes & holes.wrapping_add(1) != 0
}

/// Checks a new route of the superuser, finds its device and adds it.
///
/// net/inet/route.c:rt_new. Errors: EINVAL, EAFNOSUPPORT, ENETUNREACH. Reports success even where ip_rt_add refuses.
#[kfn("net/inet/route.c", skip(entry))]
fn rt_new(k: &mut Kernel, entry: RtEntry) -> KResult<i32> {
    let mut dev = None;
    if entry.dev != 0 {
        let name = getname(k, entry.dev)?;
        dev = Some(dev_get(k, &name).ok_or(Errno::EINVAL)?);
    }
    if entry.dst.sin_family != AF_INET {
        return fail(Errno::EAFNOSUPPORT);
    }
    let (dst, gw) = (entry.dst.sin_addr, entry.gateway.sin_addr);
    let mut flags = entry.flags as u8;
    let mut mask = entry.genmask.sin_addr;
    if dev.is_none() && flags & RTF_GATEWAY != 0 {
        let own = k.dev.iter().position(|dev| dev.flags & IFF_UP != 0 && dev.pa_addr == gw);
        if let Some(own) = own {
            note!(k, "the gateway is one of our own addresses: it names the interface");
            dev = Some(DevId(own as u8));
            flags &= !RTF_GATEWAY;
        }
    }
    if bad_mask(mask, dst) {
        mask = InAddr::ANY;
    }
    if flags & RTF_HOST != 0 {
        mask = InAddr::BROADCAST;
    } else if !mask.is_any() && entry.genmask.sin_family != AF_INET {
        return fail(Errno::EAFNOSUPPORT);
    }
    if flags & RTF_GATEWAY != 0 {
        if entry.gateway.sin_family != AF_INET {
            return fail(Errno::EAFNOSUPPORT);
        }
        dev = dev.or_else(|| get_gw_dev(k, gw));
    } else {
        dev = dev.or_else(|| ip_dev_check(k, dst));
    }
    let Some(dev) = dev else {
        note!(k, "no interface leads there: ENETUNREACH");
        return fail(Errno::ENETUNREACH);
    };
    ip_rt_add(k, flags, dst, mask, gw, dev, entry.mss as u16, entry.window);
    Ok(0)
}

/// Deletes the routes to a destination; reports success even where nothing matched.
///
/// net/inet/route.c:rt_kill.
#[kfn("net/inet/route.c", skip(entry))]
fn rt_kill(k: &mut Kernel, entry: RtEntry) -> KResult<i32> {
    let dst = entry.dst.sin_addr;
    if entry.dev == 0 {
        rt_del(k, dst, None);
        return Ok(0);
    }
    let name = getname(k, entry.dev)?;
    if let Some(dev) = dev_get(k, &name) {
        rt_del(k, dst, Some(dev));
    }
    Ok(0)
}
