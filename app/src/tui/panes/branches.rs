//! The branches of the session: the run that was opened, and below it every other course that a person has given it.
//!
//! Marks: `▶` the branch that is shown; a branch stands below the one it parted from, one level deeper, with the step at which it
//! did and what is different in it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{BranchRow, Picture};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, panel, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let branches = &picture.branches;
    let count = Message::BranchCount.fill(style.lang, &[&branches.len().to_string()]);
    let keys = style.tell(Message::BranchKeys);
    let foot = if branches.len() < 2 { "" } else { &keys };
    let inner = panel(area, buffer, &Panel { title: style.title, remark: &count, subject: "", foot }, style);
    let mut canvas = Canvas::new(buffer, inner);
    let first = window(branches.len(), usize::from(inner.height), style.selected, 0);
    for (row, branch) in branches.iter().enumerate().skip(first).take(usize::from(inner.height)) {
        let y = cells(row - first);
        branch_row(&mut canvas, y, branch, style);
        if style.focused && row == style.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
}

fn branch_row(canvas: &mut Canvas, y: u16, branch: &BranchRow, style: &PaneStyle) {
    let theme = style.theme;
    canvas.put(0, y, if branch.here { "▶" } else { " " }, theme.strong);
    let indent = 2 + cells(branch.depth.saturating_sub(1)) * 2;
    let x = if branch.depth == 0 { 2 } else { canvas.put(indent, y, "╰─", theme.rule) };
    let x = canvas.put(x, y, &format!("{} ", branch.number), theme.dim);
    let right = canvas.width().saturating_sub(1);
    let parted = branch.step.map_or(String::new(), |step| Message::AtStep.fill(style.lang, &[&step.to_string()]));
    let frames = Message::FrameCount.fill(style.lang, &[&branch.frames.to_string()]);
    let detail = if parted.is_empty() { frames } else { format!("{parted} · {frames}") };
    let what = branch.what.as_deref().unwrap_or_else(|| style.say(Message::BranchFirst));
    // What is different is the point: the detail stands where there is room behind it.
    let detail_at = right.saturating_sub(width_of(&detail));
    let fits = x + width_of(what) + 2 <= detail_at;
    let room = if fits { detail_at.saturating_sub(x + 1) } else { right.saturating_sub(x) };
    canvas.put_within(x, y, room, what, if branch.here { theme.strong } else { theme.text });
    if fits {
        canvas.put_right(right, y, &detail, theme.dim);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let told = |branch: &BranchRow| format!("{} {}", branch.number, branch.what.as_deref().unwrap_or(""));
    picture.branches.iter().map(told).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.branches.len(), text: Some(text), cursor_of: None };
