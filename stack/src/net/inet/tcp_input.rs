//! TCP, the way in: every segment goes through tcp_rcv (net/inet/tcp.c: tcp_rcv, tcp_sequence, tcp_std_reset,
//! tcp_options).
//!
//! The order of the tests is the original's: checksum, sock, lock, memory, the special states, sequence number, RST,
//! SYN, ACK, urgent data, data. Promise: a segment is queued, kept on a back_log, or freed with a named reason; and a
//! sock that was locked here is released here.

use kfn::kfn;

use super::af_inet::get_sock;
use super::devinet::ip_chk_addr;
use super::skbuff::{kfree_skb, skb_queue_tail};
use super::sock::{release_sock, state_change};
use super::tcp::{tcp_init_seq, tcp_set_state};
use super::tcp_ack::{tcp_ack, tcp_sane_max_window};
use super::tcp_data::{tcp_data, tcp_urg};
use super::tcp_listen::tcp_conn_request;
use super::tcp_output::{tcp_check, tcp_reset, tcp_send_ack};
use crate::include::errno::Errno;
use crate::include::in_addr::InAddr;
use crate::include::ip::Delivery;
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::skbuff::{FreeMode, ListId, PACKET_HOST, SkbId};
use crate::include::snmp::Mib;
use crate::include::sock::{ProtoId, SockId};
use crate::include::tcp::{SHUTDOWN_MASK, TCP_HEADER, TCPOPT_EOL, TCPOPT_MSS, TCPOPT_NOP, TcpHdr, TcpState};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::net::socket::sock_wake_async;
use crate::{discard, note};

/// Segment size assumed for a peer that names none (RFC 1122 4.2.2.6).
const DEFAULT_MSS: u16 = 536;
/// What the sequence numbers of a reopened connection are ahead of the old one.
const REOPEN_STEP: u32 = 128_000;
/// Time to live of a RST that no sock sends.
const RESET_TTL: u8 = 255;

/// A segment on its way through the stages of tcp_rcv.
#[derive(Clone, Copy)]
struct Segment {
    skb: SkbId,
    /// Its header.
    th: TcpHdr,
    /// Octets, header included.
    len: u32,
    /// Our address.
    daddr: InAddr,
    /// The peer's.
    saddr: InAddr,
    dev: DevId,
    /// Type of service of the datagram.
    tos: u8,
}

/// Where tcp_rcv goes on behind the special states.
enum Next {
    /// The segment has been dealt with, the sock released.
    Done,
    /// With the test of the sequence number.
    Sequence,
    /// With urgent data and data (label "step 6" of the original).
    UrgentData,
}

/// Takes in a segment: from IP, or (redo) from the `back_log` of a sock that was in use.
///
/// net/inet/tcp.c:tcp_rcv, RFC 793 p.64.
///
/// Kept: TcpInSegs counts a replayed segment twice; a full receive memory drops even an ACK or a RST; a segment without
/// ACK is processed (passive_open/fin_in_syn_recv); a bad checksum is not counted anywhere (tcp_frames/bad_segments).
///
/// Kept: a segment that waits on back_log has no effect at all until release_sock: no ACK, no memory accounting
/// (back_log/tick_keeps_acks_waiting), and their number has no limit; behind a RST they find no sock and draw another
/// (back_log/read_data_rst).
#[kfn("net/inet/tcp.c", rfc = "793 p.64")]
pub fn tcp_rcv(k: &mut Kernel, delivery: Delivery) {
    let skb = delivery.skb;
    k.count(Mib::TcpInSegs);
    if k.skb[skb].pkt_type != PACKET_HOST {
        note!(k, "The frame was a broadcast or meant for another host: TCP does not want it.");
        discard!(k, skb, TcpNotForHost);
        kfree_skb(k, skb, FreeMode::Read);
        return;
    }
    let segment = tcp_rcv_segment(k, &delivery);
    let Some(sk) = tcp_rcv_find_sock(k, &segment, delivery.redo) else { return };
    if !delivery.redo && !tcp_rcv_lock(k, sk, &segment) {
        return;
    }
    if !tcp_rcv_charge(k, sk, skb) {
        return;
    }
    match tcp_rcv_state(k, sk, &segment) {
        Next::Done => return,
        Next::Sequence => {
            if !tcp_rcv_tests(k, sk, &segment) {
                return;
            }
        }
        Next::UrgentData => {}
    }
    tcp_urg(k, sk, skb, segment.th, segment.len);
    tcp_data(k, skb, sk, segment.th, segment.saddr, segment.len);
    release_sock(k, sk, "tcp_rcv");
}

/// Reads what the stages need.
fn tcp_rcv_segment(k: &Kernel, delivery: &Delivery) -> Segment {
    let buffer = &k.skb[delivery.skb];
    Segment {
        skb: delivery.skb,
        th: TcpHdr::read(buffer, buffer.h_raw),
        len: u32::from(delivery.len),
        daddr: delivery.daddr,
        saddr: delivery.saddr,
        dev: delivery.dev,
        tos: buffer.u8_at(buffer.ip_hdr + 1),
    }
}

/// Looks the sock up and tests the checksum; without a sock the segment is answered with a RST.
fn tcp_rcv_find_sock(k: &mut Kernel, segment: &Segment, redo: bool) -> Option<SockId> {
    let Segment { skb, th, len, daddr, saddr, dev, tos } = *segment;
    let found = get_sock(k, ProtoId::Tcp, th.dest, saddr, th.source, daddr);
    let sk = found.filter(|sk| !k.sock[*sk].zapped && k.sock[*sk].state != TcpState::Close);
    if !redo {
        let at = k.skb[skb].h_raw;
        if tcp_check(k, skb, at, len, saddr, daddr) != 0 {
            note!(k, "The checksum is wrong: the segment is dropped without a word, and no counter tells.");
            k.skb[skb].sk = None;
            discard!(k, skb, TcpBadChecksum);
            kfree_skb(k, skb, FreeMode::Read);
            return None;
        }
    }
    if sk.is_none() {
        note!(k, "No sock is open for this segment.");
        tcp_reset(k, daddr, saddr, th, Some(dev), tos, RESET_TTL);
        k.skb[skb].sk = None;
        discard!(k, skb, TcpNoSocket);
        kfree_skb(k, skb, FreeMode::Read);
    }
    sk
}

/// Prepares the buffer and locks the sock; a sock in use puts the segment on its back_log, and false is returned.
fn tcp_rcv_lock(k: &mut Kernel, sk: SockId, segment: &Segment) -> bool {
    let buffer = &mut k.skb[segment.skb];
    buffer.len = segment.len;
    buffer.acked = false;
    buffer.used = false;
    buffer.free = 0;
    // Exchanged, so that the replay can hand them back in the right order.
    buffer.saddr = segment.daddr;
    buffer.daddr = segment.saddr;
    let flags = save_flags(k);
    cli(k);
    if k.sock[sk].inuse {
        note!(k, "The sock is in use: the segment waits on its back_log until release_sock.");
        skb_queue_tail(k, ListId::BackLog(sk), segment.skb);
        restore_flags(k, flags, "tcp_rcv");
        return false;
    }
    k.set_inuse(sk, true, "tcp_rcv");
    restore_flags(k, flags, "tcp_rcv");
    true
}

/// Charges the buffer to the sock; a full receive memory drops the segment, and false is returned.
fn tcp_rcv_charge(k: &mut Kernel, sk: SockId, skb: SkbId) -> bool {
    let mem_len = k.skb[skb].mem_len;
    let sock = &mut k.sock[sk];
    if sock.rmem_alloc.wrapping_add(mem_len) >= u32::from(sock.rcvbuf) {
        note!(k, "The receive memory of the sock is used up.");
        k.skb[skb].sk = None;
        discard!(k, skb, TcpReceiveMemoryFull);
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return false;
    }
    sock.rmem_alloc = sock.rmem_alloc.wrapping_add(mem_len);
    k.skb[skb].sk = Some(sk);
    true
}

/// States that treat a segment in a way of their own.
fn tcp_rcv_state(k: &mut Kernel, sk: SockId, segment: &Segment) -> Next {
    match k.sock[sk].state {
        TcpState::Listen => {
            tcp_rcv_listen(k, sk, segment);
            Next::Done
        }
        TcpState::SynRecv => tcp_rcv_syn_recv(k, sk, segment),
        TcpState::SynSent if segment.th.ack => tcp_rcv_syn_sent_ack(k, sk, segment),
        TcpState::SynSent => {
            tcp_rcv_syn_sent_no_ack(k, sk, segment);
            Next::Done
        }
        TcpState::TimeWait => tcp_rcv_time_wait(k, sk, segment),
        TcpState::None
        | TcpState::Established
        | TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::Close
        | TcpState::CloseWait
        | TcpState::LastAck
        | TcpState::Closing => Next::Sequence,
    }
}

/// LISTEN: a SYN for our own address becomes a connection; an ACK draws a RST.
fn tcp_rcv_listen(k: &mut Kernel, sk: SockId, segment: &Segment) {
    let Segment { skb, th, daddr, saddr, dev, .. } = *segment;
    if th.ack {
        note!(k, "A listener has sent nothing that could be acknowledged.");
        let (tos, ttl) = (k.sock[sk].ip_tos, k.sock[sk].ip_ttl);
        tcp_reset(k, daddr, saddr, th, Some(dev), tos, ttl);
    }
    let ours = ip_chk_addr(k, daddr) == AddressKind::MyAddr;
    if th.rst || !th.syn || th.ack || !ours {
        if th.ack {
            discard!(k, skb, TcpListenAck);
        } else {
            note!(k, "A listener only wants a SYN, and only for an address of its own.");
            discard!(k, skb, TcpListenNotSyn);
        }
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return;
    }
    note!(k, "A SYN for a listener: the first step of a handshake.");
    let seq = tcp_init_seq(k);
    tcp_conn_request(k, sk, skb, daddr, saddr, dev, seq);
    release_sock(k, sk, "tcp_rcv");
}

/// SYN_RECV: the SYN that was answered already is dropped; only the timer sends the SYN+ACK again.
fn tcp_rcv_syn_recv(k: &mut Kernel, sk: SockId, segment: &Segment) -> Next {
    if segment.th.syn && segment.th.seq + 1 == k.sock[sk].acked_seq {
        note!(k, "The SYN that was answered already: only the timer sends the SYN+ACK again.");
        discard!(k, segment.skb, TcpDuplicateSyn);
        kfree_skb(k, segment.skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return Next::Done;
    }
    Next::Sequence
}

/// SYN_SENT, a segment with ACK: the answer that connect() waits for, or a refusal.
///
/// Kept: only an acknowledgement beyond our SYN is refused; one below it completes connect() all the same
/// (kept/synack_old_ack).
///
/// Kept: an ACK of our SYN that brings no SYN of its own takes ours off the retransmission queue before it is dropped,
/// so the SYN is never sent again: connect() sleeps until the peer's SYN comes, or for ever (kept/bare_ack).
///
/// Kept: an ACK of less than our SYN that brings no SYN of its own is dropped in silence, with a FIN too, where RFC 793
/// wants a RST (kept/fin_in_syn_sent).
fn tcp_rcv_syn_sent_ack(k: &mut Kernel, sk: SockId, segment: &Segment) -> Next {
    let Segment { skb, th, len, daddr, saddr, dev, .. } = *segment;
    if !tcp_ack(k, sk, th, skb, len) {
        note!(k, "It acknowledges something other than our SYN: an old connection, which gets a RST.");
        k.count(Mib::TcpAttemptFails);
        let (tos, ttl) = (k.sock[sk].ip_tos, k.sock[sk].ip_ttl);
        tcp_reset(k, daddr, saddr, th, Some(dev), tos, ttl);
        discard!(k, skb, TcpSynSentBadAck);
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return Next::Done;
    }
    if th.rst {
        note!(k, "A RST to our SYN: connection refused.");
        tcp_std_reset(k, sk, skb);
        return Next::Done;
    }
    if !th.syn {
        note!(k, "An ACK without SYN does not open a connection.");
        discard!(k, skb, TcpSynSentNotSyn);
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return Next::Done;
    }
    tcp_rcv_connected(k, sk, segment);
    Next::UrgentData
}

/// The SYN+ACK has come: ACK, ESTABLISHED, and connect() is woken.
///
/// Kept: its ACK leaves before the data on the same segment is looked at, so that data draws a second one
/// (kept/synack_data).
fn tcp_rcv_connected(k: &mut Kernel, sk: SockId, segment: &Segment) {
    let th = segment.th;
    let sock = &mut k.sock[sk];
    sock.acked_seq = th.seq + 1;
    sock.fin_seq = th.seq;
    let (sent_seq, acked_seq, daddr) = (sock.sent_seq, sock.acked_seq, sock.daddr);
    note!(k, "The SYN+ACK: it is acknowledged, and the connection is open on this side.");
    tcp_send_ack(k, sent_seq, acked_seq, sk, th, daddr);
    tcp_set_state(k, sk, TcpState::Established);
    let at = k.skb[segment.skb].h_raw;
    tcp_options(k, sk, segment.skb, at);
    let sock = &mut k.sock[sk];
    sock.dummy_th.dest = th.source;
    sock.copied_seq = sock.acked_seq;
    if !sock.dead {
        let socket = sock.socket;
        state_change(k, sk);
        sock_wake_async(k, socket, 0);
    }
    tcp_sane_max_window(k, sk);
}

/// SYN_SENT, a segment without ACK: two SYNs have crossed, or it means nothing.
///
/// Kept: a crossing SYN only changes the state, nothing is answered and the peer's number is not noted, so the
/// connection is dead on arrival (active_open/simultaneous_open).
fn tcp_rcv_syn_sent_no_ack(k: &mut Kernel, sk: SockId, segment: &Segment) {
    let Segment { skb, th, daddr, saddr, .. } = *segment;
    if th.syn && !th.rst {
        let sock = &k.sock[sk];
        let ours = (sock.saddr, sock.dummy_th.source, sock.daddr, sock.dummy_th.dest);
        if (saddr, th.source, daddr, th.dest) == ours {
            note!(k, "Our own SYN came back: a connection to itself is refused.");
            k.count(Mib::TcpAttemptFails);
            tcp_std_reset(k, sk, skb);
            return;
        }
        note!(k, "Two SYNs have crossed: the state changes, but nothing is answered.");
        tcp_set_state(k, sk, TcpState::SynRecv);
        discard!(k, skb, TcpSimultaneousOpen);
    } else {
        note!(k, "Neither SYN nor ACK: nothing that connect() waits for.");
        discard!(k, skb, TcpSynSentNotSyn);
    }
    kfree_skb(k, skb, FreeMode::Read);
    release_sock(k, sk, "tcp_rcv");
}

/// TIME_WAIT: a SYN beyond everything seen may open a new connection at once.
///
/// Kept: the new connection's numbers begin 128000 above the old ones (close/time_wait_new_syn,
/// tcp_frames/timewait_isn).
///
/// Kept: anything else is judged as in every state, so a bare ACK inside the window draws no answer, wherever it begins,
/// where a kernel of today repeats its last ACK to one that is not the next (kept/time_wait_ack).
fn tcp_rcv_time_wait(k: &mut Kernel, sk: SockId, segment: &Segment) -> Next {
    let Segment { skb, th, daddr, saddr, dev, .. } = *segment;
    let sock = &mut k.sock[sk];
    if !th.syn || th.rst || !sock.dead || !th.seq.after(sock.acked_seq) {
        return Next::Sequence;
    }
    let seq = sock.write_seq;
    sock.rmem_alloc = sock.rmem_alloc.wrapping_sub(k.skb[skb].mem_len);
    k.skb[skb].sk = None;
    k.count(Mib::TcpEstabResets);
    note!(k, "A new SYN, beyond everything seen: the old connection ends so that a new one can begin.");
    k.sock[sk].set_err(Errno::ECONNRESET);
    tcp_set_state(k, sk, TcpState::Close);
    k.sock[sk].shutdown = SHUTDOWN_MASK;
    release_sock(k, sk, "tcp_rcv");
    let listener = get_sock(k, ProtoId::Tcp, th.dest, saddr, th.source, daddr);
    match listener.filter(|listener| k.sock[*listener].state == TcpState::Listen) {
        Some(listener) => {
            note!(k, "A listener still stands on this port: it takes the SYN.");
            k.set_inuse(listener, true, "tcp_rcv");
            let mem_len = k.skb[skb].mem_len;
            k.skb[skb].sk = Some(listener);
            let sock = &mut k.sock[listener];
            sock.rmem_alloc = sock.rmem_alloc.wrapping_add(mem_len);
            tcp_conn_request(k, listener, skb, daddr, saddr, dev, seq + REOPEN_STEP);
            release_sock(k, listener, "tcp_rcv");
        }
        None => {
            note!(k, "Nobody listens any more: the SYN is dropped without a RST.");
            discard!(k, skb, TcpTimeWaitReuse);
            kfree_skb(k, skb, FreeMode::Read);
        }
    }
    Next::Done
}

/// The tests that all synchronised states make: sequence number, RST, SYN, ACK. False: the segment is gone.
fn tcp_rcv_tests(k: &mut Kernel, sk: SockId, segment: &Segment) -> bool {
    let Segment { skb, th, len, daddr, saddr, dev, tos } = *segment;
    if !tcp_sequence(k, sk, th, len, saddr, dev) {
        discard!(k, skb, TcpOutOfWindow);
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return false;
    }
    if th.rst {
        note!(k, "A RST inside the window: the connection is over.");
        tcp_std_reset(k, sk, skb);
        return false;
    }
    if th.syn {
        note!(k, "A SYN inside the window of an open connection: both sides have lost each other.");
        tcp_reset(k, daddr, saddr, th, Some(dev), tos, RESET_TTL);
        tcp_std_reset(k, sk, skb);
        return false;
    }
    if th.ack && !tcp_ack(k, sk, th, skb, len) {
        if k.sock[sk].state == TcpState::SynRecv {
            let (tos, ttl) = (k.sock[sk].ip_tos, k.sock[sk].ip_ttl);
            tcp_reset(k, daddr, saddr, th, Some(dev), tos, ttl);
        }
        discard!(k, skb, TcpAckUnsent);
        kfree_skb(k, skb, FreeMode::Read);
        release_sock(k, sk, "tcp_rcv");
        return false;
    }
    true
}

/// Whether a segment lies in the window; one that does not is answered with an ACK.
///
/// net/inet/tcp.c:tcp_sequence, RFC 793 p.69. `len` counts header and data.
///
/// Kept: data beyond the right edge is not cut off, a segment that ends exactly at the left edge passes, and so does
/// one that begins exactly at the right edge (data/beyond_window); in SYN_RECV a RST is sent and the segment processed
/// all the same.
#[kfn("net/inet/tcp.c", rfc = "793 p.69")]
pub fn tcp_sequence(k: &mut Kernel, sk: SockId, th: TcpHdr, len: u32, saddr: InAddr, dev: DevId) -> bool {
    let octets = len.wrapping_sub(th.header_len()).wrapping_add(u32::from(th.fin));
    let sock = &k.sock[sk];
    let window = u32::from(sock.window);
    let closed = octets != 0 && window == 0;
    let before = (th.seq + octets).before(sock.acked_seq);
    let beyond = th.seq.after(sock.acked_seq + window);
    if !closed && !before && !beyond {
        return true;
    }
    if closed {
        note!(k, "The receive window is closed: nothing with data is acceptable.");
    } else if before {
        note!(k, "Everything in it was received before.");
    } else {
        note!(k, "It begins beyond the receive window.");
    }
    if th.rst {
        return false;
    }
    let sock = &k.sock[sk];
    match sock.state {
        TcpState::SynSent | TcpState::SynRecv => {
            let (ours, peers, tos, ttl) = (sock.saddr, sock.daddr, sock.ip_tos, sock.ip_ttl);
            note!(k, "During the handshake a RST is sent, and yet the segment is processed.");
            tcp_reset(k, ours, peers, th, Some(dev), tos, ttl);
            true
        }
        TcpState::None
        | TcpState::Established
        | TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::CloseWait
        | TcpState::LastAck
        | TcpState::Listen
        | TcpState::Closing => {
            let (sent_seq, acked_seq) = (sock.sent_seq, sock.acked_seq);
            note!(k, "The peer is told by an ACK what is expected, and the segment is dropped.");
            tcp_send_ack(k, sent_seq, acked_seq, sk, th, saddr);
            false
        }
    }
}

/// Ends a connection by a RST or stray SYN: stores the error, wakes all, frees the segment.
///
/// net/inet/tcp.c:tcp_std_reset, RFC 793 p.70.
///
/// Kept: no timer is stopped and no queue purged, so a dead sock goes on retransmitting (close/rst_pending_write);
/// zapped is never cleared, so the sock can never be used again; TIME_WAIT is not protected (close/rst_time_wait).
///
/// Kept: a SYN inside the window draws a RST and ends the connection, and the error is reported once: the next read()
/// returns 0 (kept/syn_in_window).
///
/// Kept: a child that is reset before its handshake ends keeps its ports, so the peer's next SYN from the same port
/// finds it, draws a RST and never reaches the listener (passive_open/rst_in_syn_recv).
///
/// Kept: a RST anywhere in the window is obeyed; RFC 5961 wants exactly the next number and answers any other by a
/// challenge ACK (kept/reset_in_window).
///
/// Kept: after the peer's FIN the error is EPIPE, as in Linux to this day, where BSD says ECONNRESET
/// (kept/reset_in_close_wait).
#[kfn("net/inet/tcp.c", rfc = "793 p.70")]
pub fn tcp_std_reset(k: &mut Kernel, sk: SockId, skb: SkbId) {
    let sock = &mut k.sock[sk];
    sock.zapped = true;
    let error = match sock.state {
        TcpState::SynSent => Errno::ECONNREFUSED,
        TcpState::CloseWait => Errno::EPIPE,
        TcpState::None
        | TcpState::Established
        | TcpState::SynRecv
        | TcpState::FinWait1
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::LastAck
        | TcpState::Listen
        | TcpState::Closing => Errno::ECONNRESET,
    };
    sock.set_err(error);
    tcp_set_state(k, sk, TcpState::Close);
    k.sock[sk].shutdown = SHUTDOWN_MASK;
    state_change(k, sk);
    discard!(k, skb, TcpReset);
    kfree_skb(k, skb, FreeMode::Read);
    release_sock(k, sk, "tcp_std_reset");
}

/// Reads the options of a segment: only the largest segment size counts, and only on a SYN.
///
/// net/inet/tcp.c:tcp_options, RFC 1122 4.2.2.5. `th` is the offset of the header in the buffer.
///
/// Kept: an end-of-list option leaves at once, so the default of 536 is not applied (passive_open/mss_bad_options); the
/// list is not held to the end of the header.
///
/// Kept: all that came later is passed over: no window scale, no SACK, no timestamps, and no ECN in the flags beside
/// them (kept/later_options).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.2.5")]
pub fn tcp_options(k: &mut Kernel, sk: SockId, skb: SkbId, th: usize) {
    let header = TcpHdr::read(&k.skb[skb], th);
    let mut length = header.header_len() as i32 - TCP_HEADER as i32;
    let mut at = th + TCP_HEADER;
    let mut mss_seen = false;
    while length > 0 {
        let kind = k.skb[skb].u8_at(at);
        if kind == TCPOPT_EOL {
            return;
        }
        if kind == TCPOPT_NOP {
            at += 1;
            length -= 1;
            continue;
        }
        let size = k.skb[skb].u8_at(at + 1);
        if size <= 2 {
            note!(k, "An option of impossible length: the rest of the list is not read.");
            return;
        }
        if kind == TCPOPT_MSS && size == 4 && header.syn {
            let value = k.skb[skb].u16_at(at + 2);
            let sock = &mut k.sock[sk];
            sock.mtu = sock.mtu.min(value);
            mss_seen = true;
            note!(k, "The peer names the largest segment it takes.");
        }
        at += usize::from(size);
        length -= i32::from(size);
    }
    let sock = &mut k.sock[sk];
    if header.syn && !mss_seen {
        sock.mtu = sock.mtu.min(DEFAULT_MSS);
        note!(k, "The peer names no segment size: 536 is assumed.");
    }
    let sock = &mut k.sock[sk];
    sock.mss = sock.max_window.min(sock.mtu);
}
