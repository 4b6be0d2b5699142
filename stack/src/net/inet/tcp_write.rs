//! How data leaves the user (net/inet/tcp.c): tcp_write cuts it into segments; a small tail is parked as the partial
//! segment, which is how 1.2.13 does Nagle's algorithm.

use kfn::kfn;

use super::sock::{release_sock, sock_wfree};
use super::tcp_output::{tcp_build_header, tcp_send_skb};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{AF_INET, SockaddrIn};
use crate::include::ip::IPPROTO_TCP;
use crate::include::sched::{Point, SavedFrame};
use crate::include::seq::HZ;
use crate::include::skbuff::{Gfp, SkbId};
use crate::include::sock::{BuildHeader, Sock, SockId, UserArea};
use crate::include::socket::{MSG_DONTROUTE, MSG_OOB, SIGPIPE, SO_NOSPACE};
use crate::include::tcp::{SEND_SHUTDOWN, TCP_HEADER, TcpHdr, TcpState};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, irq_window, restore_flags, save_flags, sti};
use crate::kernel::sched::leave_wait_queues;
use crate::kernel::sched::{interruptible_sleep_on, send_sig};
use crate::kernel::timer::{add_timer, del_timer, init_timer};
use crate::kernel::user::copy_fromfs_to_skb;
use crate::note;

/// Room that a segment gets to grow in, besides the largest segment and the headers.
const GROWING_ROOM: u32 = 128;

/// What the partial timer does.
const PARTIAL_TIMER: TimerFunction = TimerFunction { name: "tcp_send_partial", call: tcp_partial_timer };

/// A write in progress: the locals of tcp_write.
struct Writer {
    sk: SockId,
    area: UserArea,
    copied: u32,
    nonblock: bool,
    flags: i32,
}

impl Writer {
    fn left(&self) -> u32 {
        self.area.len.saturating_sub(self.copied)
    }

    fn urgent(&self) -> bool {
        self.flags & MSG_OOB != 0
    }

    /// What the user gets when the write ends early: the octets taken so far, or the error if there are none.
    fn copied_or(&self, errno: Errno) -> KResult<Option<u32>> {
        if self.copied > 0 { Ok(Some(self.copied)) } else { fail(errno) }
    }

    /// The next `length` octets of the user go into a buffer, at `offset` or behind what it holds.
    fn take(&mut self, k: &mut Kernel, length: u32, skb: SkbId, offset: Option<usize>) {
        irq_window(k, Point::MemcpyFromfs, "tcp_write");
        let offset = offset.unwrap_or(k.skb[skb].len as usize);
        copy_fromfs_to_skb(k, self.area.address.wrapping_add(self.copied), length, skb, offset);
        self.copied += length;
    }
}

/// A state in which data may be sent.
fn may_send(state: TcpState) -> bool {
    matches!(state, TcpState::Established | TcpState::CloseWait)
}

/// Cuts data into segments and hands them on; sleeps while memory or handshake is missing.
///
/// net/inet/tcp.c:tcp_write, RFC 793 p.56 and RFC 1122 4.2.3.4. Kept: the sock is let go before every allocation, so
/// segments that wait on back_log are handled in the middle of a write (observed 50); an error that turns up meanwhile
/// is wiped at the end (`back_log/write_rst`).
///
/// Kept: with MSG_OOB every segment of the write carries URG, each with its own length as the pointer (data/urg_out).
#[kfn("net/inet/tcp.c", rfc = "793 p.56")]
pub fn tcp_write(k: &mut Kernel, sk: SockId, area: UserArea, nonblock: bool, flags: i32) -> KResult<u32> {
    let mut writer = Writer { sk, area, copied: 0, nonblock, flags };
    let mut connecting = false;
    if let Some(SavedFrame::TcpWrite { copied, memory }) =
        k.take_frame(|frame| matches!(frame, SavedFrame::TcpWrite { .. }))
    {
        writer.copied = copied;
        connecting = !memory;
        leave_wait_queues(k);
        if let Some(result) = tcp_write_woken(k, &writer)? {
            return Ok(result);
        }
    } else {
        k.set_inuse(sk, true, "tcp_write");
    }
    while writer.left() > 0 && k.oops.is_none() {
        let sock = &k.sock[sk];
        let refused = sock.err != 0 || sock.shutdown & SEND_SHUTDOWN != 0;
        if refused
            && !connecting
            && let Some(result) = tcp_write_refused(k, &writer)?
        {
            return Ok(result);
        }
        connecting = false;
        if !may_send(k.sock[sk].state)
            && let Some(result) = tcp_write_wait_connected(k, &writer)?
        {
            return Ok(result);
        }
        if let Some(skb) = tcp_dequeue_partial(k, sk) {
            tcp_write_fill_partial(k, &mut writer, skb);
        } else if let Some(result) = tcp_write_segment(k, &mut writer)? {
            return Ok(result);
        }
    }
    let sock = &mut k.sock[sk];
    sock.err = 0;
    let may_go = sock.packets_out == 0 || (sock.nonagle && sock.write_seq.before(sock.window_seq));
    let parked = sock.partial.is_some();
    if parked && may_go {
        note!(k, "nothing is in flight, or the user wants no delay: the small segment goes out");
        tcp_send_partial(k, sk);
    } else if parked {
        note!(k, "the small segment is parked until all is acknowledged, it is full, or a second has passed");
    }
    release_sock(k, sk, "tcp_write");
    Ok(writer.copied)
}

/// An error, or a shut writing half, ends the write.
fn tcp_write_refused(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    let sk = writer.sk;
    if k.sock[sk].err != 0 {
        note!(k, "a pending error ends the write");
        return tcp_write_error(k, writer);
    }
    if k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
        note!(k, "the writing half is shut: EPIPE");
        release_sock(k, sk, "tcp_write");
        k.sock[sk].set_err(Errno::EPIPE);
        if writer.copied == 0 {
            k.sock[sk].err = 0;
        }
        return writer.copied_or(Errno::EPIPE);
    }
    Ok(None)
}

/// Lets the sock go and reports its pending error, unless octets were taken: then the error stays for the next call.
fn tcp_write_error(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    release_sock(k, writer.sk, "tcp_write");
    if writer.copied > 0 {
        return Ok(Some(writer.copied));
    }
    let errno = k.sock[writer.sk].take_err().unwrap_or(Errno(0));
    fail(errno)
}

/// Waits until the handshake is over.
fn tcp_write_wait_connected(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    let sk = writer.sk;
    while !may_send(k.sock[sk].state) {
        if k.sock[sk].err != 0 {
            return tcp_write_error(k, writer);
        }
        if !matches!(k.sock[sk].state, TcpState::SynSent | TcpState::SynRecv) {
            return tcp_write_not_connected(k, writer);
        }
        if writer.nonblock || writer.copied > 0 {
            note!(k, "the handshake is not over and the caller does not want to wait");
            release_sock(k, sk, "tcp_write");
            return writer.copied_or(Errno::EAGAIN);
        }
        release_sock(k, sk, "tcp_write");
        cli(k);
        if !may_send(k.sock[sk].state) && k.sock[sk].err == 0 {
            note!(k, "the handshake is not over: the process sleeps");
            tcp_write_sleep(k, writer, false)?;
            if let Some(result) = tcp_write_woken(k, writer)? {
                return Ok(Some(result));
            }
        } else {
            tcp_write_take_again(k, sk);
        }
    }
    Ok(None)
}

/// No connection, and none on its way: EPIPE, with SIGPIPE only if keepalive is on.
fn tcp_write_not_connected(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    let sk = writer.sk;
    note!(k, "there is no connection to write to: EPIPE");
    release_sock(k, sk, "tcp_write");
    if writer.copied > 0 {
        return Ok(Some(writer.copied));
    }
    if let Some(errno) = k.sock[sk].take_err() {
        return fail(errno);
    }
    if k.sock[sk].keepopen
        && let Some(task) = k.current
    {
        send_sig(k, SIGPIPE, task);
    }
    fail(Errno::EPIPE)
}

fn tcp_write_sleep(k: &mut Kernel, writer: &Writer, memory: bool) -> KResult<()> {
    let Some(queue) = k.sock[writer.sk].sleep else { return Ok(()) };
    interruptible_sleep_on(k, queue, SavedFrame::TcpWrite { copied: writer.copied, memory })
}

/// Behind a sleep: a signal ends the write, otherwise the sock is taken again.
fn tcp_write_woken(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    if k.signal_pending() {
        note!(k, "a signal ends the sleep");
        sti(k, "tcp_write");
        return writer.copied_or(Errno::ERESTARTSYS);
    }
    tcp_write_take_again(k, writer.sk);
    Ok(None)
}

fn tcp_write_take_again(k: &mut Kernel, sk: SockId) {
    k.set_inuse(sk, true, "tcp_write");
    sti(k, "tcp_write");
}

/// Adds data to the segment that was parked, and sends it if it is full, urgent, or nothing is in flight.
fn tcp_write_fill_partial(k: &mut Kernel, writer: &mut Writer, skb: SkbId) {
    let sk = writer.sk;
    let buffer = &k.skb[skb];
    let header = (buffer.h_raw as u32).saturating_add(TcpHdr::read(buffer, buffer.h_raw).header_len());
    if !writer.urgent() {
        note!(k, "the parked segment is filled up first");
        let room = u32::from(k.sock[sk].mss).wrapping_sub(k.skb[skb].len.wrapping_sub(header));
        let mut copy = room.min(writer.left());
        if copy as i32 <= 0 {
            k.printk("TCP: **bug**: \"copy\" <= 0!!");
            copy = 0;
        }
        writer.take(k, copy, skb, None);
        let buffer = &mut k.skb[skb];
        buffer.len = buffer.len.saturating_add(copy);
        k.sock[sk].write_seq += copy;
    }
    let full = k.skb[skb].len.wrapping_sub(header) >= u32::from(k.sock[sk].mss);
    if full || writer.urgent() || k.sock[sk].packets_out == 0 {
        tcp_send_skb(k, sk, skb);
    } else {
        tcp_enqueue_partial(k, skb, sk);
    }
}

/// How long the next segment is: what the window leaves, or a whole segment if that would be a silly little piece.
fn tcp_write_size(sock: &Sock, writer: &Writer) -> u32 {
    let room = sock.window_seq.since(sock.write_seq) as i32;
    let silly = room <= 0 || room < i32::from(sock.max_window >> 1) || room > i32::from(sock.mss);
    let copy = if silly { u32::from(sock.mss) } else { room as u32 };
    copy.min(writer.left())
}

/// Builds one segment and sends, queues or parks it.
fn tcp_write_segment(k: &mut Kernel, writer: &mut Writer) -> KResult<Option<u32>> {
    let sk = writer.sk;
    let sock = &k.sock[sk];
    let copy = tcp_write_size(sock, writer);
    let (mss, mtu, prot) = (u32::from(sock.mss), u32::from(sock.mtu), sock.prot);
    if copy == 0 {
        k.oops("the peer allows segments of 0 octets: tcp_write builds empty segments for ever");
        return Ok(Some(writer.copied));
    }
    let growing = copy < mss && !writer.urgent();
    let size = if growing { mtu + GROWING_ROOM } else { copy } + prot.max_header;
    if growing {
        note!(k, "less than a whole segment: its buffer gets room to grow");
    } else {
        note!(k, "a segment is built; before its buffer is allocated the sock is let go for a moment");
    }
    release_sock(k, sk, "tcp_write");
    let allocated = (prot.wmalloc)(k, Some(sk), size, false, Gfp::Kernel);
    k.set_inuse(sk, true, "tcp_write");
    let Some(skb) = allocated else { return tcp_write_wait_memory(k, writer) };
    let Some(data) = tcp_write_header(k, writer, skb, copy)? else { return Ok(Some(writer.copied)) };
    writer.take(k, copy, skb, Some(data));
    let buffer = &mut k.skb[skb];
    buffer.len = buffer.len.saturating_add(copy);
    buffer.free = 0;
    let sock = &mut k.sock[sk];
    sock.write_seq += copy;
    if growing && sock.packets_out != 0 {
        note!(k, "a small segment, and something is in flight: it is parked and may grow (Nagle)");
        tcp_enqueue_partial(k, skb, sk);
    } else {
        tcp_send_skb(k, sk, skb);
    }
    Ok(None)
}

/// Link, IP and TCP header of a data segment: where its data begins; None ends the write with what was taken.
fn tcp_write_header(k: &mut Kernel, writer: &Writer, skb: SkbId, copy: u32) -> KResult<Option<usize>> {
    let sk = writer.sk;
    let sock = &k.sock[sk];
    let (saddr, daddr, tos, ttl, build_header) =
        (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl, sock.prot.build_header);
    let localroute = sock.localroute || writer.flags & MSG_DONTROUTE != 0;
    let buffer = &mut k.skb[skb];
    buffer.len = 0;
    buffer.sk = Some(sk);
    buffer.free = 0;
    buffer.localroute = localroute;
    let len = buffer.mem_len;
    let header = BuildHeader { skb, saddr, daddr, dev: None, type_: IPPROTO_TCP, len, tos, ttl };
    let (offset, dev) = match build_header(k, header) {
        Ok(built) => built,
        Err(stop) => {
            note!(k, "there is no way to the peer any more");
            sock_wfree(k, sk, skb, len);
            release_sock(k, sk, "tcp_write");
            return if writer.copied > 0 { Ok(None) } else { Err(stop) };
        }
    };
    let buffer = &mut k.skb[skb];
    buffer.len = buffer.len.saturating_add(offset).saturating_add(TCP_HEADER as u32);
    buffer.dev = Some(dev);
    buffer.h_raw = offset as usize;
    let mut th = TcpHdr::default();
    tcp_build_header(k, &mut th, sk, writer.left().saturating_sub(copy));
    if writer.urgent() {
        note!(k, "urgent data: the pointer stands behind the last byte of this segment");
        th.urg = true;
        th.urg_ptr = copy as u16;
    }
    let start = offset as usize;
    k.skb[skb].put_octets(start, th.bytes());
    Ok(Some(start + TCP_HEADER))
}

/// The send memory is used up: waits until some comes free.
///
/// Whether any did is told by comparing the amount in use before and after the sock was let go.
fn tcp_write_wait_memory(k: &mut Kernel, writer: &Writer) -> KResult<Option<u32>> {
    let sk = writer.sk;
    let socket = k.sock[sk].socket;
    if let Some(socket) = socket {
        k.sockets[socket].flags |= SO_NOSPACE;
    }
    if writer.nonblock {
        note!(k, "the send memory is used up and the caller does not want to wait");
        release_sock(k, sk, "tcp_write");
        return writer.copied_or(Errno::EAGAIN);
    }
    let in_use = k.sock[sk].wmem_alloc;
    release_sock(k, sk, "tcp_write");
    cli(k);
    let sock = &k.sock[sk];
    if in_use <= sock.wmem_alloc && may_send(sock.state) && sock.err == 0 {
        note!(k, "the send memory is used up: the process sleeps until an ACK frees some");
        if let Some(socket) = socket {
            k.sockets[socket].flags &= !SO_NOSPACE;
        }
        tcp_write_sleep(k, writer, true)?;
        return tcp_write_woken(k, writer);
    }
    tcp_write_take_again(k, sk);
    Ok(None)
}

/// Writes to a connection like write(), for a caller that names the peer once more.
///
/// net/inet/tcp.c:tcp_sendto.
#[kfn("net/inet/tcp.c")]
pub fn tcp_sendto(
    k: &mut Kernel,
    sk: SockId,
    area: UserArea,
    nonblock: bool,
    flags: i32,
    addr: &[u8],
    addr_len: i32,
) -> KResult<u32> {
    if !k.resuming() {
        if flags & !(MSG_OOB | MSG_DONTROUTE) != 0 {
            return fail(Errno::EINVAL);
        }
        if k.sock[sk].state == TcpState::Close {
            return fail(Errno::ENOTCONN);
        }
        if addr_len < SockaddrIn::SIZE as i32 {
            return fail(Errno::EINVAL);
        }
        let named = SockaddrIn::read(addr);
        if named.sin_family != 0 && named.sin_family != AF_INET {
            return fail(Errno::EINVAL);
        }
        let sock = &k.sock[sk];
        if named.sin_port != sock.dummy_th.dest || named.sin_addr != sock.daddr {
            note!(k, "the address is not that of the peer: EISCONN");
            return fail(Errno::EISCONN);
        }
    }
    tcp_write(k, sk, area, nonblock, flags)
}

/// Takes the parked segment away, and its timer with it.
///
/// net/inet/tcp.c:tcp_dequeue_partial.
#[kfn("net/inet/tcp.c")]
pub fn tcp_dequeue_partial(k: &mut Kernel, sk: SockId) -> Option<SkbId> {
    let flags = save_flags(k);
    cli(k);
    let skb = k.sock[sk].partial.take();
    if skb.is_some() {
        del_timer(k, TimerId::Partial(sk));
    }
    restore_flags(k, flags, "tcp_dequeue_partial");
    skb
}

/// Sends the parked segment.
///
/// net/inet/tcp.c:tcp_send_partial.
#[kfn("net/inet/tcp.c")]
pub fn tcp_send_partial(k: &mut Kernel, sk: SockId) {
    while let Some(skb) = tcp_dequeue_partial(k, sk) {
        tcp_send_skb(k, sk, skb);
    }
}

/// Parks a segment that may still grow; it goes out at the latest after a second.
///
/// net/inet/tcp.c:tcp_enqueue_partial, RFC 896 (`data/partial_timer`). A segment that was parked before is sent now.
///
/// Kept: one second is the limit, as RFC 1122 4.2.3.4 allows, where RFC 896 and a kernel of today wait for the
/// acknowledgement alone (kept/partial_second).
#[kfn("net/inet/tcp.c", rfc = "896")]
pub fn tcp_enqueue_partial(k: &mut Kernel, skb: SkbId, sk: SockId) {
    let flags = save_flags(k);
    cli(k);
    let old = k.sock[sk].partial.take();
    if old.is_some() {
        del_timer(k, TimerId::Partial(sk));
    }
    k.sock[sk].partial = Some(skb);
    init_timer(k, TimerId::Partial(sk), PARTIAL_TIMER);
    k.sock[sk].partial_timer.expires = HZ;
    add_timer(k, TimerId::Partial(sk));
    restore_flags(k, flags, "tcp_enqueue_partial");
    if let Some(old) = old {
        tcp_send_skb(k, sk, old);
    }
}

/// The parked segment has waited a second: it is sent.
///
/// net/inet/tcp.c:tcp_send_partial as the function of partial_timer . Kept: it does not look whether the sock is in use
/// (data/partial_timer).
pub fn tcp_partial_timer(k: &mut Kernel, timer: TimerId) {
    if let TimerId::Partial(sk) = timer {
        tcp_send_partial(k, sk);
    }
}
