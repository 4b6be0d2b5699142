//! What is laid over the screen: help, palette, the panel after a prefix key, a one-line prompt.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{PaneStyle, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::picture::Oops;
use crate::tui::action::Entry;
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::panes::help::PaneHelp;

/// A list of actions with a line of typed text above it.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The heading.
    pub title: &'a str,
    /// The hint in the lower border.
    pub hint: Message,
    /// What was typed.
    pub typed: &'a str,
    /// The rows that match.
    pub rows: &'a [Listed],
    /// Whether it is the help: the rows stand under headings, below what is said of a pane.
    pub grouped: bool,
    /// What is said of the pane with the focus; its keys are the first rows.
    pub pane: Option<&'static PaneHelp>,
}

/// One row of the help or of the palette.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// The action.
    pub entry: &'static Entry,
    /// What it does, in the words of the place where it is listed.
    pub label: &'static str,
}

/// Draws the help or the palette in the middle of the screen.
pub fn choice(area: Rect, buffer: &mut Buffer, choice: &Choice, style: &PaneStyle) {
    let (over, list) = choice_places(area, choice);
    Canvas::new(buffer, over).clear(style.theme.text);
    let shown = Panel { title: choice.title, subject: "", remark: "", foot: style.say(choice.hint) };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let x = canvas.put(1, 0, "› ", style.theme.strong);
    let x = canvas.put(x, 0, choice.typed, style.theme.strong);
    canvas.put(x, 0, "▏", style.theme.text);
    if choice.rows.is_empty() {
        empty(list, buffer, style.say(Message::NoMatch), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, list);
    for (row, line) in visible_lines(list, choice, style).iter().enumerate() {
        let y = cells(row);
        match line {
            Line::Heading(heading) => {
                canvas.put(1, y, heading, style.theme.strong);
            }
            Line::Text(text) => {
                canvas.put(1, y, text, style.theme.text);
            }
            Line::Mark(sign, text) => {
                canvas.put(3, y, sign, style.theme.changed);
                canvas.put(9, y, text, style.theme.dim);
            }
            Line::Row(place) => {
                if let Some(row) = choice.rows.get(*place) {
                    action_row(&mut canvas, y, row, style);
                    if *place == style.selected {
                        canvas.shade(0, y, list.width, style.theme.selected);
                    }
                }
            }
        }
    }
}

/// What of the help or the palette is under a point of the screen, for the mouse.
#[must_use]
pub fn choice_at(area: Rect, (x, y): (u16, u16), choice: &Choice, style: &PaneStyle) -> ChoiceHit {
    let (over, list) = choice_places(area, choice);
    if !over.contains((x, y).into()) {
        return ChoiceHit::Beside;
    }
    let row = y.checked_sub(list.y).filter(|_| list.contains((x, y).into()));
    let lines = visible_lines(list, choice, style);
    match row.and_then(|row| lines.get(usize::from(row))) {
        Some(Line::Row(place)) => ChoiceHit::Row(*place),
        _ => ChoiceHit::Within,
    }
}

/// Where a point lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChoiceHit {
    /// On a row, by its place.
    Row(usize),
    /// On the list, but on no row of it.
    Within,
    /// Beside the list.
    Beside,
}

/// Where the list stands: with its border, and its rows alone.
fn choice_places(area: Rect, choice: &Choice) -> (Rect, Rect) {
    let width = area.width.saturating_sub(4).min(84);
    let height = area.height.saturating_sub(2).min(if choice.grouped { 44 } else { 20 });
    let over = centred(area, width, height);
    let list = Rect {
        x: over.x + 1,
        y: over.y + 3,
        width: over.width.saturating_sub(2),
        height: over.height.saturating_sub(4),
    };
    (over, list)
}

#[derive(Clone, Debug, PartialEq)]
enum Line {
    Heading(&'static str),
    Text(String),
    Mark(&'static str, &'static str),
    Row(usize),
}

/// The lines that are in sight, the selected row among them.
fn visible_lines(list: Rect, choice: &Choice, style: &PaneStyle) -> Vec<Line> {
    let lines = lines(list.width, choice, style);
    let here = lines.iter().position(|line| *line == Line::Row(style.selected)).unwrap_or(0);
    let room = usize::from(list.height);
    // What is said of the pane stays in sight while one of its keys is selected.
    let is_above = choice.pane.is_some_and(|pane| style.selected < pane.keys.len()) && here < room;
    let first = if is_above { 0 } else { window(lines.len(), room, here, 0) };
    lines.into_iter().skip(first).take(room).collect()
}

fn lines(width: u16, choice: &Choice, style: &PaneStyle) -> Vec<Line> {
    let mut lines = Vec::new();
    let of_pane = choice.pane.map_or(0, |pane| pane.keys.len());
    if let Some(pane) = choice.pane {
        lines.extend(wrap(pane.shows.text(style.lang), width.saturating_sub(2)).into_iter().map(Line::Text));
        lines.extend(pane.marks.iter().map(|(sign, words)| Line::Mark(sign, words.text(style.lang))));
        lines.push(Line::Heading(style.say(Message::HelpOfPane)));
    }
    let mut group = None;
    for (place, row) in choice.rows.iter().enumerate() {
        if choice.grouped && choice.typed.is_empty() && place >= of_pane && group != Some(row.entry.group) {
            if group.is_none() && of_pane > 0 {
                lines.push(Line::Text(String::new()));
            }
            group = Some(row.entry.group);
            lines.push(Line::Heading(row.entry.group.words().text(style.lang)));
        }
        lines.push(Line::Row(place));
    }
    lines
}

fn action_row(canvas: &mut Canvas, y: u16, row: &Listed, style: &PaneStyle) {
    let keys = style.keys.of(row.entry).join("  ");
    canvas.put_within(3, y, canvas.width().saturating_sub(20), row.label, style.theme.text);
    canvas.put_right(canvas.width().saturating_sub(1), y, &keys, style.theme.key);
}

/// The panel of keys that may be pressed next.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NextKeys {
    /// What was pressed.
    pub title: String,
    /// Each key, and what it does.
    pub rows: Vec<(String, String)>,
}

/// Draws that panel above the footer.
pub fn which_key(area: Rect, buffer: &mut Buffer, next: &NextKeys, style: &PaneStyle) {
    let over = which_key_place(area, next);
    Canvas::new(buffer, over).clear(style.theme.text);
    let inner = panel(over, buffer, &Panel { title: &next.title, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    let (rows, column) = which_key_columns(inner, next);
    for (place, (key, label)) in next.rows.iter().enumerate() {
        let x = 1 + cells(place / rows) * column;
        let y = cells(place % rows);
        let end = canvas.put_within(x, y, column.saturating_sub(1), key, style.theme.key) + 2;
        canvas.put_within(end, y, (x + column).saturating_sub(end + 1), label, style.theme.text);
    }
}

/// The key under a point of that panel, for the mouse.
#[must_use]
pub fn next_key_at(area: Rect, (x, y): (u16, u16), next: &NextKeys) -> Option<String> {
    let over = which_key_place(area, next);
    let inner = Rect::new(over.x + 1, over.y + 1, over.width.saturating_sub(2), over.height.saturating_sub(2));
    if !inner.contains((x, y).into()) {
        return None;
    }
    let (rows, column) = which_key_columns(inner, next);
    let place = usize::from(x.saturating_sub(inner.x + 1) / column.max(1)) * rows + usize::from(y - inner.y);
    next.rows.get(place).map(|(key, _)| key.clone())
}

/// Rows in a column of the panel, and the width of a column: as many columns as it takes to show every key.
fn which_key_columns(inner: Rect, next: &NextKeys) -> (usize, u16) {
    let rows = usize::from(inner.height).max(1);
    let columns = cells(next.rows.len().div_ceil(rows)).max(1);
    (rows, inner.width.saturating_sub(1) / columns)
}

fn which_key_place(area: Rect, next: &NextKeys) -> Rect {
    let room = area.height.saturating_sub(3);
    let columns = cells(next.rows.len()).div_ceil(room.saturating_sub(2).max(1)).max(1);
    let widest = next.rows.iter().map(|(key, label)| width_of(key) + width_of(label)).max().unwrap_or(10) + 4;
    let width = (columns * widest + 3).max(width_of(&next.title) + 8).min(area.width);
    let height = (cells(next.rows.len()).div_ceil(columns) + 2).min(room.max(3)).min(area.height);
    Rect {
        x: area.right().saturating_sub(width + 1).max(area.x),
        y: area.bottom().saturating_sub(height + 1).max(area.y),
        width,
        height,
    }
}

/// Draws what a command said, its end where it said more than fits.
pub fn output(area: Rect, buffer: &mut Buffer, title: &str, lines: &[String], style: &PaneStyle) {
    let width = area.width.saturating_sub(4).min(100);
    let height = (cells(lines.len()) + 2).clamp(3, area.height.saturating_sub(2).max(3));
    let over = centred(area, width, height);
    Canvas::new(buffer, over).clear(style.theme.text);
    let inner = panel(over, buffer, &Panel { title, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    let skip = lines.len().saturating_sub(usize::from(inner.height));
    for (row, line) in lines.iter().skip(skip).enumerate() {
        canvas.put(1, cells(row), line, style.theme.text);
    }
}

/// The card of a kernel that has died, on a screen: where it lies, and the lines of what happened.
fn oops_place(area: Rect, oops: &Oops, style: &PaneStyle) -> (Rect, Vec<String>) {
    let width = area.width.saturating_sub(4).min(76);
    let say = |message: Message, words: &[&str]| message.fill(style.lang, words);
    let mut told = wrap(&say(Message::OopsDies, &[&oops.host, &oops.story]), width.saturating_sub(4));
    told.extend(wrap(&say(Message::OopsAfter, &[&oops.host]), width.saturating_sub(4)));
    let height = cells(told.len() + OOPS_KEYS.len()) + 3;
    let over = Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.bottom().saturating_sub(height + 4).max(area.y),
        width,
        height: height.min(area.height),
    };
    (over, told)
}

/// What can be done when a kernel has died: the names of the actions, and what is said of each; of the second what is said of a live
/// one too.
const OOPS_KEYS: [(&str, Message); 4] = [
    ("into-back", Message::OopsBack),
    ("restart", Message::OopsRestart),
    ("save-run", Message::OopsSave),
    ("unzoom", Message::OopsClose),
];

/// What of that card is under a point of the screen, for the mouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OopsHit {
    /// The line of an action, by its name.
    Line(&'static str),
    /// Something else of it.
    Within,
    /// Nothing of it.
    Beside,
}

/// What stands at a place of the screen while that card is shown.
#[must_use]
pub fn oops_at(area: Rect, at: Position, oops: &Oops, style: &PaneStyle) -> OopsHit {
    let (over, told) = oops_place(area, oops, style);
    if !over.contains(at) {
        return OopsHit::Beside;
    }
    let line = usize::from(at.y.saturating_sub(over.y + 1)).checked_sub(told.len() + 1);
    line.and_then(|line| OOPS_KEYS.get(line)).map_or(OopsHit::Within, |(id, _)| OopsHit::Line(id))
}

/// Draws the card of a kernel that has died, above the lines at the bottom: what happened, and what can be done now.
pub fn oops(area: Rect, buffer: &mut Buffer, oops: &Oops, is_live: bool, style: &PaneStyle) {
    let theme = style.theme;
    let (over, told) = oops_place(area, oops, style);
    Canvas::new(buffer, over).clear(theme.text);
    let title = style.say(Message::OopsTitle);
    let inner = panel(over, buffer, &Panel { title, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, line) in told.iter().enumerate() {
        canvas.put(1, cells(row), line, if row == 0 { theme.bad } else { theme.text });
    }
    for (row, (id, message)) in OOPS_KEYS.into_iter().enumerate() {
        let message = if is_live && id == "restart" { Message::OopsBoot } else { message };
        let y = cells(told.len() + 1 + row);
        let x = canvas.put(1, y, style.keys.shown(id), theme.key).max(8) + 1;
        canvas.put(x, y, style.say(message), theme.text);
    }
}

/// Draws a one-line prompt over the footer.
pub fn prompt(area: Rect, buffer: &mut Buffer, message: &str, typed: &str, style: &PaneStyle) {
    let line = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
    let mut canvas = Canvas::new(buffer, line);
    canvas.clear(style.theme.text);
    let x = canvas.put(1, 0, message, style.theme.dim) + 1;
    let x = canvas.put(x, 0, typed, style.theme.strong);
    canvas.put(x, 0, "▏", style.theme.text);
}

pub(super) fn centred(area: Rect, width: u16, height: u16) -> Rect {
    Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.y + area.height.saturating_sub(height) / 2,
        width: width.min(area.width),
        height: height.min(area.height),
    }
}
