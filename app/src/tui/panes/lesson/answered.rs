//! What the run says: the answer beside what the stack did, an order beside that of the run, the end of the lesson.

use lessons::page::{ANSWER_CELLS, wrap};
use lessons::{Closing, Evidence, Prediction, Ranking, Verdict};
use ratatui::style::Style;

use super::page::Pages;
use crate::i18n::Message;
use crate::tui::canvas::width_of;

/// Where a piece of evidence stands, behind the number of its step.
const CITED: u16 = 10;

/// An answer with what is said of it and with the steps that settle it; then why.
pub(super) fn reveal(pages: &mut Pages, verdict: &Verdict, evidence: &[u64]) {
    let (style, theme) = (pages.style, pages.style.theme);
    let ran = (style.say(Message::ItRan), "✓", theme.good);
    if let Some(answer) = &verdict.answer {
        let mark = if answer.holds { ran } else { (style.say(Message::NotSo), "✗", theme.bad) };
        answer_rows(pages, style.say(Message::YourAnswer), &answer.text, mark);
    }
    if !verdict.right() {
        answer_rows(pages, style.say(Message::TheStack), &verdict.truth.text, ran);
    }
    pages.words(&verdict.answer.as_ref().unwrap_or(&verdict.truth).reply, theme.text);
    for (place, (step, piece)) in evidence.iter().zip(&verdict.evidence).enumerate() {
        cite(pages, piece, *step, style.focused && place == style.selected, verdict.evidence.len() - place - 1);
    }
    pages.turn();
    pages.labelled(style.say(Message::Why), &verdict.why);
}

/// A step that settles the question; what is too long for its row goes on below, where the page has room for it and for the `behind`
/// pieces that follow.
fn cite(pages: &mut Pages, piece: &Evidence, step: u64, here: bool, behind: usize) {
    let theme = pages.style.theme;
    let width = pages.width().saturating_sub(CITED + 1);
    let lines = wrap(&piece.text, width);
    let lines = if lines.len() + behind <= pages.rows_left() { lines } else { vec![piece.text.clone()] };
    for (line, text) in lines.iter().enumerate() {
        pages.row(|canvas, y| {
            if line == 0 {
                canvas.put(1, y, if here { "▸" } else { " " }, theme.strong);
                canvas.put(2, y, &format!("{step:>6}"), theme.key);
            }
            let x = canvas.put(CITED, y, text, if here { theme.strong } else { theme.text });
            let right = canvas.width().saturating_sub(1);
            let has_room = lines.len() == 1 && x + width_of(&piece.predicate) + 3 <= right;
            if !piece.predicate.is_empty() && has_room {
                canvas.put_right(right, y, &piece.predicate, theme.dim);
            }
            if here {
                canvas.shade(1, y, right.saturating_sub(1), theme.selected);
            }
        });
    }
}

fn answer_rows(pages: &mut Pages, who: &str, text: &str, (word, sign, text_style): (&str, &str, Style)) {
    let theme = pages.style.theme;
    let left = pages.width().saturating_sub(ANSWER_CELLS) / 2;
    for (line, text) in wrap(text, ANSWER_CELLS).into_iter().enumerate() {
        pages.row(|canvas, y| {
            if line == 0 {
                canvas.put(1, y, who, theme.dim);
                canvas.put_right(canvas.width().saturating_sub(1), y, &format!("{sign} {word}"), text_style);
            }
            canvas.put(left, y, &text, theme.strong);
        });
    }
}

/// The order of the run, and beside each step the place at which the learner had it; then why.
pub(super) fn ordered(pages: &mut Pages, ranking: &Ranking) {
    let (style, theme) = (pages.style, pages.style.theme);
    let credit = ranking.right.iter().filter(|right| **right).count();
    let said = match ranking.steps.len() {
        0 => style.say(Message::OrderOfRun).to_owned(),
        of => Message::OrderCredit.fill(style.lang, &[&credit.to_string(), &of.to_string()]),
    };
    pages.words(&said, theme.dim);
    for (place, step) in ranking.truth.iter().enumerate() {
        let own = ranking.steps.iter().position(|own| own == step);
        let right = own.and_then(|own| ranking.right.get(own)).copied();
        let (sign, sign_style) = match right {
            Some(true) => ("✓", theme.good),
            Some(false) => ("✗", theme.bad),
            None => (" ", theme.strong),
        };
        pages.row(|canvas, y| {
            canvas.put(1, y, sign, sign_style);
            canvas.put(3, y, &format!("{}", place + 1), theme.key);
            canvas.put(6, y, step, theme.text);
            if let Some(own) = own {
                canvas.put_right(canvas.width().saturating_sub(1), y, &format!("{}", own + 1), sign_style);
            }
        });
    }
    pages.turn();
    pages.labelled(style.say(Message::Why), &ranking.why);
}

/// The end, page by page: what one knows and had thought; where to go and what to say; what is to be read at leisure.
pub(super) fn close(pages: &mut Pages, closing: &Closing) {
    let (style, theme) = (pages.style, pages.style.theme);
    pages.words(style.say(Message::YouKnow), theme.strong);
    for line in &closing.known {
        pages.words(&format!("· {line}"), theme.text);
    }
    if !closing.predictions.is_empty() {
        pages.turn();
        pages.words(style.say(Message::FirstSaid), theme.strong);
    }
    closing.predictions.iter().for_each(|prediction| predicted(pages, prediction));
    pages.turn();
    if !closing.again.is_empty() {
        let beats: Vec<String> =
            closing.again.iter().map(|beat| Message::BeatNumber.fill(style.lang, &[&beat.to_string()])).collect();
        pages.labelled(style.say(Message::LookAgain), &beats.join(" · "));
    }
    if let Some(next) = &closing.next {
        let told = Message::NextLesson.fill(style.lang, &[next]);
        pages.words(&style.keys.named_in(&told), theme.key);
    }
    if closing.second_pass.is_some() {
        pages.words(&style.tell(Message::SecondPass), theme.key);
    }
    pages.words(&Message::HandInBy.fill(style.lang, &[&closing.lesson]), theme.dim);
    pages.labelled(style.say(Message::SayItBack), &closing.say_it_back);
    if closing.said.is_empty() {
        pages.words(&style.tell(Message::SayKeys), theme.dim);
    } else {
        pages.words(&format!("» {}", closing.said), theme.strong);
    }
    pages.turn();
    pages.labelled(style.say(Message::ThenAndNow), &closing.then_and_now);
    pages.turn();
    pages.labelled(style.say(Message::OnPaper), &closing.drawing);
    pages.words(&style.tell(Message::DrawingBy), theme.key);
}

/// A first prediction, and beside a wrong one what was true.
fn predicted(pages: &mut Pages, prediction: &Prediction) {
    let (style, theme) = (pages.style, pages.style.theme);
    let (said, sign, sign_style) = match &prediction.first {
        Some((said, _)) if prediction.right => (said.as_str(), "✓", theme.good),
        Some((said, _)) => (said.as_str(), "✗", theme.bad),
        None => (style.say(Message::WasSkipped), "·", theme.dim),
    };
    for (line, text) in wrap(said, pages.width().saturating_sub(4)).into_iter().enumerate() {
        pages.row(|canvas, y| {
            if line == 0 {
                canvas.put(1, y, sign, sign_style);
            }
            canvas.put(3, y, &text, theme.text);
        });
    }
    if !prediction.right {
        for (line, text) in wrap(&prediction.truth, pages.width().saturating_sub(6)).into_iter().enumerate() {
            pages.row(|canvas, y| {
                if line == 0 {
                    canvas.put(3, y, "→", theme.good);
                }
                canvas.put(5, y, &text, theme.strong);
            });
        }
    }
}
