//! The INET family (net/inet/af_inet.c): what stands between a socket and its transport. Birth, release and destruction
//! of a sock live here; binding, connecting and the calls that are handed on have rooms of their own.
//!
//! Promise: a sock is destroyed only when nobody owns it and none of its memory is out.

use kfn::kfn;

use super::arp::arp_init;
use super::icmp::icmp_rcv;
use super::igmp::{igmp_rcv, ip_mc_drop_socket};
use super::ip::ip_init;
use super::packet::PACKET_PROT;
use super::protocol::inet_add_protocol;
use super::raw::RAW_PROT;
use super::skbuff::{kfree_skb, skb_dequeue, skb_unlink};
use super::sock::{announce_dequeue, release_sock, state_change, write_space};
use super::tcp::{TCP_PROT, tcp_err};
use super::tcp_input::tcp_rcv;
use super::tcp_write::tcp_dequeue_partial;
use super::timer::{NET_TIMER, delete_timer, reset_timer};
use super::udp::{UDP_PROT, udp_err, udp_rcv};
use super::{af_inet_bind, af_inet_calls, af_inet_connect};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, SockaddrIn};
use crate::include::ip::{IPPROTO_ICMP, IPPROTO_IGMP, IPPROTO_TCP, IPPROTO_UDP, InetProtocol};
use crate::include::sched::{SavedFrame, WaitQueueId};
use crate::include::seq::{HZ, Jiffies};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SIZEOF_SOCK};
use crate::include::sock::{Proto, ProtoId, ProtoState, Sock, SockId};
use crate::include::socket::{ProtoOps, SOCK_DGRAM, SOCK_PACKET, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM, SocketId};
use crate::include::tcp::{SOCK_DESTROY_TIME, TcpState, TimeReason};
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, sti};
use crate::kernel::kmalloc::{Memory, kfree_s, kmalloc};
use crate::kernel::sched::interruptible_sleep_on;
use crate::kernel::sched::leave_wait_queues;
use crate::kernel::timer::{del_timer, init_timer};
use crate::net::socket::sock_register;
use crate::{discard, note};

pub use super::af_inet_bind::inet_autobind;
pub use super::sock_array::{get_sock, get_sock_mcast, get_sock_raw, put_sock, remove_sock};

/// inet_proto_ops: what the socket layer calls for a socket of this family.
pub static INET_PROTO_OPS: ProtoOps = ProtoOps {
    family: AF_INET,
    create: inet_create,
    dup: inet_dup,
    release: inet_release,
    bind: af_inet_bind::inet_bind,
    connect: af_inet_connect::inet_connect,
    socketpair: af_inet_calls::inet_socketpair,
    accept: af_inet_connect::inet_accept,
    getname: inet_getname,
    read: af_inet_calls::inet_read,
    write: af_inet_calls::inet_write,
    select: af_inet_calls::inet_select,
    ioctl: af_inet_calls::inet_ioctl,
    listen: af_inet_bind::inet_listen,
    send: af_inet_calls::inet_send,
    recv: af_inet_calls::inet_recv,
    sendto: af_inet_calls::inet_sendto,
    recvfrom: af_inet_calls::inet_recvfrom,
    shutdown: af_inet_calls::inet_shutdown,
    setsockopt: af_inet_calls::inet_setsockopt,
    getsockopt: af_inet_calls::inet_getsockopt,
    fcntl: af_inet_calls::inet_fcntl,
};

/// Registers the INET family, its transports and protocols, and starts ARP and IP.
///
/// net/inet/af_inet.c:inet_proto_init.
#[kfn("net/inet/af_inet.c")]
pub fn inet_proto_init(k: &mut Kernel) {
    // The table of families is empty at boot, so there is always a place.
    let _slot = sock_register(k, &INET_PROTO_OPS);
    for prot in [ProtoId::Tcp, ProtoId::Udp, ProtoId::Raw] {
        *k.proto(prot) = ProtoState::default();
    }
    let entry =
        |name, protocol, handler, err_handler| InetProtocol { name, protocol, handler, err_handler, copy: false };
    if k.config.ip_multicast {
        inet_add_protocol(k, entry("IGMP", IPPROTO_IGMP, igmp_rcv, None));
    }
    inet_add_protocol(k, entry("ICMP", IPPROTO_ICMP, icmp_rcv, None));
    inet_add_protocol(k, entry("UDP", IPPROTO_UDP, udp_rcv, Some(udp_err)));
    inet_add_protocol(k, entry("TCP", IPPROTO_TCP, tcp_rcv, Some(tcp_err)));
    arp_init(k);
    ip_init(k);
}

/// Makes the sock of a new socket: chooses its transport and sets every field.
///
/// net/inet/af_inet.c:inet_create. Kept: the memory is taken before anything is checked, so a refused call uses up a
/// number (socket_errors/socket_bad).
///
/// Kept: the congestion window begins at one segment, where RFC 6928 and a kernel of today begin at ten, and as there
/// is no slow start at birth it grows by one in a round (kept/first_flight).
///
/// Kept: both buffers begin with 32767 octets and that is the most that they can have, where a kernel of today lets them
/// grow by itself, far beyond (kept/default_buffers).
#[kfn("net/inet/af_inet.c")]
pub fn inet_create(k: &mut Kernel, sock: SocketId, protocol: i32) -> KResult<()> {
    kmalloc(k, SIZEOF_SOCK, Gfp::Kernel);
    let sk = k.insert_sock(Sock::created(), None);
    let type_ = k.sockets[sock].type_;
    let (prot, protocol) = match inet_create_transport(k, type_, protocol) {
        Ok(chosen) => chosen,
        Err(stop) => {
            note!(k, "the transport does not go with this protocol or this user: the sock is thrown away");
            kfree_s(k, Memory::Sock(sk), SIZEOF_SOCK);
            return Err(stop);
        }
    };
    let by_protocol = matches!(prot.id, ProtoId::Raw | ProtoId::Packet);
    let nonagle = k.config.tcp_nagle_off;
    let fresh = &mut k.sock[sk];
    fresh.type_ = type_;
    fresh.prot = prot;
    fresh.protocol = protocol as u8;
    fresh.reuse = by_protocol;
    fresh.nonagle = nonagle;
    fresh.socket = Some(sock);
    fresh.sleep = Some(WaitQueueId::Inode(sock));
    init_timer(k, TimerId::Sock(sk), NET_TIMER);
    k.store_state(sk, TcpState::Close);
    k.sockets[sock].data = Some(sk);
    if by_protocol {
        note!(k, "the protocol number stands in the table where others have their port");
        let num = protocol as u16;
        k.sock[sk].num = num;
        if num != 0 {
            put_sock(k, num, sk);
            k.sock[sk].dummy_th.source = num;
        }
    }
    match prot.init {
        Some(init) => init(k, sk).inspect_err(|_| k.oops("a transport's init never fails")),
        None => Ok(()),
    }
}

/// The transport for a type and protocol, and the protocol number that the sock gets.
fn inet_create_transport(k: &Kernel, type_: u16, protocol: i32) -> KResult<(&'static Proto, i32)> {
    let fixed = |prot: &'static Proto, number: u8| {
        let number = i32::from(number);
        if protocol != 0 && protocol != number { fail(Errno::EPROTONOSUPPORT) } else { Ok((prot, number)) }
    };
    let given = |prot: &'static Proto| {
        if !k.suser() {
            fail(Errno::EPERM)
        } else if protocol == 0 {
            fail(Errno::EPROTONOSUPPORT)
        } else {
            Ok((prot, protocol))
        }
    };
    match type_ {
        SOCK_STREAM | SOCK_SEQPACKET => fixed(&TCP_PROT, IPPROTO_TCP),
        SOCK_DGRAM => fixed(&UDP_PROT, IPPROTO_UDP),
        SOCK_RAW => given(&RAW_PROT),
        SOCK_PACKET => given(&PACKET_PROT),
        _ => fail(Errno::ESOCKTNOSUPPORT),
    }
}

/// Makes a socket like another one: a whole new sock, which accept throws away again.
///
/// net/inet/af_inet.c:inet_dup.
#[kfn("net/inet/af_inet.c")]
pub fn inet_dup(k: &mut Kernel, newsock: SocketId, oldsock: SocketId) -> KResult<()> {
    let protocol = k.sockets[oldsock].data.map_or(0, |sk| i32::from(k.sock[sk].protocol));
    inet_create(k, newsock, protocol)
}

/// States in which a lingering close still waits for the peer.
fn closing(state: TcpState) -> bool {
    match state {
        TcpState::FinWait1 | TcpState::Closing | TcpState::LastAck => true,
        TcpState::None
        | TcpState::Established
        | TcpState::SynSent
        | TcpState::SynRecv
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::CloseWait
        | TcpState::Listen => false,
    }
}

/// The socket is gone: the transport closes, and the sock is left to the timers.
///
/// net/inet/af_inet.c:inet_release. With SO_LINGER the process waits until the peer has acknowledged everything or the
/// time is over. Kept: a time of 0 does not reset the connection, it just does not wait (close/linger_zero).
///
/// Kept: the sock counts as dead only after the transport has closed it, so data replayed meanwhile is acknowledged and
/// lost (back_log/close_data_release1); its port is free one tick later (close/listener_close_rebind).
#[kfn("net/inet/af_inet.c")]
pub fn inet_release(k: &mut Kernel, sock: SocketId) -> KResult<()> {
    let Some(sk) = k.sockets[sock].data else { return Ok(()) };
    let woken = k.take_frame(|frame| matches!(frame, SavedFrame::InetRelease)).is_some();
    if woken {
        leave_wait_queues(k);
    } else {
        state_change(k, sk);
        if k.config.ip_multicast {
            ip_mc_drop_socket(k, sk);
        }
        let exiting = k.current().exiting;
        (k.sock[sk].prot.close)(k, sk, 0);
        if !k.sock.contains(sk) {
            return Ok(());
        }
        if !k.sock[sk].linger || exiting {
            return inet_release_finish(k, sock, sk);
        }
        cli(k);
        let seconds = k.sock[sk].lingertime;
        if seconds != 0 {
            let end = k.jiffies + HZ.wrapping_mul(seconds);
            k.current_mut().timeout = end;
        }
    }
    inet_release_linger(k, sk, woken)?;
    k.current_mut().timeout = Jiffies(0);
    sti(k, "inet_release");
    inet_release_finish(k, sock, sk)
}

fn inet_release_linger(k: &mut Kernel, sk: SockId, woken: bool) -> KResult<()> {
    if woken && k.signal_pending() {
        return Ok(());
    }
    while closing(k.sock[sk].state) && k.current().timeout != Jiffies(0) {
        let Some(queue) = k.sock[sk].sleep else { return Ok(()) };
        note!(k, "the socket lingers: close waits until the peer has acknowledged everything");
        interruptible_sleep_on(k, queue, SavedFrame::InetRelease)?;
        if k.signal_pending() {
            break;
        }
    }
    Ok(())
}

fn inet_release_finish(k: &mut Kernel, sock: SocketId, sk: SockId) -> KResult<()> {
    k.sock[sk].dead = true;
    k.set_inuse(sk, true, "inet_release");
    k.sockets[sock].data = None;
    release_sock(k, sk, "inet_release");
    k.sock[sk].socket = None;
    Ok(())
}

/// Tells the local or the remote address of a socket.
///
/// net/inet/af_inet.c:inet_getname. Kept: as long as no local address is known, it is that of the loopback
/// (socket_errors/listen_misc).
#[kfn("net/inet/af_inet.c")]
pub fn inet_getname(k: &mut Kernel, sock: SocketId, peer: bool) -> KResult<[u8; 16]> {
    let Some(sk) = k.sockets[sock].data else { return fail(Errno::ENOTCONN) };
    let sock = &k.sock[sk];
    if peer {
        if !sock.state.connected() {
            return fail(Errno::ENOTCONN);
        }
        return Ok(sock.peer().bytes());
    }
    let sin_addr = if sock.saddr.is_any() { super::devinet::ip_my_addr(k) } else { sock.saddr };
    Ok(SockaddrIn { sin_family: AF_INET, sin_port: k.sock[sk].dummy_th.source, sin_addr }.bytes())
}

/// Frees a sock with all it holds, or tries again in 10 s if a driver holds a buffer of it.
///
/// net/inet/af_inet.c:destroy_sock. Kept: the `pair` of a packet socket is its packet_type, and is closed here like a
/// sock; so whoever calls accept() on a listening packet socket, whose duplicate comes here unclosed, has seen the machine
/// last (kept_frames/packet_accept).
#[kfn("net/inet/af_inet.c")]
pub fn destroy_sock(k: &mut Kernel, sk: SockId) {
    k.set_inuse(sk, true, "destroy_sock");
    if !k.sock[sk].dead {
        write_space(k, sk);
    }
    remove_sock(k, sk);
    delete_timer(k, sk);
    del_timer(k, TimerId::Retransmit(sk));
    destroy_sock_free_send(k, sk);
    if k.sock[sk].dead {
        destroy_sock_free_received(k, sk);
    }
    destroy_sock_free_unacknowledged(k, sk);
    while let Some(skb) = skb_dequeue(k, ListId::BackLog(sk)) {
        announce_dequeue(k, sk, skb, "destroy_sock");
        discard!(k, skb, SocketDestroyed);
        kfree_skb(k, skb, FreeMode::Read);
    }
    if k.ptype_base.iter().any(|kind| kind.data == Some(sk)) {
        k.oops("destroy_sock takes the packet_type behind pair for a sock and calls a close it has not");
        return;
    }
    if let Some(pair) = k.sock[sk].pair.take() {
        k.sock[pair].dead = true;
        (k.sock[pair].prot.close)(k, pair, 0);
    }
    let sock = &k.sock[sk];
    if sock.dead && sock.rmem_alloc == 0 && sock.wmem_alloc == 0 {
        note!(k, "nobody owns the sock and none of its memory is out: it is freed");
        kfree_s(k, Memory::Sock(sk), SIZEOF_SOCK);
        return;
    }
    note!(k, "memory of the sock is still out somewhere: another attempt in 10 s");
    k.sock[sk].destroy = true;
    k.sock[sk].ack_backlog = 0;
    k.set_inuse(sk, false, "destroy_sock");
    reset_timer(k, sk, TimeReason::Destroy, SOCK_DESTROY_TIME as i32);
}

fn destroy_sock_free_send(k: &mut Kernel, sk: SockId) {
    while let Some(skb) = tcp_dequeue_partial(k, sk) {
        kfree_skb(k, skb, FreeMode::Write);
    }
    while let Some(skb) = skb_dequeue(k, ListId::Write(sk)) {
        kfree_skb(k, skb, FreeMode::Write);
    }
}

/// A listener's queue holds connections that nobody accepted: they are closed.
fn destroy_sock_free_received(k: &mut Kernel, sk: SockId) {
    while let Some(skb) = skb_dequeue(k, ListId::Receive(sk)) {
        if let Some(child) = k.skb[skb].sk.filter(|owner| *owner != sk) {
            note!(k, "a connection that nobody accepted is closed");
            k.sock[child].dead = true;
            (k.sock[child].prot.close)(k, child, 0);
        }
        discard!(k, skb, SocketDestroyed);
        kfree_skb(k, skb, FreeMode::Read);
    }
}

/// What was sent and never acknowledged, wherever it waits (a device's queue, an ARP entry).
fn destroy_sock_free_unacknowledged(k: &mut Kernel, sk: SockId) {
    cli(k);
    let mut next = k.sock[sk].send_head;
    while let Some(skb) = next {
        next = k.skb[skb].link3;
        if k.skb[skb].list.is_some() {
            skb_unlink(k, skb);
        }
        k.skb[skb].dev = None;
        kfree_skb(k, skb, FreeMode::Write);
    }
    k.sock[sk].send_head = None;
    sti(k, "destroy_sock");
}
