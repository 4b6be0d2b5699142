//! The marks, frame by frame: what an observer between the ends concludes from sequence numbers, acknowledgements, windows
//! and times. Promise: the conclusions are those of tshark (`tcp.analysis.*`, version 4.0), found by its documentation and by
//! trying it on captures made for the purpose; `tests/observe.rs` compares every frame.
//!
//! A few rules of tshark are habits rather than reasons, and are kept because people compare the two: a duplicate
//! acknowledgement makes it forget how far its sender's data may be acknowledged, the octet of a window probe is not counted
//! as sent, and a retransmission counts as fast where the acknowledgement before it is at most 20 ms old. On heavily
//! damaged captures the two still differ in about one of two thousand frames, all but a few in `ack_of_unseen_data`.

use stack::include::seq::Seq;
use stack::wire::tcp;

use super::marks::{Mark, Marks};
use super::seen::{Both, Seen};

/// A retransmission so soon after the acknowledgement that asks for it is a fast one.
const FAST_NS: u64 = 20_000_000;
/// What comes again within the first round trip is out of order; this long where the round trip is unknown.
const UNKNOWN_ROUND_TRIP_NS: u64 = 3_000_000;
/// So many duplicates ask for a retransmission.
const DUPLICATES_THAT_ASK: u32 = 2;
/// The largest shift that RFC 7323 allows.
const LARGEST_SHIFT: u8 = 14;

/// How the windows of one end are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scale {
    /// Its SYN was not seen.
    #[default]
    Unknown,
    /// As they stand: one of the two SYNs came without the option.
    Off,
    /// Shifted by so many bits.
    By(u8),
}

impl Scale {
    /// The window in octets; windows of SYNs are never scaled. Of an unknown scale it is the number in the header.
    #[must_use]
    pub fn octets(self, seen: &Seen) -> u32 {
        match self {
            Self::By(shift) if !seen.has(tcp::SYN) => u32::from(seen.window) << shift.min(LARGEST_SHIFT),
            Self::Unknown | Self::Off | Self::By(_) => u32::from(seen.window),
        }
    }
}

/// What a SYN says about the scale of both ends: it is used only where both ask for it.
pub fn agree(sender: &mut Scale, receiver: &mut Scale, shift: Option<u8>) {
    match (shift, *sender) {
        (Some(shift), Scale::Unknown | Scale::By(_)) => *sender = Scale::By(shift),
        // A SYN sent again may leave its options out.
        (Some(_), Scale::Off) | (None, Scale::By(_)) => {}
        (None, Scale::Unknown | Scale::Off) => {
            *sender = Scale::Off;
            *receiver = Scale::Off;
        }
    }
}

/// How far one end's data may be acknowledged without surprise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Acknowledgeable {
    to: Option<Seq>,
    /// Set beside a duplicate acknowledgement or a guess: the next surprise, or data just there, ends the knowledge.
    is_weak: bool,
}

/// What was sent last, as far as the answer depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Last {
    #[default]
    Other,
    KeepAlive,
    Probe,
}

/// One direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Flow {
    /// The sequence number behind everything seen, and when it was reached.
    next: Option<Seq>,
    next_ns: u64,
    ack: Option<Seq>,
    ack_ns: u64,
    /// The first frame with this acknowledgement, and how many duplicates followed.
    ack_frame: usize,
    duplicates: u32,
    /// The other end acknowledged more than was seen, so duplicates may be missing as well.
    may_have_duplicates: bool,
    /// The window as it stood in the header, and in octets.
    window: Option<u16>,
    octets: u32,
    scale: Scale,
    last: Last,
    acknowledgeable: Acknowledgeable,
    /// When it sent its SYN.
    syn_ns: Option<u64>,
}

/// Both directions: give it the frames one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Analysis {
    flows: Both<Flow>,
    round_trip_ns: Option<u64>,
}

impl Analysis {
    /// The marks of the next frame.
    pub fn take(&mut self, seen: &Seen) -> Marks {
        let (sender, receiver) = self.flows.split(seen.side);
        if seen.has(tcp::SYN) {
            agree(&mut sender.scale, &mut receiver.scale, seen.shift);
            if seen.ack.is_none() {
                sender.syn_ns = Some(seen.time_ns);
            }
        } else if self.round_trip_ns.is_none() && seen.ack.is_some() {
            self.round_trip_ns = sender.syn_ns.map(|syn| seen.time_ns.saturating_sub(syn));
        }
        let mut marks = Marks::default();
        mark_plainly(&mut marks, sender, receiver, seen);
        if !marks.has(Mark::ZeroWindowProbe) {
            mark_acknowledgement(&mut marks, sender, receiver, seen);
        }
        mark_unseen(&mut marks, receiver, seen);
        let round_trip_ns = self.round_trip_ns.unwrap_or(UNKNOWN_ROUND_TRIP_NS);
        mark_repetition(&mut marks, sender, receiver, seen, round_trip_ns);
        name_the_rest(&mut marks, seen);
        sender.advance(&marks, seen);
        marks
    }
}

/// Marks that need no history of acknowledgements.
fn mark_plainly(marks: &mut Marks, sender: &Flow, receiver: &Flow, seen: &Seen) {
    let is_next = sender.next == Some(seen.seq);
    marks.put(Mark::ZeroWindowProbe, seen.length == 1 && is_next && receiver.window == Some(0));
    marks.put(Mark::Rst, seen.has(tcp::RST));
    marks.put(Mark::Fin, seen.has(tcp::FIN));
    marks.put(Mark::Syn, seen.has(tcp::SYN) && seen.ack.is_none());
    marks.put(Mark::SynAck, seen.has(tcp::SYN) && seen.ack.is_some());
    if marks.has(Mark::ZeroWindowProbe) {
        return;
    }
    marks.put(Mark::ZeroWindow, seen.window == 0 && !seen.is_control());
    marks.put(Mark::Gap, sender.next.is_some_and(|next| seen.seq.after(next)) && !seen.has(tcp::RST));
    marks.put(Mark::KeepAlive, is_keep_alive(sender, seen));
    let fills = receiver.ack.is_some_and(|ack| seen.end() == ack + receiver.octets) && receiver.window.is_some();
    let is_read = receiver.scale != Scale::Unknown;
    marks.put(Mark::WindowFull, fills && is_read && seen.length > 0 && !seen.is_control());
}

fn is_keep_alive(sender: &Flow, seen: &Seen) -> bool {
    seen.length <= 1 && !seen.is_control() && sender.next == Some(seen.seq + 1)
}

/// Marks of frames that carry nothing but an acknowledgement that was there before.
fn mark_acknowledgement(marks: &mut Marks, sender: &mut Flow, receiver: &Flow, seen: &Seen) {
    let is_repeated = seen.length == 0
        && !seen.is_control()
        && sender.next == Some(seen.seq)
        && seen.ack.is_some()
        && sender.ack == seen.ack;
    let Some(window) = sender.window.filter(|_| is_repeated) else { return };
    let (is_same, is_open) = (window == seen.window, seen.window != 0);
    marks.put(Mark::WindowUpdate, is_open && !is_same);
    marks.put(Mark::KeepAliveAck, is_open && is_same && receiver.last == Last::KeepAlive);
    marks.put(Mark::ZeroWindowProbeAck, !is_open && is_same && receiver.last == Last::Probe);
    if is_open && is_same && !marks.has(Mark::KeepAliveAck) {
        sender.duplicates = sender.duplicates.saturating_add(1);
        marks.put(Mark::DuplicateAck, true);
        marks.duplicate_number = sender.duplicates;
        marks.duplicate_of = sender.ack_frame;
    }
}

/// An acknowledgement of more than the other end was seen to send.
fn mark_unseen(marks: &mut Marks, receiver: &mut Flow, seen: &Seen) {
    let Some(to) = receiver.acknowledgeable.to else { return };
    let Some(ack) = seen.ack.filter(|ack| ack.after(to)) else { return };
    marks.put(Mark::AckUnseen, true);
    let known = receiver.next.filter(|next| next.at_or_after(ack));
    receiver.may_have_duplicates = known.is_none();
    let is_weak = receiver.acknowledgeable.is_weak;
    receiver.acknowledgeable.to = known.filter(|_| !is_weak);
    receiver.acknowledgeable.is_weak = is_weak || receiver.acknowledgeable.to.is_none();
}

/// What was sent before: retransmissions of every kind, and what only came late.
fn mark_repetition(marks: &mut Marks, sender: &Flow, receiver: &Flow, seen: &Seen, round_trip_ns: u64) {
    let data_end = seen.seq + seen.length;
    let is_acknowledged = receiver.ack.is_some_and(|ack| ack.at_or_after(data_end));
    if seen.length > 0 && is_acknowledged && !is_keep_alive(sender, seen) {
        marks.put(Mark::SpuriousRetransmission, true);
        marks.put(Mark::Retransmission, true);
        return;
    }
    let Some(next) = sender.next.filter(|next| next.after(seen.seq) && seen.sequence_length() > 0) else { return };
    // A probe's octet that was not taken is sent again together with what follows it.
    let is_after_probe = seen.length > 1 && next == seen.seq + 1;
    if marks.has_any(&[Mark::KeepAlive, Mark::ZeroWindowProbe]) || is_after_probe {
        return;
    }
    let is_asked_for = receiver.duplicates >= DUPLICATES_THAT_ASK || receiver.may_have_duplicates;
    let since_ack_ns = seen.time_ns.saturating_sub(receiver.ack_ns);
    if is_asked_for && receiver.ack == Some(seen.seq) && since_ack_ns < FAST_NS {
        marks.put(Mark::FastRetransmission, true);
        marks.put(Mark::Retransmission, true);
    } else if seen.time_ns.saturating_sub(sender.next_ns) < round_trip_ns && seen.end() != next {
        marks.put(Mark::OutOfOrder, true);
    } else {
        marks.put(Mark::Retransmission, true);
    }
}

/// What needs no other explanation is new data, or an acknowledgement.
fn name_the_rest(marks: &mut Marks, seen: &Seen) {
    let is_again = marks.has_any(&[Mark::Retransmission, Mark::OutOfOrder, Mark::KeepAlive, Mark::ZeroWindowProbe]);
    marks.put(Mark::NewData, seen.length > 0 && !is_again);
    let is_special = marks.has_any(&[
        Mark::KeepAlive,
        Mark::KeepAliveAck,
        Mark::ZeroWindowProbeAck,
        Mark::DuplicateAck,
        Mark::WindowUpdate,
    ]);
    marks.put(Mark::Ack, seen.length == 0 && seen.ack.is_some() && !seen.is_control() && !is_special);
}

impl Flow {
    /// Remembers the frame.
    fn advance(&mut self, marks: &Marks, seen: &Seen) {
        let next_before = self.next;
        let is_probe = marks.has(Mark::ZeroWindowProbe);
        if !is_probe && self.next.is_none_or(|next| seen.end().after(next)) {
            self.next = Some(seen.end());
            self.next_ns = seen.time_ns;
        }
        self.acknowledge_up_to(next_before, marks, seen);
        if self.ack != seen.ack || seen.ack.is_none() {
            self.duplicates = 0;
            self.may_have_duplicates = false;
            self.ack_frame = seen.frame;
        }
        self.ack = seen.ack;
        self.ack_ns = seen.time_ns;
        self.window = Some(seen.window);
        self.octets = self.scale.octets(seen);
        self.last = match () {
            () if is_probe => Last::Probe,
            () if marks.has(Mark::KeepAlive) => Last::KeepAlive,
            () => Last::Other,
        };
    }

    /// How far this end's data may be acknowledged from now on.
    fn acknowledge_up_to(&mut self, next_before: Option<Seq>, marks: &Marks, seen: &Seen) {
        let known = &mut self.acknowledgeable;
        known.is_weak |= marks.has(Mark::DuplicateAck);
        let is_here = known.to == Some(seen.seq);
        match known.to {
            None if marks.has(Mark::Gap) => *known = Acknowledgeable { to: next_before, is_weak: true },
            _ if marks.has_any(&[Mark::KeepAlive, Mark::ZeroWindowProbe]) => {}
            Some(_) if is_here && known.is_weak => known.to = None,
            Some(_) if is_here => known.to = self.next,
            None if next_before.is_none() => known.to = Some(seen.end()),
            None if next_before == Some(seen.seq) && seen.sequence_length() == 0 && !marks.has(Mark::DuplicateAck) => {
                *known = Acknowledgeable { to: Some(seen.end()), is_weak: false };
            }
            Some(_) | None => {}
        }
    }
}
