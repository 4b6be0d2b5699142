//! One line of the comparison by its parts, for a screen that lays them out itself. Promise: the words are those of the report.

use super::{Origin, frame, relation, subject};
use crate::capture::compare::{Aligned, Relation};
use crate::capture::inject::Outcome;
use crate::i18n::Lang;

/// A line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Seconds since the first frame of the connection, at the place of capture.
    pub time: String,
    /// The number of the captured frame, the word for a ghost, or a dash.
    pub frame: String,
    /// The segment as packetdrill writes it: what 1.2.13 sends, or what was captured where it sends nothing.
    pub what: String,
    /// How the two relate.
    pub how: String,
    /// The same in one sign: `=` same, `~` by design of 1995, and of decisions `+` extra, `-` missing, `<` earlier, `>` later,
    /// `≠` other fields or segments.
    pub sign: char,
}

/// The parts of a line.
#[must_use]
pub fn row(outcome: &Outcome, line: &Aligned, lang: Lang) -> Option<Row> {
    let origin = Origin::of(outcome);
    let segment = subject(outcome, line)?;
    Some(Row {
        time: origin.time(segment.time_ns),
        frame: frame(lang, outcome, line),
        what: origin.segment(segment),
        how: relation(lang, &origin, outcome, line),
        sign: sign(line),
    })
}

fn sign(line: &Aligned) -> char {
    match line.relation {
        Relation::Same => '=',
        _ if !line.decides => '~',
        Relation::Extra => '+',
        Relation::Missing => '-',
        Relation::Earlier(_) => '<',
        Relation::Later(_) => '>',
        Relation::SplitDifferently | Relation::Differs => '≠',
    }
}
