//! What every transport shares (net/inet/sock.c): the lock that is a plain flag, the accounting of buffers, the callbacks.
//!
//! Promise: what is charged to a sock is counted in `wmem_alloc` and `rmem_alloc` and nowhere else; a sock whose `inuse`
//! is set by a process is left alone by interrupts, and what they brought meanwhile is replayed by `release_sock`.

use kfn::kfn;

use super::skbuff::{alloc_skb, kfree_skbmem, skb_dequeue, skb_queue_tail};
use super::timer::reset_timer;
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::ip::Delivery;
use crate::include::netdevice::DevId;
use crate::include::sched::{Point, SavedFrame, TaskId, TaskState, WaitQueueId};
use crate::include::skbuff::{Gfp, ListId, SkbId};
use crate::include::sock::{Sock, SockId};
use crate::include::socket::{SO_NOSPACE, SocketId};
use crate::include::tcp::{MAX_WINDOW, MIN_WINDOW, SEND_SHUTDOWN, TCP_DONE_TIME, TcpState, TimeReason};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, irq_window, nobody_comes_or_looks, restore_flags, save_flags, sti};
use crate::kernel::probe::Event;
use crate::kernel::sched::leave_wait_queues;
use crate::kernel::sched::{interruptible_sleep_on, wake_up_interruptible};
use crate::net::socket::sock_wake_async;
use crate::note;

/// Makes a buffer that is charged to a sock's send memory.
///
/// net/inet/sock.c:sock_wmalloc. Kept: the test counts the payload, the charge the payload and the structure, so the last
/// buffer may overshoot the limit (back_log/write_wait_memory). `force` is for ACK, RST, FIN and
/// SYN+ACK, which may always be sent.
#[kfn("net/inet/sock.c")]
pub fn sock_wmalloc(k: &mut Kernel, sk: Option<SockId>, size: u32, force: bool, priority: Gfp) -> Option<SkbId> {
    irq_window(k, Point::SockWmalloc, "sock_wmalloc");
    let Some(sk) = sk else { return alloc_skb(k, size, priority) };
    let sock = &k.sock[sk];
    let room = sock.wmem_alloc.saturating_add(size) < u32::from(sock.sndbuf);
    if !room && !force {
        note!(k, "the send memory of the sock is used up");
        return None;
    }
    let skb = alloc_skb(k, size, priority)?;
    let charge = k.skb[skb].mem_len;
    let flags = save_flags(k);
    cli(k);
    let sock = &mut k.sock[sk];
    sock.wmem_alloc = sock.wmem_alloc.wrapping_add(charge);
    restore_flags(k, flags, "sock_wmalloc");
    Some(skb)
}

/// Octets of receive window that the sock's memory allows (net/inet/sock.c:sock_rspace).
///
/// Kept: the arithmetic is unsigned, so a receive buffer below 4096 octets yields the largest window
/// (kept/rcvbuf_small).
///
/// Kept: it is never more than 14335, half of the largest receive buffer of 32767 less 2048, whatever SO_RCVBUF asks
/// for (kept/largest_window).
#[must_use]
pub fn sock_rspace(k: &Kernel, sk: SockId) -> u32 {
    k.sock.get(sk).map_or(0, rspace_of)
}

/// [`sock_rspace`] for whoever has the sock at hand.
#[must_use]
pub fn rspace_of(sock: &Sock) -> u32 {
    let limit = u32::from(sock.rcvbuf);
    if sock.rmem_alloc >= limit.wrapping_sub(2 * MIN_WINDOW) {
        return 0;
    }
    (limit.wrapping_sub(sock.rmem_alloc) / 2).wrapping_sub(MIN_WINDOW).min(MAX_WINDOW)
}

/// Octets of send memory that are free (net/inet/sock.c:sock_wspace).
#[must_use]
pub fn sock_wspace(k: &Kernel, sk: SockId) -> u32 {
    let Some(sock) = k.sock.get(sk) else { return 0 };
    if sock.shutdown & SEND_SHUTDOWN != 0 {
        return 0;
    }
    u32::from(sock.sndbuf).saturating_sub(sock.wmem_alloc)
}

/// Frees a send buffer and tells a writer that there is room again.
///
/// net/inet/sock.c:sock_wfree.
#[kfn("net/inet/sock.c")]
pub fn sock_wfree(k: &mut Kernel, sk: SockId, skb: SkbId, size: u32) {
    kfree_skbmem(k, skb, size);
    let flags = save_flags(k);
    cli(k);
    let sock = &mut k.sock[sk];
    sock.wmem_alloc = sock.wmem_alloc.wrapping_sub(size);
    restore_flags(k, flags, "sock_wfree");
    if !k.sock[sk].dead {
        write_space(k, sk);
    }
}

/// Frees a received buffer.
///
/// net/inet/sock.c:sock_rfree.
#[kfn("net/inet/sock.c")]
pub fn sock_rfree(k: &mut Kernel, sk: SockId, skb: SkbId, size: u32) {
    kfree_skbmem(k, skb, size);
    let flags = save_flags(k);
    cli(k);
    let sock = &mut k.sock[sk];
    sock.rmem_alloc = sock.rmem_alloc.wrapping_sub(size);
    restore_flags(k, flags, "sock_rfree");
}

/// Unlocks a sock: first replays what arrived while it was in use.
///
/// net/inet/sock.c:release_sock. `from` names the caller. Kept: somebody who comes while the queue is being drained goes
/// away without touching the lock (back_log/read_data); a dead sock in CLOSE gets the timer that
/// destroys it (back_log/reuse_after_close_rst).
#[kfn("net/inet/sock.c", skip(from))]
pub fn release_sock(k: &mut Kernel, sk: SockId, from: &'static str) {
    irq_window(k, Point::ReleaseSock, from);
    let unseen = nobody_comes_or_looks(k);
    let sock = &mut k.sock[sk];
    if unseen && !sock.blog && sock.back_log.is_empty() {
        // Nothing waits, and nothing can come while interrupts are off for a moment that nobody sees.
        sock.inuse = false;
    } else if !release_sock_drain(k, sk) {
        return;
    }
    let sock = &k.sock[sk];
    if sock.dead && sock.state == TcpState::Close {
        note!(k, "nobody owns the sock and it is closed: the timer will destroy it");
        let delay = k.sock[sk].rtt.saturating_mul(2).min(TCP_DONE_TIME);
        reset_timer(k, sk, TimeReason::Done, delay as i32);
    }
}

/// Replays what waits on the back_log, and lets the sock go; false if somebody else is about it already.
fn release_sock_drain(k: &mut Kernel, sk: SockId) -> bool {
    let flags = save_flags(k);
    cli(k);
    if k.sock[sk].blog {
        restore_flags(k, flags, "release_sock");
        return false;
    }
    k.sock[sk].blog = true;
    k.set_inuse(sk, true, "release_sock");
    restore_flags(k, flags, "release_sock");
    while let Some(skb) = skb_dequeue(k, ListId::BackLog(sk)) {
        announce_dequeue(k, sk, skb, "release_sock");
        k.sock[sk].blog = true;
        release_sock_replay(k, sk, skb);
        if k.oops.is_some() {
            return false;
        }
    }
    k.sock[sk].blog = false;
    k.set_inuse(sk, false, "release_sock");
    true
}

/// One segment of the back_log goes through the transport again, as a replay.
fn release_sock_replay(k: &mut Kernel, sk: SockId, skb: SkbId) {
    let buffer = &k.skb[skb];
    let delivery = Delivery {
        skb,
        dev: buffer.dev.unwrap_or(DevId(0)),
        opt: false,
        daddr: buffer.saddr,
        len: buffer.len as u16,
        saddr: buffer.daddr,
        redo: true,
    };
    let skb_len = buffer.len;
    let process = !k.in_interrupt;
    k.emit(|_| Event::ReplayEnter { sk, skb_len, process });
    if let Some(rcv) = k.sock[sk].prot.rcv {
        note!(k, "a segment that came while the sock was in use is handled now");
        rcv(k, delivery);
    }
    k.emit(|_| Event::ReplayExit { sk });
}

/// Tells the probe that a buffer left the back_log.
#[track_caller]
pub fn announce_dequeue(k: &mut Kernel, sk: SockId, skb: SkbId, function: &'static str) {
    k.emit(|k| {
        let buffer = &k.skb[skb];
        let len = k.sock[sk].back_log.len() as u32;
        let list = ListId::BackLog(sk);
        Event::Dequeue { sk, list, function, len, skb_len: buffer.len, mem_len: buffer.mem_len }
    });
}

/// Queues a datagram for the reader, if the receive memory still has room.
///
/// net/inet/sock.c:sock_queue_rcv_skb. On ENOMEM the caller frees the buffer.
///
/// Kept: the sum wraps at 32 bits, so a count that has fallen below zero refuses whatever does not lift it to zero again
/// (multicast/ttl_zero_frees_on_the_receive_side).
#[kfn("net/inet/sock.c")]
pub fn sock_queue_rcv_skb(k: &mut Kernel, sk: SockId, skb: SkbId) -> KResult<()> {
    let charge = k.skb[skb].mem_len;
    if k.sock[sk].rmem_alloc.wrapping_add(charge) >= u32::from(k.sock[sk].rcvbuf) {
        note!(k, "the receive memory is used up: the datagram is refused");
        return fail(Errno::ENOMEM);
    }
    let sock = &mut k.sock[sk];
    sock.rmem_alloc = sock.rmem_alloc.wrapping_add(charge);
    k.skb[skb].sk = Some(sk);
    skb_queue_tail(k, ListId::Receive(sk), skb);
    if !k.sock[sk].dead {
        data_ready(k, sk);
    }
    Ok(())
}

/// Gets send memory for a datagram, and sleeps until there is some.
///
/// net/inet/sock.c:sock_alloc_send_skb. Kept: the sock stays in use while the process sleeps; a request larger than the
/// whole send buffer sleeps until a signal comes (udp/sendto_too_big_blocks).
#[kfn("net/inet/sock.c")]
pub fn sock_alloc_send_skb(k: &mut Kernel, sk: SockId, size: u32, noblock: bool) -> KResult<SkbId> {
    let mut woken = k.take_frame(|frame| matches!(frame, SavedFrame::SockAllocSendSkb)).is_some();
    if woken {
        leave_wait_queues(k);
    } else {
        k.set_inuse(sk, true, "sock_alloc_send_skb");
    }
    loop {
        if !woken {
            if let Some(skb) = sock_alloc_send_skb_try(k, sk, size, noblock)? {
                return Ok(skb);
            }
            let before = k.sock[sk].wmem_alloc;
            cli(k);
            if k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
                sti(k, "sock_alloc_send_skb");
                return fail(Errno::EPIPE);
            }
            if before <= k.sock[sk].wmem_alloc {
                note!(k, "no buffer has come back meanwhile: the process sleeps until one does");
                clear_nospace(k, sk);
                sock_alloc_send_skb_sleep(k, sk)?;
                woken = true;
            }
        }
        if std::mem::take(&mut woken) && k.signal_pending() {
            note!(k, "a signal ended the sleep");
            return fail(Errno::ERESTARTSYS);
        }
        sti(k, "sock_alloc_send_skb");
    }
}

/// Sleeps on the sock's queue; a sock without one (its socket is gone) cannot sleep.
fn sock_alloc_send_skb_sleep(k: &mut Kernel, sk: SockId) -> KResult<()> {
    match k.sock[sk].sleep {
        Some(queue) => interruptible_sleep_on(k, queue, SavedFrame::SockAllocSendSkb),
        None => fail(Errno::EPIPE),
    }
}

/// One attempt: the buffer, or None if the process has to wait for one.
fn sock_alloc_send_skb_try(k: &mut Kernel, sk: SockId, size: u32, noblock: bool) -> KResult<Option<SkbId>> {
    if let Some(errno) = k.sock[sk].take_err() {
        note!(k, "an error was pending: it is reported, once, and nothing is sent");
        return Err(Stop::Errno(errno));
    }
    if k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
        return fail(Errno::EPIPE);
    }
    if let Some(skb) = sock_wmalloc(k, Some(sk), size, false, Gfp::Kernel) {
        return Ok(Some(skb));
    }
    if let Some(socket) = k.sock[sk].socket {
        k.sockets[socket].flags |= SO_NOSPACE;
    }
    if noblock {
        note!(k, "there is no room and the socket does not block: EAGAIN");
        return fail(Errno::EAGAIN);
    }
    if k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
        return fail(Errno::EPIPE);
    }
    Ok(None)
}

fn clear_nospace(k: &mut Kernel, sk: SockId) {
    if let Some(socket) = k.sock[sk].socket {
        k.sockets[socket].flags &= !SO_NOSPACE;
    }
}

/// Wakes whoever sleeps on the sock: its state has changed.
///
/// net/inet/af_inet.c:def_callback1.
#[kfn("net/inet/af_inet.c")]
pub fn def_callback1(k: &mut Kernel, sk: SockId) {
    if !k.sock[sk].dead {
        let queue = k.sock[sk].sleep;
        wake_up_interruptible(k, queue);
    }
}

/// Wakes whoever sleeps on the sock as data has come; SIGIO if no reader is asleep.
///
/// net/inet/af_inet.c:def_callback2.
#[kfn("net/inet/af_inet.c")]
pub fn def_callback2(k: &mut Kernel, sk: SockId) {
    wake_and_signal(k, sk, 1);
}

/// Wakes whoever sleeps on the sock, and sends SIGIO to a writer that found no room.
///
/// net/inet/af_inet.c:def_callback3.
#[kfn("net/inet/af_inet.c")]
pub fn def_callback3(k: &mut Kernel, sk: SockId) {
    wake_and_signal(k, sk, 2);
}

fn wake_and_signal(k: &mut Kernel, sk: SockId, how: i32) {
    let sock = &k.sock[sk];
    if !sock.dead {
        let (queue, socket) = (sock.sleep, sock.socket);
        if !k.probe_is_on() && nobody_to_wake(k, queue, socket) {
            return;
        }
        wake_up_interruptible(k, queue);
        sock_wake_async(k, socket, how);
    }
}

/// Whether nobody sleeps on a queue and no file of a socket asked for SIGIO: waking would change nothing. It is asked for
/// each buffer that comes back, and nearly always so.
fn nobody_to_wake(k: &Kernel, queue: Option<WaitQueueId>, socket: Option<SocketId>) -> bool {
    let awake = |task: &TaskId| k.tasks.get(task.0 as usize).is_none_or(|task| task.state != TaskState::Interruptible);
    let waiters = queue.and_then(|queue| k.wait_queue(queue));
    waiters.is_none_or(|waiters| (0..waiters.len()).all(|place| waiters.get(place).is_none_or(awake)))
        && socket.is_none_or(|socket| k.sockets.get(socket).is_some_and(|socket| socket.fasync_list.is_empty()))
}

/// `sk->state_change`: set to def_callback1 for every sock.
pub fn state_change(k: &mut Kernel, sk: SockId) {
    def_callback1(k, sk);
}

/// `sk->data_ready`: set to def_callback2 for every sock.
pub fn data_ready(k: &mut Kernel, sk: SockId) {
    def_callback2(k, sk);
}

/// `sk->write_space`: set to def_callback3 for every sock.
pub fn write_space(k: &mut Kernel, sk: SockId) {
    def_callback3(k, sk);
}

/// `sk->error_report`: set to def_callback1 for every sock.
pub fn error_report(k: &mut Kernel, sk: SockId) {
    def_callback1(k, sk);
}

pub use super::sock_options::{sock_getsockopt, sock_setsockopt};
