//! The socket: its fields named as in C, old and new value where this step changed one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::tui::ink::{Ink, cells, width_of};
use crate::tui::picture::{Field, Sock};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, socks: &[Sock], look: &Look) {
    let title = look.say(Message::PaneSock);
    let sock = socks.first();
    let shown = Panel {
        title,
        subject: sock.map_or("", |sock| sock.name.as_str()),
        remark: look.say(Message::ChangedByStep),
        foot: "",
    };
    let inner = panel(area, buffer, &shown, look);
    let Some(sock) = sock else {
        empty(inner, buffer, look.say(Message::NoSocket), look);
        return;
    };
    let columns = columns(sock, inner);
    let rows = sock.fields.len().div_ceil(columns);
    let column_width = inner.width / cells(columns).max(1);
    let room = usize::from(inner.height);
    let focus = if look.focused { look.selected % rows.max(1) } else { 0 };
    let first = window(rows, room, focus, look.scroll);
    let names = sock.fields.iter().map(|field| width_of(&field.name)).max().unwrap_or(0).min(16);
    let mut ink = Ink::new(buffer, inner);
    for (place, field) in sock.fields.iter().enumerate() {
        let (column, row) = (place / rows.max(1), place % rows.max(1));
        if row < first || row >= first + room {
            continue;
        }
        let x = cells(column) * column_width;
        let width = if column + 1 == columns { inner.width - x } else { column_width.saturating_sub(1) };
        field_row(&mut ink, (x, cells(row - first)), width, names, field, look);
        if look.focused && place == look.selected {
            ink.shade(x, cells(row - first), width, look.theme.selected);
        }
    }
}

/// Two columns where the pane is wide and one would not hold all fields.
fn columns(sock: &Sock, inner: Rect) -> usize {
    let tall = sock.fields.len() > usize::from(inner.height);
    match inner.width {
        96.. if tall => 3,
        46.. if tall => 2,
        _ => 1,
    }
}

fn field_row(ink: &mut Ink, at: (u16, u16), width: u16, names: u16, field: &Field, look: &Look) {
    let theme = look.theme;
    let (x, y) = at;
    let end = x + width;
    let changed = field.old.is_some();
    let style = if changed { theme.changed } else { theme.text };
    ink.put(x, y, if changed { "*" } else { " " }, theme.changed);
    ink.put_within(x + 2, y, names.min(width), &field.name, if changed { theme.changed } else { theme.dim });
    let mut at = x + 3 + names;
    if let Some(old) = &field.old {
        let arrow = width_of(old) + 3;
        if at + arrow + width_of(&field.value) <= end {
            at = ink.put_within(at, y, end.saturating_sub(at), old, theme.dim);
            at = ink.put(at, y, " → ", theme.dim);
        }
    }
    ink.put_within(at, y, end.saturating_sub(at), &field.value, style);
}

/// The style that marks a changed value elsewhere on the screen.
#[must_use]
pub fn mark(changed: bool, look: &Look) -> Style {
    if changed { look.theme.changed } else { look.theme.text }
}
