//! A walk through a live session: while it runs the cursor rides at its end; paused, it can be walked like any other run, and
//! what the stack sends leaves the device when the cursor passes the step that sends it.

use std::io;
use std::time::{Duration, Instant};

use stack::lab::movement::{Direction as Way, Movement};

use crate::link::tap::TapDevice;
use crate::live::arrivals::Arrivals;
use crate::live::commands::Commands;
use crate::live::session::LiveSession;
use crate::live::start::{Network, Started};
use crate::outside::Notify;
use crate::picture::Source;
use crate::session::held::Held;
use crate::session::{Course, Walk};

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
    fn new(started: Started) -> Self {
        let commands = started.private_name().map(|name| Commands::new(name.to_owned()));
        let Started { session, ears, network, .. } = started;
        Self { session, device: ears, arrivals: None, commands, notify: None, _network: network }
    }

    pub(super) fn session(&self) -> &LiveSession {
        &self.session
    }

    pub(super) fn session_mut(&mut self) -> &mut LiveSession {
        &mut self.session
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        if let Err(refusal) = self.session.finish_recording() {
            refusal.remark();
        }
    }
}

impl Walk {
    /// A walk through a live session; it runs until somebody pauses it.
    #[must_use]
    pub fn live(started: Started) -> Self {
        let title = started.title();
        let live = Live::new(started);
        let mut beginning = live.session.run().head().clone();
        beginning.clock = 0;
        let at = live.session.run().end();
        let course = Course::new(Held::Live(Box::new(live)), at);
        Self::of_course(title, Source::Live, beginning, course)
    }

    fn live_mut(&mut self) -> Option<&mut Live> {
        match &mut self.course()?.run {
            Held::Live(live) => Some(live),
            Held::Own(_) | Held::Lesson(_) => None,
        }
    }

    fn live_ref(&self) -> Option<&Live> {
        match &self.courses.get(self.course)?.run {
            Held::Live(live) => Some(live),
            Held::Own(_) | Held::Lesson(_) => None,
        }
    }

    /// Whether this is a live session.
    pub(super) fn has_device(&self) -> bool {
        self.live_ref().is_some()
    }

    /// Starts the thread that waits for frames.
    pub(super) fn listen(&mut self, notify: &Notify) {
        if let Some(live) = self.live_mut() {
            live.notify = Some(notify.clone());
            live.arrivals = Arrivals::start(&live.device, notify.clone()).ok();
        }
    }

    /// Starts a command in the private network, where there is one.
    pub(super) fn start_command(&mut self, line: &str) -> bool {
        let Some(live) = self.live_mut() else { return false };
        match (&mut live.commands, &live.notify) {
            (Some(commands), Some(notify)) => commands.start(line, notify.clone()).is_ok(),
            _ => false,
        }
    }

    /// A frame has come; while paused it waits.
    pub(super) fn frame_arrived(&mut self, frame: Vec<u8>) -> bool {
        let Some(live) = self.live_mut() else { return false };
        live.session.arrive(frame);
        if live.session.is_paused() {
            return true;
        }
        self.pump()
    }

    /// Lets time come up to now; the cursor rides along. Says whether anything happened.
    pub(super) fn pump(&mut self) -> bool {
        let Some(live) = self.live_mut() else { return false };
        if live.session.is_paused() {
            return false;
        }
        let before = live.session.run().reel.len();
        let went = live.session.pump(Instant::now());
        let happened = live.session.run().reel.len() != before || went.is_err();
        let end = live.session.run().end();
        self.stand_at(end);
        happened
    }

    /// Pauses or goes on; says whether it runs now.
    pub(super) fn set_running(&mut self, running: bool) -> bool {
        let Some(live) = self.live_mut() else { return false };
        let now = Instant::now();
        if running {
            live.session.resume(now);
            self.pump();
        } else {
            live.session.pause(now);
        }
        running
    }

    /// Whether time runs by itself.
    pub(super) fn is_running(&self) -> bool {
        self.live_ref().is_some_and(|live| !live.session.is_paused())
    }

    /// Frames that wait for the end of a pause.
    pub(super) fn frames_waiting(&self) -> usize {
        self.live_ref().map_or(0, |live| live.session.waiting())
    }

    /// How long nothing will happen by itself.
    pub(super) fn idle_for(&self) -> Option<Duration> {
        self.live_ref()?.session.idle_for(Instant::now())
    }

    /// One movement of a paused session: at its end the next frame that waits, or the next timer, is let in.
    pub(super) fn moved_live(&mut self, movement: Movement, way: Way) -> bool {
        self.set_running(false);
        let Some(course) = self.courses.get_mut(self.course) else { return false };
        let from = course.at;
        let mut next = course.run.moved(from, movement, way);
        for _ in 0..64 {
            if next.is_some() || way == Way::Backward {
                break;
            }
            let Held::Live(live) = &mut course.run else { break };
            if !live.session.admit_next() {
                break;
            }
            next = course.run.moved(from, movement, way);
        }
        let Some(next) = next else { return false };
        course.at = next;
        self.pass();
        true
    }

    /// Lets leave what the cursor has passed.
    pub(super) fn pass(&mut self) {
        let at = self.moment();
        if let Some(live) = self.live_mut() {
            // A device that is gone is told by the thread that waits for its frames.
            let _gone: io::Result<()> = live.session.reached(at);
        }
    }
}
