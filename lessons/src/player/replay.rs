//! Replaying a hand-in: the learner's runs once more, and one hash of them all.

use crate::lesson::Change;
use crate::load::{Files, load};
use crate::problem::Problem;
use crate::progress::Progress;

/// Replays what a learner did, headless: the hash of the run and of every run with changes, in hexadecimal.
///
/// # Errors
/// Everything that is wrong with the lesson.
pub fn replay(files: &Files, progress: &Progress) -> Result<String, Vec<Problem>> {
    let lesson = load(files, progress.seed)?;
    let mut run = lesson.open().map_err(|problem| vec![problem])?;
    run.play(usize::MAX);
    let mut hash = run.head().fingerprint();
    let mut branches = Vec::new();
    for beat in &lesson.beats {
        let Some(done) = progress.beats.get(&beat.id) else { continue };
        if !done.changes.is_empty() {
            let changes: Vec<Change> = done.changes.iter().filter_map(|text| Change::parse(text)).collect();
            branches.push(lesson.with_changes(&mut run, &changes));
        }
        if !done.calls.is_empty() {
            branches.push(lesson.with_calls(&mut run, beat.host.as_deref(), &done.calls));
        }
    }
    for branch in branches {
        let mut branch = branch.map_err(|problem| vec![problem])?;
        branch.play(usize::MAX);
        hash = hash.rotate_left(17) ^ branch.head().fingerprint();
    }
    Ok(format!("{hash:016x}"))
}
