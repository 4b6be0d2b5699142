//! What the system asks of the screen: to end, to stop for a while, to go on.
//!
//! Unix asks by signals, and a key stops the program as it stops every other one there. Elsewhere nothing is asked: keys come
//! from the terminal in raw mode (Ctrl-C too), a closed window ends the process, and nobody can stop it for a while. Promise:
//! this room and live mode are the only ones that know a name of one system; both halves have the same items.

#[cfg(any(not(unix), test))]
mod portable;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(in crate::tui) use portable::{CAN_STOP, end, stop, watch, watch_terminal};
#[cfg(unix)]
pub(in crate::tui) use unix::{CAN_STOP, end, stop, watch, watch_terminal};

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(unix), expect(dead_code, reason = "other systems end a program without asking it"))]
pub(in crate::tui) enum Asked {
    /// To end, by the signal of this number; [`end`] takes it when the terminal has been given back.
    End(i32),
    /// To stop for a while ([`stop`]), the terminal given back.
    Stop,
    /// The program goes on after a stop; somebody else may have had the terminal.
    Continue,
}
