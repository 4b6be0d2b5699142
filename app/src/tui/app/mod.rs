//! What happens when a key is pressed: actions become travels of the run or changes of the ui.

mod keys;
mod mouse;
mod panes;
mod pointing;
mod program;
mod search;
mod typing;

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use crate::i18n::Message;
use crate::outside::{Notify, Outside};
use crate::picture::Picture;
use crate::picture::pane::Pane;
use crate::session::contract::{Ask, Flowing, LessonAct, Session};
use crate::session::motion::{Direction, Motion};
use crate::tui::action::Action;
use crate::tui::event::ScreenEvent;
use crate::tui::layout::Layout;
use crate::tui::pane::home::Door;
use crate::tui::panes::frame::telling;
use crate::tui::playback::Playback;
use crate::tui::screen;
use crate::tui::ui_state::{Asking, Overlay, PaneView, UiState};

/// What the main loop does after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// Nothing is to be drawn.
    Idle,
    /// The screen has changed.
    Draw,
    /// The screen must be drawn from nothing.
    Redraw,
    /// The mouse changed hands.
    Mouse,
    /// The process is to be suspended.
    Suspend,
    /// The program ends.
    Quit,
}

/// The program behind the screen, without any terminal: events go in, a buffer comes out.
pub struct App {
    session: Session,
    ui: UiState,
    doors: Vec<Door>,
    picture: Picture,
    area: Rect,
    quit_asked: bool,
    notify: Option<Notify>,
}

impl App {
    /// The program with a session and an arrangement.
    #[must_use]
    pub fn new(session: Session, ui: UiState) -> Self {
        let doors = session.house.doors(ui.lang);
        let mut app = Self {
            session,
            ui,
            doors,
            picture: Picture::default(),
            area: Rect::default(),
            quit_asked: false,
            notify: None,
        };
        app.refresh();
        app.select_telling_field();
        app
    }

    /// The arrangement.
    #[must_use]
    pub fn ui(&self) -> &UiState {
        &self.ui
    }

    /// The picture of the present moment.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Hands over the means by which runs wake the screen.
    pub fn attach(&mut self, notify: Notify) {
        self.notify = Some(notify);
        self.wake_run();
    }

    /// Lets a run that goes on by itself go on.
    pub(super) fn wake_run(&mut self) {
        let Some(flowing) = self.session.run.as_mut().and_then(|run| run.flowing()) else { return };
        if let Some(notify) = &self.notify {
            flowing.attach(notify);
        }
        self.ui.playback = if flowing.is_running() { Playback::Running } else { Playback::Paused };
    }

    /// Whether time runs by itself, so that frames of the screen must be rationed.
    #[must_use]
    pub fn flows(&self) -> bool {
        self.ui.playback == Playback::Running
    }

    /// Draws the screen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        self.area = area;
        if self.session.run.is_some() {
            screen::draw(area, buffer, &self.ui, &self.picture);
        } else {
            screen::draw_home(area, buffer, &self.ui, &self.doors);
        }
    }

    /// How long the main loop may sleep; for ever unless something plays or a panel is due.
    #[must_use]
    pub fn patience(&mut self) -> Option<Duration> {
        match self.ui.playback {
            Playback::Running => self.session.run.as_mut().and_then(|run| run.flowing()).and_then(|run| run.idle_for()),
            Playback::Playing(quarters) | Playback::Rewinding(quarters) => {
                Some(Duration::from_millis((1600 / u64::from(quarters.max(1))).max(50)))
            }
            Playback::Paused => self.ui.prefix.as_ref().map(|_| Duration::from_millis(300)),
        }
    }

    /// Takes in one event.
    pub fn handle(&mut self, event: ScreenEvent) -> Flow {
        match event {
            ScreenEvent::Key(key) => self.key(key),
            ScreenEvent::Mouse(mouse) => self.mouse(mouse),
            ScreenEvent::Paste(text) => self.paste(&text),
            ScreenEvent::Resize => Flow::Draw,
            ScreenEvent::Continue => Flow::Redraw,
            ScreenEvent::Stop => Flow::Suspend,
            ScreenEvent::End(_) | ScreenEvent::Gone => Flow::Quit,
            ScreenEvent::Outside(Outside::Frame(frame)) => self.flow(|flowing| flowing.arrive(frame)),
            ScreenEvent::Outside(Outside::Said { line, text, status }) => self.said(&line, &text, status),
            ScreenEvent::Outside(Outside::Gone(why)) => {
                self.ui.message = Some(Message::DeviceGone.fill(self.ui.lang, &[&why]));
                Flow::Draw
            }
            ScreenEvent::Time => self.time(),
        }
    }

    fn refresh(&mut self) {
        let ask = Ask { host: self.ui.host, relative: self.ui.relative, lang: self.ui.lang };
        let beat = |picture: &Picture| picture.lesson.as_ref().map(|lesson| (lesson.title.clone(), lesson.beat));
        if let Some(run) = &mut self.session.run {
            let before = beat(&self.picture);
            self.picture = run.picture(ask);
            // A new beat puts the focus on the pane that it speaks of; from then on it is the learner's.
            if beat(&self.picture) != before
                && let Some(pane) = self.picture.lesson.as_ref().and_then(|lesson| lesson.pane)
            {
                self.ui.focus_on(pane);
            }
        }
    }

    fn flow(&mut self, act: impl FnOnce(&mut dyn Flowing) -> bool) -> Flow {
        let changed = self.session.run.as_mut().and_then(|run| run.flowing()).is_some_and(act);
        if !changed {
            return Flow::Idle;
        }
        self.moved(true);
        Flow::Draw
    }

    fn time(&mut self) -> Flow {
        if let Some(prefix) = self.ui.prefix.clone()
            && matches!(self.ui.overlay, Overlay::Nothing)
        {
            self.ui.overlay = Overlay::WhichKey(prefix);
            return Flow::Draw;
        }
        match self.ui.playback {
            Playback::Paused => Flow::Idle,
            Playback::Running => self.flow(|flowing| flowing.pump()),
            Playback::Playing(_) => self.play_on(Direction::Forward),
            Playback::Rewinding(_) => self.play_on(Direction::Backward),
        }
    }

    fn play_on(&mut self, direction: Direction) -> Flow {
        let moved = self.session.run.as_mut().is_some_and(|run| run.travel(Motion::Into, direction));
        if !moved {
            self.ui.playback = Playback::Paused;
        }
        self.moved(moved);
        Flow::Draw
    }

    fn opened(&mut self, opened: Result<Box<dyn crate::session::contract::Run>, String>) {
        match opened {
            Ok(run) => {
                self.session.run = Some(run);
                self.ui.message = None;
                self.refresh();
            }
            Err(why) => self.ui.message = Some(why),
        }
    }

    /// Does what an action says.
    pub fn act(&mut self, action: Action) -> Flow {
        self.ui.message = None;
        if action != Action::Quit {
            self.quit_asked = false;
        }
        if self.session.run.is_none() {
            return self.act_at_home(action);
        }
        match action {
            Action::Travel(motion, direction) => self.travel(motion, direction),
            Action::Play(direction) => self.play(direction),
            Action::Faster => self.change_speed(self.ui.speed.saturating_mul(2).min(256)),
            Action::Slower => self.change_speed((self.ui.speed / 2).max(1)),
            Action::Up
            | Action::Down
            | Action::Left
            | Action::Right
            | Action::PageUp
            | Action::PageDown
            | Action::Top => {
                self.scroll(action);
            }
            Action::Pane(_) | Action::NextPane | Action::PreviousPane | Action::Zoom | Action::Unzoom | Action::Pin => {
                self.arrange(action);
            }
            Action::Enter => self.follow(),
            Action::SetMark => self.ask(Asking::SetMark),
            Action::GoMark => self.ask(Asking::GoMark),
            Action::GoStep => self.ask(Asking::Step),
            Action::Find => self.ask(Asking::Find),
            Action::FindNext => self.find(Direction::Forward),
            Action::FindPrevious => self.find(Direction::Backward),
            Action::Watch | Action::Break | Action::WhoWrote => self.point(action),
            Action::Wire(act) => self.wire(act),
            Action::Course => self.next_course(),
            Action::Call => self.open_typing(),
            Action::ProcNet => self.open_proc(),
            Action::LessonNext => self.lesson(LessonAct::Next),
            Action::LessonBack => self.lesson(LessonAct::Back),
            Action::Choose(option) => self.lesson(LessonAct::Choose(usize::from(option))),
            Action::Certainty(level) => self.lesson(LessonAct::Certainty(level)),
            Action::Answer => self.lesson(LessonAct::Answer),
            Action::Skip => self.lesson(LessonAct::Skip),
            Action::Hint => self.lesson(LessonAct::Hint),
            Action::Shift(up) => self.lesson(LessonAct::Shift { up }),
            Action::Undo => self.lesson(LessonAct::Undo),
            Action::Write => self.ask(Asking::Write),
            Action::Shell => self.ask(Asking::Shell),
            other => return self.program(other),
        }
        Flow::Draw
    }

    fn travel(&mut self, motion: Motion, direction: Direction) {
        self.ui.playback = Playback::Paused;
        let moved = self.session.run.as_mut().is_some_and(|run| run.travel(motion, direction));
        self.moved(moved);
        if !moved {
            let masked = self.picture.timeline.masked_from.is_some();
            let at_edge = match (motion, direction) {
                (_, Direction::Forward) if masked => Message::Masked,
                (Motion::Frame | Motion::State | Motion::Timer | Motion::Layer, Direction::Forward) => {
                    Message::NoneAhead
                }
                (Motion::Frame | Motion::State | Motion::Timer | Motion::Layer, Direction::Backward) => {
                    Message::NoneBehind
                }
                (_, Direction::Forward) => Message::AtEnd,
                (_, Direction::Backward) => Message::AtStart,
            };
            self.ui.message = Some(at_edge.text(self.ui.lang).to_owned());
        }
    }

    /// Takes a new moment in: the picture is another, and panes that follow time stand where it stands.
    fn moved(&mut self, moved: bool) {
        if moved {
            self.refresh();
            for pane in [Pane::Ladder, Pane::Code] {
                self.ui.change(pane, |view| view.scroll = 0);
            }
            self.ui.change(Pane::Stack, |view| *view = PaneView::default());
            self.select_telling_field();
            let lang = self.ui.lang;
            if let Some(said) = self.session.run.as_mut().and_then(|run| run.returned(lang)) {
                self.ui.message = Some(said);
            }
        }
    }

    /// A new frame opens at its innermost header.
    pub(super) fn select_telling_field(&mut self) {
        let selected = self.picture.frame.as_ref().map_or(0, telling);
        self.ui.change(Pane::Frame, |view| *view = PaneView { selected, ..PaneView::default() });
    }

    fn play(&mut self, direction: Direction) {
        if let Some(flowing) = self.session.run.as_mut().and_then(|run| run.flowing())
            && direction == Direction::Forward
        {
            let runs = flowing.run(self.ui.playback != Playback::Running);
            self.ui.playback = if runs { Playback::Running } else { Playback::Paused };
            self.moved(true);
            return;
        }
        let speed = self.ui.speed;
        self.ui.playback = match (self.ui.playback, direction) {
            (Playback::Paused | Playback::Running | Playback::Rewinding(_), Direction::Forward) => {
                Playback::Playing(speed)
            }
            (Playback::Paused | Playback::Running | Playback::Playing(_), Direction::Backward) => {
                Playback::Rewinding(speed)
            }
            (Playback::Playing(_), Direction::Forward) | (Playback::Rewinding(_), Direction::Backward) => {
                Playback::Paused
            }
        };
    }

    fn change_speed(&mut self, quarters: u32) {
        self.ui.speed = quarters;
        self.ui.playback = match self.ui.playback {
            Playback::Paused => Playback::Paused,
            Playback::Running => Playback::Running,
            Playback::Playing(_) => Playback::Playing(quarters),
            Playback::Rewinding(_) => Playback::Rewinding(quarters),
        };
        let shown = format!("{}", f64::from(quarters) / 4.0);
        self.ui.message = Some(Message::Speed.fill(self.ui.lang, &[&shown]));
    }

    fn layout(&self) -> Layout {
        screen::layout(self.area, &self.ui, &self.picture)
    }

    fn ask(&mut self, asking: Asking) {
        self.ui.overlay = Overlay::Prompt(asking, Input::default());
    }
}
