//! What happens when a key is pressed: actions become travels of the run or changes of the ui.

mod captures;
mod compare;
mod go;
mod home;
mod keys;
mod lesson;
mod lesson_end;
mod mouse;
mod observed;
mod over;
mod panes;
mod past;
mod play;
mod pointing;
mod program;
mod reading;
mod search;
mod socks;
mod stops;
mod teaching;
mod travel;
mod typing;
mod views;
mod why;

use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tui_input::Input;

use self::go::Going;
use self::teaching::ClassClock;
use crate::i18n::Message;
use crate::open::kernel_source::KernelSource;
use crate::outside::{Notify, Outside};
use crate::picture::Pane;
use crate::picture::{Picture, Source};
use crate::refusal::Refusal;
use lessons::Act;

use crate::catalog::Item;
use crate::catalog::recent::Recent;
use crate::session::answer::Refused;
use crate::session::captures::CaptureTable;
use crate::session::motion::Direction;
use crate::session::observed::ObservedSession;
use crate::session::walked::Walked;
use crate::session::{PictureRequest, Session};
use crate::tui::action::{Action, Mode};
use crate::tui::class;
use crate::tui::event::ScreenEvent;
use crate::tui::layout::Layout;
use crate::tui::panes::frame::telling;
use crate::tui::playback::Playback;
use crate::tui::screen;
use crate::tui::ui_state::{Asking, Offer, Overlay, PaneView, UiState};

/// How long a key that begins others, or asks for a letter, waits for the next one before they are listed.
const PANEL_DELAY: Duration = Duration::from_millis(300);

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

/// What came of a slice of a run's going on by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Whether anything is to be drawn.
    pub news: bool,
    /// Whether there is more to do at once.
    pub more: bool,
}

/// The program behind the screen, without any terminal: events go in, a buffer comes out.
pub struct App {
    catalog: Vec<Item>,
    session: Option<Session>,
    ui: UiState,
    picture: Picture,
    area: Rect,
    quit_asked: bool,
    /// What went wrong with runs that have been left.
    faults: Vec<Refusal>,
    /// Whether the run has gone on by itself since the picture was made.
    is_stale: bool,
    notify: Option<Notify>,
    /// When the search that goes on was begun.
    search_begun: Option<Instant>,
    /// The person's own copy of the kernel's source, where one was named.
    kernel_source: Option<KernelSource>,
    /// When the panel of the keys that may follow is to be shown.
    panel_due: Option<Instant>,
    /// What the list of places or the card that is open still looks for.
    going: Going,
    /// Where the mouse was pressed last.
    clicked: Option<(u16, u16)>,
    /// What was opened lately, where that is kept.
    recent: Option<Recent>,
    /// The paths that Tab walks through in a prompt.
    path_offer: Option<Offer>,
    /// The table of the capture that is open; it is on the screen where nothing else is.
    table: Option<Box<CaptureTable>>,
    /// The capture that is observed, with its table; there is no run then.
    observed: Option<Box<ObservedSession>>,
    /// When the observing that goes on was begun.
    observing_begun: Option<Instant>,
    /// The filter of the table before it was typed anew.
    typed_before: String,
    clock: ClassClock,
}

impl App {
    /// The program with what can be opened, a session where one is open, and an arrangement.
    #[must_use]
    pub fn new(catalog: Vec<Item>, session: Option<Session>, ui: UiState) -> Self {
        let mut app = Self {
            catalog,
            session,
            ui,
            picture: Picture::default(),
            area: Rect::default(),
            quit_asked: false,
            faults: Vec::new(),
            is_stale: false,
            notify: None,
            search_begun: None,
            kernel_source: None,
            panel_due: None,
            going: Going::default(),
            clicked: None,
            recent: None,
            path_offer: None,
            table: None,
            observed: None,
            observing_begun: None,
            typed_before: String::new(),
            clock: ClassClock::default(),
        };
        app.refresh();
        app.select_telling_field();
        app.tell_remark();
        app
    }

    /// The same with a person's own copy of the kernel's source, for the key that shows it.
    #[must_use]
    pub fn with_kernel_source(self, kernel_source: Option<KernelSource>) -> Self {
        Self { kernel_source, ..self }
    }

    /// The arrangement.
    #[must_use]
    pub fn ui(&self) -> &UiState {
        &self.ui
    }

    /// Whether a run or an observed capture is open; the table or home is shown where none is.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.session.is_some() || self.observed.is_some()
    }

    /// What the cursor walks on, where anything is open.
    pub(super) fn walked(&mut self) -> Option<Walked<'_>> {
        match (&mut self.session, &mut self.observed) {
            (Some(session), _) => Some(Walked::Run(session)),
            (None, Some(observed)) => Some(Walked::Frames(observed)),
            (None, None) => None,
        }
    }

    /// The mode of the keys at present.
    #[must_use]
    pub fn mode(&self) -> Mode {
        match self.table() {
            _ if self.shows_class(self.area) => class::mode(&self.ui, &self.picture),
            _ if self.is_open() => screen::mode(&self.ui, &self.picture),
            Some(_) => Mode::Captures,
            None => Mode::Home,
        }
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
        let Some(outside) = self.session.as_mut().and_then(Session::outside) else { return };
        if let Some(notify) = &self.notify {
            outside.attach(notify);
        }
        self.ui.playback = if outside.is_running() { Playback::Running } else { Playback::Paused };
    }

    /// Draws the screen.
    pub fn draw(&mut self, area: Rect, buffer: &mut Buffer) {
        self.area = area;
        if std::mem::take(&mut self.is_stale) {
            self.moved(true);
        }
        self.survey_where_shown();
        self.read_beginning_where_shown();
        self.draw_as(area, buffer, &self.ui);
    }

    /// Draws what is open, arranged as `ui` says.
    fn draw_as(&self, area: Rect, buffer: &mut Buffer, ui: &UiState) {
        match &self.table {
            _ if self.shows_class(area) => class::draw(area, buffer, ui, &self.picture),
            _ if self.is_open() => {
                screen::draw(area, buffer, self.asking_for_room(area, ui).as_ref().unwrap_or(ui), &self.picture);
            }
            Some(table) => screen::draw_captures(area, buffer, ui, table),
            None => screen::draw_home(area, buffer, ui, &self.catalog),
        }
    }

    /// How long the main loop may sleep; for ever unless something plays or a panel is due.
    #[must_use]
    pub fn patience(&mut self) -> Option<Duration> {
        if self.search_begun.is_some() || self.going.is_busy() {
            return Some(Duration::ZERO);
        }
        let panel = self
            .awaits_panel()
            .then(|| self.panel_due.map_or(PANEL_DELAY, |due| due.saturating_duration_since(Instant::now())));
        let run = match self.ui.playback {
            Playback::Running | Playback::Paused => self.idle_for(),
            Playback::Playing(quarters) | Playback::Rewinding(quarters) => {
                Some(Duration::from_millis((1600 / u64::from(quarters.max(1))).max(50)))
            }
        };
        let survey = self.is_surveying_on().then_some(Duration::ZERO);
        let class = self.class_patience();
        panel.into_iter().chain(run).chain(survey).chain(class).min()
    }

    /// Whether a key waits for the next one, and what may follow is not listed yet.
    fn awaits_panel(&self) -> bool {
        match &self.ui.overlay {
            Overlay::Nothing => self.ui.prefix.is_some(),
            Overlay::Prompt(asking, _) => asking.takes_a_letter() && !self.ui.panel,
            _ => false,
        }
    }

    /// Lists what may follow.
    fn show_panel(&mut self) {
        match (&self.ui.overlay, &self.ui.prefix) {
            (Overlay::Nothing, Some(prefix)) => self.ui.overlay = Overlay::WhichKey(prefix.clone()),
            _ => self.ui.panel = true,
        }
    }

    fn idle_for(&mut self) -> Option<Duration> {
        self.session.as_mut().and_then(Session::outside).and_then(|outside| outside.idle_for())
    }

    /// Closes the run that is open, if one is. Why its recording does not have everything is told when the program has left the
    /// screen.
    pub(super) fn close(&mut self) {
        if let Some(outside) = self.session.as_mut().and_then(Session::outside)
            && let Err(refusal) = outside.close()
        {
            self.ui.message = Some(refusal.text(self.ui.lang).to_owned());
            self.faults.push(refusal);
        }
    }

    /// Lets go of everything; gives what went wrong in a way that the program must not end well.
    ///
    /// # Errors
    /// The first that went wrong.
    pub fn end(mut self) -> Result<(), Refusal> {
        self.close();
        self.faults.into_iter().next().map_or(Ok(()), Err)
    }

    /// Takes in one event.
    pub fn handle(&mut self, event: ScreenEvent) -> Flow {
        match event {
            ScreenEvent::Key(key) => self.key(key),
            ScreenEvent::Mouse(mouse) => self.mouse(mouse),
            ScreenEvent::Paste(text) => self.paste(&text),
            ScreenEvent::Resize => Flow::Draw,
            ScreenEvent::Terminal(found) => self.learn_of_terminal(found),
            ScreenEvent::Continue => Flow::Redraw,
            ScreenEvent::Stop => Flow::Suspend,
            ScreenEvent::End(_) | ScreenEvent::Gone => Flow::Quit,
            ScreenEvent::Outside(Outside::Ready) => {
                if let Some(outside) = self.session.as_mut().and_then(Session::outside) {
                    outside.ready();
                }
                Flow::Idle
            }
            ScreenEvent::Outside(Outside::Said { line, text, status }) => self.said(&line, &text, status),
            ScreenEvent::Outside(Outside::Gone(why)) => {
                self.device_gone(&why);
                Flow::Draw
            }
            ScreenEvent::Time => self.time(),
        }
    }

    fn refresh(&mut self) {
        let request = self.request();
        let beat =
            |picture: &Picture| picture.lesson.as_ref().map(|lesson| (lesson.title.clone(), lesson.beat, lesson.pane));
        let stage =
            |picture: &Picture| picture.lesson.as_ref().map(|lesson| (lesson.beat, lesson.retake, lesson.stage()));
        if let Some(picture) = self.walked().map(|mut walked| walked.picture(request)) {
            let before = std::mem::replace(&mut self.picture, picture);
            let (before, stage_before) = (beat(&before), stage(&before));
            if let Some(source) = self.kernel_source.as_mut().filter(|_| self.ui.kernel_source) {
                let code = &self.picture.code;
                self.picture.code.kernel = source.function(&code.kernel_file, &code.function);
            }
            // A new beat puts the focus on the pane that it speaks of; from then on it is the learner's.
            if beat(&self.picture) != before
                && let Some(pane) = self.picture.lesson.as_ref().and_then(|lesson| lesson.pane)
            {
                self.ui.focus_on(pane);
            }
            if stage(&self.picture) != stage_before {
                // Whatever comes next is read from its first page.
                self.ui.change(Pane::Lesson, |view| *view = PaneView::default());
                self.look_at_asked();
            }
            if self.ui.message.is_some() && self.picture.ladder.has_frames() && self.ui.message == self.invitation() {
                // Somebody has called: it would not be true any more.
                self.ui.message = None;
            }
        }
    }

    /// How the picture is wanted.
    pub(super) fn request(&self) -> PictureRequest {
        PictureRequest { switched: self.ui.host, relative: self.ui.relative, lang: self.ui.lang }
    }

    /// Lets a run that goes on by itself go on until `until` at most; while it runs the cursor rides at its end. The picture of
    /// it is made when it is drawn: a peer may bring thousands of frames between two of them.
    pub fn work(&mut self, until: Instant) -> Work {
        if self.observed.is_some() {
            return self.observe_on(until);
        }
        let Some(session) = &mut self.session else { return self.index_on(until) };
        let Some(outside) = session.outside() else { return Work::default() };
        let worked = outside.work(until);
        if outside.is_running() && worked.news {
            session.ride_along();
        }
        self.is_stale |= worked.news;
        if let Some(why) = &worked.gone {
            self.device_gone(why);
        }
        if let Some(remark) = &worked.remark {
            self.ui.message = Some(remark.text(self.ui.lang).to_owned());
        }
        Work { news: worked.news, more: worked.more }
    }

    fn device_gone(&mut self, why: &str) {
        self.ui.message = Some(Message::DeviceGone.fill(self.ui.lang, &[why]));
    }

    fn time(&mut self) -> Flow {
        if self.search_begun.is_some() {
            return self.search_on();
        }
        if self.going.is_busy() {
            return self.go_on();
        }
        if self.class_second() {
            return Flow::Draw;
        }
        // While nothing goes on by itself it is the panel that was waited for.
        let is_due = self.panel_due.is_none_or(|due| Instant::now() >= due);
        if self.awaits_panel() && (is_due || self.ui.playback == Playback::Paused && self.idle_for().is_none()) {
            self.show_panel();
            return Flow::Draw;
        }
        if self.is_surveying_on() {
            // Each picture takes some more in.
            self.refresh();
            return Flow::Draw;
        }
        match self.ui.playback {
            // What runs by itself goes on in [`App::work`].
            Playback::Paused | Playback::Running => Flow::Idle,
            Playback::Playing(_) => self.play_on(Direction::Forward),
            Playback::Rewinding(_) => self.play_on(Direction::Backward),
        }
    }

    fn opened(&mut self, opened: Result<Session, Refusal>) {
        match opened {
            Ok(session) => {
                self.session = Some(session);
                self.ui.message = None;
                self.refresh();
                self.tell_remark();
                self.wake_run();
            }
            Err(refusal) => self.ui.message = Some(refusal.text(self.ui.lang).to_owned()),
        }
    }

    /// Says what a person should know of what has been opened; what a replay has to say stands in a pane.
    fn tell_remark(&mut self) {
        if self.picture.source == Source::Replay && self.picture.replay.lines > 0 {
            self.ui.focus_on(Pane::Capture);
        }
        if let Some(remark) = self.session.as_mut().and_then(Session::take_remark) {
            self.ui.message = Some(remark.text(self.ui.lang).to_owned());
        }
        if !self.picture.ladder.has_frames() {
            self.ui.message = self.invitation().or(self.ui.message.take());
        }
    }

    /// How a person calls a live host to which nobody has spoken yet.
    fn invitation(&self) -> Option<String> {
        let host = self.picture.hosts.get(self.picture.host).filter(|_| self.picture.source == Source::Live)?;
        Some(Message::LiveQuiet.fill(self.ui.lang, &[&host.address]))
    }

    /// Does what an action says where no run is open.
    fn act_without_run(&mut self, action: Action) -> Flow {
        match self.table() {
            Some(_) => self.act_at_table(action),
            None => self.act_at_home(action),
        }
    }

    /// Does what an action says.
    pub fn act(&mut self, action: Action) -> Flow {
        self.ui.message = None;
        if action != Action::Quit {
            self.quit_asked = false;
        }
        if !self.is_open() {
            return self.act_without_run(action);
        }
        if self.teach(action) || self.act_on_screen(action) {
            return Flow::Draw;
        }
        if self.observed.is_some() { self.act_at_observed(action) } else { self.act_in_run(action) }
    }

    /// Does what is done to the screen and its cursor, whatever is open; says whether the action was one of those.
    fn act_on_screen(&mut self, action: Action) -> bool {
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
            Action::Explain => self.explain(),
            Action::SetMark => self.ask(Asking::SetMark),
            Action::GoMark => self.ask(Asking::GoMark),
            Action::Find => self.ask(Asking::Find),
            Action::FindNext => self.find(Direction::Forward),
            Action::FindPrevious => self.find(Direction::Backward),
            _ => return false,
        }
        true
    }

    /// Does what an action says in a run.
    fn act_in_run(&mut self, action: Action) -> Flow {
        match action {
            Action::WalkSocks(direction) => self.walk_socks(direction),
            Action::KernelSource => self.toggle_kernel_source(),
            Action::Enter => self.follow(),
            Action::GoAnywhere => self.open_go(),
            Action::Fold => self.fold(),
            Action::Difference(direction) => self.go_to_difference(direction),
            Action::OtherEnd => self.switch_side(),
            Action::FollowStream => self.open_stream(),
            Action::Differences => self.open_differences(),
            Action::SkbCard => self.open_skb_card(),
            Action::GoStep => self.ask(Asking::Step),
            Action::Watch | Action::Break | Action::WhoWrote => self.point(action),
            Action::Why => self.open_why(),
            Action::TypeStop => self.open_stop(),
            Action::StopSwitch | Action::StopRemove | Action::StopRun(_) => self.at_stop(action),
            Action::Wire(act) => self.wire(act),
            Action::NextBranch => self.next_branch(),
            Action::ThrowAway => self.throw_branch_away(),
            Action::Fire => self.fire(),
            Action::Compare => self.ask_compare(),
            Action::Call => self.open_typing(),
            Action::ProcNet => self.open_proc(),
            Action::LessonNext | Action::LessonBack => self.turn(action == Action::LessonNext),
            Action::NextLesson | Action::OnceMore | Action::CompareDrawing => self.leave_lesson(action),
            Action::Choose(option) => self.lesson(Act::Choose(usize::from(option))),
            Action::Certainty(level) => self.lesson(Act::Certainty(level + 1)),
            Action::Answer => self.lesson(Act::Answer),
            Action::Skip => self.lesson(Act::Skip),
            Action::Hint => self.lesson(Act::Hint),
            Action::Shift(up) => self.lesson(Act::Shift { up }),
            Action::Undo => self.lesson(Act::Undo),
            Action::Write => self.ask(self.writing()),
            Action::Shell => self.ask(Asking::Shell),
            other => return self.program(other),
        }
        Flow::Draw
    }

    /// Says why something was not done.
    pub(super) fn refuse(&mut self, refused: &Refused) {
        self.ui.message = Some(refused.text(self.ui.lang));
    }

    /// Takes a new moment in: the picture is another, and panes that follow time stand where it stands.
    fn moved(&mut self, moved: bool) {
        if moved {
            self.refresh();
            for pane in [Pane::Ladder, Pane::Code, Pane::Tables, Pane::Plot, Pane::Outline, Pane::Capture] {
                self.ui.change(pane, |view| view.scroll = 0);
            }
            self.ui.change(Pane::Stack, |view| *view = PaneView::default());
            if !self.picture.oops.as_ref().is_some_and(|oops| oops.is_here) {
                // Who comes back to it is told again.
                self.ui.oops_read = None;
            }
            self.select_telling_field();
            let lang = self.ui.lang;
            if let Some(said) = self.session.as_mut().and_then(|session| session.returned(lang)) {
                self.ui.message = Some(said);
            }
        }
    }

    /// A new frame opens at its innermost header.
    pub(super) fn select_telling_field(&mut self) {
        let selected = self.picture.frame.as_ref().map_or(0, telling);
        self.ui.change(Pane::Frame, |view| *view = PaneView { selected, ..PaneView::default() });
    }

    fn layout(&self) -> Layout {
        if self.shows_class(self.area) {
            return class::layout(self.area, &self.ui, &self.picture);
        }
        screen::layout(self.area, &self.ui, &self.picture)
    }

    fn ask(&mut self, asking: Asking) {
        if asking.takes_a_letter() {
            self.ui.marks = self.walked().map(|mut walked| walked.marks()).unwrap_or_default();
            self.ui.panel = false;
            self.panel_due = Some(Instant::now() + PANEL_DELAY);
        }
        self.path_offer = None;
        self.ui.overlay = Overlay::Prompt(asking, Input::default());
    }
}
