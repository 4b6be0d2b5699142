//! Everything that can be pressed is pressed: every hint of every footer, every action by the mouse alone, every named key of what lies
//! over the screen, and a thousand keys at random in every pane. Nothing here writes a file: what would is left out, by name.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use sockscope::catalog::{self, Item};
use sockscope::i18n::{Lang, Message};
use sockscope::picture::{Pane, Source};
use sockscope::session::Session;
use sockscope::session::answer::Refused;
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::origin::{Edit, Edited, Origin};
use sockscope::tui::action::{Action, TABLE, by_id};
use sockscope::tui::app::{App, Flow};
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::hints;
use sockscope::tui::keymap::Key;
use sockscope::tui::lean::Lean;
use sockscope::tui::panes::{outline, queues};
use sockscope::tui::print::text;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};
use stack::lab::run::{Moment, Run};

use crate::folder::Folder;

const SMALL: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };
const LARGE: Rect = Rect { x: 0, y: 0, width: 160, height: 45 };

/// What writes a file where the test runs.
const WRITES: [Action; 3] = [Action::ExportSvg, Action::ExportText, Action::SaveRun];

/// A run that came from somewhere else: nothing of it can be changed.
struct Settled(Run, Source);

impl Origin for Settled {
    fn source(&self) -> Source {
        self.1
    }

    fn run(&self) -> &Run {
        &self.0
    }

    fn run_mut(&mut self) -> &mut Run {
        &mut self.0
    }

    fn edit(&mut self, _edit: &Edit, _at: Moment) -> Result<Edited, Refused> {
        Err(Refused::NotSimulated)
    }
}

fn first() -> Run {
    stack::lab::scene::first(1).unwrap()
}

fn app_of(session: Option<Session>) -> App {
    let theme = Theme::new(Palette::Dark, Depth::True);
    let nothing_kept = catalog::standard().into_iter().filter(|item| !matches!(item, Item::Lesson { .. }));
    App::new(nothing_kept.collect(), session, UiState::new(theme, Lang::En))
}

fn lab() -> App {
    app_of(Some(Session::new("test", Source::Lab, first())))
}

/// One that came from a capture or runs on a device, at its first frames.
fn settled(source: Source) -> App {
    let mut run = first();
    run.play(400);
    app_of(Some(Session::of_origin("settled", Box::new(Settled(run, source)), Moment { turn: 20, step: 1 })))
}

/// A lesson, so many beats on, with whoever would be told what was learned left out.
fn lesson(beats: usize) -> App {
    let player = lessons::Player::open(lessons::content::named("gate").unwrap(), 1).unwrap();
    let mut app = app_of(Some(Session::of_lesson(player, Box::new(|_| {}))));
    for _ in 0..beats {
        app.act(Action::LessonNext);
    }
    app
}

fn press(app: &mut App, code: KeyCode) -> Flow {
    app.handle(ScreenEvent::Key(KeyEvent::new(code, KeyModifiers::NONE)))
}

fn type_keys(app: &mut App, keys: &str) {
    for letter in keys.chars() {
        press(app, KeyCode::Char(letter));
    }
}

/// Lets every search come to its end.
fn settle(app: &mut App) {
    while app.patience().is_some_and(|time| time.is_zero()) {
        app.handle(ScreenEvent::Time);
    }
}

fn drawn(app: &mut App, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    buffer
}

fn shown(app: &mut App, area: Rect) -> String {
    text::screen(&drawn(app, area))
}

fn mouse(app: &mut App, kind: MouseEventKind, (column, row): (u16, u16)) -> Flow {
    app.handle(ScreenEvent::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }))
}

fn click(app: &mut App, at: (u16, u16)) -> Flow {
    mouse(app, MouseEventKind::Down(MouseButton::Left), at)
}

/// Where a text stands on the screen, the last time.
fn find(app: &mut App, area: Rect, wanted: &str) -> Option<(u16, u16)> {
    let drawn = drawn(app, area);
    let wanted: Vec<String> = wanted.chars().map(String::from).collect();
    let rows = drawn.content().chunks(usize::from(area.width)).enumerate();
    let mut hits = rows.filter_map(|(y, row)| {
        let cells: Vec<&str> = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        let x = cells
            .windows(wanted.len())
            .position(|cells| cells.iter().zip(&wanted).all(|(cell, letter)| cell == letter))?;
        Some((u16::try_from(x).unwrap(), u16::try_from(y).unwrap()))
    });
    hits.next_back()
}

fn click_on(app: &mut App, area: Rect, wanted: &str) -> Flow {
    let at = find(app, area, wanted).unwrap_or_else(|| panic!("{wanted} is not shown:\n{}", shown(app, area)));
    click(app, at)
}

/// Presses every hint of the footer of a place, each in a run of its own.
fn press_footer(name: &str, place: &dyn Fn() -> App) {
    let dead = [
        Message::NoActionHere,
        Message::NotSimulated,
        Message::LivePastFixed,
        Message::NoNetwork,
        Message::NothingSelected,
        Message::NotAsked,
        Message::LessonNotOpen,
        Message::OneBranch,
        Message::LessonWire,
        Message::LessonCalls,
    ];
    let mut first = place();
    drawn(&mut first, SMALL);
    let hints = if first.is_open() {
        hints::footer(first.mode(), first.ui(), first.picture())
    } else {
        hints::at_home(first.ui())
    };
    assert!(hints.len() > 3, "{name}: {hints:?}");
    for hint in hints.into_iter().filter(|hint| !WRITES.contains(&hint.action)) {
        let mut app = place();
        let before = drawn(&mut app, SMALL);
        // A hint that stands for several keys names the first: another than is chosen is pressed.
        let action = match hint.action {
            Action::Choose(_) => Action::Choose(1),
            Action::Certainty(_) => Action::Certainty(2),
            // At the first row only the other one of the two arrows leads on.
            Action::Up => Action::Down,
            other => other,
        };
        let flow = app.act(action);
        settle(&mut app);
        let said = app.ui().message.clone().unwrap_or_default();
        assert!(dead.iter().all(|message| said != message.text(Lang::En)), "{name} {hint:?}: {said}");
        // What plays is seen to play a moment later.
        let is_play = Some(hint.action) == by_id("play").map(|entry| entry.action);
        let changed = flow == Flow::Quit || is_play || drawn(&mut app, SMALL) != before;
        assert!(changed || !said.is_empty(), "{name}: dead: {hint:?}");
    }
}

#[test]
fn row_51_no_key_of_a_footer_is_dead() {
    for pane in Pane::ALL {
        for keys in ["", "]", "]]]]]d"] {
            press_footer(&format!("{} {keys}", pane.id()), &|| {
                let mut app = lab();
                if keys.ends_with('d') {
                    // Another branch, and a stop.
                    app.act(Action::Break);
                    app.act(Action::Pane(Pane::Ladder));
                }
                type_keys(&mut app, keys);
                app.act(Action::Pane(*pane));
                app
            });
        }
    }
}

#[test]
fn row_51_no_key_of_a_footer_is_dead_in_a_lesson_a_capture_or_live() {
    for beats in 0..8 {
        press_footer(&format!("lesson, beat {beats}"), &|| lesson(beats));
        press_footer(&format!("lesson, beat {beats}, answered"), &|| {
            let mut app = lesson(beats);
            app.act(Action::Choose(1));
            app.act(Action::Answer);
            app
        });
    }
    for source in [Source::Replay, Source::Live] {
        for pane in [Pane::Code, Pane::Ladder, Pane::Timers, Pane::Branches, Pane::Stops, Pane::Processes, Pane::Socks]
        {
            press_footer(&format!("{source:?} {}", pane.id()), &|| {
                let mut app = settled(source);
                app.act(Action::Pane(pane));
                app
            });
        }
    }
    press_footer("home", &|| app_of(None));
}

#[test]
fn row_49_every_action_is_reached_by_the_mouse_alone() {
    for (place, entry) in TABLE.iter().enumerate().filter(|(_, entry)| !WRITES.contains(&entry.action)) {
        let (mut app, mut twin) = (lab(), lab());
        click_on(&mut app, SMALL, ": palette");
        let rows = screen::rows(app.ui(), false);
        let row = rows.iter().position(|row| row.entry.id == entry.id).unwrap();
        for _ in 0..row {
            mouse(&mut app, MouseEventKind::ScrollDown, (40, 12));
        }
        let Overlay::Palette(_, selected) = &app.ui().overlay else { panic!("{}: the palette is gone", entry.id) };
        assert_eq!(*selected, row, "{}: the wheel moves the choice", entry.id);
        let area = drawn(&mut app, SMALL);
        // The chosen row is the one that is lit.
        let lit = app.ui().theme.selected;
        let y = (5..21).find(|y| {
            let cell = &area[(10, *y)];
            lit.bg.is_some_and(|bg| cell.bg == bg)
                || cell.modifier.contains(lit.add_modifier) && !lit.add_modifier.is_empty()
        });
        let flow = click(&mut app, (10, y.unwrap_or_else(|| panic!("{place} {}: no row is lit", entry.id))));
        drawn(&mut twin, SMALL);
        assert_eq!(flow, twin.act(entry.action), "{}", entry.id);
        settle(&mut app);
        settle(&mut twin);
        assert_eq!(shown(&mut app, SMALL), shown(&mut twin, SMALL), "{}", entry.id);
    }
}

/// Wherever a pane puts a row, in columns, folded or scrolled: a click on it moves the pane's cursor there.
#[test]
fn row_49_a_click_on_a_row_chooses_it() {
    let mut app = lab();
    type_keys(&mut app, "]]]]]]");
    let mut clicked = |pane: Pane, wanted: &str| {
        app.act(Action::Pane(pane));
        click_on(&mut app, LARGE, wanted);
        assert_eq!(app.ui().focus, pane);
        (app.picture().clone(), app.ui().view(pane))
    };
    let (picture, view) = clicked(Pane::Sock, "rcv_ack_seq");
    assert_eq!(picture.socks[0].fields[view.selected].name, "rcv_ack_seq");
    let (picture, view) = clicked(Pane::Sock, "packets_out");
    assert_eq!(picture.socks[0].fields[view.selected].name, "packets_out");
    let (picture, view) = clicked(Pane::Frame, "dest         80");
    assert_eq!(picture.frame.unwrap().rows[view.selected].name, "dest");
    let (picture, view) = clicked(Pane::Stack, "sock_write(");
    assert_eq!(picture.stack[view.selected].function, "sock_write");
    let (picture, view) = clicked(Pane::Outline, "skb_dequeue");
    assert_eq!(outline::selected(&picture, view.scroll).unwrap().function, "skb_dequeue");
    let (picture, view) = clicked(Pane::Queues, "[18 B");
    assert_eq!(queues::queue_on(&picture, view.selected).unwrap().name, "send_head");
}

#[test]
fn row_49_what_lies_over_the_screen_is_used_by_the_mouse() {
    let mut app = lab();
    app.act(Action::ProcNet);
    click_on(&mut app, SMALL, "3 ");
    let Overlay::ProcNet(view) = &app.ui().overlay else { panic!("a tab closes nothing") };
    assert_eq!(view.text.files.get(2), Some(&view.text.file), "the third file");
    click_on(&mut app, SMALL, "whole screen");
    assert!(matches!(&app.ui().overlay, Overlay::ProcNet(view) if view.whole), "a named key is pressed");
    click_on(&mut app, SMALL, "Esc closes");
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    app.act(Action::Pane(Pane::Ladder));
    type_keys(&mut app, "]]]]]E");
    let Overlay::Frame(form) = &app.ui().overlay else { panic!("{:?}", app.ui().message) };
    let (mends, before) = (form.mends, form.selected);
    let name = form.fields[before + 1].field.name;
    click_on(&mut app, SMALL, "checksums ·");
    click_on(&mut app, SMALL, name);
    let Overlay::Frame(form) = &app.ui().overlay else { panic!("the form is closed") };
    assert!(form.mends != mends && form.selected > before && form.input.is_none());
    mouse(&mut app, MouseEventKind::ScrollUp, (40, 12));
    assert!(matches!(&app.ui().overlay, Overlay::Frame(form) if form.selected == before), "the wheel moves the choice");
    click_on(&mut app, SMALL, "Esc leave");
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    app.act(Action::GoStep);
    type_keys(&mut app, "1200");
    press(&mut app, KeyCode::Enter);
    app.act(Action::Compare);
    press(&mut app, KeyCode::Backspace);
    for _ in 0..20 {
        press(&mut app, KeyCode::Backspace);
    }
    type_keys(&mut app, "step 9");
    press(&mut app, KeyCode::Enter);
    let Overlay::Compare(view) = &app.ui().overlay else { panic!("{:?}", app.ui().message) };
    let was = view.selected;
    click(&mut app, (10, 4));
    let Overlay::Compare(view) = &app.ui().overlay else { panic!("a row closes nothing") };
    assert_ne!(view.selected, was, "a row is chosen");
    click(&mut app, (2, SMALL.height - 1));
    assert!(matches!(app.ui().overlay, Overlay::Nothing), "the line below closes it");
}

#[test]
fn row_49_the_card_of_a_dead_kernel_is_used_by_the_mouse() {
    let folder = Folder::new("oops");
    let scene = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n\
                 +0 < S 0:0(0) win 4096 <mss 0>\n+0 > S. 0:0(0) ack 1 <...>\n+.1 < . 1:1(0) ack 1 win 4096\n\
                 +0 accept(3, ..., ...) = 4\n+.1 write(4, ..., 100) = 100\n";
    let path = folder.file("dies.pkt", scene);
    let dead = || {
        let mut app = app_of(Some(catalog::scene(Some(path.as_ref())).unwrap()));
        app.act(Action::Travel(Motion::End, Direction::Forward));
        settle(&mut app);
        app
    };
    let mut app = dead();
    assert!(screen::shown_oops(app.ui(), app.picture()).is_some(), "{}", shown(&mut app, SMALL));
    let step = app.picture().step;
    click_on(&mut app, SMALL, Message::OopsBack.text(Lang::En));
    assert_eq!(app.picture().step, step - 1, "a step back");
    let mut app = dead();
    click_on(&mut app, SMALL, Message::OopsClose.text(Lang::En));
    assert!(screen::shown_oops(app.ui(), app.picture()).is_none() && app.picture().step == step, "put away");
    let mut app = dead();
    click_on(&mut app, SMALL, Message::OopsRestart.text(Lang::En));
    assert!(app.picture().step < step, "from the start");
}

/// Numbers that look random and are the same every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 20).unwrap() % end
    }
}

/// Whether a key would choose something in the help or the palette that this test has no use for.
fn leaves(app: &App, key: &Key) -> bool {
    let (Overlay::Help(_, selected) | Overlay::Palette(_, selected)) = &app.ui().overlay else { return false };
    let row = screen::rows(app.ui(), !app.is_open()).get(*selected).map(|row| row.entry.action);
    key.name() == "Enter" && row.is_some_and(|action| WRITES.contains(&action) || action == Action::Home)
}

#[test]
fn row_47_a_thousand_keys_at_random_in_every_pane_without_a_panic() {
    let ids = |action: Action| TABLE.iter().find(|entry| entry.action == action).unwrap().keys;
    let left_out: Vec<&str> = WRITES.into_iter().chain([Action::Home]).flat_map(ids).copied().collect();
    let mut keys: Vec<&str> = TABLE.iter().flat_map(|entry| entry.keys).flat_map(|keys| keys.split(' ')).collect();
    keys.extend(["Enter", "Esc", "Esc", "Up", "Down", "0", "5", "z", "é", "中", "Ctrl-u", "Ctrl-f", "Delete"]);
    keys.retain(|key| !left_out.contains(key));
    let part = |panes: &[Pane]| {
        for pane in panes {
            let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ (1 + pane.index() as u64));
            let mut app = lab();
            for press in 0..1000 {
                if press % 40 == 0 {
                    app.press(&Key::named("Esc"));
                    app.press(&Key::named("Esc"));
                    app.act(Action::Pane(*pane));
                }
                let key = Key::named(keys[numbers.below(keys.len())]);
                if !leaves(&app, &key) {
                    app.press(&key);
                }
                match press % 10 {
                    0 | 5 => {
                        let screen = shown(&mut app, SMALL);
                        let unnamed = TABLE.iter().find(|entry| screen.contains(&format!("{{{}}}", entry.id)));
                        assert!(
                            unnamed.is_none(),
                            "{} press {press}: no key stands for the name:\n{screen}",
                            pane.id()
                        );
                    }
                    3 => {
                        app.handle(ScreenEvent::Time);
                    }
                    // A click on a row of these runs it, and some rows write files.
                    8 if !matches!(app.ui().overlay, Overlay::Help(..) | Overlay::Palette(..)) => {
                        drawn(&mut app, LARGE);
                        click(
                            &mut app,
                            (u16::try_from(numbers.below(160)).unwrap(), u16::try_from(numbers.below(45)).unwrap()),
                        );
                    }
                    _ => {}
                }
                assert!(app.is_open(), "{} press {press}: {}", pane.id(), key.name());
            }
        }
    };
    let (one, other) = Pane::ALL.split_at(Pane::ALL.len() / 2);
    std::thread::scope(|scope| {
        scope.spawn(|| part(one));
        part(other);
    });
}

/// A terminal's line: what is written to it is kept until it is looked at.
#[derive(Clone, Default)]
struct Line(Rc<RefCell<Vec<u8>>>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A terminal with a program that draws into it, and the model that reads it.
struct Watched<B: Backend> {
    terminal: Terminal<B>,
    line: Line,
    model: vt100::Parser,
}

impl<B: Backend<Error = io::Error>> Watched<B> {
    fn new(backend: impl FnOnce(Line) -> B) -> Self {
        let line = Line::default();
        let options = TerminalOptions { viewport: Viewport::Fixed(LARGE) };
        let terminal = Terminal::with_options(backend(line.clone()), options).unwrap();
        Self { terminal, line, model: vt100::Parser::new(LARGE.height, LARGE.width, 0) }
    }

    /// Draws; gives how many bytes it took.
    fn draw(&mut self, app: &mut App) -> usize {
        self.terminal.draw(|frame| app.draw(frame.area(), frame.buffer_mut())).unwrap();
        let bytes = std::mem::take(&mut *self.line.0.borrow_mut());
        self.model.process(&bytes);
        bytes.len()
    }
}

fn themed(palette: Palette, depth: Depth, lang: Lang) -> App {
    let session = Session::new("test", Source::Lab, first());
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(palette, depth), lang))
}

#[test]
fn row_60_the_median_step_takes_at_most_1536_bytes_of_the_line() {
    crossterm::style::force_color_output(true);
    let most = 1536;
    for depth in [Depth::Sixteen, Depth::Indexed, Depth::True] {
        let mut watched = Watched::new(Lean::new);
        let mut app = themed(Palette::Dark, depth, Lang::En);
        let whole = watched.draw(&mut app);
        let step = |_| {
            app.act(Action::Travel(Motion::Into, Direction::Forward));
            // The marks of one whole picture: ESC [ ? 2026 h and l.
            watched.draw(&mut app) + 16
        };
        let mut steps: Vec<usize> = (0..200).map(step).collect();
        steps.sort_unstable();
        let median = steps[steps.len() / 2];
        println!("{depth:?}: {median} bytes a step, {whole} a picture");
        assert!(median <= most, "{depth:?}: {median} bytes in the median of {steps:?}");
        assert!(median > 100 && whole > 3 * median, "{depth:?}: it counts: {median} of {whole}");
    }
}

#[test]
fn row_60_what_is_written_in_few_bytes_is_the_same_picture() {
    crossterm::style::force_color_output(true);
    let looks = [
        (Palette::Dark, Depth::True, Lang::En),
        (Palette::Light, Depth::Indexed, Lang::Zh),
        (Palette::Mono, Depth::Sixteen, Lang::En),
    ];
    for (palette, depth, lang) in looks {
        let (mut lean, mut usual) = (Watched::new(Lean::new), Watched::new(CrosstermBackend::new));
        let mut app = themed(palette, depth, lang);
        for step in 0..60 {
            let key = match step % 12 {
                5 => "?",
                6 => "Esc",
                9 => "z",
                _ => "s",
            };
            app.press(&Key::named(key));
            lean.draw(&mut app);
            usual.draw(&mut app);
            let (ours, theirs) = (lean.model.screen(), usual.model.screen());
            for (row, column) in (0..LARGE.height).flat_map(|row| (0..LARGE.width).map(move |column| (row, column))) {
                let [one, other] = [ours, theirs].map(|screen| screen.cell(row, column).unwrap());
                let place = format!("{palette:?} step {step}, line {row}, column {column}");
                assert_eq!(one.contents().trim_end(), other.contents().trim_end(), "{place}");
                let ground = |cell: &vt100::Cell| (cell.bgcolor(), cell.inverse(), cell.underline());
                assert_eq!(ground(one), ground(other), "{place}");
                // The model knows of bold and dim only the one that came last.
                let ink = |cell: &vt100::Cell| (cell.fgcolor(), cell.bold() || cell.dim(), cell.italic());
                assert!(one.contents().trim().is_empty() || ink(one) == ink(other), "{place}");
            }
        }
    }
}
