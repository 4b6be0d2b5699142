//! Students sit at macOS and Windows too: a name that only Unix has may stand in live mode and in the room of the signals, and
//! nowhere else. `.ci/run` builds the program without live mode; this test says at which line it would stop to build elsewhere,
//! or build and misbehave (a path such as /dev/null in a string).

use std::fs;
use std::path::{Path, PathBuf};

/// Folders whose sources are portable; `stack/judge` is packetdrill's library and Linux only.
const FOLDERS: [&str; 6] = ["app/src", "app/examples", "app/tests", "lessons", "stack/src", "stack/kfn"];

/// The rooms in which such names may stand.
const ROOMS: [&str; 3] = ["app/src/link/", "app/src/live/", "app/src/tui/signals/"];

/// In code: modules and crates of one system, and the feature whose one name is `cfg(live)`.
const IN_CODE: [&str; 9] =
    ["os::unix", "os::fd", "os::linux", "libc::", "rustix::", "signal_hook::", "tun_tap::", "nix::", "target_os"];

/// In code of the program and of the lessons: signals. The stack has those of 1.2.13.
const SIGNALS: [&str; 16] = [
    "SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTERM",
    "SIGTSTP", "SIGTTIN", "SIGTTOU", "SIGUSR1", "SIGUSR2", "SIGWINCH",
];

/// In texts: paths. `/proc/net` is also what the 1.2.13 host has, and only shown.
const IN_TEXTS: [&str; 6] = ["/proc/self", "/proc/{", "/proc/sys", "/dev/", "/bin/sh", "/tmp"];

/// What stands before an item, or opens a file, that is built on some systems only.
const GATES: [&str; 3] = ["[cfg(unix)]", "[cfg(target_os = \"linux\")]", "[cfg(live)]"];

/// Whether a line belongs to code or text, character by character.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Code,
    Text,
    Comment,
}

/// The source, twice: with nothing but its code, and with nothing but its texts. Lines stay where they are.
fn parted(source: &str) -> (String, String) {
    let characters: Vec<char> = source.chars().collect();
    let (mut code, mut texts) = (String::new(), String::new());
    let mut kind = Kind::Code;
    // The marks of a raw text, so that a quote inside does not end it; None in an ordinary one.
    let mut raw = None;
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let rest = characters.get(at..).unwrap_or(&[]);
        let mut length = 1;
        match kind {
            Kind::Code if rest.starts_with(&['/', '/']) => kind = Kind::Comment,
            Kind::Code if character == '\'' => length = character_literal(rest),
            Kind::Code if character == '"' => {
                let marks = characters.iter().take(at).rev().take_while(|mark| **mark == '#').count();
                let before = at.checked_sub(marks + 1).and_then(|place| characters.get(place));
                raw = (before == Some(&'r')).then_some(marks);
                kind = Kind::Text;
            }
            Kind::Text if character == '\\' && raw.is_none() => length = 2,
            Kind::Text if character == '"' => {
                let marks = raw.unwrap_or(0);
                if rest.iter().skip(1).take_while(|mark| **mark == '#').count() >= marks {
                    kind = Kind::Code;
                }
            }
            Kind::Comment if character == '\n' => kind = Kind::Code,
            Kind::Code | Kind::Text | Kind::Comment => {}
        }
        for &character in rest.iter().take(length) {
            let shown = |wanted: Kind| if character == '\n' || kind == wanted { character } else { ' ' };
            code.push(shown(Kind::Code));
            texts.push(shown(Kind::Text));
        }
        at += length;
    }
    (code, texts)
}

/// Characters of a literal such as `'"'`; a lifetime is its mark alone.
fn character_literal(rest: &[char]) -> usize {
    match rest {
        [_, '\\', _, ..] => rest.iter().skip(3).position(|end| *end == '\'').map_or(1, |end| end + 4),
        [_, _, '\'', ..] => 3,
        _ => 1,
    }
}

/// The source of a test without what is built on some systems only: the whole file, or the items behind a gate.
fn without_gated(source: &str) -> String {
    if source.lines().any(|line| line.strip_prefix("#!").is_some_and(|gate| GATES.contains(&gate))) {
        return String::new();
    }
    let mut gated = false;
    let kept = source.lines().map(|line| {
        gated |= line.strip_prefix('#').is_some_and(|gate| GATES.contains(&gate));
        let shown = if gated { "" } else { line };
        gated &= !(line == "}" || line.ends_with(';') && !line.starts_with(' '));
        format!("{shown}\n")
    });
    kept.collect()
}

/// Every place of a name in a source, as (line, name). A name that begins as a word must not go on before its beginning, and
/// one that ends as a word not behind its end.
fn places(text: &str, names: &[&'static str]) -> Vec<(usize, &'static str)> {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        for name in names {
            let whole = |at: usize| {
                let before = line.get(..at).and_then(|text| text.chars().next_back());
                let after = line.get(at + name.len()..).and_then(|text| text.chars().next());
                let begins = name.starts_with(is_word) && before.is_some_and(is_word);
                let goes_on = name.ends_with(is_word) && after.is_some_and(is_word);
                !begins && !goes_on
            };
            if line.match_indices(name).any(|(at, _)| whole(at)) {
                found.push((index + 1, *name));
            }
        }
    }
    found
}

/// The names of one system in a portable source, by path as the repository has it.
fn complaints(path: &str, source: &str) -> Vec<String> {
    let source = if path.contains("/tests/") { without_gated(source) } else { source.to_owned() };
    let (code, texts) = parted(&source);
    let mut found = places(&code, &IN_CODE);
    if !path.starts_with("stack/") {
        found.extend(places(&code, &SIGNALS));
    }
    found.extend(places(&texts, &IN_TEXTS));
    found.sort_unstable();
    let line = |number: usize| source.lines().nth(number - 1).unwrap_or("").trim().to_owned();
    found.iter().map(|(number, name)| format!("{path}:{number}: {name} in `{}`", line(*number))).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn names_of_one_system_stay_in_their_rooms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in FOLDERS {
        sources(&root.join(folder), &mut paths);
    }
    paths.sort();
    assert!(paths.len() > 200, "only {} sources were found", paths.len());
    let mut said = Vec::new();
    for path in paths {
        let shown = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        if ROOMS.iter().any(|room| shown.starts_with(room)) || shown == "app/tests/portable.rs" {
            continue;
        }
        said.extend(complaints(&shown, &fs::read_to_string(&path).unwrap()));
    }
    let rooms = ROOMS.join(", ");
    assert!(
        said.is_empty(),
        "these build or work on one system only; put them into {rooms}, or a test behind #[cfg(unix)]:\n{}",
        said.join("\n")
    );
}

#[test]
fn a_name_is_found_in_code_and_a_path_in_texts() {
    let source = "use std::os::unix::fs::PermissionsExt;\n// libc::open in a comment\nlet text = \"libc::open\";\n\
        let quote = '\"'; libc::open(\"/dev/null\");\nlet raw = r#\"\"/dev/tty\"#; // \"/dev/\nlet glibc::x = SIGHUP + MY_SIGHUP;\n";
    let found = complaints("app/src/some.rs", source);
    let lines: Vec<&str> = found.iter().filter_map(|line| line.split(" in `").next()).collect();
    assert_eq!(
        lines,
        [
            "app/src/some.rs:1: os::unix",
            "app/src/some.rs:4: /dev/",
            "app/src/some.rs:4: libc::",
            "app/src/some.rs:5: /dev/",
            "app/src/some.rs:6: SIGHUP"
        ]
    );
    assert!(complaints("stack/src/some.rs", "const SIGIO: u8 = SIGHUP;").is_empty());
}

#[test]
fn a_test_may_have_them_behind_a_gate() {
    let gated = "#[cfg(unix)]\n#[test]\nfn gated() {\n    open(\"/dev/zero\");\n}\n\nfn open() {\n    open(\"/dev/full\");\n}\n";
    assert_eq!(complaints("app/tests/some.rs", gated).len(), 1);
    assert_eq!(complaints("app/src/some.rs", gated).len(), 2);
    assert!(complaints("app/tests/some.rs", &format!("#![cfg(live)]\n{gated}")).is_empty());
}
