//! The linter: says what a reader, a translator or the run itself would trip over, with file, line and remedy.
//!
//! A lesson passes if its form is right (`form`), its beats owe the learner nothing (`beats`) and show
//! what they ask about (`visible`), its words are complete, short and true translations (`text`) that fit on their page (`fit`), and it can
//! be played on the real stack with every seed (`play`): places reached, exactly one option true, goals reached only by
//! doing the task. So no change of the stack breaks a lesson silently.

mod beats;
mod fit;
mod form;
mod nearest;
mod play;
pub mod road;
mod terms;
mod text;
mod visible;

use stack::words::{Lang, Words};

use crate::again::second_pass;
use crate::file::LESSON_FILE;
use crate::language::file_of;
use crate::lesson::Lesson;
use crate::load::{Files, load, read_all};
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
    /// What is wrong with the Chinese of a lesson that does not ship: it then speaks English there.
    pub warnings: Vec<Problem>,
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

    /// Makes a warning of everything that is wrong with the Chinese.
    fn forgive_chinese(&mut self) {
        let chinese = file_of(Lang::Zh);
        let (warnings, problems) = self.problems.drain(..).partition(|problem| problem.file == chinese);
        (self.warnings, self.problems) = (warnings, problems);
    }
}

/// Checks a lesson of somebody's own, whose Chinese may wait: what is wrong with it is a warning.
#[must_use]
pub fn check_own(files: &Files) -> Report {
    let mut report = check(files);
    report.forgive_chinese();
    report
}

/// Checks a lesson that ships, and plays it headless with every seed, up to the first with which it cannot be played: what
/// is said of a run holds for that one. What cannot be read is not played.
#[must_use]
pub fn check(files: &Files) -> Report {
    let mut report = one_pass(files);
    if report.problems.iter().all(is_chinese) {
        report.add(again(files, report.passed()));
    }
    report
}

fn is_chinese(problem: &Problem) -> bool {
    problem.file == file_of(Lang::Zh)
}

/// What is wrong with the second pass of a lesson, which is checked like any; with its Chinese only where that of the first is right.
fn again(files: &Files, with_chinese: bool) -> Vec<Problem> {
    let second = match second_pass(files) {
        Ok(Some(second)) => second,
        Ok(None) => return Vec::new(),
        Err(problems) => return problems,
    };
    // Nobody has written its files: what is said of them is said of the calls that they are made of.
    let calls = load(files, SEEDS[0]).map_or_else(|_| Vec::new(), |lesson| lesson.calls);
    let line = calls.first().map_or(0, |call| call.line);
    let told = |problem: &Problem| {
        let (place, Words { en, zh }) = (problem.place(), &problem.message);
        Problem::at(
            LESSON_FILE,
            (line, 0),
            format!("`calls`: the second pass that is made of them does not pass: {place}: {en}"),
            format!("`calls`：由它们生成的第二遍没有通过：{place}：{zh}"),
        )
    };
    let problems = one_pass(&second).problems;
    problems.iter().filter(|problem| with_chinese || !is_chinese(problem)).map(told).collect()
}

/// Checks one pass of a lesson.
fn one_pass(files: &Files) -> Report {
    let mut report = Report { folder: files.folder.clone(), ..Report::default() };
    let mut about_words = Vec::new();
    for (index, seed) in SEEDS.into_iter().enumerate() {
        let (lesson, translation) = match read_all(files, seed) {
            Ok(read) => read,
            Err(problems) => {
                report.add(problems);
                return report;
            }
        };
        if index == 0 {
            report.beats = lesson.beats.len();
            report.add(form::check(&lesson));
            report.add(beats::check(&lesson, files));
            report.add(visible::check(&lesson));
            // Words come last: whoever begins has most of them still to write.
            about_words = [words(files, &lesson, translation), words_fit(files, &lesson)].concat();
        }
        match play::check(&lesson, files) {
            Ok(questions) => {
                report.questions = questions;
                report.seeds += 1;
            }
            Err(problems) => {
                report.add(problems);
                break;
            }
        }
    }
    report.add(about_words);
    report
}

/// What does not fit on its page; of a file that is not there, nothing.
fn words_fit(files: &Files, lesson: &Lesson) -> Vec<Problem> {
    fit::check(lesson).into_iter().filter(|problem| files.text(&problem.file).is_some()).collect()
}

/// What is wrong with the words; of a file that is not there, only that.
fn words(files: &Files, lesson: &Lesson, translation: Vec<Problem>) -> Vec<Problem> {
    let chinese = file_of(Lang::Zh);
    let mut problems = translation;
    let is_missing = files.text(chinese).is_none();
    problems.extend(
        text::check(lesson)
            .into_iter()
            .chain(terms::check(lesson))
            .filter(|problem| !is_missing || problem.file != chinese),
    );
    problems
}
