//! Where a run comes from, and what may be done to it there.
//!
//! The session walks every run alike; what differs between the laboratory, a recorded run, a live device and a lesson stands
//! behind [`Origin`]. Promise: an origin keeps its run; whoever walks it changes it by [`Origin::extend`] and
//! [`Origin::edit`] only.

use std::time::{Duration, Instant};

use stack::lab::journal::Act;
use stack::lab::run::{Moment, Run};
use stack::link::wire::Fate;

use super::answer::Refused;
use super::lesson_driver::LessonDriver;
use super::lookahead::Wanted;
use crate::outside::Notify;
use crate::picture::{LiveState, Source};
use crate::refusal::Refusal;

/// Something a person does to a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A frame fares otherwise on the wire.
    Fate {
        /// Number of the frame, from 1.
        frame: u64,
        /// What becomes of it.
        fate: Fate,
    },
    /// A person acts on a host at the moment of the cursor: a process makes a system call or gets a signal, a timer is to fire.
    Act {
        /// The act, as the journal has it.
        act: Act,
        /// Acts of the journal that have been done where the cursor stands.
        done: usize,
        /// Microseconds at which it is done.
        time: u64,
    },
}

/// What came of an edit.
pub enum Edited {
    /// The run goes on with it; the cursor belongs there.
    Here(Moment),
    /// It happened in the past: another run, which the session keeps as a branch.
    Branch {
        /// The origin of the branch.
        origin: Box<dyn Origin>,
        /// The moment at which the two runs part.
        parts_at: Moment,
        /// Where the cursor belongs in it.
        at: Moment,
    },
}

/// A run and what its kind allows.
pub trait Origin {
    /// Where its frames come from.
    fn source(&self) -> Source;

    /// The run, to be looked at.
    fn run(&self) -> &Run;

    /// The run, to be walked: seeking fills its caches and may take turns that its journal allows already.
    fn run_mut(&mut self) -> &mut Run;

    /// At the end of the run: lets it go on until what is wanted happens. Says whether it will; where it will not, nothing has
    /// changed.
    fn extend(&mut self, _wanted: Wanted) -> bool {
        false
    }

    /// Asks for the cursor to stand at a moment, and tells where it stands if it may.
    fn may_stand(&mut self, _at: Moment) -> bool {
        true
    }

    /// Does what a person does to the run, with the cursor at `at`.
    ///
    /// # Errors
    /// Why it cannot be done here.
    fn edit(&mut self, edit: &Edit, at: Moment) -> Result<Edited, Refused>;

    /// The moment behind which everything is hidden, while a question is open.
    fn hides_from(&mut self) -> Option<Moment> {
        None
    }

    /// The side of a run that real time and a device drive, where it has one.
    fn outside(&mut self) -> Option<&mut dyn RealTime> {
        None
    }

    /// The lesson that is played on the run, where one is.
    fn lesson(&mut self) -> Option<&mut LessonDriver> {
        None
    }
}

/// What came of a slice of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Whether anything is to be seen of it.
    pub news: bool,
    /// Whether there is more to do at once.
    pub more: bool,
    /// Why the device is gone, where it is.
    pub gone: Option<String>,
    /// Why the recording has ended, told once.
    pub remark: Option<Refusal>,
}

/// A run that goes on by itself with real time: a live session.
pub trait RealTime {
    /// Hands over whom to tell when something arrives.
    fn attach(&mut self, notify: &Notify);

    /// Frames wait at the device; the next [`RealTime::work`] takes them.
    fn ready(&mut self);

    /// Takes frames of the device and lets time come up to now, a little at a time, until nothing waits or until `until`. While
    /// time stands still the frames wait for its going on.
    fn work(&mut self, until: Instant) -> Worked;

    /// Lets time run, or stops it; says whether it runs now.
    fn set_running(&mut self, running: bool) -> bool;

    /// Whether time runs.
    fn is_running(&self) -> bool;

    /// What is to be seen of it beside its run.
    fn shown(&self) -> LiveState;

    /// Switches the host on anew, with the same programs. A recording ends here, for it tells of one life of the host.
    ///
    /// # Errors
    /// Why its recording does not have everything that happened.
    fn boot(&mut self) -> Result<(), Refusal>;

    /// Closes what the session has open, such as its recording.
    ///
    /// # Errors
    /// Why its recording does not have everything that happened.
    fn close(&mut self) -> Result<(), Refusal>;

    /// Runs a line of shell beside the session, in its private network; `false` where there is none.
    fn command(&mut self, line: &str) -> bool;

    /// How long nothing will happen by itself; for ever where `None`.
    fn idle_for(&self) -> Option<Duration>;
}
