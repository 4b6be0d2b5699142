//! `sockscope lesson --list`: the lessons that ship with the program, a line each.

use std::process::ExitCode;

use lessons::content;

use super::{lang_of, print};
use crate::i18n::Lang;
use crate::lesson::shelf;
use crate::refusal::Refusal;

pub(super) fn list(tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let minutes = if lang == Lang::En { "min" } else { "分钟" };
    for files in content::all() {
        let lesson = shelf::read(&files)?;
        let text = lesson.text(lang);
        print(&format!(
            "{:14} {:>2} {minutes}  {} · {}",
            lesson.folder,
            lesson.minutes,
            text.title,
            text.plain("claim")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
