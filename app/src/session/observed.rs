//! An observed connection as a person walks through it: the frame under the cursor, both ends after it and before it. Promise:
//! nothing is worked out here but where the cursor goes; the ends are those of [`crate::capture::observe`], whichever way the cursor
//! came.

use crate::capture::observe::ends::Ends;
use crate::capture::observe::marks::Mark;
use crate::capture::observe::{Observation, Observed};
use crate::picture::times::Times;
use crate::session::motion::Direction;

/// The connection and the place in it.
pub struct ObservedConnection {
    observation: Observation,
    at: usize,
    /// The ends before the frame under the cursor, after it, and after the last.
    before: Ends,
    after: Ends,
    last: Ends,
}

impl ObservedConnection {
    /// Stands on the first frame.
    #[must_use]
    pub fn new(observation: Observation) -> Self {
        let last = observation.at(observation.frames().len());
        let (before, after) = (observation.at(0), observation.at(1));
        Self { observation, at: 0, before, after, last }
    }

    /// What is observed.
    #[must_use]
    pub fn observation(&self) -> &Observation {
        &self.observation
    }

    /// The place of the frame under the cursor, from 0.
    #[must_use]
    pub fn selected(&self) -> usize {
        self.at
    }

    /// The frame under the cursor.
    #[must_use]
    pub fn frame(&self) -> Option<&Observed> {
        self.observation.frames().get(self.at)
    }

    /// Both ends before the frame under the cursor.
    #[must_use]
    pub fn before(&self) -> &Ends {
        &self.before
    }

    /// Both ends after it.
    #[must_use]
    pub fn after(&self) -> &Ends {
        &self.after
    }

    /// Both ends after the last frame: from where sequence numbers are counted, and by how much windows are shifted, is known best
    /// there.
    #[must_use]
    pub fn last(&self) -> &Ends {
        &self.last
    }

    /// Puts the cursor on a frame, the last one where there are not so many.
    pub fn select(&mut self, place: usize) {
        self.at = place.min(self.observation.frames().len().saturating_sub(1));
        self.before = self.observation.at(self.at);
        self.after = self.observation.at(self.at + 1);
    }

    /// Goes to the next frame that came for another reason than that a connection works; says whether there is one.
    pub fn seek_oddity(&mut self, direction: Direction) -> bool {
        let frames = self.observation.frames();
        let found = match direction {
            Direction::Forward => (self.at + 1..frames.len()).find(|place| frames.get(*place).is_some_and(is_odd)),
            Direction::Backward => (0..self.at).rev().find(|place| frames.get(*place).is_some_and(is_odd)),
        };
        if let Some(place) = found {
            self.select(place);
        }
        found.is_some()
    }

    /// The time of a frame as it is told.
    #[must_use]
    pub fn time(&self, place: usize, times: Times) -> String {
        let time = |place: usize| self.observation.frames().get(place).map_or(0, |observed| observed.seen.time_ns);
        times.tell(time(place), time(place.saturating_sub(1)), self.observation.start_ns())
    }
}

/// Whether a frame has a mark that a connection without trouble does not show.
fn is_odd(observed: &Observed) -> bool {
    observed.marks.iter().any(|mark| match mark {
        Mark::Syn | Mark::SynAck | Mark::NewData | Mark::Ack | Mark::Fin => false,
        Mark::PortReused
        | Mark::Gap
        | Mark::Retransmission
        | Mark::FastRetransmission
        | Mark::SpuriousRetransmission
        | Mark::OutOfOrder
        | Mark::KeepAlive
        | Mark::KeepAliveAck
        | Mark::ZeroWindowProbe
        | Mark::ZeroWindowProbeAck
        | Mark::DuplicateAck
        | Mark::AckUnseen
        | Mark::WindowUpdate
        | Mark::ZeroWindow
        | Mark::WindowFull
        | Mark::Rst => true,
    })
}
