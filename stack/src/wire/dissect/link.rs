//! Ethernet, 802.3 and ARP.

use core::net::Ipv4Addr;
use core::ops::Range;

use super::carrier::padding;
use super::node::{Node, PAYLOAD, WarningKind, header, hex, raw, slice};
use super::{PacketPlace, ip};
use crate::wire::arp::{self, ARP, ArpPacket};
use crate::wire::ethernet::{self, ETHERNET, EthernetFrame};
use crate::wire::field::{FieldKind, Header, field};
use crate::wire::names::{self, ETH_P_ARP, ETH_P_IP, ETH_P_RARP, hardware_address};
use crate::words::Words;

/// 802.2 behind an 802.3 header.
static LLC: Header = Header {
    name: "llc",
    label: Words::new("802.2 logical link control", "逻辑链路控制 802.2"),
    length: 3,
    fields: &[
        field("dsap", Words::new("Destination service", "目的服务访问点 dsap"), 0..8, FieldKind::Hex),
        field("ssap", Words::new("Source service", "源服务访问点 ssap"), 8..16, FieldKind::Hex),
        field("ctrl", Words::new("Control", "控制 ctrl"), 16..24, FieldKind::Hex),
    ],
};

/// The five fields of an ARP packet before its addresses.
static ARP_FIXED: Header =
    Header { name: "arphdr", label: ARP.label, length: arp::FIXED_LENGTH, fields: ARP.fields.split_at(5).0 };

pub(super) fn ethernet(frame: &[u8]) -> Vec<Node> {
    if frame.is_empty() {
        return Vec::new();
    }
    let mut top = header(frame, &ETHERNET, 0..frame.len(), PacketPlace::Frame);
    let Ok(view) = EthernetFrame::new_checked(frame) else {
        return vec![top];
    };
    top.value = format!("{} > {}", hardware_address(&view.h_source()), hardware_address(&view.h_dest()));
    let behind = ethernet::ETH_HLEN..frame.len();
    let mut nodes = Vec::new();
    match view.h_proto() {
        ETH_P_IP => nodes.extend(ip::ipv4(frame, behind, PacketPlace::Frame)),
        ETH_P_ARP | ETH_P_RARP => nodes.extend(arp(frame, behind)),
        _ if view.is_802_3() => nodes.extend(ieee_802_3(frame, behind, usize::from(view.h_proto()), &mut top)),
        _ => nodes.extend(raw(frame, "payload", PAYLOAD, behind)),
    }
    nodes.insert(0, top);
    nodes
}

fn ieee_802_3(frame: &[u8], range: Range<usize>, length: usize, top: &mut Node) -> Vec<Node> {
    if range.len() < length {
        top.warn_at("h_proto", WarningKind::LengthTooLarge, format!("{length} > {}", range.len()));
    }
    let end = range.end.min(range.start + length);
    let mut nodes = Vec::new();
    if range.start < end {
        let llc = header(frame, &LLC, range.start..end, PacketPlace::Frame);
        let behind = llc.bytes.end;
        nodes.push(llc);
        nodes.extend(raw(frame, "payload", PAYLOAD, behind..end));
    }
    nodes.extend(padding(frame, end..range.end));
    nodes
}

fn arp(frame: &[u8], range: Range<usize>) -> Vec<Node> {
    if range.is_empty() {
        return Vec::new();
    }
    let bytes = slice(frame, range.clone());
    let usual = bytes.get(4..6).is_none_or(|lengths| lengths == [6, 4]);
    let table = if usual { &ARP } else { &ARP_FIXED };
    let mut node = header(frame, table, range.clone(), PacketPlace::Frame);
    if !usual {
        unusual_addresses(frame, &mut node, range.end);
    }
    if let Ok(view) = ArpPacket::new_checked(bytes) {
        node.value = arp_value(&view);
    }
    let end = node.bytes.end;
    core::iter::once(node).chain(padding(frame, end..range.end)).collect()
}

/// Addresses of other lengths than those of Ethernet and IP follow one another as the two length fields say.
fn unusual_addresses(frame: &[u8], node: &mut Node, end: usize) {
    let lengths = slice(frame, node.bytes.start + 4..node.bytes.start + 6).to_vec();
    let addresses = [
        ("ar_sha", arp::SENDER_HARDWARE, 0),
        ("ar_sip", arp::SENDER_ADDRESS, 1),
        ("ar_tha", arp::TARGET_HARDWARE, 0),
        ("ar_tip", arp::TARGET_ADDRESS, 1),
    ];
    for (name, label, which) in addresses {
        let length = lengths.get(which).map_or(0, |length| usize::from(*length));
        let start = node.bytes.end;
        node.bytes.end = end.min(start + length);
        node.children.extend(hex(frame, name, label, start..node.bytes.end));
        if node.bytes.end < start + length {
            node.warn(WarningKind::Truncated, name.to_owned());
            return;
        }
    }
}

fn arp_value(view: &ArpPacket<'_>) -> String {
    let operation = names::operation_name(view.ar_op()).map_or_else(|| view.ar_op().to_string(), str::to_owned);
    let address = |bytes: &[u8]| {
        <[u8; 4]>::try_from(bytes).map_or_else(|_| hardware_address(bytes), |four| Ipv4Addr::from(four).to_string())
    };
    format!("{operation} {} > {}", address(view.ar_sip()), address(view.ar_tip()))
}
