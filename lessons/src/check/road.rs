//! The road of a run: every step that an author could name, with its place written as `at`, `until` and a `step` read it.
//!
//! Promise: each place reads as itself, and looked for from the beginning of the run it leads to exactly the moment it stands
//! at; where the same happens more than once, the later ones say which of them they are (`#2`).

use std::collections::BTreeMap;

use stack::include::errno::Errno;
use stack::kernel::Kernel;
use stack::kernel::call::CallName;
use stack::kernel::probe::{Event, KFn};
use stack::lab::caption::caption;
use stack::lab::film::{Film, Layer};
use stack::lab::journal::HostId;
use stack::lab::query::{Happening, HostName, Place, PlaceKind, ProcessAct};
use stack::lab::run::{Entry, Moment, Run};
use stack::lab::world::{Cause, World};
use stack::words::Words;

use crate::lesson::Lesson;
use crate::player::range_of;

/// A step that can be named.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// The moment right after it.
    pub moment: Moment,
    /// When, in microseconds since the world began.
    pub time: u64,
    /// Name of the host on which it happens; None for what happens on none.
    pub host: Option<String>,
    /// The place, as it can be copied.
    pub place: Place,
    /// Whether it belongs to the main road: not start-up, not the return of a function, and of the functions those at a border
    /// between layers and those in which something else of the road happens.
    pub is_main: bool,
    /// What happens there, a sentence; empty where there is none.
    pub said: Words<String>,
}

/// What a moment is to a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The run is held there.
    At,
    /// The run goes there when the beat is settled.
    Until,
}

/// Where a beat of a lesson stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Id of the beat.
    pub beat: String,
    /// Its beginning or its end.
    pub edge: Edge,
    /// The place as the lesson has it; None where the beat begins where the run is.
    pub place: Option<Place>,
    /// The moment; None where the place is never reached.
    pub moment: Option<Moment>,
}

/// The whole road of a run, which is played to its end for it.
pub fn road(run: &mut Run) -> Vec<Stop> {
    run.play(usize::MAX);
    let mut stops = vec![border(run, PlaceKind::Start, Moment::default())];
    let mut films = run.films(0);
    while let Some(turn) = films.next() {
        let Some(entry) = films.run().turns.get(turn.turn) else { continue };
        let at = Turn { run: films.run(), number: turn.turn, entry, film: &turn.film, world: films.world() };
        stops.extend(at.stops());
    }
    let end = run.end();
    stops.push(border(run, PlaceKind::End, end));
    let mut passed: BTreeMap<String, usize> = BTreeMap::new();
    for stop in &mut stops {
        // A call that fails returns too: it counts for the place that names no error.
        if let Some(any) = with_any_result(&stop.place) {
            *passed.entry(any.to_string()).or_default() += 1;
        }
        let which = passed.entry(stop.place.to_string()).or_default();
        *which += 1;
        stop.place.occurrence = (*which > 1).then_some(*which);
    }
    stops
}

/// The place of a return with an error, without the error; None of any other.
fn with_any_result(place: &Place) -> Option<Place> {
    let PlaceKind::Host { host, what: Happening::Process(pid, ProcessAct::Returns(call, Some(_))) } = &place.kind
    else {
        return None;
    };
    let what = Happening::Process(*pid, ProcessAct::Returns(*call, None));
    Some(Place::of(PlaceKind::Host { host: host.clone(), what }))
}

/// The places of a moment, each as one of any number of its kind.
pub(super) fn places_at(run: &mut Run, moment: Moment) -> Vec<Place> {
    let film = run.film(moment.turn);
    let world = run.before(moment.turn + 1);
    let Some(entry) = run.turns.get(moment.turn) else { return Vec::new() };
    let turn = Turn { run, number: moment.turn, entry, film: &film, world: &world };
    turn.stops().into_iter().filter(|stop| stop.moment == moment).map(|stop| stop.place).collect()
}

/// Where the beats of a lesson stand in a run of it, in the order of the beats.
pub fn held(lesson: &Lesson, run: &mut Run) -> Vec<Held> {
    let mut edges = Vec::new();
    let mut from = Moment::default();
    for (index, beat) in lesson.beats.iter().enumerate() {
        let range = range_of(lesson, index, run, from);
        let missing = |place: &Option<Place>| !range.found && place.is_some() && range.until == range.at;
        let (no_at, no_until) = (missing(&beat.at) && range.at == from, missing(&beat.until));
        let edge = |edge, place: &Option<Place>, moment: Option<Moment>| Held {
            beat: beat.id.clone(),
            edge,
            place: place.clone(),
            moment,
        };
        edges.push(edge(Edge::At, &beat.at, (!no_at).then_some(range.at)));
        if beat.until.is_some() {
            edges.push(edge(Edge::Until, &beat.until, (!no_until).then_some(range.until)));
        }
        from = range.until;
    }
    edges
}

fn border(run: &Run, kind: PlaceKind, moment: Moment) -> Stop {
    let (place, said) = (Place::of(kind), Words::default());
    Stop { moment, time: run.time(moment), host: None, place, is_main: true, said }
}

/// A turn of a run with its film, and the world right after it.
struct Turn<'r> {
    run: &'r Run,
    number: usize,
    entry: &'r Entry,
    film: &'r Film,
    world: &'r World,
}

impl Turn<'_> {
    fn stops(&self) -> Vec<Stop> {
        let marks = self.run.marks.iter().filter(|(moment, _)| moment.turn == self.number);
        let mut stops: Vec<Stop> =
            marks.map(|(moment, name)| border(self.run, PlaceKind::Mark(name.clone()), *moment)).collect();
        let Some(id) = self.entry.host() else { return stops };
        let Some(host) = self.world.hosts.get(id) else { return stops };
        let road = main_road(self.film);
        for (index, step) in self.film.steps.iter().enumerate() {
            let moment = Moment { turn: self.number, step: index + 1 };
            let Some((kind, is_main)) = self.kind(id, &host.name, &host.kernel, moment, &step.event) else { continue };
            let on_road = is_main.unwrap_or_else(|| road.get(index).is_some_and(|on_road| *on_road));
            stops.push(Stop {
                moment,
                time: self.run.time(moment),
                host: Some(host.name.clone()),
                place: Place::of(kind),
                is_main: on_road && self.entry.cause != Cause::Startup,
                said: caption(&host.kernel, &host.name, &step.event),
            });
        }
        stops
    }

    /// The place of an event, and whether it belongs to the main road where that does not depend on what is around it.
    fn kind(
        &self,
        id: HostId,
        host: &str,
        kernel: &Kernel,
        moment: Moment,
        event: &Event,
    ) -> Option<(PlaceKind, Option<bool>)> {
        let on = |what: Happening| PlaceKind::Host { host: Some(named(host)), what };
        let process = |task: stack::include::sched::TaskId| kernel.tasks.get(task.0 as usize).map(|task| task.pid);
        match event {
            Event::Enter { function, .. } => Some((on(Happening::Enter(function.name.to_owned())), None)),
            Event::Exit { function, .. } => Some((on(Happening::Leave(function.name.to_owned())), Some(false))),
            Event::State { .. } => {
                let record = self.run.states.iter().find(|record| record.moment == moment)?;
                let what = match record.old {
                    Some(old) if old == record.new => return None,
                    Some(old) => Happening::State(Some(old), Some(record.new)),
                    None => Happening::Born(Some(record.new)),
                };
                Some((on(what), Some(true)))
            }
            Event::Discard { reason, .. } => {
                Some((on(Happening::Drop(Some(reason.name().to_owned()))), Some(reason.is_loss())))
            }
            Event::FrameOut { .. } => {
                let index = self.run.frames.iter().position(|frame| frame.moment == moment && !frame.from_outside)?;
                Some((PlaceKind::FrameLeaves(index + 1), Some(true)))
            }
            Event::FrameIn { bytes, .. } => Some((PlaceKind::FrameArrives(self.arrival(id, bytes)?), Some(true))),
            Event::TimerFire { function, .. } => Some((on(Happening::Timer(Some((*function).to_owned()))), Some(true))),
            Event::SyscallEnter { name, .. } => called(*name).map(|name| {
                let act = ProcessAct::Calls(Some(name));
                (on(Happening::Process(None, act)), Some(true))
            }),
            Event::SyscallExit { name, ret, .. } => called(*name).map(|name| {
                let errno = (*ret < 0).then(|| Errno(ret.saturating_neg())).filter(|errno| errno.name().is_some());
                (on(Happening::Process(None, ProcessAct::Returns(Some(name), errno))), Some(true))
            }),
            Event::Sleep { task } => Some((on(Happening::Process(process(*task), ProcessAct::Sleeps)), Some(true))),
            Event::WakeUp { task } => Some((on(Happening::Process(process(*task), ProcessAct::Wakes)), Some(true))),
            _ => None,
        }
    }

    /// The number of the frame that arrives on a host in this turn with these bytes.
    fn arrival(&self, host: HostId, bytes: &[u8]) -> Option<usize> {
        let arrives = |frame: &stack::lab::run::FrameRecord| {
            if frame.from_outside {
                return frame.moment.turn == self.number && frame.sent.bytes == bytes;
            }
            let here = self.entry.cause == Cause::Frames && frame.sent.host != host;
            let mut arrivals = frame.sent.arrivals.iter().filter(|(time, _)| *time == self.entry.time);
            here && arrivals.any(|(_, changed)| changed.as_deref().unwrap_or(&frame.sent.bytes) == bytes)
        };
        self.run.frames.iter().position(arrives).map(|index| index + 1)
    }
}

/// A call by a name that the language of places knows.
fn called(name: CallName) -> Option<CallName> {
    CallName::OF_PROGRAMS.contains(&name).then_some(name)
}

/// A host as a place names it.
pub(super) fn named(host: &str) -> HostName {
    HostName { name: host.to_owned(), column: 1 }
}

/// Files of functions that serve everybody: lists of buffers, memory, timers. What they do is told where they are called.
const SERVANTS: [&str; 4] = ["net/inet/skbuff.c", "include/linux/skbuff.h", "mm/kmalloc.c", "include/linux/timer.h"];

/// Which steps of a film are entries of functions on the main road: where a call crosses into another layer and goes on from
/// there, and where something that can be named, or a change of a queue, happens in the function itself.
fn main_road(film: &Film) -> Vec<bool> {
    let mut on_road = vec![false; film.steps.len()];
    // The functions under way: their entries, and whether they have crossed into another layer.
    let mut stack: Vec<(usize, &'static KFn, bool)> = Vec::new();
    let mut mark = |entry: usize| {
        if let Some(entry) = on_road.get_mut(entry) {
            *entry = true;
        }
    };
    let serves = |function: &KFn| SERVANTS.contains(&function.file);
    for (index, step) in film.steps.iter().enumerate() {
        match &step.event {
            Event::Enter { function, .. } => {
                let outer = stack.last().map_or(Layer::User, |(_, function, _)| Layer::of(function));
                if let Some((entry, _, true)) = stack.last().filter(|_| !serves(function)) {
                    mark(*entry);
                }
                stack.push((index, function, Layer::of(function) != outer && !serves(function)));
            }
            Event::Exit { .. } => {
                stack.pop();
            }
            Event::NewSock { .. }
            | Event::State { .. }
            | Event::Discard { .. }
            | Event::FrameOut { .. }
            | Event::FrameIn { .. }
            | Event::Enqueue { .. }
            | Event::Dequeue { .. }
            | Event::Sleep { .. } => {
                if let Some((entry, ..)) = stack.iter().rev().find(|(_, function, _)| !serves(function)) {
                    mark(*entry);
                }
            }
            _ => {}
        }
    }
    on_road
}
