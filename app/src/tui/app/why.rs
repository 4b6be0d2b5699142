//! Asking why: the questions about what is selected, the search for the answer, and going to its moments and back.

use std::time::Instant;

use stack::lab::why::{Answer, Link};

use super::travel::{PATIENCE, SLICE, SLICE_TURNS};
use super::{App, Flow};
use crate::i18n::{Lang, Message, Words};
use crate::picture::{LadderRow, Pane, Sock};
use crate::session::Session;
use crate::session::why::{Selected, Told};
use crate::tui::keymap::Key;
use crate::tui::panes::{arp, capture, ladder, processes};
use crate::tui::ui_state::{Overlay, Progress};
use crate::tui::why_view::{WhyRow, WhyView};

/// Rows that a page holds.
const PAGE: usize = 10;

impl App {
    /// What the selected row of the focused pane is about.
    fn selected_thing(&self) -> Selected {
        let picture = &self.picture;
        let pane = self.ui.focus;
        let row = self.ui.view(pane).selected;
        let field = |socks: &[Sock]| {
            let sock = socks.first()?;
            Some(Selected::Field { sock: sock.name.clone(), field: sock.fields.get(row)?.name.clone() })
        };
        let thing = match pane {
            Pane::Code => Some(Selected::Call(0)),
            Pane::Stack => Some(Selected::Call(row)),
            Pane::Sock => field(&picture.socks),
            Pane::Peer => field(&picture.peer_socks),
            Pane::State => Some(Selected::Sock(picture.state.sock.clone())),
            Pane::Queues => picture.socks.first().map(|sock| Selected::Sock(sock.name.clone())),
            Pane::Ladder => match picture.ladder.rows.get(ladder::selected(&picture.ladder, self.ui.view(pane).scroll))
            {
                Some(LadderRow::Frame { number, .. }) => Some(Selected::Frame(*number)),
                Some(LadderRow::Captured { at_capture, .. }) => at_capture.line.map(Selected::Captured),
                Some(LadderRow::State { .. } | LadderRow::Oops { .. }) | None => None,
            },
            Pane::Capture => capture::selected(picture, self.ui.view(pane).scroll).map(|row| {
                let frame = self.session.as_ref().and_then(|session| session.frame_on_line(row.line));
                frame.map_or(Selected::Captured(row.line), Selected::Frame)
            }),
            Pane::Frame | Pane::Bytes => {
                picture.frame.as_ref().filter(|frame| frame.number > 0).map(|frame| Selected::Frame(frame.number))
            }
            Pane::Timers => picture
                .timers
                .get(row)
                .map(|timer| Selected::Timer { function: timer.function.clone(), owner: timer.owner.clone() }),
            Pane::Processes => processes::process_on(picture, row).map(|name| Selected::Process(name.to_owned())),
            Pane::Socks => row
                .checked_sub(1)
                .and_then(|place| picture.sock_list.rows.get(place))
                .map(|sock| Selected::Sock(sock.name.clone())),
            Pane::Arp => arp::entry_on(picture, row).map(|entry| Selected::Neighbour(entry.ip.clone())),
            _ => None,
        };
        thing.unwrap_or(Selected::Step)
    }

    /// Opens the questions; while an answer is put away, that answer.
    pub(super) fn open_why(&mut self) {
        let here = self.session.as_ref().map(Session::branch_here);
        if let Some(view) = self.ui.why.take()
            && Some(view.branch) == here
        {
            self.ui.overlay = Overlay::Why(view);
            return;
        }
        self.open_questions();
    }

    fn open_questions(&mut self) {
        let selected = self.selected_thing();
        let host = self.picture.host;
        let Some(session) = &mut self.session else { return };
        let items = session.questions(host, &selected);
        let view = WhyView { items, from: session.moment(), branch: session.branch_here(), ..WhyView::default() };
        self.ui.overlay = Overlay::Why(Box::new(view));
    }

    pub(super) fn key_in_why(&mut self, key: &Key) -> Flow {
        let Overlay::Why(view) = &mut self.ui.overlay else { return Flow::Idle };
        let is_menu = !view.items.is_empty();
        let last = if is_menu { view.items.len() } else { view.visible().len() }.saturating_sub(1);
        match key.name() {
            "Up" | "k" => view.selected = view.selected.saturating_sub(1),
            "Down" | "j" => view.selected = (view.selected + 1).min(last),
            "PageUp" => view.selected = view.selected.saturating_sub(PAGE),
            "PageDown" => view.selected = (view.selected + PAGE).min(last),
            "Home" => view.selected = 0,
            "End" => view.selected = last,
            "Right" | "l" if !is_menu => view.unfold(true),
            "Left" | "h" if !is_menu => view.unfold(false),
            "Enter" if is_menu => self.ask_selected(),
            "Enter" => self.go_to_link(),
            "A" if !is_menu => self.open_questions(),
            "Esc" if is_menu => self.ui.overlay = Overlay::Nothing,
            "Esc" => self.back_to_question(),
            _ => {}
        }
        Flow::Draw
    }

    /// A click on a row: a question is asked, a link gone to.
    pub(super) fn click_why(&mut self, row: usize) -> Flow {
        if let Overlay::Why(view) = &mut self.ui.overlay {
            view.selected = row;
        }
        self.press(&Key::named("Enter"))
    }

    /// Begins to look for the answer to the selected question.
    fn ask_selected(&mut self) {
        let Overlay::Why(view) = std::mem::take(&mut self.ui.overlay) else { return };
        let (Some(item), Some(session)) = (view.items.get(view.selected).cloned(), &mut self.session) else { return };
        session.ask(item.question, item.at);
        self.search_begun = Some(Instant::now());
        self.look_on(Instant::now());
    }

    /// A slice of the search for an answer; shown once it has taken long.
    pub(super) fn look_on(&mut self, begun: Instant) -> Flow {
        let slice = Instant::now();
        let told = loop {
            let Some(session) = &mut self.session else { break Told::Nothing };
            let told = session.look_into(SLICE_TURNS);
            if !matches!(told, Told::Unfinished(..)) || slice.elapsed() >= SLICE {
                break told;
            }
        };
        match told {
            Told::Unfinished(..) if begun.elapsed() < PATIENCE => Flow::Idle,
            Told::Unfinished(done, of) => {
                let as_u64 = |turns: usize| u64::try_from(turns).unwrap_or(u64::MAX);
                let say = |lang| Message::WhyLooking.text(lang);
                let label = Words::new(say(Lang::En), say(Lang::Zh));
                self.ui.progress = Some(Progress { done: as_u64(done), of: as_u64(of), label });
                Flow::Draw
            }
            Told::Nothing => {
                self.end_search();
                Flow::Draw
            }
            Told::Answer(answer) => {
                self.end_search();
                self.show_answer(*answer);
                Flow::Draw
            }
        }
    }

    fn end_search(&mut self) {
        self.search_begun = None;
        self.ui.progress = None;
    }

    fn show_answer(&mut self, answer: Answer) {
        let Some(session) = &mut self.session else { return };
        let rows = rows(session, &answer.links);
        let view = WhyView {
            from: session.moment(),
            branch: session.branch_here(),
            question: answer.question,
            verdict: answer.verdict,
            rows,
            looked_at: answer.looked_at,
            ..WhyView::default()
        };
        self.ui.overlay = Overlay::Why(Box::new(view));
    }

    /// Goes to the moment of the selected link; the answer is put away.
    fn go_to_link(&mut self) {
        let Overlay::Why(view) = std::mem::take(&mut self.ui.overlay) else { return };
        let target = view.visible().get(view.selected).map(|(_, row)| (row.moment, row.step));
        self.ui.why = Some(view);
        let (Some((moment, step)), Some(session)) = (target, &mut self.session) else { return };
        let answer = session.visit(moment);
        let went = answer.moved();
        self.take_in(Some(answer));
        if went {
            self.ui.message = Some(Message::WhyThere.fill(self.ui.lang, &[&step.to_string()]));
        }
    }

    /// Closes an answer and puts the cursor back to where the question was asked.
    fn back_to_question(&mut self) {
        let Overlay::Why(view) = std::mem::take(&mut self.ui.overlay) else { return };
        let Some(session) = &mut self.session else { return };
        if session.moment() != view.from {
            let answer = session.visit(view.from);
            self.take_in(Some(answer));
        }
    }
}

/// The links of an answer with the numbers of their steps.
fn rows(session: &mut Session, links: &[Link]) -> Vec<WhyRow> {
    let mut found = Vec::with_capacity(links.len());
    for link in links {
        found.push(WhyRow {
            moment: link.moment,
            step: session.number_of(link.moment),
            text: link.text.clone(),
            input: link.input,
            inner: rows(session, &link.inner),
            unfolded: false,
        });
    }
    found
}
