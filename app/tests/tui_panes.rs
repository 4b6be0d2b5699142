//! The table of panes, row by row: each pane is focused by each of its keys, by its name in the palette and by its tab, moved in,
//! zoomed and searched. A pane that is added is tried here without a line of its own.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use lessons::{Act, Player, Shows};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::capture::index::index;
use sockscope::capture::inject::inject_until;
use sockscope::capture::source;
use sockscope::catalog::{self, Item, Opening};
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::session::Session;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::action::{Action, by_id};
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::pane::Moves;
use sockscope::tui::panes::{Row, TABLE};
use sockscope::tui::print::text;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};

const SMALL: Rect = Rect::new(0, 0, 80, 24);

/// A lesson at its last task, with a connection behind it, so that every pane has something to show.
fn app(lang: Lang) -> App {
    let mut app = at(lang, |shows| matches!(shows, Shows::Work(_)));
    app.act(Action::Travel(Motion::Frame, Direction::Backward));
    for stop in ["tcp_ack", "drop", "state *->TIME_WAIT", "frame 7 arrives", "frame where tcp.rst", "timer * fires"] {
        app.act(Action::TypeStop);
        for character in stop.chars() {
            press(&mut app, KeyCode::Char(character));
        }
        press(&mut app, KeyCode::Enter);
    }
    app
}

/// The lesson on the handshake where it shows something of a kind for the last time.
fn at(lang: Lang, wanted: fn(&Shows) -> bool) -> App {
    let player = || Player::open(lessons::content::named("handshake").unwrap(), 1).unwrap();
    let on = |player: &mut Player| player.act(Act::Next) || player.act(Act::Skip);
    let (mut scout, mut last, mut steps) = (player(), 0, 0);
    while on(&mut scout) {
        steps += 1;
        if wanted(&scout.view(lang).shows) {
            last = steps;
        }
    }
    let mut player = player();
    for _ in 0..last {
        on(&mut player);
    }
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
    App::new(catalog::standard(), Some(Session::of_lesson(player, Box::new(|_| {}))), ui)
}

/// What gives a pane the most rows: a replay beside its capture, or else the lesson.
fn app_of(pane: Pane) -> App {
    if pane != Pane::Capture {
        return app(Lang::En);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures/zerowin.pcap");
    let bytes = source::load(path).unwrap();
    let index = index(&bytes).unwrap();
    let flow = index.flows().first().unwrap();
    let outcome =
        inject_until(&index.of_bytes(&bytes), &index.read(&bytes, flow), flow.server, index.last_ns()).unwrap();
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    App::new(catalog::standard(), Some(Session::of_replay(outcome)), ui)
}

fn drawn(app: &mut App, area: Rect) -> Buffer {
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    buffer
}

fn press(app: &mut App, code: KeyCode) {
    app.handle(ScreenEvent::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

/// Presses the keys of a sequence as the table writes it.
fn keys(app: &mut App, sequence: &str) {
    for key in sequence.split(' ') {
        press(app, KeyCode::Char(key.chars().next().unwrap()));
    }
}

/// A pane other than the one that is to be tried.
fn elsewhere(pane: Pane) -> Pane {
    if pane == Pane::State { Pane::Arp } else { Pane::State }
}

fn on_screen(app: &App, area: Rect, pane: Pane) -> bool {
    screen::layout(area, app.ui(), app.picture()).panes.iter().any(|(standing, _)| *standing == pane)
}

#[test]
fn names_and_keys_are_unique_and_every_pane_has_a_letter() {
    let letter = |row: &Row| row.keys.iter().find_map(|key| key.strip_prefix("g p "));
    for row in &TABLE {
        let id = row.pane.id();
        assert!(letter(row).is_some_and(|letter| letter.chars().count() == 1), "{id} has no letter after g p");
        for other in TABLE.iter().filter(|other| other.pane != row.pane) {
            assert_ne!(other.pane.id(), id);
            assert_ne!(other.title.en, row.title.en, "{id}");
            assert_ne!(other.title.zh, row.title.zh, "{id}");
            assert!(row.keys.iter().all(|key| !other.keys.contains(key)), "{id} and {}", other.pane.id());
        }
        assert_eq!(row.action, format!("pane-{id}"));
        assert_eq!(by_id(row.action).map(|entry| entry.action), Some(Action::Pane(row.pane)));
    }
}

#[test]
fn every_key_of_a_pane_gives_it_the_focus_and_brings_it_on_the_screen() {
    for row in &TABLE {
        for sequence in row.keys {
            for area in [SMALL, Rect::new(0, 0, 120, 35), Rect::new(0, 0, 160, 45), Rect::new(0, 0, 200, 60)] {
                let mut app = app(Lang::En);
                app.act(Action::Pane(elsewhere(row.pane)));
                drawn(&mut app, area);
                keys(&mut app, sequence);
                drawn(&mut app, area);
                assert_eq!(app.ui().focus, row.pane, "{sequence}");
                assert!(on_screen(&app, area, row.pane), "{sequence} at {area}");
            }
        }
    }
}

#[test]
fn the_palette_finds_every_pane_by_its_title_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        for row in &TABLE {
            let mut app = app(lang);
            app.act(Action::Pane(elsewhere(row.pane)));
            press(&mut app, KeyCode::Char(':'));
            for character in row.label.text(lang).chars() {
                press(&mut app, KeyCode::Char(character));
            }
            press(&mut app, KeyCode::Enter);
            assert_eq!(app.ui().focus, row.pane, "{}", row.label.text(lang));
        }
    }
}

#[test]
fn the_panel_after_g_p_lists_every_pane_and_stays_for_the_second_key() {
    let mut app = app(Lang::En);
    press(&mut app, KeyCode::Char('g'));
    app.handle(ScreenEvent::Time);
    let shown = text::screen(&drawn(&mut app, SMALL));
    assert!(shown.contains("p  pane, by its letter"), "{shown}");
    press(&mut app, KeyCode::Char('p'));
    assert!(matches!(app.ui().overlay, Overlay::WhichKey(_)));
    let shown = text::screen(&drawn(&mut app, SMALL));
    for row in &TABLE {
        assert!(shown.contains(row.label.en), "{}: {shown}", row.label.en);
    }
    press(&mut app, KeyCode::Char('b'));
    assert_eq!(app.ui().focus, Pane::Bytes);
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
}

#[test]
fn the_tab_of_every_pane_that_has_one_can_be_clicked() {
    for lang in [Lang::En, Lang::Zh] {
        for row in TABLE.iter().filter(|row| row.digit().is_some()) {
            let Ok(Opening::Run(session)) = Item::FirstScene.open() else { panic!("the first scene opens") };
            let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
            let mut app = App::new(catalog::standard(), Some(*session), ui);
            app.act(Action::Pane(elsewhere(row.pane)));
            let line = text::screen(&drawn(&mut app, SMALL)).lines().nth(2).unwrap().to_owned();
            let digit = row.digit().unwrap();
            let before: String = line.chars().take_while(|c| *c != digit).collect();
            let column = u16::try_from(unicode_width::UnicodeWidthStr::width(before.as_str())).unwrap();
            let click = MouseEvent {
                kind: MouseEventKind::Down(MouseButton::Left),
                column,
                row: 2,
                modifiers: KeyModifiers::NONE,
            };
            app.handle(ScreenEvent::Mouse(click));
            assert_eq!(app.ui().focus, row.pane, "{digit} in {line}");
        }
    }
}

#[test]
fn every_pane_moves_under_the_arrows_and_comes_back_to_its_top() {
    // So low that nothing fits: what moves must be seen to move.
    let low = Rect::new(0, 0, 50, 9);
    for row in &TABLE {
        // In a lesson one walks over the steps that have settled a question.
        let mut app = match row.pane {
            Pane::Lesson => at(Lang::En, |shows| matches!(shows, Shows::Verdict(_))),
            pane => app_of(pane),
        };
        app.act(Action::Pane(row.pane));
        drawn(&mut app, low);
        let count = (row.content.rows)(app.picture());
        if count < 2 {
            // Two hosts know one neighbour each, and have few timers; a lesson has one branch.
            assert!(
                matches!(row.pane, Pane::Arp | Pane::Timers | Pane::Branches),
                "the run gives {} {count} rows",
                row.pane.id()
            );
            continue;
        }
        app.act(Action::Top);
        let top = (app.ui().view(row.pane), drawn(&mut app, low));
        for _ in 0..count - 1 {
            app.act(Action::Down);
        }
        let end = (app.ui().view(row.pane), drawn(&mut app, low));
        assert_ne!(end.0, top.0, "{} has not moved", row.pane.id());
        assert_ne!(end.1, top.1, "{} shows the same at both ends", row.pane.id());
        app.act(Action::Down);
        assert_eq!(app.ui().view(row.pane), end.0, "{} goes past its end", row.pane.id());
        app.act(Action::Top);
        assert_eq!((app.ui().view(row.pane), drawn(&mut app, low)), top, "{}", row.pane.id());
    }
}

#[test]
fn every_pane_is_zoomed_to_the_whole_room_and_stands_there_once() {
    for area in [SMALL, Rect::new(0, 0, 160, 45)] {
        for row in &TABLE {
            let mut app = app(Lang::En);
            app.act(Action::Pane(row.pane));
            app.act(Action::Zoom);
            let buffer = drawn(&mut app, area);
            let panes = screen::layout(area, app.ui(), app.picture()).panes;
            let places: Vec<Rect> = panes.iter().filter(|(pane, _)| *pane == row.pane).map(|(_, at)| *at).collect();
            assert_eq!(places.len(), 1, "{} at {area}", row.pane.id());
            assert_eq!(places[0].width, area.width, "{}", row.pane.id());
            assert!(places[0].height > area.height / 3, "{} has {} rows", row.pane.id(), places[0].height);
            let edge = buffer.cell((places[0].x, places[0].y)).unwrap().symbol().to_owned();
            assert_eq!(edge, "┏", "{} has the focus", row.pane.id());
        }
    }
}

#[test]
fn the_last_row_of_every_searchable_pane_is_found_and_the_others_say_so() {
    for row in &TABLE {
        let mut app = app_of(row.pane);
        app.act(Action::Pane(row.pane));
        drawn(&mut app, SMALL);
        let Some(rows) = row.content.text else {
            app.act(Action::Find);
            press(&mut app, KeyCode::Char('x'));
            press(&mut app, KeyCode::Enter);
            assert!(app.ui().message.as_ref().is_some_and(|said| said.contains(row.title.en)), "{}", row.pane.id());
            continue;
        };
        let rows = rows(app.picture());
        assert_eq!(rows.len(), (row.content.rows)(app.picture()), "{}: a text for every row", row.pane.id());
        let wanted = rows.iter().rev().find(|text| rows.iter().filter(|other| other == text).count() == 1).unwrap();
        let place = rows.iter().position(|text| text == wanted).unwrap();
        app.act(Action::Find);
        for character in wanted.chars() {
            press(&mut app, KeyCode::Char(character));
        }
        press(&mut app, KeyCode::Enter);
        let view = app.ui().view(row.pane);
        let found = match row.content.moves {
            Moves::Cursor => view.selected,
            Moves::Page(home) => usize::try_from(i32::try_from(home(app.picture())).unwrap() + view.scroll).unwrap(),
        };
        assert_eq!(found, place, "{}: {wanted}, {:?}", row.pane.id(), app.ui().message);
    }
}

#[test]
fn the_title_tells_what_was_lost_and_how_the_recording_stands() {
    use sockscope::picture::{LiveState, Picture, Recorded};

    let title = |lang: Lang, width: u16, live: LiveState| {
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
        let area = Rect::new(0, 0, width, 24);
        let mut buffer = Buffer::empty(area);
        screen::draw(area, &mut buffer, &ui, &Picture { live, ..Picture::default() });
        text::screen(&buffer).lines().next().unwrap_or_default().to_owned()
    };
    let on = Recorded::On { size: 12_345_678, rate: 2_000 };
    let live = LiveState { overrun: 40, untaken: 2, recording: Some(on), ..LiveState::default() };
    for (lang, width, told) in [
        (Lang::En, 160, ["REC 12 MB 2.0 kB/s", "lost 40 in 2 out"]),
        (Lang::En, 80, ["REC 12 MB", "lost 42"]),
        (Lang::Zh, 160, ["录制 12 MB 2.0 kB/s", "丢失 入 40 出 2"]),
        (Lang::Zh, 80, ["录 12 MB", "丢 42"]),
    ] {
        let line = title(lang, width, live);
        assert!(told.iter().all(|words| line.contains(words)), "{line}");
    }
    let failed = LiveState { recording: Some(Recorded::Failed), ..LiveState::default() };
    assert!(title(Lang::En, 80, failed).contains("NOT RECORDED"));
    let quiet = title(Lang::En, 160, LiveState::default());
    assert!(!quiet.contains("lost") && !quiet.contains("REC"), "{quiet}");
}
