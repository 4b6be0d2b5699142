//! The table of connections of a capture: what its keys and the mouse do, and the way into a replay and back.

use std::time::Instant;

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use tui_input::Input;

use super::{App, Flow, Work};
use crate::capture::index::column::Column;
use crate::catalog::{Item, Opening};
use crate::i18n::Message;
use crate::picture::Picture;
use crate::session::Session;
use crate::session::captures::{CaptureTable, End};
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::hints;
use crate::tui::keymap::Key;
use crate::tui::pane::bars;
use crate::tui::pane::captures::{CapturesHit, beginning, footer, hit, room};
use crate::tui::pane::side::{self, Choice, SideHit, SideView};
use crate::tui::playback::Playback;
use crate::tui::ui_state::{Asking, Overlay, UiState};

impl App {
    /// The program on what has been opened, or at home.
    #[must_use]
    pub fn of(catalog: Vec<Item>, opened: Option<Opening>, ui: UiState) -> Self {
        match opened {
            Some(Opening::Run(session)) => Self::new(catalog, Some(*session), ui),
            Some(Opening::Table(table)) => {
                let mut app = Self::new(catalog, None, ui);
                let remark = app.ui.message.take();
                app.show_table(table);
                app.ui.message = remark;
                app
            }
            Some(Opening::Replay(session, table)) => {
                let mut app = Self::new(catalog, Some(*session), ui);
                app.table = Some(table);
                app.ui.is_from_table = true;
                app
            }
            Some(Opening::Observed(observed)) => {
                let mut app = Self::new(catalog, None, ui);
                let remark = app.ui.message.take();
                app.show_observed(observed);
                app.ui.message = remark;
                app
            }
            None => Self::new(catalog, None, ui),
        }
    }

    /// The table of connections, where it is on the screen.
    #[must_use]
    pub fn table(&self) -> Option<&CaptureTable> {
        self.table.as_deref().filter(|_| !self.is_open())
    }

    pub(super) fn show_table(&mut self, table: Box<CaptureTable>) {
        self.table = Some(table);
        self.ui.message = None;
        self.ui.is_from_table = true;
    }

    /// Forgets the capture that is open.
    pub(super) fn close_table(&mut self) {
        self.table = None;
        self.observed = None;
        self.observing_begun = None;
        self.ui.is_from_table = false;
    }

    /// Whether a capture is still being read, or a connection of it observed.
    #[must_use]
    pub fn is_indexing(&self) -> bool {
        self.table().is_some_and(|table| table.progress().is_some()) || self.observing_begun.is_some()
    }

    /// Reads the capture on until `until` at most.
    pub(super) fn index_on(&mut self, until: Instant) -> Work {
        let news = self.table.as_mut().is_some_and(|table| table.work(until));
        Work { news, more: self.is_indexing() }
    }

    /// Reads how the connection under the cursor of the table begins, where that is on the screen.
    pub(super) fn read_beginning_where_shown(&mut self) {
        let is_shown = self.table().is_some();
        if let Some(table) = self.table.as_mut().filter(|_| is_shown) {
            table.read_beginning(beginning(self.area));
        }
    }

    pub(super) fn act_at_table(&mut self, action: Action) -> Flow {
        let page = room(self.area).saturating_sub(1).max(1);
        let Some(table) = &mut self.table else { return Flow::Idle };
        let row = table.selected();
        match action {
            Action::Up => table.select(row.saturating_sub(1)),
            Action::Down => table.select(row + 1),
            Action::PageUp => table.select(row.saturating_sub(page)),
            Action::PageDown => table.select(row + page),
            Action::Travel(Motion::End, Direction::Backward) | Action::Top => table.select(0),
            Action::Travel(Motion::End, Direction::Forward) => table.select(usize::MAX),
            Action::Left => self.sort_beside(Direction::Backward),
            Action::Right => self.sort_beside(Direction::Forward),
            Action::ReverseOrder => table.sort_by(table.order().column),
            Action::Enter => self.open_side(),
            Action::Find => {
                self.typed_before = table.typed().to_owned();
                self.ui.overlay = Overlay::Prompt(Asking::Filter, Input::new(table.typed().to_owned()));
            }
            Action::Unzoom => self.leave_reading_or_filter(),
            action if action == Action::Home || action.is_of_program() => return self.program(action),
            _ => self.ui.message = Some(Message::NoActionHere.text(self.ui.lang).to_owned()),
        }
        Flow::Draw
    }

    /// Orders by the column beside the one that orders now.
    fn sort_beside(&mut self, direction: Direction) {
        let Some(table) = &mut self.table else { return };
        let count = Column::ALL.len();
        let place = Column::ALL.iter().position(|column| *column == table.order().column).unwrap_or(0);
        let next = match direction {
            Direction::Forward => (place + 1) % count,
            Direction::Backward => (place + count - 1) % count,
        };
        if let Some(column) = Column::ALL.get(next) {
            table.sort_by(*column);
        }
    }

    /// Esc: ends the reading, then takes the filter away.
    fn leave_reading_or_filter(&mut self) {
        let Some(table) = &mut self.table else { return };
        if table.progress().is_some() {
            table.stop();
        } else {
            table.filter("");
        }
    }

    /// The rows follow what is being typed.
    pub(super) fn filter_while_typing(&mut self) {
        if let (Overlay::Prompt(Asking::Filter, input), Some(table)) = (&self.ui.overlay, &mut self.table) {
            table.filter(input.value());
        }
    }

    /// The filter is again what it was before it was typed.
    pub(super) fn forget_filter(&mut self) {
        let typed = std::mem::take(&mut self.typed_before);
        if let Some(table) = &mut self.table {
            table.filter(&typed);
        }
    }

    /// Asks in whose place 1.2.13 is put.
    fn open_side(&mut self) {
        let lang = self.ui.lang;
        let Some(table) = &self.table else { return };
        if table.progress().is_some() {
            // What is still to be read may belong to the connection.
            self.ui.message = Some(Message::CapturesStillReading.text(lang).to_owned());
            return;
        }
        let Some(flow) = table.flow() else { return };
        let ends = [flow.client.to_string(), flow.server.to_string()];
        self.ui.overlay = Overlay::Side(Box::new(SideView { number: flow.number, ends, selected: 1 }));
    }

    pub(super) fn key_in_side(&mut self, key: &Key) -> Flow {
        let Overlay::Side(view) = &mut self.ui.overlay else { return Flow::Idle };
        match key.name() {
            "Esc" | "q" => self.ui.overlay = Overlay::Nothing,
            "Up" | "k" => view.selected = view.selected.saturating_sub(1),
            "Down" | "j" => view.selected = (view.selected + 1).min(side::ROWS.len() - 1),
            "Enter" => {
                let chosen = view.chosen();
                self.ui.overlay = Overlay::Nothing;
                if let Some(choice) = chosen {
                    self.open_as_chosen(choice);
                }
            }
            _ => return Flow::Idle,
        }
        Flow::Draw
    }

    /// Opens the replay; where there can be none the table stays and says why.
    pub(super) fn replay(&mut self, end: End) {
        if let Some(opened) = self.table.as_ref().and_then(|table| table.replay(end)) {
            self.opened(opened);
        }
    }

    /// Opens the connection of a number; says whether the table has it.
    pub fn open_connection(&mut self, number: u32, choice: Choice) -> bool {
        self.ui.message = None;
        let is_there = self.table.as_mut().is_some_and(|table| table.select_number(number));
        if is_there {
            self.open_as_chosen(choice);
        }
        is_there
    }

    fn open_as_chosen(&mut self, choice: Choice) {
        match choice {
            Choice::Play(end) => self.replay(end),
            Choice::Observe => self.observe(),
        }
    }

    /// Replays the same connection as the other end, at the same time as far as that is possible.
    pub(super) fn switch_side(&mut self) {
        let Some((own, peer)) = self.session.as_ref().and_then(Session::replayed_ends) else {
            self.ui.message = Some(Message::NotReplayed.text(self.ui.lang).to_owned());
            return;
        };
        let time_ns = self.session.as_mut().and_then(Session::capture_time);
        let flow = self.table.as_ref().and_then(|table| table.flow());
        let end = flow.and_then(|flow| match (flow.client == peer, flow.server == peer) {
            (true, _) if flow.server == own => Some(End::Client),
            (_, true) if flow.client == own => Some(End::Server),
            _ => None,
        });
        let (Some(end), Some(time_ns)) = (end, time_ns) else {
            self.ui.message = Some(Message::OtherSideNot.text(self.ui.lang).to_owned());
            return;
        };
        self.replay(end);
        if self.session.as_ref().and_then(Session::replayed_ends) == Some((peer, own)) {
            let answer = self.session.as_mut().map(|session| session.go_to_capture_time(time_ns));
            self.take_in(answer);
        }
    }

    /// From a replay or an observed capture back to the table it was chosen from.
    pub(super) fn back_to_table(&mut self) {
        if let Some(observed) = self.observed.take() {
            self.observing_begun = None;
            self.ui.progress = None;
            self.table = Some(observed.into_table());
        }
        if self.table.is_none() {
            self.ui.message = Some(Message::NoTable.text(self.ui.lang).to_owned());
            return;
        }
        self.close();
        self.session = None;
        self.ui.playback = Playback::Paused;
        self.picture = Picture::default();
    }

    pub(super) fn mouse_at_table(&mut self, mouse: MouseEvent) -> Flow {
        let at = (mouse.column, mouse.row);
        let area = self.area;
        let Some(table) = &mut self.table else { return Flow::Idle };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up),
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::Down(MouseButton::Left) => match hit(area, at.into(), table, self.ui.lang) {
                CapturesHit::Row(row) if row == table.selected() => self.act(Action::Enter),
                CapturesHit::Row(row) => {
                    table.select(row);
                    Flow::Draw
                }
                CapturesHit::Heading(column) => {
                    table.sort_by(column);
                    Flow::Draw
                }
                // While the capture is read the only key there is the one that ends it.
                CapturesHit::Footer if table.progress().is_some() => self.act(Action::Unzoom),
                CapturesHit::Footer => {
                    let action = bars::hint_at(mouse.column, footer(area), &hints::at_table(&self.ui));
                    action.map_or(Flow::Idle, |action| self.act(action))
                }
                CapturesHit::Nothing => Flow::Idle,
            },
            _ => Flow::Idle,
        }
    }

    /// A click on a row opens it, one beside the choice puts it away.
    pub(super) fn click_side(&mut self, at: (u16, u16)) -> Flow {
        match (side::hit(self.area, at.into()), &mut self.ui.overlay) {
            (SideHit::Row(row), Overlay::Side(view)) => {
                view.selected = row;
                self.press(&Key::named("Enter"))
            }
            (SideHit::Beside, _) => self.press(&Key::named("Esc")),
            _ => Flow::Idle,
        }
    }
}
