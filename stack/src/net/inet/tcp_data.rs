//! TCP, data that arrives: the receive queue, FIN and urgent data
//! (net/inet/tcp.c: tcp_data, tcp_fin, tcp_urg, tcp_check_urg).
//!
//! Promise: every buffer handed in either stands on the receive queue afterwards or is freed; segments on the queue are
//! in the order of their sequence numbers, and none of them is trimmed.

use kfn::kfn;

use super::skbuff::{kfree_skb, skb_append, skb_peek, skb_queue_head, skb_unlink};
use super::sock::{data_ready, sock_rspace, state_change};
use super::tcp::tcp_set_state;
use super::tcp_output::{tcp_reset, tcp_send_ack};
use super::tcp_timer::reset_xmit_timer;
use super::timer::reset_timer;
use crate::include::errno::Errno;
use crate::include::in_addr::InAddr;
use crate::include::sched::TaskId;
use crate::include::seq::Seq;
use crate::include::skbuff::{FreeMode, ListId, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::SockId;
use crate::include::tcp::{
    RCV_SHUTDOWN, SHUTDOWN_MASK, TCP_ACK_TIME, TCP_TIMEWAIT_LEN, TcpHdr, TcpState, TimeReason, URG_NOTYET, URG_VALID,
};
use crate::kernel::Kernel;
use crate::kernel::sched::send_sig;
use crate::net::socket::sock_wake_async;
use crate::{discard, note};

/// Number of the signal for urgent data.
const SIGURG: i32 = 23;

/// Takes in the data and the FIN of a segment that passed all tests, and acknowledges them.
///
/// net/inet/tcp.c:tcp_data, RFC 793 p.74. `len` counts header and data.
///
/// Kept: there is no delayed ACK (delay_acks is never set, data/inorder_burst); overlaps are not trimmed, the reader
/// skips them; data beyond a FIN is accepted and readable (data/data_after_fin); one octet of new data after close() is
/// tolerated, more draw a RST (close/data_after_close_fw1).
#[kfn("net/inet/tcp.c", rfc = "793 p.74")]
pub fn tcp_data(k: &mut Kernel, skb: SkbId, sk: SockId, th: TcpHdr, saddr: InAddr, len: u32) {
    let octets = len.wrapping_sub(th.header_len());
    k.skb[skb].len = octets;
    let sock = &mut k.sock[sk];
    sock.bytes_rcv = sock.bytes_rcv.wrapping_add(octets as u16);
    if octets == 0 && !th.fin {
        if !th.ack {
            note!(k, "Neither data nor FIN nor ACK: it is answered with an ACK.");
            let (sent_seq, acked_seq) = (k.sock[sk].sent_seq, k.sock[sk].acked_seq);
            tcp_send_ack(k, sent_seq, acked_seq, sk, th, saddr);
        }
        discard!(k, skb, TcpPureAck);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    if tcp_data_after_close(k, skb, sk, th, octets) {
        return;
    }
    tcp_data_insert(k, skb, sk, th.seq, octets);
    let end = th.seq + octets + u32::from(th.syn) + u32::from(th.fin);
    k.skb[skb].end_seq = end;
    let sock = &mut k.sock[sk];
    if sock.acked_seq.before(sock.copied_seq) {
        sock.acked_seq = sock.copied_seq;
        k.printk("tcp_data: acked < copied");
    }
    if th.seq.at_or_before(k.sock[sk].acked_seq) {
        tcp_data_in_order(k, skb, sk, th, end);
    } else {
        note!(k, "A segment before it is missing: it waits on the receive queue.");
    }
    let (sent_seq, acked_seq) = (k.sock[sk].sent_seq, k.sock[sk].acked_seq);
    if k.skb[skb].acked {
        note!(k, "What arrived in order is acknowledged at once.");
        tcp_send_ack(k, sent_seq, acked_seq, sk, th, saddr);
    } else {
        tcp_data_hole(k, sk, th, saddr);
    }
    data_ready(k, sk);
}

/// Data for a sock whose reading half is shut and that nobody owns: RST, and the connection is over.
fn tcp_data_after_close(k: &mut Kernel, skb: SkbId, sk: SockId, th: TcpHdr, octets: u32) -> bool {
    let sock = &k.sock[sk];
    if sock.shutdown & RCV_SHUTDOWN == 0 || octets == 0 {
        return false;
    }
    let right = th.seq + octets + u32::from(th.syn);
    if !right.after(sock.acked_seq + 1) || !sock.dead {
        note!(k, "The reading half is shut, but the data is taken all the same.");
        return false;
    }
    let (saddr, daddr, tos, ttl) = (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl);
    note!(k, "New data for a sock that was closed: nobody can ever read it, the peer gets a RST.");
    k.sock[sk].acked_seq = right + u32::from(th.fin);
    let dev = k.skb[skb].dev;
    tcp_reset(k, saddr, daddr, th, dev, tos, ttl);
    k.count(Mib::TcpEstabResets);
    tcp_set_state(k, sk, TcpState::Close);
    k.sock[sk].set_err(Errno::EPIPE);
    k.sock[sk].shutdown = SHUTDOWN_MASK;
    discard!(k, skb, TcpDataAfterClose);
    kfree_skb(k, skb, FreeMode::Read);
    true
}

/// Puts a segment in its place on the receive queue, searching from the end.
fn tcp_data_insert(k: &mut Kernel, skb: SkbId, sk: SockId, seq: Seq, octets: u32) {
    let mut place = k.sock[sk].receive_queue.len();
    while let Some(old) = place.checked_sub(1).and_then(|place| k.sock[sk].receive_queue.get(place).copied()) {
        place -= 1;
        let at = k.skb[old].h_raw;
        let old_seq = Seq(k.skb[old].u32_at(at + 4));
        if seq == old_seq && octets >= k.skb[old].len {
            note!(k, "A segment with the same number and no more data is replaced by this one.");
            skb_append(k, old, skb);
            skb_unlink(k, old);
            discard!(k, old, TcpReplaced);
            kfree_skb(k, old, FreeMode::Read);
            return;
        }
        if seq.at_or_after(old_seq) {
            note!(k, "It goes onto the receive queue, behind the segments with lower numbers.");
            skb_append(k, old, skb);
            return;
        }
    }
    note!(k, "It goes to the head of the receive queue.");
    skb_queue_head(k, ListId::Receive(sk), skb);
}

/// The window shrinks by what is newly in order, and acked_seq moves to `end`.
fn tcp_data_advance(k: &mut Kernel, sk: SockId, end: Seq) {
    let sock = &mut k.sock[sk];
    if end.after(sock.acked_seq) {
        let advance = end.since(sock.acked_seq);
        sock.window = u32::from(sock.window).saturating_sub(advance) as u16;
        sock.acked_seq = end;
    }
}

/// The segment begins where everything before it has arrived; it may bring those that waited behind it into order.
fn tcp_data_in_order(k: &mut Kernel, skb: SkbId, sk: SockId, th: TcpHdr, end: Seq) {
    note!(k, "It is in order: acked_seq moves on.");
    tcp_data_advance(k, sk, end);
    k.skb[skb].acked = true;
    if th.fin {
        tcp_fin(k, skb, sk, th);
    }
    let mut place = k.sock[sk].receive_queue.iter().rposition(|waiting| *waiting == skb).unwrap_or(usize::MAX - 1);
    while let Some(waiting) = k.sock[sk].receive_queue.get(place + 1).copied() {
        place += 1;
        let header = TcpHdr::read(&k.skb[waiting], k.skb[waiting].h_raw);
        if !header.seq.at_or_before(k.sock[sk].acked_seq) {
            break;
        }
        note!(k, "The hole before a waiting segment is filled.");
        let end = k.skb[waiting].end_seq;
        tcp_data_advance(k, sk, end);
        k.skb[waiting].acked = true;
        if header.fin {
            tcp_fin(k, skb, sk, th);
        }
        let sock = &mut k.sock[sk];
        sock.ack_backlog = sock.max_ack_backlog;
    }
    let sock = &mut k.sock[sk];
    let at_once =
        !sock.delay_acks || sock.ack_backlog >= sock.max_ack_backlog || sock.bytes_rcv > sock.max_unacked || th.fin;
    if !at_once {
        sock.ack_backlog = sock.ack_backlog.wrapping_add(1);
        reset_xmit_timer(k, sk, TimeReason::Write, TCP_ACK_TIME as i32);
    }
}

/// Out of order: if memory is short the head of the queue is given up, and the peer is told what is missing.
fn tcp_data_hole(k: &mut Kernel, sk: SockId, th: TcpHdr, saddr: InAddr) {
    while sock_rspace(k, sk) < u32::from(k.sock[sk].mtu) {
        let Some(head) = skb_peek(k, ListId::Receive(sk)) else {
            k.printk("tcp_data: no memory and nothing to give up");
            break;
        };
        if k.skb[head].acked {
            break;
        }
        note!(k, "The receive memory is nearly used up: out-of-order data is given up.");
        skb_unlink(k, head);
        discard!(k, head, TcpOutOfMemoryHole);
        kfree_skb(k, head, FreeMode::Read);
    }
    let (sent_seq, acked_seq) = (k.sock[sk].sent_seq, k.sock[sk].acked_seq);
    note!(k, "A duplicate ACK tells the peer what is still missing.");
    tcp_send_ack(k, sent_seq, acked_seq, sk, th, saddr);
    let sock = &mut k.sock[sk];
    sock.ack_backlog = sock.ack_backlog.wrapping_add(1);
    reset_xmit_timer(k, sk, TimeReason::Write, TCP_ACK_TIME as i32);
}

/// The peer has sent everything: the FIN is in order.
///
/// net/inet/tcp.c:tcp_fin, RFC 793 p.75.
///
/// Kept: RCV_SHUTDOWN is not set here but when the user reads the end (close/passive); a FIN in LAST_ACK starts the
/// minute of TIME_WAIT.
///
/// Kept: a FIN that stands in order behind the first counts as one octet more: TIME_WAIT acknowledges it, and the next
/// one behind it too (kept/time_wait_fins).
#[kfn("net/inet/tcp.c", rfc = "793 p.75")]
pub fn tcp_fin(k: &mut Kernel, skb: SkbId, sk: SockId, th: TcpHdr) {
    let octets = k.skb[skb].len;
    let sock = &mut k.sock[sk];
    sock.fin_seq = th.seq + octets + u32::from(th.syn) + u32::from(th.fin);
    if !sock.dead {
        let socket = sock.socket;
        state_change(k, sk);
        sock_wake_async(k, socket, 1);
    }
    match k.sock[sk].state {
        TcpState::SynRecv | TcpState::SynSent | TcpState::Established => {
            note!(k, "The peer has closed its half; ours stays open: CLOSE_WAIT.");
            tcp_set_state(k, sk, TcpState::CloseWait);
            if th.rst {
                k.sock[sk].shutdown = SHUTDOWN_MASK;
            }
        }
        TcpState::CloseWait | TcpState::Closing => note!(k, "The FIN was seen before."),
        TcpState::Close => note!(k, "The connection is over already."),
        TcpState::TimeWait => {
            note!(k, "The FIN came again, so our ACK was lost: the minute of TIME_WAIT starts afresh.");
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
        }
        TcpState::FinWait1 => {
            if k.sock[sk].ip_xmit_timeout != TimeReason::Write {
                let rto = k.sock[sk].rto;
                reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
            }
            note!(k, "Both sides have closed at once, and our FIN is not acknowledged yet: CLOSING.");
            tcp_set_state(k, sk, TcpState::Closing);
        }
        TcpState::FinWait2 => {
            note!(k, "Now the peer has closed too: TIME_WAIT for a minute.");
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
            k.sock[sk].shutdown |= SHUTDOWN_MASK;
            tcp_set_state(k, sk, TcpState::TimeWait);
        }
        TcpState::None | TcpState::LastAck | TcpState::Listen => {
            note!(k, "A FIN again while ours waits for its ACK: the state is stored, a minute's timer starts.");
            tcp_set_state(k, sk, TcpState::LastAck);
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
        }
    }
}

/// Notes where the urgent byte lies and signals the owner.
///
/// net/inet/tcp.c:tcp_check_urg, RFC 793 p.73.
///
/// Kept: the pointer is read as BSD does, one past the urgent octet (data/urg_pointer_variants).
#[kfn("net/inet/tcp.c", rfc = "793 p.73")]
pub fn tcp_check_urg(k: &mut Kernel, sk: SockId, th: TcpHdr) {
    let place = th.seq + u32::from(th.urg_ptr.saturating_sub(1));
    let sock = &k.sock[sk];
    if sock.copied_seq.after(place) {
        note!(k, "The urgent byte was read long ago.");
        return;
    }
    if sock.urg_data != 0 && !place.after(sock.urg_seq) {
        note!(k, "This urgent byte is known already.");
        return;
    }
    let owner = sock.proc;
    note!(k, "Urgent data is announced.");
    tcp_check_urg_signal(k, owner);
    let sock = &mut k.sock[sk];
    sock.urg_data = URG_NOTYET;
    sock.urg_seq = place;
}

/// SIGURG for the process, or (a negative number) the process group, that asked for it.
fn tcp_check_urg_signal(k: &mut Kernel, owner: i32) {
    if owner > 0
        && let Some(task) = k.task_of_pid(owner)
    {
        send_sig(k, SIGURG, task);
    }
    if owner < 0 {
        let group = owner.wrapping_neg();
        let members: Vec<TaskId> = (1..k.tasks.len())
            .filter(|index| k.tasks.get(*index).is_some_and(|task| task.pgrp == group))
            .map(|index| TaskId(index as u32))
            .collect();
        for task in members {
            send_sig(k, SIGURG, task);
        }
    }
}

/// Takes the urgent byte out of a segment once it arrives.
///
/// net/inet/tcp.c:tcp_urg, RFC 793 p.73. `len` counts header and data.
///
/// Kept: only one urgent octet is remembered; a second one takes its place (data/urg_pointer_variants).
#[kfn("net/inet/tcp.c", rfc = "793 p.73")]
pub fn tcp_urg(k: &mut Kernel, sk: SockId, skb: SkbId, th: TcpHdr, len: u32) {
    if th.urg {
        tcp_check_urg(k, sk, th);
    }
    let sock = &k.sock[sk];
    if sock.urg_data != URG_NOTYET {
        return;
    }
    // Unsigned: an octet before this segment's data gives a huge number.
    let offset = sock.urg_seq.since(th.seq).wrapping_add(th.header_len());
    if offset >= len {
        note!(k, "The urgent byte is not in this segment.");
        return;
    }
    let buffer = &k.skb[skb];
    let octet = buffer.u8_at(buffer.h_raw.saturating_add(offset as usize));
    k.sock[sk].urg_data = URG_VALID | u32::from(octet);
    note!(k, "The urgent byte is here: it can be read out of band.");
    data_ready(k, sk);
}
