//! Finds the lessons and the glossary that ship: every folder of `content/` is a lesson, every file of `glossary/` a subject of
//! the glossary, and all of them go into the program.
//!
//! Nothing has to be listed anywhere: the folder is the list. A folder that is no lesson, or lacks a file that every lesson
//! has, ends the build with a sentence that names it; what the files *say* is the linter's business (`tests/content.rs`).

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Files that every lesson has, a scene (`*.pkt`) apart.
const NEEDED: [&str; 3] = ["lesson.toml", "en.md", "zh.md"];

fn main() {
    println!("cargo::rerun-if-changed=content");
    println!("cargo::rerun-if-changed=glossary");
    let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    for (name, table) in [("content", table(&folder.join("content"))), ("glossary", glossary(&folder.join("glossary")))]
    {
        let done = table.and_then(|table| {
            let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join(format!("{name}.rs"));
            fs::write(&out, table).map_err(|error| unreadable(&out, &error))
        });
        if let Err(what) = done {
            println!("cargo::error={what}");
        }
    }
}

/// The files of the glossary as an array in Rust: name and text of each.
///
/// # Errors
/// One sentence: the folder or file that is in the way, and what to do.
pub(crate) fn glossary(folder: &Path) -> Result<String, String> {
    let mut table = "&[\n".to_owned();
    for (name, path) in entries(folder)? {
        if !path.is_file() || Path::new(&name).extension().is_none_or(|extension| extension != "toml") {
            return Err(format!("lessons/glossary/{name} is no part of the glossary: files NAME.toml are; remove it"));
        }
        let place = format!("/glossary/{name}");
        let _ = writeln!(table, "    ({name:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {place:?}))),");
    }
    table.push_str("]\n");
    Ok(table)
}

/// The lessons of a folder as an array in Rust: name of the lesson's folder, and name and text of each of its files.
///
/// # Errors
/// One sentence: the folder or file that is in the way, and what to do.
pub(crate) fn table(content: &Path) -> Result<String, String> {
    let mut table = "&[\n".to_owned();
    let mut numbers: Vec<(u32, String)> = Vec::new();
    for (name, path) in entries(content)? {
        let number = number(&name).filter(|_| path.is_dir()).ok_or_else(|| {
            format!(
                "lessons/content/{name} is no lesson: a lesson is a folder named as 07-handshake; rename or remove it"
            )
        })?;
        if let Some((_, other)) = numbers.iter().find(|(known, _)| *known == number) {
            return Err(format!("lessons/content/{name} has the number of {other}: give one of them another"));
        }
        numbers.push((number, name.clone()));
        let _ = writeln!(table, "({name:?}, &[");
        for file in files(&name, &path)? {
            // From the crate that is compiled, so that no path of the machine that wrote the table stands in it.
            let place = format!("/content/{name}/{file}");
            let _ = writeln!(table, "    ({file:?}, include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), {place:?}))),");
        }
        table.push_str("]),\n");
    }
    table.push_str("]\n");
    Ok(table)
}

/// The names of the files of one lesson.
fn files(lesson: &str, folder: &Path) -> Result<Vec<String>, String> {
    let files = entries(folder)?;
    for (file, path) in &files {
        let known = NEEDED.contains(&file.as_str()) || is_scene(file);
        if !known || !path.is_file() {
            return Err(format!(
                "lessons/content/{lesson}/{file} is no part of a lesson: lesson.toml, en.md, zh.md and scenes (*.pkt) are; \
                 remove it"
            ));
        }
    }
    let has = |name: &str| files.iter().any(|(file, _)| file == name);
    if let Some(name) = NEEDED.iter().find(|name| !has(name)) {
        return Err(format!("lessons/content/{lesson} has no {name}: every lesson needs one"));
    }
    if !files.iter().any(|(file, _)| is_scene(file)) {
        return Err(format!("lessons/content/{lesson} has no scene: every lesson needs a *.pkt"));
    }
    Ok(files.into_iter().map(|(file, _)| file).collect())
}

fn is_scene(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "pkt")
}

/// The number of a lesson's folder: `NN-name`, the name in small letters, digits and `-`.
fn number(folder: &str) -> Option<u32> {
    let (number, name) = folder.split_once('-')?;
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let number = number.parse().ok().filter(|_| number.len() == 2)?;
    (!name.is_empty() && name.chars().all(fits)).then_some(number)
}

/// What stands in a folder, by name; hidden files (those of editors) are passed by.
fn entries(folder: &Path) -> Result<Vec<(String, PathBuf)>, String> {
    let read = fs::read_dir(folder).map_err(|error| unreadable(folder, &error))?;
    let mut entries = Vec::new();
    for entry in read {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') {
            entries.push((name, path));
        }
    }
    entries.sort();
    Ok(entries)
}

fn unreadable(path: &Path, error: &io::Error) -> String {
    format!("{} cannot be read or written: {error}", path.display())
}
