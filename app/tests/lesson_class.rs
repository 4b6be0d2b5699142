//! A class, as a teacher at the shell has it: the screen for the room, the notes beside it in a second terminal, and the hand-out
//! with and without answers.
#![cfg(target_os = "linux")]

mod folder;
mod lesson_command;
#[path = "pseudo_terminal/terminal.rs"]
mod terminal;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use folder::Folder;
use lesson_command::{command, err, lesson, out};
use portable_pty::CommandBuilder;
use terminal::Terminal;

/// `sockscope lesson` with arguments, in a terminal of that many columns and rows.
fn on_screen(folder: &Folder, arguments: &[&str], size: (u16, u16)) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    command.cwd(&folder.0);
    command.arg("lesson");
    command.args(arguments);
    for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("USER", "ada")] {
        command.env(name, value);
    }
    command.env("XDG_STATE_HOME", folder.0.join("state"));
    command.env("XDG_CONFIG_HOME", folder.0.join("config"));
    let terminal = Terminal::start(command, size);
    terminal.until("the first picture", |screen| !screen.contents().trim().is_empty());
    // The reader of keys starts after the first paint.
    std::thread::sleep(Duration::from_millis(300));
    terminal
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path.display().to_string());
        }
    }
    found
}

/// A copy of the handshake lesson with a section for the teacher.
fn with_teacher(folder: &Folder) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/content/07-handshake");
    let target = folder.0.join("mine");
    fs::create_dir_all(&target).unwrap();
    for entry in fs::read_dir(source).unwrap().flatten() {
        let mut text = fs::read_to_string(entry.path()).unwrap();
        for (file, words) in [("en.md", "Half the room will say a."), ("zh.md", "一半的人会选 a。")] {
            let (start, question) = ("## beat who-moves\n", "### question\n");
            if entry.file_name() == file && !text.contains("### teacher") {
                let beat = text.find(start).unwrap();
                let at = beat + text[beat..].find(question).unwrap();
                text.insert_str(at, &format!("### teacher\n{words}\n"));
            } else if entry.file_name() == file {
                let beat = text.find(start).unwrap();
                let at = beat + text[beat..].find("### teacher\n").unwrap() + "### teacher\n".len();
                text.insert_str(at, &format!("{words}\n"));
            }
        }
        fs::write(target.join(entry.file_name()), text).unwrap();
    }
    target.display().to_string()
}

#[test]
fn a_class_is_on_the_screen_at_once_and_leaves_nothing_behind() {
    let folder = Folder::new("class");
    let mut class = on_screen(&folder, &["handshake", "--class"], (100, 30));
    class.shows("1 of 8");
    class.type_keys("  ");
    class.shows("What does B do with its socks?");
    class.type_keys("b17");
    class.shows("17_");
    class.until("the clock", |screen| screen.contents().contains("0:02 ·"));
    class.type_keys(" ");
    class.shows("so it ran");
    let place = folder.0.join("state/sockscope/class/place.json");
    assert!(place.exists(), "where the class stands is told");
    std::thread::sleep(Duration::from_millis(300));
    let before = class.count();
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(class.count(), before, "no question is open: not one byte");
    class.type_keys("q");
    assert!(class.wait());
    assert!(!place.exists(), "and nothing tells of a class that is over");
    let progress: Vec<String> =
        files(&folder.0).into_iter().filter(|file| file.contains("student-") || file.contains("handshake")).collect();
    assert!(progress.is_empty(), "a class is nobody's progress: {progress:?}");
}

#[test]
fn a_class_is_a_screen_of_its_own() {
    let folder = Folder::new("class-refused");
    let plain = lesson(&folder, &["handshake", "--class", "--plain"]);
    assert_eq!(plain.status.code(), Some(2));
    assert!(err(&plain).contains("leave --plain out") && err(&plain).lines().count() == 1, "{}", err(&plain));
    for arguments in [&["--class"][..], &["handshake", "--class", "--print"], &["handshake", "--answers"]] {
        assert_eq!(lesson(&folder, arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn notes_have_the_answer_that_the_run_gives_and_what_is_behind_the_others() {
    let folder = Folder::new("notes");
    let mine = with_teacher(&folder);
    let notes = lesson(&folder, &["notes", &mine]);
    assert_eq!(notes.status.code(), Some(0), "{}", err(&notes));
    let told = out(&notes);
    let beat = told.split("── ").find(|part| part.contains("who-moves")).unwrap();
    for part in [
        "3 of 8 · who-moves · about 2:30",
        "Ask: What does B do with its socks?",
        " ✓ b  a new sock is made in SYN_RECV; sk#2 stays in LISTEN",
        "   a  the listener, sk#2, itself moves to SYN_RECV",
        "behind it: listener-becomes-connection",
        "Then B could take no second caller until this one is done.",
        "tcp_conn_request: B/sk#4 is born in SYN_RECV",
        "Half the room will say a.",
    ] {
        assert!(beat.contains(part) || told.contains(part), "{part}\n{told}");
    }
    assert_eq!(beat.matches('✓').count(), 1, "{beat}");
    for part in ["Solution: drop 3", "without your change never", "2  the SYN leaves A", "Then and now"] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    let numbers = |student: &str| out(&lesson(&folder, &["notes", &mine, "--student", student]));
    assert_ne!(numbers("ada"), numbers("bob"), "the numbers are the student's");
    assert_eq!(numbers("ada"), told);
    let chinese = out(&lesson(&folder, &["notes", &mine, "--lang", "zh"]));
    for part in ["约 2:30", "提问：", "误解：listener-becomes-connection", "一半的人会选 a。", "解法：drop 3"]
    {
        assert!(chinese.contains(part), "{part}\n{chinese}");
    }
    // What is right is asked of the run: with another condition another option is.
    let path = folder.0.join("mine/lesson.toml");
    let toml = fs::read_to_string(&path).unwrap();
    let turned = toml.replacen("when = \"B.sock(2).state == SYN_RECV\"", "when = \"B.sock(2).state == LISTEN\"", 1);
    assert_ne!(turned, toml);
    let turned =
        turned.replacen("B.sock(4).state == SYN_RECV && B.sock(2).state == LISTEN", "B.sock(2).state == CLOSE", 1);
    fs::write(&path, turned).unwrap();
    assert!(out(&lesson(&folder, &["notes", &mine])).contains(" ✓ a  the listener"));
}

#[test]
fn notes_follow_the_class_from_beat_to_beat() {
    let folder = Folder::new("follow");
    let mut notes = on_screen(&folder, &["notes", "handshake", "--follow"], (90, 50));
    notes.shows("no class is held on this machine");
    let mut class = on_screen(&folder, &["handshake", "--class"], (100, 30));
    notes.shows("1 of 8 · before");
    class.type_keys("  ");
    notes.shows("3 of 8 · who-moves");
    notes.shows("on the screen: the question");
    assert!(!notes.screen().contents().contains("1 of 8"), "one beat a page");
    class.type_keys(" ");
    notes.shows("on the screen: the answer");
    class.type_keys("\u{7f}");
    notes.shows("on the screen: the question");
    class.type_keys("Z");
    notes.shows("no class is held on this machine");
    class.type_keys("Z");
    notes.shows("1 of 8 · before");
    class.type_keys("q");
    assert!(class.wait());
    notes.shows("no class is held on this machine");
    notes.type_keys("\u{3}");
    assert!(!notes.wait(), "Ctrl-C ends it");
}

#[test]
fn a_page_of_the_notes_fits_the_terminal_that_follows() {
    let folder = Folder::new("fits");
    let mine = with_teacher(&folder);
    for (size, reply, narration) in [((80, 20), false, false), ((80, 26), true, false), ((110, 45), true, true)] {
        let notes = on_screen(&folder, &["notes", &mine, "--follow"], size);
        let mut class = on_screen(&folder, &[&mine, "--class"], (100, 30));
        class.type_keys("  ");
        notes.shows("3 of 8 · who-moves");
        notes.shows("Half the room will say a.");
        let page = notes.screen().contents();
        assert!(page.starts_with("The handshake, from both sides · on the screen: the question"), "{size:?}: {page}");
        assert!(page.contains(" ✓ b  a new sock") && page.contains("half-handshake-is-enough"), "{size:?}: {page}");
        assert_eq!(page.contains("Then B could take no second caller"), reply, "{size:?}: {page}");
        assert_eq!(page.contains("has climbed to B's"), narration, "{size:?}: {page}");
        class.type_keys("q");
        assert!(class.wait());
    }
}

#[test]
fn notes_on_a_pipe_keep_every_page() {
    let folder = Folder::new("pipe");
    let mut child =
        command(&folder).args(["lesson", "notes", "handshake", "--follow"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.next().unwrap().unwrap().contains("no class is held"));
    let class = on_screen(&folder, &["handshake", "--class", "--student", "bob"], (100, 30));
    let told: Vec<String> =
        lines.by_ref().map(Result::unwrap).take_while(|line| !line.contains("serves port")).collect();
    assert!(told.iter().any(|line| line.contains("1 of 8 · before")), "{told:?}");
    assert!(told.iter().all(|line| !line.contains('\u{1b}')), "{told:?}");
    drop(class);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn the_hand_out_has_lines_to_write_on_or_the_answers() {
    let folder = Folder::new("paper");
    let paper = |arguments: &[&str]| {
        let output = lesson(&folder, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", err(&output));
        out(&output)
    };
    let bare = paper(&["handshake", "--print"]);
    let questions = 6;
    assert_eq!(
        bare.matches("   ______________").count(),
        questions + 1,
        "a line for each, and one's own words: {bare}"
    );
    for secret in ["[x]", "A listener must go on listening", "drop 3", "is born in SYN_RECV", "1  A stores"] {
        assert!(!bare.contains(secret), "{secret}: {bare}");
    }
    let full = paper(&["handshake", "--print", "--answers"]);
    for answer in [
        "[x] b  a new sock is made in SYN_RECV",
        "[ ] a  the listener, sk#2, itself",
        "[x] b  on that of sk#2, the listener; it names sk#4",
        "Why: A listener must go on listening",
        "tcp_conn_request: B/sk#4 is born in SYN_RECV",
        "    1  A stores SYN_SENT",
        "    6  sk#4 is ESTABLISHED on B",
        "Solution: drop 3",
        "A has sent its SYN again: without your change never",
    ] {
        assert!(full.contains(answer), "{answer}\n{full}");
    }
    assert!(!full.contains("______"), "{full}");
    assert_eq!(full.matches("[x]").count(), 3, "{full}");
    let chinese = paper(&["handshake", "--print", "--answers", "--lang", "zh"]);
    for answer in ["[x] b  新建一个 sock", "为什么：监听者必须继续监听", "解法：drop 3", "运行中可见："]
    {
        assert!(chinese.contains(answer), "{answer}\n{chinese}");
    }
    assert!(paper(&["handshake", "--print", "--lang", "zh"]).contains("   ______________"));
}
