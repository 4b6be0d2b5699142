//! ICMP messages that come in (net/inet/icmp.c: icmp_rcv and its handlers).

use kfn::kfn;

use super::devinet::ip_chk_addr;
use super::icmp::{ICMP_HEADER, icmp_header};
use super::ip::ip_compute_csum;
use super::ip_output::ip_queue_xmit;
use super::route::{ip_rt_add, ip_rt_route};
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::icmp::{
    ICMP_ADDRESS, ICMP_ADDRESSREPLY, ICMP_DEST_UNREACH, ICMP_ECHO, ICMP_ECHOREPLY, ICMP_INFO_REPLY, ICMP_INFO_REQUEST,
    ICMP_REDIR_HOST, ICMP_REDIR_NET, ICMP_REDIRECT, ICMP_SOURCE_QUENCH, ICMP_TIME_EXCEEDED, ICMP_TIMESTAMP,
    ICMP_TIMESTAMPREPLY,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{Delivery, IpHdr, MAX_INET_PROTOS};
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::route::{RTF_DYNAMIC, RTF_GATEWAY, RTF_HOST, RTF_MODIFIED};
use crate::include::skbuff::{FreeMode, Gfp, SkbId};
use crate::include::snmp::Mib;
use crate::kernel::Kernel;
use crate::{discard, note};

/// Room that the answers ask for besides link header and message.
const ROOM: u32 = 64;
/// Octets of a timestamp message.
const TIMESTAMP_LENGTH: u16 = 20;
/// Microseconds of a day.
const DAY: u64 = 86_400_000_000;

/// Takes an ICMP message: checks it and hands it to the handler of its type.
///
/// net/inet/icmp.c:icmp_rcv, RFC 792 and RFC 1122 section 3.2.2.
///
/// Kept: pings to broadcast and group addresses are answered (icmp/echo_src); a length that wrapped is counted as a bad
/// checksum; parameter problems count as errors and nothing more.
#[kfn("net/inet/icmp.c", rfc = "792")]
pub fn icmp_rcv(k: &mut Kernel, delivery: Delivery) {
    let Delivery { skb, dev, len, .. } = delivery;
    k.count(Mib::IcmpInMsgs);
    let at = k.skb[skb].h_raw;
    let message = k.skb[skb].bytes_at(at, usize::from(len));
    if message.len() < usize::from(len) || ip_compute_csum(message) != 0 {
        k.count(Mib::IcmpInErrors);
        k.printk("ICMP: failed checksum");
        discard!(k, skb, IcmpBadChecksum);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    let type_ = k.skb[skb].u8_at(at);
    let mut delivery = delivery;
    if ip_chk_addr(k, delivery.daddr) != AddressKind::MyAddr {
        if type_ != ICMP_ECHO {
            k.count(Mib::IcmpInErrors);
            discard!(k, skb, IcmpNotForUs);
            kfree_skb(k, skb, FreeMode::Read);
            return;
        }
        note!(k, "a ping to everybody: it is answered, from the address of the receiving interface");
        delivery.daddr = k.device(dev).pa_addr;
    }
    icmp_rcv_dispatch(k, type_, delivery);
}

/// The handler of a type.
fn icmp_rcv_dispatch(k: &mut Kernel, type_: u8, delivery: Delivery) {
    let skb = delivery.skb;
    let counter = match type_ {
        ICMP_TIME_EXCEEDED => Some(Mib::IcmpInTimeExcds),
        ICMP_DEST_UNREACH => Some(Mib::IcmpInDestUnreachs),
        ICMP_SOURCE_QUENCH => Some(Mib::IcmpInSrcQuenchs),
        ICMP_REDIRECT => Some(Mib::IcmpInRedirects),
        ICMP_ECHO => Some(Mib::IcmpInEchos),
        ICMP_ECHOREPLY => Some(Mib::IcmpInEchoReps),
        ICMP_TIMESTAMP => Some(Mib::IcmpInTimestamps),
        ICMP_TIMESTAMPREPLY => Some(Mib::IcmpInTimestampReps),
        ICMP_ADDRESS => Some(Mib::IcmpInAddrMasks),
        ICMP_ADDRESSREPLY => Some(Mib::IcmpInAddrMaskReps),
        ICMP_INFO_REQUEST | ICMP_INFO_REPLY => None,
        _ => {
            k.count(Mib::IcmpInErrors);
            discard!(k, skb, IcmpUnknownType);
            kfree_skb(k, skb, FreeMode::Read);
            return;
        }
    };
    if let Some(counter) = counter {
        k.count(counter);
    }
    match type_ {
        ICMP_TIME_EXCEEDED | ICMP_DEST_UNREACH | ICMP_SOURCE_QUENCH => icmp_unreach(k, skb),
        ICMP_REDIRECT => icmp_redirect(k, skb, delivery.dev, delivery.saddr),
        ICMP_ECHO => icmp_echo(k, delivery),
        ICMP_TIMESTAMP => icmp_timestamp(k, delivery),
        ICMP_ADDRESS => icmp_address(k, delivery),
        ICMP_INFO_REQUEST => icmp_info(k, skb),
        _ => {
            note!(k, "an answer: only a raw socket hears of it");
            consume(k, skb);
        }
    }
}

/// The message has done its work.
fn consume(k: &mut Kernel, skb: SkbId) {
    discard!(k, skb, IcmpConsumed);
    kfree_skb(k, skb, FreeMode::Read);
}

/// An error about a datagram of ours: tells the protocol that sent it.
///
/// net/inet/icmp.c:icmp_unreach. Length, checksum and identification of the quoted header are not looked at; octets that
/// were not quoted read as zero.
///
/// Kept: on a connection that stands, network and host unreachable are trouble that may pass and are not reported,
/// while port and protocol unreachable are reported once and change nothing else (data/icmp_established).
///
/// Kept: a router's wish for smaller datagrams changes nothing, because the discovery of path MTUs (RFC 1191) came
/// later; all datagrams leave with DF clear (kept/path_mtu).
#[kfn("net/inet/icmp.c", rfc = "1122 p.39")]
pub fn icmp_unreach(k: &mut Kernel, skb: SkbId) {
    let at = k.skb[skb].h_raw;
    let (type_, code) = (k.skb[skb].u8_at(at), k.skb[skb].u8_at(at + 1));
    let err = u16::from(type_) << 8 | u16::from(code);
    let header = at + ICMP_HEADER;
    let quoted = IpHdr::read(&k.skb[skb], header);
    match code & 7 {
        2 => k.printk("ICMP: protocol unreachable"),
        4 => k.printk("ICMP: fragmentation needed"),
        5 => k.printk("ICMP: source route failed"),
        _ => {}
    }
    let bucket = usize::from(quoted.protocol) & (MAX_INET_PROTOS - 1);
    let chain = k.inet_protos.get(bucket).cloned().unwrap_or_default();
    for prot in chain.iter().filter(|prot| prot.protocol == quoted.protocol) {
        if let Some(err_handler) = prot.err_handler {
            note!(k, "the protocol that sent the quoted datagram is told");
            err_handler(k, err, skb, header, quoted.daddr, quoted.saddr);
        }
    }
    consume(k, skb);
}

/// Adds a host route through a better gateway, if the gateway in use is who tells of it.
///
/// net/inet/icmp.c:icmp_redirect, RFC 1122 section 3.2.2.2.
///
/// Kept: a redirect for a network becomes a host route too (icmp/redirect).
#[kfn("net/inet/icmp.c", rfc = "1122 p.39")]
pub fn icmp_redirect(k: &mut Kernel, skb: SkbId, dev: DevId, source: InAddr) {
    let at = k.skb[skb].h_raw;
    let code = k.skb[skb].u8_at(at + 1);
    let gateway = InAddr(k.skb[skb].u32_at(at + 4));
    let target = IpHdr::read(&k.skb[skb], at + ICMP_HEADER).daddr;
    match code & 7 {
        ICMP_REDIR_NET | ICMP_REDIR_HOST => {
            let route = ip_rt_route(k, target, None);
            let trusted = route.is_some_and(|route| route.rt_gateway == source);
            if trusted && ip_chk_addr(k, gateway) == AddressKind::Other {
                note!(k, "our gateway names a better one: a route for this one host is added");
                k.printk("ICMP: redirect from our gateway accepted");
                let flags = RTF_DYNAMIC | RTF_MODIFIED | RTF_HOST | RTF_GATEWAY;
                ip_rt_add(k, flags, target, InAddr::ANY, gateway, dev, 0, 0);
            } else {
                note!(k, "it does not come from the gateway in use, or the new one cannot be one: ignored");
            }
        }
        2 | 3 => k.printk("ICMP: cannot handle type of service redirects"),
        _ => note!(k, "a redirect of no known kind: ignored"),
    }
    consume(k, skb);
}

/// Sends an answer: headers, message, checksum. False if there is no route to the asker.
fn answer(k: &mut Kernel, delivery: Delivery, message: &[u8], room: u32) -> bool {
    let Delivery { skb, dev, daddr, saddr, len, .. } = delivery;
    let size = u32::from(k.device(dev).hard_header_len) + room;
    let Some(skb2) = alloc_skb(k, size, Gfp::Atomic) else {
        k.count(Mib::IcmpOutErrors);
        return false;
    };
    k.skb[skb2].free = 1;
    let tos = k.skb[skb].u8_at(k.skb[skb].ip_hdr + 1);
    let Some((offset, ndev)) = icmp_header(k, skb2, daddr, saddr, u32::from(len), tos) else {
        k.count(Mib::IcmpOutErrors);
        k.printk("ICMP: could not build an IP header for the answer");
        discard!(k, skb2, IpNoRoute);
        kfree_skb(k, skb2, FreeMode::Write);
        return false;
    };
    let check = ip_compute_csum(message);
    let buffer = &mut k.skb[skb2];
    buffer.len = offset + message.len() as u32;
    buffer.put(offset as usize, message);
    buffer.put_u16(offset as usize + 2, check);
    ip_queue_xmit(k, None, Some(ndev), skb2, 1);
    true
}

/// The message as it came, with another type, code 0 and no checksum.
fn reply_of(k: &Kernel, skb: SkbId, length: usize, type_: u8) -> Vec<u8> {
    let buffer = &k.skb[skb];
    let mut message: Vec<u8> = (buffer.h_raw..buffer.h_raw + length).map(|index| buffer.u8_at(index)).collect();
    for (octet, value) in message.iter_mut().zip([type_, 0, 0, 0]) {
        *octet = value;
    }
    message
}

/// A ping: the same bytes go back.
///
/// net/inet/icmp.c:icmp_echo, RFC 792. The answer has TTL 255 and the type of service of the request, and no options.
#[kfn("net/inet/icmp.c", rfc = "1122 p.42")]
pub fn icmp_echo(k: &mut Kernel, delivery: Delivery) {
    k.count(Mib::IcmpOutEchoReps);
    k.count(Mib::IcmpOutMsgs);
    let message = reply_of(k, delivery.skb, usize::from(delivery.len), ICMP_ECHOREPLY);
    answer(k, delivery, &message, ROOM + u32::from(delivery.len));
    consume(k, delivery.skb);
}

/// A request for our clock: milliseconds since midnight, twice.
///
/// net/inet/icmp.c:icmp_timestamp, RFC 792.
///
/// Kept: the answer is not counted in IcmpOutMsgs; a request shorter than 12 octets is not even freed
/// (icmp/other_types).
#[kfn("net/inet/icmp.c", rfc = "1122 p.43")]
pub fn icmp_timestamp(k: &mut Kernel, delivery: Delivery) {
    let Delivery { skb, len, .. } = delivery;
    if len != TIMESTAMP_LENGTH {
        k.printk("ICMP: timestamp request of the wrong length");
        k.count(Mib::IcmpInErrors);
        if len < 12 {
            discard!(k, skb, IcmpBadLength);
            note!(k, "1.2.13 loses the memory of such a short request; here it is given back");
            kfree_skb(k, skb, FreeMode::Read);
            return;
        }
    }
    let mut message = reply_of(k, skb, 12, ICMP_TIMESTAMPREPLY);
    let time = ((k.xtime() % DAY) / 1000) as u32;
    message.extend_from_slice(&time.to_be_bytes());
    message.extend_from_slice(&time.to_be_bytes());
    if answer(k, delivery, &message, ROOM + u32::from(TIMESTAMP_LENGTH)) {
        k.count(Mib::IcmpOutTimestampReps);
    }
    consume(k, skb);
}

/// A request for our netmask: answered, always.
///
/// net/inet/icmp.c:icmp_address, RFC 950.
#[kfn("net/inet/icmp.c", rfc = "950 p.10")]
pub fn icmp_address(k: &mut Kernel, delivery: Delivery) {
    k.count(Mib::IcmpOutMsgs);
    k.count(Mib::IcmpOutAddrMaskReps);
    let mask = k.device(delivery.dev).pa_mask;
    let mut message = reply_of(k, delivery.skb, ICMP_HEADER.min(usize::from(delivery.len)), ICMP_ADDRESSREPLY);
    message.extend_from_slice(&mask.octets());
    message.resize(usize::from(delivery.len), 0);
    answer(k, delivery, &message, ROOM + u32::from(delivery.len));
    consume(k, delivery.skb);
}

/// An information request: obsolete, thrown away (net/inet/icmp.c:icmp_info).
#[kfn("net/inet/icmp.c", rfc = "1122 p.40")]
pub fn icmp_info(k: &mut Kernel, skb: SkbId) {
    consume(k, skb);
}
