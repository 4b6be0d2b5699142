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
