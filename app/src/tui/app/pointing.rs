//! Acting on what is selected: following it, watching it, breaking on it, losing it on the wire, answering it.

use super::App;
use crate::i18n::Message;
use crate::picture::pane::Pane;
use crate::picture::{Beat, LadderRow};
use crate::session::contract::LessonAct;
use crate::session::motion::{Direction, Motion, WireAct};
use crate::tui::action::Action;
use crate::tui::panes::ladder;

impl App {
    /// Enter: the ladder jumps to its frame, a field to the step that wrote it.
    pub(super) fn follow(&mut self) {
        match self.ui.focus {
            Pane::Ladder => {
                let distance = self.ui.view(Pane::Ladder).scroll;
                let row = ladder::selected(&self.picture.ladder, distance);
                let frames =
                    |rows: &[LadderRow]| rows.iter().filter(|row| matches!(row, LadderRow::Frame { .. })).count();
                let rows = &self.picture.ladder.rows;
                let (from, to) = (row.min(self.picture.ladder.now), row.max(self.picture.ladder.now));
                let count = frames(rows.get(from..to).unwrap_or(&[]));
                let direction = if row < self.picture.ladder.now { Direction::Backward } else { Direction::Forward };
                let mut moved = false;
                if let Some(run) = &mut self.session.run {
                    for _ in 0..count.max(1) {
                        moved |= run.travel(Motion::Frame, direction);
                    }
                }
                self.moved(moved);
            }
            Pane::Sock => self.point(Action::WhoWrote),
            Pane::Lesson => self.show_evidence(),
            _ => {}
        }
    }

    /// The first step that settled a question, and with every Enter the next one.
    fn show_evidence(&mut self) {
        let Some(Beat::Reveal(verdict)) = self.picture.lesson.as_ref().map(|lesson| &lesson.shows) else { return };
        let here = self.picture.step;
        let steps = || verdict.evidence.iter().map(|(step, _)| *step);
        let Some(step) = steps().find(|step| *step > here).or_else(|| steps().next()) else { return };
        let moved = self.session.run.as_mut().is_some_and(|run| run.go_to(step));
        self.moved(moved);
    }

    pub(super) fn selected_field(&self) -> Option<String> {
        let selected = self.ui.view(Pane::Sock).selected;
        self.picture.socks.first()?.fields.get(selected).map(|field| field.name.clone())
    }

    pub(super) fn point(&mut self, action: Action) {
        let lang = self.ui.lang;
        let field = self.selected_field().unwrap_or_default();
        let function = match self.ui.focus {
            Pane::Stack => self.picture.stack.get(self.ui.view(Pane::Stack).selected).map(|call| call.function.clone()),
            _ => Some(self.picture.code.function.clone()),
        };
        let Some(run) = &mut self.session.run else { return };
        let message = match action {
            Action::Break => run.toggle_break(function.as_deref().unwrap_or(""), lang),
            Action::Watch => run.toggle_watch(&field, lang),
            _ => run.go_to_writer(&field).then(String::new),
        };
        self.refresh();
        let message = message.unwrap_or_else(|| Message::NotHere.text(lang).to_owned());
        self.ui.message = (!message.is_empty()).then_some(message);
    }

    pub(super) fn wire(&mut self, act: WireAct) {
        let row = ladder::selected(&self.picture.ladder, self.ui.view(Pane::Ladder).scroll);
        let number = self.picture.ladder.rows.iter().skip(row).find_map(|row| match row {
            LadderRow::Frame { number, .. } => Some(*number),
            LadderRow::State { .. } => None,
        });
        let lang = self.ui.lang;
        let answer = match (&mut self.session.run, number) {
            (Some(run), Some(number)) => run.wire(act, number, lang),
            _ => Err(String::new()),
        };
        self.refresh();
        let said = answer.unwrap_or_else(|why| why);
        self.ui.message = Some(if said.is_empty() { Message::NotHere.text(lang).to_owned() } else { said });
    }

    pub(super) fn next_course(&mut self) {
        let lang = self.ui.lang;
        let said = self.session.run.as_mut().and_then(|run| run.next_course(lang));
        self.moved(true);
        self.ui.message = Some(said.unwrap_or_else(|| Message::NotHere.text(lang).to_owned()));
    }

    pub(super) fn lesson(&mut self, act: LessonAct) {
        let done = self.session.run.as_mut().is_some_and(|run| run.lesson(act));
        if done {
            self.moved(true);
        } else if self.asking() {
            self.ui.message = Some(Message::Masked.text(self.ui.lang).to_owned());
        } else {
            self.ui.message = Some(Message::NotHere.text(self.ui.lang).to_owned());
        }
    }
}
