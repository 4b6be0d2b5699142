//! IP's small parts (net/inet/ip.c, ip.h): checksums, socket options, registration.

use kfn::kfn;

use super::dev::{dev_add_pack, register_netdevice_notifier};
use super::igmp::{ip_mc_join_group, ip_mc_leave_group};
use super::ip_fw_ctl::{IP_ACCT_ADD, IP_ACCT_ZERO, IP_FW_ADD_BLK, IP_FW_POLICY_FWD, ip_acct_ctl, ip_fw_ctl};
use super::ip_input::ip_rcv;
use super::route::{ip_rt_flush, ip_rt_route};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::firewall::SIZEOF_IP_FW;
use crate::include::in_addr::InAddr;
use crate::include::ip::{SOPRI_BACKGROUND, SOPRI_INTERACTIVE};
use crate::include::netdevice::{DevId, ETH_P_IP, IFF_MULTICAST, IFF_UP, NetdevEvent, NotifierBlock, PacketType};
use crate::include::skbuff::SkbId;
use crate::include::sock::SockId;
use crate::include::socket::SOL_IP;
use crate::kernel::Kernel;
use crate::kernel::user::{get_fs_long, memcpy_fromfs, memcpy_tofs, put_fs_long, verify_area};
use crate::note;
use crate::wire::checksum::internet_checksum;

/// Type of service.
const IP_TOS: i32 = 1;
/// Time to live.
const IP_TTL: i32 = 2;
/// Interface of group datagrams.
const IP_MULTICAST_IF: i32 = 32;
/// TTL of group datagrams.
const IP_MULTICAST_TTL: i32 = 33;
/// Whether own group datagrams are heard.
const IP_MULTICAST_LOOP: i32 = 34;
/// Join a group.
const IP_ADD_MEMBERSHIP: i32 = 35;
/// Leave a group.
const IP_DROP_MEMBERSHIP: i32 = 36;
/// IPTOS_LOWDELAY.
const IPTOS_LOWDELAY: u8 = 0x10;
/// IPTOS_THROUGHPUT.
const IPTOS_THROUGHPUT: u8 = 0x08;
/// Where the checksum stands in a header.
const CHECK: std::ops::Range<usize> = 10..12;
/// Octets of `struct ip_mreq`.
const SIZEOF_IP_MREQ: u32 = 8;

/// The Internet checksum of a block; 0 if the block holds a right one (net/inet/ip.c:ip_compute_csum, RFC 1071).
#[must_use]
pub fn ip_compute_csum(buff: &[u8]) -> u16 {
    internet_checksum(buff)
}

/// The checksum of an IP header (net/inet/ip.h:ip_fast_csum).
#[must_use]
pub fn ip_fast_csum(buff: &[u8]) -> u16 {
    internet_checksum(buff)
}

/// Writes the checksum of an IP header, the last field to be filled in.
///
/// net/inet/ip.c:ip_send_check.
#[kfn("net/inet/ip.c", rfc = "1071")]
pub fn ip_send_check(k: &mut Kernel, skb: SkbId, iph: usize) {
    let buffer = &mut k.skb[skb];
    let length = usize::from(buffer.u8_at(iph) & 15) * 4;
    buffer.put_check(iph, length, CHECK, ip_fast_csum);
}

/// Would look for another route after retransmissions in vain; does nothing.
///
/// net/inet/ip.c:ip_route_check.
///
/// Kept: a dead gateway is never noticed (data/rexmit_backoff).
#[kfn("net/inet/ip.c", rfc = "1122 p.51")]
pub fn ip_route_check(k: &mut Kernel, _daddr: InAddr) {
    note!(k, "1.2.13 looks for no other way: the function is empty");
}

/// Announces IP to the device layer.
///
/// net/inet/ip.c:ip_init.
#[kfn("net/inet/ip.c")]
pub fn ip_init(k: &mut Kernel) {
    dev_add_pack(k, PacketType { type_: ETH_P_IP, dev: None, name: "ip_rcv", func: ip_rcv, data: None });
    register_netdevice_notifier(k, NotifierBlock { name: "ip_rt_event", notifier_call: ip_rt_event });
}

/// A device went down: its routes go.
///
/// net/inet/ip.c:ip_rt_event.
#[kfn("net/inet/ip.c", skip(event))]
pub fn ip_rt_event(k: &mut Kernel, event: NetdevEvent, dev: DevId) {
    match event {
        NetdevEvent::Up => {}
        NetdevEvent::Down => ip_rt_flush(k, dev),
    }
}

/// Sets an option of the IP level.
///
/// net/inet/ip.c:ip_setsockopt. Errors: EINVAL, EFAULT, EOPNOTSUPP for another level, ENOPROTOOPT for an unknown option,
/// of a part that is not compiled in too; EPERM and EINVAL before what ip_fw_ctl and ip_acct_ctl say.
///
/// Kept: only the two exact values 0x10 and 0x08 of the type of service change the queue at the device
/// (passive_open/tos_ttl).
#[kfn("net/inet/ip.c", skip(optval, optlen))]
pub fn ip_setsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<()> {
    if optval == 0 {
        return fail(Errno::EINVAL);
    }
    verify_area(k, optval, 4)?;
    let val = get_fs_long(k, optval) as i32;
    if level != SOL_IP {
        note!(k, "not an option of the IP level: EOPNOTSUPP");
        return fail(Errno::EOPNOTSUPP);
    }
    match optname {
        IP_TOS => {
            let tos = u8::try_from(val).map_err(|_| Errno::EINVAL)?;
            let sock = &mut k.sock[sk];
            sock.ip_tos = tos;
            match tos {
                IPTOS_LOWDELAY => sock.priority = SOPRI_INTERACTIVE,
                IPTOS_THROUGHPUT => sock.priority = SOPRI_BACKGROUND,
                _ => {}
            }
            Ok(())
        }
        IP_TTL => {
            let ttl = u8::try_from(val).ok().filter(|ttl| *ttl > 0).ok_or(Errno::EINVAL)?;
            k.sock[sk].ip_ttl = ttl;
            Ok(())
        }
        IP_MULTICAST_IF | IP_MULTICAST_TTL | IP_MULTICAST_LOOP | IP_ADD_MEMBERSHIP | IP_DROP_MEMBERSHIP
            if k.config.ip_multicast =>
        {
            ip_setsockopt_multicast(k, sk, optname, optval)
        }
        IP_FW_ADD_BLK..=IP_FW_POLICY_FWD if k.config.ip_firewall => {
            let value = ip_setsockopt_rule(k, optval, optlen)?;
            ip_fw_ctl(k, optname, &value)
        }
        IP_ACCT_ADD..=IP_ACCT_ZERO if k.config.ip_acct => {
            let value = ip_setsockopt_rule(k, optval, optlen)?;
            ip_acct_ctl(k, optname, &value)
        }
        _ => {
            note!(k, "an option IP does not know: ENOPROTOOPT");
            fail(Errno::ENOPROTOOPT)
        }
    }
}

/// The value of an option of the firewall: EPERM for anybody but the superuser, EINVAL for a length no rule can have.
fn ip_setsockopt_rule(k: &mut Kernel, optval: u32, optlen: i32) -> KResult<Vec<u8>> {
    if !k.suser() {
        note!(k, "only the superuser may touch the rules: EPERM");
        return fail(Errno::EPERM);
    }
    let length = u32::try_from(optlen).ok().filter(|length| (1..=SIZEOF_IP_FW as u32).contains(length));
    let Some(length) = length else {
        note!(k, "no rule is that long: EINVAL");
        return fail(Errno::EINVAL);
    };
    verify_area(k, optval, length)?;
    Ok(memcpy_fromfs(k, optval, length, "ip_setsockopt"))
}

/// The options for group datagrams. How long the caller says a value is does not matter.
///
/// Kept: of an int only the first octet counts, so that 256 is a TTL of 0 (multicast/ttl_loop_values).
fn ip_setsockopt_multicast(k: &mut Kernel, sk: SockId, optname: i32, optval: u32) -> KResult<()> {
    let octet = (get_fs_long(k, optval) & 0xff) as u8;
    match optname {
        IP_MULTICAST_TTL => k.sock[sk].ip_mc_ttl = octet,
        IP_MULTICAST_LOOP if octet > 1 => return fail(Errno::EINVAL),
        IP_MULTICAST_LOOP => k.sock[sk].ip_mc_loop = octet == 1,
        IP_MULTICAST_IF => {
            let wanted = octets_at(&memcpy_fromfs(k, optval, 4, "ip_setsockopt"), 0);
            k.printk("the interface for group datagrams is set");
            if wanted.is_any() {
                note!(k, "0.0.0.0: no interface is chosen any more");
                k.sock[sk].ip_mc_name = None;
            } else {
                let dev = multicast_device(k, wanted).ok_or(Errno::EADDRNOTAVAIL)?;
                note!(k, "the interface is remembered by its name, and nobody who sends asks for it");
                k.sock[sk].ip_mc_name = Some(dev);
            }
        }
        _ => {
            verify_area(k, optval, SIZEOF_IP_MREQ)?;
            let mreq = memcpy_fromfs(k, optval, SIZEOF_IP_MREQ, "ip_setsockopt");
            let (group, interface) = (octets_at(&mreq, 0), octets_at(&mreq, 4));
            let dev = if interface.is_any() { device_of_group(k, group) } else { multicast_device(k, interface) };
            let dev = dev.ok_or(Errno::ENODEV)?;
            return if optname == IP_ADD_MEMBERSHIP {
                ip_mc_join_group(k, sk, dev, group)
            } else {
                ip_mc_leave_group(k, sk, dev, group)
            };
        }
    }
    Ok(())
}

/// The address that begins at an octet of a value.
fn octets_at(value: &[u8], start: usize) -> InAddr {
    let at = |index: usize| value.get(start + index).copied().unwrap_or(0);
    InAddr::from_octets([at(0), at(1), at(2), at(3)])
}

/// The first interface with an address that is up and takes group datagrams.
fn multicast_device(k: &Kernel, address: InAddr) -> Option<DevId> {
    let able = IFF_UP | IFF_MULTICAST;
    let found = k.dev.iter().position(|dev| dev.flags & able == able && dev.pa_addr == address)?;
    Some(DevId(found as u8))
}

/// The interface to which the route of a group leads; the look-up is not counted as a use of the route.
fn device_of_group(k: &mut Kernel, group: InAddr) -> Option<DevId> {
    let route = ip_rt_route(k, group, None)?;
    for used in k.rt_base.iter_mut().chain(&mut k.rt_loopback) {
        if (used.rt_dst, used.rt_mask) == (route.rt_dst, route.rt_mask) {
            used.rt_use = used.rt_use.wrapping_sub(1);
        }
    }
    Some(route.rt_dev)
}

/// Reads an option of the IP level.
///
/// net/inet/ip.c:ip_getsockopt. Errors: EOPNOTSUPP for another level, ENOPROTOOPT for an unknown option, EFAULT.
///
/// Kept: IP_MULTICAST_IF takes an address and gives back a name, without the zero octet at its end and however little room
/// the caller has said to have; the length is that of the name (multicast/multicast_if_values).
#[kfn("net/inet/ip.c", skip(optval, optlen))]
pub fn ip_getsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> {
    if level != SOL_IP {
        note!(k, "not an option of the IP level: EOPNOTSUPP");
        return fail(Errno::EOPNOTSUPP);
    }
    let sock = &k.sock[sk];
    let value = match optname {
        IP_TOS => u32::from(sock.ip_tos),
        IP_TTL => u32::from(sock.ip_ttl),
        IP_MULTICAST_TTL if k.config.ip_multicast => u32::from(sock.ip_mc_ttl),
        IP_MULTICAST_LOOP if k.config.ip_multicast => u32::from(sock.ip_mc_loop),
        IP_MULTICAST_IF if k.config.ip_multicast => {
            let name = sock.ip_mc_name.map_or(Vec::new(), |dev| k.device(dev).name.clone().into_bytes());
            let length = name.len() as u32;
            verify_area(k, optlen, 4)?;
            verify_area(k, optval, length)?;
            put_fs_long(k, length, optlen);
            memcpy_tofs(k, optval, &name, "ip_getsockopt");
            return Ok(());
        }
        _ => {
            note!(k, "an option IP does not know: ENOPROTOOPT");
            return fail(Errno::ENOPROTOOPT);
        }
    };
    verify_area(k, optlen, 4)?;
    verify_area(k, optval, 4)?;
    put_fs_long(k, 4, optlen);
    put_fs_long(k, value, optval);
    Ok(())
}
