//! `sockscope lesson check`: lints lessons and plays them headless, and says of each what is wrong with it.
//!
//! The Chinese of a lesson that ships is held to the same rules as its English; that of a lesson of somebody's own may wait: what
//! is wrong with it is a warning, and the lesson speaks English there.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lessons::check::{Report, check, check_own};
use lessons::{Files, Problem, content};
use stack::wire::visible::visible;

use super::{lang_of, print};
use crate::command::progress::Progress;
use crate::i18n::{Lang, Words};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

pub(super) fn check_all(folders: &[PathBuf], tag: Option<&str>) -> Result<ExitCode, Refusal> {
    check_folders(folders, lang_of(tag)?)
}

/// The same, in a language.
pub(super) fn check_folders(folders: &[PathBuf], lang: Lang) -> Result<ExitCode, Refusal> {
    let mut all: Vec<(Files, bool)> = Vec::new();
    for folder in folders {
        let ships = ships(folder);
        all.extend(shelf::all_in(folder)?.into_iter().map(|files| (files, ships)));
    }
    if folders.is_empty() {
        all = content::all().into_iter().map(|files| (files, true)).collect();
    }
    let mut progress = Progress::new(Words::new("checking lessons", "正在检查课程"));
    let mut reports: Vec<Report> = Vec::new();
    for (files, ships) in &all {
        progress.at(reports.len(), Some(all.len()));
        reports.push(if *ships { check(files) } else { check_own(files) });
    }
    drop(progress);
    for report in &reports {
        tell(report, lang)?;
    }
    let passed = reports.iter().filter(|report| report.passed()).count();
    let failed = reports.len() - passed;
    let warnings: usize = reports.iter().map(|report| report.warnings.len()).sum();
    print(&match (lang, warnings) {
        (Lang::En, 0) => format!("{passed} passed, {failed} failed"),
        (Lang::Zh, 0) => format!("{passed} 个通过，{failed} 个失败"),
        (Lang::En, _) => format!("{passed} passed, {failed} failed, warnings: {warnings}"),
        (Lang::Zh, _) => format!("{passed} 个通过，{failed} 个失败，{warnings} 个警告"),
    })?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

/// Whether a folder is that of the lessons that ship, in the source of this program, or one of them.
fn ships(folder: &Path) -> bool {
    let Ok(folder) = folder.canonicalize() else { return false };
    folder.ends_with("lessons/content") || folder.parent().is_some_and(|parent| parent.ends_with("lessons/content"))
}

fn tell(report: &Report, lang: Lang) -> Result<(), Refusal> {
    let folder = harmless(&report.folder);
    if report.passed() {
        let Report { beats, questions, seeds, .. } = report;
        print(&match lang {
            Lang::En => {
                format!("ok {folder}: {beats} beats, {questions} questions, played with {seeds} seeds")
            }
            Lang::Zh => format!("ok {folder}：{beats} 个节拍，{questions} 个提问，用 {seeds} 个种子运行过"),
        })?;
    } else {
        print(&format!("FAIL {folder}"))?;
    }
    let sentence = |problem: &Problem| format!("{}/{}: {}", report.folder, problem.place(), problem.text(lang));
    for problem in &report.problems {
        print(&visible(&sentence(problem)))?;
    }
    let warning = if lang == Lang::En { "warning: " } else { "警告：" };
    for problem in &report.warnings {
        print(&visible(&format!("{warning}{}", sentence(problem))))?;
    }
    Ok(())
}
