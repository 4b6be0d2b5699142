//! What is kept of a student, and what is handed in: `sockscope lesson` with `--list`, `--reset`, `--report` and `verify`.

mod folder;
mod lesson_command;
#[cfg(target_os = "linux")]
#[path = "pseudo_terminal/terminal.rs"]
mod terminal;

use std::fs;
use std::path::PathBuf;

use folder::Folder;
use lesson_command::{err, lesson, out};
use lessons::hand_in::HandIn;
use lessons::{Act, Clock, Player, Shows, content, seed_of};

fn kept(folder: &Folder, name: &str) -> PathBuf {
    folder.0.join("state/sockscope/lessons").join(name)
}

/// A student who has answered with the second option and skipped every task, from a second of their own on and at a pace that
/// follows from it.
fn student(name: &str, lesson: &str, opened: u64, words: &str) -> Player {
    let mut player = Player::open(content::named(lesson).unwrap(), seed_of(name)).unwrap();
    let mut clock = Clock { opened, after: 0 };
    while !player.progress().finished {
        clock.after += 5 + opened % 13;
        match player.view(stack::words::Lang::En).shows {
            Shows::Question(_) => {
                player.act_at(clock, Act::Choose(1));
                player.act_at(clock, Act::Certainty(3));
                assert!(player.act_at(clock, Act::Answer));
            }
            _ => assert!(player.act_at(clock, Act::Skip)),
        }
    }
    if !words.is_empty() {
        assert!(player.act_at(clock, Act::Write(words.to_owned())));
    }
    player
}

/// What was kept of a student who has gone through a lesson.
fn keep(folder: &Folder, name: &str, lesson: &str, words: &str) {
    let progress = serde_json::to_string(student(name, lesson, 1_000, words).progress()).unwrap();
    folder.file(&format!("state/sockscope/lessons/student-{name}/{lesson}.json"), progress);
}

/// A hand-in as it is written, changed.
fn handed_in(folder: &Folder, file: &str, name: &str, opened: u64, change: impl Fn(&mut HandIn)) {
    let mut hand_in = student(name, "handshake", opened, "").hand_in(name).unwrap();
    change(&mut hand_in);
    folder.file(file, serde_json::to_string_pretty(&hand_in).unwrap());
}

#[test]
fn progress_is_kept_per_student_and_listed() {
    let folder = Folder::new("list");
    keep(&folder, "ada", "handshake", "");
    let mut half = student("ada", "gate", 5, "").progress().clone();
    half.finished = false;
    half.beats.retain(|beat, _| beat == &content_beats("gate")[0]);
    half.sittings[0].entries.truncate(1);
    folder.file("state/sockscope/lessons/student-ada/gate.json", serde_json::to_string(&half).unwrap());
    let listed = out(&lesson(&folder, &["--list"]));
    let beats = content_beats("gate").len();
    assert!(listed.contains(&format!("at 2 of {beats} · ada\n")) && listed.contains("done · ada\n"), "{listed}");
    assert!(out(&lesson(&folder, &["--list", "--lang", "zh"])).contains("已完成 · ada\n"));
    let other = out(&lesson(&folder, &["--list", "--student", "Ada"]));
    assert!(!other.contains("Ada") && !other.contains("done"), "another student has done nothing: {other}");
    assert_eq!(lesson(&folder, &["--list", "--student", " "]).status.code(), Some(2));
}

fn content_beats(lesson: &str) -> Vec<String> {
    let lesson = lessons::load(&content::named(lesson).unwrap(), 1).unwrap();
    lesson.beats.into_iter().map(|beat| beat.id).collect()
}

#[test]
fn a_lesson_begins_anew_where_that_is_asked_for() {
    let folder = Folder::new("reset");
    keep(&folder, "ada", "handshake", "");
    let reset = lesson(&folder, &["handshake", "--reset"]);
    assert_eq!(reset.status.code(), Some(0));
    assert!(out(&reset).starts_with("ada begins handshake anew"), "{}", out(&reset));
    assert!(kept(&folder, "student-ada/handshake.json.1").is_file(), "what was done is kept aside");
    assert!(!out(&lesson(&folder, &["--list"])).contains("ada"));
    assert_eq!(out(&lesson(&folder, &["handshake", "--reset"])), "nothing was kept of ada in handshake\n");
    assert!(
        out(&lesson(&folder, &["handshake", "--reset", "--lang", "zh"])).contains("没有 ada 在 handshake 中的进度")
    );
}

#[test]
fn a_damaged_file_is_kept_aside_and_said_once() {
    let folder = Folder::new("damaged");
    folder.file("state/sockscope/lessons/student-ada/gate.json", "{\"lesson\": \u{1b}[2J");
    let first = lesson(&folder, &["gate", "--print"]);
    assert_eq!((first.status.code(), err(&first).lines().count()), (Some(0), 1), "{}", err(&first));
    let said = err(&first);
    assert!(said.contains("is damaged;") && said.contains("gate.json.1") && !said.contains('\u{1b}'), "{said}");
    assert!(fs::read_to_string(kept(&folder, "student-ada/gate.json.1")).unwrap().starts_with("{\"lesson\""));
    assert_eq!(err(&lesson(&folder, &["gate", "--print"])), "");
    // Another one beside it, of another seed, and in Chinese.
    let other = serde_json::to_string(student("bob", "gate", 5, "").progress()).unwrap();
    folder.file("state/sockscope/lessons/student-ada/gate.json", other);
    assert!(!out(&lesson(&folder, &["--list"])).contains("ada"), "a list counts it as nothing, and moves nothing");
    assert!(err(&lesson(&folder, &["gate", "--print", "--lang", "zh"])).contains("已损坏"));
    assert!(kept(&folder, "student-ada/gate.json.2").is_file());
}

#[test]
fn a_file_of_before_is_read_for_the_name_of_the_account() {
    let folder = Folder::new("before");
    let mut progress = student("ada", "handshake", 5, "").progress().clone();
    progress.sittings.clear();
    folder.file("state/sockscope/lessons/handshake.json", serde_json::to_string(&progress).unwrap());
    assert!(out(&lesson(&folder, &["--list"])).contains("done · ada"));
    assert!(!out(&lesson(&folder, &["--list", "--student", "bob"])).contains("done"));
    let other = lesson(&folder, &["handshake", "--print", "--student", "bob"]);
    assert_eq!(
        (err(&other).as_str(), kept(&folder, "handshake.json").is_file()),
        ("", true),
        "it is not bob's to move"
    );
    let report = lesson(&folder, &["handshake", "--report", "me.json"]);
    assert!(err(&report).contains("nothing that could be handed in"), "no deed of it was kept: {}", err(&report));
    lesson(&folder, &["handshake", "--reset"]);
    assert!(kept(&folder, "handshake.json.1").is_file());
}

#[test]
fn what_a_hand_in_contains_is_said_before_it_is_written() {
    let folder = Folder::new("report");
    let path = folder.path("me.json");
    let early = lesson(&folder, &["handshake", "--report", &path]);
    assert_eq!((early.status.code(), err(&early).lines().count()), (Some(2), 1));
    assert!(err(&early).contains("nothing that could be handed in has been done in handshake as ada"));
    keep(&folder, "ada", "handshake", "the listener only \u{1b}listens");
    let nowhere = lesson(&folder, &["handshake", "--report", "no/such/me.json"]);
    assert!(out(&nowhere).contains("own words  the listener only") && nowhere.status.code() == Some(2), "said first");
    let written = lesson(&folder, &["handshake", "--report", &path]);
    let said = out(&written);
    for line in [
        "name       ada, whose",
        "answers    ",
        "times      ",
        "own words  the listener only \\u{1b}listens\n",
        "written to",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    let text = fs::read_to_string(&path).unwrap();
    let again = lesson(&folder, &["handshake", "--report", &path]);
    assert_eq!((again.status.code(), out(&again).as_str()), (Some(2), ""));
    assert!(err(&again).contains("exists already: name another file, or add --force"), "{}", err(&again));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    fs::write(&path, "x".repeat(1_000_000)).unwrap();
    let forced = lesson(&folder, &["handshake", "--report", &path, "--force", "--lang", "zh"]);
    assert!(out(&forced).contains("自己的话  the listener only"), "{}", out(&forced));
    assert_eq!(fs::read_to_string(&path).unwrap(), text, "nothing of what lay there is left");
    let good = lesson(&folder, &["verify", &path]);
    assert_eq!(good.status.code(), Some(0), "{}{}", out(&good), err(&good));
    assert!(
        out(&good).contains("\nok     ada  handshake") && out(&good).contains("ada says: the listener only \\u{1b}")
    );
}

/// A class: one file of every kind.
fn class(folder: &Folder) {
    handed_in(folder, "class/ada.json", "Ada", 1_000, |_| {});
    handed_in(folder, "class/deep/bob.json", "Bob", 2_000, |hand_in| {
        hand_in.beats.get_mut("last-segment").unwrap().answers.clear();
        hand_in.bind();
    });
    handed_in(folder, "class/carl.json", "Ada", 1_000, |hand_in| hand_in.student = "Carl\u{1b}[2J".to_owned());
    handed_in(folder, "class/dora.json", "Dora", 3_000, |hand_in| hand_in.seed = 4);
    handed_in(folder, "class/emil.json", "Emil", 3_500, |hand_in| hand_in.sittings.clear());
    handed_in(folder, "class/fay.json", "Fay", 4_000, |hand_in| hand_in.lesson = "../../secret".to_owned());
    let gate = student("Gus", "gate", 9_000, "").hand_in("Gus").unwrap();
    folder.file("class/gus.json", serde_json::to_string(&gate).unwrap());
    folder.file("class/empty.json", " \n");
    folder.file("class/foreign.json", "[1, 2]");
    folder.file("class/old.json", "{\"schema\": 1, \"student\": \"Old\", \"progress\": {}, \"hash\": \"0\"}");
    let whole = fs::read_to_string(folder.path("class/ada.json")).unwrap();
    folder.file("class/cut.json", &whole[..whole.len() / 2]);
    folder.file("class/notes.txt", "no hand-in");
}

#[test]
fn every_file_of_a_class_has_a_row_that_says_what_it_is() {
    let folder = Folder::new("class");
    class(&folder);
    let verified = lesson(&folder, &["verify", "class", "--json"]);
    assert_eq!(verified.status.code(), Some(1));
    let rows: Vec<serde_json::Value> = serde_json::from_str(&out(&verified)).unwrap();
    let told: Vec<(String, String, String)> = rows
        .iter()
        .map(|row| {
            let text = |key: &str| row[key].as_str().unwrap().to_owned();
            (text("file").rsplit('/').next().unwrap().to_owned(), text("state"), text("why"))
        })
        .collect();
    let expected = [
        ("ada.json", "ok", ""),
        (
            "carl.json",
            "edited",
            "it is bound to another name than Carl\\u{1b}[2J: the answers are somebody else's; the same answers at the same seconds as Ada",
        ),
        ("cut.json", "damaged", "it cannot be read: EOF while parsing"),
        ("bob.json", "edited", "the marks are not those that the run gives"),
        ("dora.json", "edited", "the seed in it is not that of Dora"),
        ("emil.json", "empty", "nothing was done in it"),
        ("empty.json", "empty", "there is nothing in it"),
        ("fay.json", "foreign", "it is of a lesson \"../../secret\" that does not ship with the program"),
        ("foreign.json", "foreign", "it is no hand-in"),
        ("gus.json", "ok", ""),
        ("old.json", "foreign", "it is a hand-in of format 1, and this program reads 2"),
    ];
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((file, state, why), (name, expected_state, expected_why)) in told.iter().zip(expected) {
        assert_eq!((file.as_str(), state.as_str()), (name, expected_state), "{why}");
        assert!(why.starts_with(expected_why) && why.is_empty() == expected_why.is_empty(), "{name}: {why}");
    }
    let ada = &rows[0];
    assert_eq!(
        (ada["student"].as_str(), ada["finished"].as_bool(), ada["hints"].as_u64()),
        (Some("Ada"), Some(true), Some(0))
    );
    assert!(ada["skipped"].as_u64() > Some(0) && ada["seconds"].as_u64() > Some(60) && rows[1]["seconds"].is_null());
    // Of one lesson only.
    let gate: Vec<serde_json::Value> =
        serde_json::from_str(&out(&lesson(&folder, &["verify", "class", "--json", "--lesson", "gate"]))).unwrap();
    let fine: Vec<&str> =
        gate.iter().filter(|row| row["state"] == "ok").filter_map(|row| row["student"].as_str()).collect();
    assert_eq!(fine, ["Gus"]);
    assert_eq!(gate[0]["why"], "it is of another lesson, \"handshake\"");
}

#[test]
fn a_class_is_a_table_for_people_and_for_spreadsheets() {
    let folder = Folder::new("table");
    class(&folder);
    let text = out(&lesson(&folder, &["verify", "class/ada.json", "class/carl.json"]));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("state   who"), "{text}");
    assert!(lines[1].starts_with("ok      Ada ") && lines[2].starts_with("edited  Carl\\u{1b}[2J"), "{text}");
    assert_eq!(lines[0].find("lesson"), lines[1].find("handshake"), "columns stand below their headings: {text}");
    assert!(lines[3].contains("carl.json: it is bound to another name") && lines.len() == 4, "{text}");
    let chinese = out(&lesson(&folder, &["verify", "class/carl.json", "--lang", "zh"]));
    assert!(chinese.starts_with("状态") && chinese.contains("被改动") && chinese.contains("答案是别人的"), "{chinese}");
    handed_in(&folder, "formula.json", "=1+1, \"x\"", 7, |_| {});
    let csv = out(&lesson(&folder, &["verify", "formula.json", "class/empty.json", "--csv"]));
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].starts_with("file,state,why,student,lesson,finished,questions,right_at_first,"), "{csv}");
    assert!(lines[1].starts_with("formula.json,ok,,\"'=1+1, \\\"\"x\\\"\"\",handshake,true,"), "{csv}");
    assert_eq!(lines[2], "class/empty.json,empty,there is nothing in it,,,,,,,,,,,");
}

#[test]
fn a_neighbours_answers_show_when_both_are_verified() {
    let folder = Folder::new("copy");
    handed_in(&folder, "ada.json", "Ada", 1_000, |_| {});
    handed_in(&folder, "dora.json", "Dora", 1_235, |_| {});
    // The neighbour has played nothing: the answers are Ada's, made to fit the other name with the program.
    let copied = student("Ada", "handshake", 1_000, "").progress().clone();
    let progress = lessons::Progress { seed: seed_of("Bob"), ..copied };
    let player = Player::resume(content::named("handshake").unwrap(), progress).unwrap();
    folder.file("bob.json", serde_json::to_string(&player.hand_in("Bob").unwrap()).unwrap());
    assert_eq!(lesson(&folder, &["verify", "bob.json"]).status.code(), Some(0), "alone nothing shows");
    let both = lesson(&folder, &["verify", "bob.json", "ada.json", "dora.json"]);
    assert_eq!(both.status.code(), Some(1));
    let text = out(&both);
    assert!(text.contains("bob.json: the same answers at the same seconds as Ada\n"), "{text}");
    assert!(text.contains("ada.json: the same answers at the same seconds as Bob\n"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("ok      Dora")), "{text}");
}

#[test]
fn what_is_no_folder_of_hand_ins_is_one_sentence() {
    let folder = Folder::new("none");
    folder.file("here/notes.txt", "");
    for path in ["here", "nosuch"] {
        let output = lesson(&folder, &["verify", path]);
        assert_eq!((output.status.code(), err(&output).lines().count()), (Some(2), 1), "{}", err(&output));
        assert!(out(&output).is_empty());
    }
}

/// The program in a terminal, as ada starts it there.
#[cfg(target_os = "linux")]
fn opened(folder: &Folder, arguments: &[&str]) -> terminal::Terminal {
    let mut command = portable_pty::CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    command.args(arguments);
    command.args(["--lang", "en"]);
    command.env("XDG_STATE_HOME", folder.path("state"));
    command.env("XDG_CONFIG_HOME", folder.path("config"));
    command.env("TERM", "xterm-256color");
    command.env("USER", "ada");
    terminal::Terminal::start(command, (100, 30))
}

#[test]
#[cfg(target_os = "linux")]
fn a_lesson_that_was_killed_opens_where_it_was_and_is_handed_in_whole() {
    let folder = Folder::new("killed");
    let of = |beat: usize| format!("{beat} of {}", content_beats("gate").len());
    let mut first = opened(&folder, &["lesson", "gate"]);
    first.shows(&of(1));
    first.type_keys(" ");
    first.shows(&of(2));
    first.type_keys("a3h\r");
    first.shows("your answer");
    let pid = rustix::process::Pid::from_raw(i32::try_from(first.child.process_id().unwrap()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    assert!(!first.wait());
    let mut second = opened(&folder, &["lesson", "gate"]);
    second.shows(&of(3));
    second.type_keys("\u{1b}");
    second.shows("evidence from this run");
    second.type_keys("q");
    assert!(second.wait());
    assert!(out(&lesson(&folder, &["--list"])).contains("at 4 of"), "{}", out(&lesson(&folder, &["--list"])));
    opened(&folder, &[]).shows(&format!("at {} · ada", of(4)));
    assert_eq!(lesson(&folder, &["gate", "--report", "me.json"]).status.code(), Some(0));
    let verified = lesson(&folder, &["verify", "me.json", "--json"]);
    let rows: serde_json::Value = serde_json::from_str(&out(&verified)).unwrap();
    let told = ["state", "certain_and_wrong", "skipped", "hints", "finished"].map(|key| rows[0][key].to_string());
    assert_eq!(told, ["\"ok\"", "1", "1", "1", "false"], "{rows}");
    assert_eq!(rows[0]["misconceptions"][0], "one-vector-per-call");
}

#[test]
#[cfg(target_os = "linux")]
fn a_damaged_file_is_said_on_the_screen() {
    let folder = Folder::new("said");
    folder.file("state/sockscope/lessons/student-ada/gate.json", "{");
    let mut terminal = opened(&folder, &["lesson", "gate"]);
    terminal.shows("what was kept of this lesson is damaged; it begins anew");
    terminal.type_keys("q");
    assert!(terminal.wait());
    terminal.sends("student-ada/gate.json.1 (EOF");
}

#[test]
#[cfg(target_os = "linux")]
fn the_next_lesson_and_the_second_pass_are_opened_as_the_same_student() {
    let folder = Folder::new("same");
    for (key, opened_as) in [("n", "socket"), ("o", "gate-again")] {
        // At its end after every question was skipped.
        let mut played = opened(&folder, &["lesson", "gate", "--student", "bob", "--reset"]);
        played.wait();
        let mut played = opened(&folder, &["lesson", "gate", "--student", "bob"]);
        played.shows(&format!("1 of {}", content_beats("gate").len()));
        for _ in 0..60 {
            if played.screen().contents().contains("Now you know") {
                break;
            }
            let before = played.screen().contents();
            played.type_keys(if before.contains("How sure") || before.contains("move") { "\u{1b}" } else { " " });
            played.until("something else", |screen| screen.contents() != before);
        }
        played.shows("Now you know");
        played.type_keys(key);
        played.until("the other lesson", |screen| screen.contents().contains("1 of "));
        // What is kept is kept with the first deed.
        let before = played.screen().contents();
        played.type_keys(if key == "n" { " " } else { "\u{1b}" });
        played.until("a deed", |screen| screen.contents() != before);
        played.type_keys("q");
        assert!(played.wait());
        assert!(kept(&folder, &format!("student-bob/{opened_as}.json")).is_file(), "{opened_as} is bob's");
        assert!(!kept(&folder, &format!("student-ada/{opened_as}.json")).exists());
    }
}
