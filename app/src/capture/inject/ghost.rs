//! Frames that the capture missed, inferred from what the other end acknowledged: ghost frames. A ghost has the right range
//! of sequence numbers, a payload of zeros, and the frame number 0, which no captured frame has.
//!
//! Where a side jumps over octets that come later, it is a loss or another order, and no ghost. Where the octets never come
//! and are acknowledged, the frame was there and nobody caught it. Promise: the captured frames come out in their order with
//! nothing changed, and what is made up is bounded.

use std::borrow::Cow;
use std::ops::Deref;

use stack::wire::tcp;

use super::vantage::Vantage;
use crate::capture::connection::Connection;
use crate::capture::segment::{Endpoint, Segment};
use crate::capture::stream::{Coverage, after};

/// The most octets of one side that a capture is believed to have missed.
pub const MOST_MISSED: u32 = 1 << 20;
/// The most data in a ghost where the side has sent none that could be measured.
const USUAL_LENGTH: u32 = 1460;
/// A ghost is not made shorter than this, or there could be a million of them.
const SHORTEST_LENGTH: u32 = 256;
/// The window of a side of which no frame was captured.
const USUAL_WINDOW: u16 = 8192;
/// An MSS of 1460, for the SYN+ACK of a server of which no frame was captured.
const USUAL_OPTIONS: [u8; 4] = [2, 4, 5, 180];

/// Whether a segment was inferred and not captured.
#[must_use]
pub fn is_ghost(segment: &Segment) -> bool {
    segment.frame == 0
}

/// A segment that was captured, or one that was inferred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said<'a> {
    /// As the capture has it.
    Captured(&'a Segment<'a>),
    /// Nobody captured it.
    Ghost(Box<Segment<'static>>),
}

impl<'a> Deref for Said<'a> {
    type Target = Segment<'a>;

    fn deref(&self) -> &Segment<'a> {
        match self {
            Self::Captured(segment) => segment,
            Self::Ghost(segment) => segment,
        }
    }
}

/// The segments of a connection with ghosts where frames were missed.
#[must_use]
pub fn with_ghosts<'a>(connection: &'a Connection<'a>, vantage: Vantage) -> Vec<Said<'a>> {
    let mut completion = Completion {
        connection,
        sides: [Half::new(connection, true, vantage), Half::new(connection, false, vantage)],
        whole: Vec::with_capacity(connection.segments.len()),
    };
    for (place, segment) in connection.segments.iter().enumerate() {
        completion.segment(place, segment);
    }
    completion.whole
}

/// One side while the conversation is gone through.
struct Half<'a> {
    is_client: bool,
    /// The first captured segment of the side.
    first: Option<&'a Segment<'a>>,
    /// What the capture has of it, from the first frame to the last.
    captured: Option<Coverage>,
    /// Its acknowledgements, by their place among all segments.
    acks: Vec<(usize, u32)>,
    /// The highest acknowledgement that the other side gives of it.
    acknowledged: Option<u32>,
    /// What has been sent up to here, ghosts included.
    sent: Option<Coverage>,
    /// The last captured segment up to here.
    last: Option<&'a Segment<'a>>,
    longest: u32,
    left: u32,
    has_fin: bool,
    /// The way to this end and back.
    round_ns: u64,
}

impl<'a> Half<'a> {
    fn new(connection: &'a Connection<'a>, is_client: bool, vantage: Vantage) -> Self {
        let mut half = Self {
            is_client,
            first: None,
            captured: None,
            acks: Vec::new(),
            acknowledged: None,
            sent: None,
            last: None,
            longest: 0,
            left: MOST_MISSED,
            has_fin: false,
            round_ns: (if is_client { vantage.client_ns } else { vantage.server_ns }).unwrap_or(0),
        };
        for (place, segment) in connection.segments.iter().enumerate() {
            if connection.is_from_client(segment) == is_client {
                half.is_seen(place, segment);
            } else if segment.has(tcp::ACK)
                && !segment.has(tcp::RST)
                && half.acknowledged.is_none_or(|known| after(segment.ack, known))
            {
                half.acknowledged = Some(segment.ack);
            }
        }
        half.longest = if half.longest == 0 { USUAL_LENGTH } else { half.longest.max(SHORTEST_LENGTH) };
        half
    }

    fn is_seen(&mut self, place: usize, segment: &'a Segment<'a>) {
        self.first = self.first.or(Some(segment));
        self.longest = self.longest.max(segment.length);
        self.has_fin |= segment.has(tcp::FIN);
        if !segment.has(tcp::RST) {
            let captured = self.captured.get_or_insert_with(|| Coverage::new(segment.seq));
            captured.add(segment.seq, segment.end());
            self.acks.extend(segment.has(tcp::ACK).then_some((place, segment.ack)));
        }
    }

    /// What of the numbers up to `until` has not been sent yet, is acknowledged, and never captured.
    fn missed(&self, until: u32) -> Vec<(u32, u32)> {
        let Some(sent) = &self.sent else { return Vec::new() };
        let (from, until) = (sent.end(), self.acknowledged.map_or(sent.end(), |ack| earlier(ack, until)));
        if !after(until, from) || until.wrapping_sub(from) > self.left {
            return Vec::new();
        }
        let Some(captured) = &self.captured else { return vec![(from, until)] };
        let mut missed = captured.unseen(from, until);
        missed.reverse();
        missed
    }
}

fn earlier(a: u32, b: u32) -> u32 {
    if after(a, b) { b } else { a }
}

/// The conversation as it is completed.
struct Completion<'a> {
    connection: &'a Connection<'a>,
    /// Client, server.
    sides: [Half<'a>; 2],
    whole: Vec<Said<'a>>,
}

impl<'a> Completion<'a> {
    fn segment(&mut self, place: usize, segment: &'a Segment<'a>) {
        let from_client = self.connection.is_from_client(segment);
        if !segment.has(tcp::RST) {
            // What this side has jumped over, then what the other must have sent to be acknowledged.
            self.complete(place, segment, from_client, segment.seq);
            if segment.has(tcp::ACK) {
                self.handshake(segment, !from_client);
                self.complete(place, segment, !from_client, segment.ack);
            }
        }
        let [client, server] = &mut self.sides;
        let side = if from_client { client } else { server };
        if !segment.has(tcp::RST) {
            side.sent.get_or_insert_with(|| Coverage::new(segment.seq)).add(segment.seq, segment.end());
        }
        side.last = Some(segment);
        self.whole.push(Said::Captured(segment));
    }

    fn side(&self, is_client: bool) -> &Half<'a> {
        let [client, server] = &self.sides;
        if is_client { client } else { server }
    }

    /// The SYN+ACK of a server, where somebody acknowledges it and nobody caught it.
    fn handshake(&mut self, witness: &'a Segment<'a>, of_client: bool) {
        let (side, other) = (self.side(of_client), self.side(!of_client));
        if of_client || side.sent.is_some() {
            return;
        }
        let first = side.first.map(|first| first.seq).filter(|seq| !after(*seq, witness.ack)).unwrap_or(witness.ack);
        let options = match other.first {
            Some(syn) if !syn.options.is_empty() => Cow::from(&USUAL_OPTIONS),
            _ => Cow::default(),
        };
        let seq = first.wrapping_sub(1);
        let ghost = Segment {
            seq,
            flags: tcp::SYN | tcp::ACK,
            ack: other.sent.as_ref().map_or(0, Coverage::end),
            options,
            length: 0,
            ..self.pattern(witness, of_client)
        };
        self.add(of_client, ghost);
    }

    /// Makes up what a side must have sent before `until`.
    fn complete(&mut self, place: usize, witness: &'a Segment<'a>, of_client: bool, until: u32) {
        for (begin, end) in self.side(of_client).missed(until) {
            let side = self.side(of_client);
            if end.wrapping_sub(begin) == 1 && self.is_fin(of_client, end) {
                let fin = Segment { seq: begin, flags: tcp::FIN | tcp::ACK, ..self.pattern(witness, of_client) };
                self.add(of_client, Segment { ack: self.ack_of_ghost(place, of_client, fin.ack), ..fin });
                continue;
            }
            let longest = side.longest;
            let mut seq = begin;
            while after(end, seq) {
                let length = end.wrapping_sub(seq).min(longest);
                let last = seq.wrapping_add(length) == end;
                let flags = if last { tcp::ACK | tcp::PSH } else { tcp::ACK };
                let pattern = self.pattern(witness, of_client);
                let ack = self.ack_of_ghost(place, of_client, pattern.ack);
                self.add(of_client, Segment { seq, ack, flags, length, ..pattern });
                seq = seq.wrapping_add(length);
            }
        }
    }

    /// Whether the one number before `end` is a FIN: nothing of the side was captured behind it, and the connection closes.
    fn is_fin(&self, of_client: bool, end: u32) -> bool {
        let (side, other) = (self.side(of_client), self.side(!of_client));
        let last = side.captured.as_ref().is_none_or(|captured| after(end, captured.end()));
        last && side.acknowledged == Some(end) && !side.has_fin && other.has_fin
    }

    /// A ghost acknowledges what the other side had sent, as far as the next captured frame of its own side does.
    fn ack_of_ghost(&self, place: usize, of_client: bool, before: u32) -> u32 {
        let sent = self.side(!of_client).sent.as_ref().map_or(before, Coverage::end);
        let own = &self.side(of_client).acks;
        let next = own.get(own.partition_point(|(before, _)| *before < place));
        next.map_or(sent, |(_, ack)| earlier(*ack, sent))
    }

    /// What a ghost has in common with the frames around it.
    fn pattern(&self, witness: &Segment<'_>, of_client: bool) -> Segment<'static> {
        let side = self.side(of_client);
        let round_ns =
            if self.connection.is_from_client(witness) == of_client { 0 } else { self.side(!of_client).round_ns };
        let before = self.whole.last().map_or(0, |segment| segment.time_ns);
        let time_ns = witness.time_ns.saturating_sub(round_ns).max(before.min(witness.time_ns));
        let pattern = side.last.or(side.first).unwrap_or(witness);
        let turned = pattern.source != self.end(side.is_client);
        let (from, to) = (self.end(side.is_client), self.end(!side.is_client));
        let (source_hardware, destination_hardware) = if turned {
            (pattern.destination_hardware, pattern.source_hardware)
        } else {
            (pattern.source_hardware, pattern.destination_hardware)
        };
        Segment {
            frame: 0,
            time_ns,
            source_hardware,
            destination_hardware,
            source: from,
            destination: to,
            seq: 0,
            ack: if turned { 0 } else { pattern.ack },
            flags: tcp::ACK,
            window: if turned { USUAL_WINDOW } else { pattern.window },
            window_shift: if turned { 0 } else { pattern.window_shift },
            options: Cow::default(),
            length: 0,
            payload: Cow::default(),
            checksum_right: None,
            fragments: Vec::new(),
        }
    }

    fn end(&self, is_client: bool) -> Endpoint {
        if is_client { self.connection.client } else { self.connection.server }
    }

    fn add(&mut self, of_client: bool, ghost: Segment<'static>) {
        let [client, server] = &mut self.sides;
        let side = if of_client { client } else { server };
        side.left = side.left.saturating_sub(ghost.sequence_length());
        side.sent.get_or_insert_with(|| Coverage::new(ghost.seq)).add(ghost.seq, ghost.end());
        self.whole.push(Said::Ghost(Box::new(ghost)));
    }
}
