//! Moving through a run: steps of every size, forwards and backwards by the same rule.
//!
//! Each size is a set of moments (or, for over and out, a set that depends on the depth one stands at); forward goes to the
//! next member, backward to the previous one. From a member, forward and then back is where one was.

use crate::kernel::probe::Event;
use crate::lab::film::Film;
use crate::lab::run::{Moment, Run};

/// Sizes of step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Movement {
    /// Every event.
    Micro,
    /// Into functions: entries, exits, notes, discards.
    Into,
    /// The same, without going into functions that are called from here.
    Over,
    /// Until the running function has returned (backwards: to where it was called).
    Out,
    /// To the next frame on the wire.
    Frame,
    /// To the next change of a sock's state.
    State,
    /// To the next timer that fires.
    Timer,
    /// To where another layer takes over.
    Layer,
    /// To the next turn: another input of some kernel.
    Turn,
}

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Towards the end.
    Forward,
    /// Towards the beginning.
    Backward,
}

/// Turns that a single movement looks through before it gives up.
const REACH: usize = 1_000_000;

impl Run {
    /// Where a movement leads; None if there is nothing of that kind that way. Forward may take new turns, as far as the
    /// journal's horizon allows.
    pub fn moved(&mut self, from: Moment, movement: Movement, direction: Direction) -> Option<Moment> {
        match movement {
            Movement::Frame => self.listed(from, direction, |run| &run.frames, |frame| frame.moment),
            Movement::State => self.listed(from, direction, |run| &run.states, |state| state.moment),
            Movement::Timer => self.listed(from, direction, |run| &run.timers, |moment| *moment),
            Movement::Turn => self.next_turn(from, direction),
            Movement::Micro | Movement::Into | Movement::Over | Movement::Out | Movement::Layer => {
                self.filmed(from, movement, direction)
            }
        }
    }

    /// The neighbour of a moment in a list of the reel, which is sorted.
    fn listed<T>(
        &mut self,
        from: Moment,
        direction: Direction,
        list: impl Fn(&Self) -> &Vec<T>,
        moment: impl Fn(&T) -> Moment,
    ) -> Option<Moment> {
        if direction == Direction::Backward {
            let earlier = list(self).partition_point(|record| moment(record) < from);
            return list(self).get(earlier.checked_sub(1)?).map(&moment);
        }
        for _ in 0..REACH {
            let later = list(self).partition_point(|record| moment(record) <= from);
            if let Some(record) = list(self).get(later) {
                return Some(moment(record));
            }
            if !self.advance() {
                break;
            }
        }
        None
    }

    fn next_turn(&mut self, from: Moment, direction: Direction) -> Option<Moment> {
        let mut turn = from.turn;
        for _ in 0..REACH {
            turn = match direction {
                Direction::Forward => turn + 1,
                Direction::Backward if from.step > 1 && turn == from.turn && self.steps(turn) > 0 => {
                    return Some(Moment { turn, step: 1 });
                }
                Direction::Backward => turn.checked_sub(1)?,
            };
            if turn >= self.reel.len() && !self.advance() {
                return None;
            }
            if self.steps(turn) > 0 {
                return Some(Moment { turn, step: 1 });
            }
        }
        None
    }

    /// Movements that need the film of the turn.
    fn filmed(&mut self, from: Moment, movement: Movement, direction: Direction) -> Option<Moment> {
        let film = self.film(from.turn);
        let depth = film.depth_at(from.step);
        if let Some(step) = search(&film, from.step, movement, depth, direction) {
            return Some(Moment { turn: from.turn, step });
        }
        let mut turn = from.turn;
        for _ in 0..REACH {
            turn = match direction {
                Direction::Forward => turn + 1,
                Direction::Backward => turn.checked_sub(1)?,
            };
            if turn >= self.reel.len() && !self.advance() {
                return None;
            }
            let steps = self.steps(turn);
            if steps == 0 {
                continue;
            }
            let start = if direction == Direction::Forward { 0 } else { steps + 1 };
            let film = self.film(turn);
            if let Some(step) = search(&film, start, movement, 0, direction) {
                return Some(Moment { turn, step });
            }
        }
        None
    }
}

fn search(film: &Film, from: usize, movement: Movement, depth: u16, direction: Direction) -> Option<usize> {
    let stops = |step: usize| is_stop(film, step, movement, depth);
    match direction {
        Direction::Forward => (from + 1..=film.steps.len()).find(|step| stops(*step)),
        Direction::Backward => (1..from.min(film.steps.len() + 1)).rev().find(|step| stops(*step)),
    }
}

/// Whether a step (counted from 1) belongs to the set of a movement.
fn is_stop(film: &Film, step: usize, movement: Movement, depth: u16) -> bool {
    let Some(event) = film.steps.get(step - 1).map(|film_step| &film_step.event) else { return false };
    let line = matches!(event, Event::Enter { .. } | Event::Exit { .. } | Event::Note { .. } | Event::Discard { .. });
    match movement {
        Movement::Micro => true,
        Movement::Into => line,
        Movement::Over => line && film.depth_at(step) <= depth.max(1),
        Movement::Out => line && film.depth_at(step) < depth.max(1),
        Movement::Layer => {
            matches!(event, Event::Enter { .. } | Event::Exit { .. }) && film.layer_at(step) != film.layer_at(step - 1)
        }
        Movement::Frame | Movement::State | Movement::Timer | Movement::Turn => true,
    }
}
