//! IP output (net/inet/ip.c): the header, the last steps before the card, and copies of our own broadcasts for ourselves.
//!
//! A buffer that goes out has the link header at offset 0 and the IP header right behind it. Nothing here tells the
//! sender when a datagram is lost below.

use kfn::kfn;

use super::dev::dev_queue_xmit;
use super::igmp::is_member;
use super::ip::ip_send_check;
use super::ip_frag::ip_fragment;
use super::ip_fw::{FirewallChain, FirewallUse, IpFwPkt, ip_acct_cnt, ip_fw_chk};
use super::route::{ip_rt_local, ip_rt_route};
use super::skbuff::{alloc_skb, kfree_skb, skb_unlink};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::InAddr;
use crate::include::ip::{IP_HEADER, IPPROTO_RAW, IpHdr, SOPRI_NORMAL};
use crate::include::netdevice::{DevId, ETH_P_IP, IFF_BROADCAST, IFF_LOOPBACK, IFF_UP};
use crate::include::skbuff::{FreeMode, Gfp, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, SockId};
use crate::kernel::Kernel;
use crate::{discard, note};

/// 224.0.0.1, the group of all hosts.
pub const IGMP_ALL_HOSTS: InAddr = InAddr(0xe000_0001);
/// Where the destination stands in a header.
const IP_DADDR: usize = 16;
/// The loopback device: the first of `dev_base`.
const LOOPBACK_DEV: DevId = DevId(0);

/// Writes the link header for a next hop and returns its length; it sends nothing.
///
/// net/inet/ip.c:ip_send. Where the hardware address is unknown the buffer is marked and remembers the next hop.
#[kfn("net/inet/ip.c")]
pub fn ip_send(k: &mut Kernel, skb: SkbId, daddr: InAddr, len: u32, dev: DevId, _saddr: InAddr) -> u32 {
    let hard_header = k.device(dev).ops.hard_header;
    let buffer = &mut k.skb[skb];
    buffer.dev = Some(dev);
    buffer.arp = true;
    let mac = hard_header(k, skb, dev, ETH_P_IP, None, None, len);
    if mac < 0 {
        note!(k, "the next hop's hardware address is left to ARP");
        let buffer = &mut k.skb[skb];
        buffer.arp = false;
        buffer.raddr = daddr;
    }
    mac.unsigned_abs()
}

/// Chooses route and source, and writes link and IP headers; length and checksum come later.
///
/// net/inet/ip.c:ip_build_header, RFC 791. Returns the length of both headers and the device. Error: ENETUNREACH.
///
/// Kept: a buffer that belongs to a sock binds it to the chosen source (TCP and raw; UDP lends its buffer no owner for
/// the call); 255.255.255.255 follows the default route to the gateway's hardware address (udp_frames/send_content).
#[kfn("net/inet/ip.c", rfc = "791 p.11")]
pub fn ip_build_header(k: &mut Kernel, header: BuildHeader) -> KResult<(u32, DevId)> {
    let BuildHeader { skb, daddr, type_, len, tos, ttl, .. } = header;
    let (dev, saddr, raddr) = ip_build_header_route(k, header)?;
    let mac = ip_send(k, skb, raddr, len, dev, saddr);
    let buffer = &mut k.skb[skb];
    buffer.dev = Some(dev);
    buffer.saddr = saddr;
    if let Some(sk) = buffer.sk {
        k.sock[sk].saddr = saddr;
    }
    if type_ == IPPROTO_RAW {
        note!(k, "the user writes the IP header: only the link header stands");
        return Ok((mac, dev));
    }
    let iph = IpHdr { version: 4, ihl: 5, tos, ttl, protocol: type_, saddr, daddr, ..IpHdr::default() };
    let buffer = &mut k.skb[skb];
    buffer.put_octets(mac as usize, iph.bytes());
    buffer.ip_hdr = mac as usize;
    Ok((mac + IP_HEADER as u32, dev))
}

/// Device, source and next hop of a datagram.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn ip_build_header_route(k: &mut Kernel, header: BuildHeader) -> KResult<(DevId, InAddr, InAddr)> {
    let BuildHeader { skb, daddr, dev, .. } = header;
    let mut saddr = header.saddr;
    let mut src = InAddr::ANY;
    let route = if k.skb[skb].localroute {
        ip_rt_local(k, daddr, Some(&mut src))
    } else {
        ip_rt_route(k, daddr, Some(&mut src))
    };
    let (dev, raddr) = match (dev, route) {
        (None, None) => {
            note!(k, "no route to the destination: ENETUNREACH");
            k.count(Mib::IpOutNoRoutes);
            return fail(Errno::ENETUNREACH);
        }
        (None, Some(route)) => (route.rt_dev, route.rt_gateway),
        (Some(dev), Some(route)) => (dev, route.rt_gateway),
        (Some(dev), None) => return Ok((dev, if saddr.is_any() { src } else { saddr }, daddr)),
    };
    if saddr.is_loopback() && !daddr.is_loopback() {
        note!(k, "a loopback source may not leave the machine: the route's address takes its place");
        saddr = src;
    }
    if saddr.is_any() {
        saddr = src;
    }
    Ok((dev, saddr, if raddr.is_any() { daddr } else { raddr }))
}

/// Completes a datagram (length, id, checksum, fragments) and hands it to its device.
///
/// net/inet/ip.c:ip_queue_xmit, RFC 791. `free` 0: TCP keeps the buffer for retransmission; 1: freed after transmission;
/// 2: a fragment, which keeps its identification.
///
/// Kept: one counter numbers the datagrams to all destinations; nothing that happens here reaches the sender
/// (udp_frames/send_content).
///
/// Kept: a datagram that the firewall refuses on its way out stays in memory for ever, charged to its socket, until that
/// has no room left to send; no call ever reports it (kept_frames/firewall_output).
#[kfn("net/inet/ip.c", rfc = "791 p.11")]
pub fn ip_queue_xmit(k: &mut Kernel, sk: Option<SockId>, dev: Option<DevId>, skb: SkbId, free: u8) {
    let Some(dev) = dev else {
        k.printk("IP: ip_queue_xmit dev = NULL");
        return;
    };
    let device = k.device(dev);
    let (mac, mtu) = (usize::from(device.hard_header_len), u32::from(device.mtu));
    let now = k.jiffies;
    let buffer = &mut k.skb[skb];
    buffer.dev = Some(dev);
    buffer.when = now;
    buffer.ip_hdr = mac;
    let length = buffer.len;
    buffer.put_u16(mac + 2, length.wrapping_sub(mac as u32) as u16);
    if k.config.ip_firewall && !ip_queue_xmit_firewall(k, skb, mac, dev) {
        return;
    }
    let buffer = &mut k.skb[skb];
    if free != 2 {
        let id = k.ip_id_count;
        k.ip_id_count = id.wrapping_add(1);
        buffer.put_u16(mac + 4, id);
    }
    let free = if sk.is_none() { 1 } else { free.min(1) };
    buffer.free = free;
    if length > mtu + mac as u32 {
        note!(k, "longer than the link allows: the datagram is cut into fragments");
        ip_fragment(k, sk, skb, dev, 0);
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    ip_send_check(k, skb, mac);
    ip_queue_xmit_keep(k, sk, skb, free);
    k.count(Mib::IpOutRequests);
    if k.config.ip_acct {
        let packet = IpFwPkt::of_buffer(k, skb, mac, dev);
        ip_acct_cnt(k, packet);
    }
    if ip_queue_xmit_loop_back(k, sk, skb, dev) {
        return;
    }
    if k.device(dev).flags & IFF_UP != 0 {
        let priority = sk.map_or(SOPRI_NORMAL, |sk| k.sock[sk].priority);
        dev_queue_xmit(k, skb, dev, i32::from(priority));
        return;
    }
    note!(k, "the device is down: nothing is sent, and nobody is told");
    k.count(Mib::IpOutDiscards);
    discard!(k, skb, DeviceDown);
    if k.skb[skb].free != 0 {
        kfree_skb(k, skb, FreeMode::Write);
    }
}

/// Asks the firewall about a datagram that leaves; false if it must not.
fn ip_queue_xmit_firewall(k: &mut Kernel, skb: SkbId, mac: usize, dev: DevId) -> bool {
    let packet = IpFwPkt::of_buffer(k, skb, mac, dev);
    if ip_fw_chk(k, packet, FirewallChain::Block, FirewallUse::Decide) == 1 {
        return true;
    }
    note!(k, "the firewall refuses the datagram: it is dropped in silence, its memory not given back");
    discard!(k, skb, IpFirewall);
    false
}

/// Puts a segment that TCP wants to keep at the end of its retransmit queue; notes the owner of any other.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn ip_queue_xmit_keep(k: &mut Kernel, sk: Option<SockId>, skb: SkbId, free: u8) {
    if k.skb[skb].list.is_some() {
        k.printk("ip_queue_xmit: the buffer still stands on a list");
        skb_unlink(k, skb);
    }
    let buffer = &mut k.skb[skb];
    if free != 0 || sk.is_none() {
        buffer.sk = sk;
        return;
    }
    let linked = buffer.link3.take();
    note!(k, "TCP keeps the segment: it joins the retransmit queue");
    if linked.is_some() {
        k.printk("ip.c: link3 of an outgoing segment is set");
    }
    let Some(sk) = sk else { return };
    let sock = &mut k.sock[sk];
    sock.packets_out = sock.packets_out.wrapping_add(1);
    match sock.send_tail.replace(skb) {
        Some(tail) => k.skb[tail].link3 = Some(skb),
        None => sock.send_head = Some(skb),
    }
}

/// Gives our own listeners a copy of a broadcast or group datagram; true if the original must not leave (TTL 0).
///
/// Kept: a group datagram of TTL 0 is freed as if it had been received, so the send memory stays charged to its socket for
/// ever, and the count of its receive memory falls, usually below zero, where it wraps: from then on the socket takes no
/// datagram that is smaller than what was given back (multicast/ttl_zero_frees_on_the_receive_side).
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn ip_queue_xmit_loop_back(k: &mut Kernel, sk: Option<SockId>, skb: SkbId, dev: DevId) -> bool {
    let device = k.device(dev);
    let (mac, flags, pa_brdaddr) = (usize::from(device.hard_header_len), device.flags, device.pa_brdaddr);
    let daddr = InAddr(k.skb[skb].u32_at(mac + IP_DADDR));
    let leaves = flags & IFF_LOOPBACK == 0;
    if k.config.ip_multicast && daddr.is_multicast() && leaves {
        let wanted = sk.is_none_or(|sk| k.sock[sk].ip_mc_loop);
        let ttl = IpHdr::read(&k.skb[skb], mac).ttl;
        if wanted && (daddr == IGMP_ALL_HOSTS || is_member(k, dev, daddr)) {
            note!(k, "we belong to the group ourselves: a copy goes to lo");
            ip_loopback(k, dev, skb);
        }
        if ttl == 0 {
            note!(k, "TTL 0: a group datagram for this machine only");
            discard!(k, skb, IpTtlExceeded);
            kfree_skb(k, skb, FreeMode::Read);
            return true;
        }
    }
    if flags & IFF_BROADCAST != 0 && daddr == pa_brdaddr && leaves {
        note!(k, "our own broadcast: a copy goes to lo for our own listeners");
        ip_loopback(k, dev, skb);
    }
    false
}

/// Sends a copy of a datagram to ourselves over `lo`.
///
/// net/inet/ip.c:ip_loopback.
///
/// Kept: the copy is a datagram of its own, with the next identification (udp_frames/send_content), so the looped
/// fragments of one datagram never fit together.
#[kfn("net/inet/ip.c")]
pub fn ip_loopback(k: &mut Kernel, old_dev: DevId, skb: SkbId) {
    let old_mac = usize::from(k.device(old_dev).hard_header_len);
    let new_mac = usize::from(k.device(LOOPBACK_DEV).hard_header_len);
    let len = k.skb[skb].len.saturating_sub(old_mac as u32);
    let total = new_mac as u32 + len;
    let Some(copy) = alloc_skb(k, total, Gfp::Atomic) else { return };
    let original = &k.skb[skb];
    let at = original.ip_hdr;
    let (saddr, daddr, raddr, pkt_type) = (original.saddr, original.daddr, original.raddr, original.pkt_type);
    let datagram = original.bytes_at(at, len as usize).to_vec();
    let iph = IpHdr::read(original, at);
    let buffer = &mut k.skb[copy];
    buffer.sk = None;
    buffer.link3 = None;
    buffer.saddr = saddr;
    buffer.daddr = daddr;
    buffer.raddr = raddr;
    buffer.pkt_type = pkt_type;
    buffer.free = 1;
    buffer.dev = Some(LOOPBACK_DEV);
    ip_send(k, copy, iph.daddr, len, LOOPBACK_DEV, iph.saddr);
    let buffer = &mut k.skb[copy];
    buffer.len = total;
    buffer.ip_hdr = new_mac;
    buffer.put(new_mac, &datagram);
    ip_queue_xmit(k, None, Some(LOOPBACK_DEV), copy, 1);
}
