//! `sockscope lesson --list`: the lessons that ship with the program, by chapters, and how far a student is in them.

use std::process::ExitCode;

use super::{lang_of, print};
use crate::i18n::{Lang, Message};
use crate::lesson::curriculum::{Course, courses};
use crate::lesson::progress::Standing;
use crate::refusal::Refusal;

pub(super) fn list(student: &str, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let mut chapter = None;
    for course in courses(Some(student)) {
        if chapter != Some(course.chapter) {
            // A gap before every chapter but the first.
            if chapter.is_some() {
                print("")?;
            }
            print(course.chapter.map_or(Message::OtherLessons.text(lang), |chapter| chapter.name.text(lang)))?;
            chapter = Some(course.chapter);
        }
        tell(&course, student, lang)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A lesson in two lines, and one for its second pass.
fn tell(course: &Course, student: &str, lang: Lang) -> Result<(), Refusal> {
    let number = course.number.map(|number| number.to_string()).unwrap_or_default();
    print(&format!("{number:>3}  {} · {}", course.title.text(lang), course.note(Some(student), lang)))?;
    print(&format!("     {}: {}", course.id, course.claim.text(lang)))?;
    match course.second_pass {
        None => Ok(()),
        Some(Standing::Done) => print(&format!("     {}", Message::SecondPassDone.text(lang))),
        Some(_) => print(&format!("     {}", Message::SecondPassOpen.text(lang))),
    }
}
