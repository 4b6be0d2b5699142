//! TCP, the way out: checksums, the window to advertise, and every kind of segment that is built here
//! (net/inet/tcp.c: tcp_send_skb, tcp_send_ack, tcp_reset, tcp_write_xmit).
//!
//! Promise: a segment that is kept for retransmission goes to IP with free = 0, one that is forgotten with free = 1,
//! and nothing leaves without a fresh acknowledgement number, window and checksum.

use kfn::kfn;

use super::devinet::ip_my_addr;
use super::skbuff::{kfree_skb, skb_peek, skb_queue_tail, skb_unlink};
use super::sock::{rspace_of, write_space};
use super::tcp::TCP_PROT;
use super::tcp_timer::reset_xmit_timer;
use super::timer::delete_timer;
use crate::include::in_addr::InAddr;
use crate::include::ip::IPPROTO_TCP;
use crate::include::netdevice::DevId;
use crate::include::seq::{HZ, Seq};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{BuildHeader, Sock, SockId};
use crate::include::tcp::{MAX_ACK_SIZE, MAX_RESET_SIZE, MAX_WINDOW, TCP_HEADER, TCP_TIMEOUT_LEN, TcpHdr, TimeReason};
use crate::kernel::Kernel;
use crate::note;
use crate::wire::checksum::{fold, pseudo_header_sum, sum};

/// Where the checksum stands in a header.
const CHECK: std::ops::Range<usize> = 16..18;

/// Chooses the receive window to advertise; it never moves the right edge back and avoids silly little steps.
///
/// net/inet/tcp.c:tcp_select_window, RFC 1122 4.2.3.3. Nothing is stored: the callers decide.
#[must_use]
pub fn tcp_select_window(k: &Kernel, sk: SockId) -> u16 {
    window_of(&k.sock[sk])
}

/// [`tcp_select_window`] for whoever has the sock at hand.
fn window_of(sock: &Sock) -> u16 {
    let mut room = rspace_of(sock);
    if sock.window_clamp != 0 {
        room = room.min(sock.window_clamp);
    }
    let smallest_step = u32::from(sock.mss).min(MAX_WINDOW / 2);
    if room < smallest_step || room < u32::from(sock.window) {
        return sock.window;
    }
    room as u16
}

/// The checksum of a segment under its pseudo header; 0 when the one it carries is right.
///
/// net/inet/tcp.c:tcp_check, RFC 793 p.16. A source of 0.0.0.0 stands for the loopback address.
#[must_use]
pub fn tcp_check(k: &Kernel, skb: SkbId, th: usize, len: u32, saddr: InAddr, daddr: InAddr) -> u16 {
    let saddr = if saddr.is_any() { ip_my_addr(k) } else { saddr };
    tcp_sum(k.skb[skb].bytes_at(th, len as usize), len, saddr, daddr)
}

/// Writes the checksum of an outgoing segment into its header.
///
/// net/inet/tcp.c:tcp_send_check.
#[kfn("net/inet/tcp.c", rfc = "793 p.16")]
pub fn tcp_send_check(k: &mut Kernel, skb: SkbId, th: usize, saddr: InAddr, daddr: InAddr, len: u32) {
    let saddr = if saddr.is_any() { ip_my_addr(k) } else { saddr };
    k.skb[skb].put_check(th, len as usize, CHECK, |segment| tcp_sum(segment, len, saddr, daddr));
}

/// The checksum over a segment and its pseudo header.
fn tcp_sum(segment: &[u8], len: u32, saddr: InAddr, daddr: InAddr) -> u16 {
    let pseudo = pseudo_header_sum(saddr.octets(), daddr.octets(), IPPROTO_TCP, len as usize);
    !fold(pseudo.wrapping_add(sum(segment)))
}

/// Brings acknowledgement number, window and checksum of a segment that was built earlier up to date.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
pub(super) fn tcp_refresh(k: &mut Kernel, sk: SockId, skb: SkbId, th: usize, size: u32) {
    let sock = &k.sock[sk];
    let (window, acked_seq, saddr, daddr) = (window_of(sock), sock.acked_seq, sock.saddr, sock.daddr);
    let buffer = &mut k.skb[skb];
    if buffer.u32_at(th + 8) != acked_seq.0 {
        buffer.put_u32(th + 8, acked_seq.0);
    }
    if buffer.u16_at(th + 14) != window {
        buffer.put_u16(th + 14, window);
    }
    tcp_send_check(k, skb, th, saddr, daddr, size);
}

/// Where the TCP header of a queued segment is found again, `h.th` having been overwritten by `h.seq`.
#[must_use]
pub(super) fn tcp_header_of_queued(k: &Kernel, skb: SkbId) -> usize {
    let buffer = &k.skb[skb];
    let link = buffer.dev.map_or(0, |dev| usize::from(k.device(dev).hard_header_len));
    link + usize::from(buffer.u8_at(link) & 15) * 4
}

/// Sends a data segment, or queues it when the windows or a running retransmission forbid it.
///
/// net/inet/tcp.c:tcp_send_skb. The one gate for data: it asks the peer's window, the congestion window and whether a
/// retransmission is under way.
///
/// Kept: TcpOutSegs counts a segment here even when it is only queued, and sent_seq becomes write_seq instead of the
/// end of this segment (data/segmentation_psh).
#[kfn("net/inet/tcp.c", rfc = "793 p.56")]
pub fn tcp_send_skb(k: &mut Kernel, sk: SockId, skb: SkbId) {
    let buffer = &mut k.skb[skb];
    let at = buffer.h_raw;
    let th = TcpHdr::read(buffer, at);
    let len = buffer.len;
    let size = len.wrapping_sub(at as u32);
    if size < TCP_HEADER as u32 || size > len {
        k.printk("tcp_send_skb: bad skb");
        note!(k, "The buffer is shorter than a TCP header: it is freed.");
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    if size == TCP_HEADER as u32 && !th.syn && !th.fin {
        k.printk("tcp_send_skb: attempt to queue a bogon");
        note!(k, "A segment without data, SYN or FIN has nothing to say: it is freed.");
        kfree_skb(k, skb, FreeMode::Write);
        return;
    }
    let end = th.seq + size.wrapping_sub(th.header_len());
    buffer.h_seq = end;
    k.count(Mib::TcpOutSegs);
    if tcp_send_skb_must_wait(k, sk, end) {
        tcp_send_skb_queue(k, sk, skb, at);
        return;
    }
    tcp_refresh(k, sk, skb, at, size);
    let sock = &mut k.sock[sk];
    sock.sent_seq = sock.write_seq;
    let queue_xmit = sock.prot.queue_xmit;
    let dev = k.skb[skb].dev;
    note!(k, "The segment goes out and stays on the retransmit queue until it is acknowledged.");
    queue_xmit(k, Some(sk), dev, skb, 0);
    let rto = k.sock[sk].rto;
    reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
}

/// Whether a segment ending at `end` has to stand in the write queue.
#[inline(always)] // For speed: in its caller it shares the look-ups made there.
fn tcp_send_skb_must_wait(k: &mut Kernel, sk: SockId, end: Seq) -> bool {
    let sock = &k.sock[sk];
    if end.after(sock.window_seq) {
        note!(k, "The segment ends beyond the window that the peer offers: it has to wait.");
        return true;
    }
    if sock.retransmits != 0 && sock.ip_xmit_timeout == TimeReason::Write {
        note!(k, "A retransmission is under way: new data has to wait.");
        return true;
    }
    if sock.packets_out >= sock.cong_window {
        note!(k, "As many segments are under way as the congestion window allows: this one has to wait.");
        return true;
    }
    false
}

/// Appends a segment to the write queue; a closed window is probed.
fn tcp_send_skb_queue(k: &mut Kernel, sk: SockId, skb: SkbId, th: usize) {
    k.skb[skb].put_u16(th + 16, 0);
    if k.skb[skb].list.is_some() {
        k.printk("tcp_send_skb: next != NULL");
        skb_unlink(k, skb);
    }
    skb_queue_tail(k, ListId::Write(sk), skb);
    let head = skb_peek(k, ListId::Write(sk)).map(|head| k.skb[head].h_seq);
    let sock = &k.sock[sk];
    let closed = head.is_some_and(|end| sock.window_seq.before(end));
    if closed && sock.send_head.is_none() && sock.ack_backlog == 0 {
        let rto = sock.rto;
        note!(k, "Nothing is under way that could draw an ACK: the closed window is going to be probed.");
        reset_xmit_timer(k, sk, TimeReason::Probe0, rto as i32);
    }
}

/// Takes a buffer for a segment without data and builds its link and IP header; None when either fails.
///
/// The result is the buffer, the offset of the TCP header and the device.
pub(super) fn tcp_bare_segment(k: &mut Kernel, sk: SockId, daddr: InAddr) -> Option<(SkbId, usize, DevId)> {
    let sock = &k.sock[sk];
    let proto = sock.prot;
    let buff = (proto.wmalloc)(k, Some(sk), MAX_ACK_SIZE, true, Gfp::Atomic)?;
    tcp_bare_segment_in(k, sk, daddr, buff)
}

/// The second half of [`tcp_bare_segment`], for a caller that cares why there is no buffer.
fn tcp_bare_segment_in(k: &mut Kernel, sk: SockId, daddr: InAddr, buff: SkbId) -> Option<(SkbId, usize, DevId)> {
    let sock = &k.sock[sk];
    let proto = sock.prot;
    let (saddr, tos, ttl, localroute) = (sock.saddr, sock.ip_tos, sock.ip_ttl, sock.localroute);
    let buffer = &mut k.skb[buff];
    buffer.len = TCP_HEADER as u32;
    buffer.sk = Some(sk);
    buffer.localroute = localroute;
    let header = BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len: MAX_ACK_SIZE, tos, ttl };
    match (proto.build_header)(k, header) {
        Ok((offset, dev)) => {
            let buffer = &mut k.skb[buff];
            buffer.len = buffer.len.wrapping_add(offset);
            buffer.h_raw = offset as usize;
            Some((buff, offset as usize, dev))
        }
        Err(_) => {
            note!(k, "No way to the peer: the segment is given up.");
            k.skb[buff].free = 1;
            kfree_skb(k, buff, FreeMode::Write);
            None
        }
    }
}

/// Writes the header of a segment without data, with its checksum, and hands it to IP, to be forgotten.
pub(super) fn tcp_send_bare(k: &mut Kernel, sk: SockId, segment: (SkbId, usize, DevId), th: &TcpHdr, daddr: InAddr) {
    let (buff, at, dev) = segment;
    let sock = &k.sock[sk];
    let (saddr, queue_xmit) = (sock.saddr, sock.prot.queue_xmit);
    k.skb[buff].put_octets(at, th.bytes());
    tcp_send_check(k, buff, at, saddr, daddr, TCP_HEADER as u32);
    k.count(Mib::TcpOutSegs);
    queue_xmit(k, Some(sk), Some(dev), buff, 1);
}

/// Sends a pure ACK, at once.
///
/// net/inet/tcp.c:tcp_send_ack. Only when memory is short is the ACK put off to a timer; 1.2.13 delays no ACK
/// otherwise.
///
/// Kept: the header starts as a copy of the incoming one, so urg_ptr keeps the peer's value
/// (data/urg_pointer_variants); and when nothing is outstanding the generic timer is deleted, not the retransmission
/// timer.
#[kfn("net/inet/tcp.c", rfc = "793 p.53")]
pub fn tcp_send_ack(k: &mut Kernel, sequence: Seq, ack: Seq, sk: SockId, th: TcpHdr, daddr: InAddr) {
    let sock = &k.sock[sk];
    if sock.zapped {
        note!(k, "The connection was reset: nothing is acknowledged any more.");
        return;
    }
    let wmalloc = sock.prot.wmalloc;
    let Some(buff) = wmalloc(k, Some(sk), MAX_ACK_SIZE, true, Gfp::Atomic) else {
        tcp_send_ack_later(k, sk);
        return;
    };
    let Some(segment) = tcp_bare_segment_in(k, sk, daddr, buff) else { return };
    let sock = &mut k.sock[sk];
    let window = window_of(sock);
    sock.window = window;
    if ack == sock.acked_seq {
        tcp_send_ack_nothing_owed(k, sk);
    }
    let answer = TcpHdr {
        source: th.dest,
        dest: th.source,
        seq: sequence,
        ack_seq: ack,
        doff: 5,
        ack: true,
        window,
        urg_ptr: th.urg_ptr,
        ..TcpHdr::default()
    };
    note!(k, "The ACK goes out at once; nothing remembers it.");
    tcp_send_bare(k, sk, segment, &answer, daddr);
}

/// No memory for the ACK: it is owed, and a timer will send it.
fn tcp_send_ack_later(k: &mut Kernel, sk: SockId) {
    let sock = &mut k.sock[sk];
    sock.ack_backlog = sock.ack_backlog.wrapping_add(1);
    note!(k, "No memory for the ACK: it is owed and will be sent by the timer.");
    let sock = &k.sock[sk];
    if sock.ip_xmit_timeout != TimeReason::Write && sock.state.connected() {
        reset_xmit_timer(k, sk, TimeReason::Write, HZ as i32);
    }
}

/// This ACK covers everything received: the books are cleared, and an idle connection watches over its peer if asked
/// to.
fn tcp_send_ack_nothing_owed(k: &mut Kernel, sk: SockId) {
    let sock = &mut k.sock[sk];
    sock.ack_backlog = 0;
    sock.bytes_rcv = 0;
    sock.ack_timed = false;
    if sock.send_head.is_some() || !sock.write_queue.is_empty() || sock.ip_xmit_timeout != TimeReason::Write {
        return;
    }
    if sock.keepopen {
        note!(k, "Nothing is outstanding: the keepalive timer takes over.");
        reset_xmit_timer(k, sk, TimeReason::Keepopen, TCP_TIMEOUT_LEN as i32);
    } else {
        delete_timer(k, sk);
    }
}

/// Fills in the header of a new data segment from the sock's template.
///
/// net/inet/tcp.c:tcp_build_header. The segment carries the ACK, so nothing is owed afterwards.
///
/// Kept: PSH stands on the last segment of a write and on no other, however long the write is, where a kernel of today
/// sets it also in the middle, each time half of the largest window has been filled (data/segmentation_psh).
#[kfn("net/inet/tcp.c", rfc = "793 p.15")]
pub fn tcp_build_header(k: &mut Kernel, th: &mut TcpHdr, sk: SockId, push: u32) {
    let sock = &mut k.sock[sk];
    let window = window_of(sock);
    sock.bytes_rcv = 0;
    sock.ack_backlog = 0;
    sock.ack_timed = false;
    sock.window = window;
    *th = TcpHdr {
        seq: sock.write_seq,
        psh: push == 0,
        doff: 5,
        ack: true,
        fin: false,
        ack_seq: sock.acked_seq,
        window,
        ..sock.dummy_th
    };
}

/// Answers a segment with a RST; no sock is changed by it.
///
/// net/inet/tcp.c:tcp_reset, RFC 793 p.36. `saddr` is ours, `daddr` the peer's, `th` the header that came in.
///
/// Kept: for a segment without ACK the RST acknowledges its sequence number, plus one for a SYN, but neither data nor
/// FIN (tcp_frames/bad_segments).
///
/// Kept: it leaves with a time to live of 255, all other segments with 64 (active_open/close_in_syn_sent).
#[kfn("net/inet/tcp.c", rfc = "793 p.36")]
pub fn tcp_reset(k: &mut Kernel, saddr: InAddr, daddr: InAddr, th: TcpHdr, dev: Option<DevId>, tos: u8, ttl: u8) {
    if th.rst {
        note!(k, "A RST is never answered with a RST.");
        return;
    }
    let proto = &TCP_PROT;
    let Some(buff) = (proto.wmalloc)(k, None, MAX_RESET_SIZE, true, Gfp::Atomic) else {
        note!(k, "No memory for the RST.");
        return;
    };
    let buffer = &mut k.skb[buff];
    buffer.len = TCP_HEADER as u32;
    buffer.sk = None;
    buffer.dev = dev;
    buffer.localroute = false;
    let header =
        BuildHeader { skb: buff, saddr, daddr, dev: None, type_: IPPROTO_TCP, len: TCP_HEADER as u32, tos, ttl };
    let Ok((offset, out)) = (proto.build_header)(k, header) else {
        note!(k, "No way back to the sender: the RST is given up.");
        k.skb[buff].free = 1;
        kfree_skb(k, buff, FreeMode::Write);
        return;
    };
    let at = offset as usize;
    let answer = tcp_reset_header(&th);
    let buffer = &mut k.skb[buff];
    buffer.len = buffer.len.wrapping_add(offset);
    buffer.h_raw = at;
    buffer.put(at, &answer.bytes());
    tcp_send_check(k, buff, at, saddr, daddr, TCP_HEADER as u32);
    note!(k, "A RST tells the sender that there is no such connection.");
    (proto.queue_xmit)(k, None, Some(out), buff, 1);
    k.count(Mib::TcpOutSegs);
}

/// The header of the RST that answers `th`.
fn tcp_reset_header(th: &TcpHdr) -> TcpHdr {
    let mut answer = TcpHdr {
        source: th.dest,
        dest: th.source,
        rst: true,
        window: 0,
        syn: false,
        urg: false,
        fin: false,
        psh: false,
        ..*th
    };
    answer.doff = 5;
    if th.ack {
        answer.ack = false;
        answer.seq = th.ack_seq;
        answer.ack_seq = Seq(0);
    } else {
        answer.ack = true;
        answer.seq = Seq(0);
        answer.ack_seq = th.seq + u32::from(th.syn);
    }
    answer
}

/// Whether the head of the write queue may go out now, its end being `end`.
#[must_use]
pub(super) fn tcp_may_send_head(k: &Kernel, sk: SockId, end: Seq) -> bool {
    let sock = &k.sock[sk];
    let free_to_send =
        sock.retransmits == 0 || sock.ip_xmit_timeout != TimeReason::Write || end.at_or_before(sock.rcv_ack_seq);
    end.at_or_before(sock.window_seq) && free_to_send && sock.packets_out < sock.cong_window
}

/// Sends what waits in the write queue as far as both windows allow.
///
/// net/inet/tcp.c:tcp_write_xmit. Called when an ACK has opened a window.
///
/// Kept: a window that opens by less than the waiting segment is not used, because a segment is never split
/// (data/small_window_write).
#[kfn("net/inet/tcp.c", rfc = "793 p.56")]
pub fn tcp_write_xmit(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].zapped {
        note!(k, "The connection was reset: nothing is sent any more.");
        return;
    }
    while k.oops.is_none()
        && let Some(skb) = skb_peek(k, ListId::Write(sk))
        && tcp_may_send_head(k, sk, k.skb[skb].h_seq)
    {
        skb_unlink(k, skb);
        let end = k.skb[skb].h_seq;
        if end.at_or_before(k.sock[sk].rcv_ack_seq) {
            note!(k, "The peer has this segment already: it is freed.");
            k.sock[sk].retransmits = 0;
            kfree_skb(k, skb, FreeMode::Write);
            write_space(k, sk);
            continue;
        }
        let at = tcp_header_of_queued(k, skb);
        let size = k.skb[skb].len.wrapping_sub(at as u32);
        tcp_refresh(k, sk, skb, at, size);
        k.sock[sk].sent_seq = end;
        let (dev, free) = (k.skb[skb].dev, k.skb[skb].free);
        let queue_xmit = k.sock[sk].prot.queue_xmit;
        note!(k, "The windows are open: the head of the write queue goes out.");
        queue_xmit(k, Some(sk), dev, skb, free);
        let rto = k.sock[sk].rto;
        reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_of_a_segment_with_ack_takes_its_number() {
        let th =
            TcpHdr { source: 1, dest: 2, seq: Seq(7), ack_seq: Seq(99), ack: true, fin: true, ..TcpHdr::default() };
        let answer = tcp_reset_header(&th);
        assert_eq!((answer.source, answer.dest, answer.seq, answer.ack_seq), (2, 1, Seq(99), Seq(0)));
        assert!(answer.rst && !answer.ack && !answer.fin);
    }

    #[test]
    fn a_reset_of_a_syn_acknowledges_it_but_not_the_fin() {
        let th = TcpHdr { seq: Seq(u32::MAX), syn: true, fin: true, ..TcpHdr::default() };
        let answer = tcp_reset_header(&th);
        assert!(answer.ack);
        assert_eq!((answer.seq, answer.ack_seq), (Seq(0), Seq(0)), "u32::MAX + 1 wraps; the FIN is not counted");
    }
}
