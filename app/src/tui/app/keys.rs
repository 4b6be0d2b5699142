//! Keys: in the run, in the lists that lie over it, and in its one-line prompts.

use std::time::Instant;

use crossterm::event::KeyEvent;
use lessons::{Act, View};
use tui_input::{Input, InputRequest};

use super::{App, Flow, PANEL_DELAY};
use crate::i18n::Message;
use crate::session::motion::{Direction, WireAct};
use crate::tui::action::{Action, Mode};
use crate::tui::keymap::{Key, Meaning};
use crate::tui::screen;
use crate::tui::ui_state::{Asking, Overlay};

impl App {
    pub(super) fn key(&mut self, event: KeyEvent) -> Flow {
        Key::from_event(event).map_or(Flow::Idle, |key| self.press(&key))
    }

    /// Does what a key does here.
    pub fn press(&mut self, key: &Key) -> Flow {
        if key.name() == "Ctrl-c" {
            return Flow::Quit;
        }
        if key.name() == "Esc" && (self.give_up() || self.put_card_away() || self.leave_found_code()) {
            return Flow::Draw;
        }
        match &self.ui.overlay {
            Overlay::Help(..) | Overlay::Palette(..) => return self.key_in_choice(key),
            Overlay::Prompt(..) => return self.key_in_prompt(key),
            Overlay::Output(..) => {
                self.ui.overlay = Overlay::Nothing;
                return Flow::Draw;
            }
            Overlay::Call(_) => return self.key_in_typing(key),
            Overlay::ProcNet(_) => return self.key_in_proc(key),
            Overlay::Compare(_) => return self.key_in_comparison(key),
            Overlay::Frame(_) => return self.key_in_frame_form(key),
            Overlay::Why(_) => return self.key_in_why(key),
            Overlay::Stop(_) => return self.key_in_stop(key),
            Overlay::Go(_) => return self.key_in_go(key),
            Overlay::Card(_) => return self.key_in_card(key),
            Overlay::Skb(_) => return self.key_in_skb(key),
            Overlay::Side(_) => return self.key_in_side(key),
            Overlay::Reading(_) => return self.key_in_reading(key),
            Overlay::WhichKey(_) | Overlay::Nothing => {}
        }
        let listed = matches!(std::mem::take(&mut self.ui.overlay), Overlay::WhichKey(_));
        let before = self.ui.prefix.take();
        match self.meaning(before.as_ref(), key) {
            Meaning::Act(Action::Count) => {
                self.count_by(key);
                Flow::Draw
            }
            Meaning::Act(action) => self.act(action),
            Meaning::Prefix => {
                let prefix = key.after(before.as_ref());
                self.ui.prefix = Some(prefix.clone());
                if !listed {
                    self.panel_due = Some(Instant::now() + PANEL_DELAY);
                    return Flow::Idle;
                }
                // Who reads the panel goes on reading.
                self.ui.overlay = Overlay::WhichKey(prefix);
                Flow::Draw
            }
            Meaning::Nothing => Flow::Draw,
        }
    }

    /// What a key means here. What only runs have is answered in an observed capture too, so the keys of a pane mean there what they
    /// mean anywhere.
    fn meaning(&self, before: Option<&Key>, key: &Key) -> Meaning {
        let keys = &self.ui.keys;
        // In a task on the wire the keys of the ladder count in every pane.
        if self.is_task_on_wire()
            && let Meaning::Act(action @ Action::Wire(WireAct::Drop | WireAct::Duplicate | WireAct::Delay)) =
                keys.meaning(Mode::Ladder, before, key)
        {
            return Meaning::Act(action);
        }
        // In a task the keys are those of the panes; a hint is asked for as in a question.
        if let Meaning::Act(action @ (Action::Hint | Action::Skip)) = keys.meaning(Mode::Quiz, before, key)
            && self.is_task_key(action)
        {
            return Meaning::Act(action);
        }
        match keys.meaning(self.mode(), before, key) {
            Meaning::Nothing if self.observed.is_some() => keys.meaning(self.ui.mode(false, false), before, key),
            meaning => meaning,
        }
    }

    /// Puts the card of an Oops away, where it is seen and nothing lies over it; says whether it did.
    fn put_card_away(&mut self) -> bool {
        let seen =
            self.picture.oops.as_ref().filter(|oops| oops.is_here && matches!(self.ui.overlay, Overlay::Nothing));
        let step = seen.map(|oops| oops.step).filter(|step| self.ui.oops_read != Some(*step));
        self.ui.oops_read = step.or(self.ui.oops_read);
        step.is_some()
    }

    pub(super) fn asking(&self) -> bool {
        self.picture.lesson.as_ref().is_some_and(View::asks)
    }

    pub(super) fn key_in_choice(&mut self, key: &Key) -> Flow {
        let help = matches!(self.ui.overlay, Overlay::Help(..));
        let rows = screen::rows(&self.ui, !self.is_open());
        let (Overlay::Help(input, selected) | Overlay::Palette(input, selected)) = &mut self.ui.overlay else {
            return Flow::Idle;
        };
        match key.name() {
            "Esc" => self.ui.overlay = Overlay::Nothing,
            "Enter" => {
                let chosen = rows.get(*selected).map(|row| row.entry.action);
                self.ui.overlay = Overlay::Nothing;
                return chosen.map_or(Flow::Draw, |action| self.act(action));
            }
            "Up" | "Ctrl-p" => *selected = selected.saturating_sub(1),
            "Down" | "Ctrl-n" => *selected = (*selected + 1).min(rows.len().saturating_sub(1)),
            "PageUp" => *selected = selected.saturating_sub(10),
            "PageDown" => *selected = (*selected + 10).min(rows.len().saturating_sub(1)),
            "?" if help && input.value().is_empty() => self.ui.overlay = Overlay::Nothing,
            name => {
                if edit(input, name) {
                    *selected = 0;
                }
            }
        }
        Flow::Draw
    }

    pub(super) fn key_in_prompt(&mut self, key: &Key) -> Flow {
        let Overlay::Prompt(asking, input) = &mut self.ui.overlay else { return Flow::Idle };
        let asking = *asking;
        match key.name() {
            "Esc" => {
                self.ui.overlay = Overlay::Nothing;
                if asking == Asking::Filter {
                    self.forget_filter();
                }
            }
            name if asking.takes_a_letter() => {
                let mut letters = name.chars();
                self.ui.overlay = Overlay::Nothing;
                if let (Some(letter), None) = (letters.next(), letters.next()) {
                    self.mark(asking, letter);
                }
            }
            "Enter" => {
                let value = input.value().to_owned();
                self.ui.overlay = Overlay::Nothing;
                self.answer_prompt(asking, value);
            }
            "Tab" if matches!(asking, Asking::File | Asking::Compare) => return self.complete_path(),
            name => {
                edit(input, name);
                self.path_offer = None;
                self.find_while_typing();
                self.filter_while_typing();
            }
        }
        Flow::Draw
    }

    pub(super) fn mark(&mut self, asking: Asking, letter: char) {
        let shown = letter.to_string();
        let lang = self.ui.lang;
        let Some(mut walked) = self.walked() else { return };
        let message = match asking {
            Asking::SetMark => {
                walked.set_mark(letter);
                Message::MarkSet.fill(lang, &[&shown])
            }
            _ if walked.go_to_mark(letter) => String::new(),
            _ => Message::NoMark.fill(lang, &[&shown]),
        };
        self.refresh();
        self.ui.message = (!message.is_empty()).then_some(message);
    }

    pub(super) fn answer_prompt(&mut self, asking: Asking, value: String) {
        match asking {
            // At home the item was found while it was typed.
            Asking::Find if !self.is_open() => {}
            Asking::Find => {
                self.ui.found = value;
                self.find(Direction::Forward);
            }
            Asking::Step | Asking::CapturedFrame => {
                if let Ok(number) = value.trim().parse() {
                    self.go_to(number);
                }
            }
            Asking::File => self.open_path(&value),
            Asking::Shell => self.shell(&value),
            Asking::Write | Asking::WriteCalls => self.lesson(Act::Write(value)),
            Asking::Compare => self.compare(&value),
            Asking::Delay(frame) => self.delay(frame, &value),
            Asking::Octet(frame) => self.damage(frame, &value),
            // The rows have followed what was typed.
            Asking::SetMark | Asking::GoMark | Asking::Filter => {}
        }
    }

    /// Pasted text goes where text is typed. Where a line is a system call, or one of a scene, every line of it is made as if
    /// Enter had been pressed after it; the last one, where no line feed ends it, stays to be looked at.
    pub(super) fn paste(&mut self, text: &str) -> Flow {
        if !matches!(self.ui.overlay, Overlay::Call(_) | Overlay::Prompt(Asking::Write | Asking::WriteCalls, _)) {
            return self.insert(text);
        }
        let reopened = self.ui.overlay.clone();
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (place, line) in text.split_inclusive('\n').enumerate() {
            if place > 0 {
                match reopened {
                    Overlay::Call(_) => self.open_typing(),
                    _ => self.ask(self.writing()),
                }
            }
            self.insert(line);
            if line.ends_with('\n') {
                if line.trim().is_empty() && place > 0 {
                    self.ui.overlay = Overlay::Nothing;
                    continue;
                }
                self.press(&Key::named("Enter"));
            }
            if matches!(&self.ui.overlay, Overlay::Call(typing) if typing.complaint.is_some()) {
                // What comes after a line that was not understood was meant for what it would have done.
                break;
            }
        }
        Flow::Draw
    }

    fn insert(&mut self, text: &str) -> Flow {
        let input = match &mut self.ui.overlay {
            Overlay::Prompt(_, input) | Overlay::Help(input, _) | Overlay::Palette(input, _) => input,
            Overlay::Call(typing) => &mut typing.input,
            Overlay::Frame(form) => match &mut form.input {
                Some(input) => input,
                None => return Flow::Idle,
            },
            Overlay::Stop(typing) => &mut typing.input,
            Overlay::Reading(view) => match &mut view.typing {
                Some(input) => input,
                None => return Flow::Idle,
            },
            Overlay::Go(view) => {
                if std::mem::take(&mut view.is_old) {
                    view.input = Input::default();
                }
                &mut view.input
            }
            Overlay::WhichKey(_)
            | Overlay::ProcNet(_)
            | Overlay::Compare(_)
            | Overlay::Why(_)
            | Overlay::Card(_)
            | Overlay::Skb(_)
            | Overlay::Side(_)
            | Overlay::Output(..)
            | Overlay::Nothing => return Flow::Idle,
        };
        for character in text.chars().filter(|c| !c.is_control()) {
            input.handle(InputRequest::InsertChar(character));
        }
        self.retype();
        self.filter_while_typing();
        Flow::Draw
    }
}

/// Edits a line of typed text by a key; `false` where the key edits nothing.
pub(super) fn edit(input: &mut Input, name: &str) -> bool {
    let mut characters = name.chars();
    let request = match name {
        "Backspace" => InputRequest::DeletePrevChar,
        "Delete" => InputRequest::DeleteNextChar,
        "Left" => InputRequest::GoToPrevChar,
        "Right" => InputRequest::GoToNextChar,
        "Home" => InputRequest::GoToStart,
        "End" => InputRequest::GoToEnd,
        "Ctrl-u" => InputRequest::DeleteLine,
        "Ctrl-w" => InputRequest::DeletePrevWord,
        "Space" => InputRequest::InsertChar(' '),
        _ => match (characters.next(), characters.next()) {
            (Some(only), None) => InputRequest::InsertChar(only),
            _ => return false,
        },
    };
    input.handle(request).is_some()
}
