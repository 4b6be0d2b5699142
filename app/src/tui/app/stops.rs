//! The stops: setting one on what is selected, typing one, and what the keys of their list do.

use stack::lab::query::{FrameField, complete};

use super::keys::edit;
use super::typing::{offer, recall, remember};
use super::{App, Flow};
use crate::i18n::Message;
use crate::picture::{FrameFate, LadderRow, Layer, Pane};
use crate::session::answer::{Answer, Refused};
use crate::session::motion::Direction;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::panes::{arp, ladder, processes, queues};
use crate::tui::ui_state::{Overlay, StopTyping};

impl App {
    /// The place of what is selected in the pane with the focus, where that pane has rows of its own kind; elsewhere it is the
    /// function that runs, or of the stack the one that is selected.
    pub(super) fn place_selected(&self) -> Option<String> {
        let selected = self.ui.view(self.ui.focus).selected;
        let host = self.picture.hosts.get(self.picture.host).map_or("", |host| host.name.as_str());
        match self.ui.focus {
            Pane::Ladder => self.place_on_ladder(),
            Pane::Frame | Pane::Bytes => {
                let frame = self.picture.frame.as_ref()?;
                let row = frame.rows.get(self.ui.view(Pane::Frame).selected)?;
                let condition = FrameField::condition(header(row.layer)?, &row.name, &frame.bytes);
                Some(condition.map_or_else(
                    || format!("frame where {}", header(row.layer).unwrap_or("eth")),
                    |condition| format!("frame where {condition}"),
                ))
            }
            Pane::Timers => {
                let timer = self.picture.timers.get(selected)?;
                Some(format!("{host}: timer {} fires", timer.function))
            }
            Pane::State => self.picture.state.now.map(|state| format!("{host}: state {}->*", state.name())),
            Pane::Queues => {
                queues::queue_on(&self.picture, selected).and_then(|queue| self.place_of_queue(host, &queue.name))
            }
            Pane::Arp => {
                let neighbour = arp::entry_on(&self.picture, selected)?;
                Some(format!("when {host}.arp(\"{}\").resolved changes", neighbour.ip))
            }
            Pane::Processes => {
                let (host, pid) = processes::process_on(&self.picture, selected)?.split_once(" pid ")?;
                Some(format!("{host}: sleeps {pid}"))
            }
            _ => None,
        }
    }

    fn place_on_ladder(&self) -> Option<String> {
        let row = ladder::selected(&self.picture.ladder, self.ui.view(Pane::Ladder).scroll);
        match self.picture.ladder.rows.get(row)? {
            LadderRow::Frame { number, fate: FrameFate::Lost, .. } => Some(format!("frame {number} leaves")),
            LadderRow::Frame { number, .. } => Some(format!("frame {number} arrives")),
            LadderRow::State { host, name, .. } => {
                let host = self.picture.hosts.get(*host)?;
                Some(format!("{}: state *->{name}", host.name))
            }
            LadderRow::Captured { .. } | LadderRow::Oops { .. } => None,
        }
    }

    fn place_of_queue(&self, host: &str, queue: &str) -> Option<String> {
        if queue == "backlog" {
            return Some(format!("when {host}.backlog.len changes"));
        }
        let queue = if queue == "send_head" { "send_queue" } else { queue };
        let known = ["receive_queue", "back_log", "write_queue", "send_queue"].contains(&queue);
        self.session.as_ref()?.place_of_field(queue).ok().filter(|_| known)
    }

    /// Sets a stop at a place, or removes it where it is set, and says so.
    pub(super) fn toggle_stop(&mut self, place: Result<String, Refused>) {
        let lang = self.ui.lang;
        let Some(session) = &mut self.session else { return };
        match place.and_then(|place| Ok((session.toggle_stop(&place)?, place))) {
            Ok((set, place)) => {
                let message = if set { Message::StopSet } else { Message::StopGone };
                self.refresh();
                self.ui.message = Some(message.fill(lang, &[&place]));
            }
            Err(refused) => self.refuse(&refused),
        }
    }

    /// What a key of the list of stops does to the selected one.
    pub(super) fn at_stop(&mut self, action: Action) {
        let selected = self.ui.view(Pane::Stops).selected;
        let lang = self.ui.lang;
        let Some(session) = &mut self.session else { return };
        let said = match action {
            Action::StopRun(direction) => return self.run_to_selected(selected, direction),
            Action::StopRemove => session.remove_stop(selected).map(|place| Message::StopGone.fill(lang, &[&place])),
            _ => session.switch_stop(selected).map(|(place, on)| {
                let message = if on { Message::StopSet } else { Message::StopOff };
                message.fill(lang, &[&place])
            }),
        };
        match said {
            Ok(said) => {
                self.refresh();
                let last = self.picture.stops.len().saturating_sub(1);
                self.ui.change(Pane::Stops, |view| view.selected = view.selected.min(last));
                self.ui.message = Some(said);
            }
            Err(refused) => self.refuse(&refused),
        }
    }

    fn run_to_selected(&mut self, selected: usize, direction: Direction) {
        self.ui.playback = crate::tui::playback::Playback::Paused;
        let answer = self.session.as_mut().map(|session| session.run_to_one(selected, direction));
        match answer {
            Some(Answer::Refused(refused)) => self.refuse(&refused),
            answer => self.take_in(answer),
        }
    }

    /// Opens the prompt for stops.
    pub(super) fn open_stop(&mut self) {
        let Some(session) = &mut self.session else { return };
        let typing = StopTyping { known: session.known(), ..StopTyping::default() };
        self.ui.overlay = Overlay::Stop(Box::new(typing));
    }

    pub(super) fn key_in_stop(&mut self, key: &Key) -> Flow {
        let Overlay::Stop(typing) = std::mem::take(&mut self.ui.overlay) else { return Flow::Idle };
        let mut typing = *typing;
        let kept = typing.offer.take();
        match key.name() {
            "Esc" => return Flow::Draw,
            "Enter" => return self.set_typed_stop(typing),
            "Tab" => {
                let known = &typing.known;
                let found = |line: &str, cursor: usize| {
                    let found = complete(line, cursor, known);
                    (found.start, found.candidates)
                };
                let (offer, changed) = offer(&mut typing.input, kept, found);
                typing.offer = offer;
                if changed {
                    typing.complaint = None;
                }
            }
            "Up" | "Down" => {
                let (input, recalled, draft) = (&mut typing.input, &mut typing.recalled, &mut typing.draft);
                recall(input, recalled, draft, &self.ui.typed_stops, key.name() == "Up");
                typing.complaint = None;
            }
            name => {
                if edit(&mut typing.input, name) {
                    typing.complaint = None;
                    typing.recalled = None;
                }
            }
        }
        self.ui.overlay = Overlay::Stop(Box::new(typing));
        Flow::Draw
    }

    fn set_typed_stop(&mut self, mut typing: StopTyping) -> Flow {
        let line = typing.input.value().trim().to_owned();
        if line.is_empty() {
            return Flow::Draw;
        }
        let Some(session) = &mut self.session else { return Flow::Draw };
        remember(&mut self.ui.typed_stops, &line);
        match session.type_stop(typing.input.value()) {
            Ok(place) => {
                self.refresh();
                self.ui.message = Some(Message::StopSet.fill(self.ui.lang, &[&place]));
            }
            Err(complaint) => {
                typing.complaint = Some(complaint);
                self.ui.overlay = Overlay::Stop(Box::new(typing));
            }
        }
        Flow::Draw
    }
}

/// The word of the language for the header that a row of the frame belongs to.
fn header(layer: Layer) -> Option<&'static str> {
    match layer {
        Layer::Dev => Some("eth"),
        Layer::Arp => Some("arp"),
        Layer::Ip => Some("ip"),
        Layer::Icmp => Some("icmp"),
        Layer::Udp => Some("udp"),
        Layer::Tcp => Some("tcp"),
        Layer::User | Layer::Trap | Layer::Sched | Layer::Bsd | Layer::Inet | Layer::Driver | Layer::Wire => None,
    }
}
