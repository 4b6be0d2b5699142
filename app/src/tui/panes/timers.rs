//! The timers that run, soonest first, each counting down.
//!
//! Marks: `*` a timer that this step set; a bar, the share of its span that is left. Behind the function stands whose timer it is
//! and what for.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, bar, empty, mark, panel, span_of_jiffies, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let timers = &picture.timers;
    let count = Message::TimersCount.fill(style.lang, &[&timers.len().to_string()]);
    let inner = panel(area, buffer, &Panel { title: style.title, remark: &count, ..Panel::default() }, style);
    if timers.is_empty() {
        empty(inner, buffer, style.say(Message::NoTimer), style);
        return;
    }
    let theme = style.theme;
    let two_rows = inner.width < 44 && usize::from(inner.height) >= timers.len() * 2;
    let each: u16 = if two_rows { 2 } else { 1 };
    let room = usize::from(inner.height / each);
    let first = window(timers.len(), room, style.selected, style.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, timer) in timers.iter().enumerate().skip(first).take(room) {
        let y = cells(row - first) * each;
        let left = span_of_jiffies(timer.left);
        let right = inner.width.saturating_sub(1);
        let end = right.saturating_sub(width_of(&left) + 1);
        if timer.changed {
            canvas.put(0, y, "*", theme.changed);
        }
        let x = canvas.put_within(2, y, end.saturating_sub(2), &timer.function, mark(timer.changed, style));
        let x = match (two_rows, timer.span) {
            (false, Some(span)) if x + 8 < end => canvas.put(x + 1, y, &bar(timer.left, span, 6), theme.dim),
            _ => x,
        };
        if two_rows {
            canvas.put_within(4, y + 1, right.saturating_sub(4), &timer.owner, theme.dim);
        } else if x + 2 < end {
            canvas.put_within(x + 1, y, end.saturating_sub(x + 2), &timer.owner, theme.dim);
        }
        canvas.put_right(right, y, &left, theme.text);
        if style.focused && row == style.selected {
            canvas.shade(0, y, inner.width, theme.selected);
        }
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.timers.iter().map(|timer| format!("{} {}", timer.function, timer.owner)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.timers.len(), text: Some(text), cursor_of: None };
