//! Choosing what is shown beside the step: a sock for the panes Sock, State and Queues, and the person's own copy of the kernel for
//! the code pane.

use ratatui::layout::Rect;

use super::App;
use crate::i18n::Message;
use crate::picture::Pane;
use crate::picture::sock_list::SockPlace;
use crate::session::motion::Direction;
use crate::tui::panes::{processes, socks};

impl App {
    /// Chooses a sock, or lets the panes follow the step again, and says so.
    fn choose(&mut self, chosen: Option<SockPlace>) {
        if self.observed.is_some() {
            return self.focus_on_sock(chosen);
        }
        let Some(session) = &mut self.session else { return };
        session.choose_sock(chosen);
        self.refresh();
        self.select_telling_field();
        let place = chosen.and_then(|chosen| self.picture.sock_list.rows.iter().position(|row| row.place == chosen));
        // The cursor of the list goes with the choice, wherever it was made; row 0 is following.
        self.ui.change(Pane::Socks, |view| view.selected = place.map_or(0, |place| place + 1));
        let name = self.picture.sock_list.chosen.as_ref().map(|chosen| chosen.name.clone());
        self.ui.message = Some(match name {
            Some(name) => Message::SockIsChosen.fill(self.ui.lang, &[&name]),
            None => Message::SocksFollowed.text(self.ui.lang).to_owned(),
        });
    }

    /// The next or the previous sock of the list; past its ends the panes follow the step.
    pub(super) fn walk_socks(&mut self, direction: Direction) {
        if self.picture.sock_list.rows.is_empty() && self.picture.sock_list.chosen.is_none() {
            self.ui.message = Some(Message::NoSocksYet.text(self.ui.lang).to_owned());
            return;
        }
        let next = self.picture.sock_list.beside(direction == Direction::Forward);
        self.choose(next);
    }

    /// Enter in the list of socks.
    pub(super) fn choose_selected_sock(&mut self) {
        if let Some(chosen) = socks::chosen_by(&self.picture, self.ui.view(Pane::Socks).selected) {
            self.choose(chosen);
        }
    }

    /// Enter in the list of processes: a descriptor leads to a sock.
    pub(super) fn choose_sock_of_descriptor(&mut self) {
        match processes::sock_on(&self.picture, self.ui.view(Pane::Processes).selected) {
            Some(sock) => self.choose(Some(sock)),
            None => self.ui.message = Some(Message::NoActionHere.text(self.ui.lang).to_owned()),
        }
    }

    /// Lets the panes follow the step again; says whether a sock was chosen.
    pub(super) fn lets_sock_go(&mut self) -> bool {
        let chosen = self.session.as_ref().is_some_and(|session| session.chosen_sock().is_some());
        if chosen {
            self.choose(None);
        }
        chosen
    }

    /// A click on a sock of the list chooses it.
    pub(super) fn click_sock(&mut self, y: u16, area: Rect) {
        let inner = Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let Some(place) = socks::under(inner, y, &self.picture, &self.ui.style(Pane::Socks)) else { return };
        self.ui.change(Pane::Socks, |view| view.selected = place);
        self.choose_selected_sock();
    }

    /// Shows the person's own copy of the kernel's source beside the code, or no longer.
    pub(super) fn toggle_kernel_source(&mut self) {
        if self.kernel_source.is_none() {
            self.ui.message = Some(Message::NoKernelSource.text(self.ui.lang).to_owned());
            return;
        }
        self.ui.kernel_source = !self.ui.kernel_source;
        self.refresh();
        if self.ui.kernel_source {
            self.ui.focus_on(Pane::Code);
        }
    }
}
