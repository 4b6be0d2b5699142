//! The shape of a lesson: how long, how many beats, a question before its answer, hints in three.

use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Choice, Condition, Lesson, Task};
use crate::problem::Problem;

/// Minutes that a lesson may take.
const MINUTES: core::ops::RangeInclusive<u32> = 5..=12;
/// Beats that it may have.
const MOST_BEATS: usize = 9;
/// Hints that a question has.
const HINTS: u8 = 3;

pub(super) fn check(lesson: &Lesson) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut say = |line: usize, en: String, zh: String| {
        problems.push(Problem::at(LESSON_FILE, (line, 0), en, zh));
    };
    if !MINUTES.contains(&lesson.minutes) {
        say(
            0,
            format!("{} minutes: a lesson takes 5 to 12; split it or join it", lesson.minutes),
            format!("{} 分钟：一门课应为 5 到 12 分钟，请拆分或合并", lesson.minutes),
        );
    }
    if lesson.beats.len() > MOST_BEATS {
        say(
            0,
            format!("{} beats: at most {MOST_BEATS}; split the lesson", lesson.beats.len()),
            format!("{} 个节拍：最多 {MOST_BEATS} 个，请拆分", lesson.beats.len()),
        );
    }
    let asks = |beat: &Beat| matches!(beat.task, Task::Predict { .. });
    if !lesson.beats.iter().any(asks) {
        say(
            0,
            "no question: a lesson asks at least once before it shows (kind = \"predict\")".to_owned(),
            "没有提问：课程至少要先问一次再展示（kind = \"predict\"）".to_owned(),
        );
    }
    for beat in &lesson.beats {
        beat_form(beat, &mut say);
    }
    problems
}

fn beat_form(beat: &Beat, say: &mut dyn FnMut(usize, String, String)) {
    let needs_hints = !matches!(beat.task, Task::Show);
    if needs_hints && beat.hints != HINTS {
        say(
            beat.line,
            format!("beat {}: hints = 3 (look here, the rule, the answer), not {}", beat.id, beat.hints),
            format!("节拍 {}：hints 应为 3（看这里、规则、答案），而不是 {}", beat.id, beat.hints),
        );
    }
    let (options, evidence) = match &beat.task {
        Task::Predict { options, evidence } => (options, evidence),
        Task::Investigate { options, evidence, .. } if !options.is_empty() => (options, evidence),
        _ => return,
    };
    if options.len() < 2 {
        say(
            beat.line,
            format!("beat {}: a question has at least two options", beat.id),
            format!("节拍 {}：提问至少有两个选项", beat.id),
        );
    }
    // What happens, or does not, is cited by itself.
    let cited = |option: &Choice| option.misconception.is_none() && option.when.iter().any(Condition::is_of_the_way);
    if evidence.is_empty() && !options.iter().any(cited) {
        say(
            beat.line,
            format!("beat {}: `evidence` is missing: the expression whose steps settle the question", beat.id),
            format!("节拍 {}：缺少 `evidence`：用哪些步骤来判定", beat.id),
        );
    }
    for (index, option) in options.iter().enumerate() {
        let earlier = options.get(..index).unwrap_or(&[]);
        if earlier.iter().any(|other| other.id == option.id) {
            say(
                option.line,
                format!("beat {}: the option {} is there twice", beat.id, option.id),
                format!("节拍 {}：选项 {} 出现两次", beat.id, option.id),
            );
        }
        let shared =
            option.misconception.is_some() && earlier.iter().any(|other| other.misconception == option.misconception);
        if shared {
            say(
                option.line,
                format!("beat {}: two options name the same misconception; then they are one option", beat.id),
                format!("节拍 {}：两个选项的误解相同，应合并为一个", beat.id),
            );
        }
    }
}
