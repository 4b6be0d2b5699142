//! A run: a world's beginning, its journal, and everything that makes any moment of it reachable again.
//!
//! Going forward for the first time, a light probe writes the *reel*: how many steps every turn has, where frames left,
//! states changed, timers fired. Going anywhere else is re-execution: the nearest keyframe is cloned and run forward, and
//! a camera photographs the kernel at the step wanted. Nothing is ever stored as a screen.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::probe::{Event, Place, Probe};
use crate::lab::film::{Camera, Film, is_step};
use crate::lab::journal::{HostId, Journal};
use crate::lab::world::{Cause, Sent, Turn, World};

/// A moment: a turn, and how many of its steps have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Moment {
    /// Turn, from 0.
    pub turn: usize,
    /// Steps of it that have happened: 0 = before the first.
    pub step: usize,
}

/// What the reel knows of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Microseconds since the world began.
    pub time: u64,
    /// What it was about.
    pub cause: Cause,
    host: Option<u8>,
    steps: u32,
}

impl Entry {
    /// An entry. Packed, because a run may have millions.
    #[must_use]
    pub fn new(time: u64, cause: Cause, host: Option<HostId>, steps: usize) -> Self {
        let host = host.and_then(|host| u8::try_from(host).ok());
        Self { time, cause, host, steps: u32::try_from(steps).unwrap_or(u32::MAX) }
    }

    /// The host that took the step.
    #[must_use]
    pub fn host(&self) -> Option<HostId> {
        self.host.map(HostId::from)
    }

    /// Its steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps as usize
    }
}

/// A frame on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameRecord {
    /// The moment right after it left (or, of a frame from outside, arrived).
    pub moment: Moment,
    /// When.
    pub time: u64,
    /// The frame, its sender and where it went; of a frame from outside the receiver is the host.
    pub sent: Sent,
    /// It came from outside the world.
    pub from_outside: bool,
}

/// A change of a sock's state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRecord {
    /// The moment right after it.
    pub moment: Moment,
    /// When.
    pub time: u64,
    /// Host.
    pub host: HostId,
    /// Number of the sock.
    pub sk: u32,
    /// Before.
    pub old: TcpState,
    /// After.
    pub new: TcpState,
}

/// A world at a moment, and the film of the turn it is in.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The moment.
    pub moment: Moment,
    /// The world as it was.
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
    pub reel: Vec<Entry>,
    /// Frames in the order in which they left.
    pub frames: Vec<FrameRecord>,
    /// State changes in order.
    pub states: Vec<StateRecord>,
    /// Moments at which timers fired.
    pub timers: Vec<Moment>,
    /// Named moments.
    pub marks: Vec<(Moment, String)>,
    head: World,
    keyframes: BTreeMap<usize, World>,
    interval: usize,
    near: BTreeMap<usize, World>,
    last_film: Option<(usize, Arc<Film>)>,
}

const KEYFRAMES: usize = 192;
const NEAR: usize = 96;
const NEAR_INTERVAL: usize = 8;

impl Run {
    /// A run that has not begun.
    #[must_use]
    pub fn new(world: World, journal: Journal) -> Self {
        let keyframes = BTreeMap::from([(0, world.clone())]);
        Self {
            journal,
            reel: Vec::new(),
            frames: Vec::new(),
            states: Vec::new(),
            timers: Vec::new(),
            marks: Vec::new(),
            head: world,
            keyframes,
            interval: 64,
            near: BTreeMap::new(),
            last_film: None,
        }
    }

    /// The world after everything that has happened so far.
    #[must_use]
    pub fn head(&self) -> &World {
        &self.head
    }

    /// The last moment so far.
    #[must_use]
    pub fn end(&self) -> Moment {
        match self.reel.len().checked_sub(1) {
            Some(turn) => Moment { turn, step: self.steps(turn) },
            None => Moment::default(),
        }
    }

    /// Steps of a turn.
    #[must_use]
    pub fn steps(&self, turn: usize) -> usize {
        self.reel.get(turn).map_or(0, Entry::steps)
    }

    /// The time of a moment.
    #[must_use]
    pub fn time(&self, moment: Moment) -> u64 {
        self.reel.get(moment.turn).or(self.reel.last()).map_or(0, |entry| entry.time)
    }

    /// One turn more, if the journal allows one.
    pub fn advance(&mut self) -> bool {
        let turn = self.reel.len();
        if turn.is_multiple_of(self.interval) {
            self.keyframes.insert(turn, self.head.clone());
            self.thin_keyframes();
        }
        let Some(done) = self.head.turn(&self.journal, |kernel| kernel.watch(Box::<Reel>::default())) else {
            return false;
        };
        let reel = done.host.and_then(|host| self.head.hosts.get_mut(host)?.kernel.unwatch::<Reel>());
        self.record(turn, done, &reel.map_or_else(Reel::default, |reel| *reel));
        true
    }

    fn thin_keyframes(&mut self) {
        if self.keyframes.len() > KEYFRAMES {
            self.interval *= 2;
            let interval = self.interval;
            self.keyframes.retain(|turn, _| turn.is_multiple_of(interval));
        }
    }

    fn record(&mut self, turn: usize, done: Turn, reel: &Reel) {
        let time = done.time;
        let at = |step: usize| Moment { turn, step };
        if let Some(host) = done.host {
            for (step, sk, old, new) in &reel.states {
                self.states.push(StateRecord { moment: at(*step), time, host, sk: *sk, old: *old, new: *new });
            }
            if done.cause == Cause::Frames && self.head.medium == crate::lab::world::Medium::Outside {
                for (step, dev, bytes) in &reel.frames_in {
                    let sent = Sent { number: 0, host, dev: *dev, bytes: bytes.clone(), arrivals: Vec::new() };
                    self.frames.push(FrameRecord { moment: at(*step), time, sent, from_outside: true });
                }
            }
        }
        self.timers.extend(reel.timers.iter().map(|step| at(*step)));
        for (index, sent) in done.sent.into_iter().enumerate() {
            let step = reel.frames_out.get(index).copied().unwrap_or(reel.steps);
            self.frames.push(FrameRecord { moment: at(step), time, sent, from_outside: false });
        }
        if let Some(mark) = done.mark {
            self.marks.push((at(0), mark));
        }
        self.reel.push(Entry::new(time, done.cause, done.host, reel.steps));
    }

    /// Runs on until nothing is due any more, or a number of turns has been taken.
    pub fn play(&mut self, turns: usize) -> usize {
        (0..turns).take_while(|_| self.advance()).count()
    }

    /// The world right before a turn.
    pub fn before(&mut self, turn: usize) -> World {
        let turn = turn.min(self.reel.len());
        if turn == self.reel.len() {
            return self.head.clone();
        }
        let far = self.keyframes.range(..=turn).next_back();
        let near = self.near.range(..=turn).next_back();
        let (mut at, mut world) = match (far, near) {
            (Some((far, world)), Some((near, closer))) => {
                if near > far {
                    (*near, closer.clone())
                } else {
                    (*far, world.clone())
                }
            }
            (Some((at, world)), None) | (None, Some((at, world))) => (*at, world.clone()),
            (None, None) => return self.head.clone(),
        };
        while at < turn {
            if at.is_multiple_of(NEAR_INTERVAL) && turn - at <= NEAR * NEAR_INTERVAL / 2 {
                self.near.insert(at, world.clone());
            }
            if world.turn(&self.journal, |_| {}).is_none() {
                break;
            }
            at += 1;
        }
        while self.near.len() > NEAR {
            let forward = self.near.first_key_value().is_some_and(|(first, _)| turn - first > NEAR * NEAR_INTERVAL / 2);
            let _ = if forward { self.near.pop_first() } else { self.near.pop_last() };
        }
        self.near.insert(turn, world.clone());
        world
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

    /// The scene at a moment. A moment behind the end is the end.
    pub fn seek(&mut self, moment: Moment) -> Scene {
        let moment = moment.min(self.end());
        let host = self.reel.get(moment.turn).and_then(Entry::host);
        let mut world = self.before(moment.turn);
        if self.reel.is_empty() {
            return Scene { moment, world, film: Arc::default(), host };
        }
        let mut after = world.clone();
        let (film, photograph) = shoot(&mut after, &self.journal, Camera::photograph_at(moment.step));
        let film = Arc::new(film);
        self.last_film = Some((moment.turn, film.clone()));
        if moment.step >= film.steps.len() {
            return Scene { moment, world: after, film, host };
        }
        world.clock = after.clock;
        if let (Some(place), Some(kernel)) = (host.and_then(|host| world.hosts.get_mut(host)), photograph) {
            place.kernel = *kernel;
        }
        Scene { moment, world, film, host }
    }

    /// A branch: the same beginning up to a turn, with a journal that may be changed from there on.
    pub fn fork(&mut self, turn: usize) -> Self {
        let world = self.before(turn);
        let mut fork = Self::new(world, self.journal.clone());
        fork.journal.horizon = fork.journal.horizon.max(self.time(Moment { turn, step: 0 }));
        fork
    }
}

/// Takes one turn with a camera.
fn shoot(world: &mut World, journal: &Journal, camera: Camera) -> (Film, Option<Box<Kernel>>) {
    let turn = world.turn(journal, |kernel| kernel.watch(Box::new(camera)));
    let host = turn.and_then(|turn| turn.host);
    let camera = host.and_then(|host| world.hosts.get_mut(host)?.kernel.unwatch::<Camera>());
    camera.map_or_else(Default::default, |camera| camera.develop())
}

/// The probe of the first pass: counts steps and notes what the reel lists.
#[derive(Default)]
struct Reel {
    steps: usize,
    states: Vec<(usize, u32, TcpState, TcpState)>,
    frames_out: Vec<usize>,
    frames_in: Vec<(usize, u8, Vec<u8>)>,
    timers: Vec<usize>,
}

impl Probe for Reel {
    fn observe(&mut self, _: &Kernel, event: Event, _: Place) {
        let event = &event;
        if !is_step(event) || self.steps >= crate::lab::film::LONGEST_FILM {
            return;
        }
        self.steps += 1;
        match event {
            Event::State { sk, old, new } => self.states.push((self.steps, sk.serial(), *old, *new)),
            Event::FrameOut { .. } => self.frames_out.push(self.steps),
            Event::FrameIn { dev, bytes } => self.frames_in.push((self.steps, dev.0, bytes.clone())),
            Event::TimerFire { .. } => self.timers.push(self.steps),
            _ => {}
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
