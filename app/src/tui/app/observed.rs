//! An observed connection on the screen: what its keys and the mouse do, and the way back to the table of connections.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use super::{App, Flow};
use crate::i18n::{Message, Words};
use crate::session::motion::{Direction, Motion};
use crate::session::observed::ObservedConnection;
use crate::tui::action::Action;
use crate::tui::hints;
use crate::tui::pane::bars;
use crate::tui::pane::observed::{ObservedHit, footer, hit, room};

/// Said where there is no further frame of the kind.
const NO_OTHER: Words =
    Words::new("no other frame in that direction has an unusual reason", "该方向上没有其他异常的帧");

impl App {
    /// The observed connection, where it is on the screen.
    #[must_use]
    pub fn observed(&self) -> Option<&ObservedConnection> {
        self.observed.as_deref().filter(|_| self.session.is_none())
    }

    pub(super) fn show_observed(&mut self, observed: Box<ObservedConnection>) {
        self.observed = Some(observed);
        self.ui.message = None;
    }

    /// Observes the connection under the cursor of the table.
    pub(super) fn observe(&mut self) {
        if let Some(observed) = self.table.as_ref().and_then(|table| table.observe()) {
            self.show_observed(Box::new(observed));
        }
    }

    pub(super) fn act_at_observed(&mut self, action: Action) -> Flow {
        let page = room(self.area).saturating_sub(1).max(1);
        let Some(observed) = &mut self.observed else { return Flow::Idle };
        let place = observed.selected();
        match action {
            Action::Up | Action::Travel(Motion::Frame | Motion::Into | Motion::Micro, Direction::Backward) => {
                observed.select(place.saturating_sub(1));
            }
            Action::Down | Action::Travel(Motion::Frame | Motion::Into | Motion::Micro, Direction::Forward) => {
                observed.select(place + 1);
            }
            Action::PageUp => observed.select(place.saturating_sub(page)),
            Action::PageDown => observed.select(place + page),
            Action::Travel(Motion::End, Direction::Backward) | Action::Top => observed.select(0),
            Action::Travel(Motion::End, Direction::Forward) => observed.select(usize::MAX),
            Action::Oddity(direction) => {
                if !observed.seek_oddity(direction) {
                    self.ui.message = Some(NO_OTHER.text(self.ui.lang).to_owned());
                }
            }
            Action::Times => self.ui.times = self.ui.times.next(true),
            Action::Captures | Action::Unzoom if self.table.is_some() => self.observed = None,
            Action::Captures => self.ui.message = Some(Message::NoTable.text(self.ui.lang).to_owned()),
            action if action == Action::Home || action.is_of_program() => return self.program(action),
            _ => self.ui.message = Some(Message::NoActionHere.text(self.ui.lang).to_owned()),
        }
        Flow::Draw
    }

    pub(super) fn mouse_at_observed(&mut self, mouse: MouseEvent) -> Flow {
        let at = (mouse.column, mouse.row);
        let area = self.area;
        let Some(observed) = &mut self.observed else { return Flow::Idle };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up),
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::Down(MouseButton::Left) => match hit(area, at.into(), observed) {
                ObservedHit::Row(row) => {
                    observed.select(row);
                    Flow::Draw
                }
                ObservedHit::Footer => {
                    let action = bars::hint_at(mouse.column, footer(area), &hints::at_observed(&self.ui));
                    action.map_or(Flow::Idle, |action| self.act(action))
                }
                ObservedHit::Nothing => Flow::Idle,
            },
            _ => Flow::Idle,
        }
    }
}
