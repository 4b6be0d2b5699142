//! The table of connections of a capture: rows in columns, as many as there is room for, and below them everything about the one
//! under the cursor.
//!
//! ```text
//! sockscope  many.pcap                       305 frames · 4 connections   en
//! ┏ Connections ━ port 80 ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 3 of 4 ┓
//! ┃ no.▴ client          server         frames  bytes  lasted ended oddities┃
//! ┃▸  1  10.8.0.1:49354  10.8.0.2:80       305   287k   1.234 FIN both retr:3┃
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ left out: 4 ARP, 6 UDP ┛
//! ╭ Connection 1 ────────────────────────────────────────────────────────────╮
//! │ its ends, and on a high screen its first frames with the reason of each  │
//! ╰──────────────────────────────────────────────────────────────────────────╯
//! a message
//! keys
//! ```
//!
//! Marks: `▸` the connection under the cursor, `▴` `▾` the column that orders the rows and which way.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{PaneStyle, Panel, bars, empty, panel, window};
use crate::capture::filter::vocabulary;
use crate::capture::index::column::{Column, short};
use crate::capture::index::flow::{Flow, Side};
use crate::capture::observe::Observation;
use crate::capture::observe::listing::{segment, why};
use crate::capture::observe::seen::Side as End;
use crate::capture::seconds;
use crate::i18n::{Lang, Message, Words};
use crate::session::captures::CaptureTable;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::hints::Hint;
use crate::tui::ui_state::Progress;

/// A screen as wide as this says numbers in full.
const WIDE: u16 = 120;
/// Lines about the connection under the cursor.
const DETAIL: u16 = 3;
/// How many frames of its beginning a screen with at least so many lines shows.
const BEGINNING: [(u16, u16); 2] = [(44, 16), (34, 8)];
/// Lines about the words of a filter, where there is room for what each means.
const WORDS: u16 = 6;
/// The columns in the order in which they get room.
const FIRST: [Column; 11] = [
    Column::Number,
    Column::Client,
    Column::Server,
    Column::Frames,
    Column::Bytes,
    Column::Oddities,
    Column::Ended,
    Column::Duration,
    Column::Began,
    Column::Start,
    Column::Data,
];
/// The least room in which oddities can be read.
const ODDITIES: u16 = 14;
/// Room in which the drawing of when connections were there tells something, and the most of it.
const WHEN: (u16, u16) = (16, 48);

/// The parts of the screen.
struct Places {
    title: Rect,
    /// The border around the rows.
    list: Rect,
    /// The border around what is said of one connection.
    detail: Rect,
    message: Rect,
    footer: Rect,
}

impl Places {
    fn of(area: Rect, is_typing: bool) -> Self {
        let line = |y: u16| Rect { y: area.y + y.min(area.height), height: u16::from(y < area.height), ..area };
        let footer = line(area.height.saturating_sub(1));
        let message = line(area.height.saturating_sub(2).max(1));
        let middle = area.height.saturating_sub(3);
        let lines = match beginning(area) {
            0 => DETAIL,
            frames => DETAIL + 1 + cells(frames),
        };
        let lines = if is_typing && is_roomy(area) { lines.max(WORDS) } else { lines };
        let detail = if middle >= lines + 7 { lines + 2 } else { 0 };
        let list = Rect { y: area.y + 1.min(area.height), height: middle - detail, ..area };
        let detail = Rect { y: list.bottom(), height: detail, ..area };
        Self { title: line(0), list, detail, message, footer }
    }

    /// Where the rows stand.
    fn rows(&self) -> Rect {
        Rect {
            x: self.list.x + 1,
            y: self.list.y + 2,
            width: self.list.width.saturating_sub(2),
            height: self.list.height.saturating_sub(3),
        }
    }
}

/// Whether the words of a filter stand beside what they mean.
fn is_roomy(area: Rect) -> bool {
    area.width >= 140 && area.height >= 40
}

/// One column on the screen.
struct Lane {
    column: Column,
    x: u16,
    width: u16,
}

/// The columns that have room, and the first column and width of the drawing of when each connection was there.
struct Lanes {
    columns: Vec<Lane>,
    when: Option<(u16, u16)>,
}

/// What stands at a place of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CapturesHit {
    /// A row.
    Row(usize),
    /// The heading of a column.
    Heading(Column),
    /// The line of the keys.
    Footer,
    /// Nothing that could be clicked.
    Nothing,
}

/// What stands at a place of the screen, for the mouse.
#[must_use]
pub fn hit(area: Rect, at: Position, table: &CaptureTable, lang: Lang) -> CapturesHit {
    let places = Places::of(area, false);
    let rows = places.rows();
    if places.footer.contains(at) {
        return CapturesHit::Footer;
    }
    if rows.contains(at) {
        let row = first_row(rows, table) + usize::from(at.y - rows.y);
        return if row < table.count() { CapturesHit::Row(row) } else { CapturesHit::Nothing };
    }
    if at.y + 1 == rows.y {
        let lanes = lanes(rows, table, lang);
        let under = lanes.columns.iter().rev().find(|lane| rows.x + lane.x <= at.x);
        return under.map_or(CapturesHit::Nothing, |lane| CapturesHit::Heading(lane.column));
    }
    CapturesHit::Nothing
}

/// The line of the keys.
#[must_use]
pub fn footer(area: Rect) -> Rect {
    Places::of(area, false).footer
}

/// How many rows are shown.
#[must_use]
pub fn room(area: Rect) -> usize {
    usize::from(Places::of(area, false).rows().height)
}

/// How many frames of the beginning of the connection under the cursor are shown.
#[must_use]
pub fn beginning(area: Rect) -> usize {
    BEGINNING.iter().find(|(height, _)| area.height >= *height).map_or(0, |(_, frames)| usize::from(*frames))
}

fn first_row(rows: Rect, table: &CaptureTable) -> usize {
    window(table.count(), usize::from(rows.height), table.selected(), 0)
}

/// Draws the screen; while a filter is typed it says what can be typed.
pub fn render(
    area: Rect,
    buffer: &mut Buffer,
    table: &CaptureTable,
    (message, is_typing): (Option<&str>, bool),
    hints: &[Hint],
    style: &PaneStyle,
) {
    let places = Places::of(area, is_typing);
    title(places.title, buffer, table, style);
    list(&places, buffer, table, style);
    if is_typing {
        words(places.detail, buffer, is_roomy(area), style);
    } else {
        detail(places.detail, buffer, table, style);
    }
    let mut canvas = Canvas::new(buffer, places.message);
    let theme = style.theme;
    if let Some(complaint) = table.complaint() {
        canvas.put_within(1, 0, area.width.saturating_sub(2), &format!("✗ {}", complaint.text(style.lang)), theme.bad);
    } else if let Some(message) = message {
        let x = canvas.put(1, 0, "› ", theme.strong);
        canvas.put_within(x, 0, area.width.saturating_sub(x + 1), &style.keys.named_in(message), theme.strong);
    } else if let Some(remark) = remark(table, style.lang) {
        canvas.put_within(1, 0, area.width.saturating_sub(2), &remark, theme.dim);
    }
    match table.progress() {
        Some((done, of)) => {
            let label =
                Words { en: Message::CapturesReading.text(Lang::En), zh: Message::CapturesReading.text(Lang::Zh) };
            bars::progress(places.footer, buffer, &Progress { done, of, label }, style);
        }
        None => bars::footer(places.footer, buffer, hints, style),
    }
}

/// What a person should know of the file: that it is damaged, or that not all of it was read.
fn remark(table: &CaptureTable, lang: Lang) -> Option<String> {
    let index = table.index();
    if let Some(damage) = index.damage() {
        return Some(damage.remark(table.name()).into_text(lang));
    }
    let stopped = table.progress().is_none() && !index.is_whole();
    stopped.then(|| Message::CapturesStopped.fill(lang, &[&index.frames().to_string()]))
}

fn title(area: Rect, buffer: &mut Buffer, table: &CaptureTable, style: &PaneStyle) {
    let theme = style.theme;
    let mut canvas = Canvas::new(buffer, area);
    let index = table.index();
    let counts =
        Message::CapturesCounts.fill(style.lang, &[&index.frames().to_string(), &index.flows().len().to_string()]);
    let right = format!("{counts}   {}", style.lang.tag());
    let right_at = area.width.saturating_sub(width_of(&right) + 1);
    let x = canvas.put(1, 0, "sockscope", theme.strong) + 2;
    canvas.put_within(x, 0, right_at.saturating_sub(x + 1), table.name(), theme.text);
    canvas.put(right_at.max(x), 0, &right, theme.dim);
}

fn list(places: &Places, buffer: &mut Buffer, table: &CaptureTable, style: &PaneStyle) {
    let lang = style.lang;
    let all = table.index().flows().len();
    let count = match table.typed().trim() {
        "" => all.to_string(),
        _ => Message::CapturesOf.fill(lang, &[&table.count().to_string(), &all.to_string()]),
    };
    let left_out = left_out(table, lang);
    let shown = Panel {
        title: style.say(Message::CapturesTitle),
        subject: table.typed().trim(),
        remark: &count,
        foot: &left_out,
    };
    panel(places.list, buffer, &shown, style);
    let rows = places.rows();
    if table.count() == 0 {
        let nothing = match (table.progress().is_some(), all) {
            (true, _) => Message::CapturesReading,
            (false, 0) => Message::CapturesNone,
            (false, _) => Message::CapturesNoneFits,
        };
        empty(rows, buffer, &style.tell(nothing), style);
        return;
    }
    let lanes = lanes(rows, table, lang);
    headings(rows, buffer, &lanes, table, style);
    let first = first_row(rows, table);
    let mut canvas = Canvas::new(buffer, rows);
    for (y, flow) in table.shown(first, usize::from(rows.height)).enumerate() {
        let here = first + y == table.selected();
        row(&mut canvas, cells(y), flow, here, &lanes, table, style);
    }
}

/// What belongs to no connection, by kind, the most frequent first.
fn left_out(table: &CaptureTable, lang: Lang) -> String {
    let others = table.index().left_out(lang);
    if others.is_empty() {
        return String::new();
    }
    let list: Vec<String> = others.iter().take(4).map(|(count, kind)| format!("{} {kind}", short(*count))).collect();
    let more = if others.len() > list.len() { "…" } else { "" };
    Message::CapturesLeftOut.fill(lang, &[&(list.join(" · ") + more)])
}

fn headings(rows: Rect, buffer: &mut Buffer, lanes: &Lanes, table: &CaptureTable, style: &PaneStyle) {
    let theme = style.theme;
    let line = Rect { y: rows.y.saturating_sub(1), height: 1, ..rows };
    let mut canvas = Canvas::new(buffer, line);
    if let Some((x, width)) = lanes.when {
        let span = table.index().last_ns().saturating_sub(table.index().origin_ns());
        let text = Message::CapturesWhen.fill(style.lang, &[&format!("{:.3}", span as f64 / 1e9)]);
        canvas.put_within(x, 0, width, &text, theme.dim);
    }
    for lane in &lanes.columns {
        let is_order = table.order().column == lane.column;
        let mark = if table.order().is_reversed { "▾" } else { "▴" };
        let text = lane.column.heading().text(style.lang);
        let text = if is_order { format!("{text}{mark}") } else { text.to_owned() };
        let look = if is_order { theme.strong } else { theme.dim };
        let width = width_of(&text).min(lane.width);
        let x = if lane.column.is_number() { lane.x + lane.width - width } else { lane.x };
        canvas.put_within(x, 0, lane.width, &text, look);
    }
}

fn row(canvas: &mut Canvas, y: u16, flow: &Flow, here: bool, lanes: &Lanes, table: &CaptureTable, style: &PaneStyle) {
    let theme = style.theme;
    let is_short = canvas.width() < WIDE;
    if here {
        canvas.put(0, y, "▸", theme.strong);
    }
    if let Some((x, width)) = lanes.when {
        let (from, cells) = extent(flow, table, width);
        canvas.repeat(x, y, width, "┄", theme.rule);
        canvas.repeat(x + from, y, cells, "━", if here { theme.strong } else { theme.text });
    }
    for lane in &lanes.columns {
        let text = lane.column.text(flow, table.index().origin_ns(), is_short, style.lang);
        let look = match lane.column {
            Column::Oddities => theme.changed,
            Column::Began if !flow.has_syn() => theme.changed,
            _ if here => theme.strong,
            _ => theme.text,
        };
        let width = width_of(&text).min(lane.width);
        let x = if lane.column.is_number() { lane.x + lane.width - width } else { lane.x };
        canvas.put_within(x, y, lane.width, &text, look);
    }
    if here {
        canvas.shade(0, y, canvas.width(), theme.running);
    }
}

/// The cells in which a connection was there, of so many for the whole capture: the first, and how many.
fn extent(flow: &Flow, table: &CaptureTable, width: u16) -> (u16, u16) {
    let origin = table.index().origin_ns();
    let span = u128::from(table.index().last_ns().saturating_sub(origin)) + 1;
    let cell = |time_ns: u64| {
        let at = u128::from(time_ns.saturating_sub(origin)) * u128::from(width) / span;
        u16::try_from(at).unwrap_or(u16::MAX).min(width.saturating_sub(1))
    };
    let (from, to) = (cell(flow.start_ns), cell(flow.end_ns));
    (from, to.saturating_sub(from) + 1)
}

/// The columns that have room, from left to right: the one that orders the rows always; addresses take what the shown ones need.
fn lanes(rows: Rect, table: &CaptureTable, lang: Lang) -> Lanes {
    let is_short = rows.width < WIDE;
    let first = first_row(rows, table);
    let origin = table.index().origin_ns();
    let widest = |column: Column| {
        let heading = width_of(column.heading().text(lang)) + 1;
        let shown = table.shown(first, usize::from(rows.height));
        shown.map(|flow| width_of(&column.text(flow, origin, is_short, lang))).max().unwrap_or(0).max(heading)
    };
    let mut room = rows.width.saturating_sub(2);
    let mut chosen: Vec<(Column, u16)> = Vec::new();
    let order = table.order().column;
    let (ends, others) = FIRST.split_at(3);
    let others = others.iter().filter(|column| **column != order);
    let ordering = (!ends.contains(&order)).then_some(&order);
    for column in ends.iter().chain(ordering).chain(others).copied() {
        let width = match column {
            // They get what is left at the end.
            Column::Oddities => ODDITIES,
            _ => widest(column),
        };
        if width < room {
            chosen.push((column, width));
            room -= width + 1;
        }
    }
    chosen.sort_by_key(|(column, _)| *column);
    let gap = if is_short { 1 } else { 2 };
    let mut spare = room.saturating_sub(cells(chosen.len()) * (gap - 1));
    let gap = if spare > 0 { gap } else { 1 };
    let when = spare.saturating_sub(ODDITIES).min(WHEN.1);
    let when = if when >= WHEN.0 { when } else { 0 };
    spare -= when;
    let mut x = 2;
    let mut columns = Vec::new();
    for (column, width) in chosen {
        let width = if column == Column::Oddities { width + std::mem::take(&mut spare) } else { width };
        columns.push(Lane { column, x, width });
        x += width + gap;
    }
    Lanes { columns, when: (when > 0).then_some((x, when)) }
}

/// What is said of the connection under the cursor.
fn detail(area: Rect, buffer: &mut Buffer, table: &CaptureTable, style: &PaneStyle) {
    let Some(flow) = table.flow().filter(|_| area.height > 2) else { return };
    let number = flow.number.to_string();
    let title = Message::CapturesOne.fill(style.lang, &[&number]);
    let shown = Panel { title: &title, ..Panel::default() };
    let inner = panel(area, buffer, &shown, &PaneStyle { focused: false, ..*style });
    let mut canvas = Canvas::new(buffer, inner);
    for (y, line) in sentences(flow, style.lang).iter().enumerate() {
        canvas.put_within(1, cells(y), inner.width.saturating_sub(2), line, style.theme.text);
    }
    let rest = Rect { y: inner.y + DETAIL.min(inner.height), height: inner.height.saturating_sub(DETAIL), ..inner };
    if let Some(beginning) = table.beginning() {
        first_frames(rest, buffer, beginning, style);
    }
}

/// How a connection begins: a frame a line, and why it came.
fn first_frames(area: Rect, buffer: &mut Buffer, beginning: &Observation, style: &PaneStyle) {
    let (theme, lang) = (style.theme, style.lang);
    let mut canvas = Canvas::new(buffer, area);
    canvas.put_within(1, 0, area.width.saturating_sub(2), style.say(Message::CapturesBeginning), theme.dim);
    let ends = beginning.at(usize::MAX);
    for (y, observed) in (1..area.height).zip(beginning.frames()) {
        let seen = &observed.seen;
        let arrow = match seen.side {
            End::Client => "→",
            End::Server => "←",
        };
        canvas.put_right(8, y, &seen.frame.to_string(), theme.text);
        canvas.put_right(19, y, &seconds(seen.time_ns.saturating_sub(beginning.start_ns())), theme.dim);
        canvas.put(20, y, arrow, theme.text);
        let x = canvas.put_within(22, y, 48.min(area.width.saturating_sub(23)), &segment(seen, &ends), theme.text) + 2;
        let look = if observed.marks.is_usual() { theme.dim } else { theme.changed };
        canvas.put_within(x.max(64), y, area.width.saturating_sub(x.max(64) + 1), &why(observed.marks, lang), look);
    }
}

/// What a filter may say.
fn words(area: Rect, buffer: &mut Buffer, is_roomy: bool, style: &PaneStyle) {
    if area.height <= 2 {
        return;
    }
    let shown = Panel { title: style.say(Message::FilterWords), ..Panel::default() };
    let inner = panel(area, buffer, &shown, &PaneStyle { focused: false, ..*style });
    let mut canvas = Canvas::new(buffer, inner);
    let mut at = (1, 0);
    for (word, says) in vocabulary() {
        let says = if is_roomy { says.text(style.lang) } else { "" };
        let gap = u16::from(!says.is_empty());
        let width = width_of(word) + gap + width_of(says);
        if at.0 + width > inner.width {
            at = (1, at.1 + 1);
        }
        let x = canvas.put(at.0, at.1, word, style.theme.strong) + gap;
        at.0 = canvas.put(x, at.1, says, style.theme.dim) + 3;
    }
}

/// Everything about a connection: a line for each end, and one for the whole.
#[must_use]
pub fn sentences(flow: &Flow, lang: Lang) -> Vec<String> {
    let end = |message: Message, side: &Side| {
        let [frames, bytes, data] = [side.frames, side.bytes, side.data].map(|count| count.to_string());
        let mut line = message.fill(lang, &[&frames, &bytes, &data]);
        let gaps = u64::from(side.coverage.gaps());
        let oddities = [
            (Message::CapturesRetransmissions, u64::from(side.retransmissions)),
            (Message::CapturesReordered, u64::from(side.reordered)),
            (Message::CapturesZeroWindows, u64::from(side.zero_windows)),
            (Message::CapturesResets, u64::from(side.resets)),
        ];
        for (message, count) in oddities.into_iter().filter(|(_, count)| *count > 0) {
            line.push_str(&message.fill(lang, &[&count.to_string()]));
        }
        if gaps > 0 {
            let bytes = side.coverage.gap_bytes().to_string();
            line.push_str(&Message::CapturesGaps.fill(lang, &[&gaps.to_string(), &bytes]));
        }
        line
    };
    let seconds = format!("{:.6}", flow.duration_ns() as f64 / 1e9);
    let (began, ended) = (flow.began.sentence().text(lang), flow.ended().sentence().text(lang));
    let mut whole = Message::CapturesWhole.fill(lang, &[began, ended, &seconds]);
    if flow.copies > 0 {
        whole.push_str(&Message::CapturesCopies.fill(lang, &[&flow.copies.to_string()]));
    }
    vec![end(Message::CapturesClient, &flow.from_client), end(Message::CapturesServer, &flow.from_server), whole]
}
