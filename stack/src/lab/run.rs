//! A run: a world's beginning, its journal, and everything that makes any moment of it reachable again.
//!
//! Going forward for the first time, a light probe lists what happens in every *turn* ([`crate::lab::turns`]). Going
//! anywhere else is re-execution: the nearest keyframe is cloned and run forward, and a camera photographs the kernel at
//! the step wanted. Nothing is ever stored as a screen.
//!
//! # Limitations
//! * Memory: a run keeps the bytes of every frame, some 18 bytes per turn, 40 per drop, and at most 192 far keyframes and 96 near ones
//!   ([`crate::lab::keyframes`]), each a whole world but for the results of calls, which they share: in a run of hosts with
//!   many socks or queues full of data, they are what costs.
//! * [`Run::seek`] re-executes what lies between the nearest keyframe and the moment: in a short run at most 64 turns, in
//!   one of 100,000 turns at most 1,023 the first time, and near there at most 8 afterwards; then it takes the turn once
//!   more with a camera, and clones three worlds. It is for where a person stands, not for going through a run: that is
//!   [`Run::films`] for whoever wants every step, and [`crate::lab::query::Search`] for whoever wants a place.
//! * A film is cut behind 2,000,000 steps of one input.
//! * A journal must not be changed behind the run's back where it has been played already: that is what [`Run::fork`] is
//!   for. Adding acts behind the end, and moving the horizon, is how a run goes on.

use std::sync::Arc;

use crate::include::seq::TICK;
use crate::kernel::Kernel;
use crate::lab::digest::Digests;
use crate::lab::film::{Camera, Film};
use crate::lab::journal::{HostId, Journal};
use crate::lab::keyframes::Keyframes;
pub use crate::lab::moment::Moment;
use crate::lab::trail::{Direction, Trail};
pub use crate::lab::turns::{CrashRecord, DiscardRecord, Entry, FrameRecord, StateRecord};
use crate::lab::turns::{FirstPass, Setting};
use crate::lab::world::{Cause, Medium, Turn, World, uptime};

/// A world at a moment, and the film of the turn it is in.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The moment.
    pub moment: Moment,
    /// The world as it was, all its hosts at the same jiffy ([`World::level`]).
    pub world: World,
    /// The film of the turn.
    pub film: Arc<Film>,
    /// The host that takes the turn.
    pub host: Option<HostId>,
}

/// A run.
pub struct Run {
    /// What comes from outside.
    pub journal: Journal,
    /// One entry per turn so far.
    pub turns: Vec<Entry>,
    /// Frames of both directions in the order in which they passed, numbered from 1.
    pub frames: Vec<FrameRecord>,
    /// Births and changes of socks' states, in order.
    pub states: Vec<StateRecord>,
    /// What was thrown away, with its reason, in order.
    pub discards: Vec<DiscardRecord>,
    /// Moments at which timers fired.
    pub timers: Vec<Moment>,
    /// Deaths of kernels, in order: at most one per host.
    pub crashes: Vec<CrashRecord>,
    /// Named moments.
    pub marks: Vec<(Moment, String)>,
    pub(super) head: World,
    pub(super) keyframes: Keyframes,
    pub(super) digests: Digests,
    pub(super) last_film: Option<(usize, Arc<Film>)>,
    /// The way one came by over and out.
    pub(super) trail: Trail,
}

impl Run {
    /// A run that has not begun.
    #[must_use]
    pub fn new(world: World, journal: Journal) -> Self {
        Self {
            journal,
            turns: Vec::new(),
            frames: Vec::new(),
            states: Vec::new(),
            discards: Vec::new(),
            timers: Vec::new(),
            crashes: Vec::new(),
            marks: Vec::new(),
            keyframes: Keyframes::new(&world),
            digests: Digests::new(&world),
            head: world,
            last_film: None,
            trail: Trail::default(),
        }
    }

    /// The world after everything that has happened so far.
    #[must_use]
    pub fn head(&self) -> &World {
        &self.head
    }

    /// The world at the end, as it is shown: where nothing is due any more, every clock stands where time has gone to, else
    /// at the last turn.
    #[must_use]
    pub fn at_end(&self) -> World {
        let mut world = self.head.clone();
        if world.is_done(&self.journal) {
            world.level_to((self.journal.horizon.max(world.clock) / TICK) as u32);
        } else {
            world.level(None);
        }
        world
    }

    /// The last moment so far.
    #[must_use]
    pub fn end(&self) -> Moment {
        match self.turns.len().checked_sub(1) {
            Some(turn) => Moment { turn, step: self.steps(turn) },
            None => Moment::default(),
        }
    }

    /// Steps of a turn.
    #[must_use]
    pub fn steps(&self, turn: usize) -> usize {
        self.turns.get(turn).map_or(0, Entry::steps)
    }

    /// The time of a moment.
    #[must_use]
    pub fn time(&self, moment: Moment) -> u64 {
        self.turns.get(moment.turn).or(self.turns.last()).map_or(0, |entry| entry.time)
    }

    /// One turn more, if the journal allows one.
    pub fn advance(&mut self) -> bool {
        let turn = self.turns.len();
        self.keyframes.pass(turn, &self.head);
        let Some(done) = self.head.turn(&self.journal, |kernel| kernel.watch(Box::<FirstPass>::default())) else {
            return false;
        };
        let pass = done.host.and_then(|host| self.head.hosts.get_mut(host)?.kernel.unwatch::<FirstPass>());
        self.record(turn, done, pass.map_or_else(FirstPass::default, |pass| *pass));
        true
    }

    fn record(&mut self, turn: usize, done: Turn, mut pass: FirstPass) {
        let Turn { time, host, cause, sent, mark } = done;
        let at = |step: usize| Moment { turn, step };
        if let Some(host) = host {
            let setting = Setting { turn, time, host };
            self.states.extend(pass.take_states(setting));
            self.discards.extend(pass.take_discards(setting));
            let outside = self.head.medium == Medium::Outside;
            for mut frame in pass.take_frames(setting, sent, outside) {
                // A simulated wire counts the frames itself, because fates are told by number; nothing comes from outside
                // there, so that its numbers are the places in the list as well.
                if outside {
                    frame.sent.number = self.frames.len() as u64 + 1;
                }
                self.frames.push(frame);
            }
            let oops = self.head.hosts.get(host).and_then(|host| host.kernel.oops.as_ref());
            self.crashes.extend(pass.take_crash(setting, oops));
        }
        self.digests.add(&pass.digest, &self.head);
        self.timers.extend(pass.timers.iter().map(|step| at(*step)));
        self.marks.extend(mark.map(|mark| (at(0), mark)));
        self.turns.push(Entry::new(time, cause, host, pass.steps));
    }

    /// The nearest death of a kernel behind a moment, or before it.
    #[must_use]
    pub fn crash_from(&self, from: Moment, direction: Direction) -> Option<&CrashRecord> {
        match direction {
            Direction::Forward => self.crashes.iter().find(|crash| crash.moment > from),
            Direction::Backward => self.crashes.iter().rev().find(|crash| crash.moment < from),
        }
    }

    /// Runs on until nothing is due any more, or a number of turns has been taken.
    pub fn play(&mut self, turns: usize) -> usize {
        (0..turns).take_while(|_| self.advance()).count()
    }

    /// The world right before a turn.
    pub fn before(&mut self, turn: usize) -> World {
        let turn = turn.min(self.turns.len());
        if turn == self.turns.len() {
            return self.head.clone();
        }
        let Some((mut at, nearest)) = self.keyframes.nearest(turn) else { return self.head.clone() };
        let mut world = World::clone(nearest);
        while at < turn {
            self.keyframes.approach(at, turn, &world);
            if world.turn(&self.journal, |_| {}).is_none() {
                break;
            }
            at += 1;
        }
        self.keyframes.arrive(turn, &world);
        world
    }

    /// Keeps the world as it is now, so that a moment soon behind is reached from here: for a run that goes on by itself
    /// while somebody looks at its end.
    pub fn keep_here(&mut self) {
        self.keyframes.arrive(self.turns.len(), &self.head);
    }

    /// Lets a run that nobody wants any more go a piece at a time, for whoever must not be late: up to so many frames, acts and
    /// turns, and a few keyframes. Says whether there is more. Nothing else can be done with it from then on.
    pub fn dissolve(&mut self, pieces: usize) -> bool {
        self.frames.truncate(self.frames.len().saturating_sub(pieces));
        self.journal.acts.truncate(self.journal.acts.len().saturating_sub(pieces));
        self.turns.truncate(self.turns.len().saturating_sub(pieces));
        self.discards.truncate(self.discards.len().saturating_sub(pieces));
        let has_keyframes = self.keyframes.dissolve(2);
        has_keyframes || !(self.frames.is_empty() && self.journal.acts.is_empty() && self.turns.is_empty())
    }

    /// The film of a turn.
    pub fn film(&mut self, turn: usize) -> Arc<Film> {
        if let Some((known, film)) = &self.last_film
            && *known == turn
        {
            return film.clone();
        }
        let mut world = self.before(turn);
        let film = Arc::new(shoot(&mut world, &self.journal, Camera::film()).0);
        self.last_film = Some((turn, film.clone()));
        film
    }

    /// What the clocks show before the first step of a turn, in jiffies since power-on: all ticks have passed but the one
    /// that it may be itself.
    fn jiffies_before(&self, turn: usize, world: &World) -> u32 {
        let Some(entry) = self.turns.get(turn) else { return 0 };
        let passed = ((entry.time / TICK) as u32).saturating_sub(u32::from(entry.cause == Cause::Tick));
        let own = entry.host().and_then(|host| world.hosts.get(host)).map_or(0, |host| uptime(&host.kernel));
        passed.max(own)
    }

    /// The world at a moment, as it is shown. A moment behind the end is the end.
    pub fn seek(&mut self, moment: Moment) -> Snapshot {
        let moment = moment.min(self.end());
        let host = self.turns.get(moment.turn).and_then(Entry::host);
        let mut world = self.before(moment.turn);
        if self.turns.is_empty() {
            return Snapshot { moment, world, film: Arc::default(), host };
        }
        let mut after = world.clone();
        let (film, photograph) = shoot(&mut after, &self.journal, Camera::photograph_at(moment.step));
        let film = Arc::new(film);
        self.last_film = Some((moment.turn, film.clone()));
        if moment.step >= film.steps.len() {
            world = after;
        } else {
            world.clock = after.clock;
            let now = self.jiffies_before(moment.turn, &world);
            match (host.and_then(|host| world.hosts.get_mut(host)), photograph) {
                (Some(place), Some(kernel)) => place.kernel = *kernel,
                _ => world.level_to(now),
            }
        }
        world.level(host);
        Snapshot { moment, world, film, host }
    }
}

/// Takes one turn with a camera.
pub(super) fn shoot(world: &mut World, journal: &Journal, camera: Camera) -> (Film, Option<Box<Kernel>>) {
    let turn = world.turn(journal, |kernel| kernel.watch(Box::new(camera)));
    let host = turn.and_then(|turn| turn.host);
    let camera = host.and_then(|host| world.hosts.get_mut(host)?.kernel.unwatch::<Camera>());
    camera.map_or_else(Default::default, |camera| camera.develop())
}
