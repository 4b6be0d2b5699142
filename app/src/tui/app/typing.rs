//! The prompt for system calls and the texts of /proc/net: what their keys do.

use tui_input::{Input, InputRequest};

use super::keys::edit;
use super::{App, Flow};
use crate::i18n::Message;
use crate::session::call_line::CallLineError;
use crate::session::call_line::complete::complete;
use crate::tui::action::Action;
use crate::tui::keymap::{Key, Meaning};
use crate::tui::ui_state::{Offer, Overlay, ProcView, Typing};

/// Lines kept of what was typed.
const HISTORY: usize = 200;

impl App {
    /// Opens the prompt for system calls on the host that is looked at.
    pub(super) fn open_typing(&mut self) {
        let host = self.picture.host;
        let mut typing = Typing { host, ..Typing::default() };
        self.surround(&mut typing);
        self.ui.overlay = Overlay::Call(Box::new(typing));
    }

    fn surround(&mut self, typing: &mut Typing) {
        typing.name = self.picture.hosts.get(typing.host).map_or(String::new(), |host| host.name.clone());
        if let Some(session) = &mut self.session {
            typing.around = session.surroundings(typing.host);
        }
    }

    pub(super) fn key_in_typing(&mut self, key: &Key) -> Flow {
        let Overlay::Call(typing) = std::mem::take(&mut self.ui.overlay) else { return Flow::Idle };
        let mut typing = *typing;
        let kept = typing.offer.take();
        match key.name() {
            "Esc" => return Flow::Draw,
            "Enter" => return self.make_typed_call(typing),
            "Tab" => {
                let descriptors = &typing.around.descriptors;
                let found = |line: &str, cursor: usize| {
                    let found = complete(line, cursor, descriptors);
                    (found.start, found.candidates)
                };
                let (offer, changed) = offer(&mut typing.input, kept, found);
                typing.offer = offer;
                if changed {
                    typing.complaint = None;
                }
            }
            "BackTab" => {
                typing.host = (typing.host + 1) % self.picture.hosts.len().max(1);
                typing.complaint = None;
                self.surround(&mut typing);
            }
            "Up" | "Down" => {
                let (input, recalled, draft) = (&mut typing.input, &mut typing.recalled, &mut typing.draft);
                recall(input, recalled, draft, &self.ui.typed, key.name() == "Up");
                typing.complaint = None;
            }
            name => {
                if edit(&mut typing.input, name) {
                    typing.complaint = None;
                    typing.recalled = None;
                }
            }
        }
        self.ui.overlay = Overlay::Call(Box::new(typing));
        Flow::Draw
    }

    fn make_typed_call(&mut self, mut typing: Typing) -> Flow {
        let line = typing.input.value().trim_end().to_owned();
        if line.is_empty() {
            return Flow::Draw;
        }
        remember(&mut self.ui.typed, &line);
        let lang = self.ui.lang;
        let made = match &mut self.session {
            Some(session) => session.prompt(&line, typing.host, lang),
            None => Err(CallLineError::of_line(Message::NoActionHere.text(lang).to_owned())),
        };
        match made {
            Ok(said) => {
                // The host of the call acts now: it is the one to look at.
                self.ui.host = 0;
                self.ui.playback = crate::tui::playback::Playback::Paused;
                self.moved(true);
                self.ui.message = Some(said);
            }
            Err(complaint) => {
                typing.complaint = Some(complaint);
                self.ui.overlay = Overlay::Call(Box::new(typing));
            }
        }
        Flow::Draw
    }

    /// Opens the texts of /proc/net.
    pub(super) fn open_proc(&mut self) {
        self.ui.overlay = Overlay::ProcNet(Box::default());
        self.refresh_proc();
    }

    /// Reads the open text of /proc/net anew.
    pub(super) fn refresh_proc(&mut self) {
        let request = self.request();
        let Overlay::ProcNet(view) = &mut self.ui.overlay else { return };
        if let Some(session) = &mut self.session {
            view.text = session.proc_net(request, view.text.file);
        }
    }

    /// Keys while a text of /proc/net lies over the screen: its own, then those that move through the run.
    pub(super) fn key_in_proc(&mut self, key: &Key) -> Flow {
        let meaning = self.ui.keys.meaning(crate::tui::action::Mode::Main, None, key);
        let Overlay::ProcNet(view) = &mut self.ui.overlay else { return Flow::Idle };
        let files = view.text.files.len().max(1);
        let file = view.text.files.iter().position(|file| *file == view.text.file).unwrap_or(0);
        let digit = key.name().parse::<usize>().ok().filter(|digit| (1..=files).contains(digit));
        match key.name() {
            "Esc" => self.ui.overlay = Overlay::Nothing,
            "Left" => turn(view, (file + files - 1) % files),
            "Right" | "Tab" => turn(view, (file + 1) % files),
            "Up" => view.scroll = view.scroll.saturating_sub(1),
            "Down" => view.scroll = (view.scroll + 1).min(view.text.lines.len().saturating_sub(1)),
            "PageUp" => view.scroll = view.scroll.saturating_sub(10),
            "PageDown" => view.scroll = (view.scroll + 10).min(view.text.lines.len().saturating_sub(1)),
            "z" => view.whole = !view.whole,
            _ => match (digit, meaning) {
                (Some(digit), _) => turn(view, digit - 1),
                (None, Meaning::Act(Action::ProcNet)) => self.ui.overlay = Overlay::Nothing,
                (
                    None,
                    Meaning::Act(action @ (Action::Travel(..) | Action::Host | Action::Language | Action::Theme)),
                ) => {
                    self.act(action);
                }
                (
                    None,
                    Meaning::Act(action @ (Action::Redraw | Action::Suspend | Action::ExportSvg | Action::ExportText)),
                ) => {
                    return self.act(action);
                }
                (None, Meaning::Act(_) | Meaning::Prefix | Meaning::Nothing) => return Flow::Idle,
            },
        }
        self.refresh_proc();
        Flow::Draw
    }
}

fn turn(view: &mut ProcView, file: usize) {
    if let Some(file) = view.text.files.get(file) {
        view.text.file = *file;
    }
    view.scroll = 0;
}

/// Keeps a line of what was typed.
pub(super) fn remember(typed: &mut Vec<String>, line: &str) {
    if typed.last().is_none_or(|last| last != line) {
        typed.push(line.to_owned());
        let surplus = typed.len().saturating_sub(HISTORY);
        typed.drain(..surplus);
    }
}

/// Puts the next completion in the place of the word at the cursor. `found` gives, for a line and a cursor, where that word
/// begins and what it may become. Says what Tab goes on with, and whether the line is another now.
pub(super) fn offer(
    input: &mut Input,
    kept: Option<Offer>,
    found: impl FnOnce(&str, usize) -> (usize, Vec<String>),
) -> (Option<Offer>, bool) {
    let line = input.value().to_owned();
    let cursor = input.cursor();
    let offer = match kept {
        Some(offer) => Offer { chosen: (offer.chosen + 1) % offer.words.len().max(1), ..offer },
        None => {
            let (start, words) = found(&line, cursor);
            Offer { start, end: cursor, words, chosen: 0 }
        }
    };
    let Some(word) = offer.words.get(offer.chosen) else { return (None, false) };
    let head: String = line.chars().take(offer.start).chain(word.chars()).collect();
    let end = head.chars().count();
    let tail: String = line.chars().skip(offer.end).collect();
    *input = Input::new(format!("{head}{tail}"));
    input.handle(InputRequest::SetCursor(end));
    ((offer.words.len() > 1).then_some(Offer { end, ..offer }), true)
}

/// Goes through what was typed before; behind the last of it stands what was being typed.
pub(super) fn recall(
    input: &mut Input,
    recalled: &mut Option<usize>,
    draft: &mut String,
    typed: &[String],
    older: bool,
) {
    let here = recalled.unwrap_or(typed.len());
    if recalled.is_none() {
        *draft = input.value().to_owned();
    }
    let next = if older { here.saturating_sub(1) } else { (here + 1).min(typed.len()) };
    *recalled = (next < typed.len()).then_some(next);
    *input = Input::new(typed.get(next).unwrap_or(draft).clone());
}
