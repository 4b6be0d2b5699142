//! The lesson: its words, its question before the answer, and the answer with the evidence of the run.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Look, Panel, panel};
use crate::i18n::Message;
use crate::tui::ink::{Ink, cells, width_of, wrap};
use crate::tui::picture::{Beat, Certainty, Lesson, Question, Verdict};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, lesson: &Lesson, look: &Look) {
    let beat = Message::BeatOf.fill(look.lang, &[&lesson.beat.to_string(), &lesson.beats.to_string()]);
    let (title, remark) = match &lesson.shows {
        Beat::Words(_) => (lesson.title.as_str(), look.say(Message::LessonKeys)),
        Beat::Predict(_) => (look.say(Message::Predict), look.say(Message::NoPenalty)),
        Beat::Reveal(_) => (look.say(Message::WhatHappened), look.say(Message::Evidence)),
    };
    let inner = panel(area, buffer, &Panel { title, subject: &beat, remark, foot: "" }, look);
    let mut ink = Ink::new(buffer, inner);
    match &lesson.shows {
        Beat::Words(words) => {
            for (row, line) in wrap(words, inner.width.saturating_sub(2)).iter().enumerate() {
                ink.put(1, cells(row), line, look.theme.text);
            }
        }
        Beat::Predict(question) => predict(&mut ink, question, look),
        Beat::Reveal(verdict) => reveal(&mut ink, verdict, look),
    }
}

/// How many rows the lesson wants inside its border on a screen of a width.
#[must_use]
pub fn rows(lesson: &Lesson, width: u16) -> u16 {
    let room = width.saturating_sub(4);
    let wrapped = |text: &str| cells(wrap(text, room).len());
    match &lesson.shows {
        Beat::Words(words) => wrapped(words).max(2),
        Beat::Predict(question) => {
            let hint = question.hint.as_ref().map_or(0, |(_, text)| wrapped(text) + 1);
            let options: u16 = question.options.iter().map(|option| cells(wrap(option, room.saturating_sub(6)).len())).sum();
            wrapped(&question.text) + 1 + options + 2 + hint + 1
        }
        Beat::Reveal(verdict) => {
            let answer = u16::from(verdict.answer.is_some());
            answer + 2 + cells(verdict.evidence.len()) + 1 + wrapped(&verdict.why)
        }
    }
}

fn predict(ink: &mut Ink, question: &Question, look: &Look) {
    let theme = look.theme;
    let width = ink.width();
    let mut y = 0;
    for line in wrap(&question.text, width.saturating_sub(2)) {
        ink.put(1, y, &line, theme.strong);
        y += 1;
    }
    y += 1;
    for (place, option) in question.options.iter().enumerate() {
        let here = place == question.chosen;
        let letter = char::from(b'a' + u8::try_from(place).unwrap_or(0).min(25));
        ink.put(2, y, if here { "▸" } else { " " }, theme.strong);
        ink.put(4, y, &letter.to_string(), theme.key);
        for line in wrap(option, width.saturating_sub(8)) {
            ink.put(6, y, &line, if here { theme.strong } else { theme.text });
            y += 1;
        }
    }
    y += 1;
    let mut x = ink.put(1, y, look.say(Message::HowSure), theme.dim) + 2;
    for (digit, certainty, message) in [
        ("1", Certainty::Guessing, Message::Guessing),
        ("2", Certainty::Fairly, Message::Fairly),
        ("3", Certainty::Certain, Message::Certain),
    ] {
        let here = certainty == question.certainty;
        let text = format!("{digit} {}", look.say(message));
        if here {
            x = ink.put(x, y, "▐", theme.strong);
            x = ink.put(x, y, &text, theme.strong.patch(theme.selected));
            x = ink.put(x, y, "▌", theme.strong) + 1;
        } else {
            x = ink.put(x + 1, y, &text, theme.dim) + 2;
        }
    }
    y += 1;
    if let Some((number, hint)) = &question.hint {
        ink.put(1, y, &Message::Hint.fill(look.lang, &[&number.to_string()]), theme.strong);
        y += 1;
        for line in wrap(hint, width.saturating_sub(2)) {
            ink.put(1, y, &line, theme.text);
            y += 1;
        }
    }
    ink.put(1, y, look.say(Message::StackMarks), theme.dim);
}

fn reveal(ink: &mut Ink, verdict: &Verdict, look: &Look) {
    let theme = look.theme;
    let label = width_of(look.say(Message::YourAnswer)).max(width_of(look.say(Message::TheStack))) + 3;
    let mut y = 0;
    if let Some(answer) = &verdict.answer {
        let (sign, style, word) =
            if verdict.right { ("✓", theme.good, Message::ItRan) } else { ("✗", theme.bad, Message::NotSo) };
        answer_row(ink, y, label, (look.say(Message::YourAnswer), answer), (sign, look.say(word), style), look);
        y += 1;
    }
    let sign = ("✓", look.say(Message::ItRan), theme.good);
    answer_row(ink, y, label, (look.say(Message::TheStack), &verdict.truth), sign, look);
    y += 2;
    for (step, text) in &verdict.evidence {
        let x = ink.put(1, y, &format!("{step:>6}"), theme.key) + 2;
        ink.put(x, y, text, theme.text);
        y += 1;
    }
    y += 1;
    for line in wrap(&verdict.why, ink.width().saturating_sub(2)) {
        ink.put(1, y, &line, theme.text);
        y += 1;
    }
}

fn answer_row(
    ink: &mut Ink,
    y: u16,
    label: u16,
    (who, text): (&str, &str),
    (sign, word, style): (&str, &str, ratatui::style::Style),
    look: &Look,
) {
    let mark = format!("{sign} {word}");
    let right = ink.width().saturating_sub(1);
    ink.put(1, y, who, look.theme.dim);
    ink.put_within(label, y, right.saturating_sub(label + width_of(&mark) + 2), text, look.theme.strong);
    ink.put_right(right, y, &mark, style);
}
