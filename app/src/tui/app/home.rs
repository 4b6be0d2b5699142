//! The home screen: what its keys do, what was opened lately, and paths that are completed while they are typed.

use std::path::Path;

use super::typing::offer;
use super::{App, Flow};
use crate::catalog::recent::Recent;
use crate::catalog::{self, Item, Opening};
use crate::i18n::Message;
use crate::open::complete::complete;
use crate::refusal::Refusal;
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::pane::home;
use crate::tui::playback::Playback;
use crate::tui::ui_state::{Asking, Overlay};

impl App {
    /// The same for the person at this machine: with what he opened lately, and with how far he is in the lessons.
    #[must_use]
    pub fn with_recent(mut self, mut recent: Recent) -> Self {
        if let Some(remark) = recent.take_remark() {
            self.ui.message.get_or_insert_with(|| remark.text(self.ui.lang).to_owned());
        }
        self.catalog = catalog::of_person(&recent);
        self.recent = Some(recent);
        self
    }

    /// Keeps a file among those opened lately.
    pub(super) fn remember(&mut self, path: &Path) {
        if let Some(recent) = &mut self.recent {
            recent.remember(path);
        }
    }

    /// Lists anew what can be opened: what was done since then has changed it.
    pub(super) fn come_home(&mut self) {
        if let Some(recent) = &self.recent {
            self.catalog = catalog::of_person(recent);
            self.ui.item = self.ui.item.min(self.catalog.len().saturating_sub(1));
        }
    }

    pub(super) fn act_at_home(&mut self, action: Action) -> Flow {
        let last = self.catalog.len().saturating_sub(1);
        match action {
            Action::Up => self.ui.item = self.ui.item.saturating_sub(1),
            Action::Down => self.ui.item = (self.ui.item + 1).min(last),
            Action::Left | Action::PreviousPane => self.ui.item = home::heading_before(&self.catalog, self.ui.item),
            Action::Right | Action::NextPane => self.ui.item = home::heading_behind(&self.catalog, self.ui.item),
            Action::PageUp | Action::Travel(Motion::End, Direction::Backward) => self.ui.item = 0,
            Action::PageDown | Action::Travel(Motion::End, Direction::Forward) => self.ui.item = last,
            Action::Enter => self.open_item(),
            Action::Find => self.ask(Asking::Find),
            Action::FindNext => self.find_at_home(Direction::Forward),
            Action::FindPrevious => self.find_at_home(Direction::Backward),
            action if action.is_of_program() => return self.program(action),
            _ => {}
        }
        Flow::Draw
    }

    /// Opens an item of the list in the place of the run that is open, where that may be left.
    pub(super) fn open_instead(&mut self, item: usize) {
        if self.leave_run() {
            self.close();
            self.ui.item = item;
            self.open_item();
        }
    }

    pub(super) fn open_item(&mut self) {
        let Some(item) = self.catalog.get(self.ui.item).cloned() else { return };
        if item.wants_path() {
            self.ask(Asking::File);
            return;
        }
        let opened = item.open();
        let is_open = opened.is_ok();
        self.open_as(opened);
        if let (true, Item::Recent(path)) = (is_open, &item) {
            self.remember(path);
        }
        if is_open && item.plays() {
            self.ui.playback = Playback::Playing(self.ui.speed);
        }
    }

    /// Shows what has been opened, or says why nothing was.
    pub(super) fn open_as(&mut self, opened: Result<Opening, Refusal>) {
        match opened {
            Ok(Opening::Table(table)) => self.show_table(table),
            Ok(Opening::Observed(observed)) => self.show_observed(observed),
            Ok(Opening::Replay(session, table)) => {
                self.show_table(table);
                self.opened(Ok(*session));
            }
            Ok(Opening::Run(session)) => {
                self.close_table();
                self.opened(Ok(*session));
            }
            Err(refusal) => self.opened(Err(refusal)),
        }
    }

    /// Opens what was typed at the prompt.
    pub(super) fn open_path(&mut self, typed: &str) {
        let path = Path::new(typed.trim());
        let opened = catalog::opening(path);
        if opened.is_ok() {
            self.remember(path);
        }
        self.open_as(opened);
    }

    /// Stands on the next item that has what was looked for, around the end too.
    pub(super) fn find_at_home(&mut self, direction: Direction) {
        let (count, here) = (self.catalog.len(), self.ui.item);
        let away = |step: usize| match direction {
            Direction::Forward => (here + step) % count.max(1),
            Direction::Backward => (here + count - step.min(count)) % count.max(1),
        };
        self.stand_on_item((1..=count).map(away).collect());
    }

    /// While it is typed: stands on the first item that has it, the present one before all.
    pub(super) fn find_while_typing(&mut self) {
        let Overlay::Prompt(Asking::Find, input) = &self.ui.overlay else { return };
        if !self.is_open() && !input.value().is_empty() {
            input.value().clone_into(&mut self.ui.found);
            let (count, here) = (self.catalog.len(), self.ui.item);
            self.stand_on_item((0..count).map(|step| (here + step) % count).collect());
        }
    }

    fn stand_on_item(&mut self, places: Vec<usize>) {
        let lang = self.ui.lang;
        let typed = self.ui.found.trim().to_owned();
        if typed.is_empty() {
            return;
        }
        let meant = |place: &usize| self.catalog.get(*place).is_some_and(|item| item.is_meant(&typed, lang));
        match places.into_iter().find(meant) {
            Some(place) => {
                self.ui.item = place;
                self.ui.message = None;
            }
            None => self.ui.message = Some(Message::NotFound.fill(lang, &[&typed])),
        }
    }

    /// Puts the next completion in the place of the path that is typed.
    pub(super) fn complete_path(&mut self) -> Flow {
        let kept = self.path_offer.take();
        let Overlay::Prompt(_, input) = &mut self.ui.overlay else { return Flow::Idle };
        let found = |line: &str, cursor: usize| {
            let begun: String = line.chars().take(cursor).collect();
            (0, complete(&begun))
        };
        let (next, changed) = offer(input, kept, found);
        self.path_offer = next;
        if !changed {
            self.ui.message = Some(Message::NoSuchPath.text(self.ui.lang).to_owned());
        }
        Flow::Draw
    }
}
