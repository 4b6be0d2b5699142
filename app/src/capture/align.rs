//! Laying what the stack sent beside what the capture has: which frames are the same, which come earlier or later,
//! which cut the data differently, which are extra or missing. Frames are matched by what they say (flags without
//! PSH, sequence range, acknowledgement), never by their ordinal. Promise: every frame of both sides appears exactly
//! once, the same input gives the same output, and the work grows no faster than n log n.

use std::collections::BTreeMap;

use stack::wire::tcp;

use super::segment::Segment;

/// Times closer than this are the same time: two ticks of the 1.2.13 clock.
pub const SAME_TIME_NS: u64 = 20_000_000;

/// How a frame of one side relates to the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// Both have it, at the same time and with the same fields.
    Same,
    /// 1.2.13 sends it this much earlier (nanoseconds).
    Earlier(u64),
    /// 1.2.13 sends it this much later (nanoseconds).
    Later(u64),
    /// Both send this data, cut into other segments.
    SplitDifferently,
    /// Only 1.2.13 sends it.
    Extra,
    /// Only the capture has it.
    Missing,
    /// Both have it, but these fields differ.
    Differs(Vec<FieldDifference>),
}

impl Relation {
    /// The word by which verdict and JSON name it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Earlier(_) => "earlier",
            Self::Later(_) => "later",
            Self::SplitDifferently => "split differently",
            Self::Extra => "extra",
            Self::Missing => "missing",
            Self::Differs(_) => "differs",
        }
    }
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDifference {
    /// The field as in the C struct.
    pub field: &'static str,
    /// What 1.2.13 puts there.
    pub stack: String,
    /// What the capture has there.
    pub capture: String,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aligned {
    /// Place among the frames that the stack sent.
    pub stack: Option<usize>,
    /// Place among the captured frames of that side.
    pub capture: Option<usize>,
    /// How they relate.
    pub relation: Relation,
}

/// What makes two segments the same statement.
type Key = (u8, u32, u32, Option<u32>);

fn key(segment: &Segment, with_ack: bool) -> Key {
    let flags = segment.flags & !tcp::PSH;
    let ack = (with_ack && segment.has(tcp::ACK)).then_some(segment.ack);
    (flags, segment.seq, segment.sequence_length(), ack)
}

/// Compares the two sides. Both lists are in the order of sending.
#[must_use]
pub fn align(stack: &[Segment], capture: &[Segment]) -> Vec<Aligned> {
    let mut partner_of_stack = vec![None; stack.len()];
    let mut partner_of_capture = vec![None; capture.len()];
    pair(stack, capture, true, &mut partner_of_stack, &mut partner_of_capture);
    pair(stack, capture, false, &mut partner_of_stack, &mut partner_of_capture);
    let mut lines = Vec::with_capacity(stack.len().max(capture.len()));
    for (place, segment) in stack.iter().enumerate() {
        let partner = partner_of_stack.get(place).copied().flatten();
        let relation = match partner.and_then(|partner: usize| capture.get(partner)) {
            Some(captured) => compare(segment, captured),
            None if covered(segment, capture, &partner_of_capture) => Relation::SplitDifferently,
            None => Relation::Extra,
        };
        lines.push(Aligned { stack: Some(place), capture: partner, relation });
    }
    for (place, captured) in capture.iter().enumerate() {
        if partner_of_capture.get(place).copied().flatten().is_none() {
            let covered = covered(captured, stack, &partner_of_stack);
            let relation = if covered { Relation::SplitDifferently } else { Relation::Missing };
            lines.push(Aligned { stack: None, capture: Some(place), relation });
        }
    }
    let time = |line: &Aligned| {
        let of =
            |segments: &[Segment], place: Option<usize>| place.and_then(|place| segments.get(place)).map(|s| s.time_ns);
        of(stack, line.stack).or_else(|| of(capture, line.capture)).unwrap_or(0)
    };
    lines.sort_by_key(time);
    lines
}

/// Pairs the n-th of a key on one side with the n-th of the same key on the other. Without the acknowledgement in
/// the key only segments that use sequence numbers are paired: a bare ACK says nothing else.
fn pair(
    stack: &[Segment],
    capture: &[Segment],
    with_ack: bool,
    partner_of_stack: &mut [Option<usize>],
    partner_of_capture: &mut [Option<usize>],
) {
    let mut waiting: BTreeMap<Key, std::collections::VecDeque<usize>> = BTreeMap::new();
    let usable = |segment: &Segment| with_ack || segment.sequence_length() > 0;
    for (place, segment) in capture.iter().enumerate() {
        if partner_of_capture.get(place).is_some_and(Option::is_none) && usable(segment) {
            waiting.entry(key(segment, with_ack)).or_default().push_back(place);
        }
    }
    for (place, segment) in stack.iter().enumerate() {
        if partner_of_stack.get(place).is_none_or(Option::is_some) || !usable(segment) {
            continue;
        }
        let Some(partner) = waiting.get_mut(&key(segment, with_ack)).and_then(std::collections::VecDeque::pop_front)
        else {
            continue;
        };
        if let (Some(ours), Some(theirs)) = (partner_of_stack.get_mut(place), partner_of_capture.get_mut(partner)) {
            *ours = Some(partner);
            *theirs = Some(place);
        }
    }
}

/// Whether the data of `segment` is carried by segments of the other side that have no partner either.
fn covered(segment: &Segment, others: &[Segment], partners: &[Option<usize>]) -> bool {
    segment.length > 0
        && others.iter().zip(partners).any(|(other, partner)| {
            let offset = segment.data_start().wrapping_sub(other.data_start()).cast_signed();
            let begins_inside = offset >= 0 && offset.unsigned_abs() < other.length;
            let holds_begin = offset < 0 && offset.unsigned_abs() < segment.length;
            partner.is_none() && other.length > 0 && (begins_inside || holds_begin)
        })
}

fn compare(stack: &Segment, capture: &Segment) -> Relation {
    let mut fields = Vec::new();
    let mut note = |field, stack: String, capture: String| {
        if stack != capture {
            fields.push(FieldDifference { field, stack, capture });
        }
    };
    note("ack_seq", stack.ack.to_string(), capture.ack.to_string());
    note("psh", u8::from(stack.has(tcp::PSH)).to_string(), u8::from(capture.has(tcp::PSH)).to_string());
    note("window", stack.offered_window().to_string(), capture.offered_window().to_string());
    if stack.has(tcp::SYN) {
        // Behind the handshake only options differ that were never agreed on: timestamps, SACK.
        let options = |segment: &Segment| stack::wire::tcp_options::text(&segment.options);
        note("options", options(stack), options(capture));
    }
    if !fields.is_empty() {
        return Relation::Differs(fields);
    }
    let (ours, theirs) = (stack.time_ns, capture.time_ns);
    if ours.abs_diff(theirs) <= SAME_TIME_NS {
        Relation::Same
    } else if ours < theirs {
        Relation::Earlier(theirs - ours)
    } else {
        Relation::Later(ours - theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::segment::Endpoint;

    fn segment(time_ms: u64, flags: u8, seq: u32, length: u32, ack: u32) -> Segment {
        let end = Endpoint { address: std::net::Ipv4Addr::LOCALHOST, port: 1 };
        Segment {
            frame: 1,
            time_ns: time_ms * 1_000_000,
            source_hardware: [0; 6],
            destination_hardware: [0; 6],
            source: end,
            destination: end,
            seq,
            ack,
            flags,
            window: 100,
            window_shift: 0,
            options: Vec::new(),
            length,
            payload: Vec::new(),
            checksum_right: None,
            fragments: Vec::new(),
        }
    }

    fn names(lines: &[Aligned]) -> Vec<&'static str> {
        lines.iter().map(|line| line.relation.name()).collect()
    }

    const A: u8 = tcp::ACK;

    #[test]
    fn time_decides_between_same_earlier_and_later() {
        let capture = [segment(100, A, 1, 5, 9), segment(200, A, 6, 5, 9), segment(300, A, 11, 5, 9)];
        let stack = [segment(110, A, 1, 5, 9), segment(150, A, 6, 5, 9), segment(350, A, 11, 5, 9)];
        let lines = align(&stack, &capture);
        assert_eq!(names(&lines), ["same", "earlier", "later"]);
        assert_eq!(lines[2].relation, Relation::Later(50_000_000));
    }

    #[test]
    fn a_frame_too_many_does_not_shift_the_others() {
        let capture = [segment(1, A, 1, 5, 9), segment(2, A, 6, 5, 9)];
        let stack = [segment(1, A, 1, 0, 9), segment(1, A, 1, 5, 9), segment(2, A, 6, 5, 9)];
        let mut seen = names(&align(&stack, &capture));
        seen.sort_unstable();
        assert_eq!(seen, ["extra", "same", "same"]);
    }

    #[test]
    fn other_boundaries_are_a_split_and_lost_data_is_missing() {
        let capture = [segment(1, A, 1, 10, 9), segment(2, A, 50, 5, 9)];
        let stack = [segment(1, A, 1, 4, 9), segment(1, A, 5, 6, 9)];
        assert_eq!(
            names(&align(&stack, &capture)),
            ["split differently", "split differently", "split differently", "missing"]
        );
    }

    #[test]
    fn a_retransmission_more_is_extra_and_fields_are_named() {
        let mut captured = segment(1, A | tcp::PSH, 1, 5, 9);
        captured.window = 200;
        let stack = [segment(1, A, 1, 5, 9), segment(900, A, 1, 5, 9)];
        let lines = align(&stack, &[captured]);
        assert_eq!(names(&lines), ["differs", "extra"]);
        let Relation::Differs(fields) = &lines[0].relation else { panic!("{lines:?}") };
        assert_eq!(fields.iter().map(|difference| difference.field).collect::<Vec<_>>(), ["psh", "window"]);
    }

    #[test]
    fn sequence_numbers_may_wrap() {
        let start = u32::MAX - 3;
        let capture = [segment(1, A, start, 10, 9)];
        let stack = [segment(1, A, start, 6, 9), segment(1, A, 2, 4, 9)];
        assert_eq!(names(&align(&stack, &capture)), ["split differently"; 3]);
    }
}
