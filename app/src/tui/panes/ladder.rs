//! The ladder: the sequence diagram of the run, growing as it is stepped.
//!
//! Marks: `──` past, `╌╌` to come or on the wire; `✗` a lost frame, its arrow ends there; `↻` it repeats an earlier one; `≠` other bytes
//! arrived than had left; `2x` it arrived twice; `◔` it arrived later than usual; `?` no answer has come to it; `▶` the row
//! of this moment; a name of a state on a host's line, a sock of that host entered it; `░` hidden until a question is answered.
//! In a replay the captured end stands beside 1.2.13 where there is room (`side_by_side`); else the sign that relates the two stands
//! before the captured number. Where a lane has room, window, length and segment size stand behind the words. The cursor starts at this moment and Enter jumps to its frame.

mod side_by_side;

use std::ops::Range;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n::Message;
use crate::picture::times::Times;
use crate::picture::{AtCapture, FrameFate, FrameMarks, Ladder, LadderRow, Picture, Source};
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::pane::{Content, Moves, PaneStyle, Panel, empty, panel, window};
use crate::tui::theme::Theme;

/// Draws the pane.
pub fn render(area: Rect, buffer: &mut Buffer, picture: &Picture, style: &PaneStyle) {
    let ladder = &picture.ladder;
    let numbers = if ladder.relative { Message::SequenceRelative } else { Message::SequenceAbsolute };
    let remark = style.tell(numbers);
    let inner = panel(area, buffer, &Panel { title: style.title, remark: &remark, ..Panel::default() }, style);
    let legend = u16::from(inner.height >= 9);
    let body = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + legend), ..inner };
    let cursor = selected(ladder, style.scroll);
    // A mask covers what has not happened: a frame that is on its way has left.
    let happened = ladder.rows.iter().rposition(has_happened).map_or(0, |last| last + 1);
    let shown = if ladder.masked { happened } else { ladder.rows.len() };
    let rows = shown + usize::from(ladder.masked);
    let first = window(rows, usize::from(body.height), cursor, 0);
    let seen = first..(first + usize::from(body.height)).min(shown);
    let columns = Columns::of(inner.width, ladder, seen, style.times);
    heading(&mut Canvas::new(buffer, inner), ladder, &columns, style);
    if ladder.rows.is_empty() {
        empty(body, buffer, style.say(Message::Quiet), style);
        return;
    }
    let mut canvas = Canvas::new(buffer, body);
    let caller = picture.hosts.get(picture.host).filter(|_| picture.source == Source::Live && !ladder.has_frames());
    for place in first..(first + usize::from(body.height)) {
        let y = cells(place - first);
        match ladder.rows.get(place) {
            _ if ladder.masked && place == shown => mask(&mut canvas, y, &columns, style),
            Some(row) if place < shown => {
                draw_row(&mut canvas, y, (ladder, place, row), &columns, style);
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
        LadderRow::Captured { ahead, .. } | LadderRow::State { ahead, .. } | LadderRow::Oops { ahead, .. } => !ahead,
    }
}

/// The row under the cursor: the present one, moved by how far the pane is scrolled.
#[must_use]
pub fn selected(ladder: &Ladder, scroll: i32) -> usize {
    let now = i64::try_from(ladder.now.min(ladder.rows.len().saturating_sub(1))).unwrap_or(0);
    let last = i64::try_from(ladder.rows.len().saturating_sub(1)).unwrap_or(0);
    usize::try_from((now + i64::from(scroll)).clamp(0, last)).unwrap_or(0)
}

/// How wide a pane is that has room for times.
const WITH_TIMES: u16 = 46;
/// Where times end that are not longer than usual.
const TIME_END: u16 = 9;

/// Where the vertical lines of the hosts stand.
struct Columns {
    /// Where times end; none where there is no room for them.
    time: Option<u16>,
    times: Times,
    /// Whether the captured end has a column of its own, the last.
    is_beside: bool,
    at: Vec<u16>,
}

impl Columns {
    fn of(width: u16, ladder: &Ladder, seen: Range<usize>, times: Times) -> Self {
        let is_beside = ladder.is_beside && width >= side_by_side::LEAST;
        let hosts = ladder.columns.len().max(2) + usize::from(is_beside);
        let longest = seen.filter_map(|place| time(ladder, place, times)).map(|time| width_of(&time)).max();
        let time = (width >= WITH_TIMES).then(|| TIME_END.max(longest.unwrap_or(0) + 1));
        // Beside a capture every frame is one of TCP.
        let left = time.map_or(4, |end| end + if is_beside { 3 } else { 6 });
        let right = width.saturating_sub(6).max(left + 1);
        let gaps = cells(hosts - 1).max(1);
        let at = (0..cells(hosts)).map(|host| left + (right - left) * host / gaps).collect();
        Self { time, times, is_beside, at }
    }

    fn lines(&self, canvas: &mut Canvas, y: u16, ahead: bool, text_style: Style) {
        for x in &self.at {
            canvas.put(*x, y, if ahead { "┆" } else { "│" }, text_style);
        }
    }
}

/// The time of the frame of a row: in milliseconds where it is that of a simulated wire, which has nothing finer to say since
/// its start.
fn time(ladder: &Ladder, place: usize, times: Times) -> Option<String> {
    match ladder.rows.get(place)? {
        LadderRow::Frame { fate: FrameFate::Ahead, at_capture: None, .. } => None,
        LadderRow::Frame { at_capture: None, .. }
            if times == Times::SinceStart || times == Times::OfDay && !ladder.clock.is_wall =>
        {
            let since = ladder.time_ns(place)?.saturating_sub(ladder.clock.start_ns);
            Some(format!("{:.3}", since as f64 / 1e9))
        }
        LadderRow::Frame { .. } | LadderRow::Captured { .. } => ladder.time(place, times),
        LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    }
}

fn heading(canvas: &mut Canvas, ladder: &Ladder, columns: &Columns, style: &PaneStyle) {
    let unit = match columns.times {
        Times::Delta => "Δ s",
        Times::OfDay if ladder.clock.is_wall => "UTC",
        Times::SinceStart | Times::OfDay => "",
    };
    if let Some(end) = columns.time {
        canvas.put_right(end, 0, unit, style.theme.dim);
    }
    let beside = columns.is_beside.then(|| side_by_side::names(ladder, style.lang));
    let names = beside.as_ref().map_or(ladder.columns.as_slice(), |names| names.as_slice());
    for (x, name) in columns.at.iter().zip(names) {
        // What stands over the times keeps its place.
        let least = columns.time.filter(|_| !unit.is_empty()).map_or(0, |end| end + 1);
        let from = x.saturating_sub(width_of(name) / 2).max(least);
        let from = from.min(canvas.width().saturating_sub(width_of(name)));
        canvas.put(from, 0, name, style.theme.strong);
    }
}

fn draw_row(
    canvas: &mut Canvas,
    y: u16,
    (ladder, place, row): (&Ladder, usize, &LadderRow),
    columns: &Columns,
    style: &PaneStyle,
) {
    let theme = style.theme;
    match row {
        LadderRow::State { host, name, ahead } => {
            let text_style = if *ahead { theme.dim } else { theme.text };
            on_host(canvas, y, (*host, name), *ahead, columns, (theme.rule, text_style));
        }
        LadderRow::Captured { .. } => draw_captured(canvas, y, (ladder, place, row), columns, style),
        LadderRow::Oops { host, ahead, .. } => {
            on_host(canvas, y, (*host, "✗ Oops"), *ahead, columns, (theme.rule, theme.bad));
        }
        LadderRow::Frame { number, layer, fate, at_capture, .. } => {
            let ahead = *fate == FrameFate::Ahead;
            columns.lines(canvas, y, ahead, theme.rule);
            let hue = if ahead { theme.dim } else { theme.layer(*layer) };
            if let Some(end) = columns.time {
                canvas.put_right(end, y, &time(ladder, place, columns.times).unwrap_or_default(), theme.dim);
                if !columns.is_beside {
                    canvas.put(end + 1, y, layer.tag(), hue);
                }
            }
            if place == ladder.now {
                canvas.put(0, y, "▶", theme.strong);
            }
            arrow(canvas, y, row, columns, hue, theme);
            beside(canvas, y, row, columns, hue, style);
            let number = numbered(*number, at_capture.as_ref(), columns.is_beside);
            canvas.put_right(canvas.width(), y, &number, theme.dim);
        }
    }
}

/// The number of a frame: that of the capture where it is in it, none where there is a capture and it is not in it; before it the
/// sign that relates them, unless that stands between the columns.
fn numbered(number: u64, at_capture: Option<&AtCapture>, is_beside: bool) -> String {
    match at_capture {
        None => format!("#{number}"),
        Some(AtCapture { number, sign, is_ghost, .. }) => {
            let number = number.map_or_else(String::new, |number| format!("#{number}"));
            let ghost = if *is_ghost && !is_beside { "◌" } else { "" };
            let sign = sign.filter(|_| !is_beside).map_or_else(String::new, |sign| sign.to_string());
            format!("{sign}{ghost}{number}")
        }
    }
}

/// The captured end's half of a row, where it has a column.
fn beside(canvas: &mut Canvas, y: u16, row: &LadderRow, columns: &Columns, hue: Style, style: &PaneStyle) {
    if let (true, [_, peer, captured, ..]) = (columns.is_beside, columns.at.as_slice()) {
        side_by_side::draw(canvas, y, row, (*peer, *captured), hue, style);
    }
}

/// A frame that only the capture has.
fn draw_captured(
    canvas: &mut Canvas,
    y: u16,
    (ladder, place, row): (&Ladder, usize, &LadderRow),
    columns: &Columns,
    style: &PaneStyle,
) {
    let (LadderRow::Captured { at_capture, ahead }, theme) = (row, style.theme) else { return };
    columns.lines(canvas, y, *ahead, theme.rule);
    if let Some(end) = columns.time {
        canvas.put_right(end, y, &time(ladder, place, columns.times).unwrap_or_default(), theme.dim);
    }
    if place == ladder.now {
        canvas.put(0, y, "▶", theme.strong);
    }
    beside(canvas, y, row, columns, theme.dim, style);
    if let ([own, peer, ..], false) = (columns.at.as_slice(), columns.is_beside) {
        let room = peer.saturating_sub(own + 1);
        canvas.repeat(own + 1, y, room, "┄", theme.dim);
        let text = format!(" {} ", at_capture.beside);
        let width = width_of(&text).min(room);
        canvas.put_within(own + 1 + (room - width) / 2, y, width, &text, theme.dim);
    }
    canvas.put_right(canvas.width(), y, &numbered(0, Some(at_capture), columns.is_beside), theme.dim);
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
    let LadderRow::Frame { from, to, label, fate, resent, more, marks, at_capture, .. } = row else { return };
    let is_inferred = *from == 1 && at_capture.as_ref().is_some_and(|told| told.is_ghost);
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
    let mut signs = signs(*resent, *marks);
    if is_inferred {
        signs = format!("{signs} ◌").trim_start().to_owned();
    }
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
            LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. } => false,
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
    let lines = [("──", Message::LegendSent), ("╌╌", Message::LegendNotYet)].into_iter();
    let entries: Vec<(&str, &str)> = if ladder.is_beside {
        side_by_side::legend(ladder, style.lang)
    } else {
        lines.chain(entries).map(|(sign, message)| (sign, style.say(message))).collect()
    };
    let mut x = 1;
    for (sign, words) in entries {
        if x + width_of(sign) + width_of(words) + 1 > canvas.width() {
            return;
        }
        x = canvas.put(x, y, sign, theme.text) + 1;
        x = canvas.put(x, y, words, theme.dim) + 2;
    }
}

fn text(picture: &Picture) -> Vec<String> {
    let rows = picture.ladder.rows.iter();
    rows.map(|row| match row {
        LadderRow::Frame { label, .. } => label.clone(),
        LadderRow::Captured { at_capture, .. } => at_capture.beside.clone(),
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
