//! From a line `< ...` to the frame that arrives: every byte as stack/tests/golden/README.md fixes it.

use core::net::Ipv4Addr;

use super::encapsulation::{time_to_live, type_of_service, wrapped};
use super::flow::{Flow, Flows};
use super::host::{OUR_HARDWARE, ScriptHost};
use super::reading::Reading;
use crate::lab::script::ast::{Body, IcmpMessage, Packet, Quote, Segment, SequenceRange, TcpOption, TcpOptions};
use crate::wire::build::{ArpBuilder, EthernetBuilder, IcmpBuilder, Ipv4Builder, TcpBuilder, UdpBuilder};
use crate::wire::ethernet::BROADCAST;
use crate::wire::malformed::Malformed;
use crate::wire::names::ETH_P_ARP;
use crate::wire::{icmp, ip_numbers, ipv4, tcp};

/// Bytes of data in an echo message of a script.
const ECHO_DATA: usize = 56;
/// Time to live of a datagram quoted in an error.
const QUOTED_TTL: u8 = 63;

/// The frame of a packet line; `identification` is that of its datagram.
///
/// # Errors
/// A datagram longer than IP allows.
pub fn frame(host: &ScriptHost, flows: &Flows, packet: &Packet, identification: u16) -> Result<Vec<u8>, Malformed> {
    let (source, destination) = packet.addresses.unwrap_or_else(|| usual_addresses(host, flows, &packet.body));
    let (protocol, payload) = match &packet.body {
        Body::Tcp(segment) => (ip_numbers::PROTOCOL_TCP, tcp_payload(flows, segment, source, destination)?),
        Body::Udp { ports, length } => {
            let ports = ports.unwrap_or_else(|| flows.datagrams.ports_in());
            let header = UdpBuilder { source: ports.source, dest: ports.destination, no_checksum: false };
            (ip_numbers::PROTOCOL_UDP, header.build(source, destination, &vec![0; *length as usize])?)
        }
        Body::Icmp(message) => (ip_numbers::PROTOCOL_ICMP, icmp_payload(flows, message, source, destination)?),
        // The grammar has no inbound fragments; an empty datagram says so on the wire.
        Body::Fragment { .. } => (ip_numbers::PROTOCOL_TCP, Vec::new()),
    };
    let header = Ipv4Builder {
        tos: type_of_service(packet.ip),
        id: identification,
        ttl: time_to_live(packet.ip),
        protocol,
        saddr: source,
        daddr: destination,
        ..Ipv4Builder::default()
    };
    let (bytes, h_proto) = wrapped(header.build(&payload)?, &packet.outer)?;
    let ethernet = EthernetBuilder { h_dest: OUR_HARDWARE, h_source: host.hardware_of(source), h_proto };
    Ok(ethernet.build(&bytes))
}

/// Sender and receiver of a packet whose line does not name them.
fn usual_addresses(host: &ScriptHost, flows: &Flows, body: &Body) -> (Ipv4Addr, Ipv4Addr) {
    let is_lost = match body {
        Body::Tcp(Segment { ports: None, .. }) => flows.usual_flow() == Flow::NOWHERE,
        Body::Udp { ports: None, .. } => flows.datagrams == Flow::NOWHERE,
        Body::Tcp(_) | Body::Udp { .. } | Body::Icmp(_) | Body::Fragment { .. } => false,
    };
    if is_lost {
        return (Ipv4Addr::UNSPECIFIED, Ipv4Addr::UNSPECIFIED);
    }
    flows.usual.map_or((host.remote, host.local), |(ours, theirs)| (theirs, ours))
}

/// The frame of `//@ arp-request SENDER [TARGET]`.
#[must_use]
pub fn arp_request(host: &ScriptHost, sender: Ipv4Addr, target: Option<Ipv4Addr>) -> Vec<u8> {
    let hardware = host.hardware_of(sender);
    let request =
        ArpBuilder { ar_sha: hardware, ar_sip: sender, ar_tip: target.unwrap_or(host.local), ..ArpBuilder::default() };
    EthernetBuilder { h_dest: BROADCAST, h_source: hardware, h_proto: ETH_P_ARP }.build(&request.build())
}

fn tcp_payload(
    flows: &Flows,
    segment: &Segment,
    source: Ipv4Addr,
    destination: Ipv4Addr,
) -> Result<Vec<u8>, Malformed> {
    let ports = segment.ports.unwrap_or_else(|| flows.usual_flow().ports_in());
    let (flow, syn) = (Flow::inbound(ports), segment.flags.bits & tcp::SYN != 0);
    let initial = flows.local(flow, syn);
    let acknowledged = segment.flags.bits & tcp::ACK != 0;
    let recorded = flows.reading == Reading::Recorded;
    // packetdrill always writes a number, and counts it where the flag says that it is one.
    let ack_seq = match (segment.acknowledgement, acknowledged) {
        (Some(number), true) => initial.wrapping_add(number),
        (None, true) if !recorded => initial,
        (Some(number), false) if !recorded => number,
        _ => 0,
    };
    let blocks = if recorded { 0 } else { initial };
    let header = TcpBuilder {
        source: ports.source,
        dest: ports.destination,
        seq: segment.sequence.start.wrapping_add(flows.remote(flow, syn)),
        ack_seq,
        res1: segment.flags.reserved,
        flags: segment.flags.bits,
        window: segment.window.unwrap_or(0),
        urg_ptr: segment.urgent.unwrap_or(0),
        options: option_bytes(&segment.options, blocks),
    };
    header.build(source, destination, &vec![0; segment.sequence.length as usize])
}

/// Whether a segment of the peer is another one where a script stands beside a recording.
pub(super) fn is_read_otherwise(segment: &Segment) -> bool {
    let acknowledges = segment.flags.bits & tcp::ACK != 0;
    let blocks = |option: &TcpOption| matches!(option, TcpOption::Sack(_));
    let lists = matches!(&segment.options, TcpOptions::List(list) if list.iter().any(blocks));
    lists || if acknowledges { segment.acknowledgement.is_none() } else { segment.acknowledgement.unwrap_or(0) != 0 }
}

/// The options as they stand in the header; SACK blocks count from `initial`.
fn option_bytes(options: &TcpOptions, initial: u32) -> Vec<u8> {
    let TcpOptions::List(list) = options else { return Vec::new() };
    let mut bytes = Vec::new();
    for option in list {
        match option {
            TcpOption::MaximumSegmentSize(size) => {
                bytes.extend([2, 4]);
                bytes.extend(size.to_be_bytes());
            }
            TcpOption::NoOperation => bytes.push(1),
            TcpOption::EndOfList => bytes.push(0),
            TcpOption::SackPermitted => bytes.extend([4, 2]),
            TcpOption::WindowScale(shift) => bytes.extend([3, 3, *shift]),
            TcpOption::Timestamps { value, echo } => {
                bytes.extend([8, 10]);
                bytes.extend(value.to_be_bytes());
                bytes.extend(echo.to_be_bytes());
            }
            TcpOption::Sack(blocks) => {
                bytes.extend([5, length_byte(option)]);
                for (left, right) in blocks {
                    bytes.extend(initial.wrapping_add(*left).to_be_bytes());
                    bytes.extend(initial.wrapping_add(*right).to_be_bytes());
                }
            }
            TcpOption::Named(name, data) => {
                match name.as_str() {
                    "FO" => bytes.extend([34, length_byte(option)]),
                    "FOEXP" => bytes.extend([254, length_byte(option), 0xf9, 0x89]),
                    _ => bytes.extend([19, length_byte(option)]),
                }
                bytes.extend(data);
            }
            TcpOption::Raw(data) => bytes.extend(data),
        }
    }
    bytes
}

/// The length byte of an option; the grammar has made sure that it fits a header.
fn length_byte(option: &TcpOption) -> u8 {
    u8::try_from(option.size()).unwrap_or(u8::MAX)
}

fn icmp_payload(
    flows: &Flows,
    message: &IcmpMessage,
    source: Ipv4Addr,
    destination: Ipv4Addr,
) -> Result<Vec<u8>, Malformed> {
    if let Some(Quote::Raw { length }) = message.quote
        && flows.reading == Reading::Packetdrill
    {
        // That many bytes in all, zeros behind the header.
        let [high, low] = message.identification.unwrap_or(0).to_be_bytes();
        let header = IcmpBuilder { kind: message.kind, code: message.code.unwrap_or(0), rest: [high, low, 0, 0] };
        return Ok(header.build(&vec![0; (length as usize).saturating_sub(icmp::HEADER_LENGTH)]));
    }
    if message.kind == icmp::ICMP_ECHO || message.kind == icmp::ICMP_ECHOREPLY {
        let identification = message.identification.unwrap_or(1);
        let echo = IcmpBuilder::echo(message.kind == icmp::ICMP_ECHOREPLY, identification, 1);
        return Ok(echo.build(&[0; ECHO_DATA]));
    }
    let [high, low] = message.mtu.unwrap_or(0).to_be_bytes();
    let header = IcmpBuilder { kind: message.kind, code: message.code.unwrap_or(0), rest: [0, 0, high, low] };
    // An error without a quote complains about the default flow, as in packetdrill; a query carries nothing.
    let usual = Quote::Tcp { ports: None, sequence: SequenceRange::default() };
    let quoted = match &message.quote {
        Some(quote) => quoted_datagram(flows, quote, destination, source)?,
        None if icmp::is_error(message.kind) => quoted_datagram(flows, &usual, destination, source)?,
        None => Vec::new(),
    };
    Ok(header.build(&quoted))
}

/// Header and first 8 bytes of the datagram that an error complains about: one of ours to the peer.
fn quoted_datagram(flows: &Flows, quote: &Quote, ours: Ipv4Addr, theirs: Ipv4Addr) -> Result<Vec<u8>, Malformed> {
    let (protocol, first, total) = match quote {
        Quote::Tcp { ports, sequence } => {
            let ports = ports.unwrap_or_else(|| flows.usual_flow().ports_out());
            let number = flows.local(Flow::outbound(ports), false).wrapping_add(sequence.start);
            let mut first = Vec::from(ports.source.to_be_bytes());
            first.extend(ports.destination.to_be_bytes());
            first.extend(number.to_be_bytes());
            (ip_numbers::PROTOCOL_TCP, first, 40 + sequence.length)
        }
        Quote::Udp { ports, length } => {
            let ports = ports.unwrap_or_else(|| flows.datagrams.ports_out());
            let mut first = Vec::from(ports.source.to_be_bytes());
            first.extend(ports.destination.to_be_bytes());
            first.extend(u16::try_from(length + 8).unwrap_or(u16::MAX).to_be_bytes());
            first.extend([0, 0]);
            (ip_numbers::PROTOCOL_UDP, first, 28 + length)
        }
        Quote::Raw { length } => (255, vec![0; 8], 20 + length),
    };
    let header = Ipv4Builder { id: 1, ttl: QUOTED_TTL, protocol, saddr: ours, daddr: theirs, ..Ipv4Builder::default() };
    let payload = vec![0; (total as usize).saturating_sub(ipv4::HEADER_LENGTH)];
    let mut datagram = header.build(&payload)?;
    datagram.truncate(ipv4::HEADER_LENGTH);
    datagram.extend(first);
    Ok(datagram)
}
