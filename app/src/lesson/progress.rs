//! What is kept of a learner: one small file per lesson in the user's state directory, written whole or not at all.

use std::cell::RefCell;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use lessons::Progress;

use crate::refusal::{Refusal, harmless};

/// The name under which a learner works, where none is given: that of the account.
#[must_use]
pub fn student() -> String {
    let names = ["USER", "LOGNAME", "USERNAME"].iter().filter_map(|name| env::var(name).ok());
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_else(|| "student".to_owned())
}

/// The seed of a learner's numbers: the same name gives the same numbers on every machine.
#[must_use]
pub fn seed(student: &str) -> u64 {
    let hash = student.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    u64::from(hash)
}

/// The file of a lesson's progress; None where the environment names no home (Windows calls it otherwise).
fn file(lesson: &str) -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let of_home = || set("HOME").map(|home| home.join(".local/state"));
    let state = set("XDG_STATE_HOME").or_else(of_home).or_else(|| set("LOCALAPPDATA"))?;
    let safe = lesson.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    safe.then(|| state.join("sockscope/lessons").join(format!("{lesson}.json")))
}

/// What is known of a learner in a lesson; nothing where it was never opened, or by another seed.
#[must_use]
pub fn load(lesson: &str, seed: u64) -> Progress {
    let fresh = || Progress { lesson: lesson.to_owned(), seed, ..Progress::default() };
    let text = file(lesson).and_then(|path| fs::read_to_string(path).ok());
    let kept: Option<Progress> = text.and_then(|text| serde_json::from_str(&text).ok());
    kept.filter(|kept| kept.lesson == lesson && kept.seed == seed).unwrap_or_else(fresh)
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

/// How far a learner is in a lesson with these beats.
#[must_use]
pub fn standing(lesson: &str, seed: u64, beats: &[String]) -> Standing {
    let progress = load(lesson, seed);
    if progress.finished {
        return Standing::Done;
    }
    match beats.iter().rposition(|beat| progress.beats.contains_key(beat)) {
        Some(last) => Standing::At((last + 2).min(beats.len()), beats.len()),
        None => Standing::NotBegun,
    }
}

/// Why progress could not be kept, to be said when the screen has been left.
pub type Trouble = Rc<RefCell<Option<Refusal>>>;

/// Keeps progress whenever it has changed. A lesson goes on where it cannot be kept; the trouble is told afterwards.
#[must_use]
pub fn keeper(trouble: &Trouble) -> Box<dyn FnMut(&Progress)> {
    let trouble = Rc::clone(trouble);
    let mut last: Option<Progress> = None;
    Box::new(move |progress| {
        if last.as_ref() != Some(progress) {
            *trouble.borrow_mut() = save(progress).err();
            last = Some(progress.clone());
        }
    })
}

/// Keeps what is known.
///
/// # Errors
/// One sentence, where it cannot be written.
fn save(progress: &Progress) -> Result<(), Refusal> {
    let Some(path) = file(&progress.lesson) else { return Ok(()) };
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
