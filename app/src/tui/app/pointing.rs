//! Acting on what is selected: following it, watching it, breaking on it, answering it.

use super::App;
use crate::picture::LadderRow;
use crate::picture::Pane;
use crate::session::answer::Refused;
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::panes::ladder;

impl App {
    /// Enter: a row that leads somewhere is followed; elsewhere the selected word is explained.
    pub(super) fn follow(&mut self) {
        match self.ui.focus {
            Pane::Ladder => {
                let distance = self.ui.view(Pane::Ladder).scroll;
                let row = ladder::selected(&self.picture.ladder, distance);
                if let Some(LadderRow::Captured { at_capture, .. }) = self.picture.ladder.rows.get(row) {
                    if let Some(line) = at_capture.line {
                        self.stand_on_line(line);
                    }
                    return;
                }
                let frames =
                    |rows: &[LadderRow]| rows.iter().filter(|row| matches!(row, LadderRow::Frame { .. })).count();
                let rows = &self.picture.ladder.rows;
                let (from, to) = (row.min(self.picture.ladder.now), row.max(self.picture.ladder.now));
                let count = frames(rows.get(from..to).unwrap_or(&[]));
                let direction = if row < self.picture.ladder.now { Direction::Backward } else { Direction::Forward };
                let mut answer = None;
                if let Some(session) = &mut self.session {
                    for _ in 0..count.max(1) {
                        answer = Some(session.travel(Motion::Frame, direction));
                    }
                }
                self.take_in(answer);
            }
            _ if self.picks() => self.pick(),
            Pane::Lesson => self.follow_in_lesson(),
            Pane::Branches => self.go_to_selected_branch(),
            Pane::Socks => self.choose_selected_sock(),
            Pane::Queues | Pane::Arp => self.open_selected_skb(),
            Pane::Plot => self.go_to_plotted(),
            Pane::Outline => self.go_to_call(),
            Pane::Capture => self.go_to_line(),
            Pane::Processes => self.choose_sock_of_descriptor(),
            _ => self.explain(),
        }
    }

    pub(super) fn selected_field(&self) -> Option<String> {
        let selected = self.ui.view(Pane::Sock).selected;
        self.picture.socks.first()?.fields.get(selected).map(|field| field.name.clone())
    }

    pub(super) fn point(&mut self, action: Action) {
        let selected = self.place_selected();
        let is_queue_or_neighbour = matches!(self.ui.focus, Pane::Queues | Pane::Arp);
        let field = self.selected_field().unwrap_or_default();
        let function = match self.ui.focus {
            Pane::Stack => self.picture.stack.get(self.ui.view(Pane::Stack).selected).map(|call| call.function.clone()),
            _ => Some(self.picture.code.function.clone()),
        };
        let host = self.picture.hosts.get(self.picture.acting).map_or("", |host| host.name.as_str());
        let Some(session) = &mut self.session else { return };
        let place = match action {
            Action::Break if selected.is_some() => selected.ok_or(Refused::NothingSelected),
            Action::Watch if is_queue_or_neighbour => selected.ok_or(Refused::NothingSelected),
            Action::Break => session.place_of_function(host, function.as_deref().unwrap_or("")),
            Action::Watch => session.place_of_field(&field),
            _ => {
                let answer = session.run_to_writer(&field);
                self.take_in(Some(answer));
                return;
            }
        };
        self.toggle_stop(place);
    }
}
