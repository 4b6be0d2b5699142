//! Where the class on this machine stands: one small file, by which a second terminal turns the pages of the teacher's notes.
//!
//! `class/place.json` in the user's state directory, written whole or not at all, and gone when the class has ended. It holds
//! nothing of anybody: which lesson, which beat, and how far that is shown. Promise: a class goes on where the file cannot be written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;

use serde::{Deserialize, Serialize};

use super::progress::state;

/// Where a class stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassPlace {
    /// The lesson, by its id.
    pub lesson: String,
    /// The seed of its numbers.
    pub seed: u64,
    /// The beat, counted from 0; as many as there are when the lesson has ended.
    pub beat: usize,
    /// Whether its answer is on the screen.
    pub is_revealed: bool,
    /// The process that holds the class.
    process: u32,
}

impl ClassPlace {
    /// The place of a class that this process holds.
    #[must_use]
    pub fn new(lesson: String, seed: u64, beat: usize, is_revealed: bool) -> Self {
        Self { lesson, seed, beat, is_revealed, process: process::id() }
    }
}

/// Who is told where a class stands, and when it has ended (None).
pub type Teller = Box<dyn FnMut(Option<ClassPlace>)>;

/// The folder in which the file lies, and nothing else; None where the environment names no home.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    state().map(|state| state.join("class"))
}

fn file(folder: &Path) -> PathBuf {
    folder.join("place.json")
}

/// Where the class on this machine stands; None where there is none.
#[must_use]
pub fn read() -> Option<ClassPlace> {
    let text = fs::read_to_string(file(&folder()?)).ok()?;
    serde_json::from_str(&text).ok()
}

/// Keeps the place in its file for as long as the class lasts.
#[must_use]
pub fn teller() -> Teller {
    let mut kept = Kept(None);
    Box::new(move |place| match place {
        Some(place) => kept.write(place),
        None => kept.remove(),
    })
}

/// What stands in the file, as far as this process has written it.
struct Kept(Option<ClassPlace>);

impl Kept {
    fn write(&mut self, place: ClassPlace) {
        if self.0.as_ref() != Some(&place) && folder().is_some_and(|folder| written(&folder, &place).is_ok()) {
            self.0 = Some(place);
        }
    }

    /// Takes the file away, unless another class has written it since.
    fn remove(&mut self) {
        let own = self.0.take().filter(|own| read().is_some_and(|there| there.process == own.process));
        if let (Some(_), Some(folder)) = (own, folder()) {
            // A file that stays tells of a class that is over: nobody is hurt.
            drop(fs::remove_file(file(&folder)));
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.remove();
    }
}

fn written(folder: &Path, place: &ClassPlace) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (path, text) = (file(folder), serde_json::to_string(place)?);
    let beside = path.with_extension(format!("{}.new", place.process));
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}
