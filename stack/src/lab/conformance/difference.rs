//! A place where a run is not as its script says: what a comparison or a judge of packetdrill's kind finds.

use crate::kernel::KernelOops;
use crate::lab::caption::story;
use crate::lab::script::Position;
use crate::words::Words;

/// A place where a run differs from its script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where in the script.
    pub position: Position,
    /// What differs.
    pub message: Words<String>,
    /// The line of the script with its time, if it has one.
    pub script_line: Option<String>,
    /// The line of what happened with its time, if it did.
    pub actual_line: Option<String>,
    /// What these lines are.
    pub subject: Subject,
}

/// What the two lines of a difference show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// Whatever stands in the script, with its direction.
    Line,
    /// A packet, as packetdrill shows it.
    Packet,
    /// A call.
    Call,
    /// There are none.
    Sentence,
}

impl Difference {
    /// A sentence about a place, without lines to compare.
    #[must_use]
    pub fn at(position: Position, message: Words<String>) -> Self {
        Difference { position, message, script_line: None, actual_line: None, subject: Subject::Sentence }
    }

    /// The kernel died while that line had its turn; whatever did not happen then did not because of it.
    #[must_use]
    pub fn death(position: Position, oops: &KernelOops) -> Self {
        let Words { en, zh } = story(oops);
        Difference::at(position, Words { en: format!("the kernel died here: {en}"), zh: format!("内核在此崩溃：{zh}") })
    }
}
