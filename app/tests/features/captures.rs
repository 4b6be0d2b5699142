//! The table of connections of a capture: it opens at once, is sorted and filtered, leads into a replay and back, by keys, by the
//! mouse and line by line.

use std::io::{BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use sockscope::capture::index::column::Column;
use sockscope::catalog::{self, Opening};
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::keymap::Key;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};

use crate::driving::{press, shown};
use crate::folder::Folder;
#[cfg(unix)]
use crate::pseudo_terminal::Terminal;
#[cfg(unix)]
use portable_pty::CommandBuilder;

const SMALL: (u16, u16) = (80, 24);

fn asset(name: &str) -> String {
    format!("{}/../assets/captures/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn kind(name: &str) -> String {
    format!("{}/tests/captures/kinds/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The program on what a file opens as.
fn opened(path: &str, lang: Lang) -> App {
    let opening = catalog::opening(path.as_ref()).unwrap_or_else(|refusal| panic!("{}", refusal.words.en));
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang);
    App::of(catalog::standard(), Some(opening), ui)
}

/// The same once the capture has been read.
fn read(path: &str, lang: Lang) -> App {
    let mut app = opened(path, lang);
    while app.work(Instant::now() + Duration::from_secs(1)).more {}
    shown(&mut app, SMALL);
    app
}

fn type_text(app: &mut App, text: &str) {
    for letter in text.chars() {
        let name = if letter == ' ' { "Space".to_owned() } else { letter.to_string() };
        app.press(&Key::named(&name));
    }
}

/// The numbers of the connections that are shown.
fn numbers(app: &App) -> Vec<u32> {
    app.table().expect("the table is open").shown(0, usize::MAX).map(|flow| flow.number).collect()
}

fn click(app: &mut App, wanted: &str) {
    let text = shown(app, SMALL);
    let (y, line) = text
        .lines()
        .enumerate()
        .find(|(_, line)| line.contains(wanted))
        .unwrap_or_else(|| panic!("no {wanted}:\n{text}"));
    let x = line[..line.find(wanted).unwrap()].chars().count();
    let at = |count: usize| u16::try_from(count).unwrap();
    let kind = MouseEventKind::Down(MouseButton::Left);
    app.handle(ScreenEvent::Mouse(MouseEvent { kind, column: at(x), row: at(y), modifiers: KeyModifiers::NONE }));
}

#[test]
fn a_capture_opens_as_its_table_and_a_recording_of_ours_as_its_run() {
    for name in ["rst.pcap", "http.pcapng", "arp_ping_udp.pcap"] {
        assert!(matches!(catalog::opening(asset(name).as_ref()), Ok(Opening::Table(_))), "{name}");
    }
    let folder = Folder::new("recorded");
    let recorded = folder.path("run.pcapng");
    let made = Command::new(env!("CARGO_BIN_EXE_sockscope"))
        .args(["export", "--format", "pcapng", "-o", &recorded])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(matches!(catalog::opening(recorded.as_ref()), Ok(Opening::Run(_))));
    let empty = read(&kind("empty.pcap"), Lang::En);
    assert!(empty.table().is_some_and(|table| table.flow().is_none()));
}

#[test]
fn the_table_is_sorted_filtered_opened_and_come_back_to() {
    let mut app = read(&asset("rst.pcap"), Lang::En);
    assert_eq!(numbers(&app), [1, 2]);
    press(&mut app, "Right");
    assert_eq!((app.table().unwrap().order().column, numbers(&app)), (Column::Client, vec![2, 1]));
    press(&mut app, "r Down");
    assert_eq!(numbers(&app), [1, 2]);
    assert_eq!(app.table().unwrap().flow().map(|flow| flow.number), Some(2));
    for order in [[2, 1], [1, 2]] {
        press(&mut app, "r");
        let on = app.table().unwrap().flow().map(|flow| flow.number);
        assert_eq!((numbers(&app), on), (order.to_vec(), Some(2)), "the cursor stays on its connection");
    }
    press(&mut app, "/");
    assert!(shown(&mut app, SMALL).contains("no reset"), "what can be typed is shown");
    type_text(&mut app, "port 5555");
    assert_eq!(numbers(&app), [2], "while it is typed");
    press(&mut app, "Esc");
    assert_eq!(numbers(&app).len(), 2, "Esc puts back what was");
    press(&mut app, "/");
    type_text(&mut app, "data > 100");
    press(&mut app, "Enter Enter");
    let choice = shown(&mut app, SMALL);
    assert!(choice.contains("the client, 10.8.0.1:41334") && choice.contains("the server, 10.8.0.2:5555"), "{choice}");
    press(&mut app, "Up Enter");
    assert!(app.is_open() && app.picture().source == Source::Replay);
    assert!(app.picture().title.contains("10.8.0.1:41334 ⇄"), "{}", app.picture().title);
    assert!(shown(&mut app, SMALL).lines().last().unwrap().contains("u table"), "the way back is named");
    press(&mut app, "s u");
    assert_eq!(numbers(&app), [2], "the table is as it was left");
    press(&mut app, "Esc");
    assert_eq!(numbers(&app).len(), 2, "Esc takes the filter away");
    press(&mut app, "H");
    assert!(app.table().is_none() && !app.is_open());
    press(&mut app, "Enter");
    assert!(app.is_open());
    press(&mut app, "u");
    assert!(
        app.is_open() && shown(&mut app, SMALL).contains("not opened from a table"),
        "no table lies behind this run"
    );
}

#[test]
fn what_cannot_be_replayed_or_understood_is_said_on_the_table_which_stays() {
    for (lang, said) in [(Lang::En, "is not in the capture"), (Lang::Zh, "抓包中没有")] {
        let mut app = read(&kind("no_syn.pcap"), lang);
        press(&mut app, "Enter Enter");
        let text = shown(&mut app, (160, 45)).replace(' ', "");
        assert!(app.table().is_some() && text.contains(&said.replace(' ', "")), "{text}");
    }
    let mut app = read(&asset("rst.pcap"), Lang::En);
    press(&mut app, "/");
    type_text(&mut app, "rset");
    assert!(shown(&mut app, SMALL).contains("did you mean reset"));
    assert_eq!(numbers(&app).len(), 2, "the rows stay");
    press(&mut app, "Ctrl-u");
    type_text(&mut app, "crossed");
    press(&mut app, "Enter");
    assert!(shown(&mut app, SMALL).contains("No connection fits the filter; Esc"));
    press(&mut app, "Enter");
    assert!(matches!(app.ui().overlay, Overlay::Nothing), "there is nothing to choose from");
}

#[test]
fn the_mouse_sorts_chooses_and_opens() {
    let mut app = read(&asset("rst.pcap"), Lang::En);
    click(&mut app, "bytes");
    assert_eq!((app.table().unwrap().order().column, numbers(&app)), (Column::Bytes, vec![1, 2]));
    click(&mut app, "bytes");
    assert_eq!(numbers(&app), [2, 1], "a second click reverses");
    click(&mut app, "10.8.0.1:41334");
    assert_eq!(app.table().unwrap().flow().map(|flow| flow.number), Some(2));
    click(&mut app, "10.8.0.1:41334");
    click(&mut app, "the client");
    assert!(app.is_open() && app.picture().title.contains("10.8.0.1:41334 ⇄"), "{}", app.picture().title);
    press(&mut app, "u");
    click(&mut app, "/ filter");
    assert!(matches!(app.ui().overlay, Overlay::Prompt(..)), "the footer");
}

#[test]
fn every_size_draws_and_every_key_of_the_footer_acts() {
    for lang in Lang::ALL {
        let mut app = read(&asset("lossy.pcap"), lang);
        for (width, height) in
            (0..=50).flat_map(|width| [0, 1, 2, 3, 5, 8, 11, 24, 60].map(|height| (width * 5, height)))
        {
            shown(&mut app, (width, height));
            press(&mut app, "Enter");
            shown(&mut app, (width, height));
            press(&mut app, "Esc /");
            shown(&mut app, (width, height));
            press(&mut app, "Esc");
        }
    }
    let mut app = read(&asset("lossy.pcap"), Lang::En);
    for (key, open) in [("?", "Help"), (":", "Palette"), ("/", "Prompt"), ("Enter", "Side")] {
        press(&mut app, key);
        assert!(format!("{:?}", app.ui().overlay).starts_with(open), "{key}");
        press(&mut app, "Esc");
    }
    press(&mut app, "? t a b l e");
    assert!(shown(&mut app, (160, 45)).contains("back to the table of connections"), "the help names the way back");
}

#[test]
fn line_by_line_the_table_is_read_filtered_and_opened() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockscope"))
        .args(["replay", "--plain", "--lang", "en", &asset("rst.pcap")])
        .env("XDG_STATE_HOME", crate::folder::NOWHERE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = "find port 5555\nopen 2 sideways\nopen 2 client\ncaptures\nopen 7\nfollow server\nquit\n";
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut BufReader::new(child.stdout.take().unwrap()), &mut text).unwrap();
    assert!(child.wait().unwrap().success());
    let wanted = [
        "rst.pcap: frames 8 · connections 2",
        "1. 10.8.0.1:49354 -> 10.8.0.2:4444: frames 2, bytes 128",
        "2. 10.8.0.1:41334 -> 10.8.0.2:5555",
        "open NUMBER",
        "rst.pcap: frames 8 · connections 2",
        "2. 10.8.0.1:41334",
        "There is no side sideways",
        "Step ",
        "rst.pcap: frames 8",
        "There is no connection 7",
        "Step ",
    ];
    let mut rest = text.as_str();
    for part in wanted {
        let at = rest.find(part).unwrap_or_else(|| panic!("no {part:?} in its turn:\n{text}"));
        rest = &rest[at + part.len()..];
    }
    assert!(!text.contains('\u{1b}'));
}

/// A capture of so many frames of one connection, the first of them its SYN.
#[cfg(unix)]
fn large(frames: u32) -> Vec<u8> {
    let mut file = vec![0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
    for number in 0..frames {
        let seq = number.saturating_sub(1) * 10 + u32::from(number > 0);
        let length: u16 = if number == 0 { 0 } else { 10 };
        let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0];
        frame.extend((40 + length).to_be_bytes());
        frame.extend([0, 1, 0x40, 0, 64, 6, 0, 0, 10, 8, 0, 1, 10, 8, 0, 2, 0x10, 0, 0, 80]);
        frame.extend(seq.to_be_bytes());
        frame.extend([0, 0, 0, 0, 0x50, if number == 0 { 2 } else { 0x18 }, 0x10, 0, 0, 0, 0, 0]);
        frame.resize(frame.len() + usize::from(length), b'x');
        let captured = u32::try_from(frame.len()).unwrap();
        for word in [number / 1_000, number % 1_000 * 1_000, captured, captured] {
            file.extend(word.to_le_bytes());
        }
        file.extend(frame);
    }
    file
}

#[cfg(unix)]
#[test]
fn a_large_capture_is_on_the_screen_while_it_is_read_and_esc_ends_that() {
    let folder = Folder::new("large");
    // A debug build reads some hundred thousand frames a second.
    let path = folder.file("large.pcap", large(3_000_000));
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(["replay", &path]);
    for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("XDG_STATE_HOME", crate::folder::NOWHERE)]
    {
        command.env(name, value);
    }
    let mut terminal = Terminal::start(command, (80, 24));
    terminal.shows("reading the capture");
    terminal.shows("10.8.0.1:4096");
    terminal.type_keys("\x1b");
    terminal.shows("reading was stopped after");
    assert!(!terminal.screen().contents().contains("3000000 frames"), "it was not read to its end");
    terminal.type_keys("\r");
    terminal.shows("in the place of");
    terminal.type_keys("\x1b");
    terminal.until("the choice is gone", |screen| !screen.contents().contains("in the place of"));
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.is_given_back();
}

#[test]
fn a_high_screen_shows_how_the_connection_under_the_cursor_begins() {
    const HIGH: (u16, u16) = (160, 45);
    let file = asset("lossy.pcap");
    let mut app = read(&file, Lang::En);
    let whole = {
        let bytes = sockscope::capture::source::load(&file).unwrap();
        let index = sockscope::capture::index::index(&bytes).unwrap();
        let flow = index.flows().first().unwrap().clone();
        sockscope::capture::observe::Observation::of(&index, &bytes, &flow)
    };
    assert!(shown(&mut app, SMALL).lines().count() == 24 && app.table().unwrap().beginning().is_none());
    let text = shown(&mut app, HIGH);
    let beginning = app.table().unwrap().beginning().unwrap();
    // What the first frames say is what they say in the whole connection, and no more of them are read than are shown.
    assert_eq!(beginning.frames(), &whole.frames()[..16]);
    for observed in beginning.frames() {
        let why = sockscope::capture::observe::listing::why(observed.marks, Lang::En);
        let frame = format!(" {} ", observed.seen.frame);
        assert!(text.lines().any(|line| line.contains(&frame) && line.contains(&why)), "{frame}{why}:\n{text}");
    }
    // It follows the cursor.
    let mut app = read(&asset("rst.pcap"), Lang::En);
    let first = shown(&mut app, HIGH);
    press(&mut app, "j");
    let second = shown(&mut app, HIGH);
    let of = |text: &str| text.lines().skip_while(|line| !line.contains("its first frames")).nth(1).map(str::to_owned);
    assert!(of(&first).is_some() && of(&first) != of(&second), "{second}");
}
