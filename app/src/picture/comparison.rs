//! Two runs or two moments side by side, as plain data: their frames in pairs, then the fields in which the machines differ.

use stack::lab::compare::{Difference, FramePair, Relation, frame_fields, frames, worlds};
use stack::lab::run::{FrameRecord, Run};
use stack::lab::world::World;
use stack::wire::FrameSummary;

use crate::i18n::{Lang, Message};
use crate::picture::ladder::{InitialNumbers, saying};

/// One side of a row: a frame as the ladder tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComparedFrame {
    /// Its number.
    pub number: u64,
    /// When it left, microseconds since the world began.
    pub microseconds: u64,
    /// Who sent it: the host's name, or the peer's word.
    pub from: String,
    /// What it says.
    pub label: String,
    /// Whether it never arrives.
    pub lost: bool,
}

/// A pair of frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedRow {
    /// The frame of the left run.
    pub left: Option<ComparedFrame>,
    /// That of the right run.
    pub right: Option<ComparedFrame>,
    /// How they relate.
    pub relation: Relation,
    /// What differs in them, where they say the same and differ in other fields: `iphdr.id 3 | 4`.
    pub detail: Vec<Difference>,
}

/// Two runs or moments, compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// What the left side is.
    pub left: String,
    /// What the right side is.
    pub right: String,
    /// The frames; none where two moments of one run are compared.
    pub rows: Vec<ComparedRow>,
    /// The first row that is not the same on both sides.
    pub first: Option<usize>,
    /// The fields in which the machines differ, at the two moments or at the two ends.
    pub fields: Vec<Difference>,
}

impl Comparison {
    /// Two runs: their frames, and their machines at their ends.
    #[must_use]
    pub fn of_runs((left_name, left): (&str, &Run), (right_name, right): (&str, &Run), lang: Lang) -> Self {
        let pairs = frames(&left.frames, &right.frames);
        let (ours, theirs) = (Side::of(left, lang), Side::of(right, lang));
        let rows: Vec<ComparedRow> = pairs.iter().map(|pair| row(pair, &ours, &theirs)).collect();
        Self {
            left: left_name.to_owned(),
            right: right_name.to_owned(),
            first: rows.iter().position(|row| row.relation != Relation::Same),
            rows,
            fields: worlds(&left.at_end(), &right.at_end()),
        }
    }

    /// Two moments: their machines.
    #[must_use]
    pub fn of_worlds((left_name, left): (&str, &World), (right_name, right): (&str, &World)) -> Self {
        Self {
            left: left_name.to_owned(),
            right: right_name.to_owned(),
            fields: worlds(left, right),
            ..Self::default()
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.first.is_none() && self.fields.is_empty()
    }
}

/// What is needed of a run to tell its frames.
struct Side<'a> {
    run: &'a Run,
    initial_numbers: InitialNumbers,
    lang: Lang,
}

impl<'a> Side<'a> {
    fn of(run: &'a Run, lang: Lang) -> Self {
        let mut initial_numbers = InitialNumbers::default();
        initial_numbers.take_in(&run.frames);
        Self { run, initial_numbers, lang }
    }

    fn frame(&self, index: usize) -> Option<ComparedFrame> {
        let record = self.run.frames.get(index)?;
        let summary = FrameSummary::of(&record.sent.bytes);
        let origin = match &summary {
            FrameSummary::Tcp(segment) => Some(self.initial_numbers.of(index, segment)),
            _ => None,
        };
        let host = self.run.head().hosts.get(record.sent.host).map_or("", |host| host.name.as_str());
        let from = if record.from_outside { Message::Peer.text(self.lang) } else { host };
        let simulated = matches!(self.run.head().medium, stack::lab::world::Medium::Simulated(_));
        Some(ComparedFrame {
            number: record.sent.number,
            microseconds: record.time,
            from: from.to_owned(),
            label: saying(&summary, origin),
            lost: simulated && record.sent.arrivals.is_empty(),
        })
    }
}

fn row(pair: &FramePair, left: &Side, right: &Side) -> ComparedRow {
    let record = |side: &Side, place: Option<usize>| -> Option<FrameRecord> { side.run.frames.get(place?).cloned() };
    let detail = match (pair.relation, record(left, pair.left), record(right, pair.right)) {
        (Relation::Fields, Some(one), Some(two)) => frame_fields(&one.sent.bytes, &two.sent.bytes),
        _ => Vec::new(),
    };
    ComparedRow {
        left: pair.left.and_then(|index| left.frame(index)),
        right: pair.right.and_then(|index| right.frame(index)),
        relation: pair.relation,
        detail,
    }
}
