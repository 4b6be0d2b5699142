//! RARP (net/inet/rarp.c, RFC 903), present with CONFIG_INET_RARP: tells stations without a disk which address they have.
//!
//! Only the answering side exists. The superuser enters the stations one by one; there is no timer, nothing is learnt from
//! the wire, and whoever is not in the table is left without an answer. Frames of the type are not even looked at before
//! the first entry is made.

use kfn::kfn;

use super::arp::{ARP_FIXED, PROTOCOL_LENGTH, arp_send, hardware_at};
use super::arp_ioctl::{ARP_HA, ArpReq, SIZEOF_ARPREQ};
use super::dev::dev_add_pack;
use super::route::ip_rt_route;
use super::skbuff::kfree_skb;
use crate::include::arp::{ARPOP_RREPLY, ARPOP_RREQUEST, RarpTable};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::netdevice::{
    ARPHRD_ETHER, DevId, ETH_ALEN, ETH_P_IP, ETH_P_RARP, IFF_NOARP, MAX_ADDR_LEN, PacketType,
};
use crate::include::skbuff::{FreeMode, SkbId};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, sti};
use crate::kernel::user::{memcpy_fromfs, memcpy_tofs, verify_area};
use crate::{discard, note};

/// Delete an entry.
pub const SIOCDRARP: u32 = 0x8960;
/// Read an entry.
pub const SIOCGRARP: u32 = 0x8961;
/// Set an entry.
pub const SIOCSRARP: u32 = 0x8962;

/// Announces RARP to the device layer: from now on its frames reach rarp_rcv.
///
/// net/inet/rarp.c:rarp_init. Called with the first entry, not at boot.
#[kfn("net/inet/rarp.c")]
fn rarp_init(k: &mut Kernel) {
    dev_add_pack(k, PacketType { type_: ETH_P_RARP, dev: None, name: "rarp_rcv", func: rarp_rcv, data: None });
    k.rarp_initialized = true;
}

/// Takes an entry off the list and frees it.
///
/// net/inet/rarp.c:rarp_release_entry. The handler of the frames stays registered, even behind the last entry.
#[kfn("net/inet/rarp.c")]
fn rarp_release_entry(k: &mut Kernel, place: u32) {
    let place = place as usize;
    if place < k.rarp_tables.len() {
        k.rarp_tables.remove(place);
    }
}

/// Deletes the entry of an address.
///
/// net/inet/rarp.c:rarp_destroy. Silent if there is none. Interrupts are off while the list is looked through.
#[kfn("net/inet/rarp.c")]
fn rarp_destroy(k: &mut Kernel, ip_addr: InAddr) {
    cli(k);
    if let Some(place) = place_of(k, ip_addr) {
        rarp_release_entry(k, place as u32);
    }
    sti(k, "rarp_destroy");
}

/// Where the entry of an address stands in the list.
fn place_of(k: &Kernel, ip: InAddr) -> Option<usize> {
    k.rarp_tables.iter().position(|entry| entry.ip == ip)
}

/// Takes a RARP packet: a station in the table is told its address, others get no answer.
///
/// net/inet/rarp.c:rarp_rcv, RFC 903. What counts is the *target* hardware address, so that a station may also ask for
/// another one; the answer goes to the sender. It names our own address as the sender's, and nobody learns anything else.
#[kfn("net/inet/rarp.c", rfc = "903")]
pub fn rarp_rcv(k: &mut Kernel, skb: SkbId, dev: DevId, _pt: &PacketType) {
    let device = k.device(dev);
    let (addr_len, dev_type, flags) = (device.addr_len, device.type_, device.flags);
    let (own_address, own_hardware) = (device.pa_addr, device.dev_addr);
    let buffer = &k.skb[skb];
    let at = buffer.h_raw;
    let (ar_hrd, ar_pro, ar_op) = (buffer.u16_at(at), buffer.u16_at(at + 2), buffer.u16_at(at + 6));
    let (ar_hln, ar_pln) = (buffer.u8_at(at + 4), buffer.u8_at(at + 5));
    let hardware = usize::from(addr_len).min(MAX_ADDR_LEN);
    let sha = hardware_at(buffer, at + ARP_FIXED, addr_len);
    let tha = hardware_at(buffer, at + ARP_FIXED + hardware + usize::from(PROTOCOL_LENGTH), addr_len);
    if ar_hln != addr_len || ar_hrd != dev_type || flags & IFF_NOARP != 0 {
        discard!(k, skb, RarpBadHeader);
    } else if ar_op != ARPOP_RREQUEST {
        discard!(k, skb, RarpNotRequest);
    } else if ar_pro != ETH_P_IP || ar_pln != PROTOCOL_LENGTH {
        discard!(k, skb, RarpBadHeader);
    } else if let Some(entry) = k.rarp_tables.iter().find(|entry| entry.ha == tha).copied() {
        note!(k, "the station stands in the table: it is told its address");
        arp_send(k, ARPOP_RREPLY, ETH_P_RARP, entry.ip, dev, own_address, Some(sha), own_hardware);
    } else {
        discard!(k, skb, RarpUnknownStation);
    }
    kfree_skb(k, skb, FreeMode::Read);
}

/// Sets the address that a station will be told.
///
/// net/inet/rarp.c:rarp_req_set. Errors, in this order: EPFNOSUPPORT, EINVAL, ENETUNREACH. The first entry of all
/// registers the handler. Only Ethernet stations can be entered. The entry is whole before interrupts come back on.
#[kfn("net/inet/rarp.c")]
fn rarp_req_set(k: &mut Kernel, arg: u32) -> KResult<i32> {
    let req = ArpReq::read(&memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "rarp_req_set"));
    if req.pa.sin_family != AF_INET || req.hardware_type != ARPHRD_ETHER {
        return fail(Errno::EPFNOSUPPORT);
    }
    let ip = req.pa.sin_addr;
    if ip.is_any() {
        k.printk("RARP: SETRARP: requested PA is 0.0.0.0");
        return fail(Errno::EINVAL);
    }
    let Some(route) = ip_rt_route(k, ip, None) else {
        note!(k, "no route leads to the address: ENETUNREACH");
        return fail(Errno::ENETUNREACH);
    };
    let mut ha = [0; MAX_ADDR_LEN];
    for (octet, given) in ha.iter_mut().zip(req.ha).take(ETH_ALEN) {
        *octet = given;
    }
    let entry = RarpTable { ip, ha, hlen: ETH_ALEN as u8, htype: req.hardware_type, dev: route.rt_dev };
    cli(k);
    match place_of(k, ip).and_then(|place| k.rarp_tables.get_mut(place)) {
        Some(known) => *known = entry,
        None => {
            k.rarp_tables.insert(0, entry);
            if !k.rarp_initialized {
                note!(k, "the first entry of all: only now does RARP begin to listen");
                rarp_init(k);
            }
        }
    }
    sti(k, "rarp_req_set");
    Ok(0)
}

/// Reads the entry of an address.
///
/// net/inet/rarp.c:rarp_req_get. Errors: EPFNOSUPPORT, ENXIO if there is none.
///
/// Kept: only the hardware address and its family are written; the flags and everything else come back as the caller
/// passed them (rarp/ioctl_errors).
#[kfn("net/inet/rarp.c")]
fn rarp_req_get(k: &mut Kernel, arg: u32) -> KResult<i32> {
    let mut bytes = memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "rarp_req_get");
    let pa = SockaddrIn::read(&bytes);
    if pa.sin_family != AF_INET {
        return fail(Errno::EPFNOSUPPORT);
    }
    cli(k);
    let entry = place_of(k, pa.sin_addr).and_then(|place| k.rarp_tables.get(place)).copied();
    sti(k, "rarp_req_get");
    let Some(entry) = entry else {
        note!(k, "no entry for this address: ENXIO");
        return fail(Errno::ENXIO);
    };
    let hardware = entry.htype.to_le_bytes().into_iter().chain(entry.ha.into_iter().take(usize::from(entry.hlen)));
    for (place, octet) in bytes.iter_mut().skip(ARP_HA).zip(hardware) {
        *place = octet;
    }
    memcpy_tofs(k, arg, &bytes, "rarp_req_get");
    Ok(0)
}

/// Reads, sets or deletes a RARP entry for a user; only the superuser may change the table.
///
/// net/inet/rarp.c:rarp_ioctl. Errors: EPERM, EFAULT, EPFNOSUPPORT, EINVAL for another command. Deleting reports success
/// whether there was an entry or not.
#[kfn("net/inet/rarp.c")]
pub fn rarp_ioctl(k: &mut Kernel, cmd: u32, arg: u32) -> KResult<i32> {
    match cmd {
        SIOCDRARP | SIOCSRARP if !k.suser() => {
            note!(k, "only the superuser may change the table: EPERM");
            fail(Errno::EPERM)
        }
        SIOCDRARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            let pa = SockaddrIn::read(&memcpy_fromfs(k, arg, SIZEOF_ARPREQ, "rarp_ioctl"));
            if pa.sin_family != AF_INET {
                return fail(Errno::EPFNOSUPPORT);
            }
            rarp_destroy(k, pa.sin_addr);
            Ok(0)
        }
        SIOCGRARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            rarp_req_get(k, arg)
        }
        SIOCSRARP => {
            verify_area(k, arg, SIZEOF_ARPREQ)?;
            rarp_req_set(k, arg)
        }
        _ => fail(Errno::EINVAL),
    }
}
