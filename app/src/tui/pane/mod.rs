//! The panes: pure functions from plain data to cells.
//!
//! Each room draws one pane from its part of a [`Picture`](crate::picture::Picture) and from a [`PaneStyle`], and keeps nothing.

pub mod arp;
pub mod bars;
pub mod bytes;
pub mod code;
pub mod frame;
pub mod home;
pub mod ladder;
pub mod lesson;
pub mod overlay;
pub mod path;
pub mod proc_net;
pub mod queues;
pub mod sock;
pub mod stack;
pub mod state;
pub mod timeline;
pub mod timers;
pub mod typing;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, cells, width_of};
use super::theme::Theme;
use crate::i18n::{Lang, Message};

/// How a pane is looked at: nothing in here belongs to the run.
#[derive(Clone, Copy, Debug)]
pub struct PaneStyle<'a> {
    /// The colours.
    pub theme: &'a Theme,
    /// The language.
    pub lang: Lang,
    /// Whether the pane has the focus.
    pub focused: bool,
    /// The digit that focuses it.
    pub digit: Option<char>,
    /// Rows (or, in the code, lines) scrolled away from where the pane would stand by itself.
    pub scroll: i32,
    /// Columns scrolled to the right.
    pub shift: u16,
    /// The selected row.
    pub selected: usize,
}

impl PaneStyle<'_> {
    /// A message in the language of the screen.
    #[must_use]
    pub fn say(&self, message: Message) -> &'static str {
        message.text(self.lang)
    }

    /// The style of the selected row: reversed only while the pane has the focus.
    #[must_use]
    pub fn pick(&self, row: usize, style: Style) -> Style {
        if self.focused && row == self.selected { style.patch(self.theme.selected) } else { style }
    }
}

/// What stands on the border of a pane.
#[derive(Clone, Debug, Default)]
pub struct Panel<'a> {
    /// The name of the pane.
    pub title: &'a str,
    /// What it shows at present.
    pub subject: &'a str,
    /// A remark at the right of the upper border.
    pub remark: &'a str,
    /// A remark in the lower border.
    pub foot: &'a str,
}

/// Draws the border of a pane, heavy when it has the focus, and returns the room inside.
pub fn panel(area: Rect, buffer: &mut Buffer, panel: &Panel, look: &PaneStyle) -> Rect {
    let mut canvas = Canvas::new(buffer, area);
    let (width, height) = (canvas.width(), canvas.height());
    if width < 2 || height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let theme = look.theme;
    let line = if look.focused { theme.focus } else { theme.rule };
    let [top_left, top_right, bottom_left, bottom_right, across, down] = if look.focused {
        ["┏", "┓", "┗", "┛", "━", "┃"]
    } else {
        ["╭", "╮", "╰", "╯", "─", "│"]
    };
    let (right, bottom) = (width - 1, height - 1);
    canvas.repeat(1, 0, width - 2, across, line);
    canvas.repeat(1, bottom, width - 2, across, line);
    for y in 1..bottom {
        canvas.put(0, y, down, line);
        canvas.put(right, y, down, line);
    }
    for (x, y, corner) in
        [(0, 0, top_left), (right, 0, top_right), (0, bottom, bottom_left), (right, bottom, bottom_right)]
    {
        canvas.put(x, y, corner, line);
    }
    let mut x = 2;
    let name = if look.focused { theme.focus } else { theme.text };
    if let Some(digit) = look.digit {
        x = canvas.put_within(x, 0, right.saturating_sub(x), &format!(" {digit}"), theme.dim);
    }
    x = canvas.put_within(x, 0, right.saturating_sub(x), &format!(" {} ", panel.title), name);
    if !panel.subject.is_empty() {
        x = canvas.put_within(x, 0, right.saturating_sub(x), &format!("{} ", panel.subject), theme.dim);
    }
    let remark = width_of(panel.remark);
    if remark > 0 && x + remark + 4 <= width {
        canvas.put_right(right - 1, 0, &format!(" {} ", panel.remark), theme.dim);
    }
    let foot = width_of(panel.foot);
    if foot > 0 && foot + 6 <= width {
        canvas.put_right(right - 1, bottom, &format!(" {} ", panel.foot), theme.dim);
    }
    Rect::new(area.x + 1, area.y + 1, width - 2, height - 2)
}

/// A sentence for a pane that has nothing to show.
pub fn empty(area: Rect, buffer: &mut Buffer, text: &str, look: &PaneStyle) {
    let mut canvas = Canvas::new(buffer, area);
    for (row, line) in super::canvas::wrap(text, area.width.saturating_sub(2)).iter().enumerate() {
        canvas.put(1, cells(row), line, look.theme.dim);
    }
}

/// The first row to draw so that `focus` stays in sight, when `count` rows are shown in `room`.
#[must_use]
pub fn window(count: usize, room: usize, focus: usize, scroll: i32) -> usize {
    let last = count.saturating_sub(room);
    let centred = focus.saturating_sub(room / 2).min(last);
    let moved = i64::try_from(centred).unwrap_or(0) + i64::from(scroll);
    usize::try_from(moved.max(0)).unwrap_or(0).min(last)
}

/// A bar of `width` cells, `part` of `whole` full.
#[must_use]
pub fn bar(part: u64, whole: u64, width: u16) -> String {
    let full = (u64::from(width) * part.min(whole)).checked_div(whole).unwrap_or(0);
    (0..u64::from(width)).map(|cell| if cell < full { '▓' } else { '░' }).collect()
}

/// Jiffies as a span of time a person reads: `3.00 s`, `9 min 57 s`, `2 h 5 min`.
#[must_use]
pub fn span_of_jiffies(jiffies: u64) -> String {
    span_of_microseconds(jiffies.saturating_mul(10_000))
}

/// Microseconds as a span of time a person reads.
#[must_use]
pub fn span_of_microseconds(microseconds: u64) -> String {
    let (milliseconds, seconds) = (microseconds / 1000, microseconds / 1_000_000);
    match seconds {
        0 if milliseconds == 0 => format!("{microseconds} µs"),
        0 => format!("{milliseconds} ms"),
        1..=99 => format!("{seconds}.{:02} s", milliseconds % 1000 / 10),
        100..=7199 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}
