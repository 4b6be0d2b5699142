//! The ARP table as a user sees and changes it (net/inet/arp.c: arp_ioctl, arp_req_set, arp_req_get).

use kfn::kfn;

use super::arp::{ProxySearch, arp_destroy, arp_lookup, hash, insert_entry, new_entry};
use super::route::ip_rt_route;
use crate::include::arp::{ATF_COM, ATF_NETMASK, ATF_PUBL, ArpTable, PROXY_HASH};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::netdevice::{ARPHRD_ARCNET, ARPHRD_ETHER, ETH_ALEN, MAX_ADDR_LEN};
use crate::kernel::Kernel;
use crate::kernel::user::{memcpy_fromfs, memcpy_tofs, verify_area};
use crate::note;

/// Delete an entry.
const SIOCDARP: u32 = 0x8950;
/// Read an entry.
const SIOCGARP: u32 = 0x8951;
/// Set an entry.
const SIOCSARP: u32 = 0x8952;
/// Octets of `struct arpreq`.
pub(super) const SIZEOF_ARPREQ: u32 = 52;
/// Offset of `arp_ha`: hardware type and address.
pub(super) const ARP_HA: usize = 16;
/// Offset of `arp_flags`.
const ARP_FLAGS: usize = 32;
/// Offset of `arp_netmask`.
const ARP_NETMASK: usize = 36;

/// `struct arpreq` as the kernel reads it.
pub(super) struct ArpReq {
    pub(super) pa: SockaddrIn,
    pub(super) hardware_type: u16,
    pub(super) ha: [u8; MAX_ADDR_LEN],
    flags: u32,
    netmask: InAddr,
}

impl ArpReq {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let part = |at: usize| bytes.get(at..).unwrap_or(&[]);
        let word = |at: usize| match part(at) {
            [a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]),
            _ => 0,
        };
        let mut ha = [0; MAX_ADDR_LEN];
        for (octet, given) in ha.iter_mut().zip(part(ARP_HA + 2)) {
            *octet = *given;
        }
        Self {
            pa: SockaddrIn::read(bytes),
            hardware_type: word(ARP_HA) as u16,
            ha,
            flags: word(ARP_FLAGS),
            netmask: SockaddrIn::read(part(ARP_NETMASK)).sin_addr,
        }
    }
}

/// Sets an entry of the table: a permanent one, a published one, or just a known address.
///
/// net/inet/arp.c:arp_req_set. Errors: EPFNOSUPPORT, EINVAL, ENETUNREACH.
///
/// Kept: the device is that of the route to the address, so a published entry for a host of the same subnet never answers
/// (arp/proxy); an entry that was being resolved keeps the packets that wait on it.
#[kfn("net/inet/arp.c")]
pub fn arp_req_set(k: &mut Kernel, arg: u32) -> KResult<i32> {
    let req = ArpReq::read(&memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "arp_req_set"));
    if req.pa.sin_family != AF_INET {
        return fail(Errno::EPFNOSUPPORT);
    }
    let hlen = match req.hardware_type {
        ARPHRD_ETHER => ETH_ALEN as u8,
        ARPHRD_ARCNET => 1,
        _ => return fail(Errno::EPFNOSUPPORT),
    };
    let ip = req.pa.sin_addr;
    if ip.is_any() {
        k.printk("ARP: SETARP: requested PA is 0.0.0.0");
        return fail(Errno::EINVAL);
    }
    let Some(route) = ip_rt_route(k, ip, None) else {
        note!(k, "no route leads to the address: ENETUNREACH");
        return fail(Errno::ENETUNREACH);
    };
    let mut found = arp_lookup(k, ip, ProxySearch::Exact);
    if let Some(entry) = found
        && (k.arp[entry].flags ^ req.flags) & ATF_PUBL != 0
    {
        arp_destroy(k, ip, true);
        found = None;
    }
    let entry = found.unwrap_or_else(|| {
        let fresh = ArpTable { ip, hlen, htype: req.hardware_type, ..new_entry(k, route.rt_dev) };
        let bucket = if req.flags & ATF_PUBL != 0 { PROXY_HASH } else { hash(ip) };
        insert_entry(k, bucket, fresh)
    });
    let now = k.jiffies;
    let entry = &mut k.arp[entry];
    for (octet, given) in entry.ha.iter_mut().zip(req.ha).take(usize::from(hlen)) {
        *octet = given;
    }
    entry.last_used = now;
    entry.flags = req.flags | ATF_COM;
    let masked = ATF_PUBL | ATF_NETMASK;
    entry.mask = if req.flags & masked == masked { req.netmask } else { InAddr::BROADCAST };
    entry.dev = route.rt_dev;
    note!(k, "the entry holds the given address from now on");
    Ok(0)
}

/// Reads an entry of the table; one that is still being resolved shows zeros.
///
/// net/inet/arp.c:arp_req_get. Errors: EPFNOSUPPORT, ENXIO if there is none.
#[kfn("net/inet/arp.c")]
pub fn arp_req_get(k: &mut Kernel, arg: u32) -> KResult<i32> {
    let mut bytes = memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "arp_req_get");
    let pa = SockaddrIn::read(&bytes);
    if pa.sin_family != AF_INET {
        return fail(Errno::EPFNOSUPPORT);
    }
    let Some(entry) = arp_lookup(k, pa.sin_addr, ProxySearch::Any) else {
        note!(k, "no entry for this address: ENXIO");
        return fail(Errno::ENXIO);
    };
    let entry = &k.arp[entry];
    let hlen = usize::from(entry.hlen).min(MAX_ADDR_LEN);
    let mut put = |at: usize, value: &[u8]| {
        if let Some(place) = bytes.get_mut(at..at + value.len()) {
            place.copy_from_slice(value);
        }
    };
    put(ARP_HA, &entry.htype.to_le_bytes());
    put(ARP_HA + 2, entry.ha.get(..hlen).unwrap_or(&[]));
    put(ARP_FLAGS, &entry.flags.to_le_bytes());
    memcpy_tofs(k, arg, &bytes, "arp_req_get");
    Ok(0)
}

/// Reads, sets or deletes an ARP entry for a user; only the superuser may change the table.
///
/// net/inet/arp.c:arp_ioctl. Errors: EPERM, EFAULT, EPFNOSUPPORT, EINVAL for another command.
///
/// Kept: deleting reports success whether there was an entry or not (arp/delete_ioctl).
#[kfn("net/inet/arp.c")]
pub fn arp_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> {
    match cmd {
        SIOCDARP | SIOCSARP if !k.suser() => {
            note!(k, "only the superuser may change the table: EPERM");
            fail(Errno::EPERM)
        }
        SIOCDARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            let pa = SockaddrIn::read(&memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "arp_ioctl"));
            if pa.sin_family != AF_INET {
                return fail(Errno::EPFNOSUPPORT);
            }
            arp_destroy(k, pa.sin_addr, true);
            Ok(0)
        }
        SIOCGARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            arp_req_get(k, arg)
        }
        SIOCSARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            arp_req_set(k, arg)
        }
        _ => fail(Errno::EINVAL),
    }
}
