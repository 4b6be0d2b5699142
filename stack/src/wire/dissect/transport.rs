//! TCP and UDP.

use core::ops::Range;

use super::PacketPlace;
use super::carrier::{Carrier, corrected, padding};
use super::node::{Node, OptionStyle, PAYLOAD, WarningKind, header, options, raw, slice};
use crate::wire::checksum::{fold, pseudo_header_sum};
use crate::wire::ip_numbers::{PROTOCOL_TCP, PROTOCOL_UDP};
use crate::wire::option_list::RawOption;
use crate::wire::tcp::{self, TCP, flags_text};
use crate::wire::tcp_options::{TcpOption, option_label};
use crate::wire::udp::{self, UDP};
use crate::words::Words;

const NOT_USED: Words = Words::new("not used", "未使用");
const STYLE: OptionStyle = OptionStyle { label: option_label, value: option_value };

fn option_value(option: &RawOption<'_>) -> (String, bool) {
    let parsed = TcpOption::of(option);
    let fits = match parsed {
        TcpOption::Unknown { kind, .. } => option_label(kind).0 == "option",
        TcpOption::Broken { .. } => false,
        _ => true,
    };
    (parsed.text(), fits)
}

pub(super) fn tcp(frame: &[u8], range: Range<usize>, carrier: Carrier) -> Vec<Node> {
    let bytes = slice(frame, range.clone());
    let mut node = header(frame, &TCP, range.clone(), carrier.place);
    let flags = tcp::at::FLAGS.get(bytes);
    if let (Some((source, dest)), Some(seq)) = (tcp::ports(bytes), tcp::at::SEQ.get(bytes)) {
        let letters = flags.map_or_else(String::new, |flags| flags_text(flags) + " ");
        node.value = format!("{source} > {dest} {letters}seq={seq}");
    }
    if let (Some(flags), Some(child)) = (flags, node.descendant_mut("flags")) {
        child.value = format!("0x{flags:02x} {}", flags_text(flags));
    }
    let Some(offset) = tcp::at::DOFF.get(bytes) else {
        return vec![node];
    };
    let length = usize::from(offset >> 4) * 4;
    if length < tcp::HEADER_LENGTH || length > bytes.len() && carrier.place == PacketPlace::Frame {
        let relation = if length < tcp::HEADER_LENGTH { '<' } else { '>' };
        let limit = if length < tcp::HEADER_LENGTH { tcp::HEADER_LENGTH } else { bytes.len() };
        node.warn_at("doff", WarningKind::HeaderLengthWrong, format!("{length} {relation} {limit}"));
    }
    let header_end = range.end.min(range.start + length);
    if node.bytes.end < header_end
        && let Some(area) = options(frame, node.bytes.end..header_end, &STYLE)
    {
        node.bytes.end = header_end;
        node.children.push(area);
    }
    if let Some(carried) = tcp::at::CHECK.get(bytes) {
        judge(&mut node, bytes, carried, carrier, PROTOCOL_TCP);
    }
    let start = node.bytes.end;
    core::iter::once(node).chain(raw(frame, "payload", PAYLOAD, start..range.end)).collect()
}

pub(super) fn udp(frame: &[u8], range: Range<usize>, carrier: Carrier) -> Vec<Node> {
    let bytes = slice(frame, range.clone());
    let mut node = header(frame, &UDP, range.clone(), carrier.place);
    if let Some((source, dest)) = tcp::ports(bytes) {
        node.value = format!("{source} > {dest}");
    }
    let (Some(len), Some(carried)) = (udp::at::LEN.get(bytes), udp::at::CHECK.get(bytes)) else {
        return vec![node];
    };
    let length = usize::from(len);
    let mut end = range.end;
    if length < udp::HEADER_LENGTH {
        node.warn_at("len", WarningKind::LengthTooSmall, format!("{length} < 8"));
    } else if length <= bytes.len() {
        end = range.start + length;
    } else if carrier.whole {
        node.warn_at("len", WarningKind::LengthTooLarge, format!("{length} > {}", bytes.len()));
    }
    if carried == 0 {
        if let Some(check) = node.descendant_mut("check") {
            check.meaning = Some(NOT_USED);
        }
    } else {
        // Of a length that cannot be right nobody knows which bytes were summed up.
        let told = bytes.get(..length).filter(|_| length >= udp::HEADER_LENGTH);
        let whole = told.is_some() && carrier.whole;
        let carrier = Carrier { whole, ..carrier };
        judge(&mut node, told.unwrap_or(bytes), carried, carrier, PROTOCOL_UDP);
    }
    let start = node.bytes.end;
    let payload = raw(frame, "payload", PAYLOAD, start..end);
    core::iter::once(node).chain(payload).chain(padding(frame, end..range.end)).collect()
}

/// Says at `check` whether the checksum of the whole packet `bytes` is right.
fn judge(node: &mut Node, bytes: &[u8], carried: u16, carrier: Carrier, protocol: u8) {
    let pseudo = pseudo_header_sum(carrier.saddr, carrier.daddr, protocol, bytes.len());
    let correct = carrier.whole.then(|| corrected(bytes, carried, pseudo));
    node.judge_checksum("check", carried, correct);
    let wrong = correct.is_some_and(|correct| correct != carried);
    if wrong && carried == fold(pseudo) {
        node.warn_at("check", WarningKind::ChecksumOffloaded, String::new());
    }
}
