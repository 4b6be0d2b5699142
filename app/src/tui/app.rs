//! What happens when a key is pressed: actions become travels of the run or changes of the desk.

use std::time::Duration;

use crossterm::event::{KeyEvent, MouseButton, MouseEvent, MouseEventKind};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::{Input, InputRequest};

use super::action::{Action, Direction, Motion, WireAct};
use super::desk::{Asking, Desk, Overlay};
use super::event::Event;
use super::keymap::{Key, Meaning, meaning};
use super::layout::{Layout, Pane};
use super::pane::bars::{self, Pace};
use super::pane::home::{Door, door_at};
use super::pane::{bytes, ladder, timeline};
use super::picture::{Beat, Picture, Rung};
use super::screen;
use super::session::{Ask, LessonAct, Session};
use crate::i18n::Message;

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
    desk: Desk,
    doors: Vec<Door>,
    picture: Picture,
    area: Rect,
    quit_asked: bool,
}

impl App {
    /// The program with a session and an arrangement.
    #[must_use]
    pub fn new(session: Session, desk: Desk) -> Self {
        let doors = session.house.doors(desk.lang);
        let mut app = Self {
            session,
            desk,
            doors,
            picture: Picture::default(),
            area: Rect::default(),
            quit_asked: false,
        };
        app.refresh();
        app
    }

    /// The arrangement.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The picture of the present moment.
    #[must_use]
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// Hands the run the means to wake the screen.
    pub fn attach(&mut self, waker: super::event::Waker) {
        if let Some(run) = &mut self.session.run {
            run.attach(waker);
        }
    }

    /// Draws the screen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        self.area = area;
        if self.session.run.is_some() {
            screen::draw(area, buffer, &self.desk, &self.picture);
        } else {
            screen::draw_home(area, buffer, &self.desk, &self.doors);
        }
    }

    /// How long the main loop may sleep; for ever unless something plays or a panel is due.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        match self.desk.pace {
            Pace::Playing(quarters) | Pace::Rewinding(quarters) => {
                Some(Duration::from_millis((1600 / u64::from(quarters.max(1))).max(50)))
            }
            Pace::Paused => self.desk.prefix.as_ref().map(|_| Duration::from_millis(300)),
        }
    }

    /// Takes in one event.
    pub fn handle(&mut self, event: Event) -> Flow {
        match event {
            Event::Key(key) => self.key(key),
            Event::Mouse(mouse) => self.mouse(mouse),
            Event::Paste(text) => self.paste(&text),
            Event::Resize => Flow::Draw,
            Event::Continue => Flow::Redraw,
            Event::Stop => Flow::Suspend,
            Event::End(_) | Event::Gone => Flow::Quit,
            Event::Outside => self.outside(),
            Event::Time => self.time(),
        }
    }

    fn refresh(&mut self) {
        let ask = Ask { host: self.desk.host, relative: self.desk.relative, lang: self.desk.lang };
        if let Some(run) = &mut self.session.run {
            self.picture = run.picture(ask);
        }
    }

    fn outside(&mut self) -> Flow {
        if self.session.run.as_mut().is_some_and(|run| run.take_in()) {
            self.refresh();
            return Flow::Draw;
        }
        Flow::Idle
    }

    fn time(&mut self) -> Flow {
        if let Some(prefix) = self.desk.prefix.clone()
            && matches!(self.desk.overlay, Overlay::Nothing)
        {
            self.desk.overlay = Overlay::WhichKey(prefix);
            return Flow::Draw;
        }
        match self.desk.pace {
            Pace::Paused => Flow::Idle,
            Pace::Playing(_) => self.play_on(Direction::Forward),
            Pace::Rewinding(_) => self.play_on(Direction::Back),
        }
    }

    fn play_on(&mut self, direction: Direction) -> Flow {
        let moved = self.session.run.as_mut().is_some_and(|run| run.travel(Motion::Into, direction));
        if !moved {
            self.desk.pace = Pace::Paused;
        }
        self.moved(moved);
        Flow::Draw
    }

    fn key(&mut self, event: KeyEvent) -> Flow {
        let Some(key) = Key::from_event(event) else { return Flow::Idle };
        if key.name() == "Ctrl-c" {
            return Flow::Quit;
        }
        match &self.desk.overlay {
            Overlay::Help(..) | Overlay::Palette(..) => return self.key_in_choice(&key),
            Overlay::Prompt(..) => return self.key_in_prompt(&key),
            Overlay::WhichKey(_) => self.desk.overlay = Overlay::Nothing,
            Overlay::Nothing => {}
        }
        let before = self.desk.prefix.take();
        let asking = self.asking();
        let mode = self.desk.mode(self.session.run.is_none(), asking);
        match meaning(mode, before.as_ref(), &key) {
            Meaning::Act(action) => self.act(action),
            Meaning::Prefix => {
                self.desk.prefix = Some(key);
                Flow::Idle
            }
            Meaning::Nothing => Flow::Draw,
        }
    }

    fn asking(&self) -> bool {
        self.picture.lesson.as_ref().is_some_and(|lesson| matches!(lesson.shows, Beat::Predict(_)))
    }

    fn key_in_choice(&mut self, key: &Key) -> Flow {
        let help = matches!(self.desk.overlay, Overlay::Help(..));
        let lang = self.desk.lang;
        let (Overlay::Help(input, selected) | Overlay::Palette(input, selected)) = &mut self.desk.overlay else {
            return Flow::Idle;
        };
        let rows = screen::rows(input.value(), help, lang);
        match key.name() {
            "Esc" => self.desk.overlay = Overlay::Nothing,
            "Enter" => {
                let chosen = rows.get(*selected).map(|entry| entry.action);
                self.desk.overlay = Overlay::Nothing;
                return chosen.map_or(Flow::Draw, |action| self.act(action));
            }
            "Up" | "Ctrl-p" => *selected = selected.saturating_sub(1),
            "Down" | "Ctrl-n" => *selected = (*selected + 1).min(rows.len().saturating_sub(1)),
            "PageUp" => *selected = selected.saturating_sub(10),
            "PageDown" => *selected = (*selected + 10).min(rows.len().saturating_sub(1)),
            "?" if help && input.value().is_empty() => self.desk.overlay = Overlay::Nothing,
            name => {
                if edit(input, name) {
                    *selected = 0;
                }
            }
        }
        Flow::Draw
    }

    fn key_in_prompt(&mut self, key: &Key) -> Flow {
        let Overlay::Prompt(asking, input) = &mut self.desk.overlay else { return Flow::Idle };
        let asking = *asking;
        let letter = matches!(asking, Asking::SetMark | Asking::GoMark);
        match key.name() {
            "Esc" => self.desk.overlay = Overlay::Nothing,
            name if letter => {
                let mut letters = name.chars();
                self.desk.overlay = Overlay::Nothing;
                if let (Some(letter), None) = (letters.next(), letters.next()) {
                    self.mark(asking, letter);
                }
            }
            "Enter" => {
                let value = input.value().to_owned();
                self.desk.overlay = Overlay::Nothing;
                self.answer_prompt(asking, value);
            }
            name => {
                edit(input, name);
            }
        }
        Flow::Draw
    }

    fn mark(&mut self, asking: Asking, letter: char) {
        let shown = letter.to_string();
        let lang = self.desk.lang;
        let Some(run) = &mut self.session.run else { return };
        let message = match asking {
            Asking::SetMark if run.set_mark(letter) => Message::MarkSet.fill(lang, &[&shown]),
            Asking::SetMark => Message::NotHere.text(lang).to_owned(),
            _ if run.go_to_mark(letter) => String::new(),
            _ => Message::NoMark.fill(lang, &[&shown]),
        };
        self.refresh();
        self.desk.message = (!message.is_empty()).then_some(message);
    }

    fn answer_prompt(&mut self, asking: Asking, value: String) {
        match asking {
            Asking::Find => {
                self.desk.found = value;
                self.find(Direction::Forward);
            }
            Asking::Step => {
                let step = value.trim().parse::<u64>().ok();
                let moved = step.is_some_and(|step| self.session.run.as_mut().is_some_and(|run| run.go_to(step)));
                self.moved(moved);
            }
            Asking::File => {
                let opened = self.session.house.open_file(value.trim(), self.desk.lang);
                self.opened(opened);
            }
            Asking::SetMark | Asking::GoMark => {}
        }
    }

    fn opened(&mut self, opened: Result<Box<dyn super::session::Run>, String>) {
        match opened {
            Ok(run) => {
                self.session.run = Some(run);
                self.desk.message = None;
                self.refresh();
            }
            Err(why) => self.desk.message = Some(why),
        }
    }

    fn paste(&mut self, text: &str) -> Flow {
        let (Overlay::Prompt(_, input) | Overlay::Help(input, _) | Overlay::Palette(input, _)) = &mut self.desk.overlay
        else {
            return Flow::Idle;
        };
        for character in text.chars().filter(|c| !c.is_control()) {
            input.handle(InputRequest::InsertChar(character));
        }
        Flow::Draw
    }

    /// Does what an action says.
    pub fn act(&mut self, action: Action) -> Flow {
        self.desk.message = None;
        if action != Action::Quit {
            self.quit_asked = false;
        }
        if self.session.run.is_none() {
            return self.act_at_home(action);
        }
        match action {
            Action::Travel(motion, direction) => self.travel(motion, direction),
            Action::Play(direction) => self.play(direction),
            Action::Faster => self.change_speed(self.desk.speed.saturating_mul(2).min(256)),
            Action::Slower => self.change_speed((self.desk.speed / 2).max(1)),
            Action::Up | Action::Down | Action::Left | Action::Right | Action::PageUp | Action::PageDown | Action::Top => {
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
            Action::FindPrevious => self.find(Direction::Back),
            Action::Watch | Action::Break | Action::WhoWrote => self.point(action),
            Action::Wire(act) => self.wire(act),
            Action::LessonNext => self.lesson(LessonAct::Next),
            Action::LessonBack => self.lesson(LessonAct::Back),
            Action::Choose(option) => self.lesson(LessonAct::Choose(usize::from(option))),
            Action::Certainty(level) => self.lesson(LessonAct::Certainty(level)),
            Action::Answer => self.lesson(LessonAct::Answer),
            Action::Skip => self.lesson(LessonAct::Skip),
            Action::Hint => self.lesson(LessonAct::Hint),
            other => return self.program(other),
        }
        Flow::Draw
    }

    fn program(&mut self, action: Action) -> Flow {
        match action {
            Action::Palette => self.desk.overlay = Overlay::Palette(Input::default(), 0),
            Action::Help => self.desk.overlay = Overlay::Help(Input::default(), 0),
            Action::Language => {
                self.desk.lang = self.desk.lang.other();
                self.doors = self.session.house.doors(self.desk.lang);
                self.refresh();
            }
            Action::Theme => {
                let palette = self.desk.theme.palette.next();
                self.desk.theme = super::theme::Theme::new(palette, self.desk.theme.depth);
                self.desk.message = Some(Message::Theme.fill(self.desk.lang, &[palette.name()]));
            }
            Action::Host => {
                let count = self.picture.hosts.len().max(1);
                self.desk.host = (self.desk.host + 1) % count;
                self.refresh();
            }
            Action::Relative => {
                self.desk.relative = !self.desk.relative;
                self.refresh();
            }
            Action::Mouse => {
                self.desk.mouse = !self.desk.mouse;
                let message = if self.desk.mouse { Message::MouseOn } else { Message::MouseOff };
                self.desk.message = Some(message.text(self.desk.lang).to_owned());
                return Flow::Mouse;
            }
            Action::ExportSvg | Action::ExportText => self.export(action == Action::ExportSvg),
            Action::Home => {
                if !self.leave_run() {
                    return Flow::Draw;
                }
                self.session.run = None;
                self.picture = Picture::default();
            }
            Action::Redraw => return Flow::Redraw,
            Action::Suspend => return Flow::Suspend,
            Action::Quit => return if self.leave_run() { Flow::Quit } else { Flow::Draw },
            _ => self.desk.message = Some(Message::NotHere.text(self.desk.lang).to_owned()),
        }
        Flow::Draw
    }

    /// Whether the run may be left now; a live one asks once.
    fn leave_run(&mut self) -> bool {
        let live = self.session.run.as_ref().is_some_and(|run| run.is_live());
        if live && !self.quit_asked {
            self.quit_asked = true;
            self.desk.message = Some(Message::QuitLive.text(self.desk.lang).to_owned());
            return false;
        }
        true
    }

    fn act_at_home(&mut self, action: Action) -> Flow {
        let last = self.doors.len().saturating_sub(1);
        match action {
            Action::Up => self.desk.door = self.desk.door.saturating_sub(1),
            Action::Down => self.desk.door = (self.desk.door + 1).min(last),
            Action::PageUp | Action::Travel(Motion::End, Direction::Back) => self.desk.door = 0,
            Action::PageDown | Action::Travel(Motion::End, Direction::Forward) => self.desk.door = last,
            Action::Enter => self.open_door(),
            Action::Language
            | Action::Theme
            | Action::Help
            | Action::Palette
            | Action::Mouse
            | Action::Redraw
            | Action::Suspend
            | Action::ExportSvg
            | Action::ExportText
            | Action::Quit => return self.program(action),
            _ => {}
        }
        Flow::Draw
    }

    fn open_door(&mut self) {
        if self.session.house.wants_path(self.desk.door) {
            self.ask(Asking::File);
            return;
        }
        let opened = self.session.house.open(self.desk.door, self.desk.lang);
        self.opened(opened);
    }

    fn travel(&mut self, motion: Motion, direction: Direction) {
        self.desk.pace = Pace::Paused;
        let moved = self.session.run.as_mut().is_some_and(|run| run.travel(motion, direction));
        self.moved(moved);
        if !moved {
            let at_edge = match (motion, direction) {
                (Motion::Frame | Motion::State | Motion::Timer | Motion::Layer, Direction::Forward) => Message::NoneAhead,
                (Motion::Frame | Motion::State | Motion::Timer | Motion::Layer, Direction::Back) => Message::NoneBehind,
                (_, Direction::Forward) => Message::AtEnd,
                (_, Direction::Back) => Message::AtStart,
            };
            self.desk.message = Some(at_edge.text(self.desk.lang).to_owned());
        }
    }

    /// Takes a new moment in: the picture is another, and panes that follow time stand where it stands.
    fn moved(&mut self, moved: bool) {
        if moved {
            self.refresh();
            for pane in [Pane::Ladder, Pane::Code] {
                self.desk.change(pane, |view| view.scroll = 0);
            }
            for pane in [Pane::Stack, Pane::Frame] {
                self.desk.change(pane, |view| *view = super::desk::View::default());
            }
        }
    }

    fn play(&mut self, direction: Direction) {
        let speed = self.desk.speed;
        self.desk.pace = match (self.desk.pace, direction) {
            (Pace::Paused | Pace::Rewinding(_), Direction::Forward) => Pace::Playing(speed),
            (Pace::Paused | Pace::Playing(_), Direction::Back) => Pace::Rewinding(speed),
            (Pace::Playing(_), Direction::Forward) | (Pace::Rewinding(_), Direction::Back) => Pace::Paused,
        };
    }

    fn change_speed(&mut self, quarters: u32) {
        self.desk.speed = quarters;
        self.desk.pace = match self.desk.pace {
            Pace::Paused => Pace::Paused,
            Pace::Playing(_) => Pace::Playing(quarters),
            Pace::Rewinding(_) => Pace::Rewinding(quarters),
        };
        let shown = format!("{}", f64::from(quarters) / 4.0);
        self.desk.message = Some(Message::Speed.fill(self.desk.lang, &[&shown]));
    }

    fn arrange(&mut self, action: Action) {
        match action {
            Action::Pane(digit) => {
                let place = usize::from(digit).saturating_sub(1);
                if let Some(pane) = Pane::NUMBERED.get(place) {
                    self.desk.focus_on(*pane);
                }
            }
            Action::NextPane | Action::PreviousPane => {
                let shown = self.layout().panes;
                let mut order: Vec<Pane> = shown.iter().map(|(pane, _)| *pane).collect();
                if self.desk.zoomed || order.is_empty() {
                    order = Pane::NUMBERED.to_vec();
                }
                let here = order.iter().position(|pane| *pane == self.desk.focus).unwrap_or(0);
                let step = if action == Action::NextPane { 1 } else { order.len() - 1 };
                if let Some(next) = order.get((here + step) % order.len()) {
                    self.desk.focus_on(*next);
                }
            }
            Action::Zoom => self.desk.zoomed = !self.desk.zoomed,
            Action::Unzoom => self.desk.zoomed = false,
            Action::Pin => {
                self.desk.pinned = self.desk.focus;
                if self.desk.left == self.desk.pinned {
                    self.desk.left = if self.desk.pinned == Pane::Code { Pane::Ladder } else { Pane::Code };
                }
                let name = self.desk.focus.message().text(self.desk.lang);
                self.desk.message = Some(Message::Pinned.fill(self.desk.lang, &[name]));
            }
            _ => {}
        }
    }

    fn layout(&self) -> Layout {
        screen::layout(self.area, &self.desk, &self.picture)
    }

    fn scroll(&mut self, action: Action) {
        if self.asking() && matches!(action, Action::Up | Action::Down) {
            let Some(Beat::Predict(question)) = self.picture.lesson.as_ref().map(|lesson| &lesson.shows) else { return };
            let last = question.options.len().saturating_sub(1);
            let next =
                if action == Action::Up { question.chosen.saturating_sub(1) } else { (question.chosen + 1).min(last) };
            self.lesson(LessonAct::Choose(next));
            return;
        }
        let pane = self.desk.focus;
        let last = self.rows(pane).saturating_sub(1);
        let (down, wide): (i32, i32) = match action {
            Action::Up => (-1, 0),
            Action::Down => (1, 0),
            Action::PageUp => (-10, 0),
            Action::PageDown => (10, 0),
            Action::Left => (0, -4),
            Action::Right => (0, 4),
            _ => (i32::MIN / 2, 0),
        };
        let scrolls = matches!(pane, Pane::Code | Pane::Ladder | Pane::Lesson);
        let limit = i32::try_from(last).unwrap_or(i32::MAX);
        self.desk.change(pane, |view| {
            view.shift = u16::try_from((i32::from(view.shift) + wide).clamp(0, 400)).unwrap_or(0);
            if scrolls {
                view.scroll = view.scroll.saturating_add(down).clamp(-limit, limit);
            } else {
                let place = i32::try_from(view.selected).unwrap_or(0).saturating_add(down).clamp(0, limit);
                view.selected = usize::try_from(place).unwrap_or(0);
            }
        });
    }

    fn rows(&self, pane: Pane) -> usize {
        let picture = &self.picture;
        match pane {
            Pane::Code => picture.code.lines.len(),
            Pane::Stack => picture.stack.len(),
            Pane::Sock => picture.socks.first().map_or(0, |sock| sock.fields.len()),
            Pane::Peer => picture.peer_socks.first().map_or(0, |sock| sock.fields.len()),
            Pane::Queues => picture.queues.rows.len(),
            Pane::Arp => picture.arp.rows.len(),
            Pane::Ladder => picture.ladder.rungs.len(),
            Pane::Frame => picture.frame.as_ref().map_or(0, |frame| frame.rows.len()),
            Pane::Timers => picture.timers.len(),
            Pane::Path | Pane::State | Pane::Bytes | Pane::Lesson => 0,
        }
    }

    /// Enter: the ladder jumps to its frame, a field to the step that wrote it.
    fn follow(&mut self) {
        match self.desk.focus {
            Pane::Ladder => {
                let distance = self.desk.view(Pane::Ladder).scroll;
                let rung = ladder::selected(&self.picture.ladder, distance);
                let frames = |rungs: &[Rung]| rungs.iter().filter(|rung| matches!(rung, Rung::Frame { .. })).count();
                let rungs = &self.picture.ladder.rungs;
                let (from, to) = (rung.min(self.picture.ladder.now), rung.max(self.picture.ladder.now));
                let count = frames(rungs.get(from..to).unwrap_or(&[]));
                let direction = if rung < self.picture.ladder.now { Direction::Back } else { Direction::Forward };
                let mut moved = false;
                if let Some(run) = &mut self.session.run {
                    for _ in 0..count.max(1) {
                        moved |= run.travel(Motion::Frame, direction);
                    }
                }
                self.moved(moved);
            }
            Pane::Sock => self.point(Action::WhoWrote),
            _ => {}
        }
    }

    fn selected_field(&self) -> Option<String> {
        let selected = self.desk.view(Pane::Sock).selected;
        self.picture.socks.first()?.fields.get(selected).map(|field| field.name.clone())
    }

    fn point(&mut self, action: Action) {
        let lang = self.desk.lang;
        let field = self.selected_field().unwrap_or_default();
        let function = match self.desk.focus {
            Pane::Stack => self.picture.stack.get(self.desk.view(Pane::Stack).selected).map(|call| call.function.clone()),
            _ => Some(self.picture.code.function.clone()),
        };
        let Some(run) = &mut self.session.run else { return };
        let message = match action {
            Action::Break => run.toggle_break(function.as_deref().unwrap_or(""), lang),
            Action::Watch => run.toggle_watch(&field, lang),
            _ => run.go_to_writer(&field).then(String::new),
        };
        self.refresh();
        let message = message.unwrap_or_else(|| Message::NotHere.text(lang).to_owned());
        self.desk.message = (!message.is_empty()).then_some(message);
    }

    fn wire(&mut self, act: WireAct) {
        let rung = ladder::selected(&self.picture.ladder, self.desk.view(Pane::Ladder).scroll);
        let number = self.picture.ladder.rungs.iter().skip(rung).find_map(|rung| match rung {
            Rung::Frame { number, .. } => Some(*number),
            Rung::State { .. } => None,
        });
        let lang = self.desk.lang;
        let answer = match (&mut self.session.run, number) {
            (Some(run), Some(number)) => run.wire(act, number, lang),
            _ => Err(String::new()),
        };
        self.refresh();
        let said = answer.unwrap_or_else(|why| why);
        self.desk.message =
            Some(if said.is_empty() { Message::NotHere.text(lang).to_owned() } else { said });
    }

    fn lesson(&mut self, act: LessonAct) {
        let done = self.session.run.as_mut().is_some_and(|run| run.lesson(act));
        if done {
            self.moved(true);
        } else {
            self.desk.message = Some(Message::NotHere.text(self.desk.lang).to_owned());
        }
    }

    fn ask(&mut self, asking: Asking) {
        self.desk.overlay = Overlay::Prompt(asking, Input::default());
    }

    fn find(&mut self, direction: Direction) {
        let wanted = self.desk.found.to_lowercase();
        if wanted.is_empty() {
            return;
        }
        let pane = self.desk.focus;
        let lines = self.searchable(pane);
        let view = self.desk.view(pane);
        let base = match pane {
            Pane::Code => self.picture.code.current.saturating_sub(self.picture.code.first_line),
            Pane::Ladder => self.picture.ladder.now,
            _ => 0,
        };
        let here = i64::try_from(base).unwrap_or(0)
            + if base > 0 || view.scroll != 0 { i64::from(view.scroll) } else { i64::try_from(view.selected).unwrap_or(0) };
        let count = i64::try_from(lines.len()).unwrap_or(0);
        let hit = (1..=count).find_map(|distance| {
            let step = if direction == Direction::Forward { distance } else { -distance };
            let place = usize::try_from((here + step).rem_euclid(count.max(1))).ok()?;
            lines.get(place)?.to_lowercase().contains(&wanted).then_some(place)
        });
        match hit {
            Some(place) => self.desk.change(pane, |view| {
                view.selected = place;
                view.scroll = i32::try_from(place).unwrap_or(0) - i32::try_from(base).unwrap_or(0);
            }),
            None => self.desk.message = Some(Message::NotFound.fill(self.desk.lang, &[&self.desk.found])),
        }
    }

    fn searchable(&self, pane: Pane) -> Vec<String> {
        let picture = &self.picture;
        match pane {
            Pane::Code => picture.code.lines.clone(),
            Pane::Stack => picture.stack.iter().map(|call| format!("{} {}", call.function, call.arguments)).collect(),
            Pane::Sock => picture.socks.first().map_or(Vec::new(), |sock| {
                sock.fields.iter().map(|field| format!("{} {}", field.name, field.value)).collect()
            }),
            Pane::Frame => picture.frame.as_ref().map_or(Vec::new(), |frame| {
                frame.rows.iter().map(|row| format!("{} {}", row.name, row.value)).collect()
            }),
            Pane::Timers => picture.timers.iter().map(|timer| format!("{} {}", timer.function, timer.owner)).collect(),
            Pane::Ladder => picture
                .ladder
                .rungs
                .iter()
                .map(|rung| match rung {
                    Rung::Frame { label, .. } => label.clone(),
                    Rung::State { name, .. } => name.clone(),
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    fn export(&mut self, svg: bool) {
        let area = self.area;
        let mut buffer = Buffer::empty(area);
        self.draw(area, &mut buffer);
        let name = format!("sockscope-step-{}.{}", self.picture.step, if svg { "svg" } else { "txt" });
        let text = if svg {
            let light = self.desk.theme.palette == super::theme::Palette::Light;
            let ground = if light { crate::export::svg::LIGHT } else { crate::export::svg::DARK };
            crate::export::svg::screen(&buffer, ground, &self.picture.title)
        } else {
            crate::export::text::screen(&buffer)
        };
        self.desk.message = Some(match std::fs::write(&name, text) {
            Ok(()) => Message::Saved.fill(self.desk.lang, &[&name]),
            Err(error) => format!("{name}: {error}"),
        });
    }

    fn mouse(&mut self, mouse: MouseEvent) -> Flow {
        let (x, y) = (mouse.column, mouse.row);
        if !matches!(self.desk.overlay, Overlay::Nothing) {
            return Flow::Idle;
        }
        if self.session.run.is_none() {
            return self.mouse_at_home(mouse);
        }
        let layout = self.layout();
        match mouse.kind {
            MouseEventKind::ScrollUp | MouseEventKind::ScrollDown => {
                if let Some((pane, _)) = layout.hit(x, y) {
                    let focus = self.desk.focus;
                    self.desk.focus = pane;
                    let action = if mouse.kind == MouseEventKind::ScrollUp { Action::Up } else { Action::Down };
                    self.scroll(action);
                    self.desk.focus = focus;
                }
            }
            MouseEventKind::Down(MouseButton::Left) | MouseEventKind::Drag(MouseButton::Left) => {
                self.click(x, y, &layout, matches!(mouse.kind, MouseEventKind::Down(_)));
            }
            _ => return Flow::Idle,
        }
        Flow::Draw
    }

    fn click(&mut self, x: u16, y: u16, layout: &Layout, down: bool) {
        let at = (x, y).into();
        if layout.timeline.contains(at) {
            let look = self.desk.plain();
            if let Some(step) = timeline::step_at(layout.timeline.width, x - layout.timeline.x, &self.picture, &look) {
                self.desk.pace = Pace::Paused;
                let moved = self.session.run.as_mut().is_some_and(|run| run.go_to(step));
                self.moved(moved);
            }
            return;
        }
        if layout.tabs.contains(at) {
            let look = self.desk.plain();
            if let Some(pane) = bars::tab_at(x, layout.tabs, self.desk.left, self.desk.pinned, &look) {
                self.desk.focus_on(pane);
            }
            return;
        }
        let Some((pane, area)) = layout.hit(x, y) else { return };
        let was = self.desk.focus;
        if down {
            self.desk.focus_on(pane);
        }
        let inner = y.checked_sub(area.y + 1);
        match (pane, inner) {
            (Pane::Bytes, Some(row)) => self.click_byte(x, row, area),
            (Pane::Ladder, Some(row)) if down && was == Pane::Ladder && row > 0 => self.click_rung(row - 1, area),
            _ => {}
        }
    }

    /// A byte selects the innermost field that owns it.
    fn click_byte(&mut self, x: u16, row: u16, area: Rect) {
        let look = super::pane::Look { selected: self.desk.view(Pane::Frame).selected, ..self.desk.look(Pane::Bytes) };
        let Some(frame) = &self.picture.frame else { return };
        let inner = Rect::new(area.x + 1, area.y + 1, area.width.saturating_sub(2), area.height.saturating_sub(2));
        let first = bytes::first_row(inner, frame, &look);
        let byte = x.checked_sub(inner.x).and_then(|x| bytes::byte_at(inner.width, x, row, first));
        let owner = byte.and_then(|byte| {
            let owners = frame.rows.iter().enumerate().filter(|(_, row)| row.range.contains(&byte));
            owners.max_by_key(|(_, row)| row.depth).map(|(place, _)| place)
        });
        if let Some(place) = owner {
            self.desk.change(Pane::Frame, |view| view.selected = place);
        }
    }

    fn click_rung(&mut self, row: u16, area: Rect) {
        let ladder = &self.picture.ladder;
        let legend = u16::from(area.height >= 11);
        let room = usize::from(area.height.saturating_sub(3 + legend));
        let cursor = ladder::selected(ladder, self.desk.view(Pane::Ladder).scroll);
        let first = super::pane::window(ladder.rungs.len(), room, cursor, 0);
        let target = (first + usize::from(row)).min(ladder.rungs.len().saturating_sub(1));
        let now = i32::try_from(ladder.now).unwrap_or(0);
        let target = i32::try_from(target).unwrap_or(0);
        self.desk.change(Pane::Ladder, |view| view.scroll = target - now);
        self.follow();
    }

    fn mouse_at_home(&mut self, mouse: MouseEvent) -> Flow {
        let look = super::pane::Look { selected: self.desk.door, ..self.desk.plain() };
        match mouse.kind {
            MouseEventKind::ScrollUp => self.act(Action::Up),
            MouseEventKind::ScrollDown => self.act(Action::Down),
            MouseEventKind::Down(MouseButton::Left) => match door_at(self.area, mouse.row, &self.doors, &look) {
                Some(door) if door == self.desk.door => self.act(Action::Enter),
                Some(door) => {
                    self.desk.door = door;
                    Flow::Draw
                }
                None => Flow::Idle,
            },
            _ => Flow::Idle,
        }
    }
}

/// Edits a line of typed text by a key; `false` where the key edits nothing.
fn edit(input: &mut Input, name: &str) -> bool {
    let mut characters = name.chars();
    let request = match name {
        "Backspace" => InputRequest::DeletePrevChar,
        "Delete" => InputRequest::DeleteNextChar,
        "Left" => InputRequest::GoToPrevChar,
        "Right" => InputRequest::GoToNextChar,
        "Home" => InputRequest::GoToStart,
        "End" => InputRequest::GoToEnd,
        "Ctrl-u" => InputRequest::DeleteLine,
        "Ctrl-w" => InputRequest::DeletePrevWord,
        "Space" => InputRequest::InsertChar(' '),
        _ => match (characters.next(), characters.next()) {
            (Some(only), None) => InputRequest::InsertChar(only),
            _ => return false,
        },
    };
    input.handle(request).is_some()
}
