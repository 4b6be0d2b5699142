//! The ladder: the sequence diagram of the run, growing as it is stepped. Solid is past, dashed is to come.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Look, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::picture::{Fate, Ladder, Rung};
use crate::tui::ink::{Ink, cells, width_of};
use crate::tui::theme::Theme;

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, ladder: &Ladder, look: &Look) {
    let numbers = if ladder.relative { Message::SequenceRelative } else { Message::SequenceAbsolute };
    let remark = look.say(numbers);
    let title = look.say(Message::PaneLadder);
    let inner = panel(area, buffer, &Panel { title, remark, ..Panel::default() }, look);
    let rails = Rails::of(inner.width, ladder.columns.len());
    let mut ink = Ink::new(buffer, inner);
    heading(&mut ink, ladder, &rails, look);
    let legend = u16::from(inner.height >= 9);
    let body = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + legend), ..inner };
    if ladder.rungs.is_empty() {
        empty(body, buffer, look.say(Message::Quiet), look);
        return;
    }
    let mut ink = Ink::new(buffer, body);
    let cursor = selected(ladder, look.scroll);
    let shown = if ladder.masked { ladder.now.min(ladder.rungs.len()) } else { ladder.rungs.len() };
    let rows = shown + usize::from(ladder.masked);
    let first = window(rows, usize::from(body.height), cursor, 0);
    for row in first..(first + usize::from(body.height)) {
        let y = cells(row - first);
        match ladder.rungs.get(row) {
            _ if ladder.masked && row == shown => mask(&mut ink, y, &rails, look),
            Some(rung) if row < shown => {
                draw_rung(&mut ink, y, rung, row == ladder.now, &rails, look);
                if look.focused && row == cursor {
                    ink.shade(0, y, body.width, look.theme.running);
                }
            }
            _ => rails.lines(&mut ink, y, true, look.theme.rule),
        }
    }
    if legend > 0 {
        let mut ink = Ink::new(buffer, inner);
        draw_legend(&mut ink, inner.height - 1, look);
    }
}

/// The rung under the cursor: the present one, moved by how far the pane is scrolled.
#[must_use]
pub fn selected(ladder: &Ladder, scroll: i32) -> usize {
    let now = i64::try_from(ladder.now.min(ladder.rungs.len().saturating_sub(1))).unwrap_or(0);
    let last = i64::try_from(ladder.rungs.len().saturating_sub(1)).unwrap_or(0);
    usize::try_from((now + i64::from(scroll)).clamp(0, last)).unwrap_or(0)
}

/// Where the vertical lines of the hosts stand.
struct Rails {
    time: bool,
    at: Vec<u16>,
}

impl Rails {
    fn of(width: u16, hosts: usize) -> Self {
        let hosts = hosts.max(2);
        let time = width >= 46;
        let left = if time { 15 } else { 4 };
        let right = width.saturating_sub(6).max(left + 1);
        let gaps = cells(hosts - 1).max(1);
        let at = (0..cells(hosts)).map(|host| left + (right - left) * host / gaps).collect();
        Self { time, at }
    }

    fn lines(&self, ink: &mut Ink, y: u16, ahead: bool, style: Style) {
        for x in &self.at {
            ink.put(*x, y, if ahead { "┆" } else { "│" }, style);
        }
    }
}

fn heading(ink: &mut Ink, ladder: &Ladder, rails: &Rails, look: &Look) {
    for (x, name) in rails.at.iter().zip(&ladder.columns) {
        let from = x.saturating_sub(width_of(name) / 2);
        let from = from.min(ink.width().saturating_sub(width_of(name)));
        ink.put(from, 0, name, look.theme.strong);
    }
}

fn draw_rung(ink: &mut Ink, y: u16, rung: &Rung, now: bool, rails: &Rails, look: &Look) {
    let theme = look.theme;
    match rung {
        Rung::State { host, name, ahead } => {
            rails.lines(ink, y, *ahead, theme.rule);
            if let Some(x) = rails.at.get(*host) {
                let from = x.saturating_sub(width_of(name) / 2);
                let from = from.min(ink.width().saturating_sub(width_of(name)));
                let style = if *ahead { theme.dim } else { theme.text };
                ink.put(from, y, name, style);
            }
        }
        Rung::Frame { number, microseconds, layer, fate, .. } => {
            let ahead = *fate == Fate::Ahead;
            rails.lines(ink, y, ahead, theme.rule);
            let hue = if ahead { theme.dim } else { theme.layer(*layer) };
            if rails.time {
                if !ahead {
                    ink.put_right(9, y, &format!("{:.3}", *microseconds as f64 / 1e6), theme.dim);
                }
                ink.put(10, y, layer.tag(), hue);
            }
            if now {
                ink.put(0, y, "▶", theme.strong);
            }
            arrow(ink, y, rung, rails, hue, theme);
            ink.put_right(ink.width(), y, &format!("#{number}"), theme.dim);
        }
    }
}

fn arrow(ink: &mut Ink, y: u16, rung: &Rung, rails: &Rails, hue: Style, theme: &Theme) {
    let Rung::Frame { from, to, label, fate, resent, .. } = rung else { return };
    let (Some(start), Some(end)) = (rails.at.get(*from), rails.at.get(*to)) else { return };
    let (left, right) = ((*start).min(*end) + 1, (*start).max(*end));
    let length = right.saturating_sub(left);
    if length < 2 {
        return;
    }
    let rightward = end > start;
    let dash = if matches!(fate, Fate::Ahead | Fate::Flying) { "╌" } else { "─" };
    ink.repeat(left, y, length, dash, hue);
    let head = match (fate, rightward) {
        (Fate::Lost, _) => "✗",
        (_, true) => "▸",
        (_, false) => "◂",
    };
    let head_style = if *fate == Fate::Lost { theme.bad } else { hue };
    // A lost frame ends in the middle of the wire.
    let reach = if *fate == Fate::Lost { length * 4 / 5 } else { length - 1 };
    let head_at = if rightward { left + reach } else { right - 1 - reach };
    if *fate == Fate::Lost {
        let (blank, count) = if rightward { (head_at, right - head_at) } else { (left, head_at + 1 - left) };
        ink.repeat(blank, y, count, " ", theme.rule);
    }
    ink.put(head_at, y, head, head_style);
    // The words stand on what was flown: a lost frame's on the piece before it ended.
    let (from, flown) = match (fate, rightward) {
        (Fate::Lost, true) => (left, head_at - left),
        (Fate::Lost, false) => (head_at + 1, right - head_at - 1),
        _ => (left + 1, length - 2),
    };
    let text = if *resent { format!(" ↻ {label} ") } else { format!(" {label} ") };
    let room = flown.saturating_sub(2);
    let width = width_of(&text).min(room);
    let style = if *fate == Fate::Ahead { theme.dim } else { theme.text };
    ink.put_within(from + (flown - width) / 2, y, width, &text, style);
}

fn mask(ink: &mut Ink, y: u16, rails: &Rails, look: &Look) {
    rails.lines(ink, y, true, look.theme.rule);
    if let (Some(left), Some(right)) = (rails.at.first(), rails.at.last()) {
        let room = right.saturating_sub(left + 1);
        ink.repeat(left + 1, y, room, "░", look.theme.rule);
        let text = format!(" {} ", look.say(Message::Hidden));
        let width = width_of(&text).min(room);
        ink.put_within(left + 1 + (room - width) / 2, y, width, &text, look.theme.dim);
    }
}

fn draw_legend(ink: &mut Ink, y: u16, look: &Look) {
    let theme = look.theme;
    let mut x = 1;
    for (sign, message) in [
        ("──", Message::LegendSent),
        ("╌╌", Message::LegendNotYet),
        ("✗", Message::LegendLost),
        ("↻", Message::LegendResent),
    ] {
        if x + width_of(sign) + width_of(look.say(message)) + 1 > ink.width() {
            return;
        }
        x = ink.put(x, y, sign, theme.text) + 1;
        x = ink.put(x, y, look.say(message), theme.dim) + 2;
    }
}
