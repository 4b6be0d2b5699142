//! Doing once more what a learner did: the deeds through a player, and one hash of all the runs they led to.

use crate::lesson::{Change, Lesson};
use crate::load::{Files, load};
use crate::player::Player;
use crate::problem::Problem;
use crate::progress::{Progress, Sitting};

/// Deeds and sittings of one lesson that are done again: what is more was not made by a hand, and would take a verifier minutes.
const MOST: usize = 4_000;

/// What doing it again gives.
pub(super) struct Replayed {
    /// The lesson with the numbers of the seed.
    pub(super) lesson: Lesson,
    /// The progress, marked by the run.
    pub(super) progress: Progress,
    /// Hash of the run and of every run with changes or calls, in hexadecimal.
    pub(super) runs: String,
}

/// Why it cannot be done again.
pub(super) enum Failure {
    /// The lesson is not in order.
    Lesson(Vec<Problem>),
    /// The deed of this number, from 1, was not possible where it was done, or its time runs backwards.
    Entry(usize),
}

/// Does everything again with the numbers of a seed.
pub(super) fn replay(files: &Files, seed: u64, sittings: &[Sitting]) -> Result<Replayed, Failure> {
    if sittings.iter().map(|sitting| 1 + sitting.entries.len()).sum::<usize>() > MOST {
        return Err(Failure::Entry(MOST));
    }
    let mut player = Player::open(files.clone(), seed).map_err(Failure::Lesson)?;
    let mut number = 0;
    let mut opened = 0;
    for (index, sitting) in sittings.iter().enumerate() {
        let before = sittings.get(..index).unwrap_or_default().to_vec();
        player = reopened(files, player, before).map_err(Failure::Lesson)?;
        if sitting.opened < opened {
            return Err(Failure::Entry(number + 1));
        }
        opened = sitting.opened;
        sit(&mut player, sitting, &mut number)?;
    }
    let player = reopened(files, player, sittings.to_vec()).map_err(Failure::Lesson)?;
    let progress = player.progress().clone();
    let lesson = load(files, seed).map_err(Failure::Lesson)?;
    let runs = hash(&lesson, &progress).map_err(|problem| Failure::Lesson(vec![problem]))?;
    Ok(Replayed { lesson, progress, runs })
}

/// As a learner who comes back finds the lesson; nothing changes where nothing was done yet.
fn reopened(files: &Files, player: Player, sittings: Vec<Sitting>) -> Result<Player, Vec<Problem>> {
    if sittings.is_empty() {
        return Ok(player);
    }
    let progress = Progress { sittings, ..player.progress().clone() };
    drop(player);
    Player::resume(files.clone(), progress)
}

/// Does the deeds of one sitting again; `number` counts those of all.
fn sit(player: &mut Player, sitting: &Sitting, number: &mut usize) -> Result<(), Failure> {
    let mut after = 0;
    for (index, entry) in sitting.entries.iter().enumerate() {
        *number += 1;
        // What was done before deeds were kept is not among them; a learner may come from anywhere in the first pass.
        if index == 0 && !entry.retake && player.place() != (entry.beat.clone(), false) {
            player.stand_at(&entry.beat);
        }
        let is_here = player.place() == (entry.beat.clone(), entry.retake);
        if entry.after < after || !is_here || !player.repeat(&entry.did) {
            return Err(Failure::Entry(*number));
        }
        after = entry.after;
    }
    Ok(())
}

/// The hash of the run of a lesson, and of every run with changes or calls that a learner made of it.
fn hash(lesson: &Lesson, progress: &Progress) -> Result<String, Problem> {
    let mut run = lesson.open()?;
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
        let mut branch = branch?;
        branch.play(usize::MAX);
        hash = hash.rotate_left(17) ^ branch.head().fingerprint();
    }
    Ok(format!("{hash:016x}"))
}
