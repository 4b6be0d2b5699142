//! What is counted when a replay is over: pauses of the reader, data that was not sent, resends that were answered though nobody
//! made them. Promise: each is found in one pass over both sides.

use stack::wire::tcp;

use super::conversation::Conversation;
use super::{Behind, Pauses};
use crate::capture::compare::statement::Kind;
use crate::capture::compare::{Aligned, Relation};
use crate::capture::infer::{Reading, closes_window};
use crate::capture::segment::Segment;
use crate::capture::stream::after;

/// How many frames the captured end had to send again before the peer acknowledged them, and 1.2.13 does not.
pub(super) fn answered(conversation: &Conversation<'_>, lines: &[Aligned], capture: &[Segment]) -> usize {
    let mut steps: Vec<(u32, u64)> = Vec::new();
    let acks = conversation.heard.iter().filter(|heard| !heard.own && heard.segment.has(tcp::ACK));
    for segment in acks.map(|heard| &heard.segment).filter(|segment| !segment.has(tcp::RST)) {
        if steps.last().is_none_or(|(ack, _)| after(segment.ack, *ack)) {
            steps.push((segment.ack, segment.time_ns));
        }
    }
    let had_to = |again: &&Segment| {
        let place = steps.partition_point(|(ack, _)| after(again.end(), *ack));
        steps.get(place).is_some_and(|(_, time_ns)| *time_ns > again.time_ns)
    };
    let missing =
        |line: &&Aligned| line.decides && line.relation == Relation::Missing && line.statement.kind == Kind::Again;
    let again = lines.iter().filter(missing).filter_map(|line| capture.get(line.capture?));
    again.filter(had_to).count()
}

/// The captured reader's pauses, and what 1.2.13 made of them.
pub(super) fn pauses(reading: Reading, stack: &[Segment], capture: &[Segment]) -> Option<Pauses> {
    if reading != Reading::Paced {
        return None;
    }
    let mut closed = capture.iter().filter(|segment| closes_window(segment));
    let first_frame = closed.next()?.frame;
    let offered = stack.iter().filter(|segment| segment.has(tcp::ACK) && !segment.has(tcp::SYN | tcp::RST));
    Some(Pauses {
        captured: closed.count() + 1,
        first_frame,
        stack: stack.iter().filter(|segment| closes_window(segment)).count(),
        smallest: offered.map(Segment::offered_window).min().unwrap_or(0),
    })
}

/// How far both had come, where the stack had come less far.
pub(super) fn behind(stack: &[Segment], capture: &[Segment]) -> Option<Behind> {
    let first = capture.iter().find(|segment| segment.has(tcp::SYN))?.data_start();
    let come = |segments: &[Segment]| {
        let ends = segments.iter().filter(|segment| segment.length > 0);
        let ends = ends.map(|segment| segment.data_start().wrapping_add(segment.length).wrapping_sub(first));
        ends.filter(|end| end.cast_signed() > 0).max().unwrap_or(0)
    };
    let (sent, captured) = (come(stack), come(capture));
    (sent < captured).then_some(Behind { sent, captured })
}
