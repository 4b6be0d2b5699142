//! A world that is taken through the turns of a run once more, with somebody watching.
//!
//! What the run lists anyway (frames, births and changes of states, drops, marks) is looked up and not watched. Turns that can
//! hold none of the others, by what the run knows of them ([`Digest`](crate::lab::digest::Digest)), are passed by without any kernel: the world stays behind, and is
//! brought there when it is wanted again, from where it stands or from the nearest keyframe.

use std::sync::Arc;

use super::expression::Expression;
use super::in_hand::Calls;
use super::lists::{in_turns, is_in_lists, moments};
use super::place::{Happening, Passing, Place, PlaceKind, ProcessAct, functions_of};
use super::probe::{MayBe, PlaceProbe, Spot};
use super::subject::Subject;
use crate::include::seq::Jiffies;
use crate::lab::digest::{Act, counter};
use crate::lab::journal::HostId;
use crate::lab::run::{Entry, Run};
use crate::lab::world::{Cause, World};

/// The sweep.
pub(super) struct Sweep {
    spots: Vec<Spot>,
    names: Vec<Arc<str>>,
    /// The last world that was wanted, and the turn that it stands before.
    world: Option<(usize, World)>,
    /// Whether expressions have been asked at the end of the turn before.
    is_asked: bool,
    /// The next turn.
    pub(super) turn: usize,
}

impl Sweep {
    /// A sweep from the beginning of a turn, which the run must have come to.
    pub(super) fn new(places: &[Place], run: &Run, turn: usize) -> Self {
        let names: Vec<Arc<str>> = run.head().hosts.iter().map(|host| Arc::from(host.name.as_str())).collect();
        let spots: Vec<Spot> = places.iter().map(|place| spot(place, &names)).collect();
        Self { spots, names, world: None, is_asked: false, turn }
    }

    /// The places in the next turn as (place, step), in the order of the steps; the run must have come there.
    pub(super) fn take(&mut self, run: &mut Run) -> Vec<(usize, usize)> {
        let turn = self.turn;
        let Some(entry) = run.turns.get(turn).cloned() else { return Vec::new() };
        let mut hits = Vec::new();
        for (place, spot) in self.spots.iter().enumerate().filter(|(_, spot)| is_listed(spot)) {
            hits.extend(listed(spot, run, turn).into_iter().map(|step| (place, step)));
        }
        if self.spots.iter().any(|spot| !is_listed(spot) && may_hold(spot, run, turn, &entry)) {
            let mut world = self.bring(run, turn);
            self.watch(run, &entry, &mut world, &mut hits);
            self.after(&entry, &mut world, &mut hits);
            self.world = Some((turn + 1, world));
            self.is_asked = true;
        } else {
            self.is_asked = false;
        }
        self.turn += 1;
        hits.sort_by_key(|(place, step)| (*step, *place));
        hits
    }

    /// The world right before a turn, with everything asked that was so at the end of the turn before.
    fn bring(&mut self, run: &mut Run, turn: usize) -> World {
        let near = self.world.take().filter(|(at, _)| *at <= turn && run.keyframes.block(turn) <= *at);
        let mut world = match near {
            Some((at, mut world)) => {
                (at..turn).all(|_| world.turn(&run.journal, |_| {}).is_some());
                world
            }
            None => run.before(turn),
        };
        if !self.is_asked {
            let acting = turn.checked_sub(1).and_then(|turn| run.turns.get(turn)).and_then(Entry::host);
            let spots = &mut self.spots;
            levelled(&mut world, acting, |world| {
                for spot in spots {
                    spot.memory = Default::default();
                    spot.was = None;
                    spot.becomes_true(world);
                    // Before the run begins nothing holds yet, so that what holds from its first moment on becomes true.
                    spot.was = spot.was.map(|was| was && turn > 0);
                }
            });
        }
        world
    }

    /// Takes the turn, watched where it can hold a place.
    fn watch(&mut self, run: &Run, entry: &Entry, world: &mut World, hits: &mut Vec<(usize, usize)>) {
        let host = entry.host().and_then(|host| Some((host, self.names.get(host)?)));
        let Some((host, name)) = host.filter(|_| entry.steps() > 0) else {
            world.turn(&run.journal, |_| {});
            return;
        };
        for spot in &mut self.spots {
            prepare(spot, run, self.turn, entry, host);
        }
        let mut active = self.spots.iter().filter(|spot| spot.active).peekable();
        if active.peek().is_none() {
            world.turn(&run.journal, |_| {});
            return;
        }
        let asks_others = active.any(|spot| {
            let asked = if spot.expression().is_some() { &spot.hosts } else { &spot.asks };
            asked.iter().any(|asked| *asked != host)
        });
        let in_hand =
            self.spots.iter().any(|spot| spot.active && spot.condition.as_ref().is_some_and(Expression::asks_in_hand));
        let probe = PlaceProbe {
            host: Arc::clone(name),
            others: asks_others.then(|| world.clone()),
            calls: in_hand.then(Calls::default),
            last: entry.steps(),
            spots: std::mem::take(&mut self.spots),
            steps: 0,
            hits: std::mem::take(hits),
        };
        world.turn(&run.journal, |k| k.watch(Box::new(probe)));
        let probe = world.hosts.get_mut(host).and_then(|place| place.kernel.unwatch::<PlaceProbe>());
        if let Some(probe) = probe {
            self.spots = probe.spots;
            *hits = probe.hits;
        }
    }

    /// What expressions say when the turn is over: that is what its last step shows.
    fn after(&mut self, entry: &Entry, world: &mut World, hits: &mut Vec<(usize, usize)>) {
        let (acting, first) = (entry.host(), self.turn == 0);
        let concerned = |spot: &Spot| {
            let asks = spot.hosts.is_empty() || acting.is_none_or(|host| spot.hosts.contains(&host));
            spot.expression().is_some() && (first || spot.timed || asks)
        };
        if !self.spots.iter().any(concerned) {
            return;
        }
        let spots = &mut self.spots;
        levelled(world, acting, |world| {
            for (place, spot) in spots.iter_mut().enumerate().filter(|(_, spot)| concerned(spot)) {
                if spot.becomes_true(world) {
                    hits.push((place, entry.steps()));
                }
            }
        });
    }
}

/// Asks a world as it is shown; the clocks of the run itself stay where they are.
fn levelled(world: &mut World, acting: Option<HostId>, ask: impl FnOnce(&World)) {
    let clocks: Vec<Jiffies> = world.hosts.iter().map(|host| host.kernel.jiffies).collect();
    world.level(acting);
    ask(world);
    for (host, jiffies) in world.hosts.iter_mut().zip(clocks) {
        host.kernel.jiffies = jiffies;
    }
}

fn spot(place: &Place, names: &[Arc<str>]) -> Spot {
    let index = |name: &str| names.iter().position(|known| **known == *name);
    let asked = |expression: &Expression| -> Vec<HostId> {
        expression.paths().iter().filter_map(|path| index(&path.host)).collect()
    };
    let (hosts, trend, timed) = match &place.kind {
        PlaceKind::Host { host: Some(host), .. } => (index(&host.name).into_iter().collect(), false, false),
        PlaceKind::Host { host: None, .. } => ((0..names.len()).collect(), false, false),
        PlaceKind::When(expression) => {
            let timed = expression.paths().iter().any(|path| path.subject.tells_time());
            (asked(expression), expression.has_trend(), timed)
        }
        PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::Mark(_)
        | PlaceKind::FrameLeaves(_)
        | PlaceKind::FrameArrives(_) => (Vec::new(), false, false),
    };
    Spot {
        kind: place.kind.clone(),
        may_be: may_be(place),
        asks: place.condition.as_ref().map_or(Vec::new(), asked),
        condition: place.condition.clone(),
        hosts,
        trend,
        timed,
        active: false,
        steps: Vec::new(),
        arriving: Vec::new(),
        was: None,
        memory: Default::default(),
    }
}

/// What has to have happened around a place, where that can be said beforehand.
fn may_be(place: &Place) -> MayBe {
    match &place.kind {
        PlaceKind::Host { what: Happening::Enter(name) | Happening::Leave(name), .. } => {
            MayBe::Runs(functions_of(name))
        }
        PlaceKind::Host { what: Happening::Process(_, act), .. } => match act {
            ProcessAct::Calls(call) => MayBe::Calls(*call),
            ProcessAct::Returns(call, _) => MayBe::Returns(*call),
            ProcessAct::Sleeps => MayBe::Acts(Act::Sleep),
            ProcessAct::Wakes => MayBe::Acts(Act::Wake),
        },
        PlaceKind::Host { what: Happening::Frame(Passing::Arrives, _), .. } => MayBe::Acts(Act::FrameIn),
        PlaceKind::When(expression) => counters(expression).map_or(MayBe::Always, MayBe::Counts),
        PlaceKind::Host { .. }
        | PlaceKind::FrameArrives(_)
        | PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::Mark(_)
        | PlaceKind::FrameLeaves(_) => MayBe::Always,
    }
}

/// The counters that an expression asks for, where it asks for nothing else and they only grow.
fn counters(expression: &Expression) -> Option<u64> {
    let bits = expression.leaves().into_iter().map(|leaf| match leaf {
        Expression::Path(path) => match path.subject {
            Subject::Counter(asked) => counter(asked),
            _ => None,
        },
        _ => None,
    });
    bits.reduce(|all, one| Some(all? | one?)).flatten()
}

/// Whether a turn can hold a place that is not listed, by what the run knows of it.
fn may_hold(spot: &Spot, run: &Run, turn: usize, entry: &Entry) -> bool {
    // At the very first turn what holds from the beginning becomes true.
    if turn == 0 {
        return true;
    }
    match &spot.kind {
        kind if is_in_lists(kind) => return !listed(spot, run, turn).is_empty(),
        PlaceKind::Host { what: Happening::Timer(_), .. } => {
            return !in_turns(&run.timers, &(turn..=turn), |timer| timer.turn).is_empty();
        }
        PlaceKind::FrameArrives(number) => {
            return entry.host().is_some_and(|host| !arriving(run, *number, turn, entry, host).is_empty());
        }
        _ => {}
    }
    let Some((digest, is_whole)) = run.digests.around(turn) else { return true };
    match &spot.may_be {
        MayBe::Always => true,
        MayBe::Runs(functions) => functions.iter().any(|function| digest.may_run(function)),
        MayBe::Calls(call) => digest.may_call(*call),
        MayBe::Returns(call) => digest.may_return(*call),
        MayBe::Acts(act) => digest.may_act(*act),
        MayBe::Counts(counters) => !is_whole || digest.may_count(*counters),
    }
}

/// Whether no kernel has to run to find it: a condition is asked of one.
fn is_listed(spot: &Spot) -> bool {
    is_in_lists(&spot.kind) && spot.condition.is_none()
}

/// The steps of a turn at which a listed place is.
fn listed(spot: &Spot, run: &Run, turn: usize) -> Vec<usize> {
    moments(&spot.kind, &spot.hosts, run, turn..=turn).into_iter().map(|moment| moment.step).collect()
}

/// Finds out whether a turn of a host can hold a place, and what to look for in it.
fn prepare(spot: &mut Spot, run: &Run, turn: usize, entry: &Entry, host: HostId) {
    spot.steps.clear();
    if is_in_lists(&spot.kind) {
        spot.steps = if spot.condition.is_some() { listed(spot, run, turn) } else { Vec::new() };
        spot.active = !spot.steps.is_empty();
        return;
    }
    spot.active = match &spot.kind {
        // Before the first turn nothing held.
        PlaceKind::When(_) => spot.timed || turn == 0 || spot.hosts.contains(&host),
        PlaceKind::Host { what: Happening::Timer(_), .. } => {
            spot.hosts.contains(&host) && !in_turns(&run.timers, &(turn..=turn), |timer| timer.turn).is_empty()
        }
        PlaceKind::Host { .. } => spot.hosts.contains(&host),
        PlaceKind::FrameArrives(number) => {
            spot.arriving = arriving(run, *number, turn, entry, host);
            !spot.arriving.is_empty()
        }
        PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) | PlaceKind::FrameLeaves(_) => false,
    };
}

/// The bytes with which a frame arrives on a host in a turn; none where it does not.
fn arriving(run: &Run, number: usize, turn: usize, entry: &Entry, host: HostId) -> Vec<Vec<u8>> {
    let Some(frame) = run.frames.get(number - 1) else { return Vec::new() };
    if frame.from_outside {
        return if frame.moment.turn == turn { vec![frame.sent.bytes.clone()] } else { Vec::new() };
    }
    if entry.cause != Cause::Frames || frame.sent.host == host {
        return Vec::new();
    }
    let arrivals = frame.sent.arrivals.iter().filter(|(time, _)| *time == entry.time);
    arrivals.map(|(_, changed)| changed.as_ref().unwrap_or(&frame.sent.bytes).clone()).collect()
}
