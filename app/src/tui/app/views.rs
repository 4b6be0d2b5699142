//! What the panes of this moment open: the card of a buffer, a step of the plot, a call of the outline; and the survey that some of
//! them need.

use super::{App, Flow};
use crate::i18n::Message;
use crate::picture::Pane;
use crate::session::motion::Direction;
use crate::tui::keymap::Key;
use crate::tui::panes::{arp, capture, outline, plot, queues};
use crate::tui::playback::Playback;
use crate::tui::ui_state::{Overlay, SkbCardView};

/// Turns that a picture surveys at most: more would keep a key waiting, and leave too little time for pictures under load.
const SURVEY_TURNS: usize = 1_000;
/// Rows that a page of a card has.
const PAGE: usize = 10;

/// Whether a pane shows what only a survey of the run knows.
fn tells_of_survey(pane: Pane) -> bool {
    matches!(pane, Pane::Plot | Pane::Timers)
}

impl App {
    /// The buffer on the selected row of the focused pane, by its host and number.
    fn selected_skb(&self) -> Option<(usize, u32)> {
        let selected = self.ui.view(self.ui.focus).selected;
        let skb = match self.ui.focus {
            Pane::Queues => queues::skb_on(&self.picture, selected),
            Pane::Arp => arp::skb_on(&self.picture, selected),
            _ => None,
        };
        skb.map(|skb| (self.picture.host, skb.number))
    }

    /// The card of the selected buffer, else of the one that the step has in hand.
    pub(super) fn open_skb_card(&mut self) {
        if self.picture.lesson.as_ref().is_some_and(|lesson| lesson.closed.contains(&Pane::Queues)) {
            self.ui.message = Some(Message::PaneClosed.text(self.ui.lang).to_owned());
            return;
        }
        let (selected, request) = (self.selected_skb(), self.request());
        let card = self.session.as_mut().and_then(|session| {
            let place = selected.or_else(|| session.skb_in_hand())?;
            session.skb_card(place, request)
        });
        match card {
            Some(card) => self.ui.overlay = Overlay::Skb(Box::new(SkbCardView { card, scroll: 0 })),
            None => self.ui.message = Some(Message::NoSkb.text(self.ui.lang).to_owned()),
        }
    }

    /// Enter on a row of the queues or of the ARP table: a buffer opens its card, the words of any other row are explained.
    pub(super) fn open_selected_skb(&mut self) {
        if self.selected_skb().is_some() {
            self.open_skb_card();
        } else {
            self.explain();
        }
    }

    pub(super) fn key_in_skb(&mut self, key: &Key) -> Flow {
        let Overlay::Skb(view) = &mut self.ui.overlay else { return Flow::Idle };
        let last = crate::tui::pane::skb::rows(&view.card).saturating_sub(1);
        match key.name() {
            "Down" | "j" => view.scroll = (view.scroll + 1).min(last),
            "Up" | "k" => view.scroll = view.scroll.saturating_sub(1),
            "PageDown" => view.scroll = (view.scroll + PAGE).min(last),
            "PageUp" => view.scroll = view.scroll.saturating_sub(PAGE),
            _ => self.ui.overlay = Overlay::Nothing,
        }
        Flow::Draw
    }

    /// Enter in the plot: to the frame under its cursor.
    pub(super) fn go_to_plotted(&mut self) {
        let place = plot::selected(&self.picture.plot, self.ui.view(Pane::Plot).scroll);
        let step = self.picture.plot.events.get(place).map(|event| event.step);
        if let Some(step) = step {
            self.go_to(step);
        }
    }

    /// Enter in the outline: to the first step of the selected call.
    pub(super) fn go_to_call(&mut self) {
        let step = outline::selected(&self.picture, self.ui.view(Pane::Outline).scroll).map(|row| row.first);
        if let Some(step) = step {
            self.go_to(step);
        }
    }

    /// Enter in the capture: to the frame of the selected line.
    pub(super) fn go_to_line(&mut self) {
        if let Some(line) = capture::selected(&self.picture, self.ui.view(Pane::Capture).scroll).map(|row| row.line) {
            self.stand_on_line(line);
        }
    }

    /// To the next decision of 1.2.13 that differs from the capture, or the one before; the pane that tells of it is shown.
    pub(super) fn go_to_difference(&mut self, direction: Direction) {
        self.ui.focus_on(Pane::Capture);
        let here = capture::selected(&self.picture, self.ui.view(Pane::Capture).scroll).map_or(0, |row| row.line);
        match self.session.as_ref().and_then(|session| session.next_difference(here, direction)) {
            Some(line) => self.stand_on_line(line),
            None => self.ui.message = Some(Message::NoMoreDifferences.text(self.ui.lang).to_owned()),
        }
    }

    /// To the frame of a line of the comparison; where the run has not been played so far, a search begins that plays it on.
    pub(super) fn stand_on_line(&mut self, line: usize) {
        let answer = self.session.as_mut().map(|session| session.go_to_line(line));
        self.take_in(answer);
    }

    /// Folds the selected call of the outline, or unfolds it; the cursor stays on it.
    pub(super) fn fold(&mut self) {
        let row = outline::selected(&self.picture, self.ui.view(Pane::Outline).scroll);
        let Some(entry) = row.filter(|row| row.has_calls).map(|row| row.entry) else {
            self.ui.message = Some(Message::NothingToFold.text(self.ui.lang).to_owned());
            return;
        };
        if let Some(session) = &mut self.session {
            session.fold(entry);
        }
        self.refresh();
        let outline = &self.picture.outline;
        let place = outline.rows.iter().position(|row| row.entry == entry).unwrap_or(outline.here);
        let distance = |to: usize| i32::try_from(to).unwrap_or(i32::MAX);
        let scroll = distance(place) - distance(outline.here);
        self.ui.change(Pane::Outline, |view| view.scroll = scroll);
    }

    /// Surveys the run where a pane tells of it: when it is called, and while it is shown.
    pub(super) fn survey_for(&mut self, pane: Pane) {
        if let Some(session) = self.session.as_mut().filter(|_| tells_of_survey(pane)) {
            session.survey(Some(SURVEY_TURNS));
            session.plot(pane == Pane::Plot || session.is_plotting());
            self.refresh();
        }
    }

    /// Surveys the run while a pane is shown that tells of it, and plots it while the plot is.
    pub(super) fn survey_where_shown(&mut self) {
        if self.session.is_none() {
            return;
        }
        let panes = self.layout().panes;
        let shows = |of: fn(Pane) -> bool| panes.iter().any(|(pane, _)| of(*pane));
        let (surveys, plots) = (shows(tells_of_survey), shows(|pane| pane == Pane::Plot));
        let Some(session) = &mut self.session else { return };
        let lacks = surveys && !session.is_surveying() || plots && !session.is_plotting();
        session.survey(surveys.then_some(SURVEY_TURNS));
        session.plot(plots);
        if lacks {
            self.refresh();
        }
    }

    /// Whether the survey has more of the run to take in, and somebody looks.
    pub(super) fn is_surveying_on(&self) -> bool {
        let waits = self.ui.playback == Playback::Paused && self.picture.surveyed.is_some();
        waits && self.session.as_ref().is_some_and(crate::session::Session::is_surveying)
    }
}
