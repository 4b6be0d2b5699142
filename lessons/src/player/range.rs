//! Where the beats of a lesson stand in its run.

use stack::lab::query::reach;
use stack::lab::run::{Moment, Run};

use crate::lesson::Lesson;

/// Where a beat begins, and where it leaves the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BeatRange {
    /// The moment at which the run is held.
    pub(crate) at: Moment,
    /// The moment at which the beat is settled.
    pub(crate) until: Moment,
    /// Both places were found.
    pub(crate) found: bool,
}

/// Where a beat stands that comes after a moment. A place that is never reached leaves the run where it is.
pub(crate) fn range_of(lesson: &Lesson, beat: usize, run: &mut Run, from: Moment) -> BeatRange {
    let Some(beat) = lesson.beats.get(beat) else { return BeatRange { at: from, until: from, found: false } };
    let at = beat.at.as_ref().map_or(Some(from), |place| reach(place, run, from));
    let begin = at.unwrap_or(from);
    let until = beat.until.as_ref().map_or(Some(begin), |place| reach(place, run, begin));
    BeatRange { at: begin, until: until.unwrap_or(begin), found: at.is_some() && until.is_some() }
}
