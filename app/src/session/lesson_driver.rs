//! The lesson that is played on a run: its player, and who keeps what the learner does. Promise: whatever the player does is told
//! to the keeper.

use lessons::{Act, Player, Progress};

/// A lesson being played, and who keeps what was done in it.
pub struct LessonDriver {
    pub(super) player: Player,
    pub(super) keep: Box<dyn FnMut(&Progress)>,
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
