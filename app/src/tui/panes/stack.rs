//! The call stack of the host that runs: innermost call first, each with its arguments and its layer.
//!
//! Marks: `▶` the call that runs; ` = value` in the place of the arguments, what it returns, at its last step.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::Picture;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, title_of_call, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let calls = &picture.stack;
    let depth = Message::Depth.fill(style.lang, &[&calls.len().to_string()]);
    let title = title_of_call(picture, style);
    let inner = panel(area, buffer, &Panel { title: &title, remark: &depth, ..Panel::default() }, style);
    if calls.is_empty() {
        empty(inner, buffer, style.say(Message::NothingRuns), style);
        return;
    }
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, inner);
    let first = window(calls.len(), usize::from(inner.height), style.selected, 0);
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
        canvas.shade(0, y, inner.width, style.pick(row, ratatui::style::Style::new()));
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.stack.iter().map(|call| format!("{} {}", call.function, call.arguments)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.stack.len(), text: Some(text), cursor_of: None };
