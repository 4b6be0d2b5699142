//! The terms: a lesson calls things as the screens do, in both languages.

use stack::words::Lang;

use crate::language::file_of;
use crate::lesson::Lesson;
use crate::problem::Problem;
use crate::terms::{Slip, slips};

/// Wrong variants, each at its line.
pub(super) fn check(lesson: &Lesson) -> Vec<Problem> {
    Lang::ALL.into_iter().flat_map(|lang| of_language(lesson, lang)).collect()
}

fn of_language(lesson: &Lesson, lang: Lang) -> Vec<Problem> {
    let text = lesson.text(lang);
    let mut problems: Vec<Problem> = slips(&text.title, "", lang).iter().map(|slip| problem(slip, lang, 1)).collect();
    for section in text.sections.values() {
        for (index, line) in section.lines.iter().enumerate() {
            let next = section.lines.get(index + 1).map_or("", String::as_str);
            let found = slips(line, next, lang);
            problems.extend(found.iter().map(|slip| problem(slip, lang, section.first + index)));
        }
    }
    problems
}

fn problem(Slip { variant, term }: &Slip, lang: Lang, line: usize) -> Problem {
    let right = term.name.text(lang);
    Problem::at(
        file_of(lang),
        (line, 0),
        format!("\"{variant}\" is \"{right}\" on the screens and in the glossary: {}; write \"{right}\"", term.why.en),
        format!("“{variant}”在界面和词汇表中称为“{right}”：{}；请写“{right}”", term.why.zh),
    )
}
