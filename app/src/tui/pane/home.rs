//! The home screen: what can be opened, under its headings; on a wide screen the gallery stands beside the rest.
//!
//! ```text
//! sockscope                                                     en
//! The network stack of Linux 1.2.13 ...
//!       (the layers down one host and up the other, where there is room)
//! Begin here                       Gallery
//! ▸ A web page is fetched            handshake        Three segments ...
//! Lessons                            lost SYN         The SYN is lost ...
//!   ...                              ...
//! a sentence about what is selected
//! a message
//! keys
//! ```

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, bars};
use crate::catalog::Item;
use crate::i18n::{Lang, Message};
use crate::picture::Layer;
use crate::tui::canvas::{Canvas, cells, width_of, wrap};
use crate::tui::hints::Hint;

const LAYERS: [Layer; 8] =
    [Layer::User, Layer::Trap, Layer::Bsd, Layer::Inet, Layer::Tcp, Layer::Ip, Layer::Arp, Layer::Dev];

/// A screen as wide as this has two columns.
const TWO_COLUMNS: u16 = 130;
/// Rows of the drawing of the layers.
const DRAWING: u16 = 10;
/// Rows for the sentence about what is selected.
const SENTENCE: u16 = 2;
/// The column at which the remark beside a title begins.
const NOTE: u16 = 26;
/// The column at which the sentence beside a scene's title begins: titles have at most 24 cells.
const SENTENCES: u16 = 30;

/// Draws the screen.
pub fn render(
    area: Rect,
    buffer: &mut Buffer,
    items: &[Item],
    message: Option<&str>,
    hints: &[Hint],
    style: &PaneStyle,
) {
    let theme = style.theme;
    let foot = footer(area);
    let columns = columns(area, items);
    let area = middle(area);
    let mut canvas = Canvas::new(buffer, area);
    let (width, height) = (canvas.width(), canvas.height());
    canvas.put(2, 0, "sockscope", theme.strong);
    canvas.put_right(width.saturating_sub(1), 0, style.lang.tag(), theme.dim);
    canvas.put_within(2, 1, width.saturating_sub(3), style.say(Message::HomeTitle), theme.dim);
    if drawing(area, items) > 0 {
        draw_layers(&mut canvas, 3, style);
    }
    let bottom = height.saturating_sub(2);
    if let Some(item) = items.get(style.selected) {
        let sentence = item.sentence(style.lang);
        let lines = wrap(&sentence, width.saturating_sub(4));
        for (row, line) in lines.iter().take(usize::from(SENTENCE)).enumerate() {
            canvas.put(2, bottom.saturating_sub(SENTENCE) + cells(row), line, theme.text);
        }
    }
    if let Some(message) = message {
        canvas.put_within(2, bottom, width.saturating_sub(3), &style.keys.named_in(message), theme.strong);
    }
    for column in &columns {
        let mut canvas = Canvas::new(buffer, column.area);
        for (row, line) in column.shown(style.selected) {
            draw_line(&mut canvas, row, line, items, style);
        }
    }
    bars::footer(foot, buffer, hints, style);
}

/// The line of the keys.
#[must_use]
pub fn footer(area: Rect) -> Rect {
    let area = middle(area);
    Rect {
        x: area.x + area.width.min(1),
        y: area.bottom().saturating_sub(1),
        height: area.height.min(1),
        width: area.width.saturating_sub(1),
    }
}

/// The item at a place of the screen, for the mouse.
#[must_use]
pub fn item_at(area: Rect, (x, y): (u16, u16), items: &[Item], style: &PaneStyle) -> Option<usize> {
    let columns = columns(area, items);
    let column = columns.iter().find(|column| column.area.contains((x, y).into()))?;
    let row = y - column.area.y;
    match column.shown(style.selected).find(|(at, _)| *at == row)?.1 {
        Line::Item(place) => Some(place),
        Line::Heading(_) | Line::Gap => None,
    }
}

/// The first item of the heading that a place is under, or of the heading before where it is that one itself.
#[must_use]
pub fn heading_before(items: &[Item], place: usize) -> usize {
    firsts(items).into_iter().rev().find(|first| *first < place).unwrap_or(0)
}

/// The first item under the next heading; the place itself where there is none.
#[must_use]
pub fn heading_behind(items: &[Item], place: usize) -> usize {
    firsts(items).into_iter().find(|first| *first > place).unwrap_or(place)
}

/// The first item of every heading.
fn firsts(items: &[Item]) -> Vec<usize> {
    let heading = |place: usize| items.get(place).map(|item| item.heading(Lang::En).0);
    (0..items.len()).filter(|place| *place == 0 || heading(*place) != heading(*place - 1)).collect()
}

/// A wide screen keeps its margins: lines longer than this are hard to follow.
fn middle(area: Rect) -> Rect {
    let width = area.width.min(168);
    Rect { x: area.x + (area.width - width) / 2, width, ..area }
}

/// The rows of the drawing of the layers, in the middle of a screen; none where the lists need its room.
fn drawing(area: Rect, items: &[Item]) -> u16 {
    let has_room = |(from, to): (usize, usize)| lines(items, from..to).len() <= usize::from(rows(area, DRAWING));
    let gallery = gallery_beside(area, items);
    let lists = [(0, gallery.unwrap_or(items.len())), (gallery.unwrap_or(items.len()), items.len())];
    if area.height >= 38 && area.width >= 70 && lists.into_iter().all(has_room) { DRAWING } else { 0 }
}

/// The rows of the lists below a drawing.
fn rows(area: Rect, drawing: u16) -> u16 {
    area.height.saturating_sub(3 + drawing + SENTENCE + 3)
}

/// Where the gallery begins that has a column of its own.
fn gallery_beside(area: Rect, items: &[Item]) -> Option<usize> {
    items.iter().position(|item| matches!(item, Item::Gallery(_))).filter(|_| area.width >= TWO_COLUMNS)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Heading(usize),
    Item(usize),
    Gap,
}

/// Headings and items under each other.
struct Column {
    area: Rect,
    lines: Vec<Line>,
}

impl Column {
    /// What is shown of it, by row: the selected item is always in sight.
    fn shown(&self, selected: usize) -> impl Iterator<Item = (u16, Line)> + '_ {
        let here = self.lines.iter().position(|line| *line == Line::Item(selected)).unwrap_or(0);
        let room = usize::from(self.area.height);
        let first = super::window(self.lines.len(), room, here, 0);
        self.lines.iter().skip(first).take(room).enumerate().map(|(row, line)| (cells(row), *line))
    }
}

/// The columns of a screen.
fn columns(area: Rect, items: &[Item]) -> Vec<Column> {
    let area = middle(area);
    let drawing = drawing(area, items);
    let top = (3 + drawing).min(area.height);
    let body = Rect { y: area.y + top, height: rows(area, drawing), ..area };
    match gallery_beside(area, items) {
        Some(gallery) => {
            let left = Rect { width: area.width / 3, ..body };
            let right = Rect { x: left.right(), width: area.width - left.width, ..body };
            vec![
                Column { area: left, lines: lines(items, 0..gallery) },
                Column { area: right, lines: lines(items, gallery..items.len()) },
            ]
        }
        None => vec![Column { area: body, lines: lines(items, 0..items.len()) }],
    }
}

fn lines(items: &[Item], range: Range<usize>) -> Vec<Line> {
    let firsts = firsts(items);
    let start = range.start;
    let line = |place: usize| {
        let is_first = firsts.contains(&place);
        let gap = (is_first && place != start).then_some(Line::Gap);
        gap.into_iter().chain(is_first.then_some(Line::Heading(place))).chain([Line::Item(place)])
    };
    range.flat_map(line).collect()
}

fn draw_line(canvas: &mut Canvas, y: u16, line: Line, items: &[Item], style: &PaneStyle) {
    let theme = style.theme;
    let width = canvas.width();
    match line {
        Line::Gap => {}
        Line::Heading(place) => {
            if let Some(item) = items.get(place) {
                let (heading, note) = item.heading(style.lang);
                let x = canvas.put_within(2, y, width.saturating_sub(3), &heading, theme.strong) + 2;
                canvas.put_within(x, y, width.saturating_sub(x + 1), note, theme.dim);
            }
        }
        Line::Item(place) => {
            if let Some(item) = items.get(place) {
                let here = place == style.selected;
                canvas.put(2, y, if here { "▸" } else { " " }, theme.strong);
                let text = if here { theme.strong } else { theme.text };
                let title = numbered(item, style);
                let x = canvas.put_within(4, y, width.saturating_sub(5), &title, text);
                let note = match item {
                    Item::Gallery(_) => item.sentence(style.lang),
                    _ => item.note(style.lang),
                };
                let column = match item {
                    Item::Lesson { .. } => 0,
                    Item::Gallery(_) => SENTENCES,
                    _ => NOTE,
                };
                let x = (x + 2).max(column);
                canvas.put_within(x, y, width.saturating_sub(x + 1), &note, theme.dim);
                if here {
                    canvas.shade(1, y, width.saturating_sub(2), theme.running);
                }
            }
        }
    }
}

/// The title of an item, behind its number where it is a lesson.
fn numbered(item: &Item, style: &PaneStyle) -> String {
    let title = item.title(style.lang);
    match item {
        Item::Lesson { course, .. } => {
            course.number.map_or_else(|| title.clone(), |number| format!("{number:>2} {title}"))
        }
        _ => title,
    }
}

/// The layers down one host, the wire, and the layers up the other.
fn draw_layers(canvas: &mut Canvas, top: u16, style: &PaneStyle) {
    let theme = style.theme;
    let step = (canvas.width().saturating_sub(12) / 18).clamp(3, 7);
    let left = canvas.width().saturating_sub(18 * step) / 2;
    let down_end = left + 8 * step;
    let gap = step * 2;
    for (row, layer) in LAYERS.iter().enumerate() {
        let y = top + cells(row);
        let text_style = theme.layer(*layer);
        let x = left + cells(row) * step;
        canvas.put(x, y, layer.tag(), text_style);
        let after = x + width_of(layer.tag());
        canvas.repeat(after, y, (x + step).saturating_sub(after), "▁", text_style);
        let mirrored = down_end + gap + (7 - cells(row)) * step;
        let from = mirrored + step - width_of(layer.tag());
        canvas.repeat(mirrored, y, from.saturating_sub(mirrored), "▁", text_style);
        canvas.put(from, y, layer.tag(), text_style);
    }
    let wire = theme.layer(Layer::Wire);
    canvas.repeat(left, top + 8, down_end + gap + 8 * step - left, "╌", wire);
    canvas.put(down_end + gap / 2 - 2, top + 8, " wire ", wire);
}
