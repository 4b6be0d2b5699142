//! Texts that are read over the screen: the stream of a connection, and the entries that tell where 1.2.13 differs; what their keys do.

use tui_input::Input;

use super::keys::edit;
use super::{App, Flow};
use crate::i18n::{Message, Words};
use crate::picture::{LadderRow, Pane};
use crate::scenario::find::scene_file;
use crate::session::reasons::Reason;
use crate::tui::keymap::Key;
use crate::tui::pane::reading::{Look, Reading, ReadingView, page};
use crate::tui::panes::{capture, ladder};
use crate::tui::ui_state::Overlay;

impl App {
    /// The stream of the connection of the selected frame, else of the frame that passed last.
    pub(super) fn open_stream(&mut self) {
        let picture = &self.picture;
        let frame = match self.ui.focus {
            Pane::Ladder => {
                match picture.ladder.rows.get(ladder::selected(&picture.ladder, self.ui.view(Pane::Ladder).scroll)) {
                    Some(LadderRow::Frame { number, .. }) => Some(*number),
                    Some(LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. }) | None => None,
                }
            }
            _ => None,
        };
        match self.walked().and_then(|mut walked| walked.stream(frame)) {
            Some(stream) => self.read(Reading::Stream(stream, Default::default())),
            None => self.ui.message = Some(Message::NoStream.text(self.ui.lang).to_owned()),
        }
    }

    /// The line of the comparison that is selected: in the capture, or in the ladder.
    fn selected_line(&self) -> Option<usize> {
        let picture = &self.picture;
        if self.ui.focus == Pane::Ladder {
            let row = ladder::selected(&picture.ladder, self.ui.view(Pane::Ladder).scroll);
            return match picture.ladder.rows.get(row)? {
                LadderRow::Frame { at_capture, .. } => at_capture.as_ref()?.line,
                LadderRow::Captured { at_capture, .. } => at_capture.line,
                LadderRow::State { .. } | LadderRow::Oops { .. } => None,
            };
        }
        capture::selected(picture, self.ui.view(Pane::Capture).scroll).map(|row| row.line)
    }

    /// The entries of the list of differences that tell of the selected line.
    pub(super) fn open_differences(&mut self) {
        let lang = self.ui.lang;
        let Some(line) = self.selected_line() else {
            self.ui.message = Some(Message::NoLineSelected.text(lang).to_owned());
            return;
        };
        let Some(reason) = self.session.as_ref().and_then(|session| session.reason_of_line(line, lang)) else { return };
        let Reason { subject, sentences, entries } = reason;
        if sentences.is_empty() && entries.is_empty() {
            self.ui.message = Some(Message::NoDifference.text(lang).to_owned());
            return;
        }
        let mut told: Vec<(Look, String)> = sentences.into_iter().map(|sentence| (Look::Strong, sentence)).collect();
        for entry in &entries {
            let rfc = if entry.rfc.is_empty() { String::new() } else { format!(" (RFC {})", entry.rfc) };
            told.push((Look::Text, String::new()));
            told.push((Look::Strong, format!("{}{rfc} · {}", entry.function, entry.file)));
            told.push((Look::Text, entry.in_words(lang).replace('`', "")));
            for scene in &entry.scenes {
                let Some(file) = scene_file(scene) else { continue };
                let words = Words::new(format!("scene: sockscope lab {file}"), format!("场景：sockscope lab {file}"));
                told.push((Look::Dim, words.into_text(lang)));
            }
        }
        if entries.is_empty() {
            told.push((Look::Dim, Message::NoDifference.text(lang).to_owned()));
        }
        self.read(Reading::Entries(subject, told));
    }

    fn read(&mut self, reading: Reading) {
        self.ui.overlay = Overlay::Reading(Box::new(ReadingView::new(reading)));
    }

    pub(super) fn key_in_reading(&mut self, key: &Key) -> Flow {
        let (area, lang) = (self.area, self.ui.lang);
        let Overlay::Reading(view) = &mut self.ui.overlay else { return Flow::Idle };
        if let Some(input) = &mut view.typing {
            match key.name() {
                "Esc" => view.typing = None,
                "Enter" => {
                    self.ui.found = input.value().to_owned();
                    view.typing = None;
                    self.find_in_reading();
                }
                name => {
                    edit(input, name);
                }
            }
            return Flow::Draw;
        }
        let (last, page) = (view.last(area, lang), page(area));
        match key.name() {
            "Down" | "j" => view.scroll = (view.scroll + 1).min(last),
            "Up" | "k" => view.scroll = view.scroll.min(last).saturating_sub(1),
            "PageDown" | "Space" => view.scroll = (view.scroll + page).min(last),
            "PageUp" => view.scroll = view.scroll.min(last).saturating_sub(page),
            "Home" | "g" => view.scroll = 0,
            "End" | "G" => view.scroll = last,
            "x" => view.turn(area, lang),
            "/" => view.typing = Some(Input::default()),
            "n" => self.find_in_reading(),
            "Esc" | "q" | "Enter" => self.ui.overlay = Overlay::Nothing,
            _ => return Flow::Idle,
        }
        Flow::Draw
    }

    /// Shows the next line that has what was looked for, or says that none has.
    fn find_in_reading(&mut self) {
        let (area, lang, wanted) = (self.area, self.ui.lang, self.ui.found.to_lowercase());
        let Overlay::Reading(view) = &mut self.ui.overlay else { return };
        view.complaint = None;
        if wanted.is_empty() {
            return;
        }
        match view.find(&wanted, area, lang) {
            Some(place) => view.scroll = place.min(view.last(area, lang)),
            None => view.complaint = Some(Message::NotFound.fill(lang, &[&self.ui.found])),
        }
    }
}
