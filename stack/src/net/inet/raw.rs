//! Raw sockets (net/inet/raw.c): whole IP datagrams of one protocol, for the superuser.

use kfn::kfn;

use super::datagram::{datagram_select, skb_copy_datagram, skb_free_datagram, skb_recv_datagram};
use super::devinet::{ip_chk_addr, ip_my_addr};
use super::ip::{ip_getsockopt, ip_setsockopt};
use super::ip_output::{ip_build_header, ip_queue_xmit};
use super::skbuff::kfree_skb;
use super::sock::{release_sock, sock_alloc_send_skb, sock_queue_rcv_skb, sock_wfree, sock_wmalloc};
use super::udp::udp_connect;
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use crate::include::ip::{IPPROTO_RAW, IpHdr};
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::skbuff::{FreeMode, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, Proto, ProtoId, SockId, UserArea};
use crate::include::socket::{MSG_DONTROUTE, MSG_OOB};
use crate::include::tcp::{RCV_SHUTDOWN, TcpState};
use crate::kernel::Kernel;
use crate::kernel::user::memcpy_fromfs;
use crate::{discard, note};

/// raw_prot.
pub static RAW_PROT: Proto = Proto {
    id: ProtoId::Raw,
    name: "RAW",
    max_header: 128,
    close: raw_close,
    read: raw_read,
    write: raw_write,
    sendto: raw_sendto,
    recvfrom: raw_recvfrom,
    connect: Some(udp_connect),
    accept: None,
    rcv: None,
    select: datagram_select,
    ioctl: None,
    init: Some(raw_init),
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

/// A raw sock needs no preparation.
///
/// net/inet/raw.c:raw_init.
#[kfn("net/inet/raw.c")]
pub fn raw_init(k: &mut Kernel, _sk: SockId) -> KResult<()> {
    note!(k, "the protocol number is known already: nothing to prepare");
    Ok(())
}

/// The socket is gone: the sock is closed at once.
///
/// net/inet/raw.c:raw_close.
#[kfn("net/inet/raw.c")]
pub fn raw_close(k: &mut Kernel, sk: SockId, _timeout: u32) {
    k.store_state(sk, TcpState::Close);
}

/// A datagram of the protocol has come: the socket gets it with its IP header.
///
/// net/inet/raw.c:raw_rcv.
#[kfn("net/inet/raw.c")]
pub fn raw_rcv(k: &mut Kernel, sk: SockId, skb: SkbId, dev: DevId, saddr: InAddr, daddr: InAddr) {
    let header = k.skb[skb].ip_hdr;
    let tot_len = IpHdr::read(&k.skb[skb], header).tot_len;
    let buffer = &mut k.skb[skb];
    buffer.len = u32::from(tot_len);
    buffer.h_raw = header;
    buffer.dev = Some(dev);
    buffer.saddr = daddr;
    buffer.daddr = saddr;
    if sock_queue_rcv_skb(k, sk, skb).is_err() {
        k.count(Mib::IpInDiscards);
        k.skb[skb].sk = None;
        discard!(k, skb, ReceiveQueueFull);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    k.count(Mib::IpInDelivers);
    release_sock(k, sk, "raw_rcv");
}

/// Sends to the peer of a connected raw socket.
///
/// net/inet/raw.c:raw_write.
#[kfn("net/inet/raw.c")]
pub fn raw_write(k: &mut Kernel, sk: SockId, buff: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    raw_send(k, sk, buff, noblock, flags, None)
}

/// Sends a datagram of the socket's protocol to an address.
///
/// net/inet/raw.c:raw_sendto. Kept: the source address that the route gives stays on the sock, so that afterwards it only
/// receives what is sent to that address (kept_frames/raw_address).
#[kfn("net/inet/raw.c")]
pub fn raw_sendto(
    k: &mut Kernel,
    sk: SockId,
    from: UserArea,
    noblock: bool,
    flags: i32,
    usin: &[u8],
    addr_len: i32,
) -> KResult<u32> {
    raw_send(k, sk, from, noblock, flags, Some((usin, addr_len)))
}

/// Where a raw datagram goes, after all checks.
fn raw_destination(k: &Kernel, sk: SockId, flags: i32, usin: Option<(&[u8], i32)>) -> KResult<InAddr> {
    if flags & MSG_OOB != 0 {
        return fail(Errno::EOPNOTSUPP);
    }
    if flags & !MSG_DONTROUTE != 0 {
        return fail(Errno::EINVAL);
    }
    let wanted = match usin {
        Some((bytes, length)) => {
            let name = SockaddrIn::read(bytes);
            if length < SockaddrIn::SIZE as i32 || (name.sin_family != 0 && name.sin_family != AF_INET) {
                return fail(Errno::EINVAL);
            }
            name.sin_addr
        }
        None if k.sock[sk].state == TcpState::Established => k.sock[sk].daddr,
        None => return fail(Errno::EINVAL),
    };
    let daddr = if wanted.is_any() { ip_my_addr(k) } else { wanted };
    if !k.sock[sk].broadcast && ip_chk_addr(k, daddr) == AddressKind::Broadcast {
        return fail(Errno::EACCES);
    }
    Ok(daddr)
}

/// Builds the datagram and hands it to IP (net/inet/raw.c:raw_sendto, its second half).
///
/// Kept: a failure to get send memory leaves the sock in use (kept_frames/raw_in_use).
fn raw_send(
    k: &mut Kernel,
    sk: SockId,
    from: UserArea,
    noblock: bool,
    flags: i32,
    usin: Option<(&[u8], i32)>,
) -> KResult<u32> {
    let daddr = raw_destination(k, sk, flags, usin)?;
    let skb = sock_alloc_send_skb(k, sk, from.len.saturating_add(RAW_PROT.max_header), noblock)?;
    let sock = &k.sock[sk];
    let (saddr, tos, ttl, protocol) = (sock.saddr, sock.ip_tos, sock.ip_ttl, sock.protocol);
    let localroute = sock.localroute || flags & MSG_DONTROUTE != 0;
    let buffer = &mut k.skb[skb];
    buffer.sk = Some(sk);
    buffer.free = 1;
    buffer.localroute = localroute;
    let header = BuildHeader { skb, saddr, daddr, dev: None, type_: protocol, len: from.len, tos, ttl };
    let (offset, dev) = match (RAW_PROT.build_header)(k, header) {
        Ok(built) => built,
        Err(stop) => {
            let size = k.skb[skb].mem_len;
            sock_wfree(k, sk, skb, size);
            release_sock(k, sk, "raw_sendto");
            return Err(stop);
        }
    };
    let data = memcpy_fromfs(k, from.address, from.len, "raw_sendto");
    k.skb[skb].put(offset as usize, &data);
    if protocol == IPPROTO_RAW {
        note!(k, "the user wrote the IP header; its source address is replaced");
        let source = k.sock[sk].saddr;
        k.skb[skb].put(offset as usize + 12, &source.octets());
    }
    k.skb[skb].len = offset + from.len;
    (RAW_PROT.queue_xmit)(k, Some(sk), Some(dev), skb, 1);
    release_sock(k, sk, "raw_sendto");
    Ok(from.len)
}

/// Reads a datagram with its IP header.
///
/// net/inet/raw.c:raw_read.
#[kfn("net/inet/raw.c")]
pub fn raw_read(k: &mut Kernel, sk: SockId, buff: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    raw_recvfrom(k, sk, buff, noblock, flags).map(|(length, _)| length)
}

/// Reads a datagram with its IP header and tells who sent it.
///
/// net/inet/raw.c:raw_recvfrom.
#[kfn("net/inet/raw.c")]
pub fn raw_recvfrom(
    k: &mut Kernel,
    sk: SockId,
    to: UserArea,
    noblock: bool,
    flags: i32,
) -> KResult<(u32, Option<[u8; 16]>)> {
    if flags & MSG_OOB != 0 {
        return fail(Errno::EOPNOTSUPP);
    }
    if k.sock[sk].shutdown & RCV_SHUTDOWN != 0 {
        return Ok((0, Some([0; 16])));
    }
    let Some(skb) = skb_recv_datagram(k, sk, flags, noblock)? else { return Ok((0, Some([0; 16]))) };
    let truesize = k.skb[skb].len;
    skb_copy_datagram(k, skb, 0, to.address, truesize.min(to.len), "skb_copy_datagram");
    let buffer = &k.skb[skb];
    let from = SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr: buffer.daddr };
    k.sock[sk].stamp = buffer.stamp;
    skb_free_datagram(k, skb);
    release_sock(k, sk, "raw_recvfrom");
    Ok((truesize, Some(from.bytes())))
}
