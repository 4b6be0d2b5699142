//! What the transports without a connection share (net/inet/datagram.c): waiting for a datagram, copying it, select.

use kfn::kfn;

use super::skbuff::{kfree_skb, skb_dequeue, skb_peek};
use super::sock::{release_sock, sock_wspace};
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::sched::{SavedFrame, WaitQueueId};
use crate::include::skbuff::{FreeMode, ListId, SkbId};
use crate::include::sock::SockId;
use crate::include::socket::{MSG_PEEK, SOCK_SEQPACKET};
use crate::include::tcp::{MIN_WRITE_SPACE, RCV_SHUTDOWN, TcpState};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::kernel::sched::leave_wait_queues;
use crate::kernel::sched::{add_wait_queue, interruptible_sleep_on};
use crate::kernel::user::memcpy_tofs;
use crate::note;

/// Waits for a datagram and takes it, or looks at it.
///
/// net/inet/datagram.c:skb_recv_datagram. `Ok(None)` is the end: the reading half is shut. A buffer comes back with the
/// sock in use, so the caller releases it.
///
/// Kept: it returns with the sock still in use; the caller lets go of it after the copy, and meanwhile the bottom half
/// queues datagrams past the lock (back_log/udp_recv_datagram).
#[kfn("net/inet/datagram.c")]
pub fn skb_recv_datagram(k: &mut Kernel, sk: SockId, flags: i32, noblock: bool) -> KResult<Option<SkbId>> {
    let woken = k.take_frame(|frame| matches!(frame, SavedFrame::SkbRecvDatagram)).is_some();
    if woken {
        leave_wait_queues(k);
        skb_recv_datagram_woken(k, sk)?;
        restore_flags(k, true, "skb_recv_datagram");
    } else {
        k.set_inuse(sk, true, "skb_recv_datagram");
    }
    loop {
        while k.sock[sk].receive_queue.is_empty() {
            if !skb_recv_datagram_wait(k, sk, noblock)? {
                return Ok(None);
            }
        }
        if flags & MSG_PEEK != 0 {
            let saved = save_flags(k);
            cli(k);
            let peeked = skb_peek(k, ListId::Receive(sk)).map(|skb| hold(k, skb));
            restore_flags(k, saved, "skb_recv_datagram");
            return peeked.map_or(fail(Errno::EAGAIN), |skb| Ok(Some(skb)));
        }
        if let Some(skb) = skb_dequeue(k, ListId::Receive(sk)) {
            return Ok(Some(hold(k, skb)));
        }
    }
}

fn hold(k: &mut Kernel, skb: SkbId) -> SkbId {
    let users = &mut k.skb[skb].users;
    *users = users.saturating_add(1);
    skb
}

/// The queue is empty: fails, ends (false), or sleeps and goes on (true).
fn skb_recv_datagram_wait(k: &mut Kernel, sk: SockId, noblock: bool) -> KResult<bool> {
    let sock = &mut k.sock[sk];
    let stop = if sock.shutdown & RCV_SHUTDOWN != 0 {
        note!(k, "the reading half is shut: this is the end");
        release_sock(k, sk, "skb_recv_datagram");
        return Ok(false);
    } else if sock.err != 0 {
        sock.take_err()
    } else if sock.type_ == SOCK_SEQPACKET && sock.state != TcpState::Established {
        Some(Errno::ENOTCONN)
    } else if noblock {
        Some(Errno::EAGAIN)
    } else {
        None
    };
    release_sock(k, sk, "skb_recv_datagram");
    if let Some(errno) = stop {
        note!(k, "nothing waits to be read, and the call must not wait either");
        return Err(Stop::Errno(errno));
    }
    let saved = save_flags(k);
    cli(k);
    if k.sock[sk].receive_queue.is_empty() {
        note!(k, "the process sleeps until a datagram comes");
        let Some(queue) = queue_of(k, sk) else { return fail(Errno::EINVAL) };
        interruptible_sleep_on(k, queue, SavedFrame::SkbRecvDatagram)?;
        skb_recv_datagram_woken(k, sk)?;
    } else {
        k.set_inuse(sk, true, "skb_recv_datagram");
    }
    restore_flags(k, saved, "skb_recv_datagram");
    Ok(true)
}

fn queue_of(k: &Kernel, sk: SockId) -> Option<WaitQueueId> {
    k.sock[sk].sleep
}

/// Right behind the sleep: a signal and a pending error end the call.
fn skb_recv_datagram_woken(k: &mut Kernel, sk: SockId) -> KResult<()> {
    if k.signal_pending() {
        note!(k, "a signal ended the wait");
        restore_flags(k, true, "skb_recv_datagram");
        return fail(Errno::ERESTARTSYS);
    }
    if let Some(errno) = k.sock[sk].take_err() {
        note!(k, "an error ended the wait");
        restore_flags(k, true, "skb_recv_datagram");
        return Err(Stop::Errno(errno));
    }
    k.set_inuse(sk, true, "skb_recv_datagram");
    Ok(())
}

/// The reader is done with a datagram: the last one frees it, unless it was only looked at.
///
/// net/inet/datagram.c:skb_free_datagram.
#[kfn("net/inet/datagram.c")]
pub fn skb_free_datagram(k: &mut Kernel, skb: SkbId) {
    let buffer = &mut k.skb[skb];
    buffer.users = buffer.users.saturating_sub(1);
    if buffer.users > 0 || buffer.list.is_some() {
        return;
    }
    kfree_skb(k, skb, FreeMode::Read);
}

/// Copies a part of a datagram to the user.
///
/// net/inet/datagram.c:skb_copy_datagram.
#[kfn("net/inet/datagram.c", skip(from))]
pub fn skb_copy_datagram(k: &mut Kernel, skb: SkbId, offset: u32, to: u32, size: u32, from: &'static str) {
    let buffer = &k.skb[skb];
    let start = buffer.h_raw.saturating_add(offset as usize);
    let mut bytes = buffer.bytes_at(start, size as usize).to_vec();
    bytes.resize(size as usize, 0);
    memcpy_tofs(k, to, &bytes, from);
}

/// Tells whether a connectionless sock is ready, and puts the process on its queue if asked.
///
/// net/inet/datagram.c:datagram_select. Kept: a shut reading half does not make it readable
/// (kept/udp_shut_select).
#[kfn("net/inet/datagram.c")]
pub fn datagram_select(k: &mut Kernel, sk: SockId, sel_type: u8, wait: bool) -> bool {
    if wait && let Some(queue) = queue_of(k, sk) {
        add_wait_queue(k, queue);
    }
    let sock = &k.sock[sk];
    let sequential = sock.type_ == SOCK_SEQPACKET;
    match sel_type {
        1 => (sequential && sock.state == TcpState::Close) || !sock.receive_queue.is_empty() || sock.err != 0,
        2 => !(sequential && sock.state == TcpState::SynSent) && sock_wspace(k, sk) >= MIN_WRITE_SPACE,
        4 => sock.err != 0,
        _ => false,
    }
}
