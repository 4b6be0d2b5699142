//! The queues: what waits where, buffer by buffer.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sock::mark;
use super::{Look, Panel, bar, empty, panel, window};
use crate::i18n::Message;
use crate::picture::{Queue, Queues};
use crate::tui::ink::{Ink, cells, width_of};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, queues: &Queues, look: &Look) {
    let title = look.say(Message::PaneQueues);
    let remark = look.say(Message::BytesSkbs);
    let inner = panel(area, buffer, &Panel { title, remark, ..Panel::default() }, look);
    if queues.rows.is_empty() {
        empty(inner, buffer, look.say(Message::Empty), look);
        return;
    }
    let tail = u16::from(queues.in_flight.is_some()) + u16::from(queues.peer_window.is_some());
    let room = usize::from(inner.height.saturating_sub(tail).max(1));
    let first = window(queues.rows.len(), room, look.selected, look.scroll);
    let names = queues.rows.iter().map(|queue| width_of(&queue.name)).max().unwrap_or(0).min(15);
    let mut ink = Ink::new(buffer, inner);
    for (row, queue) in queues.rows.iter().enumerate().skip(first).take(room) {
        let y = cells(row - first);
        queue_row(&mut ink, y, names, queue, look);
        if look.focused && row == look.selected {
            ink.shade(0, y, inner.width, look.theme.selected);
        }
    }
    summary(&mut ink, queues, tail, look);
}

fn queue_row(ink: &mut Ink, y: u16, names: u16, queue: &Queue, look: &Look) {
    let theme = look.theme;
    let bytes: usize = queue.skbs.iter().map(|skb| skb.length).sum();
    let count = format!("{bytes} · {}", queue.skbs.len());
    let right = ink.width().saturating_sub(1);
    let end = right.saturating_sub(width_of(&count) + 1);
    if queue.changed {
        ink.put(0, y, "*", theme.changed);
    }
    let name = if queue.skbs.is_empty() && !queue.changed { theme.dim } else { mark(queue.changed, look) };
    ink.put_within(2, y, names, &queue.name, name);
    let mut x = 3 + names;
    if queue.skbs.is_empty() {
        x = ink.put_within(x, y, end.saturating_sub(x), look.say(Message::Empty), theme.dim);
    }
    for (place, skb) in queue.skbs.iter().enumerate() {
        let chip = format!("[{} {}]", skb.label, skb.name);
        let more = queue.skbs.len() - place - 1;
        let spare = if more > 0 { 4 } else { 0 };
        if x + width_of(&chip) + spare > end && place > 0 {
            x = ink.put_within(x, y, end.saturating_sub(x), &format!("+{}", more + 1), theme.dim);
            break;
        }
        x = ink.put_within(x, y, end.saturating_sub(x), &chip, mark(queue.changed, look));
    }
    if !queue.note.is_empty() && x + 2 + width_of(&queue.note) < end {
        ink.put(x + 2, y, &queue.note, theme.dim);
    }
    ink.put_right(right, y, &count, if queue.skbs.is_empty() { theme.dim } else { theme.text });
}

fn summary(ink: &mut Ink, queues: &Queues, tail: u16, look: &Look) {
    let theme = look.theme;
    let mut y = ink.height().saturating_sub(tail);
    if let Some((flying, window)) = queues.in_flight {
        let x = ink.put(2, y, look.say(Message::InFlight), theme.dim);
        let x = ink.put(x + 1, y, &format!("{flying} / cong_window {window}"), theme.text);
        ink.put(x + 2, y, &bar(flying, window, 10), theme.dim);
        y += 1;
    }
    if let Some(window) = queues.peer_window {
        let x = ink.put(2, y, look.say(Message::PeerWindow), theme.dim);
        ink.put(x + 1, y, &window.to_string(), theme.text);
    }
}
