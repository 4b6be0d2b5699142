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

/// What a learner did, as it is kept: an answer by what it says, never by its place on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// A question was answered.
    Answer {
        /// The option, by its id.
        option: String,
        /// How sure the learner was.
        certainty: Certainty,
    },
    /// Steps were put in this order, by their ids.
    Order(Vec<String>),
    /// The moment that was asked for was found.
    Find {
        /// The turn.
        turn: usize,
        /// Steps of the turn that had happened.
        step: usize,
    },
    /// The wire was changed, as `drop 3`.
    Change(String),
    /// The changes were taken back.
    Undo,
    /// Calls, or at the end one's own words.
    Write(String),
    /// A hint was shown.
    Hint,
    /// The run showed the answer.
    Skip,
    /// To the next beat.
    Next,
    /// To the beat before.
    Back,
}

/// One thing that was done, when and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Seconds since the lesson was opened.
    pub after: u64,
    /// The beat, by its id.
    pub beat: String,
    /// The beat had come back with other numbers.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub retake: bool,
    /// What was done.
    pub did: Deed,
}

/// What was done between opening a lesson and leaving it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitting {
    /// When the lesson was opened, in seconds since 1970 (UTC), by the clock of that machine.
    pub opened: u64,
    /// What was done, in order.
    pub entries: Vec<Entry>,
}

/// What a clock says when a learner does something: read by whoever has one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// When the lesson was opened, in seconds since 1970 (UTC).
    pub opened: u64,
    /// Seconds since then.
    pub after: u64,
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
    /// Everything that was done, in order: [`beats`](Self::beats) follows from it, but for what was done before it was kept.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sittings: Vec<Sitting>,
}

impl Progress {
    /// Everything that was done, in order.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.sittings.iter().flat_map(|sitting| &sitting.entries)
    }

    /// Whether a beat was answered, done or skipped. One that was left right after its moment had been found is not: a question
    /// may have been open there.
    #[must_use]
    pub fn is_settled(&self, beat: &str) -> bool {
        let here = || self.entries().filter(|entry| entry.beat == beat);
        let is_left_open = here().last().is_some_and(|entry| matches!(entry.did, Deed::Find { .. }));
        let ordered = here().any(|entry| matches!(entry.did, Deed::Order(_)));
        let known = self.beats.get(beat);
        known.is_some_and(|known| known.done && !is_left_open || known.skipped || !known.answers.is_empty()) || ordered
    }

    /// The first of these beats that was neither answered nor done nor skipped, counted from 0; None where all were.
    pub fn first_open<'a>(&self, beats: impl IntoIterator<Item = &'a str>) -> Option<usize> {
        beats.into_iter().position(|beat| !self.is_settled(beat))
    }

    /// Keeps what was done: in the sitting that began when the clock says, or in a new one.
    pub(crate) fn note(&mut self, opened: u64, entry: Entry) {
        match self.sittings.last_mut() {
            Some(sitting) if sitting.opened == opened => sitting.entries.push(entry),
            _ => self.sittings.push(Sitting { opened, entries: vec![entry] }),
        }
    }
}

/// The seed of a learner's numbers: the same name gives the same numbers on every machine.
#[must_use]
pub fn seed_of(student: &str) -> u64 {
    let hash = student.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u64::from(hash)
}
