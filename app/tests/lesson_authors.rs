//! What `sockscope lesson` does for those who write lessons: a new one that passes, the run with its places, a check that says
//! what was true, a check after every save, and the guide, whose commands are run as they stand.

mod folder;
mod lesson_command;
#[path = "pseudo_terminal/terminal.rs"]
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use folder::{Folder, NOWHERE};
use lesson_command::{command, err, lesson, out};
use portable_pty::CommandBuilder;
use stack::lab::movement::Direction;
use stack::lab::query::{Place, find, reach};
use stack::lab::run::Moment;
use terminal::Terminal;

/// A folder with a new lesson `mine` in it.
fn begun(name: &str) -> Folder {
    let folder = Folder::new(name);
    let made = lesson(&folder, &["new", "mine"]);
    assert_eq!(made.status.code(), Some(0), "{}", err(&made));
    folder
}

/// Replaces a text of a file, which must be there.
fn change(folder: &Folder, file: &str, from: &str, to: &str) {
    let path = folder.0.join("mine").join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

#[test]
fn a_new_lesson_passes_at_once() {
    let folder = begun("new");
    let again = err(&lesson(&folder, &["new", "mine"]));
    assert!(again.starts_with("sockscope: mine is there already"), "{again}");
    let checked = lesson(&folder, &["check", "mine"]);
    let passed = "ok mine: 5 beats, 1 questions, played with 3 seeds\n1 passed, 0 failed\n";
    assert_eq!((checked.status.code(), out(&checked).as_str()), (Some(0), passed));
    assert!(out(&lesson(&folder, &["mine", "--print"])).starts_with("The first frame"));
    fs::create_dir(folder.0.join("course")).unwrap();
    let made = lesson(&folder, &["new", "second", "--dir", "course", "--lang", "zh"]);
    assert!(is_chinese(&out(&made)), "{}", out(&made));
    assert_eq!(lesson(&folder, &["check", "course"]).status.code(), Some(0));
    let lesson = fs::read_to_string(folder.0.join("course/second/lesson.toml")).unwrap();
    assert!(lesson.contains("id      = \"second\"") && !lesson.contains("\"NAME\""));
}

#[test]
fn a_new_lesson_touches_nothing_that_is_there_and_has_a_name_of_its_own() {
    let folder = begun("refused");
    change(&folder, "en.md", "# The first frame", "# My words");
    let folders = ["new", "mine", "Mine", "my lesson", "../mine", "", "handshake"];
    for (name, dir) in folders[1..].iter().map(|name| (*name, ".")).chain([("other", NOWHERE), ("other", "nosuch")]) {
        let refused = lesson(&folder, &["new", name, "--dir", dir]);
        assert_eq!(refused.status.code(), Some(2), "{name:?} in {dir}");
        assert_eq!(err(&refused).lines().count(), 1, "{name:?}: {}", err(&refused));
        assert!(is_chinese(&err(&lesson(&folder, &["new", name, "--dir", dir, "--lang", "zh"]))), "{name:?}");
    }
    assert!(fs::read_to_string(folder.0.join("mine/en.md")).unwrap().starts_with("# My words"));
    let there: Vec<String> =
        fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(there, ["mine"]);
}

/// The lines of a trace: the turn of those that have one, and the place.
fn places(trace: &str) -> Vec<(Option<usize>, String)> {
    let place = |rest: &str| rest.split("  ").next().unwrap_or("").to_owned();
    let lines = trace.lines().skip(1).filter_map(|line| {
        if let Some(beat) = line.strip_prefix("▸ beat ") {
            let told = beat.splitn(3, "  ").nth(2).unwrap_or("");
            return (!told.starts_with("- ")).then(|| (None, place(told)));
        }
        let turn = line.split_whitespace().next()?.parse().ok()?;
        Some((Some(turn), place(line.get(30..)?)))
    });
    lines.collect()
}

#[test]
fn every_line_of_a_trace_reads_as_a_place_and_leads_to_its_turn() {
    let folder = begun("places");
    let shipped = |name| lessons::content::named(name).expect("the lesson ships");
    let mine = lessons::content::skeleton("mine").expect("an id");
    for (name, files) in [("handshake", shipped("handshake")), ("gate", shipped("gate")), ("mine", mine)] {
        let output = lesson(&folder, &["trace", name, "--seed", "5"]);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        let places = places(&out(&output));
        assert!(places.len() > 40, "{name}: {}", out(&output));
        let mut run = lessons::load(&files, 5).unwrap().open().unwrap();
        run.play(usize::MAX);
        for (turn, text) in places {
            let place = Place::parse(&text).unwrap_or_else(|error| panic!("{name}: {text:?}: {error}"));
            let start = Moment::default();
            let found = find(&place, &mut run, start, Direction::Forward).or_else(|| reach(&place, &mut run, start));
            let found = found.unwrap_or_else(|| panic!("{name}: {text:?} is never reached"));
            assert!(turn.is_none_or(|turn| turn == found.turn), "{name}: {text:?} leads to {found:?}");
        }
    }
}

#[test]
fn a_trace_shows_the_main_road_and_where_the_beats_stand() {
    let folder = begun("road");
    let road = out(&lesson(&folder, &["trace", "mine"]));
    let at = |part: &str| road.lines().position(|line| line.contains(part)).unwrap_or_else(|| panic!("{part}\n{road}"));
    for part in
        ["B: enter tcp_conn_request ", "B: born SYN_RECV ", "A: sleeps 100 ", "B: wakes 100 ", "A: return connect "]
    {
        at(part);
    }
    assert_eq!(at("▸ beat before  at  mark ready"), at("  mark ready") + 1);
    assert_eq!(at("▸ beat first-frame  at  A: call connect"), at("  A: call connect ") + 1);
    assert_eq!(at("▸ beat first-frame  until  frame 2 leaves"), at("  frame 2 leaves ") + 1);
    assert!(at("▸ beat road  at") > at("A: return connect "));
    for part in ["start_kernel", "enter kmalloc", "leave tcp_rcv"] {
        assert!(!road.contains(part), "{part} is on no main road");
    }
    let all = out(&lesson(&folder, &["trace", "mine", "--all"]));
    assert!(["start_kernel", "enter kmalloc", "leave tcp_rcv"].iter().all(|part| all.contains(part)));
    let chinese = out(&lesson(&folder, &["trace", "mine", "--lang", "zh"]));
    assert!(is_chinese(chinese.lines().next().unwrap()) && chinese.contains("frame 1 leaves"));
    change(&folder, "lesson.toml", "until    = \"frame 2 leaves\"", "until    = \"frame 99 leaves\"");
    let lost = out(&lesson(&folder, &["trace", "mine"]));
    assert!(lost.contains("▸ beat first-frame  until  frame 99 leaves  never reached"), "{lost}");
}

#[test]
fn what_is_wrong_with_the_chinese_is_a_warning_outside_of_the_shipped_folder() {
    let folder = begun("chinese");
    fs::remove_file(folder.0.join("mine/zh.md")).unwrap();
    let checked = lesson(&folder, &["check", "mine"]);
    assert_eq!(checked.status.code(), Some(0), "{}", out(&checked));
    assert!(out(&checked).contains("\nwarning: mine/zh.md: this file is missing"), "{}", out(&checked));
    assert!(out(&checked).ends_with("1 passed, 0 failed, warnings: 1\n"), "{}", out(&checked));
    let paper = lesson(&folder, &["mine", "--print", "--lang", "zh"]);
    assert!(out(&paper).starts_with("The first frame"), "{}", out(&paper));
    // The same folder as one that ships.
    let content = folder.0.join("lessons/content");
    fs::create_dir_all(&content).unwrap();
    fs::rename(folder.0.join("mine"), content.join("20-mine")).unwrap();
    for path in ["lessons/content", "lessons/content/20-mine"] {
        let checked = lesson(&folder, &["check", path]);
        assert_eq!(checked.status.code(), Some(1), "{path}: {}", out(&checked));
        assert!(out(&checked).contains("FAIL 20-mine\n20-mine/zh.md: this file is missing"), "{}", out(&checked));
    }
}

/// A program that ends with its test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn a_watch_checks_again_after_a_save_and_a_pipe_keeps_every_report() {
    let folder = begun("watch");
    let mut command = command(&folder);
    command.args(["lesson", "watch", "mine"]).stdout(Stdio::piped());
    let mut running = Running(command.spawn().unwrap());
    let mut lines = BufReader::new(running.0.stdout.take().unwrap()).lines();
    let mut report = || -> Vec<String> {
        let lines = lines.by_ref().map(Result::unwrap);
        lines.take_while(|line| !line.starts_with("watching")).collect()
    };
    assert_eq!(report(), ["ok mine: 5 beats, 1 questions, played with 3 seeds", "1 passed, 0 failed"]);
    change(&folder, "lesson.toml", "at       = \"A: call connect\"", "at       = \"A: call conect\"");
    // A file may be looked at while it is being written; what is said in the end is what counts.
    let mut says = |part: &str| {
        let said = (0..20).map(|_| report().join("\n")).find(|said| said.contains(part));
        assert!(!said.unwrap_or_else(|| panic!("never said: {part}")).contains('\u{1b}'));
    };
    says("'conect' is no system call; did you mean connect?");
    fs::remove_file(folder.0.join("mine/lesson.toml")).unwrap();
    says("holds no lesson");
    let lesson = lessons::content::skeleton("mine").unwrap();
    for (name, text) in &lesson.files {
        fs::write(folder.0.join("mine").join(name), text).unwrap();
    }
    says("ok mine: 5 beats, 1 questions, played with 3 seeds");
    assert!(running.0.try_wait().unwrap().is_none(), "it goes on");
}

#[test]
fn a_watch_begins_every_report_on_a_clear_terminal_and_ends_by_ctrl_c() {
    let folder = begun("terminal");
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(["lesson", "watch", "mine"]);
    command.cwd(&folder.0);
    command.env("LANG", "C");
    let mut terminal = Terminal::start(command, (100, 30));
    terminal.shows("watching; save a file to check again");
    change(&folder, "lesson.toml", "minutes = 5", "minutes = 50");
    terminal.shows("50 minutes: a lesson takes 5 to 12");
    let screen = terminal.screen().contents();
    assert!(screen.starts_with("FAIL mine") && !screen.contains("ok mine"), "{screen}");
    terminal.type_keys("\u{3}");
    assert!(!terminal.wait(), "the signal ends it");
}

#[test]
fn a_folder_that_is_not_there_is_not_watched_or_traced() {
    let folder = Folder::new("absent");
    for arguments in [["watch", NOWHERE], ["trace", NOWHERE]] {
        let refused = lesson(&folder, &arguments);
        assert_eq!((refused.status.code(), err(&refused).lines().count()), (Some(2), 1), "{}", err(&refused));
    }
}

/// The guide, beside the crate of the lessons.
fn guide() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/README.md")).unwrap()
}

/// The lines of the shell in the section of the guide with this heading.
fn shell_of(heading: &str) -> Vec<String> {
    let guide = guide();
    let section = guide.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    let section = section.split("\n## ").next().unwrap_or("");
    let blocks = section.split("```sh\n").skip(1).filter_map(|block| block.split("```").next());
    blocks.flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_commands_of_the_first_lesson_do_what_the_guide_says() {
    let folder = Folder::new("guide");
    let mut words = 0;
    for line in shell_of("## Your first lesson in twenty minutes\n") {
        let (written, remark) = line.split_once('#').unwrap_or((&line, ""));
        let arguments: Vec<&str> = written.split_whitespace().skip(1).collect();
        assert_eq!(arguments.first(), Some(&"lesson"), "{line}");
        // What plays or watches goes on until somebody ends it.
        if arguments[1] == "watch" || arguments == ["lesson", "my-lesson"] {
            continue;
        }
        let output = command(&folder).args(&arguments).output().unwrap();
        let wanted = i32::from(remark.contains("FAIL"));
        assert_eq!(output.status.code(), Some(wanted), "{line}: {}{}", out(&output), err(&output));
        words += out(&output).len();
    }
    assert!(words > 1_000, "the commands say something");
}
