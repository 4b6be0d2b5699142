//! The outline: the call tree of this turn, one call a row, with its steps.
//!
//! Marks: `▶` the call in which this step stands; `▾` a call whose calls are shown, `▸` one whose calls are folded away; the number at
//! the right, its steps with those of all it called. Space folds a call and unfolds it, Enter goes to its first step.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::picture::outline::OutlineRow;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::list::shade;
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};

/// The row under the cursor: the present one, moved by how far the pane is scrolled.
#[must_use]
pub fn selected(picture: &Picture, scroll: i32) -> Option<&OutlineRow> {
    picture.outline.rows.get(place(picture, scroll))
}

fn place(picture: &Picture, scroll: i32) -> usize {
    let last = picture.outline.rows.len().saturating_sub(1);
    let offset = usize::try_from(scroll.unsigned_abs()).unwrap_or(usize::MAX);
    let here = picture.outline.here;
    if scroll < 0 { here.saturating_sub(offset) } else { here.saturating_add(offset).min(last) }
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let outline = &picture.outline;
    let steps = Message::OutlineSteps.fill(style.lang, &[&outline.steps.to_string()]);
    let foot = if outline.is_cut { style.say(Message::OutlineCut) } else { "" };
    let shown = Panel { title: style.title, subject: &outline.subject, remark: &steps, foot };
    let inner = panel(area, buffer, &shown, style);
    if outline.rows.is_empty() {
        empty(inner, buffer, style.say(Message::OutlineEmpty), style);
        return;
    }
    let at = place(picture, style.scroll);
    let first = window(outline.rows.len(), usize::from(inner.height), at, 0);
    let mut canvas = Canvas::new(buffer, inner);
    for (index, row) in outline.rows.iter().enumerate().skip(first).take(usize::from(inner.height)) {
        let y = cells(index - first);
        draw_row(&mut canvas, y, row, index == outline.here && row.is_open, style);
        shade(&mut canvas, (index, y, 1), &PaneStyle { selected: at, ..*style });
    }
}

fn draw_row(canvas: &mut Canvas, y: u16, row: &OutlineRow, is_here: bool, style: &PaneStyle) {
    let theme = style.theme;
    let right = canvas.width().saturating_sub(1);
    let steps = row.steps.to_string();
    let end = right.saturating_sub(width_of(&steps) + 1);
    if is_here {
        canvas.put(0, y, "▶", theme.strong);
    }
    // Deep calls stay in sight: the last cells of a narrow pane are for their names.
    // A narrow pane keeps its room for the names.
    let (unit, most) = if canvas.width() < 60 { (1, canvas.width() / 3) } else { (2, canvas.width() / 2) };
    let x = 2 + row.depth.saturating_mul(unit).min(most);
    let fold = match (row.has_calls, row.is_folded) {
        (true, true) => "▸",
        (true, false) => "▾",
        (false, _) => " ",
    };
    canvas.put(x, y, fold, theme.dim);
    let look = if row.is_open { theme.strong } else { theme.text };
    let x = canvas.put_within(x + 2, y, end.saturating_sub(x + 2), row.function, look);
    if x + 6 < end {
        canvas.put(x + 1, y, row.layer.tag(), theme.layer(row.layer));
    }
    canvas.put_right(right, y, &steps, theme.dim);
}

fn text(picture: &Picture) -> Vec<String> {
    picture.outline.rows.iter().map(|row| format!("{} #{}", row.function, row.first)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| picture.outline.here),
    rows: |picture| picture.outline.rows.len(),
    text: Some(text),
    cursor_of: None,
};
