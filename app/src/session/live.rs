//! A live session as the origin of a run: while it runs the cursor rides at its end; paused, it can be walked like any other
//! run, and what the stack sends leaves the device when the cursor passes the step that sends it. Promise: time belongs to the
//! peer's clock: it stands while the session is paused, and no key moves it.

use std::io;
use std::time::{Duration, Instant};

use stack::lab::run::{Moment, Run};

use super::answer::Refused;
use super::lookahead::{Wanted, happens};
use super::origin::{Edit, Edited, Origin, RealTime, Worked};
use super::typed_call::play_act;
use crate::link::tap::TapDevice;
use crate::link::{FrameIo, LARGEST_FRAME};
use crate::live::arrivals::Arrivals;
use crate::live::commands::Commands;
use crate::live::session::LiveSession;
use crate::live::start::{Network, Started};
use crate::outside::Notify;
use crate::picture::{LiveState, Recorded, Source};
use crate::refusal::Refusal;

/// Frames taken and let in between two looks at the clock.
const BATCH: usize = 32;

/// Turns between two worlds that are kept for the next picture: as many as it may have to go through again.
const KEPT: usize = 64;

/// The time over which the growth of a recording is measured.
const MEASURE: Duration = Duration::from_secs(1);

/// A second of the host's clock, in microseconds.
const SECOND: u64 = 1_000_000;

/// A live session on the screen.
pub struct Live {
    session: LiveSession,
    device: TapDevice,
    arrivals: Option<Arrivals>,
    commands: Option<Commands>,
    notify: Option<Notify>,
    /// Whether frames may wait at the device: nobody waits for them meanwhile.
    is_ready: bool,
    /// Where the device puts a frame.
    buffer: Vec<u8>,
    /// What is to be seen beside the run, as of the last look.
    shown: LiveState,
    /// When the recording was measured, and its bytes then.
    measured: (Instant, u64),
    /// Turns of the run when its world was last kept for the next picture.
    kept: usize,
    /// What has to stay open as long as the session lasts, such as the private network.
    _network: Network,
}

impl Live {
    /// A session that has been started; it runs until somebody pauses it.
    #[must_use]
    pub fn new(started: Started) -> Self {
        let commands = started.entrance().map(Commands::new);
        let Started { session, ears, network, .. } = started;
        Self {
            session,
            device: ears,
            arrivals: None,
            commands,
            notify: None,
            is_ready: true,
            buffer: vec![0; LARGEST_FRAME],
            shown: LiveState::default(),
            measured: (Instant::now(), 0),
            kept: 0,
            _network: network,
        }
    }

    /// Takes some of the frames that the device holds.
    fn take_some(&mut self) -> io::Result<()> {
        // Behind a long pause those that wait come first.
        let room = if self.session.is_paused() { BATCH } else { BATCH.saturating_sub(self.session.waiting()) };
        for _ in 0..room {
            if !self.is_ready {
                break;
            }
            match self.device.receive(&mut self.buffer)? {
                Some(length) => self.session.arrive(self.buffer.get(..length).unwrap_or(&[]).to_vec()),
                None => self.is_ready = false,
            }
        }
        Ok(())
    }

    /// While time runs: lets some of the frames in that were taken, and time come up to now.
    fn pump_some(&mut self) -> io::Result<()> {
        let run = self.session.run_mut();
        if run.turns.len().saturating_sub(self.kept) >= KEPT || run.turns.len() < self.kept {
            // The picture that is drawn next is of the end of the run: it shall not cost every turn since the last one.
            run.keep_here();
            self.kept = run.turns.len();
        }
        self.session.pump_some(Instant::now(), BATCH)
    }

    /// Whether there is more to do at once.
    fn is_behind(&self) -> bool {
        self.is_ready || (!self.session.is_paused() && self.session.waiting() > 0)
    }

    /// What is to be seen of the session's going on.
    fn seen(&self) -> (usize, LiveState) {
        (self.session.run().turns.len(), self.shown)
    }

    /// Takes in how the session stands; says why the recording has ended, once.
    fn look(&mut self, now: Instant) -> Option<Refusal> {
        let was = self.shown.recording;
        let stopped = self.session.recording_stopped().cloned();
        let size = self.session.recorded();
        let since = now.saturating_duration_since(self.measured.0);
        let recording = match (&stopped, size) {
            (Some(stopped), _) => Some(if stopped.is_fault { Recorded::Failed } else { Recorded::Full }),
            (None, None) => None,
            // Between two measures the figures stand, so that they can be read.
            (None, Some(_)) if since < MEASURE && was.is_some() => was,
            (None, Some(size)) => {
                let grown = u128::from(size.saturating_sub(self.measured.1)) * 1_000 / since.as_millis().max(1);
                let rate = if was.is_some() { u64::try_from(grown).unwrap_or(u64::MAX) } else { 0 };
                self.measured = (now, size);
                Some(Recorded::On { size, rate })
            }
        };
        let traffic = self.session.traffic();
        self.shown = LiveState {
            waiting: self.session.waiting(),
            overrun: traffic.overrun,
            untaken: traffic.untaken,
            recording,
            has_network: self.commands.is_some(),
            clock: Some(self.session.time(now) / SECOND),
        };
        stopped.filter(|_| recording != was).map(|stopped| stopped.why)
    }

    /// When the recording is to be looked at again although nothing comes: while its figures are not at rest.
    fn next_look(&self) -> Option<Duration> {
        match self.shown.recording {
            Some(Recorded::On { size, rate }) if rate > 0 || self.session.recorded() != Some(size) => Some(MEASURE),
            Some(Recorded::On { .. } | Recorded::Full | Recorded::Failed) | None => None,
        }
    }

    /// Lets leave what the cursor has passed.
    fn pass(&mut self, at: Moment) {
        // A device that is gone is told by the thread that waits for its frames.
        let _gone: io::Result<()> = self.session.reached(at);
    }
}

impl Origin for Live {
    fn source(&self) -> Source {
        Source::Live
    }

    fn run(&self) -> &Run {
        self.session.run()
    }

    fn run_mut(&mut self) -> &mut Run {
        self.session.run_mut()
    }

    /// Lets the frames in that wait, one after the other up to the one that brings what is wanted.
    fn extend(&mut self, wanted: Wanted) -> bool {
        let mut world = self.session.run().head().clone();
        world.forget_journal();
        let brings = self.session.waiting_acts().position(|journal| {
            world.forget_journal();
            happens(&mut world, &journal, wanted)
        });
        let Some(last) = brings else { return false };
        for _ in 0..=last {
            self.session.admit_next();
        }
        true
    }

    fn may_stand(&mut self, at: Moment) -> bool {
        self.pass(at);
        true
    }

    fn edit(&mut self, edit: &Edit, at: Moment) -> Result<Edited, Refused> {
        let Edit::Act { act, done, .. } = edit else { return Err(Refused::NotSimulated) };
        let run = self.session.run();
        if at.turn + 1 < run.turns.len() || *done != run.journal.acts.len() {
            return Err(Refused::LivePast);
        }
        self.set_running(false);
        self.session.act(Instant::now(), act.clone());
        play_act(self.session.run_mut(), *done).map(Edited::Here).ok_or(Refused::CallLost)
    }

    fn outside(&mut self) -> Option<&mut dyn RealTime> {
        Some(self)
    }
}

impl RealTime for Live {
    fn attach(&mut self, notify: &Notify) {
        self.notify = Some(notify.clone());
        self.arrivals = Arrivals::start(&self.device, notify.clone()).ok();
    }

    fn ready(&mut self) {
        self.is_ready = true;
        if let Some(arrivals) = &mut self.arrivals {
            arrivals.told();
        }
    }

    fn work(&mut self, until: Instant) -> Worked {
        let before = self.seen();
        let mut gone = None;
        loop {
            let went = self.take_some().and_then(|()| self.pump_some());
            if let Err(error) = went {
                self.is_ready = false;
                gone = Some(error.to_string());
            }
            if !self.is_behind() || Instant::now() >= until {
                break;
            }
        }
        if !self.is_ready
            && gone.is_none()
            && let Some(arrivals) = &mut self.arrivals
        {
            arrivals.rearm();
        }
        let remark = self.look(Instant::now());
        let news = self.seen() != before || gone.is_some() || remark.is_some();
        Worked { news, more: self.is_behind(), gone, remark }
    }

    fn set_running(&mut self, running: bool) -> bool {
        let now = Instant::now();
        if running {
            self.session.resume(now);
        } else {
            self.session.pause(now);
        }
        running
    }

    fn is_running(&self) -> bool {
        !self.session.is_paused()
    }

    fn shown(&self) -> LiveState {
        self.shown
    }

    fn boot(&mut self) -> Result<(), Refusal> {
        self.kept = 0;
        let closed = self.session.boot(Instant::now());
        let _said = self.look(Instant::now());
        closed
    }

    fn close(&mut self) -> Result<(), Refusal> {
        self.session.finish_recording()
    }

    fn command(&mut self, line: &str) -> bool {
        match (&mut self.commands, &self.notify) {
            (Some(commands), Some(notify)) => commands.start(line, notify.clone()).is_ok(),
            _ => false,
        }
    }

    fn idle_for(&self) -> Option<Duration> {
        let now = Instant::now();
        let clock =
            (!self.session.is_paused()).then(|| Duration::from_micros(SECOND - self.session.time(now) % SECOND));
        self.session.idle_for(now).into_iter().chain(self.next_look()).chain(clock).min()
    }
}
