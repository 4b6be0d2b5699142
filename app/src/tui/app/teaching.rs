//! A lesson before a class: what the keys of the teacher do, and the clock of the open question.

use std::time::{Duration, Instant};

use lessons::Shows;
use ratatui::layout::Rect;

use super::App;
use crate::i18n::Words;
use crate::session::class::ClassAct;
use crate::tui::action::Action;
use crate::tui::class::{self, words};
use crate::tui::keymap::Key;
use crate::tui::ui_state::{Overlay, UiState};

/// The clock by which a class is timed: it is handed in, never read.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClassClock {
    begun: Instant,
    now: Instant,
    /// Whole seconds that were told last of an open question.
    told: Option<u64>,
}

impl Default for ClassClock {
    fn default() -> Self {
        let now = Instant::now();
        Self { begun: now, now, told: None }
    }
}

impl ClassClock {
    fn elapsed(&self) -> Duration {
        self.now.saturating_duration_since(self.begun)
    }
}

impl App {
    /// Says what time it is; whoever waits for events does so before it hands one over.
    pub fn tell_time(&mut self, now: Instant) {
        self.clock.now = now.max(self.clock.now);
        self.class_time();
    }

    /// Whether a screen of this size shows the lesson as a class sees it.
    pub(super) fn shows_class(&self, area: Rect) -> bool {
        self.picture.class.is_some() && class::fits(area)
    }

    /// The arrangement with the sentence that asks for a larger window, where a class looks at one that is too small.
    pub(super) fn asking_for_room(&self, area: Rect, ui: &UiState) -> Option<UiState> {
        if self.picture.class.is_none() || class::fits(area) {
            return None;
        }
        let sizes = [class::WIDTH, class::HEIGHT, area.width, area.height];
        let asks = words::TOO_SMALL.text(ui.lang).to_owned();
        let fill = |text: String, (hole, size): (usize, &u16)| text.replace(&format!("{{{hole}}}"), &size.to_string());
        let asks = sizes.iter().enumerate().fold(asks, fill);
        let said = ui.message.clone().filter(|said| said != words::BEGUN.text(ui.lang));
        Some(UiState { message: said.or(Some(asks)), ..ui.clone() })
    }

    /// When the clock of an open question says something else: nothing else in class mode needs waking.
    pub(super) fn class_patience(&mut self) -> Option<Duration> {
        let is_seen = self.shows_class(self.area) && matches!(self.ui.overlay, Overlay::Nothing | Overlay::WhichKey(_));
        let open = self.class_time().filter(|_| is_seen)?;
        Some(Duration::from_secs(open.as_secs() + 1).saturating_sub(open))
    }

    /// Takes in that a second has passed; says whether the clock shows another one.
    pub(super) fn class_second(&mut self) -> bool {
        if !self.shows_class(self.area) {
            return false;
        }
        let seconds = self.class_time().map(|open| open.as_secs());
        let changed = std::mem::replace(&mut self.clock.told, seconds) != seconds;
        if let (true, Some(class)) = (changed, &mut self.picture.class) {
            class.seconds = seconds;
        }
        changed && seconds.is_some()
    }

    /// Hands the time on to the class; gives how long its open question has been open.
    fn class_time(&mut self) -> Option<Duration> {
        let now = self.clock.elapsed();
        self.session.as_mut().and_then(|session| session.class_time(now))
    }

    /// Begins class mode, or ends it.
    fn toggle_class(&mut self, from_start: bool) {
        let now = self.clock.elapsed();
        let Some(session) = &mut self.session else { return };
        let told = if session.has_class() {
            session.end_class();
            words::ENDED
        } else if session.begin_class(from_start, now).is_ok() {
            words::BEGUN
        } else {
            words::NO_LESSON
        };
        self.ui.zoomed = false;
        self.moved(true);
        self.tell_class(told);
    }

    fn tell_class(&mut self, told: Words) {
        self.ui.message = Some(told.text(self.ui.lang).to_owned());
    }

    /// Does what an action says before a class; `false` where it means what it always means.
    pub(super) fn teach(&mut self, action: Action) -> bool {
        if action == Action::Class {
            self.toggle_class(false);
            return true;
        }
        if !self.shows_class(self.area) {
            return false;
        }
        let shows = self.picture.lesson.as_ref().map(|lesson| &lesson.shows);
        let is_over = matches!(shows, Some(Shows::Closing(_)));
        let is_asked = matches!(shows, Some(Shows::Question(_)));
        let act = match action {
            // What comes behind a lesson is shown to the class as well.
            Action::LessonNext | Action::PageDown | Action::NextLesson | Action::OnceMore | Action::Skip if is_over => {
                self.leave_lesson(action);
                self.go_on_with_class();
                return true;
            }
            Action::LessonNext | Action::PageDown | Action::Skip => ClassAct::Forward,
            Action::Erase if self.picture.class.as_ref().is_some_and(|class| class.counted.is_some()) => {
                ClassAct::Erase
            }
            Action::LessonBack | Action::PageUp | Action::Erase => ClassAct::Back,
            Action::Vote(option) => ClassAct::Count(usize::from(option)),
            Action::VoteAgain => ClassAct::Again,
            Action::Up | Action::Down if is_asked => ClassAct::Walk { up: action == Action::Up },
            Action::Count => {
                self.tell_class(words::DIGIT_ITSELF);
                return true;
            }
            // No option is chosen before a class, and nobody is asked how sure he is.
            Action::Choose(_) | Action::Certainty(_) | Action::Answer if is_asked => return true,
            _ => return false,
        };
        self.teach_act(act);
        true
    }

    /// A digit of a count.
    pub(super) fn count_by(&mut self, key: &Key) {
        self.ui.message = None;
        match key.name().parse().ok().filter(|digit| *digit < 10) {
            Some(digit) => self.teach_act(ClassAct::Digit(digit)),
            None => self.tell_class(words::DIGIT_ITSELF),
        }
    }

    fn teach_act(&mut self, act: ClassAct) {
        let Some(session) = &mut self.session else { return };
        match (session.teach(act), act) {
            (Ok(()), ClassAct::Forward | ClassAct::Back) => {
                self.ui.zoomed = false;
                self.moved(true);
            }
            (Ok(()), _) => self.refresh(),
            (Err(_), ClassAct::Digit(_)) => self.tell_class(words::LETTER_FIRST),
            (Err(_), ClassAct::Again) => self.tell_class(words::VOTE_FIRST),
            (Err(refused), _) => self.refuse(&refused),
        }
    }

    /// Shows what was opened behind the lesson to the class that had it.
    fn go_on_with_class(&mut self) {
        if self.session.as_mut().is_some_and(|session| !session.has_class()) {
            self.toggle_class(true);
        }
    }
}
