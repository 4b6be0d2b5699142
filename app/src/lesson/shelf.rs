//! The shelf: lessons that ship inside the program, and lessons in folders of a teacher.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::{Files, Lesson, Problem, again, content, load};

use crate::i18n::Lang;
use crate::refusal::{Refusal, harmless};

/// The most files that are read from one folder.
const MOST_FILES: usize = 32;
/// The largest file of a lesson, in bytes.
const LARGEST: u64 = 256 * 1024;

/// A lesson by name (`7`, `handshake`, `07-handshake`) or by the path of its folder.
///
/// # Errors
/// One sentence, where there is no such lesson or its folder cannot be read.
pub fn find(name: &str) -> Result<Files, Refusal> {
    if let Some(files) = content::named(name) {
        return Ok(files);
    }
    let path = Path::new(name);
    if path.join("lesson.toml").is_file() {
        return folder(path);
    }
    let known: Vec<String> = content::all().into_iter().map(|files| files.folder).collect();
    let (shown, known) = (harmless(name), known.join(", "));
    Err(Refusal::usage(
        format!("there is no lesson \"{shown}\": choose one of {known}, or give a folder with a lesson.toml in it."),
        format!("没有名为“{shown}”的课程：请选 {known} 之一，或给出含有 lesson.toml 的文件夹。"),
    ))
}

/// The second pass of a lesson.
///
/// # Errors
/// One sentence, where it has none or what it is made of is wrong.
pub fn second_pass(files: &Files) -> Result<Files, Refusal> {
    let folder = &files.folder;
    again::second_pass(files).map_err(|problems| refusal(folder, &problems))?.ok_or_else(|| {
        let shown = harmless(folder);
        Refusal::usage(
            format!("{shown} has no second pass: its lesson.toml names no `calls`."),
            format!("{shown} 没有第二遍：它的 lesson.toml 没有写 `calls`。"),
        )
    })
}

/// The lessons of a folder: it is one, or it holds several.
///
/// # Errors
/// One sentence, where the folder cannot be read or holds no lesson.
pub fn all_in(path: &Path) -> Result<Vec<Files>, Refusal> {
    if path.join("lesson.toml").is_file() {
        return Ok(vec![folder(path)?]);
    }
    let mut folders: Vec<PathBuf> =
        entries(path)?.into_iter().filter(|path| path.join("lesson.toml").is_file()).collect();
    folders.sort();
    if folders.is_empty() {
        let shown = harmless(&path.display().to_string());
        return Err(Refusal::usage(
            format!("{shown} holds no lesson: a lesson is a folder with a lesson.toml in it."),
            format!("{shown} 中没有课程：一门课是一个含有 lesson.toml 的文件夹。"),
        ));
    }
    folders.iter().map(|path| folder(path)).collect()
}

/// The files of one lesson.
fn folder(path: &Path) -> Result<Files, Refusal> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let mut files = Vec::new();
    let mut paths = entries(path)?;
    paths.sort();
    for path in paths {
        let known =
            path.extension().is_some_and(|extension| ["toml", "md", "pkt"].iter().any(|known| extension == *known));
        if known && path.is_file() && files.len() < MOST_FILES {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push((name, text(&path)?));
        }
    }
    Ok(Files { folder: name, files })
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, Refusal> {
    let read = fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    Ok(read.flatten().map(|entry| entry.path()).collect())
}

fn text(path: &Path) -> Result<String, Refusal> {
    let shown = harmless(&path.display().to_string());
    let length = fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    if length > LARGEST {
        return Err(Refusal::usage(
            format!("{shown} has {length} bytes; a file of a lesson has at most {LARGEST}."),
            format!("{shown} 有 {length} 字节；课程文件最多 {LARGEST} 字节。"),
        ));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    String::from_utf8(bytes).map_err(|_| {
        Refusal::usage(
            format!("{shown} is not a text file in UTF-8; save it as one."),
            format!("{shown} 不是 UTF-8 文本文件，请另存为 UTF-8。"),
        )
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Refusal {
    let shown = harmless(&path.display().to_string());
    Refusal::usage(
        format!("{shown} cannot be read: {error}; check the path."),
        format!("无法读取 {shown}：{error}；请检查路径。"),
    )
}

/// The first thing that is wrong with a lesson, as one sentence.
#[must_use]
pub fn refusal(folder: &str, problems: &[Problem]) -> Refusal {
    let more = problems.len().saturating_sub(1);
    let (also, also_chinese) = if more == 0 {
        (String::new(), String::new())
    } else {
        (
            format!(" (and {more} more: sockscope lesson check)"),
            format!("（另有 {more} 处：见 sockscope lesson check）"),
        )
    };
    let line = |lang: Lang| {
        problems.first().map(|problem| harmless(&format!("{folder}/{}: {}", problem.place(), problem.text(lang))))
    };
    Refusal::usage(
        format!("{}{also}", line(Lang::En).unwrap_or_default()),
        format!("{}{also_chinese}", line(Lang::Zh).unwrap_or_default()),
    )
}

/// A lesson as it is read for a list, with the numbers of nobody in particular.
///
/// # Errors
/// One sentence: the first thing that is wrong with it.
pub fn read(files: &Files) -> Result<Lesson, Refusal> {
    load(files, 1).map_err(|problems| refusal(&files.folder, &problems))
}
