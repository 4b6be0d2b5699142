//! An observed capture in the panes that every run has: what its keys do beside those of the screen, the connection in focus, and the
//! work of observing a long one. Promise: whatever only a running kernel could do is answered by one sentence.

use std::time::Instant;

use super::travel::PATIENCE;
use super::{App, Flow, Work};
use crate::i18n::{Message, Words};
use crate::picture::sock_list::SockPlace;
use crate::picture::{LadderRow, Pane};
use crate::session::answer::Refused;
use crate::session::motion::{Direction, Motion};
use crate::session::observed::ObservedSession;
use crate::tui::action::Action;
use crate::tui::panes::{capture, ladder, queues};
use crate::tui::ui_state::{Asking, Progress};

/// Said where somebody wants to write the capture.
const IS_A_FILE: Words = Words::new("the capture is a file already", "抓包本身已是文件");

impl App {
    /// The observed capture, where one is open.
    #[must_use]
    pub fn observed(&self) -> Option<&ObservedSession> {
        self.observed.as_deref()
    }

    pub(super) fn show_observed(&mut self, observed: Box<ObservedSession>) {
        self.observed = Some(observed);
        self.ui.message = None;
        self.ui.is_from_table = true;
        self.ui.focus_on(Pane::Capture);
        self.begin_observing();
        self.select_telling_field();
    }

    /// Observes the connection under the cursor of the table.
    pub(super) fn observe(&mut self) {
        let number = self.table.as_ref().and_then(|table| table.flow()).map(|flow| flow.number);
        let (Some(number), Some(table)) = (number, self.table.take()) else { return };
        match ObservedSession::new(table, number) {
            Ok(observed) => self.show_observed(Box::new(observed)),
            Err(table) => self.table = Some(table),
        }
    }

    /// Observes as far as a key may wait; the rest is done while the screen stands.
    fn begin_observing(&mut self) {
        let begun = Instant::now();
        self.observing_begun = Some(begun);
        self.observe_on(begun + PATIENCE);
    }

    /// Observes on until `until` at most, and shows how far it is where that takes long.
    pub(super) fn observe_on(&mut self, until: Instant) -> Work {
        let Some(observed) = &mut self.observed else { return Work::default() };
        let Some(begun) = self.observing_begun else { return Work::default() };
        if observed.work(until) {
            let long = |frames: usize| u64::try_from(frames).unwrap_or(u64::MAX);
            let shown = observed.progress().filter(|_| begun.elapsed() >= PATIENCE);
            self.ui.progress = shown.map(|(done, of)| Progress {
                done: long(done),
                of: long(of),
                label: Words::new("observing the connection", "正在观察连接"),
            });
            return Work { news: shown.is_some(), more: true };
        }
        self.observing_begun = None;
        self.ui.progress = None;
        self.moved(true);
        Work { news: true, more: false }
    }

    /// Gives up observing another connection; says whether that was under way. Where none is in focus yet the table comes back.
    pub(super) fn stop_observing(&mut self) -> bool {
        let is_busy = self.observing_begun.take().is_some();
        if is_busy && self.observed.as_mut().is_some_and(|observed| !observed.give_up()) {
            self.back_to_table();
        }
        is_busy
    }

    /// Does what an action says that is not of the screen.
    pub(super) fn act_at_observed(&mut self, action: Action) -> Flow {
        match action {
            Action::Oddity(direction) | Action::Difference(direction) => {
                let answer = self.observed.as_mut().map(|observed| observed.seek_oddity(direction));
                self.take_in(answer);
            }
            Action::WalkSocks(direction) => self.focus_beside(direction),
            Action::FollowStream => self.open_stream(),
            Action::Host | Action::OtherEnd => {
                if let Some(observed) = &mut self.observed {
                    observed.switch_side();
                }
                self.refresh();
            }
            Action::Enter => self.follow_observed(),
            Action::GoStep | Action::GoAnywhere => self.ask(Asking::CapturedFrame),
            Action::Why => self.ui.message = Some(self.picture.code.sentence.clone()),
            Action::Restart => self.travel(Motion::End, Direction::Backward),
            Action::SaveRun => self.ui.message = Some(IS_A_FILE.text(self.ui.lang).to_owned()),
            Action::Wire(_) | Action::Call | Action::Fire | Action::NextBranch | Action::ThrowAway => {
                self.refuse(&Refused::Captured);
            }
            Action::KernelSource
            | Action::Watch
            | Action::Break
            | Action::WhoWrote
            | Action::TypeStop
            | Action::StopSwitch
            | Action::StopRemove
            | Action::StopRun(_)
            | Action::Compare
            | Action::ProcNet
            | Action::SkbCard
            | Action::Differences
            | Action::Fold => self.refuse(&Refused::NotInFrames),
            other => return self.program(other),
        }
        Flow::Draw
    }

    /// Enter: to the frame of the selected row, or the connection of it; elsewhere the selected word is explained.
    pub(super) fn follow_observed(&mut self) {
        let (pane, picture) = (self.ui.focus, &self.picture);
        let view = self.ui.view(pane);
        let frame = match pane {
            Pane::Ladder => match picture.ladder.rows.get(ladder::selected(&picture.ladder, view.scroll)) {
                Some(LadderRow::Frame { number, .. }) => Some(*number),
                Some(LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. }) | None => None,
            },
            Pane::Queues => {
                queues::skb_on(picture, view.selected).map(|skb| u64::from(skb.number)).filter(|number| *number > 0)
            }
            Pane::Capture => capture::selected(picture, view.scroll)
                .and_then(|row| self.observed.as_ref().and_then(|observed| observed.frame_of_line(row.line))),
            Pane::Socks => return self.choose_selected_sock(),
            Pane::Plot => return self.go_to_plotted(),
            _ => None,
        };
        match frame {
            Some(frame) => {
                self.go_to(frame);
            }
            None => self.explain(),
        }
    }

    /// Puts an end of a connection into focus, or the connection of the frame under the cursor.
    pub(super) fn focus_on_sock(&mut self, chosen: Option<SockPlace>) {
        let Some(observed) = &mut self.observed else { return };
        let is_there = match chosen {
            Some(place) => observed.choose(place),
            None => observed.focus_here(),
        };
        self.focused(is_there);
    }

    fn focus_beside(&mut self, direction: Direction) {
        let is_there = self.observed.as_mut().is_some_and(|observed| observed.focus_beside(direction));
        self.focused(is_there);
    }

    /// Takes in that another connection is coming into focus, or that there is none.
    fn focused(&mut self, is_there: bool) {
        if !is_there {
            self.ui.message = Some(Message::NoOtherConnection.text(self.ui.lang).to_owned());
            return;
        }
        self.begin_observing();
        let list = &self.picture.sock_list;
        let place = list.shown.and_then(|shown| list.rows.iter().position(|row| row.place == shown));
        self.ui.change(Pane::Socks, |view| view.selected = place.map_or(0, |place| place + 1));
        let name = self.picture.sock_list.chosen.as_ref().map_or(String::new(), |chosen| chosen.name.clone());
        self.ui.message = Some(Message::ObservedFocus.fill(self.ui.lang, &[&name]));
    }
}
