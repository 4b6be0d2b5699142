//! The probe of a search: looks at every step of one turn, for all the places that could be in it.

use std::any::Any;

use super::evaluate::{Hosts, TrendMemory};
use super::expression::Expression;
use super::place::{Happening, PlaceKind};
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Place, Probe};
use crate::lab::film::{LONGEST_FILM, is_step};
use crate::lab::journal::HostId;
use crate::lab::world::World;

/// A place that is looked for, and what has to be remembered about it from step to step.
pub(super) struct Spot {
    pub(super) kind: PlaceKind,
    /// Hosts that it is about, by their places in the world. Empty where it names a host that is not there.
    pub(super) hosts: Vec<HostId>,
    /// Of an expression: whether it asks for two moments.
    pub(super) trend: bool,
    /// Of an expression: whether it can change with the clock alone.
    pub(super) timed: bool,
    /// Whether this turn can hold it.
    pub(super) active: bool,
    /// Of a frame that arrives in this turn: the bytes it arrives with.
    pub(super) arriving: Vec<Vec<u8>>,
    /// Of an expression: whether it held at the step before.
    pub(super) was: Option<bool>,
    pub(super) memory: TrendMemory,
}

impl Spot {
    /// Whether an expression becomes true at this step.
    pub(super) fn becomes_true(&mut self, hosts: &dyn Hosts) -> bool {
        let PlaceKind::When(expression) = &self.kind else { return false };
        let now = expression.holds_after(hosts, &mut self.memory);
        let before = self.was.replace(now);
        now && (self.trend || before != Some(true))
    }

    pub(super) fn expression(&self) -> Option<&Expression> {
        match &self.kind {
            PlaceKind::When(expression) => Some(expression),
            _ => None,
        }
    }

    fn is_at(&mut self, midway: &Midway<'_>, seen: Seen<'_>) -> bool {
        match (&self.kind, seen) {
            (PlaceKind::When(_), _) => self.becomes_true(midway),
            (PlaceKind::Host { what: Happening::Enter(name), .. }, Seen::Enter(function))
            | (PlaceKind::Host { what: Happening::Leave(name), .. }, Seen::Exit(function)) => function.name == name,
            (PlaceKind::Host { what, .. }, Seen::Other(event)) => happens(what, midway.kernel, event),
            (PlaceKind::FrameArrives(_), Seen::Other(Event::FrameIn { bytes, .. })) => self.arriving.contains(bytes),
            _ => false,
        }
    }
}

/// An event in the form in which it comes cheapest.
#[derive(Clone, Copy)]
enum Seen<'e> {
    Enter(&'static KFn),
    Exit(&'static KFn),
    Other(&'e Event),
}

/// The probe.
pub(super) struct PlaceProbe {
    pub(super) spots: Vec<Spot>,
    /// Name of the host that takes the turn.
    pub(super) host: std::sync::Arc<str>,
    /// The other hosts, where an expression asks for them.
    pub(super) others: Option<World>,
    /// Steps of the turn. What an expression says at the last of them is asked behind it, when the turn is over.
    pub(super) last: usize,
    pub(super) steps: usize,
    /// Place and step.
    pub(super) hits: Vec<(usize, usize)>,
}

/// The kernel that takes the turn as it is at this step, and the others as they were before it.
struct Midway<'a> {
    host: &'a str,
    kernel: &'a Kernel,
    others: Option<&'a World>,
}

impl Hosts for Midway<'_> {
    fn kernel(&self, host: &str) -> Option<&Kernel> {
        if host == self.host { Some(self.kernel) } else { self.others.and_then(|world| world.kernel(host)) }
    }
}

impl PlaceProbe {
    fn look(&mut self, kernel: &Kernel, seen: Seen<'_>) {
        if self.steps >= LONGEST_FILM {
            return;
        }
        self.steps += 1;
        if let Some(others) = &mut self.others {
            others.level_to(kernel.jiffies.0);
        }
        let midway = Midway { host: &self.host, kernel, others: self.others.as_ref() };
        for (place, spot) in self.spots.iter_mut().enumerate().filter(|(_, spot)| spot.active) {
            let later = self.steps == self.last && matches!(spot.kind, PlaceKind::When(_));
            if !later && spot.is_at(&midway, seen) {
                self.hits.push((place, self.steps));
            }
        }
    }
}

fn happens(what: &Happening, kernel: &Kernel, event: &Event) -> bool {
    match (what, event) {
        (Happening::Timer(name), Event::TimerFire { function, sk }) => {
            let reason = sk
                .and_then(|sk| kernel.sock.get(sk))
                .map(|sock| if *function == "net_timer" { sock.timeout.name() } else { sock.ip_xmit_timeout.name() });
            function == name || reason == Some(name.as_str())
        }
        (Happening::Call(wanted), Event::SyscallEnter { name, .. })
        | (Happening::Return(wanted), Event::SyscallExit { name, .. }) => wanted == name,
        (Happening::Sleeps(pid), Event::Sleep { task }) | (Happening::Wakes(pid), Event::WakeUp { task }) => {
            kernel.tasks.get(task.0 as usize).is_some_and(|task| task.pid == *pid)
        }
        _ => false,
    }
}

impl Probe for PlaceProbe {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        if is_step(&event) {
            self.look(kernel, Seen::Other(&event));
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, _: &Args, _: Place) {
        self.look(kernel, Seen::Enter(function));
    }

    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, _: Arg, _: Place) {
        self.look(kernel, Seen::Exit(function));
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
