//! A question: what is chosen, how sure the learner is, and what the run says of it.
//!
//! Nothing is chosen before the learner chooses, neither an option nor a certainty: a default would be an answer that nobody
//! gave. Promise: an answer is taken only with both, and it is the run that marks it.

use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Place, find};
use stack::lab::run::{Moment, Run};

use super::{BeatState, Judgement, Player, judge};
use crate::lesson::{Choice, Condition, Task};
use crate::progress::{Answer, Certainty};

/// From where the question about a moment that was found is settled: from where the beat holds the run, where it does and the moment
/// lies behind it; else from the beginning of the run.
pub(crate) fn asked_from(is_held: bool, at: Moment, found: Moment) -> Moment {
    if is_held && at < found { at } else { Moment::default() }
}

/// Where the question about a moment that was found is settled: there; where it asks what has happened until then, at the moment at
/// which the goal came true, however far behind it the learner stands.
pub(crate) fn settled_at(goal: &Expression, options: &[Choice], run: &mut Run, found: Moment) -> Moment {
    let on_the_way = |condition: &Condition| !matches!(condition, Condition::Holds(_));
    if !options.iter().any(|option| option.when.iter().any(on_the_way)) {
        return found;
    }
    let behind = Moment { step: found.step + 1, ..found };
    find(&Place::when(goal.clone()), run, behind, Direction::Backward).unwrap_or(found)
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
        match self.beat().map(|beat| &beat.task) {
            Some(Task::Predict { options, .. } | Task::Investigate { options, .. }) => options,
            _ => &[],
        }
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
        match (self.beat().map(|beat| beat.task.clone())?, &self.state) {
            (Task::Predict { .. }, _) => self.judge_prediction(self.visit().beat),
            (Task::Investigate { goal, options, evidence }, BeatState::Asking { found: Some(found), .. }) => {
                let found = settled_at(&goal, &options, &mut self.run, *found);
                let from = asked_from(self.beat().is_some_and(|beat| beat.at.is_some()), self.at_of_beat(), found);
                Some(judge(&mut self.run, &options, &evidence, from, found))
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
