//! Groups (net/inet/igmp.c, RFC 1112 appendix I), present with CONFIG_IP_MULTICAST: which we have joined, and how routers
//! learn of it.
//!
//! Three lists tell of groups: each socket's table of twenty places (`sock.ip_mc_list`, which a TCP child shares with its
//! listener), each device's list of groups, newest first (`Device::ip_mc_list`), and below it the device's list of hardware
//! addresses, one for 32 groups, from which the card's filter is set (room dev_mcast).
//!
//! `Kernel::multicast` never moves an entry, because a timer names it by its index: an entry without users is free.

use kfn::kfn;

use super::dev_mcast::{dev_mc_add, dev_mc_delete};
use super::ip::ip_compute_csum;
use super::ip_output::{IGMP_ALL_HOSTS, ip_build_header, ip_queue_xmit};
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::InAddr;
use crate::include::ip::{
    Delivery, IP_HEADER, IP_MAX_MEMBERSHIPS, IPPROTO_IGMP, IpMcList, IpMcSocklist, IpMcSocklistId,
};
use crate::include::netdevice::{ARPHRD_ETHER, DevId, ETH_ALEN, IFF_MULTICAST, MAX_ADDR_LEN};
use crate::include::seq::HZ;
use crate::include::skbuff::{FreeMode, Gfp};
use crate::include::sock::{BuildHeader, SockId};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::kmalloc::kmalloc;
use crate::kernel::timer::{add_timer, del_timer, init_timer};
use crate::{discard, note};

/// A router asks who is in which group.
const IGMP_HOST_MEMBERSHIP_QUERY: u8 = 0x11;
/// A host tells that it is in a group.
const IGMP_HOST_MEMBERSHIP_REPORT: u8 = 0x12;
/// A host leaves a group.
const IGMP_HOST_LEAVE_MESSAGE: u8 = 0x17;
/// sizeof(struct ip_mc_list) on i386: device, group, link, timer, whether it runs, users.
const SIZEOF_IP_MC_LIST: u32 = 40;
/// sizeof(struct ip_mc_socklist) on i386: twenty groups and twenty devices.
const SIZEOF_IP_MC_SOCKLIST: u32 = 160;
/// Octets of an IGMP message.
const IGMP_HEADER: usize = 8;
/// Octets reserved for a message with its headers: the message, the IP header, and 64 for whatever link header.
const MAX_IGMP_SIZE: u32 = IGMP_HEADER as u32 + IP_HEADER as u32 + 64;

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
/// net/inet/igmp.c:igmp_rcv, RFC 1112 appendix I. The sum goes over eight octets, however long the datagram is.
///
/// Kept: no counter moves, not even IpInDelivers, and neither the sender nor the group that a query names is looked at; our
/// own report, looped back, is heard on lo, where it stops nothing (multicast/igmp_ignored).
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
/// net/inet/igmp.c:igmp_heard_query. The newest group draws its number first (multicast/query_random_delays).
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
/// net/inet/igmp.c:igmp_heard_report. The timer is stopped whether it runs or not.
#[kfn("net/inet/igmp.c", rfc = "1112 p.11")]
fn igmp_heard_report(k: &mut Kernel, dev: DevId, address: InAddr) {
    if let Some(index) = find(k, dev, address) {
        igmp_stop_timer(k, index);
    }
}

/// Starts the timer of a report.
///
/// net/inet/igmp.c:igmp_start_timer. One seed serves all groups and devices; no number is drawn for a timer that runs
/// (multicast/query_while_running).
///
/// Kept: the random number is signed, so half of the delays lie in the past and fire with the next tick
/// (multicast/query_random_delays).
#[kfn("net/inet/igmp.c")]
fn igmp_start_timer(k: &mut Kernel, index: u32) {
    if k.multicast.get(index as usize).is_none_or(|group| group.tm_running) {
        return;
    }
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
/// net/inet/igmp.c:igmp_stop_timer. What was left of it stays in `expires`, where /proc/net/igmp shows it
/// (multicast/report_of_another_stops_timer).
#[kfn("net/inet/igmp.c")]
fn igmp_stop_timer(k: &mut Kernel, index: u32) {
    del_timer(k, TimerId::Igmp(index));
    if let Some(group) = k.multicast.get_mut(index as usize) {
        group.tm_running = false;
    }
}

/// Our report is due.
///
/// net/inet/igmp.c:igmp_timer_expire. We are in the group, so this report comes back to us over lo.
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
/// gateway's hardware address and no neighbour hears it (multicast/join_first_report_not_looped); where the route leads
/// over another interface, the frame leaves on the one that was asked for with the address of the other one as its source
/// (multicast/join_by_route_of_eth1).
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
        dev_mc_add(k, dev, address, false);
    }
}

/// Shuts the filter of an Ethernet card for a group.
///
/// net/inet/igmp.c:ip_mc_filter_del.
#[kfn("net/inet/igmp.c", rfc = "1112 p.9")]
fn ip_mc_filter_del(k: &mut Kernel, dev: DevId, addr: InAddr) {
    if let Some(address) = hardware_group(k, dev, addr) {
        dev_mc_delete(k, dev, address, false);
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
    del_timer(k, TimerId::Igmp(index));
    igmp_send_report(k, dev, addr, IGMP_HOST_LEAVE_MESSAGE);
    ip_mc_filter_del(k, dev, addr);
}

/// Memory for a group on an interface, with one user; it stands on no list yet.
fn new_group(k: &mut Kernel, dev: DevId, addr: InAddr) -> u32 {
    kmalloc(k, SIZEOF_IP_MC_LIST, Gfp::Kernel);
    let group = IpMcList { interface: dev, multiaddr: addr, users: 1, ..IpMcList::default() };
    let vacant = k.multicast.iter_mut().zip(0..).find(|(entry, _)| entry.users == 0 && entry.timer.queued.is_none());
    match vacant {
        Some((place, index)) => {
            *place = group;
            index
        }
        None => {
            k.multicast.push(group);
            k.multicast.len() as u32 - 1
        }
    }
}

/// One more socket is in a group; the first is reported at once.
///
/// net/inet/igmp.c:ip_mc_inc_group.
///
/// Kept: the group joins the list only after its report has left, so the first report of all is the only one that is not
/// looped back (multicast/join_first_report_not_looped).
#[kfn("net/inet/igmp.c")]
fn ip_mc_inc_group(k: &mut Kernel, dev: DevId, addr: InAddr) {
    if let Some(group) = find(k, dev, addr).and_then(|index| k.multicast.get_mut(index as usize)) {
        group.users = group.users.wrapping_add(1);
        return;
    }
    note!(k, "the first socket in this group: routers are told at once");
    let index = new_group(k, dev, addr);
    igmp_group_added(k, index);
    k.device_mut(dev).ip_mc_list.insert(0, index);
}

/// One socket less is in a group; with the last the group is left.
///
/// net/inet/igmp.c:ip_mc_dec_group.
///
/// Kept: the group leaves the list only after the message of its leaving, which therefore comes back over lo, where nobody
/// knows its type (multicast/join_twice_leave_looped).
#[kfn("net/inet/igmp.c")]
fn ip_mc_dec_group(k: &mut Kernel, dev: DevId, addr: InAddr) {
    let Some(index) = find(k, dev, addr) else { return };
    let Some(group) = k.multicast.get_mut(index as usize) else { return };
    group.users = group.users.saturating_sub(1);
    if group.users != 0 {
        return;
    }
    note!(k, "the last socket has left this group: routers are told");
    igmp_group_dropped(k, index);
    k.device_mut(dev).ip_mc_list.retain(|other| *other != index);
}

/// Puts an interface that goes up into the group of all hosts, which is never reported.
///
/// net/inet/igmp.c:ip_mc_allhost. Nothing is sent, ever; the card's filter opens for the group.
///
/// Kept: nobody leaves the groups of an interface that goes down, but the list for the card's filter is emptied then and
/// not filled again, neither for what sockets have joined nor for the group of all hosts, which is on the list of groups
/// still: after the next start their frames no longer come in (kept_frames/multicast_down).
#[kfn("net/inet/igmp.c", rfc = "1112 p.6")]
pub fn ip_mc_allhost(k: &mut Kernel, dev: DevId) {
    if is_member(k, dev, IGMP_ALL_HOSTS) {
        note!(k, "the group of all hosts was joined when the interface came up before: nothing is done");
        return;
    }
    let index = new_group(k, dev, IGMP_ALL_HOSTS);
    k.device_mut(dev).ip_mc_list.insert(0, index);
    ip_mc_filter_add(k, dev, IGMP_ALL_HOSTS);
}

/// The table of a socket's groups, made when it joins the first; None if the one it points to is gone.
fn table_of(k: &mut Kernel, sk: SockId) -> Option<IpMcSocklistId> {
    if let Some(table) = k.sock[sk].ip_mc_list {
        return k.mc_socklists.contains(table).then_some(table);
    }
    kmalloc(k, SIZEOF_IP_MC_SOCKLIST, Gfp::Kernel);
    let table = k.mc_socklists.insert(IpMcSocklist::default());
    k.sock[sk].ip_mc_list = Some(table);
    Some(table)
}

/// A socket joins a group on an interface.
///
/// net/inet/igmp.c:ip_mc_join_group. Errors: EINVAL, EADDRNOTAVAIL, EADDRINUSE, ENOBUFS.
///
/// Kept: the last free of the twenty places is taken, so that a socket fills its table from the end
/// (multicast/twenty_one_memberships, multicast/close_order_of_slots).
#[kfn("net/inet/igmp.c", rfc = "1112 p.6")]
pub fn ip_mc_join_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> {
    if !addr.is_multicast() {
        return fail(Errno::EINVAL);
    }
    if k.device(dev).flags & IFF_MULTICAST == 0 {
        note!(k, "this interface does not take groups: EADDRNOTAVAIL");
        return fail(Errno::EADDRNOTAVAIL);
    }
    let Some(table) = table_of(k, sk) else {
        k.oops("a group was written into a table of groups that a socket sharing it had freed");
        return fail(Errno::ENOBUFS);
    };
    let places = k.mc_socklists[table].places;
    if places.contains(&Some((addr, dev))) {
        note!(k, "the socket is in this group already: EADDRINUSE");
        return fail(Errno::EADDRINUSE);
    }
    let Some(free) = places.iter().rposition(Option::is_none) else {
        note!(k, "all twenty places of the socket are taken: ENOBUFS");
        return fail(Errno::ENOBUFS);
    };
    set_place(k, table, free, Some((addr, dev)));
    ip_mc_inc_group(k, dev, addr);
    Ok(())
}

/// Writes one place of a socket's table.
fn set_place(k: &mut Kernel, table: IpMcSocklistId, place: usize, membership: Option<(InAddr, DevId)>) {
    if let Some(place) = k.mc_socklists[table].places.get_mut(place) {
        *place = membership;
    }
}

/// A socket leaves a group on an interface.
///
/// net/inet/igmp.c:ip_mc_leave_group. Errors: EINVAL, EADDRNOTAVAIL.
///
/// Kept: of an interface that has lost IFF_MULTICAST no group can be left (multicast/leave_without_iff_multicast).
#[kfn("net/inet/igmp.c", rfc = "1112 p.7")]
pub fn ip_mc_leave_group(k: &mut Kernel, sk: SockId, dev: DevId, addr: InAddr) -> KResult<()> {
    if !addr.is_multicast() {
        return fail(Errno::EINVAL);
    }
    if k.device(dev).flags & IFF_MULTICAST == 0 {
        note!(k, "this interface does not take groups: EADDRNOTAVAIL");
        return fail(Errno::EADDRNOTAVAIL);
    }
    // A table that a socket sharing it has freed holds no group any more: its closing emptied it.
    let table = k.sock[sk].ip_mc_list.filter(|table| k.mc_socklists.contains(*table));
    let joined =
        |table: &IpMcSocklistId| k.mc_socklists[*table].places.iter().position(|place| *place == Some((addr, dev)));
    let Some((table, place)) = table.and_then(|table| Some((table, joined(&table)?))) else {
        note!(k, "the socket is not in this group: EADDRNOTAVAIL");
        return fail(Errno::EADDRNOTAVAIL);
    };
    set_place(k, table, place, None);
    ip_mc_dec_group(k, dev, addr);
    Ok(())
}

/// A socket closes: it leaves all its groups.
///
/// net/inet/igmp.c:ip_mc_drop_socket. Place by place from the first, that is, the group it joined last goes first.
///
/// Kept: a TCP child has the table of its listener, not one of its own, so a server that closes a connection leaves the
/// groups that its listener has joined (multicast/tcp_child_shares_memberships).
#[kfn("net/inet/igmp.c")]
pub fn ip_mc_drop_socket(k: &mut Kernel, sk: SockId) {
    let Some(table) = k.sock[sk].ip_mc_list else { return };
    if !k.mc_socklists.contains(table) {
        note!(k, "a socket that shared the table of groups has freed it: it is freed a second time");
        k.printk("kfree: this memory was free already");
        k.sock[sk].ip_mc_list = None;
        return;
    }
    for place in 0..IP_MAX_MEMBERSHIPS {
        let membership = k.mc_socklists[table].places.get(place).copied().flatten();
        if let Some((addr, dev)) = membership {
            ip_mc_dec_group(k, dev, addr);
            set_place(k, table, place, None);
        }
    }
    k.mc_socklists.remove(table);
    k.sock[sk].ip_mc_list = None;
}
