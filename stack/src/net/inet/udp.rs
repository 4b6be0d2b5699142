//! UDP (net/inet/udp.c, RFC 768).
//!
//! Promise: one call sends one datagram and one call reads one; nothing is asked back, nothing is repeated.

use kfn::kfn;

use super::af_inet::{destroy_sock, get_sock, get_sock_mcast};
use super::datagram::{datagram_select, skb_copy_datagram, skb_free_datagram, skb_recv_datagram};
use super::devinet::{ip_chk_addr, ip_my_addr};
use super::icmp::icmp_send;
use super::ip::{ip_getsockopt, ip_setsockopt};
use super::ip_output::{ip_build_header, ip_queue_xmit};
use super::route::ip_rt_route;
use super::skbuff::{kfree_skb, skb_clone, skb_peek};
use super::sock::{
    error_report, release_sock, sock_alloc_send_skb, sock_queue_rcv_skb, sock_wfree, sock_wmalloc, sock_wspace,
};
use super::sock_array::chain;
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::icmp::{ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, icmp_err_convert};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::ip::{Delivery, IPPROTO_UDP};
use crate::include::netdevice::AddressKind;
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, Proto, ProtoId, SockId, UserArea};
use crate::include::socket::MSG_DONTROUTE;
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::user::{memcpy_fromfs, put_fs_long, verify_area};
use crate::wire::checksum::{fold, pseudo_header_sum, sum};
use crate::{discard, note};

/// Octets of a UDP header.
const UDP_HEADER: u32 = 8;
/// TIOCOUTQ.
const TIOCOUTQ: u32 = 0x5411;
/// TIOCINQ.
const TIOCINQ: u32 = 0x541b;

/// udp_prot.
pub static UDP_PROT: Proto = Proto {
    id: ProtoId::Udp,
    name: "UDP",
    max_header: 128,
    close: udp_close,
    read: udp_read,
    write: udp_write,
    sendto: udp_sendto,
    recvfrom: udp_recvfrom,
    connect: Some(udp_connect),
    accept: None,
    rcv: Some(udp_rcv),
    select: datagram_select,
    ioctl: Some(udp_ioctl),
    init: None,
    shutdown: None,
    setsockopt: Some(ip_setsockopt),
    getsockopt: Some(ip_getsockopt),
    wmalloc: sock_wmalloc,
    build_header: ip_build_header,
    queue_xmit: ip_queue_xmit,
    retransmit: None,
    write_wakeup: None,
    read_wakeup: None,
};

/// The checksum over pseudo header, header and data; 0 when a good datagram is verified (net/inet/udp.c:udp_check).
fn udp_check(k: &Kernel, skb: SkbId, uh: usize, len: u32, saddr: InAddr, daddr: InAddr) -> u16 {
    let pseudo = pseudo_header_sum(saddr.0, daddr.0, IPPROTO_UDP, len as usize);
    !fold(pseudo.wrapping_add(sum(k.skb[skb].bytes_at(uh, len as usize))))
}

/// Writes the checksum of a datagram, unless the sock wants none.
///
/// net/inet/udp.c:udp_send_check. A computed 0 is sent as 0xFFFF, because 0 on the wire means "no checksum".
#[kfn("net/inet/udp.c", rfc = "768 Fields")]
pub fn udp_send_check(k: &mut Kernel, skb: SkbId, uh: usize, saddr: InAddr, daddr: InAddr, len: u32, sk: SockId) {
    k.skb[skb].put_u16(uh + 6, 0);
    if k.sock[sk].no_check {
        note!(k, "the sock wants no checksum: the field stays 0");
        return;
    }
    let check = match udp_check(k, skb, uh, len, saddr, daddr) {
        0 => 0xffff,
        check => check,
    };
    k.skb[skb].put_u16(uh + 6, check);
}

/// An ICMP error came for a datagram that was sent: the next call on its sock reports it.
///
/// net/inet/udp.c:udp_err. Kept: unconnected sockets learn of it too, and a source quench does nothing, because its test
/// can never be true (udp/unconnected_refused).
#[kfn("net/inet/udp.c", rfc = "1122 4.1.3.3")]
pub fn udp_err(k: &mut Kernel, err: u16, skb: SkbId, header: usize, daddr: InAddr, saddr: InAddr) {
    let buffer = &k.skb[skb];
    let uh = header + usize::from(buffer.u8_at(header) & 15) * 4;
    let (source, dest) = (buffer.u16_at(uh), buffer.u16_at(uh + 2));
    let Some(sk) = get_sock(k, ProtoId::Udp, source, daddr, dest, saddr) else {
        note!(k, "the sock that sent the datagram is gone");
        return;
    };
    let (errno, fatal) = icmp_err_convert(err as u8);
    if fatal {
        note!(k, "the error is kept on the sock until a call fetches it");
        k.sock[sk].set_err(errno);
        error_report(k, sk);
    }
}

/// Whether an address names AF_INET, or no family at all.
fn family_fits(name: SockaddrIn) -> bool {
    name.sin_family == 0 || name.sin_family == AF_INET
}

/// Remembers the peer of a UDP or raw socket; nothing is sent.
///
/// net/inet/udp.c:udp_connect. Kept: the address that bind gave is overwritten by the route's, the port may be 0, and
/// there is no way to disconnect (udp/connected_filter).
#[kfn("net/inet/udp.c")]
pub fn udp_connect(k: &mut Kernel, sk: SockId, usin: &[u8], addr_len: i32) -> KResult<()> {
    if addr_len < SockaddrIn::SIZE as i32 {
        return fail(Errno::EINVAL);
    }
    let name = SockaddrIn::read(usin);
    if !family_fits(name) {
        return fail(Errno::EAFNOSUPPORT);
    }
    let daddr = if name.sin_addr.is_any() { ip_my_addr(k) } else { name.sin_addr };
    if !k.sock[sk].broadcast && ip_chk_addr(k, daddr) == AddressKind::Broadcast {
        note!(k, "broadcasts need SO_BROADCAST");
        return fail(Errno::EACCES);
    }
    let mut saddr = InAddr::ANY;
    if ip_rt_route(k, daddr, Some(&mut saddr)).is_none() {
        note!(k, "there is no route to the peer");
        return fail(Errno::ENETUNREACH);
    }
    let sock = &mut k.sock[sk];
    sock.saddr = saddr;
    sock.daddr = daddr;
    sock.dummy_th.dest = name.sin_port;
    note!(k, "the peer is remembered; only its datagrams will be received");
    k.store_state(sk, TcpState::Established);
    Ok(())
}

/// The socket is gone: the sock is closed at once, there is nothing to say goodbye to.
///
/// net/inet/udp.c:udp_close.
#[kfn("net/inet/udp.c")]
pub fn udp_close(k: &mut Kernel, sk: SockId, _timeout: u32) {
    k.set_inuse(sk, true, "udp_close");
    k.store_state(sk, TcpState::Close);
    if k.sock[sk].dead {
        destroy_sock(k, sk);
    } else {
        release_sock(k, sk, "udp_close");
    }
}

/// Tells how much may be written, or how long the next datagram is.
///
/// net/inet/udp.c:udp_ioctl. Kept: TIOCOUTQ tells the free space, not what is queued (kept/udp_free_memory).
#[kfn("net/inet/udp.c")]
pub fn udp_ioctl(k: &mut Kernel, sk: SockId, cmd: u32, arg: u32) -> KResult<i32> {
    if !matches!(cmd, TIOCOUTQ | TIOCINQ) || k.sock[sk].state == TcpState::Listen {
        return fail(Errno::EINVAL);
    }
    let amount = if cmd == TIOCOUTQ {
        sock_wspace(k, sk)
    } else {
        skb_peek(k, ListId::Receive(sk)).map_or(0, |skb| k.skb[skb].len)
    };
    verify_area(k, arg, 4)?;
    put_fs_long(k, amount, arg);
    Ok(0)
}

/// Sends a datagram to the peer of a connected socket.
///
/// net/inet/udp.c:udp_write.
#[kfn("net/inet/udp.c")]
pub fn udp_write(k: &mut Kernel, sk: SockId, buff: UserArea, _noblock: bool, flags: i32) -> KResult<u32> {
    udp_sendto_checked(k, sk, buff, flags, None)
}

/// Sends a datagram to an address.
///
/// net/inet/udp.c:udp_sendto. Kept: O_NONBLOCK is ignored (udp/sendto_too_big_blocks).
#[kfn("net/inet/udp.c")]
pub fn udp_sendto(
    k: &mut Kernel,
    sk: SockId,
    from: UserArea,
    _noblock: bool,
    flags: i32,
    usin: &[u8],
    addr_len: i32,
) -> KResult<u32> {
    udp_sendto_checked(k, sk, from, flags, Some((usin, addr_len)))
}

fn udp_sendto_checked(
    k: &mut Kernel,
    sk: SockId,
    from: UserArea,
    flags: i32,
    usin: Option<(&[u8], i32)>,
) -> KResult<u32> {
    let woken = k.resuming();
    let sin = udp_destination(k, sk, flags, usin)?;
    if !woken {
        k.set_inuse(sk, true, "udp_sendto");
    }
    let sent = udp_send(k, sk, sin.sin_addr, sin.sin_port, from, flags);
    if sent != Err(Stop::Sleep) {
        release_sock(k, sk, "udp_sendto");
    }
    sent
}

/// Where a datagram goes, after all checks.
fn udp_destination(k: &Kernel, sk: SockId, flags: i32, usin: Option<(&[u8], i32)>) -> KResult<SockaddrIn> {
    if flags & !MSG_DONTROUTE != 0 {
        return fail(Errno::EINVAL);
    }
    let mut sin = match usin {
        Some((bytes, length)) => {
            let name = SockaddrIn::read(bytes);
            if length < SockaddrIn::SIZE as i32 || !family_fits(name) || name.sin_port == 0 {
                return fail(Errno::EINVAL);
            }
            name
        }
        None if k.sock[sk].state == TcpState::Established => k.sock[sk].peer(),
        None => return fail(Errno::EINVAL),
    };
    if sin.sin_addr.is_any() {
        sin.sin_addr = ip_my_addr(k);
    }
    if !k.sock[sk].broadcast && ip_chk_addr(k, sin.sin_addr) == AddressKind::Broadcast {
        return fail(Errno::EACCES);
    }
    Ok(sin)
}

/// Builds a datagram and hands it to IP.
///
/// net/inet/udp.c:udp_send. Kept: a request larger than the send buffer is not refused but sleeps
/// (udp/sendto_too_big_blocks); success is reported also when the datagram is dropped below.
///
/// Kept: the interface that IP_MULTICAST_IF chose is asked by nobody, group datagrams follow the route like any other
/// (multicast/multicast_if_no_effect); what a socket that is bound to a group sends has the group as its source
/// (multicast/source_address_is_group).
#[kfn("net/inet/udp.c", rfc = "768 User Interface")]
pub fn udp_send(k: &mut Kernel, sk: SockId, daddr: InAddr, port: u16, from: UserArea, rt: i32) -> KResult<u32> {
    let skb = sock_alloc_send_skb(k, sk, from.len.saturating_add(UDP_PROT.max_header), false)?;
    let sock = &k.sock[sk];
    let (saddr, tos) = (sock.saddr, sock.ip_tos);
    let multicast = k.config.ip_multicast && daddr.is_multicast();
    let ttl = if multicast { sock.ip_mc_ttl } else { sock.ip_ttl };
    let localroute = sock.localroute || rt & MSG_DONTROUTE != 0;
    let buffer = &mut k.skb[skb];
    buffer.sk = None;
    buffer.free = 1;
    buffer.localroute = localroute;
    note!(k, "nobody owns the buffer while its header is built: the source address is not stored");
    let len = from.len + UDP_HEADER;
    let header = BuildHeader { skb, saddr, daddr, dev: None, type_: IPPROTO_UDP, len, tos, ttl };
    let built = (UDP_PROT.build_header)(k, header);
    k.skb[skb].sk = Some(sk);
    let (offset, dev) = match built {
        Ok(built) => built,
        Err(stop) => {
            note!(k, "no way to the destination: the memory is given back and the call fails");
            let size = k.skb[skb].mem_len;
            sock_wfree(k, sk, skb, size);
            return Err(stop);
        }
    };
    let uh = offset as usize;
    let source = k.sock[sk].dummy_th.source;
    let chosen = k.skb[skb].saddr;
    let buffer = &mut k.skb[skb];
    buffer.len = offset + len;
    buffer.h_raw = uh;
    buffer.put_u16(uh, source);
    buffer.put_u16(uh + 2, port);
    buffer.put_u16(uh + 4, len as u16);
    let data = memcpy_fromfs(k, from.address, from.len, "udp_send");
    k.skb[skb].put(uh + UDP_HEADER as usize, &data);
    udp_send_check(k, skb, uh, chosen, daddr, len, sk);
    k.count(Mib::UdpOutDatagrams);
    (UDP_PROT.queue_xmit)(k, Some(sk), Some(dev), skb, 1);
    Ok(from.len)
}

/// Reads a datagram.
///
/// net/inet/udp.c:udp_read.
#[kfn("net/inet/udp.c")]
pub fn udp_read(k: &mut Kernel, sk: SockId, buff: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    udp_recvfrom(k, sk, buff, noblock, flags).map(|(length, _)| length)
}

/// Reads a datagram and tells who sent it.
///
/// net/inet/udp.c:udp_recvfrom. Kept: the whole length is returned, also when the user's area was shorter and the rest is
/// lost (udp/truncate_peek).
#[kfn("net/inet/udp.c", rfc = "768 User Interface")]
pub fn udp_recvfrom(
    k: &mut Kernel,
    sk: SockId,
    to: UserArea,
    noblock: bool,
    flags: i32,
) -> KResult<(u32, Option<[u8; 16]>)> {
    let Some(skb) = skb_recv_datagram(k, sk, flags, noblock)? else { return Ok((0, Some([0; 16]))) };
    let truesize = k.skb[skb].len;
    if truesize > to.len {
        note!(k, "the datagram is longer than the user's area: the rest is thrown away");
    }
    skb_copy_datagram(k, skb, UDP_HEADER, to.address, truesize.min(to.len), "skb_copy_datagram");
    let buffer = &k.skb[skb];
    let from = SockaddrIn { sin_family: AF_INET, sin_port: buffer.u16_at(buffer.h_raw), sin_addr: buffer.daddr };
    k.sock[sk].stamp = buffer.stamp;
    skb_free_datagram(k, skb);
    release_sock(k, sk, "udp_recvfrom");
    Ok((truesize, Some(from.bytes())))
}

/// A datagram has come from IP: checks it and finds its sock.
///
/// net/inet/udp.c:udp_rcv. Kept: it counts as delivered before it is checked, and the checksum covers everything behind
/// the IP header, also octets behind the UDP length (udp_frames/checksums).
#[kfn("net/inet/udp.c", rfc = "768 Fields", skip(delivery))]
pub fn udp_rcv(k: &mut Kernel, delivery: Delivery) {
    let Delivery { skb, dev, daddr, len, saddr, .. } = delivery;
    let mine = k.device(dev).pa_addr == daddr;
    let kind = if mine { AddressKind::MyAddr } else { ip_chk_addr(k, daddr) };
    k.count(Mib::IpInDelivers);
    let uh = k.skb[skb].h_raw;
    let ulen = k.skb[skb].u16_at(uh + 4);
    if ulen > len || u32::from(len) < UDP_HEADER || u32::from(ulen) < UDP_HEADER {
        k.printk("UDP: short packet");
        k.count(Mib::UdpInErrors);
        discard!(k, skb, UdpBadLength);
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    let checked = k.skb[skb].u16_at(uh + 6) != 0;
    // A length that wrapped has the original sum up memory behind the buffer, which cannot come out right.
    let present = k.skb[skb].bytes_at(uh, usize::from(len)).len() == usize::from(len);
    if checked && !(present && udp_check(k, skb, uh, u32::from(len), saddr, daddr) == 0) {
        k.printk("UDP: bad checksum");
        k.count(Mib::UdpInErrors);
        discard!(k, skb, UdpBadChecksum);
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    let delivery = Delivery { len: ulen, ..(delivery) };
    let (source, dest) = (k.skb[skb].u16_at(uh), k.skb[skb].u16_at(uh + 2));
    if k.config.ip_multicast && kind != AddressKind::MyAddr {
        udp_rcv_multicast(k, delivery, dest, source);
        return;
    }
    match get_sock(k, ProtoId::Udp, dest, saddr, source, daddr) {
        Some(sk) => udp_deliver(k, sk, delivery),
        None => {
            k.count(Mib::UdpNoPorts);
            if kind == AddressKind::MyAddr {
                note!(k, "no sock has the port: the sender is told so");
                icmp_send(k, skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, dev);
            }
            discard!(k, skb, UdpNoPort);
            kfree_skb(k, skb, FreeMode::Write);
        }
    }
}

/// Every socket that fits gets the datagram, all but the last of them a copy; the newest bind is first.
///
/// Kept: whether the *socket* has joined the group is asked by nobody, and where no socket fits, no counter moves
/// (multicast/receive_every_socket).
fn udp_rcv_multicast(k: &mut Kernel, delivery: Delivery, dest: u16, source: u16) {
    let Delivery { skb, daddr, saddr, .. } = delivery;
    let first = chain(k, ProtoId::Udp, dest);
    let Some(mut sk) = get_sock_mcast(k, first, dest, saddr, source, daddr) else {
        discard!(k, skb, UdpNoPort);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    };
    loop {
        let next = k.sock[sk].next;
        let next = next.and_then(|next| get_sock_mcast(k, Some(next), dest, saddr, source, daddr));
        let Some(next) = next else { break };
        if let Some(copy) = skb_clone(k, skb, Gfp::Atomic) {
            note!(k, "another sock wants the datagram as well: this one gets a copy");
            udp_deliver(k, sk, Delivery { skb: copy, ..delivery });
        }
        sk = next;
    }
    udp_deliver(k, sk, delivery);
}

/// Gives a datagram to its sock, if that still has receive memory.
///
/// net/inet/udp.c:udp_deliver. Kept: the addresses in the buffer are swapped, and the sock is released although nobody
/// has locked it, or although a sender has (back_log/udp_send_recv).
#[kfn("net/inet/udp.c", skip(delivery))]
pub fn udp_deliver(k: &mut Kernel, sk: SockId, delivery: Delivery) {
    let Delivery { skb, dev, daddr, saddr, len, .. } = delivery;
    let buffer = &mut k.skb[skb];
    buffer.sk = Some(sk);
    buffer.dev = Some(dev);
    buffer.daddr = saddr;
    buffer.saddr = daddr;
    buffer.len = u32::from(len).saturating_sub(UDP_HEADER);
    if sock_queue_rcv_skb(k, sk, skb).is_err() {
        k.count(Mib::UdpInErrors);
        k.count(Mib::IpInDiscards);
        k.stats.decrement(Mib::IpInDelivers);
        k.skb[skb].sk = None;
        discard!(k, skb, ReceiveQueueFull);
        kfree_skb(k, skb, FreeMode::Write);
        release_sock(k, sk, "udp_deliver");
        return;
    }
    k.count(Mib::UdpInDatagrams);
    release_sock(k, sk, "udp_deliver");
}
