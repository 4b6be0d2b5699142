//! Looking for steps in the turns of one host: the last before a moment, or all between two. In slices, so that nobody waits.
//!
//! Backward goes in stretches that begin small and grow: what somebody wonders at has most often just happened. Each stretch
//! is run forward from the nearest keyframe; turns of other hosts are run unwatched. Promise: nothing of the run is changed.

use std::any::Any;

use super::question::TimerKey;
use crate::include::arena::Id;
use crate::include::skbuff::ListId;
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Place, Probe};
use crate::lab::film::{LONGEST_FILM, is_step};
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::run::{Entry, Run};
use crate::lab::world::World;
use crate::view::Value;
use crate::view::sock::{SockField, by_number};

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Hunt {
    /// A field of a sock changes, or the sock comes into being.
    Field(u32, SockField),
    /// A sock is taken (true) or let go.
    Lock(u32, bool),
    /// A buffer is put on the back_log of a sock.
    BackLogged(u32),
    /// A function is entered with an argument.
    Enters(&'static str, Arg),
    /// A buffer is made: alloc_skb returns it.
    Makes(u32),
    /// A timer is armed.
    Armed(TimerKey),
    /// A timer that ran is deleted.
    Deleted(TimerKey),
    /// A timer fires.
    Fires(TimerKey),
    /// A process goes to sleep.
    Sleeps(i32),
    /// A process is made runnable.
    Wakes(i32),
    /// A process makes a system call.
    Calls(i32),
}

/// A step that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which of the things looked for, from 0.
    pub(super) hunt: usize,
    /// The moment right after it.
    pub(super) moment: Moment,
}

/// What to look for, where.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Wanted {
    /// On which host.
    pub(super) host: HostId,
    /// Any of these.
    pub(super) hunts: Vec<Hunt>,
    /// After this moment.
    pub(super) after: Moment,
    /// Before this moment or at it.
    pub(super) until: Moment,
    /// All of them, from the first on (at most [`MOST_HITS`]); else the last one.
    pub(super) all: bool,
}

/// Hits that are kept.
pub(super) const MOST_HITS: usize = 256;
/// Turns of the first stretch backward, and of the longest.
const STRETCH: (usize, usize) = (16, 1024);

/// A scan under way.
pub(super) struct Scan {
    pub(super) wanted: Wanted,
    /// What was found: all hits, or the last one of the stretch.
    pub(super) hits: Vec<Hit>,
    pub(super) is_done: bool,
    /// The turns that are still to be looked through lie before this one.
    end: usize,
    /// Length of the present stretch.
    length: usize,
    /// The world before the next turn of the stretch, and that turn.
    stretch: Option<(World, usize)>,
}

impl Scan {
    pub(super) fn new(wanted: Wanted) -> Self {
        let end = wanted.until.turn + 1;
        Self { wanted, hits: Vec::new(), is_done: false, end, length: STRETCH.0, stretch: None }
    }

    /// Turns looked through, and turns that there are.
    pub(super) fn progress(&self) -> (usize, usize) {
        let of = (self.wanted.until.turn + 1).saturating_sub(self.wanted.after.turn);
        let next = self.stretch.as_ref().map_or(self.end, |(_, turn)| *turn);
        let left = if self.wanted.all { self.end.saturating_sub(next) } else { self.end.saturating_sub(self.first()) };
        (of.saturating_sub(left.min(of)), of)
    }

    /// Where the present stretch begins.
    fn first(&self) -> usize {
        let from = self.wanted.after.turn;
        if self.wanted.all { from } else { self.end.saturating_sub(self.length).max(from) }
    }

    /// Takes one turn more; gives how many turns that cost.
    pub(super) fn proceed(&mut self, run: &mut Run) -> usize {
        self.end = self.end.min(run.turns.len());
        let first = self.first();
        let (mut world, turn) = match self.stretch.take() {
            Some(stretch) => stretch,
            None => (run.before(first), first),
        };
        if turn < self.end {
            self.take(run, &mut world, turn);
            self.is_done = self.wanted.all && self.hits.len() >= MOST_HITS;
            self.stretch = Some((world, turn + 1));
            return 1;
        }
        self.end = first;
        self.length = (self.length * 4).min(STRETCH.1);
        let is_through = self.wanted.all || first <= self.wanted.after.turn;
        self.is_done = is_through || !self.hits.is_empty();
        1
    }

    /// Takes a turn, watched if it is the host's.
    fn take(&mut self, run: &Run, world: &mut World, turn: usize) {
        let entry = run.turns.get(turn);
        let is_own = entry.is_some_and(|entry| entry.host() == Some(self.wanted.host) && Entry::steps(entry) > 0);
        if !is_own {
            world.turn(&run.journal, |_| {});
            return;
        }
        let hunts = std::mem::take(&mut self.wanted.hunts);
        world.turn(&run.journal, |k| {
            let probe = Hunter::new(hunts, k);
            k.watch(Box::new(probe));
        });
        let host = world.hosts.get_mut(self.wanted.host);
        let Some(mut probe) = host.and_then(|host| host.kernel.unwatch::<Hunter>()) else { return };
        if let Some(host) = world.hosts.get(self.wanted.host) {
            probe.values(&host.kernel);
        }
        let moments = probe.hits.iter().map(|(hunt, step)| Hit { hunt: *hunt, moment: Moment { turn, step: *step } });
        let (after, until) = (self.wanted.after, self.wanted.until);
        let mut fitting = moments.filter(|hit| hit.moment > after && hit.moment <= until);
        if self.wanted.all {
            self.hits.extend(fitting);
            self.hits.truncate(MOST_HITS);
        } else if let Some(last) = fitting.next_back() {
            self.hits = vec![last];
        }
        self.wanted.hunts = std::mem::take(&mut probe.hunts);
    }
}

/// The probe of a scan.
struct Hunter {
    hunts: Vec<Hunt>,
    /// Of each hunt for a field: its value at the step before.
    before: Vec<Option<Value>>,
    steps: usize,
    /// The buffer of the last entry that had one.
    deleting: Vec<usize>,
    hits: Vec<(usize, usize)>,
}

impl Hunter {
    fn new(hunts: Vec<Hunt>, k: &Kernel) -> Self {
        let before = hunts.iter().map(|hunt| value(hunt, k)).collect();
        Self { hunts, before, steps: 0, deleting: Vec::new(), hits: Vec::new() }
    }

    /// Counts a step; true while steps count.
    fn step(&mut self) -> bool {
        let counts = self.steps < LONGEST_FILM;
        self.steps += usize::from(counts);
        counts
    }

    /// Looks at the fields after a step.
    fn values(&mut self, k: &Kernel) {
        for (hunt, wanted) in self.hunts.iter().enumerate() {
            let Some(before) = self.before.get_mut(hunt).and_then(Option::as_mut) else { continue };
            let Some(now) = value(wanted, k) else { continue };
            if now != *before {
                *before = now;
                self.hits.push((hunt, self.steps));
            }
        }
    }

    fn hit(&mut self, fits: impl Fn(&Hunt) -> bool) {
        let step = self.steps;
        let found = self.hunts.iter().enumerate().filter(|(_, hunt)| fits(hunt)).map(|(hunt, _)| (hunt, step));
        self.hits.extend(found);
    }
}

/// The value of a field that is looked for.
fn value(hunt: &Hunt, k: &Kernel) -> Option<Value> {
    let Hunt::Field(sk, field) = hunt else { return None };
    Some(by_number(k, *sk).map_or(Value::Null, |sk| field.value(k, sk)))
}

/// Whether an event is what is looked for.
fn is_it(hunt: &Hunt, k: &Kernel, event: &Event) -> bool {
    let pid = |task: &crate::include::sched::TaskId| k.tasks.get(task.0 as usize).map(|task| task.pid);
    match (hunt, event) {
        (Hunt::Lock(wanted, taken), Event::Inuse { sk, new, .. }) => sk.serial() == *wanted && new == taken,
        (Hunt::BackLogged(wanted), Event::Enqueue { list: ListId::BackLog(sk), .. }) => sk.serial() == *wanted,
        (Hunt::Fires(timer), Event::TimerFire { function, sk }) => {
            *function == timer.role.function() && timer.sock().is_none_or(|own| sk.map(Id::serial) == Some(own))
        }
        (Hunt::Sleeps(wanted), Event::Sleep { task })
        | (Hunt::Wakes(wanted), Event::WakeUp { task } | Event::Signal { task, .. })
        | (Hunt::Calls(wanted), Event::SyscallEnter { task, .. }) => pid(task) == Some(*wanted),
        _ => false,
    }
}

impl Probe for Hunter {
    fn observe(&mut self, k: &Kernel, event: Event, _: Place) {
        if is_step(&event) && self.step() {
            self.hit(|hunt| is_it(hunt, k, &event));
            self.values(k);
        }
    }

    fn enter(&mut self, k: &Kernel, function: &'static KFn, args: &Args, _: Place) {
        if !self.step() {
            return;
        }
        let has = |wanted: Arg| args.iter().any(|entries| entries.first() == Some(&wanted));
        let names = |timer: &TimerKey| args.iter().any(|entries| entries.first().is_some_and(|arg| timer.is(*arg)));
        self.hit(|hunt| match hunt {
            Hunt::Enters(name, arg) => function.name == *name && has(*arg),
            Hunt::Armed(timer) => function.name == "add_timer" && names(timer),
            _ => false,
        });
        if function.name == "del_timer" {
            let open = self.hunts.iter().enumerate();
            let open = open.filter(|(_, hunt)| matches!(hunt, Hunt::Deleted(timer) if names(timer)));
            self.deleting = open.map(|(place, _)| place).collect();
        }
        self.values(k);
    }

    fn exit(&mut self, k: &Kernel, function: &'static KFn, value: Arg, _: Place) {
        if !self.step() {
            return;
        }
        if function.name == "alloc_skb" {
            self.hit(|hunt| matches!(hunt, Hunt::Makes(skb) if value == Arg::Skb(*skb)));
        }
        if function.name == "del_timer" && value == Arg::Bool(true) {
            let step = self.steps;
            self.hits.extend(self.deleting.drain(..).map(|hunt| (hunt, step)));
        }
        self.values(k);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
