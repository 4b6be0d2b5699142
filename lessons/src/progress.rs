//! What is remembered of a learner: plain data that the program keeps in a file of its own.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How sure a learner was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// 1: guessing.
    #[default]
    Guessing,
    /// 2: fairly sure.
    Fairly,
    /// 3: certain.
    Certain,
}

impl Certainty {
    /// How sure, from 1 to 3: what a learner presses, and what a screen shows.
    #[must_use]
    pub fn level(self) -> u8 {
        match self {
            Self::Guessing => 1,
            Self::Fairly => 2,
            Self::Certain => 3,
        }
    }

    /// Of the level, 1 to 3; a level below is 1, one above 3.
    #[must_use]
    pub fn of(level: u8) -> Self {
        match level {
            0 | 1 => Self::Guessing,
            2 => Self::Fairly,
            _ => Self::Certain,
        }
    }
}

/// One answer to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The option that was chosen, by its id.
    pub option: String,
    /// Whether the run agreed.
    pub right: bool,
    /// How sure the learner was.
    pub certainty: Certainty,
    /// The misconception that the option names, if it was a wrong one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub misconception: Option<String>,
    /// Hints that had been shown.
    pub hints: u8,
}

/// What happened at one beat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BeatProgress {
    /// Answers in order: the first, then those to the retakes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// The task was done.
    #[serde(default)]
    pub done: bool,
    /// It was skipped.
    #[serde(default)]
    pub skipped: bool,
    /// The changes that were made, as `drop 3`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The calls that were made, one per line.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub calls: String,
}

/// What a learner has done in a lesson.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// The lesson by id.
    pub lesson: String,
    /// The seed of the learner's numbers.
    pub seed: u64,
    /// Beats by id.
    #[serde(default)]
    pub beats: BTreeMap<String, BeatProgress>,
    /// The learner's own words.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub said: String,
    /// The last beat was left.
    #[serde(default)]
    pub finished: bool,
}

/// A hand-in: progress, and the hash of the run that belongs to it, so that replaying it headless shows whether it is real.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    /// Version of this format.
    pub schema: u32,
    /// Who hands it in, as they call themselves.
    pub student: String,
    /// What was done.
    pub progress: Progress,
    /// Hash of the world at the end of the run, after the learner's changes, in hexadecimal.
    pub hash: String,
}
