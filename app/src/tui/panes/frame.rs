//! The frame: its headers and fields, linked to the bytes.
//!
//! Marks: `▾` an open header, `▸` one whose fields are folded for want of room (the one with the cursor is always open); `✗` a
//! value that is wrong, such as a checksum. A frame opens at its innermost header. Where the pane is tall the bytes stand below.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::bytes::{dump, selected};
use crate::i18n::Message;
use crate::picture::{Dissected, Frame, Layer, Picture};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// Draws the pane; where it is tall the bytes stand below the fields.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let frame = picture.frame.as_ref();
    let numbers = frame.map_or(String::new(), |frame| {
        let number = if frame.number == 0 { "·".to_owned() } else { frame.number.to_string() };
        Message::FrameNumber.fill(style.lang, &[&number, &frame.bytes.len().to_string()])
    });
    let shown = Panel {
        title: style.title,
        subject: frame.map_or("", |frame| frame.note.as_str()),
        remark: &numbers,
        foot: "",
    };
    let inner = panel(area, buffer, &shown, style);
    let Some(frame) = frame else {
        empty(inner, buffer, style.say(Message::NoFrame), style);
        return;
    };
    let with_bytes = inner.height >= 14;
    let rows = if with_bytes { inner.height * 3 / 5 } else { inner.height };
    fields(Rect { height: rows, ..inner }, buffer, frame, style);
    if with_bytes {
        let below = Rect { y: inner.y + rows + 1, height: inner.height - rows - 1, ..inner };
        dump(below, buffer, frame, style);
    }
}

/// The row a person most likely wants: the innermost header.
#[must_use]
pub fn telling(frame: &Frame) -> usize {
    let known = |row: &Dissected| row.depth == 0 && row.layer != Layer::User;
    frame.rows.iter().rposition(known).unwrap_or(0)
}

/// The rows in sight: every header, and the fields of the one that holds the selected row.
fn in_sight(frame: &Frame, picked: usize) -> Vec<usize> {
    let header = |row: usize| frame.rows.iter().take(row + 1).rposition(|row| row.depth == 0);
    let open = header(picked);
    frame
        .rows
        .iter()
        .enumerate()
        .filter(|(index, row)| row.depth == 0 || header(*index) == open)
        .map(|(index, _)| index)
        .collect()
}

fn fields(area: Rect, buffer: &mut Buffer, frame: &Frame, style: &PaneStyle) {
    let picked = selected(frame, style);
    let room = usize::from(area.height);
    let rows = if frame.rows.len() > room { in_sight(frame, picked) } else { (0..frame.rows.len()).collect() };
    let here = rows.iter().position(|row| *row == picked).unwrap_or(0);
    let first = window(rows.len(), room, here, style.scroll);
    let names = frame.rows.iter().filter(|row| row.depth > 0).map(|row| width_of(&row.name)).max().unwrap_or(0).min(16);
    let mut canvas = Canvas::new(buffer, area);
    for (place, index) in rows.iter().enumerate().skip(first).take(room) {
        let Some(row) = frame.rows.get(*index) else { continue };
        let y = cells(place - first);
        let closed = row.depth == 0 && rows.get(place + 1).is_none_or(|next| *next != index + 1);
        field(&mut canvas, y, names, row, closed, style);
        if *index == picked {
            let text_style = if style.focused { style.theme.selected } else { style.theme.running };
            canvas.shade(0, y, area.width, text_style);
        }
    }
}

fn field(canvas: &mut Canvas, y: u16, names: u16, row: &Dissected, closed: bool, style: &PaneStyle) {
    let theme = style.theme;
    let value = if row.bad { theme.bad } else { theme.text };
    let x = if row.depth == 0 {
        let x = canvas.put(0, y, if closed { "▸ " } else { "▾ " }, theme.layer(row.layer));
        canvas.put(x, y, &row.name, theme.layer(row.layer)) + 2
    } else {
        let indent = 2 * u16::from(row.depth.min(4));
        canvas.put_within(2 + indent, y, names, &row.name, theme.dim);
        4 + indent + names
    };
    let x = canvas.put_within(x, y, canvas.width().saturating_sub(x + 2), &row.value, value);
    if row.bad {
        canvas.put(x + 1, y, "✗", theme.bad);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let rows = picture.frame.as_ref().map_or(&[][..], |frame| &frame.rows);
    rows.iter().map(|row| format!("{} {}", row.name, row.value)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| picture.frame.as_ref().map_or(0, |frame| frame.rows.len()),
    text: Some(text),
    cursor_of: None,
};
