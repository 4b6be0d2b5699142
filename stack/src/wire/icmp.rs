//! Control messages (RFC 792): `struct icmphdr`, whose second half depends on the type, and the names of types and codes.

use core::net::Ipv4Addr;

use super::checksum::internet_checksum;
use super::field::{Field, FieldKind, Header, field};
use super::malformed::Malformed;
use crate::words::Words;

/// Bytes of the header.
pub const HEADER_LENGTH: usize = 8;
/// Answer to an echo request.
pub const ICMP_ECHOREPLY: u8 = 0;
/// Destination unreachable.
pub const ICMP_DEST_UNREACH: u8 = 3;
/// Source quench.
pub const ICMP_SOURCE_QUENCH: u8 = 4;
/// Redirect.
pub const ICMP_REDIRECT: u8 = 5;
/// Echo request.
pub const ICMP_ECHO: u8 = 8;
/// Time exceeded.
pub const ICMP_TIME_EXCEEDED: u8 = 11;
/// Parameter problem.
pub const ICMP_PARAMETERPROB: u8 = 12;
/// Timestamp request.
pub const ICMP_TIMESTAMP: u8 = 13;
/// Timestamp reply.
pub const ICMP_TIMESTAMPREPLY: u8 = 14;
/// Information request.
pub const ICMP_INFO_REQUEST: u8 = 15;
/// Information reply.
pub const ICMP_INFO_REPLY: u8 = 16;
/// Address mask request.
pub const ICMP_ADDRESS: u8 = 17;
/// Address mask reply.
pub const ICMP_ADDRESSREPLY: u8 = 18;
/// Code of destination unreachable: network.
pub const ICMP_NET_UNREACH: u8 = 0;
/// Code of destination unreachable: host.
pub const ICMP_HOST_UNREACH: u8 = 1;
/// Code of destination unreachable: protocol.
pub const ICMP_PROT_UNREACH: u8 = 2;
/// Code of destination unreachable: port.
pub const ICMP_PORT_UNREACH: u8 = 3;
/// Code of destination unreachable: must be fragmented and must not.
pub const ICMP_FRAG_NEEDED: u8 = 4;
/// Code of destination unreachable: source route failed.
pub const ICMP_SR_FAILED: u8 = 5;
/// Code of time exceeded: in transit.
pub const ICMP_EXC_TTL: u8 = 0;
/// Code of time exceeded: while fragments were put together.
pub const ICMP_EXC_FRAGTIME: u8 = 1;

/// Where the fields of `struct icmphdr` stand. What lies behind the checksum depends on the type.
pub mod at {
    use crate::wire::big_endian::{At8, At16, At32};

    /// The type.
    pub const TYPE: At8<0> = At8;
    /// The code within the type.
    pub const CODE: At8<1> = At8;
    /// Checksum of the whole message.
    pub const CHECKSUM: At16<2> = At16;
    /// `un.echo.id` of a query.
    pub const ID: At16<4> = At16;
    /// `un.echo.sequence` of a query.
    pub const SEQUENCE: At16<6> = At16;
    /// `un.gateway` of a redirect.
    pub const GATEWAY: At32<4> = At32;
}

const LABEL: Words = Words::new("Control message", "控制报文 ICMP");
const TYPE: Field = field("type", Words::new("Type", "类型 type"), at::TYPE.bits(), FieldKind::Number);
const CODE: Field = field("code", Words::new("Code", "代码 code"), at::CODE.bits(), FieldKind::Number);
const CHECK: Field =
    field("checksum", Words::new("Checksum", "校验和 checksum"), at::CHECKSUM.bits(), FieldKind::Checksum);
const ID: Field = field("un.echo.id", Words::new("Identifier", "标识 un.echo.id"), at::ID.bits(), FieldKind::Number);
const SEQUENCE: Field = field(
    "un.echo.sequence",
    Words::new("Sequence number", "序号 un.echo.sequence"),
    at::SEQUENCE.bits(),
    FieldKind::Number,
);
const GATEWAY: Field =
    field("un.gateway", Words::new("Gateway", "网关 un.gateway"), at::GATEWAY.bits(), FieldKind::InternetAddress);
const REST: Field =
    field("un", Words::new("Rest of the header", "首部其余部分 un"), at::GATEWAY.bits(), FieldKind::Hex);

/// `struct icmphdr` of queries and their answers.
pub static ICMP_QUERY: Header =
    Header { name: "icmphdr", label: LABEL, length: HEADER_LENGTH, fields: &[TYPE, CODE, CHECK, ID, SEQUENCE] };
/// `struct icmphdr` of a redirect.
pub static ICMP_GATEWAY: Header =
    Header { name: "icmphdr", label: LABEL, length: HEADER_LENGTH, fields: &[TYPE, CODE, CHECK, GATEWAY] };
/// `struct icmphdr` of everything else.
pub static ICMP_OTHER: Header =
    Header { name: "icmphdr", label: LABEL, length: HEADER_LENGTH, fields: &[TYPE, CODE, CHECK, REST] };

/// The field table that fits a type.
pub fn header_of(kind: u8) -> &'static Header {
    match kind {
        _ if is_query(kind) => &ICMP_QUERY,
        ICMP_REDIRECT => &ICMP_GATEWAY,
        _ => &ICMP_OTHER,
    }
}

/// Messages of this type ask or answer, and carry an identifier and a sequence number.
pub fn is_query(kind: u8) -> bool {
    matches!(kind, ICMP_ECHOREPLY | ICMP_ECHO | ICMP_TIMESTAMP..=ICMP_ADDRESSREPLY)
}

/// Messages of this type quote the header of the packet they complain about.
pub fn is_error(kind: u8) -> bool {
    matches!(kind, ICMP_DEST_UNREACH | ICMP_SOURCE_QUENCH | ICMP_REDIRECT | ICMP_TIME_EXCEEDED | ICMP_PARAMETERPROB)
}

/// A message with a complete header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IcmpPacket<'a> {
    fixed: &'a [u8; HEADER_LENGTH],
    data: &'a [u8],
}

impl<'a> IcmpPacket<'a> {
    /// Reads the payload of an IP packet. Fails where the header is not complete.
    pub fn new_checked(message: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, data) =
            message.split_first_chunk().ok_or(Malformed::short("icmphdr", "header", HEADER_LENGTH, message.len()))?;
        Ok(Self { fixed, data })
    }

    /// The type (`type` in C).
    pub fn kind(&self) -> u8 {
        at::TYPE.of(self.fixed)
    }

    /// The code within the type.
    pub fn code(&self) -> u8 {
        at::CODE.of(self.fixed)
    }

    /// Checksum of the whole message.
    pub fn checksum(&self) -> u16 {
        at::CHECKSUM.of(self.fixed)
    }

    /// `un.echo.id` of a query.
    pub fn id(&self) -> u16 {
        at::ID.of(self.fixed)
    }

    /// `un.echo.sequence` of a query.
    pub fn sequence(&self) -> u16 {
        at::SEQUENCE.of(self.fixed)
    }

    /// `un.gateway` of a redirect.
    pub fn gateway(&self) -> Ipv4Addr {
        at::GATEWAY.of(self.fixed).into()
    }

    /// What follows: data of an echo, or the quoted packet of an error.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }
}

/// Computes and writes the checksum of a whole message; `false` if it is too short.
pub fn fill_checksum(message: &mut [u8]) -> bool {
    if !at::CHECKSUM.put(message, 0) {
        return false;
    }
    let check = internet_checksum(message);
    at::CHECKSUM.put(message, check)
}

/// What a type means.
pub fn kind_text(kind: u8) -> Option<Words> {
    Some(match kind {
        ICMP_ECHOREPLY => Words::new("echo reply", "回显应答"),
        ICMP_DEST_UNREACH => Words::new("destination unreachable", "目的不可达"),
        ICMP_SOURCE_QUENCH => Words::new("source quench", "源抑制"),
        ICMP_REDIRECT => Words::new("redirect", "重定向"),
        ICMP_ECHO => Words::new("echo request", "回显请求"),
        ICMP_TIME_EXCEEDED => Words::new("time exceeded", "超时"),
        ICMP_PARAMETERPROB => Words::new("parameter problem", "参数错误"),
        ICMP_TIMESTAMP => Words::new("timestamp request", "时间戳请求"),
        ICMP_TIMESTAMPREPLY => Words::new("timestamp reply", "时间戳应答"),
        ICMP_INFO_REQUEST => Words::new("information request", "信息请求"),
        ICMP_INFO_REPLY => Words::new("information reply", "信息应答"),
        ICMP_ADDRESS => Words::new("address mask request", "地址掩码请求"),
        ICMP_ADDRESSREPLY => Words::new("address mask reply", "地址掩码应答"),
        _ => return None,
    })
}

/// What a code means within its type; `None` where the type has no codes or does not know this one.
pub fn code_text(kind: u8, code: u8) -> Option<Words> {
    Some(match (kind, code) {
        (ICMP_DEST_UNREACH, code) => return unreachable_text(code),
        (ICMP_REDIRECT, 0) => Words::new("network redirect", "网络重定向"),
        (ICMP_REDIRECT, 1) => Words::new("host redirect", "主机重定向"),
        (ICMP_REDIRECT, 2) => Words::new("network redirect for this service", "针对服务类型的网络重定向"),
        (ICMP_REDIRECT, 3) => Words::new("host redirect for this service", "针对服务类型的主机重定向"),
        (ICMP_TIME_EXCEEDED, ICMP_EXC_TTL) => Words::new("time to live exceeded in transit", "传输中生存时间耗尽"),
        (ICMP_TIME_EXCEEDED, ICMP_EXC_FRAGTIME) => Words::new("fragment reassembly time exceeded", "分片重组超时"),
        _ => return None,
    })
}

fn unreachable_text(code: u8) -> Option<Words> {
    Some(match code {
        ICMP_NET_UNREACH => Words::new("network unreachable", "网络不可达"),
        ICMP_HOST_UNREACH => Words::new("host unreachable", "主机不可达"),
        ICMP_PROT_UNREACH => Words::new("protocol unreachable", "协议不可达"),
        ICMP_PORT_UNREACH => Words::new("port unreachable", "端口不可达"),
        ICMP_FRAG_NEEDED => Words::new("fragmentation needed but forbidden", "需要分片但被禁止"),
        ICMP_SR_FAILED => Words::new("source route failed", "源路由失败"),
        6 => Words::new("network unknown", "网络未知"),
        7 => Words::new("host unknown", "主机未知"),
        8 => Words::new("host isolated", "主机被隔离"),
        9 => Words::new("network prohibited", "网络被禁止"),
        10 => Words::new("host prohibited", "主机被禁止"),
        11 => Words::new("network unreachable for this service", "该服务类型的网络不可达"),
        12 => Words::new("host unreachable for this service", "该服务类型的主机不可达"),
        _ => return None,
    })
}
