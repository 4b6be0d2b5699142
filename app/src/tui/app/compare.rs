//! Comparing: asking with what, and moving through what differs.

use tui_input::Input;

use super::{App, Flow};
use crate::session::compare::CompareWith;
use crate::tui::keymap::Key;
use crate::tui::pane::comparison::{count, first, frame_of, next};
use crate::tui::ui_state::{Asking, CompareView, Overlay};

impl App {
    /// Asks with what the run is to be compared; the branch it parted from is offered.
    pub(super) fn ask_compare(&mut self) {
        let branches = &self.picture.branches;
        let here = branches.iter().position(|row| row.here);
        let depth = here.and_then(|here| branches.get(here)).map_or(0, |row| row.depth);
        let parent = here.and_then(|here| branches.iter().take(here).rfind(|row| row.depth + 1 == depth));
        // Of the first branch the latest other one.
        let other = parent.or_else(|| branches.iter().rfind(|row| !row.here));
        let offered = other.map_or_else(|| "step ".to_owned(), |row| format!("branch {}", row.number));
        self.ui.overlay = Overlay::Prompt(Asking::Compare, Input::new(offered));
    }

    /// Compares with what was typed.
    pub(super) fn compare(&mut self, typed: &str) {
        let lang = self.ui.lang;
        match self.session.as_mut().map(|session| session.compare(&CompareWith::read(typed), lang)) {
            Some(Ok(comparison)) => {
                let selected = first(&comparison);
                self.ui.overlay = Overlay::Compare(Box::new(CompareView { comparison, selected }));
            }
            Some(Err(refused)) => self.refuse(&refused),
            None => {}
        }
    }

    /// A key while a comparison is open.
    pub(super) fn key_in_comparison(&mut self, key: &Key) -> Flow {
        let Overlay::Compare(view) = &mut self.ui.overlay else { return Flow::Idle };
        let last = count(&view.comparison).saturating_sub(1);
        match key.name() {
            "Esc" | "q" => self.ui.overlay = Overlay::Nothing,
            "Up" | "k" => view.selected = view.selected.saturating_sub(1),
            "Down" | "j" => view.selected = (view.selected + 1).min(last),
            "PageUp" => view.selected = view.selected.saturating_sub(20),
            "PageDown" => view.selected = (view.selected + 20).min(last),
            "n" => view.selected = next(&view.comparison, view.selected, true).unwrap_or(view.selected),
            "N" => view.selected = next(&view.comparison, view.selected, false).unwrap_or(view.selected),
            "Enter" => {
                let frame = frame_of(&view.comparison, view.selected);
                if let Some(frame) = frame {
                    self.ui.overlay = Overlay::Nothing;
                    let answer = self.session.as_mut().map(|session| session.go_to_frame(frame));
                    self.take_in(answer);
                }
            }
            _ => {}
        }
        Flow::Draw
    }
}
