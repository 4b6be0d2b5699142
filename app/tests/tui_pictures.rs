//! The pictures of README: drawn by the program's own writer from a real run, compared with what is committed.
//!
//! `SOCKSCOPE_PICTURES=write cargo test --test tui_pictures` writes them anew.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::export::{animated, cast, keys};
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::picture::Source;
use sockscope::session::Session;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::action::Action;
use sockscope::tui::app::App;
use sockscope::tui::keymap::Key;
use sockscope::tui::panes::with_digit;
use sockscope::tui::print::svg;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

/// A session standing at the n-th change of a state.
fn at_state(changes: usize) -> Session {
    let mut session = Session::new("httpd ⇄ get", Source::Lab, stack::lab::scene::first(1).unwrap());
    session.travel(Motion::End, Direction::Backward);
    for _ in 0..changes {
        assert!(session.travel(Motion::State, Direction::Forward).moved());
    }
    session
}

fn app(run: Option<Session>, lang: Lang, palette: Palette) -> App {
    App::new(catalog::standard(), run, UiState::new(Theme::new(palette, Depth::True), lang))
}

fn check(name: &str, app: &mut App, width: u16, height: u16) {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    let ground = if app.ui().theme.palette == Palette::Light { svg::LIGHT } else { svg::DARK };
    let drawn = svg::screen(&buffer, ground, &format!("sockscope: {}", name.replace('-', " ")));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets/pictures").join(format!("{name}.svg"));
    if std::env::var_os("SOCKSCOPE_PICTURES").is_some_and(|wish| wish == "write") {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &drawn).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == drawn,
        "assets/pictures/{name}.svg is stale: SOCKSCOPE_PICTURES=write cargo test -p sockscope --test tui_pictures"
    );
}

fn zoomed(pane: Pane, lang: Lang) -> App {
    let mut app = app(Some(at_state(SYN_RECV)), lang, Palette::Dark);
    app.act(Action::Pane(pane));
    app.act(Action::Zoom);
    app
}

/// The change of state at which the listener's child is born.
const SYN_RECV: usize = 9;

#[test]
fn the_whole_screen() {
    for (lang, tag) in [(Lang::En, ""), (Lang::Zh, "-zh")] {
        for (width, height) in [(80, 24), (120, 35), (160, 45)] {
            check(
                &format!("screen-{width}x{height}{tag}"),
                &mut app(Some(at_state(SYN_RECV)), lang, Palette::Dark),
                width,
                height,
            );
        }
    }
    check("screen-160x45-light", &mut app(Some(at_state(SYN_RECV)), Lang::En, Palette::Light), 160, 45);
    check("home-120x35", &mut app(None, Lang::En, Palette::Dark), 120, 35);
}

#[test]
fn every_pane() {
    for pane in with_digit().map(|row| row.pane) {
        check(&format!("pane-{pane:?}").to_lowercase(), &mut zoomed(pane, Lang::En), 100, 28);
    }
}

#[test]
fn a_lesson_at_its_reveal() {
    let player = lessons::Player::open(lessons::content::named("handshake").unwrap(), 1).unwrap();
    let mut app = app(Some(Session::of_lesson(player, Box::new(|_| {}))), Lang::En, Palette::Dark);
    for key in "Space Space a 3 Enter".split(' ') {
        app.press(&Key::named(key));
    }
    check("lesson-160x45", &mut app, 160, 45);
}

#[test]
fn a_capture_as_its_table_observed_and_replayed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures/zerowin.pcap");
    let opened = || {
        let opening = catalog::opening(path.as_ref()).unwrap_or_else(|refusal| panic!("{}", refusal.words.en));
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::True), Lang::En);
        let mut app = App::of(catalog::standard(), Some(opening), ui);
        while app.work(Instant::now() + Duration::from_secs(1)).more {}
        app
    };
    let press = |app: &mut App, keys: &str| {
        for key in keys.split(' ') {
            app.press(&Key::named(key));
        }
    };
    check("captures-120x35", &mut opened(), 120, 35);
    // The row below the server, on which the choice begins, observes; the sixth unusual frame is the first zero window.
    let mut observed = opened();
    press(&mut observed, "Enter Down Enter n n n n n n");
    check("observed-160x45", &mut observed, 160, 45);
    let mut replayed = opened();
    press(&mut replayed, "Enter Enter ) )");
    check("replayed-160x45", &mut replayed, 160, 45);
}

/// A file below `assets`, as it is made anew.
fn compare(name: &str, made: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets").join(name);
    if std::env::var_os("SOCKSCOPE_PICTURES").is_some_and(|wish| wish == "write") {
        std::fs::write(&path, made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "assets/{name} is stale: SOCKSCOPE_PICTURES=write cargo test -p sockscope --test tui_pictures"
    );
}

#[test]
fn the_first_minute() {
    let script = keys::script(keys::tour("first-minute").unwrap()).unwrap();
    let mut home = app(None, Lang::En, Palette::Dark);
    let takes = keys::play(&mut home, Rect::new(0, 0, 110, 32), &script);
    assert!((45.0..=75.0).contains(&takes.end), "{} s are no minute", takes.end);
    let film = cast::of_takes(&takes, "sockscope: the first minute").unwrap();
    assert!(film.len() < 400_000, "{} bytes", film.len());
    compare("first-minute.cast", &film);
    compare("pictures/first-minute.svg", &animated::picture(&takes, svg::DARK, "sockscope: the first minute"));
}
