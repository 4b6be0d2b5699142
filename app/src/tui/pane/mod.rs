//! What a pane is: a pure function from a [`Picture`] and a [`PaneStyle`] to cells.
//!
//! A pane keeps nothing: where it is scrolled and what is selected in it belongs to the person and lies in
//! [`UiState`](super::ui_state::UiState); what it shows belongs to the moment and lies in the picture. So the same moment gives
//! the same cells, in the terminal, in a picture of it and in a film. Which panes there are is the table of
//! [`panes`](super::panes); each of its files ends in one [`Content`]. In this folder stand the means all panes draw with
//! (border, bars, windows of rows) and the parts of the screen that are no panes: the lines that frame it, the timeline, the home
//! screen, what is laid over.
//!
//! # Compromises
//!
//! * A pane does not know how much of it was seen: how far it can be scrolled is said in rows of its data
//!   ([`Content::rows`]), not of the screen, so that at the end of a long text the last presses may move nothing.
//! * A pane cannot ask for room: the layout gives it a rectangle by the size of the screen alone (the lesson, which says how many
//!   rows it wants, is the one exception). It draws what fits, the most useful first.
//! * The mouse is answered by drawing rules repeated backwards (`byte_at`, `step_at`): a pane that is clicked *into* exports
//!   such a function beside its drawing.
//! * Nothing is remembered from one frame to the next: every frame draws every pane anew.

pub mod bars;
pub mod captures;
pub mod card;
pub mod comparison;
pub mod frame_form;
pub mod go;
pub mod home;
pub mod list;
pub mod overlay;
pub mod proc_net;
pub mod reading;
pub mod side;
pub mod skb;
pub mod stop_prompt;
pub mod timeline;
pub mod typing;
pub mod why;

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::canvas::{Canvas, cells, width_of};
use super::keys::Keymap;
use super::theme::Theme;
use crate::i18n::{Lang, Message};
use crate::picture::Pane;
use crate::picture::Picture;
use crate::picture::times::Times;

/// How one moves in a pane.
#[derive(Clone, Copy, Debug)]
pub enum Moves {
    /// Up and down choose a row; the pane keeps the chosen one in sight.
    Cursor,
    /// Up and down scroll away from the row where the pane stands by itself, which follows time. The function names that row.
    Page(fn(&Picture) -> usize),
}

/// What is in a pane: each file of `panes/` ends in one of these, its row in the table names it.
#[derive(Clone, Copy)]
pub struct Content {
    /// Draws it into a rectangle, border included.
    pub render: fn(Rect, &mut Buffer, &Picture, &PaneStyle),
    /// How one moves in it.
    pub moves: Moves,
    /// How many rows one can move over at this moment.
    pub rows: fn(&Picture) -> usize,
    /// The text of each of these rows, where it can be searched.
    pub text: Option<fn(&Picture) -> Vec<String>>,
    /// The pane whose cursor it shares, where it has none of its own.
    pub cursor_of: Option<Pane>,
}

/// How a pane is looked at: nothing in here belongs to the run. Made by `UiState::style` from the table of panes and from what the
/// person has arranged.
#[derive(Clone, Copy, Debug)]
pub struct PaneStyle<'a> {
    /// The colours.
    pub theme: &'a Theme,
    /// The keys of every action.
    pub keys: &'a Keymap,
    /// The language.
    pub lang: Lang,
    /// The title of the pane in that language.
    pub title: &'static str,
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
    /// How the times of frames are told.
    pub times: Times,
}

impl PaneStyle<'_> {
    /// A message in the language of the screen.
    #[must_use]
    pub fn say(&self, message: Message) -> &'static str {
        message.text(self.lang)
    }

    /// The same where it names keys: those that the actions have now.
    #[must_use]
    pub fn tell(&self, message: Message) -> Cow<'static, str> {
        self.keys.named_in(message.text(self.lang))
    }

    /// The style of the selected row: reversed only while the pane has the focus.
    #[must_use]
    pub fn pick(&self, row: usize, text_style: Style) -> Style {
        if self.focused && row == self.selected { text_style.patch(self.theme.selected) } else { text_style }
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

/// The title of a pane that shows the call of the acting host: with that host's name where another one is looked at, so that
/// nobody takes the call for that one's.
#[must_use]
pub fn title_of_call(picture: &Picture, style: &PaneStyle) -> String {
    match stranger(picture) {
        Some(name) => format!("{} · {}", style.title, Message::HostRuns.fill(style.lang, &[name])),
        None => style.title.to_owned(),
    }
}

/// The name of the acting host where it is not the one that is looked at.
#[must_use]
pub fn stranger(picture: &Picture) -> Option<&str> {
    let acting = picture.hosts.get(picture.acting)?;
    (picture.acting != picture.host).then_some(acting.name.as_str())
}

/// Draws the border of a pane, heavy when it has the focus, and returns the room inside.
pub fn panel(area: Rect, buffer: &mut Buffer, panel: &Panel, style: &PaneStyle) -> Rect {
    let mut canvas = Canvas::new(buffer, area);
    let (width, height) = (canvas.width(), canvas.height());
    if width < 2 || height < 2 {
        return Rect { width: 0, height: 0, ..area };
    }
    let theme = style.theme;
    let line = if style.focused { theme.focus } else { theme.rule };
    let [top_left, top_right, bottom_left, bottom_right, across, down] = if style.focused {
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
    let name = if style.focused { theme.focus } else { theme.text };
    if let Some(digit) = style.digit {
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

/// The style of a value: marked where this step changed it (a `*` stands beside it as well).
#[must_use]
pub fn mark(changed: bool, style: &PaneStyle) -> Style {
    if changed { style.theme.changed } else { style.theme.text }
}

/// A sentence for a pane that has nothing to show.
pub fn empty(area: Rect, buffer: &mut Buffer, text: &str, style: &PaneStyle) {
    let mut canvas = Canvas::new(buffer, area);
    for (row, line) in super::canvas::wrap(text, area.width.saturating_sub(2)).iter().enumerate() {
        canvas.put(1, cells(row), line, style.theme.dim);
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
