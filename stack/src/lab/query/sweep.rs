//! A world that is taken through the turns of a run once more, with somebody watching.
//!
//! What the run lists anyway (frames, births and changes of states, marks) is looked up and not watched; a turn that can
//! hold none of the places is taken unwatched; and where only listed places are wanted, no kernel runs at all.

use std::sync::Arc;

use super::place::{Happening, PlaceKind};
use super::probe::{PlaceProbe, Spot};
use crate::include::seq::Jiffies;
use crate::lab::journal::HostId;
use crate::lab::run::{Entry, Run, StateRecord};
use crate::lab::world::{Cause, World};

/// The sweep.
pub(super) struct Sweep {
    spots: Vec<Spot>,
    names: Vec<Arc<str>>,
    /// The world before the next turn, where a place has to be watched.
    world: Option<World>,
    /// The next turn.
    pub(super) turn: usize,
}

impl Sweep {
    /// A sweep from the beginning of a turn, which the run must have come to.
    pub(super) fn new(kinds: impl Iterator<Item = PlaceKind>, run: &mut Run, turn: usize) -> Self {
        let names: Vec<Arc<str>> = run.head().hosts.iter().map(|host| Arc::from(host.name.as_str())).collect();
        let mut spots: Vec<Spot> = kinds.map(|kind| spot(kind, &names)).collect();
        let watched = spots.iter().any(|spot| !is_listed(&spot.kind));
        let mut world = watched.then(|| run.before(turn));
        if let Some(world) = &mut world {
            let acting = turn.checked_sub(1).and_then(|turn| run.turns.get(turn)).and_then(Entry::host);
            levelled(world, acting, |world| {
                for spot in &mut spots {
                    spot.becomes_true(world);
                    // Before the run begins nothing holds yet, so that what holds from its first moment on becomes true.
                    spot.was = spot.was.map(|was| was && turn > 0);
                }
            });
        }
        Self { spots, names, world, turn }
    }

    /// The places in the next turn as (place, step), in the order of the steps; the run must have come there.
    pub(super) fn take(&mut self, run: &Run) -> Vec<(usize, usize)> {
        let turn = self.turn;
        let Some(entry) = run.turns.get(turn) else { return Vec::new() };
        self.turn += 1;
        let mut hits = Vec::new();
        for (place, spot) in self.spots.iter().enumerate().filter(|(_, spot)| is_listed(&spot.kind)) {
            hits.extend(listed(spot, run, turn).into_iter().map(|step| (place, step)));
        }
        if let Some(mut world) = self.world.take() {
            self.watch(run, entry, &mut world, &mut hits);
            self.after(entry, &mut world, &mut hits);
            self.world = Some(world);
        }
        hits.sort_by_key(|(place, step)| (*step, *place));
        hits
    }

    /// Takes the turn, watched where it can hold a place.
    fn watch(&mut self, run: &Run, entry: &Entry, world: &mut World, hits: &mut Vec<(usize, usize)>) {
        let host = entry.host().and_then(|host| Some((host, self.names.get(host)?)));
        let Some((host, name)) = host.filter(|_| entry.steps() > 0) else {
            world.turn(&run.journal, |_| {});
            return;
        };
        for spot in &mut self.spots {
            prepare(spot, run, self.turn - 1, entry, host);
        }
        let mut active = self.spots.iter().filter(|spot| spot.active).peekable();
        if active.peek().is_none() {
            world.turn(&run.journal, |_| {});
            return;
        }
        let asks_others =
            active.any(|spot| spot.expression().is_some() && spot.hosts.iter().any(|asked| *asked != host));
        let probe = PlaceProbe {
            host: Arc::clone(name),
            others: asks_others.then(|| world.clone()),
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
        let (acting, first) = (entry.host(), self.turn == 1);
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

fn spot(kind: PlaceKind, names: &[Arc<str>]) -> Spot {
    let index = |name: &str| names.iter().position(|known| **known == *name);
    let (hosts, trend, timed) = match &kind {
        PlaceKind::Host { host, .. } => (index(host).into_iter().collect(), false, false),
        PlaceKind::When(expression) => {
            let paths = expression.paths();
            let timed = paths.iter().any(|path| path.subject.tells_time());
            (paths.iter().filter_map(|path| index(&path.host)).collect(), expression.has_trend(), timed)
        }
        PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::Mark(_)
        | PlaceKind::FrameLeaves(_)
        | PlaceKind::FrameArrives(_) => (Vec::new(), false, false),
    };
    Spot { kind, hosts, trend, timed, active: false, arriving: Vec::new(), was: None, memory: Default::default() }
}

/// Whether the run lists such places itself. (A frame arrives on a simulated wire unlisted; one from outside is listed.)
fn is_listed(kind: &PlaceKind) -> bool {
    match kind {
        PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) | PlaceKind::FrameLeaves(_) => true,
        PlaceKind::Host { what: Happening::State(..) | Happening::Born(_), .. } => true,
        PlaceKind::Host { .. } | PlaceKind::When(_) | PlaceKind::FrameArrives(_) => false,
    }
}

/// The steps of a turn at which a listed place is.
fn listed(spot: &Spot, run: &Run, turn: usize) -> Vec<usize> {
    let states = |fits: &dyn Fn(&StateRecord) -> bool| {
        let first = run.states.partition_point(|state| state.moment.turn < turn);
        let here = run.states.iter().skip(first).take_while(|state| state.moment.turn == turn);
        here.filter(|state| spot.hosts.contains(&state.host) && fits(state)).map(|state| state.moment.step).collect()
    };
    match &spot.kind {
        PlaceKind::Mark(name) => {
            let marks = run.marks.iter().filter(|(moment, mark)| moment.turn == turn && mark == name);
            marks.map(|(moment, _)| moment.step).collect()
        }
        PlaceKind::FrameLeaves(number) => {
            let frame = run.frames.get(number - 1).filter(|frame| !frame.from_outside && frame.moment.turn == turn);
            frame.map(|frame| frame.moment.step).into_iter().collect()
        }
        PlaceKind::Host { what: Happening::State(from, to), .. } => states(&|state| {
            let Some(old) = state.old else { return false };
            from.is_none_or(|from| from == old) && to.is_none_or(|to| to == state.new) && old != state.new
        }),
        PlaceKind::Host { what: Happening::Born(wanted), .. } => {
            states(&|state| state.is_birth() && wanted.is_none_or(|wanted| wanted == state.new))
        }
        PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::When(_)
        | PlaceKind::FrameArrives(_)
        | PlaceKind::Host { .. } => Vec::new(),
    }
}

/// Finds out whether a turn of a host can hold a place, and what to look for in it.
fn prepare(spot: &mut Spot, run: &Run, turn: usize, entry: &Entry, host: HostId) {
    spot.active = match &spot.kind {
        // Before the first turn nothing held.
        PlaceKind::When(_) => spot.timed || turn == 0 || spot.hosts.contains(&host),
        PlaceKind::Host { what: Happening::State(..) | Happening::Born(_), .. } => false,
        PlaceKind::Host { what: Happening::Timer(_), .. } => {
            let first = run.timers.partition_point(|timer| timer.turn < turn);
            spot.hosts.contains(&host) && run.timers.get(first).is_some_and(|timer| timer.turn == turn)
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
