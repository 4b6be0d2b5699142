//! What a session does for a class: it begins, it is taught, it ends. See [`super::class`].

use std::time::Duration;

use super::Session;
use super::answer::Refused;
use super::class::ClassAct;
use crate::lesson::class_place::Teller;

impl Session {
    /// The same with who is told where a class stands that looks at its lesson.
    #[must_use]
    pub fn with_class_teller(mut self, tell: Teller) -> Self {
        if let Some(driver) = self.branch_mut().origin.lesson() {
            driver.set_teller(tell);
        }
        self
    }

    /// Whether a class looks at the lesson.
    pub fn has_class(&mut self) -> bool {
        self.branch_mut().origin.lesson().is_some_and(|driver| driver.class().is_some())
    }

    /// Shows the lesson to a class, from its first beat or from where it stands. What the learner did waits meanwhile.
    ///
    /// # Errors
    /// No lesson is open.
    pub fn begin_class(&mut self, from_start: bool, now: Duration) -> Result<(), Refused> {
        let begun = self.branch_mut().origin.lesson().is_some_and(|driver| driver.begin_class(from_start, now));
        self.stand_where_lesson_is();
        if begun { Ok(()) } else { Err(Refused::NoLesson) }
    }

    /// Ends the class; the learner's lesson stands where it stood.
    pub fn end_class(&mut self) {
        if let Some(driver) = self.branch_mut().origin.lesson() {
            driver.end_class();
        }
        self.stand_where_lesson_is();
    }

    /// Does what a teacher does.
    ///
    /// # Errors
    /// No class looks at it, or the lesson has no use for that now.
    pub fn teach(&mut self, act: ClassAct) -> Result<(), Refused> {
        let driver = self.branch_mut().origin.lesson().ok_or(Refused::NoLesson)?;
        let done = driver.teach(act);
        if matches!(act, ClassAct::Forward | ClassAct::Back) {
            self.stand_where_lesson_is();
        }
        if done { Ok(()) } else { Err(Refused::NotAsked) }
    }

    /// Tells a class what the clock says. Gives how long the question that is open has been open; None where none is.
    pub fn class_time(&mut self, now: Duration) -> Option<Duration> {
        let class = self.branch_mut().origin.lesson()?.class_mut()?;
        class.set_time(now);
        class.open_for()
    }

    /// Another player, or another beat, has another moment under its cursor.
    fn stand_where_lesson_is(&mut self) {
        let branch = self.branch_mut();
        if let Some(driver) = branch.origin.lesson() {
            branch.at = driver.player().moment();
            branch.forget();
        }
    }
}
