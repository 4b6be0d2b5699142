//! The second pass: the same run with holes. A lesson that names `calls` has one, and nobody writes it.
//!
//! From the files of the lesson come the files of another, which is read, played, kept, handed in, printed and checked like any:
//! for each call after the first a question which of the functions is entered next, and at the end all of them to be put in order.
//! The run of the lesson says what may be asked: a listed function that is also entered between two of the calls is no option
//! there, for it would be right as well. What the words say of a function is its caption.
//!
//! Promise: the same files give the same second pass, whoever learns; so a hand-in of it can be replayed anywhere.

mod hole;
mod sheet;
mod words;

use stack::lab::movement::Direction;
use stack::lab::query::{Place, find, reach};
use stack::lab::run::{Moment, Run};

use self::hole::Hole;
use self::sheet::Sheet;
use crate::file::{LESSON_FILE, read};
use crate::lesson::{Call, Lesson};
use crate::load::{Files, load};
use crate::problem::Problem;

/// What stands behind the id and the folder of a lesson whose second pass is meant.
pub const SUFFIX: &str = "-again";
/// The seed with which the run is asked what may be asked.
const SEED: u64 = 1;

/// The id of a lesson's second pass; None where it has none.
#[must_use]
pub fn id_of(lesson: &Lesson) -> Option<String> {
    (!lesson.calls.is_empty()).then(|| format!("{}{SUFFIX}", lesson.id))
}

/// The second pass of a lesson; None where it names no calls.
///
/// # Errors
/// What is wrong with the form of the lesson, or with its calls: one that the run does not enter behind the one before, or a
/// question that would have one option.
pub fn second_pass(files: &Files) -> Result<Option<Files>, Vec<Problem>> {
    let lesson = load(files, SEED)?;
    if lesson.calls.is_empty() {
        return Ok(None);
    }
    let file = files.text(LESSON_FILE).map_or("", |text| text);
    let file = read(file).map_err(|problem| vec![problem])?;
    let mut run = lesson.open().map_err(|problem| vec![problem])?;
    let holes = holes(&lesson, &mut run)?;
    Ok(Some(Sheet { files, lesson: &lesson, file: &file, holes: &holes }.files()))
}

/// What the run says of each call.
fn holes<'a>(lesson: &'a Lesson, run: &mut Run) -> Result<Vec<Hole<'a>>, Vec<Problem>> {
    let mut holes: Vec<Hole> = Vec::new();
    let mut from: Option<Moment> = None;
    for (index, call) in lesson.calls.iter().enumerate() {
        let found = match from {
            None => reach(&call.place, run, Moment::default()),
            Some(from) => find(&call.place, run, from, Direction::Forward),
        };
        let Some(moment) = found else { return Err(vec![never(call)]) };
        let others = from.map_or_else(Vec::new, |from| others(&lesson.calls, index, run, (from, moment)));
        if index > 0 && others.is_empty() {
            return Err(vec![alone(call)]);
        }
        holes.push(Hole { call, which: which(call, run, moment), others, caller: caller(run, moment) });
        from = Some(moment);
    }
    Ok(holes)
}

/// The calls that are wrong options beside one: all but the one before it, and those that are entered on the way too.
fn others(calls: &[Call], index: usize, run: &mut Run, (from, until): (Moment, Moment)) -> Vec<usize> {
    let wrong = (0..calls.len()).filter(|other| *other != index && other + 1 != index);
    let entered_on_the_way = |call: &Call, run: &mut Run| {
        let place = Place { occurrence: None, ..call.place.clone() };
        find(&place, run, from, Direction::Forward).is_some_and(|moment| moment <= until)
    };
    wrong.filter(|other| calls.get(*other).is_some_and(|call| !entered_on_the_way(call, run))).collect()
}

/// Which of the run's entries of its function a call is, from 1.
fn which(call: &Call, run: &mut Run, moment: Moment) -> usize {
    let place = Place { occurrence: None, ..call.place.clone() };
    let mut count = 1;
    let mut found = reach(&place, run, Moment::default());
    while let Some(earlier) = found.filter(|earlier| *earlier < moment) {
        count += 1;
        found = find(&place, run, earlier, Direction::Forward);
    }
    count
}

/// The function from which the one is called that is entered at a moment; None where nothing of the kernel is around it.
fn caller(run: &mut Run, moment: Moment) -> Option<&'static str> {
    let film = run.film(moment.turn);
    let around = film.stack_at(moment.step).len().checked_sub(2)?;
    let entry = *film.stack_at(moment.step).get(around)?;
    film.function_at(entry + 1).map(|function| function.name)
}

fn never(call: &Call) -> Problem {
    let place = &call.place;
    Problem::at(
        LESSON_FILE,
        (call.line, 0),
        format!(
            "the call \"{place}\" is not reached behind the call before it; put `calls` in the order of the run (sockscope lesson trace --all)"
        ),
        format!("在前一个调用之后运行不到“{place}”；请按运行的先后写 `calls`（见 sockscope lesson trace --all）"),
    )
}

fn alone(call: &Call) -> Problem {
    let place = &call.place;
    Problem::at(
        LESSON_FILE,
        (call.line, 0),
        format!(
            "before the call \"{place}\" every other one is entered too, so nothing can be asked there; take a call nearer to the one before, or leave it out"
        ),
        format!("在“{place}”之前，其余调用也都被进入，无从提问；请选一个更靠近前一个的调用，或删去它"),
    )
}
