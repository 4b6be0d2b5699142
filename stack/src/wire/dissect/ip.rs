//! The Internet header, its options and what follows it.

use core::net::Ipv4Addr;
use core::ops::Range;

use super::node::{Node, OptionStyle, PAYLOAD, WarningKind, header, options, raw, slice};
use super::{Place, link, message, transport};
use crate::wire::checksum::{fold, sum};
use crate::wire::field::hexadecimal;
use crate::wire::ipv4::{self, IPOPT_LSRR, IPOPT_RR, IPOPT_SSRR, IPV4, PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::octets::{get8, get16, get32};
use crate::wire::option_list::RawOption;
use crate::wire::text::Text;

const FRAGMENT: Text = Text::new("Fragment of a payload", "分片数据 fragment");

/// What the protocols above need to know of the header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier {
    pub(super) saddr: u32,
    pub(super) daddr: u32,
    /// All octets of the payload are here, so that its checksum can be verified.
    pub(super) whole: bool,
    pub(super) place: Place,
}

pub(super) fn ipv4(frame: &[u8], range: Range<usize>, place: Place) -> Vec<Node> {
    if range.is_empty() {
        return Vec::new();
    }
    let octets = slice(frame, range.clone());
    let first = get8(octets, 0).unwrap_or(0);
    let mut node = header(frame, &IPV4, range.clone(), place);
    if first >> 4 != 4 {
        node.warn_at("version", WarningKind::VersionUnknown, (first >> 4).to_string());
        return with_rest(frame, node, range.end);
    }
    let length = usize::from(first & 15) * 4;
    if length < ipv4::HEADER_LENGTH {
        node.warn_at("ihl", WarningKind::HeaderLengthWrong, format!("{length} < 20"));
        return with_rest(frame, node, range.end);
    }
    let header_end = range.end.min(range.start + length);
    if let Some(area) = options(frame, node.bytes.end..header_end, &STYLE) {
        node.bytes.end = header_end;
        node.children.push(area);
    }
    if octets.len() < length {
        if place == Place::Frame {
            node.warn_at("ihl", WarningKind::HeaderLengthWrong, format!("{length} > {}", octets.len()));
        }
        return vec![node];
    }
    judge_header(octets, length, &mut node);
    let mut nodes = behind_header(frame, range, length, place, &mut node);
    nodes.insert(0, node);
    nodes
}

fn with_rest(frame: &[u8], node: Node, end: usize) -> Vec<Node> {
    let start = node.bytes.end;
    core::iter::once(node).chain(raw(frame, "payload", PAYLOAD, start..end)).collect()
}

fn judge_header(octets: &[u8], length: usize, node: &mut Node) {
    let header = slice(octets, 0..length);
    let carried = get16(header, 10).unwrap_or(0);
    node.judge_checksum("check", carried, Some(corrected(header, carried, 0)));
    let address = |at| Ipv4Addr::from(get32(header, at).unwrap_or(0));
    let protocol = get8(header, 9).unwrap_or(0);
    let name = ipv4::protocol_name(protocol).map_or_else(|| protocol.to_string(), str::to_owned);
    node.value = format!("{} > {} {name}", address(12), address(16));
}

/// What the checksum of `octets` should be, `carried` being the one they have, and `pseudo` the sum of a pseudo header.
/// Of the two ways to write zero the one that is carried is taken as right, as a receiver does that sums everything up.
pub(super) fn corrected(octets: &[u8], carried: u16, pseudo: u64) -> u16 {
    let total = sum(octets) + pseudo;
    match fold(total) {
        0xffff => carried,
        0 => 0xffff,
        _ => !fold(total + u64::from(!carried)),
    }
}

fn behind_header(frame: &[u8], range: Range<usize>, length: usize, place: Place, node: &mut Node) -> Vec<Node> {
    let octets = slice(frame, range.clone());
    let total = usize::from(get16(octets, 2).unwrap_or(0));
    let start = range.start + length;
    if total < length {
        node.warn_at("tot_len", WarningKind::LengthTooSmall, format!("{total} < {length}"));
        return raw(frame, "payload", PAYLOAD, start..range.end).into_iter().collect();
    }
    if total > octets.len() && place == Place::Frame {
        node.warn_at("tot_len", WarningKind::LengthTooLarge, format!("{total} > {}", octets.len()));
    }
    let end = range.end.min(range.start + total);
    let frag_off = get16(octets, 6).unwrap_or(0);
    let carrier = Carrier {
        saddr: get32(octets, 12).unwrap_or(0),
        daddr: get32(octets, 16).unwrap_or(0),
        whole: total <= octets.len() && frag_off & ipv4::IP_MF == 0,
        place,
    };
    let mut nodes = match get8(octets, 9) {
        _ if frag_off & ipv4::IP_OFFSET != 0 => raw(frame, "fragment", FRAGMENT, start..end).into_iter().collect(),
        _ if start == end => Vec::new(),
        Some(PROTOCOL_TCP) => transport::tcp(frame, start..end, carrier),
        Some(PROTOCOL_UDP) => transport::udp(frame, start..end, carrier),
        Some(PROTOCOL_ICMP) => message::icmp(frame, start..end, carrier),
        _ => raw(frame, "payload", PAYLOAD, start..end).into_iter().collect(),
    };
    nodes.extend(link::padding(frame, end..range.end));
    nodes
}

const STYLE: OptionStyle = OptionStyle { label: ipv4::option_label, value: option_value };

fn option_value(option: &RawOption<'_>) -> (String, bool) {
    let data = option.data;
    match option.kind {
        IPOPT_RR | IPOPT_LSRR | IPOPT_SSRR => {
            let (pointer, route) = data.split_first().unwrap_or((&0, &[]));
            let (hops, odd) = route.as_chunks::<4>();
            let hops: Vec<_> = hops.iter().map(|hop| Ipv4Addr::from(*hop).to_string()).collect();
            (format!("ptr {pointer} [{}]", hops.join(" ")), odd.is_empty() && !data.is_empty())
        }
        kind => (hexadecimal(data), kind < 2 || !data.is_empty()),
    }
}
