//! The captured peer in a replay: its frames as recorded, except where they cannot be given to a 1.2.13 stack as
//! they are. Windows that were scaled are written out (at most 65535), frames longer than the wire allows are cut
//! into segments, missing data is zeros, checksums left to a card are filled in, and an acknowledgement never
//! covers what the stack has not sent. Promise: every change is counted, and an unchanged frame is byte for byte
//! the captured one.

use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::{ethernet, ip_numbers, tcp};

use super::infer::full_payload;
use super::segment::Segment;

/// The most data in one Ethernet frame without options.
const LARGEST_PIECE: usize = 1460;

/// Frames ready to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// In order; several where one was too long.
    pub frames: Vec<Vec<u8>>,
    /// Whether they are not what the capture has.
    pub changed: bool,
}

/// Prepares a captured segment, with its acknowledgement held down to `ack` where that is given.
#[must_use]
pub fn prepare(segment: &Segment, captured: &[u8], ack: Option<u32>) -> Prepared {
    let ack = ack.unwrap_or(segment.ack);
    let as_it_is = segment.checksum_right == Some(true)
        && segment.window_shift == 0
        && captured.len() <= ethernet::ETH_FRAME_LEN
        && ack == segment.ack;
    if as_it_is {
        return Prepared { frames: vec![captured.to_vec()], changed: false };
    }
    let payload = full_payload(segment);
    let mut frames = Vec::new();
    let mut offset = 0;
    loop {
        let piece = payload.get(offset..).unwrap_or(&[]);
        let piece = piece.get(..LARGEST_PIECE).unwrap_or(piece);
        let next = offset + piece.len();
        let last = next >= payload.len();
        frames.extend(build(segment, offset, piece, last, ack));
        if last {
            return Prepared { frames, changed: true };
        }
        offset = next;
    }
}

/// A bare acknowledgement of the peer: what its application would have sent once the data was there.
#[must_use]
pub fn acknowledgement(last: &Segment, seq: u32, ack: u32) -> Option<Vec<u8>> {
    let bare = Segment { seq, flags: tcp::ACK, options: Vec::new(), length: 0, payload: Vec::new(), ..last.clone() };
    build(&bare, 0, &[], true, ack)
}

/// The window that goes with an acknowledgement that is held down: its right edge stays where the peer put it.
fn window_at(segment: &Segment, ack: u32) -> u16 {
    let held = segment.ack.wrapping_sub(ack).cast_signed().max(0).unsigned_abs();
    u16::try_from(segment.offered_window().saturating_add(held)).unwrap_or(u16::MAX)
}

/// One frame of the segment; `None` only where the parts would not fit a packet.
fn build(segment: &Segment, offset: usize, piece: &[u8], last: bool, ack: u32) -> Option<Vec<u8>> {
    let syn = segment.has(tcp::SYN);
    let later = if offset > 0 { segment.data_start() } else { segment.seq };
    let mut flags = segment.flags;
    if !last {
        flags &= !(tcp::FIN | tcp::PSH);
    }
    if offset > 0 {
        flags &= !tcp::SYN;
    }
    let header = TcpBuilder {
        source: segment.source.port,
        dest: segment.destination.port,
        seq: later.wrapping_add(u32::try_from(offset).unwrap_or(0)),
        ack_seq: ack,
        flags,
        window: if syn { segment.window } else { window_at(segment, ack) },
        options: if syn { segment.options.clone() } else { Vec::new() },
        ..TcpBuilder::default()
    };
    let (from, to) = (segment.source.address, segment.destination.address);
    let transport = header.build(from, to, piece).ok()?;
    let packet = Ipv4Builder { protocol: ip_numbers::PROTOCOL_TCP, saddr: from, daddr: to, ..Ipv4Builder::default() };
    let link = EthernetBuilder {
        h_dest: segment.destination_hardware,
        h_source: segment.source_hardware,
        ..EthernetBuilder::default()
    };
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

    fn reread(bytes: &[u8], like: &CapturedFrame) -> Segment {
        let frame = CapturedFrame { bytes: bytes.to_vec(), original_length: 0, ..like.clone() };
        Segment::read(&frame).unwrap()
    }

    #[test]
    fn a_good_frame_is_left_as_it_is() {
        let capture = read("http_noopt.pcap");
        let connection = &table(&capture).connections[0];
        for segment in &connection.segments {
            let captured = &capture.frames[segment.frame - 1];
            let prepared = prepare(segment, &captured.bytes, None);
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
        let prepared = prepare(long, &captured.bytes, None);
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
        let mut segment = table(&capture).connections[0].segments[2].clone();
        segment.window_shift = 10;
        let captured = &capture.frames[segment.frame - 1];
        let held = segment.ack.wrapping_sub(1);
        let piece = reread(&prepare(&segment, &captured.bytes, Some(held)).frames[0], captured);
        assert_eq!((piece.ack, piece.checksum_right), (held, Some(true)));
        assert_eq!(u32::from(piece.window), ((u32::from(segment.window) << 10) + 1).min(65_535));
        segment.window_shift = 0;
        segment.window = 7;
        let piece = reread(&prepare(&segment, &captured.bytes, Some(held)).frames[0], captured);
        assert_eq!(piece.window, 8, "the right edge of the window moved");
        assert!(piece.options.is_empty());
    }
}
