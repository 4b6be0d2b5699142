//! What is kept of a learner: one small file per student and lesson in the user's state directory, written whole or not at all.
//!
//! `lessons/student-NAME/LESSON.json`, where NAME and LESSON are written with small letters, digits and `-`, and everything else as
//! `%` and two hexadecimal digits, so that no name leaves the folder and no two share a file, on no file system. A file that cannot be
//! read is kept aside and said; nothing here deletes one. Files of before (`lessons/LESSON.json`, without a student) are still read
//! for the account's own name.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use lessons::{Progress, seed_of};

use crate::i18n::{Lang, Message, Words};
use crate::refusal::{Refusal, harmless, is_absent};

/// The longest name of a folder or file that is written out; a longer one is cut, and told apart by a number.
const LONGEST: usize = 96;

/// The name under which a learner works, where none is given: that of the account.
#[must_use]
pub fn student() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|name| env::var(name).ok());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "student".to_owned())
}

/// The folder of what the program keeps of its user; None where the environment names no home (Windows calls it otherwise).
pub(super) fn state() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let of_home = || set("HOME").map(|home| home.join(".local/state"));
    let state = set("XDG_STATE_HOME").or_else(of_home).or_else(|| set("LOCALAPPDATA"))?;
    Some(state.join("sockscope"))
}

/// The folder of all progress.
fn folder() -> Option<PathBuf> {
    state().map(|state| state.join("lessons"))
}

/// A name as part of a path.
fn encoded(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let whole: String = name
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    if whole.len() <= LONGEST {
        return whole;
    }
    // Of one length and one beginning there may be several, so the end is a number of the whole name.
    let number = name
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let beginning: String = whole.chars().take(LONGEST).collect();
    format!("{beginning}+{number:016x}")
}

/// The file of a student's progress in a lesson.
fn file(lesson: &str, student: &str) -> Option<PathBuf> {
    let name = format!("student-{}", encoded(student));
    folder().map(|folder| folder.join(name).join(format!("{}.json", encoded(lesson))))
}

/// The file in which progress was kept when it had no student.
fn file_of_before(lesson: &str, of: &str) -> Option<PathBuf> {
    folder().filter(|_| of == student()).map(|folder| folder.join(format!("{}.json", encoded(lesson))))
}

/// What was kept of a student in a lesson.
pub struct Kept {
    /// The progress; none where the lesson was never opened.
    pub progress: Progress,
    /// A sentence on a file that could not be read.
    pub remark: Option<Words<String>>,
}

/// What a file of progress held.
enum Found {
    Nothing,
    Progress(Progress),
    Damaged(String),
}

fn read(path: &Path, lesson: &str, seed: u64) -> Found {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Found::Nothing,
        Err(error) => return Found::Damaged(error.to_string()),
    };
    match serde_json::from_str::<Progress>(&text) {
        Ok(kept) if kept.lesson == lesson && kept.seed == seed => Found::Progress(kept),
        Ok(_) => Found::Damaged("lesson, seed".to_owned()),
        Err(error) => Found::Damaged(error.to_string()),
    }
}

/// What is known of a student in a lesson. A file that cannot be read is kept aside, and the lesson begins anew.
#[must_use]
pub fn load(lesson: &str, student: &str) -> Kept {
    let seed = seed_of(student);
    let mut remark = None;
    for path in [file(lesson, student), file_of_before(lesson, student)].into_iter().flatten() {
        match read(&path, lesson, seed) {
            Found::Progress(progress) => return Kept { progress, remark },
            Found::Nothing => {}
            Found::Damaged(why) => remark = remark.or(Some(set_aside_damaged(&path, &why))),
        }
    }
    let progress = Progress { lesson: lesson.to_owned(), seed, ..Progress::default() };
    Kept { progress, remark }
}

/// Keeps a damaged file aside; the sentence that says so.
fn set_aside_damaged(path: &Path, why: &str) -> Words<String> {
    let (shown, why) = (harmless(&path.display().to_string()), harmless(why));
    match set_aside(path) {
        Ok(aside) => {
            let aside = harmless(&aside.display().to_string());
            Words::new(
                format!(
                    "what was kept of this lesson is damaged; it begins anew, and the old file is {aside} ({why})."
                ),
                format!("本课的进度文件已损坏；本课从头开始，旧文件另存为 {aside}（{why}）。"),
            )
        }
        Err(error) => Words::new(
            format!(
                "what was kept of this lesson is damaged ({why}), and {shown} cannot be moved: {error}; move it away."
            ),
            format!("本课的进度文件已损坏（{why}），且无法移动 {shown}：{error}；请将它移走。"),
        ),
    }
}

/// Renames a file to the first free name behind it: `NAME.1`, `NAME.2`, ...
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let numbered = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{number}"));
        PathBuf::from(name)
    };
    let free = (1..=u32::from(u16::MAX)).map(numbered).find(|path| !path.exists());
    let aside = free.ok_or_else(|| io::Error::from(io::ErrorKind::AlreadyExists))?;
    fs::rename(path, &aside)?;
    Ok(aside)
}

/// Lets a student begin a lesson anew. What was kept is set aside; where to, one path per file, none where nothing was kept.
///
/// # Errors
/// One sentence, where a file cannot be moved.
pub fn reset(lesson: &str, student: &str) -> Result<Vec<PathBuf>, Refusal> {
    let mut moved = Vec::new();
    for path in [file(lesson, student), file_of_before(lesson, student)].into_iter().flatten() {
        match set_aside(&path) {
            Ok(aside) => moved.push(aside),
            Err(error) if is_absent(&error) => {}
            Err(error) => {
                let shown = harmless(&path.display().to_string());
                return Err(Refusal::usage(
                    format!("{shown} cannot be moved away: {error}; check the folder."),
                    format!("无法移走 {shown}：{error}；请检查该文件夹。"),
                ));
            }
        }
    }
    Ok(moved)
}

/// How far a learner is in a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing of it was done.
    NotBegun,
    /// The beat that comes next, from 1, and how many there are.
    At(usize, usize),
    /// It was gone through to its end.
    Done,
}

impl Standing {
    /// In words.
    #[must_use]
    pub fn text(self, lang: Lang) -> String {
        match self {
            Self::NotBegun => Message::LessonNotBegun.text(lang).to_owned(),
            Self::At(beat, beats) => Message::LessonAt.fill(lang, &[&beat.to_string(), &beats.to_string()]),
            Self::Done => Message::LessonDone.text(lang).to_owned(),
        }
    }
}

/// How far a student is in a lesson with these beats. Nothing is moved for it: a damaged file counts as none.
#[must_use]
pub fn standing(lesson: &str, student: &str, beats: &[String]) -> Standing {
    let paths = [file(lesson, student), file_of_before(lesson, student)].into_iter().flatten();
    let found = paths.map(|path| read(&path, lesson, seed_of(student))).find_map(|found| match found {
        Found::Progress(progress) => Some(progress),
        Found::Nothing | Found::Damaged(_) => None,
    });
    let Some(progress) = found else { return Standing::NotBegun };
    let begun = beats.iter().any(|beat| progress.is_settled(beat)) || progress.entries().next().is_some();
    match progress.first_open(beats.iter().map(String::as_str)) {
        _ if progress.finished => Standing::Done,
        _ if !begun => Standing::NotBegun,
        Some(next) => Standing::At(next + 1, beats.len()),
        // Only what came back is left.
        None => Standing::At(beats.len(), beats.len()),
    }
}

/// Why progress could not be kept, to be said when the screen has been left.
pub type Trouble = Rc<RefCell<Option<Refusal>>>;

/// Keeps progress whenever it has changed. A lesson goes on where it cannot be kept; the trouble is told afterwards.
#[must_use]
pub fn keeper(trouble: &Trouble, student: &str) -> Box<dyn FnMut(&Progress)> {
    let (trouble, student) = (Rc::clone(trouble), student.to_owned());
    let mut last: Option<Progress> = None;
    Box::new(move |progress| {
        let is_anything = !progress.beats.is_empty() || progress.entries().next().is_some();
        if is_anything && last.as_ref() != Some(progress) {
            *trouble.borrow_mut() = save(progress, &student).err();
            last = Some(progress.clone());
        }
    })
}

/// Keeps what is known.
///
/// # Errors
/// One sentence, where it cannot be written.
fn save(progress: &Progress, student: &str) -> Result<(), Refusal> {
    let Some(path) = file(&progress.lesson, student) else { return Ok(()) };
    let failed = |error: &io::Error| {
        let shown = harmless(&path.display().to_string());
        Refusal::usage(
            format!("{shown} cannot be written: {error}; the progress of this lesson is not kept."),
            format!("无法写入 {shown}：{error}；本课的进度没有保存。"),
        )
    };
    let text = serde_json::to_string_pretty(progress).map_err(|error| failed(&error.into()))?;
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    fs::create_dir_all(folder).map_err(|error| failed(&error))?;
    let beside = path.with_extension("json.new");
    fs::write(&beside, text).map_err(|error| failed(&error))?;
    fs::rename(&beside, &path).map_err(|error| failed(&error))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_name_has_a_file_of_its_own_on_every_file_system() {
        let long = "x".repeat(300);
        let longer = format!("{long}y");
        let names = [
            "ada",
            "Ada",
            "a/b",
            "a\\b",
            "a%2Fb",
            "..",
            "",
            "con",
            "nul.",
            "a b",
            "赵一",
            "a\n",
            "\u{1b}[2J",
            &long,
            &longer,
        ];
        let encoded: Vec<String> = names.iter().map(|name| encoded(name)).collect();
        let folded: BTreeSet<String> = encoded.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(folded.len(), names.len(), "{encoded:?}");
        for name in &encoded {
            let safe = |c: char| c.is_ascii_alphanumeric() || "-%+".contains(c);
            assert!(name.chars().all(safe) && name.len() < 200, "{name}");
        }
        let path = file("../../etc", "../..").map(|path| path.strip_prefix(folder().unwrap()).unwrap().to_owned());
        assert!(path.is_none_or(|path| path.components().count() == 2), "it stays in its folder");
    }
}
