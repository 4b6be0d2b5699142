//! The captured peer in a replay: its datagrams as recorded, except where they cannot be given to a 1.2.13 stack as
//! they are. Windows that were scaled are written out (at most 65535), frames longer than the wire allows are cut
//! into segments, missing data is zeros, checksums left to a card are filled in, and an acknowledgement never
//! covers what the stack has not sent. Whatever link they were captured on, they come as Ethernet frames with the addresses of
//! the [`Wire`]. Promise: every change of a datagram but that of its addresses is counted, and an unchanged one is octet for
//! octet the captured one, options and fragments included; so is its frame where it came on an Ethernet that will do.

use std::borrow::Cow;

use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::checksum::{fold, sum};
use stack::wire::ipv4::{self, Ipv4Packet};
use stack::wire::option_list::OptionList;
use stack::wire::tcp_options::TCPOPT_MSS;
use stack::wire::{ethernet, ip_numbers, tcp};

use super::encapsulation::{Datagram, datagram};
use super::infer::full_payload;
use super::read::FrameView;
use super::segment::Segment;
use super::wire::Wire;
use super::{FramesByNumber, link_type};

/// Frames ready to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// In order; several where one was too long, or where the datagram came in fragments.
    pub frames: Vec<Vec<u8>>,
    /// Whether the datagram is not what the capture has.
    pub changed: bool,
}

/// Prepares a captured segment for the wire, with its acknowledgement held down to `ack` where that is given.
#[must_use]
pub fn prepare(segment: &Segment, capture: &dyn FramesByNumber, wire: &Wire, ack: Option<u32>) -> Prepared {
    let ack = ack.unwrap_or(segment.ack);
    let captured = |number: &usize| capture.frame_of(*number);
    let numbers = || segment.fragments.iter().chain([&segment.frame]);
    if segment.checksum_right == Some(true) && segment.window_shift == 0 && ack == segment.ack {
        let frames: Option<Vec<Vec<u8>>> = numbers().map(|number| as_captured(&captured(number)?, wire)).collect();
        if let Some(frames) = frames {
            return Prepared { frames, changed: false };
        }
    }
    let like = numbers().find_map(|number| Like::of(&captured(number)?)).unwrap_or_default();
    let payload = full_payload(segment);
    let room = room(&like);
    let mut frames = Vec::new();
    let mut offset = 0;
    loop {
        let bytes = payload.get(offset..).unwrap_or(&[]);
        let bytes = bytes.get(..room).unwrap_or(bytes);
        let next = offset + bytes.len();
        let is_last = next >= payload.len();
        let number = u16::try_from(frames.len()).unwrap_or(u16::MAX);
        frames.extend(build(segment, &like, wire, Piece { number, offset, bytes, is_last }, ack));
        if is_last {
            return Prepared { frames, changed: true };
        }
        offset = next;
    }
}

/// The most octets of data of a segment that are given in one frame.
#[must_use]
pub fn piece_size(segment: &Segment, capture: &dyn FramesByNumber) -> usize {
    let mut numbers = segment.fragments.iter().chain([&segment.frame]);
    room(&numbers.find_map(|number| Like::of(&capture.frame_of(*number)?)).unwrap_or_default())
}

/// The room for data in a frame whose datagram has the options of a captured one.
fn room(like: &Like) -> usize {
    let room = ethernet::ETH_DATA_LEN - ipv4::HEADER_LENGTH - tcp::HEADER_LENGTH;
    room.saturating_sub(like.options.len()).max(1)
}

/// A bare acknowledgement of the peer: what its application would have sent once the data was there.
#[must_use]
pub fn acknowledgement(last: &Segment, wire: &Wire, seq: u32, ack: u32) -> Option<Vec<u8>> {
    let bare = Segment { seq, flags: tcp::ACK, options: Cow::default(), length: 0, ..last.bare() };
    build(&bare, &Like::default(), wire, Piece { number: 0, offset: 0, bytes: &[], is_last: true }, ack)
}

/// The frame on the wire in which the datagram of a captured one arrives as it is, or `None` where it does not fit.
fn as_captured(frame: &FrameView<'_>, wire: &Wire) -> Option<Vec<u8>> {
    let Datagram { bytes, .. } = datagram(frame).ok()?;
    let packet = Ipv4Packet::new_checked(bytes).ok()?;
    let whole = bytes.get(..usize::from(packet.tot_len())).filter(|whole| whole.len() <= ethernet::ETH_DATA_LEN)?;
    let is_plain = frame.link_type == link_type::ETHERNET && frame.bytes.len() - bytes.len() == ethernet::ETH_HLEN;
    let (to, from) = wire.hardware();
    if is_plain
        && wire.keeps_addresses()
        && frame.bytes.starts_with(&to)
        && frame.bytes.len() <= ethernet::ETH_FRAME_LEN
    {
        return Some(frame.bytes.to_vec());
    }
    let link = EthernetBuilder { h_dest: to, h_source: from, ..EthernetBuilder::default() };
    let mut datagram = whole.to_vec();
    if !wire.keeps_addresses() {
        readdress(&mut datagram, wire)?;
    }
    Some(link.build_padded(&datagram))
}

/// Writes the addresses of the wire into a datagram of the peer. The checksum of TCP, which covers them too, stands in the
/// first fragment; it is mended by the difference (RFC 1624), for the rest of the segment may be in others.
fn readdress(datagram: &mut [u8], wire: &Wire) -> Option<()> {
    let header = usize::from(datagram.first()? & 15) * 4;
    let addresses = ipv4::HEADER_LENGTH - 8..ipv4::HEADER_LENGTH;
    let before = sum(datagram.get(addresses.clone())?);
    let is_first = Ipv4Packet::new_header(datagram).ok()?.fragment_offset() == 0;
    ipv4::at::SADDR.put(datagram, wire.peer().address.into());
    ipv4::at::DADDR.put(datagram, wire.own().address.into());
    ipv4::fill_checksum(datagram);
    let after = sum(datagram.get(addresses)?);
    let segment = datagram.get_mut(header..)?;
    if is_first && let Some(check) = tcp::at::CHECK.get(segment) {
        let mended = !fold(u64::from(!check) + u64::from(!fold(before)) + after);
        tcp::at::CHECK.put(segment, mended);
    }
    Some(())
}

/// What a datagram that is built anew takes over from the captured one beside its segment.
#[derive(Debug, Clone, Default)]
struct Like {
    tos: u8,
    identification: u16,
    options: Vec<u8>,
    urgent_pointer: u16,
}

impl Like {
    /// As far as the frame holds the beginning of the segment.
    fn of(frame: &FrameView<'_>) -> Option<Self> {
        let Datagram { bytes, .. } = datagram(frame).ok()?;
        let packet = Ipv4Packet::new_header(bytes).ok().filter(|packet| packet.fragment_offset() == 0)?;
        Some(Self {
            tos: packet.tos(),
            identification: packet.id(),
            options: packet.options().to_vec(),
            urgent_pointer: tcp::at::URG_PTR.get(packet.payload()).unwrap_or(0),
        })
    }
}

/// The window that goes with an acknowledgement that is held down: its right edge stays where the peer put it.
fn window_at(segment: &Segment, ack: u32) -> u16 {
    let held = segment.ack.wrapping_sub(ack).cast_signed().max(0).unsigned_abs();
    u16::try_from(segment.offered_window().saturating_add(held)).unwrap_or(u16::MAX)
}

/// The options of the peer's SYN as far as they are whole, with the largest segment that is assumed where they were cut.
fn options_of_syn(segment: &Segment, wire: &Wire) -> Vec<u8> {
    if let Some(size) = wire.segment_size() {
        let [high, low] = size.to_be_bytes();
        return vec![TCPOPT_MSS, 4, high, low];
    }
    let whole = OptionList::new(&segment.options).take_while(|option| !option.broken);
    let end = whole.last().map_or(0, |last| last.range.end);
    segment.options.get(..end).unwrap_or(&[]).to_vec()
}

/// A part of the data of a segment.
#[derive(Debug, Clone, Copy)]
struct Piece<'a> {
    /// How many stand before it.
    number: u16,
    /// Where it begins.
    offset: usize,
    bytes: &'a [u8],
    is_last: bool,
}

/// One frame of the segment; `None` only where the parts would not fit a packet.
fn build(segment: &Segment, like: &Like, wire: &Wire, piece: Piece<'_>, ack: u32) -> Option<Vec<u8>> {
    let (offset, is_first) = (u32::try_from(piece.offset).unwrap_or(0), piece.number == 0);
    let syn = segment.has(tcp::SYN) && is_first;
    let begin = if is_first { segment.seq } else { segment.data_start() };
    let urgent_pointer = u32::from(like.urgent_pointer).saturating_sub(offset);
    let mut flags = segment.flags;
    if !piece.is_last {
        flags &= !(tcp::FIN | tcp::PSH);
    }
    if !is_first {
        flags &= !tcp::SYN;
    }
    if urgent_pointer == 0 {
        flags &= !tcp::URG;
    }
    let header = TcpBuilder {
        source: wire.peer().port,
        dest: wire.own().port,
        seq: begin.wrapping_add(offset),
        ack_seq: ack,
        flags,
        window: if syn { segment.window } else { window_at(segment, ack) },
        urg_ptr: u16::try_from(urgent_pointer).unwrap_or(0),
        options: if syn { options_of_syn(segment, wire) } else { Vec::new() },
        ..TcpBuilder::default()
    };
    let (from, to) = (wire.peer().address, wire.own().address);
    let transport = header.build(from, to, piece.bytes).ok()?;
    let packet = Ipv4Builder {
        tos: like.tos,
        id: like.identification.wrapping_add(piece.number),
        protocol: ip_numbers::PROTOCOL_TCP,
        saddr: from,
        daddr: to,
        options: like.options.clone(),
        ..Ipv4Builder::default()
    };
    let (h_dest, h_source) = wire.hardware();
    let link = EthernetBuilder { h_dest, h_source, ..EthernetBuilder::default() };
    Some(link.build_padded(&packet.build(&transport).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::connection::table;
    use crate::capture::{Capture, CapturedFrame};

    fn read(name: &str) -> Capture {
        crate::capture::open(&format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn reread(bytes: &[u8], like: &CapturedFrame) -> Segment<'static> {
        let frame = CapturedFrame { bytes: bytes.to_vec(), original_length: 0, ..like.clone() };
        Segment::read(&frame).unwrap().into_owned()
    }

    #[test]
    fn a_good_frame_is_left_as_it_is() {
        let capture = read("http_noopt.pcap");
        let connection = &table(&capture).connections[0];
        for segment in &connection.segments {
            let captured = &capture.frames[segment.frame - 1];
            let prepared = prepare(segment, &capture, &Wire::of(connection, segment.destination), None);
            if segment.checksum_right == Some(true) {
                assert!(!prepared.changed);
                assert_eq!(prepared.frames, std::slice::from_ref(&captured.bytes));
            }
        }
    }

    #[test]
    fn an_offloaded_frame_is_cut_into_legal_ones_that_add_up() {
        let capture = read("http_offload.pcap");
        let connection = &table(&capture).connections[0];
        let long = connection.segments.iter().find(|segment| segment.length > 3000).unwrap();
        let captured = &capture.frames[long.frame - 1];
        let prepared = prepare(long, &capture, &Wire::of(connection, long.destination), None);
        assert!(prepared.changed && prepared.frames.len() >= 3);
        let mut expected = long.seq;
        for (place, bytes) in prepared.frames.iter().enumerate() {
            assert!(bytes.len() <= 1514);
            let piece = reread(bytes, captured);
            assert_eq!((piece.seq, piece.checksum_right), (expected, Some(true)));
            let last = place + 1 == prepared.frames.len();
            assert!(last || !piece.has(tcp::PSH | tcp::FIN));
            expected = piece.end();
        }
        assert_eq!(expected, long.end());
    }

    #[test]
    fn a_held_acknowledgement_and_a_scaled_window_are_written_out() {
        let capture = read("simclose.pcap");
        let connection = &table(&capture).connections[0];
        let mut segment = connection.segments[2].clone();
        let wire = Wire::of(connection, segment.destination);
        segment.window_shift = 10;
        let captured = &capture.frames[segment.frame - 1];
        let held = segment.ack.wrapping_sub(1);
        let piece = reread(&prepare(&segment, &capture, &wire, Some(held)).frames[0], captured);
        assert_eq!((piece.ack, piece.checksum_right), (held, Some(true)));
        assert_eq!(u32::from(piece.window), ((u32::from(segment.window) << 10) + 1).min(65_535));
        segment.window_shift = 0;
        segment.window = 7;
        let piece = reread(&prepare(&segment, &capture, &wire, Some(held)).frames[0], captured);
        assert_eq!(piece.window, 8, "the right edge of the window moved");
        assert!(piece.options.is_empty());
    }

    #[test]
    fn a_rewritten_datagram_keeps_the_captured_options_of_ip() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/kinds/ip_options.pcap");
        let capture = crate::capture::open(path).unwrap();
        let connection = &table(&capture).connections[0];
        let mut segment = connection.segments.iter().find(|segment| segment.length > 0).unwrap().clone();
        segment.window_shift = 1;
        let prepared = prepare(&segment, &capture, &Wire::of(connection, segment.destination), None);
        let captured = &capture.frames[segment.frame - 1].bytes;
        assert!(prepared.changed && prepared.frames[0][34..38] == captured[34..38]);
        assert_eq!(prepared.frames[0][14], 0x46, "a header of 24 octets");
    }
}
