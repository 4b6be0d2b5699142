//! The linter: says what a reader, a translator or the run itself would trip over, with file, line and remedy.
//!
//! A lesson passes if its form is right (`form`), its beats owe the learner nothing (`beats`) and show
//! what they ask about (`visible`), its words are complete, short and true translations (`text`), and it can
//! be played on the real stack with every seed (`play`): places reached, exactly one option true, goals reached only by
//! doing the task. So no change of the stack breaks a lesson silently.

mod beats;
mod form;
mod play;
mod text;
mod visible;

use crate::load::{Files, load};
use crate::problem::Problem;

/// The seeds with which every lesson is played.
pub const SEEDS: [u64; 3] = [1, 77, 20_260];

/// What the linter says of a lesson, for a line each of `sockscope lesson check`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Name of the folder.
    pub folder: String,
    /// Beats that were played.
    pub beats: usize,
    /// Questions that the run has answered.
    pub questions: usize,
    /// Seeds with which it was played to its end.
    pub seeds: usize,
    /// What is wrong, each problem once, whatever the number of seeds that met it.
    pub problems: Vec<Problem>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.problems.is_empty()
    }

    fn add(&mut self, problems: Vec<Problem>) {
        for problem in problems {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }
}

/// Checks a lesson and plays it headless with every seed. What cannot be read is not played.
#[must_use]
pub fn check(files: &Files) -> Report {
    let mut report = Report { folder: files.folder.clone(), ..Report::default() };
    for (index, seed) in SEEDS.into_iter().enumerate() {
        let lesson = match load(files, seed) {
            Ok(lesson) => lesson,
            Err(problems) => {
                report.add(problems);
                return report;
            }
        };
        if index == 0 {
            report.beats = lesson.beats.len();
            report.add(form::check(&lesson));
            report.add(text::check(&lesson));
            report.add(beats::check(&lesson, files));
            report.add(visible::check(&lesson));
        }
        match play::check(&lesson, files) {
            Ok(questions) => {
                report.questions = questions;
                report.seeds += 1;
            }
            Err(problems) => report.add(problems),
        }
    }
    report
}
