//! Moving through a run: steps of every size, forwards and backwards by the same rule.
//!
//! Most sizes are sets of moments: forward goes to the next member, backward to the previous one, so that from a member
//! forward and then back is where one was, and back and then forward too.
//!
//! Over and out are no sets, because they lead from many moments to one: the caller's next step comes after every step of
//! the function that has returned, and after the caller's own step before the call. No rule that knows only the present
//! moment could undo that. So the run remembers the way one came by them: the opposite movement, made where the last one
//! led, goes back along that way; anywhere else it follows the rule of its own.
//!
//! * A step *belongs* to the function that runs there: an entry and an exit to the one that is entered or left.
//! * **Over**, forward, is the next step of the same function, whatever it calls in between; from its exit the next step
//!   of its caller. Backward is the step before, of the same function; from its entry the step before the call. It never
//!   stops in a function that is called from here, nor on its exit.
//! * **Out**, forward, is the first step of the caller behind the return; backward the caller's step before the call.
//! * The step at which a kernel dies is a member of every set: no movement goes past it unseen.
//! * Outside of all functions is between them: the caller of `system_call` or `do_bottom_half` has no steps of its own, so
//!   its next one is the entry of the next such function, perhaps in another turn.

use std::iter::repeat_n;

use crate::kernel::probe::Event;
use crate::lab::film::{Film, Layer};
use crate::lab::run::{Moment, Run};
use crate::lab::trail::Leg;
pub use crate::lab::trail::{Direction, Movement};

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
            Movement::Micro | Movement::Into | Movement::Layer => self.filmed(from, movement, direction),
            Movement::Over | Movement::Out => {
                if let Some(moment) = self.trail.back(from, movement, direction) {
                    return Some(moment);
                }
                let to = self.filmed(from, movement, direction)?;
                self.trail.went(Leg { movement, direction, from, to });
                Some(to)
            }
        }
    }

    /// The neighbour of a moment in a list of the run, which is sorted; the death of a kernel stands in every list.
    fn listed<T>(
        &mut self,
        from: Moment,
        direction: Direction,
        list: impl Fn(&Self) -> &Vec<T>,
        moment: impl Fn(&T) -> Moment,
    ) -> Option<Moment> {
        if direction == Direction::Backward {
            let earlier = list(self).partition_point(|record| moment(record) < from);
            let record = earlier.checked_sub(1).and_then(|last| list(self).get(last)).map(&moment);
            return record.max(self.crash_from(from, direction).map(|crash| crash.moment));
        }
        for _ in 0..REACH {
            let later = list(self).partition_point(|record| moment(record) <= from);
            let record = list(self).get(later).map(&moment);
            let crash = self.crash_from(from, direction).map(|crash| crash.moment);
            if let Some(next) = record.into_iter().chain(crash).min() {
                return Some(next);
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
            if turn >= self.turns.len() && !self.advance() {
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
        let belonging = Belonging::of(&film);
        let wanted = Wanted::from(&film, &belonging, from.step, movement, direction);
        if let Some(step) = search(&film, &belonging, from.step, wanted, direction) {
            return Some(Moment { turn: from.turn, step });
        }
        let mut turn = from.turn;
        for _ in 0..REACH {
            turn = match direction {
                Direction::Forward => turn + 1,
                Direction::Backward => turn.checked_sub(1)?,
            };
            if turn >= self.turns.len() && !self.advance() {
                return None;
            }
            let steps = self.steps(turn);
            if steps == 0 {
                continue;
            }
            let start = if direction == Direction::Forward { 0 } else { steps + 1 };
            let film = self.film(turn);
            if let Some(step) = search(&film, &Belonging::of(&film), start, wanted.elsewhere(), direction) {
                return Some(Moment { turn, step });
            }
        }
        None
    }
}

/// To what the steps of a film belong; index 0 is before the first of them.
struct Belonging(Vec<(u16, Layer)>);

impl Belonging {
    fn of(film: &Film) -> Self {
        let mut places = Vec::with_capacity(film.steps.len() + 1);
        places.push((0, Layer::User));
        let mut stack: Vec<Layer> = Vec::new();
        for film_step in &film.steps {
            if let Event::Enter { function, .. } = film_step.event {
                // A film that was cut at its beginning has no entries for what runs around it.
                stack.extend(repeat_n(Layer::User, usize::from(film_step.depth).saturating_sub(stack.len())));
                stack.push(Layer::of(function));
            }
            let depth = u16::try_from(stack.len()).unwrap_or(u16::MAX);
            places.push((depth, stack.last().copied().unwrap_or_default()));
            if matches!(film_step.event, Event::Exit { .. }) {
                stack.pop();
            }
        }
        Self(places)
    }

    /// How deep the function lies to which a step belongs: 1 is called by nobody, 0 is outside of all.
    fn depth(&self, step: usize) -> u16 {
        self.0.get(step).or(self.0.last()).map_or(0, |(depth, _)| *depth)
    }

    fn layer(&self, step: usize) -> Layer {
        self.0.get(step).map_or(Layer::User, |(_, layer)| *layer)
    }
}

/// The set in which a movement looks.
#[derive(Clone, Copy)]
enum Wanted {
    Every,
    /// Steps at which a person can stop, of functions that lie this deep at most.
    Lines(u16),
    /// The same behind (backwards: before) the function that lies at depth 1.
    OtherFunctions,
    Layers,
}

impl Wanted {
    fn from(film: &Film, belonging: &Belonging, step: usize, movement: Movement, direction: Direction) -> Self {
        let depth = belonging.depth(step).max(1);
        let outside = |depth: u16| if depth == 0 { Self::OtherFunctions } else { Self::Lines(depth) };
        match movement {
            Movement::Micro => Self::Every,
            Movement::Layer => Self::Layers,
            Movement::Over => {
                let event = step.checked_sub(1).and_then(|index| film.steps.get(index)).map(|step| &step.event);
                let leaves = match direction {
                    Direction::Forward => matches!(event, Some(Event::Exit { .. })),
                    Direction::Backward => matches!(event, Some(Event::Enter { .. })),
                };
                Self::Lines(depth.saturating_sub(u16::from(leaves)).max(1))
            }
            Movement::Out if belonging.depth(step) == 0 => Self::Lines(1),
            Movement::Out => outside(depth - 1),
            Movement::Into | Movement::Frame | Movement::State | Movement::Timer | Movement::Turn => {
                Self::Lines(u16::MAX)
            }
        }
    }

    /// In another turn no function of this one runs any more.
    fn elsewhere(self) -> Self {
        match self {
            Self::Lines(u16::MAX) | Self::Every | Self::Layers => self,
            Self::Lines(_) | Self::OtherFunctions => Self::Lines(1),
        }
    }

    /// Whether a step (counted from 1) belongs to the set.
    fn contains(self, film: &Film, belonging: &Belonging, step: usize) -> bool {
        let Some(event) = film.steps.get(step - 1).map(|film_step| &film_step.event) else { return false };
        if matches!(event, Event::Crash) {
            return true;
        }
        let border = matches!(event, Event::Enter { .. } | Event::Exit { .. });
        let line = border || matches!(event, Event::Note { .. } | Event::Discard { .. });
        match self {
            Self::Every => true,
            Self::Lines(deepest) => line && belonging.depth(step) <= deepest,
            Self::OtherFunctions => line && belonging.depth(step) <= 1,
            Self::Layers => border && belonging.layer(step) != belonging.layer(step - 1),
        }
    }
}

fn search(film: &Film, belonging: &Belonging, from: usize, wanted: Wanted, direction: Direction) -> Option<usize> {
    let length = film.steps.len();
    let found = |step: &usize| wanted.contains(film, belonging, *step);
    match direction {
        Direction::Forward => {
            let mut steps = from + 1..=length;
            if matches!(wanted, Wanted::OtherFunctions) && belonging.depth(from) > 0 && !ends(film, from) {
                // A function in which the kernel dies does not end.
                let ended = |step: &usize| dies(film, *step) || belonging.depth(*step) == 1 && ends(film, *step);
                let behind = steps.find(ended)?;
                if dies(film, behind) {
                    return Some(behind);
                }
            }
            steps.find(found)
        }
        Direction::Backward => {
            let mut steps = (1..from.min(length + 1)).rev();
            if matches!(wanted, Wanted::OtherFunctions) && belonging.depth(from) > 0 && !begins(film, from) {
                steps.find(|step| belonging.depth(*step) == 1 && begins(film, *step))?;
            }
            steps.find(found)
        }
    }
}

fn ends(film: &Film, step: usize) -> bool {
    matches!(step.checked_sub(1).and_then(|index| film.steps.get(index)), Some(step) if matches!(step.event, Event::Exit { .. }))
}

fn dies(film: &Film, step: usize) -> bool {
    matches!(step.checked_sub(1).and_then(|index| film.steps.get(index)), Some(step) if matches!(step.event, Event::Crash))
}

fn begins(film: &Film, step: usize) -> bool {
    matches!(step.checked_sub(1).and_then(|index| film.steps.get(index)), Some(step) if matches!(step.event, Event::Enter { .. }))
}
