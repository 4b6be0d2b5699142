//! The capture: what 1.2.13 sends in a replay beside what the captured end sent, a frame a row, below what has to be known of the
//! whole replay; where a capture is observed, its frames and why each came.
//!
//! Marks: `▶` where the cursor or 1.2.13 is; `→` `←` observed, the client or the server sent it; `=` both send the same, `~` they differ by design of 1995; the decisions: `+` only 1.2.13 sends it, `-`
//! only the capture has it, `<` `>` it comes earlier or later, `≠` its fields or its segments differ. Enter goes to the frame.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::picture::replay::ReplayRow;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::list::{footnote, shade};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// The row under the cursor: where 1.2.13 is, moved by how far the pane is scrolled.
fn place(picture: &Picture, scroll: i32) -> usize {
    let last = rows(picture).saturating_sub(1);
    let offset = usize::try_from(scroll.unsigned_abs()).unwrap_or(usize::MAX);
    let here = here(picture);
    if scroll < 0 { here.saturating_sub(offset) } else { here.saturating_add(offset).min(last) }
}

/// The line of the comparison under the cursor; none on a notice.
#[must_use]
pub fn selected(picture: &Picture, scroll: i32) -> Option<&ReplayRow> {
    picture.replay.rows.get(place(picture, scroll).checked_sub(picture.replay.notices.len())?)
}

/// How far the pane is scrolled with its cursor on a line of the comparison.
#[must_use]
pub fn scroll_to(picture: &Picture, line: usize) -> i32 {
    let row = picture.replay.rows.iter().position(|row| row.line == line).unwrap_or(picture.replay.now);
    let distance = |place: usize| i32::try_from(place).unwrap_or(i32::MAX);
    distance(row) - distance(picture.replay.now)
}

fn here(picture: &Picture) -> usize {
    picture.replay.notices.len() + picture.replay.now
}

fn rows(picture: &Picture) -> usize {
    picture.replay.notices.len() + picture.replay.rows.len()
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let replay = &picture.replay;
    let at = place(picture, style.scroll);
    let line = selected(picture, style.scroll).map_or(0, |row| row.line + 1);
    let remark = if replay.lines == 0 { String::new() } else { format!("{line}/{}", replay.lines) };
    let shown = Panel { title: style.title, remark: &remark, ..Panel::default() };
    let inner = panel(area, buffer, &shown, style);
    if rows(picture) == 0 {
        empty(inner, buffer, style.say(Message::CaptureEmpty), style);
        return;
    }
    let texts = text(picture);
    let told = texts.get(at).filter(|text| width_of(text) + 3 > inner.width).map_or("", |text| text.trim_start());
    let body = footnote(inner, buffer, told, style);
    let first = window(texts.len(), usize::from(body.height), at, 0);
    let mut canvas = Canvas::new(buffer, body);
    let times = replay.rows.iter().map(|row| width_of(&row.time)).max().unwrap_or(0);
    for row in first..texts.len().min(first + usize::from(body.height)) {
        let y = cells(row - first);
        match row.checked_sub(replay.notices.len()) {
            None => {
                let notice = replay.notices.get(row).map_or("", String::as_str);
                canvas.put_within(2, y, body.width.saturating_sub(3), notice, style.theme.text);
            }
            Some(place) => {
                let Some(line) = replay.rows.get(place) else { continue };
                draw_line(&mut canvas, y, (line, times), place == replay.now && !line.ahead, style);
            }
        }
        shade(&mut canvas, (row, y, 1), &PaneStyle { selected: at, ..*style });
    }
}

fn draw_line(canvas: &mut Canvas, y: u16, (line, times): (&ReplayRow, u16), is_here: bool, style: &PaneStyle) {
    let theme = style.theme;
    if is_here {
        canvas.put(0, y, "▶", theme.strong);
    }
    let look = match (line.ahead, line.decides) {
        (true, _) => theme.dim,
        (false, true) => theme.strong,
        (false, false) => theme.text,
    };
    let sign = if line.decides { theme.changed } else { look };
    canvas.put(2, y, &line.sign.to_string(), sign);
    canvas.put_right(4 + times, y, &line.time, theme.dim);
    canvas.put_right(11 + times, y, &line.frame, look);
    let room = canvas.width().saturating_sub(1);
    // Both are cut where there is room for a part of each, and the words that tell more last.
    let both = room.saturating_sub(12 + times);
    let told = if both >= 40 { width_of(&line.how).min(both / 3) + 2 } else { 0 };
    let x = canvas.put_within(12 + times, y, both - told, &line.what, look);
    if x + 6 < room {
        canvas.put_within(x + 2, y, room.saturating_sub(x + 2), &line.how, if line.decides { look } else { theme.dim });
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let line = |row: &ReplayRow| format!("{} {} {} {} · {}", row.sign, row.time, row.frame, row.what, row.how);
    picture.replay.notices.iter().cloned().chain(picture.replay.rows.iter().map(line)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content { render, moves: Moves::Page(here), rows, text: Some(text), cursor_of: None };
