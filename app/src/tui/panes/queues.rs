//! The roads that buffers take on this host: in, from the wire over backlog to receive_queue and the reader, with the detour over
//! back_log that a segment takes while the sock is in use; out, from write_queue to send_head and the wire. Below them every queue on which something stands, buffer by buffer.
//!
//! Marks: `*` a queue that this step changed; `[...]` one `sk_buff`, the first to leave first: what it carries, the sequence numbers
//! it takes as the ladder counts them, its valid bytes, the sock it is charged to, its name; at the right of a queue the bytes charged
//! and the count. Queues on which nothing stands share one dim line. Below stand what is in flight against the congestion window, and
//! the window of the peer. Enter on a buffer opens its card.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Picture, Queue, Queues, Skb};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, bar, empty, mark, panel, window};

/// What can be selected.
#[derive(Clone, Copy, Debug)]
enum Row<'a> {
    /// A queue on which something stands, or that this step has emptied.
    Queue(&'a Queue),
    /// A buffer of the queue above it.
    Skb(&'a Skb, &'a Queue),
    /// A queue on which nothing stands: all of them share a line.
    Empty(&'a Queue),
}

fn stands(queue: &Queue) -> bool {
    !queue.skbs.is_empty() || queue.changed
}

fn rows_of(queues: &Queues) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for queue in queues.rows.iter().filter(|queue| stands(queue)) {
        rows.push(Row::Queue(queue));
        rows.extend(queue.skbs.iter().map(|skb| Row::Skb(skb, queue)));
    }
    rows.extend(queues.rows.iter().filter(|queue| !stands(queue)).map(Row::Empty));
    rows
}

/// The queue to which what is selected belongs.
#[must_use]
pub fn queue_on(picture: &Picture, row: usize) -> Option<&Queue> {
    match rows_of(&picture.queues).get(row)? {
        Row::Queue(queue) | Row::Skb(_, queue) | Row::Empty(queue) => Some(queue),
    }
}

/// The names of all queues, and the place of the one to which what is selected belongs.
#[must_use]
pub fn names(picture: &Picture, row: usize) -> (Vec<&str>, usize) {
    let names: Vec<&str> = picture.queues.rows.iter().map(|queue| queue.name.as_str()).collect();
    let selected = queue_on(picture, row).and_then(|queue| names.iter().position(|name| *name == queue.name));
    (names, selected.unwrap_or(0))
}

/// The buffer on a row.
#[must_use]
pub fn skb_on(picture: &Picture, row: usize) -> Option<&Skb> {
    match rows_of(&picture.queues).get(row)? {
        Row::Skb(skb, _) => Some(skb),
        Row::Queue(_) | Row::Empty(_) => None,
    }
}

/// A buffer as a box.
#[must_use]
pub fn chip(skb: &Skb) -> String {
    let range = if skb.range.is_empty() { String::new() } else { format!(" {}", skb.range) };
    let sk = if skb.sk.is_empty() { String::new() } else { format!(" · {}", skb.sk) };
    format!("[{}{range} · len {}{sk} · {}]", skb.label, skb.valid, skb.name)
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let queues = &picture.queues;
    // The roads are drawn only where there is a host that has them.
    let has_host = queues.rows.iter().any(|queue| queue.name == "backlog");
    let remark = style.say(if has_host { Message::BytesSkbs } else { Message::BytesSegments });
    let inner = panel(area, buffer, &Panel { title: style.title, remark, ..Panel::default() }, style);
    let rows = rows_of(queues);
    if rows.is_empty() {
        empty(inner, buffer, style.say(Message::Empty), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, inner);
    // They leave room for what stands on them.
    let top = if has_host && inner.height >= 8 { roads(&mut canvas, picture, style) } else { 0 };
    let tail = u16::from(queues.in_flight.is_some()) + u16::from(queues.peer_window.is_some());
    let tail = if inner.height > top + tail + 1 { tail } else { 0 };
    let room = usize::from(inner.height.saturating_sub(top + tail).max(1));
    let focus = if style.focused { style.selected } else { 0 };
    let full = rows.iter().take_while(|row| !matches!(row, Row::Empty(_))).count();
    let lines = full + usize::from(rows.len() > full);
    let first = window(lines, room, focus.min(full), style.scroll);
    for line in first..lines.min(first + room) {
        let y = top + cells(line - first);
        match rows.get(line) {
            Some(row) if line < full => {
                draw_row(&mut canvas, y, *row, style);
                if style.focused && line == style.selected {
                    canvas.shade(0, y, inner.width, style.theme.selected);
                }
            }
            _ => empties(&mut canvas, y, (rows.get(full..).unwrap_or(&[]), focus.checked_sub(full)), style),
        }
    }
    if tail > 0 {
        summary(&mut canvas, queues, tail, style);
    }
}

/// Draws both roads, each from where buffers come to where they go; gives the rows they take.
fn roads(canvas: &mut Canvas, picture: &Picture, style: &PaneStyle) -> u16 {
    let shown = picture.sock_list.shown;
    let owner = picture.sock_list.rows.iter().find(|row| Some(row.place) == shown).map(|row| row.owner.as_str());
    let reader = style.say(Message::RoadReader);
    let reader =
        owner.filter(|owner| !owner.is_empty()).map_or(reader.to_owned(), |owner| format!("{reader} ({owner})"));
    let wire = style.say(Message::RoadWire);
    let (queues, in_use) = (&picture.queues, style.say(Message::RoadInUse));
    let mut y = road(canvas, 0, &[wire, "backlog", "receive_queue", &reader], queues, style);
    if queues.rows.iter().any(|queue| queue.name == "back_log") {
        y = road(canvas, y, &[in_use, "back_log", "release_sock"], queues, style);
    }
    road(canvas, y, &["partial", "write_queue", "send_head", wire], queues, style)
}

/// Draws a road from a row on; stations that are queues with their counts. Gives the row behind it.
fn road(canvas: &mut Canvas, mut y: u16, stations: &[&str], queues: &Queues, style: &PaneStyle) -> u16 {
    let theme = style.theme;
    let mut x = 2;
    let has_all = queues.rows.iter().any(|queue| queue.name == "receive_queue");
    for (place, station) in stations.iter().enumerate() {
        let queue = queues.rows.iter().find(|queue| queue.name == *station);
        let is_end = place == 0 || place + 1 == stations.len();
        // Without a sock under focus there are no queues of one.
        if queue.is_none() && (!is_end || !has_all && station.starts_with("partial")) {
            continue;
        }
        let text = match queue {
            Some(queue) if queue.skbs.is_empty() => (*station).to_owned(),
            Some(queue) => format!("{station} {}", queue.skbs.len()),
            None => (*station).to_owned(),
        };
        if place > 0 {
            if x + width_of(&text) + 3 > canvas.width() && x > 4 {
                (x, y) = (4, y + 1);
            }
            x = canvas.put(x, y, "→ ", theme.dim);
        }
        let look = match queue {
            Some(queue) if queue.changed => theme.changed,
            Some(queue) if !queue.skbs.is_empty() => theme.strong,
            Some(_) | None => theme.dim,
        };
        if queue.is_some_and(|queue| queue.changed) {
            x = canvas.put(x, y, "*", theme.changed);
        }
        x = canvas.put(x, y, &text, look) + 1;
    }
    y + 1
}

fn draw_row(canvas: &mut Canvas, y: u16, row: Row, style: &PaneStyle) {
    let theme = style.theme;
    match row {
        Row::Queue(queue) => {
            let bytes: usize = queue.skbs.iter().map(|skb| skb.length).sum();
            let count = format!("{bytes} · {}", queue.skbs.len());
            let right = canvas.width().saturating_sub(1);
            let end = right.saturating_sub(width_of(&count) + 1);
            if queue.changed {
                canvas.put(0, y, "*", theme.changed);
            }
            let x = canvas.put_within(2, y, end.saturating_sub(2), &queue.name, mark(queue.changed, style));
            if !queue.note.is_empty() && x + 2 < end {
                canvas.put_within(x + 2, y, end - x - 2, &queue.note, theme.dim);
            }
            canvas.put_right(right, y, &count, if queue.skbs.is_empty() { theme.dim } else { theme.text });
        }
        Row::Skb(skb, queue) => {
            let room = canvas.width().saturating_sub(4);
            canvas.put_within(4, y, room, &chip(skb), mark(queue.changed, style));
        }
        Row::Empty(_) => {}
    }
}

/// The line of the queues on which nothing stands; the selected one of them is in sight.
fn empties(canvas: &mut Canvas, y: u16, (rows, selected): (&[Row], Option<usize>), style: &PaneStyle) {
    let names: Vec<&str> = rows
        .iter()
        .filter_map(|row| if let Row::Empty(queue) = row { Some(queue.name.as_str()) } else { None })
        .collect();
    let mut x = canvas.put(2, y, style.say(Message::Empty), style.theme.dim) + 1;
    let room = canvas.width().saturating_sub(x);
    let width = |names: &[&str]| names.iter().map(|name| width_of(name) + 3).sum::<u16>();
    let selected = selected.filter(|_| style.focused);
    let first = selected.map_or(0, |last| {
        (0..last).find(|first| width(names.get(*first..=last).unwrap_or(&[])) <= room).unwrap_or(last)
    });
    for (index, name) in names.iter().enumerate().skip(first) {
        let from = x;
        x = canvas.put(x, y, name, style.theme.dim);
        if selected == Some(index) {
            canvas.shade(from, y, x - from, style.theme.selected);
        }
        if index + 1 < names.len() {
            x = canvas.put(x, y, " · ", style.theme.dim);
        }
    }
}

fn summary(canvas: &mut Canvas, queues: &Queues, tail: u16, style: &PaneStyle) {
    let theme = style.theme;
    let mut y = canvas.height().saturating_sub(tail);
    if let Some((flying, window)) = queues.in_flight {
        let x = canvas.put(2, y, style.say(Message::InFlight), theme.dim);
        let shown = window.map_or_else(|| "?".to_owned(), |window| window.to_string());
        let x = canvas.put(x + 1, y, &format!("{flying} / cong_window {shown}"), theme.text);
        if let Some(window) = window {
            canvas.put(x + 2, y, &bar(flying, window, 10), theme.dim);
        }
        y += 1;
    }
    if let Some(window) = queues.peer_window {
        let x = canvas.put(2, y, style.say(Message::PeerWindow), theme.dim);
        canvas.put(x + 1, y, &window.to_string(), theme.text);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let rows = rows_of(&picture.queues).into_iter();
    rows.map(|row| match row {
        Row::Queue(queue) => format!("{} {}", queue.name, queue.note).trim().to_owned(),
        Row::Skb(skb, _) => chip(skb),
        Row::Empty(queue) => queue.name.clone(),
    })
    .collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| rows_of(&picture.queues).len(),
    text: Some(text),
    cursor_of: None,
};
