//! The processes of all hosts: program and state, the call each is in, where it sleeps and what was done before, and its descriptors
//! as chains from the number that the program knows to the sock.
//!
//! Marks: `▶` the process that has the processor; `*` a process of which this step changed anything; `…` what it is in the middle
//! of. Enter on a descriptor chooses its sock.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::picture::processes::Process;
use crate::picture::sock_list::SockPlace;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::list::{footnote, shade};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, mark, panel, window};

/// What a row of the pane speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Subject {
    /// The process itself.
    Head,
    /// Its call, its sleep, or what was done.
    Doing,
    /// A descriptor, by its place.
    Descriptor(usize),
}

/// The rows of the pane: the process by its place, what the row speaks of, and its text.
fn rows_of(processes: &[Process]) -> Vec<(usize, Subject, String)> {
    let mut rows = Vec::new();
    for (place, process) in processes.iter().enumerate() {
        rows.push((place, Subject::Head, format!("{} {}  {}", process.name, process.program, process.state)));
        let doing = [&process.call, &process.sleep].into_iter().filter(|text| !text.is_empty()).chain(&process.done);
        rows.extend(doing.map(|text| (place, Subject::Doing, text.clone())));
        let chains = process.descriptors.iter().map(|descriptor| descriptor.chain.join(" → "));
        rows.extend(chains.enumerate().map(|(fd, chain)| (place, Subject::Descriptor(fd), chain)));
    }
    rows
}

/// The sock at the end of the descriptor on a row, for Enter.
#[must_use]
pub fn sock_on(picture: &Picture, row: usize) -> Option<SockPlace> {
    match rows_of(&picture.processes).get(row)? {
        (place, Subject::Descriptor(fd), _) => picture.processes.get(*place)?.descriptors.get(*fd)?.sock,
        (_, Subject::Head | Subject::Doing, _) => None,
    }
}

/// The row of the first process of a host.
#[must_use]
pub fn first_of(picture: &Picture, host: &str) -> Option<usize> {
    let named = format!("{host} pid ");
    let is_there =
        |place: &usize| picture.processes.get(*place).is_some_and(|process| process.name.starts_with(&named));
    rows_of(&picture.processes)
        .iter()
        .position(|(place, subject, _)| matches!(subject, Subject::Head) && is_there(place))
}

/// What the foot says: the whole text of the selected row where it is longer than the line.
#[must_use]
fn told(picture: &Picture, width: u16, selected: usize) -> String {
    let text = rows_of(&picture.processes).into_iter().nth(selected).map_or_else(String::new, |(.., text)| text);
    if width_of(&text) + INDENT > width { text } else { String::new() }
}

/// Columns in front of the text of a row.
const INDENT: u16 = 5;

/// The name of the process that a row belongs to, such as `A pid 100`.
#[must_use]
pub fn process_on(picture: &Picture, row: usize) -> Option<&str> {
    let place = rows_of(&picture.processes).get(row)?.0;
    picture.processes.get(place).map(|process| process.name.as_str())
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let shown = Panel { title: style.title, remark: style.say(Message::ChangedByStep), ..Panel::default() };
    let inner = panel(area, buffer, &shown, style);
    let rows = rows_of(&picture.processes);
    if rows.is_empty() {
        empty(inner, buffer, style.say(Message::NoProcess), style);
        return;
    }
    let body = footnote(inner, buffer, &told(picture, inner.width, style.selected), style);
    let runs = rows.iter().position(|(place, subject, _)| {
        *subject == Subject::Head && picture.processes.get(*place).is_some_and(|process| process.runs)
    });
    // A lesson that looks at a host opens the list there, whoever runs.
    let is_of_host = picture.lesson.as_ref().is_some_and(|lesson| lesson.host.is_some());
    let at = if style.focused || is_of_host { style.selected } else { runs.unwrap_or(style.selected) };
    let first = window(rows.len(), usize::from(body.height), at, style.scroll);
    let mut canvas = Canvas::new(buffer, body);
    for (index, (place, subject, text)) in rows.iter().enumerate().skip(first).take(usize::from(body.height)) {
        let y = cells(index - first);
        let Some(process) = picture.processes.get(*place) else { continue };
        let (x, look) = match subject {
            Subject::Head => {
                canvas.put(0, y, if process.runs { "▶" } else { " " }, style.theme.strong);
                canvas.put(1, y, if process.changed { "*" } else { " " }, style.theme.changed);
                (3, mark(process.changed, style))
            }
            Subject::Doing => (canvas.put(3, y, "… ", style.theme.dim), style.theme.text),
            Subject::Descriptor(_) => (INDENT, style.theme.dim),
        };
        canvas.put_within(x, y, body.width.saturating_sub(x), text, look);
        shade(&mut canvas, (index, y, 1), style);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    rows_of(&picture.processes).into_iter().map(|(.., text)| text).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| rows_of(&picture.processes).len(),
    text: Some(text),
    cursor_of: None,
};
