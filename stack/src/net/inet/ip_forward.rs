//! Forwarding (net/inet/ip.c: ip_forward), present with CONFIG_IP_FORWARD: what makes a host a router.

use kfn::kfn;

use super::dev::dev_queue_xmit;
use super::icmp::icmp_send;
use super::ip::ip_send_check;
use super::ip_frag::ip_fragment;
use super::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_acct_cnt, ip_fw_chk};
use super::ip_output::ip_send;
use super::route::ip_rt_route;
use super::skbuff::{alloc_skb, kfree_skb};
use crate::include::icmp::{
    ICMP_DEST_UNREACH, ICMP_EXC_TTL, ICMP_HOST_UNREACH, ICMP_NET_UNREACH, ICMP_REDIR_HOST, ICMP_REDIRECT,
    ICMP_TIME_EXCEEDED,
};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IpHdr, SOPRI_BACKGROUND, SOPRI_INTERACTIVE, SOPRI_NORMAL};
use crate::include::netdevice::{DevId, IFF_UP};
use crate::include::skbuff::{FreeMode, Gfp, SkbId};
use crate::include::snmp::Mib;
use crate::kernel::Kernel;
use crate::{discard, note};

/// IPTOS_LOWDELAY.
const IPTOS_LOWDELAY: u8 = 0x10;
/// IPTOS_THROUGHPUT.
const IPTOS_THROUGHPUT: u8 = 0x08;

/// Sends a datagram that is not ours one hop further.
///
/// net/inet/ip.c:ip_forward, RFC 1009. The caller frees the original; a copy travels on.
///
/// Kept: a TTL of 0 becomes 255 and is forwarded (forward/basic); a redirect is sent when source and destination share
/// the subnet, and the datagram is forwarded all the same; fragments pass one by one.
#[kfn("net/inet/ip.c", rfc = "1009 p.22")]
pub fn ip_forward(k: &mut Kernel, skb: SkbId, dev: DevId, is_frag: u8) {
    let at = k.skb[skb].ip_hdr;
    if k.config.ip_firewall {
        let packet = IpFwPkt::of_buffer(k, skb, at, dev);
        let verdict = ip_fw_chk(k, packet, FirewallChain::Forward, FirewallUse::Decide);
        if verdict != 1 {
            if verdict == -1 {
                icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, dev);
            }
            discard!(k, skb, IpFirewall);
            return;
        }
    }
    let ttl = k.skb[skb].u8_at(at + 8).wrapping_sub(1);
    k.skb[skb].put(at + 8, &[ttl]);
    if ttl == 0 {
        note!(k, "the last hop is used up: time exceeded");
        discard!(k, skb, IpTtlExceeded);
        icmp_send(k, skb, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, 0, dev);
        return;
    }
    ip_send_check(k, skb, at);
    let iph = IpHdr::read(&k.skb[skb], at);
    let Some((dev2, raddr)) = ip_forward_route(k, skb, dev, iph.daddr) else { return };
    let pa_mask = k.device(dev).pa_mask;
    if dev == dev2 && iph.saddr & pa_mask == iph.daddr & pa_mask {
        note!(k, "source and destination are neighbours: the source is told to send directly");
        icmp_send(k, skb, ICMP_REDIRECT, ICMP_REDIR_HOST, raddr.0, dev);
    }
    if k.device(dev2).flags & IFF_UP == 0 {
        discard!(k, skb, DeviceDown);
        return;
    }
    ip_forward_copy(k, skb, (dev, dev2), raddr, is_frag);
}

/// Outgoing device and next hop; without a route the sender is told.
fn ip_forward_route(k: &mut Kernel, skb: SkbId, dev: DevId, daddr: InAddr) -> Option<(DevId, InAddr)> {
    let Some(route) = ip_rt_route(k, daddr, None) else {
        note!(k, "no route: network unreachable");
        discard!(k, skb, IpNoRoute);
        icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_NET_UNREACH, 0, dev);
        return None;
    };
    if route.rt_gateway.is_any() {
        return Some((route.rt_dev, daddr));
    }
    let Some(hop) = ip_rt_route(k, route.rt_gateway, None) else {
        note!(k, "no route to the gateway: host unreachable");
        discard!(k, skb, IpNoRoute);
        icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, dev);
        return None;
    };
    let raddr = if hop.rt_gateway.is_any() { route.rt_gateway } else { hop.rt_gateway };
    Some((hop.rt_dev, raddr))
}

/// Copies the datagram behind a new link header and sends the copy.
///
/// Kept: accounting counts it with the interface it came in on (accounting/forwarded); a copy that is cut is counted piece
/// by piece, with the interface the pieces leave on.
fn ip_forward_copy(k: &mut Kernel, skb: SkbId, (dev, dev2): (DevId, DevId), raddr: InAddr, is_frag: u8) {
    let (mac2, mtu2) = (usize::from(k.device(dev2).hard_header_len), u32::from(k.device(dev2).mtu));
    let (at, len, saddr, daddr) = {
        let buffer = &k.skb[skb];
        (buffer.ip_hdr, buffer.len, buffer.saddr, buffer.daddr)
    };
    let Some(copy) = alloc_skb(k, mac2 as u32 + len, Gfp::Atomic) else {
        k.printk("IP: no memory available for IP forward");
        return;
    };
    let datagram = k.skb[skb].bytes_at(at, len as usize).to_vec();
    let buffer = &mut k.skb[copy];
    buffer.free = 1;
    buffer.len = mac2 as u32 + len;
    buffer.saddr = saddr;
    buffer.daddr = daddr;
    buffer.h_raw = mac2;
    buffer.ip_hdr = mac2;
    buffer.put(mac2, &datagram);
    ip_send(k, copy, raddr, len, dev2, saddr);
    k.count(Mib::IpForwDatagrams);
    discard!(k, skb, IpForwarded);
    if len > mtu2 {
        note!(k, "the next link is narrower: the copy is cut into fragments");
        ip_fragment(k, None, copy, dev2, is_frag);
        kfree_skb(k, copy, FreeMode::Write);
        return;
    }
    if k.config.ip_acct {
        let packet = IpFwPkt::of_buffer(k, copy, mac2, dev);
        ip_acct_cnt(k, packet);
    }
    let tos = k.skb[copy].u8_at(mac2 + 1);
    let priority = match tos {
        tos if tos & IPTOS_LOWDELAY != 0 => SOPRI_INTERACTIVE,
        tos if tos & IPTOS_THROUGHPUT != 0 => SOPRI_BACKGROUND,
        _ => SOPRI_NORMAL,
    };
    dev_queue_xmit(k, copy, dev2, i32::from(priority));
}
