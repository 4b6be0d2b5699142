//! What the screen shows of a lesson, as plain data.

use crate::picture::pane::Pane;

/// How sure a learner is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Certainty {
    /// Guessing.
    #[default]
    Guessing,
    /// Fairly sure.
    Fairly,
    /// Certain.
    Certain,
}

/// A question before its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Question {
    /// The question.
    pub text: String,
    /// The options.
    pub options: Vec<String>,
    /// The option under the cursor.
    pub chosen: usize,
    /// How sure.
    pub certainty: Certainty,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(usize, String)>,
}

/// A question after its answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// What the learner chose, where not skipped.
    pub answer: Option<String>,
    /// Whether the run agreed.
    pub right: bool,
    /// What is said about that answer.
    pub reply: String,
    /// The option that the run made true.
    pub truth: String,
    /// The steps that settle it: number and what happened.
    pub evidence: Vec<(u64, String)>,
    /// Why it is so.
    pub why: String,
}

/// A task on the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Work {
    /// What is to be done.
    pub text: String,
    /// Whether it is done.
    pub done: bool,
    /// What the learner has changed so far, as `drop 3`.
    pub changes: Vec<String>,
    /// Why it is so; empty until it is done.
    pub why: String,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(usize, String)>,
    /// What is wrong with what was handed in.
    pub complaint: Option<String>,
}

/// Steps to be put in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranking {
    /// What is to be done.
    pub text: String,
    /// The steps in the learner's order.
    pub steps: Vec<String>,
    /// The step under the cursor.
    pub chosen: usize,
    /// After the answer: which of them stand where the run has them.
    pub right: Option<Vec<bool>>,
    /// Why it is so; empty before the answer.
    pub why: String,
    /// The hint shown: its number from 1, and its text.
    pub hint: Option<(usize, String)>,
}

/// The end of a lesson.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closing {
    /// What modern Linux does instead.
    pub then_and_now: String,
    /// What to draw on paper.
    pub drawing: String,
    /// The question to be answered in one's own words.
    pub say_it_back: String,
    /// The answer so far.
    pub said: String,
}

/// What the lesson shows at a beat, besides its narration.
#[derive(Clone, Debug, PartialEq)]
pub enum Beat {
    /// Nothing.
    Words,
    /// A question.
    Predict(Question),
    /// Its answer.
    Reveal(Verdict),
    /// A task on the run.
    Work(Work),
    /// Steps to be put in order.
    Ranking(Ranking),
    /// The end.
    Closing(Closing),
}

/// An open lesson.
#[derive(Clone, Debug, PartialEq)]
pub struct Lesson {
    /// Its title.
    pub title: String,
    /// Which beat, from 1.
    pub beat: usize,
    /// How many beats.
    pub beats: usize,
    /// What is told, in two short lines.
    pub narration: Vec<String>,
    /// What it shows.
    pub shows: Beat,
    /// The pane in question.
    pub pane: Option<Pane>,
}

impl Lesson {
    /// Whether keys answer a question.
    #[must_use]
    pub fn asks(&self) -> bool {
        match &self.shows {
            Beat::Predict(_) => true,
            Beat::Ranking(ranking) => ranking.right.is_none(),
            Beat::Words | Beat::Reveal(_) | Beat::Work(_) | Beat::Closing(_) => false,
        }
    }
}
