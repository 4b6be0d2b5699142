//! The frame: its headers and fields, linked to the bytes.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::bytes::dump;
use super::{Look, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::tui::ink::{Ink, cells, width_of};
use crate::tui::picture::{Dissected, Frame};

/// Draws the pane; where it is tall the bytes stand below the fields.
pub fn render(area: Rect, buffer: &mut Buffer, frame: Option<&Frame>, look: &Look) {
    let numbers = frame.map_or(String::new(), |frame| {
        Message::FrameNumber.fill(look.lang, &[&frame.number.to_string(), &frame.bytes.len().to_string()])
    });
    let shown = Panel {
        title: look.say(Message::PaneFrame),
        subject: frame.map_or("", |frame| frame.note.as_str()),
        remark: &numbers,
        foot: "",
    };
    let inner = panel(area, buffer, &shown, look);
    let Some(frame) = frame else {
        empty(inner, buffer, look.say(Message::NoFrame), look);
        return;
    };
    let with_bytes = inner.height >= 14;
    let rows = if with_bytes { inner.height * 3 / 5 } else { inner.height };
    fields(Rect { height: rows, ..inner }, buffer, frame, look);
    if with_bytes {
        let below = Rect { y: inner.y + rows + 1, height: inner.height - rows - 1, ..inner };
        dump(below, buffer, frame, look);
    }
}

/// The row that is selected: the chosen one, or the first header.
#[must_use]
pub fn selected(frame: &Frame, look: &Look) -> usize {
    look.selected.min(frame.rows.len().saturating_sub(1))
}

fn fields(area: Rect, buffer: &mut Buffer, frame: &Frame, look: &Look) {
    let picked = selected(frame, look);
    let room = usize::from(area.height);
    let first = window(frame.rows.len(), room, picked, look.scroll);
    let names = frame.rows.iter().filter(|row| row.depth > 0).map(|row| width_of(&row.name)).max().unwrap_or(0).min(16);
    let mut ink = Ink::new(buffer, area);
    for (place, row) in frame.rows.iter().enumerate().skip(first).take(room) {
        let y = cells(place - first);
        field(&mut ink, y, names, row, look);
        if place == picked {
            let style = if look.focused { look.theme.selected } else { look.theme.running };
            ink.shade(0, y, area.width, style);
        }
    }
}

fn field(ink: &mut Ink, y: u16, names: u16, row: &Dissected, look: &Look) {
    let theme = look.theme;
    let value = if row.bad { theme.bad } else { theme.text };
    let x = if row.depth == 0 {
        let x = ink.put(0, y, "▾ ", theme.layer(row.layer));
        ink.put(x, y, &row.name, theme.layer(row.layer)) + 2
    } else {
        ink.put_within(4, y, names, &row.name, theme.dim);
        6 + names
    };
    let x = ink.put_within(x, y, ink.width().saturating_sub(x + 2), &row.value, value);
    if row.bad {
        ink.put(x + 1, y, "✗", theme.bad);
    }
}
