//! How long a beat takes before a class: a suggestion, made of its words and of its steps.
//!
//! Reading aloud and thinking together take longer than reading alone, so the times of a lesson's beats add up to more than its
//! `minutes`. Promise: the same beat gives the same time everywhere; it is a multiple of 15 seconds, and never nothing.

use stack::words::Lang;

use crate::lesson::{Beat, Lesson, Task};
use crate::text::{LessonText, reading_seconds};

/// Words of English that are read aloud in a minute, with pauses.
const ENGLISH_PER_MINUTE: usize = 120;
/// Characters of Chinese that are read aloud in a minute, with pauses.
const CHINESE_PER_MINUTE: usize = 220;
/// Seconds to look at what a beat shows.
const TO_LOOK: usize = 15;
/// Seconds to think about one option, and to count who is for it.
const PER_OPTION: usize = 20;
/// Seconds to find the place of one step.
const PER_STEP: usize = 15;
/// Seconds to find out how a task can be done, and for each step of its solution.
const PER_DEED: usize = 30;
/// What a suggestion is a multiple of, in seconds.
const UNIT: usize = 15;

/// Seconds that a beat takes before a class.
#[must_use]
pub fn seconds(lesson: &Lesson, beat: &Beat, lang: Lang) -> u64 {
    let text = lesson.text(lang);
    let said = |section: &str| text.plain(&LessonText::key(&beat.id, section));
    let mut words = said("narration");
    if beat.task != Task::Show {
        words += &[said("question"), said("why")].join(" ");
    }
    let steps = match &beat.task {
        Task::Show => 0,
        Task::Predict { options, .. } => options.len() * PER_OPTION,
        Task::Investigate { options, .. } => PER_DEED + options.len() * PER_OPTION,
        Task::Modify { solution, .. } => PER_DEED * (1 + solution.len()),
        Task::Order { steps } => steps.len() * PER_STEP,
        Task::Make { solution, .. } => PER_DEED * (1 + solution.lines().count()),
    };
    for option in beat.task.options() {
        words.push(' ');
        words += &said(&format!("option {}", option.id));
    }
    let reading = reading_seconds(&words, CHINESE_PER_MINUTE, ENGLISH_PER_MINUTE);
    let seconds = (reading + TO_LOOK + steps).next_multiple_of(UNIT);
    u64::try_from(seconds).unwrap_or(u64::MAX)
}
