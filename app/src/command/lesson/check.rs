//! `sockscope lesson check`: lints lessons and plays them headless, and says of each what is wrong with it.

use std::path::PathBuf;
use std::process::ExitCode;

use lessons::check::{Report, check};
use lessons::{Files, content};

use super::{lang_of, print};
use crate::command::progress::Progress;
use crate::i18n::{Lang, Words};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

pub(super) fn check_all(folders: &[PathBuf], tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let mut all: Vec<Files> = Vec::new();
    for folder in folders {
        all.extend(shelf::all_in(folder)?);
    }
    if folders.is_empty() {
        all = content::all();
    }
    let mut progress = Progress::new(Words::new("checking lessons", "正在检查课程"));
    let mut reports: Vec<Report> = Vec::new();
    for files in &all {
        progress.at(reports.len(), Some(all.len()));
        reports.push(check(files));
    }
    drop(progress);
    for report in &reports {
        tell(report, lang)?;
    }
    let passed = reports.iter().filter(|report| report.passed()).count();
    let failed = reports.len() - passed;
    print(&match lang {
        Lang::En => format!("{passed} passed, {failed} failed"),
        Lang::Zh => format!("{passed} 个通过，{failed} 个失败"),
    })?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn tell(report: &Report, lang: Lang) -> Result<(), Refusal> {
    let folder = harmless(&report.folder);
    if report.passed() {
        let Report { beats, questions, seeds, .. } = report;
        return print(&match lang {
            Lang::En => {
                format!("ok {folder}: {beats} beats, {questions} questions, played with {seeds} seeds")
            }
            Lang::Zh => format!("ok {folder}：{beats} 个节拍，{questions} 个提问，用 {seeds} 个种子运行过"),
        });
    }
    print(&format!("FAIL {folder}"))?;
    for problem in &report.problems {
        print(&harmless(&format!("{}/{}: {}", report.folder, problem.place(), problem.text(lang))))?;
    }
    Ok(())
}
