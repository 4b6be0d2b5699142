//! The passive side (net/inet/tcp.c): how a SYN becomes a child of the listener, and how accept() finds it.
//!
//! There is no separate queue of connections: the listener's receive_queue holds the SYN buffers, and `sk` of each
//! points at the child that was made for it.

use kfn::kfn;

use super::af_inet::put_sock;
use super::route::ip_rt_route;
use super::skbuff::{kfree_skb, skb_dequeue, skb_queue_tail, skb_unlink};
use super::sock::{data_ready, release_sock};
use super::tcp::same_network;
use super::tcp_connect::{REMOTE_MSS, RETRANSMIT_TIMER, SYN_HEADER, tcp_close};
use super::tcp_input::tcp_options;
use super::tcp_output::{tcp_reset, tcp_select_window, tcp_send_check};
use super::tcp_timer::reset_xmit_timer;
use super::timer::net_timer;
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::O_NONBLOCK;
use crate::include::in_addr::InAddr;
use crate::include::ip::{IPPROTO_TCP, IpHdr};
use crate::include::netdevice::DevId;
use crate::include::route::{RTF_MSS, RTF_WINDOW};
use crate::include::sched::SavedFrame;
use crate::include::seq::Seq;
use crate::include::skbuff::{FreeMode, Gfp, ListId, SIZEOF_SOCK, SkBuffHead, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, Sock, SockId};
use crate::include::tcp::{
    HEADER_SIZE, MAX_SYN_SIZE, MAX_WINDOW, TCP_HEADER, TCP_TIMEOUT_INIT, TCP_WINDOW_DIFF, TCPOPT_MSS, TcpHdr, TcpState,
    TimeReason,
};
use crate::include::timer::{TimerFunction, TimerList};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags, sti};
use crate::kernel::kmalloc::kmalloc;
use crate::kernel::sched::interruptible_sleep_on;
use crate::kernel::sched::leave_wait_queues;
use crate::{discard, note};

/// A SYN has come to a listener: makes a child for it and answers with SYN+ACK.
///
/// net/inet/tcp.c:tcp_conn_request, RFC 793 p.65. `daddr` is our address, `saddr` the peer's, `seq` our first sequence
/// number. Kept: the listener's sleepers are woken before anything is checked; a SYN+FIN is answered by SYN+FIN+ACK,
/// because the answer is a patched copy of the question; listen(fd, 0) accepts nothing (`passive_open/backlog_zero`).
#[kfn("net/inet/tcp.c", rfc = "793 p.65")]
pub fn tcp_conn_request(k: &mut Kernel, sk: SockId, skb: SkbId, daddr: InAddr, saddr: InAddr, dev: DevId, seq: Seq) {
    let th = TcpHdr::read(&k.skb[skb], k.skb[skb].h_raw);
    if k.sock[sk].dead {
        note!(k, "the listener is being closed: the SYN is reset");
        let (tos, ttl) = (k.sock[sk].ip_tos, k.sock[sk].ip_ttl);
        tcp_reset(k, daddr, saddr, th, Some(dev), tos, ttl);
        k.count(Mib::TcpAttemptFails);
        discard!(k, skb, TcpListenDead);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    data_ready(k, sk);
    if k.sock[sk].ack_backlog >= k.sock[sk].max_ack_backlog {
        note!(k, "as many connections as listen() allowed wait already: the SYN is dropped");
        k.count(Mib::TcpAttemptFails);
        discard!(k, skb, TcpBacklogFull);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    let newsk = tcp_conn_request_child(k, sk, skb, daddr, saddr, seq);
    tcp_conn_request_mtu(k, sk, newsk, skb, dev);
    let Some(buff) = (k.sock[newsk].prot.wmalloc)(k, Some(newsk), MAX_SYN_SIZE, true, Gfp::Atomic) else {
        note!(k, "no memory for the SYN+ACK: the listener gets ENOMEM");
        k.sock[sk].set_err(Errno::ENOMEM);
        tcp_conn_request_give_up(k, sk, newsk, skb);
        return;
    };
    let ndev = match tcp_conn_request_build(k, sk, newsk, buff, th, daddr) {
        Ok(ndev) => ndev,
        Err(stop) => {
            note!(k, "there is no way back to the peer: the listener gets the error, with the wrong sign");
            if let Stop::Errno(errno) = stop {
                k.sock[sk].err = -(errno.0 as i16);
            }
            kfree_skb(k, buff, FreeMode::Write);
            tcp_conn_request_give_up(k, sk, newsk, skb);
            return;
        }
    };
    note!(k, "the SYN+ACK goes out and stays on the child's retransmit queue until it is acknowledged");
    (k.sock[newsk].prot.queue_xmit)(k, Some(newsk), Some(ndev), buff, 0);
    reset_xmit_timer(k, newsk, TimeReason::Write, TCP_TIMEOUT_INIT as i32);
    note!(k, "the SYN goes to the listener's receive queue; its owner is now the child");
    let size = k.skb[skb].mem_len;
    k.skb[skb].sk = Some(newsk);
    k.sock[sk].rmem_alloc = k.sock[sk].rmem_alloc.wrapping_sub(size);
    k.sock[newsk].rmem_alloc = k.sock[newsk].rmem_alloc.wrapping_add(size);
    skb_queue_tail(k, ListId::Receive(sk), skb);
    k.sock[sk].ack_backlog = k.sock[sk].ack_backlog.wrapping_add(1);
    release_sock(k, newsk, "tcp_conn_request");
    k.count(Mib::TcpOutSegs);
}

/// The child: a copy of the listener, with everything that belongs to one connection made fresh.
///
/// The copy is why a final ACK can wake accept(): the child sleeps on its parent's wait queue until it has its own.
fn tcp_conn_request_child(k: &mut Kernel, sk: SockId, skb: SkbId, daddr: InAddr, saddr: InAddr, seq: Seq) -> SockId {
    note!(k, "the child is made as a copy of the listener");
    let buffer = &k.skb[skb];
    let th = TcpHdr::read(buffer, buffer.h_raw);
    let tos = IpHdr::read(buffer, buffer.ip_hdr).tos;
    let copy = tcp_conn_request_copy(&k.sock[sk], th);
    let child = Sock {
        parent: sk.serial(),
        acked_seq: th.seq + 1,
        copied_seq: th.seq + 1,
        fin_seq: th.seq,
        write_seq: seq,
        window_seq: seq,
        rcv_ack_seq: seq,
        daddr: saddr,
        saddr: daddr,
        ip_tos: tos,
        ..copy
    };
    let num = child.num;
    kmalloc(k, SIZEOF_SOCK, Gfp::Atomic);
    let newsk = k.insert_sock(child, Some(sk));
    k.store_state(newsk, TcpState::SynRecv);
    put_sock(k, num, newsk);
    newsk
}

/// The bytewise copy of the listener, its queues, timers, estimates and flags made those of a new connection.
///
/// What is not named here is inherited: sleep, prot, options of the user, and inuse, for the listener is locked.
///
/// Kept: the pointer to the table of groups is inherited too, so parent and child share one table: what one joins the
/// other can leave (multicast/tcp_child_shares_memberships).
fn tcp_conn_request_copy(listener: &Sock, syn: TcpHdr) -> Sock {
    let net_timer = TimerFunction { name: "net_timer", call: net_timer };
    Sock {
        send_head: None,
        send_tail: None,
        back_log: SkBuffHead::new(),
        write_queue: SkBuffHead::new(),
        receive_queue: SkBuffHead::new(),
        partial: None,
        partial_timer: TimerList::default(),
        timer: TimerList { function: Some(net_timer), queued: None, ..listener.timer },
        retransmit_timer: TimerList { function: Some(RETRANSMIT_TIMER), ..TimerList::default() },
        timeout: TimeReason::None,
        ip_xmit_timeout: TimeReason::None,
        rtt: 0,
        mdev: 0,
        rto: TCP_TIMEOUT_INIT,
        backoff: 0,
        retransmits: 0,
        max_window: 0,
        max_unacked: (MAX_WINDOW - TCP_WINDOW_DIFF) as u16,
        cong_window: 1,
        cong_count: 0,
        ssthresh: 0,
        wmem_alloc: 0,
        rmem_alloc: 0,
        ack_backlog: 0,
        err: 0,
        shutdown: 0,
        urg_data: 0,
        proc: 0,
        blog: false,
        done: false,
        linger: false,
        destroy: false,
        dummy_th: TcpHdr {
            source: syn.dest,
            dest: syn.source,
            doff: 6,
            res1: 0,
            res2: 0,
            fin: false,
            syn: false,
            rst: false,
            psh: false,
            ack: false,
            urg: false,
            ..listener.dummy_th
        },
        pair: None,
        socket: None,
        next: None,
        ..listener.clone()
    }
}

/// The MSS of the child: what we would take, then what the SYN asks for.
///
/// Kept: a route's MSS is diminished by 64 here, while connect() takes it as it is (`passive_open/route_mss_window`);
/// and here is no smallest value (`passive_open/user_mss`).
///
/// Kept: 64 octets are set aside for headers where there are 40, so that 1436 are offered on an Ethernet (data/loss_one)
/// and 512 to hosts on other networks (passive_open/user_mss).
fn tcp_conn_request_mtu(k: &mut Kernel, sk: SockId, newsk: SockId, skb: SkbId, dev: DevId) {
    let (ours, peer) = (k.sock[newsk].saddr, k.sock[newsk].daddr);
    let route = ip_rt_route(k, peer, None);
    let clamp = route.as_ref().filter(|route| route.rt_flags & RTF_WINDOW != 0).map_or(0, |route| route.rt_window);
    k.sock[newsk].window_clamp = clamp;
    let user_mss = k.sock[sk].user_mss;
    let device = k.device(dev);
    let (pa_mask, device_mtu) = (device.pa_mask, u32::from(device.mtu));
    let wanted = if user_mss != 0 {
        note!(k, "the user of the listener has chosen the segment size");
        u32::from(user_mss)
    } else if let Some(route) = route.filter(|route| route.rt_flags & RTF_MSS != 0) {
        note!(k, "the route prescribes the segment size, less 64 for headers");
        u32::from(route.rt_mss).wrapping_sub(HEADER_SIZE) & 0xffff
    } else if same_network(k, ours, peer, peer, pa_mask) {
        note!(k, "the peer is on our network: segments may be as long as the device allows");
        MAX_WINDOW
    } else {
        note!(k, "the peer is behind a gateway: 512 bytes pass every network");
        REMOTE_MSS
    };
    k.sock[newsk].mtu = wanted.min(device_mtu.wrapping_sub(HEADER_SIZE)) as u16;
    let th = k.skb[skb].h_raw;
    tcp_options(k, newsk, skb, th);
}

/// Builds the SYN+ACK of the child in the buffer.
///
/// Kept: the buffer's h.seq is the initial sequence number, not the number behind the SYN
/// (passive_open/synack_rexmit).
///
/// Kept: the checksum is made with the address the SYN came to (`asked`), not with the one the answer leaves from: where
/// IP has replaced a loopback address it is wrong, and only the retransmission is good (tcp_frames/syn_to_127_bad_checksum).
fn tcp_conn_request_build(
    k: &mut Kernel,
    sk: SockId,
    newsk: SockId,
    buff: SkbId,
    syn: TcpHdr,
    asked: InAddr,
) -> KResult<DevId> {
    let (tos, ttl) = (k.sock[sk].ip_tos, k.sock[sk].ip_ttl);
    let child = &k.sock[newsk];
    let (saddr, daddr, localroute) = (child.saddr, child.daddr, child.localroute);
    let buffer = &mut k.skb[buff];
    buffer.len = SYN_HEADER;
    buffer.sk = Some(newsk);
    buffer.localroute = localroute;
    let header = BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len: MAX_SYN_SIZE, tos, ttl };
    let (offset, ndev) = (k.sock[newsk].prot.build_header)(k, header)?;
    let window = tcp_select_window(k, newsk);
    let child = &mut k.sock[newsk];
    child.window = window;
    let first = child.write_seq;
    child.write_seq += 1;
    child.sent_seq = child.write_seq;
    let th = TcpHdr {
        source: syn.dest,
        dest: syn.source,
        seq: first,
        ack_seq: child.acked_seq,
        window,
        doff: 6,
        res1: 0,
        res2: 0,
        rst: false,
        urg: false,
        psh: false,
        syn: true,
        ack: true,
        ..syn
    };
    let [high, low] = child.mtu.to_be_bytes();
    let daddr = child.daddr;
    let th_offset = offset as usize;
    let buffer = &mut k.skb[buff];
    buffer.len = buffer.len.saturating_add(offset);
    buffer.dev = Some(ndev);
    buffer.h_raw = th_offset;
    buffer.h_seq = first;
    buffer.put(th_offset, &th.bytes());
    buffer.put(th_offset + TCP_HEADER, &[TCPOPT_MSS, 4, high, low]);
    tcp_send_check(k, buff, th_offset, asked, daddr, SYN_HEADER);
    Ok(ndev)
}

/// The child cannot live: it dies by its timer, and the SYN is freed on the listener's account.
fn tcp_conn_request_give_up(k: &mut Kernel, sk: SockId, newsk: SockId, skb: SkbId) {
    k.sock[newsk].dead = true;
    k.store_state(newsk, TcpState::Close);
    release_sock(k, newsk, "tcp_conn_request");
    k.skb[skb].sk = Some(sk);
    discard!(k, skb, TcpNoMemory);
    kfree_skb(k, skb, FreeMode::Read);
    k.count(Mib::TcpAttemptFails);
}

/// Finds the first connection on a listener's queue that is ready to be accepted.
///
/// net/inet/tcp.c:tcp_find_established. Kept: ready is whatever is neither SYN_SENT nor SYN_RECV, so also a child that
/// was reset or timed out before anybody accepted it (`passive_open/rst_in_syn_recv`).
#[kfn("net/inet/tcp.c")]
pub fn tcp_find_established(k: &mut Kernel, s: SockId) -> Option<SkbId> {
    let ready = |skb: &&SkbId| {
        let Some(child) = k.skb[**skb].sk else { return false };
        match k.sock[child].state {
            TcpState::None | TcpState::SynSent | TcpState::SynRecv => false,
            TcpState::Established
            | TcpState::FinWait1
            | TcpState::FinWait2
            | TcpState::TimeWait
            | TcpState::Close
            | TcpState::CloseWait
            | TcpState::LastAck
            | TcpState::Listen
            | TcpState::Closing => true,
        }
    };
    k.sock[s].receive_queue.iter().find(ready).copied()
}

/// Takes the first connection that is ready off the listener's queue.
///
/// net/inet/tcp.c:tcp_dequeue_established.
#[kfn("net/inet/tcp.c")]
pub fn tcp_dequeue_established(k: &mut Kernel, s: SockId) -> Option<SkbId> {
    let flags = save_flags(k);
    cli(k);
    let skb = tcp_find_established(k, s);
    if let Some(skb) = skb {
        skb_unlink(k, skb);
    }
    restore_flags(k, flags, "tcp_dequeue_established");
    skb
}

/// Closes every connection that was waiting to be accepted when its listener closes.
///
/// net/inet/tcp.c:tcp_close_pending. Kept: each child gets a FIN, not a RST, and lives on as an orphan
/// (`passive_open/close_listener_pending`).
#[kfn("net/inet/tcp.c")]
pub fn tcp_close_pending(k: &mut Kernel, sk: SockId) {
    while let Some(skb) = skb_dequeue(k, ListId::Receive(sk)) {
        if let Some(child) = k.skb[skb].sk {
            k.sock[child].dead = true;
            tcp_close(k, child, 0);
        }
        kfree_skb(k, skb, FreeMode::Read);
    }
}

/// Takes a finished connection from the listener, or sleeps until there is one.
///
/// net/inet/tcp.c:tcp_accept. No segment is sent here: the handshake was over before accept() could return. Kept: the
/// listener is held with interrupts off from the start, so a SYN that arrives meanwhile is taken only when the process
/// sleeps (`back_log/accept_held_by_cli`).
#[kfn("net/inet/tcp.c")]
pub fn tcp_accept(k: &mut Kernel, sk: SockId, flags: i32) -> KResult<SockId> {
    let mut slept = k.take_frame(|frame| matches!(frame, SavedFrame::TcpAccept)).is_some();
    if slept {
        leave_wait_queues(k);
    } else {
        if k.sock[sk].state != TcpState::Listen {
            return tcp_accept_error(k, sk, Errno::EINVAL);
        }
        cli(k);
        k.set_inuse(sk, true, "tcp_accept");
    }
    let skb = loop {
        if slept {
            if k.signal_pending() {
                sti(k, "tcp_accept");
                note!(k, "a signal ends the sleep: EINTR");
                return tcp_accept_error(k, sk, Errno::ERESTARTSYS);
            }
            note!(k, "something has happened to the listener: the process looks through the queue again");
            k.set_inuse(sk, true, "tcp_accept");
        }
        if let Some(skb) = tcp_dequeue_established(k, sk) {
            break skb;
        }
        if flags & O_NONBLOCK != 0 {
            note!(k, "no connection is ready and the caller does not want to wait: EAGAIN");
            sti(k, "tcp_accept");
            release_sock(k, sk, "tcp_accept");
            return tcp_accept_error(k, sk, Errno::EAGAIN);
        }
        release_sock(k, sk, "tcp_accept");
        let Some(queue) = k.sock[sk].sleep else { return tcp_accept_error(k, sk, Errno::EINVAL) };
        note!(k, "no connection is ready: the process sleeps");
        interruptible_sleep_on(k, queue, SavedFrame::TcpAccept)?;
        slept = true;
    };
    sti(k, "tcp_accept");
    let newsk = k.skb[skb].sk;
    note!(k, "the SYN has served: the child it stands for becomes the conversation");
    kfree_skb(k, skb, FreeMode::Read);
    k.sock[sk].ack_backlog = k.sock[sk].ack_backlog.wrapping_sub(1);
    release_sock(k, sk, "tcp_accept");
    newsk.ok_or(Stop::Errno(Errno::EINVAL))
}

/// The original leaves the error in `sk->err`, where inet_accept collects and clears it: a pending one is lost.
fn tcp_accept_error(k: &mut Kernel, sk: SockId, errno: Errno) -> KResult<SockId> {
    k.sock[sk].err = 0;
    fail(errno)
}
