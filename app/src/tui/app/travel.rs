//! Moving through the run: travelling, searching a slice at a time. Promise: a key never waits longer than a slice of a
//! search, and what takes long shows how far it is and ends on Esc.

use std::time::{Duration, Instant};

use super::{App, Flow};
use crate::i18n::{Message, Words};
use crate::picture::Pane;
use crate::session::Session;
use crate::session::answer::Answer;
use crate::session::motion::{Direction, Motion};
use crate::tui::panes::capture;
use crate::tui::playback::Playback;
use crate::tui::ui_state::Progress;

/// Turns that a search looks through before it asks for the time.
pub(super) const SLICE_TURNS: usize = 16;
/// The longest that a key waits for a search.
pub(super) const SLICE: Duration = Duration::from_millis(30);
/// How long a search goes on unseen.
pub(super) const PATIENCE: Duration = Duration::from_millis(100);

impl App {
    pub(super) fn play_on(&mut self, direction: Direction) -> Flow {
        let answer = self.walked().map(|mut walked| walked.travel(Motion::Into, direction));
        let moved = answer.is_some_and(|answer| answer.moved());
        if !moved {
            self.ui.playback = Playback::Paused;
        }
        self.moved(moved);
        Flow::Draw
    }

    pub(super) fn travel(&mut self, motion: Motion, direction: Direction) {
        self.ui.playback = Playback::Paused;
        let answer = self.walked().map(|mut walked| walked.travel(motion, direction));
        self.take_in(answer);
    }

    /// Moves to a step, or to a captured frame, by its number.
    pub(super) fn go_to(&mut self, number: u64) {
        let answer = self.walked().map(|mut walked| walked.go_to(number));
        self.take_in(answer);
    }

    /// Takes in what the session answered: another moment, a search that goes on, or a sentence.
    pub(super) fn take_in(&mut self, answer: Option<Answer>) {
        let Some(answer) = answer else { return };
        self.search_begun = None;
        self.ui.progress = None;
        if answer == Answer::Searching {
            self.search_begun = Some(Instant::now());
            self.search_on();
            return;
        }
        self.moved(answer.moved());
        if let Answer::OnLine(line) = answer {
            let scroll = capture::scroll_to(&self.picture, line);
            self.ui.change(Pane::Capture, |view| view.scroll = scroll);
        }
        if let Some(said) = answer.text(self.ui.lang) {
            self.ui.message = Some(said);
        }
    }

    /// A slice of the search that goes on: short enough that a key is answered at once, and shown once it has taken long.
    pub(super) fn search_on(&mut self) -> Flow {
        let Some(begun) = self.search_begun else { return Flow::Idle };
        if self.session.as_ref().is_some_and(Session::is_asking) {
            return self.look_on(begun);
        }
        let slice = Instant::now();
        let answer = loop {
            let answer = self.session.as_mut().map(|session| session.proceed(SLICE_TURNS));
            if answer != Some(Answer::Searching) || slice.elapsed() >= SLICE {
                break answer;
            }
        };
        if answer != Some(Answer::Searching) {
            self.take_in(answer);
            return Flow::Draw;
        }
        if begun.elapsed() < PATIENCE {
            return Flow::Idle;
        }
        let as_u64 = |turns: usize| u64::try_from(turns).unwrap_or(u64::MAX);
        let searching = self.session.as_ref().and_then(Session::searching);
        self.ui.progress = searching.map(|(done, of)| Progress {
            done: as_u64(done),
            of: as_u64(of),
            label: Words::new("searching the run", "正在搜索运行"),
        });
        Flow::Draw
    }

    /// Ends a search that goes on; the cursor stays where it is. Says whether there was one.
    pub(super) fn give_up(&mut self) -> bool {
        if let Some(session) = &mut self.session {
            session.give_up();
        }
        self.ui.progress = None;
        let stopped = self.search_begun.take().is_some() | self.stop_observing();
        if stopped {
            self.ui.message = Some(Message::SearchStopped.text(self.ui.lang).to_owned());
        }
        stopped
    }
}
