//! Lessons on this machine: where they lie, and what is kept of a learner. The lessons themselves, and everything that can
//! be said about them, live in the crate `lessons`, which opens no file.

pub mod progress;
pub mod shelf;

use lessons::{Files, Player};

use crate::refusal::Refusal;

/// A lesson at its first beat, with what a student has done in it so far.
///
/// # Errors
/// One sentence: the first thing that is wrong with the lesson.
pub fn open(files: Files, student: &str) -> Result<Player, Refusal> {
    let lesson = shelf::read(&files)?;
    let kept = progress::load(&lesson.id, progress::seed(student));
    let folder = files.folder.clone();
    Player::resume(files, kept).map_err(|problems| shelf::refusal(&folder, &problems))
}
