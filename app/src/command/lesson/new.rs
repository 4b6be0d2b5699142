//! `sockscope lesson new`: a folder with a small whole lesson, to be changed into one's own.
//!
//! Promise: the lesson passes `sockscope lesson check` as it is made; nothing that is there already is touched.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lessons::content;

use super::{lang_of, print};
use crate::i18n::Lang;
use crate::refusal::{Refusal, harmless};

pub(super) fn make(name: &str, dir: &Path, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let named = harmless(name);
    let files = content::skeleton(name).ok_or_else(|| {
        Refusal::usage(
            format!("\"{named}\" is no name of a lesson: write it in small letters, digits and -."),
            format!("“{named}”不能作课程名：只能用小写字母、数字和 -。"),
        )
    })?;
    if content::named(name).is_some() {
        return Err(Refusal::usage(
            format!("\"{named}\" is a lesson of the program: give yours another name."),
            format!("“{named}”是程序自带的课程：请另取一个名字。"),
        ));
    }
    // Without the dot, as a person would write it.
    let folder = if dir == Path::new(".") { PathBuf::from(name) } else { dir.join(name) };
    let shown = harmless(&folder.display().to_string());
    fs::create_dir(&folder).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => Refusal::usage(
            format!("{shown} is there already: give another name, or another folder with --dir."),
            format!("{shown} 已经存在：请换一个名字，或用 --dir 指定别的目录。"),
        ),
        _ => unmade(&shown, &error),
    })?;
    for (file, text) in &files.files {
        fs::write(folder.join(file), text).map_err(|error| unmade(&shown, &error))?;
    }
    let named: Vec<&str> = files.files.iter().map(|(file, _)| file.as_str()).collect();
    print(&match lang {
        Lang::En => format!("{shown}: {}", named.join(", ")),
        Lang::Zh => format!("{shown}：{}", named.join("、")),
    })?;
    print(&match lang {
        Lang::En => format!("next: sockscope lesson check {shown}, and lesson.toml says the rest"),
        Lang::Zh => format!("下一步：sockscope lesson check {shown}，其余见 lesson.toml 中的注释"),
    })?;
    Ok(ExitCode::SUCCESS)
}

fn unmade(shown: &str, error: &io::Error) -> Refusal {
    Refusal::usage(
        format!("{shown} cannot be made: {error}; check the path."),
        format!("无法创建 {shown}：{error}；请检查路径。"),
    )
}
