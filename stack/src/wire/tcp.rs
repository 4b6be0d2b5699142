//! Segments (RFC 793): `struct tcphdr`.

use core::net::Ipv4Addr;

use super::checksum::tcp_checksum;
use super::field::{Field, FieldKind, Header, field, group};
use super::malformed::Malformed;
use super::octets;
use super::tcp_options::TcpOptions;
use super::text::Text;

/// Octets of a header without options.
pub const HEADER_LENGTH: usize = 20;
/// Most octets of a header with options.
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

const OFFSET: &[Field] = &[
    field("doff", Text::new("Data offset", "数据偏移 doff"), 96..100, FieldKind::Words),
    field("res1", Text::new("Reserved", "保留 res1"), 100..104, FieldKind::Hex),
];
const FLAGS: &[Field] = &[
    field("res2", Text::new("Reserved", "保留 res2"), 104..106, FieldKind::Hex),
    field("urg", Text::new("Urgent pointer valid", "紧急指针有效 urg"), 106..107, FieldKind::Flag),
    field("ack", Text::new("Acknowledgement valid", "确认号有效 ack"), 107..108, FieldKind::Flag),
    field("psh", Text::new("Push", "推送 psh"), 108..109, FieldKind::Flag),
    field("rst", Text::new("Reset", "复位 rst"), 109..110, FieldKind::Flag),
    field("syn", Text::new("Synchronize", "同步序号 syn"), 110..111, FieldKind::Flag),
    field("fin", Text::new("Finished", "发送完毕 fin"), 111..112, FieldKind::Flag),
];

/// The fields of `struct tcphdr`.
pub static TCP: Header = Header {
    name: "tcphdr",
    label: Text::new("Transmission Control Protocol", "传输控制协议 TCP"),
    length: HEADER_LENGTH,
    fields: &[
        field("source", Text::new("Source port", "源端口 source"), 0..16, FieldKind::Number),
        field("dest", Text::new("Destination port", "目的端口 dest"), 16..32, FieldKind::Number),
        field("seq", Text::new("Sequence number", "序号 seq"), 32..64, FieldKind::Number),
        field("ack_seq", Text::new("Acknowledgement number", "确认号 ack_seq"), 64..96, FieldKind::Number),
        group("doff_res1", Text::new("Data offset, reserved", "数据偏移与保留位"), 96..104, OFFSET),
        group("flags", Text::new("Flags", "标志 flags"), 104..112, FLAGS),
        field("window", Text::new("Window", "窗口 window"), 112..128, FieldKind::Number),
        field("check", Text::new("Checksum", "校验和 check"), 128..144, FieldKind::Checksum),
        field("urg_ptr", Text::new("Urgent pointer", "紧急指针 urg_ptr"), 144..160, FieldKind::Number),
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
        let offset = usize::from(fixed[12] >> 4) * 4;
        let Some(options_length) = offset.checked_sub(HEADER_LENGTH) else {
            return Err(Malformed::value("tcphdr", "doff", u32::from(fixed[12] >> 4)));
        };
        let (options, payload) =
            rest.split_at_checked(options_length).ok_or(Malformed::short("tcphdr", "doff", offset, segment.len()))?;
        Ok(Self { fixed, options, payload })
    }

    fn long(&self, octets: [u8; 4]) -> u32 {
        u32::from_be_bytes(octets)
    }

    /// Source port.
    pub fn source(&self) -> u16 {
        u16::from_be_bytes([self.fixed[0], self.fixed[1]])
    }

    /// Destination port.
    pub fn dest(&self) -> u16 {
        u16::from_be_bytes([self.fixed[2], self.fixed[3]])
    }

    /// Sequence number of the first octet (of the SYN, where there is one).
    pub fn seq(&self) -> u32 {
        self.long([self.fixed[4], self.fixed[5], self.fixed[6], self.fixed[7]])
    }

    /// The next sequence number expected from the other side, if the ACK flag is set.
    pub fn ack_seq(&self) -> u32 {
        self.long([self.fixed[8], self.fixed[9], self.fixed[10], self.fixed[11]])
    }

    /// Octets of the header in units of four.
    pub fn doff(&self) -> u8 {
        self.fixed[12] >> 4
    }

    /// Four reserved bits.
    pub fn res1(&self) -> u8 {
        self.fixed[12] & 15
    }

    /// The whole flag octet: the two bits of `res2`, then URG to FIN.
    pub fn flags(&self) -> u8 {
        self.fixed[13]
    }

    /// One of the flag constants is set.
    pub fn has(&self, flag: u8) -> bool {
        self.flags() & flag != 0
    }

    /// Octets the sender is ready to take.
    pub fn window(&self) -> u16 {
        u16::from_be_bytes([self.fixed[14], self.fixed[15]])
    }

    /// Checksum.
    pub fn check(&self) -> u16 {
        u16::from_be_bytes([self.fixed[16], self.fixed[17]])
    }

    /// Offset of the end of urgent data from `seq`, if the URG flag is set.
    pub fn urg_ptr(&self) -> u16 {
        u16::from_be_bytes([self.fixed[18], self.fixed[19]])
    }

    /// The option octets, possibly none.
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

/// The two ports of a TCP segment or UDP datagram of which at least four octets are there.
pub fn ports(transport: &[u8]) -> Option<(u16, u16)> {
    Some((octets::get16(transport, 0)?, octets::get16(transport, 2)?))
}

/// The sequence number of a segment that may be cut off, as in the quote of an ICMP error.
pub fn seq(segment: &[u8]) -> Option<u32> {
    octets::get32(segment, 4)
}

/// Sets the sequence number; `false` if the header is too short.
pub fn set_seq(segment: &mut [u8], seq: u32) -> bool {
    octets::put32(segment, 4, seq)
}

/// Sets the acknowledgement number; `false` if the header is too short.
pub fn set_ack_seq(segment: &mut [u8], ack_seq: u32) -> bool {
    octets::put32(segment, 8, ack_seq)
}

/// Sets the flag octet; `false` if the header is too short.
pub fn set_flags(segment: &mut [u8], flags: u8) -> bool {
    octets::put8(segment, 13, flags)
}

/// Sets the window; `false` if the header is too short.
pub fn set_window(segment: &mut [u8], window: u16) -> bool {
    octets::put16(segment, 14, window)
}

/// Sets the checksum field; `false` if the header is too short.
pub fn set_check(segment: &mut [u8], check: u16) -> bool {
    octets::put16(segment, 16, check)
}

/// Computes and writes the checksum of a whole segment; `false` if it is too short.
pub fn fill_checksum(segment: &mut [u8], saddr: impl Into<Ipv4Addr>, daddr: impl Into<Ipv4Addr>) -> bool {
    if !set_check(segment, 0) {
        return false;
    }
    let check = tcp_checksum(saddr, daddr, segment);
    set_check(segment, check)
}

/// Flags as packetdrill writes them: `S.` for SYN and ACK, `.` for ACK alone, `-` for none, E and W for the bits that 1.2.13 calls
/// `res2`.
pub fn flags_text(flags: u8) -> String {
    let letters = [(FIN, 'F'), (SYN, 'S'), (RST, 'R'), (PSH, 'P'), (ACK, '.'), (URG, 'U'), (0x40, 'E'), (0x80, 'W')];
    let text: String = letters.iter().filter(|(bit, _)| flags & bit != 0).map(|(_, letter)| *letter).collect();
    if text.is_empty() { "-".to_owned() } else { text }
}
