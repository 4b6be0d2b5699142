//! Finding places in a run, and the steps at which an expression becomes true.
//!
//! A search sweeps turns with a probe that looks at every step and keeps those that fit; nothing of the run is changed
//! but that it may be taken further, as far as the journal allows.

use std::any::Any;
use std::sync::Arc;

use super::evaluate::{Hosts, Memory};
use super::expression::Expression;
use super::place::{Happening, Place, PlaceKind};
use crate::kernel::Kernel;
use crate::kernel::probe::{self, Event, Probe};
use crate::lab::film::is_step;
use crate::lab::movement::Direction;
use crate::lab::run::{Entry, Moment, Run};
use crate::lab::world::{Cause, World};

/// Turns that one search looks through before it gives up.
const REACH: usize = 1_000_000;
/// Turns that a backward search sweeps at once.
const BLOCK: usize = 64;

/// The next place that fits behind a moment, or the last one before it. A place with an occurrence is one place of the
/// run, wherever one stands; it is found if it lies in that direction.
pub fn find(place: &Place, run: &mut Run, from: Moment, direction: Direction) -> Option<Moment> {
    if let Some(occurrence) = place.occurrence {
        let moment = nth(place, run, occurrence)?;
        let ahead = if direction == Direction::Forward { moment > from } else { moment < from };
        return ahead.then_some(moment);
    }
    match direction {
        Direction::Forward => forward(place, run, from, |moment| moment > from),
        Direction::Backward => backward(place, run, from),
    }
}

/// The place itself if one stands on it, else the next one: where a lesson that goes forward arrives.
pub fn reach(place: &Place, run: &mut Run, from: Moment) -> Option<Moment> {
    match (&place.kind, place.occurrence) {
        (_, Some(occurrence)) => nth(place, run, occurrence).filter(|moment| *moment >= from),
        (PlaceKind::When(expression), None) if holds(expression, run, from) => Some(from),
        _ => forward(place, run, from, |moment| moment >= from),
    }
}

/// Whether an expression holds at a moment.
pub fn holds(expression: &Expression, run: &mut Run, moment: Moment) -> bool {
    expression.holds(&run.seek(moment).world)
}

/// The steps in `(from, to]` at which an expression becomes true: what settles a question, in order.
pub fn evidence(expression: &Expression, run: &mut Run, from: Moment, to: Moment) -> Vec<Moment> {
    let mut sweep = Sweep::new(PlaceKind::When(expression.clone()), run, from.turn);
    let mut moments = Vec::new();
    while sweep.turn <= to.turn.min(run.reel.len().saturating_sub(1)) {
        let Some(hits) = sweep.take(run) else { break };
        moments.extend(hits.into_iter().filter(|moment| *moment > from && *moment <= to));
    }
    moments
}

fn forward(place: &Place, run: &mut Run, from: Moment, fits: impl Fn(Moment) -> bool) -> Option<Moment> {
    match place.kind {
        PlaceKind::Start => return Some(Moment::default()).filter(|moment| fits(*moment)),
        PlaceKind::End => {
            run.play(REACH);
            return Some(run.end()).filter(|moment| fits(*moment));
        }
        _ => {}
    }
    let mut sweep = Sweep::new(place.kind.clone(), run, from.turn);
    for _ in 0..REACH {
        let hits = sweep.take(run)?;
        if let Some(moment) = hits.into_iter().find(|moment| fits(*moment)) {
            return Some(moment);
        }
    }
    None
}

fn backward(place: &Place, run: &mut Run, from: Moment) -> Option<Moment> {
    match place.kind {
        PlaceKind::Start => return (from > Moment::default()).then(Moment::default),
        PlaceKind::End => return None,
        _ => {}
    }
    let mut last = from.turn.min(run.reel.len().saturating_sub(1));
    loop {
        let first = (last + 1).saturating_sub(BLOCK);
        let mut sweep = Sweep::new(place.kind.clone(), run, first);
        let mut best = None;
        while sweep.turn <= last {
            let hits = sweep.take(run)?;
            best = hits.into_iter().rfind(|moment| *moment < from).or(best);
        }
        if best.is_some() {
            return best;
        }
        last = first.checked_sub(1)?;
    }
}

/// The n-th place of the run.
fn nth(place: &Place, run: &mut Run, occurrence: usize) -> Option<Moment> {
    if matches!(place.kind, PlaceKind::Start | PlaceKind::End) {
        return forward(place, run, Moment::default(), |_| occurrence == 1);
    }
    let mut sweep = Sweep::new(place.kind.clone(), run, 0);
    let mut seen = 0;
    for _ in 0..REACH {
        let hits = sweep.take(run)?;
        if let Some(moment) = hits.get(occurrence - 1 - seen) {
            return Some(*moment);
        }
        seen += hits.len();
    }
    None
}

/// A world that is taken through the turns of a run once more, with somebody watching.
struct Sweep {
    kind: Arc<PlaceKind>,
    world: World,
    turn: usize,
    was: Option<bool>,
    memory: Memory,
}

impl Sweep {
    fn new(kind: PlaceKind, run: &mut Run, turn: usize) -> Self {
        while run.reel.len() < turn && run.advance() {}
        let turn = turn.min(run.reel.len());
        let world = run.before(turn);
        let mut sweep = Self { kind: Arc::new(kind), world, turn, was: None, memory: Memory::default() };
        if let PlaceKind::When(expression) = &*sweep.kind.clone() {
            let holds = expression.holds_after(&sweep.world, &mut sweep.memory);
            sweep.was = Some(holds && turn > 0);
        }
        sweep
    }

    /// The places of the next turn; None where the run ends.
    fn take(&mut self, run: &mut Run) -> Option<Vec<Moment>> {
        if self.turn >= run.reel.len() && !run.advance() {
            return None;
        }
        let entry = run.reel.get(self.turn)?;
        let host = entry.host().and_then(|host| self.world.hosts.get(host)).map(|place| place.name.clone());
        let watched = entry.steps() > 0 && self.may_match(run, host.as_deref());
        let turn = self.turn;
        self.turn += 1;
        let mut hits = self.listed(run, turn);
        if watched && let Some(host) = host {
            hits.extend(self.watch(run, &host));
        } else {
            self.world.turn(&run.journal, |_| {});
        }
        self.after(entry_steps(run, turn), &mut hits);
        Some(hits.into_iter().map(|step| Moment { turn, step }).collect())
    }

    /// Whether a turn of that host can hold the place at all.
    fn may_match(&self, run: &Run, host: Option<&str>) -> bool {
        match &*self.kind {
            PlaceKind::Host { host: wanted, .. } => host == Some(wanted.as_str()),
            PlaceKind::When(_) => true,
            PlaceKind::FrameArrives(_) => run.reel.get(self.turn).is_some_and(|entry| entry.cause == Cause::Frames),
            PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) | PlaceKind::FrameLeaves(_) => false,
        }
    }

    /// Places that the run has listed itself.
    fn listed(&self, run: &Run, turn: usize) -> Vec<usize> {
        match &*self.kind {
            PlaceKind::Mark(name) => {
                let marks = run.marks.iter().filter(|(moment, mark)| moment.turn == turn && mark == name);
                marks.map(|(moment, _)| moment.step).collect()
            }
            PlaceKind::FrameLeaves(number) => {
                let frame = run.frames.get(number - 1).filter(|frame| frame.moment.turn == turn);
                frame.map(|frame| frame.moment.step).into_iter().collect()
            }
            PlaceKind::FrameArrives(number) => {
                let frame = run.frames.get(number - 1).filter(|frame| frame.from_outside && frame.moment.turn == turn);
                frame.map(|frame| frame.moment.step).into_iter().collect()
            }
            PlaceKind::Start | PlaceKind::End | PlaceKind::When(_) | PlaceKind::Host { .. } => Vec::new(),
        }
    }

    /// Takes the turn with a watchman.
    fn watch(&mut self, run: &Run, host: &str) -> Vec<usize> {
        let others = match &*self.kind {
            PlaceKind::When(expression) if expression.paths().iter().any(|path| path.host != host) => {
                Some(self.world.clone())
            }
            _ => None,
        };
        let watchman = Watchman {
            kind: self.kind.clone(),
            host: host.to_owned(),
            others,
            arriving: self.arriving(run),
            steps: 0,
            hits: Vec::new(),
            was: self.was,
            memory: std::mem::take(&mut self.memory),
        };
        let turn = self.world.turn(&run.journal, |k| k.watch(Box::new(watchman)));
        let kernel = turn.and_then(|turn| turn.host).and_then(|host| self.world.hosts.get_mut(host));
        let Some(watchman) = kernel.and_then(|place| place.kernel.unwatch::<Watchman>()) else { return Vec::new() };
        self.was = watchman.was;
        self.memory = watchman.memory;
        watchman.hits
    }

    /// The bytes under which the wanted frame arrives at the moment of this turn.
    fn arriving(&self, run: &Run) -> Vec<Vec<u8>> {
        let PlaceKind::FrameArrives(number) = &*self.kind else { return Vec::new() };
        let Some(frame) = run.frames.get(number - 1).filter(|frame| !frame.from_outside) else { return Vec::new() };
        let now = run.reel.get(self.turn - 1).map(|entry| entry.time);
        let own = run.reel.get(self.turn - 1).and_then(Entry::host) == Some(frame.sent.host);
        let arrivals = frame.sent.arrivals.iter().filter(|(time, _)| Some(*time) == now && !own);
        arrivals.map(|(_, changed)| changed.as_ref().unwrap_or(&frame.sent.bytes).clone()).collect()
    }

    /// What the last steps of the turn left behind is seen right after it, and belongs to its last step.
    fn after(&mut self, steps: usize, hits: &mut Vec<usize>) {
        let PlaceKind::When(expression) = &*self.kind.clone() else { return };
        let now = expression.holds_after(&self.world, &mut self.memory);
        let fresh = if expression.has_trend() { now } else { now && self.was != Some(true) };
        if fresh && hits.last() != Some(&steps) {
            hits.push(steps);
        }
        self.was = Some(now);
    }
}

fn entry_steps(run: &Run, turn: usize) -> usize {
    run.reel.get(turn).map_or(0, Entry::steps)
}

/// The probe of a search.
struct Watchman {
    kind: Arc<PlaceKind>,
    host: String,
    others: Option<World>,
    arriving: Vec<Vec<u8>>,
    steps: usize,
    hits: Vec<usize>,
    was: Option<bool>,
    memory: Memory,
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

impl Watchman {
    fn fits(&mut self, kernel: &Kernel, event: &Event) -> bool {
        let kind = self.kind.clone();
        match &*kind {
            PlaceKind::When(expression) => {
                let hosts = Midway { host: &self.host, kernel, others: self.others.as_ref() };
                let now = expression.holds_after(&hosts, &mut self.memory);
                let before = self.was.replace(now);
                if expression.has_trend() { now } else { now && before != Some(true) }
            }
            PlaceKind::FrameArrives(_) => match event {
                Event::FrameIn { bytes, .. } => self.arriving.contains(bytes),
                _ => false,
            },
            PlaceKind::Host { what, .. } => happens(what, kernel, event),
            PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) | PlaceKind::FrameLeaves(_) => false,
        }
    }
}

fn happens(what: &Happening, kernel: &Kernel, event: &Event) -> bool {
    match (what, event) {
        (Happening::Enter(name), Event::Enter { function, .. })
        | (Happening::Leave(name), Event::Exit { function, .. }) => function.name == name,
        (Happening::State(from, to), Event::State { old, new, .. }) => {
            from.is_none_or(|from| from == *old) && to.is_none_or(|to| to == *new) && old != new
        }
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

impl Probe for Watchman {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: probe::Place) {
        let event = &event;
        if !is_step(event) || self.steps >= crate::lab::film::LONGEST_FILM {
            return;
        }
        self.steps += 1;
        if self.fits(kernel, event) {
            self.hits.push(self.steps);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
