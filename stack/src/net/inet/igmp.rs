//! Groups (net/inet/igmp.c, RFC 1112 appendix I), present with CONFIG_IP_MULTICAST: which we have joined, and how routers
//! learn of it.
//!
//! `Kernel::multicast` never moves an entry, because a timer names it by its index: an entry without users is free.
//! A group has a hardware address too, one for 32 groups; joining adds it to the device's list, and the card's filter opens.

use kfn::kfn;

use super::dev_mcast::{dev_mc_add, dev_mc_delete};
use super::ip::ip_compute_csum;
use super::ip_output::{IGMP_ALL_HOSTS, ip_build_header, ip_queue_xmit};
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::InAddr;
use crate::include::ip::{Delivery, IPPROTO_IGMP, IpMcList};
use crate::include::netdevice::{ARPHRD_ETHER, DevId, ETH_ALEN, IFF_MULTICAST, MAX_ADDR_LEN};
use crate::include::seq::HZ;
use crate::include::skbuff::{FreeMode, Gfp};
use crate::include::sock::{BuildHeader, SockId};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::timer::{add_timer, del_timer, init_timer};
use crate::{discard, note};

/// A router asks who is in which group.
const IGMP_HOST_MEMBERSHIP_QUERY: u8 = 0x11;
/// A host tells that it is in a group.
const IGMP_HOST_MEMBERSHIP_REPORT: u8 = 0x12;
/// A host leaves a group.
const IGMP_HOST_LEAVE_MESSAGE: u8 = 0x17;
/// Octets of an IGMP message.
const IGMP_HEADER: usize = 8;
/// Octets icmp.c and igmp.c reserve for a message with its headers.
const MAX_IGMP_SIZE: u32 = 128;
/// Groups one socket may join.
const IP_MAX_MEMBERSHIPS: usize = 20;

/// Whether an interface has joined a group.
#[must_use]
pub fn is_member(k: &Kernel, dev: DevId, addr: InAddr) -> bool {
    find(k, dev, addr).is_some()
}

/// The entry of a group on an interface.
fn find(k: &Kernel, dev: DevId, addr: InAddr) -> Option<u32> {
    let of_group = |index: &u32| k.multicast.get(*index as usize).is_some_and(|group| group.multiaddr == addr);
    k.device(dev).ip_mc_list.iter().copied().find(of_group)
}

/// Takes an IGMP message: a query starts our timers, somebody else's report stops one.
///
/// net/inet/igmp.c:igmp_rcv, RFC 1112 appendix I.
#[kfn("net/inet/igmp.c", rfc = "1112 p.10")]
pub fn igmp_rcv(k: &mut Kernel, delivery: Delivery) {
    let Delivery { skb, dev, daddr, .. } = delivery;
    let buffer = &k.skb[skb];
    let at = buffer.h_raw;
    let ttl = buffer.u8_at(buffer.ip_hdr + 8);
    let message: Vec<u8> = (at..at + IGMP_HEADER).map(|index| buffer.u8_at(index)).collect();
    let (type_, group) = (buffer.u8_at(at), InAddr(buffer.u32_at(at + 4)));
    if ttl != 1 || ip_compute_csum(&message) != 0 {
        discard!(k, skb, IgmpBadMessage);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    if type_ == IGMP_HOST_MEMBERSHIP_QUERY && daddr == IGMP_ALL_HOSTS {
        igmp_heard_query(k, dev);
    }
    if type_ == IGMP_HOST_MEMBERSHIP_REPORT && daddr == group {
        igmp_heard_report(k, dev, group);
    }
    discard!(k, skb, IgmpConsumed);
    kfree_skb(k, skb, FreeMode::Read);
}

/// A router asks: every group's report is due at a random time within ten seconds.
///
/// net/inet/igmp.c:igmp_heard_query.
#[kfn("net/inet/igmp.c", rfc = "1112 p.11")]
fn igmp_heard_query(k: &mut Kernel, dev: DevId) {
    for index in k.device(dev).ip_mc_list.clone() {
        let Some(group) = k.multicast.get(index as usize) else { continue };
        if !group.tm_running && group.multiaddr != IGMP_ALL_HOSTS {
            igmp_start_timer(k, index);
        }
    }
}

/// Another member has reported already: ours is not needed.
///
/// net/inet/igmp.c:igmp_heard_report.
#[kfn("net/inet/igmp.c", rfc = "1112 p.11")]
fn igmp_heard_report(k: &mut Kernel, dev: DevId, address: InAddr) {
    if address == IGMP_ALL_HOSTS {
        return;
    }
    if let Some(index) = find(k, dev, address) {
        igmp_stop_timer(k, index);
    }
}

/// Starts the timer of a report.
///
/// net/inet/igmp.c:igmp_start_timer.
///
/// Kept: the random number is signed, so half of the delays lie in the past and fire with the next tick (kept_frames/igmp_query).
#[kfn("net/inet/igmp.c")]
fn igmp_start_timer(k: &mut Kernel, index: u32) {
    k.igmp_seed = k.igmp_seed.wrapping_mul(69069).wrapping_add(1);
    let random = (k.igmp_seed ^ k.jiffies.0) as i32;
    let delay = random % (10 * HZ as i32);
    let Some(group) = k.multicast.get_mut(index as usize) else { return };
    group.tm_running = true;
    group.timer.expires = delay as u32;
    add_timer(k, TimerId::Igmp(index));
}

/// Stops the timer of a report.
///
/// net/inet/igmp.c:igmp_stop_timer.
#[kfn("net/inet/igmp.c")]
fn igmp_stop_timer(k: &mut Kernel, index: u32) {
    del_timer(k, TimerId::Igmp(index));
    if let Some(group) = k.multicast.get_mut(index as usize) {
        group.tm_running = false;
    }
}

/// Our report is due.
///
/// net/inet/igmp.c:igmp_timer_expire.
#[kfn("net/inet/igmp.c", rfc = "1112 p.11")]
fn igmp_timer_expire(k: &mut Kernel, timer: TimerId) {
    let TimerId::Igmp(index) = timer else { return };
    igmp_stop_timer(k, index);
    let Some(group) = k.multicast.get(index as usize) else { return };
    let (dev, address) = (group.interface, group.multiaddr);
    igmp_send_report(k, dev, address, IGMP_HOST_MEMBERSHIP_REPORT);
}

/// Sends a report, or the message of a leave, to the group itself with TTL 1.
///
/// net/inet/igmp.c:igmp_send_report. TOS 0.
///
/// Kept: it takes the route like any datagram, so where only the default route leads to the group, the frame goes to the
/// gateway's hardware address and no neighbour hears it (kept_frames/igmp_report).
#[kfn("net/inet/igmp.c", rfc = "1112 p.12")]
fn igmp_send_report(k: &mut Kernel, dev: DevId, address: InAddr, type_: u8) {
    let Some(skb) = alloc_skb(k, MAX_IGMP_SIZE, Gfp::Atomic) else { return };
    let len = k.skb[skb].mem_len;
    let dev = Some(dev);
    let header = BuildHeader { skb, saddr: InAddr::ANY, daddr: address, dev, type_: IPPROTO_IGMP, len, tos: 0, ttl: 1 };
    let Ok((offset, dev)) = ip_build_header(k, header) else {
        discard!(k, skb, IpNoRoute);
        kfree_skb(k, skb, FreeMode::Write);
        return;
    };
    let mut message = vec![type_, 0, 0, 0];
    message.extend_from_slice(&address.octets());
    let check = ip_compute_csum(&message);
    let buffer = &mut k.skb[skb];
    buffer.len = offset + IGMP_HEADER as u32;
    buffer.put(offset as usize, &message);
    buffer.put_u16(offset as usize + 2, check);
    ip_queue_xmit(k, None, Some(dev), skb, 1);
}

/// Makes the timer of a group's reports ready; it does not run yet.
///
/// net/inet/igmp.c:igmp_init_timer.
#[kfn("net/inet/igmp.c")]
fn igmp_init_timer(k: &mut Kernel, index: u32) {
    let function = TimerFunction { name: "igmp_timer_expire", call: igmp_timer_expire };
    init_timer(k, TimerId::Igmp(index), function);
}

/// The hardware address of a group: 01:00:5e and the low 23 bits (net/inet/igmp.c:ip_mc_map, RFC 1112 section 6.4).
#[must_use]
pub fn ip_mc_map(addr: InAddr) -> [u8; ETH_ALEN] {
    let [_, high, middle, low] = addr.octets();
    [0x01, 0x00, 0x5e, high & 0x7f, middle, low]
}

/// The same with the room that a device has for an address; None where groups have no hardware address.
fn hardware_group(k: &Kernel, dev: DevId, addr: InAddr) -> Option<[u8; MAX_ADDR_LEN]> {
    let mut address = [0; MAX_ADDR_LEN];
    address[..ETH_ALEN].copy_from_slice(&ip_mc_map(addr));
    (k.device(dev).type_ == ARPHRD_ETHER).then_some(address)
}

/// Opens the filter of an Ethernet card for a group.
///
/// net/inet/igmp.c:ip_mc_filter_add.
#[kfn("net/inet/igmp.c", rfc = "1112 p.9")]
fn ip_mc_filter_add(k: &mut Kernel, dev: DevId, addr: InAddr) {
    if let Some(address) = hardware_group(k, dev, addr) {
        dev_mc_add(k, dev, address);
    }
}

/// Shuts the filter of an Ethernet card for a group.
///
/// net/inet/igmp.c:ip_mc_filter_del.
#[kfn("net/inet/igmp.c", rfc = "1112 p.9")]
fn ip_mc_filter_del(k: &mut Kernel, dev: DevId, addr: InAddr) {
    if let Some(address) = hardware_group(k, dev, addr) {
        dev_mc_delete(k, dev, address);
    }
}

/// A group is new on an interface: routers are told, and the card's filter opens.
///
/// net/inet/igmp.c:igmp_group_added.
#[kfn("net/inet/igmp.c", rfc = "1112 p.10")]
fn igmp_group_added(k: &mut Kernel, index: u32) {
    let Some(group) = k.multicast.get(index as usize) else { return };
    let (dev, addr) = (group.interface, group.multiaddr);
    igmp_init_timer(k, index);
    igmp_send_report(k, dev, addr, IGMP_HOST_MEMBERSHIP_REPORT);
    ip_mc_filter_add(k, dev, addr);
}

/// Nobody is in a group any more: routers are told, and the card's filter shuts.
///
/// net/inet/igmp.c:igmp_group_dropped. RFC 1112 knows no message of leaving.
#[kfn("net/inet/igmp.c")]
fn igmp_group_dropped(k: &mut Kernel, index: u32) {
    let Some(group) = k.multicast.get(index as usize) else { return };
    let (dev, addr) = (group.interface, group.multiaddr);
    igmp_stop_timer(k, index);
    igmp_send_report(k, dev, addr, IGMP_HOST_LEAVE_MESSAGE);
    ip_mc_filter_del(k, dev, addr);
}

/// Makes room for a group on an interface.
fn enter(k: &mut Kernel, dev: DevId, addr: InAddr) -> u32 {
    let group = IpMcList { interface: dev, multiaddr: addr, users: 1, ..IpMcList::default() };
    let index = match k.multicast.iter().position(|entry| entry.users == 0) {
        Some(index) => {
            if let Some(place) = k.multicast.get_mut(index) {
                *place = group;
            }
            index
        }
        None => {
            k.multicast.push(group);
            k.multicast.len() - 1
        }
    };
    k.device_mut(dev).ip_mc_list.insert(0, index as u32);
    index as u32
}

/// One more socket is in a group; the first is reported at once.
///
/// net/inet/igmp.c:ip_mc_inc_group.
#[kfn("net/inet/igmp.c")]
fn ip_mc_inc_group(k: &mut Kernel, dev: DevId, addr: InAddr) {
    if let Some(group) = find(k, dev, addr).and_then(|index| k.multicast.get_mut(index as usize)) {
        group.users = group.users.wrapping_add(1);
        return;
    }
    note!(k, "the first socket in this group: routers are told at once");
    let index = enter(k, dev, addr);
    igmp_group_added(k, index);
}

/// One socket less is in a group; with the last the group is left.
///
/// net/inet/igmp.c:ip_mc_dec_group.
#[kfn("net/inet/igmp.c")]
fn ip_mc_dec_group(k: &mut Kernel, dev: DevId, addr: InAddr) {
    let Some(index) = find(k, dev, addr) else { return };
    let Some(group) = k.multicast.get_mut(index as usize) else { return };
    group.users = group.users.saturating_sub(1);
    if group.users != 0 {
        return;
    }
    note!(k, "the last socket has left this group: routers are told");
    k.device_mut(dev).ip_mc_list.retain(|other| *other != index);
    igmp_group_dropped(k, index);
}

/// Puts an interface that goes up into the group of all hosts, which is never reported.
///
/// net/inet/igmp.c:ip_mc_allhost. Nothing is sent. That the card's filter opens for the group too is a choice: RFC 1112
/// wants it heard.
///
/// Kept: nobody leaves the groups of an interface that goes down, but the list for the card's filter is emptied then and
/// not filled again for what sockets have joined: after the next start their frames no longer come in
/// (kept_frames/multicast_down).
#[kfn("net/inet/igmp.c", rfc = "1112 p.6")]
pub fn ip_mc_allhost(k: &mut Kernel, dev: DevId) {
    if k.config.ip_multicast && !is_member(k, dev, IGMP_ALL_HOSTS) {
        let index = enter(k, dev, IGMP_ALL_HOSTS);
        igmp_init_timer(k, index);
        ip_mc_filter_add(k, dev, IGMP_ALL_HOSTS);
    }
}

/// A socket joins a group on an interface.
///
/// net/inet/igmp.c:ip_mc_join_group. Errors: EINVAL, EADDRNOTAVAIL, EADDRINUSE, ENOBUFS.
#[kfn("net/inet/igmp.c", rfc = "1112 p.6")]
pub fn ip_mc_join_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> {
    if !addr.is_multicast() {
        return fail(Errno::EINVAL);
    }
    if k.device(dev).flags & IFF_MULTICAST == 0 {
        return fail(Errno::EADDRNOTAVAIL);
    }
    let joined = &k.sock[sk].ip_mc_list;
    if joined.contains(&(addr, dev)) {
        return fail(Errno::EADDRINUSE);
    }
    if joined.len() >= IP_MAX_MEMBERSHIPS {
        return fail(Errno::ENOBUFS);
    }
    k.sock[sk].ip_mc_list.push((addr, dev));
    ip_mc_inc_group(k, dev, addr);
    Ok(())
}

/// A socket leaves a group on an interface.
///
/// net/inet/igmp.c:ip_mc_leave_group. Errors: EINVAL, EADDRNOTAVAIL.
#[kfn("net/inet/igmp.c", rfc = "1112 p.7")]
pub fn ip_mc_leave_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> {
    if !addr.is_multicast() {
        return fail(Errno::EINVAL);
    }
    let joined = &mut k.sock[sk].ip_mc_list;
    let Some(place) = joined.iter().position(|known| *known == (addr, dev)) else {
        return fail(Errno::EADDRNOTAVAIL);
    };
    joined.remove(place);
    ip_mc_dec_group(k, dev, addr);
    Ok(())
}

/// A socket closes: it leaves all its groups.
///
/// net/inet/igmp.c:ip_mc_drop_socket.
#[kfn("net/inet/igmp.c")]
pub fn ip_mc_drop_socket(k: &mut Kernel, sk: SockId) {
    for (addr, dev) in std::mem::take(&mut k.sock[sk].ip_mc_list) {
        ip_mc_dec_group(k, dev, addr);
    }
}
