//! Looking for the step that says a certain sentence: a note, which is no place of the language of stops. It goes through the run
//! like [`stack::lab::query::Search`] does: forward turn by turn, backward a block of turns at a time, in slices.

use std::any::Any;

use stack::Kernel;
use stack::kernel::probe::{Event, Place, Probe};
use stack::lab::film::is_step;
use stack::lab::movement::Direction;
use stack::lab::run::{Moment, Run};
use stack::lab::world::World;

/// Turns that a search backwards takes at once.
const BLOCK: usize = 64;

/// A search for the next step with a note, or the last one before.
pub(super) struct NoteSearch {
    text: &'static str,
    from: Moment,
    direction: Direction,
    /// The world before the next turn, while one is under way.
    world: Option<World>,
    next: usize,
    /// Backward: the last turn of the block.
    last: usize,
    best: Option<Moment>,
}

impl NoteSearch {
    pub(super) fn new(text: &'static str, from: Moment, direction: Direction) -> Self {
        let mut search = Self { text, from, direction, world: None, next: from.turn, last: from.turn, best: None };
        if direction == Direction::Backward {
            search.next = search.first();
        }
        search
    }

    /// The first turn of the block that ends with the last one.
    fn first(&self) -> usize {
        self.last / BLOCK * BLOCK
    }

    /// Looks through so many turns more; the inner option is the answer, the outer one says that the search has ended.
    pub(super) fn proceed(&mut self, run: &mut Run, turns: usize) -> Option<Option<Moment>> {
        for _ in 0..turns {
            let ended = match self.direction {
                Direction::Forward => self.forward(run),
                Direction::Backward => self.backward(run),
            };
            if ended.is_some() {
                return ended;
            }
        }
        None
    }

    fn forward(&mut self, run: &mut Run) -> Option<Option<Moment>> {
        if run.turns.len() <= self.next && !run.advance() {
            return Some(None);
        }
        let said = self.turn(run);
        said.into_iter().find(|moment| *moment > self.from).map(Some)
    }

    fn backward(&mut self, run: &mut Run) -> Option<Option<Moment>> {
        if self.next <= self.last && self.next < run.turns.len() {
            let said = self.turn(run);
            self.best = said.into_iter().rfind(|moment| *moment < self.from).or(self.best);
            return None;
        }
        if self.best.is_some() || self.first() == 0 {
            return Some(self.best);
        }
        self.last = self.first() - 1;
        self.next = self.first();
        self.world = None;
        None
    }

    /// Takes the next turn and hears at which of its steps the note is said.
    fn turn(&mut self, run: &mut Run) -> Vec<Moment> {
        let turn = self.next;
        self.next += 1;
        let mut world = self.world.take().unwrap_or_else(|| run.before(turn));
        let ear = Ear { text: self.text, steps: 0, said: Vec::new() };
        let done = world.turn(&run.journal, |kernel| kernel.watch(Box::new(ear)));
        let kernel = done.and_then(|done| done.host).and_then(|host| world.hosts.get_mut(host));
        let ear = kernel.and_then(|host| host.kernel.unwatch::<Ear>());
        self.world = Some(world);
        ear.map_or(Vec::new(), |ear| ear.said.iter().map(|step| Moment { turn, step: *step }).collect())
    }
}

/// The probe that listens.
struct Ear {
    text: &'static str,
    steps: usize,
    said: Vec<usize>,
}

impl Probe for Ear {
    fn observe(&mut self, _: &Kernel, event: Event, _: Place) {
        if is_step(&event) {
            self.steps += 1;
            if matches!(event, Event::Note { text, .. } if text == self.text) {
                self.said.push(self.steps);
            }
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
