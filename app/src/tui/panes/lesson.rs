//! The lesson: what it tells, its question before the answer, the answer with the evidence of the run, its tasks and its end.
//!
//! It is as high as [`PAGE_ROWS`] on every screen, so that nothing jumps; what is longer stands on several pages, which
//! `lesson-next` turns before it goes on. Where the screen is wide enough two pages lie beside each other, as in a book. The rows that
//! can be chosen (evidence, words) are walked with the cursor while the pane has the focus; Enter goes where they lead.
//!
//! Marks: `▸` the option or step under the cursor; `✓` and `✗` what the run has made of it; a number before a line of evidence is
//! the step that shows it.

mod answered;
mod asking;
mod page;

use lessons::page::{PAGE_CELLS, PAGE_ROWS};
use lessons::{Certainty, Shows, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use self::page::{Pages, copy};
use crate::i18n::Message;
use crate::picture::Picture;
use crate::tui::canvas::{Canvas, cells};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel};

/// Columns of a page with one of margin on each side.
const PAGE_WIDTH: u16 = PAGE_CELLS + 2;

/// Rows of the pane with its border.
pub const HEIGHT: u16 = PAGE_ROWS + 2;

/// Draws the pane: the border, and as many pages as have room beside each other.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let Some(lesson) = &picture.lesson else {
        let inner = panel(area, buffer, &Panel { title: style.title, ..Panel::default() }, style);
        empty(inner, buffer, &style.tell(Message::NoLesson), style);
        return;
    };
    let beat = match lesson.retake {
        Some(_) => style.say(Message::AgainTitle).to_owned(),
        None => Message::BeatOf.fill(style.lang, &[&lesson.beat.to_string(), &lesson.beats.to_string()]),
    };
    let pages = pages(lesson, &picture.evidence, area.width, style);
    let beside = beside(area.width);
    let first = first_page(pages.len(), beside, style.scroll);
    let foot = if first + beside < pages.len() {
        let told = [first + 1, pages.len()].map(|page| page.to_string());
        style.keys.named_in(&Message::PageOf.fill(style.lang, &told.each_ref().map(String::as_str))).into_owned()
    } else {
        String::new()
    };
    let remark = remark(lesson, style);
    let inner =
        panel(area, buffer, &Panel { title: &lesson.title, subject: &beat, remark: &remark, foot: &foot }, style);
    for (place, page) in pages.iter().skip(first).take(beside).enumerate() {
        let x = inner.x + cells(place) * (PAGE_WIDTH + 1);
        copy(page, Rect { x, width: inner.width.saturating_sub(x - inner.x), ..inner }, buffer);
        if place > 0 {
            let mut canvas = Canvas::new(buffer, inner);
            (0..inner.height).for_each(|y| _ = canvas.put(x - inner.x - 1, y, "│", style.theme.rule));
        }
    }
    if let Shows::Question(question) = &lesson.shows
        && (question.picks.is_empty() || question.chosen.is_some())
    {
        let mut canvas = Canvas::new(buffer, area);
        asking::how_sure(&mut canvas, area.height.saturating_sub(1), question.certainty, style);
    }
}

/// What stands at the right of the upper border: what is missing for an answer, or which keys lead on.
fn remark(lesson: &View, style: &PaneStyle) -> String {
    let told = match &lesson.shows {
        Shows::Words | Shows::Closing(_) => Message::LessonKeys,
        Shows::Question(question) => match (question.chosen, question.certainty) {
            (None, _) if lesson.retake.is_some() => again(lesson.retake),
            (None, _) => Message::ChooseFirst,
            (Some(_), None) => Message::SureFirst,
            (Some(_), Some(_)) => Message::StackMarks,
        },
        Shows::Verdict(_) => Message::Evidence,
        Shows::Work(work) if work.done => Message::LessonKeys,
        Shows::Work(_) => Message::WorkKeys,
        Shows::Ranking(ranking) if ranking.is_answered() => Message::LessonKeys,
        Shows::Ranking(_) => Message::RankingKeys,
    };
    style.tell(told).into_owned()
}

/// How a question that comes back is announced.
fn again(certainty: Option<Certainty>) -> Message {
    if certainty == Some(Certainty::Certain) { Message::AgainCertain } else { Message::Again }
}

/// What the lesson shows at its beat, on pages that lie beside each other where the pane is `width` wide.
fn pages(lesson: &View, evidence: &[u64], width: u16, style: &PaneStyle) -> Vec<Buffer> {
    let mut pages = Pages::new(width.saturating_sub(2).min(PAGE_WIDTH), style);
    match &lesson.shows {
        Shows::Words => asking::tell(&mut pages, lesson),
        Shows::Question(question) => asking::predict(&mut pages, lesson, question),
        Shows::Work(work) => asking::task(&mut pages, lesson, work),
        Shows::Ranking(ranking) if ranking.is_answered() => answered::ordered(&mut pages, ranking),
        Shows::Ranking(ranking) => asking::rank(&mut pages, lesson, ranking),
        Shows::Verdict(verdict) => answered::reveal(&mut pages, verdict, evidence),
        Shows::Closing(closing) => answered::close(&mut pages, closing),
    }
    pages.finish()
}

/// How many pages lie beside each other in a pane of a width.
fn beside(width: u16) -> usize {
    usize::from((width.saturating_sub(1) / (PAGE_WIDTH + 1)).clamp(1, 2))
}

/// The first page that is shown after `turned` have been turned: the last ones are never left with an empty side.
fn first_page(pages: usize, beside: usize, turned: i32) -> usize {
    usize::try_from(turned).unwrap_or(0).min(pages.saturating_sub(beside))
}

/// The page to which a key turns from where `turned` have been turned, in a pane of a width: the next, or the one before; None where
/// there is no further one.
#[must_use]
pub fn turn(picture: &Picture, width: u16, style: &PaneStyle, forward: bool) -> Option<i32> {
    let lesson = picture.lesson.as_ref()?;
    let (count, beside) = (pages(lesson, &picture.evidence, width, style).len(), beside(width));
    let first = first_page(count, beside, style.scroll);
    let next = if forward { Some(first + beside).filter(|next| *next < count) } else { first.checked_sub(beside) };
    i32::try_from(next?).ok()
}

/// How many pages there are on a screen of 80 columns.
#[must_use]
pub fn page_count(lesson: &View, evidence: &[u64], style: &PaneStyle) -> usize {
    pages(lesson, evidence, PAGE_WIDTH + 2, style).len()
}

/// What can be chosen in the pane: the steps of the evidence, or the words of the lesson.
fn selectable(picture: &Picture) -> usize {
    match picture.lesson.as_ref().map(|lesson| (&lesson.shows, lesson)) {
        Some((Shows::Verdict(verdict), _)) => verdict.evidence.len(),
        Some((Shows::Words, lesson)) => lesson.words.len(),
        _ => 0,
    }
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content { render, moves: Moves::Cursor, rows: selectable, text: None, cursor_of: None };
