//! Segments (RFC 793): `struct tcphdr`.

use core::net::Ipv4Addr;

use super::checksum::tcp_checksum;
use super::field::{Field, FieldKind, Header, field, group};
use super::malformed::Malformed;
use super::tcp_options::TcpOptions;
use crate::words::Words;

/// Bytes of a header without options.
pub const HEADER_LENGTH: usize = 20;
/// Most bytes of a header with options.
pub const MAX_HEADER_LENGTH: usize = 60;
/// Flag: the sender has finished.
pub const FIN: u8 = 0x01;
/// Flag: synchronize sequence numbers.
pub const SYN: u8 = 0x02;
/// Flag: reset.
pub const RST: u8 = 0x04;
/// Flag: push.
pub const PSH: u8 = 0x08;
/// Flag: `ack_seq` is valid.
pub const ACK: u8 = 0x10;
/// Flag: `urg_ptr` is valid.
pub const URG: u8 = 0x20;

/// Where the fields of `struct tcphdr` stand.
pub mod at {
    use crate::wire::big_endian::{At8, At16, At32};

    /// Source port.
    pub const SOURCE: At16<0> = At16;
    /// Destination port.
    pub const DEST: At16<2> = At16;
    /// Sequence number.
    pub const SEQ: At32<4> = At32;
    /// Acknowledgement number.
    pub const ACK_SEQ: At32<8> = At32;
    /// `doff` in the upper half: the header in units of four bytes.
    pub const DOFF: At8<12> = At8;
    /// The two bits of `res2`, then URG to FIN.
    pub const FLAGS: At8<13> = At8;
    /// Window, in bytes.
    pub const WINDOW: At16<14> = At16;
    /// Checksum.
    pub const CHECK: At16<16> = At16;
    /// Urgent pointer.
    pub const URG_PTR: At16<18> = At16;
}

const OFFSET: &[Field] = &[
    field("doff", Words::new("Data offset", "数据偏移 doff"), 96..100, FieldKind::Words),
    field("res1", Words::new("Reserved", "保留 res1"), 100..104, FieldKind::Hex),
];
const FLAGS: &[Field] = &[
    field("res2", Words::new("Reserved", "保留 res2"), 104..106, FieldKind::Hex),
    field("urg", Words::new("Urgent pointer valid", "紧急指针有效 urg"), 106..107, FieldKind::Flag),
    field("ack", Words::new("Acknowledgement valid", "确认号有效 ack"), 107..108, FieldKind::Flag),
    field("psh", Words::new("Push", "推送 psh"), 108..109, FieldKind::Flag),
    field("rst", Words::new("Reset", "复位 rst"), 109..110, FieldKind::Flag),
    field("syn", Words::new("Synchronize", "同步序号 syn"), 110..111, FieldKind::Flag),
    field("fin", Words::new("Finished", "发送完毕 fin"), 111..112, FieldKind::Flag),
];

/// The fields of `struct tcphdr`.
pub static TCP: Header = Header {
    name: "tcphdr",
    label: Words::new("Transmission Control Protocol", "传输控制协议 TCP"),
    length: HEADER_LENGTH,
    fields: &[
        field("source", Words::new("Source port", "源端口 source"), at::SOURCE.bits(), FieldKind::Number),
        field("dest", Words::new("Destination port", "目的端口 dest"), at::DEST.bits(), FieldKind::Number),
        field("seq", Words::new("Sequence number", "序号 seq"), at::SEQ.bits(), FieldKind::Number),
        field("ack_seq", Words::new("Acknowledgement number", "确认号 ack_seq"), at::ACK_SEQ.bits(), FieldKind::Number),
        group("doff_res1", Words::new("Data offset, reserved", "数据偏移与保留位"), at::DOFF.bits(), OFFSET),
        group("flags", Words::new("Flags", "标志 flags"), at::FLAGS.bits(), FLAGS),
        field("window", Words::new("Window", "窗口 window"), at::WINDOW.bits(), FieldKind::Number),
        field("check", Words::new("Checksum", "校验和 check"), at::CHECK.bits(), FieldKind::Checksum),
        field("urg_ptr", Words::new("Urgent pointer", "紧急指针 urg_ptr"), at::URG_PTR.bits(), FieldKind::Number),
    ],
};

/// A segment whose header is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TcpSegment<'a> {
    fixed: &'a [u8; HEADER_LENGTH],
    options: &'a [u8],
    payload: &'a [u8],
}

impl<'a> TcpSegment<'a> {
    /// Reads the payload of an IP packet. Fails where `doff` is below 5 or points past the end.
    pub fn new_checked(segment: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, rest) = segment.split_first_chunk::<HEADER_LENGTH>().ok_or(Malformed::short(
            "tcphdr",
            "header",
            HEADER_LENGTH,
            segment.len(),
        ))?;
        let offset = usize::from(at::DOFF.of(fixed) >> 4) * 4;
        let Some(options_length) = offset.checked_sub(HEADER_LENGTH) else {
            return Err(Malformed::value("tcphdr", "doff", u32::from(at::DOFF.of(fixed) >> 4)));
        };
        let (options, payload) =
            rest.split_at_checked(options_length).ok_or(Malformed::short("tcphdr", "doff", offset, segment.len()))?;
        Ok(Self { fixed, options, payload })
    }

    /// Source port.
    pub fn source(&self) -> u16 {
        at::SOURCE.of(self.fixed)
    }

    /// Destination port.
    pub fn dest(&self) -> u16 {
        at::DEST.of(self.fixed)
    }

    /// Sequence number of the first byte (of the SYN, where there is one).
    pub fn seq(&self) -> u32 {
        at::SEQ.of(self.fixed)
    }

    /// The next sequence number expected from the other side, if the ACK flag is set.
    pub fn ack_seq(&self) -> u32 {
        at::ACK_SEQ.of(self.fixed)
    }

    /// Bytes of the header in units of four.
    pub fn doff(&self) -> u8 {
        at::DOFF.of(self.fixed) >> 4
    }

    /// Four reserved bits.
    pub fn res1(&self) -> u8 {
        at::DOFF.of(self.fixed) & 15
    }

    /// The whole flag byte: the two bits of `res2`, then URG to FIN.
    pub fn flags(&self) -> u8 {
        at::FLAGS.of(self.fixed)
    }

    /// One of the flag constants is set.
    pub fn has(&self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    /// Bytes the sender is ready to take.
    pub fn window(&self) -> u16 {
        at::WINDOW.of(self.fixed)
    }

    /// Checksum.
    pub fn check(&self) -> u16 {
        at::CHECK.of(self.fixed)
    }

    /// Offset of the end of urgent data from `seq`, if the URG flag is set.
    pub fn urg_ptr(&self) -> u16 {
        at::URG_PTR.of(self.fixed)
    }

    /// The option bytes, possibly none.
    pub fn options(&self) -> &'a [u8] {
        self.options
    }

    /// The options one by one.
    pub fn parsed_options(&self) -> TcpOptions<'a> {
        TcpOptions::new(self.options)
    }

    /// The data.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Sequence numbers the segment takes: data, SYN and FIN.
    pub fn sequence_length(&self) -> usize {
        self.payload.len() + usize::from(self.has(SYN)) + usize::from(self.has(FIN))
    }
}

/// The two ports of a TCP segment or UDP datagram of which at least four bytes are there.
pub fn ports(transport: &[u8]) -> Option<(u16, u16)> {
    Some((at::SOURCE.get(transport)?, at::DEST.get(transport)?))
}

/// The sequence number of a segment that may be cut off, as in the quote of an ICMP error.
pub fn seq(segment: &[u8]) -> Option<u32> {
    at::SEQ.get(segment)
}

/// Computes and writes the checksum of a whole segment; `false` if it is too short.
pub fn fill_checksum(segment: &mut [u8], saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>) -> bool {
    if !at::CHECK.put(segment, 0) {
        return false;
    }
    let check = tcp_checksum(saddr, daddr, segment);
    at::CHECK.put(segment, check)
}

/// Flags as packetdrill writes them: `S.` for SYN and ACK, `.` for ACK alone, `-` for none, E and W for the bits that 1.2.13 calls
/// `res2`.
pub fn flags_text(flags: u8) -> String {
    let letters = [(FIN, 'F'), (SYN, 'S'), (RST, 'R'), (PSH, 'P'), (ACK, '.'), (URG, 'U'), (0x40, 'E'), (0x80, 'W')];
    let text: String = letters.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, letter)| *letter).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}
