//! The ARP table: who is known, who is asked for, who waits, and how long each has left.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::sock::mark;
use super::{PaneStyle, Panel, bar, empty, panel, span_of_jiffies, window};
use crate::i18n::Message;
use crate::picture::{Arp, Neighbour};
use crate::tui::canvas::{Canvas, cells};

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, arp: &Arp, look: &PaneStyle) {
    let count = Message::ArpCount.fill(look.lang, &[&arp.slots.to_string(), &arp.rows.len().to_string()]);
    let foot = arp.check.map_or(String::new(), |(left, _)| {
        format!("arp_check_expire {}", Message::In.fill(look.lang, &[&span_of_jiffies(left)]))
    });
    let shown = Panel { title: look.say(Message::PaneArp), subject: "", remark: &count, foot: &foot };
    let inner = panel(area, buffer, &shown, look);
    if arp.rows.is_empty() {
        empty(inner, buffer, look.say(Message::ArpEmpty), look);
        return;
    }
    let mut canvas = Canvas::new(buffer, inner);
    let heading = inner.height > 3;
    if heading {
        canvas.put(2, 0, "ip", look.theme.dim);
        canvas.put(14, 0, look.say(Message::ArpAddress), look.theme.dim);
        canvas.put(33, 0, look.say(Message::ArpFlags), look.theme.dim);
        canvas.put(left_column(inner.width), 0, look.say(Message::ArpLeft), look.theme.dim);
    }
    let top = u16::from(heading);
    let room = usize::from(inner.height - top);
    let first = window(arp.rows.len(), room, look.selected, look.scroll);
    for (row, neighbour) in arp.rows.iter().enumerate().skip(first).take(room) {
        let y = top + cells(row - first);
        neighbour_row(&mut canvas, y, neighbour, look);
        if look.focused && row == look.selected {
            canvas.shade(0, y, inner.width, look.theme.selected);
        }
    }
}

/// The column of the time left: wide panes have room for all flags.
fn left_column(width: u16) -> u16 {
    if width > 61 { 43 } else { 39 }
}

fn neighbour_row(canvas: &mut Canvas, y: u16, neighbour: &Neighbour, look: &PaneStyle) {
    let theme = look.theme;
    if neighbour.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    canvas.put_within(2, y, 11, &neighbour.ip, mark(neighbour.changed, look));
    if neighbour.hardware.is_empty() {
        canvas.put_within(14, y, 18, look.say(Message::Unresolved), theme.layer(crate::picture::Layer::Arp));
    } else {
        canvas.put_within(14, y, 18, &neighbour.hardware, mark(neighbour.changed, look));
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
        None => x = canvas.put(x, y, look.say(Message::Never), theme.dim) + 1,
    }
    if neighbour.hardware.is_empty() {
        let tries = Message::ArpTries.fill(look.lang, &[&neighbour.retries.to_string()]);
        x = canvas.put(x, y, &format!("· {tries}"), theme.dim) + 1;
    }
    if neighbour.waiting > 0 {
        let waiting = Message::ArpWaiting.fill(look.lang, &[&neighbour.waiting.to_string()]);
        canvas.put(x, y, &format!("· {waiting}"), theme.text);
    }
}
