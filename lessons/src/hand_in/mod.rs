//! Hand-ins: what a learner did as a file for a teacher, and whether such a file is what it says.
//!
//! A hand-in holds the name, the seed of that name, everything that was done in order with its times, one's own words, the marks,
//! and the hash of the runs. Every part has a hash, and one hash binds them all. [`verify`] believes none of it: it does everything
//! again on the run of the name's seed and marks it itself.
//!
//! # What a hash without a secret can prove, and what it cannot
//!
//! The file is made on the learner's machine by a program that everybody has, so nothing in it is a signature: whoever changes it
//! with that program at hand can make all hashes fit again ([`HandIn::bind`] is all it takes). The hashes tell accidents and edits by
//! hand, and which part was edited. The replay tells marks that the answers did not earn, answers that were not possible and
//! runs that never were, whatever the hashes say. That two people did the same at the same seconds shows only beside each other
//! ([`copies`]), and not who copied. Who sat at the keyboard, whether the clock was right, and whether somebody whispered the
//! answers, no file can tell.

mod replay;
mod verify;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use verify::{Fault, Marks, copies, verify};

use crate::load::Files;
use crate::player::Player;
use crate::problem::Problem;
use crate::progress::{BeatProgress, Progress, Sitting, seed_of};

/// The version of the format that is written and read.
pub const SCHEMA: u32 = 2;

/// A hand-in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandIn {
    /// Version of this format: [`SCHEMA`].
    pub schema: u32,
    /// Who hands it in, as they call themselves.
    pub student: String,
    /// The lesson by id.
    pub lesson: String,
    /// Hash of the lesson's files: a lesson that was changed since asks something else.
    pub edition: String,
    /// The seed of the name.
    pub seed: u64,
    /// The learner's own words.
    pub said: String,
    /// Everything that was done, in order.
    pub sittings: Vec<Sitting>,
    /// Beats by id, as the run marked them.
    pub beats: BTreeMap<String, BeatProgress>,
    /// The last beat was left.
    pub finished: bool,
    /// Hash of the worlds at the end of the run and of every run with the learner's changes or calls, in hexadecimal.
    pub runs: String,
    /// The hashes.
    pub bound: Bound,
}

/// The hash of every part of a hand-in, 32 hexadecimal digits of SHA-256 each, and the one that binds them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// Of the name.
    pub student: String,
    /// Of the seed.
    pub seed: String,
    /// Of what was done, and when.
    pub sittings: String,
    /// Of the marks.
    pub marks: String,
    /// Of the learner's own words.
    pub said: String,
    /// Of the runs.
    pub runs: String,
    /// Of all these, the lesson and the version of the format.
    pub whole: String,
}

impl HandIn {
    /// What a learner has done, done again and marked.
    ///
    /// # Errors
    /// Everything that is wrong with the lesson; or that what was kept cannot be done again.
    fn of(files: &Files, student: &str, progress: &Progress) -> Result<Self, Vec<Problem>> {
        let again = replay::replay(files, progress.seed, &progress.sittings).map_err(|failure| match failure {
            replay::Failure::Lesson(problems) => problems,
            replay::Failure::Entry(number) => vec![not_replayed(number)],
        })?;
        let mut hand_in = Self {
            schema: SCHEMA,
            student: student.to_owned(),
            lesson: progress.lesson.clone(),
            edition: edition(files),
            seed: progress.seed,
            said: again.progress.said,
            sittings: progress.sittings.clone(),
            beats: again.progress.beats,
            finished: again.progress.finished,
            runs: again.runs,
            bound: Bound::default(),
        };
        hand_in.bind();
        Ok(hand_in)
    }

    /// Makes all hashes fit what stands in it.
    pub fn bind(&mut self) {
        self.bound = self.hashes();
    }

    /// The hashes that it should have.
    fn hashes(&self) -> Bound {
        let mut bound = Bound {
            student: hash("student", &self.student),
            seed: hash("seed", &self.seed),
            sittings: hash("sittings", &self.sittings),
            marks: hash("marks", &(&self.beats, self.finished)),
            said: hash("said", &self.said),
            runs: hash("runs", &self.runs),
            whole: String::new(),
        };
        bound.whole = whole(self, &bound);
        bound
    }
}

/// The hash that binds those of the parts.
fn whole(hand_in: &HandIn, parts: &Bound) -> String {
    let Bound { student, seed, sittings, marks, said, runs, whole: _ } = parts;
    hash("whole", &(hand_in.schema, &hand_in.lesson, &hand_in.edition, [student, seed, sittings, marks, said, runs]))
}

/// Hash of the files of a lesson.
#[must_use]
pub fn edition(files: &Files) -> String {
    let mut sorted = files.files.clone();
    sorted.sort();
    hash("lesson", &sorted)
}

/// Half of the SHA-256 of a value as JSON, behind what it is of, in hexadecimal.
fn hash<T: Serialize>(of: &str, value: &T) -> String {
    // A value that cannot be written as JSON (a map whose keys are no texts) does not occur among those of a hand-in.
    let text = serde_json::to_string(value).unwrap_or_default();
    let digest = Sha256::new().chain_update(of).chain_update([0]).chain_update(text).finalize();
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn not_replayed(number: usize) -> Problem {
    Problem::at(
        "progress",
        (0, 0),
        format!(
            "what was kept of this lesson cannot be done again (deed {number}), for the lesson or the program is another one now; \
             begin the lesson again with --reset"
        ),
        format!("本课保存的记录无法重放（第 {number} 项操作）：课程或程序已经变了；请用 --reset 重新开始"),
    )
}

impl Player {
    /// A hand-in: what was done, and what replaying it gives.
    ///
    /// # Errors
    /// The place in the scene that cannot be run; or that what was kept is of another version of the lesson.
    pub fn hand_in(&self, student: &str) -> Result<HandIn, Vec<Problem>> {
        HandIn::of(self.files(), student, self.progress())
    }
}

/// Whether a name's numbers are those of a seed.
fn is_seed_of(student: &str, seed: u64) -> bool {
    seed_of(student) == seed
}
