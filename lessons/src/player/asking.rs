//! A question: what is chosen, how sure the learner is, and what the run says of it.
//!
//! Nothing is chosen before the learner chooses, neither an option nor a certainty: a default would be an answer that nobody
//! gave. Promise: an answer is taken only with both, and it is the run that marks it.

use stack::lab::movement::Direction;
use stack::lab::query::{Place, find};
use stack::lab::run::{Moment, Run};

use super::{BeatRange, BeatState, Judgement, Player, judge};
use crate::lesson::{Beat, Choice, Condition, Task};
use crate::progress::{Answer, Certainty};

/// The stretch on which the question about a moment that was found is settled. It ends there; where it asks what has happened until
/// then, at the moment at which the goal came true, however far behind it the learner stands. It begins at `at`, where the beat holds
/// the run and that lies before the end; else with the run.
pub(crate) fn asked_range(beat: &Beat, at: Moment, run: &mut Run, found: Moment) -> BeatRange {
    let is_of_the_way = beat.task.options().iter().flat_map(|option| &option.when).any(Condition::is_of_the_way);
    let until = match &beat.task {
        Task::Investigate { goal, .. } if is_of_the_way => {
            let behind = Moment { step: found.step + 1, ..found };
            find(&Place::when(goal.clone()), run, behind, Direction::Backward).unwrap_or(found)
        }
        _ => found,
    };
    let at = if beat.at.is_some() && at < until { at } else { Moment::default() };
    BeatRange { at, until, found: true }
}

impl Player {
    pub(super) fn choose(&mut self, option: usize) -> bool {
        let options = match self.beat().map(|beat| &beat.task) {
            Some(Task::Order { steps }) => steps.len(),
            _ => self.options().len(),
        };
        match &mut self.state {
            BeatState::Asking { chosen, .. } if option < options => *chosen = Some(option),
            BeatState::Ranking { chosen, ordered: None, .. } if option < options => *chosen = option,
            _ => return false,
        }
        true
    }

    /// What may be answered at the present beat; nothing in a beat that has no question.
    pub(super) fn options(&self) -> &[Choice] {
        self.beat().map_or(&[], |beat| beat.task.options())
    }

    pub(super) fn certainty(&mut self, level: u8) -> bool {
        match &mut self.state {
            BeatState::Asking { certainty, .. } if (1..=3).contains(&level) => {
                *certainty = Some(Certainty::of(level));
                true
            }
            _ => false,
        }
    }

    pub(super) fn answer(&mut self) -> bool {
        match self.state.clone() {
            BeatState::Asking { chosen: Some(chosen), certainty: Some(certainty), hints, .. } => {
                let Some(judgement) = self.judge() else { return false };
                let right = judgement.truth() == Some(chosen);
                if let Some(option) = self.options().get(chosen).cloned() {
                    let misconception = option.misconception.filter(|_| !right);
                    self.record().answers.push(Answer { option: option.id, right, certainty, misconception, hints });
                }
                self.reveal(Some(chosen), judgement);
                true
            }
            BeatState::Ranking { order, ordered: None, .. } => {
                self.show_order(Some(&order));
                true
            }
            _ => false,
        }
    }

    /// Asks of the moment that was found, where the beat has something to ask of it.
    pub(super) fn ask_of(&mut self, found: Moment) {
        if let BeatState::Working { hints, .. } = self.state
            && !self.options().is_empty()
        {
            self.state = BeatState::Asking { chosen: None, certainty: None, hints, found: Some(found) };
        }
    }

    pub(super) fn judge(&mut self) -> Option<Judgement> {
        let beat = self.beat()?.clone();
        match (&beat.task, &self.state) {
            (Task::Predict { .. }, _) => self.judge_prediction(self.visit().beat),
            (Task::Investigate { options, evidence, .. }, BeatState::Asking { found: Some(found), .. }) => {
                let found = *found;
                let at = self.at_of_beat();
                let range = asked_range(&beat, at, &mut self.run, found);
                Some(judge(&mut self.run, options, evidence, range.at, range.until))
            }
            _ => None,
        }
    }

    /// The moment at which the present beat holds the run.
    fn at_of_beat(&mut self) -> Moment {
        self.range(self.visit().beat).at
    }

    /// What the run says of a prediction; None of any other beat.
    pub(super) fn judge_prediction(&mut self, beat: usize) -> Option<Judgement> {
        let Task::Predict { options, evidence } = self.lesson.beats.get(beat)?.task.clone() else { return None };
        let range = self.range(beat);
        Some(judge(&mut self.run, &options, &evidence, range.at, range.until))
    }

    /// The option that the run makes true, for whoever plays headless.
    pub(crate) fn truth(&mut self, beat: usize) -> Option<usize> {
        if self.visit().beat == beat { self.judge()?.truth() } else { None }
    }

    pub(super) fn reveal(&mut self, chosen: Option<usize>, judgement: Judgement) {
        if matches!(self.beat().map(|beat| &beat.task), Some(Task::Predict { .. })) {
            self.at = self.range(self.visit().beat).until;
        }
        self.state = BeatState::Revealed { chosen, judgement };
    }
}
