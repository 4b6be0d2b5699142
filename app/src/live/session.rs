//! A live session: one 1.2.13 host whose wire ends at a real device. Real time is mapped to virtual time while it
//! runs and stands still while it is paused; frames that arrive in a pause wait; what the stack sends leaves the
//! device when the cursor passes the step that sent it, and never twice. Promise: memory stays bounded however long
//! the session lasts, everything that entered stands in the journal, so the past can be walked again, and a recording
//! has what happened within a second and is ended however the session ends.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use stack::include::seq::TICK;
use stack::lab::beginning::Beginning;
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::{FrameRecord, Moment, Run};

use crate::link::FrameIo;
use crate::recording::of_session::{Kept, Recording, Stopped};
use crate::refusal::Refusal;

/// The one host of a live world.
pub const HOST: usize = 0;
/// Its Ethernet device.
pub(super) const ETH0: u8 = 1;
/// The most frames that wait in a pause; a card's ring is finite too.
pub const MOST_WAITING: usize = 4_096;
/// The most frames of the past that are kept for walking back.
pub const MOST_PAST: usize = 100_000;
/// The most bytes in those frames; the journal has the same ones once more.
pub const MOST_PAST_BYTES: usize = 48 << 20;
/// The most turns of the past: a host that talks to itself takes turns without a frame.
const MOST_PAST_TURNS: usize = 1_000_000;
/// Frames of a forgotten past that are let go at a time.
const DISSOLVED: usize = 256;
/// The most turns taken in one go, so that a flood cannot starve whoever else wants the thread.
pub(super) const MOST_TURNS: usize = 10_000;

/// How the session's virtual time relates to real time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Clock {
    /// Virtual time `at` (microseconds) was `since`.
    Running { at: u64, since: Instant },
    /// Virtual time stands still.
    Paused { at: u64 },
}

/// What has gone over the device, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Traffic {
    /// Frames given to the stack.
    pub received: u64,
    /// Frames of the stack that left.
    pub transmitted: u64,
    /// Frames that arrived in a pause when the ring was full.
    pub overrun: u64,
    /// Frames of the stack that the device did not take: lost, as on a wire.
    pub untaken: u64,
}

/// Starts the programs that a host begins with, at its time 0: each enters the session, and its recording where there is one.
pub(super) fn start_programs(
    programs: &[ProgramKind],
    mut recording: Option<&mut Recording>,
    mut enter: impl FnMut(Act),
) {
    for program in programs {
        let act = Act::Start { host: HOST, program: program.clone() };
        if let Some(recording) = &mut recording {
            recording.act(0, &act);
        }
        enter(act);
    }
}

/// The microseconds from one moment of real time to another.
pub(super) fn microseconds(since: Instant, now: Instant) -> u64 {
    u64::try_from(now.saturating_duration_since(since).as_micros()).unwrap_or(u64::MAX)
}

/// How long to sleep until a time of the host's clock that comes by itself (`next` and `now` in microseconds of virtual time).
pub(super) fn until(next: u64, now: u64) -> Duration {
    Duration::from_micros(next.saturating_sub(now).max(TICK / 10))
}

/// A live session.
pub struct LiveSession {
    run: Run,
    device: Box<dyn FrameIo>,
    clock: Clock,
    waiting: VecDeque<Vec<u8>>,
    /// What the host begins with.
    beginning: Beginning,
    /// The programs it begins with.
    programs: Vec<ProgramKind>,
    /// Frames of the run that are on the wire already, or came from it.
    passed: usize,
    /// Bytes of those frames.
    past_bytes: usize,
    /// The run that has been forgotten, as far as it has not been let go yet.
    past: Option<Run>,
    traffic: Traffic,
    recording: Kept,
    /// Turns of the run when the recording was last told of them.
    recorded_turns: usize,
}

impl std::fmt::Debug for LiveSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveSession")
            .field("clock", &self.clock)
            .field("traffic", &self.traffic)
            .finish_non_exhaustive()
    }
}

impl LiveSession {
    /// Switches the host on, with these programs running on it.
    #[must_use]
    pub fn begin(
        device: Box<dyn FrameIo>,
        beginning: &Beginning,
        programs: &[ProgramKind],
        mut recording: Option<Recording>,
        now: Instant,
    ) -> Self {
        let mut journal = Journal::default();
        start_programs(programs, recording.as_mut(), |act| journal.add(0, act));
        Self {
            run: Run::new(beginning.world(), journal),
            device,
            clock: Clock::Running { at: 0, since: now },
            waiting: VecDeque::new(),
            beginning: beginning.clone(),
            programs: programs.to_vec(),
            passed: 0,
            past_bytes: 0,
            past: None,
            traffic: Traffic::default(),
            recording: recording.into(),
            recorded_turns: 0,
        }
    }

    /// Switches the host on anew, with the programs it began with: another life, whose run begins here. Frames that wait are
    /// lost, as on a machine that is down. A recording gets its tail, for it tells of one life.
    ///
    /// # Errors
    /// The recording does not have everything that happened.
    pub fn boot(&mut self, now: Instant) -> Result<(), Refusal> {
        let closed = self.finish_recording();
        for (_, config) in &mut self.beginning.hosts {
            // Initial sequence numbers must not repeat towards a peer that lives on.
            config.boot_time = config.boot_time.saturating_add(self.run.journal.horizon);
        }
        let mut journal = Journal::default();
        start_programs(&self.programs, None, |act| journal.add(0, act));
        self.run = Run::new(self.beginning.world(), journal);
        self.clock = Clock::Running { at: 0, since: now };
        self.waiting.clear();
        (self.passed, self.past_bytes, self.recorded_turns) = (0, 0, 0);
        closed
    }

    /// The run: turns, frames, states, and every moment of the past that is kept.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The run, for seeking in it. Time and frames enter through the session alone.
    pub fn run_mut(&mut self) -> &mut Run {
        &mut self.run
    }

    /// The device, to be polled.
    #[must_use]
    pub fn device(&self) -> &dyn FrameIo {
        self.device.as_ref()
    }

    /// What has gone over the device.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Frames that arrived in the pause and wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether time stands still.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        matches!(self.clock, Clock::Paused { .. })
    }

    /// Microseconds of virtual time since the host was switched on.
    #[must_use]
    pub fn time(&self, now: Instant) -> u64 {
        match self.clock {
            Clock::Running { at, since } => at.saturating_add(microseconds(since, now)),
            Clock::Paused { at } => at,
        }
    }

    /// Lets time stand still.
    pub fn pause(&mut self, now: Instant) {
        self.clock = Clock::Paused { at: self.time(now) };
    }

    /// Lets time go on from where the journal stands; what was sent in steps has left already.
    pub fn resume(&mut self, now: Instant) {
        let at = self.time(now).max(self.run.journal.horizon);
        self.clock = Clock::Running { at, since: now };
    }

    /// A frame has arrived: it enters with the next [`LiveSession::pump`], or waits for the end of the pause.
    pub fn arrive(&mut self, frame: Vec<u8>) {
        if self.waiting.len() < MOST_WAITING {
            self.waiting.push_back(frame);
        } else {
            self.traffic.overrun += 1;
        }
    }

    /// Takes every frame that the device holds.
    ///
    /// # Errors
    /// What the device says: it is gone or down.
    pub fn receive(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        while self.waiting.len() < MOST_WAITING {
            let Some(length) = self.device.receive(buffer)? else {
                break;
            };
            self.arrive(buffer.get(..length).unwrap_or(&[]).to_vec());
        }
        Ok(())
    }

    /// While running: lets the frames in, lets time come up to now, and sends what the stack has sent.
    ///
    /// # Errors
    /// What the device says.
    pub fn pump(&mut self, now: Instant) -> io::Result<()> {
        self.pump_some(now, usize::MAX)
    }

    /// The same with at most so many of the frames that wait, for whoever has something else to do soon.
    ///
    /// # Errors
    /// What the device says.
    pub fn pump_some(&mut self, now: Instant, most: usize) -> io::Result<()> {
        if self.is_paused() {
            return Ok(());
        }
        let time = self.time(now).max(self.run.journal.horizon);
        for _ in 0..most.min(self.waiting.len()) {
            if let Some(frame) = self.waiting.pop_front() {
                self.admit(time, frame);
            }
        }
        self.run.journal.extend(time);
        self.run.play(MOST_TURNS);
        self.reached(self.run.end())?;
        self.forget_the_far_past();
        Ok(())
    }

    /// Something a person does to the host now: a program is started, a call made, a mark set.
    pub fn act(&mut self, now: Instant, act: Act) {
        let time = self.time(now).max(self.run.journal.horizon);
        self.enter(time, act);
        self.recording.save();
    }

    fn admit(&mut self, time: u64, frame: Vec<u8>) {
        self.traffic.received += 1;
        self.enter(time, Act::Frames { host: HOST, frames: vec![(ETH0, frame)] });
    }

    fn enter(&mut self, time: u64, act: Act) {
        if let Some(recording) = self.recording.on() {
            recording.act(time, &act);
        }
        self.run.journal.add(time, act);
    }

    /// While paused, at the end of the run: lets the first frame in that waits. Says whether there was one. Time does not go
    /// on by that: it is the peer's too.
    pub fn admit_next(&mut self) -> bool {
        let time = self.run.journal.horizon;
        let frame = self.waiting.pop_front();
        let waited = frame.is_some();
        if let Some(frame) = frame {
            self.admit(time, frame);
        }
        waited
    }

    /// What would enter with each of the frames that wait, in order.
    pub fn waiting_acts(&self) -> impl Iterator<Item = Journal> {
        let horizon = self.run.journal.horizon;
        self.waiting.iter().map(move |frame| {
            let act = Act::Frames { host: HOST, frames: vec![(ETH0, frame.clone())] };
            Journal { acts: vec![(horizon, act)], horizon }
        })
    }

    /// The cursor has reached `moment`: every frame sent up to there that has not left yet leaves now. What has
    /// happened is on its way to the file of the recording when this returns.
    ///
    /// # Errors
    /// What the device says.
    pub fn reached(&mut self, moment: Moment) -> io::Result<()> {
        let turns = self.run.turns.len();
        if turns != self.recorded_turns {
            // Turns without a frame, as of timers, would not come back without it.
            let horizon = self.run.journal.horizon;
            if let Some(recording) = self.recording.on() {
                recording.horizon(horizon);
            }
            self.recorded_turns = turns;
        }
        let gone = self.let_leave(moment);
        let died = self.run.crashes.first().filter(|crash| crash.moment <= moment);
        if let (Some(crash), Some(recording)) = (died, self.recording.on()) {
            recording.died(crash.time, &crash.oops);
        }
        self.recording.save();
        gone
    }

    fn let_leave(&mut self, moment: Moment) -> io::Result<()> {
        while let Some(frame) = self.run.frames.get(self.passed).filter(|frame| frame.moment <= moment) {
            if !frame.from_outside {
                if self.device.transmit(&frame.sent.bytes)? {
                    self.traffic.transmitted += 1;
                } else {
                    self.traffic.untaken += 1;
                }
            }
            if let Some(recording) = self.recording.on() {
                recording.frame(frame);
            }
            self.passed += 1;
            self.past_bytes += frame.sent.bytes.len();
        }
        Ok(())
    }

    /// Why the recording has ended before the session, if it has; see [`Kept::stopped`].
    pub fn recording_stopped(&mut self) -> Option<&Stopped> {
        self.recording.stopped()
    }

    /// Bytes of the recording so far, while there is one.
    #[must_use]
    pub fn recorded(&self) -> Option<u64> {
        self.recording.size()
    }

    /// Ends the session: the recording gets its tail, the device is let go.
    ///
    /// # Errors
    /// The recording does not have everything that happened.
    pub fn end(mut self) -> Result<(), Refusal> {
        self.finish_recording()
    }

    /// Gives the recording its tail; what comes later is not recorded. A fault is told once.
    ///
    /// # Errors
    /// The recording does not have everything that happened.
    pub fn finish_recording(&mut self) -> Result<(), Refusal> {
        self.recording.finish(self.run.journal.horizon)
    }

    /// The frames that are on the wire, or came from it: the past that cannot be unsent.
    #[must_use]
    pub fn on_the_wire(&self) -> &[FrameRecord] {
        self.run.frames.get(..self.passed).unwrap_or(&self.run.frames)
    }

    /// How long nothing will happen by itself; `None` for as long as no frame arrives.
    #[must_use]
    pub fn idle_for(&self, now: Instant) -> Option<Duration> {
        if self.is_paused() {
            return None;
        }
        let next = self.run.head().next_own_time()?;
        Some(until(next, self.time(now)))
    }

    /// A session of days must not fill the memory: past a limit the run begins afresh from the present moment.
    fn forget_the_far_past(&mut self) {
        if self.past.as_mut().is_some_and(|past| !past.dissolve(DISSOLVED)) {
            self.past = None;
        }
        let frames_fit = self.passed < MOST_PAST && self.past_bytes < MOST_PAST_BYTES;
        if frames_fit && self.run.turns.len() < MOST_PAST_TURNS {
            return;
        }
        let mut world = self.run.head().clone();
        world.forget_journal();
        let horizon = self.run.journal.horizon;
        let afresh = Run::new(world, Journal { acts: Vec::new(), horizon });
        // What has been kept is much, and letting it go at once would take longer than a key may wait.
        self.past = Some(std::mem::replace(&mut self.run, afresh));
        (self.passed, self.past_bytes, self.recorded_turns) = (0, 0, 0);
    }
}

impl Drop for LiveSession {
    /// However a session ends, its recording gets its tail.
    fn drop(&mut self) {
        if let Err(refusal) = self.finish_recording() {
            refusal.remark();
        }
    }
}
