//! IP input (net/inet/ip.c: ip_rcv): is the datagram good, is it ours, is it whole, and who wants it.

use kfn::kfn;

use super::af_inet::get_sock_raw;
use super::devinet::ip_chk_addr;
use super::icmp::icmp_send;
use super::igmp::is_member;
use super::ip::ip_fast_csum;
use super::ip_forward::ip_forward;
use super::ip_frag::ip_defrag;
use super::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_acct_cnt, ip_fw_chk};
use super::ip_options::do_options;
use super::ip_output::IGMP_ALL_HOSTS;
use super::raw::raw_rcv;
use super::skbuff::{kfree_skb, skb_clone};
use crate::include::icmp::{ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, ICMP_PROT_UNREACH};
use crate::include::ip::{Delivery, IP_HEADER, IP_MF, IP_OFFSET, IpHdr, MAX_INET_PROTOS};
use crate::include::netdevice::{AddressKind, DevId, IFF_LOOPBACK, PacketType};
use crate::include::skbuff::{FreeMode, Gfp, PACKET_HOST, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{ProtoId, SockId};
use crate::kernel::Kernel;
use crate::{discard, note};

/// Mark of a fragment that is not the last.
const MORE_FRAGMENTS: u8 = 1;
/// Mark of a fragment that is not the first.
const LATER_FRAGMENT: u8 = 2;

/// Takes a datagram from the link: checks, forwards or keeps, glues fragments, hands it up.
///
/// net/inet/ip.c:ip_rcv, RFC 791 and RFC 1122 section 3.2.
///
/// Kept: the TTL does not matter for a datagram that is ours; link padding is only cut off after the checks; a length
/// smaller than the header makes the payload's length wrap; unknown protocols draw an ICMP error, but no counter moves
/// (ip/unknown_proto).
#[kfn("net/inet/ip.c", rfc = "791 p.11")]
pub fn ip_rcv(k: &mut Kernel, skb: SkbId, dev: DevId, _pt: &PacketType) {
    k.count(Mib::IpInReceives);
    let at = k.skb[skb].h_raw;
    k.skb[skb].ip_hdr = at;
    let iph = IpHdr::read(&k.skb[skb], at);
    if !ip_rcv_header_is_good(k, skb, &iph) {
        k.count(Mib::IpInHdrErrors);
        discard!(k, skb, IpBadHeader);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    if k.config.ip_firewall && !ip_rcv_firewall(k, skb, dev, at) {
        return;
    }
    note!(k, "the header is good; padding of the link behind the datagram is cut off");
    k.skb[skb].len = u32::from(iph.tot_len);
    let opt = iph.ihl != 5;
    if opt && do_options(k, skb) {
        return;
    }
    let more = if iph.frag_off & IP_MF != 0 { MORE_FRAGMENTS } else { 0 };
    let later = if iph.frag_off & IP_OFFSET != 0 { LATER_FRAGMENT } else { 0 };
    let is_frag = more | later;
    let pa_addr = k.device(dev).pa_addr;
    let brd = if iph.daddr == pa_addr { AddressKind::MyAddr } else { ip_chk_addr(k, iph.daddr) };
    if brd == AddressKind::Other {
        ip_rcv_not_ours(k, skb, dev, is_frag);
        return;
    }
    if !ip_rcv_group_is_joined(k, dev, &iph, brd) {
        discard!(k, skb, IpMulticastNotJoined);
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    if k.config.ip_acct {
        let packet = IpFwPkt::of_buffer(k, skb, at, dev);
        ip_acct_cnt(k, packet);
    }
    let mut whole = skb;
    if is_frag != 0 {
        note!(k, "a fragment: it waits until its datagram is complete");
        let Some(complete) = ip_defrag(k, skb, dev) else { return };
        whole = complete;
        k.skb[whole].dev = Some(dev);
    }
    ip_rcv_deliver(k, whole, dev, brd, opt);
}

/// The tests a header must pass: length, version, announced length, checksum.
fn ip_rcv_header_is_good(k: &Kernel, skb: SkbId, iph: &IpHdr) -> bool {
    let buffer = &k.skb[skb];
    let header_len = iph.header_len();
    let header = buffer.bytes_at(buffer.h_raw, header_len);
    buffer.len >= IP_HEADER as u32
        && iph.ihl >= 5
        && iph.version == 4
        && buffer.len >= u32::from(iph.tot_len)
        && header.len() == header_len
        && ip_fast_csum(header) == 0
}

/// Asks the firewall; false if the datagram is gone.
fn ip_rcv_firewall(k: &mut Kernel, skb: SkbId, dev: DevId, at: usize) -> bool {
    let packet = IpFwPkt::of_buffer(k, skb, at, dev);
    let verdict = ip_fw_chk(k, packet, FirewallChain::Block, FirewallUse::Decide);
    if verdict == 1 {
        return true;
    }
    if verdict == -1 {
        note!(k, "the firewall refuses the datagram and says so");
        icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, dev);
    }
    discard!(k, skb, IpFirewall);
    kfree_skb(k, skb, FreeMode::Write);
    false
}

/// A datagram for somebody else: forwarded if this machine is a router, dropped otherwise.
fn ip_rcv_not_ours(k: &mut Kernel, skb: SkbId, dev: DevId, is_frag: u8) {
    if k.skb[skb].pkt_type != PACKET_HOST {
        discard!(k, skb, IpNotForUsLink);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    if k.config.ip_forward {
        note!(k, "not our address: the datagram goes the way of a router");
        ip_forward(k, skb, dev, is_frag);
    } else {
        k.count(Mib::IpInAddrErrors);
        discard!(k, skb, IpNotForUs);
    }
    kfree_skb(k, skb, FreeMode::Read);
}

/// Whether a group datagram is for a group that this interface has joined; true for everything else.
///
/// Kept: another interface's membership does not count, and on lo every group is taken (multicast/receive_not_member).
fn ip_rcv_group_is_joined(k: &Kernel, dev: DevId, iph: &IpHdr, brd: AddressKind) -> bool {
    let foreign_group = k.config.ip_multicast
        && brd == AddressKind::Multicast
        && iph.daddr != IGMP_ALL_HOSTS
        && k.device(dev).flags & IFF_LOOPBACK == 0;
    !foreign_group || is_member(k, dev, iph.daddr)
}

/// Hands a whole datagram to the raw sockets and to the protocols that want it.
fn ip_rcv_deliver(k: &mut Kernel, skb: SkbId, dev: DevId, brd: AddressKind, opt: bool) {
    let at = k.skb[skb].ip_hdr;
    let iph = IpHdr::read(&k.skb[skb], at);
    k.skb[skb].h_raw = at + iph.header_len();
    let raw_sk = ip_rcv_raw(k, skb, dev, &iph);
    let bucket = usize::from(iph.protocol) & (MAX_INET_PROTOS - 1);
    let mut taken = false;
    for index in 0..k.inet_protos.get(bucket).map_or(0, Vec::len) {
        let prot = k.inet_protos.get(bucket).and_then(|chain| chain.get(index)).copied();
        let Some(prot) = prot.filter(|prot| prot.protocol == iph.protocol) else { continue };
        let mut given = skb;
        if prot.copy || raw_sk.is_some() {
            let Some(copy) = skb_clone(k, skb, Gfp::Atomic) else { continue };
            given = copy;
        }
        taken = true;
        let len = iph.tot_len.wrapping_sub(iph.header_len() as u16);
        let delivery = Delivery { skb: given, dev, opt, daddr: iph.daddr, len, saddr: iph.saddr, redo: false };
        (prot.handler)(k, delivery);
    }
    if let Some(raw_sk) = raw_sk {
        note!(k, "the oldest raw socket of this protocol gets the datagram itself");
        raw_rcv(k, raw_sk, skb, dev, iph.saddr, iph.daddr);
        return;
    }
    if !taken {
        if !matches!(brd, AddressKind::Broadcast | AddressKind::Multicast) {
            note!(k, "nobody wants this protocol: the sender is told");
            icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0, dev);
        }
        discard!(k, skb, IpNoProtocol);
        kfree_skb(k, skb, FreeMode::Read);
    }
}

/// Gives copies to all raw sockets that match but the last, which is returned.
fn ip_rcv_raw(k: &mut Kernel, skb: SkbId, dev: DevId, iph: &IpHdr) -> Option<SockId> {
    let (num, slot) = (u16::from(iph.protocol), usize::from(iph.protocol));
    let head = k.proto(ProtoId::Raw).sock_array.get(slot).copied().flatten()?;
    let mut raw_sk = get_sock_raw(k, Some(head), num, iph.saddr, iph.daddr)?;
    loop {
        let next = k.sock[raw_sk].next;
        let next = next.and_then(|next| get_sock_raw(k, Some(next), num, iph.saddr, iph.daddr));
        let Some(next) = next else { return Some(raw_sk) };
        if let Some(copy) = skb_clone(k, skb, Gfp::Atomic) {
            note!(k, "a raw socket gets a copy of the datagram");
            raw_rcv(k, raw_sk, copy, dev, iph.saddr, iph.daddr);
        }
        raw_sk = next;
    }
}
