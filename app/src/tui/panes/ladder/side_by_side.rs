//! The right half of the ladder of a replay: what the captured end sent, facing what 1.2.13 sends. The peer stands in the middle, and
//! on its line the sign that says how the two relate.
//!
//! ```text
//! A = 1.2.13              peer                captured
//!   │── ACK ack=1449 ────▸ ~                     │
//!   │◂──── data 1448 B ────┆────────────────────▸│
//!   │                      - ◂── ACK ack=2897 ───│
//! ```

use ratatui::style::Style;

use crate::i18n::{Lang, Words};
use crate::picture::{AtCapture, FrameFate, Ladder, LadderRow};
use crate::tui::canvas::{Canvas, width_of};
use crate::tui::pane::PaneStyle;
use crate::tui::theme::Theme;

/// The least width at which both halves can be read.
pub(super) const LEAST: u16 = 64;
/// Room that an arrow keeps beside its words.
const ARROW: u16 = 4;

/// The signs of the comparison, with what each says.
const SIGNS: [(&str, Words); 8] = [
    ("=", Words::new("same", "相同")),
    ("~", Words::new("by design of 1995", "1995 年的设计")),
    ("+", Words::new("only 1.2.13", "仅 1.2.13")),
    ("-", Words::new("only captured", "仅抓包")),
    ("<", Words::new("earlier", "较早")),
    (">", Words::new("later", "较晚")),
    ("≠", Words::new("differs", "不同")),
    ("◌", Words::new("inferred", "推断")),
];

/// The names over the three columns.
pub(super) fn names(ladder: &Ladder, lang: Lang) -> [String; 3] {
    let name = |place: usize| ladder.columns.get(place).cloned().unwrap_or_default();
    [format!("{} = 1.2.13", name(0)), name(1), Words::new("captured", "抓包").text(lang).to_owned()]
}

/// The signs, those that stand in this ladder first.
pub(super) fn legend(ladder: &Ladder, lang: Lang) -> Vec<(&'static str, &'static str)> {
    let occurs = |sign: &str| {
        ladder.rows.iter().filter_map(at_capture).any(|at_capture| match sign {
            "◌" => at_capture.is_ghost,
            sign => at_capture.sign.is_some_and(|own| sign.starts_with(own)),
        })
    };
    let mut entries = SIGNS;
    entries.sort_by_key(|(sign, _)| !occurs(sign));
    entries.into_iter().map(|(sign, words)| (sign, words.text(lang))).collect()
}

/// What a row has of the capture.
fn at_capture(row: &LadderRow) -> Option<&AtCapture> {
    match row {
        LadderRow::Frame { at_capture, .. } => at_capture.as_ref(),
        LadderRow::Captured { at_capture, .. } => Some(at_capture),
        LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    }
}

/// The colour of a sign: what shows a decision is lit.
fn look(sign: char, ahead: bool, theme: &Theme) -> Style {
    match (ahead, sign) {
        (true, _) => theme.dim,
        (false, '=' | '~') => theme.text,
        (false, _) => theme.changed,
    }
}

/// Draws the right half of a row, between the lines of the peer and of the captured end, and the sign on the line of the peer.
pub(super) fn draw(
    canvas: &mut Canvas,
    y: u16,
    row: &LadderRow,
    (peer, captured): (u16, u16),
    hue: Style,
    style: &PaneStyle,
) {
    let Some(told) = at_capture(row) else { return };
    let (from_peer, ahead) = match row {
        LadderRow::Frame { from, fate, .. } => (*from == 1, *fate == FrameFate::Ahead),
        LadderRow::Captured { ahead, .. } => (false, *ahead),
        LadderRow::State { .. } | LadderRow::Oops { .. } => return,
    };
    if from_peer {
        // An acknowledgement that was held down is no captured frame.
        if told.number.is_some() || told.is_ghost {
            Lane { from: peer + 1, to: captured, rightward: true, ghost: told.is_ghost }.draw(
                canvas,
                y,
                ("", ""),
                hue,
                style.theme,
            );
        }
        return;
    }
    if !told.beside.is_empty() {
        let text_style = if ahead { style.theme.dim } else { hue };
        let lane = Lane { from: peer + 2, to: captured, rightward: false, ghost: told.is_ghost };
        lane.draw(canvas, y, (&told.beside, &told.reason), text_style, style.theme);
    } else if !told.reason.is_empty() {
        let room = captured.saturating_sub(peer + 4);
        canvas.put_within(peer + 3, y, room, &told.reason, style.theme.dim);
    }
    if let Some(sign) = told.sign {
        canvas.put(peer, y, &sign.to_string(), look(sign, ahead, style.theme));
    }
}

/// An arrow between two columns.
struct Lane {
    from: u16,
    to: u16,
    rightward: bool,
    ghost: bool,
}

impl Lane {
    /// The words stand in the middle of the arrow; what is said besides behind them, as far as there is room.
    fn draw(&self, canvas: &mut Canvas, y: u16, (words, besides): (&str, &str), hue: Style, theme: &Theme) {
        let length = self.to.saturating_sub(self.from);
        if length < 2 {
            return;
        }
        canvas.repeat(self.from, y, length, if self.ghost { "┄" } else { "─" }, hue);
        let (at, head) = if self.rightward { (self.to - 1, "▸") } else { (self.from, "◂") };
        canvas.put(at, y, head, hue);
        if words.is_empty() {
            return;
        }
        let words = if self.ghost { format!(" ◌ {words} ") } else { format!(" {words} ") };
        let room = length.saturating_sub(ARROW);
        let told = width_of(&words).min(room);
        let rest = room.saturating_sub(told);
        let extra = if besides.is_empty() || rest < 12 { 0 } else { (width_of(besides) + 1).min(rest) };
        let at = self.from + 2 + (room - told - extra) / 2;
        let x = canvas.put_within(at, y, told, &words, theme.text);
        if extra > 0 {
            let x = canvas.put_within(x, y, extra - 1, besides, theme.dim);
            canvas.put(x, y, " ", theme.dim);
        }
    }
}
