//! Signals as Unix has them: SIGTERM, SIGHUP and SIGINT end, SIGTSTP stops, SIGCONT goes on.

use std::io;
use std::thread;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;
use signal_hook::low_level::emulate_default_handler;

use super::Asked;

/// Whether the program can be stopped for a while.
pub(in crate::tui) const CAN_STOP: bool = true;

/// Starts a thread that hands on what is asked, until `tell` says that nobody listens any more.
///
/// # Errors
/// The handlers cannot be installed, or the thread cannot be started.
pub(in crate::tui) fn watch(tell: impl Fn(Asked) -> bool + Send + 'static) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let asked = match signal {
                SIGTSTP => Asked::Stop,
                SIGCONT => Asked::Continue,
                other => Asked::End(other),
            };
            if !tell(asked) {
                return;
            }
        }
    })?;
    Ok(())
}

/// Starts a thread that tells when the terminal has gone away. Who only reads it may never learn: reading gives nothing for ever,
/// and the system sends SIGHUP to the shell alone.
///
/// # Errors
/// The thread cannot be started.
#[cfg(live)]
pub(in crate::tui) fn watch_terminal(tell: impl FnOnce() + Send + 'static) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};
    use rustix::io::Errno;
    thread::Builder::new().name("terminal".to_owned()).spawn(move || {
        let terminal = io::stdout();
        loop {
            // Nothing is waited for but the end, which is always told.
            let mut sources = [PollFd::new(&terminal, PollFlags::empty())];
            match poll(&mut sources, None) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) | Err(_) => return tell(),
            }
        }
    })?;
    Ok(())
}

/// Where live mode is not built in, a terminal that has gone away is noticed by the next picture.
///
/// # Errors
/// None; the other half has some.
#[cfg(not(live))]
pub(in crate::tui) fn watch_terminal(_tell: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// Stops the process as Ctrl-Z does, and comes back when it goes on.
///
/// # Errors
/// The system refuses.
pub(in crate::tui) fn stop() -> io::Result<()> {
    emulate_default_handler(SIGTSTP)
}

/// Ends the process by `signal`, so that whoever waits for it sees that it was the signal.
///
/// # Errors
/// The system refuses.
pub(in crate::tui) fn end(signal: i32) -> io::Result<()> {
    emulate_default_handler(signal)
}
