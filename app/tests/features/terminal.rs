//! Manners towards a real terminal: the program itself, started as a person starts it, in a pseudo-terminal that answers, or does not,
//! what it is asked.

use std::fs;
#[cfg(unix)]
use std::os::unix::ffi::OsStringExt;
use std::time::Duration;

use portable_pty::CommandBuilder;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::session::Session;
use sockscope::tui::app::App;
use sockscope::tui::print::text;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::folder::{Folder, NOWHERE};
use crate::pseudo_terminal::Terminal;

const AREA: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };
const ASKS_COLOUR: &str = "\x1b]11;?\x07";
const ASKS_PLACE: &str = "\x1b[6n";
/// The end of one whole picture.
const PICTURE_END: &str = "\x1b[?2026l";
const LIGHT: &str = "\x1b]11;rgb:fbfb/f9f9/f4f4\x1b\\";

fn command(arguments: &[&str], settings: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(arguments);
    for name in ["NO_COLOR", "LANG", "LC_CTYPE", "LC_MESSAGES", "TERM_PROGRAM"] {
        command.env_remove(name);
    }
    let usual =
        [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8"), ("XDG_CONFIG_HOME", NOWHERE)];
    for (name, value) in usual.iter().chain(settings) {
        command.env(name, value);
    }
    command
}

fn lab(settings: &[(&str, &str)]) -> Terminal {
    Terminal::start(command(&["lab", "--lang", "en"], settings), (80, 24))
}

/// The screen of the first scene after some steps, as it is drawn without any terminal.
fn expected(steps: usize) -> String {
    let session = catalog::scene(None)
        .unwrap_or_else(|_| Session::new("first", Source::Lab, stack::lab::scene::first(1).unwrap()));
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::True), Lang::En);
    let mut app = App::new(catalog::standard(), Some(session), ui);
    let mut buffer = Buffer::empty(AREA);
    app.draw(AREA, &mut buffer);
    let into = sockscope::tui::action::by_id("into").unwrap().action;
    for _ in 0..steps {
        app.act(into);
    }
    let mut buffer = Buffer::empty(AREA);
    app.draw(AREA, &mut buffer);
    bare(&text::screen(&buffer))
}

/// A screen without the blanks at the ends of its lines and without its title line, in which a scene is named.
fn bare(screen: &str) -> String {
    let lines: Vec<&str> = screen.trim_end().lines().skip(1).map(str::trim_end).collect();
    lines.join("\n")
}

fn seen(terminal: &Terminal) -> String {
    bare(&terminal.screen().contents())
}

fn cells(screen: &vt100::Screen) -> impl Iterator<Item = vt100::Cell> + '_ {
    (0..24).flat_map(move |row| (0..80).filter_map(move |column| screen.cell(row, column).cloned()))
}

fn position(bytes: &str, wanted: &str) -> usize {
    bytes.find(wanted).unwrap_or_else(|| panic!("never sent: {wanted:?}"))
}

#[test]
fn row_54_a_light_terminal_is_asked_behind_the_first_picture_and_its_ground_is_painted() {
    let mut terminal = lab(&[]);
    // A key before any answer is there: it is kept.
    terminal.sends(ASKS_COLOUR);
    terminal.type_keys("ss");
    let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let painted = position(&sent, PICTURE_END);
    assert!(position(&sent, ASKS_COLOUR) > painted && position(&sent, ASKS_PLACE) > painted, "nothing is asked before");
    assert!(cells(&terminal.screen()).any(|cell| cell.bgcolor() == vt100::Color::Default), "not painted yet");
    terminal.type_keys("\x1b[1;2R");
    terminal.type_keys(LIGHT);
    terminal.until("a painted ground", |screen| cells(screen).all(|cell| cell.bgcolor() != vt100::Color::Default));
    terminal.until("both keys", |screen| bare(&screen.contents()) == expected(2));
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.is_given_back();
}

#[test]
fn row_54_a_terminal_that_answers_nothing_loses_no_key_and_shows_nothing_strange() {
    let mut terminal = lab(&[]);
    terminal.sends(ASKS_COLOUR);
    let painted = seen(&terminal);
    assert_eq!(painted, expected(0), "the question for the width leaves no trace");
    terminal.type_keys("sss");
    terminal.until("every key", |screen| bare(&screen.contents()) == expected(3));
    assert!(cells(&terminal.screen()).any(|cell| cell.bgcolor() == vt100::Color::Default), "the theme stays");
    // An answer that comes late types nothing.
    terminal.type_keys(LIGHT);
    terminal.until("a painted ground", |screen| cells(screen).all(|cell| cell.bgcolor() != vt100::Color::Default));
    assert_eq!(seen(&terminal), expected(3));
}

#[test]
fn row_54_terminals_that_would_print_a_question_are_asked_none() {
    for term in ["linux", "screen.xterm-256color", "vt220"] {
        let mut terminal = lab(&[("TERM", term)]);
        terminal.shows("into");
        terminal.type_keys("s");
        terminal.until("the key", |screen| bare(&screen.contents()) == expected(1));
        let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned();
        assert!(!sent.contains(ASKS_COLOUR) && !sent.contains(ASKS_PLACE), "{term}");
    }
}

#[test]
fn row_56_a_terminal_with_wide_lines_gets_ascii_lines() {
    let mut terminal = lab(&[]);
    terminal.sends(ASKS_PLACE);
    terminal.type_keys("\x1b[1;3R");
    // Nothing at all, as it is before the first picture, has no such lines either.
    let is_ascii = |text: &str| text.contains("into") && !text.contains(['│', '─', '┃', '━', '●', '·']);
    terminal.until("lines of ASCII", |screen| is_ascii(&screen.contents()));
}

#[test]
fn row_56_a_start_with_lang_c_sends_ascii_alone() {
    let mut command = command(&["lab"], &[]);
    command.env_remove("LC_ALL");
    command.env("LANG", "C");
    let mut terminal = Terminal::start(command, (80, 24));
    terminal.shows("into");
    terminal.type_keys("ss2z?");
    terminal.shows("Help");
    assert!(terminal.bytes().iter().all(u8::is_ascii), "a byte beyond ASCII was sent");
    let contents = terminal.screen().contents();
    assert!(contents.bytes().all(|byte| byte == b'\n' || (0x20..0x7f).contains(&byte)), "{contents}");
}

#[test]
fn row_55_no_color_sends_no_colour_and_keeps_its_emphasis() {
    let terminal = lab(&[("NO_COLOR", "1")]);
    terminal.shows("into");
    let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    for colour in ["38;5;", "48;5;", "38;2;", "48;2;", ASKS_COLOUR] {
        assert!(!sent.contains(colour), "{colour:?} was sent");
    }
    assert!(sent.contains("\x1b[1m") && sent.contains("\x1b[7m"), "emphasis was lost");
}

/// Sends a signal by its name, as a person does.
fn signal(terminal: &Terminal, name: &str) {
    let pid = terminal.child.process_id().unwrap().to_string();
    let sent = std::process::Command::new("kill").args([&format!("-{name}"), &pid]).status().unwrap();
    assert!(sent.success());
}

#[test]
fn row_59_every_signal_gives_the_terminal_back() {
    for name in ["TERM", "HUP", "INT"] {
        let mut terminal = lab(&[]);
        terminal.sends(ASKS_COLOUR);
        assert!(terminal.screen().alternate_screen());
        signal(&terminal, name);
        assert!(!terminal.wait(), "{name} must be seen in the status");
        terminal.is_given_back();
    }
}

#[test]
fn row_59_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    let mut terminal = lab(&[]);
    terminal.sends(ASKS_COLOUR);
    terminal.type_keys("\x1b[1;2R");
    terminal.type_keys("\x1a");
    terminal.until("given back", |screen| !screen.alternate_screen());
    terminal.is_given_back();
    // Until it has stopped there is nothing to go on from: it is told again. Where nobody could wake it, it has gone on by itself.
    let again = |screen: &vt100::Screen| screen.alternate_screen() && screen.contents().contains("into");
    for _ in 0..600 {
        signal(&terminal, "CONT");
        if again(&terminal.screen()) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    // Whoever was told more than once draws more than once.
    terminal.until("it goes on", again);
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.is_given_back();
}

#[test]
fn row_60_a_paused_screen_sends_no_byte() {
    let mut terminal = lab(&[]);
    terminal.sends(ASKS_COLOUR);
    terminal.type_keys("\x1b[1;2R\x1b]11;rgb:0000/0000/0000\x07s");
    terminal.until("the key", |screen| bare(&screen.contents()) == expected(1));
    std::thread::sleep(Duration::from_millis(500));
    let before = terminal.count();
    std::thread::sleep(Duration::from_secs(4));
    assert_eq!(terminal.count(), before, "bytes were sent while paused");
}

#[test]
fn row_63_pasted_lines_are_calls_on_a_real_terminal() {
    let mut terminal = lab(&[]);
    terminal.sends(ASKS_COLOUR);
    terminal.type_keys("\x1b[1;2RG");
    terminal.type_keys("I");
    terminal.shows("Enter calls");
    terminal.type_keys("\x1b[200~socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\rclose(3) = 0\rsocket(\x1b[201~");
    terminal.until("both calls and their results", |screen| {
        let contents = screen.contents();
        contents.contains("SOCK_STREAM, IPPROTO_TCP) = 3") && contents.contains("close(3) = 0")
    });
}

#[test]
fn row_58_no_name_and_no_octet_of_a_file_drives_the_terminal() {
    let folder = Folder::new("hostile");
    let octets = r"\x1b]0;OWNED\x07\x1b[2J\xe2\x80\xae\xc2\x9b31m";
    let script = format!(
        "0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 bind(3, ..., ...) = 0\n\
         +0 sendto(3, \"{octets}\", 22, 0, ..., ...) = 22\n"
    );
    // Of a name that drives a terminal by itself.
    let name = b"evil\x1b]0;OWNED\x07\xe2\x80\xae\xc2\x9b31m.pkt".to_vec();
    let path = folder.0.join(std::ffi::OsString::from_vec(name));
    let plain =
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 connect(3, ..., ...) = -1 ETIMEDOUT (Connection timed out)\n";
    let script =
        if catalog::scene(Some(folder.file("try.pkt", &script).as_ref())).is_ok() { script } else { plain.to_owned() };
    fs::write(&path, script).unwrap();
    let mut command = command(&["lab", "--lang", "en"], &[("XDG_STATE_HOME", &folder.path("state"))]);
    command.arg(&path);
    let mut terminal = Terminal::start(command, (80, 24));
    terminal.sends(ASKS_COLOUR);
    terminal.type_keys("\x1b[1;2R");
    for keys in ["]", "gpb", "z", "]", "G", "gpf", "gpk", "o", "\x1b", "A", "\x1b", "I"] {
        terminal.type_keys(keys);
        std::thread::sleep(Duration::from_millis(150));
    }
    terminal.shows("Enter calls");
    let sent = String::from_utf8_lossy(&terminal.bytes()).into_owned().replace(ASKS_COLOUR, "");
    assert!(sent.contains("OWNED"), "it is shown: {}", terminal.screen().contents());
    for bad in ["\x1b]", "\x1bP", "\x1b_", "\x1b^", "\x1b[2J\u{202e}", "\x07", "\u{202e}", "\u{9b}", "\u{90}"] {
        assert!(!sent.contains(bad), "{bad:?} was sent");
    }
}

/// A script of so many rounds of a segment, its acknowledgement and a read.
fn long_script(rounds: u32) -> String {
    let rounds = (0..rounds).map(|round| {
        let (seq, end) = (1 + round * 10, 11 + round * 10);
        format!("+.01 < P. {seq}:{end}(10) ack 1 win 32000\n+0 > . 1:1(0) ack {end}\n+0 read(4, ..., 1000) = 10\n")
    });
    let script = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n\
         +0 < S 0:0(0) win 32000 <mss 1000>\n+0 > S. 0:0(0) ack 1 <...>\n+0 < . 1:1(0) ack 1 win 32000\n\
         +0 accept(3, ..., ...) = 4\n";
    script.to_owned() + &rounds.collect::<String>()
}

#[test]
fn progress_is_seen_on_a_terminal_alone_and_is_gone_at_the_end() {
    let folder = Folder::new("progress");
    let out = folder.path("out");
    // Long enough for any machine.
    let script = long_script(1000);
    for number in 10..22 {
        folder.file(&format!("scenes/{number}.pkt"), &script);
    }
    let scenes = folder.path("scenes");
    let line = format!("exec '{}' run '{scenes}' > '{out}'", env!("CARGO_BIN_EXE_sockscope"));
    let mut command = CommandBuilder::new("sh");
    command.args(["-c", &line]);
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
    let mut terminal = Terminal::start(command, (80, 24));
    terminal.sends("running scenes");
    assert!(terminal.wait());
    assert_eq!(terminal.screen().contents().trim(), "", "it is cleared at the end");
    let printed = fs::read_to_string(&out).unwrap();
    assert!(printed.contains("12 passed") && !printed.contains('\x1b') && !printed.contains("running"), "{printed}");
    let mut piped = std::process::Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let piped = piped.args(["run", &scenes]).env("LC_ALL", "C.UTF-8").output().unwrap();
    assert!(piped.status.success() && piped.stderr.is_empty(), "{}", String::from_utf8_lossy(&piped.stderr));
}

/// A run of thousands of inputs takes a while to open: that is told meanwhile, and nothing of it is left when the screen comes.
#[test]
fn a_long_opening_is_told_and_leaves_no_trace() {
    let folder = Folder::new("opening");
    let path = folder.file("long.pkt", long_script(4000));
    let mut terminal = Terminal::start(command(&["lab", "--lang", "en", &path], &[]), (80, 24));
    terminal.sends("opening");
    terminal.shows("1 Code");
    assert!(!terminal.screen().contents().contains("opening"), "{}", terminal.screen().contents());
    terminal.type_keys("q");
    assert!(terminal.wait());
    assert_eq!(terminal.screen().contents().trim(), "", "what was before the program is there again, and no more");
}
