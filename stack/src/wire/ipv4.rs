//! The Internet header (RFC 791): `struct iphdr`, its options, and the three flags and the offset in `frag_off`.

use core::net::Ipv4Addr;

use super::checksum::internet_checksum;
use super::field::{Field, FieldKind, Header, field, group};
use super::malformed::Malformed;
use crate::words::Words;

/// Bytes of a header without options.
pub const HEADER_LENGTH: usize = 20;
/// Most bytes of a header with options.
pub const MAX_HEADER_LENGTH: usize = 60;
/// Bit of `frag_off`: congestion (reserved; must be zero today).
pub const IP_CE: u16 = 0x8000;
/// Bit of `frag_off`: do not fragment.
pub const IP_DF: u16 = 0x4000;
/// Bit of `frag_off`: more fragments follow.
pub const IP_MF: u16 = 0x2000;
/// Bits of `frag_off`: the offset in units of eight bytes.
pub const IP_OFFSET: u16 = 0x1fff;
/// Option: record the route.
pub const IPOPT_RR: u8 = 7;
/// Option: time stamps.
pub const IPOPT_TIMESTAMP: u8 = 68;
/// Option: security.
pub const IPOPT_SEC: u8 = 130;
/// Option: loose source route.
pub const IPOPT_LSRR: u8 = 131;
/// Option: stream identifier.
pub const IPOPT_SID: u8 = 136;
/// Option: strict source route.
pub const IPOPT_SSRR: u8 = 137;

/// Where the fields of `struct iphdr` stand.
pub mod at {
    use crate::wire::big_endian::{At8, At16, At32};

    /// `version` and `ihl`, four bits each.
    pub const VERSION_IHL: At8<0> = At8;
    /// Type of service.
    pub const TOS: At8<1> = At8;
    /// Bytes of header and payload.
    pub const TOT_LEN: At16<2> = At16;
    /// Identification, shared by the fragments of one packet.
    pub const ID: At16<4> = At16;
    /// Three flags, then the offset in units of eight bytes.
    pub const FRAG_OFF: At16<6> = At16;
    /// Hops left.
    pub const TTL: At8<8> = At8;
    /// Protocol of the payload.
    pub const PROTOCOL: At8<9> = At8;
    /// Header checksum.
    pub const CHECK: At16<10> = At16;
    /// Source address.
    pub const SADDR: At32<12> = At32;
    /// Destination address.
    pub const DADDR: At32<16> = At32;
}

const VERSION_IHL: &[Field] = &[
    field("version", Words::new("Version", "版本 version"), 0..4, FieldKind::Number),
    field("ihl", Words::new("Header length", "首部长度 ihl"), 4..8, FieldKind::Words),
];
const FRAGMENT: &[Field] = &[
    field("IP_CE", Words::new("Reserved", "保留位 IP_CE"), 48..49, FieldKind::Flag),
    field("IP_DF", Words::new("Do not fragment", "禁止分片 IP_DF"), 49..50, FieldKind::Flag),
    field("IP_MF", Words::new("More fragments", "还有分片 IP_MF"), 50..51, FieldKind::Flag),
    field("IP_OFFSET", Words::new("Fragment offset", "片偏移 IP_OFFSET"), 51..64, FieldKind::EightBytes),
];

/// The fields of `struct iphdr`.
pub static IPV4: Header = Header {
    name: "iphdr",
    label: Words::new("Internet Protocol", "网际协议 IPv4"),
    length: HEADER_LENGTH,
    fields: &[
        group(
            "version_ihl",
            Words::new("Version, header length", "版本与首部长度"),
            at::VERSION_IHL.bits(),
            VERSION_IHL,
        ),
        field("tos", Words::new("Type of service", "服务类型 tos"), at::TOS.bits(), FieldKind::Hex),
        field("tot_len", Words::new("Total length", "总长度 tot_len"), at::TOT_LEN.bits(), FieldKind::Number),
        field("id", Words::new("Identification", "标识 id"), at::ID.bits(), FieldKind::Number),
        group("frag_off", Words::new("Flags, fragment offset", "标志与片偏移 frag_off"), at::FRAG_OFF.bits(), FRAGMENT),
        field("ttl", Words::new("Time to live", "生存时间 ttl"), at::TTL.bits(), FieldKind::Number),
        field("protocol", Words::new("Protocol", "上层协议 protocol"), at::PROTOCOL.bits(), FieldKind::Protocol),
        field("check", Words::new("Header checksum", "首部校验和 check"), at::CHECK.bits(), FieldKind::Checksum),
        field("saddr", Words::new("Source address", "源地址 saddr"), at::SADDR.bits(), FieldKind::InternetAddress),
        field(
            "daddr",
            Words::new("Destination address", "目的地址 daddr"),
            at::DADDR.bits(),
            FieldKind::InternetAddress,
        ),
    ],
};

/// A packet with a complete header of version 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ipv4Packet<'a> {
    fixed: &'a [u8; HEADER_LENGTH],
    header: &'a [u8],
    options: &'a [u8],
    payload: &'a [u8],
}

impl<'a> Ipv4Packet<'a> {
    /// Reads a whole packet: version 4, a header that fits, and all of `tot_len`. Bytes behind it are left alone.
    pub fn new_checked(packet: &'a [u8]) -> Result<Self, Malformed> {
        let view = Self::new_header(packet)?;
        let total = usize::from(view.tot_len());
        if total < view.header.len() {
            return Err(Malformed::value("iphdr", "tot_len", u32::from(view.tot_len())));
        }
        if total > packet.len() {
            return Err(Malformed::short("iphdr", "tot_len", total, packet.len()));
        }
        Ok(view)
    }

    /// Reads a packet whose end may be missing, such as one quoted in an ICMP error or cut off by a capture. The
    /// payload is what is there of it.
    pub fn new_header(packet: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, _) = packet.split_first_chunk::<HEADER_LENGTH>().ok_or(Malformed::short(
            "iphdr",
            "header",
            HEADER_LENGTH,
            packet.len(),
        ))?;
        if at::VERSION_IHL.of(fixed) >> 4 != 4 {
            return Err(Malformed::value("iphdr", "version", u32::from(at::VERSION_IHL.of(fixed) >> 4)));
        }
        let length = usize::from(at::VERSION_IHL.of(fixed) & 15) * 4;
        let options = match packet.get(HEADER_LENGTH..length) {
            Some(options) => options,
            None if length < HEADER_LENGTH => {
                return Err(Malformed::value("iphdr", "ihl", u32::from(at::VERSION_IHL.of(fixed) & 15)));
            }
            None => return Err(Malformed::short("iphdr", "ihl", length, packet.len())),
        };
        let (header, rest) = packet.split_at_checked(length).unwrap_or((packet, &[]));
        let total = usize::from(at::TOT_LEN.of(fixed));
        let payload = rest.get(..total.saturating_sub(length)).unwrap_or(rest);
        Ok(Self { fixed, header, options, payload })
    }

    /// Bytes of the header in units of four.
    pub fn ihl(&self) -> u8 {
        at::VERSION_IHL.of(self.fixed) & 15
    }

    /// Always 4.
    pub fn version(&self) -> u8 {
        at::VERSION_IHL.of(self.fixed) >> 4
    }

    /// Type of service.
    pub fn tos(&self) -> u8 {
        at::TOS.of(self.fixed)
    }

    /// Bytes of header and payload as the header says.
    pub fn tot_len(&self) -> u16 {
        at::TOT_LEN.of(self.fixed)
    }

    /// Identification, shared by the fragments of one packet.
    pub fn id(&self) -> u16 {
        at::ID.of(self.fixed)
    }

    /// Flags and offset as they stand in the header.
    pub fn frag_off(&self) -> u16 {
        at::FRAG_OFF.of(self.fixed)
    }

    /// Must not be fragmented.
    pub fn dont_fragment(&self) -> bool {
        self.frag_off() & IP_DF != 0
    }

    /// Not the last fragment.
    pub fn more_fragments(&self) -> bool {
        self.frag_off() & IP_MF != 0
    }

    /// Offset of the payload in the unfragmented packet, in bytes.
    pub fn fragment_offset(&self) -> usize {
        usize::from(self.frag_off() & IP_OFFSET) * 8
    }

    /// The packet is a part of a larger one.
    pub fn is_fragment(&self) -> bool {
        self.frag_off() & (IP_MF | IP_OFFSET) != 0
    }

    /// Hops left.
    pub fn ttl(&self) -> u8 {
        at::TTL.of(self.fixed)
    }

    /// Protocol of the payload.
    pub fn protocol(&self) -> u8 {
        at::PROTOCOL.of(self.fixed)
    }

    /// Header checksum.
    pub fn check(&self) -> u16 {
        at::CHECK.of(self.fixed)
    }

    /// Source address.
    pub fn saddr(&self) -> Ipv4Addr {
        at::SADDR.of(self.fixed).into()
    }

    /// Destination address.
    pub fn daddr(&self) -> Ipv4Addr {
        at::DADDR.of(self.fixed).into()
    }

    /// The header with its options.
    pub fn header(&self) -> &'a [u8] {
        self.header
    }

    /// The options, possibly none.
    pub fn options(&self) -> &'a [u8] {
        self.options
    }

    /// What follows the header, at most up to `tot_len`.
    pub fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// The header checksum is right.
    pub fn checksum_is_right(&self) -> bool {
        internet_checksum(self.header) == 0
    }
}

/// Computes and writes the checksum of the header that `packet` begins with; `false` if it is not complete.
pub fn fill_checksum(packet: &mut [u8]) -> bool {
    let length = packet.first().map_or(0, |byte| usize::from(byte & 15) * 4);
    let Some(header) = packet.get_mut(..length) else {
        return false;
    };
    if !at::CHECK.put(header, 0) {
        return false;
    }
    let check = internet_checksum(header);
    at::CHECK.put(header, check)
}

/// What an option is called, and its symbol.
pub fn option_label(kind: u8) -> (&'static str, Words) {
    match kind {
        0 => ("IPOPT_END", Words::new("End of options", "选项结束 EOL")),
        1 => ("IPOPT_NOOP", Words::new("No operation", "空操作 NOP")),
        IPOPT_RR => ("IPOPT_RR", Words::new("Record route", "记录路由 RR")),
        IPOPT_TIMESTAMP => ("IPOPT_TIMESTAMP", Words::new("Time stamps", "时间戳 TS")),
        IPOPT_SEC => ("IPOPT_SEC", Words::new("Security", "安全 SEC")),
        IPOPT_LSRR => ("IPOPT_LSRR", Words::new("Loose source route", "宽松源路由 LSRR")),
        IPOPT_SID => ("IPOPT_SID", Words::new("Stream identifier", "流标识 SID")),
        IPOPT_SSRR => ("IPOPT_SSRR", Words::new("Strict source route", "严格源路由 SSRR")),
        _ => ("option", Words::new("Unknown option", "未知选项")),
    }
}
