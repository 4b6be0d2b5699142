//! A moment in words: where it is, what the step does, what it changed; and panes as lines of text.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::{Lang, Message};
use crate::picture::times::Times;
use crate::picture::{FrameFate, LadderRow, Pane, Picture, Source};
use crate::tui::pane::{Moves, PaneStyle};
use crate::tui::panes::row;
use crate::tui::print::text;
use crate::tui::ui_state::PaneView;

/// Rows that are drawn of a pane that has no text of its own.
const ROWS: u16 = 60;

/// Where we are, what this step does, what it changed.
pub(super) fn place(picture: &Picture, lang: Lang) -> Vec<String> {
    let seconds = format!("{:.6}", picture.microseconds as f64 / 1e6);
    let host = picture.hosts.get(picture.acting).map_or("", |host| host.name.as_str());
    let (step, last) = (picture.step.to_string(), picture.steps.saturating_sub(1).to_string());
    let code = &picture.code;
    let mut told = vec![if picture.source == Source::Observed {
        Message::PlainFrameAt.fill(lang, &[&step, &last, &seconds])
    } else if code.function.is_empty() {
        Message::PlainIdle.fill(lang, &[&step, &last, &seconds])
    } else {
        let caller = picture.stack.get(1).map_or("", |call| call.function.as_str());
        let words = [&*step, &*last, &*seconds, host, code.layer.tag(), &*code.function, &*code.kernel_file, caller];
        (if caller.is_empty() { Message::PlainOuter } else { Message::PlainPlace }).fill(lang, &words)
    }];
    if !code.sentence.is_empty() {
        told.push(Message::PlainHere.fill(lang, &[&code.sentence]));
    }
    let changes: Vec<String> = picture
        .changed
        .iter()
        .map(|change| Message::PlainChange.fill(lang, &[&change.name, &change.old, &change.new]))
        .collect();
    let between = if lang == Lang::En { "; " } else { "；" };
    told.push(match changes.len() {
        0 => Message::PlainUnchanged.text(lang).to_owned(),
        _ => Message::PlainChanged.fill(lang, &[&changes.join(between)]),
    });
    if let Some(lesson) = &picture.lesson {
        told.push(Message::PlainLesson.fill(lang, &[&lesson.title, &lesson.narration.join(" ")]));
        if lesson.asks() {
            told.push(Message::PlainAsks.text(lang).to_owned());
        }
    }
    if let Some(oops) = picture.oops.as_ref().filter(|oops| oops.is_here) {
        told.push(Message::OopsDies.fill(lang, &[&oops.host, &oops.story]));
    }
    told
}

/// A pane as lines: its rows where it has text, the one where it stands marked; else what it draws, without its border.
pub(super) fn pane(picture: &Picture, pane: Pane, view: PaneView, style: &PaneStyle) -> Vec<String> {
    let here = place_in(picture, pane, view);
    match rows(picture, pane, (style.lang, style.times)) {
        Some(rows) if rows.is_empty() => drawn(picture, pane, style),
        Some(rows) => rows
            .iter()
            .enumerate()
            .map(|(place, line)| format!("{} {line}", if place == here { "->" } else { "  " }))
            .collect(),
        None => drawn(picture, pane, style),
    }
}

/// The row where a pane stands.
pub(super) fn chosen(picture: &Picture, pane: Pane, view: PaneView) -> Option<String> {
    rows(picture, pane, (Lang::En, Times::default()))?.get(place_in(picture, pane, view)).cloned()
}

fn place_in(picture: &Picture, pane: Pane, view: PaneView) -> usize {
    match row(pane).content.moves {
        Moves::Cursor => view.selected,
        Moves::Page(home) => {
            let home = i64::try_from(home(picture)).unwrap_or(0);
            usize::try_from(home + i64::from(view.scroll)).unwrap_or(0)
        }
    }
}

fn rows(picture: &Picture, pane: Pane, told: (Lang, Times)) -> Option<Vec<String>> {
    match pane {
        // Who sends to whom is drawn there, and not written.
        Pane::Ladder => {
            let rows = picture.ladder.rows.iter().enumerate();
            Some(rows.map(|(place, row)| rung(picture, (place, row), told)).collect())
        }
        _ => row(pane).content.text.map(|text| text(picture)),
    }
}

fn rung(picture: &Picture, (place, row): (usize, &LadderRow), (lang, times): (Lang, Times)) -> String {
    let host = |place: usize| picture.ladder.columns.get(place).map_or("?", String::as_str);
    match row {
        LadderRow::Frame { number, from, to, label, fate, resent, at_capture, .. } => {
            let fate = match fate {
                FrameFate::Arrived => Message::LegendSent,
                FrameFate::Flying => Message::FrameLeaves,
                FrameFate::Ahead => Message::LegendNotYet,
                FrameFate::Lost => Message::LegendLost,
            };
            let seconds = picture.ladder.time(place, times).unwrap_or_default();
            let resent = if *resent { format!(", {}", Message::LegendResent.text(lang)) } else { String::new() };
            let words = [&*number.to_string(), &*seconds, host(*from), host(*to), label, fate.text(lang), &*resent];
            let told = Message::PlainFrame.fill(lang, &words);
            match at_capture.as_ref().map(|at_capture| at_capture.told(lang)).filter(|words| !words.is_empty()) {
                Some(words) => format!("{told} · {words}"),
                None => told,
            }
        }
        LadderRow::Captured { at_capture, .. } => {
            let seconds = picture.ladder.time(place, times).unwrap_or_default();
            format!("{seconds} · {} · {}", at_capture.beside, at_capture.told(lang))
        }
        LadderRow::State { host: of, name, .. } => Message::PlainState.fill(lang, &[host(*of), name]),
        LadderRow::Oops { host: of, story, .. } => format!("{}: Oops: {story}", host(*of)),
    }
}

/// What a pane draws, as lines without its border.
fn drawn(picture: &Picture, pane: Pane, style: &PaneStyle) -> Vec<String> {
    let area = Rect::new(0, 0, 80, ROWS);
    let mut buffer = Buffer::empty(area);
    (row(pane).content.render)(area, &mut buffer, picture, &PaneStyle { focused: false, scroll: 0, ..*style });
    lines(&buffer)
}

/// A drawn buffer as lines: without frames around it and without blank lines.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let is_frame = |c: char| ('\u{2500}'..='\u{257f}').contains(&c) || matches!(c, '▐' | '▌' | '▏');
    let text = text::screen(buffer);
    let lines = text.lines().map(|line| {
        let bare: String = line.chars().map(|c| if is_frame(c) { ' ' } else { c }).collect();
        bare.trim().to_owned()
    });
    lines.filter(|line| !line.is_empty()).collect()
}
