//! The call tree of a turn: what one frame, one call or one tick of the clock set going, function below function, with the steps that
//! each took. Made from the film of the turn; which parts are folded away is the person's.

use std::collections::BTreeSet;

use stack::kernel::probe::Event;
use stack::lab::film::Film;

use crate::picture::Layer;

/// Rows that are made at most: what comes behind is not shown, and the tree says so.
const MOST_ROWS: usize = 20_000;

/// The tree as it is unfolded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// What set the turn going, such as `A: frame`.
    pub subject: String,
    /// Steps of the whole turn.
    pub steps: u64,
    /// The calls that are not folded away, in the order of the run.
    pub rows: Vec<OutlineRow>,
    /// The row of the present step: the innermost that is shown around it.
    pub here: usize,
    /// Whether there are more calls than rows are made for.
    pub is_cut: bool,
}

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineRow {
    /// The function.
    pub function: &'static str,
    /// Its layer.
    pub layer: Layer,
    /// Calls around it.
    pub depth: u16,
    /// Its steps with those of everything it called, entry and exit counted.
    pub steps: u64,
    /// Its entry, as a step of the turn, from 1.
    pub entry: usize,
    /// The number of that step in the run.
    pub first: u64,
    /// Whether the present step lies in it.
    pub is_open: bool,
    /// Whether it calls anything.
    pub has_calls: bool,
    /// Whether what it calls is folded away.
    pub is_folded: bool,
}

impl Outline {
    /// Takes out what comes behind a step: a lesson still hides it.
    pub fn hide_behind(&mut self, step: u64) {
        self.rows.retain(|row| row.first <= step);
        for row in &mut self.rows {
            row.steps = row.steps.min(step + 1 - row.first);
        }
        self.here = self.here.min(self.rows.len().saturating_sub(1));
        self.steps = self.rows.first().map_or(0, |row| row.steps);
    }
}

/// The tree of a film as it is at a step; `start` is the number of the moment before the film's first step.
#[must_use]
pub fn outline(film: &Film, step: usize, start: u64, folded: &BTreeSet<usize>) -> Outline {
    let mut tree = Outline { steps: film.steps.len() as u64, ..Outline::default() };
    // The row of each open call; none of one that is folded away.
    let mut open: Vec<Option<usize>> = Vec::new();
    for (index, film_step) in film.steps.iter().enumerate() {
        match &film_step.event {
            Event::Enter { function, .. } => {
                let entry = index + 1;
                let parent = open.last().copied();
                let caller = parent.flatten().and_then(|row| tree.rows.get_mut(row));
                let is_hidden = caller.as_ref().map_or(parent.is_some(), |caller| caller.is_folded);
                if let Some(caller) = caller {
                    caller.has_calls = true;
                }
                tree.is_cut |= tree.rows.len() == MOST_ROWS;
                if is_hidden || tree.rows.len() == MOST_ROWS {
                    open.push(None);
                    continue;
                }
                open.push(Some(tree.rows.len()));
                tree.rows.push(OutlineRow {
                    function: function.name,
                    layer: Layer::of(function),
                    depth: film_step.depth,
                    steps: (film.steps.len() - index) as u64,
                    entry,
                    first: start + entry as u64,
                    is_open: entry <= step,
                    has_calls: false,
                    is_folded: folded.contains(&entry),
                });
            }
            Event::Exit { .. } => {
                let row = open.pop().flatten().and_then(|row| tree.rows.get_mut(row));
                if let Some(row) = row {
                    row.steps = (index + 2 - row.entry) as u64;
                    row.is_open &= step <= index + 1;
                }
            }
            _ => {}
        }
    }
    tree.here = tree.rows.iter().rposition(|row| row.is_open).unwrap_or(0);
    tree
}
