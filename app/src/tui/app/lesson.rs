//! What the keys of a lesson do: on and back, a page at a time; answering by what the cursor stands on; going where evidence leads.

use lessons::{Act, Means, Question, Shows, content};

use super::App;
use crate::i18n::Message;
use crate::picture::Pane;
use crate::session::answer::Refused;
use crate::tui::action::Action;
use crate::tui::pane::card::ScreenWord;
use crate::tui::panes::{arp, lesson, processes, row};
use crate::tui::ui_state::Asking;

impl App {
    /// On in the lesson, or back.
    pub(super) fn turn(&mut self, on: bool) {
        if on { self.next_beat() } else { self.beat_before() }
    }

    /// To the next page, behind the last to the next beat.
    fn next_beat(&mut self) {
        if self.back_from_zoom() || self.turn_page(true) {
            return;
        }
        match self.picture.lesson.as_ref().map(|lesson| &lesson.shows) {
            Some(Shows::Closing(closing)) => {
                self.ui.message = Some(match &closing.next {
                    Some(next) => Message::NextLesson.fill(self.ui.lang, &[next]),
                    None => Message::NoNextLesson.text(self.ui.lang).to_owned(),
                });
            }
            _ => self.lesson(Act::Next),
        }
    }

    /// To the page before, from the first to the beat before.
    fn beat_before(&mut self) {
        if !self.back_from_zoom() && !self.turn_page(false) {
            self.lesson(Act::Back);
        }
    }

    /// Where another pane has the whole screen, going on leads back to the lesson first; says whether it did.
    fn back_from_zoom(&mut self) -> bool {
        let is_away = self.ui.zoomed && self.ui.focus != Pane::Lesson && self.picture.lesson.is_some();
        self.ui.zoomed &= !is_away;
        is_away
    }

    fn turn_page(&mut self, forward: bool) -> bool {
        let layout = self.layout();
        let Some((_, area)) = layout.panes.iter().find(|(pane, _)| *pane == Pane::Lesson) else { return false };
        let turned = lesson::turn(&self.picture, area.width, &self.ui.style(Pane::Lesson), forward);
        if let Some(page) = turned {
            self.ui.change(Pane::Lesson, |view| view.scroll = page);
        }
        turned.is_some()
    }

    /// From the end of a lesson to the one that comes after it.
    pub(super) fn next_lesson(&mut self) {
        let next = self.picture.lesson.as_ref().and_then(|lesson| match &lesson.shows {
            Shows::Closing(closing) => content::named(closing.next.as_ref()?),
            _ => None,
        });
        match next {
            Some(files) => self.open_lesson(files),
            None => self.ui.message = Some(Message::NoNextLesson.text(self.ui.lang).to_owned()),
        }
    }

    /// The learner acts; what has no meaning now is said.
    pub(super) fn lesson(&mut self, act: Act) {
        let Some(session) = &mut self.session else { return };
        let is_written = matches!(act, Act::Write(_));
        match session.learn(act) {
            Ok(()) => self.moved(true),
            // What is wrong with calls stands in their task.
            Err(Refused::NotAsked) if is_written => {
                self.refresh();
                if !self.is_complaining() {
                    self.refuse(&Refused::NotAsked);
                }
            }
            Err(Refused::NotAsked) if self.asking() => {
                self.ui.message = Some(Message::Masked.text(self.ui.lang).to_owned());
            }
            Err(refused) => self.refuse(&refused),
        }
    }

    /// Whether the open task says what is wrong with the calls that were written.
    fn is_complaining(&self) -> bool {
        self.picture.lesson.as_ref().is_some_and(|lesson| match &lesson.shows {
            Shows::Work(work) => work.complaint.is_some(),
            _ => false,
        })
    }

    /// Enter in the lesson's own pane: to the step of the chosen evidence, to what is known of the chosen word.
    pub(super) fn follow_in_lesson(&mut self) {
        let selected = self.ui.view(Pane::Lesson).selected;
        if let Some(step) = self.picture.evidence.get(selected).copied() {
            self.go_to(step);
        } else if let Some(word) = self.picture.lesson.as_ref().and_then(|lesson| lesson.words.get(selected).cloned()) {
            self.open_card(vec![ScreenWord { text: word, subject: None }], 0);
        }
    }

    /// Puts the cursors of the panes on what the beat asks for; of several things in a pane on the first that is no state, which is
    /// seen everywhere.
    pub(super) fn look_at_asked(&mut self) {
        let mut asked = self.picture.lesson.as_ref().map_or_else(Vec::new, |lesson| lesson.asked.clone());
        asked.sort_by_key(|path| path.ends_with(".state"));
        // The processes of all hosts stand in one list: it opens at those of the host that the beat looks at.
        let host = self.picture.lesson.as_ref().and_then(|lesson| lesson.host.clone());
        if let Some(place) = host.and_then(|host| processes::first_of(&self.picture, &host)) {
            self.ui.change(Pane::Processes, |view| view.selected = place);
        }
        for path in asked.iter().rev() {
            for pane in [Pane::Sock, Pane::Arp, Pane::Processes, Pane::Cpu] {
                let rows = (row(pane).content.rows)(&self.picture);
                let names = |thing: String| *path == thing || path.starts_with(&format!("{thing}."));
                if let Some(place) = (0..rows).find(|place| self.thing_on(pane, *place).is_some_and(names)) {
                    self.ui.change(pane, |view| view.selected = place);
                }
            }
        }
    }

    /// The open question that is answered by what the cursor stands on.
    fn picking(&self) -> Option<&Question> {
        match &self.picture.lesson.as_ref()?.shows {
            Shows::Question(question) => {
                Some(question).filter(|question| !question.picks.is_empty() && question.chosen.is_none())
            }
            _ => None,
        }
    }

    /// What is written down now: calls for a task that wants them, else the lesson in one's own words.
    pub(super) fn writing(&self) -> Asking {
        match self.picture.lesson.as_ref().map(|lesson| &lesson.shows) {
            Some(Shows::Work(work)) if work.means == Means::Calls => Asking::WriteCalls,
            _ => Asking::Write,
        }
    }

    /// Whether the open task is done by changing what becomes of a frame.
    pub(super) fn is_task_on_wire(&self) -> bool {
        self.picture.lesson.as_ref().is_some_and(|lesson| match &lesson.shows {
            Shows::Work(work) => work.means == Means::Wire && !work.done,
            _ => false,
        })
    }

    /// Whether a key of the questions counts while the keys are those of the panes.
    pub(super) fn is_task_key(&self, action: Action) -> bool {
        let is_working = self.picture.lesson.as_ref().is_some_and(|lesson| match &lesson.shows {
            Shows::Work(work) => !work.done,
            _ => false,
        });
        match action {
            Action::Hint => is_working || self.picking().is_some(),
            _ => self.picking().is_some(),
        }
    }

    /// Whether Enter answers with what the cursor stands on.
    pub(super) fn picks(&self) -> bool {
        self.picking().is_some() && self.thing_selected().is_some()
    }

    /// Answers with what the cursor stands on, where it is one of the answers.
    pub(super) fn pick(&mut self) {
        let (Some(question), Some(thing)) = (self.picking(), self.thing_selected()) else { return };
        match question.picks.iter().position(|pick| *pick == thing) {
            Some(option) => self.lesson(Act::Choose(option)),
            None => self.ui.message = Some(Message::PickOther.fill(self.ui.lang, &[&thing])),
        }
    }

    /// What the cursor of the focused pane stands on, as predicates write it: `B.sock(2).receive_queue`.
    fn thing_selected(&self) -> Option<String> {
        self.thing_on(self.ui.focus, self.ui.view(self.ui.focus).selected)
    }

    /// What stands on a row of a pane, as predicates write it.
    fn thing_on(&self, pane: Pane, selected: usize) -> Option<String> {
        let sock_of = |name: &str| {
            let (host, number) = name.split_once("/sk#")?;
            Some(format!("{host}.sock({number})"))
        };
        match pane {
            Pane::Sock => {
                let sock = self.picture.socks.first()?;
                Some(format!("{}.{}", sock_of(&sock.name)?, sock.fields.get(selected)?.name))
            }
            Pane::Socks => sock_of(&self.picture.sock_list.rows.get(selected)?.name),
            Pane::Arp => {
                let host = self.picture.hosts.get(self.picture.host)?;
                Some(format!("{}.arp(\"{}\")", host.name, arp::entry_on(&self.picture, selected)?.ip))
            }
            Pane::Processes => {
                let (host, pid) = processes::process_on(&self.picture, selected)?.split_once(" pid ")?;
                Some(format!("{host}.task({pid})"))
            }
            Pane::Cpu => {
                let host = self.picture.hosts.get(self.picture.acting)?;
                let name = self.picture.cpu.get(selected)?.name.to_lowercase();
                let is_register = matches!(name.as_str(), "eax" | "ebx" | "ecx" | "edx" | "esi" | "edi" | "orig_eax");
                Some(format!("{}.{}{name}", host.name, if is_register { "regs." } else { "" }))
            }
            _ => None,
        }
    }
}
