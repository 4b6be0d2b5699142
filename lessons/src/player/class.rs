//! A lesson before a class: a player of its own, in which nobody answers and nothing is remembered of anybody.
//!
//! The teacher puts a beat, lets the run show what it says to it, and may put it again. Promise: what stands open is never shown
//! as answered before it was revealed, and a question that a task leads to stays open when the task is shown.

use super::{BeatState, Player};
use crate::problem::Problem;

/// How a beat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It only tells.
    Told,
    /// Its question is open.
    Asked,
    /// Its task is open: something is to be found or done.
    Set,
    /// Its steps wait to be ordered.
    Unordered,
    /// It was answered, done or shown.
    Shown,
    /// The lesson has ended.
    Over,
}

impl Stage {
    /// Whether a question is open: options or steps.
    #[must_use]
    pub fn is_question(self) -> bool {
        matches!(self, Self::Asked | Self::Unordered)
    }
}

impl Player {
    /// Another player of this lesson, with the same numbers, at a beat counted from 0. It knows nothing of what was done here.
    ///
    /// # Errors
    /// What is wrong with the lesson, as [`Player::open`] says it.
    pub fn for_class(&self, beat: usize) -> Result<Self, Vec<Problem>> {
        let mut class = Self::open(self.files.clone(), self.progress.seed)?;
        let id = class.lesson.beats.get(beat).map(|beat| beat.id.clone());
        if let Some(id) = id {
            class.stand_at(&id);
        }
        Ok(class)
    }

    /// The beat that is played, counted from 0, and how it stands.
    #[must_use]
    pub fn stage(&self) -> (usize, Stage) {
        let stage = match &self.state {
            BeatState::Telling => Stage::Told,
            BeatState::Asking { .. } => Stage::Asked,
            BeatState::Working { reached: None, .. } => Stage::Set,
            BeatState::Ranking { ordered: None, .. } => Stage::Unordered,
            BeatState::Revealed { .. } | BeatState::Working { .. } | BeatState::Ranking { .. } => Stage::Shown,
            BeatState::Over => Stage::Over,
        };
        (self.visit().beat, stage)
    }

    /// Brings an open task to where the lesson solves it; a question that follows there is put and stays open. `false` where no
    /// task is open, or where its solution does not reach its goal.
    pub fn demonstrate(&mut self) -> bool {
        if self.stage().1 != Stage::Set {
            return false;
        }
        self.record().skipped = true;
        self.solve();
        self.mask = self.hidden_behind();
        self.stage().1 != Stage::Set
    }

    /// Puts the present beat anew, as if nothing had been shown of it.
    pub fn put_again(&mut self) {
        self.enter();
        self.mask = self.hidden_behind();
    }

    /// The option that the run has made true, counted from 0; None before a question is revealed.
    #[must_use]
    pub fn truth_shown(&self) -> Option<usize> {
        match &self.state {
            BeatState::Revealed { judgement, .. } => judgement.truth(),
            _ => None,
        }
    }
}
