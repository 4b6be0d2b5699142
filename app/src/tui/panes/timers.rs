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
    let form = Form::of(inner, timers);
    let each = form.rows();
    let bars = Bars::of(inner.width, form, timers);
    let mut canvas = Canvas::new(buffer, inner);
    let top = bars.as_ref().filter(|_| inner.height > each).map_or(0, |bars| scale(&mut canvas, bars, style));
    let room = usize::from((inner.height - top) / each);
    let first = window(timers.len(), room, style.selected, style.scroll);
    for (row, timer) in timers.iter().enumerate().skip(first).take(room) {
        let y = top + cells(row - first) * each;
        timer_row(&mut canvas, y, (timer, form), bars.as_ref().filter(|_| top > 0), style);
        if style.focused && row == style.selected {
            (y..y + each).for_each(|y| canvas.shade(0, y, inner.width, style.theme.selected));
        }
    }
}

/// How a timer is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Form {
    /// Its owner and its bar stand on a row below its function.
    is_narrow: bool,
    /// Who armed it stands on a row of its own, the last one.
    tells_arming: bool,
}

impl Form {
    /// As many rows for each as there is room for.
    fn of(inner: Rect, timers: &[Timer]) -> Self {
        let fits = |rows: usize| usize::from(inner.height) > timers.len() * rows;
        let is_narrow = inner.width < 72 && fits(2);
        let tells_arming = fits(2 + usize::from(is_narrow)) && timers.iter().any(|timer| timer.armed.is_some());
        Self { is_narrow, tells_arming }
    }

    fn rows(self) -> u16 {
        1 + u16::from(self.is_narrow) + u16::from(self.tells_arming)
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
    fn of(width: u16, form: Form, timers: &[Timer]) -> Option<Self> {
        let longest = timers.iter().map(|timer| timer.left).max().unwrap_or(0).max(10);
        if width >= 72 {
            Some(Self { at: width / 2, width: width / 2 - 11, longest })
        } else if form.is_narrow && width >= 30 {
            Some(Self { at: width / 2, width: width / 2 - 1, longest })
        } else {
            None
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

fn timer_row(canvas: &mut Canvas, y: u16, (timer, form): (&Timer, Form), bars: Option<&Bars>, style: &PaneStyle) {
    let theme = style.theme;
    let left = span_of_jiffies(timer.left);
    let right = canvas.width().saturating_sub(1);
    let mut end = right.saturating_sub(width_of(&left) + 1);
    if timer.changed {
        canvas.put(0, y, "*", theme.changed);
    }
    let second = y + u16::from(form.is_narrow);
    if let Some(bars) = bars {
        let full = bars.place(timer.left).max(1);
        canvas.repeat(bars.at, second, full, "▓", theme.dim);
        canvas.repeat(bars.at + full, second, bars.width.saturating_sub(full), "░", theme.rule);
        if !form.is_narrow {
            end = end.min(bars.at.saturating_sub(1));
        }
    }
    let x = canvas.put_within(2, y, end.saturating_sub(2), &timer.function, mark(timer.changed, style));
    if form.is_narrow {
        let end = bars.map_or(right, |bars| bars.at.saturating_sub(1));
        canvas.put_within(4, second, end.saturating_sub(4), &timer.owner, theme.dim);
    } else if x + 2 < end {
        canvas.put_within(x + 1, y, end.saturating_sub(x + 2), &timer.owner, theme.dim);
    }
    if let Some(armed) = timer.armed.filter(|_| form.tells_arming) {
        let span = timer.span.map_or_else(String::new, span_of_jiffies);
        let told = Message::TimerArmed.fill(style.lang, &[armed.function, &armed.step.to_string(), &span]);
        canvas.put_within(4, second + 1, right.saturating_sub(4), &told, theme.dim);
    }
    canvas.put_right(right, y, &left, theme.text);
}

fn text(picture: &Picture) -> Vec<String> {
    picture.timers.iter().map(|timer| format!("{} {}", timer.function, timer.owner)).collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content =
    Content { render, moves: Moves::Cursor, rows: |picture| picture.timers.len(), text: Some(text), cursor_of: None };
