//! What the end card of a lesson leads to beside the next lesson: its second pass, and the ladder to hold one's drawing against.

use lessons::Files;

use super::App;
use crate::catalog::{self, Opening};
use crate::i18n::Message;
use crate::lesson::progress;
use crate::picture::Pane;
use crate::session::Session;
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::hints::closing;

impl App {
    /// From the end card to what it offers.
    pub(super) fn leave_lesson(&mut self, action: Action) {
        match action {
            Action::OnceMore => self.once_more(),
            Action::CompareDrawing => self.compare_drawing(),
            _ => self.next_lesson(),
        }
    }

    /// Opens the second pass in the place of the first.
    pub(super) fn once_more(&mut self) {
        let is_offered = closing(&self.picture).is_some_and(|closing| closing.second_pass.is_some());
        let files = self.session.as_mut().filter(|_| is_offered).and_then(Session::second_pass);
        match files {
            Some(files) => self.open_lesson(files),
            None => self.ui.message = Some(Message::NotAtTheEnd.text(self.ui.lang).to_owned()),
        }
    }

    /// Opens a lesson in the place of this one, as the same student.
    pub(super) fn open_lesson(&mut self, files: Files) {
        if !self.leave_run() {
            return;
        }
        let student = self.session.as_mut().and_then(Session::student).unwrap_or_else(progress::student);
        let opened = catalog::lesson(files, &student).map(Opening::from);
        self.close();
        self.open_as(opened);
    }

    /// Shows the ladder alone, with the whole run behind it.
    fn compare_drawing(&mut self) {
        if closing(&self.picture).is_none() {
            self.ui.message = Some(Message::NotAtTheEnd.text(self.ui.lang).to_owned());
            return;
        }
        let answer = self.session.as_mut().map(|session| session.travel(Motion::End, Direction::Forward));
        self.take_in(answer);
        self.ui.focus_on(Pane::Ladder);
        self.ui.zoomed = true;
        self.ui.message = Some(self.ui.keys.named_in(Message::BackToTheCard.text(self.ui.lang)).into());
    }
}
