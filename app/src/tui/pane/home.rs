//! The home screen: the layers that a packet passes, down one host and up the other, and what can be opened.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, bars};
use crate::catalog::Item;
use crate::i18n::Message;
use crate::picture::Layer;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::hints::Hint;

const LAYERS: [Layer; 8] =
    [Layer::User, Layer::Trap, Layer::Bsd, Layer::Inet, Layer::Tcp, Layer::Ip, Layer::Arp, Layer::Dev];

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
    let area = middle(area);
    let mut canvas = Canvas::new(buffer, area);
    let (width, height) = (canvas.width(), canvas.height());
    let drawing = if height >= 30 && width >= 70 { 10 } else { 0 };
    canvas.put(2, 0, "sockscope", theme.strong);
    canvas.put_right(width.saturating_sub(1), 0, style.lang.tag(), theme.dim);
    canvas.put(2, 1, style.say(Message::HomeTitle), theme.dim);
    if drawing > 0 {
        draw_layers(&mut canvas, 3, style);
    }
    let top = 3 + drawing;
    let bottom = height.saturating_sub(2);
    let lines = lines(items);
    let here = lines.iter().position(|line| *line == Line::Item(style.selected)).unwrap_or(0);
    let room = usize::from(bottom.saturating_sub(top));
    let first = super::window(lines.len(), room, here, 0);
    for (row, line) in lines.iter().enumerate().skip(first).take(room) {
        draw_line(&mut canvas, top + cells(row - first), *line, items, style);
    }
    if let Some(message) = message {
        canvas.put(2, bottom, message, theme.strong);
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

/// The item under a row of the screen, for the mouse.
#[must_use]
pub fn item_at(area: Rect, y: u16, items: &[Item], style: &PaneStyle) -> Option<usize> {
    let area = middle(area);
    let drawing = if area.height >= 30 && area.width >= 70 { 10 } else { 0 };
    let top = 3 + drawing;
    let lines = lines(items);
    let here = lines.iter().position(|line| *line == Line::Item(style.selected)).unwrap_or(0);
    let room = usize::from(area.height.saturating_sub(2).saturating_sub(top));
    let first = super::window(lines.len(), room, here, 0);
    match lines.get(first + usize::from(y.checked_sub(top)?))? {
        Line::Item(place) => Some(*place),
        Line::Heading(_) | Line::Gap => None,
    }
}

/// A wide screen keeps its margins: lines longer than this are hard to follow.
fn middle(area: Rect) -> Rect {
    let width = area.width.min(132);
    Rect { x: area.x + (area.width - width) / 2, width, ..area }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Line {
    Heading(usize),
    Item(usize),
    Gap,
}

fn lines(items: &[Item]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut heading = None;
    for (place, item) in items.iter().enumerate() {
        if heading != Some(item.heading().0) {
            if heading.is_some() {
                lines.push(Line::Gap);
            }
            heading = Some(item.heading().0);
            lines.push(Line::Heading(place));
        }
        lines.push(Line::Item(place));
    }
    lines
}

fn draw_line(canvas: &mut Canvas, y: u16, line: Line, items: &[Item], style: &PaneStyle) {
    let theme = style.theme;
    match line {
        Line::Gap => {}
        Line::Heading(place) => {
            if let Some(item) = items.get(place) {
                let x = canvas.put(2, y, style.say(item.heading().0), theme.strong) + 2;
                canvas.put(x, y, style.say(item.heading().1), theme.dim);
            }
        }
        Line::Item(place) => {
            if let Some(item) = items.get(place) {
                let here = place == style.selected;
                canvas.put(2, y, if here { "▸" } else { " " }, theme.strong);
                let x = canvas.put(4, y, item.title(style.lang), if here { theme.strong } else { theme.text });
                let note = 4 + 44;
                canvas.put(x.max(note.min(canvas.width() / 2)) + 2, y, &item.note(style.lang), theme.dim);
                if here {
                    canvas.shade(1, y, canvas.width().saturating_sub(2), theme.running);
                }
            }
        }
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
