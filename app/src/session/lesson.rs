//! A lesson as the origin of a run: its player decides where the cursor may stand, what is hidden, and what may be changed.

use lessons::{Act, Change, Files};
use stack::lab::run::{Moment, Run};
use stack::link::wire::Fate;

use super::Session;
use super::answer::Refused;
use super::lesson_driver::LessonDriver;
use super::origin::{Edit, Edited, Origin};
use crate::picture::Source;

impl Session {
    /// The same where a lesson is open, as somebody who has a name: what is opened behind it is opened as the same.
    #[must_use]
    pub fn with_student(mut self, student: &str) -> Self {
        if let Some(driver) = self.branch_mut().origin.lesson() {
            driver.student = Some(student.to_owned());
        }
        self
    }

    /// Who learns here; None where no lesson is open, or nobody has said so.
    pub fn student(&mut self) -> Option<String> {
        self.branch_mut().origin.lesson()?.student.clone()
    }

    /// The files of the second pass of the lesson that is open; None where none is, or it has no second pass.
    pub fn second_pass(&mut self) -> Option<Files> {
        self.branch_mut().origin.lesson()?.player().second_pass()
    }
}

impl Origin for LessonDriver {
    fn source(&self) -> Source {
        Source::Lab
    }

    fn run(&self) -> &Run {
        self.player.shown()
    }

    fn run_mut(&mut self) -> &mut Run {
        self.player.run()
    }

    fn may_stand(&mut self, at: Moment) -> bool {
        self.go(at)
    }

    fn edit(&mut self, edit: &Edit, _at: Moment) -> Result<Edited, Refused> {
        let Edit::Fate { frame, fate } = edit else { return Err(Refused::LessonCalls) };
        let change = match fate {
            Fate::Drop => Change::Drop(*frame),
            Fate::Duplicate => Change::Duplicate(*frame),
            Fate::Delay(microseconds) => Change::Delay(*frame, microseconds / 1_000),
            _ => return Err(Refused::LessonWire),
        };
        if self.act(Act::Change(change)) { Ok(Edited::Here(self.player.moment())) } else { Err(Refused::LessonWire) }
    }

    fn hides_from(&mut self) -> Option<Moment> {
        self.player.masked_from()
    }

    fn lesson(&mut self) -> Option<&mut LessonDriver> {
        Some(self)
    }
}
