//! Looking ahead: whether something that is wanted happens if time goes on, found out on a copy of the world. Promise: the run
//! itself is not touched, so that a search that finds nothing changes nothing.

use std::any::Any;

use stack::Kernel;
use stack::kernel::probe::{Event, Place, Probe};
use stack::lab::film::{Layer, is_step};
use stack::lab::journal::Journal;
use stack::lab::movement::Movement;
use stack::lab::world::World;

/// What is looked for behind the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Any step.
    Step,
    /// A frame on the wire.
    Frame,
    /// A change of a sock's state.
    State,
    /// A timer that fires.
    Timer,
    /// A function of the network, where another layer takes over.
    Layer,
}

impl Wanted {
    /// What a movement looks for.
    #[must_use]
    pub fn of(movement: Movement) -> Self {
        match movement {
            Movement::Frame => Self::Frame,
            Movement::State => Self::State,
            Movement::Timer => Self::Timer,
            Movement::Layer => Self::Layer,
            Movement::Micro | Movement::Into | Movement::Over | Movement::Out | Movement::Turn => Self::Step,
        }
    }
}

/// Times the clock is let go on to the next thing that happens by itself.
const PATIENCE: usize = 64;

/// The time (microseconds) up to which a world must go on for what is wanted to happen: one timer or frame after the other, so
/// many of them at most. None where it does not come.
#[must_use]
pub(super) fn when(world: &World, wanted: Wanted) -> Option<u64> {
    let mut world = world.clone();
    for _ in 0..PATIENCE {
        let horizon = world.next_own_time()?;
        if happens(&mut world, &Journal { acts: Vec::new(), horizon }, wanted) {
            return Some(horizon);
        }
    }
    None
}

/// Takes every turn that a journal allows; whether what is wanted was among what happened.
pub(super) fn happens(world: &mut World, journal: &Journal, wanted: Wanted) -> bool {
    let mut found = false;
    while let Some(turn) = world.turn(journal, |kernel| kernel.watch(Box::new(Glimpse { wanted, seen: false }))) {
        let kernel = turn.host.and_then(|host| world.hosts.get_mut(host)).map(|host| &mut host.kernel);
        found |= kernel.and_then(Kernel::unwatch::<Glimpse>).is_some_and(|glimpse| glimpse.seen);
        found |= wanted == Wanted::Frame && !turn.sent.is_empty();
    }
    found
}

/// The probe of a look ahead.
struct Glimpse {
    wanted: Wanted,
    seen: bool,
}

impl Probe for Glimpse {
    fn observe(&mut self, _: &Kernel, event: Event, _: Place) {
        self.seen |= match (self.wanted, &event) {
            // No movement goes past the death of a kernel.
            (_, Event::Crash) => true,
            (Wanted::Step, event) => is_step(event),
            (Wanted::Frame, Event::FrameOut { .. } | Event::FrameIn { .. }) => true,
            (Wanted::State, Event::State { old, new, .. }) => old != new,
            (Wanted::Timer, Event::TimerFire { .. }) => true,
            (Wanted::Layer, Event::Enter { function, .. }) => Layer::of(function) > Layer::Sched,
            _ => false,
        };
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
