//! A live session as the origin of a run: while it runs the cursor rides at its end; paused, it can be walked like any other
//! run, and what the stack sends leaves the device when the cursor passes the step that sends it. Promise: time belongs to the
//! peer's clock: it stands while the session is paused, and no key moves it.

use std::io;
use std::time::{Duration, Instant};

use stack::lab::run::{Moment, Run};

use super::answer::Refused;
use super::lookahead::{Wanted, happens};
use super::origin::{Edit, Edited, Origin, RealTime};
use super::typed_call::play_act;
use crate::link::tap::TapDevice;
use crate::live::arrivals::Arrivals;
use crate::live::commands::Commands;
use crate::live::session::LiveSession;
use crate::live::start::{Network, Started};
use crate::outside::Notify;
use crate::picture::Source;

/// A live session on the screen.
pub struct Live {
    session: LiveSession,
    device: TapDevice,
    arrivals: Option<Arrivals>,
    commands: Option<Commands>,
    notify: Option<Notify>,
    /// What has to stay open as long as the session lasts, such as the private network.
    _network: Network,
}

impl Live {
    /// A session that has been started; it runs until somebody pauses it.
    #[must_use]
    pub fn new(started: Started) -> Self {
        let commands = started.entrance().map(Commands::new);
        let Started { session, ears, network, .. } = started;
        Self { session, device: ears, arrivals: None, commands, notify: None, _network: network }
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
        let Edit::Call { act, done, .. } = edit else { return Err(Refused::NotSimulated) };
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

    fn arrive(&mut self, frame: Vec<u8>) -> bool {
        self.session.arrive(frame);
        self.session.is_paused() || self.pump()
    }

    fn pump(&mut self) -> bool {
        if self.session.is_paused() {
            return false;
        }
        let before = self.session.run().turns.len();
        let went = self.session.pump(Instant::now());
        self.session.run().turns.len() != before || went.is_err()
    }

    fn set_running(&mut self, running: bool) -> bool {
        let now = Instant::now();
        if running {
            self.session.resume(now);
            self.pump();
        } else {
            self.session.pause(now);
        }
        running
    }

    fn is_running(&self) -> bool {
        !self.session.is_paused()
    }

    fn waiting(&self) -> usize {
        self.session.waiting()
    }

    fn command(&mut self, line: &str) -> bool {
        match (&mut self.commands, &self.notify) {
            (Some(commands), Some(notify)) => commands.start(line, notify.clone()).is_ok(),
            _ => false,
        }
    }

    fn idle_for(&self) -> Option<Duration> {
        self.session.idle_for(Instant::now())
    }
}
