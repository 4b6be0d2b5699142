//! The sock: its fields named as in C, old and new value where this step changed one; the same drawing for the other host's.
//!
//! The fields stand in groups under their headings, values that say nothing are dim, and what this step changed is always seen: the
//! window stands on it, and what still lies outside is repeated at the top.
//!
//! Marks: `*` and `old → new`, a field that this step changed. The title says the host and the number of the sock, which stay the
//! same for the whole run. While the pane has the focus its last line says what the selected field means.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::socks::FieldGroup;
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
        let told = Message::SockMissing.fill(style.lang, &[&chosen.name]);
        empty(inner, buffer, &style.keys.named_in(&told), style);
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
    let grid = Grid::of(sock, body);
    let (first, repeated) = grid.seen(sock, usize::from(body.height), style);
    let mut canvas = Canvas::new(buffer, inner);
    let top = changed_elsewhere(&mut canvas, sock, &repeated, body, style);
    let on_screen = |row: usize| row.checked_sub(first).map(|row| top + cells_of(row)).filter(|y| *y < body.height);
    for (row, group) in &grid.headings {
        let Some(y) = on_screen(*row) else { continue };
        canvas.repeat(0, y, body.width, "─", style.theme.rule);
        canvas.put(2, y, &format!(" {} ", style.say(group.heading())), style.theme.strong);
    }
    for (index, (field, place)) in sock.fields.iter().zip(&grid.places).enumerate() {
        let Some(y) = on_screen(place.row) else { continue };
        field_row(&mut canvas, (place.x, y), place.width, place.names, field, style);
        if style.focused && index == style.selected {
            canvas.shade(place.x, y, place.width, style.theme.selected);
        }
    }
    if explained {
        canvas.put(1, inner.height - 1, meaning, style.theme.dim);
    }
}

/// Repeats the changed fields that lie outside of the window at the top of the pane; gives the rows they take.
fn changed_elsewhere(canvas: &mut Canvas, sock: &Sock, repeated: &Repeated, body: Rect, style: &PaneStyle) -> u16 {
    let names = repeated.fields.iter().filter_map(|field| sock.fields.get(*field)).map(|field| width_of(&field.name));
    let names = names.max().unwrap_or(0);
    let mut y = 0;
    for field in repeated.fields.iter().filter_map(|field| sock.fields.get(*field)) {
        field_row(canvas, (0, y), body.width, names, field, style);
        y += 1;
    }
    if repeated.more > 0 {
        let more = Message::MoreChanged.fill(style.lang, &[&repeated.more.to_string()]);
        canvas.put_within(2, y, body.width.saturating_sub(2), &more, style.theme.changed);
        y += 1;
    }
    y
}

/// Where a field stands.
struct Place {
    x: u16,
    row: usize,
    width: u16,
    names: u16,
}

/// The fields of a sock on their rows, a heading above each group.
struct Grid {
    /// In the order of the fields.
    places: Vec<Place>,
    /// Rows of headings.
    headings: Vec<(usize, FieldGroup)>,
    rows: usize,
}

/// Changed fields that lie outside of the window.
#[derive(Default)]
struct Repeated {
    /// Those that are repeated, by their places among the fields.
    fields: Vec<usize>,
    /// How many more there are.
    more: usize,
}

impl Grid {
    /// In each group the wide fields one below the other, then the others row by row, in as many columns as the pane needs and has
    /// room for.
    fn of(sock: &Sock, body: Rect) -> Self {
        let groups: Vec<&[Field]> = sock.fields.chunk_by(|field, next| field.group == next.group).collect();
        let is_roomy = sock.fields.len() + groups.len() <= usize::from(body.height);
        let columns = if is_roomy { 1 } else { usize::from(body.width / 24).clamp(1, 4) };
        let width = body.width / cells_of(columns);
        let mut grid = Self { places: Vec::new(), headings: Vec::new(), rows: 0 };
        for group in groups {
            let heading = group.first().map_or(FieldGroup::default(), |field| field.group);
            grid.headings.push((grid.rows, heading));
            grid.rows += 1;
            let wide = group.iter().take_while(|field| field.wide).count();
            let (wide, narrow) = group.split_at(wide);
            let longest = wide.iter().map(|field| width_of(&field.name)).max().unwrap_or(0);
            for _ in wide {
                grid.places.push(Place { x: 0, row: grid.rows, width: body.width, names: longest });
                grid.rows += 1;
            }
            for (index, _) in narrow.iter().enumerate() {
                let (column, row) = (index % columns, index / columns);
                let in_column = sock.fields.iter().filter(|field| !field.wide);
                let names = in_column.map(|field| width_of(&field.name)).max().unwrap_or(0).min(NAMES);
                let x = cells_of(column) * width;
                let is_last = column + 1 == columns;
                let width = if is_last { body.width - x } else { width };
                grid.places.push(Place { x, row: grid.rows + row, width, names });
            }
            grid.rows += narrow.len().div_ceil(columns);
        }
        grid
    }

    /// The first row that is drawn, and the changed fields that would be missed there and are repeated above it.
    fn seen(&self, sock: &Sock, height: usize, style: &PaneStyle) -> (usize, Repeated) {
        let row = |field: usize| self.places.get(field).map_or(0, |place| place.row);
        let changed: Vec<usize> = (0..sock.fields.len())
            .filter(|field| sock.fields.get(*field).is_some_and(|field| field.old.is_some()))
            .collect();
        // Without the focus it stands on what the step changed; else where it was left, or a lesson has put it.
        let at = if style.focused { style.selected } else { changed.first().copied().unwrap_or(style.selected) };
        let mut reserved = 0;
        loop {
            let room = height - reserved;
            let first = window(self.rows, room, row(at), style.scroll);
            let missed = changed.iter().copied().filter(|field| !(first..first + room).contains(&row(*field)));
            let mut missed: Vec<usize> = missed.collect();
            let wanted = missed.len().min(height / 2);
            if wanted <= reserved {
                // The last of the rows reserved counts those for which there is none.
                let told = if missed.len() > reserved { reserved.saturating_sub(1) } else { reserved };
                let more = if reserved > 0 { missed.len().saturating_sub(told) } else { 0 };
                missed.truncate(told);
                return (first, Repeated { fields: missed, more });
            }
            reserved = wanted;
        }
    }
}

/// The longest name that its column makes room for; longer ones push their own values.
const NAMES: u16 = 11;

/// Whether a value says that there is nothing.
fn is_nothing(value: &str) -> bool {
    matches!(value, "" | "0" | "NULL" | "0.0.0.0")
}

fn field_row(canvas: &mut Canvas, at: (u16, u16), width: u16, names: u16, field: &Field, style: &PaneStyle) {
    let theme = style.theme;
    let (x, y) = at;
    let end = x + width;
    let changed = field.old.is_some();
    let text_style = match changed {
        true => theme.changed,
        false if is_nothing(&field.value) => theme.dim,
        false => theme.text,
    };
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
