//! How data reaches the user (net/inet/tcp.c): tcp_read walks the receive queue, sleeps if there is nothing, and
//! afterwards cleanup_rbuf gives the memory back and tells the peer about the new window.

use kfn::kfn;

use super::skbuff::{kfree_skb, skb_peek, skb_unlink};
use super::sock::{release_sock, sock_rspace, sock_wfree};
use super::tcp_output::{tcp_select_window, tcp_send_check};
use super::tcp_timer::reset_xmit_timer;
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::ip::IPPROTO_TCP;
use crate::include::sched::{SavedFrame, TaskState};
use crate::include::seq::{HZ, Seq};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkBuff, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, SockId, UserArea};
use crate::include::socket::{MSG_OOB, MSG_PEEK, SO_WAITDATA};
use crate::include::tcp::{
    MAX_ACK_SIZE, RCV_SHUTDOWN, TCP_ACK_TIME, TCP_HEADER, TcpHdr, TcpState, TimeReason, URG_READ, URG_VALID,
};
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::irq::plans;
use crate::kernel::sched::{add_wait_queue, remove_wait_queue, schedule};
use crate::kernel::timer::{add_timer, del_timer};
use crate::kernel::user::{copy_skb_tofs, memcpy_tofs, put_fs_byte};
use crate::note;

/// A read in progress: the locals of tcp_read.
struct Reader {
    sk: SockId,
    area: UserArea,
    copied: u32,
    /// MSG_PEEK reads with a sequence number of its own; otherwise the sock's copied_seq is the reader's place.
    peek: bool,
    peek_seq: Seq,
}

impl Reader {
    fn left(&self) -> u32 {
        self.area.len.saturating_sub(self.copied)
    }

    /// `*seq` of the original.
    fn seq(&self, k: &Kernel) -> Seq {
        if self.peek { self.peek_seq } else { k.sock[self.sk].copied_seq }
    }

    fn advance(&mut self, k: &mut Kernel, octets: u32) {
        if self.peek {
            self.peek_seq += octets;
        } else {
            k.sock[self.sk].copied_seq += octets;
        }
    }
}

/// What a walk over the receive queue finds.
enum Found {
    /// Data for the reader at an offset of the segment.
    Data(SkbId, u32),
    /// The FIN is next.
    Fin(SkbId),
    /// Nothing, or a hole.
    Nothing,
}

/// Reads the urgent byte that is kept out of the stream.
///
/// net/inet/tcp.c:tcp_read_urg, RFC 793 p.42 (`data/urg_in`). Kept: it never waits; an octet that is announced but has
/// not arrived is EAGAIN in every mode (kept/urgent_announced).
#[kfn("net/inet/tcp.c", rfc = "793 p.42")]
pub fn tcp_read_urg(k: &mut Kernel, sk: SockId, area: UserArea, flags: i32) -> KResult<u32> {
    let sock = &mut k.sock[sk];
    if sock.urginline || sock.urg_data == 0 || sock.urg_data == URG_READ {
        note!(k, "there is no urgent byte outside the stream: EINVAL");
        return fail(Errno::EINVAL);
    }
    if let Some(errno) = sock.take_err() {
        note!(k, "a pending error is reported first");
        return fail(errno);
    }
    if sock.state == TcpState::Close || sock.done {
        if !sock.done {
            sock.done = true;
            return Ok(0);
        }
        return fail(Errno::ENOTCONN);
    }
    if sock.shutdown & RCV_SHUTDOWN != 0 {
        sock.done = true;
        return Ok(0);
    }
    k.set_inuse(sk, true, "tcp_read_urg");
    let urgent = k.sock[sk].urg_data;
    let result = if urgent & URG_VALID != 0 {
        if flags & MSG_PEEK == 0 {
            k.sock[sk].urg_data = URG_READ;
        }
        note!(k, "the urgent byte is delivered");
        put_fs_byte(k, urgent as u8, area.address);
        Ok(1)
    } else {
        note!(k, "the urgent byte is announced but has not arrived: EAGAIN");
        fail(Errno::EAGAIN)
    };
    release_sock(k, sk, "tcp_read_urg");
    result
}

/// Reads from a connection: copies what lies in sequence, or sleeps until something does.
///
/// net/inet/tcp.c:tcp_read, RFC 793 p.58. One segment after another is copied, never across the urgent mark. Kept: the
/// process declares itself asleep before it looks, so nothing that arrives in between is lost
/// (`back_log/read_before_sleep`); a read after the connection died returns 0 once and ENOTCONN from then on.
///
/// Kept: what has been read is freed before back_log is replayed, so the ACK of the replay offers another window than
/// an arrival would have drawn (back_log/read_data).
#[kfn("net/inet/tcp.c", rfc = "793 p.58")]
pub fn tcp_read(k: &mut Kernel, sk: SockId, area: UserArea, nonblock: bool, flags: i32) -> KResult<u32> {
    let peek = flags & MSG_PEEK != 0;
    let slept = k.take_frame(|frame| matches!(frame, SavedFrame::TcpRead { .. }));
    let mut reader = Reader { sk, area, copied: 0, peek, peek_seq: k.sock[sk].copied_seq };
    let outcome = if let Some(SavedFrame::TcpRead { copied, seq }) = slept {
        reader.copied = copied;
        reader.peek_seq = seq;
        match tcp_read_woken(k, &reader) {
            Ok(()) => tcp_read_loop(k, &mut reader, nonblock),
            Err(stop) => Err(stop),
        }
    } else {
        if k.sock[sk].state == TcpState::Listen {
            note!(k, "a listener has no data: ENOTCONN");
            return fail(Errno::ENOTCONN);
        }
        if flags & MSG_OOB != 0 {
            return tcp_read_urg(k, sk, area, flags);
        }
        if let Some(queue) = k.sock[sk].sleep {
            add_wait_queue(k, queue);
        }
        k.set_inuse(sk, true, "tcp_read");
        tcp_read_loop(k, &mut reader, nonblock)
    };
    if outcome == Err(Stop::Sleep) {
        return Err(Stop::Sleep);
    }
    if let Some(queue) = k.sock[sk].sleep {
        remove_wait_queue(k, queue);
    }
    k.current_mut().state = TaskState::Running;
    cleanup_rbuf(k, sk);
    release_sock(k, sk, "tcp_read");
    outcome.map(|()| reader.copied)
}

/// Behind the sleep: the sock is taken again; a signal ends the read.
fn tcp_read_woken(k: &mut Kernel, reader: &Reader) -> KResult<()> {
    if let Some(socket) = k.sock[reader.sk].socket {
        k.sockets[socket].flags &= !SO_WAITDATA;
    }
    k.set_inuse(reader.sk, true, "tcp_read");
    if k.signal_pending() {
        note!(k, "a signal ends the sleep: EINTR");
        return fail(Errno::ERESTARTSYS);
    }
    Ok(())
}

/// The rounds of a read, until the user has enough or there is nothing more to wait for.
fn tcp_read_loop(k: &mut Kernel, reader: &mut Reader, nonblock: bool) -> KResult<()> {
    let sk = reader.sk;
    while reader.left() > 0 {
        let sock = &k.sock[sk];
        if reader.copied > 0 && sock.urg_data != 0 && sock.urg_seq == reader.seq(k) {
            note!(k, "the urgent mark is reached: a read never crosses it");
            break;
        }
        k.current_mut().state = TaskState::Interruptible;
        let end = match tcp_read_find(k, reader) {
            Found::Data(skb, offset) => tcp_read_copy(k, reader, skb, offset),
            Found::Fin(skb) => Some(skb),
            Found::Nothing => {
                if tcp_read_nothing(k, reader, nonblock)? {
                    break;
                }
                None
            }
        };
        if let Some(fin) = end {
            tcp_read_eof(k, reader, fin);
            break;
        }
    }
    Ok(())
}

/// Looks through the receive queue for the reader's next octet; segments behind the reader are marked as used up.
fn tcp_read_find(k: &mut Kernel, reader: &Reader) -> Found {
    let seq = reader.seq(k);
    for skb in &k.sock[reader.sk].receive_queue {
        let skb = *skb;
        let segment = &mut k.skb[skb];
        let th = TcpHdr::read(segment, segment.h_raw);
        if seq.before(th.seq) {
            note!(k, "the next segment starts further on: there is a hole in front of it");
            break;
        }
        let offset = seq.since(th.seq).wrapping_sub(u32::from(th.syn));
        if offset < segment.len {
            return Found::Data(skb, offset);
        }
        if th.fin {
            return Found::Fin(skb);
        }
        segment.used |= !reader.peek;
    }
    Found::Nothing
}

/// Copies from one segment; the segment is returned if it is exhausted and carries the FIN.
///
/// The place moves before the copy, so that two readers of one socket never get the same octet.
fn tcp_read_copy(k: &mut Kernel, reader: &mut Reader, skb: SkbId, offset: u32) -> Option<SkbId> {
    let sk = reader.sk;
    let mut offset = offset;
    let segment = &mut k.skb[skb];
    segment.users = segment.users.wrapping_add(1);
    let mut used = segment.len.saturating_sub(offset).min(reader.left());
    let sock = &k.sock[sk];
    if sock.urg_data != 0 {
        let distance = sock.urg_seq.since(reader.seq(k));
        if distance < used {
            if distance != 0 {
                note!(k, "the read stops in front of the urgent byte");
                used = distance;
            } else if !sock.urginline {
                note!(k, "the urgent byte is left out of the stream");
                reader.advance(k, 1);
                offset += 1;
                used -= 1;
            }
        }
    }
    note!(k, "data lies in sequence: it is copied to the user");
    reader.advance(k, used);
    let segment = &k.skb[skb];
    let th = TcpHdr::read(segment, segment.h_raw);
    let from = segment.h_raw + th.header_len() as usize + offset as usize;
    let address = reader.area.address.wrapping_add(reader.copied);
    if from >= segment.h_raw + TCP_HEADER && !plans(k) {
        copy_skb_tofs(k, address, skb, from, used as usize);
    } else {
        let bytes = tcp_read_octets(segment, from, used as usize);
        memcpy_tofs(k, address, &bytes, "tcp_read");
    }
    reader.copied = reader.copied.saturating_add(used);
    let sock = &mut k.sock[sk];
    if sock.copied_seq.after(sock.urg_seq) {
        sock.urg_data = 0;
    }
    let segment = &mut k.skb[skb];
    segment.users = segment.users.wrapping_sub(1);
    if used.saturating_add(offset) < segment.len {
        return None;
    }
    if th.fin {
        return Some(skb);
    }
    note!(k, "the segment is read to its end");
    k.skb[skb].used |= !reader.peek;
    None
}

/// The octets of a segment as its user sees them.
///
/// A header that says it is shorter than 20 octets lets the user read the rest of it as data. There stand the numbers
/// that the original stored in place: the sequence number, and the one behind the segment where the acknowledgement
/// number was, lowest octet first.
fn tcp_read_octets(segment: &SkBuff, from: usize, used: usize) -> Vec<u8> {
    let mut octets = segment.bytes_at(from, used).to_vec();
    let seq = segment.u32_at(segment.h_raw + 4).to_le_bytes();
    let stored = seq.into_iter().chain(segment.end_seq.0.to_le_bytes());
    for (place, octet) in (segment.h_raw + 4..).zip(stored) {
        if let Some(seen) = place.checked_sub(from).and_then(|index| octets.get_mut(index)) {
            *seen = octet;
        }
    }
    octets
}

/// The reader has come to the FIN: the reading half is shut here, not when the FIN arrived.
fn tcp_read_eof(k: &mut Kernel, reader: &mut Reader, skb: SkbId) {
    note!(k, "the FIN is next: end of the stream");
    reader.advance(k, 1);
    if !reader.peek {
        k.skb[skb].used = true;
        k.sock[reader.sk].shutdown |= RCV_SHUTDOWN;
    }
}

/// Nothing lies in sequence: true ends the read, false means that the process was woken and looks again.
fn tcp_read_nothing(k: &mut Kernel, reader: &Reader, nonblock: bool) -> KResult<bool> {
    let sk = reader.sk;
    if reader.copied > 0 {
        return Ok(true);
    }
    let sock = &mut k.sock[sk];
    if let Some(errno) = sock.take_err() {
        note!(k, "a pending error is reported");
        return fail(errno);
    }
    if sock.state == TcpState::Close {
        if sock.done {
            note!(k, "the end was reported before: ENOTCONN");
            return fail(Errno::ENOTCONN);
        }
        sock.done = true;
        note!(k, "the connection is gone: 0 is returned once");
        return Ok(true);
    }
    if sock.shutdown & RCV_SHUTDOWN != 0 {
        sock.done = true;
        note!(k, "the reading half is shut: 0 is returned");
        return Ok(true);
    }
    if nonblock {
        note!(k, "nothing to read and the caller does not want to wait: EAGAIN");
        return fail(Errno::EAGAIN);
    }
    cleanup_rbuf(k, sk);
    release_sock(k, sk, "tcp_read");
    if let Some(socket) = k.sock[sk].socket {
        k.sockets[socket].flags |= SO_WAITDATA;
    }
    note!(k, "nothing to read: the process gives up the processor, unless something arrived just now");
    schedule(k, SavedFrame::TcpRead { copied: reader.copied, seq: reader.peek_seq })?;
    tcp_read_woken(k, reader)?;
    Ok(false)
}

/// Reads from a connection and says who the peer is.
///
/// net/inet/tcp.c:tcp_recvfrom.
#[kfn("net/inet/tcp.c")]
pub fn tcp_recvfrom(
    k: &mut Kernel,
    sk: SockId,
    area: UserArea,
    nonblock: bool,
    flags: i32,
) -> KResult<(u32, Option<[u8; 16]>)> {
    let read = tcp_read(k, sk, area, nonblock, flags)?;
    Ok((read, Some(k.sock[sk].peer().bytes())))
}

/// Gives back the memory of what has been read, and tells the peer of the larger window.
///
/// net/inet/tcp.c:cleanup_rbuf, RFC 1122 4.2.3.3. The news goes out at once if a full segment more can be offered,
/// otherwise within 3 s. Kept: whether a timer that runs already may stay is decided by looking at the expiry of
/// another timer, `sk->timer` (data/read_blocks).
///
/// Kept: one segment more is news enough, so a reader of large segments sends an ACK with every read, where a kernel of
/// today waits until the window has doubled (data/fill_rcvbuf).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.3")]
pub fn cleanup_rbuf(k: &mut Kernel, sk: SockId) {
    let before = sock_rspace(k, sk);
    while let Some(skb) = skb_peek(k, ListId::Receive(sk)) {
        let segment = &k.skb[skb];
        if !segment.used || segment.users != 0 {
            break;
        }
        skb_unlink(k, skb);
        k.skb[skb].sk = Some(sk);
        kfree_skb(k, skb, FreeMode::Read);
    }
    let space = sock_rspace(k, sk);
    if space == before {
        return;
    }
    note!(k, "the memory of segments read to their end is free: an ACK with the new window is owed");
    let sock = &mut k.sock[sk];
    sock.ack_backlog = sock.ack_backlog.wrapping_add(1);
    let offered = u32::from(sock.window).wrapping_sub(u32::from(sock.bytes_rcv)).wrapping_add(u32::from(sock.mtu));
    if space > offered {
        note!(k, "a full segment more fits the window: the peer is told at once");
        tcp_read_wakeup(k, sk);
        return;
    }
    let was_running = del_timer(k, TimerId::Retransmit(sk));
    if !was_running || TCP_ACK_TIME < k.sock[sk].timer.expires {
        note!(k, "the window has grown by less than a segment: the peer is told within 3 s");
        reset_xmit_timer(k, sk, TimeReason::Write, TCP_ACK_TIME as i32);
    } else {
        note!(k, "the timer runs for something else already: it is left as it was");
        add_timer(k, TimerId::Retransmit(sk));
    }
}

/// Sends an ACK that is owed: acknowledgement and window as they are now.
///
/// net/inet/tcp.c:tcp_read_wakeup.
#[kfn("net/inet/tcp.c")]
pub fn tcp_read_wakeup(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].ack_backlog == 0 {
        return;
    }
    if matches!(k.sock[sk].state, TcpState::Close | TcpState::TimeWait) {
        note!(k, "the connection is over: nothing is owed any more");
        return;
    }
    let Some(buff) = (k.sock[sk].prot.wmalloc)(k, Some(sk), MAX_ACK_SIZE, true, Gfp::Atomic) else {
        note!(k, "no memory for an ACK: it is tried again in a second");
        reset_xmit_timer(k, sk, TimeReason::Write, HZ as i32);
        return;
    };
    let sock = &k.sock[sk];
    let (saddr, daddr, tos, ttl, localroute) = (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl, sock.localroute);
    let buffer = &mut k.skb[buff];
    buffer.len = TCP_HEADER as u32;
    buffer.sk = Some(sk);
    buffer.localroute = localroute;
    let header = BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len: MAX_ACK_SIZE, tos, ttl };
    let Ok((offset, dev)) = (k.sock[sk].prot.build_header)(k, header) else {
        k.skb[buff].free = 1;
        let size = k.skb[buff].mem_len;
        sock_wfree(k, sk, buff, size);
        return;
    };
    let sock = &mut k.sock[sk];
    sock.ack_backlog = 0;
    sock.bytes_rcv = 0;
    let window = tcp_select_window(k, sk);
    let sock = &mut k.sock[sk];
    sock.window = window;
    let th = TcpHdr { seq: sock.sent_seq, ack_seq: sock.acked_seq, ack: true, window, doff: 5, ..sock.dummy_th };
    let saddr = sock.saddr;
    let th_offset = offset as usize;
    let buffer = &mut k.skb[buff];
    buffer.len = buffer.len.saturating_add(offset);
    buffer.dev = Some(dev);
    buffer.h_raw = th_offset;
    buffer.put_octets(th_offset, th.bytes());
    tcp_send_check(k, buff, th_offset, saddr, daddr, TCP_HEADER as u32);
    (k.sock[sk].prot.queue_xmit)(k, Some(sk), Some(dev), buff, 1);
    k.count(Mib::TcpOutSegs);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::include::skbuff::PacketBytes;

    #[test]
    fn a_header_that_says_it_is_short_shows_the_numbers_stored_in_place() {
        let mut segment =
            SkBuff { h_raw: 2, end_seq: Seq(0x0a0b_0c0d), data: PacketBytes::zeroed(24), ..SkBuff::default() };
        segment.put(2, &(1..=22).collect::<Vec<u8>>());
        let whole = tcp_read_octets(&segment, 2, 22);
        assert_eq!(whole[..12], [1, 2, 3, 4, 8, 7, 6, 5, 0x0d, 0x0c, 0x0b, 0x0a]);
        assert_eq!(whole[12..], (13..=22).collect::<Vec<u8>>());
        assert_eq!(tcp_read_octets(&segment, 22, 2), [21, 22], "an honest header shows none of it");
    }
}
