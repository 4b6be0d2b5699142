//! `sockscope lesson --list`: the lessons that ship with the program, a line each, and how far a student is in them.

use std::process::ExitCode;

use lessons::{again, content};

use super::{lang_of, print};
use crate::i18n::{Lang, Message};
use crate::lesson::progress::{Standing, standing};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

pub(super) fn list(student: &str, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let minutes = if lang == Lang::En { "min" } else { "分钟" };
    for files in content::all() {
        let lesson = shelf::read(&files)?;
        let text = lesson.text(lang);
        let (folder, title, claim) = (&lesson.folder, &text.title, text.plain("claim"));
        print(&format!("{folder:14} {:>2} {minutes}  {title} · {claim}", lesson.minutes))?;
        let beats: Vec<String> = lesson.beats.iter().map(|beat| beat.id.clone()).collect();
        let standing = standing(&lesson.id, student, &beats);
        if standing != Standing::NotBegun {
            print(&format!("{:14} {} · {}", "", standing.text(lang), harmless(student)))?;
        }
        if let Some(id) = again::id_of(&lesson) {
            print(&format!("{:14} {}", "", second_pass(&id, student).text(lang)))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a second pass was gone through.
fn second_pass(id: &str, student: &str) -> Message {
    match standing(id, student, &[]) {
        Standing::Done => Message::SecondPassDone,
        Standing::NotBegun | Standing::At(..) => Message::SecondPassOpen,
    }
}
