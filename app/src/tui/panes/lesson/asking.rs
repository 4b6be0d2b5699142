//! What a lesson tells and asks: words, a question, a task, steps to be ordered. While something is asked it stands on one page, and
//! a hint takes the place of the narration, which has been read.

use lessons::{Certainty, Means, Question, Ranking, View, Work};

use super::page::Pages;
use crate::i18n::Message;
use crate::lesson::both_runs;
use crate::tui::canvas::Canvas;
use crate::tui::pane::PaneStyle;

/// A beat that only tells; the first of a lesson names its words.
pub(super) fn tell(pages: &mut Pages, lesson: &View) {
    narrate(pages, lesson);
    if lesson.words.is_empty() {
        return;
    }
    let (style, theme) = (pages.style, pages.style.theme);
    pages.row(|_, _| ());
    pages.row(|canvas, y| {
        let mut x = canvas.put(1, y, style.say(Message::LessonWords), theme.dim) + 1;
        for (place, word) in lesson.words.iter().enumerate() {
            let here = style.focused && place == style.selected;
            x = canvas.put(x + 1, y, word, style.pick(place, if here { theme.strong } else { theme.text })) + 1;
        }
    });
    pages.words(&style.tell(Message::LessonWordsKeys), theme.dim);
}

fn narrate(pages: &mut Pages, lesson: &View) {
    let text = pages.style.theme.text;
    lesson.narration.iter().for_each(|line| pages.words(line, text));
}

/// The hint that is shown, or, before the first, the narration.
fn hint_or_narration(pages: &mut Pages, lesson: &View, hint: Option<&(u8, String)>) {
    match hint {
        Some((number, text)) => {
            let label = Message::Hint.fill(pages.style.lang, &[&number.to_string()]);
            pages.labelled(&label, text);
        }
        None => narrate(pages, lesson),
    }
}

/// A question with its options; those that are picked on the screen are not listed.
pub(super) fn predict(pages: &mut Pages, lesson: &View, question: &Question) {
    let theme = pages.style.theme;
    hint_or_narration(pages, lesson, question.hint.as_ref());
    pages.words(&question.text, theme.strong);
    if !question.picks.is_empty() && question.chosen.is_none() {
        pages.words(&pages.style.tell(Message::PickFirst), theme.dim);
    }
    for (place, option) in question.options.iter().enumerate() {
        let here = Some(place) == question.chosen;
        if !question.picks.is_empty() && !here {
            continue;
        }
        let letter = char::from(b'a' + u8::try_from(place).unwrap_or(0).min(25));
        let letter = if question.picks.is_empty() { letter } else { ' ' };
        for (line, text) in lessons::page::wrap(option, pages.width().saturating_sub(7)).into_iter().enumerate() {
            pages.row(|canvas, y| {
                if line == 0 {
                    canvas.put(1, y, if here { "▸" } else { " " }, theme.strong);
                    canvas.put(3, y, letter.encode_utf8(&mut [0; 4]), theme.key);
                }
                canvas.put(5, y, &text, if here { theme.strong } else { theme.text });
            });
        }
    }
}

/// How sure the learner is: stands in the lower border.
pub(super) fn how_sure(canvas: &mut Canvas, y: u16, certainty: Option<Certainty>, style: &PaneStyle) {
    let theme = style.theme;
    let mut x = canvas.put(2, y, &format!(" {}", style.say(Message::HowSure)), theme.dim) + 1;
    for (digit, level, message) in [
        ("1", Certainty::Guessing, Message::Guessing),
        ("2", Certainty::Fairly, Message::Fairly),
        ("3", Certainty::Certain, Message::Certain),
    ] {
        let text = format!("{digit} {}", style.say(message));
        if Some(level) == certainty {
            x = canvas.put(x, y, "▐", theme.strong);
            x = canvas.put(x, y, &text, theme.strong.patch(theme.selected));
            x = canvas.put(x, y, "▌", theme.strong);
        } else {
            x = canvas.put(x, y, &format!(" {text} "), theme.dim);
        }
    }
}

/// How a task is done, where it takes more than going on.
fn keys_of(means: Means) -> Option<Message> {
    match means {
        Means::Steps => None,
        Means::Wire => Some(Message::WorkOnWire),
        Means::Calls => Some(Message::WorkByCalls),
    }
}

/// A task: what is to be done, what has been changed, and when it is done both runs beside each other, then why.
pub(super) fn task(pages: &mut Pages, lesson: &View, work: &Work) {
    let (style, theme) = (pages.style, pages.style.theme);
    if !work.done {
        hint_or_narration(pages, lesson, work.hint.as_ref());
        pages.words(&work.text, theme.strong);
    }
    if !work.changes.is_empty() {
        let changes = work.changes.join(" · ");
        let told = if work.done { changes } else { Message::NotYet.fill(style.lang, &[&changes]) };
        pages.labelled(style.say(Message::Changes), &told);
    }
    if let Some(complaint) = &work.complaint {
        pages.words(complaint, theme.bad);
    }
    if !work.done {
        if let (Some(keys), true) = (keys_of(work.means), work.changes.is_empty()) {
            pages.words(&style.tell(keys), theme.dim);
        }
        return;
    }
    pages.words(&format!("✓ {}", style.say(Message::Done)), theme.good);
    for row in &work.beside {
        // The words, and at the right what the run was asked.
        pages.row(|canvas, y| {
            let x = canvas.put(1, y, &row.words, theme.strong);
            let right = canvas.width().saturating_sub(1);
            canvas.put_within(x + 2, y, right.saturating_sub(x + 2), &row.what, theme.dim);
        });
        pages.words_at(3, &both_runs::told(row, style.lang), theme.text);
    }
    if !work.beside.is_empty() {
        pages.turn();
    }
    pages.labelled(style.say(Message::Why), &work.why);
}

/// Steps to be ordered; a hint takes the place of narration and question.
pub(super) fn rank(pages: &mut Pages, lesson: &View, ranking: &Ranking) {
    let theme = pages.style.theme;
    hint_or_narration(pages, lesson, ranking.hint.as_ref());
    if ranking.hint.is_none() {
        pages.words(&ranking.text, theme.strong);
    }
    for (place, step) in ranking.steps.iter().enumerate() {
        let here = place == ranking.chosen;
        pages.row(|canvas, y| {
            canvas.put(1, y, if here { "▸" } else { " " }, theme.strong);
            canvas.put(3, y, &format!("{}", place + 1), theme.key);
            canvas.put(6, y, step, if here { theme.strong } else { theme.text });
        });
    }
}
