//! In whose place: the small choice between the two ends of a connection of a capture, laid over its table.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::overlay::centred;
use super::{PaneStyle, Panel, panel};
use crate::i18n::Message;
use crate::session::captures::End;
use crate::tui::canvas::{Canvas, cells};

/// The choice as it is looked at.
#[derive(Clone, Debug)]
pub struct SideView {
    /// The number of the connection.
    pub number: u32,
    /// Its two ends, the client first.
    pub ends: [String; 2],
    /// The chosen row.
    pub selected: usize,
}

/// What can be opened of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// 1.2.13 in the place of this end.
    Play(End),
    /// Both ends as captured.
    Observe,
}

/// The rows: what can be opened.
pub const ROWS: [(Choice, Message); 3] = [
    (Choice::Play(End::Client), Message::SidePlayClient),
    (Choice::Play(End::Server), Message::SidePlayServer),
    (Choice::Observe, Message::SideObserve),
];

impl SideView {
    /// What the chosen row opens.
    #[must_use]
    pub fn chosen(&self) -> Option<Choice> {
        ROWS.get(self.selected).map(|(choice, _)| *choice)
    }

    /// The rows as they are read.
    pub fn rows(&self, style: &PaneStyle) -> impl Iterator<Item = String> {
        let lang = style.lang;
        let [client, server] = &self.ends;
        ROWS.iter().map(move |(choice, message)| match choice {
            Choice::Play(End::Client) => message.fill(lang, &[client]),
            Choice::Play(End::Server) => message.fill(lang, &[server]),
            Choice::Observe => message.text(lang).to_owned(),
        })
    }
}

/// What stands at a place of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SideHit {
    /// A row.
    Row(usize),
    /// The border or the sentence.
    Within,
    /// Outside.
    Beside,
}

fn place(area: Rect) -> Rect {
    centred(area, area.width.saturating_sub(4).min(64), cells(ROWS.len()) + 4)
}

/// What stands at a place of the screen, for the mouse.
#[must_use]
pub fn hit(area: Rect, at: Position) -> SideHit {
    let over = place(area);
    if !over.contains(at) {
        return SideHit::Beside;
    }
    match at.y.checked_sub(over.y + 1).map(usize::from) {
        Some(row) if row < ROWS.len() => SideHit::Row(row),
        _ => SideHit::Within,
    }
}

/// Draws the choice.
pub fn render(area: Rect, buffer: &mut Buffer, view: &SideView, style: &PaneStyle) {
    let theme = style.theme;
    let over = place(area);
    Canvas::new(buffer, over).clear(theme.text);
    let title = Message::SideTitle.fill(style.lang, &[&view.number.to_string()]);
    let shown = Panel { title: &title, foot: style.say(Message::SideKeys), ..Panel::default() };
    let inner = panel(over, buffer, &shown, style);
    let mut canvas = Canvas::new(buffer, inner);
    let width = inner.width.saturating_sub(4);
    for (y, text) in view.rows(style).enumerate() {
        let here = y == view.selected;
        if here {
            canvas.put(1, cells(y), "▸", theme.strong);
        }
        canvas.put_within(3, cells(y), width, &text, if here { theme.strong } else { theme.text });
        if here {
            canvas.shade(0, cells(y), inner.width, theme.running);
        }
    }
    canvas.put_within(3, cells(ROWS.len()) + 1, width, style.say(Message::SideNote), theme.dim);
}
