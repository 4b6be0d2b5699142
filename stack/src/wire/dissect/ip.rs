//! The Internet header, its options and what follows it.

use core::net::Ipv4Addr;
use core::ops::Range;

use super::carrier::{Carrier, corrected, padding};
use super::node::{Node, OptionStyle, PAYLOAD, WarningKind, header, options, raw, slice};
use super::{PacketPlace, message, transport};
use crate::wire::field::hexadecimal;
use crate::wire::ip_numbers::{PROTOCOL_ICMP, PROTOCOL_TCP, PROTOCOL_UDP, protocol_name};
use crate::wire::ipv4::{self, IPOPT_LSRR, IPOPT_RR, IPOPT_SSRR, IPV4, at};
use crate::wire::option_list::RawOption;
use crate::words::Words;

const FRAGMENT: Words = Words::new("Fragment of a payload", "分片数据 fragment");

pub(super) fn ipv4(frame: &[u8], range: Range<usize>, place: PacketPlace) -> Vec<Node> {
    if range.is_empty() {
        return Vec::new();
    }
    let bytes = slice(frame, range.clone());
    let first = at::VERSION_IHL.get(bytes).unwrap_or(0);
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
    if bytes.len() < length {
        if place == PacketPlace::Frame {
            node.warn_at("ihl", WarningKind::HeaderLengthWrong, format!("{length} > {}", bytes.len()));
        }
        return vec![node];
    }
    judge_header(bytes, length, &mut node);
    let mut nodes = behind_header(frame, range, length, place, &mut node);
    nodes.insert(0, node);
    nodes
}

fn with_rest(frame: &[u8], node: Node, end: usize) -> Vec<Node> {
    let start = node.bytes.end;
    core::iter::once(node).chain(raw(frame, "payload", PAYLOAD, start..end)).collect()
}

fn judge_header(bytes: &[u8], length: usize, node: &mut Node) {
    let header = slice(bytes, 0..length);
    let carried = at::CHECK.get(header).unwrap_or(0);
    node.judge_checksum("check", carried, Some(corrected(header, carried, 0)));
    let [source, destination] = [at::SADDR.get(header), at::DADDR.get(header)].map(|a| Ipv4Addr::from(a.unwrap_or(0)));
    let protocol = at::PROTOCOL.get(header).unwrap_or(0);
    let name = protocol_name(protocol).map_or_else(|| protocol.to_string(), str::to_owned);
    node.value = format!("{source} > {destination} {name}");
}

fn behind_header(frame: &[u8], range: Range<usize>, length: usize, place: PacketPlace, node: &mut Node) -> Vec<Node> {
    let bytes = slice(frame, range.clone());
    let total = usize::from(at::TOT_LEN.get(bytes).unwrap_or(0));
    let start = range.start + length;
    if total < length {
        node.warn_at("tot_len", WarningKind::LengthTooSmall, format!("{total} < {length}"));
        return raw(frame, "payload", PAYLOAD, start..range.end).into_iter().collect();
    }
    if total > bytes.len() && place == PacketPlace::Frame {
        node.warn_at("tot_len", WarningKind::LengthTooLarge, format!("{total} > {}", bytes.len()));
    }
    let end = range.end.min(range.start + total);
    let frag_off = at::FRAG_OFF.get(bytes).unwrap_or(0);
    let carrier = Carrier {
        saddr: at::SADDR.get(bytes).unwrap_or(0),
        daddr: at::DADDR.get(bytes).unwrap_or(0),
        whole: total <= bytes.len() && frag_off & ipv4::IP_MF == 0,
        place,
    };
    let mut nodes = match at::PROTOCOL.get(bytes) {
        _ if frag_off & ipv4::IP_OFFSET != 0 => raw(frame, "fragment", FRAGMENT, start..end).into_iter().collect(),
        _ if start == end => Vec::new(),
        Some(PROTOCOL_TCP) => transport::tcp(frame, start..end, carrier),
        Some(PROTOCOL_UDP) => transport::udp(frame, start..end, carrier),
        Some(PROTOCOL_ICMP) => message::icmp(frame, start..end, carrier),
        _ => raw(frame, "payload", PAYLOAD, start..end).into_iter().collect(),
    };
    nodes.extend(padding(frame, end..range.end));
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
