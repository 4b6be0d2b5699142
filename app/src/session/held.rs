//! What a walk holds: a run of its own, or the run of a live session.

use std::ops::{Deref, DerefMut};

use stack::lab::run::Run;

use crate::session::lesson::Tutor;
#[cfg(live)]
use crate::session::live::Live;

/// A run, wherever it lives.
pub(super) enum Held {
    /// The run of a lesson, or the one that its learner has changed.
    Lesson(Box<Tutor>),
    /// A run of the laboratory, a script or a capture.
    Own(Box<Run>),
    /// A live session with its run.
    #[cfg(live)]
    Live(Box<Live>),
}

impl Deref for Held {
    type Target = Run;

    fn deref(&self) -> &Run {
        match self {
            Self::Own(run) => run,
            Self::Lesson(tutor) => tutor.player().shown(),
            #[cfg(live)]
            Self::Live(live) => live.session().run(),
        }
    }
}

impl DerefMut for Held {
    fn deref_mut(&mut self) -> &mut Run {
        match self {
            Self::Own(run) => run,
            Self::Lesson(tutor) => tutor.player_mut().run(),
            #[cfg(live)]
            Self::Live(live) => live.session_mut().run_mut(),
        }
    }
}
