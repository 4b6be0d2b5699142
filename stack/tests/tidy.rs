//! Tidiness as a test: floors, lengths of functions and files, citations, banned names. What can be checked by reading the
//! source is checked here, so that review can spend itself on the rest.
//!
//! The limits are ratchets: a file or function that is already over is listed with its length and may only shrink.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Production lines a file may have (its `#[cfg(test)]` modules not counted).
const FILE_LINES: usize = 600;
/// Lines a function may have, signature and closing brace included.
const FUNCTION_LINES: usize = 70;

/// Floors of the stack from the ground up: a room may use its own floor and those below.
const FLOORS: [(&str, u8); 11] = [
    ("words", 0),
    ("wire", 0),
    ("include", 1),
    ("kernel", 2),
    ("net", 3),
    ("drivers", 3),
    ("fs", 4),
    ("init", 5),
    ("view", 6),
    ("link", 6),
    ("lab", 7),
];

/// Upward references that are data in the original too: a structure that names the kernel, or a table of functions.
const STAIRS: [(&str, &str); 3] = [
    // struct device, packet_type, proto, timer_list hold functions whose first argument is the kernel.
    ("include", "kernel"),
    // The drivers are called through struct device and call dev.c; net and drivers are one floor.
    ("net", "drivers"),
    ("drivers", "net"),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn production(crates: &[&str]) -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for name in crates {
        sources(&root().join(name).join("src"), &mut paths);
    }
    let root = root();
    let relative = |path: &Path| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
    paths.iter().map(|path| (relative(path), fs::read_to_string(path).expect("a source file is readable"))).collect()
}

const CRATES: [&str; 5] = ["stack", "stack/kfn", "stack/judge", "lessons", "app"];

/// The text without in-file test modules.
fn without_tests(text: &str) -> String {
    match text.find("\n#[cfg(test)]\nmod ") {
        Some(at) => text[..at].to_owned(),
        None => text.to_owned(),
    }
}

fn report(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
}

#[test]
fn files_have_one_purpose_and_say_it() {
    let mut complaints = Vec::new();
    for (path, text) in production(&CRATES) {
        if !text.starts_with("//!") {
            complaints.push(format!("{path}: opens without a paragraph that says what the room is for"));
        }
        let lines = without_tests(&text).lines().count();
        if lines > FILE_LINES {
            complaints.push(format!("{path}: {lines} lines; split it into rooms named by role"));
        }
    }
    report("files", &complaints);
}

/// Functions of a text as (name, first line, lines).
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start().trim_start_matches("pub(crate) ").trim_start_matches("pub(super) ");
        let words = words.trim_start_matches("pub ").trim_start_matches("const ").trim_start_matches("unsafe ");
        let words = words.trim_start_matches("extern \"C\" ");
        let Some(rest) = words.strip_prefix("fn ") else { continue };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let closing = format!("{}}}", " ".repeat(indent));
        let one_line = line.trim_end().ends_with('}') || line.trim_end().ends_with(';');
        let end = if one_line {
            index
        } else {
            (index..lines.len())
                .find(|at| lines[*at].trim_end() == closing || lines[*at].ends_with(';') && *at == index)
                .unwrap_or(index)
        };
        found.push((name, index + 1, end - index + 1));
    }
    found
}

#[test]
fn functions_fit_a_screen() {
    let mut complaints = Vec::new();
    for (path, text) in production(&CRATES) {
        for (name, line, lines) in functions(&without_tests(&text)) {
            if lines > FUNCTION_LINES {
                complaints.push(format!(
                    "{path}:{line}: {name} has {lines} lines; split it at a stage boundary (helpers are prefixed {name}_)"
                ));
            }
        }
    }
    report("functions", &complaints);
}

#[test]
fn arrows_run_only_downwards() {
    let floor = |room: &str| FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor);
    let mut complaints = Vec::new();
    for (path, text) in production(&["stack"]) {
        let Some(room) = path.strip_prefix("stack/src/").and_then(|rest| rest.split(['/', '.']).next()) else {
            continue;
        };
        let Some(own) = floor(room) else { continue };
        for (number, line) in without_tests(&text).lines().enumerate() {
            let code = line.split("//").next().unwrap_or("");
            for used in code.split("crate::").skip(1) {
                let target: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let stairs = STAIRS.contains(&(room, target.as_str()));
                if floor(&target).is_some_and(|other| other > own) && !stairs {
                    complaints.push(format!("{path}:{}: `{room}` uses `{target}`, which lies above it", number + 1));
                }
            }
        }
    }
    report("floors", &complaints);
}

/// Rooms of `lessons` from the ground up: each may use those before it, and none behind it.
const LESSON_ROOMS: [&str; 11] =
    ["language", "pane", "problem", "text", "file", "progress", "lesson", "load", "content", "player", "check"];

/// What a source of `lessons` says with `crate::` of a room that does not lie below its own.
fn upward_in_lessons(path: &str, text: &str) -> Vec<String> {
    let floor = |room: &str| LESSON_ROOMS.iter().position(|name| *name == room);
    let room = path.strip_prefix("lessons/src/").and_then(|rest| rest.split(['/', '.']).next()).unwrap_or("");
    let Some(own) = floor(room) else {
        return if room == "lib" { Vec::new() } else { vec![format!("{path}: `{room}` stands on no floor")] };
    };
    let mut complaints = Vec::new();
    for (number, line) in without_tests(text).lines().enumerate() {
        for used in line.split("//").next().unwrap_or("").split("crate::").skip(1) {
            let target: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            // A name without a floor comes from the root, which stands above all rooms.
            if floor(&target).is_none_or(|other| other > own) {
                complaints.push(format!("{path}:{}: `{room}` uses `{target}`, which lies above it", number + 1));
            }
        }
    }
    complaints
}

#[test]
fn arrows_of_lessons_run_only_downwards() {
    let complaints: Vec<String> =
        production(&["lessons"]).iter().flat_map(|(path, text)| upward_in_lessons(path, text)).collect();
    report("lessons import upwards", &complaints);
    assert_eq!(upward_in_lessons("lessons/src/problem.rs", "use crate::text::LessonText;\n").len(), 1);
    assert_eq!(upward_in_lessons("lessons/src/text.rs", "use crate::{Problem};\n").len(), 1);
}

#[test]
fn citations_are_well_formed() {
    let mut complaints = Vec::new();
    let mut cited = BTreeSet::new();
    for (path, text) in production(&["stack"]) {
        let lines: Vec<&str> = text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let Some(rest) = line.trim_start().strip_prefix("#[kfn(\"") else { continue };
            let file = rest.split('"').next().unwrap_or("");
            let name = lines.get(index + 1).and_then(|next| next.split("fn ").nth(1)).unwrap_or("");
            let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let known = ["net/", "kernel/", "arch/i386/kernel/", "include/", "init/", "fs/", "drivers/net/", "mm/"];
            let shape = known.iter().any(|start| file.starts_with(start))
                && [".c", ".h", ".S"].iter().any(|end| file.ends_with(end));
            if !shape || name.is_empty() {
                complaints
                    .push(format!("{path}:{}: citation {file:?} of {name:?} is not a file of the original", index + 1));
            }
            let documented = lines[..index]
                .iter()
                .rev()
                .find(|line| !line.trim_start().starts_with("#["))
                .is_some_and(|line| line.trim_start().starts_with("///"));
            if !documented {
                complaints.push(format!("{path}:{}: {name} has no documentation", index + 1));
            }
            cited.insert(name);
        }
    }
    report("citations", &complaints);
    assert!(cited.len() > 150, "only {} kernel functions are cited", cited.len());
}

#[test]
fn nothing_is_banned_or_left_over() {
    // Words are put together here so that this file does not find itself.
    let banned = [
        (format!("{}!(", "todo"), "write it"),
        (format!("{}!(", "unimplemented"), "write it"),
        (format!("{}ME", "FIX"), "mend it"),
        (format!("{}DO", "TO"), "do it"),
        (format!("Hash{}", "Map"), "use BTreeMap or Vec: order is part of the value"),
        (format!("Hash{}", "Set"), "use BTreeSet or Vec: order is part of the value"),
    ];
    let clocks = [
        format!("std::{}::", "time"),
        format!("std::{}::", "thread"),
        format!("std::{}::", "fs"),
        format!("std::{}::", "net::Tcp"),
    ];
    let mut complaints = Vec::new();
    for (path, text) in production(&CRATES) {
        let below = path.starts_with("stack/src") || path.starts_with("lessons");
        for (number, line) in without_tests(&text).lines().enumerate() {
            for (word, instead) in &banned {
                let hash = word.starts_with("Hash");
                if line.contains(word.as_str()) && (below || !hash) {
                    complaints.push(format!("{path}:{}: {word}: {instead}", number + 1));
                }
            }
            for word in &clocks {
                if below && line.contains(word.as_str()) {
                    complaints.push(format!("{path}:{}: {word} has no place below app/", number + 1));
                }
            }
        }
    }
    report("banned words", &complaints);
}

#[test]
fn the_code_pane_has_every_source() {
    let embedded: Vec<&str> = stack::source::SOURCES.iter().map(|(path, _)| *path).collect();
    assert!(embedded.is_sorted(), "the list in source.rs is sorted");
    let speaks = |text: &str| text.contains("#[kfn(") || text.contains("note!(k") || text.contains("discard!(k");
    let missing: Vec<String> = production(&["stack"])
        .into_iter()
        .filter(|(path, text)| {
            !path.starts_with("stack/src/kernel/probe") && !path.starts_with("stack/src/lab/") && speaks(text)
        })
        .map(|(path, _)| path)
        .filter(|path| path.starts_with("stack/src") && !embedded.contains(&path.as_str()))
        .collect();
    report("add to source.rs", &missing);
}

#[test]
fn the_rules_can_fail() {
    let long = format!("fn long() {{\n{}}}\n", "    let _ = 1;\n".repeat(80));
    assert_eq!(functions(&long), vec![("long".to_owned(), 1, 82)]);
    assert_eq!(without_tests("a\n#[cfg(test)]\nmod tests {}\n"), "a");
}
