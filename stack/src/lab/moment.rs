//! The address of a moment in a run. Promise: the order of addresses is the order of time.

/// A moment: a turn, and how many of its steps have happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Moment {
    /// Turn, from 0.
    pub turn: usize,
    /// Steps of it that have happened: 0 = before the first.
    pub step: usize,
}
