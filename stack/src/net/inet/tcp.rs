//! TCP's common ground (net/inet/tcp.c): states, options of the user, errors from ICMP, select, and the table
//! `tcp_prot`.
//!
//! The work itself lives in rooms by role: tcp_connect, tcp_listen, tcp_read, tcp_write on the side of the user,
//! tcp_input, tcp_ack, tcp_data, tcp_output, tcp_timer on the side of the wire.

use kfn::kfn;

use super::af_inet::get_sock;
use super::ip::{ip_getsockopt, ip_setsockopt};
use super::ip_output::{ip_build_header, ip_queue_xmit};
use super::sock::{error_report, release_sock, sock_wmalloc, sock_wspace, state_change};
use super::tcp_connect::{tcp_close, tcp_connect, tcp_shutdown};
use super::tcp_input::tcp_rcv;
use super::tcp_listen::{tcp_accept, tcp_find_established};
use super::tcp_read::{tcp_read, tcp_read_wakeup, tcp_recvfrom};
use super::tcp_timer::{tcp_retransmit, tcp_write_wakeup};
use super::tcp_write::{tcp_sendto, tcp_write};
use super::timer::reset_timer;
use crate::include::errno::{Errno, KResult, fail};
use crate::include::icmp::{ICMP_SOURCE_QUENCH, icmp_err_convert};
use crate::include::in_addr::InAddr;
use crate::include::sched::WaitQueueId;
use crate::include::seq::Seq;
use crate::include::skbuff::SkbId;
use crate::include::snmp::Mib;
use crate::include::sock::{Proto, ProtoId, SockId};
use crate::include::socket::SOL_TCP;
use crate::include::tcp::{
    MAX_WINDOW, RCV_SHUTDOWN, SEND_SHUTDOWN, SHUTDOWN_MASK, TCP_FIN_TIMEOUT, TCP_TIMEWAIT_LEN, TcpHdr, TcpState,
    TimeReason,
};
use crate::include::timer::TimerId;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::kernel::sched::{add_wait_queue, wake_up_interruptible};
use crate::kernel::timer::{add_timer, del_timer};
use crate::kernel::user::{get_fs_long, put_fs_long, verify_area};
use crate::note;

/// select for reading.
pub const SEL_IN: u8 = 1;
/// select for writing.
pub const SEL_OUT: u8 = 2;
/// select for exceptional conditions.
pub const SEL_EX: u8 = 4;

/// ioctl: free send memory.
pub const TIOCOUTQ: u32 = 0x5411;
/// ioctl: octets that can be read.
pub const TIOCINQ: u32 = 0x541b;
/// ioctl: the next octet to be read is the urgent one.
pub const SIOCATMARK: u32 = 0x8905;

/// Option: send small segments at once.
const TCP_NODELAY: i32 = 1;
/// Option: largest segment.
const TCP_MAXSEG: i32 = 2;
/// What a header may need in front of the data (`max_header`).
const MAX_HEADER_ROOM: u32 = 128;

/// The operations of TCP (`tcp_prot`).
pub static TCP_PROT: Proto = Proto {
    id: ProtoId::Tcp,
    name: "TCP",
    max_header: MAX_HEADER_ROOM,
    close: tcp_close,
    read: tcp_read,
    write: tcp_write,
    sendto: tcp_sendto,
    recvfrom: tcp_recvfrom,
    connect: Some(tcp_connect),
    accept: Some(tcp_accept),
    rcv: Some(tcp_rcv),
    select: tcp_select,
    ioctl: Some(tcp_ioctl),
    init: None,
    shutdown: Some(tcp_shutdown),
    setsockopt: Some(tcp_setsockopt),
    getsockopt: Some(tcp_getsockopt),
    wmalloc: sock_wmalloc,
    build_header: ip_build_header,
    queue_xmit: ip_queue_xmit,
    retransmit: Some(tcp_retransmit),
    write_wakeup: Some(tcp_write_wakeup),
    read_wakeup: Some(tcp_read_wakeup),
};

/// Changes the state of a connection and counts the established ones.
///
/// net/inet/tcp.c:tcp_set_state, RFC 793 p.22. Kept: the store is made, and seen, also when nothing changes
/// (`active_open/timeout`: CLOSE to CLOSE); a finished handshake wakes every select() on any listener, because they all
/// share one queue.
#[kfn("net/inet/tcp.c", rfc = "793 p.22")]
pub fn tcp_set_state(k: &mut Kernel, sk: SockId, state: TcpState) {
    let old = k.sock[sk].state;
    if old == TcpState::Established {
        k.stats.decrement(Mib::TcpCurrEstab);
    }
    if state == TcpState::Established && old == TcpState::SynRecv {
        note!(k, "a connection has come in: whoever selects on a listener is woken");
        wake_up_interruptible(k, Some(WaitQueueId::MasterSelect));
    }
    k.store_state(sk, state);
    if state == TcpState::Established {
        k.count(Mib::TcpCurrEstab);
    }
}

/// Decides what closing means in the present state; true if a FIN must be sent.
///
/// net/inet/tcp.c:tcp_close_state, RFC 793 p.60. Kept: TIME_WAIT and LAST_ACK are not in the list and fall to CLOSE at
/// once; the three minutes for an orphan in FIN_WAIT2 run only if close() comes when that state is reached already, not
/// if the FIN is acknowledged later (`close/active`).
#[kfn("net/inet/tcp.c", rfc = "793 p.60")]
pub fn tcp_close_state(k: &mut Kernel, sk: SockId, dead: bool) -> bool {
    let (state, send_fin) = match k.sock[sk].state {
        TcpState::SynSent | TcpState::Close | TcpState::Listen | TcpState::None => (TcpState::Close, false),
        TcpState::SynRecv | TcpState::Established => (TcpState::FinWait1, true),
        TcpState::FinWait1 => (TcpState::FinWait1, false),
        TcpState::FinWait2 => (TcpState::FinWait2, false),
        TcpState::Closing => (TcpState::Closing, false),
        TcpState::CloseWait => (TcpState::LastAck, true),
        TcpState::TimeWait | TcpState::LastAck => (TcpState::Close, false),
    };
    if send_fin {
        note!(k, "the peer must learn that no more data comes: a FIN is due");
    } else {
        note!(k, "nothing more is to be said to the peer in this state");
    }
    tcp_set_state(k, sk, state);
    if dead && state == TcpState::FinWait2 {
        note!(k, "nobody owns the sock any more: the peer has three minutes to send its FIN");
        if del_timer(k, TimerId::Sock(sk)) {
            add_timer(k, TimerId::Sock(sk));
        } else {
            reset_timer(k, sk, TimeReason::Close, TCP_FIN_TIMEOUT as i32);
        }
    }
    send_fin
}

/// Enters TIME_WAIT: both sides have said goodbye, and old segments get 60 s to die out.
///
/// net/inet/tcp.c:tcp_time_wait, RFC 793 p.22.
///
/// Kept: it lasts 60 s, as in Linux to this day, where RFC 793 wants twice the life of a segment, 4 minutes
/// (close/active).
#[kfn("net/inet/tcp.c", rfc = "793 p.22")]
pub fn tcp_time_wait(k: &mut Kernel, sk: SockId) {
    tcp_set_state(k, sk, TcpState::TimeWait);
    k.sock[sk].shutdown = SHUTDOWN_MASK;
    if !k.sock[sk].dead {
        state_change(k, sk);
    }
    reset_timer(k, sk, TimeReason::Close, TCP_TIMEWAIT_LEN as i32);
}

/// The first sequence number of a connection: a clock that counts microseconds (net/inet/tcp.c:tcp_init_seq, RFC 793
/// p.27).
///
/// It is four times as fast as RFC 793 wants, and wraps in 71.6 minutes.
///
/// Kept: two connections a second apart begin a million apart, so anybody can foresee the next one; RFC 6528 and a
/// kernel of today add a secret (kept_frames/initial_numbers).
#[must_use]
pub fn tcp_init_seq(k: &Kernel) -> Seq {
    Seq(k.xtime() as u32)
}

/// The mask of an address's class (net/inet/tcp.c:default_mask).
#[must_use]
pub fn default_mask(dst: InAddr) -> InAddr {
    match dst.octets()[0] {
        0..=127 => InAddr::mask(8),
        128..=191 => InAddr::mask(16),
        192..=255 => InAddr::mask(24),
    }
}

/// Whether two addresses count as of one network, so that the MSS need not be the small one.
///
/// The network is that of the device's mask, or with CONFIG_INET_SNARL ("subnets are local") that of the class of
/// `classful`.
#[must_use]
pub(super) fn same_network(k: &Kernel, ours: InAddr, peer: InAddr, classful: InAddr, pa_mask: InAddr) -> bool {
    let mask = if k.config.inet_snarl { default_mask(classful) } else { pa_mask };
    ((ours ^ peer) & mask).is_any()
}

/// An ICMP error about one of our segments has come: finds the sock and tells it.
///
/// net/inet/tcp.c:tcp_err, RFC 1122 4.2.3.9. Kept: the ICMP type is not looked at and neither is the quoted sequence
/// number; outside SYN_SENT a fatal error is only noted for the next call of the user, the connection lives on
/// (`data/icmp_established`); the sock is not locked (observed 52).
///
/// Kept: a source quench takes one segment off a congestion window of more than four (data/icmp_quench_cwnd), where RFC
/// 6633 and a kernel of today ignore it.
#[kfn("net/inet/tcp.c", rfc = "1122 4.2.3.9")]
pub fn tcp_err(k: &mut Kernel, err: u16, skb: SkbId, header: usize, daddr: InAddr, saddr: InAddr) {
    let ihl = usize::from(k.skb[skb].u8_at(header) & 15);
    let th = TcpHdr::read(&k.skb[skb], header + 4 * ihl);
    let Some(sk) = get_sock(k, ProtoId::Tcp, th.source, daddr, th.dest, saddr) else {
        note!(k, "no sock has sent the quoted segment");
        return;
    };
    if err >> 8 == u16::from(ICMP_SOURCE_QUENCH) {
        note!(k, "source quench: a router asks to slow down");
        if k.sock[sk].cong_window > 4 {
            k.sock[sk].cong_window -= 1;
        }
        return;
    }
    let (errno, fatal) = icmp_err_convert(err as u8);
    let connecting = k.sock[sk].state == TcpState::SynSent;
    if !fatal && !connecting {
        note!(k, "the trouble may pass: a connection that stands ignores it");
        return;
    }
    if connecting {
        note!(k, "the connection cannot be opened: connect() is woken and will fail");
        k.count(Mib::TcpAttemptFails);
        tcp_set_state(k, sk, TcpState::Close);
        error_report(k, sk);
    } else {
        note!(k, "a fatal error: the next call of the user will report it, the connection lives on");
    }
    k.sock[sk].set_err(errno);
}

/// How many bytes a read could return now.
///
/// net/inet/tcp.c:tcp_readable: walks the receive queue up to the first hole, leaves out urgent octets, and stops
/// behind a segment with PSH. Interrupts are off meanwhile.
#[kfn("net/inet/tcp.c")]
pub fn tcp_readable(k: &mut Kernel, sk: SockId) -> u32 {
    let flags = save_flags(k);
    cli(k);
    let amount = tcp_readable_amount(k, sk);
    restore_flags(k, flags, "tcp_readable");
    amount
}

/// Counts what lies in sequence in front of the reader.
fn tcp_readable_amount(k: &Kernel, sk: SockId) -> u32 {
    let mut counted = k.sock[sk].copied_seq;
    let mut amount = 0_i32;
    for skb in &k.sock[sk].receive_queue {
        let skb = &k.skb[*skb];
        let th = TcpHdr::read(skb, skb.h_raw);
        if counted.before(th.seq) {
            break;
        }
        let sum = (skb.len.wrapping_sub(counted.since(th.seq)) as i32).wrapping_add(i32::from(th.syn));
        if sum > 0 {
            amount = amount.wrapping_add(sum).wrapping_sub(i32::from(th.syn));
            counted += sum as u32;
        }
        amount = amount.wrapping_sub(i32::from(th.urg));
        if amount != 0 && th.psh {
            break;
        }
    }
    amount as u32
}

/// select() on a listener: readable when accept() would find a connection.
///
/// net/inet/tcp.c:tcp_listen_select. Kept: all such selects wait on one global queue, and a listener never becomes
/// writable (kept/select_listener).
#[kfn("net/inet/tcp.c")]
pub fn tcp_listen_select(k: &mut Kernel, sk: SockId, sel_type: u8, wait: bool) -> bool {
    if sel_type != SEL_IN {
        return false;
    }
    k.set_inuse(sk, true, "tcp_listen_select");
    let ready = tcp_find_established(k, sk).is_some();
    release_sock(k, sk, "tcp_listen_select");
    if !ready && wait {
        note!(k, "no connection is ready: the process registers on the queue of all listeners");
        add_wait_queue(k, WaitQueueId::MasterSelect);
    }
    ready
}

/// What select() asks: would a read or a write go on without sleeping, is there urgent data?
///
/// net/inet/tcp.c:tcp_select. If not, the process is registered on the sock's wait queue. Kept: a sock whose writing
/// half is shut is not writable and does not register either (kept/select_shut).
#[kfn("net/inet/tcp.c")]
pub fn tcp_select(k: &mut Kernel, sk: SockId, sel_type: u8, wait: bool) -> bool {
    if k.sock[sk].state == TcpState::Listen {
        return tcp_listen_select(k, sk, sel_type, wait);
    }
    let ready = match sel_type {
        SEL_IN => tcp_select_in(k, sk),
        SEL_OUT => {
            if k.sock[sk].err == 0 && k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
                return false;
            }
            tcp_select_out(k, sk)
        }
        SEL_EX => k.sock[sk].urg_data != 0,
        _ => return false,
    };
    if !ready
        && wait
        && let Some(queue) = k.sock[sk].sleep
    {
        note!(k, "not ready: the process registers on the sock's wait queue");
        add_wait_queue(k, queue);
    }
    ready
}

/// Readable: an error, the end, or at least one octet that is not the urgent one alone.
fn tcp_select_in(k: &Kernel, sk: SockId) -> bool {
    let sock = &k.sock[sk];
    if sock.err != 0 {
        return true;
    }
    if matches!(sock.state, TcpState::SynSent | TcpState::SynRecv) {
        return false;
    }
    if sock.shutdown & RCV_SHUTDOWN != 0 {
        return true;
    }
    if sock.acked_seq == sock.copied_seq {
        return false;
    }
    let only_urgent = sock.urg_seq == sock.copied_seq
        && sock.acked_seq == sock.copied_seq + 1
        && !sock.urginline
        && sock.urg_data != 0;
    !only_urgent
}

/// Writable: an error, or room for a whole segment.
fn tcp_select_out(k: &Kernel, sk: SockId) -> bool {
    let sock = &k.sock[sk];
    if sock.err != 0 {
        return true;
    }
    if matches!(sock.state, TcpState::SynSent | TcpState::SynRecv) {
        return false;
    }
    sock_wspace(k, sk) >= u32::from(sock.mtu) + 128 + MAX_HEADER_ROOM
}

/// Carries out TCP's own ioctls: bytes to read, room to write, the urgent mark.
///
/// net/inet/tcp.c:tcp_ioctl. Kept: TIOCOUTQ returns the free send memory, not what is queued
/// (socket_errors/unconnected_io).
#[kfn("net/inet/tcp.c")]
pub fn tcp_ioctl(k: &mut Kernel, sk: SockId, cmd: u32, arg: u32) -> KResult<i32> {
    let listening = k.sock[sk].state == TcpState::Listen;
    let answer = match cmd {
        TIOCINQ | TIOCOUTQ if listening => return fail(Errno::EINVAL),
        TIOCINQ => {
            k.set_inuse(sk, true, "tcp_ioctl");
            let amount = tcp_readable(k, sk);
            release_sock(k, sk, "tcp_ioctl");
            amount
        }
        SIOCATMARK => {
            let sock = &k.sock[sk];
            u32::from(sock.urg_data != 0 && sock.urg_seq == sock.copied_seq)
        }
        TIOCOUTQ => sock_wspace(k, sk),
        _ => return fail(Errno::EINVAL),
    };
    verify_area(k, arg, 4)?;
    put_fs_long(k, answer, arg);
    Ok(0)
}

/// Sets an option of TCP: the largest segment, or no waiting with small segments.
///
/// net/inet/tcp.c:tcp_setsockopt. Kept: there are these two and no other, so every later one is ENOPROTOOPT: TCP_CORK,
/// TCP_USER_TIMEOUT, TCP_INQ, TCP_FASTOPEN_CONNECT, and of the socket's own SO_ZEROCOPY (kept/later_tcp_options).
#[kfn("net/inet/tcp.c")]
pub fn tcp_setsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<()> {
    if level != SOL_TCP {
        return ip_setsockopt(k, sk, level, optname, optval, optlen);
    }
    if optval == 0 {
        return fail(Errno::EINVAL);
    }
    verify_area(k, optval, 4)?;
    let value = get_fs_long(k, optval) as i32;
    match optname {
        TCP_MAXSEG => {
            if !(1..=MAX_WINDOW as i32).contains(&value) {
                note!(k, "a segment size must lie between 1 and 16384: EINVAL");
                return fail(Errno::EINVAL);
            }
            k.sock[sk].user_mss = value as u16;
            Ok(())
        }
        TCP_NODELAY => {
            k.sock[sk].nonagle = value != 0;
            Ok(())
        }
        _ => fail(Errno::ENOPROTOOPT),
    }
}

/// Reads an option of TCP back.
///
/// net/inet/tcp.c:tcp_getsockopt. Kept: TCP_MAXSEG tells the user's wish, not the size in use
/// (kept/user_mss_told).
#[kfn("net/inet/tcp.c")]
pub fn tcp_getsockopt(k: &mut Kernel, sk: SockId, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<()> {
    if level != SOL_TCP {
        return ip_getsockopt(k, sk, level, optname, optval, optlen);
    }
    let value = match optname {
        TCP_MAXSEG => u32::from(k.sock[sk].user_mss),
        TCP_NODELAY => u32::from(k.sock[sk].nonagle),
        _ => return fail(Errno::ENOPROTOOPT),
    };
    verify_area(k, optlen, 4)?;
    put_fs_long(k, 4, optlen);
    verify_area(k, optval, 4)?;
    put_fs_long(k, value, optval);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::include::config::Config;

    #[test]
    fn the_mask_follows_the_class() {
        let mask = |text: &str| default_mask(InAddr::parse(text).unwrap()).to_string();
        assert_eq!(mask("10.1.2.3"), "255.0.0.0");
        assert_eq!(mask("172.16.0.1"), "255.255.0.0");
        assert_eq!(mask("192.0.2.1"), "255.255.255.0");
    }

    #[test]
    fn the_sequence_clock_counts_microseconds_modulo_2_32() {
        let mut k = Kernel::off(Config { boot_time: (1 << 32) - 5_000, ..Config::default() });
        assert_eq!(tcp_init_seq(&k), Seq(u32::MAX - 4_999));
        k.jiffies = k.jiffies + 1;
        assert_eq!(tcp_init_seq(&k), Seq(5_000));
    }
}
