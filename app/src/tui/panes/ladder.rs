//! The ladder: the sequence diagram of the run, growing as it is stepped.
//!
//! Marks: `──` past, `╌╌` to come or on the wire; `✗` a lost frame, its arrow ends there; `↻` it repeats an earlier one; `≠` other bytes
//! arrived than had left; `2x` it arrived twice; `◔` it arrived later than usual; `?` no answer has come to it; `▶` the row
//! of this moment; a name of a state on a host's line, a sock of that host entered it; `░` hidden until a question is answered.
//! Where a lane has room, window, length and segment size stand behind the words. The cursor starts at this moment and Enter jumps to its frame.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n::Message;
use crate::picture::{FrameFate, FrameMarks, Ladder, LadderRow, Picture, Source};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};
use crate::tui::theme::Theme;

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let ladder = &picture.ladder;
    let numbers = if ladder.relative { Message::SequenceRelative } else { Message::SequenceAbsolute };
    let remark = style.tell(numbers);
    let inner = panel(area, buffer, &Panel { title: style.title, remark: &remark, ..Panel::default() }, style);
    let columns = Columns::of(inner.width, ladder.columns.len());
    let mut canvas = Canvas::new(buffer, inner);
    heading(&mut canvas, ladder, &columns, style);
    let legend = u16::from(inner.height >= 9);
    let body = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + legend), ..inner };
    if ladder.rows.is_empty() {
        empty(body, buffer, style.say(Message::Quiet), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, body);
    let cursor = selected(ladder, style.scroll);
    // A mask covers what has not happened: a frame that is on its way has left.
    let happened = ladder.rows.iter().rposition(has_happened).map_or(0, |last| last + 1);
    let shown = if ladder.masked { happened } else { ladder.rows.len() };
    let rows = shown + usize::from(ladder.masked);
    let first = window(rows, usize::from(body.height), cursor, 0);
    let caller = picture.hosts.get(picture.host).filter(|_| picture.source == Source::Live && !ladder.has_frames());
    for place in first..(first + usize::from(body.height)) {
        let y = cells(place - first);
        match ladder.rows.get(place) {
            _ if ladder.masked && place == shown => mask(&mut canvas, y, &columns, style),
            Some(row) if place < shown => {
                draw_row(&mut canvas, y, row, place == ladder.now, &columns, style);
                if style.focused && place == cursor {
                    canvas.shade(0, y, body.width, style.theme.running);
                }
            }
            _ if caller.is_some() => {}
            _ => columns.lines(&mut canvas, y, true, style.theme.rule),
        }
    }
    if let Some(host) = caller {
        // Nobody has called yet: how it is done stands below what the host has done by itself.
        let above = cells(shown - first + 1).min(body.height);
        let below = Rect { y: body.y + above, height: body.height - above, ..body };
        empty(below, buffer, &Message::LiveQuiet.fill(style.lang, &[&host.address]), style);
    }
    if legend > 0 {
        let mut canvas = Canvas::new(buffer, inner);
        draw_legend(&mut canvas, inner.height - 1, ladder, style);
    }
}

fn has_happened(row: &LadderRow) -> bool {
    match row {
        LadderRow::Frame { fate, .. } => *fate != FrameFate::Ahead,
        LadderRow::State { ahead, .. } | LadderRow::Oops { ahead, .. } => !ahead,
    }
}

/// The row under the cursor: the present one, moved by how far the pane is scrolled.
#[must_use]
pub fn selected(ladder: &Ladder, scroll: i32) -> usize {
    let now = i64::try_from(ladder.now.min(ladder.rows.len().saturating_sub(1))).unwrap_or(0);
    let last = i64::try_from(ladder.rows.len().saturating_sub(1)).unwrap_or(0);
    usize::try_from((now + i64::from(scroll)).clamp(0, last)).unwrap_or(0)
}

/// Where the vertical lines of the hosts stand.
struct Columns {
    time: bool,
    at: Vec<u16>,
}

impl Columns {
    fn of(width: u16, hosts: usize) -> Self {
        let hosts = hosts.max(2);
        let time = width >= 46;
        let left = if time { 15 } else { 4 };
        let right = width.saturating_sub(6).max(left + 1);
        let gaps = cells(hosts - 1).max(1);
        let at = (0..cells(hosts)).map(|host| left + (right - left) * host / gaps).collect();
        Self { time, at }
    }

    fn lines(&self, canvas: &mut Canvas, y: u16, ahead: bool, text_style: Style) {
        for x in &self.at {
            canvas.put(*x, y, if ahead { "┆" } else { "│" }, text_style);
        }
    }
}

fn heading(canvas: &mut Canvas, ladder: &Ladder, columns: &Columns, style: &PaneStyle) {
    for (x, name) in columns.at.iter().zip(&ladder.columns) {
        let from = x.saturating_sub(width_of(name) / 2);
        let from = from.min(canvas.width().saturating_sub(width_of(name)));
        canvas.put(from, 0, name, style.theme.strong);
    }
}

fn draw_row(canvas: &mut Canvas, y: u16, row: &LadderRow, now: bool, columns: &Columns, style: &PaneStyle) {
    let theme = style.theme;
    match row {
        LadderRow::State { host, name, ahead } => {
            let text_style = if *ahead { theme.dim } else { theme.text };
            on_host(canvas, y, (*host, name), *ahead, columns, (theme.rule, text_style));
        }
        LadderRow::Oops { host, ahead, .. } => {
            on_host(canvas, y, (*host, "✗ Oops"), *ahead, columns, (theme.rule, theme.bad));
        }
        LadderRow::Frame { number, microseconds, layer, fate, .. } => {
            let ahead = *fate == FrameFate::Ahead;
            columns.lines(canvas, y, ahead, theme.rule);
            let hue = if ahead { theme.dim } else { theme.layer(*layer) };
            if columns.time {
                if !ahead {
                    canvas.put_right(9, y, &format!("{:.3}", *microseconds as f64 / 1e6), theme.dim);
                }
                canvas.put(10, y, layer.tag(), hue);
            }
            if now {
                canvas.put(0, y, "▶", theme.strong);
            }
            arrow(canvas, y, row, columns, hue, theme);
            canvas.put_right(canvas.width(), y, &format!("#{number}"), theme.dim);
        }
    }
}

/// Words on the line of a host.
fn on_host(
    canvas: &mut Canvas,
    y: u16,
    (host, words): (usize, &str),
    ahead: bool,
    columns: &Columns,
    (rule, text_style): (Style, Style),
) {
    columns.lines(canvas, y, ahead, rule);
    if let Some(x) = columns.at.get(host) {
        let from = x.saturating_sub(width_of(words) / 2);
        let from = from.min(canvas.width().saturating_sub(width_of(words)));
        canvas.put(from, y, words, text_style);
    }
}

fn arrow(canvas: &mut Canvas, y: u16, row: &LadderRow, columns: &Columns, hue: Style, theme: &Theme) {
    let LadderRow::Frame { from, to, label, fate, resent, more, marks, .. } = row else { return };
    let (Some(start), Some(end)) = (columns.at.get(*from), columns.at.get(*to)) else { return };
    let (left, right) = ((*start).min(*end) + 1, (*start).max(*end));
    let length = right.saturating_sub(left);
    if length < 2 {
        return;
    }
    let rightward = end > start;
    let dash = if matches!(fate, FrameFate::Ahead | FrameFate::Flying) { "╌" } else { "─" };
    canvas.repeat(left, y, length, dash, hue);
    let head = match (fate, rightward) {
        (FrameFate::Lost, _) => "✗",
        (_, true) => "▸",
        (_, false) => "◂",
    };
    let head_style = if *fate == FrameFate::Lost { theme.bad } else { hue };
    // A lost frame ends in the middle of the wire.
    let reach = if *fate == FrameFate::Lost { length * 4 / 5 } else { length - 1 };
    let head_at = if rightward { left + reach } else { right - 1 - reach };
    if *fate == FrameFate::Lost {
        let (blank, count) = if rightward { (head_at, right - head_at) } else { (left, head_at + 1 - left) };
        canvas.repeat(blank, y, count, " ", theme.rule);
    }
    canvas.put(head_at, y, head, head_style);
    // The words stand on what was flown: a lost frame's on the piece before it ended.
    let (from, flown) = match (fate, rightward) {
        (FrameFate::Lost, true) => (left, head_at - left),
        (FrameFate::Lost, false) => (head_at + 1, right - head_at - 1),
        _ => (left + 1, length - 2),
    };
    let signs = signs(*resent, *marks);
    let text = if signs.is_empty() { format!(" {label} ") } else { format!(" {signs} {label} ") };
    let room = flown.saturating_sub(2);
    let told = width_of(&text);
    let extra = if more.is_empty() { 0 } else { width_of(more) + 1 };
    // What is not the news stands behind it, where the lane leaves room for all of it and for some of the arrow.
    let has_room = extra > 0 && told + extra + 6 <= room;
    let width = if has_room { told + extra } else { told.min(room) };
    let text_style = if *fate == FrameFate::Ahead { theme.dim } else { theme.text };
    let at = from + (flown - width) / 2;
    let x = canvas.put_within(at, y, width, &text, text_style);
    if has_room {
        canvas.put(x, y, &format!("{more} "), theme.dim);
    }
    if !signs.is_empty() && told <= room {
        canvas.put(at + 1, y, &signs, if *fate == FrameFate::Ahead { theme.dim } else { theme.bad });
    }
}

/// What befell a frame, in signs.
fn signs(resent: bool, marks: FrameMarks) -> String {
    let signs = [
        (resent, "↻"),
        (marks.corrupted, "≠"),
        (marks.duplicated, "2x"),
        (marks.delayed, "◔"),
        (marks.unanswered, "?"),
    ];
    let signs = signs.into_iter().filter(|(is_so, _)| *is_so).map(|(_, sign)| sign);
    signs.collect::<Vec<_>>().join(" ")
}

fn mask(canvas: &mut Canvas, y: u16, columns: &Columns, style: &PaneStyle) {
    columns.lines(canvas, y, true, style.theme.rule);
    if let (Some(left), Some(right)) = (columns.at.first(), columns.at.last()) {
        let room = right.saturating_sub(left + 1);
        canvas.repeat(left + 1, y, room, "░", style.theme.rule);
        let text = format!(" {} ", style.say(Message::Hidden));
        let width = width_of(&text).min(room);
        canvas.put_within(left + 1 + (room - width) / 2, y, width, &text, style.theme.dim);
    }
}

/// The signs that stand in this ladder before those that do not, so that a narrow pane explains what it shows.
fn draw_legend(canvas: &mut Canvas, y: u16, ladder: &Ladder, style: &PaneStyle) {
    let theme = style.theme;
    let occurs = |sign: &str| {
        ladder.rows.iter().any(|row| match row {
            LadderRow::Frame { fate, resent, marks, .. } => {
                *fate == FrameFate::Lost && sign == "✗" || signs(*resent, *marks).split(' ').any(|other| other == sign)
            }
            LadderRow::State { .. } | LadderRow::Oops { .. } => false,
        })
    };
    let mut entries = [
        ("✗", Message::LegendLost),
        ("↻", Message::LegendResent),
        ("≠", Message::LegendCorrupted),
        ("2x", Message::LegendTwice),
        ("◔", Message::LegendLate),
        ("?", Message::LegendUnanswered),
    ];
    entries.sort_by_key(|(sign, _)| !occurs(sign));
    let mut x = 1;
    for (sign, message) in [("──", Message::LegendSent), ("╌╌", Message::LegendNotYet)].into_iter().chain(entries)
    {
        if x + width_of(sign) + width_of(style.say(message)) + 1 > canvas.width() {
            return;
        }
        x = canvas.put(x, y, sign, theme.text) + 1;
        x = canvas.put(x, y, style.say(message), theme.dim) + 2;
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let rows = picture.ladder.rows.iter();
    rows.map(|row| match row {
        LadderRow::Frame { label, .. } => label.clone(),
        LadderRow::State { name, .. } => name.clone(),
        LadderRow::Oops { story, .. } => format!("Oops: {story}"),
    })
    .collect()
}

/// What the table of panes knows of this one.
pub const CONTENT: Content = Content {
    render,
    moves: Moves::Page(|picture| picture.ladder.now),
    rows: |picture| picture.ladder.rows.len(),
    text: Some(text),
    cursor_of: None,
};
