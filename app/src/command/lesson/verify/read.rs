//! Which files are hand-ins: those of folders found, and each told from an empty, a foreign and a damaged one.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::hand_in::{HandIn, SCHEMA};
use serde::Deserialize;

use crate::i18n::Words;
use crate::refusal::{Refusal, harmless};

/// The largest hand-in that is read, in bytes: a lesson of an hour with a deed every second has less.
const LARGEST: u64 = 4 * 1024 * 1024;
/// Folders in folders that are looked into.
const DEEPEST: usize = 8;

/// What a file holds.
pub(super) enum Content {
    /// A hand-in, of whatever worth.
    HandIn(Box<HandIn>),
    /// Nothing.
    Empty,
    /// Something else, and what.
    Foreign(Words<String>),
    /// A hand-in that cannot be read, and why.
    Damaged(Words<String>),
}

/// What every version of a hand-in says of itself.
#[derive(Deserialize)]
struct Head {
    schema: u32,
    #[serde(rename = "student")]
    _student: String,
}

/// The files that are named, and those of the folders that are, in the order of the names.
///
/// # Errors
/// One sentence, where a path is not there or a folder cannot be read or holds no hand-in.
pub(super) fn files_in(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Refusal> {
    let mut all = Vec::new();
    for path in paths {
        let before = all.len();
        let shown = harmless(&path.display().to_string());
        let is_folder = fs::metadata(path).map(|metadata| metadata.is_dir());
        let is_folder = is_folder
            .and_then(|is_folder| if is_folder { below(path, DEEPEST, &mut all).map(|()| true) } else { Ok(false) });
        match is_folder {
            Ok(false) => all.push(path.clone()),
            Ok(true) if all.len() > before => {}
            Ok(true) => {
                return Err(Refusal::usage(
                    format!("{shown} holds no hand-in: they are files that end in .json."),
                    format!("{shown} 中没有作业：作业是以 .json 结尾的文件。"),
                ));
            }
            Err(error) => {
                return Err(Refusal::usage(
                    format!("{shown} cannot be read: {error}; check the path."),
                    format!("无法读取 {shown}：{error}；请检查路径。"),
                ));
            }
        }
    }
    Ok(all)
}

fn below(folder: &Path, deep: usize, all: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if deep > 0 {
                below(&path, deep - 1, all)?;
            }
        } else if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            all.push(path);
        }
    }
    Ok(())
}

/// Reads a file.
pub(super) fn content_of(file: &Path) -> Content {
    let damaged = |error: &str| {
        let error = harmless(error);
        Content::Damaged(Words::new(format!("it cannot be read: {error}"), format!("无法读取：{error}")))
    };
    match fs::metadata(file) {
        // A pipe or a device may never end.
        Ok(metadata) if !metadata.is_file() => return damaged("no file"),
        Ok(metadata) if metadata.len() > LARGEST => return damaged(&format!("{} bytes", metadata.len())),
        Ok(_) => {}
        Err(error) => return damaged(&error.to_string()),
    }
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => return damaged(&error.to_string()),
    };
    let Ok(text) = String::from_utf8(bytes) else { return foreign() };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Content::Empty;
    }
    match serde_json::from_str::<Head>(text) {
        Ok(head) if head.schema != SCHEMA => {
            let Head { schema, .. } = head;
            Content::Foreign(Words::new(
                format!("it is a hand-in of format {schema}, and this program reads {SCHEMA}; ask for a new one"),
                format!("它是格式 {schema} 的作业，本程序只读格式 {SCHEMA}；请重新交一份"),
            ))
        }
        Ok(_) => match serde_json::from_str(text) {
            Ok(hand_in) => Content::HandIn(Box::new(hand_in)),
            Err(error) => damaged(&error.to_string()),
        },
        // Cut short, or a comma too few: a hand-in still, by what it says of itself.
        Err(error) if !error.is_data() && text.starts_with('{') && text.contains("\"student\"") => {
            damaged(&error.to_string())
        }
        Err(_) => foreign(),
    }
}

fn foreign() -> Content {
    Content::Foreign(Words::new(
        "it is no hand-in; one is written by sockscope lesson NAME --report FILE".to_owned(),
        "它不是作业文件；作业由 sockscope lesson 名称 --report 文件 生成".to_owned(),
    ))
}
