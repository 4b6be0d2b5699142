//! A lesson as the origin of a run: its player decides where the cursor may stand, what is hidden, and what may be changed.

use lessons::{Act, Change, Player, Progress};
use stack::lab::run::{Moment, Run};
use stack::link::wire::Fate;

use super::answer::Refused;
use super::origin::{Edit, Edited, Origin};
use crate::picture::Source;

/// A lesson being played, and who keeps what was done in it.
pub struct LessonDriver {
    player: Player,
    keep: Box<dyn FnMut(&Progress)>,
}

impl LessonDriver {
    /// A lesson; `keep` is told of every change of the learner's progress.
    #[must_use]
    pub fn new(player: Player, keep: Box<dyn FnMut(&Progress)>) -> Self {
        Self { player, keep }
    }

    /// The player.
    #[must_use]
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// The player acts; it may have put another run under the cursor. Says whether it had a use for the act.
    pub fn act(&mut self, act: Act) -> bool {
        let done = self.player.act(act);
        (self.keep)(self.player.progress());
        done
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
        let may = self.player.go(at);
        if may {
            (self.keep)(self.player.progress());
        }
        may
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
