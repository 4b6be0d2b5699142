//! The bytes of the frame in hex and ASCII, the bytes of the selected field reversed.
//!
//! The colour of a byte is that of the layer whose header owns it. It has no cursor of its own: up and down choose a field in the
//! frame pane, and a click on a byte the innermost field that owns it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Pane;
use crate::picture::{Frame, Layer, Picture};
use crate::tui::canvas::{Canvas, cells};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let frame = picture.frame.as_ref();
    let row = frame.and_then(|frame| frame.rows.get(selected(frame, style)));
    let field = row.map_or("", |row| row.name.as_str());
    let shown = Panel { title: style.title, subject: field, remark: "", foot: "" };
    let inner = panel(area, buffer, &shown, style);
    match frame {
        Some(frame) => dump(inner, buffer, frame, style),
        None => empty(inner, buffer, style.say(Message::NoFrame), style),
    }
}

/// The row of the dissection that is selected: the chosen one, or the last where there are fewer.
#[must_use]
pub fn selected(frame: &Frame, style: &PaneStyle) -> usize {
    style.selected.min(frame.rows.len().saturating_sub(1))
}

/// Bytes per row that fit a width: 16 or 8.
#[must_use]
pub fn per_row(width: u16) -> usize {
    if width >= 6 + 16 * 3 + 16 { 16 } else { 8 }
}

/// The byte under a cell of the dump, if there is one.
#[must_use]
pub fn byte_at(width: u16, x: u16, y: u16, first_row: usize) -> Option<usize> {
    let per_row = per_row(width);
    let column = usize::from(x.checked_sub(6)?);
    let byte = if column < per_row * 3 { column / 3 } else { column - per_row * 3 };
    (byte < per_row).then(|| (usize::from(y) + first_row) * per_row + byte)
}

/// The first row of the dump shown, so that the selected field is in sight.
#[must_use]
pub fn first_row(area: Rect, frame: &Frame, style: &PaneStyle) -> usize {
    let per_row = per_row(area.width);
    let start = frame.rows.get(selected(frame, style)).map_or(0, |row| row.range.start);
    let rows = frame.bytes.len().div_ceil(per_row);
    let room = usize::from(area.height);
    (start / per_row + 1).saturating_sub(room.max(1)).min(rows.saturating_sub(1))
}

/// Writes the dump itself.
pub fn dump(area: Rect, buffer: &mut Buffer, frame: &Frame, style: &PaneStyle) {
    let theme = style.theme;
    let per_row = per_row(area.width);
    let lit = frame.rows.get(selected(frame, style)).map_or(0..0, |row| row.range.clone());
    let layer = |byte: usize| {
        let owner = frame.rows.iter().filter(|row| row.depth == 0).find(|row| row.range.contains(&byte));
        owner.map_or(Layer::User, |row| row.layer)
    };
    let mut canvas = Canvas::new(buffer, area);
    let first = first_row(area, frame, style);
    for (row, bytes) in frame.bytes.chunks(per_row).enumerate().skip(first).take(usize::from(area.height)) {
        let y = cells(row - first);
        canvas.put(0, y, &format!("{:04x}", row * per_row), theme.dim);
        for (place, byte) in bytes.iter().enumerate() {
            let index = row * per_row + place;
            let text_style =
                if lit.contains(&index) { theme.strong.patch(theme.selected) } else { theme.layer(layer(index)) };
            let x = 6 + cells(place) * 3;
            canvas.put(x, y, &format!("{byte:02x}"), text_style);
            if lit.contains(&index) && lit.contains(&(index + 1)) && place + 1 < per_row {
                canvas.put(x + 2, y, " ", text_style);
            }
            let shown = if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' };
            let text = if lit.contains(&index) { theme.strong.patch(theme.selected) } else { theme.dim };
            canvas.put(6 + cells(per_row) * 3 + cells(place), y, shown.encode_utf8(&mut [0; 4]), text);
        }
    }
}

/// The fields whose bytes these are: what is found lights its bytes.
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
    cursor_of: Some(Pane::Frame),
};
