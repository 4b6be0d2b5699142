//! Places that a run lists as it goes on: births and changes of states, drops, frames, marks. They are looked up, and no
//! kernel runs for them.

use std::ops::RangeInclusive;

use super::place::{Happening, Passing, Place, PlaceKind};
use super::probe::{fits, is_drop};
use crate::lab::journal::HostId;
use crate::lab::run::{Moment, Run, StateRecord};

/// Frames that are asked for their fields at most where an answer must come at once.
const SOON: usize = 2_000;

/// Whether the run lists such places itself. (A frame arrives on a simulated wire unlisted; one from outside is listed.)
pub(super) fn is_in_lists(kind: &PlaceKind) -> bool {
    match kind {
        PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) | PlaceKind::FrameLeaves(_) => true,
        PlaceKind::Host { what, .. } => match what {
            Happening::State(..) | Happening::Born(_) | Happening::Drop(_) => true,
            Happening::Frame(way, _) => *way != Passing::Arrives,
            Happening::Enter(_) | Happening::Leave(_) | Happening::Timer(_) | Happening::Process(..) => false,
        },
        PlaceKind::When(_) | PlaceKind::FrameArrives(_) => false,
    }
}

/// The records of a list that belong to some turns.
pub(super) fn in_turns<'r, T>(records: &'r [T], turns: &RangeInclusive<usize>, of: impl Fn(&T) -> usize) -> &'r [T] {
    let first = records.partition_point(|record| of(record) < *turns.start());
    let last = records.partition_point(|record| of(record) <= *turns.end());
    records.get(first..last).unwrap_or(&[])
}

/// The moments of some turns at which a listed place of some hosts is, in order; none of what is not listed.
pub(super) fn moments(kind: &PlaceKind, hosts: &[HostId], run: &Run, turns: RangeInclusive<usize>) -> Vec<Moment> {
    let states = |fits: &dyn Fn(&StateRecord) -> bool| {
        let here = in_turns(&run.states, &turns, |state| state.moment.turn).iter();
        here.filter(|state| hosts.contains(&state.host) && fits(state)).map(|state| state.moment).collect()
    };
    match kind {
        PlaceKind::Mark(name) => {
            let here = in_turns(&run.marks, &turns, |(moment, _)| moment.turn).iter();
            here.filter(|(_, mark)| mark == name).map(|(moment, _)| *moment).collect()
        }
        PlaceKind::FrameLeaves(number) => {
            let frame = run.frames.get(number - 1).filter(|frame| !frame.from_outside);
            frame.map(|frame| frame.moment).filter(|moment| turns.contains(&moment.turn)).into_iter().collect()
        }
        PlaceKind::Host { what: Happening::State(from, to), .. } => states(&|state| {
            let Some(old) = state.old else { return false };
            from.is_none_or(|from| from == old) && to.is_none_or(|to| to == state.new) && old != state.new
        }),
        PlaceKind::Host { what: Happening::Born(wanted), .. } => {
            states(&|state| state.is_birth() && wanted.is_none_or(|wanted| wanted == state.new))
        }
        PlaceKind::Host { what: Happening::Drop(wanted), .. } => {
            let here = in_turns(&run.discards, &turns, |discard| discard.moment.turn).iter();
            let fitting =
                here.filter(|discard| hosts.contains(&discard.host) && is_drop(wanted.as_deref(), discard.reason));
            fitting.map(|discard| discard.moment).collect()
        }
        PlaceKind::Host { what: Happening::Frame(way, which), .. } => {
            let here = in_turns(&run.frames, &turns, |frame| frame.moment.turn).iter();
            let fitting = here.filter(|frame| {
                let passes = *way == Passing::Either || *way == Passing::Leaves && !frame.from_outside;
                passes && hosts.contains(&frame.sent.host) && fits(which.as_ref(), &frame.sent.bytes)
            });
            fitting.map(|frame| frame.moment).collect()
        }
        PlaceKind::Start
        | PlaceKind::End
        | PlaceKind::When(_)
        | PlaceKind::FrameArrives(_)
        | PlaceKind::Host { .. } => Vec::new(),
    }
}

/// Whether a place can be answered from the lists at once.
fn is_soon(place: &Place, run: &Run) -> bool {
    let heavy = matches!(&place.kind, PlaceKind::Host { what: Happening::Frame(_, Some(_)), .. });
    is_in_lists(&place.kind)
        && !matches!(place.kind, PlaceKind::Start | PlaceKind::End)
        && place.condition.is_none()
        && (!heavy || run.frames.len() <= SOON)
}

fn all(place: &Place, run: &Run) -> Vec<Moment> {
    let hosts: Vec<HostId> = match &place.kind {
        PlaceKind::Host { host: Some(named), .. } => {
            run.head().hosts.iter().position(|host| host.name == named.name).into_iter().collect()
        }
        _ => (0..run.head().hosts.len()).collect(),
    };
    let found = moments(&place.kind, &hosts, run, 0..=usize::MAX);
    match place.occurrence {
        Some(which) => found.get(which.saturating_sub(1)).copied().into_iter().collect(),
        None => found,
    }
}

/// How often a place has come up to a moment, where the run lists that and it is known at once.
#[must_use]
pub fn tally(place: &Place, run: &Run, until: Moment) -> Option<usize> {
    is_soon(place, run).then(|| all(place, run).partition_point(|moment| *moment <= until))
}

/// The moments of a place in what there is of the run, where the run lists them and they are known at once: `most` at most,
/// from the beginning.
#[must_use]
pub fn listed(place: &Place, run: &Run, most: usize) -> Vec<Moment> {
    if is_soon(place, run) { all(place, run).into_iter().take(most).collect() } else { Vec::new() }
}
