//! A live session is recorded as it goes: whatever ends the program, what had happened is in the file, and it opens.

#![cfg(live)]

mod folder;
mod live_cable;
mod live_support;
mod pseudo_terminal;

use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use folder::Folder;
use live_cable::{ARP, Cable};
use live_support::is_possible;
use portable_pty::CommandBuilder;
use pseudo_terminal::OnScreen;
use rustix::process::{Pid, Signal, kill_process};
use sockscope::capture;
use sockscope::capture::part::Part;
use sockscope::live::session::LiveSession;
use sockscope::open::capture::open;
use sockscope::recording::journal::decode;
use sockscope::recording::of_session::{Recording, Target};
use sockscope::recording::pcapng::{RecordingError, read_journal};
use stack::include::config::Config;
use stack::lab::beginning::Beginning;
use stack::lab::journal::Act;
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

/// The run that a recording gives back, and whether the recording was ended in good order.
fn run_of(path: &Path) -> (Run, bool) {
    let recorded = read_journal(&std::fs::read(path).unwrap()).unwrap();
    let (beginning, journal) = decode(std::str::from_utf8(&recorded.bytes).unwrap()).unwrap();
    let mut run = Run::new(beginning.world(), journal);
    while run.play(1_000) > 0 {}
    (run, recorded.complete)
}

fn frames_of(run: &Run) -> Vec<Vec<u8>> {
    run.frames.iter().map(|frame| frame.sent.bytes.clone()).collect()
}

fn recorded_frames(path: &str) -> Vec<Vec<u8>> {
    capture::open(path).unwrap().frames.into_iter().map(|frame| frame.bytes).collect()
}

/// A live session on the screen of a pseudo-terminal, with a register of its own.
struct LiveOnScreen(OnScreen);

impl LiveOnScreen {
    fn start(folder: &Folder, file: &str) -> Self {
        let mut command = CommandBuilder::new(PROGRAM);
        command.args(["live", "--record", file]);
        command.env("TERM", "xterm-256color");
        command.env("LC_ALL", "C.UTF-8");
        command.env("XDG_RUNTIME_DIR", &folder.0);
        let session = Self(OnScreen::start(command, (80, 24)));
        session.0.drawn.recv_timeout(Duration::from_secs(30)).expect("the screen is drawn");
        session
    }

    fn end(&mut self, signal: Signal) {
        let pid = i32::try_from(self.0.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(pid).unwrap(), signal).unwrap();
        let patience = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(status) = self.0.child.try_wait().unwrap() {
                assert!(!status.success(), "{signal:?} must be seen in the status");
                return;
            }
            assert!(Instant::now() < patience, "{signal:?} did not end it");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for LiveOnScreen {
    fn drop(&mut self) {
        drop(self.0.child.kill());
        drop(self.0.child.wait());
    }
}

fn ended_well(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).env("LC_ALL", "C").output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    // tshark warns whoever runs it as root.
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(program != PROGRAM || said.is_empty() || said.contains("has no end"), "{said}");
    output
}

fn whatever_ends_the_screen(signal: Signal) {
    if !is_possible() {
        return;
    }
    let folder = Folder::private(&format!("{signal:?}").replace(|character: char| !character.is_alphanumeric(), ""));
    let file = folder.path("talk.pcapng");
    let mut screen = LiveOnScreen::start(&folder, &file);
    let mut curl = Command::new(PROGRAM);
    let curl = curl.args(["exec", "--", "curl", "-s", "--max-time", "30", "http://10.0.0.2/"]);
    let page = curl.env("XDG_RUNTIME_DIR", &folder.0).output().unwrap();
    assert!(String::from_utf8_lossy(&page.stdout).contains("It is 1995"), "{page:?}");
    std::thread::sleep(Duration::from_secs(1));
    screen.end(signal);

    let (run, complete) = run_of(Path::new(&file));
    assert_eq!(complete, signal != Signal::KILL);
    let recorded = recorded_frames(&file);
    // ARP, the handshake, the question, the page, and the ends.
    assert!(recorded.len() >= 10, "{} frames", recorded.len());
    assert!(frames_of(&run) == recorded, "the run that was read back sent other frames");
    let trace = ended_well(PROGRAM, &["trace", &file]);
    assert!(trace.stdout.len() > 10_000);
    assert_eq!(trace.stderr.is_empty(), complete, "a cut recording says that it is cut");
    let diagram = ended_well(PROGRAM, &["export", &file, "--format", "mermaid"]).stdout;
    assert_eq!(String::from_utf8_lossy(&diagram).matches("->>").count(), recorded.len());
    ended_well("capinfos", &[&file]);
    let numbers = ended_well("tshark", &["-n", "-r", &file, "-Y", "eth", "-T", "fields", "-e", "frame.number"]);
    let expected: String = (1..=recorded.len()).map(|number| format!("{number}\n")).collect();
    let said = String::from_utf8_lossy(&numbers.stdout).into_owned();
    assert_eq!(said, expected, "Wireshark counts the frames otherwise");
}

#[test]
fn a_recording_ended_by_sigterm_has_everything() {
    whatever_ends_the_screen(Signal::TERM);
}

#[test]
fn a_recording_ended_by_sighup_has_everything() {
    whatever_ends_the_screen(Signal::HUP);
}

#[test]
fn a_recording_ended_by_sigint_has_everything() {
    whatever_ends_the_screen(Signal::INT);
}

#[test]
fn a_recording_ended_by_sigkill_has_everything_but_its_end() {
    whatever_ends_the_screen(Signal::KILL);
}

/// A recorded session of a host with one program, and the other end of its cable.
fn session(file: &str, begin: Instant) -> (LiveSession, UnixDatagram) {
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    theirs.set_nonblocking(true).unwrap();
    let beginning = Beginning::alone("A", Config::of_host(2));
    let recording = Recording::begin(&Target::new(file), &beginning).unwrap();
    let programs = [ProgramKind::Echo(7)];
    let mut session = LiveSession::begin(Box::new(Cable(ours)), &beginning, &programs, Some(recording), begin);
    session.pump(begin).unwrap();
    (session, theirs)
}

/// The file as it would be left behind if the program were gone soon gives back the run up to now.
fn would_be_left(session: &LiveSession, file: &str) {
    let patience = Instant::now() + Duration::from_secs(20);
    let (run, complete) = loop {
        let (run, complete) = run_of(Path::new(file));
        if run.turns.len() == session.run().turns.len() || Instant::now() > patience {
            break (run, complete);
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(!complete);
    assert_eq!(run.turns.len(), session.run().turns.len(), "turns are missing");
    assert!(frames_of(&run) == frames_of(session.run()));
    assert!(recorded_frames(file) == frames_of(session.run()));
    assert!(run.head() == session.run().head(), "another world came back");
}

#[test]
fn what_has_happened_is_in_the_file_soon() {
    let folder = Folder::private("at-once");
    let file = folder.path("session.pcapng");
    let begin = Instant::now();
    let later = |milliseconds| begin + Duration::from_millis(milliseconds);
    let (mut session, peer) = session(&file, begin);
    // Programs have started and no frame has passed.
    would_be_left(&session, &file);
    peer.send(&ARP).unwrap();
    session.receive(&mut [0; 2000]).unwrap();
    session.pump(later(5)).unwrap();
    assert_eq!(session.run().frames.len(), 2, "the ARP request is answered");
    would_be_left(&session, &file);
    // An act without a frame, and a timer without one.
    session.act(later(20), Act::Start { host: 0, program: ProgramKind::Discard(9) });
    session.pump(later(20)).unwrap();
    would_be_left(&session, &file);
    let turns = session.run().turns.len();
    session.pump(later(70_000)).unwrap();
    assert!(session.run().turns.len() > turns, "a timer fires in that time");
    would_be_left(&session, &file);
    // A pause, and steps in it.
    session.pause(later(70_001));
    peer.send(&ARP).unwrap();
    session.receive(&mut [0; 2000]).unwrap();
    assert!(session.admit_next());
    session.run_mut().play(10);
    let end = session.run().end();
    session.reached(end).unwrap();
    would_be_left(&session, &file);
    // However it ends, there is an end.
    let frames = frames_of(session.run());
    drop(session);
    let (run, complete) = run_of(Path::new(&file));
    assert!(complete && frames_of(&run) == frames);
}

#[test]
fn a_recording_that_was_cut_anywhere_opens_with_what_it_has() {
    let folder = Folder::private("cut");
    let file = folder.path("whole.pcapng");
    let begin = Instant::now();
    let (mut session, peer) = session(&file, begin);
    for milliseconds in [5, 10] {
        peer.send(&ARP).unwrap();
        session.receive(&mut [0; 2000]).unwrap();
        session.pump(begin + Duration::from_millis(milliseconds)).unwrap();
    }
    session.pump(begin + Duration::from_secs(1)).unwrap();
    would_be_left(&session, &file);
    let before_the_end = std::fs::metadata(&file).unwrap().len() as usize;
    session.end().unwrap();
    let whole = std::fs::read(&file).unwrap();
    let (run, complete) = run_of(Path::new(&file));
    assert!(complete && before_the_end < whole.len());
    let frames = frames_of(&run);
    let journal = read_journal(&whole).unwrap().bytes;

    let cut_file = folder.path("cut.pcapng");
    for length in 0..whole.len() {
        let cut = &whole[..length];
        match read_journal(cut) {
            Ok(read) => {
                assert!(!read.complete && journal.starts_with(&read.bytes), "cut at {length}");
            }
            Err(RecordingError::NotPcapng(_) | RecordingError::NoJournal) => {
                assert!(length < before_the_end / 2, "nothing at {length}");
            }
            Err(fault @ RecordingError::Missing { .. }) => panic!("cut at {length}: {fault:?}"),
        }
        // From the first final block on, everything but the end is there.
        if length >= before_the_end {
            std::fs::write(&cut_file, cut).unwrap();
            let mut run = open(&cut_file, &Part::default()).unwrap().run;
            while run.play(1_000) > 0 {}
            assert!(frames_of(&run) == frames, "cut at {length}");
        }
    }
}
