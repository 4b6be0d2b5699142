//! A run gone through once more for what no list of it keeps: what the TCP socks were like whenever a frame passed, and who armed
//! each timer. For plots, and for the question where a timer comes from.
//!
//! The world is carried along, so that a run that grows is surveyed turn by turn as it grows, and never twice. Promise: what is
//! told of a moment is told by the run itself; a survey of half a run knows the first half only.

use std::any::Any;
use std::collections::BTreeMap;

use crate::include::in_addr::InAddr;
use crate::include::seq::{Seq, TICK};
use crate::kernel::Kernel;
use crate::kernel::probe::{Arg, Args, Event, KFn, Place, Probe};
use crate::lab::film::{LONGEST_FILM, is_step};
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::run::Run;
use crate::lab::world::{World, uptime};
use crate::view::queue::send_queue_length;
use crate::view::sock::ids;

/// Samples that are kept at most; behind them a survey tells nothing new of socks.
const MOST_SAMPLES: usize = 200_000;
/// Armings that are kept at most, the latest ones.
const MOST_ARMINGS: usize = 100_000;
/// Functions that only carry out the wish of their caller to arm a timer.
const CARRIERS: [&str; 4] = ["add_timer", "reset_timer", "reset_xmit_timer", "mod_timer"];

/// What a connected TCP sock was like at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SockSample {
    /// When, in microseconds since the world began.
    pub time: u64,
    /// The host.
    pub host: HostId,
    /// Number of the sock.
    pub sk: u32,
    /// Its own address and port.
    pub local: (InAddr, u16),
    /// Those of its peer.
    pub remote: (InAddr, u16),
    /// Congestion window, in segments.
    pub cong_window: u16,
    /// Slow-start threshold, in segments.
    pub ssthresh: u16,
    /// Right edge of the peer's window.
    pub window_seq: Seq,
    /// Buffers on back_log, receive_queue, write_queue and from send_head on.
    pub queues: [u16; 4],
}

/// A timer that was armed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arming {
    /// The moment right after.
    pub moment: Moment,
    /// The function that wanted it.
    pub function: &'static str,
    /// Jiffies it was set to.
    pub delay: u32,
}

/// What has been learnt of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    world: Option<World>,
    turn: usize,
    samples: Vec<SockSample>,
    last: BTreeMap<(HostId, u32), SockSample>,
    armings: BTreeMap<(HostId, u64), Arming>,
}

impl Survey {
    /// Goes on by so many turns at most, as far as the run has been played; says whether all of it is known then.
    pub fn take_in(&mut self, run: &mut Run, turns: usize) -> bool {
        if self.turn > run.turns.len() {
            // The run has begun afresh.
            *self = Self::default();
        }
        let end = run.turns.len().min(self.turn.saturating_add(turns));
        if self.turn < end {
            let mut world = self.world.take().unwrap_or_else(|| run.before(self.turn));
            while self.turn < end {
                self.one(run, &mut world);
                self.turn += 1;
            }
            self.world = Some(world);
        }
        self.turn == run.turns.len()
    }

    fn one(&mut self, run: &Run, world: &mut World) {
        let turn = world.turn(&run.journal, |kernel| kernel.watch(Box::<Surveyor>::default()));
        let Some((time, host)) = turn.and_then(|turn| Some((turn.time, turn.host?))) else { return };
        let Some(kernel) = world.hosts.get_mut(host).map(|host| &mut host.kernel) else { return };
        let Some(mut pass) = kernel.unwatch::<Surveyor>() else { return };
        pass.look(kernel);
        for (jiffies, sample) in pass.samples {
            let sample = SockSample { time: time.max(u64::from(jiffies) * TICK), host, ..sample };
            let is_news = |last: &SockSample| SockSample { time: sample.time, ..*last } != sample;
            if self.samples.len() < MOST_SAMPLES && self.last.get(&(host, sample.sk)).is_none_or(is_news) {
                self.samples.push(sample);
                self.last.insert((host, sample.sk), sample);
            }
        }
        for (order, step, arming) in pass.armings {
            let moment = Moment { turn: self.turn, step };
            self.armings.insert((host, order), Arming { moment, ..arming });
            if self.armings.len() > MOST_ARMINGS {
                // Later armings have smaller numbers.
                self.armings.pop_last();
            }
        }
    }

    /// How many turns have been surveyed.
    #[must_use]
    pub fn turns(&self) -> usize {
        self.turn
    }

    /// What socks were like, in the order of the run: a sample of a sock wherever something of it was different.
    #[must_use]
    pub fn samples(&self) -> &[SockSample] {
        &self.samples
    }

    /// Who armed a timer that runs on a host: the key is the second half of its place in [`Kernel::timers`].
    #[must_use]
    pub fn arming(&self, host: HostId, order: u64) -> Option<&Arming> {
        self.armings.get(&(host, order))
    }
}

/// The probe of one turn.
#[derive(Default)]
struct Surveyor {
    steps: usize,
    functions: Vec<&'static str>,
    /// Clock of the kernel in jiffies, and what a sock was like.
    samples: Vec<(u32, SockSample)>,
    /// Key of the timer, step, and what is known of it.
    armings: Vec<(u64, usize, Arming)>,
    armed: Option<u64>,
}

impl Surveyor {
    /// Samples every connected TCP sock.
    fn look(&mut self, kernel: &Kernel) {
        let jiffies = uptime(kernel);
        for sk in ids(kernel) {
            let Some(sock) = kernel.sock.get(sk).filter(|sock| sock.prot.name == "TCP" && sock.dummy_th.dest != 0)
            else {
                continue;
            };
            let count = |length: usize| u16::try_from(length).unwrap_or(u16::MAX);
            let queues = [
                count(sock.back_log.len()),
                count(sock.receive_queue.len()),
                count(sock.write_queue.len()),
                count(send_queue_length(kernel, sk)),
            ];
            let sample = SockSample {
                time: 0,
                host: 0,
                sk: sk.serial(),
                local: (sock.saddr, sock.num),
                remote: (sock.daddr, sock.dummy_th.dest),
                cong_window: sock.cong_window,
                ssthresh: sock.ssthresh,
                window_seq: sock.window_seq,
                queues,
            };
            self.samples.push((jiffies, sample));
        }
    }

    fn step(&mut self, kernel: &Kernel) {
        self.steps = (self.steps + 1).min(LONGEST_FILM);
        // A timer is armed when the count of armings has moved and the timer of that count is on the list.
        let order = u64::MAX - kernel.timers_armed;
        if self.armed.replace(order).is_some_and(|before| before != order)
            && let Some(((expires, _), _)) = kernel.timers.iter().find(|((_, number), _)| *number == order)
        {
            let by = self.functions.iter().rev().find(|name| !CARRIERS.contains(name)).copied();
            let delay = expires.wrapping_sub(kernel.jiffies.0);
            let arming = Arming { moment: Moment::default(), function: by.unwrap_or("add_timer"), delay };
            self.armings.push((order, self.steps, arming));
        }
    }
}

impl Probe for Surveyor {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        if is_step(&event) {
            self.step(kernel);
        }
        if matches!(event, Event::FrameIn { .. } | Event::FrameOut { .. }) {
            self.look(kernel);
        }
    }

    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, _: &Args, _: Place) {
        self.functions.push(function.name);
        self.step(kernel);
    }

    fn exit(&mut self, kernel: &Kernel, _: &'static KFn, _: Arg, _: Place) {
        self.step(kernel);
        self.functions.pop();
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}
