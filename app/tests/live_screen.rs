//! The screen of a live session under traffic, and whatever becomes of its recording and its terminal: keys are answered at full
//! rate, no file is written over, a full disk is told, a terminal that goes away ends the program quietly.

#![cfg(live)]

mod folder;
mod live_support;

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use folder::Folder;
use live_support::is_possible;
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process_group};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

/// The program in such a folder.
fn command(folder: &Folder, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).env("XDG_RUNTIME_DIR", &folder.0).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

/// A command line in a terminal of 100 columns.
struct Terminal {
    child: Box<dyn portable_pty::Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    received: Arc<Mutex<Vec<u8>>>,
    closing: Arc<AtomicBool>,
    reading: Option<JoinHandle<()>>,
}

impl Terminal {
    fn open(folder: &Folder, program: &str, arguments: &[&str]) -> Self {
        let size = PtySize { rows: 30, cols: 100, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(&folder.0);
        for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        command.env("XDG_RUNTIME_DIR", &folder.0);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let received = Arc::new(Mutex::new(Vec::new()));
        let (sink, mut reader) = (Arc::clone(&received), pair.master.try_clone_reader().unwrap());
        let closing = Arc::new(AtomicBool::new(false));
        let closes = Arc::clone(&closing);
        let reading = std::thread::spawn(move || {
            let mut chunk = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut chunk) {
                sink.lock().unwrap().extend_from_slice(&chunk[..count]);
                if closes.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Self { child, master: Some(pair.master), writer: Some(writer), received, closing, reading: Some(reading) }
    }

    fn press(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Waits until something is written from here on.
    fn writes(&self, what: &str) {
        let patience = Instant::now() + Duration::from_secs(10);
        let start = self.received.lock().unwrap().len();
        while !String::from_utf8_lossy(&self.received.lock().unwrap()[start..]).contains(what) {
            assert!(Instant::now() < patience, "{what} was never written");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    fn shows(&self, what: &str) {
        self.comes_to(what, true);
    }

    fn hides(&self, what: &str) {
        self.comes_to(what, false);
    }

    /// Waits until some words are on the screen, or are not.
    fn comes_to(&self, what: &str, shown: bool) {
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            let mut parser = vt100::Parser::new(30, 100, 0);
            parser.process(&self.received.lock().unwrap());
            let contents = parser.screen().contents();
            if contents.contains(what) == shown {
                return;
            }
            let is = if shown { "is not" } else { "is still" };
            assert!(Instant::now() < patience, "{what} {is} shown:\n{contents}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Closes the terminal: every descriptor of it is let go.
    fn close(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        // What is drawn now ends the reading.
        self.press("L");
        self.reading.take().unwrap().join().unwrap();
        (self.writer, self.master) = (None, None);
    }

    fn exit_code(&mut self) -> u32 {
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < patience, "the program did not end");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Traffic beside a session, ended with the value.
struct Load(Child);

impl Load {
    fn start(folder: &Folder, script: &str) -> Self {
        let mut command = command(folder, &["exec", "--", "sh", "-c", script]);
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0).spawn().unwrap())
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        let group = Pid::from_raw(i32::try_from(self.0.id()).unwrap()).unwrap();
        let _gone = kill_process_group(group, Signal::KILL);
        drop(self.0.wait());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_key_is_answered_while_frames_come_faster_than_anybody_could_see() {
    if !is_possible() {
        return;
    }
    let folder = Folder::private("flood");
    let mut terminal = Terminal::open(&folder, PROGRAM, &["live", "--serve", "httpd,discard,chargen"]);
    terminal.shows("exec --session");
    // As many pings as the machine sends without waiting for answers, and a download that never ends.
    let _flood = Load::start(&folder, "ping -q -f -s 1400 10.0.0.2");
    let _download = Load::start(&folder, "curl -s --http0.9 http://10.0.0.2:19/");
    terminal.shows("ICMP");
    for _ in 0..10 {
        terminal.press("L");
        terminal.writes("帮");
        terminal.press("L");
        terminal.writes("help");
    }
    terminal.press("q");
    terminal.writes("press q again");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
}

fn live(folder: &Folder, arguments: &[&str]) -> Output {
    let mut all = vec!["live"];
    all.extend(arguments);
    command(folder, &all).output().unwrap()
}

/// A script that fetches the page so many times; each is recorded in about 1,600 octets.
fn fetches(count: usize) -> String {
    format!("for n in $(seq {count}); do curl -s --max-time 20 http://10.0.0.2/; done")
}

#[test]
fn a_file_that_is_there_is_not_written_over_unless_that_is_asked_for() {
    if !is_possible() {
        return;
    }
    let folder = Folder::private("there");
    let file = folder.path("talk.pcapng");
    std::fs::write(&file, "mine").unwrap();
    let refused = live(&folder, &["--record", &file, "--", "true"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("is there already") && text(&refused.stderr).contains("--force"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "mine");
    let forced = live(&folder, &["--record", &file, "--force", "--", "true"]);
    assert!(forced.status.success(), "{}", text(&forced.stderr));
    assert!(std::fs::read(&file).unwrap().starts_with(&[0x0a, 0x0d, 0x0d, 0x0a]));
}

#[test]
fn no_file_is_made_for_a_session_that_does_not_stand() {
    let folder = Folder::private("stands-not");
    let file = folder.path("talk.pcapng");
    for arguments in [["--tap", "a-name-that-is-too-long-for-a-device"], ["--serve", "nonsense"]] {
        let refused = live(&folder, &[arguments[0], arguments[1], "--record", &file, "--", "true"]);
        assert!(!refused.status.success());
        assert!(!Path::new(&file).exists(), "{arguments:?} left a file");
    }
}

#[test]
fn a_recording_that_cannot_be_written_is_told_at_once_and_at_the_end_with_code_1() {
    if !is_possible() {
        return;
    }
    let folder = Folder::private("full");
    let none = live(&folder, &["--record", "/dev/full", "--force", "--", "true"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(text(&none.stderr).contains("/dev/full cannot be written: No space left"), "{}", text(&none.stderr));
    // The file may have 32 KiB: writing fails in the middle of the session.
    let file = folder.path("talk.pcapng");
    let script =
        format!("trap '' XFSZ; ulimit -f 64; exec {PROGRAM} live --record {file} -- sh -c '{}; sleep 1'", fetches(40));
    let mut shell = Command::new("sh");
    let shell = shell.args(["-c", &script]).env("XDG_RUNTIME_DIR", &folder.0).env("LC_ALL", "C").output().unwrap();
    let said = text(&shell.stderr);
    assert_eq!(said.matches("cannot be written: File too large").count(), 2, "{said}");
    assert_eq!(shell.status.code(), Some(1), "{said}");
    assert!(text(&shell.stdout).matches("<h1>").count() == 40, "the session went on");
    let trace = Command::new(PROGRAM).args(["trace", &file]).env("LC_ALL", "C").output().unwrap();
    assert!(trace.status.success() && !trace.stdout.is_empty(), "what is there opens");
    assert!(text(&trace.stderr).contains("has no end"), "{}", text(&trace.stderr));
}

#[test]
fn a_limit_ends_the_recording_in_good_order_and_not_the_session() {
    if !is_possible() {
        return;
    }
    let folder = Folder::private("limit");
    let file = folder.path("talk.pcapng");
    let script = format!("{}; sleep 1", fetches(80));
    let ended = live(&folder, &["--record", &file, "--record-limit", "64K", "--", "sh", "-c", &script]);
    let said = text(&ended.stderr);
    assert!(ended.status.success(), "{said}");
    assert!(said.contains("has reached its limit of 65536 bytes"), "{said}");
    assert!(text(&ended.stdout).matches("<h1>").count() == 80);
    let size = std::fs::metadata(&file).unwrap().len();
    assert!((32 << 10..=64 << 10).contains(&size), "{size} bytes");
    let trace = Command::new(PROGRAM).args(["trace", &file]).env("LC_ALL", "C").output().unwrap();
    assert!(trace.status.success() && trace.stderr.is_empty(), "{}", text(&trace.stderr));
    let small = live(&folder, &["--record", &file, "--record-limit", "1", "--", "true"]);
    assert_eq!(small.status.code(), Some(2));
    assert!(text(&small.stderr).contains("64K or more"), "{}", text(&small.stderr));
}

#[test]
fn the_title_tells_of_the_recording_and_of_its_end() {
    if !is_possible() {
        return;
    }
    let folder = Folder::private("title");
    let arguments = ["live", "--record", "talk.pcapng", "--record-limit", "64K"];
    let mut terminal = Terminal::open(&folder, PROGRAM, &arguments);
    terminal.shows("REC ");
    terminal.shows("Nothing has come yet");
    let fetch = |count| {
        let mut fetch = command(&folder, &["exec", "--"]);
        assert!(fetch.args(["sh", "-c", &fetches(count)]).output().unwrap().status.success());
    };
    fetch(1);
    terminal.hides("Nothing has come yet");
    fetch(80);
    terminal.shows("REC full");
    terminal.shows("has reached its limit");
    terminal.press("qq");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_quietly() {
    let folder = Folder::private("gone");
    // Standard error is the same terminal, so that nobody can be told of it.
    let script = format!("trap '' HUP; {PROGRAM} lab; echo $? > code");
    let mut terminal = Terminal::open(&folder, "sh", &["-c", &script]);
    terminal.shows("1 Code");
    terminal.close();
    let patience = Instant::now() + Duration::from_secs(20);
    let code = loop {
        let code = std::fs::read_to_string(folder.path("code")).unwrap_or_default();
        if code.ends_with('\n') {
            break code;
        }
        assert!(Instant::now() < patience, "the program did not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    // By the signal that says so, or because it takes nothing any more; never by a panic (101).
    assert!(code == "129\n" || code == "0\n", "{code}");
}

/// The clock of a session in which nothing comes runs by itself; while it is paused not a byte is written.
#[test]
fn the_clock_runs_by_itself_and_stands_while_the_session_is_paused() {
    if !is_possible() {
        return;
    }
    let folder = Folder::new("clock");
    let mut terminal = Terminal::open(&folder, PROGRAM, &["live", "--lang", "en"]);
    terminal.shows("Nothing has come yet");
    let written = || terminal.received.lock().unwrap().len();
    let before = written();
    let patience = Instant::now() + Duration::from_secs(20);
    while written() == before {
        assert!(Instant::now() < patience, "the clock stands though nobody paused it");
        std::thread::sleep(Duration::from_millis(20));
    }
    terminal.press("p");
    terminal.shows("‖");
    // What the key itself draws is on its way still.
    std::thread::sleep(Duration::from_secs(1));
    let before = terminal.received.lock().unwrap().len();
    std::thread::sleep(Duration::from_secs(3));
    let drawn = terminal.received.lock().unwrap()[before..].to_vec();
    assert!(drawn.is_empty(), "paused, and yet it draws {}", text(&drawn));
}
