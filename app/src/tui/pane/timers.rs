//! The timers that run, soonest first, each counting down.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sock::mark;
use super::{PaneStyle, Panel, bar, empty, panel, span_of_jiffies, window};
use crate::i18n::Message;
use crate::picture::Timer;
use crate::tui::canvas::{Canvas, cells, width_of};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, timers: &[Timer], look: &PaneStyle) {
    let count = Message::TimersCount.fill(look.lang, &[&timers.len().to_string()]);
    let title = look.say(Message::PaneTimers);
    let inner = panel(area, buffer, &Panel { title, remark: &count, ..Panel::default() }, look);
    if timers.is_empty() {
        empty(inner, buffer, look.say(Message::NoTimer), look);
        return;
    }
    let theme = look.theme;
    let two_rows = inner.width < 44 && usize::from(inner.height) >= timers.len() * 2;
    let each: u16 = if two_rows { 2 } else { 1 };
    let room = usize::from(inner.height / each);
    let first = window(timers.len(), room, look.selected, look.scroll);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, timer) in timers.iter().enumerate().skip(first).take(room) {
        let y = cells(row - first) * each;
        let left = span_of_jiffies(timer.left);
        let right = inner.width.saturating_sub(1);
        let end = right.saturating_sub(width_of(&left) + 1);
        if timer.changed {
            canvas.put(0, y, "*", theme.changed);
        }
        let x = canvas.put_within(2, y, end.saturating_sub(2), &timer.function, mark(timer.changed, look));
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
        if look.focused && row == look.selected {
            canvas.shade(0, y, inner.width, theme.selected);
        }
    }
}
