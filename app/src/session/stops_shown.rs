//! What is shown of the stops beside their list: what kind each is, how often it has come, where its signs stand.

use stack::lab::query::{Happening, Place, PlaceKind, listed, tally};
use stack::lab::run::{Moment, Run};

use super::stops::Stop;
use crate::picture::{StopKind, StopRow};

/// Signs of one stop on the timeline at most: a line of two hundred cells shows no more.
const SIGNS: usize = 400;

/// The row of a stop at a moment.
pub(super) fn row(stop: &Stop, run: &Run, at: Moment) -> StopRow {
    StopRow { text: stop.place.to_string(), kind: kind(&stop.place), on: stop.on, hits: tally(&stop.place, run, at) }
}

fn kind(place: &Place) -> StopKind {
    match &place.kind {
        PlaceKind::Start | PlaceKind::End | PlaceKind::Mark(_) => StopKind::Mark,
        PlaceKind::FrameLeaves(_) | PlaceKind::FrameArrives(_) => StopKind::Frame,
        PlaceKind::When(expression) if expression.has_trend() => StopKind::Watch,
        PlaceKind::When(_) => StopKind::Condition,
        PlaceKind::Host { what, .. } => match what {
            Happening::Enter(_) | Happening::Leave(_) => StopKind::Function,
            Happening::State(..) | Happening::Born(_) => StopKind::State,
            Happening::Timer(_) => StopKind::Timer,
            Happening::Drop(_) => StopKind::Drop,
            Happening::Process(..) => StopKind::Process,
            Happening::Frame(..) => StopKind::Frame,
        },
    }
}

/// Whether a stop stands at the entry of a function of a host, and whether it is on.
pub(super) fn on_function(stops: &[Stop], host: &str, function: &str) -> Option<bool> {
    let is_here = |place: &Place| match &place.kind {
        PlaceKind::Host { host: named, what: Happening::Enter(name) | Happening::Leave(name) } => {
            name == function && named.as_ref().is_none_or(|named| named.name == host)
        }
        _ => false,
    };
    let here = stops.iter().filter(|stop| is_here(&stop.place));
    here.map(|stop| stop.on).reduce(|any, on| any || on)
}

/// Where the stops that are on have their signs, as far as the run lists them.
pub(super) fn signs(stops: &[Stop], run: &Run) -> Vec<Moment> {
    stops.iter().filter(|stop| stop.on).flat_map(|stop| listed(&stop.place, run, SIGNS)).collect()
}
