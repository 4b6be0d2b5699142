//! Observe: both ends of a captured connection, reconstructed from its frames alone. Promise: a pure fold over the frames;
//! [`Observation::at`] is the fold of the first of them, whichever way one came there.
//!
//! This is an *analysis of the frames*: what somebody between the two ends can know. It calls nothing of 1.2.13 and says
//! nothing of what 1.2.13 would do, which is the business of [`super::inject`]; only the names of the states are its names.
//! What the frames do not tell stays unknown: an end of which no SYN was seen has no window scale, one that is silent has no
//! state, and an end to whom a frame is on its way is in the state before or after it until its own next frame decides.
//!
//! | room | what is in it |
//! |---|---|
//! | [`seen`] | what observing needs of a frame |
//! | [`marks`] | why a frame came: the marks and their names |
//! | [`analysis`] | the fold that finds the marks |
//! | [`states`] | in which states an end can be |
//! | [`end`] | one end: sequence space, window, in flight, out of order, round trips |
//! | [`ends`] | the fold of both ends |
//! | [`listing`], [`json`] | the same for people, for programs |
//!
//! # Limitations
//!
//! The ends are kept after every 4,096th frame and folded again from there, so a place among a million frames is found
//! within a millisecond. A frame costs 64 octets of memory, a kept place at most 40 KiB, a state entered 16. Selective acknowledgements are
//! not used: what lies out of order before an end is what was captured on its way to it.

pub mod analysis;
pub mod end;
pub mod ends;
pub mod json;
pub mod listing;
pub mod marks;
pub mod seen;
pub mod states;

use stack::include::tcp::TcpState;

use super::index::flow::Flow;
use super::index::{Index, Walked};
use super::segment::Endpoint;
use analysis::Analysis;
use ends::Ends;
use marks::{Mark, Marks};
use seen::{Both, Seen, Side};

/// The ends are kept after every so many frames.
const KEPT_EVERY: usize = 4096;

/// A frame, and why it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observed {
    /// The frame.
    pub seen: Seen,
    /// Why it came.
    pub marks: Marks,
}

const _: () = assert!(size_of::<Observed>() <= 64);

/// A state that an end was first known to be in when a frame had been seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The place of the frame among those of the connection, from 0.
    pub place: usize,
    /// Which end.
    pub side: Side,
    /// The state.
    pub state: TcpState,
}

/// An observed connection.
#[derive(Debug, Clone)]
pub struct Observation {
    /// The addresses of the two ends.
    pub endpoints: Both<Endpoint>,
    /// Its frames in the order of the file.
    frames: Vec<Observed>,
    /// The ends after 0, [`KEPT_EVERY`], twice as many ... frames.
    kept: Vec<Ends>,
    /// The states that became known, in the order of the frames.
    entered: Vec<Entered>,
}

impl Observation {
    /// Observes a connection of a capture that was indexed; `bytes` are those of its file.
    #[must_use]
    pub fn of(index: &Index, bytes: &[u8], flow: &Flow) -> Self {
        Self::beginning(index, bytes, flow, usize::MAX)
    }

    /// The first `most` frames of a connection, observed: what they say is not changed by those that follow.
    #[must_use]
    pub fn beginning(index: &Index, bytes: &[u8], flow: &Flow, most: usize) -> Self {
        let mut observing = Observing::new(index, flow);
        observing.advance_by(index, bytes, flow, (usize::MAX, most));
        observing.into_observation()
    }

    /// The same from the frames themselves. `is_reused` says whether an earlier connection had the same two endpoints.
    #[must_use]
    pub fn of_frames(endpoints: Both<Endpoint>, seen: impl Iterator<Item = Seen>, is_reused: bool) -> Self {
        let mut folding = Folding::new(endpoints, is_reused);
        seen.for_each(|seen| folding.take(seen));
        folding.observation
    }

    /// The frames in the order of the file.
    #[must_use]
    pub fn frames(&self) -> &[Observed] {
        &self.frames
    }

    /// The states that became known, in the order of the frames; of two at one frame that of its sender first.
    #[must_use]
    pub fn entered(&self) -> &[Entered] {
        &self.entered
    }

    /// How many of its frames have a number up to this one.
    #[must_use]
    pub fn passed(&self, number: usize) -> usize {
        self.frames.partition_point(|observed| observed.seen.frame <= number)
    }

    /// When its first frame was captured, in nanoseconds since 1970.
    #[must_use]
    pub fn start_ns(&self) -> u64 {
        self.frames.first().map_or(0, |first| first.seen.time_ns)
    }

    /// Both ends after the first `count` frames; after all of them where there are fewer.
    #[must_use]
    pub fn at(&self, count: usize) -> Ends {
        let count = count.min(self.frames.len());
        let place = (count / KEPT_EVERY).min(self.kept.len().saturating_sub(1));
        let mut ends = self.kept.get(place).cloned().unwrap_or_default();
        let rest = self.frames.get(place.saturating_mul(KEPT_EVERY)..count).unwrap_or_default();
        for observed in rest {
            ends.take(&observed.seen, &observed.marks);
        }
        ends
    }

    /// Every frame with both ends after it, from the first to the last.
    pub fn walk(&self, mut look: impl FnMut(&Observed, &Ends)) {
        let mut ends = Ends::default();
        for observed in &self.frames {
            ends.take(&observed.seen, &observed.marks);
            look(observed, &ends);
        }
    }
}

/// A connection on its way to being observed, for whoever cannot wait for a long one.
#[derive(Debug)]
pub struct Observing {
    folding: Folding,
    walked: Walked,
}

impl Observing {
    /// Begins with a connection of a capture that was indexed; none of its frames is taken yet.
    #[must_use]
    pub fn new(index: &Index, flow: &Flow) -> Self {
        let ends = |one: &Flow| (one.client.min(one.server), one.client.max(one.server));
        let earlier = index.flows().iter().take_while(|one| one.number != flow.number);
        let is_reused = earlier.into_iter().any(|one| ends(one) == ends(flow));
        let endpoints = Both { client: flow.client, server: flow.server };
        Self { folding: Folding::new(endpoints, is_reused), walked: Walked::default() }
    }

    /// Looks at so many frames of the capture more; says whether there are others. Index, bytes and connection are always the same.
    pub fn advance(&mut self, index: &Index, bytes: &[u8], flow: &Flow, frames: usize) -> bool {
        self.advance_by(index, bytes, flow, (frames, usize::MAX))
    }

    /// The same, and no further than to `most` frames of the connection.
    fn advance_by(&mut self, index: &Index, bytes: &[u8], flow: &Flow, (frames, most): (usize, usize)) -> bool {
        let folding = &mut self.folding;
        index.segments_from(bytes, flow, &mut self.walked, frames, |segment| {
            let side = if segment.source == flow.client { Side::Client } else { Side::Server };
            folding.take(Seen::of(segment, side));
            folding.observation.frames.len() < most
        })
    }

    /// Frames of the capture that were looked at.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.walked.frames()
    }

    /// What has been observed so far.
    #[must_use]
    pub fn into_observation(self) -> Observation {
        self.folding.observation
    }
}

/// An observation on its way through the frames.
#[derive(Debug)]
struct Folding {
    observation: Observation,
    analysis: Analysis,
    ends: Ends,
    is_reused: bool,
    /// The state in which each end was known to be last.
    known: Both<Option<TcpState>>,
}

impl Folding {
    fn new(endpoints: Both<Endpoint>, is_reused: bool) -> Self {
        let observation = Observation { endpoints, frames: Vec::new(), kept: Vec::new(), entered: Vec::new() };
        let (analysis, ends) = (Analysis::default(), Ends::default());
        Self { observation, analysis, ends, is_reused, known: Both::default() }
    }

    fn take(&mut self, seen: Seen) {
        let Self { observation, analysis, ends, is_reused, known } = self;
        if observation.frames.len().is_multiple_of(KEPT_EVERY) {
            observation.kept.push(ends.clone());
        }
        let mut marks = analysis.take(&seen);
        marks.put(Mark::PortReused, *is_reused && observation.frames.is_empty() && marks.has(Mark::Syn));
        ends.take(&seen, &marks);
        for side in [seen.side, seen.side.other()] {
            let (was, _) = known.split(side);
            if let Some(state) = ends.both.of(side).states.known()
                && was.replace(state) != Some(state)
            {
                observation.entered.push(Entered { place: observation.frames.len(), side, state });
            }
        }
        observation.frames.push(Observed { seen, marks });
    }
}
