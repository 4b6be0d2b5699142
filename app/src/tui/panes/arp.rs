//! The ARP table: who is known, who is asked for, who waits, and how long each has left.
//!
//! Marks: `*` an entry that this step changed; a bar, the share of its age that is left; "asking" in the place of the hardware
//! address, the entry is not resolved yet, with the tries left and the buffers that wait for the answer. The lower border says when
//! `arp_check_expire` will look through the table.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Neighbour, Picture};
use crate::tui::canvas::{Canvas, cells};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, bar, empty, mark, panel, span_of_jiffies, window};

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
    let mut canvas = Canvas::new(buffer, inner);
    let heading = inner.height > 3;
    if heading {
        canvas.put(2, 0, "ip", style.theme.dim);
        canvas.put(14, 0, style.say(Message::ArpAddress), style.theme.dim);
        canvas.put(33, 0, style.say(Message::ArpFlags), style.theme.dim);
        canvas.put(left_column(inner.width), 0, style.say(Message::ArpLeft), style.theme.dim);
    }
    let top = u16::from(heading);
    let room = usize::from(inner.height - top);
    let first = window(arp.rows.len(), room, style.selected, style.scroll);
    for (row, neighbour) in arp.rows.iter().enumerate().skip(first).take(room) {
        let y = top + cells(row - first);
        neighbour_row(&mut canvas, y, neighbour, style);
        if style.focused && row == style.selected {
            canvas.shade(0, y, inner.width, style.theme.selected);
        }
    }
}

/// The column of the time left: wide panes have room for all flags.
fn left_column(width: u16) -> u16 {
    if width > 61 { 43 } else { 39 }
}

fn neighbour_row(canvas: &mut Canvas, y: u16, neighbour: &Neighbour, style: &PaneStyle) {
    let theme = style.theme;
    if neighbour.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    canvas.put_within(2, y, 11, &neighbour.ip, mark(neighbour.changed, style));
    if neighbour.hardware.is_empty() {
        canvas.put_within(14, y, 18, style.say(Message::Unresolved), theme.layer(crate::picture::Layer::Arp));
    } else {
        canvas.put_within(14, y, 18, &neighbour.hardware, mark(neighbour.changed, style));
    }
    let mut x = left_column(canvas.width());
    canvas.put_within(33, y, x - 34, &neighbour.flags, theme.text);
    match neighbour.left {
        Some((left, whole)) => {
            if canvas.width() > 56 && !neighbour.hardware.is_empty() {
                x = canvas.put(x, y, &bar(left, whole, 6), theme.dim) + 1;
            }
            x = canvas.put(x, y, &span_of_jiffies(left), theme.text) + 1;
        }
        None => x = canvas.put(x, y, style.say(Message::Never), theme.dim) + 1,
    }
    if neighbour.hardware.is_empty() {
        let tries = Message::ArpTries.fill(style.lang, &[&neighbour.retries.to_string()]);
        x = canvas.put(x, y, &format!("· {tries}"), theme.dim) + 1;
    }
    if neighbour.waiting > 0 {
        let waiting = Message::ArpWaiting.fill(style.lang, &[&neighbour.waiting.to_string()]);
        canvas.put(x, y, &format!("· {waiting}"), theme.text);
    }
}

fn text(picture: &Picture) -> Vec<String> {
    picture.arp.rows.iter().map(|row| format!("{} {} {}", row.ip, row.hardware, row.flags)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.arp.rows.len(), text: Some(text), cursor_of: None };
