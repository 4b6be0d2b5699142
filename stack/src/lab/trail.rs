//! Sizes of step, the two ways, and the way one came: over and out lead back to where one was, which no rule on the film
//! alone could promise. Promise: going another way forgets the old one.

use std::collections::VecDeque;

use crate::lab::moment::Moment;

/// Sizes of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Movement {
    /// Every event.
    Micro,
    /// Into functions: entries, exits, notes, discards.
    Into,
    /// The same of the running function and its callers, without going into functions that are called from here.
    Over,
    /// Behind the return of the running function (backwards: before its call).
    Out,
    /// To the next frame on the wire.
    Frame,
    /// To the next birth of a sock, or change of its state.
    State,
    /// To the next timer that fires.
    Timer,
    /// To where another layer takes over.
    Layer,
    /// To the next turn: another input of some kernel.
    Turn,
}

impl Movement {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Micro,
        Self::Into,
        Self::Over,
        Self::Out,
        Self::Frame,
        Self::State,
        Self::Timer,
        Self::Layer,
        Self::Turn,
    ];
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the beginning.
    Backward,
}

/// Movements over and out that are remembered.
const LONGEST_TRAIL: usize = 10_000;

/// The way one came by over and out, the latest movement last.
#[derive(Clone, Debug, Default)]
pub(super) struct Trail(VecDeque<Leg>);

/// One movement that was made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) movement: Movement,
    pub(super) direction: Direction,
    pub(super) from: Moment,
    pub(super) to: Moment,
}

impl Trail {
    /// Where the opposite of the last movement leads from here; that movement is then undone.
    pub(super) fn back(&mut self, at: Moment, movement: Movement, direction: Direction) -> Option<Moment> {
        let undone = |leg: &&Leg| leg.to == at && leg.movement == movement && leg.direction != direction;
        let from = self.0.back().filter(undone)?.from;
        self.0.pop_back();
        Some(from)
    }

    /// Adds a movement that was made.
    pub(super) fn went(&mut self, leg: Leg) {
        // Whoever goes on from somewhere else has left the way.
        if self.0.back().is_some_and(|last| last.to != leg.from) {
            self.0.clear();
        }
        if self.0.len() == LONGEST_TRAIL {
            self.0.pop_front();
        }
        self.0.push_back(leg);
    }
}
