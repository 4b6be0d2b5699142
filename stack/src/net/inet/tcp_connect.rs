//! Opening and closing on the side of the user (net/inet/tcp.c): connect, shutdown, close, and the FIN.
//!
//! None of these waits: connect() and a lingering close() sleep one floor higher, in af_inet.

use kfn::kfn;

use super::devinet::{ip_chk_addr, ip_my_addr};
use super::route::ip_rt_route;
use super::skbuff::{kfree_skb, skb_dequeue, skb_queue_tail, skb_unlink};
use super::sock::{release_sock, sock_wfree, state_change};
use super::tcp::{same_network, tcp_close_state, tcp_init_seq, tcp_set_state};
use super::tcp_listen::tcp_close_pending;
use super::tcp_output::{tcp_select_window, tcp_send_check};
use super::tcp_timer::{reset_xmit_timer, retransmit_timer};
use super::tcp_write::tcp_send_partial;
use super::timer::reset_timer;
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, SockaddrIn};
use crate::include::ip::IPPROTO_TCP;
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::route::{RTF_MSS, RTF_WINDOW, Rtable};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, SockId};
use crate::include::tcp::{
    HEADER_SIZE, MAX_RESET_SIZE, MAX_SYN_SIZE, MAX_WINDOW, SEND_SHUTDOWN, SHUTDOWN_MASK, TCP_HEADER, TCP_SYN_RETRIES,
    TCP_TIMEOUT_INIT, TCP_TIMEWAIT_LEN, TCPOPT_MSS, TcpHdr, TcpState, TimeReason,
};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::timer::{add_timer, del_timer};
use crate::{discard, note};

/// The timer of a sock that serves retransmission, probes, keepalive and owed ACKs.
pub(super) const RETRANSMIT_TIMER: TimerFunction = TimerFunction { name: "retransmit_timer", call: retransmit_timer };

/// MSS towards a host on another network: 576 - 64.
pub(super) const REMOTE_MSS: u32 = 576 - HEADER_SIZE;

/// Octets of the TCP header of a SYN, its one option included.
pub(super) const SYN_HEADER: u32 = 24;

/// Smallest MSS that connect() accepts.
const SMALLEST_MSS: u32 = 32;

/// Opens a connection: chooses the first sequence number and sends a SYN.
///
/// net/inet/tcp.c:tcp_connect, RFC 793 p.54. Kept: the window of the first SYN is 512, a 2 stored without byte swap
/// (`active_open/plain`); the count of retries begins at 5, so that 12 SYNs leave before ETIMEDOUT
/// (`active_open/timeout`); what an earlier reset has left behind (zapped) is not cleared, so a second connect() can
/// never succeed (kept/second_connect).
///
/// Kept: an answer that comes while the SYN leaves waits on back_log and is handled by the release_sock at the end, so
/// that connect() returns without sleeping (back_log/xmit_synack).
///
/// Kept: as long as nothing has been measured the timeout is 3 s, as in RFC 1122 4.2.3.1; RFC 6298 and a kernel of
/// today wait 1 s (kept/first_timeout).
#[kfn("net/inet/tcp.c", rfc = "793 p.54")]
pub fn tcp_connect(k: &mut Kernel, sk: SockId, usin: &[u8], addr_len: i32) -> KResult<()> {
    let destination = tcp_connect_checks(k, sk, usin, addr_len)?;
    k.set_inuse(sk, true, "tcp_connect");
    let isn = tcp_init_seq(k);
    note!(k, "the initial sequence number is read off the microsecond clock");
    let sock = &mut k.sock[sk];
    sock.daddr = destination.sin_addr;
    sock.write_seq = isn;
    sock.window_seq = isn;
    sock.rcv_ack_seq = isn - 1;
    sock.err = 0;
    sock.dummy_th.dest = destination.sin_port;
    release_sock(k, sk, "tcp_connect");

    let Some(buff) = (k.sock[sk].prot.wmalloc)(k, Some(sk), MAX_SYN_SIZE, false, Gfp::Kernel) else {
        return fail(Errno::ENOMEM);
    };
    k.set_inuse(sk, true, "tcp_connect");
    let daddr = k.sock[sk].daddr;
    let route = ip_rt_route(k, daddr, None);
    let dev = tcp_connect_build(k, sk, buff, route.as_ref())?;
    tcp_connect_send(k, sk, buff, dev);
    release_sock(k, sk, "tcp_connect");
    Ok(())
}

/// What is refused before anything changes; the destination otherwise.
fn tcp_connect_checks(k: &mut Kernel, sk: SockId, usin: &[u8], addr_len: i32) -> KResult<SockaddrIn> {
    if k.sock[sk].state != TcpState::Close {
        note!(k, "the sock is connected, listening or on its way: EISCONN");
        return fail(Errno::EISCONN);
    }
    if addr_len < 8 {
        return fail(Errno::EINVAL);
    }
    let mut destination = SockaddrIn::read(usin);
    if destination.sin_family != 0 && destination.sin_family != AF_INET {
        return fail(Errno::EAFNOSUPPORT);
    }
    if destination.sin_addr.is_any() {
        note!(k, "no destination is given: this machine itself is meant, by its loopback address");
        destination.sin_addr = ip_my_addr(k);
    }
    if matches!(ip_chk_addr(k, destination.sin_addr), AddressKind::Broadcast | AddressKind::Multicast) {
        note!(k, "a connection has two ends: broadcast and multicast addresses are refused");
        return fail(Errno::ENETUNREACH);
    }
    Ok(destination)
}

/// Builds the SYN in the buffer.
fn tcp_connect_build(k: &mut Kernel, sk: SockId, buff: SkbId, route: Option<&Rtable>) -> KResult<DevId> {
    let sock = &k.sock[sk];
    let (saddr, daddr, tos, ttl, localroute) = (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl, sock.localroute);
    let buffer = &mut k.skb[buff];
    buffer.len = SYN_HEADER;
    buffer.sk = Some(sk);
    buffer.free = 0;
    buffer.localroute = localroute;
    let header = BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len: MAX_SYN_SIZE, tos, ttl };
    let Ok((offset, dev)) = (k.sock[sk].prot.build_header)(k, header) else {
        note!(k, "there is no way to the destination: ENETUNREACH, and the sock stays closed");
        let size = k.skb[buff].mem_len;
        sock_wfree(k, sk, buff, size);
        release_sock(k, sk, "tcp_connect");
        return fail(Errno::ENETUNREACH);
    };
    let mtu = tcp_connect_mtu(k, sk, dev, route);
    let sock = &mut k.sock[sk];
    sock.window_clamp = route.filter(|route| route.rt_flags & RTF_WINDOW != 0).map_or(0, |route| route.rt_window);
    sock.mtu = mtu;
    let th = TcpHdr {
        seq: sock.write_seq,
        window: 2_u16.swap_bytes(),
        doff: 6,
        syn: true,
        ack: false,
        psh: false,
        rst: false,
        urg: false,
        res1: 0,
        res2: 0,
        urg_ptr: 0,
        ..sock.dummy_th
    };
    sock.write_seq += 1;
    sock.sent_seq = sock.write_seq;
    let (end, saddr) = (sock.write_seq, sock.saddr);
    note!(k, "the SYN offers a window of 512: a 2 that was stored without swapping its bytes");
    let [high, low] = mtu.to_be_bytes();
    let th_offset = offset as usize;
    let buffer = &mut k.skb[buff];
    buffer.len = buffer.len.saturating_add(offset);
    buffer.dev = Some(dev);
    buffer.h_raw = th_offset;
    buffer.h_seq = end;
    buffer.put(th_offset, &th.bytes());
    buffer.put(th_offset + TCP_HEADER, &[TCPOPT_MSS, 4, high, low]);
    tcp_send_check(k, buff, th_offset, saddr, daddr, SYN_HEADER);
    Ok(dev)
}

/// The largest segment we offer to take: user's wish, route, or the network the peer is on.
///
/// Kept: a route's MSS is taken as it is here, while the passive side subtracts 64 from it
/// (kept/connect_route_mss).
///
/// Kept: 64 octets are set aside for headers where there are 40, so that 1436 are offered on an Ethernet
/// (active_open/local) and 512 to hosts on other networks (active_open/plain).
fn tcp_connect_mtu(k: &mut Kernel, sk: SockId, dev: DevId, route: Option<&Rtable>) -> u16 {
    let sock = &k.sock[sk];
    let (saddr, daddr, user_mss) = (sock.saddr, sock.daddr, sock.user_mss);
    let device = k.device(dev);
    let (pa_mask, device_mtu) = (device.pa_mask, u32::from(device.mtu));
    let wanted = if user_mss != 0 {
        note!(k, "the user has chosen the segment size");
        u32::from(user_mss)
    } else if let Some(route) = route.filter(|route| route.rt_flags & RTF_MSS != 0) {
        note!(k, "the route prescribes the segment size");
        u32::from(route.rt_mss)
    } else if same_network(k, saddr, daddr, saddr, pa_mask) {
        note!(k, "the peer is on our network: segments may be as long as the device allows");
        MAX_WINDOW
    } else {
        note!(k, "the peer is behind a gateway: 512 bytes pass every network");
        REMOTE_MSS
    };
    wanted.max(SMALLEST_MSS).min(device_mtu.wrapping_sub(HEADER_SIZE)) as u16
}

/// Sends the SYN and starts its timer, once before and once behind the sending.
fn tcp_connect_send(k: &mut Kernel, sk: SockId, buff: SkbId, dev: DevId) {
    note!(k, "the state changes before the SYN leaves, so that an answer finds it right");
    tcp_set_state(k, sk, TcpState::SynSent);
    let sock = &mut k.sock[sk];
    sock.rto = TCP_TIMEOUT_INIT;
    sock.retransmit_timer.function = Some(RETRANSMIT_TIMER);
    reset_xmit_timer(k, sk, TimeReason::Write, TCP_TIMEOUT_INIT as i32);
    k.sock[sk].retransmits = TCP_SYN_RETRIES;
    (k.sock[sk].prot.queue_xmit)(k, Some(sk), Some(dev), buff, 0);
    let rto = k.sock[sk].rto;
    reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
    k.count(Mib::TcpActiveOpens);
    k.count(Mib::TcpOutSegs);
}

/// Sends a FIN: "I have no more data".
///
/// net/inet/tcp.c:tcp_send_fin, RFC 793 p.60. Kept: the FIN is always a segment of its own, heeds neither the
/// congestion window nor the peer's, and is not counted in TcpOutSegs; a reset that is replayed by the release_sock at
/// its beginning does not stop it (`back_log/close_rst`).
#[kfn("net/inet/tcp.c", rfc = "793 p.60")]
pub fn tcp_send_fin(k: &mut Kernel, sk: SockId) {
    release_sock(k, sk, "tcp_send_fin");
    let buff = (k.sock[sk].prot.wmalloc)(k, Some(sk), MAX_RESET_SIZE, true, Gfp::Kernel);
    k.set_inuse(sk, true, "tcp_send_fin");
    let Some(buff) = buff else {
        k.printk("tcp_send_fin: Impossible malloc failure");
        return;
    };
    let Some(dev) = tcp_send_fin_build(k, sk, buff) else { return };
    if !k.sock[sk].write_queue.is_empty() {
        note!(k, "data still waits to be sent: the FIN queues up behind it");
        k.skb[buff].free = 0;
        if k.skb[buff].list.is_some() {
            k.printk("tcp_send_fin: next != NULL");
            skb_unlink(k, buff);
        }
        skb_queue_tail(k, ListId::Write(sk), buff);
        return;
    }
    note!(k, "nothing waits in front of it: the FIN goes out at once, and its timer starts");
    let sock = &mut k.sock[sk];
    sock.sent_seq = sock.write_seq;
    (k.sock[sk].prot.queue_xmit)(k, Some(sk), Some(dev), buff, 0);
    let rto = k.sock[sk].rto;
    reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
}

/// Builds the FIN; None if there is no route any more, and then TIME_WAIT is left to the clock.
fn tcp_send_fin_build(k: &mut Kernel, sk: SockId, buff: SkbId) -> Option<DevId> {
    let sock = &k.sock[sk];
    let (saddr, daddr, tos, ttl, localroute) = (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl, sock.localroute);
    let buffer = &mut k.skb[buff];
    buffer.sk = Some(sk);
    buffer.len = TCP_HEADER as u32;
    buffer.localroute = localroute;
    let len = TCP_HEADER as u32;
    let header = BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len, tos, ttl };
    let Ok((offset, dev)) = (k.sock[sk].prot.build_header)(k, header) else {
        note!(k, "the peer is out of reach: the FIN counts as sent, and the clock closes the sock");
        k.skb[buff].free = 1;
        let size = k.skb[buff].mem_len;
        sock_wfree(k, sk, buff, size);
        k.sock[sk].write_seq += 1;
        if del_timer(k, TimerId::Sock(sk)) {
            add_timer(k, TimerId::Sock(sk));
        } else {
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
        }
        return None;
    };
    let window = tcp_select_window(k, sk);
    let sock = &mut k.sock[sk];
    sock.window = window;
    let th = TcpHdr {
        seq: sock.write_seq,
        ack_seq: sock.acked_seq,
        window,
        doff: 5,
        ack: true,
        fin: true,
        rst: false,
        ..sock.dummy_th
    };
    sock.write_seq += 1;
    let (end, saddr) = (sock.write_seq, sock.saddr);
    let th_offset = offset as usize;
    let buffer = &mut k.skb[buff];
    buffer.len = buffer.len.saturating_add(offset);
    buffer.dev = Some(dev);
    buffer.h_raw = th_offset;
    buffer.h_seq = end;
    buffer.put(th_offset, &th.bytes());
    tcp_send_check(k, buff, th_offset, saddr, daddr, TCP_HEADER as u32);
    Some(dev)
}

/// Closes the writing half of a connection: what is buffered goes out, then a FIN.
///
/// net/inet/tcp.c:tcp_shutdown, RFC 793 p.60. Shutting the reading half does nothing here: the flag alone is set above.
///
/// Kept: shutting the reading half only marks it: data that comes later is acknowledged and can be read
/// (close/shutdown_rd).
#[kfn("net/inet/tcp.c", rfc = "793 p.60")]
pub fn tcp_shutdown(k: &mut Kernel, sk: SockId, how: u8) {
    if how & SEND_SHUTDOWN == 0 {
        note!(k, "only the reading half is shut: the peer is told nothing");
        return;
    }
    match k.sock[sk].state {
        TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::Closing
        | TcpState::LastAck
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::Listen => {
            note!(k, "the writing half is closed already, or was never open");
            return;
        }
        TcpState::None | TcpState::Established | TcpState::SynSent | TcpState::SynRecv | TcpState::CloseWait => {}
    }
    k.set_inuse(sk, true, "tcp_shutdown");
    k.sock[sk].shutdown |= SEND_SHUTDOWN;
    if k.sock[sk].partial.is_some() {
        note!(k, "the segment that waited to be filled goes out now");
        tcp_send_partial(k, sk);
    }
    if tcp_close_state(k, sk, false) {
        tcp_send_fin(k, sk);
    }
    release_sock(k, sk, "tcp_shutdown");
}

/// Closes a connection: drops unread data, sends what is buffered and a FIN, waits for none.
///
/// net/inet/tcp.c:tcp_close, RFC 793 p.60. Kept: unread data draws no RST, as RFC 1122 4.2.2.13 would have it
/// (kept/close_unread);
/// keepalive is switched on, because nobody else would notice that the peer has vanished.
#[kfn("net/inet/tcp.c", rfc = "793 p.60")]
pub fn tcp_close(k: &mut Kernel, sk: SockId, timeout: u32) {
    k.set_inuse(sk, true, "tcp_close");
    if k.sock[sk].state == TcpState::Listen {
        note!(k, "a listener is closed: every connection that nobody accepted is closed with it");
        tcp_set_state(k, sk, TcpState::Close);
        tcp_close_pending(k, sk);
        release_sock(k, sk, "tcp_close");
        return;
    }
    note!(k, "keepalive is switched on: nobody else would notice that the peer has vanished");
    let sock = &mut k.sock[sk];
    sock.keepopen = true;
    sock.shutdown = SHUTDOWN_MASK;
    if !sock.dead {
        state_change(k, sk);
    }
    if timeout == 0 {
        while let Some(skb) = skb_dequeue(k, ListId::Receive(sk)) {
            discard!(k, skb, TcpUnreadAtClose);
            kfree_skb(k, skb, FreeMode::Read);
        }
        if k.sock[sk].partial.is_some() {
            note!(k, "the segment that waited to be filled goes out now");
            tcp_send_partial(k, sk);
        }
    }
    if timeout != 0 {
        tcp_set_state(k, sk, TcpState::Close);
    } else if tcp_close_state(k, sk, true) {
        tcp_send_fin(k, sk);
    }
    release_sock(k, sk, "tcp_close");
}
