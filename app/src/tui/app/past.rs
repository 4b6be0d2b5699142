//! Changing the past from the screen: what becomes of the frame under the ladder's cursor, of a timer, and the branches that come of
//! it. Promise: a key acts on what is selected or says that nothing is.

use stack::link::wire::Fate;
use tui_input::Input;

use super::keys::edit;
use super::{App, Flow};
use crate::i18n::Message;
use crate::picture::{LadderRow, Pane};
use crate::session::answer::Refused;
use crate::session::motion::WireAct;
use crate::session::past::{BranchShown, Done};
use crate::tui::keymap::Key;
use crate::tui::panes::ladder;
use crate::tui::ui_state::{Asking, FrameForm, Overlay};

/// The lowest bit of an octet is turned where a person damages it: the checksum must notice.
const DAMAGE: u8 = 1;

/// How long a frame is delayed where nothing is typed.
const USUAL_DELAY: &str = "500ms";

/// The octet that is offered: the last of a TCP header without options.
const USUAL_OCTET: usize = 53;

impl App {
    /// The frame under the ladder's cursor.
    fn frame_on_ladder(&self) -> Result<u64, Refused> {
        let row = ladder::selected(&self.picture.ladder, self.ui.view(Pane::Ladder).scroll);
        match self.picture.ladder.rows.get(row) {
            Some(LadderRow::Frame { number, .. }) => Ok(*number),
            Some(LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. }) | None => {
                Err(Refused::NothingSelected)
            }
        }
    }

    pub(super) fn wire(&mut self, act: WireAct) {
        if self.is_task_on_wire() && self.ui.focus != Pane::Ladder {
            // Nobody loses a frame that he has not chosen.
            self.ui.focus_on(Pane::Ladder);
            self.ui.message = Some(self.ui.keys.named_in(Message::ChooseFrame.text(self.ui.lang)).into_owned());
            return;
        }
        let frame = match self.frame_on_ladder() {
            Ok(frame) => frame,
            Err(refused) => return self.refuse(&refused),
        };
        match act {
            WireAct::Drop => self.give_fate(frame, Fate::Drop),
            WireAct::Duplicate => self.give_fate(frame, Fate::Duplicate),
            WireAct::Delay => self.ui.overlay = Overlay::Prompt(Asking::Delay(frame), Input::default()),
            WireAct::Corrupt => {
                let length =
                    self.session.as_ref().and_then(|session| session.frame_bytes(frame)).map_or(0, |bytes| bytes.len());
                let octet = USUAL_OCTET.min(length.saturating_sub(1));
                self.ui.overlay = Overlay::Prompt(Asking::Octet(frame), Input::new(octet.to_string()));
            }
            WireAct::Overtake => {
                let lang = self.ui.lang;
                let done = self.session.as_mut().map(|session| session.let_overtake(frame, lang));
                self.take_in_done(done);
            }
            WireAct::Edit => {
                let bytes = self.session.as_ref().and_then(|session| session.frame_bytes(frame));
                match bytes {
                    Some(bytes) => self.ui.overlay = Overlay::Frame(Box::new(FrameForm::new(frame, bytes))),
                    None => self.refuse(&Refused::NoSuchFrame(frame)),
                }
            }
        }
    }

    fn give_fate(&mut self, frame: u64, fate: Fate) {
        let lang = self.ui.lang;
        let done = self.session.as_mut().map(|session| session.wire(frame, fate, lang));
        self.take_in_done(done);
    }

    /// Takes in what came of an act: the run that is shown is another one, or a sentence says why not.
    fn take_in_done(&mut self, done: Option<Result<Done, Refused>>) {
        match done {
            Some(Ok(done)) => {
                self.moved(true);
                self.ui.message = Some(done.text(self.ui.lang));
            }
            Some(Err(refused)) => {
                self.moved(true);
                self.refuse(&refused);
            }
            None => {}
        }
    }

    /// How long a frame is to be held back, as it was typed.
    pub(super) fn delay(&mut self, frame: u64, typed: &str) {
        let typed = if typed.trim().is_empty() { USUAL_DELAY } else { typed };
        match microseconds(typed) {
            Some(more) => self.give_fate(frame, Fate::Delay(more)),
            None => self.refuse(&Refused::NoDuration(typed.trim().to_owned())),
        }
    }

    /// Which octet of a frame is to be damaged, as it was typed.
    pub(super) fn damage(&mut self, frame: u64, typed: &str) {
        let length =
            self.session.as_ref().and_then(|session| session.frame_bytes(frame)).map_or(0, |bytes| bytes.len());
        match typed.trim().parse::<usize>().ok().filter(|octet| *octet < length) {
            Some(octet) => self.give_fate(frame, Fate::Corrupt(octet, DAMAGE)),
            None => self.refuse(&Refused::NoOctet(typed.trim().to_owned(), length)),
        }
    }

    /// The selected timer fires now.
    pub(super) fn fire(&mut self) {
        let (host, place, lang) = (self.picture.host, self.ui.view(Pane::Timers).selected, self.ui.lang);
        let done = self.session.as_mut().map(|session| session.fire(host, place, lang));
        self.take_in_done(done);
    }

    pub(super) fn next_branch(&mut self) {
        let lang = self.ui.lang;
        let shown = self.session.as_mut().map(|session| session.next_branch(lang));
        self.show_branch(shown);
    }

    /// The branch of the selected row, by its index.
    fn selected_branch(&self) -> Option<usize> {
        let selected = self.ui.view(Pane::Branches).selected;
        self.picture.branches.get(selected).map(|row| row.number.saturating_sub(1))
    }

    pub(super) fn go_to_selected_branch(&mut self) {
        let (branch, lang) = (self.selected_branch(), self.ui.lang);
        let shown = self.session.as_mut().zip(branch).map(|(session, branch)| session.go_to_branch(branch, lang));
        self.show_branch(shown);
    }

    fn show_branch(&mut self, shown: Option<Result<BranchShown, Refused>>) {
        match shown {
            Some(Ok(BranchShown { number, count, parted })) => {
                self.moved(true);
                let (number, count) = (number.to_string(), count.to_string());
                let lang = self.ui.lang;
                self.ui.message = Some(match parted {
                    None => Message::BranchShown.fill(lang, &[&number, &count]),
                    Some((from, step, what)) => {
                        let (from, step) = (from.to_string(), step.to_string());
                        Message::BranchParted.fill(lang, &[&number, &count, &from, &step, &what])
                    }
                });
            }
            Some(Err(refused)) => self.refuse(&refused),
            None => {}
        }
    }

    /// Throws the selected branch away.
    pub(super) fn throw_branch_away(&mut self) {
        let branch = self.selected_branch();
        let thrown = self.session.as_mut().zip(branch).map(|(session, branch)| session.throw_away(branch));
        match thrown {
            Some(Ok(number)) => {
                self.moved(true);
                let last = self.picture.branches.len().saturating_sub(1);
                self.ui.change(Pane::Branches, |view| view.selected = view.selected.min(last));
                self.ui.message = Some(Message::BranchGone.fill(self.ui.lang, &[&number.to_string()]));
            }
            Some(Err(refused)) => self.refuse(&refused),
            None => {}
        }
    }

    /// A key in the form that edits a frame.
    pub(super) fn key_in_frame_form(&mut self, key: &Key) -> Flow {
        let Overlay::Frame(form) = &mut self.ui.overlay else { return Flow::Idle };
        let lang = self.ui.lang;
        if let Some(input) = &mut form.input {
            match key.name() {
                "Esc" => form.input = None,
                "Enter" => {
                    let typed = input.value().to_owned();
                    form.set(&typed, lang);
                }
                name => {
                    edit(input, name);
                }
            }
            return Flow::Draw;
        }
        form.complaint = None;
        let last = form.fields.len().saturating_sub(1);
        match key.name() {
            "Esc" => self.ui.overlay = Overlay::Nothing,
            "Up" | "k" => form.selected = form.selected.saturating_sub(1),
            "Down" | "j" => form.selected = (form.selected + 1).min(last),
            "PageUp" => form.selected = form.selected.saturating_sub(10),
            "PageDown" => form.selected = (form.selected + 10).min(last),
            "Enter" => form.begin(),
            "Space" => form.flip(),
            "c" => form.mends = !form.mends,
            "w" => {
                let (frame, bytes) = (form.frame, form.bytes());
                let is_changed = bytes != form.was;
                if is_changed {
                    self.ui.overlay = Overlay::Nothing;
                    self.give_fate(frame, Fate::Replace(bytes));
                } else {
                    form.complaint = Some(Message::FormUnchanged.text(lang).to_owned());
                }
            }
            _ => {}
        }
        Flow::Draw
    }
}

/// A span of time as a person types it, in microseconds: `200us`, `50ms`, `1.5s`; a number alone counts milliseconds.
fn microseconds(typed: &str) -> Option<u64> {
    let typed = typed.trim();
    let units = [("us", 1.0), ("µs", 1.0), ("ms", 1e3), ("s", 1e6)];
    let (number, unit) = units
        .iter()
        .find_map(|(name, unit)| typed.strip_suffix(name).map(|number| (number, *unit)))
        .unwrap_or((typed, 1e3));
    let value = number.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0)? * unit;
    // A day is longer than any connection that a person looks at.
    (value <= 86_400e6).then_some(value.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_of_time_is_read_with_its_unit() {
        for (typed, expected) in
            [("200us", 200), ("50ms", 50_000), ("1.5 s", 1_500_000), ("7", 7_000), (" 0.5ms ", 500), ("3µs", 3)]
        {
            assert_eq!(microseconds(typed), Some(expected), "{typed}");
        }
        for typed in ["", "ms", "-1s", "0", "nan", "inf", "1e300s", "soon"] {
            assert_eq!(microseconds(typed), None, "{typed}");
        }
    }
}
