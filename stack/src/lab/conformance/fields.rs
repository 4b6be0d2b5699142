//! What of a packet a line of the script is held to, field by field in packetdrill's order, and packetdrill's sentence
//! about the first that differs. Whatever a line does not say is not looked at, with packetdrill's exceptions: no options
//! written means no options, and the acknowledgement number counts even where no ACK flag says so.

use core::net::Ipv4Addr;

use super::encapsulation::congestion_bits;
use crate::lab::script::ast::{
    Body, Congestion, Flags, IcmpMessage, IpInformation, Packet, PacketDirection, Segment, TcpOption, TcpOptions,
};
use crate::wire::ethernet::EthernetFrame;
use crate::wire::ipv4::{self, Ipv4Packet};
use crate::wire::{tcp, udp};
use crate::words::Words;

/// Low two bits of the type of service: explicit congestion notification.
const CONGESTION: u8 = 3;

/// Whether a line for a packet of that kind says which ports it means.
pub(super) fn writes_ports(body: &Body) -> bool {
    matches!(body, Body::Tcp(Segment { ports: Some(_), .. }) | Body::Udp { ports: Some(_), .. })
}

/// What of a frame of the stack stands in no packet line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Type of service.
    tos: u8,
    /// Time to live.
    pub(super) ttl: u8,
    /// Total length of the datagram.
    total: u16,
    /// Sender and receiver.
    pub(super) addresses: (Ipv4Addr, Ipv4Addr),
    /// The sequence number of a segment on the wire; 0 for anything else.
    pub(super) seq: u32,
    /// The acknowledgement number of a segment, whatever its flags say; 0 for anything else.
    pub(super) ack_seq: u32,
}

impl Header {
    /// The header of a frame that carries an IP datagram.
    pub(super) fn of(frame: &[u8]) -> Option<Self> {
        let ethernet = EthernetFrame::new_checked(frame).ok()?;
        let ip = Ipv4Packet::new_checked(ethernet.payload()).ok()?;
        let segment = Some(ip.payload()).filter(|_| ip.protocol() == crate::wire::ip_numbers::PROTOCOL_TCP);
        let segment = segment.filter(|_| !ip.is_fragment()).and_then(|bytes| tcp::TcpSegment::new_checked(bytes).ok());
        Some(Header {
            tos: ip.tos(),
            ttl: ip.ttl(),
            total: ip.tot_len(),
            addresses: (ip.saddr(), ip.daddr()),
            seq: segment.as_ref().map_or(0, tcp::TcpSegment::seq),
            ack_seq: segment.map_or(0, |segment| segment.ack_seq()),
        })
    }
}

/// The first field of a packet that is not as the line says.
///
/// `piece` is the length of the data in the last of the packets that it was glued from.
pub(super) fn difference(expected: &Packet, actual: &Packet, header: &Header, piece: u32) -> Option<Words<String>> {
    let lengths = payload(&expected.body, &actual.body).or_else(|| in_layers(expected));
    lengths.or_else(|| in_ip(expected, actual, header)).or_else(|| match (&expected.body, &actual.body) {
        (Body::Tcp(expected), Body::Tcp(actual)) => in_segment(expected, actual, header),
        (Body::Icmp(expected), Body::Icmp(actual)) => in_message(expected, actual),
        // Of datagrams that were glued together the last one's header stands for all, its length with it.
        (Body::Udp { length, .. }, Body::Udp { .. }) => {
            let with_header = |data: u32| data.saturating_add(udp::HEADER_LENGTH as u32);
            field("udp_len", with_header(*length), with_header(piece))
        }
        (expected, actual) => (expected != actual).then(|| Words {
            en: format!("live packet: expected {expected} vs actual {actual}"),
            zh: format!("实际报文：期望 {expected}，实际 {actual}"),
        }),
    })
}

/// packetdrill's sentence about a number in a header.
pub(super) fn field(name: &str, expected: u32, actual: u32) -> Option<Words<String>> {
    (expected != actual).then(|| Words {
        en: format!("live packet field {name}: expected: {expected} ({expected:#x}) vs actual: {actual} ({actual:#x})"),
        zh: format!("实际报文的字段 {name}：期望 {expected} ({expected:#x})，实际 {actual} ({actual:#x})"),
    })
}

/// How much data is in a segment or datagram.
pub(super) fn length(body: &Body) -> Option<u32> {
    match body {
        Body::Tcp(segment) => Some(segment.sequence.length),
        Body::Udp { length, .. } => Some(*length),
        Body::Icmp(_) | Body::Fragment { .. } => None,
    }
}

/// packetdrill's sentence about the data, if it is of another length.
pub(super) fn payload(expected: &Body, actual: &Body) -> Option<Words<String>> {
    let (expected, actual) = (length(expected)?, length(actual)?);
    (expected != actual).then(|| Words {
        en: format!("live packet payload: expected {expected} bytes vs actual {actual} bytes"),
        zh: format!("实际报文的数据：期望 {expected} 字节，实际 {actual} 字节"),
    })
}

/// Whether a line writes headers around its packet, which this stack never sends: packetdrill counts them.
fn in_layers(expected: &Packet) -> Option<Words<String>> {
    // The header of IP and that of what it carries.
    const OWN: usize = 2;
    let layers = expected.outer.len() + OWN;
    (layers != OWN).then(|| Words {
        en: format!("live packet: expected {layers} headers vs actual {OWN}"),
        zh: format!("实际报文的首部层数：期望 {layers} 个，实际 {OWN} 个"),
    })
}

fn in_ip(expected: &Packet, actual: &Packet, header: &Header) -> Option<Words<String>> {
    let total = match (&expected.body, &actual.body) {
        (Body::Tcp(wanted), Body::Tcp(got)) => field(
            "ipv4_total_length",
            total_length(wanted, got),
            // Of several segments that were glued together the first one's header stands for all.
            u32::from(header.total).max(total_length(got, got)),
        ),
        _ => None,
    };
    let IpInformation { tos, ttl, congestion, .. } = expected.ip;
    total
        .or_else(|| field("tos", u32::from(tos?), u32::from(header.tos)))
        .or_else(|| in_congestion(congestion?, header.tos & CONGESTION))
        // No packet leaves with 0, which says that it is not looked at.
        .or_else(|| field("ttl", u32::from(ttl.filter(|ttl| *ttl != 0)?), u32::from(header.ttl)))
        .or_else(|| in_addresses(expected.addresses?, header.addresses))
}

fn in_congestion(expected: Congestion, actual: u8) -> Option<Words<String>> {
    if expected == Congestion::Ect01 {
        return (!matches!(actual, 1 | 2)).then(|| Words {
            en: format!("live packet field ip_ecn: expected: 0x1 or 0x2 vs actual: {actual:#x}"),
            zh: format!("实际报文的字段 ip_ecn：期望 0x1 或 0x2，实际 {actual:#x}"),
        });
    }
    field("ip_ecn", u32::from(congestion_bits(expected)), u32::from(actual))
}

fn in_addresses(expected: (Ipv4Addr, Ipv4Addr), actual: (Ipv4Addr, Ipv4Addr)) -> Option<Words<String>> {
    let one = |name: &str, expected: Ipv4Addr, actual: Ipv4Addr| {
        (expected != actual).then(|| Words {
            en: format!("live packet field {name}: expected: {expected} vs actual: {actual}"),
            zh: format!("实际报文的字段 {name}：期望 {expected}，实际 {actual}"),
        })
    };
    one("ipv4_src_ip", expected.0, actual.0).or_else(|| one("ipv4_dst_ip", expected.1, actual.1))
}

/// The length of the datagram of a segment; options that are not looked at are as long as the actual ones.
fn total_length(segment: &Segment, actual: &Segment) -> u32 {
    let headers = ipv4::HEADER_LENGTH + header_length(segment, actual);
    u32::try_from(headers).unwrap_or(0).saturating_add(segment.sequence.length)
}

fn header_length(segment: &Segment, actual: &Segment) -> usize {
    let options = match (&segment.options, &actual.options) {
        (TcpOptions::List(list), _) | (TcpOptions::Any, TcpOptions::List(list)) => {
            list.iter().map(TcpOption::size).sum::<usize>()
        }
        _ => 0,
    };
    tcp::HEADER_LENGTH + options.next_multiple_of(4)
}

fn in_segment(expected: &Segment, actual: &Segment, header: &Header) -> Option<Words<String>> {
    let words = |segment: &Segment| u32::try_from(header_length(segment, actual) / 4).unwrap_or(0);
    let acknowledged = actual.acknowledgement.unwrap_or(header.ack_seq);
    let numbers = || {
        field("tcp_seq", expected.sequence.start, actual.sequence.start)
            .or_else(|| field("tcp_ack_seq", expected.acknowledgement.unwrap_or(0), acknowledged))
            .or_else(|| field("tcp_window", u32::from(expected.window?), u32::from(actual.window?)))
            .or_else(|| {
                field("tcp_urg_ptr", u32::from(expected.urgent.unwrap_or(0)), u32::from(actual.urgent.unwrap_or(0)))
            })
    };
    field("tcp_data_offset", words(expected), words(actual))
        .or_else(|| in_flags(&expected.flags, &actual.flags))
        .or_else(numbers)
        .or_else(|| in_options(&expected.options, &actual.options))
}

fn in_flags(expected: &Flags, actual: &Flags) -> Option<Words<String>> {
    const NAMES: [(&str, u8); 6] = [
        ("tcp_fin", tcp::FIN),
        ("tcp_syn", tcp::SYN),
        ("tcp_rst", tcp::RST),
        ("tcp_psh", tcp::PSH),
        ("tcp_ack", tcp::ACK),
        ("tcp_urg", tcp::URG),
    ];
    let bit = |flags: &Flags, bit: u8| u32::from(flags.bits & bit != 0);
    let of =
        |names: &[(&str, u8)]| names.iter().find_map(|(name, one)| field(name, bit(expected, *one), bit(actual, *one)));
    // A counter of accurate ECN is compared as a whole.
    let counter = |flags: &Flags| u32::from((flags.reserved & 1) << 2 | flags.bits >> 6);
    let congestion = || {
        if expected.counts() {
            return field("tcp_ace", counter(expected), counter(actual));
        }
        let named = of(&[("tcp_ece", 0x40), ("tcp_cwr", 0x80)]);
        named.or_else(|| field("tcp_ae", u32::from(expected.reserved & 1), u32::from(actual.reserved & 1)))
    };
    let reserved = |flags: &Flags| u32::from(flags.reserved >> 1);
    of(&NAMES).or_else(congestion).or_else(|| field("tcp_reserved_bits", reserved(expected), reserved(actual)))
}

fn in_options(expected: &TcpOptions, actual: &TcpOptions) -> Option<Words<String>> {
    let list = |options: &TcpOptions| match options {
        TcpOptions::List(list) => list.clone(),
        TcpOptions::None | TcpOptions::Any => Vec::new(),
    };
    if *expected == TcpOptions::Any {
        return None;
    }
    let (expected, actual) = (list(expected), list(actual));
    for (wanted, got) in expected.iter().zip(&actual) {
        // packetdrill does not compare time stamps unless it is told their tick.
        let stamps = |option: &TcpOption| matches!(option, TcpOption::Timestamps { .. });
        if wanted == got || (stamps(wanted) && stamps(got)) {
            continue;
        }
        let same = core::mem::discriminant(wanted) == core::mem::discriminant(got);
        let (what, chinese) = if same {
            ("bad value outbound TCP option", "TCP 选项的值不对")
        } else {
            ("bad outbound TCP options", "TCP 选项不对")
        };
        return Some(Words {
            en: format!("{what}: expected {wanted} vs actual {got}"),
            zh: format!("{chinese}：期望 {wanted}，实际 {got}"),
        });
    }
    (expected.len() != actual.len()).then(|| Words {
        en: format!("bad outbound TCP options: expected {} of them vs actual {}", expected.len(), actual.len()),
        zh: format!("TCP 选项不对：期望 {} 个，实际 {} 个", expected.len(), actual.len()),
    })
}

fn in_message(expected: &IcmpMessage, actual: &IcmpMessage) -> Option<Words<String>> {
    field("icmp_type", u32::from(expected.kind), u32::from(actual.kind))
        .or_else(|| field("icmp_code", u32::from(expected.code.unwrap_or(0)), u32::from(actual.code.unwrap_or(0))))
}

/// A packet as packetdrill shows it: the time in seconds, no direction.
pub(super) fn dump(time: u64, packet: &Packet) -> String {
    let text = packet.to_string();
    let direction = if packet.direction == PacketDirection::Outbound { "> " } else { "< " };
    format!("{:>2}.{:06} {}", time / 1_000_000, time % 1_000_000, text.strip_prefix(direction).unwrap_or(&text))
}
