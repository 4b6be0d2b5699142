//! An observed connection: its frames with the reasons why they came, and below them both ends as they are known after the frame
//! under the cursor.
//!
//! ```text
//! sockscope  10.8.0.1:38130 ⇄ 10.8.0.2:5556   observed: an analysis of the frames   en
//! ┏ Frames ━ → client, ← server ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 14 of 28 ┓
//! ┃▸   14   0.004334 → .    8689:10137(1448) ack 1 win 64512  retransm…┃
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛
//! ╭ Client 10.8.0.1:38130 ─────────╮╭ Server 10.8.0.2:5556 ────────────╮
//! │ state      TCP_ESTABLISHED     ││ state      TCP_ESTABLISHED       │
//! ╰────────────────────────────────╯╰──────────────────────────────────╯
//! why the frame under the cursor came, or a message
//! keys
//! ```
//!
//! Marks: `▸` the frame under the cursor, `→` `←` who sent it, `*` a value that this frame changed.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::{PaneStyle, Panel, bars, panel, window};
use crate::capture::observe::listing::{end_fields, segment, why};
use crate::capture::observe::marks::Mark;
use crate::capture::observe::seen::Side;
use crate::i18n::Words;
use crate::session::observed::ObservedConnection;
use crate::tui::canvas::{Canvas, cells, width_of};
use crate::tui::hints::Hint;

/// Lines about each end, with the border.
const END_HEIGHT: u16 = 10;
/// Where the values of an end begin.
const VALUES: u16 = 13;
/// The least room in which a reason can be read.
const WHY: u16 = 20;

/// The parts of the screen.
struct Places {
    title: Rect,
    list: Rect,
    ends: [Rect; 2],
    message: Rect,
    footer: Rect,
}

impl Places {
    fn of(area: Rect) -> Self {
        let line = |y: u16| Rect { y: area.y + y.min(area.height), height: u16::from(y < area.height), ..area };
        let middle = area.height.saturating_sub(3);
        let height = if middle >= END_HEIGHT + 5 { END_HEIGHT } else { 0 };
        let list = Rect { y: area.y + 1.min(area.height), height: middle - height, ..area };
        let half = area.width / 2;
        let left = Rect { y: list.bottom(), height, width: half, ..area };
        let right = Rect { x: area.x + half, width: area.width - half, ..left };
        let message = line(area.height.saturating_sub(2).max(1));
        Self { title: line(0), list, ends: [left, right], message, footer: line(area.height.saturating_sub(1)) }
    }

    fn rows(&self) -> Rect {
        let list = self.list;
        let (width, height) = (list.width.saturating_sub(2), list.height.saturating_sub(2));
        Rect { x: list.x + 1, y: list.y + 1, width, height }
    }
}

/// What stands at a place of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedHit {
    /// The row of a frame.
    Row(usize),
    /// The line of the keys.
    Footer,
    /// Nothing that could be clicked.
    Nothing,
}

/// What stands at a place of the screen, for the mouse.
#[must_use]
pub fn hit(area: Rect, at: Position, observed: &ObservedConnection) -> ObservedHit {
    let places = Places::of(area);
    let rows = places.rows();
    if places.footer.contains(at) {
        return ObservedHit::Footer;
    }
    let row = first_row(rows, observed) + usize::from(at.y.saturating_sub(rows.y));
    let is_row = rows.contains(at) && row < observed.observation().frames().len();
    if is_row { ObservedHit::Row(row) } else { ObservedHit::Nothing }
}

/// The line of the keys.
#[must_use]
pub fn footer(area: Rect) -> Rect {
    Places::of(area).footer
}

/// How many frames are shown.
#[must_use]
pub fn room(area: Rect) -> usize {
    usize::from(Places::of(area).rows().height)
}

fn first_row(rows: Rect, observed: &ObservedConnection) -> usize {
    window(observed.observation().frames().len(), usize::from(rows.height), observed.selected(), 0)
}

/// Draws the screen.
pub fn render(
    area: Rect,
    buffer: &mut Buffer,
    observed: &ObservedConnection,
    message: Option<&str>,
    hints: &[Hint],
    style: &PaneStyle,
) {
    let places = Places::of(area);
    title(places.title, buffer, observed, style);
    list(&places, buffer, observed, style);
    for (place, side) in places.ends.into_iter().zip(Side::ALL) {
        end(place, buffer, side, observed, style);
    }
    let mut canvas = Canvas::new(buffer, places.message);
    let width = area.width.saturating_sub(2);
    match (message, observed.frame()) {
        (Some(message), _) => {
            let x = canvas.put(1, 0, "› ", style.theme.strong);
            canvas.put_within(x, 0, width.saturating_sub(x), &style.keys.named_in(message), style.theme.strong);
        }
        (None, Some(frame)) => {
            let (number, why) = (frame.seen.frame, why(frame.marks, style.lang));
            let text =
                Words::new(format!("frame {number}: {why}"), format!("第 {number} 帧：{why}")).into_text(style.lang);
            canvas.put_within(1, 0, width, &text, style.theme.text);
        }
        (None, None) => {}
    }
    bars::footer(places.footer, buffer, hints, style);
}

fn title(area: Rect, buffer: &mut Buffer, observed: &ObservedConnection, style: &PaneStyle) {
    let ends = &observed.observation().endpoints;
    let what = Words::new("observed: what its frames tell", "观察：只由帧得知").text(style.lang);
    let right = format!("{what}   {}", style.lang.tag());
    let mut canvas = Canvas::new(buffer, area);
    let right_at = area.width.saturating_sub(width_of(&right) + 1);
    let x = canvas.put(1, 0, "sockscope", style.theme.strong) + 2;
    let both = format!("{} ⇄ {}", ends.client, ends.server);
    canvas.put_within(x, 0, right_at.saturating_sub(x + 1), &both, style.theme.text);
    canvas.put(right_at.max(x), 0, &right, style.theme.dim);
}

fn list(places: &Places, buffer: &mut Buffer, observed: &ObservedConnection, style: &PaneStyle) {
    let lang = style.lang;
    let frames = observed.observation().frames();
    let (place, count) = (observed.selected() + 1, frames.len());
    let shown = Panel {
        title: Words::new("Frames", "帧").text(lang),
        subject: Words::new("→ client, ← server", "→ 客户端，← 服务器").text(lang),
        remark: &Words::new(format!("{place} of {count}"), format!("{place}/{count}")).into_text(lang),
        foot: style.times.words().text(lang),
    };
    panel(places.list, buffer, &shown, style);
    let rows = places.rows();
    let first = first_row(rows, observed);
    let mut canvas = Canvas::new(buffer, rows);
    let lanes = Lanes::of(observed, first..(first + usize::from(rows.height)).min(count), style);
    for (y, place) in (first..count).take(usize::from(rows.height)).enumerate() {
        row(&mut canvas, cells(y), place, &lanes, observed, style);
    }
}

/// Where the number and the time of a frame end, as wide as those that are shown.
struct Lanes {
    number: u16,
    time: u16,
}

impl Lanes {
    fn of(observed: &ObservedConnection, shown: std::ops::Range<usize>, style: &PaneStyle) -> Self {
        let frames = observed.observation().frames().get(shown.clone()).unwrap_or_default();
        let number = frames.iter().map(|frame| width_of(&frame.seen.frame.to_string())).max().unwrap_or(0);
        let time = shown.map(|place| width_of(&observed.time(place, style.times))).max().unwrap_or(0);
        Self { number: 2 + number, time: 2 + number + 1 + time }
    }
}

fn row(canvas: &mut Canvas, y: u16, place: usize, lanes: &Lanes, observed: &ObservedConnection, style: &PaneStyle) {
    let Some(frame) = observed.observation().frames().get(place) else { return };
    let (theme, here) = (style.theme, place == observed.selected());
    let look = if here { theme.strong } else { theme.text };
    if here {
        canvas.put(0, y, "▸", theme.strong);
    }
    let arrow = match frame.seen.side {
        Side::Client => "→",
        Side::Server => "←",
    };
    canvas.put_right(lanes.number, y, &frame.seen.frame.to_string(), look);
    canvas.put_right(lanes.time, y, &observed.time(place, style.times), theme.dim);
    let x = canvas.put(lanes.time + 1, y, arrow, look) + 1;
    let room = canvas.width().saturating_sub(x);
    let what = segment(&frame.seen, observed.last());
    let width = room.saturating_sub(WHY + 1).min(48);
    canvas.put_within(x, y, width, &what, look);
    let is_plain = frame.marks.iter().all(|mark| matches!(mark, Mark::NewData | Mark::Ack));
    let look = if is_plain { theme.dim } else { theme.changed };
    canvas.put_within(x + width + 1, y, room.saturating_sub(width + 1), &why(frame.marks, style.lang), look);
    if here {
        canvas.shade(0, y, canvas.width(), theme.running);
    }
}

/// One end after the frame under the cursor; what the frame changed has a mark.
fn end(area: Rect, buffer: &mut Buffer, side: Side, observed: &ObservedConnection, style: &PaneStyle) {
    if area.height < 3 {
        return;
    }
    let lang = style.lang;
    let name = match side {
        Side::Client => Words::new("Client", "客户端"),
        Side::Server => Words::new("Server", "服务器"),
    };
    let address = observed.observation().endpoints.of(side).to_string();
    let shown = Panel { title: name.text(lang), subject: &address, ..Panel::default() };
    let inner = panel(area, buffer, &shown, &PaneStyle { focused: false, ..*style });
    let (now, before) = (observed.after(), observed.before());
    let fields = end_fields(now.both.of(side), now.both.of(side.other()), lang);
    let old = end_fields(before.both.of(side), before.both.of(side.other()), lang);
    let mut canvas = Canvas::new(buffer, inner);
    for (y, ((label, value), (_, was))) in fields.iter().zip(&old).enumerate() {
        let (y, is_new) = (cells(y), value != was);
        if is_new {
            canvas.put(0, y, "*", style.theme.changed);
        }
        canvas.put_within(1, y, VALUES - 1, label.text(lang), style.theme.dim);
        let look = if is_new { style.theme.changed } else { style.theme.text };
        canvas.put_within(VALUES, y, inner.width.saturating_sub(VALUES), value, look);
    }
}
