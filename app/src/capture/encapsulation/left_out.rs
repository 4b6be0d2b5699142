//! What a frame is that carries no TCP segment of IPv4: the kinds under which the frames that no connection has are counted.
//! Promise: every kind has a name in both languages.

use std::fmt;

use stack::wire::ip_numbers;

use crate::capture::link_type;
use crate::i18n::Words;

/// What a frame is that carries no TCP segment this program can feed to the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SegmentError {
    /// A link layer that this program does not read.
    LinkType(u32),
    /// ARP.
    Arp,
    /// IPv6: 1.2.13 has none.
    Ipv6,
    /// Some other Ethernet type.
    EtherType(u16),
    /// What PPP carries beside IP: its protocol number.
    PppProtocol(u16),
    /// An IPv4 protocol other than TCP.
    Protocol(u8),
    /// A fragment of a datagram of which not everything has come (yet).
    Fragment,
    /// The capture cut the frame before the end of the fixed TCP header.
    Cut,
    /// It says it is TCP, but a header does not fit.
    Malformed,
}

impl SegmentError {
    /// Its name.
    #[must_use]
    pub fn words(&self) -> Words<String> {
        let same = |name: &str| Words::new(name.to_owned(), name.to_owned());
        match self {
            Self::LinkType(number) => {
                let name = link_type::name(*number);
                Words::new(name.clone(), format!("链路类型 {name}"))
            }
            Self::Arp => same("ARP"),
            Self::Ipv6 => same("IPv6"),
            Self::EtherType(number) => {
                Words::new(format!("Ethernet type 0x{number:04x}"), format!("以太网类型 0x{number:04x}"))
            }
            Self::PppProtocol(number) => match ppp_name(*number) {
                Some(name) => Words::new(format!("PPP {name}"), format!("PPP {name}")),
                None => Words::new(format!("PPP protocol 0x{number:04x}"), format!("PPP 协议 0x{number:04x}")),
            },
            Self::Protocol(number) => ip_numbers::protocol_name(*number)
                .map_or_else(|| Words::new(format!("IPv4 protocol {number}"), format!("IPv4 协议 {number}")), same),
            Self::Fragment => Words::new("IPv4 fragment", "IPv4 分片").owned(),
            Self::Cut => Words::new("cut before the TCP header", "在 TCP 首部之前被截断").owned(),
            Self::Malformed => Words::new("malformed", "格式错误").owned(),
        }
    }
}

/// The short name of a protocol of PPP, of those that make a link and of those that compress what it carries.
fn ppp_name(number: u16) -> Option<&'static str> {
    Some(match number {
        0x002d => "VJC",
        0x002f => "VJU",
        0x003d => "MP",
        0x00fd => "COMP",
        0x8021 => "IPCP",
        0x8057 => "IPV6CP",
        0x80fd => "CCP",
        0xc021 => "LCP",
        0xc023 => "PAP",
        0xc223 => "CHAP",
        _ => return None,
    })
}

impl fmt::Display for SegmentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().en)
    }
}
