//! Panes: focus, zoom, pin, scroll and select.

use super::App;
use crate::i18n::Message;
use crate::picture::Beat;
use crate::picture::pane::Pane;
use crate::session::contract::LessonAct;
use crate::tui::action::Action;

impl App {
    pub(super) fn arrange(&mut self, action: Action) {
        match action {
            Action::Pane(digit) => {
                let place = usize::from(digit).saturating_sub(1);
                if let Some(pane) = Pane::NUMBERED.get(place) {
                    self.ui.focus_on(*pane);
                }
            }
            Action::NextPane | Action::PreviousPane => {
                let shown = self.layout().panes;
                let mut order: Vec<Pane> = shown.iter().map(|(pane, _)| *pane).collect();
                if self.ui.zoomed || order.is_empty() {
                    order = Pane::NUMBERED.to_vec();
                }
                let here = order.iter().position(|pane| *pane == self.ui.focus).unwrap_or(0);
                let step = if action == Action::NextPane { 1 } else { order.len() - 1 };
                if let Some(next) = order.get((here + step) % order.len()) {
                    self.ui.focus_on(*next);
                }
            }
            Action::Zoom => self.ui.zoomed = !self.ui.zoomed,
            Action::Unzoom => self.ui.zoomed = false,
            Action::Pin => {
                self.ui.pinned = self.ui.focus;
                if self.ui.left == self.ui.pinned {
                    self.ui.left = if self.ui.pinned == Pane::Code { Pane::Ladder } else { Pane::Code };
                }
                let name = self.ui.focus.message().text(self.ui.lang);
                self.ui.message = Some(Message::Pinned.fill(self.ui.lang, &[name]));
            }
            _ => {}
        }
    }

    pub(super) fn scroll(&mut self, action: Action) {
        if self.asking() && matches!(action, Action::Up | Action::Down) {
            let (chosen, count) = match self.picture.lesson.as_ref().map(|lesson| &lesson.shows) {
                Some(Beat::Predict(question)) => (question.chosen, question.options.len()),
                Some(Beat::Ranking(ranking)) => (ranking.chosen, ranking.steps.len()),
                _ => return,
            };
            let last = count.saturating_sub(1);
            let next = if action == Action::Up { chosen.saturating_sub(1) } else { (chosen + 1).min(last) };
            self.lesson(LessonAct::Choose(next));
            return;
        }
        let pane = self.ui.focus;
        let last = self.rows(pane).saturating_sub(1);
        let (down, wide): (i32, i32) = match action {
            Action::Up => (-1, 0),
            Action::Down => (1, 0),
            Action::PageUp => (-10, 0),
            Action::PageDown => (10, 0),
            Action::Left => (0, -4),
            Action::Right => (0, 4),
            _ => (i32::MIN / 2, 0),
        };
        let scrolls = matches!(pane, Pane::Code | Pane::Ladder | Pane::Lesson);
        let limit = i32::try_from(last).unwrap_or(i32::MAX);
        self.ui.change(pane, |view| {
            view.shift = u16::try_from((i32::from(view.shift) + wide).clamp(0, 400)).unwrap_or(0);
            if scrolls {
                view.scroll = view.scroll.saturating_add(down).clamp(-limit, limit);
            } else {
                let place = i32::try_from(view.selected).unwrap_or(0).saturating_add(down).clamp(0, limit);
                view.selected = usize::try_from(place).unwrap_or(0);
            }
        });
    }

    pub(super) fn rows(&self, pane: Pane) -> usize {
        let picture = &self.picture;
        match pane {
            Pane::Code => picture.code.lines.len(),
            Pane::Stack => picture.stack.len(),
            Pane::Sock => picture.socks.first().map_or(0, |sock| sock.fields.len()),
            Pane::Peer => picture.peer_socks.first().map_or(0, |sock| sock.fields.len()),
            Pane::Queues => picture.queues.rows.len(),
            Pane::Arp => picture.arp.rows.len(),
            Pane::Ladder => picture.ladder.rows.len(),
            Pane::Frame => picture.frame.as_ref().map_or(0, |frame| frame.rows.len()),
            Pane::Timers => picture.timers.len(),
            Pane::Path | Pane::State | Pane::Bytes | Pane::Lesson => 0,
        }
    }
}
