//! The queues of the sock under focus and of the host: what waits where, buffer by buffer.
//!
//! Marks: `*` a queue that this step changed; `[what it carries, its name]` one `sk_buff`, the first to leave first; `+n` so many more;
//! at the right bytes and count. Below stand what is in flight against the congestion window, and the window of the peer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Picture, Queue, Queues};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, bar, empty, mark, panel, window};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let queues = &picture.queues;
    let remark = style.say(Message::BytesSkbs);
    let inner = panel(area, buffer, &Panel { title: style.title, remark, ..Panel::default() }, style);
    if queues.rows.is_empty() {
        empty(inner, buffer, style.say(Message::Empty), style);
        return;
    }
    let tail = u16::from(queues.in_flight.is_some()) + u16::from(queues.peer_window.is_some());
    let room = usize::from(inner.height.saturating_sub(tail).max(1));
    let first = window(queues.rows.len(), room, style.selected, style.scroll);
    let names = queues.rows.iter().map(|queue| width_of(&queue.name)).max().unwrap_or(0).min(15);
    let mut canvas = Canvas::new(buffer, inner);
    for (row, queue) in queues.rows.iter().enumerate().skip(first).take(room) {
        let y = cells(row - first);
        queue_row(&mut canvas, y, names, queue, style);
        if style.focused && row == style.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
    summary(&mut canvas, queues, tail, style);
}

fn queue_row(canvas: &mut Canvas, y: u16, names: u16, queue: &Queue, style: &PaneStyle) {
    let theme = style.theme;
    let bytes: usize = queue.skbs.iter().map(|skb| skb.length).sum();
    let count = format!("{bytes} · {}", queue.skbs.len());
    let right = canvas.width().saturating_sub(1);
    let end = right.saturating_sub(width_of(&count) + 1);
    if queue.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    let name = if queue.skbs.is_empty() && !queue.changed { theme.dim } else { mark(queue.changed, style) };
    canvas.put_within(2, y, names, &queue.name, name);
    let mut x = 3 + names;
    if queue.skbs.is_empty() {
        x = canvas.put_within(x, y, end.saturating_sub(x), style.say(Message::Empty), theme.dim);
    }
    for (place, skb) in queue.skbs.iter().enumerate() {
        let chip = format!("[{} {}]", skb.label, skb.name);
        let more = queue.skbs.len() - place - 1;
        let spare = if more > 0 { 4 } else { 0 };
        if x + width_of(&chip) + spare > end && place > 0 {
            x = canvas.put_within(x, y, end.saturating_sub(x), &format!("+{}", more + 1), theme.dim);
            break;
        }
        x = canvas.put_within(x, y, end.saturating_sub(x), &chip, mark(queue.changed, style));
    }
    if !queue.note.is_empty() && x + 2 + width_of(&queue.note) < end {
        canvas.put(x + 2, y, &queue.note, theme.dim);
    }
    canvas.put_right(right, y, &count, if queue.skbs.is_empty() { theme.dim } else { theme.text });
}

fn summary(canvas: &mut Canvas, queues: &Queues, tail: u16, style: &PaneStyle) {
    let theme = style.theme;
    let mut y = canvas.height().saturating_sub(tail);
    if let Some((flying, window)) = queues.in_flight {
        let x = canvas.put(2, y, style.say(Message::InFlight), theme.dim);
        let x = canvas.put(x + 1, y, &format!("{flying} / cong_window {window}"), theme.text);
        canvas.put(x + 2, y, &bar(flying, window, 10), theme.dim);
        y += 1;
    }
    if let Some(window) = queues.peer_window {
        let x = canvas.put(2, y, style.say(Message::PeerWindow), theme.dim);
        canvas.put(x + 1, y, &window.to_string(), theme.text);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let skbs = |queue: &Queue| queue.skbs.iter().map(|skb| format!(" {} {}", skb.label, skb.name)).collect::<String>();
    picture.queues.rows.iter().map(|queue| format!("{}{} {}", queue.name, skbs(queue), queue.note)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| picture.queues.rows.len(),
    text: Some(text),
    cursor_of: None,
};
