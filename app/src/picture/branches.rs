//! The branches of a session as a tree, a row each.

/// A branch of the run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BranchRow {
    /// Its number, from 1.
    pub number: usize,
    /// How many branches lie between it and the first: 0 for the first.
    pub depth: usize,
    /// What is different in it, as a clause; none for the first.
    pub what: Option<String>,
    /// The step at which it parted from the one above it, one level less deep; none for the first.
    pub step: Option<u64>,
    /// Frames that have left so far.
    pub frames: usize,
    /// Whether it is shown.
    pub here: bool,
}
