//! What a cursor walks on: a run, or the frames of an observed capture. Promise: what can be asked of both is asked here, so that
//! whoever moves the cursor need not know which it is.

use super::answer::Answer;
use super::follow::Streamed;
use super::motion::{Direction, Motion};
use super::observed::ObservedSession;
use super::{PictureRequest, Session};
use crate::picture::Picture;

/// What is open under the cursor.
pub enum Walked<'a> {
    /// A run of a stack.
    Run(&'a mut Session),
    /// A capture of which only the frames are known.
    Frames(&'a mut ObservedSession),
}

impl Walked<'_> {
    /// The picture of the present moment.
    pub fn picture(&mut self, request: PictureRequest) -> Picture {
        match self {
            Self::Run(session) => session.picture(request),
            Self::Frames(observed) => observed.picture(request),
        }
    }

    /// Moves by one motion.
    pub fn travel(&mut self, motion: Motion, direction: Direction) -> Answer {
        match self {
            Self::Run(session) => session.travel(motion, direction),
            Self::Frames(observed) => observed.travel(motion, direction),
        }
    }

    /// Moves to a step, or to a captured frame, by its number.
    pub fn go_to(&mut self, number: u64) -> Answer {
        match self {
            Self::Run(session) => session.go_to(number),
            Self::Frames(observed) => observed.go_to(number),
        }
    }

    /// The stream of a connection: of a run that of a frame, by its number; of a capture that in focus.
    pub fn stream(&mut self, frame: Option<u64>) -> Option<Streamed> {
        match self {
            Self::Run(session) => session.stream(frame),
            Self::Frames(observed) => observed.stream(),
        }
    }

    /// Sets a mark on the present moment.
    pub fn set_mark(&mut self, letter: char) {
        match self {
            Self::Run(session) => session.set_mark(letter),
            Self::Frames(observed) => observed.set_mark(letter),
        }
    }

    /// The marks that are set, by letter, each with the number where it stands.
    pub fn marks(&mut self) -> Vec<(char, u64)> {
        match self {
            Self::Run(session) => session.marks(),
            Self::Frames(observed) => observed.marks(),
        }
    }

    /// Moves to a mark; `false` where there is none of that letter.
    pub fn go_to_mark(&mut self, letter: char) -> bool {
        match self {
            Self::Run(session) => session.go_to_mark(letter),
            Self::Frames(observed) => observed.go_to_mark(letter),
        }
    }
}
