//! The screen in a real pseudo-terminal: keys, resizing, silence while paused, and the terminal given back on every way out.
//!
//! The program under test is this test binary itself, run again with `SOCKSCOPE_SCREEN` set.
#![cfg(target_os = "linux")]

#[path = "pseudo_terminal/terminal.rs"]
mod terminal;

use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, PtySize};
use rustix::process::{Pid, Signal, kill_process};
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::session::Session;
use sockscope::session::answer::Refused;
use sockscope::session::origin::{Edit, Edited, Origin};
use sockscope::tui::{self, Options};
use stack::lab::movement::Direction;
use stack::lab::query::{Place, find};
use stack::lab::run::{Moment, Run};
use terminal::Terminal;

const CHILD: &str = "SOCKSCOPE_SCREEN";

/// A run that panics when it is stepped.
struct Trap(Run);

impl Origin for Trap {
    fn source(&self) -> Source {
        Source::Lab
    }

    fn run(&self) -> &Run {
        &self.0
    }

    fn run_mut(&mut self) -> &mut Run {
        &mut self.0
    }

    fn may_stand(&mut self, _at: Moment) -> bool {
        panic!("the trap was stepped on")
    }

    fn edit(&mut self, _edit: &Edit, _at: Moment) -> Result<Edited, Refused> {
        Err(Refused::NotSimulated)
    }
}

#[test]
fn the_screen_itself() {
    let Ok(kind) = std::env::var(CHILD) else { return };
    let mut run = stack::lab::scene::first(1).unwrap();
    let place = Place::parse("A: enter tcp_connect").unwrap();
    let at = find(&place, &mut run, Moment::default(), Direction::Forward).unwrap();
    let session = match kind.as_str() {
        "trap" => Session::of_origin("trap", Box::new(Trap(run)), at),
        _ => {
            let mut session = Session::new("httpd ⇄ get", Source::Lab, run);
            session.stand_at(at);
            session
        }
    };
    let options = Options { lang: Lang::En, ..Options::from_environment() };
    tui::run(None, Some(session.into()), &options).unwrap().unwrap();
}

fn opened(kind: &str, settings: &[(&str, &str)]) -> Terminal {
    let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
    command.args(["--exact", "the_screen_itself", "--nocapture", "--test-threads=1"]);
    command.env(CHILD, kind);
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C.UTF-8");
    command.env("RUST_BACKTRACE", "0");
    command.env_remove("NO_COLOR");
    for (name, value) in settings {
        command.env(name, value);
    }
    let terminal = Terminal::start(command, (80, 24));
    terminal.shows("tcp_connect");
    // The reader of keys starts after the first paint.
    std::thread::sleep(Duration::from_millis(200));
    terminal
}

fn pid(terminal: &Terminal) -> Pid {
    Pid::from_raw(i32::try_from(terminal.child.process_id().unwrap()).unwrap()).unwrap()
}

fn stat(terminal: &Terminal) -> Vec<String> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid(terminal).as_raw_nonzero())).unwrap();
    stat.rsplit(')').next().unwrap().split_whitespace().map(str::to_owned).collect()
}

#[test]
fn keys_act_and_q_gives_the_terminal_back() {
    let mut terminal = opened("sample", &[]);
    assert!(terminal.screen().alternate_screen() && terminal.screen().hide_cursor());
    terminal.type_keys("L");
    terminal.shows("代码");
    terminal.type_keys("L2");
    terminal.shows("2 Sock A/sk#2");
    terminal.type_keys("g");
    terminal.shows("to the start");
    terminal.type_keys("\x1b");
    terminal.until("panel closed", |screen| !screen.contents().contains("to the start"));
    terminal.type_keys("?");
    terminal.shows("┏━ Help: ");
    terminal.type_keys("\x1b");
    // A key that comes at once behind Esc would be read as Alt and that key.
    terminal.until("help closed", |screen| !screen.contents().contains("┏━ Help: "));
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.is_given_back();
}

#[test]
fn a_click_moves_the_focus() {
    let mut terminal = opened("sample", &[]);
    terminal.type_keys("\x1b[<0;60;10M\x1b[<0;60;10m");
    terminal.until("focus on the ladder", |screen| screen.contents().contains("┏━ 4 Ladder"));
    terminal.type_keys("q");
    assert!(terminal.wait());
}

#[test]
fn a_resize_is_drawn_at_once() {
    let mut terminal = opened("sample", &[]);
    terminal.size = (120, 35);
    terminal.received.lock().unwrap().clear();
    terminal.master.resize(PtySize { rows: 35, cols: 120, pixel_width: 0, pixel_height: 0 }).unwrap();
    terminal.shows("8 Stack");
    terminal.shows("3 State");
}

#[test]
fn every_signal_that_ends_gives_the_terminal_back() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let mut terminal = opened("sample", &[]);
        kill_process(pid(&terminal), signal).unwrap();
        assert!(!terminal.wait(), "{signal:?} must be seen in the status");
        terminal.is_given_back();
    }
}

#[test]
fn a_panic_gives_the_terminal_back_and_is_readable() {
    let mut terminal = opened("trap", &[]);
    terminal.type_keys("s");
    assert!(!terminal.wait());
    terminal.is_given_back();
    terminal.shows("the trap was stepped on");
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_draws_everything_again() {
    let mut terminal = opened("sample", &[]);
    terminal.type_keys("\x1a");
    let patience = Instant::now() + Duration::from_secs(20);
    while stat(&terminal)[0] != "T" {
        assert!(Instant::now() < patience, "never stopped");
        std::thread::sleep(Duration::from_millis(20));
    }
    std::thread::sleep(Duration::from_millis(100));
    terminal.is_given_back();
    terminal.received.lock().unwrap().clear();
    kill_process(pid(&terminal), Signal::CONT).unwrap();
    terminal.shows("tcp_connect");
    assert!(terminal.screen().alternate_screen());
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.is_given_back();
}

#[test]
fn paused_means_no_byte_and_no_work() {
    let terminal = opened("sample", &[]);
    std::thread::sleep(Duration::from_millis(300));
    let ticks = |stat: &[String]| stat[11].parse::<u64>().unwrap() + stat[12].parse::<u64>().unwrap();
    let (bytes, work) = (terminal.count(), ticks(&stat(&terminal)));
    std::thread::sleep(Duration::from_secs(5));
    assert_eq!(terminal.count(), bytes, "bytes were written while paused");
    assert!(ticks(&stat(&terminal)) <= work + 1, "work was done while paused");
}

#[test]
fn no_color_keeps_emphasis() {
    let terminal = opened("sample", &[("NO_COLOR", "1")]);
    let received = String::from_utf8_lossy(&terminal.received.lock().unwrap()).into_owned();
    assert!(!received.contains("38;5;") && !received.contains("38;2;"), "a colour was sent");
    assert!(received.contains("\x1b[1m") && received.contains("\x1b[7m"), "emphasis was lost");
}
