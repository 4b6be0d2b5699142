//! Tidiness as a test: floors, lengths of functions and files, citations, banned names. What can be checked by reading the
//! source is checked here, so that review can spend itself on the rest.
//!
//! The limits are ratchets: a file or function that is already over is listed with its length and may only shrink.

mod imports;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Production lines a file may have (its `#[cfg(test)]` modules not counted).
const FILE_LINES: usize = 600;
/// Lines a function may have, signature and closing brace included.
const FUNCTION_LINES: usize = 70;

/// Floors of a crate from the ground up: a room (a folder or file right under `src/`) may use its own floor and those
/// below. `lib.rs` and `main.rs` stand above all of them.
const FLOORS: [(&str, &[&[&str]]); 3] = [
    (
        "stack",
        &[
            &["words", "wire"],
            &["include"],
            &["kernel"],
            &["net", "drivers"],
            &["fs"],
            &["init"],
            &["view", "link", "source", "functions"],
            &["lab"],
        ],
    ),
    (
        "lessons",
        &[
            &["language", "chapter", "page"],
            &["pane"],
            &["problem"],
            &["text"],
            &["file"],
            &["glossary"],
            &["terms"],
            &["progress"],
            &["lesson"],
            &["pace"],
            &["load"],
            &["again"],
            &["content"],
            &["player"],
            &["hand_in"],
            &["check"],
        ],
    ),
    (
        "app",
        &[
            &["fuzzy", "i18n", "link"],
            &["refusal", "outside"],
            &["config"],
            &["capture", "lesson", "picture"],
            &["recording"],
            &["scenario", "live"],
            &["open"],
            &["session"],
            &["tui", "catalog"],
            &["export", "plain"],
            &["command"],
            &["cli"],
        ],
    ),
];

/// Upward references that are data in the original too.
const STAIRS: [(&str, &str); 1] = [
    // struct device, packet_type, proto, timer_list hold functions whose first argument is the kernel.
    ("stack/src/include/", "stack/src/kernel/"),
];

/// Arrows between files of a crate that may run upwards beside those: a ratchet that may only shrink.
const UPWARD_ARROWS: [(&str, usize); 3] = [("stack", 0), ("lessons", 0), ("app", 0)];

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

fn imports_of(name: &str) -> imports::Imports {
    let sources: Vec<(String, String)> =
        production(&[name]).into_iter().map(|(path, text)| (path, without_tests(&text))).collect();
    imports::Imports::of(&format!("{name}/src/"), &sources)
}

#[test]
fn arrows_run_only_downwards() {
    let mut complaints = Vec::new();
    for (name, floors) in FLOORS {
        let floor = |path: &str| {
            let room = path.split('/').nth(name.split('/').count() + 1).unwrap_or("").trim_end_matches(".rs");
            floors.iter().position(|rooms| rooms.contains(&room))
        };
        let is_stair = |from: &str, to: &str| STAIRS.iter().any(|(a, b)| from.starts_with(a) && to.starts_with(b));
        let imports = imports_of(name);
        let roots = ["lib", "main"].map(|root| format!("{name}/src/{root}.rs"));
        let lost = imports.files().filter(|file| floor(file).is_none() && !roots.iter().any(|root| root == file));
        complaints.extend(lost.map(|file| format!("{file}: stands on no floor")));
        let mut upward: Vec<String> = imports
            .arrows()
            .filter(|(from, to)| floor(from).is_some_and(|own| floor(to).is_none_or(|other| other > own)))
            .filter(|(from, to)| !is_stair(from, to))
            .map(|(from, to)| format!("{from}: uses {to}, which lies above it"))
            .collect();
        let most = UPWARD_ARROWS.iter().find(|(known, _)| *known == name).map_or(0, |(_, most)| *most);
        if upward.len() > most {
            complaints.append(&mut upward);
        }
    }
    report("floors", &complaints);
}

/// Circles of imports that are the subject's and stay, as the folders or files they may lie in.
const CIRCLES: [&[&str]; 3] = [
    // The calls of the original: its files call each other, and its drivers call dev.c that calls them.
    &["stack/src/net/", "stack/src/drivers/"],
    // struct device, packet_type, proto and timer_list hold functions whose first argument is the kernel.
    &["stack/src/include/", "stack/src/kernel/"],
    // An ICMP error quotes an IP datagram.
    &["stack/src/wire/dissect/ip.rs", "stack/src/wire/dissect/message.rs"],
];

/// The files of a crate that may stand in circles beside those: a ratchet that may only shrink.
const FILES_IN_CIRCLES: [(&str, usize); 5] =
    [("stack", 0), ("stack/kfn", 0), ("stack/judge", 0), ("lessons", 0), ("app", 0)];

#[test]
fn files_do_not_import_each_other_in_circles() {
    let mut complaints = Vec::new();
    for (name, most) in FILES_IN_CIRCLES {
        let mut circles = imports_of(name).circles();
        let is_the_subjects = |circle: &Vec<String>| {
            CIRCLES.iter().any(|rooms| circle.iter().all(|file| rooms.iter().any(|room| file.starts_with(room))))
        };
        circles.retain(|circle| !is_the_subjects(circle));
        let files: usize = circles.iter().map(Vec::len).sum();
        if files > most {
            let named: Vec<String> = circles.iter().map(|circle| format!("  {}", circle.join(", "))).collect();
            complaints.push(format!("{name}: {files} files in circles, {most} allowed\n{}", named.join("\n")));
        }
    }
    report("circles", &complaints);
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
    // The circle goes through a name that a folder hands on, braces in braces, and a path in the code.
    let files = [
        ("lib.rs", "pub mod upper;\npub mod lower;\npub use lower::deep::Deep;\n"),
        ("upper/mod.rs", "mod near;\npub use near::Near;\nfn f() { near::g() }\n"),
        ("upper/near.rs", "use std::fmt;\nuse crate::{Deep, other::{self, Thing}};\nuse super::Shared;\n"),
        ("lower/mod.rs", "pub mod deep;\n"),
        ("lower/deep.rs", "// crate::upper::mentioned\nfn f() -> crate::upper::Near { super::super::upper::Near }\n"),
    ];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let circle = vec!["lower/deep.rs".to_owned(), "upper/near.rs".to_owned()];
    assert_eq!(imports::Imports::of("", &files).circles(), vec![circle]);
    assert!(imports::Imports::of("", &files[..4]).circles().is_empty());
}
