//! One line of a script may stand for several packets: packetdrill takes one after the other until there is as much data
//! as the line says, and holds each to the one before it.
//!
//! Of what it takes together, everything but the first sequence number is that of the last packet. The pieces have to be
//! alike in their headers, and of the same size but for the last; a packet without data is a piece as well, which is how the
//! ACK of a `read()` goes with the data behind it.

use super::departure::Departure;
use super::fields::{field, length};
use crate::lab::script::ast::{Body, Packet, Segment, TcpOption, TcpOptions};
use crate::wire::tcp;
use crate::words::Words;

/// What became of the next packet.
pub(super) enum Glued {
    /// It belongs to those before it.
    Joined,
    /// There is none.
    Nothing,
    /// It does not belong there, for this reason.
    Alien(Box<(Words<String>, Departure)>),
}

/// Joins the next packet of a flow to what has been taken so far for a line.
pub(super) fn join(expected: &Packet, whole: &mut Departure, next: Departure) -> Glued {
    let missing = length(&expected.body).unwrap_or(0).saturating_sub(length(&whole.packet.body).unwrap_or(0));
    let unlike = in_headers(whole, &next).or_else(|| in_size(expected, whole, &next, missing));
    if let Some(words) = unlike {
        return Glued::Alien(Box::new((words, next)));
    }
    let piece = length(&next.packet.body).unwrap_or(0);
    let mut packet = next.packet;
    match (&whole.packet.body, &mut packet.body) {
        (Body::Tcp(before), Body::Tcp(segment)) => {
            segment.sequence.start = before.sequence.start;
            segment.sequence.length = segment.sequence.length.saturating_add(before.sequence.length);
        }
        (Body::Udp { length: before, .. }, Body::Udp { length, .. }) => *length = length.saturating_add(*before),
        _ => {}
    }
    *whole = Departure { packet, piece, ..next };
    Glued::Joined
}

/// The first field of a header that is not as in the packet before.
fn in_headers(before: &Departure, next: &Departure) -> Option<Words<String>> {
    let ttl = field("ttl", u32::from(before.header.ttl), u32::from(next.header.ttl));
    ttl.or_else(|| match (&before.packet.body, &next.packet.body) {
        (Body::Tcp(first), Body::Tcp(second)) => in_segments((first, before), (second, next)),
        _ => None,
    })
}

fn in_segments(
    (first, before): (&Segment, &Departure),
    (second, next): (&Segment, &Departure),
) -> Option<Words<String>> {
    const NAMES: [(&str, u8); 5] =
        [("tcp_syn", tcp::SYN), ("tcp_rst", tcp::RST), ("tcp_ack", tcp::ACK), ("tcp_urg", tcp::URG), ("tcp_ece", 0x40)];
    let bit = |segment: &Segment, bit: u8| u32::from(segment.flags.bits & bit != 0);
    let flags = || NAMES.iter().find_map(|(name, one)| field(name, bit(first, *one), bit(second, *one)));
    let urgent = |segment: &Segment| u32::from(segment.urgent.unwrap_or(0));
    let acknowledged = |segment: &Segment, whole: &Departure| segment.acknowledgement.unwrap_or(whole.header.ack_seq);
    field("tcp_data_offset", words(first), words(second))
        .or_else(flags)
        .or_else(|| field("tcp_seq", first.sequence.end, second.sequence.start))
        .or_else(|| field("tcp_ack_seq", acknowledged(first, before), acknowledged(second, next)))
        .or_else(|| field("tcp_window", u32::from(first.window?), u32::from(second.window?)))
        .or_else(|| field("tcp_urg_ptr", urgent(first), urgent(second)))
}

/// The length of a TCP header in words of four octets.
fn words(segment: &Segment) -> u32 {
    let options = match &segment.options {
        TcpOptions::List(list) => list.iter().map(TcpOption::size).sum(),
        TcpOptions::None | TcpOptions::Any => 0,
    };
    u32::try_from((tcp::HEADER_LENGTH + options).div_ceil(4)).unwrap_or(0)
}

/// Whether the piece is of another size than that before it, though more has to follow.
fn in_size(expected: &Packet, whole: &Departure, next: &Departure, missing: u32) -> Option<Words<String>> {
    let (piece, before) = (length(&next.packet.body)?, whole.piece);
    let total = length(&expected.body)?;
    let so_far = length(&whole.packet.body)?.saturating_add(piece);
    (piece < missing && piece != before).then(|| Words {
        en: format!(
            "fragment payload: expected {before} bytes vs actual {piece} bytes; total payload: expected {total} bytes vs actual {so_far} bytes"
        ),
        zh: format!("片段的数据：期望 {before} 字节，实际 {piece} 字节；数据总长：期望 {total} 字节，实际 {so_far} 字节"),
    })
}
