//! TCP: states, the header, and the constants of net/inet/tcp.h and include/linux/tcp.h.

use super::seq::{HZ, Seq};
use super::skbuff::SkBuff;

/// States of a sock; UDP, raw and packet socks use some of them too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
#[repr(u8)]
pub enum TcpState {
    /// No state yet: a sock whose memory was just handed out.
    #[default]
    None = 0,
    /// Data flows.
    Established = 1,
    /// connect() has sent its SYN.
    SynSent = 2,
    /// A SYN was answered.
    SynRecv = 3,
    /// We closed first; the FIN is not acknowledged yet.
    FinWait1 = 4,
    /// Our FIN is acknowledged, the peer's has not come.
    FinWait2 = 5,
    /// Both FINs are through; old segments may still wander about.
    TimeWait = 6,
    /// No connection.
    Close = 7,
    /// The peer closed first.
    CloseWait = 8,
    /// The peer closed first and our FIN is on its way.
    LastAck = 9,
    /// listen() was called.
    Listen = 10,
    /// Both closed at once.
    Closing = 11,
}

impl TcpState {
    /// All states with a connection behind them, in numerical order.
    pub const ALL: [Self; 11] = [
        Self::Established,
        Self::SynSent,
        Self::SynRecv,
        Self::FinWait1,
        Self::FinWait2,
        Self::TimeWait,
        Self::Close,
        Self::CloseWait,
        Self::LastAck,
        Self::Listen,
        Self::Closing,
    ];

    /// Name without the prefix TCP_, as traces write it; "0" for none.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Established => "ESTABLISHED",
            Self::SynSent => "SYN_SENT",
            Self::SynRecv => "SYN_RECV",
            Self::FinWait1 => "FIN_WAIT1",
            Self::FinWait2 => "FIN_WAIT2",
            Self::TimeWait => "TIME_WAIT",
            Self::Close => "CLOSE",
            Self::CloseWait => "CLOSE_WAIT",
            Self::LastAck => "LAST_ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }

    /// tcp_connected (net/inet/tcp.h): ESTABLISHED, CLOSE_WAIT, FIN_WAIT1, FIN_WAIT2, SYN_RECV.
    #[must_use]
    pub fn connected(self) -> bool {
        matches!(self, Self::Established | Self::CloseWait | Self::FinWait1 | Self::FinWait2 | Self::SynRecv)
    }
}

/// MAX_SYN_SIZE: buffer for SYN and SYN+ACK.
pub const MAX_SYN_SIZE: u32 = 62;
/// MAX_ACK_SIZE: buffer for a pure ACK or a probe.
pub const MAX_ACK_SIZE: u32 = 58;
/// MAX_RESET_SIZE: buffer for a RST, and for a FIN.
pub const MAX_RESET_SIZE: u32 = 58;
/// Largest window offered.
pub const MAX_WINDOW: u32 = 16384;
/// Used by sock_rspace.
pub const MIN_WINDOW: u32 = 2048;
/// Free send memory that makes a datagram socket writable.
pub const MIN_WRITE_SPACE: u32 = 2048;
/// MAX_WINDOW minus this is max_unacked of an accepted sock.
pub const TCP_WINDOW_DIFF: u32 = 2048;
/// urg_data: the octet is here (in the low 8 bits).
pub const URG_VALID: u32 = 0x0100;
/// urg_data: announced, not yet arrived.
pub const URG_NOTYET: u32 = 0x0200;
/// urg_data: taken.
pub const URG_READ: u32 = 0x0400;
/// Timeouts before IP is advised (outside ESTABLISHED).
pub const TCP_RETR1: i32 = 7;
/// Timeouts before giving up.
pub const TCP_RETR2: i32 = 15;
/// Keepalive interval: 15 min.
pub const TCP_TIMEOUT_LEN: u32 = 15 * 60 * HZ;
/// Length of TIME_WAIT: 60 s.
pub const TCP_TIMEWAIT_LEN: u32 = 60 * HZ;
/// Limit of an orphan that was closed in FIN_WAIT2: 180 s.
pub const TCP_FIN_TIMEOUT: u32 = 3 * 60 * HZ;
/// "Send an ACK soon": 3 s.
pub const TCP_ACK_TIME: u32 = 3 * HZ;
/// Upper bound of the wait before a dead sock is destroyed: 2.5 s.
pub const TCP_DONE_TIME: u32 = 250;
/// First retransmission timeout: 3 s.
pub const TCP_TIMEOUT_INIT: u32 = 3 * HZ;
/// Head start of an active open against TCP_RETR2.
pub const TCP_SYN_RETRIES: i32 = 5;
/// Ceiling of the retransmission timeout: 120 s.
pub const TCP_RTO_MAX: u32 = 120 * HZ;
/// Floor of the retransmission timeout: 0.2 s.
pub const TCP_RTO_MIN: u32 = 20;
/// Subtracted from an MTU to get an MSS.
pub const HEADER_SIZE: u32 = 64;
/// Ticks after which destroy_sock tries again: 10 s.
pub const SOCK_DESTROY_TIME: u32 = 1000;
/// Octets of a TCP header without options.
pub const TCP_HEADER: usize = 20;

/// Option: end of list.
pub const TCPOPT_EOL: u8 = 0;
/// Option: padding.
pub const TCPOPT_NOP: u8 = 1;
/// Option: maximum segment size.
pub const TCPOPT_MSS: u8 = 2;

/// RCV_SHUTDOWN: the reading half is shut.
pub const RCV_SHUTDOWN: u8 = 1;
/// SEND_SHUTDOWN: the writing half is shut.
pub const SEND_SHUTDOWN: u8 = 2;
/// Both halves.
pub const SHUTDOWN_MASK: u8 = 3;

/// Why a timer of a sock runs (`sk->timeout`, `sk->ip_xmit_timeout`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TimeReason {
    /// 0.
    #[default]
    None,
    /// TIME_WRITE 1: retransmission, or an owed ACK.
    Write,
    /// TIME_CLOSE 2: end of TIME_WAIT.
    Close,
    /// TIME_KEEPOPEN 3: keepalive.
    Keepopen,
    /// TIME_DESTROY 4: try to free the sock.
    Destroy,
    /// TIME_DONE 5: a dead sock in CLOSE.
    Done,
    /// TIME_PROBE0 6: zero-window probe.
    Probe0,
}

impl TimeReason {
    /// Every reason but none.
    pub const ALL: [Self; 6] = [Self::Write, Self::Close, Self::Keepopen, Self::Destroy, Self::Done, Self::Probe0];

    /// Name as traces write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "0",
            Self::Write => "TIME_WRITE",
            Self::Close => "TIME_CLOSE",
            Self::Keepopen => "TIME_KEEPOPEN",
            Self::Destroy => "TIME_DESTROY",
            Self::Done => "TIME_DONE",
            Self::Probe0 => "TIME_PROBE0",
        }
    }

    /// Number as /proc/net/tcp prints it.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Write => 1,
            Self::Close => 2,
            Self::Keepopen => 3,
            Self::Destroy => 4,
            Self::Done => 5,
            Self::Probe0 => 6,
        }
    }
}

/// `struct tcphdr`, numbers in host order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct TcpHdr {
    /// Source port.
    pub source: u16,
    /// Destination port.
    pub dest: u16,
    /// Sequence number.
    pub seq: Seq,
    /// Acknowledgement number.
    pub ack_seq: Seq,
    /// Header length in words of 4 octets.
    pub doff: u8,
    /// Reserved bits next to doff.
    pub res1: u8,
    /// Reserved bits next to the flags.
    pub res2: u8,
    /// URG.
    pub urg: bool,
    /// ACK.
    pub ack: bool,
    /// PSH.
    pub psh: bool,
    /// RST.
    pub rst: bool,
    /// SYN.
    pub syn: bool,
    /// FIN.
    pub fin: bool,
    /// Window.
    pub window: u16,
    /// Checksum.
    pub check: u16,
    /// Urgent pointer.
    pub urg_ptr: u16,
}

impl TcpHdr {
    /// Reads the header at an offset of a buffer; octets that are not there read as zero.
    #[must_use]
    pub fn read(skb: &SkBuff, at: usize) -> Self {
        let [s0, s1, d0, d1, q0, q1, q2, q3, a0, a1, a2, a3, offset, flags, w0, w1, c0, c1, u0, u1] =
            skb.octets_at::<TCP_HEADER>(at);
        Self {
            source: u16::from_be_bytes([s0, s1]),
            dest: u16::from_be_bytes([d0, d1]),
            seq: Seq(u32::from_be_bytes([q0, q1, q2, q3])),
            ack_seq: Seq(u32::from_be_bytes([a0, a1, a2, a3])),
            doff: offset >> 4,
            res1: offset & 15,
            res2: flags >> 6,
            urg: flags & 0x20 != 0,
            ack: flags & 0x10 != 0,
            psh: flags & 0x08 != 0,
            rst: flags & 0x04 != 0,
            syn: flags & 0x02 != 0,
            fin: flags & 0x01 != 0,
            window: u16::from_be_bytes([w0, w1]),
            check: u16::from_be_bytes([c0, c1]),
            urg_ptr: u16::from_be_bytes([u0, u1]),
        }
    }

    /// The 20 octets of the header as they go on the wire.
    #[must_use]
    pub fn bytes(&self) -> [u8; TCP_HEADER] {
        let mut bytes = [0; TCP_HEADER];
        bytes[0..2].copy_from_slice(&self.source.to_be_bytes());
        bytes[2..4].copy_from_slice(&self.dest.to_be_bytes());
        bytes[4..8].copy_from_slice(&self.seq.0.to_be_bytes());
        bytes[8..12].copy_from_slice(&self.ack_seq.0.to_be_bytes());
        bytes[12] = self.doff << 4 | (self.res1 & 15);
        bytes[13] = self.res2 << 6
            | u8::from(self.urg) << 5
            | u8::from(self.ack) << 4
            | u8::from(self.psh) << 3
            | u8::from(self.rst) << 2
            | u8::from(self.syn) << 1
            | u8::from(self.fin);
        bytes[14..16].copy_from_slice(&self.window.to_be_bytes());
        bytes[16..18].copy_from_slice(&self.check.to_be_bytes());
        bytes[18..20].copy_from_slice(&self.urg_ptr.to_be_bytes());
        bytes
    }

    /// Octets of the header with its options.
    #[must_use]
    pub fn header_len(&self) -> u32 {
        u32::from(self.doff) * 4
    }
}
