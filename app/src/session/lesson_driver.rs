//! The lesson that is played on a run: its player, who keeps what the learner does, and the clock that says when. Promise: whatever
//! the player does is told to the keeper, and nothing that is done before a class.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use lessons::{Act, Clock, Player, Progress};
use stack::lab::run::Moment;

use super::class::{Class, ClassAct};
use crate::lesson::class_place::Teller;

/// A lesson being played, and who keeps what was done in it.
pub struct LessonDriver {
    /// The learner's player, or that of the class.
    pub(super) player: Player,
    keep: Box<dyn FnMut(&Progress)>,
    /// Whose progress that is, where a name was given.
    pub(super) student: Option<String>,
    /// When the lesson was opened, in seconds since 1970, and by the clock that never goes back.
    opened: (u64, Instant),
    class: Option<Class>,
    /// Who is told where a class stands, while there is none.
    teller: Option<Teller>,
}

impl LessonDriver {
    /// A lesson that is opened now; `keep` is told of every change of the learner's progress.
    #[must_use]
    pub fn new(player: Player, keep: Box<dyn FnMut(&Progress)>) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        // Sittings follow each other, whatever the clock says: who comes back within the same second, or after the clock was set
        // back, sits down anew, and only so can what was done be done again.
        let last = player.progress().sittings.last().map_or(0, |sitting| sitting.opened);
        let opened = since_1970.max(last.saturating_add(1));
        Self { player, keep, student: None, opened: (opened, Instant::now()), class: None, teller: None }
    }

    /// The player.
    #[must_use]
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// The player acts; it may have put another run under the cursor. Says whether it had a use for the act.
    pub fn act(&mut self, act: Act) -> bool {
        let done = self.player.act_at(self.clock(), act);
        self.note();
        done
    }

    /// The player's cursor goes to a moment; `false` where it may not.
    pub(super) fn go(&mut self, moment: Moment) -> bool {
        let may = self.player.go_at(self.clock(), moment);
        if may {
            self.note();
        }
        may
    }

    /// Tells what was done: of a learner the keeper, of a class nobody but the class.
    fn note(&mut self) {
        match &mut self.class {
            Some(class) => class.settle(&self.player),
            None => (self.keep)(self.player.progress()),
        }
    }

    fn clock(&self) -> Clock {
        let (opened, since) = self.opened;
        Clock { opened, after: since.elapsed().as_secs() }
    }

    /// The class that looks at it.
    #[must_use]
    pub fn class(&self) -> Option<&Class> {
        self.class.as_ref()
    }

    pub(super) fn class_mut(&mut self) -> Option<&mut Class> {
        self.class.as_mut()
    }

    pub(super) fn set_teller(&mut self, tell: Teller) {
        self.teller = Some(tell);
    }

    /// Puts a player of the class in the place of the learner's; `false` where the lesson cannot be opened once more.
    pub(super) fn begin_class(&mut self, from_start: bool, now: Duration) -> bool {
        if self.class.is_some() {
            return true;
        }
        let beat = if from_start { 0 } else { self.player.stage().0 };
        let Ok(player) = self.player.for_class(beat) else { return false };
        let learner = std::mem::replace(&mut self.player, player);
        let tell = self.teller.take().unwrap_or_else(|| Box::new(|_| {}));
        self.class = Some(Class::new(learner, &self.player, tell, now));
        true
    }

    pub(super) fn end_class(&mut self) {
        if let Some(class) = self.class.take() {
            let (learner, tell) = class.end();
            self.player = learner;
            self.teller = Some(tell);
        }
    }

    /// Does what a teacher does; `false` where there is no class, or no use for it now.
    pub(super) fn teach(&mut self, act: ClassAct) -> bool {
        self.class.as_mut().is_some_and(|class| class.act(&mut self.player, act))
    }
}

#[cfg(test)]
mod tests {
    use lessons::{Sitting, content};

    use super::*;

    #[test]
    fn no_sitting_begins_before_the_one_before_it() {
        let files = content::named("gate").unwrap();
        let before = 9_999_999_999;
        let sittings = vec![Sitting { opened: before, entries: Vec::new() }];
        let progress = Progress { lesson: "gate".to_owned(), seed: 7, sittings, ..Progress::default() };
        let mut driver = LessonDriver::new(Player::resume(files, progress).unwrap(), Box::new(|_| {}));
        assert!(driver.act(Act::Next));
        let opened: Vec<u64> = driver.player().progress().sittings.iter().map(|sitting| sitting.opened).collect();
        assert_eq!(opened, [before, before + 1], "the clock says less, and another sitting it is");
    }
}
