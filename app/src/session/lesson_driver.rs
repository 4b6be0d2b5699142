//! The lesson that is played on a run: its player, who keeps what the learner does, and the clock that says when. Promise: whatever
//! the player does is told to the keeper.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use lessons::{Act, Clock, Player, Progress};
use stack::lab::run::Moment;

/// A lesson being played, and who keeps what was done in it.
pub struct LessonDriver {
    pub(super) player: Player,
    keep: Box<dyn FnMut(&Progress)>,
    /// When the lesson was opened, in seconds since 1970, and by the clock that never goes back.
    opened: (u64, Instant),
}

impl LessonDriver {
    /// A lesson that is opened now; `keep` is told of every change of the learner's progress.
    #[must_use]
    pub fn new(player: Player, keep: Box<dyn FnMut(&Progress)>) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { player, keep, opened: (since_1970.as_secs(), Instant::now()) }
    }

    /// The player.
    #[must_use]
    pub fn player(&self) -> &Player {
        &self.player
    }

    /// The player acts; it may have put another run under the cursor. Says whether it had a use for the act.
    pub fn act(&mut self, act: Act) -> bool {
        let done = self.player.act_at(self.clock(), act);
        (self.keep)(self.player.progress());
        done
    }

    /// The player's cursor goes to a moment; `false` where it may not.
    pub(super) fn go(&mut self, moment: Moment) -> bool {
        let may = self.player.go_at(self.clock(), moment);
        if may {
            (self.keep)(self.player.progress());
        }
        may
    }

    fn clock(&self) -> Clock {
        let (opened, since) = self.opened;
        Clock { opened, after: since.elapsed().as_secs() }
    }
}
