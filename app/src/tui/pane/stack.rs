//! The call stack: innermost call first, each with its arguments and its layer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::picture::Call;
use crate::tui::canvas::{Canvas, cells, width_of};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, calls: &[Call], look: &PaneStyle) {
    let depth = Message::Depth.fill(look.lang, &[&calls.len().to_string()]);
    let title = look.say(Message::PaneStack);
    let inner = panel(area, buffer, &Panel { title, remark: &depth, ..Panel::default() }, look);
    if calls.is_empty() {
        empty(inner, buffer, look.say(Message::NothingRuns), look);
        return;
    }
    let theme = look.theme;
    let mut canvas = Canvas::new(buffer, inner);
    let first = window(calls.len(), usize::from(inner.height), look.selected, 0);
    for (row, call) in calls.iter().enumerate().skip(first).take(usize::from(inner.height)) {
        let y = cells(row - first);
        let tag = call.layer.tag();
        let right = inner.width.saturating_sub(1);
        let tag_at = right.saturating_sub(width_of(tag));
        canvas.put(0, y, if row == 0 { "▶" } else { " " }, theme.layer(call.layer));
        let name = if row == 0 { theme.strong } else { theme.text };
        let x = canvas.put_within(2, y, tag_at.saturating_sub(3), &call.function, name);
        let detail = match &call.result {
            Some(result) => format!(" = {result}"),
            None => format!("({})", call.arguments),
        };
        canvas.put_within(x, y, tag_at.saturating_sub(x + 1), &detail, theme.dim);
        canvas.put(tag_at, y, tag, theme.layer(call.layer));
        canvas.shade(0, y, inner.width, look.pick(row, ratatui::style::Style::new()));
    }
}
