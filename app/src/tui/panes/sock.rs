//! The sock: its fields named as in C, old and new value where this step changed one; the same drawing for the other host's.
//!
//! Marks: `*` and `old → new`, a field that this step changed. The title says the host and the number of the sock, which stay the
//! same for the whole run. While the pane has the focus its last line says what the selected field means.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Field, Picture, Sock};
use crate::tui::canvas::{Canvas, cells as cells_of, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// Draws the sock of the host that is looked at.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let Some(chosen) = &picture.sock_list.chosen else { return draw(area, buffer, picture.socks.first(), style) };
    // The title says who decides what is shown.
    let title = format!("{} · {}", style.title, style.say(Message::SockChosen));
    if chosen.lives {
        draw_under(&title, area, buffer, picture.socks.first(), style);
    } else {
        let inner = panel(area, buffer, &Panel { title: &title, subject: &chosen.name, ..Panel::default() }, style);
        empty(inner, buffer, &Message::SockMissing.fill(style.lang, &[&chosen.name]), style);
    }
}

/// Draws the sock of the other host.
pub fn render_peer(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    draw(area, buffer, picture.peer_socks.first(), style);
}

fn draw(area: Rect, buffer: &mut Buffer, sock: Option<&Sock>, style: &PaneStyle) {
    draw_under(style.title, area, buffer, sock, style);
}

fn draw_under(title: &str, area: Rect, buffer: &mut Buffer, sock: Option<&Sock>, style: &PaneStyle) {
    let shown = Panel {
        title,
        subject: sock.map_or("", |sock| sock.name.as_str()),
        remark: style.say(Message::ChangedByStep),
        foot: "",
    };
    let inner = panel(area, buffer, &shown, style);
    let Some(sock) = sock else {
        empty(inner, buffer, style.say(Message::NoSocket), style);
        return;
    };
    let meaning = sock.fields.get(style.selected).map_or("", |field| field.meaning);
    let explained = style.focused && !meaning.is_empty() && inner.height > 4;
    let body = Rect { height: inner.height - u16::from(explained), ..inner };
    let cells = places(sock, body);
    let rows = cells.iter().map(|place| place.row + 1).max().unwrap_or(0);
    let chosen = cells.get(style.selected).map_or(0, |place| place.row);
    let focus = if style.focused { chosen } else { 0 };
    let first = window(rows, usize::from(body.height), focus, style.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (index, (field, place)) in sock.fields.iter().zip(&cells).enumerate() {
        let Some(row) = place.row.checked_sub(first).filter(|row| *row < usize::from(body.height)) else { continue };
        let y = cells_of(row);
        field_row(&mut canvas, (place.x, y), place.width, place.names, field, style);
        if style.focused && index == style.selected {
            canvas.shade(place.x, y, place.width, style.theme.selected);
        }
    }
    if explained {
        canvas.put(1, inner.height - 1, meaning, style.theme.dim);
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

fn field_row(canvas: &mut Canvas, at: (u16, u16), width: u16, names: u16, field: &Field, style: &PaneStyle) {
    let theme = style.theme;
    let (x, y) = at;
    let end = x + width;
    let changed = field.old.is_some();
    let text_style = if changed { theme.changed } else { theme.text };
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
    canvas.put_within(at, y, end.saturating_sub(at), &field.value, text_style);
}

fn rows(sock: Option<&Sock>) -> usize {
    sock.map_or(0, |sock| sock.fields.len())
}

fn text(sock: Option<&Sock>) -> Vec<String> {
    let fields = sock.map_or(&[][..], |sock| &sock.fields);
    fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| rows(picture.socks.first()),
    text: Some(|picture| text(picture.socks.first())),
    cursor_of: None,
};

/// What the table of panes knows of the same drawing for the other host.
pub const PEER: Content = Content {
    render: render_peer,
    moves: Moves::Cursor,
    rows: |picture| rows(picture.peer_socks.first()),
    text: Some(|picture| text(picture.peer_socks.first())),
    cursor_of: None,
};
