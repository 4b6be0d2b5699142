//! Live without a screen: one thread that waits for the device, the clock and signals, and keeps the session in step.
//! Promise: SIGINT, SIGTERM and SIGHUP end it cleanly, the end of the command given after `--` ends it with that
//! command's status, and while nothing happens it sleeps.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ExitStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};

use super::busy_poll::BusyPoll;
use super::refusal::Refusal;
use super::unseen::{UnseenSession, Went};

/// How a headless session ended.
#[derive(Debug)]
pub enum End {
    /// Its time was over.
    Time,
    /// A signal.
    Signal(i32),
    /// The command ended.
    Command(ExitStatus),
    /// The stack died as the original would have.
    Oops(String),
}

impl End {
    /// The exit code of the program: the command's own, 128 and the number of a signal as shells count, 1 for a
    /// stack that died.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        let of_signal = |signal: i32| u8::try_from(signal.saturating_add(128)).unwrap_or(u8::MAX);
        match self {
            // Ending a session by a signal is the ordinary way to end it.
            Self::Time | Self::Signal(_) => 0,
            Self::Command(status) => match (status.code(), status.signal()) {
                (Some(code), _) => u8::try_from(code).unwrap_or(u8::MAX),
                (None, Some(signal)) => of_signal(signal),
                (None, None) => u8::MAX,
            },
            Self::Oops(_) => 1,
        }
    }
}

/// Signals as something that can be polled.
#[derive(Debug)]
pub struct Signals {
    /// One byte arrives here for every signal: its number.
    pipe: UnixStream,
    /// Whether one has come since they were last taken: what a busy loop looks at, for it costs no system call.
    came: Arc<AtomicBool>,
}

impl Signals {
    /// Catches the signals that end a session, and the end of a child.
    ///
    /// # Errors
    /// The system refuses.
    pub fn catch() -> io::Result<Self> {
        let (read, write) = UnixStream::pair()?;
        read.set_nonblocking(true)?;
        write.set_nonblocking(true)?;
        // What came before they were caught, such as the end of the command, is looked for once.
        let came = Arc::new(AtomicBool::new(true));
        for signal in [SIGINT, SIGTERM, SIGHUP, SIGCHLD] {
            let write = write.try_clone()?;
            let number = [signal.to_le_bytes()[0]];
            let came = Arc::clone(&came);
            let tell = move || {
                // A full pipe means that there is enough to read already.
                let _ = rustix::io::write(&write, &number);
                came.store(true, Ordering::Release);
            };
            // SAFETY: the action makes one write(2) and one store to an atomic, which are allowed in a signal handler, and
            // touches nothing else.
            unsafe { signal_hook::low_level::register(signal, tell) }?;
        }
        Ok(Self { pipe: read, came })
    }

    /// Whether one has come since this was last asked.
    fn have_come(&self) -> bool {
        self.came.load(Ordering::Acquire) && self.came.swap(false, Ordering::Acquire)
    }

    /// The signals that came, in order.
    fn take(&mut self) -> Vec<i32> {
        let mut numbers = [0; 64];
        let length = self.pipe.read(&mut numbers).unwrap_or(0);
        numbers.iter().take(length).map(|number| i32::from(*number)).collect()
    }
}

/// Keeps `session` going until something ends it.
///
/// # Errors
/// The device is gone.
pub fn keep_going(
    session: &mut UnseenSession,
    signals: &mut Signals,
    mut child: Option<Child>,
    limit: Option<Duration>,
) -> Result<End, Refusal> {
    let begin = Instant::now();
    let mut busy_poll = BusyPoll::default();
    // When it was first found that nothing comes: behind the work, which may take longer than a wait worth looking through.
    let mut quiet_since = None;
    let mut told = false;
    loop {
        let now = Instant::now();
        let went = session.go_on(now).map_err(|error| gone(&error))?;
        let quiet = if went == Went::Nowhere {
            now.saturating_duration_since(*quiet_since.get_or_insert(now))
        } else {
            quiet_since = None;
            busy_poll.came();
            Duration::ZERO
        };
        if !told && let Some(stopped) = session.recording_stopped() {
            stopped.why.remark();
            told = true;
        }
        if let Some(oops) = oops(session) {
            end_child(child.as_mut());
            return Ok(End::Oops(oops));
        }
        let left = limit.map(|limit| limit.saturating_sub(now.saturating_duration_since(begin)));
        if left.is_some_and(|left| left.is_zero()) {
            end_child(child.as_mut());
            return Ok(End::Time);
        }
        if signals.have_come()
            && let Some(end) = ended(signals, &mut child)
        {
            return Ok(end);
        }
        if went != Went::Some && !busy_poll.looks(quiet) {
            let asleep = Instant::now();
            wait(session, signals, session.idle_for(now).into_iter().chain(left).min())?;
            busy_poll.slept(asleep.elapsed());
        }
    }
}

/// Whether a signal, or the end of the command, ends the session.
fn ended(signals: &mut Signals, child: &mut Option<Child>) -> Option<End> {
    for signal in signals.take() {
        if signal != SIGCHLD {
            end_child(child.as_mut());
            return Some(End::Signal(signal));
        }
    }
    match child.as_mut()?.try_wait() {
        Ok(Some(status)) => Some(End::Command(status)),
        Ok(None) | Err(_) => None,
    }
}

fn oops(session: &UnseenSession) -> Option<String> {
    let host = session.world().hosts.first()?;
    host.kernel.oops.as_ref().map(|oops| oops.story.clone())
}

/// Sleeps until a frame or a signal comes, or the time is over.
fn wait(session: &UnseenSession, signals: &Signals, time: Option<Duration>) -> Result<(), Refusal> {
    let time = time.and_then(|time| Timespec::try_from(time).ok());
    let mut sources = [
        PollFd::from_borrowed_fd(session.device().descriptor(), PollFlags::IN),
        PollFd::from_borrowed_fd(signals.pipe.as_fd(), PollFlags::IN),
    ];
    match poll(&mut sources, time.as_ref()) {
        Ok(_) | Err(rustix::io::Errno::INTR) => {}
        Err(error) => return Err(gone(&io::Error::from(error))),
    }
    let broken = PollFlags::ERR | PollFlags::HUP | PollFlags::NVAL;
    let [device, _] = sources.each_ref().map(PollFd::revents);
    if device.intersects(broken) {
        return Err(gone(&io::Error::from(io::ErrorKind::NotConnected)));
    }
    Ok(())
}

fn gone(error: &io::Error) -> Refusal {
    Refusal::device_gone(error)
}

/// Lets a command that is still running go: it is asked, given two seconds, and then ended.
fn end_child(child: Option<&mut Child>) {
    let Some(child) = child else { return };
    if let Some(process) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
        let _ = rustix::process::kill_process(process, rustix::process::Signal::TERM);
    }
    let begin = Instant::now();
    while matches!(child.try_wait(), Ok(None)) {
        if begin.elapsed() > Duration::from_secs(2) {
            let _ = child.kill();
            let _ = child.wait();
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
