//! Go anywhere, laid over the screen: one line that is typed, what fits it, and where the selected row leads.
//!
//! Marks: `▸` the next time it happens, `◂` the time before.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use stack::lab::movement::Direction;
use tui_input::Input;

use super::card::{GoHit, side_row};
use super::overlay::centred;
use super::{PaneStyle, Panel, empty, panel, window};
use crate::i18n::Message;
use crate::session::go::Kind;
use crate::session::sighting::Side;
use crate::tui::canvas::{Canvas, cells, width_of};

/// The list as it is looked at.
#[derive(Clone, Debug, Default)]
pub struct GoView {
    /// What is typed.
    pub input: Input,
    /// Whether that was typed the last time: the first letter takes its place.
    pub is_old: bool,
    /// The selected row.
    pub selected: usize,
    /// What fits, the best first.
    pub rows: Vec<GoRow>,
    /// Whether more of the run is being looked through for what fits.
    pub more: bool,
    /// Where the selected row leads: after the cursor, and before it. None of what is no moment.
    pub sides: Option<[Side; 2]>,
    /// The step of the cursor.
    pub step: u64,
}

/// One row.
#[derive(Clone, Debug)]
pub struct GoRow {
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub text: String,
    /// What is said beside it.
    pub detail: String,
}

/// Rows under the list: a line, and one for each side.
const BELOW: u16 = 3;

/// The rectangle of the list on a screen, and the part of it that has the rows.
fn places(area: Rect) -> (Rect, Rect) {
    let over = centred(area, area.width.saturating_sub(2).min(100), area.height.saturating_sub(2).min(26));
    let list = Rect {
        x: over.x + 1,
        y: over.y + 2,
        width: over.width.saturating_sub(2),
        height: over.height.saturating_sub(3 + BELOW),
    };
    (over, list)
}

/// What stands at a place of the screen.
#[must_use]
pub fn hit(area: Rect, view: &GoView, at: Position) -> GoHit {
    let (over, list) = places(area);
    if !over.contains(at) {
        return GoHit::Beside;
    }
    let first = window(view.rows.len(), usize::from(list.height), view.selected, 0);
    let row = first + usize::from(at.y.saturating_sub(list.y));
    match at.y.checked_sub(list.bottom()) {
        None if list.contains(at) && row < view.rows.len() => GoHit::Row(row),
        Some(1) => GoHit::Side(Direction::Forward),
        Some(2) => GoHit::Side(Direction::Backward),
        _ => GoHit::Within,
    }
}

/// Draws the list.
pub fn render(area: Rect, buffer: &mut Buffer, view: &GoView, style: &PaneStyle) {
    let theme = style.theme;
    let (over, list) = places(area);
    Canvas::new(buffer, over).clear(theme.text);
    let count = if view.more { format!("{}…", view.rows.len()) } else { view.rows.len().to_string() };
    let shown =
        Panel { title: style.say(Message::GoTitle), remark: &count, foot: style.say(Message::GoKeys), subject: "" };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let x = canvas.put(1, 0, "› ", theme.strong);
    let typed = if view.is_old { theme.dim } else { theme.strong };
    let x = canvas.put(x, 0, view.input.value(), typed);
    let x = canvas.put(x, 0, "▏", theme.text);
    if view.input.value().is_empty() {
        canvas.put(x + 1, 0, style.say(Message::GoExamples), theme.dim);
    }
    if view.rows.is_empty() && !view.more {
        empty(list, buffer, style.say(Message::NoMatch), style);
        return;
    }
    rows(list, buffer, view, style);
    let below = Rect { y: list.bottom(), height: inner.bottom().saturating_sub(list.bottom()), ..inner };
    let mut canvas = Canvas::new(buffer, below);
    canvas.repeat(0, 0, below.width, "─", theme.rule);
    if let Some(sides) = &view.sides {
        for (row, side) in sides.iter().enumerate() {
            side_row(&mut canvas, cells(row) + 1, row == 0, side, view.step, style);
        }
    }
}

fn rows(list: Rect, buffer: &mut Buffer, view: &GoView, style: &PaneStyle) {
    let theme = style.theme;
    let room = usize::from(list.height);
    let first = window(view.rows.len(), room, view.selected, 0);
    let mut canvas = Canvas::new(buffer, list);
    for (place, row) in view.rows.iter().enumerate().skip(first).take(room) {
        let y = cells(place - first);
        canvas.put_within(1, y, 9, row.kind.words().text(style.lang), theme.dim);
        let right = list.width.saturating_sub(1);
        let x = canvas.put_within(11, y, right.saturating_sub(11), &row.text, theme.text);
        if !row.detail.is_empty() && x + 8 < right {
            canvas.put_within(x.max(30) + 2, y, right.saturating_sub(x.max(30) + 2), &row.detail, theme.dim);
        }
        if place == view.selected {
            canvas.shade(0, y, list.width, theme.selected);
        }
    }
    let more = view.rows.len().saturating_sub(first + room);
    if more > 0 {
        let text = format!("+{more}");
        canvas.put(list.width.saturating_sub(width_of(&text) + 1), list.height.saturating_sub(1), &text, theme.dim);
    }
}
