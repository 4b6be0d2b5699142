//! Whether a hand-in is what it says, and its marks as the run gives them.
//!
//! Promise: nothing that the file says of itself becomes a mark. The seed follows from the name, and everything else from doing the
//! answers again.

use std::collections::BTreeSet;

use super::replay::{Failure, replay};
use super::{HandIn, edition, is_seed_of, whole};
use crate::lesson::Lesson;
use crate::load::Files;
use crate::problem::Problem;
use crate::progress::{Answer, BeatProgress, Certainty, Deed, Entry, Sitting, seed_of};

/// What is wrong with a hand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is bound to another name than the one that stands in it.
    Name,
    /// The seed in it is not that of the name.
    Seed,
    /// It was made with another version of the lesson.
    Edition,
    /// The answers or their times were changed, or could not be given so; the number of the deed, from 1, where it is known.
    Answers(Option<usize>),
    /// The marks are not those that the run gives.
    Marks,
    /// The learner's own words were changed.
    Words,
    /// The runs do not come to the hash.
    Runs,
    /// Its hashes do not fit each other.
    Hash,
    /// The lesson is not in order.
    Lesson(Vec<Problem>),
}

/// What a teacher wants to know of a hand-in, counted anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Questions of the lesson.
    pub questions: usize,
    /// Questions whose first answer was right.
    pub right_at_first: usize,
    /// Wrong answers of which the learner was certain, retakes included.
    pub certain_and_wrong: usize,
    /// Misconceptions behind the wrong answers, by name, each once.
    pub misconceptions: Vec<String>,
    /// Beats that were skipped.
    pub skipped: usize,
    /// Hints that were shown.
    pub hints: usize,
    /// Seconds from opening the lesson to the last deed, over all sittings.
    pub seconds: u64,
    /// The lesson was gone through to its end.
    pub finished: bool,
    /// The learner's own words.
    pub said: String,
}

/// Does everything in a hand-in again, marks it, and compares.
///
/// # Errors
/// The first thing by which it is not what it says.
pub fn verify(files: &Files, hand_in: &HandIn) -> Result<Marks, Fault> {
    hashes_fit(hand_in)?;
    if edition(files) != hand_in.edition {
        return Err(Fault::Edition);
    }
    let seed = seed_of(&hand_in.student);
    let again = replay(files, seed, &hand_in.sittings).map_err(|failure| match failure {
        Failure::Lesson(problems) => Fault::Lesson(problems),
        Failure::Entry(number) => Fault::Answers(Some(number)),
    })?;
    if (&again.progress.beats, again.progress.finished) != (&hand_in.beats, hand_in.finished) {
        return Err(Fault::Marks);
    }
    if again.progress.said != hand_in.said {
        return Err(Fault::Words);
    }
    if again.runs != hand_in.runs {
        return Err(Fault::Runs);
    }
    let entries = || hand_in.sittings.iter().flat_map(|sitting| &sitting.entries);
    let mut marks = counted(again.progress.beats.values());
    marks.questions = questions(&again.lesson);
    marks.hints = entries().filter(|entry| entry.did == Deed::Hint).count();
    marks.seconds = hand_in.sittings.iter().map(seconds).fold(0, u64::saturating_add);
    marks.finished = again.progress.finished;
    marks.said = again.progress.said;
    Ok(marks)
}

/// Which part of it was changed after it was bound.
fn hashes_fit(hand_in: &HandIn) -> Result<(), Fault> {
    let (kept, fresh) = (&hand_in.bound, hand_in.hashes());
    let parts = [
        (kept.student == fresh.student, Fault::Name),
        (kept.seed == fresh.seed, Fault::Seed),
        // Name and seed are each as they were bound, and yet do not belong together: the answers are somebody else's.
        (is_seed_of(&hand_in.student, hand_in.seed), Fault::Name),
        (kept.sittings == fresh.sittings, Fault::Answers(None)),
        (kept.marks == fresh.marks, Fault::Marks),
        (kept.said == fresh.said, Fault::Words),
        (kept.runs == fresh.runs, Fault::Runs),
        (kept.whole == whole(hand_in, kept), Fault::Hash),
    ];
    parts.into_iter().find(|(fits, _)| !fits).map_or(Ok(()), |(_, fault)| Err(fault))
}

fn counted<'a>(beats: impl Iterator<Item = &'a BeatProgress> + Clone) -> Marks {
    let answers = || beats.clone().flat_map(|beat| &beat.answers);
    let wrong = |answer: &&Answer| !answer.right;
    let misconceptions: BTreeSet<&String> = answers().filter_map(|answer| answer.misconception.as_ref()).collect();
    Marks {
        right_at_first: beats.clone().filter(|beat| beat.answers.first().is_some_and(|answer| answer.right)).count(),
        certain_and_wrong: answers().filter(wrong).filter(|answer| answer.certainty == Certainty::Certain).count(),
        misconceptions: misconceptions.into_iter().cloned().collect(),
        skipped: beats.filter(|beat| beat.skipped).count(),
        ..Marks::default()
    }
}

/// Questions of a lesson: the beats that have options.
fn questions(lesson: &Lesson) -> usize {
    lesson.beats.iter().filter(|beat| !beat.task.options().is_empty()).count()
}

fn seconds(sitting: &Sitting) -> u64 {
    sitting.entries.last().map_or(0, |entry| entry.after)
}

/// Different seconds at which two people do not do the same by chance, unless they opened the lesson at the same second too: who
/// skips everything at once is no copy of the next who does.
const ENOUGH: usize = 8;

/// For each hand-in the others, by their place in the list, that hold the same answers at the same seconds under another name.
#[must_use]
pub fn copies(hand_ins: &[&HandIn]) -> Vec<Vec<usize>> {
    let others = |own: usize, a: &HandIn| {
        let all = hand_ins.iter().enumerate();
        all.filter(|(index, b)| *index != own && is_copy(a, b)).map(|(index, _)| index).collect()
    };
    hand_ins.iter().enumerate().map(|(index, hand_in)| others(index, hand_in)).collect()
}

fn is_copy(a: &HandIn, b: &HandIn) -> bool {
    let entries = |hand_in: &HandIn| hand_in.sittings.iter().flat_map(|sitting| sitting.entries.clone()).collect();
    let (own, other): (Vec<Entry>, Vec<Entry>) = (entries(a), entries(b));
    let seconds: BTreeSet<u64> = own.iter().map(|entry| entry.after).collect();
    a.student != b.student
        && a.lesson == b.lesson
        && !own.is_empty()
        && own == other
        && (a.sittings == b.sittings || seconds.len() >= ENOUGH)
}
