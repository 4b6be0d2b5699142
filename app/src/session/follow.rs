//! Following the stream of one connection of a run: what its frames carry, both directions, whatever kind of session it is.
//! Promise: of a run whose end is hidden only what has been shown is told; a frame that the wire lost carries nothing.

use stack::lab::run::Run;
use stack::lab::turns::FrameRecord;
use stack::lab::world::Medium;
use stack::wire::tcp;

use super::Session;
use crate::capture::connection::Connection;
use crate::capture::follow::{Followed, Piece, Stream};
use crate::capture::segment::{Endpoint, SegmentView};
use crate::capture::{CapturedFrame, FrameDirection, link_type};
use crate::picture::RunClock;

/// A stream that has been followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Streamed {
    /// The conversation.
    pub followed: Followed,
    /// The two ends, the one that spoke first before the other.
    pub ends: [String; 2],
    /// What times count from, in nanoseconds.
    pub start_ns: u64,
    /// The time of the present moment; what is later lies ahead.
    pub now_ns: u64,
}

impl Streamed {
    /// The stream of a captured connection, as its frames have it.
    #[must_use]
    pub fn of_connection(connection: &Connection) -> Self {
        let mut stream = Stream::default();
        for segment in &connection.segments {
            stream.add(&Piece {
                side: usize::from(segment.source != connection.client),
                time_ns: segment.time_ns,
                seq: segment.data_start(),
                ack: segment.has(tcp::ACK).then_some(segment.ack),
                is_first: segment.has(tcp::SYN),
                is_last: segment.has(tcp::FIN),
                length: segment.length,
                payload: &segment.payload,
            });
        }
        Self {
            followed: stream.finish(),
            ends: [connection.client.to_string(), connection.server.to_string()],
            start_ns: connection.segments.iter().map(|segment| segment.time_ns).min().unwrap_or(0),
            now_ns: u64::MAX,
        }
    }
}

impl Session {
    /// The stream of the connection that a frame belongs to, by its number; without one, of the connection whose frame passed last,
    /// or passes first. None where the run has no TCP segment.
    pub fn stream(&mut self, frame: Option<u64>) -> Option<Streamed> {
        let at = self.moment();
        let clock = self.replay.as_ref().map_or_else(RunClock::default, |replay| replay.clock());
        let branch = self.branches.get_mut(self.branch)?;
        let hidden = branch.origin.hides_from();
        let run = branch.origin.run();
        let shown = hidden.map_or(run.frames.len(), |mask| run.frames.partition_point(|record| record.moment <= mask));
        let records = run.frames.get(..shown)?;
        let passed = records.partition_point(|record| record.moment <= at);
        let chosen =
            frame.and_then(|number| usize::try_from(number).ok()?.checked_sub(1)).and_then(|place| records.get(place));
        let ends = chosen.and_then(ends).or_else(|| records.get(..passed)?.iter().rev().find_map(ends));
        let (one, other) = ends.or_else(|| records.iter().find_map(self::ends))?;
        let is_of = |ends: &(Endpoint, Endpoint)| *ends == (one, other) || *ends == (other, one);
        let first = records.iter().filter_map(self::ends).find(is_of)?;
        let time = |time: u64| clock.zero_ns.saturating_add(time.saturating_mul(1_000));
        let replay = self.replay.as_deref_mut().filter(|_| self.branch == 0);
        let beside = replay.map(|replay| {
            replay.take_in(&run.frames);
            &*replay
        });
        let mut stream = Stream::default();
        for (place, record) in records.iter().enumerate().filter(|(_, record)| arrived(record, run)) {
            let frame = captured(record);
            let Ok(view) = SegmentView::read(&(&frame).into()) else { continue };
            if !is_of(&(view.source, view.destination)) {
                continue;
            }
            let passage = beside.and_then(|replay| replay.passage(place, record.from_outside));
            let is_ghost = passage.is_some_and(|(_, is_ghost)| is_ghost);
            stream.add(&Piece {
                side: usize::from(view.source != first.0),
                time_ns: passage.map_or_else(|| time(record.time), |(time_ns, _)| time_ns),
                seq: view.seq.wrapping_add(u32::from(view.has(tcp::SYN))),
                ack: view.has(tcp::ACK).then_some(view.ack),
                is_first: view.has(tcp::SYN),
                is_last: view.has(tcp::FIN),
                length: view.length,
                payload: if is_ghost { &[] } else { view.payload },
            });
        }
        Some(Streamed {
            followed: stream.finish(),
            ends: [first.0.to_string(), first.1.to_string()],
            start_ns: clock.start_ns,
            now_ns: time(run.time(at)),
        })
    }
}

/// The sender and the receiver of a segment.
fn ends(record: &FrameRecord) -> Option<(Endpoint, Endpoint)> {
    let frame = captured(record);
    let view = SegmentView::read(&(&frame).into()).ok()?;
    Some((view.source, view.destination))
}

/// Whether a frame came where it was sent to.
fn arrived(record: &FrameRecord, run: &Run) -> bool {
    !matches!(run.head().medium, Medium::Simulated(_)) || !record.sent.arrivals.is_empty()
}

/// A frame of a run as the readers of captures take it.
fn captured(record: &FrameRecord) -> CapturedFrame {
    let bytes = record.sent.bytes.clone();
    CapturedFrame {
        index: 0,
        time_ns: 0,
        link_type: link_type::ETHERNET,
        original_length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
        interface: 0,
        bytes,
        direction: FrameDirection::Unknown,
    }
}
