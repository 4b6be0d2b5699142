//! Panes: focus, zoom, pin, scroll and select.

use lessons::{Act, Shows};

use super::App;
use crate::i18n::Message;
use crate::picture::Pane;
use crate::tui::action::Action;
use crate::tui::pane::Moves;
use crate::tui::panes::{row, with_digit};

impl App {
    pub(super) fn arrange(&mut self, action: Action) {
        match action {
            Action::Pane(pane) => {
                self.ui.focus_on(pane);
                self.survey_for(pane);
            }
            Action::NextPane | Action::PreviousPane => {
                let shown = self.layout().panes;
                let mut order: Vec<Pane> = shown.iter().map(|(pane, _)| *pane).collect();
                if self.ui.zoomed || order.is_empty() {
                    order = with_digit().map(|row| row.pane).collect();
                }
                let here = order.iter().position(|pane| *pane == self.ui.focus).unwrap_or(0);
                let step = if action == Action::NextPane { 1 } else { order.len() - 1 };
                if let Some(next) = order.get((here + step) % order.len()) {
                    self.ui.focus_on(*next);
                }
            }
            Action::Zoom => self.ui.zoomed = !self.ui.zoomed,
            // Where the list of socks has the focus, and where nothing is zoomed, the same key lets a chosen sock go.
            Action::Unzoom if (self.ui.focus == Pane::Socks || !self.ui.zoomed) && self.lets_sock_go() => {}
            Action::Unzoom => self.ui.zoomed = false,
            // The lesson has a strip of its own.
            Action::Pin if self.ui.focus == Pane::Lesson => {
                self.ui.message = Some(Message::NoActionHere.text(self.ui.lang).to_owned());
            }
            Action::Pin => {
                self.ui.pinned = self.ui.focus;
                if self.ui.left == self.ui.pinned {
                    self.ui.left = if self.ui.pinned == Pane::Code { Pane::Ladder } else { Pane::Code };
                }
                let name = row(self.ui.focus).title.text(self.ui.lang);
                self.ui.message = Some(Message::Pinned.fill(self.ui.lang, &[name]));
            }
            _ => {}
        }
    }

    pub(super) fn scroll(&mut self, action: Action) {
        if self.asking() && matches!(action, Action::Up | Action::Down) {
            let (chosen, count) = match self.picture.lesson.as_ref().map(|lesson| &lesson.shows) {
                Some(Shows::Question(question)) => (question.chosen, question.options.len()),
                Some(Shows::Ranking(ranking)) => (Some(ranking.chosen), ranking.steps.len()),
                _ => return,
            };
            let last = count.saturating_sub(1);
            // Where nothing is chosen yet, down begins with the first and up with the last.
            let next = match (chosen, action == Action::Up) {
                (Some(chosen), true) => chosen.saturating_sub(1),
                (Some(chosen), false) => (chosen + 1).min(last),
                (None, true) => last,
                (None, false) => 0,
            };
            self.lesson(Act::Choose(next));
            return;
        }
        let pane = self.ui.focus;
        let content = row(pane).content;
        let last = i32::try_from((content.rows)(&self.picture).saturating_sub(1)).unwrap_or(i32::MAX);
        let (down, wide): (i32, i32) = match action {
            Action::Up => (-1, 0),
            Action::Down => (1, 0),
            Action::PageUp => (-10, 0),
            Action::PageDown => (10, 0),
            // Time runs from left to right there.
            Action::Left if pane == Pane::Plot => (-1, 0),
            Action::Right if pane == Pane::Plot => (1, 0),
            Action::Left => (0, -4),
            Action::Right => (0, 4),
            _ => (i32::MIN / 2, 0),
        };
        let home = match content.moves {
            Moves::Cursor => None,
            Moves::Page(home) => Some(i32::try_from(home(&self.picture)).unwrap_or(0).min(last)),
        };
        self.ui.change(pane, |view| {
            view.shift = u16::try_from((i32::from(view.shift) + wide).clamp(0, 400)).unwrap_or(0);
            match home {
                Some(home) => view.scroll = view.scroll.saturating_add(down).clamp(-home, last - home),
                None => {
                    let place = i32::try_from(view.selected).unwrap_or(0).saturating_add(down).clamp(0, last);
                    view.selected = usize::try_from(place).unwrap_or(0);
                }
            }
        });
    }
}
