//! The curriculum: the lessons that ship, in their order, with how far somebody is in each and what should come before it.

use lessons::{Chapter, Files, again, content};

use super::progress::{Standing, standing};
use super::shelf;
use crate::i18n::{Lang, Message, Words};
use crate::refusal::harmless;

/// A lesson of the curriculum.
#[derive(Clone, Debug)]
pub struct Course {
    /// Its files.
    pub files: Files,
    /// Its id.
    pub id: String,
    /// Its number, which is that of its folder.
    pub number: Option<u32>,
    /// Its title.
    pub title: Words<String>,
    /// Its claim.
    pub claim: Words<String>,
    /// How long it takes.
    pub minutes: u32,
    /// The chapter that it belongs to.
    pub chapter: Option<Chapter>,
    /// How far the student is in it.
    pub standing: Standing,
    /// The lessons that should be done before it and are not, as number and id.
    pub first: Vec<String>,
    /// How far the student is in its second pass; None where it has none.
    pub second_pass: Option<Standing>,
}

/// The lessons in their order; where no student is named nothing is known of anybody. One that cannot be read is left out: the
/// linter says why.
#[must_use]
pub fn courses(student: Option<&str>) -> Vec<Course> {
    let mut courses: Vec<Course> = content::all().into_iter().filter_map(|files| course(files, student)).collect();
    if student.is_none() {
        courses.iter_mut().for_each(|course| course.first.clear());
        return courses;
    }
    let open: Vec<(String, String)> = courses
        .iter()
        .filter(|course| course.standing != Standing::Done)
        .map(|course| (course.id.clone(), course.label()))
        .collect();
    for course in &mut courses {
        let needs = std::mem::take(&mut course.first);
        // Whoever has come through needed nothing more.
        if course.standing == Standing::Done {
            continue;
        }
        course.first = open.iter().filter(|(id, _)| needs.contains(id)).map(|(_, label)| label.clone()).collect();
    }
    courses
}

/// A lesson; what it needs stands in `first`, whether it is done or not.
fn course(files: Files, student: Option<&str>) -> Option<Course> {
    let lesson = shelf::read(&files).ok()?;
    let said = |say: fn(&lessons::LessonText) -> String| Words::new(say(&lesson.text.en), say(&lesson.text.zh));
    let beats: Vec<String> = lesson.beats.iter().map(|beat| beat.id.clone()).collect();
    let far = |id: &str, beats: &[String]| student.map_or(Standing::NotBegun, |student| standing(id, student, beats));
    Some(Course {
        number: content::number(&files.folder),
        title: said(|text| text.title.clone()),
        claim: said(|text| text.plain("claim")),
        minutes: lesson.minutes,
        chapter: lesson.chapter,
        standing: far(&lesson.id, &beats),
        second_pass: again::id_of(&lesson).map(|id| far(&id, &[])),
        first: lesson.needs,
        id: lesson.id,
        files,
    })
}

impl Course {
    /// Its number and its id: `7 handshake`.
    fn label(&self) -> String {
        self.number.map_or_else(|| self.id.clone(), |number| format!("{number} {}", self.id))
    }

    /// How long it takes, how far who is in it, and what should come first: `10 min · at 3 of 8 · ada · first: 1 gate`.
    #[must_use]
    pub fn note(&self, student: Option<&str>, lang: Lang) -> String {
        let mut parts = vec![Message::LessonMinutes.fill(lang, &[&self.minutes.to_string()])];
        let is_begun = self.standing != Standing::NotBegun;
        // Of one that has to wait nobody expects that it was begun, and a line is short.
        if is_begun || self.first.is_empty() {
            parts.push(self.standing.text(lang));
        }
        if is_begun {
            parts.extend(student.map(harmless));
        }
        if !self.first.is_empty() {
            let between = Words::new(", ", "、").text(lang);
            parts.push(Message::LessonFirst.fill(lang, &[&self.first.join(between)]));
        }
        parts.join(" · ")
    }
}
