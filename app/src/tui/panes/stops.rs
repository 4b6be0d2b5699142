//! The stops of the session: what `c` and `C` run to, in the order in which they were set.
//!
//! Marks: `●` it stops, `○` it is switched off. At the right stands what it waits for, and where the run lists such places how often
//! it has come up to this moment.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Picture, StopKind, StopRow};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let stops = &picture.stops;
    let on = stops.iter().filter(|stop| stop.on).count();
    let count = Message::StopsCount.fill(style.lang, &[&on.to_string(), &stops.len().to_string()]);
    let remark = if stops.is_empty() { "" } else { count.as_str() };
    let inner = panel(area, buffer, &Panel { title: style.title, remark, ..Panel::default() }, style);
    if stops.is_empty() {
        empty(inner, buffer, style.say(Message::NoStopsYet), style);
        return;
    }
    let room = usize::from(inner.height);
    let first = window(stops.len(), room, style.selected, style.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, stop) in stops.iter().enumerate().skip(first).take(room) {
        let y = cells(row - first);
        draw_row(&mut canvas, y, stop, style);
        if style.focused && row == style.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
}

fn draw_row(canvas: &mut Canvas, y: u16, stop: &StopRow, style: &PaneStyle) {
    let theme = style.theme;
    let kind = style.say(kind(stop.kind));
    let mut remark = match stop.hits {
        Some(hits) => format!("{kind} {hits}×"),
        None => kind.to_owned(),
    };
    let right = canvas.width().saturating_sub(1);
    // The stop itself is never cut for the sake of what is said of it.
    if 3 + width_of(&stop.text) + 2 + width_of(&remark) > right {
        remark.clear();
    }
    let (sign, sign_style) = if stop.on { ("●", theme.changed) } else { ("○", theme.dim) };
    canvas.put(1, y, sign, sign_style);
    let end = right.saturating_sub(width_of(&remark));
    canvas.put_within(3, y, end.saturating_sub(3), &stop.text, if stop.on { theme.text } else { theme.dim });
    canvas.put_right(right, y, &remark, theme.dim);
}

fn kind(kind: StopKind) -> Message {
    match kind {
        StopKind::Function => Message::StopFunction,
        StopKind::State => Message::StopState,
        StopKind::Frame => Message::StopFrame,
        StopKind::Timer => Message::StopTimer,
        StopKind::Drop => Message::StopDrop,
        StopKind::Process => Message::StopProcess,
        StopKind::Watch => Message::StopWatch,
        StopKind::Condition => Message::StopCondition,
        StopKind::Mark => Message::StopMark,
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.stops.iter().map(|stop| stop.text.clone()).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.stops.len(), text: Some(text), cursor_of: None };
