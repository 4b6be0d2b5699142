//! Lessons on this machine: where they lie, and what is kept of a learner. The lessons themselves, and everything that can
//! be said about them, live in the crate `lessons`, which opens no file.

pub mod both_runs;
pub mod class_place;
pub mod curriculum;
pub mod progress;
pub mod shelf;

use lessons::{Files, Player};

use crate::i18n::Words;
use crate::refusal::Refusal;

/// A lesson where a student left it, and what there is to say of what was kept of it.
///
/// # Errors
/// One sentence: the first thing that is wrong with the lesson.
pub fn open(files: Files, student: &str) -> Result<(Player, Option<Words<String>>), Refusal> {
    let lesson = shelf::read(&files)?;
    let kept = progress::load(&lesson.id, student);
    let folder = files.folder.clone();
    let player = Player::resume(files, kept.progress).map_err(|problems| shelf::refusal(&folder, &problems))?;
    Ok((player, kept.remark))
}
