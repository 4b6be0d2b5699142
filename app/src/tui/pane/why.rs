//! Why, over the screen: the questions that make sense for what is selected, or an answer with its links.
//!
//! A link shows the number of its step and its sentence; `■` marks an input, `▸` that more is folded into it, `▾` that it is
//! shown. Sentences are broken, never cut.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{PaneStyle, Panel, panel, window};
use crate::i18n::Message;
use crate::tui::canvas::{Canvas, cells, visible, wrap};
use crate::tui::why_view::WhyView;

/// The widest that the overlay becomes.
const WIDEST: u16 = 110;
/// Columns of the number of a step and the mark before a sentence.
const LEAD: u16 = 10;

/// The overlay on a screen: where it lies, and its lines in the order in which they stand.
struct Laid {
    over: Rect,
    /// The lines that are in sight, from the first row inside on.
    lines: Vec<Line>,
}

fn lay(area: Rect, view: &WhyView, style: &PaneStyle) -> Laid {
    let width = area.width.saturating_sub(2).min(WIDEST);
    let lines = if view.items.is_empty() { answer(view, width.saturating_sub(2), style) } else { menu(view, style) };
    let height = cells(lines.len()).saturating_add(2).clamp(4, area.height.saturating_sub(2).max(4));
    let over = Rect {
        x: area.x + area.width.saturating_sub(width) / 2,
        y: area.y + area.height.saturating_sub(height) / 2,
        width: width.min(area.width),
        height: height.min(area.height),
    };
    let room = usize::from(over.height.saturating_sub(2));
    let head = lines.iter().take_while(|line| line.row.is_none()).count().min(room / 2);
    let (fixed, rest) = lines.split_at(head);
    let here = rest.iter().position(|line| line.row == Some(style.selected)).unwrap_or(0);
    let own = rest.iter().filter(|line| line.row == Some(style.selected)).count();
    let first = window(rest.len(), room - head, here + own / 2, 0);
    let lines = fixed.iter().chain(rest.iter().skip(first)).take(room).cloned().collect();
    Laid { over, lines }
}

/// Draws the questions or the answer in the middle of the screen.
pub fn render(area: Rect, buffer: &mut Buffer, view: &WhyView, style: &PaneStyle) {
    let Laid { over, lines } = lay(area, view, style);
    Canvas::new(buffer, over).clear(style.theme.text);
    let shown = Panel {
        title: style.say(Message::WhyTitle),
        subject: if view.items.is_empty() { "" } else { style.say(Message::WhyMenu) },
        remark: "",
        foot: style.say(if view.items.is_empty() { Message::WhyKeys } else { Message::WhyMenuKeys }),
    };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    for (y, line) in lines.iter().enumerate() {
        draw(&mut canvas, cells(y), line, style);
    }
}

/// What a click meets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyHit {
    /// A row.
    Row(usize),
    /// The overlay, but no row of it.
    Within,
    /// The screen beside it.
    Beside,
}

/// What stands at a place of the screen.
#[must_use]
pub fn hit(area: Rect, (x, y): (u16, u16), view: &WhyView, style: &PaneStyle) -> WhyHit {
    let Laid { over, lines } = lay(area, view, style);
    if !over.contains((x, y).into()) {
        return WhyHit::Beside;
    }
    let line = y.checked_sub(over.y + 1).and_then(|row| lines.get(usize::from(row)));
    line.and_then(|line| line.row).map_or(WhyHit::Within, WhyHit::Row)
}

/// A line of the overlay.
#[derive(Clone)]
struct Line {
    /// The row that it belongs to.
    row: Option<usize>,
    /// What stands before the sentence.
    lead: String,
    /// How far the sentence is indented.
    indent: u16,
    text: String,
    text_style: Style,
}

fn draw(canvas: &mut Canvas, y: u16, line: &Line, style: &PaneStyle) {
    canvas.put(0, y, &line.lead, style.theme.dim);
    canvas.put(line.indent, y, &line.text, line.text_style);
    if line.row == Some(style.selected) {
        canvas.shade(0, y, canvas.width(), style.theme.selected);
    }
}

fn menu(view: &WhyView, style: &PaneStyle) -> Vec<Line> {
    let line = |(row, item): (usize, &crate::session::why::Item)| Line {
        row: Some(row),
        lead: String::new(),
        indent: 2,
        text: visible(item.words.text(style.lang)).into_owned(),
        text_style: style.theme.text,
    };
    view.items.iter().enumerate().map(line).collect()
}

fn answer(view: &WhyView, width: u16, style: &PaneStyle) -> Vec<Line> {
    let theme = style.theme;
    let mut lines = Vec::new();
    let mut free = |text: &str, text_style: Style| {
        for text in wrap(&visible(text), width.saturating_sub(2)) {
            lines.push(Line { row: None, lead: String::new(), indent: 1, text, text_style });
        }
    };
    free(view.question.text(style.lang), theme.dim);
    free(view.verdict.text(style.lang), theme.strong);
    for looked in &view.looked_at {
        free(looked.text(style.lang), theme.dim);
    }
    free(" ", theme.text);
    for (place, (depth, row)) in view.visible().into_iter().enumerate() {
        let indent = LEAD + cells(depth) * 2;
        let mark = match (row.input, row.inner.is_empty(), row.unfolded) {
            (Some(_), ..) => "■",
            (None, true, _) => "·",
            (None, false, false) => "▸",
            (None, false, true) => "▾",
        };
        let ending = row.input.map_or_else(String::new, |input| {
            format!(" [{}]", Message::WhyInput.fill(style.lang, &[input.words().text(style.lang)]))
        });
        let text = format!("{}{ending}", visible(row.text.text(style.lang)));
        let text_style = if row.input.is_some() { theme.strong } else { theme.text };
        for (number, text) in wrap(&text, width.saturating_sub(indent + 1)).into_iter().enumerate() {
            let lead = if number == 0 { format!("{:>7} {mark}", row.step) } else { String::new() };
            lines.push(Line { row: Some(place), lead, indent, text, text_style });
        }
    }
    lines
}
