//! The half for systems without signals: nothing is ever asked, and there is no stopping for a while.

use std::io;

use super::Asked;

/// Whether the program can be stopped for a while.
pub(in crate::tui) const CAN_STOP: bool = false;

/// Hands on nothing: nothing is asked here.
///
/// # Errors
/// None; the other half has some.
pub(in crate::tui) fn watch(_tell: impl Fn(Asked) -> bool + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// Tells nothing: a window that is closed ends the process.
///
/// # Errors
/// None; the other half has some.
pub(in crate::tui) fn watch_terminal(_tell: impl FnOnce() + Send + 'static) -> io::Result<()> {
    Ok(())
}

/// Goes on at once.
///
/// # Errors
/// None; the other half has some.
pub(in crate::tui) fn stop() -> io::Result<()> {
    Ok(())
}

/// Leaves the ending to whoever called: nothing was asked by a signal.
///
/// # Errors
/// None; the other half has some.
pub(in crate::tui) fn end(_signal: i32) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_signals_nothing_is_asked_and_nothing_stops() {
        watch(|asked| panic!("{asked:?} was asked")).unwrap();
        watch_terminal(|| panic!("the terminal is there")).unwrap();
        stop().unwrap();
        end(15).unwrap();
        assert_ne!(CAN_STOP, cfg!(unix));
    }
}
