//! From a frame that the stack sent to the line `> ...` that says so, in the terms of the script: default ports left
//! out, our sequence numbers counted from the last SYN of the flow.

use super::flow::{Flow, Flows};
use super::reading::Reading;
use crate::include::arp::{ARPOP_REPLY, ARPOP_REQUEST};
use crate::lab::script::ast::{
    Body, Flags, IcmpMessage, IpInformation, Packet, PacketDirection, Ports, Quote, Segment, SequenceRange, TcpOption,
    TcpOptions,
};
use crate::wire::arp::ArpPacket;
use crate::wire::ethernet::EthernetFrame;
use crate::wire::icmp::{IcmpPacket, is_error, is_query};
use crate::wire::ip_numbers;
use crate::wire::ipv4::Ipv4Packet;
use crate::wire::names::{ETH_P_ARP, ETH_P_IP, hardware_address};
use crate::wire::tcp::{self, TcpSegment};
use crate::wire::tcp_options::TcpOption as WireOption;
use crate::wire::udp::UdpPacket;

/// What a script says about a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Described {
    /// A packet line.
    Packet(Packet),
    /// The words after `//@ arp-out`.
    Arp(String),
    /// Nothing: the language has no words for it.
    Unspoken,
}

/// Put a frame into the words of a script; a SYN teaches `flows` where its flow starts, which the script writes as
/// `written`.
pub fn describe(flows: &mut Flows, frame: &[u8], written: u32) -> Described {
    let Ok(ethernet) = EthernetFrame::new_checked(frame) else { return Described::Unspoken };
    match ethernet.h_proto() {
        ETH_P_ARP => arp(ethernet.payload()),
        ETH_P_IP => match Ipv4Packet::new_checked(ethernet.payload()) {
            Ok(ip) => datagram(flows, &ip, written).map_or(Described::Unspoken, Described::Packet),
            Err(_) => Described::Unspoken,
        },
        _ => Described::Unspoken,
    }
}

fn arp(bytes: &[u8]) -> Described {
    let Ok(packet) = ArpPacket::new_checked(bytes) else { return Described::Unspoken };
    let Some((sender, target)) = packet.internet_addresses() else { return Described::Unspoken };
    Described::Arp(match packet.ar_op() {
        ARPOP_REQUEST => format!("op 1 who-has {target} tell {sender}"),
        ARPOP_REPLY => format!(
            "op 2 {sender} is-at {} to {}",
            hardware_address(packet.ar_sha()),
            hardware_address(packet.ar_tha())
        ),
        operation => format!("op {operation} {sender} > {target}"),
    })
}

fn datagram(flows: &mut Flows, ip: &Ipv4Packet<'_>, written: u32) -> Option<Packet> {
    let body = if ip.is_fragment() {
        Body::Fragment {
            identification: ip.id(),
            offset: u32::try_from(ip.fragment_offset()).ok()?,
            length: u32::try_from(ip.payload().len()).ok()?,
            more: ip.more_fragments(),
        }
    } else {
        match ip.protocol() {
            ip_numbers::PROTOCOL_TCP => Body::Tcp(segment(flows, ip.payload(), written)?),
            ip_numbers::PROTOCOL_UDP => {
                let udp = UdpPacket::new_checked(ip.payload()).ok()?;
                let ports = Ports { source: udp.source(), destination: udp.dest() };
                let shown = (Flow::outbound(ports) != flows.datagrams).then_some(ports);
                Body::Udp { ports: shown, length: u32::try_from(udp.payload().len()).ok()? }
            }
            ip_numbers::PROTOCOL_ICMP => Body::Icmp(message(flows, ip.payload())?),
            _ => return None,
        }
    };
    let remarks = IpInformation {
        tos: (ip.tos() != 0).then_some(ip.tos()),
        ttl: (ip.ttl() != usual_ttl(&body)).then_some(ip.ttl()),
        congestion: None,
        flow_label: None,
    };
    let usual = flows.usual.filter(|_| matches!(body, Body::Tcp(_) | Body::Udp { .. }));
    let addresses = Some((ip.saddr(), ip.daddr())).filter(|both| usual.is_some_and(|usual| usual != *both));
    Some(Packet { direction: PacketDirection::Outbound, ip: remarks, addresses, outer: Vec::new(), body })
}

/// The time to live that is not shown: 64; ICMP always leaves with 255.
pub(super) fn usual_ttl(body: &Body) -> u8 {
    if matches!(body, Body::Icmp(_)) { 255 } else { 64 }
}

fn segment(flows: &mut Flows, bytes: &[u8], written: u32) -> Option<Segment> {
    let wire = TcpSegment::new_checked(bytes).ok()?;
    let ports = Ports { source: wire.source(), destination: wire.dest() };
    let flow = Flow::outbound(ports);
    let syn = wire.has(tcp::SYN);
    if syn {
        flows.learn(flow, wire.seq(), written);
    }
    // An RST that answers a segment without ACK carries sequence number 0, which counts from nothing; packetdrill counts it.
    let literal = flows.reading == Reading::Recorded && wire.has(tcp::RST) && wire.seq() == 0;
    let initial = if literal { 0 } else { flows.local(flow, syn) };
    let remote = flows.remote(flow, syn);
    let start = wire.seq().wrapping_sub(initial);
    let length = u32::try_from(wire.payload().len()).ok()?;
    Some(Segment {
        ports: (flow != flows.default).then_some(ports),
        flags: Flags::from_bits(wire.flags()),
        sequence: SequenceRange { start, end: start.wrapping_add(length), length },
        acknowledgement: wire.has(tcp::ACK).then(|| wire.ack_seq().wrapping_sub(remote)),
        window: Some(wire.window()),
        urgent: wire.has(tcp::URG).then_some(wire.urg_ptr()),
        options: options(&wire),
    })
}

fn options(wire: &TcpSegment<'_>) -> TcpOptions {
    if wire.options().is_empty() {
        return TcpOptions::None;
    }
    let mut list = Vec::new();
    for option in wire.parsed_options() {
        list.push(match option {
            WireOption::EndOfList => TcpOption::EndOfList,
            WireOption::NoOperation => TcpOption::NoOperation,
            WireOption::MaximumSegmentSize(size) => TcpOption::MaximumSegmentSize(size),
            WireOption::WindowScale(shift) => TcpOption::WindowScale(shift),
            WireOption::SackPermitted => TcpOption::SackPermitted,
            WireOption::Sack(blocks) => TcpOption::Sack(blocks),
            WireOption::Timestamps { value, echo } => TcpOption::Timestamps { value, echo },
            WireOption::Unknown { .. } | WireOption::Broken { .. } => {
                return TcpOptions::List(vec![TcpOption::Raw(wire.options().to_vec())]);
            }
        });
    }
    TcpOptions::List(list)
}

fn message(flows: &Flows, bytes: &[u8]) -> Option<IcmpMessage> {
    let wire = IcmpPacket::new_checked(bytes).ok()?;
    let quote = if is_error(wire.kind()) { quote(flows, wire.data()) } else { None };
    // Quench has one code and queries have none worth showing.
    let coded = is_error(wire.kind()) && wire.kind() != crate::wire::icmp::ICMP_SOURCE_QUENCH;
    debug_assert!(!(coded && is_query(wire.kind())));
    Some(IcmpMessage { kind: wire.kind(), code: coded.then_some(wire.code()), mtu: None, identification: None, quote })
}

/// What an error of ours quotes; the ports of the peer's packet are not shown.
fn quote(flows: &Flows, bytes: &[u8]) -> Option<Quote> {
    let ip = Ipv4Packet::new_header(bytes).ok()?;
    let length = u32::from(ip.tot_len());
    match ip.protocol() {
        ip_numbers::PROTOCOL_TCP => {
            let (source, destination) = tcp::ports(ip.payload())?;
            let flow = Flow::inbound(Ports { source, destination });
            let start = tcp::seq(ip.payload())?.wrapping_sub(flows.remote(flow, false));
            let length = length.saturating_sub(40);
            Some(Quote::Tcp {
                ports: (flow != flows.default).then_some(Ports { source, destination }),
                sequence: SequenceRange { start, end: start.wrapping_add(length), length },
            })
        }
        ip_numbers::PROTOCOL_UDP => Some(Quote::Udp { ports: None, length: length.saturating_sub(28) }),
        _ => Some(Quote::Raw { length: length.saturating_sub(20) }),
    }
}
