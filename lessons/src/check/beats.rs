//! What beats owe the learner: whoever is asked can answer, and a question that comes back is not the same one again.

use stack::words::Lang;

use super::nearest::unknown_function;
use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Choice, Condition, Lesson, Task};
use crate::load::{Files, load};
use crate::player::RETAKE;
use crate::problem::Problem;
use crate::text::LessonText;

/// Both rules, for a lesson with a learner's numbers.
pub(super) fn check(lesson: &Lesson, files: &Files) -> Vec<Problem> {
    let mut problems = Vec::new();
    for beat in &lesson.beats {
        problems.extend(answered(lesson, beat));
        problems.extend(named(beat));
    }
    problems.extend(twins(lesson, files));
    problems
}

/// The functions that must be entered or left, or must not, exist: what does not would never happen, and so be right by a slip.
fn named(beat: &Beat) -> Vec<Problem> {
    let told = beat.task.options().iter().flat_map(|option| option.when.iter().map(move |when| (option, when)));
    let unknown = told.filter_map(|(option, when)| match when {
        Condition::Holds(_) => None,
        Condition::Happens(place) | Condition::Never(place) => {
            let wrong = unknown_function(place)?;
            Some(Problem::at(
                LESSON_FILE,
                (option.line, 0),
                format!("beat {}: option {}: {}", beat.id, option.id, wrong.en),
                format!("节拍 {}：选项 {}：{}", beat.id, option.id, wrong.zh),
            ))
        }
    });
    unknown.collect()
}

/// A task whose words ask something has options, or the question is one that nobody hears the answer to.
fn answered(lesson: &Lesson, beat: &Beat) -> Option<Problem> {
    let Task::Investigate { options, .. } = &beat.task else { return None };
    let asks = |lang: Lang| {
        let question = lesson.text(lang).plain(&LessonText::key(&beat.id, "question"));
        question.contains(['?', '？'])
    };
    (options.is_empty() && (asks(Lang::En) || asks(Lang::Zh))).then(|| {
        Problem::at(
            LESSON_FILE,
            (beat.line, 0),
            format!(
                "beat {}: its words ask something that cannot be answered; add `option` and the section `ask`, or say only what is to be found",
                beat.id
            ),
            format!("节拍 {}：文字里提了问题却无从作答；请加 `option` 和 `ask` 小节，或只说要找什么", beat.id),
        )
    })
}

/// A question that was answered wrongly comes back with other numbers: some of them must stand in its words.
fn twins(lesson: &Lesson, files: &Files) -> Vec<Problem> {
    let Ok(twin) = load(files, lesson.seed.wrapping_add(RETAKE)) else { return Vec::new() };
    let words = |lesson: &Lesson, beat: &Beat, lang: Lang| {
        let text = lesson.text(lang);
        let option = |option: &Choice| text.plain(&LessonText::key(&beat.id, &format!("option {}", option.id)));
        let options: Vec<String> = beat.task.options().iter().map(option).collect();
        let told = ["narration", "question"].map(|section| text.plain(&LessonText::key(&beat.id, section)));
        (told, options)
    };
    let asks = |beat: &&Beat| matches!(beat.task, Task::Predict { .. });
    let same =
        |beat: &&Beat| [Lang::En, Lang::Zh].iter().any(|lang| words(lesson, beat, *lang) == words(&twin, beat, *lang));
    let alike = lesson.beats.iter().filter(asks).filter(same);
    alike
        .map(|beat| {
            Problem::at(
                LESSON_FILE,
                (beat.line, 0),
                format!("beat {}: when it comes back it reads as before; let a number of [vary] stand in its words, as {{port}}", beat.id),
                format!("节拍 {}：再次出现时与原来一字不差；请让 [vary] 中的一个数出现在文字里，如 {{port}}", beat.id),
            )
        })
        .collect()
}
