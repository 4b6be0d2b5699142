//! Going anywhere and the cards of words: their keys, and the work behind them, which goes on in slices so that a key is answered at
//! once. Promise: whatever is looked for ends when its list or card is closed.

use std::time::Instant;

use lessons::glossary::Glossary;
use stack::lab::movement::Direction;
use tui_input::Input;

use super::keys::edit;
use super::travel::{SLICE, SLICE_TURNS};
use super::{App, Flow};
use crate::catalog::Item;
use crate::i18n::Message;
use crate::picture::Pane;
use crate::session::answer::Answer;
use crate::session::go::{Finder, Goal};
use crate::session::sighting::{Seen, Side, Sighting};
use crate::tui::keymap::Key;
use crate::tui::pane::card::{self, CardView, GoHit, ScreenWord};
use crate::tui::pane::go::{self, GoRow, GoView};
use crate::tui::ui_state::Overlay;
use crate::tui::words::words_of;

/// Frames and changes held against what was typed before the time is asked for.
const SLICE_RECORDS: usize = 500;

/// What the list or the card that is open still looks for.
#[derive(Default)]
pub(super) struct Going {
    finder: Option<Finder>,
    /// Whether the run has been looked through for what was typed.
    found: bool,
    sighting: Option<Sighting>,
    /// The side that is to be gone to as soon as it is known.
    wanted: Option<Direction>,
}

impl Going {
    /// Whether there is something to be done at once.
    pub(super) fn is_busy(&self) -> bool {
        self.finder.is_some() && !self.found || self.sighting.as_ref().is_some_and(Sighting::is_open)
    }
}

impl App {
    /// Opens the list, with what was typed the last time.
    pub(super) fn open_go(&mut self) {
        let typed = self.ui.gone_to.clone();
        let titles: Vec<String> = self.lessons().map(|(_, title)| title.to_owned()).collect();
        let lang = self.ui.lang;
        let Some(session) = &mut self.session else { return };
        let finder = session.finder(&typed, &titles, lang);
        self.going = Going { finder: Some(finder), ..Going::default() };
        let view = GoView { is_old: !typed.is_empty(), input: Input::new(typed), ..GoView::default() };
        self.ui.overlay = Overlay::Go(Box::new(view));
        self.take_rows();
    }

    /// The lessons that can be opened, with their places in the catalog.
    fn lessons(&self) -> impl Iterator<Item = (usize, String)> {
        let lang = self.ui.lang;
        let lessons = self.catalog.iter().enumerate().filter(|(_, item)| matches!(item, Item::Lesson { .. }));
        lessons.map(move |(place, item)| (place, item.title(lang)))
    }

    /// Puts what fits into the list, and begins to look for where the selected row leads.
    fn take_rows(&mut self) {
        let (step, more) = (self.picture.step, !self.going.found);
        let Overlay::Go(view) = &mut self.ui.overlay else { return };
        let Some(finder) = &self.going.finder else { return };
        view.rows = finder
            .rows()
            .map(|row| GoRow { kind: row.kind, text: row.text.clone(), detail: row.detail.clone() })
            .collect();
        view.selected = view.selected.min(view.rows.len().saturating_sub(1));
        (view.more, view.step) = (more, step);
        self.sight_selected();
    }

    /// What the selected row says.
    fn selected_row(&self) -> Option<String> {
        let Overlay::Go(view) = &self.ui.overlay else { return None };
        view.rows.get(view.selected).map(|row| row.text.clone())
    }

    /// Begins to look for where the selected row leads.
    fn sight_selected(&mut self) {
        let Overlay::Go(view) = &self.ui.overlay else { return };
        let chosen = self.going.finder.as_ref().and_then(|finder| finder.row(view.selected));
        let goal = chosen.map(|row| row.goal.clone());
        let seen = match goal {
            Some(Goal::See(seen, _)) => Some(seen),
            Some(Goal::Step(number)) => self.session.as_mut().map(|session| Seen::At(session.moment_of(number))),
            Some(Goal::Mark(letter)) => self.session.as_ref().and_then(|session| session.marked(letter)).map(Seen::At),
            Some(Goal::OtherEnd | Goal::Stream | Goal::Lesson(_) | Goal::Word(_)) | None => None,
        };
        let lang = self.ui.lang;
        let session = self.session.as_ref();
        self.going.sighting = seen.and_then(|seen| session.map(|session| session.sighting(&seen, lang)));
        self.going.wanted = None;
        self.take_sides();
    }

    /// Puts what is known of both sides into the list or the card.
    fn take_sides(&mut self) {
        let sides = self.going.sighting.as_ref().map(|sighting| {
            [Direction::Forward, Direction::Backward].map(|direction| sighting.side(direction).clone())
        });
        match &mut self.ui.overlay {
            Overlay::Go(view) => view.sides = sides,
            Overlay::Card(card) => card.sides = sides,
            _ => {}
        }
    }

    /// A slice of what the list or the card looks for.
    pub(super) fn go_on(&mut self) -> Flow {
        let begun = Instant::now();
        let mut news = false;
        while self.going.is_busy() && begun.elapsed() < SLICE {
            let Some(session) = &mut self.session else { break };
            match (&mut self.going.finder, &mut self.going.sighting) {
                (Some(finder), _) if !self.going.found => {
                    self.going.found = !session.find_on(finder, SLICE_RECORDS);
                    if self.going.found {
                        // Who has pressed Enter already meant the row that stood there then.
                        let (wanted, row) = (self.going.wanted, self.selected_row());
                        self.take_rows();
                        self.going.wanted = wanted.filter(|_| self.selected_row() == row);
                        news = true;
                    }
                }
                (_, Some(sighting)) => news |= session.look_on(sighting, SLICE_TURNS),
                _ => break,
            }
        }
        if !news {
            return Flow::Idle;
        }
        self.take_sides();
        if let Some(direction) = self.going.wanted {
            self.go_to_side(direction);
        }
        Flow::Draw
    }

    pub(super) fn key_in_go(&mut self, key: &Key) -> Flow {
        let Overlay::Go(view) = &mut self.ui.overlay else { return Flow::Idle };
        let last = view.rows.len().saturating_sub(1);
        let selected = view.selected;
        match key.name() {
            "Esc" => self.close_going(),
            "Enter" => self.go_to_row(None),
            "Ctrl-b" => self.go_to_row(Some(Direction::Backward)),
            "Ctrl-f" => self.go_to_row(Some(Direction::Forward)),
            "Up" | "Ctrl-p" => view.selected = selected.saturating_sub(1),
            "Down" | "Ctrl-n" => view.selected = (selected + 1).min(last),
            "PageUp" => view.selected = selected.saturating_sub(10),
            "PageDown" => view.selected = (selected + 10).min(last),
            name => {
                // The first letter takes the place of what was typed the last time; a move within it keeps it.
                if view.is_old && name.chars().count() == 1 {
                    view.input = Input::default();
                }
                if edit(&mut view.input, name) {
                    view.is_old = false;
                    self.retype();
                }
                return Flow::Draw;
            }
        }
        if let Overlay::Go(view) = &self.ui.overlay
            && view.selected != selected
        {
            self.sight_selected();
        }
        Flow::Draw
    }

    /// Other letters: the list begins anew.
    pub(super) fn retype(&mut self) {
        let Overlay::Go(view) = &mut self.ui.overlay else { return };
        view.selected = 0;
        let typed = view.input.value().to_owned();
        if let (Some(session), Some(finder)) = (&mut self.session, &self.going.finder) {
            let finder = session.retyped(finder, &typed);
            self.going = Going { finder: Some(finder), ..Going::default() };
        }
        self.ui.gone_to = typed;
        self.take_rows();
    }

    fn close_going(&mut self) {
        self.going = Going::default();
        self.ui.overlay = Overlay::Nothing;
    }

    /// Goes to the selected row: the way it prefers, or that which is asked for.
    fn go_to_row(&mut self, asked: Option<Direction>) {
        let Overlay::Go(view) = &self.ui.overlay else { return };
        let Some(row) = self.going.finder.as_ref().and_then(|finder| finder.row(view.selected)) else { return };
        match row.goal.clone() {
            Goal::See(_, first) => self.go_to_side(asked.unwrap_or(first)),
            Goal::OtherEnd => {
                self.close_going();
                self.switch_side();
            }
            Goal::Stream => {
                self.close_going();
                self.open_stream();
            }
            Goal::Mark(_) | Goal::Step(_) => self.go_to_side(Direction::Forward),
            Goal::Word(word) => {
                self.going = Going::default();
                self.open_card(vec![ScreenWord { text: word, subject: None }], 0);
            }
            Goal::Lesson(place) => {
                let item = self.lessons().nth(place).map(|(item, _)| item);
                self.close_going();
                if let Some(item) = item {
                    self.open_instead(item);
                }
            }
        }
    }

    /// Goes to one side of the cursor, as soon as it is known; where it is not seen there, to the other.
    fn go_to_side(&mut self, direction: Direction) {
        let Some(sighting) = &self.going.sighting else { return };
        let other = if direction == Direction::Forward { Direction::Backward } else { Direction::Forward };
        let told = match (sighting.side(direction), sighting.side(other)) {
            (Side::Seen(told), _) | (Side::Nothing, Side::Seen(told)) => told.clone(),
            (Side::Looking, _) | (Side::Nothing, Side::Looking) => {
                self.going.wanted = Some(direction);
                return;
            }
            (Side::Hidden, _) | (Side::Nothing, Side::Hidden) => {
                self.close_going();
                self.take_in(Some(Answer::Masked));
                return;
            }
            (Side::Nothing, Side::Nothing) => {
                self.going.wanted = None;
                self.ui.message = Some(Message::NotSeen.text(self.ui.lang).to_owned());
                return;
            }
        };
        let named = match &self.ui.overlay {
            Overlay::Go(view) => view.rows.get(view.selected).map_or(String::new(), |row| row.text.clone()),
            Overlay::Card(card) => card.known.word.clone(),
            _ => String::new(),
        };
        self.close_going();
        self.ui.playback = crate::tui::playback::Playback::Paused;
        let answer = self.session.as_mut().map(|session| session.go_to_moment(told.moment));
        let moved = answer.as_ref().is_some_and(Answer::moved);
        self.take_in(answer);
        if moved {
            self.ui.message = Some(Message::WentTo.fill(self.ui.lang, &[&named, &told.step.to_string()]));
        }
    }

    /// The mouse on the list or the card: a row is selected, a selected one followed, and so is what leads to a side.
    pub(super) fn click_going(&mut self, at: (u16, u16)) -> Flow {
        let hit = match &self.ui.overlay {
            Overlay::Go(view) => go::hit(self.area, view, at.into()),
            Overlay::Card(view) => card::hit(self.area, view, at.into(), &self.ui.plain()),
            _ => return Flow::Idle,
        };
        match (hit, &mut self.ui.overlay) {
            (GoHit::Row(row), Overlay::Go(view)) if view.selected != row => {
                view.selected = row;
                self.sight_selected();
            }
            (GoHit::Row(_), _) => self.go_to_row(None),
            (GoHit::Side(direction), Overlay::Go(_)) => self.go_to_row(Some(direction)),
            (GoHit::Side(direction), _) => self.go_to_side(direction),
            (GoHit::Within, _) => return Flow::Idle,
            (GoHit::Beside, _) => self.close_going(),
        }
        Flow::Draw
    }

    // --- cards ---

    /// Opens the card of the word that is selected in the focused pane; says where there is none.
    pub(super) fn explain(&mut self) {
        let pane = self.ui.focus;
        let (words, chosen) = words_of(pane, &self.picture, self.ui.view(pane));
        self.open_card(words, chosen);
    }

    /// Opens the card of one of some words: of those that are known.
    pub(super) fn open_card(&mut self, words: Vec<ScreenWord>, chosen: usize) {
        let asked = words.get(chosen).cloned();
        let known = |word: &ScreenWord| Glossary::shipped().explain(&word.text, word.subject).is_some();
        let words: Vec<ScreenWord> = words.into_iter().filter(known).collect();
        let place = words.iter().position(|word| Some(word) == asked.as_ref()).unwrap_or(0);
        if words.is_empty() {
            let message = if asked.is_some() { Message::NoEntry } else { Message::NoWordHere };
            let shown = asked.map_or(String::new(), |asked| asked.text);
            self.ui.message = Some(message.fill(self.ui.lang, &[&shown]));
            return;
        }
        self.show_card(words, place);
    }

    fn show_card(&mut self, words: Vec<ScreenWord>, word: usize) {
        let Some(shown) = words.get(word) else { return };
        let Some(known) = Glossary::shipped().explain(&shown.text, shown.subject) else { return };
        let hosts: Vec<&str> = self.picture.hosts.iter().map(|host| host.name.as_str()).collect();
        let sock =
            if self.ui.focus == Pane::Peer { self.picture.peer_socks.first() } else { self.picture.socks.first() };
        let sock = sock.and_then(|sock| sock.name.split_once("/sk#"));
        let sock = sock.and_then(|(host, number)| Some((host, number.parse().ok()?)));
        let places = known.places(&hosts, sock);
        let lang = self.ui.lang;
        let sighting = self.session.as_ref().filter(|_| !places.is_empty());
        let sighting = sighting.map(|session| session.sighting(&Seen::Places(places), lang));
        self.going = Going { sighting, ..Going::default() };
        let step = self.picture.step;
        let card = CardView { words, word, known, sides: None, chosen: 0, scroll: 0, step };
        self.ui.overlay = Overlay::Card(Box::new(card));
        self.take_sides();
    }

    pub(super) fn key_in_card(&mut self, key: &Key) -> Flow {
        let Overlay::Card(card) = &mut self.ui.overlay else { return Flow::Idle };
        let count = card.words.len().max(1);
        let turned = match key.name() {
            "Right" | "Tab" | "l" => (card.word + 1) % count,
            "Left" | "BackTab" | "h" => (card.word + count - 1) % count,
            _ => card.word,
        };
        if turned != card.word {
            let words = std::mem::take(&mut card.words);
            self.show_card(words, turned);
            return Flow::Draw;
        }
        match key.name() {
            "Esc" | "q" => self.close_going(),
            "Enter" if card.sides.is_none() => self.close_going(),
            "Enter" => {
                let direction = if card.chosen == 0 { Direction::Forward } else { Direction::Backward };
                self.go_to_side(direction);
            }
            "Up" | "k" if card.sides.is_some() => card.chosen = 0,
            "Down" | "j" if card.sides.is_some() => card.chosen = 1,
            "Up" | "k" | "PageUp" => card.scroll = card.scroll.saturating_sub(4),
            "Down" | "j" | "PageDown" => card.scroll = (card.scroll + 4).min(80),
            _ => return Flow::Idle,
        }
        Flow::Draw
    }
}
