//! The probe of a search: looks at every step of one turn, for all the places that could be in it.

use std::any::Any;

use super::evaluate::{Hosts, TrendMemory};
use super::expression::Expression;
use super::in_hand::{Calls, Hand, InHand, returned};
use super::place::{Happening, Passing, PlaceKind, ProcessAct};
use super::place_parser::is_reason;
use crate::kernel::Kernel;
use crate::kernel::call::CallName;
use crate::kernel::probe::{Arg, Args, Event, KFn, Place, Probe};
use crate::lab::digest::Act;
use crate::lab::film::{LONGEST_FILM, is_step};
use crate::lab::journal::HostId;
use crate::lab::world::World;
use crate::view::Value;

/// What has to have happened in a few turns for a place to be in them ([`Digest`](crate::lab::digest::Digest)).
pub(super) enum MayBe {
    /// Nothing that is known of turns: they have to be looked at.
    Always,
    /// One of these functions has started or returned.
    Runs(Vec<&'static KFn>),
    /// That call was made; None is any.
    Calls(Option<CallName>),
    /// That call has returned; None is any.
    Returns(Option<CallName>),
    /// That was done.
    Acts(Act),
    /// One of these counters has moved.
    Counts(u64),
}

/// A place that is looked for, and what has to be remembered about it from step to step.
pub(super) struct Spot {
    pub(super) kind: PlaceKind,
    /// What must hold there besides.
    pub(super) condition: Option<Expression>,
    /// Hosts on which it can happen, and which an expression asks, by their places in the world.
    pub(super) hosts: Vec<HostId>,
    /// Hosts that its condition asks.
    pub(super) asks: Vec<HostId>,
    /// What has to have happened around it.
    pub(super) may_be: MayBe,
    /// Of an expression: whether it asks for two moments.
    pub(super) trend: bool,
    /// Of an expression: whether it can change with the clock alone.
    pub(super) timed: bool,
    /// Whether this turn can hold it.
    pub(super) active: bool,
    /// Of what the run lists, where a condition has to be asked: the steps of this turn at which it is.
    pub(super) steps: Vec<usize>,
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

    /// The expression that has to be asked at every step.
    pub(super) fn expression(&self) -> Option<&Expression> {
        match &self.kind {
            PlaceKind::When(expression) => Some(expression),
            _ => None,
        }
    }

    fn is_at(&mut self, midway: &Midway<'_>, step: usize, seen: Seen<'_>) -> bool {
        let is_here = match (&self.kind, seen) {
            (PlaceKind::When(_), _) => return self.becomes_true(midway),
            (PlaceKind::Host { what: Happening::Enter(name), .. }, Seen::Enter(function))
            | (PlaceKind::Host { what: Happening::Leave(name), .. }, Seen::Exit(function, _)) => function.name == name,
            (PlaceKind::FrameArrives(_), Seen::Other(Event::FrameIn { bytes, .. })) => self.arriving.contains(bytes),
            (_, _) if self.steps.contains(&step) => true,
            (PlaceKind::Host { what, .. }, Seen::Other(event)) => happens(what, midway.kernel, event),
            _ => false,
        };
        is_here && self.condition.as_ref().is_none_or(|condition| condition.holds(midway))
    }
}

/// An event in the form in which it comes cheapest.
#[derive(Clone, Copy)]
pub(super) enum Seen<'e> {
    Enter(&'static KFn),
    Exit(&'static KFn, Arg),
    Other(&'e Event),
}

impl<'e> Seen<'e> {
    /// What is in hand at it, by the calls under way; an entry is one of them already, an exit still is.
    pub(super) fn hand(self, calls: &Calls) -> Hand<'e> {
        match self {
            Self::Enter(_) => calls.hand(),
            Self::Exit(_, value) => Hand { result: returned(value), ..calls.hand() },
            Self::Other(event) => calls.at(event),
        }
    }
}

/// The probe.
pub(super) struct PlaceProbe {
    pub(super) spots: Vec<Spot>,
    /// Name of the host that takes the turn.
    pub(super) host: std::sync::Arc<str>,
    /// The other hosts, where an expression asks for them.
    pub(super) others: Option<World>,
    /// What the calls under way have in hand, where a condition asks for it.
    pub(super) calls: Option<Calls>,
    /// Steps of the turn. What an expression says at the last of them is asked behind it, when the turn is over.
    pub(super) last: usize,
    pub(super) steps: usize,
    /// Place and step.
    pub(super) hits: Vec<(usize, usize)>,
}

/// The kernel that takes the turn as it is at this step, and the others as they were before it.
pub(super) struct Midway<'a> {
    pub(super) host: &'a str,
    pub(super) kernel: &'a Kernel,
    pub(super) others: Option<&'a World>,
    pub(super) hand: Hand<'a>,
}

impl Hosts for Midway<'_> {
    fn kernel(&self, host: &str) -> Option<&Kernel> {
        if host == self.host { Some(self.kernel) } else { self.others.and_then(|world| world.kernel(host)) }
    }

    fn in_hand(&self, what: &InHand) -> Value {
        self.hand.value(what, self.kernel)
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
        let hand = self.calls.as_ref().map_or_else(Hand::default, |calls| seen.hand(calls));
        let midway = Midway { host: &self.host, kernel, others: self.others.as_ref(), hand };
        for (place, spot) in self.spots.iter_mut().enumerate().filter(|(_, spot)| spot.active) {
            let later = self.steps == self.last && matches!(spot.kind, PlaceKind::When(_));
            if !later && spot.is_at(&midway, self.steps, seen) {
                self.hits.push((place, self.steps));
            }
        }
    }
}

/// Whether an event is what happens; births, changes of states and drops are listed by the run.
fn happens(what: &Happening, kernel: &Kernel, event: &Event) -> bool {
    match (what, event) {
        (Happening::Timer(None), Event::TimerFire { .. }) => true,
        (Happening::Timer(Some(name)), Event::TimerFire { function, sk }) => {
            let reason = sk
                .and_then(|sk| kernel.sock.get(sk))
                .map(|sock| if *function == "net_timer" { sock.timeout.name() } else { sock.ip_xmit_timeout.name() });
            function == name || reason == Some(name.as_str())
        }
        (Happening::Process(pid, act), event) => acts(*pid, *act, kernel, event),
        (Happening::Frame(Passing::Arrives, which), Event::FrameIn { bytes, .. }) => fits(which.as_ref(), bytes),
        _ => false,
    }
}

fn acts(pid: Option<i32>, act: ProcessAct, kernel: &Kernel, event: &Event) -> bool {
    let task = match (act, event) {
        (ProcessAct::Calls(wanted), Event::SyscallEnter { task, name, .. }) => {
            Some(task).filter(|_| wanted.is_none_or(|wanted| wanted == *name))
        }
        (ProcessAct::Returns(wanted, errno), Event::SyscallExit { task, name, ret, .. }) => {
            let fits = wanted.is_none_or(|wanted| wanted == *name) && errno.is_none_or(|errno| errno.0 == -*ret);
            Some(task).filter(|_| fits)
        }
        (ProcessAct::Sleeps, Event::Sleep { task }) | (ProcessAct::Wakes, Event::WakeUp { task }) => Some(task),
        _ => None,
    };
    let is_it = |pid| task.is_some_and(|task| kernel.tasks.get(task.0 as usize).is_some_and(|task| task.pid == pid));
    pid.map_or(task.is_some(), is_it)
}

/// A frame with nothing around it.
pub(super) struct FrameAlone<'a>(pub(super) &'a [u8]);

impl Hosts for FrameAlone<'_> {
    fn kernel(&self, _host: &str) -> Option<&Kernel> {
        None
    }

    fn in_hand(&self, what: &InHand) -> Value {
        match what {
            InHand::Frame(field) => field.value(self.0),
            _ => Value::Null,
        }
    }
}

/// Whether a frame is one of those that are meant; where nothing is said of them, every frame is.
pub(super) fn fits(which: Option<&Expression>, frame: &[u8]) -> bool {
    which.is_none_or(|which| which.holds(&FrameAlone(frame)))
}

/// Whether a reason for throwing something away is meant: by its name, or any by which something is lost.
pub(super) fn is_drop(wanted: Option<&str>, reason: crate::kernel::probe::Discard) -> bool {
    wanted.map_or(reason.is_loss(), |name| is_reason(reason, name))
}

impl Probe for PlaceProbe {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        if is_step(&event) {
            self.look(kernel, Seen::Other(&event));
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, args: &Args, _: Place) {
        if let Some(calls) = &mut self.calls {
            calls.enter(args.as_slice());
        }
        self.look(kernel, Seen::Enter(function));
    }

    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, value: Arg, _: Place) {
        self.look(kernel, Seen::Exit(function, value));
        if let Some(calls) = &mut self.calls {
            calls.exit();
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
