//! What is laid over the screen: help, palette, the panel after a prefix key, a one-line prompt.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::picture::Oops;
use crate::tui::action::{Entry, Group, TABLE};
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::keymap::{Key, continuations};

/// A list of actions with a line of typed text above it.
#[derive(Clone, Debug)]
pub struct Choice<'a> {
    /// The heading.
    pub title: Message,
    /// The hint in the lower border.
    pub hint: Message,
    /// What was typed.
    pub typed: &'a str,
    /// The rows that match.
    pub rows: &'a [&'static Entry],
    /// Whether the rows stand under their groups.
    pub grouped: bool,
}

/// Draws the help or the palette in the middle of the screen.
pub fn choice(area: Rect, buffer: &mut Buffer, choice: &Choice, style: &PaneStyle) {
    let width = area.width.saturating_sub(4).min(84);
    let height = area.height.saturating_sub(2).min(if choice.grouped { 40 } else { 20 });
    let over = centred(area, width, height);
    Canvas::new(buffer, over).clear(style.theme.text);
    let shown = Panel { title: style.say(choice.title), subject: "", remark: "", foot: style.say(choice.hint) };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let x = canvas.put(1, 0, "› ", style.theme.strong);
    let x = canvas.put(x, 0, choice.typed, style.theme.strong);
    canvas.put(x, 0, "▏", style.theme.text);
    let list = Rect { y: inner.y + 2, height: inner.height.saturating_sub(2), ..inner };
    if choice.rows.is_empty() {
        empty(list, buffer, style.say(Message::NoMatch), style);
        return;
    }
    let lines = lines(choice);
    let here = lines.iter().position(|line| *line == Line::Row(style.selected)).unwrap_or(0);
    let first = window(lines.len(), usize::from(list.height), here, 0);
    let mut canvas = Canvas::new(buffer, list);
    for (row, line) in lines.iter().enumerate().skip(first).take(usize::from(list.height)) {
        let y = cells(row - first);
        match line {
            Line::Group(group) => {
                canvas.put(1, y, group.words().text(style.lang), style.theme.strong);
            }
            Line::Row(place) => {
                if let Some(entry) = choice.rows.get(*place) {
                    action_row(&mut canvas, y, entry, style);
                    if *place == style.selected {
                        canvas.shade(0, y, list.width, style.theme.selected);
                    }
                }
            }
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Group(Group),
    Row(usize),
}

fn lines(choice: &Choice) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut group = None;
    for (place, entry) in choice.rows.iter().enumerate() {
        if choice.grouped && choice.typed.is_empty() && group != Some(entry.group) {
            group = Some(entry.group);
            lines.push(Line::Group(entry.group));
        }
        lines.push(Line::Row(place));
    }
    lines
}

fn action_row(canvas: &mut Canvas, y: u16, entry: &Entry, style: &PaneStyle) {
    let keys = entry.keys.join("  ");
    canvas.put_within(3, y, canvas.width().saturating_sub(20), entry.label.text(style.lang), style.theme.text);
    canvas.put_right(canvas.width().saturating_sub(1), y, &keys, style.theme.key);
}

/// Draws the panel that lists what may follow a prefix key, above the footer.
pub fn which_key(area: Rect, buffer: &mut Buffer, prefix: &Key, style: &PaneStyle) {
    let rows = continuations(prefix);
    let width = rows.iter().map(|(_, label)| width_of(label.text(style.lang))).max().unwrap_or(10) + 10;
    let height = cells(rows.len()) + 2;
    let over = Rect {
        x: area.right().saturating_sub(width + 1),
        y: area.bottom().saturating_sub(height + 1),
        width: width.min(area.width),
        height: height.min(area.height),
    };
    Canvas::new(buffer, over).clear(style.theme.text);
    let title = format!("{} {}", prefix.name(), style.say(Message::Then));
    let inner = panel(over, buffer, &Panel { title: &title, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, (key, label)) in rows.iter().enumerate() {
        let x = canvas.put(1, cells(row), key, style.theme.key) + 2;
        canvas.put(x, cells(row), label.text(style.lang), style.theme.text);
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

/// Draws the card of a kernel that has died, above the lines at the bottom: what happened, and what can be done now.
pub fn oops(area: Rect, buffer: &mut Buffer, oops: &Oops, is_live: bool, style: &PaneStyle) {
    let theme = style.theme;
    let width = area.width.saturating_sub(4).min(76);
    let say = |message: Message, words: &[&str]| message.fill(style.lang, words);
    let mut told = wrap(&say(Message::OopsDies, &[&oops.host, &oops.story]), width.saturating_sub(4));
    told.extend(wrap(&say(Message::OopsAfter, &[&oops.host]), width.saturating_sub(4)));
    let again = if is_live { Message::OopsBoot } else { Message::OopsRestart };
    let keys = [
        ("into-back", Message::OopsBack),
        ("restart", again),
        ("save-run", Message::OopsSave),
        ("unzoom", Message::OopsClose),
    ];
    let height = cells(told.len() + keys.len()) + 3;
    let over = Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.bottom().saturating_sub(height + 4).max(area.y),
        width,
        height: height.min(area.height),
    };
    Canvas::new(buffer, over).clear(theme.text);
    let title = style.say(Message::OopsTitle);
    let inner = panel(over, buffer, &Panel { title, ..Panel::default() }, style);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, line) in told.iter().enumerate() {
        canvas.put(1, cells(row), line, if row == 0 { theme.bad } else { theme.text });
    }
    for (row, (id, message)) in keys.iter().enumerate() {
        let y = cells(told.len() + 1 + row);
        let key = TABLE.iter().find(|entry| entry.id == *id).and_then(|entry| entry.keys.first()).copied();
        let x = canvas.put(1, y, key.unwrap_or(""), theme.key).max(8) + 1;
        canvas.put(x, y, style.say(*message), theme.text);
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
