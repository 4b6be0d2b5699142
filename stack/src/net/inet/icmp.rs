//! ICMP (net/inet/icmp.c, RFC 792): the errors we send, and what we do with messages that come in.
//!
//! Nothing limits the rate, and no source address is refused.

use kfn::kfn;

use super::devinet::ip_chk_addr;
use super::ip::ip_compute_csum;
use super::ip_output::{ip_build_header, ip_queue_xmit};
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::icmp::{
    ICMP_DEST_UNREACH, ICMP_PARAMETERPROB, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IP_HEADER, IP_OFFSET, IPPROTO_ICMP, IpHdr, MAXTTL};
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::skbuff::{FreeMode, Gfp, PACKET_HOST, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::BuildHeader;
use crate::kernel::Kernel;
use crate::{discard, note};

pub use super::icmp_input::icmp_rcv;

/// Octets of an ICMP header.
pub(super) const ICMP_HEADER: usize = 8;
/// Octets of the offending datagram that an error quotes: a header without options and the first eight behind it.
const QUOTED: usize = IP_HEADER + 8;
/// Room that icmp_send asks for besides the link header.
const ROOM: u32 = 20 + 8 + 20 + 32;

/// Counter of outgoing messages of an error type.
fn out_counter(type_: u8) -> Option<Mib> {
    match type_ {
        ICMP_DEST_UNREACH => Some(Mib::IcmpOutDestUnreachs),
        ICMP_SOURCE_QUENCH => Some(Mib::IcmpOutSrcQuenchs),
        ICMP_REDIRECT => Some(Mib::IcmpOutRedirects),
        ICMP_TIME_EXCEEDED => Some(Mib::IcmpOutTimeExcds),
        ICMP_PARAMETERPROB => Some(Mib::IcmpOutParmProbs),
        _ => None,
    }
}

/// Tells the sender of a datagram what went wrong with it.
///
/// net/inet/icmp.c:icmp_send, RFC 792 and RFC 1122 section 3.2.2. `info` is the second word as it goes on the wire.
///
/// Kept: exactly 28 octets are quoted, options or not (ip/options); a later fragment and whatever was not sent to us
/// alone draw nothing; the counters move before anything can fail.
#[kfn("net/inet/icmp.c", rfc = "1122 p.38")]
pub fn icmp_send(k: &mut Kernel, skb_in: SkbId, type_: u8, code: u8, info: u32, dev: DevId) {
    let at = usize::from(k.device(dev).hard_header_len);
    let iph = IpHdr::read(&k.skb[skb_in], at);
    if !icmp_send_may(k, skb_in, at, &iph, type_) {
        return;
    }
    k.count(Mib::IcmpOutMsgs);
    if let Some(counter) = out_counter(type_) {
        k.count(counter);
    }
    let Some(skb) = alloc_skb(k, at as u32 + ROOM, Gfp::Atomic) else {
        k.count(Mib::IcmpOutErrors);
        return;
    };
    k.skb[skb].free = 1;
    let own = k.device(dev).pa_addr;
    let ours = iph.daddr != own && ip_chk_addr(k, iph.daddr) == AddressKind::MyAddr;
    let our_addr = if ours { iph.daddr } else { own };
    let Some((offset, ndev)) = icmp_header(k, skb, our_addr, iph.saddr, ROOM, iph.tos) else {
        k.count(Mib::IcmpOutErrors);
        discard!(k, skb, IpNoRoute);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    };
    let original = &k.skb[skb_in];
    let quoted: Vec<u8> = (at..at + QUOTED).map(|index| original.u8_at(index)).collect();
    let mut message = vec![type_, code, 0, 0];
    message.extend_from_slice(&info.to_be_bytes());
    message.extend_from_slice(&quoted);
    let buffer = &mut k.skb[skb];
    buffer.len = offset + message.len() as u32;
    buffer.put(offset as usize, &message);
    let check = ip_compute_csum(&message);
    buffer.put_u16(offset as usize + 2, check);
    note!(k, "the error quotes the header and eight bytes of the datagram that caused it");
    ip_queue_xmit(k, None, Some(ndev), skb, 1);
}

/// Whether an error may be sent about a datagram: not about broadcasts, later fragments, or other errors.
fn icmp_send_may(k: &mut Kernel, skb_in: SkbId, at: usize, iph: &IpHdr, type_: u8) -> bool {
    if k.skb[skb_in].pkt_type != PACKET_HOST {
        note!(k, "the frame was not addressed to us alone: no error is sent");
        return false;
    }
    if matches!(ip_chk_addr(k, iph.daddr), AddressKind::Broadcast | AddressKind::Multicast) {
        note!(k, "it was a broadcast: no error is sent");
        return false;
    }
    if iph.frag_off & IP_OFFSET != 0 {
        note!(k, "a later fragment: no error is sent");
        return false;
    }
    let is_error =
        |kind: u8| matches!(kind, ICMP_DEST_UNREACH | ICMP_REDIRECT | ICMP_SOURCE_QUENCH | ICMP_TIME_EXCEEDED);
    let inner = k.skb[skb_in].u8_at(at + iph.header_len());
    if is_error(type_) && iph.protocol == IPPROTO_ICMP && (is_error(inner) || inner == ICMP_PARAMETERPROB) {
        note!(k, "it was an ICMP error itself: no error about an error");
        return false;
    }
    true
}

/// Link and IP header of a message of ours; None if there is no route.
pub(super) fn icmp_header(
    k: &mut Kernel,
    skb: SkbId,
    saddr: InAddr,
    daddr: InAddr,
    len: u32,
    tos: u8,
) -> Option<(u32, DevId)> {
    let header = BuildHeader { skb, saddr, daddr, dev: None, type_: IPPROTO_ICMP, len, tos, ttl: MAXTTL };
    ip_build_header(k, header).ok()
}
