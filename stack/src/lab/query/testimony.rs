//! What was asked where a search has ended, and what it was: the old and the new value of what is watched, the parts of a
//! condition, the reason of a drop, the number of a frame.

use std::any::Any;
use std::sync::Arc;

use super::evaluate::{Hosts, TrendMemory};
use super::expression::Expression;
use super::in_hand::{Calls, InHand};
use super::place::{Happening, Passing, Place, PlaceKind, ProcessAct};
use super::probe::{FrameAlone, Midway, Seen};
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Probe};
use crate::lab::film::is_step;
use crate::lab::run::{Entry, Moment, Run};
use crate::lab::world::World;
use crate::view::Value;

/// What stands behind a hit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The host on which it happened; `None` where no host takes the turn.
    pub host: Option<String>,
    /// What was asked, in the order written.
    pub parts: Vec<Part>,
}

/// One thing that was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The thing, as written: `B.sock(4).cong_window`, `sk.state`, `frame`.
    pub thing: String,
    /// What it was at the step before, where that was something else.
    pub before: Option<Value>,
    /// What it is.
    pub now: Value,
}

impl Part {
    fn now(thing: impl Into<String>, now: impl Into<Value>) -> Self {
        Self { thing: thing.into(), before: None, now: now.into() }
    }
}

/// What was asked at the moment of a hit, and what it was.
pub fn why(place: &Place, run: &mut Run, moment: Moment) -> Why {
    let host = run.turns.get(moment.turn).and_then(Entry::host);
    let host = host.and_then(|host| run.head().hosts.get(host)).map(|host| host.name.clone());
    let mut parts = match &place.kind {
        PlaceKind::When(expression) => moved(expression, run, moment),
        PlaceKind::Host { what, .. } => happened(what, run, moment),
        PlaceKind::FrameLeaves(_)
        | PlaceKind::FrameArrives(_)
        | PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::Mark(_) => Vec::new(),
    };
    if let Some(condition) = &place.condition {
        let leaves = condition.leaves();
        let values = asked_at(&leaves, run, moment);
        parts.extend(leaves.iter().zip(values).map(|(leaf, now)| Part::now(leaf.to_string(), now)));
    }
    Why { host, parts }
}

/// The values that an expression asks for, before and after.
fn moved(expression: &Expression, run: &mut Run, moment: Moment) -> Vec<Part> {
    let leaves = expression.leaves();
    let now = run.seek(moment).world;
    let before = match (moment.step.checked_sub(1), moment.turn.checked_sub(1)) {
        (Some(step), _) => run.seek(Moment { step, ..moment }).world,
        (None, Some(turn)) => run.seek(Moment { turn, step: usize::MAX }).world,
        (None, None) => now.clone(),
    };
    let of = |leaf: &Expression, world: &World| leaf.value(world, &mut TrendMemory::default());
    let part = |leaf: &&Expression| {
        let (was, is) = (of(leaf, &before), of(leaf, &now));
        Part { thing: leaf.to_string(), before: Some(was).filter(|was| *was != is), now: is }
    };
    leaves.iter().map(part).collect()
}

/// What the run lists of what happened there, and the fields of a frame that were asked for.
fn happened(what: &Happening, run: &mut Run, moment: Moment) -> Vec<Part> {
    match what {
        Happening::State(..) | Happening::Born(_) => {
            let state = run.states.iter().find(|state| state.moment == moment);
            let part = state.map(|state| Part {
                thing: format!("sk#{}.state", state.sk),
                before: state.old.map(Value::from),
                now: Value::from(state.new),
            });
            part.into_iter().collect()
        }
        Happening::Drop(_) => {
            let discard = run.discards.iter().find(|discard| discard.moment == moment);
            let part = discard.map(|discard| Part::now("drop", discard.reason.name()));
            part.into_iter().collect()
        }
        Happening::Frame(Passing::Arrives, which) => {
            let leaves = which.as_ref().map_or(Vec::new(), Expression::leaves);
            let values = asked_at(&leaves, run, moment);
            leaves.iter().zip(values).map(|(leaf, now)| Part::now(leaf.to_string(), now)).collect()
        }
        Happening::Frame(_, which) => {
            let Some(frame) = run.frames.iter().find(|frame| frame.moment == moment) else { return Vec::new() };
            let of = |leaf: &Expression| leaf.value(&FrameAlone(&frame.sent.bytes), &mut TrendMemory::default());
            let leaves = which.as_ref().map_or(Vec::new(), Expression::leaves);
            let fields = leaves.into_iter().map(|leaf| Part::now(leaf.to_string(), of(leaf)));
            std::iter::once(Part::now("frame", frame.sent.number)).chain(fields).collect()
        }
        Happening::Process(_, ProcessAct::Returns(..)) => {
            let result = Expression::InHand(InHand::Result);
            let values = asked_at(&[&result], run, moment);
            values.into_iter().map(|now| Part::now("result", now)).collect()
        }
        Happening::Enter(_) | Happening::Leave(_) | Happening::Timer(_) | Happening::Process(..) => Vec::new(),
    }
}

/// What some things were at a step, in hand and of hosts.
fn asked_at(leaves: &[&Expression], run: &mut Run, moment: Moment) -> Vec<Value> {
    if leaves.is_empty() {
        return Vec::new();
    }
    let mut world = run.before(moment.turn);
    let others = world.clone();
    let turn = run.turns.get(moment.turn).and_then(Entry::host);
    let Some((host, place)) = turn.and_then(|host| Some((host, world.hosts.get(host)?))) else {
        return vec![Value::Null; leaves.len()];
    };
    let witness = Witness {
        leaves: leaves.iter().map(|leaf| (*leaf).clone()).collect(),
        host: Arc::from(place.name.as_str()),
        others,
        calls: Calls::default(),
        at: moment.step,
        step: 0,
        values: Vec::new(),
    };
    world.turn(&run.journal, |k| k.watch(Box::new(witness)));
    let witness = world.hosts.get_mut(host).and_then(|place| place.kernel.unwatch::<Witness>());
    witness.map_or_else(|| vec![Value::Null; leaves.len()], |witness| witness.values)
}

/// A probe that asks at one step.
struct Witness {
    leaves: Vec<Expression>,
    host: Arc<str>,
    others: World,
    calls: Calls,
    at: usize,
    step: usize,
    values: Vec<Value>,
}

impl Witness {
    fn look(&mut self, kernel: &Kernel, seen: Seen<'_>) {
        self.step += 1;
        if self.step == self.at {
            self.others.level_to(kernel.jiffies.0);
            let hand = seen.hand(&self.calls);
            let midway = Midway { host: &self.host, kernel, others: Some(&self.others), hand };
            let value = |leaf: &Expression| leaf.value(&midway as &dyn Hosts, &mut TrendMemory::default());
            self.values = self.leaves.iter().map(value).collect();
        }
    }
}

impl Probe for Witness {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: crate::kernel::probe::Place) {
        if is_step(&event) {
            self.look(kernel, Seen::Other(&event));
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, args: &Args, _: crate::kernel::probe::Place) {
        self.calls.enter(args.as_slice());
        self.look(kernel, Seen::Enter(function));
    }

    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, value: Arg, _: crate::kernel::probe::Place) {
        self.look(kernel, Seen::Exit(function, value));
        self.calls.exit();
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
