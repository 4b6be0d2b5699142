//! The connection in focus with what pictures ask for again and again, and the work of observing another one in slices.

use std::sync::Arc;
use std::time::Instant;

use crate::capture::index::Index;
use crate::capture::index::flow::Flow;
use crate::capture::observe::ends::Ends;
use crate::capture::observe::seen::Both;
use crate::capture::observe::{Observation, Observing};
use crate::picture::TimelineMark;

/// Frames of the capture that are looked at between two looks at the clock.
const SLICE: usize = 10_000;
/// Marks on the timeline at most: more than any terminal has columns.
const MOST_SIGNS: usize = 1_000;

/// The connection in focus.
pub(super) struct Focused {
    /// Its number.
    pub(super) number: u32,
    pub(super) observation: Observation,
    /// Both ends after its last frame: where sequence numbers are counted from, and by how much windows are shifted, is known best
    /// there.
    pub(super) last: Ends,
    /// Its frames and the states of its ends on the timeline, by the numbers of frames.
    pub(super) signs: Arc<Vec<(u64, TimelineMark)>>,
    is_observed: bool,
}

impl Focused {
    /// A connection of which nothing is known yet.
    pub(super) fn nothing_of(flow: &Flow) -> Self {
        let endpoints = Both { client: flow.client, server: flow.server };
        let observation = Observation::of_frames(endpoints, std::iter::empty(), false);
        let (last, signs) = (Ends::default(), Arc::default());
        Self { number: flow.number, observation, last, signs, is_observed: false }
    }

    /// Whether it has been observed to its end.
    pub(super) fn is_observed(&self) -> bool {
        self.is_observed
    }
}

/// A connection that is being observed.
pub(super) struct Pending {
    number: u32,
    observing: Observing,
}

impl Pending {
    pub(super) fn new(index: &Index, flow: &Flow) -> Self {
        Self { number: flow.number, observing: Observing::new(index, flow) }
    }

    /// The number of the connection.
    pub(super) fn number(&self) -> u32 {
        self.number
    }

    /// Frames of the capture that were looked at.
    pub(super) fn frames(&self) -> usize {
        self.observing.frames()
    }

    /// Observes on until `until` at most; says whether there is more to do.
    pub(super) fn proceed(&mut self, index: &Index, bytes: &[u8], flow: &Flow, until: Instant) -> bool {
        while self.observing.advance(index, bytes, flow, SLICE) {
            if Instant::now() >= until {
                return true;
            }
        }
        false
    }

    /// The connection, observed.
    pub(super) fn focused(self, index: &Index) -> Focused {
        let observation = self.observing.into_observation();
        let last = observation.at(observation.frames().len());
        let signs = Arc::new(signs(&observation, index.frames()));
        Focused { number: self.number, observation, last, signs, is_observed: true }
    }
}

/// The frames of a connection and the states of its ends as marks, thinned out where they would lie on each other.
fn signs(observation: &Observation, frames: usize) -> Vec<(u64, TimelineMark)> {
    let part = frames.div_ceil(MOST_SIGNS).max(1);
    let mut signs: Vec<(u64, TimelineMark)> = Vec::new();
    let mut last = None;
    for observed in observation.frames() {
        let here = observed.seen.frame / part;
        if last.replace(here) != Some(here) {
            signs.push((super::long(observed.seen.frame), TimelineMark::Frame));
        }
    }
    // A state stands on the frame that shows it.
    let entered = observation.entered().iter().filter_map(|entered| observation.frames().get(entered.place));
    signs.extend(entered.map(|observed| (super::long(observed.seen.frame), TimelineMark::State)));
    signs
}
