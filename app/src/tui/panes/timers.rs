//! The timers that run, soonest first, each counting down, their bars on one common scale.
//!
//! Marks: `*` a timer that this step set; a bar, the time that is left, on the logarithmic scale of the line above: a bar twice as far
//! along is not twice the time. Behind the function stands whose timer it is and what for, then who armed it and at which step. `x`
//! lets the selected one fire now.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::i18n::Message;
use crate::picture::{Picture, Timer};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, mark, panel, span_of_jiffies, window};

/// Marks on the scale: jiffies, and what is written there.
const SCALE: [(u64, &str); 6] =
    [(1, "10 ms"), (10, "0.1 s"), (100, "1 s"), (1_000, "10 s"), (6_000, "1 min"), (60_000, "10 min")];

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let timers = &picture.timers;
    let count = Message::TimersCount.fill(style.lang, &[&timers.len().to_string()]);
    let inner = panel(area, buffer, &Panel { title: style.title, remark: &count, ..Panel::default() }, style);
    if timers.is_empty() {
        empty(inner, buffer, style.say(Message::NoTimer), style);
        return;
    }
    let is_wide = inner.width >= 72;
    // Narrow panes give a timer two rows where there are enough, and its bar a row of its own behind the owner's.
    let each: u16 = if !is_wide && usize::from(inner.height) > timers.len() * 2 { 2 } else { 1 };
    let bars = Bars::of(inner.width, is_wide, each, timers);
    let mut canvas = Canvas::new(buffer, inner);
    let top = bars.as_ref().filter(|_| inner.height > each).map_or(0, |bars| scale(&mut canvas, bars, style));
    let room = usize::from((inner.height - top) / each);
    let first = window(timers.len(), room, style.selected, style.scroll);
    for (row, timer) in timers.iter().enumerate().skip(first).take(room) {
        let y = top + cells(row - first) * each;
        timer_row(&mut canvas, y, (timer, each), bars.as_ref().filter(|_| top > 0), style);
        if style.focused && row == style.selected {
            (y..y + each).for_each(|y| canvas.shade(0, y, inner.width, style.theme.selected));
        }
    }
}

/// Where the bars stand, and the time at their right end.
struct Bars {
    at: u16,
    width: u16,
    longest: u64,
}

impl Bars {
    /// None where there is no room for them.
    fn of(width: u16, is_wide: bool, each: u16, timers: &[Timer]) -> Option<Self> {
        let longest = timers.iter().map(|timer| timer.left).max().unwrap_or(0).max(10);
        match (is_wide, each) {
            (true, _) => Some(Self { at: width / 2, width: width / 2 - 11, longest }),
            (false, 2) if width >= 30 => Some(Self { at: width / 2, width: width / 2 - 1, longest }),
            (false, _) => None,
        }
    }

    /// The place of a span of jiffies, in cells from the left end: on a logarithmic scale from one jiffy to the longest.
    fn place(&self, jiffies: u64) -> u16 {
        let share = (jiffies.max(1) as f64).ln() / (self.longest as f64).ln();
        // Both are positive and the share at most one, so that the cells fit.
        (share.clamp(0.0, 1.0) * f64::from(self.width)).round() as u16
    }
}

/// Writes the scale above the bars; gives the rows it takes.
fn scale(canvas: &mut Canvas, bars: &Bars, style: &PaneStyle) -> u16 {
    let mut free = bars.at;
    for (jiffies, words) in SCALE {
        let at = bars.at + bars.place(jiffies);
        let from = at.saturating_sub(if jiffies == 1 { 0 } else { width_of(words) });
        if jiffies <= bars.longest && from >= free {
            free = canvas.put(from, 0, words, style.theme.dim) + 1;
        }
    }
    1
}

fn timer_row(canvas: &mut Canvas, y: u16, (timer, each): (&Timer, u16), bars: Option<&Bars>, style: &PaneStyle) {
    let theme = style.theme;
    let left = span_of_jiffies(timer.left);
    let right = canvas.width().saturating_sub(1);
    let mut end = right.saturating_sub(width_of(&left) + 1);
    if timer.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    if let Some(bars) = bars {
        let y = y + each - 1;
        let full = bars.place(timer.left).max(1);
        canvas.repeat(bars.at, y, full, "▓", theme.dim);
        canvas.repeat(bars.at + full, y, bars.width.saturating_sub(full), "░", theme.rule);
        if each == 1 {
            end = end.min(bars.at.saturating_sub(1));
        }
    }
    let x = canvas.put_within(2, y, end.saturating_sub(2), &timer.function, mark(timer.changed, style));
    let armed =
        timer.armed.map(|armed| Message::TimerArmed.fill(style.lang, &[armed.function, &armed.step.to_string()]));
    if each == 2 {
        let end = bars.map_or(right, |bars| bars.at.saturating_sub(1));
        canvas.put_within(4, y + 1, end.saturating_sub(4), &timer.owner, theme.dim);
        if let Some(armed) = armed.filter(|armed| x + 1 + width_of(armed) < right.saturating_sub(width_of(&left))) {
            canvas.put(x + 1, y, &armed, theme.dim);
        }
    } else if x + 2 < end {
        let x = canvas.put_within(x + 1, y, end.saturating_sub(x + 2), &timer.owner, theme.dim);
        if let Some(armed) = armed.filter(|armed| x + 1 + width_of(armed) < end) {
            canvas.put(x + 1, y, &armed, theme.dim);
        }
    }
    canvas.put_right(right, y, &left, theme.text);
}

fn text(picture: &Picture) -> Vec<String> {
    picture.timers.iter().map(|timer| format!("{} {}", timer.function, timer.owner)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.timers.len(), text: Some(text), cursor_of: None };
