//! All socks of all hosts. Enter chooses the one that the panes Sock, State and Queues show from then on; the first row, like Esc,
//! lets them follow the step again.
//!
//! Marks: `●` the row that decides what is shown; `▸` the sock that is shown; `*` a sock that this step changed. `r b w s` count the
//! buffers on receive_queue, back_log, write_queue and from send_head on. Both states stand in the row: that of the connection and,
//! `SS_...`, that of the socket above it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::sock_list::{ChosenSock, SockPlace, SockRow};
use crate::picture::{Picture, Source};
use crate::tui::canvas::{Canvas, cells};
use crate::tui::pane::list::shade;
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, mark, panel, window};

/// From this width on a sock takes one line, below two.
const ONE_LINE: u16 = 110;

/// Lines of a sock in a pane of this inner width.
fn lines(width: u16) -> u16 {
    if width >= ONE_LINE { 1 } else { 2 }
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let list = &picture.sock_list;
    let is_observed = picture.source == Source::Observed;
    let foot = style.tell(if is_observed { Message::ObservedSocksKeys } else { Message::SocksKeys });
    let first_row = if is_observed { Message::ObservedSocksFollow } else { Message::SocksFollow };
    let shown =
        Panel { title: style.title, remark: style.say(Message::ChangedByStep), foot: &foot, ..Panel::default() };
    let inner = panel(area, buffer, &shown, style);
    let rows = Rows::of(inner, picture, style);
    let mut canvas = Canvas::new(buffer, inner);
    let follows = list.chosen.is_none();
    canvas.put(0, 0, if follows { "●" } else { " " }, style.theme.strong);
    canvas.put(3, 0, style.say(first_row), if follows { style.theme.strong } else { style.theme.dim });
    if let Some(chosen) = missing(picture).filter(|_| rows.head > 1) {
        let told = Message::SockMissing.fill(style.lang, &[&chosen.name]);
        canvas.put(3, 1, &style.keys.named_in(&told), style.theme.dim);
    }
    shade(&mut canvas, (0, 0, rows.head), style);
    for (slot, row) in list.rows.iter().skip(rows.first).take(rows.room).enumerate() {
        let y = rows.head + cells(slot) * rows.each;
        let chosen = list.chosen.as_ref().is_some_and(|chosen| chosen.place == row.place);
        let sign = if chosen {
            "●"
        } else if list.shown == Some(row.place) {
            "▸"
        } else {
            " "
        };
        canvas.put(0, y, sign, style.theme.strong);
        sock_row(&mut canvas, y, rows.each, row, style);
        shade(&mut canvas, (rows.first + slot + 1, y, rows.each), style);
    }
}

/// The sock that was chosen and is not there at this step.
fn missing(picture: &Picture) -> Option<&ChosenSock> {
    picture.sock_list.chosen.as_ref().filter(|chosen| !chosen.lives)
}

/// Which rows have room: the first one, which follows the step, always, and of the socks those around the cursor, or around the one
/// that is shown while the cursor stands on the first row.
struct Rows {
    /// Lines of the first row.
    head: u16,
    /// Lines of a sock.
    each: u16,
    /// The first sock to be drawn, from 0, and how many there is room for.
    first: usize,
    room: usize,
}

impl Rows {
    fn of(inner: Rect, picture: &Picture, style: &PaneStyle) -> Self {
        let list = &picture.sock_list;
        let each = lines(inner.width);
        let head = if each > 1 && missing(picture).is_some() { 2 } else { 1 };
        let room = usize::from(inner.height.saturating_sub(head) / each);
        let shown = || list.rows.iter().position(|row| list.shown == Some(row.place)).unwrap_or(0);
        let focus = style.selected.checked_sub(1).unwrap_or_else(shown);
        Self { head, each, first: window(list.rows.len(), room, focus, style.scroll), room }
    }
}

fn sock_row(canvas: &mut Canvas, y: u16, each: u16, row: &SockRow, style: &PaneStyle) {
    let theme = style.theme;
    let look = mark(row.changed, style);
    canvas.put(1, y, if row.changed { "*" } else { " " }, theme.changed);
    let x = canvas.put(3, y, &row.name, look).max(10) + 1;
    let x = canvas.put(x, y, row.prot, theme.dim).max(x + 3) + 1;
    let x = canvas.put(x, y, &row.state, look).max(x + 11) + 1;
    let end = canvas.width().saturating_sub(x);
    if each > 1 {
        canvas.put_within(x, y, end, &addresses(row), theme.text);
        let x = canvas.put(5, y + 1, row.socket_state, look) + 2;
        let x = canvas.put(x, y + 1, &queues(row), theme.text) + 2;
        canvas.put_within(x, y + 1, canvas.width().saturating_sub(x), &row.owner, theme.dim);
        return;
    }
    let x = canvas.put(x, y, row.socket_state, look).max(x + 17) + 1;
    let x = canvas.put(x, y, &addresses(row), theme.text).max(x + 31) + 1;
    let x = canvas.put(x, y, &queues(row), theme.text).max(x + 15) + 1;
    canvas.put_within(x, y, canvas.width().saturating_sub(x), &row.owner, theme.dim);
}

fn addresses(row: &SockRow) -> String {
    if row.remote.is_empty() { row.local.clone() } else { format!("{} → {}", row.local, row.remote) }
}

fn queues(row: &SockRow) -> String {
    let Some([receive, back_log, write, send]) = row.queues else { return String::new() };
    format!("r{receive} b{back_log} w{write} s{send}")
}

/// What a row stands for: a sock, or none for following the step. No answer where the list is shorter.
#[must_use]
pub fn chosen_by(picture: &Picture, row: usize) -> Option<Option<SockPlace>> {
    match row.checked_sub(1) {
        None => Some(None),
        Some(place) => picture.sock_list.rows.get(place).map(|row| Some(row.place)),
    }
}

/// The row of the pane under line `y` of its inside.
#[must_use]
pub fn under(inner: Rect, y: u16, picture: &Picture, style: &PaneStyle) -> Option<usize> {
    let rows = Rows::of(inner, picture, style);
    let Some(below) = y.checked_sub(rows.head) else { return Some(0) };
    let slot = usize::from(below / rows.each);
    let row = rows.first + slot;
    (slot < rows.room && row < picture.sock_list.rows.len()).then_some(row + 1)
}

fn text(picture: &Picture) -> Vec<String> {
    // The first row is searched by what it does in both languages.
    let follow = [crate::i18n::Lang::En, crate::i18n::Lang::Zh].map(|lang| Message::SocksFollow.text(lang)).join(" ");
    let rows = picture.sock_list.rows.iter().map(|row| {
        format!(
            "{} {} {} {} {} {} {}",
            row.name,
            row.prot,
            row.state,
            row.socket_state,
            addresses(row),
            queues(row),
            row.owner
        )
    });
    std::iter::once(follow).chain(rows).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| picture.sock_list.rows.len() + 1,
    text: Some(text),
    cursor_of: None,
};
