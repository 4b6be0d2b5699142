//! TCP, the timer of a connection: retransmission, zero-window probes and keepalives
//! (net/inet/tcp.c: retransmit_timer, tcp_retransmit, tcp_write_timeout, tcp_write_wakeup, tcp_send_probe0).
//!
//! A sock has one timer for all of them; arming it for one purpose cancels the other, and its reason stays behind when
//! it has fired. Promise: the timer never touches a sock that is in use, it comes back a second later.

use kfn::kfn;

use super::arp::arp_destroy;
use super::dev::dev_queue_xmit;
use super::dev::in_net_bh;
use super::ip::{ip_route_check, ip_send_check};
use super::skbuff::{skb_device_locked, skb_unlink};
use super::sock::{data_ready, error_report, release_sock};
use super::tcp::tcp_set_state;
use super::tcp_output::{tcp_bare_segment, tcp_header_of_queued, tcp_refresh, tcp_select_window, tcp_send_bare};
use super::timer::reset_timer;
use crate::include::errno::Errno;
use crate::include::netdevice::IFF_UP;
use crate::include::seq::HZ;
use crate::include::skbuff::SkbId;
use crate::include::snmp::Mib;
use crate::include::sock::SockId;
use crate::include::tcp::{
    TCP_RETR1, TCP_RETR2, TCP_RTO_MAX, TCP_TIMEOUT_LEN, TCP_TIMEWAIT_LEN, TcpHdr, TcpState, TimeReason,
};
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::irq::nobody_comes_or_looks;
use crate::kernel::probe::Event;
use crate::kernel::timer::{add_timer, del_timer, rearm};
use crate::note;

/// Arms the connection's timer for a reason, whatever it ran for before.
///
/// net/inet/tcp.c:reset_xmit_timer. A negative delay becomes 3 ticks.
///
/// Kept: there is one timer only, so "send an ACK in 3 s" postpones a retransmission that was due earlier; the handler
/// then computes the rest of the time anew (data/read_blocks).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.1")]
pub fn reset_xmit_timer(k: &mut Kernel, sk: SockId, why: TimeReason, when: i32) {
    if when >= 0 && nobody_comes_or_looks(k) {
        k.sock[sk].ip_xmit_timeout = why;
        rearm(k, TimerId::Retransmit(sk), when as u32);
        return;
    }
    del_timer(k, TimerId::Retransmit(sk));
    let delay = if when < 0 {
        k.printk("reset_xmit_timer: negative time");
        3
    } else {
        when as u32
    };
    let sock = &mut k.sock[sk];
    sock.ip_xmit_timeout = why;
    sock.retransmit_timer.expires = delay;
    k.emit(|_| Event::TimerSet { sk, xmit: true, why, delay });
    add_timer(k, TimerId::Retransmit(sk));
}

/// Sends an owed ACK, then retransmits, probes, or asks whether the peer is alive.
///
/// net/inet/tcp.c:retransmit_timer, RFC 1122 4.2.3.1.
///
/// Kept: a sock in use makes a timeout of 0.2 s into one of 1.2 s (back_log/tick_retransmit_inuse); and after a RST the
/// timer simply goes on (close/rst_pending_write).
///
/// Kept: keepalives are 15 minutes apart from the first to the sixteenth, so a vanished peer is noticed after 4 hours
/// (data/keepalive).
#[kfn("net/inet/tcp.c", rfc = "793 p.77")]
pub fn retransmit_timer(k: &mut Kernel, timer: TimerId) {
    let TimerId::Retransmit(sk) = timer else { return };
    if k.sock[sk].inuse || in_net_bh(k) {
        note!(k, "The sock is in use: the timer comes back in one second.");
        k.sock[sk].retransmit_timer.expires = HZ;
        add_timer(k, timer);
        return;
    }
    let reason = k.sock[sk].ip_xmit_timeout;
    k.set_inuse(sk, true, "retransmit_timer");
    if k.sock[sk].ack_backlog != 0 && !k.sock[sk].zapped {
        note!(k, "An ACK is owed: it goes out now.");
        if let Some(read_wakeup) = k.sock[sk].prot.read_wakeup {
            read_wakeup(k, sk);
        }
        data_ready(k, sk);
    }
    match reason {
        TimeReason::Probe0 => {
            note!(k, "The window of the peer is still closed: it is probed.");
            tcp_send_probe0(k, sk);
            tcp_write_timeout(k, sk);
        }
        TimeReason::Write => retransmit_timer_write(k, sk),
        TimeReason::Keepopen => {
            note!(k, "Fifteen minutes of silence: a keepalive asks whether the peer is still there.");
            reset_xmit_timer(k, sk, TimeReason::Keepopen, TCP_TIMEOUT_LEN as i32);
            if let Some(write_wakeup) = k.sock[sk].prot.write_wakeup {
                write_wakeup(k, sk);
            }
            k.sock[sk].retransmits = k.sock[sk].retransmits.wrapping_add(1);
            tcp_write_timeout(k, sk);
        }
        TimeReason::None | TimeReason::Close | TimeReason::Destroy | TimeReason::Done => {
            k.printk("retransmit_timer: timer expired - reason unknown");
        }
    }
    release_sock(k, sk, "retransmit_timer");
}

/// Reason WRITE: retransmits if the oldest segment has waited long enough, else waits for the rest of the time.
fn retransmit_timer_write(k: &mut Kernel, sk: SockId) {
    let Some(head) = k.sock[sk].send_head else {
        note!(k, "Nothing is outstanding: the timer only served the ACK.");
        return;
    };
    // The plain unsigned comparison of the original.
    let due = k.skb[head].when + k.sock[sk].rto;
    if k.jiffies.before(due) {
        note!(k, "The oldest segment has not waited long enough: the timer runs for the rest.");
        let rest = due.since(k.jiffies);
        reset_xmit_timer(k, sk, TimeReason::Write, rest as i32);
        return;
    }
    note!(k, "The oldest segment was not acknowledged in time: it is sent again.");
    if let Some(retransmit) = k.sock[sk].prot.retransmit {
        retransmit(k, sk, false);
    }
    tcp_write_timeout(k, sk);
}

/// Retransmits after a timeout: the congestion window collapses to one segment.
///
/// net/inet/tcp.c:tcp_retransmit, RFC 1122 4.2.2.15.
///
/// Kept: half of a congestion window of 1 is a threshold of 0, which means no slow start at all
/// (data/loss_rexmit_lost).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.2.15")]
pub fn tcp_retransmit(k: &mut Kernel, sk: SockId, all: bool) {
    if all {
        tcp_retransmit_time(k, sk, all);
        return;
    }
    let sock = &mut k.sock[sk];
    sock.ssthresh = sock.cong_window >> 1;
    sock.cong_count = 0;
    sock.cong_window = 1;
    note!(k, "A loss: the congestion window falls to 1 and the threshold to half of what it was.");
    tcp_retransmit_time(k, sk, all);
}

/// Retransmits and doubles the timeout, up to two minutes.
///
/// net/inet/tcp.c:tcp_retransmit_time, RFC 1122 4.2.3.1.
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.1")]
pub fn tcp_retransmit_time(k: &mut Kernel, sk: SockId, all: bool) {
    tcp_do_retransmit(k, sk, all);
    let sock = &mut k.sock[sk];
    sock.retransmits = sock.retransmits.wrapping_add(1);
    sock.backoff = sock.backoff.wrapping_add(1);
    sock.rto = sock.rto.wrapping_mul(2).min(TCP_RTO_MAX);
    let rto = sock.rto;
    reset_xmit_timer(k, sk, TimeReason::Write, rto as i32);
}

/// Sends the oldest unacknowledged segment again, or as many as the congestion window holds.
///
/// net/inet/tcp.c:tcp_do_retransmit.
///
/// Kept: neither the state nor the peer's window is asked, so a connection that was reset goes on retransmitting
/// (passive_open/rst_in_syn_recv); TcpRetransSegs is not counted; a retransmitted SYN carries the real window
/// (active_open/timeout).
#[kfn("net/inet/tcp.c", rfc = "793 p.77")]
pub fn tcp_do_retransmit(k: &mut Kernel, sk: SockId, all: bool) {
    let mut counter = 0_u32;
    let mut next = k.sock[sk].send_head;
    while let Some(skb) = next
        && k.oops.is_none()
    {
        tcp_do_retransmit_one(k, sk, skb);
        counter += 1;
        let counted = k.proto_of(sk);
        counted.retransmits = counted.retransmits.wrapping_add(1);
        if !all || counter >= u32::from(k.sock[sk].cong_window) {
            break;
        }
        next = k.skb[skb].link3;
    }
}

/// Renews one segment, with a new IP id, and gives it to the device.
fn tcp_do_retransmit_one(k: &mut Kernel, sk: SockId, skb: SkbId) {
    k.skb[skb].when = k.jiffies;
    let Some(dev) = k.skb[skb].dev else { return };
    let link = usize::from(k.device(dev).hard_header_len);
    let at = tcp_header_of_queued(k, skb);
    let size = k.skb[skb].len.wrapping_sub(at as u32);
    let id = k.ip_id_count;
    k.ip_id_count = id.wrapping_add(1);
    k.skb[skb].put_u16(link + 4, id);
    ip_send_check(k, skb, link);
    tcp_refresh(k, sk, skb, at, size);
    if k.device(dev).flags & IFF_UP == 0 {
        note!(k, "The device is down: the segment stays where it is.");
        return;
    }
    if skb_device_locked(k, skb) {
        note!(k, "The device still holds this buffer: it is not sent twice.");
        return;
    }
    note!(k, "The oldest unacknowledged segment goes out again, with a new IP id and a fresh ACK.");
    skb_unlink(k, skb);
    k.count(Mib::IpOutRequests);
    let priority = k.sock[sk].priority;
    dev_queue_xmit(k, skb, dev, i32::from(priority));
}

/// Reacts to many timeouts: forgets the peer's hardware address, and in the end gives up.
///
/// net/inet/tcp.c:tcp_write_timeout, RFC 1122 4.2.3.5; false when the connection was closed. No caller asks.
///
/// Kept: giving up sends no RST and purges no queue, and from FIN_WAIT1, FIN_WAIT2 and CLOSING the sock goes to
/// TIME_WAIT for a minute (close/fin_rexmit).
///
/// Kept: the ARP entry is forgotten at once, although what has just been sent may be waiting for it: the eighth
/// keepalive, whose entry has expired since the seventh, is thrown away with it (kept_frames/keepalive_lost).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.5")]
pub fn tcp_write_timeout(k: &mut Kernel, sk: SockId) -> bool {
    let sock = &k.sock[sk];
    let (state, retransmits, daddr) = (sock.state, sock.retransmits, sock.daddr);
    let established = state == TcpState::Established;
    let eighth = established && retransmits != 0 && retransmits & 7 == 0;
    if eighth || (!established && retransmits > TCP_RETR1) {
        note!(k, "Many timeouts: the hardware address of the peer is forgotten, in case it has changed.");
        arp_destroy(k, daddr, false);
        ip_route_check(k, daddr);
    }
    if retransmits <= TCP_RETR2 {
        return true;
    }
    note!(k, "Sixteen timeouts without an answer: the connection is given up with ETIMEDOUT.");
    k.sock[sk].set_err(Errno::ETIMEDOUT);
    error_report(k, sk);
    del_timer(k, TimerId::Retransmit(sk));
    match state {
        TcpState::FinWait1 | TcpState::FinWait2 | TcpState::Closing => {
            tcp_set_state(k, sk, TcpState::TimeWait);
            reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
            true
        }
        TcpState::None
        | TcpState::Established
        | TcpState::SynSent
        | TcpState::SynRecv
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::CloseWait
        | TcpState::LastAck
        | TcpState::Listen => {
            tcp_set_state(k, sk, TcpState::Close);
            false
        }
    }
}

/// Sends an empty segment just below the peer's window, so that it has to answer with an ACK.
///
/// net/inet/tcp.c:tcp_write_wakeup, RFC 1122 4.2.3.6.
///
/// Kept: a zero-window probe carries no octet of data, only the sequence number before the next one
/// (data/zero_window_no_answer); in FIN_WAIT2 and TIME_WAIT nothing is sent at all, so an orphan in FIN_WAIT2 counts
/// keepalives that never leave (close/fin_wait2_timeout).
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.6")]
pub fn tcp_write_wakeup(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].zapped {
        note!(k, "The connection was reset: nobody is asked any more.");
        return;
    }
    match k.sock[sk].state {
        TcpState::Established | TcpState::CloseWait | TcpState::FinWait1 | TcpState::LastAck | TcpState::Closing => {}
        TcpState::None
        | TcpState::SynSent
        | TcpState::SynRecv
        | TcpState::FinWait2
        | TcpState::TimeWait
        | TcpState::Close
        | TcpState::Listen => {
            note!(k, "In this state there is nothing to ask the peer for.");
            return;
        }
    }
    let daddr = k.sock[sk].daddr;
    let Some(segment) = tcp_bare_segment(k, sk, daddr) else { return };
    let window = tcp_select_window(k, sk);
    let sock = &k.sock[sk];
    let probe = TcpHdr {
        seq: sock.sent_seq - 1,
        ack_seq: sock.acked_seq,
        ack: true,
        res1: 0,
        res2: 0,
        urg: false,
        psh: false,
        rst: false,
        syn: false,
        fin: false,
        doff: 5,
        window,
        ..sock.dummy_th
    };
    note!(k, "An empty segment with an old sequence number goes out; the peer must answer with an ACK.");
    tcp_send_bare(k, sk, segment, &probe, daddr);
}

/// Probes a closed window and doubles the time until the next probe.
///
/// net/inet/tcp.c:tcp_send_probe0, RFC 1122 4.2.2.17.
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.2.17")]
pub fn tcp_send_probe0(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].zapped {
        note!(k, "The connection was reset: its window is not probed any more.");
        return;
    }
    tcp_write_wakeup(k, sk);
    let sock = &mut k.sock[sk];
    sock.backoff = sock.backoff.wrapping_add(1);
    sock.rto = sock.rto.wrapping_mul(2).min(TCP_RTO_MAX);
    let rto = sock.rto;
    reset_xmit_timer(k, sk, TimeReason::Probe0, rto as i32);
    let sock = &mut k.sock[sk];
    sock.retransmits = sock.retransmits.wrapping_add(1);
    let counted = k.proto_of(sk);
    counted.retransmits = counted.retransmits.wrapping_add(1);
}
