//! The end of a lesson: what the learner had predicted at first beside what the run made true, and what is worth another look.
//!
//! Promise: the predictions are the first answers, whatever was answered when a question came back; the truth is asked of the run.

use stack::words::Lang;

use super::{BeatState, Player};
use crate::again::second_pass;
use crate::lesson::{Choice, Task};
use crate::load::Files;
use crate::progress::Certainty;
use crate::text::LessonText;

/// A prediction at the end of the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// What the learner said first, and how sure; None where the question was skipped.
    pub first: Option<(String, Certainty)>,
    /// What the run made true.
    pub truth: String,
    /// Whether the first answer was that.
    pub right: bool,
}

impl Player {
    /// The files of this lesson's second pass; None where it has none.
    #[must_use]
    pub fn second_pass(&self) -> Option<Files> {
        second_pass(&self.files).ok().flatten()
    }

    /// Ends the lesson, and asks the run once more what was true.
    pub(super) fn finish(&mut self) {
        self.branch = None;
        self.changes.clear();
        self.state = BeatState::Over;
        self.progress.finished = true;
        self.truths = (0..self.lesson.beats.len()).map(|beat| self.judge_prediction(beat)?.truth()).collect();
    }

    /// The predictions, in the order of the lesson.
    pub(super) fn predictions(&self, lang: Lang) -> Vec<Prediction> {
        let text = self.lesson.text(lang);
        let beats = self.lesson.beats.iter().zip(&self.truths);
        let told = beats.filter_map(|(beat, truth)| {
            let Task::Predict { options, .. } = &beat.task else { return None };
            let say = |option: &Choice| text.plain(&LessonText::key(&beat.id, &format!("option {}", option.id)));
            let truth = options.get((*truth)?)?;
            let first = self.progress.beats.get(&beat.id).and_then(|kept| kept.answers.first());
            let chosen = first.and_then(|first| options.iter().find(|option| option.id == first.option));
            Some(Prediction {
                first: chosen.zip(first).map(|(option, first)| (say(option), first.certainty)),
                truth: say(truth),
                right: chosen.is_some_and(|option| option.id == truth.id),
            })
        });
        told.collect()
    }

    /// What is worth another look: the beats that were skipped or not right at first, by their numbers from 1.
    pub(super) fn look_again(&self) -> Vec<usize> {
        let beats = self.lesson.beats.iter().enumerate().filter(|(_, beat)| beat.task != Task::Show);
        let open = beats.filter(|(_, beat)| {
            self.progress.beats.get(&beat.id).is_none_or(|kept| match kept.answers.first() {
                Some(first) => !first.right,
                None => !kept.done,
            })
        });
        open.map(|(place, _)| place + 1).collect()
    }
}
