//! Two runs or two moments side by side: the frames in pairs, then the fields that differ.
//!
//! Marks between the sides: `=` the same; `~` the same at another time; `≈` the same but for the identification, which every frame
//! counts on, and checksums; `✗` the wire does something else with it; `≠` it says the same
//! and differs in other fields, which stand below; `◂` and `▸` only that side has it. The selected row is lit.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use stack::lab::compare::{Difference, Relation};

use super::{PaneStyle, Panel, panel, window};
use crate::i18n::Message;
use crate::picture::comparison::{ComparedFrame, Comparison};
use crate::tui::canvas::{Canvas, cells};
use crate::tui::ui_state::CompareView;

/// One line of the comparison.
#[derive(Clone, Copy, Debug)]
enum Line<'a> {
    /// A pair of frames, by its place.
    Frames(usize),
    /// A field that differs in a pair of frames.
    Detail(&'a Difference),
    /// The heading of the fields.
    Heading,
    /// A field that differs in the machines.
    Field(&'a Difference),
}

fn lines(comparison: &Comparison) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for (place, row) in comparison.rows.iter().enumerate() {
        lines.push(Line::Frames(place));
        lines.extend(row.detail.iter().map(Line::Detail));
    }
    if !comparison.fields.is_empty() {
        lines.push(Line::Heading);
        lines.extend(comparison.fields.iter().map(Line::Field));
    }
    lines
}

/// How many lines it has.
#[must_use]
pub fn count(comparison: &Comparison) -> usize {
    lines(comparison).len()
}

/// The line of the first difference.
#[must_use]
pub fn first(comparison: &Comparison) -> usize {
    let is_first = |line: &Line| matches!(line, Line::Frames(place) if Some(*place) == comparison.first);
    lines(comparison).iter().position(is_first).unwrap_or(0)
}

/// The next line that differs from `from` on, or back where `forward` is false.
#[must_use]
pub fn next(comparison: &Comparison, from: usize, forward: bool) -> Option<usize> {
    let lines = lines(comparison);
    let differs = |place: &usize| match lines.get(*place) {
        Some(Line::Frames(row)) => comparison.rows.get(*row).is_some_and(|row| row.relation != Relation::Same),
        Some(Line::Field(_)) => true,
        Some(Line::Detail(_) | Line::Heading) | None => false,
    };
    if forward { (from + 1..lines.len()).find(differs) } else { (0..from).rev().find(differs) }
}

/// The number of the frame of the right side (which is the run under the cursor) in a line.
#[must_use]
pub fn frame_of(comparison: &Comparison, line: usize) -> Option<u64> {
    match lines(comparison).get(line)? {
        Line::Frames(place) => comparison.rows.get(*place)?.right.as_ref().map(|frame| frame.number),
        Line::Detail(_) | Line::Heading | Line::Field(_) => None,
    }
}

/// The rectangle on a screen: all of it but the footer.
fn place_of(area: Rect) -> Rect {
    Rect { height: area.height.saturating_sub(1), ..area }
}

/// The line under a point of the screen, for the mouse.
#[must_use]
pub fn line_at(area: Rect, (x, y): (u16, u16), view: &CompareView) -> Option<usize> {
    let inner = place_of(area).inner(Margin::new(1, 1));
    let count = count(&view.comparison);
    let row = y.checked_sub(inner.y + 1).filter(|_| inner.contains((x, y).into()))?;
    let line = window(count, usize::from(inner.height.saturating_sub(1)), view.selected, 0) + usize::from(row);
    (line < count).then_some(line)
}

/// Draws it over the whole screen.
pub fn render(area: Rect, buffer: &mut Buffer, view: &CompareView, style: &PaneStyle) {
    let comparison = &view.comparison;
    let over = place_of(area);
    Canvas::new(buffer, over).clear(style.theme.text);
    let shown = Panel { title: style.say(Message::Compare), foot: style.say(Message::CompareKeys), ..Panel::default() };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let middle = inner.width / 2;
    canvas.put_within(1, 0, middle.saturating_sub(3), &comparison.left, style.theme.strong);
    canvas.put_within(middle + 2, 0, inner.width.saturating_sub(middle + 3), &comparison.right, style.theme.strong);
    if comparison.is_same() {
        canvas.put(1, 2, style.say(Message::ComparedSame), style.theme.text);
        return;
    }
    let lines = lines(comparison);
    let room = usize::from(inner.height.saturating_sub(1));
    let top = window(lines.len(), room, view.selected, 0);
    for (row, line) in lines.iter().enumerate().skip(top).take(room) {
        let y = 1 + cells(row - top);
        draw_line(&mut canvas, y, middle, comparison, *line, style);
        if row == view.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
}

fn draw_line(canvas: &mut Canvas, y: u16, middle: u16, comparison: &Comparison, line: Line, style: &PaneStyle) {
    let theme = style.theme;
    let width = canvas.width();
    let (left, right) = (middle.saturating_sub(3), width.saturating_sub(middle + 3));
    match line {
        Line::Frames(place) => {
            let Some(row) = comparison.rows.get(place) else { return };
            let same = row.relation == Relation::Same;
            let text_style = if same { theme.dim } else { theme.text };
            canvas.put_within(1, y, left, &told(row.left.as_ref(), style), text_style);
            canvas.put(middle, y, sign(row.relation), if same { theme.dim } else { theme.changed });
            canvas.put_within(middle + 2, y, right, &told(row.right.as_ref(), style), text_style);
        }
        Line::Heading => {
            let heading = Message::ComparedFields.fill(style.lang, &[&comparison.fields.len().to_string()]);
            canvas.put_within(1, y, width.saturating_sub(2), &heading, theme.strong);
        }
        Line::Detail(difference) | Line::Field(difference) => {
            let indent = if matches!(line, Line::Detail(_)) { 5 } else { 1 };
            let parts = [&difference.host, &difference.subject, &difference.field];
            let name =
                parts.iter().filter(|part| !part.is_empty()).map(|part| part.as_str()).collect::<Vec<_>>().join(" ");
            let side = |value: &Option<String>| value.clone().unwrap_or_else(|| "—".to_owned());
            let x = canvas.put_within(indent, y, left.saturating_sub(indent) * 3 / 5, &name, theme.dim);
            canvas.put_within(x + 1, y, middle.saturating_sub(x + 2), &side(&difference.left), theme.text);
            canvas.put(middle, y, "≠", theme.changed);
            canvas.put_within(middle + 2, y, right, &side(&difference.right), theme.text);
        }
    }
}

fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "=",
        Relation::Shifted => "~",
        Relation::Fate => "✗",
        Relation::Counted => "≈",
        Relation::Fields => "≠",
        Relation::OnlyLeft => "◂",
        Relation::OnlyRight => "▸",
    }
}

fn told(frame: Option<&ComparedFrame>, style: &PaneStyle) -> String {
    frame.map_or_else(String::new, |frame| {
        let lost = if frame.lost { format!(" ✗ {}", style.say(Message::LegendLost)) } else { String::new() };
        let milliseconds = frame.microseconds as f64 / 1e3;
        format!("#{} {milliseconds:.3} {}: {}{lost}", frame.number, frame.from, frame.label)
    })
}
