//! What of a script is not run here, because it is for another machine: shell commands, and Python that packetdrill runs when
//! the script is over. A run passes over it and says so.

/// A line that is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// The words of a shell command.
    Command(String),
    /// Python, or what of it could not be evaluated.
    Code(String),
}
