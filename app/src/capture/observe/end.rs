//! One end of an observed connection: its part of sequence space, its window, what of it is in flight, what lies out of order
//! before it, its round trips. Promise: every field is either read from a frame or missing; lists are bounded.

use std::collections::VecDeque;

use stack::include::seq::Seq;
use stack::wire::tcp;

use super::analysis::Scale;
use super::marks::{Mark, Marks};
use super::seen::Seen;
use super::states::{Ending, States};

/// At most so many segments in flight are remembered one by one; their octets are counted all the same.
pub const MOST_IN_FLIGHT: usize = 512;
/// At most so many ranges out of order are kept apart.
pub const MOST_RANGES: usize = 64;

/// A stretch of sequence space: from, and the number behind it.
pub type Range = (Seq, Seq);

/// A segment that is not acknowledged yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InFlight {
    /// Its sequence numbers.
    pub range: Range,
    /// The frame that carried it last.
    pub frame: usize,
    /// When that was, in nanoseconds since 1970.
    pub time_ns: u64,
    /// Whether it was sent more than once, so that its acknowledgement says nothing about the round trip (Karn).
    pub is_resent: bool,
}

/// How long an acknowledgement took, as seen where the capture was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RoundTrip {
    /// The frame acknowledged.
    pub of_frame: usize,
    /// The frame that acknowledged it.
    pub by_frame: usize,
    /// Nanoseconds between them.
    pub time_ns: u64,
}

/// The round trips of one end, all in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RoundTrips {
    /// How many were taken.
    pub count: u64,
    /// Their sum.
    pub sum_ns: u64,
    /// The shortest.
    pub least_ns: u64,
    /// The longest.
    pub most_ns: u64,
    /// The latest.
    pub last: Option<RoundTrip>,
}

impl RoundTrips {
    fn take(&mut self, sample: RoundTrip) {
        self.least_ns = if self.count == 0 { sample.time_ns } else { self.least_ns.min(sample.time_ns) };
        self.most_ns = self.most_ns.max(sample.time_ns);
        self.count = self.count.saturating_add(1);
        self.sum_ns = self.sum_ns.saturating_add(sample.time_ns);
        self.last = Some(sample);
    }

    /// The mean, in nanoseconds.
    #[must_use]
    pub fn mean_ns(&self) -> Option<u64> {
        self.sum_ns.checked_div(self.count)
    }
}

/// How much an end was seen to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// Frames.
    pub frames: u64,
    /// Octets of data, those sent again counted again.
    pub octets: u64,
    /// Frames that were retransmissions of any kind.
    pub resent: u64,
}

/// What is known of one end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct End {
    /// The states it can be in.
    pub states: States,
    /// Its initial sequence number, where its SYN was seen.
    pub isn: Option<Seq>,
    /// The first sequence number seen of it, from which relative ones are counted where its SYN is missing.
    pub first: Option<Seq>,
    /// The oldest octet that the other end was not seen acknowledging.
    pub snd_una: Option<Seq>,
    /// Behind the last octet that it was seen sending.
    pub snd_nxt: Option<Seq>,
    /// What it expects next, by its own word.
    pub rcv_nxt: Option<Seq>,
    /// Its window as it last stood in a header.
    pub window: Option<u16>,
    /// The same in octets; missing where the scale is unknown.
    pub window_octets: Option<u32>,
    /// How its windows are to be read.
    pub scale: Scale,
    /// The shift that its SYN offered, whether it is used or not.
    pub shift_offered: Option<u8>,
    /// The maximum segment size that its SYN announced.
    pub mss: Option<u16>,
    /// Its FIN.
    pub ending: Ending,
    /// What it sent and nobody acknowledged, in the order of sequence numbers.
    pub in_flight: VecDeque<InFlight>,
    /// The octet up to which everything sent to it was captured or acknowledged.
    pub contiguous: Option<Seq>,
    /// What was captured on its way to it beyond a hole, in the order of sequence numbers.
    pub out_of_order: Vec<Range>,
    /// How long acknowledgements of its segments took.
    pub round_trips: RoundTrips,
    /// How much it sent.
    pub sent: Sent,
}

impl End {
    /// Octets in flight (SYN and FIN count as one each), where both edges are known.
    #[must_use]
    pub fn in_flight_octets(&self) -> Option<u32> {
        let (una, nxt) = self.snd_una.zip(self.snd_nxt)?;
        Some(if nxt.after(una) { nxt.since(una) } else { 0 })
    }

    /// Where relative sequence numbers of this end are counted from.
    #[must_use]
    pub fn origin(&self) -> Option<Seq> {
        self.isn.or(self.first.map(|first| first - 1))
    }

    /// Notes what its own frame says of it.
    pub fn sends(&mut self, seen: &Seen, marks: &Marks) {
        self.sent.frames = self.sent.frames.saturating_add(1);
        self.sent.octets = self.sent.octets.saturating_add(u64::from(seen.length));
        self.sent.resent = self.sent.resent.saturating_add(u64::from(marks.has(Mark::Retransmission)));
        if seen.has(tcp::SYN) {
            self.isn = self.isn.or(Some(seen.seq));
            self.snd_una = self.snd_una.or(Some(seen.seq));
            self.mss = seen.mss.or(self.mss);
            self.shift_offered = seen.shift.or(self.shift_offered);
        }
        // The numbers of a bare RST belong to the other end.
        if !seen.has(tcp::RST) {
            self.first = self.first.or(Some(seen.seq));
            self.window = Some(seen.window);
            self.window_octets = (self.scale != Scale::Unknown || seen.has(tcp::SYN)).then(|| self.scale.octets(seen));
            self.launch(seen);
            self.snd_nxt = latest(self.snd_nxt, seen.end());
        }
        if let Some(ack) = seen.ack {
            self.rcv_nxt = latest(self.rcv_nxt, ack);
            self.contiguous = latest(self.contiguous, ack);
            self.absorb();
        }
        if seen.has(tcp::FIN) && self.ending.fin.is_none() {
            self.ending.fin = Some(seen.end());
        }
    }

    /// Notes what it has sent and is not acknowledged.
    fn launch(&mut self, seen: &Seen) {
        let range = (seen.seq, seen.end());
        if seen.sequence_length() == 0 || self.snd_una.is_some_and(|una| una.at_or_after(range.1)) {
            return;
        }
        if self.snd_nxt.is_some_and(|nxt| seen.seq.before(nxt)) {
            // In one piece, or wild numbers would be found or not depending on where the ring begins.
            let held = self.in_flight.make_contiguous();
            let from = held.partition_point(|old| old.range.1.at_or_before(range.0));
            for old in held.iter_mut().skip(from).take_while(|old| old.range.0.before(range.1)) {
                *old = InFlight { frame: seen.frame, time_ns: seen.time_ns, is_resent: true, ..*old };
            }
        } else if self.in_flight.len() < MOST_IN_FLIGHT {
            self.in_flight.push_back(InFlight { range, frame: seen.frame, time_ns: seen.time_ns, is_resent: false });
        }
    }

    /// Notes an acknowledgement that is on its way to it.
    pub fn is_acknowledged(&mut self, seen: &Seen) {
        let Some(ack) = seen.ack else { return };
        if self.snd_una.is_some_and(|una| ack.at_or_before(una)) {
            return;
        }
        self.snd_una = Some(ack);
        while let Some(oldest) = self.in_flight.front().copied().filter(|old| old.range.1.at_or_before(ack)) {
            self.in_flight.pop_front();
            if oldest.range.1 == ack && !oldest.is_resent {
                let time_ns = seen.time_ns.saturating_sub(oldest.time_ns);
                self.round_trips.take(RoundTrip { of_frame: oldest.frame, by_frame: seen.frame, time_ns });
            }
        }
        if self.ending.fin.is_some_and(|fin| ack.at_or_after(fin)) {
            self.ending.fin_acknowledged = true;
        }
    }

    /// Notes data (or a SYN, a FIN) that is on its way to it.
    pub fn is_sent(&mut self, seen: &Seen) {
        if seen.has(tcp::RST) {
            return;
        }
        let (from, to) = (seen.seq, seen.end());
        let contiguous = *self.contiguous.get_or_insert(from);
        if from.at_or_before(contiguous) {
            self.contiguous = latest(self.contiguous, to);
            self.absorb();
        } else if from != to {
            self.keep_apart((from, to));
        }
    }

    /// Puts a range among those out of order, joined with those that it touches.
    fn keep_apart(&mut self, (mut from, mut to): Range) {
        let first = self.out_of_order.partition_point(|old| old.1.before(from));
        let touching = |old: &&Range| old.0.at_or_before(to);
        let count = self.out_of_order.iter().skip(first).take_while(touching).count();
        for old in self.out_of_order.drain(first..first.saturating_add(count)) {
            from = if old.0.before(from) { old.0 } else { from };
            to = if old.1.after(to) { old.1 } else { to };
        }
        if self.out_of_order.len() < MOST_RANGES {
            self.out_of_order.insert(first, (from, to));
        }
    }

    /// Drops the ranges that are no longer beyond a hole.
    fn absorb(&mut self) {
        let Some(mut contiguous) = self.contiguous else { return };
        let mut reached = 0;
        while let Some((_, to)) = self.out_of_order.get(reached).filter(|range| range.0.at_or_before(contiguous)) {
            contiguous = if to.after(contiguous) { *to } else { contiguous };
            reached += 1;
        }
        self.out_of_order.drain(..reached);
        self.contiguous = Some(contiguous);
    }
}

/// The later of two sequence numbers.
fn latest(old: Option<Seq>, new: Seq) -> Option<Seq> {
    Some(old.filter(|old| old.at_or_after(new)).unwrap_or(new))
}
