//! What panes that list rows have in common: the shaded row of the cursor, the whole text of that row at the foot, and the row under
//! the mouse.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{PaneStyle, window};
use crate::tui::canvas::{Canvas, cells, width_of, wrap};

/// Rows that the foot takes at most.
const FOOT: u16 = 2;

/// Rows of a list that the foot leaves at least.
const LEFT: u16 = 4;

/// Shades a row where it is the selected one of the focused pane: its index, its first line and how many lines it has.
pub fn shade(canvas: &mut Canvas, (index, y, lines): (usize, u16, u16), style: &PaneStyle) {
    if style.focused && index == style.selected {
        let width = canvas.width();
        (y..y + lines).for_each(|y| canvas.shade(0, y, width, style.theme.selected));
    }
}

/// The room of the list above the foot.
fn above(inner: Rect, text: &str, style: &PaneStyle) -> Rect {
    let fits = width_of(text) + 2 <= inner.width;
    let rows = if !style.focused || text.is_empty() || inner.height < LEFT + FOOT {
        0
    } else if fits {
        1
    } else {
        FOOT
    };
    Rect { height: inner.height - rows, ..inner }
}

/// Writes the whole text of the selected row at the foot of the focused pane; gives the room that is left above it.
pub fn footnote(inner: Rect, buffer: &mut Buffer, text: &str, style: &PaneStyle) -> Rect {
    let body = above(inner, text, style);
    let rows = inner.height - body.height;
    let mut canvas = Canvas::new(buffer, Rect { y: inner.y + body.height, height: rows, ..inner });
    for (row, line) in wrap(text, inner.width.saturating_sub(2)).iter().take(usize::from(rows)).enumerate() {
        canvas.put(1, cells(row), line, style.theme.dim);
    }
    body
}

/// The row of a list under line `y` of a pane's inside, where each row has `lines` lines and `told` is the foot's text.
#[must_use]
pub fn row_at(inner: Rect, y: u16, (count, lines): (usize, u16), told: &str, style: &PaneStyle) -> Option<usize> {
    let body = above(inner, told, style);
    let room = usize::from(body.height / lines.max(1));
    let first = window(count, room, style.selected, style.scroll);
    let row = first + usize::from(y / lines.max(1));
    (y < body.height && row < count).then_some(row)
}
