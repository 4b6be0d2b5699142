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
use live_support::{frames_of, is_possible, recorded_frames, run_of};
use portable_pty::CommandBuilder;
use proptest::prelude::*;
use pseudo_terminal::OnScreen;
use rustix::process::{Pid, Signal, kill_process};
use sockscope::capture::part::Part;
use sockscope::capture::{self, FrameDirection};
use sockscope::live::session::LiveSession;
use sockscope::live::unseen::UnseenSession;
use sockscope::open::capture::open;
use sockscope::recording::journal::JournalError;
use sockscope::recording::of_session::{Recording, Target};
use sockscope::recording::pcapng::{RecordedJournal, RecordingError, read_journal};
use stack::include::config::Config;
use stack::lab::beginning::Beginning;
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::wire::build::{EthernetBuilder, Ipv4Builder};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

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
            Err(fault @ (RecordingError::Missing { .. } | RecordingError::Twice { .. })) => {
                panic!("cut at {length}: {fault:?}")
            }
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

/// What a session may do with frames between two looks of the writer.
#[derive(Debug, Clone)]
enum Deed {
    /// So many of so many octets enter by one act.
    Enter(usize, usize),
    /// The first that has entered passes.
    Pass,
    /// It never will.
    Refuse,
    /// One is sent.
    Send(usize),
    /// An act without a frame.
    Mark,
    /// Everything so far is handed over.
    Save,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        3 => (1_usize..4, 0_usize..90).prop_map(|(many, length)| Deed::Enter(many, length)),
        6 => Just(Deed::Pass),
        1 => Just(Deed::Refuse),
        2 => (0_usize..90).prop_map(Deed::Send),
        1 => Just(Deed::Mark),
        2 => Just(Deed::Save),
    ]
}

/// Records these deeds; gives back what entered, and the frames in the order in which they passed.
fn recorded(file: &str, deeds: &[Deed]) -> (Journal, Vec<Vec<u8>>) {
    let mut recording = Recording::begin(&Target::new(file), &Beginning::alone("A", Config::of_host(2))).unwrap();
    let (mut journal, mut wire) = (Journal::default(), Vec::new());
    let mut entered: std::collections::VecDeque<Vec<u8>> = std::collections::VecDeque::new();
    for (time, deed) in (1_000..).zip(deeds) {
        let mut enter = |act: Act| {
            recording.act(time, &act);
            journal.add(time, act);
        };
        match deed {
            Deed::Enter(many, length) => {
                let frames = (0..*many).map(|number| (1, vec![number as u8; length + number]));
                entered.extend(frames.clone().map(|(_, frame)| frame));
                enter(Act::Frames { host: 0, frames: frames.collect() });
            }
            Deed::Pass => {
                if let Some(frame) = entered.pop_front() {
                    recording.passed(time, true, &frame);
                    wire.push(frame);
                }
            }
            Deed::Refuse => drop(entered.pop_front()),
            Deed::Send(length) => {
                recording.passed(time, false, &vec![1; *length]);
                wire.push(vec![1; *length]);
            }
            Deed::Mark => enter(Act::Mark("here".to_owned())),
            Deed::Save => recording.save().unwrap(),
        }
    }
    let end = 1_000 + deeds.len() as u64;
    recording.finish(end).unwrap();
    journal.extend(end);
    (journal, wire)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever enters, passes, is refused or sent, and whenever it is handed over, comes back: the acts with all their frames, and
    /// the frames in the order in which they passed. Of a file that is cut anywhere the first acts do.
    #[test]
    fn a_recording_gives_back_what_entered_and_what_passed(
        deeds in proptest::collection::vec(deed(), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let folder = Folder::private("law");
        let file = folder.path("law.pcapng");
        let (journal, wire) = recorded(&file, &deeds);
        let whole = std::fs::read(&file).unwrap();
        let read = read_journal(&whole).unwrap();
        prop_assert!(read.complete);
        prop_assert_eq!(read.decode().unwrap().1, journal.clone());
        let passed: Vec<Vec<u8>> = capture::read::parse(&whole).unwrap().frames.into_iter().map(|frame| frame.bytes).collect();
        prop_assert_eq!(passed, wire);
        match read_journal(&whole[..cut.index(whole.len())]).map(RecordedJournal::decode) {
            Ok(Ok((_, cut))) => prop_assert!(journal.acts.starts_with(&cut.acts)),
            Ok(Err(JournalError::Line(1))) | Err(RecordingError::NotPcapng(_) | RecordingError::NoJournal) => {}
            other => prop_assert!(false, "{other:?}"),
        }
    }
}

#[test]
fn a_frame_that_enters_and_passes_stands_once_in_the_file() {
    let folder = Folder::private("once");
    let file = folder.path("once.pcapng");
    let mut recording =
        Recording::begin(&Target::new(file.as_str()), &Beginning::alone("A", Config::of_host(2))).unwrap();
    let begun = std::fs::metadata(&file).unwrap().len();
    let frame = vec![0xab; 1_514];
    for time in 0..1_000 {
        recording.act(time, &Act::Frames { host: 0, frames: vec![(1, frame.clone())] });
        recording.passed(time, true, &frame);
        recording.passed(time, false, &[7; 54]);
        recording.save().unwrap();
    }
    recording.finish(1_000).unwrap();
    let size = std::fs::metadata(&file).unwrap().len() - begun;
    assert!(size < 1_000 * (1_514 + 54) * 110 / 100, "{size} bytes");
}

/// A recording of three frames that entered and passed, changed.
fn changed(name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> (Option<String>, usize) {
    let folder = Folder::private(name);
    let file = folder.path("changed.pcapng");
    let deeds = [Deed::Enter(1, 60), Deed::Pass, Deed::Enter(2, 70), Deed::Pass, Deed::Pass];
    recorded(&file, &deeds);
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, change(bytes)).unwrap();
    match open(&file, &Part::default()) {
        Ok(opened) => (opened.remark.map(|remark| remark.en), opened.run.journal.acts.len()),
        Err(refusal) => {
            assert_ne!(refusal.words.en, refusal.words.zh);
            (Some(refusal.words.en), 0)
        }
    }
}

/// Where the numbers of frames stand.
fn numbers(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len()).filter(|place| bytes[*place..].starts_with(b"SSF1")).map(|place| place + 4).collect()
}

#[test]
fn a_recording_whose_numbers_do_not_fit_is_refused_in_one_sentence() {
    assert_eq!(changed("as-it-was", |bytes| bytes), (None, 2));
    let renumbered = |number: u8| {
        move |mut bytes: Vec<u8>| {
            let place = numbers(&bytes)[1];
            bytes[place] = number;
            bytes
        }
    };
    let (said, _) = changed("missing", renumbered(99));
    assert!(said.as_ref().is_some_and(|said| said.contains("line 3") && said.contains("not in the file")), "{said:?}");
    let (said, _) = changed("twice", renumbered(1));
    assert!(said.as_ref().is_some_and(|said| said.contains("two frames under number 1")), "{said:?}");
    // Without its last frames a file that has no end ends before them.
    let (said, acts) = changed("cut", |bytes| {
        let mut bytes = bytes;
        let place = numbers(&bytes)[2];
        bytes[place] = 99;
        let end = (0..bytes.len()).rev().find(|place| bytes[*place..].starts_with(b"SSE1")).unwrap();
        bytes.truncate(end);
        bytes
    });
    assert!(said.is_some_and(|said| said.contains("has no end")));
    assert_eq!(acts, 1);
}

#[test]
fn the_tools_of_wireshark_keep_frames_and_journal_together() {
    let folder = Folder::private("tools");
    let file = folder.path("whole.pcapng");
    let deeds = [Deed::Enter(1, 60), Deed::Pass, Deed::Send(60), Deed::Enter(2, 70), Deed::Pass, Deed::Pass];
    let (journal, _) = recorded(&file, &deeds);
    let read = |file: &str| read_journal(&std::fs::read(file).unwrap()).unwrap().decode();
    let edited = folder.path("edited.pcapng");
    ended_well("editcap", &["-t", "3600", &file, &edited]);
    assert_eq!(read(&edited).unwrap().1, journal);
    let merged = folder.path("merged.pcapng");
    let other = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures/rst.pcapng");
    ended_well("mergecap", &["-w", &merged, &file, other]);
    assert_eq!(read(&merged).unwrap().1, journal);
    // What was sent can be left out, what entered cannot.
    ended_well("editcap", &[&file, &edited, "2"]);
    assert_eq!(read(&edited).unwrap().1, journal);
    ended_well("editcap", &[&file, &edited, "1"]);
    assert_eq!(read(&edited), Err(JournalError::Frame(2)));
}

#[test]
fn a_recording_of_version_2_opens() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/recordings/version_2.pcapng");
    let read = read_journal(&std::fs::read(file).unwrap()).unwrap();
    assert!(read.bytes.starts_with(b"{\"hosts\"") && String::from_utf8_lossy(&read.bytes).contains("\"sockscope\":2"));
    let opened = open(file, &Part::default()).unwrap();
    assert_eq!(opened.remark, None);
    let acts = opened.run.journal.acts.iter().filter_map(|(_, act)| match act {
        Act::Frames { frames, .. } => Some(frames),
        _ => None,
    });
    let entered: Vec<&Vec<u8>> = acts.flatten().map(|(_, frame)| frame).collect();
    let capture = capture::open(file).unwrap();
    let inbound = capture.frames.iter().filter(|frame| frame.direction == FrameDirection::Inbound);
    assert_eq!(entered, inbound.map(|frame| &frame.bytes).collect::<Vec<_>>());
    assert_eq!(entered.len(), 7);
}

/// Two fragments of which the second lies within the first.
fn deadly() -> [Vec<u8>; 2] {
    let piece = |frag_off: u16, length: usize| {
        let packet = Ipv4Builder {
            saddr: [10, 0, 0, 1].into(),
            daddr: [10, 0, 0, 2].into(),
            protocol: 17,
            ttl: 64,
            id: 7,
            frag_off,
            ..Ipv4Builder::default()
        };
        let ethernet = EthernetBuilder { h_dest: [2, 0, 0, 0, 0, 2], h_source: [2, 0, 0, 0, 0, 1], h_proto: 0x0800 };
        ethernet.build(&packet.build(&vec![0; length]).unwrap())
    };
    [piece(0x2000, 36), piece(3, 4)]
}

#[test]
fn the_death_of_a_kernel_is_told_in_the_recording_of_its_session() {
    let folder = Folder::private("death");
    let told = |file: &str| {
        let bytes = std::fs::read(file).unwrap();
        assert_eq!(String::from_utf8_lossy(&bytes).matches("A: Oops at ").count(), 1, "{file}");
        let tshark =
            ended_well("tshark", &["-n", "-r", file, "-Y", "frame.comment", "-T", "fields", "-e", "frame.comment"]);
        assert!(String::from_utf8_lossy(&tshark.stdout).starts_with("A: Oops at 0.0"), "{tshark:?}");
        let (run, complete) = run_of(Path::new(file));
        assert!(complete && run.crashes.len() == 1);
    };
    let begin = Instant::now();
    let seen = folder.path("seen.pcapng");
    let (mut session, peer) = session(&seen, begin);
    for frame in deadly() {
        peer.send(&frame).unwrap();
    }
    session.receive(&mut [0; 2000]).unwrap();
    for milliseconds in [20, 40] {
        session.pump(begin + Duration::from_millis(milliseconds)).unwrap();
    }
    assert_eq!(session.run().crashes.len(), 1);
    session.end().unwrap();
    told(&seen);

    let unseen = folder.path("unseen.pcapng");
    let (ours, theirs) = UnixDatagram::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let beginning = Beginning::alone("A", Config::of_host(2));
    let recording = Recording::begin(&Target::new(unseen.as_str()), &beginning).unwrap();
    let mut session = UnseenSession::begin(Box::new(Cable(ours)), &beginning, &[], Some(recording), begin);
    session.go_on(begin).unwrap();
    for frame in deadly() {
        theirs.send(&frame).unwrap();
    }
    for milliseconds in [20, 40, 60] {
        session.go_on(begin + Duration::from_millis(milliseconds)).unwrap();
    }
    assert!(session.world().hosts[0].kernel.oops.is_some());
    session.end().unwrap();
    told(&unseen);
}
