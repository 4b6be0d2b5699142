//! The socket: its fields named as in C, old and new value where this step changed one.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{PaneStyle, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::picture::{Field, Sock};
use crate::tui::canvas::{Canvas, cells as cells_of, width_of};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, socks: &[Sock], look: &PaneStyle) {
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
    let meaning = sock.fields.get(look.selected).map_or("", |field| field.meaning);
    let explained = look.focused && !meaning.is_empty() && inner.height > 4;
    let body = Rect { height: inner.height - u16::from(explained), ..inner };
    let cells = places(sock, body);
    let rows = cells.iter().map(|place| place.row + 1).max().unwrap_or(0);
    let chosen = cells.get(look.selected).map_or(0, |place| place.row);
    let focus = if look.focused { chosen } else { 0 };
    let first = window(rows, usize::from(body.height), focus, look.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (index, (field, place)) in sock.fields.iter().zip(&cells).enumerate() {
        let Some(row) = place.row.checked_sub(first).filter(|row| *row < usize::from(body.height)) else { continue };
        let y = cells_of(row);
        field_row(&mut canvas, (place.x, y), place.width, place.names, field, look);
        if look.focused && index == look.selected {
            canvas.shade(place.x, y, place.width, look.theme.selected);
        }
    }
    if explained {
        canvas.put(1, inner.height - 1, meaning, look.theme.dim);
    }
}

/// Where a field stands.
struct Place {
    x: u16,
    row: usize,
    width: u16,
    names: u16,
}

/// The wide fields one below the other, then the others row by row in as many columns as the pane
/// needs and has room for.
fn places(sock: &Sock, body: Rect) -> Vec<Place> {
    let wide = sock.fields.iter().filter(|field| field.wide).count();
    let narrow = sock.fields.len() - wide;
    let columns = if wide + narrow <= usize::from(body.height) { 1 } else { usize::from(body.width / 24).clamp(1, 4) };
    let width = body.width / cells_of(columns);
    let longest =
        |fields: &mut dyn Iterator<Item = &Field>| fields.map(|field| width_of(&field.name)).max().unwrap_or(0).min(11);
    let wide_names = longest(&mut sock.fields.iter().filter(|field| field.wide)).max(12);
    let others: Vec<&Field> = sock.fields.iter().filter(|field| !field.wide).collect();
    let names: Vec<u16> =
        (0..columns).map(|column| longest(&mut others.iter().copied().skip(column).step_by(columns))).collect();
    let (mut above, mut below) = (0, 0);
    sock.fields
        .iter()
        .map(|field| {
            if field.wide {
                above += 1;
                return Place { x: 0, row: above - 1, width: body.width, names: wide_names };
            }
            let (column, row) = (below % columns, below / columns);
            below += 1;
            let x = cells_of(column) * width;
            let last = column + 1 == columns;
            Place {
                x,
                row: wide + row,
                width: if last { body.width - x } else { width },
                names: names.get(column).copied().unwrap_or(0),
            }
        })
        .collect()
}

fn field_row(canvas: &mut Canvas, at: (u16, u16), width: u16, names: u16, field: &Field, look: &PaneStyle) {
    let theme = look.theme;
    let (x, y) = at;
    let end = x + width;
    let changed = field.old.is_some();
    let style = if changed { theme.changed } else { theme.text };
    if changed {
        canvas.put(x, y, "*", theme.changed);
    }
    let named = canvas.put_within(x + 2, y, width, &field.name, if changed { theme.changed } else { theme.dim });
    // A name longer than its column pushes its own value and nobody else's.
    let mut at = (x + 3 + names).max(named + 1);
    if let Some(old) = &field.old {
        let arrow = width_of(old) + 3;
        if at + arrow + width_of(&field.value) <= end {
            at = canvas.put_within(at, y, end.saturating_sub(at), old, theme.dim);
            at = canvas.put(at, y, " → ", theme.dim);
        }
    }
    canvas.put_within(at, y, end.saturating_sub(at), &field.value, style);
}

/// The style that marks a changed value elsewhere on the screen.
#[must_use]
pub fn mark(changed: bool, look: &PaneStyle) -> Style {
    if changed { look.theme.changed } else { look.theme.text }
}
