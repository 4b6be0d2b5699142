//! TCP, acknowledgements that arrive: windows, the retransmit queue, round-trip times and the states that wait for an
//! ACK (net/inet/tcp.c: tcp_ack).
//!
//! The passages of the one long function of the original are stages here, in its order: window, congestion window,
//! probe, clean the retransmit queue, go on sending, states, retransmit.

use kfn::kfn;

use super::skbuff::{kfree_skb, skb_append, skb_peek, skb_queue_head, skb_unlink};
use super::sock::{state_change, write_space};
use super::tcp::{tcp_set_state, tcp_time_wait};
use super::tcp_input::tcp_options;
use super::tcp_output::{tcp_may_send_head, tcp_write_xmit};
use super::tcp_timer::{reset_xmit_timer, tcp_do_retransmit, tcp_retransmit};
use super::tcp_write::tcp_send_partial;
use super::timer::reset_timer;
use crate::include::seq::Seq;
use crate::include::skbuff::{FreeMode, ListId, SkbId};
use crate::include::sock::{Sock, SockId};
use crate::include::tcp::{
    SEND_SHUTDOWN, SHUTDOWN_MASK, TCP_RTO_MAX, TCP_RTO_MIN, TCP_TIMEOUT_LEN, TCP_TIMEWAIT_LEN, TcpHdr, TcpState,
    TimeReason,
};
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::timer::del_timer;
use crate::note;

/// Largest congestion window, in segments.
const CONG_WINDOW_MAX: u16 = 2048;

/// What the stages of tcp_ack tell each other (the variable `flag` of the original).
#[derive(Clone, Copy, Default)]
struct Progress {
    /// 1: the segment had data, or something was sent, or the state went on.
    advanced: bool,
    /// 2: something left the retransmit queue; no round-trip time may be measured any more.
    acked: bool,
    /// 4: the window shrank, or something left the retransmit queue.
    shrunk: bool,
}

/// Takes in the acknowledgement and the window of a segment.
///
/// net/inet/tcp.c:tcp_ack, RFC 793 p.72. False only if it acknowledges something that was never sent. `skb` is the
/// segment, `len` its octets, header included.
///
/// Kept: every acceptable ACK sets the right edge of the window, new or old (no SND.WL1); there is no fast retransmit
/// (data/dupacks), and slow start only after a loss because ssthresh begins at 0 (data/slow_start_every2); any ACK in
/// TIME_WAIT restarts the minute.
///
/// Kept: an acknowledgement of what was never sent is not answered, and the data beside it is dropped in silence, where
/// RFC 793 wants an ACK (kept/ack_unsent).
#[kfn("net/inet/tcp.c", rfc = "793 p.72")]
pub fn tcp_ack(k: &mut Kernel, sk: SockId, th: TcpHdr, skb: SkbId, len: u32) -> bool {
    if k.sock[sk].zapped {
        note!(k, "The connection was reset: acknowledgements mean nothing any more.");
        return true;
    }
    let ack = th.ack_seq;
    tcp_ack_window(k, sk, th.window);
    let sock = &k.sock[sk];
    if ack.after(sock.sent_seq) {
        note!(k, "It acknowledges something that was never sent.");
        return false;
    }
    if ack.before(sock.rcv_ack_seq) {
        tcp_ack_old(k, sk);
        return true;
    }
    let mut progress = Progress { advanced: len != th.header_len(), ..Progress::default() };
    let edge = ack + u32::from(th.window);
    if sock.window_seq.after(edge) {
        progress.shrunk = true;
        tcp_ack_shrunk_window(k, sk, edge);
    }
    let sock = &mut k.sock[sk];
    if sock.send_tail.is_none() || sock.send_head.is_none() {
        sock.send_head = None;
        sock.send_tail = None;
        sock.packets_out = 0;
    }
    sock.window_seq = edge;
    tcp_ack_congestion(k, sk, ack);
    k.sock[sk].rcv_ack_seq = ack;
    tcp_ack_probe_answered(k, sk);
    tcp_ack_clean_queue(k, sk, ack, &mut progress);
    tcp_ack_go_on_sending(k, sk, &mut progress);
    tcp_ack_states(k, sk, th, skb, &mut progress);
    tcp_ack_retransmit(k, sk, progress);
    true
}

/// Remembers the largest window the peer ever offered; a keepalive is answered by any ACK.
fn tcp_ack_window(k: &mut Kernel, sk: SockId, window: u16) {
    let sock = &mut k.sock[sk];
    if window > sock.max_window {
        sock.max_window = window;
        sock.mss = window.min(sock.mtu);
        note!(k, "The largest window seen so far: the size of a full segment is chosen again.");
    }
    let sock = &mut k.sock[sk];
    if sock.retransmits != 0 && sock.ip_xmit_timeout == TimeReason::Keepopen {
        sock.retransmits = 0;
        note!(k, "The peer is alive: unanswered keepalives are counted from zero again.");
    }
}

/// An acknowledgement of something that was acknowledged before.
fn tcp_ack_old(k: &mut Kernel, sk: SockId) {
    note!(k, "It acknowledges less than an earlier segment did: nothing is learned from it.");
    let sock = &k.sock[sk];
    if sock.keepopen && sock.ip_xmit_timeout == TimeReason::Keepopen {
        reset_xmit_timer(k, sk, TimeReason::Keepopen, TCP_TIMEOUT_LEN as i32);
    }
}

/// The peer takes window back: segments behind the new right edge go from the retransmit queue to the front of the
/// write queue.
fn tcp_ack_shrunk_window(k: &mut Kernel, sk: SockId, edge: Seq) {
    note!(k, "The window's right edge moved left: what lies beyond it has to be sent again later.");
    let sock = &mut k.sock[sk];
    sock.window_seq = edge;
    let mut next = sock.send_head.take();
    sock.send_tail = None;
    let mut moved: Option<SkbId> = None;
    while let Some(skb) = next
        && k.oops.is_none()
    {
        next = k.skb[skb].link3.take();
        if k.skb[skb].h_seq.after(edge) {
            let sock = &mut k.sock[sk];
            sock.packets_out = sock.packets_out.saturating_sub(1);
            if k.skb[skb].list.is_some() {
                skb_unlink(k, skb);
            }
            match moved {
                None => skb_queue_head(k, ListId::Write(sk), skb),
                Some(before) => skb_append(k, before, skb),
            }
            moved = Some(skb);
        } else {
            tcp_ack_keep_sent(k, sk, skb);
        }
    }
}

/// Puts a segment back at the end of the retransmit queue.
fn tcp_ack_keep_sent(k: &mut Kernel, sk: SockId, skb: SkbId) {
    match k.sock[sk].send_tail {
        Some(tail) => k.skb[tail].link3 = Some(skb),
        None => k.sock[sk].send_head = Some(skb),
    }
    k.sock[sk].send_tail = Some(skb);
}

/// New data was acknowledged: the congestion window may grow.
fn tcp_ack_congestion(k: &mut Kernel, sk: SockId, ack: Seq) {
    let sock = &mut k.sock[sk];
    let counts =
        sock.ip_xmit_timeout == TimeReason::Write && sock.cong_window < CONG_WINDOW_MAX && ack.after(sock.rcv_ack_seq);
    if !counts {
        return;
    }
    if sock.cong_window < sock.ssthresh {
        sock.cong_window += 1;
        note!(k, "Slow start: the congestion window grows by one segment.");
    } else if sock.cong_count >= sock.cong_window {
        sock.cong_window += 1;
        sock.cong_count = 0;
        note!(k, "Congestion avoidance: a whole window was acknowledged, cong_window grows by one.");
    } else {
        sock.cong_count = sock.cong_count.wrapping_add(1);
        note!(k, "Congestion avoidance: one more acknowledged segment is counted.");
    }
}

/// The timeout that the filter's state gives, between 0.2 s and two minutes.
///
/// Kept: the smallest timeout is 0.2 s, so a path with a longer round trip begins with retransmissions that nobody
/// needed (data/rtt_estimate).
fn tcp_ack_rto(sock: &Sock) -> u32 {
    ((sock.rtt >> 2).wrapping_add(sock.mdev) >> 1).clamp(TCP_RTO_MIN, TCP_RTO_MAX)
}

/// A probe of the closed window was answered.
fn tcp_ack_probe_answered(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].ip_xmit_timeout != TimeReason::Probe0 {
        return;
    }
    k.sock[sk].retransmits = 0;
    let Some(head) = skb_peek(k, ListId::Write(sk)) else { return };
    let end = k.skb[head].h_seq;
    let sock = &mut k.sock[sk];
    if end.at_or_before(sock.window_seq) {
        sock.backoff = 0;
        sock.rto = tcp_ack_rto(sock);
        note!(k, "The window is open again for the waiting segment: the timeout is computed anew.");
    }
}

/// Frees what is acknowledged, and measures the round trip if Karn's rule allows.
fn tcp_ack_clean_queue(k: &mut Kernel, sk: SockId, ack: Seq, progress: &mut Progress) {
    while let Some(head) = k.sock[sk].send_head
        && k.skb[head].h_seq.at_or_before(ack)
        && k.oops.is_none()
    {
        let (following, when) = (k.skb[head].link3, k.skb[head].when);
        if k.sock[sk].retransmits != 0 {
            progress.acked = true;
            k.sock[sk].retransmits = i32::from(following.is_some());
            note!(k, "Something was sent twice: by Karn's rule this ACK measures no round trip.");
        }
        let sock = &mut k.sock[sk];
        sock.packets_out = sock.packets_out.saturating_sub(1);
        write_space(k, sk);
        if !progress.acked {
            let elapsed = k.jiffies.since(when);
            tcp_ack_sample(&mut k.sock[sk], elapsed);
            note!(k, "The time since the segment was sent feeds the round-trip filter; the timeout follows.");
        }
        progress.acked = true;
        progress.shrunk = true;
        let sock = &mut k.sock[sk];
        sock.send_head = following;
        if following.is_none() {
            sock.send_tail = None;
        }
        skb_unlink(k, head);
        note!(k, "The segment is acknowledged: it leaves the retransmit queue.");
        kfree_skb(k, head, FreeMode::Write);
        write_space(k, sk);
    }
}

/// One sample of the round trip, in ticks, goes through the filter (RFC 1122 4.2.3.1, Jacobson's in an older form).
fn tcp_ack_sample(sock: &mut Sock, elapsed: u32) {
    let sample = (elapsed as i32).max(1);
    let error = sample.wrapping_sub((sock.rtt >> 3) as i32);
    sock.rtt = sock.rtt.wrapping_add(error as u32);
    let deviation = error.wrapping_abs().wrapping_sub((sock.mdev >> 2) as i32);
    sock.mdev = sock.mdev.wrapping_add(deviation as u32);
    sock.rto = tcp_ack_rto(sock);
    sock.backoff = 0;
}

/// Sends what waits; otherwise decides for what the timer has to run.
fn tcp_ack_go_on_sending(k: &mut Kernel, sk: SockId, progress: &mut Progress) {
    match skb_peek(k, ListId::Write(sk)) {
        Some(head) => {
            let end = k.skb[head].h_seq;
            if tcp_may_send_head(k, sk, end) {
                progress.advanced = true;
                tcp_write_xmit(k, sk);
            } else {
                tcp_ack_probe(k, sk, end);
            }
        }
        None => tcp_ack_idle_timer(k, sk),
    }
    let sock = &k.sock[sk];
    if sock.packets_out == 0 && sock.partial.is_some() && sock.write_queue.is_empty() && sock.send_head.is_none() {
        progress.advanced = true;
        note!(k, "Nothing is under way any more: the small segment that waited (Nagle) goes out.");
        tcp_send_partial(k, sk);
    }
}

/// The head of the write queue, ending at `end`, does not fit the window and nothing is outstanding: probe.
fn tcp_ack_probe(k: &mut Kernel, sk: SockId, end: Seq) {
    let sock = &k.sock[sk];
    let stuck = end.after(sock.window_seq) && sock.send_head.is_none() && sock.ack_backlog == 0;
    if stuck && sock.state != TcpState::TimeWait {
        let rto = sock.rto;
        note!(k, "The window is closed and nothing is outstanding: it is going to be probed.");
        reset_xmit_timer(k, sk, TimeReason::Probe0, rto as i32);
    }
}

/// Nothing waits to be sent: the timer watches what is outstanding, or the peer, or nothing.
fn tcp_ack_idle_timer(k: &mut Kernel, sk: SockId) {
    match k.sock[sk].state {
        TcpState::TimeWait => {
            note!(k, "An ACK in TIME_WAIT restarts the minute.");
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
        }
        TcpState::Close => {}
        TcpState::None
        | TcpState::Established
        | TcpState::SynSent
        | TcpState::SynRecv
        | TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::CloseWait
        | TcpState::LastAck
        | TcpState::Listen
        | TcpState::Closing => {
            let sock = &mut k.sock[sk];
            if sock.send_head.is_some() || sock.ack_backlog != 0 {
                let rto = sock.rto;
                note!(k, "Something is still outstanding, or an ACK is owed: the retransmission timer starts afresh.");
                reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
            } else if sock.keepopen {
                note!(k, "Nothing is outstanding: the keepalive timer takes over.");
                reset_xmit_timer(k, sk, TimeReason::Keepopen, TCP_TIMEOUT_LEN as i32);
            } else {
                sock.ip_xmit_timeout = TimeReason::None;
                note!(k, "Nothing is outstanding: the timer stops.");
                del_timer(k, TimerId::Retransmit(sk));
            }
        }
    }
}

/// States that wait for an acknowledgement, of our FIN or of our SYN+ACK, go on.
fn tcp_ack_states(k: &mut Kernel, sk: SockId, th: TcpHdr, skb: SkbId, progress: &mut Progress) {
    match k.sock[sk].state {
        TcpState::LastAck => tcp_ack_last_ack(k, sk, progress),
        TcpState::FinWait1 => tcp_ack_fin_wait1(k, sk, progress),
        TcpState::Closing => {
            state_change(k, sk);
            if tcp_ack_covers_all(k, sk) {
                progress.advanced = true;
                note!(k, "Our FIN is acknowledged and the peer's was here already: TIME_WAIT.");
                tcp_time_wait(k, sk);
            }
        }
        TcpState::SynRecv => tcp_ack_syn_recv(k, sk, th, skb),
        TcpState::None
        | TcpState::Established
        | TcpState::SynSent
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::CloseWait
        | TcpState::Listen => {}
    }
}

/// Everything that was ever written, the FIN included, is acknowledged.
fn tcp_ack_covers_all(k: &Kernel, sk: SockId) -> bool {
    let sock = &k.sock[sk];
    sock.rcv_ack_seq == sock.write_seq
}

/// LAST_ACK: the ACK of our FIN ends the connection.
fn tcp_ack_last_ack(k: &mut Kernel, sk: SockId, progress: &mut Progress) {
    state_change(k, sk);
    if tcp_ack_covers_all(k, sk) {
        progress.advanced = true;
        note!(k, "Our FIN is acknowledged and the peer's came long ago: the connection is over.");
        tcp_set_state(k, sk, TcpState::Close);
        k.sock[sk].shutdown = SHUTDOWN_MASK;
    }
}

/// FIN_WAIT1: the ACK of our FIN leaves us waiting for the peer's.
fn tcp_ack_fin_wait1(k: &mut Kernel, sk: SockId, progress: &mut Progress) {
    state_change(k, sk);
    if tcp_ack_covers_all(k, sk) {
        progress.advanced = true;
        k.sock[sk].shutdown |= SEND_SHUTDOWN;
        note!(k, "Our FIN is acknowledged: FIN_WAIT2, until the peer closes too. No timer limits this.");
        tcp_set_state(k, sk, TcpState::FinWait2);
    }
}

/// SYN_RECV: the third segment of the handshake; accept() and select() are woken.
fn tcp_ack_syn_recv(k: &mut Kernel, sk: SockId, th: TcpHdr, skb: SkbId) {
    note!(k, "The handshake is complete: whoever waits in accept() or select() on the listener is woken.");
    tcp_set_state(k, sk, TcpState::Established);
    let at = k.skb[skb].h_raw;
    tcp_options(k, sk, skb, at);
    let sock = &mut k.sock[sk];
    sock.dummy_th.dest = th.source;
    sock.copied_seq = sock.acked_seq;
    state_change(k, sk);
    tcp_sane_max_window(k, sk);
}

/// A peer whose first window is 0 is taken to have 32 octets, so that there is a segment size at all.
pub(super) fn tcp_sane_max_window(k: &mut Kernel, sk: SockId) {
    let sock = &mut k.sock[sk];
    if sock.max_window == 0 {
        sock.max_window = 32;
        sock.mss = sock.mtu.min(32);
        note!(k, "The peer offers no window at all: 32 bytes are assumed as its largest.");
    }
}

/// A partial ACK after a loss, or an ACK that brought nothing while the oldest segment is overdue: send again.
fn tcp_ack_retransmit(k: &mut Kernel, sk: SockId, progress: Progress) {
    let nothing = !progress.advanced && !progress.acked && !progress.shrunk;
    if !nothing && !progress.shrunk {
        return;
    }
    let sock = &k.sock[sk];
    let Some(head) = sock.send_head else { return };
    let overdue = (k.skb[head].when + sock.rto).before(k.jiffies);
    let partial = progress.acked && sock.retransmits != 0;
    if overdue {
        note!(k, "The oldest segment is overdue: it is sent again without waiting for the timer.");
        tcp_retransmit(k, sk, false);
    } else if partial {
        note!(k, "A part of what was lost is acknowledged: the rest is sent again at once.");
        tcp_do_retransmit(k, sk, true);
        let rto = k.sock[sk].rto;
        reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Triples (rtt, mdev, rto) after samples of equal length.
    fn filter(sample: u32, count: usize) -> Vec<(u32, u32, u32)> {
        let mut sock = Sock::created();
        (0..count)
            .map(|_| {
                tcp_ack_sample(&mut sock, sample);
                (sock.rtt, sock.mdev, sock.rto)
            })
            .collect()
    }

    #[test]
    fn the_round_trip_filter_starts_below_the_first_measurement() {
        assert_eq!(filter(100, 4), [(100, 100, 62), (188, 163, 105), (265, 200, 133), (332, 217, 150)]);
        assert_eq!(filter(100, 12).last(), Some(&(641, 137, 148)));
    }

    #[test]
    fn the_timeout_has_a_floor() {
        assert_eq!(filter(33, 4), [(33, 33, 20), (62, 54, 34), (88, 67, 44), (110, 73, 50)]);
        assert_eq!(filter(10, 6).last(), Some(&(45, 23, 20)));
        assert!(filter(0, 5).iter().all(|(_, _, rto)| *rto == 20));
    }
}
