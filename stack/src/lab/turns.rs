//! What a run lists of its turns as it goes through them for the first time: how many steps each has, the frames of both
//! directions, births and changes of socks' states, timers that fired.
//!
//! The lists are in the order of the run. They are written once and never changed, so that looking for a frame or a change
//! of state needs no kernel at all.

use core::fmt;
use std::any::Any;
use std::collections::{BTreeMap, VecDeque};

use crate::include::arena::Id;
use crate::include::seq::TICK;
use crate::include::tcp::TcpState;
use crate::kernel::probe::{Arg, Args, Discard, Event, KFn, Place, Probe};
use crate::kernel::{Kernel, KernelOops};
use crate::lab::digest::Digest;
use crate::lab::film::{LONGEST_FILM, is_step};
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::world::{Cause, Sent, uptime};

/// What a run knows of a turn.
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
    /// When, in microseconds since the world began. A clock interrupt inside a call lets this be later than its turn's time.
    pub time: u64,
    /// The frame, its sender and where it went; of a frame from outside the receiver is the host. Its number is its place
    /// among all frames of the run, from 1.
    pub sent: Sent,
    /// It came from outside the world: between two inputs, or by an interrupt inside a call.
    pub from_outside: bool,
}

/// A sock is born in a state, or its state changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRecord {
    /// The moment right after it.
    pub moment: Moment,
    /// When, in microseconds since the world began.
    pub time: u64,
    /// Host.
    pub host: HostId,
    /// Number of the sock.
    pub sk: u32,
    /// Before; `None` where the sock is born.
    pub old: Option<TcpState>,
    /// After.
    pub new: TcpState,
    /// Of a birth: the listener that the sock was copied from; `None` for a sock that a process makes.
    pub parent: Option<u32>,
}

impl StateRecord {
    /// Whether the sock is born here. Where it is, nothing has changed.
    #[must_use]
    pub fn is_birth(&self) -> bool {
        self.old.is_none()
    }

    /// Whether it tells something: that a process makes a sock, which is closed, is no news.
    #[must_use]
    pub fn is_news(&self) -> bool {
        self.old.is_some() || self.parent.is_some()
    }
}

impl fmt::Display for StateRecord {
    /// `sk#2: LISTEN -> CLOSE`, `sk#4: born in SYN_RECV from sk#2`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let new = self.new.name();
        match (self.old, self.parent) {
            (Some(old), _) => write!(f, "sk#{}: {} -> {new}", self.sk, old.name()),
            (None, Some(parent)) => write!(f, "sk#{}: born in {new} from sk#{parent}", self.sk),
            (None, None) => write!(f, "sk#{}: born in {new}", self.sk),
        }
    }
}

/// A packet is thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscardRecord {
    /// The moment right after it.
    pub moment: Moment,
    /// Host.
    pub host: HostId,
    /// Why.
    pub reason: Discard,
    /// Number of the buffer; `None` where the packet has none (yet), such as a frame that the card filters.
    pub skb: Option<u32>,
}

/// A kernel dies where the original would have died.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrashRecord {
    /// The step at which it dies, the last of its host.
    pub moment: Moment,
    /// When, in microseconds since the world began.
    pub time: u64,
    /// Host.
    pub host: HostId,
    /// What would have happened.
    pub oops: KernelOops,
}

/// The probe of the first time through a turn: counts steps and notes what is listed.
#[derive(Default)]
pub(super) struct FirstPass {
    /// Steps so far.
    pub(super) steps: usize,
    /// Steps at which timers fired.
    pub(super) timers: Vec<usize>,
    /// The step at which the kernel died.
    crash: Option<At>,
    /// Socks that have been made and have no state yet, with their parents.
    unborn: Vec<(u32, Option<u32>)>,
    states: Vec<(At, SockState)>,
    frames: Vec<(At, u8, Passing)>,
    discards: Vec<(usize, Discard, Option<u32>)>,
    /// What happened, roughly.
    pub(super) digest: Digest,
}

/// A step, and the kernel's clock at it, in jiffies since power-on.
#[derive(Clone, Copy)]
struct At {
    step: usize,
    jiffies: u32,
}

struct SockState {
    sk: u32,
    old: Option<TcpState>,
    new: TcpState,
    parent: Option<u32>,
}

enum Passing {
    Out,
    In(Vec<u8>),
}

/// Where and when a turn was: what its records have in common.
#[derive(Clone, Copy)]
pub(super) struct Setting {
    /// Number of the turn.
    pub(super) turn: usize,
    /// Microseconds since the world began.
    pub(super) time: u64,
    /// The host that took it.
    pub(super) host: HostId,
}

impl Setting {
    fn at(self, at: At) -> (Moment, u64) {
        (Moment { turn: self.turn, step: at.step }, self.time.max(u64::from(at.jiffies) * TICK))
    }
}

impl FirstPass {
    fn at(&self, kernel: &Kernel) -> At {
        At { step: self.steps, jiffies: uptime(kernel) }
    }

    fn state(&mut self, kernel: &Kernel, sk: u32, old: TcpState, new: TcpState) {
        let birth = self.unborn.iter().position(|(unborn, _)| *unborn == sk);
        let state = match birth.map(|place| self.unborn.swap_remove(place)) {
            Some((_, parent)) => SockState { sk, old: None, new, parent },
            None => SockState { sk, old: Some(old), new, parent: None },
        };
        self.states.push((self.at(kernel), state));
    }

    /// Births and changes of states, in order.
    pub(super) fn take_states(&mut self, setting: Setting) -> impl Iterator<Item = StateRecord> {
        let states = std::mem::take(&mut self.states);
        states.into_iter().map(move |(at, SockState { sk, old, new, parent })| {
            let (moment, time) = setting.at(at);
            StateRecord { moment, time, host: setting.host, sk, old, new, parent }
        })
    }

    /// What was thrown away, in order.
    pub(super) fn take_discards(&mut self, setting: Setting) -> impl Iterator<Item = DiscardRecord> {
        let Setting { turn, host, .. } = setting;
        let discards = std::mem::take(&mut self.discards).into_iter();
        discards.map(move |(step, reason, skb)| DiscardRecord { moment: Moment { turn, step }, host, reason, skb })
    }

    /// The death of the kernel, if it died in the turn, of what is written in `oops`.
    pub(super) fn take_crash(&mut self, setting: Setting, oops: Option<&KernelOops>) -> Option<CrashRecord> {
        let (moment, time) = setting.at(self.crash.take()?);
        Some(CrashRecord { moment, time, host: setting.host, oops: oops?.clone() })
    }

    /// The frames of the turn in the order in which they passed: those that left, which the world has numbered, and with
    /// them, if `outside` is the wire, those that came. What left unseen, behind the last step that is kept, comes last.
    pub(super) fn take_frames(&mut self, setting: Setting, sent: Vec<Sent>, outside: bool) -> Vec<FrameRecord> {
        let mut leaving: BTreeMap<u8, VecDeque<Sent>> = BTreeMap::new();
        let (many, last) = (sent.len(), self.steps);
        for sent in sent {
            leaving.entry(sent.dev).or_default().push_back(sent);
        }
        let mut records = Vec::with_capacity(many);
        let mut jiffies = 0;
        for (at, dev, passing) in std::mem::take(&mut self.frames) {
            let (moment, time) = setting.at(at);
            jiffies = at.jiffies;
            match passing {
                Passing::Out => {
                    let sent = leaving.get_mut(&dev).and_then(VecDeque::pop_front);
                    records.extend(sent.map(|sent| FrameRecord { moment, time, sent, from_outside: false }));
                }
                Passing::In(bytes) if outside => {
                    let sent = Sent { number: 0, host: setting.host, dev, bytes, arrivals: Vec::new() };
                    records.push(FrameRecord { moment, time, sent, from_outside: true });
                }
                Passing::In(_) => {}
            }
        }
        let (moment, time) = setting.at(At { step: last, jiffies });
        let unseen = leaving.into_values().flatten();
        records.extend(unseen.map(|sent| FrameRecord { moment, time, sent, from_outside: false }));
        records
    }
}

impl Probe for FirstPass {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        if !is_step(&event) || self.steps >= LONGEST_FILM {
            return;
        }
        self.steps += 1;
        self.digest.event(&event);
        match event {
            Event::NewSock { sk, parent } => self.unborn.push((sk.serial(), parent.map(Id::serial))),
            Event::State { sk, old, new } => self.state(kernel, sk.serial(), old, new),
            Event::FrameOut { dev, .. } => self.frames.push((self.at(kernel), dev.0, Passing::Out)),
            Event::FrameIn { dev, bytes } => self.frames.push((self.at(kernel), dev.0, Passing::In(bytes))),
            Event::Discard { reason, skb } => self.discards.push((self.steps, reason, skb.map(Id::serial))),
            Event::TimerFire { .. } => self.timers.push(self.steps),
            Event::Crash => self.crash = Some(self.at(kernel)),
            _ => {}
        }
    }

    fn enter(&mut self, _: &Kernel, function: &'static KFn, _: &Args, _: Place) {
        self.digest.function(function);
        self.steps = (self.steps + 1).min(LONGEST_FILM);
    }

    fn exit(&mut self, _: &Kernel, _: &'static KFn, _: Arg, _: Place) {
        self.steps = (self.steps + 1).min(LONGEST_FILM);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
