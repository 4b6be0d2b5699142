//! The ARP table: who is asked for and what waits for the answer, then who is known, and how long each has left.
//!
//! Marks: `*` an entry that this step changed; a bar, the share of its age that is left; "asking" in the place of the hardware
//! address, the entry is not resolved yet, with the time to the next request, the tries left, and below it the buffers that wait, each
//! as a box. Enter on a buffer opens its card. The lower border says when `arp_check_expire` will look through the table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::queues::chip;
use crate::i18n::Message;
use crate::picture::{Arp, Layer, Neighbour, Picture, Skb};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, bar, empty, mark, panel, span_of_jiffies, window};

/// A row that can be selected.
#[derive(Clone, Copy, Debug)]
enum Row<'a> {
    Entry(&'a Neighbour),
    /// A buffer that waits for the entry above it.
    Waiting(&'a Skb),
}

/// The rows of the pane, each with the place of its entry.
fn rows_of(arp: &Arp) -> Vec<(usize, Row<'_>)> {
    let entries = arp.rows.iter().enumerate();
    entries
        .flat_map(|(place, entry)| {
            let waiting = entry.waiting.iter().map(move |skb| (place, Row::Waiting(skb)));
            std::iter::once((place, Row::Entry(entry))).chain(waiting)
        })
        .collect()
}

/// The buffer on a row.
#[must_use]
pub fn skb_on(picture: &Picture, row: usize) -> Option<&Skb> {
    match rows_of(&picture.arp).get(row)? {
        (_, Row::Waiting(skb)) => Some(skb),
        (_, Row::Entry(_)) => None,
    }
}

/// The entry to which a row belongs.
#[must_use]
pub fn entry_on(picture: &Picture, row: usize) -> Option<&Neighbour> {
    let place = rows_of(&picture.arp).get(row)?.0;
    picture.arp.rows.get(place)
}

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let arp = &picture.arp;
    let count = Message::ArpCount.fill(style.lang, &[&arp.slots.to_string(), &arp.rows.len().to_string()]);
    let foot = arp.check.map_or(String::new(), |(left, _)| {
        format!("arp_check_expire {}", Message::In.fill(style.lang, &[&span_of_jiffies(left)]))
    });
    let shown = Panel { title: style.title, subject: "", remark: &count, foot: &foot };
    let inner = panel(area, buffer, &shown, style);
    if arp.rows.is_empty() {
        empty(inner, buffer, style.say(Message::ArpEmpty), style);
        return;
    }
    let columns = Columns::of(arp, inner.width);
    let mut canvas = Canvas::new(buffer, inner);
    let top = u16::from(inner.height > 3);
    if top > 0 {
        canvas.put(2, 0, "ip", style.theme.dim);
        canvas.put(columns.address, 0, style.say(Message::ArpAddress), style.theme.dim);
        if columns.flags < columns.left {
            canvas.put_within(
                columns.flags,
                0,
                columns.left - columns.flags,
                style.say(Message::ArpFlags),
                style.theme.dim,
            );
        }
        canvas.put(columns.left, 0, style.say(Message::ArpLeft), style.theme.dim);
    }
    let rows = rows_of(arp);
    let room = usize::from(inner.height - top);
    let first = window(rows.len(), room, if style.focused { style.selected } else { 0 }, style.scroll);
    for (index, (_, row)) in rows.iter().enumerate().skip(first).take(room) {
        let y = top + cells(index - first);
        match row {
            Row::Entry(neighbour) => neighbour_row(&mut canvas, y, neighbour, &columns, style),
            Row::Waiting(skb) => {
                canvas.put_within(4, y, inner.width.saturating_sub(4), &chip(skb), style.theme.text);
            }
        }
        if style.focused && index == style.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
}

/// Where the columns begin.
struct Columns {
    address: u16,
    flags: u16,
    left: u16,
}

impl Columns {
    /// Narrow panes leave the flags out, and the seconds of the address stay whole.
    fn of(arp: &Arp, width: u16) -> Self {
        let ip = arp.rows.iter().map(|row| width_of(&row.ip)).max().unwrap_or(0).max(8);
        let address = 3 + ip;
        let flags = address + 18;
        let left = if width < 52 { flags } else { flags + if width > 61 { 10 } else { 6 } };
        Self { address, flags, left }
    }
}

fn neighbour_row(canvas: &mut Canvas, y: u16, neighbour: &Neighbour, columns: &Columns, style: &PaneStyle) {
    let theme = style.theme;
    let is_asked = neighbour.hardware.is_empty();
    if neighbour.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    canvas.put(2, y, &neighbour.ip, mark(neighbour.changed, style));
    let mut x = columns.left;
    if is_asked {
        // Who is asked for has no address and no flags: what is counted stands in their room.
        x = canvas.put(columns.address, y, style.say(Message::Unresolved), theme.layer(Layer::Arp)) + 1;
    } else {
        canvas.put_within(columns.address, y, 17, &neighbour.hardware, mark(neighbour.changed, style));
        canvas.put_within(
            columns.flags,
            y,
            columns.left.saturating_sub(columns.flags + 1),
            &neighbour.flags,
            theme.text,
        );
    }
    match neighbour.left {
        Some((left, whole)) => {
            // What is counted comes before what it is called.
            if is_asked && canvas.width() >= 64 {
                x = canvas.put(x, y, style.say(Message::ArpNext), theme.dim) + 1;
            } else if !is_asked && x + 16 < canvas.width() {
                x = canvas.put(x, y, &bar(left, whole, 6), theme.dim) + 1;
            }
            x = canvas.put(x, y, &span_of_jiffies(left), theme.text) + 1;
        }
        // While the function of its timer runs, the timer does not.
        None if is_asked => x = canvas.put(x, y, style.say(Message::ArpFires), theme.dim) + 1,
        None => x = canvas.put(x, y, style.say(Message::Never), theme.dim) + 1,
    }
    if is_asked {
        let tries = match neighbour.retries {
            1 => style.say(Message::ArpLastTry).to_owned(),
            tries => Message::ArpTries.fill(style.lang, &[&tries.to_string()]),
        };
        x = canvas.put(x, y, &format!("· {tries}"), theme.dim) + 1;
    }
    if !neighbour.waiting.is_empty() {
        let waiting = Message::ArpWaiting.fill(style.lang, &[&neighbour.waiting.len().to_string()]);
        canvas.put(x, y, &format!("· {waiting}"), theme.text);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let rows = rows_of(&picture.arp).into_iter();
    rows.map(|(_, row)| match row {
        Row::Entry(row) => format!("{} {} {}", row.ip, row.hardware, row.flags),
        Row::Waiting(skb) => chip(skb),
    })
    .collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Cursor,
    rows: |picture| rows_of(&picture.arp).len(),
    text: Some(text),
    cursor_of: None,
};
