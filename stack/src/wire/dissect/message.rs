//! ICMP, with the packet an error quotes dissected as far as it goes. A quote inside a quote stays raw.

use core::ops::Range;

use super::PacketPlace;
use super::carrier::{Carrier, corrected};
use super::ip::ipv4;
use super::node::{Node, PAYLOAD, header, raw, slice};
use crate::wire::icmp::{at, code_text, header_of, is_error, kind_text};
use crate::words::Words;

const QUOTED: Words = Words::new("Quoted packet", "引用的原报文 quoted");

pub(super) fn icmp(frame: &[u8], range: Range<usize>, carrier: Carrier) -> Vec<Node> {
    let bytes = slice(frame, range.clone());
    let kind = at::TYPE.get(bytes).unwrap_or(0);
    let code = at::CODE.get(bytes).unwrap_or(0);
    let mut node = header(frame, header_of(kind), range.clone(), carrier.place);
    node.value = format!("{kind}/{code}");
    node.meaning = code_text(kind, code).or(kind_text(kind));
    for (name, meaning) in [("type", kind_text(kind)), ("code", code_text(kind, code))] {
        if let Some(child) = node.descendant_mut(name) {
            child.meaning = meaning;
        }
    }
    if let Some(carried) = at::CHECKSUM.get(bytes) {
        let correct = carrier.whole.then(|| corrected(bytes, carried, 0));
        node.judge_checksum("checksum", carried, correct);
    }
    let behind = node.bytes.end..range.end;
    if !is_error(kind) || carrier.place == PacketPlace::Quote {
        return core::iter::once(node).chain(raw(frame, "payload", PAYLOAD, behind)).collect();
    }
    if let Some(mut quoted) = raw(frame, "quoted", QUOTED, behind.clone()) {
        quoted.value = String::new();
        quoted.children = ipv4(frame, behind, PacketPlace::Quote);
        node.bytes.end = range.end;
        node.children.push(quoted);
    }
    vec![node]
}
