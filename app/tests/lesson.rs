//! `sockscope lesson` as a person at the shell meets it: what it prints, what it refuses, with which exit code.

mod folder;
mod lesson_command;

use std::fs;
use std::path::Path;

use folder::{Folder, NOWHERE};
use lesson_command::{err, lesson, out};

/// A copy of the handshake lesson, with one text of one file replaced.
fn copy(folder: &Folder, file: &str, from: &str, to: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/content/07-handshake");
    let target = folder.0.join("my-lesson");
    fs::create_dir_all(&target).unwrap();
    for name in ["lesson.toml", "connect.pkt", "en.md", "zh.md"] {
        let text = fs::read_to_string(source.join(name)).unwrap();
        let text = if name == file { text.replacen(from, to, 1) } else { text };
        fs::write(target.join(name), text).unwrap();
    }
    target.display().to_string()
}

#[test]
fn the_shipped_lessons_pass_and_are_listed_in_both_languages() {
    let folder = Folder::new("list");
    let checked = lesson(&folder, &["check"]);
    let all_pass = format!("{} passed, 0 failed", lessons::content::all().len());
    assert_eq!(
        (checked.status.code(), out(&checked).lines().last()),
        (Some(0), Some(all_pass.as_str())),
        "{}",
        out(&checked)
    );
    let (english, chinese) = (lesson(&folder, &["--list"]), lesson(&folder, &["--list", "--lang", "zh"]));
    assert!(out(&english).contains("The listener is not the connection"));
    assert!(out(&chinese).contains("监听者并不是连接本身"));
    let paper = out(&lesson(&folder, &["handshake", "--print"]));
    assert!(paper.contains("[ ] b") && !paper.contains("A listener must go on listening"), "a hand-out has no answers");
    assert!(paper.contains("On whose queue does it lie") && paper.contains("[ ] c  on that of sk#2"), "{paper}");
}

#[test]
fn a_lesson_with_a_slip_is_one_sentence_and_exit_code_2() {
    let folder = Folder::new("slip");
    let path = copy(&folder, "lesson.toml", "minutes = 10", "minuets = 10");
    let opened = lesson(&folder, &[&path, "--print"]);
    assert_eq!(opened.status.code(), Some(2));
    let said = err(&opened);
    assert!(said.starts_with("sockscope: my-lesson/lesson.toml:4:1: unknown field `minuets`"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    let checked = lesson(&folder, &["check", &path]);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        out(&checked).contains("FAIL my-lesson\nmy-lesson/lesson.toml:4:1: unknown field `minuets`"),
        "{}",
        out(&checked)
    );
    assert!(out(&lesson(&folder, &["check", &path, "--lang", "zh"])).contains("未知的键 `minuets`"));
}

#[test]
fn a_lesson_of_ones_own_is_found_by_its_folder() {
    let folder = Folder::new("own");
    let path = copy(&folder, "zh.md", "", "");
    assert_eq!(lesson(&folder, &["check", &path]).status.code(), Some(0));
    assert_eq!(
        lesson(&folder, &["check", &folder.0.display().to_string()]).status.code(),
        Some(0),
        "a folder of lessons"
    );
    assert!(out(&lesson(&folder, &[&path, "--print"])).starts_with("The handshake"));
}

#[test]
fn lessons_are_listed_by_chapters_with_what_comes_first() {
    let folder = Folder::new("chapters");
    let list = out(&lesson(&folder, &["--list"]));
    let names = lessons::Chapter::ALL.map(|chapter| chapter.name.en);
    let lines: Vec<&str> = list.lines().collect();
    let places =
        names.map(|name| lines.iter().position(|line| *line == name).unwrap_or_else(|| panic!("{name}: {list}")));
    assert!(places.is_sorted() && places[0] == 0, "{places:?}");
    let row = |list: &str, start: &str| list.lines().find(|line| line.starts_with(start)).unwrap().to_owned();
    assert_eq!(row(&list, "  1  "), "  1  The gate: int 0x80 · 10 min · not begun");
    assert_eq!(row(&list, "  7  "), "  7  The handshake, from both sides · 10 min · first: 1 gate");
    // What is done is asked for no longer.
    let kept = folder.0.join("state/sockscope/lessons/student-ada");
    fs::create_dir_all(&kept).unwrap();
    let seed = lessons::seed_of("ada");
    let done = format!("{{\"lesson\": \"gate\", \"seed\": {seed}, \"finished\": true}}");
    fs::write(kept.join("gate.json"), done).unwrap();
    let list = out(&lesson(&folder, &["--list"]));
    assert!(row(&list, "  1  ").ends_with("done · ada"), "{list}");
    assert_eq!(row(&list, "  7  "), "  7  The handshake, from both sides · 10 min · not begun");
    let chinese = out(&lesson(&folder, &["--list", "--lang", "zh", "--student", "bob"]));
    assert!(chinese.starts_with("服务器的系统调用\n") && row(&chinese, "  7  ").ends_with("先学：1 gate"), "{chinese}");
}

#[test]
fn the_second_pass_is_opened_listed_and_kept_beside_the_first() {
    let folder = Folder::new("again");
    let paper = out(&lesson(&folder, &["handshake", "--again", "--print"]));
    assert!(paper.starts_with("The handshake, from both sides: second pass"), "{paper}");
    assert!(paper.contains("[ ] b  get_sock on B: finds the sock for a segment"), "{paper}");
    assert_eq!(out(&lesson(&folder, &["handshake-again", "--print"])), paper, "by its id too");
    let second_passes = |arguments: &[&str]| out(&lesson(&folder, arguments)).matches("second pass: open").count();
    let all = second_passes(&["--list"]);
    assert!(all >= 2, "{all}");
    assert!(out(&lesson(&folder, &["--list", "--lang", "zh"])).contains("第二遍：未完成"));
    // Gone through, as the program keeps it.
    let kept = folder.0.join("state/sockscope/lessons/student-ada");
    fs::create_dir_all(&kept).unwrap();
    let seed = lessons::seed_of("ada");
    let done = format!("{{\"lesson\": \"handshake-again\", \"seed\": {seed}, \"finished\": true}}");
    fs::write(kept.join("handshake-again.json"), done).unwrap();
    let list = out(&lesson(&folder, &["--list"]));
    assert!(list.contains("second pass: done") && second_passes(&["--list"]) == all - 1, "{list}");
    // One's own has one where it names calls.
    let own = copy(&folder, "lesson.toml", "", "");
    assert!(out(&lesson(&folder, &[&own, "--again", "--print"])).contains("arp_find on A"));
    let none = copy(&folder, "lesson.toml", "calls ", "# calls ");
    let refused = lesson(&folder, &[&none, "--again"]);
    assert_eq!(refused.status.code(), Some(2), "{}", err(&refused));
}

#[test]
fn what_is_not_there_is_said_in_one_sentence() {
    let folder = Folder::new("absent");
    let here = folder.0.display().to_string();
    for arguments in [
        &["nosuch"][..],
        &["check", &here],
        &["check", NOWHERE],
        &["verify", NOWHERE],
        &["gate", "--lang", "xx", "--print"],
    ] {
        let output = lesson(&folder, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert_eq!(err(&output).lines().count(), 1, "{arguments:?}: {}", err(&output));
        assert!(out(&output).is_empty(), "{arguments:?}");
    }
}
