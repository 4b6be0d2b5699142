//! Steps to be put in their order: the learner's own beside that of the run.
//!
//! Promise: what the learner had stays as it was, and is credited for the longest row of steps that follow each other as they do
//! in the run; a beat that was skipped shows nothing as done.

use stack::lab::query::reach;
use stack::lab::run::Moment;
use stack::link::random::Random;

use super::{BeatState, Player};
use crate::lesson::Task;

/// What came of ordering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ordered {
    /// The steps in the order of the run, by their places in the lesson.
    pub(super) truth: Vec<usize>,
    /// The learner's order, each with whether it belongs to the longest row that is also one of the run; None where the beat was
    /// skipped.
    pub(super) own: Option<Vec<(usize, bool)>>,
}

impl Player {
    pub(super) fn shift(&mut self, up: bool) -> bool {
        let BeatState::Ranking { order, chosen, ordered: None, .. } = &mut self.state else { return false };
        let other = if up { chosen.checked_sub(1) } else { Some(*chosen + 1) };
        let Some(other) = other.filter(|other| *other < order.len() && *chosen < order.len()) else { return false };
        order.swap(*chosen, other);
        *chosen = other;
        true
    }

    /// Shows the order of the run, and the learner's beside it where there is one.
    pub(super) fn show_order(&mut self, own: Option<&[usize]>) {
        let truth = self.true_order();
        let record = self.record();
        record.done = own.is_some_and(|own| own == truth);
        record.skipped = own.is_none();
        self.at = self.range(self.visit().beat).until;
        let own = own.map(|own| {
            let row = longest_common(own, &truth);
            own.iter().map(|step| (*step, row.contains(step))).collect()
        });
        if let BeatState::Ranking { ordered, .. } = &mut self.state {
            *ordered = Some(Ordered { truth, own });
        }
    }

    /// The steps of an ordering beat as the run has them.
    fn true_order(&mut self) -> Vec<usize> {
        let Some(Task::Order { steps }) = self.beat().map(|beat| beat.task.clone()) else { return Vec::new() };
        let mut moments: Vec<(Option<Moment>, usize)> = steps
            .iter()
            .enumerate()
            .map(|(index, step)| (reach(&step.at, &mut self.run, Moment::default()), index))
            .collect();
        moments.sort_by_key(|(moment, index)| (moment.is_none(), *moment, *index));
        moments.into_iter().map(|(_, index)| index).collect()
    }
}

/// The longest row of steps that both orders have, others between them or not; of rows equally long the one that begins first.
fn longest_common(own: &[usize], truth: &[usize]) -> Vec<usize> {
    let places: Vec<Option<usize>> = own.iter().map(|step| truth.iter().position(|other| other == step)).collect();
    // The longest row that ends at each step, by its steps.
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for (at, step) in own.iter().enumerate() {
        let place = places.get(at).copied().flatten();
        let before = rows.iter().zip(&places).filter(|(_, other)| **other < place).map(|(row, _)| row);
        let mut row = before.fold(Vec::new(), |best, row| if row.len() > best.len() { row.clone() } else { best });
        row.push(*step);
        rows.push(row);
    }
    rows.into_iter().fold(Vec::new(), |best, row| if row.len() > best.len() { row } else { best })
}

/// Numbers from 0 in an order that is not their own.
pub(super) fn shuffled(length: usize, seed: u64) -> Vec<usize> {
    let mut random = Random::new(seed ^ 0x0070_6c61_7965_7221);
    let mut order: Vec<usize> = (0..length).collect();
    for index in (1..length).rev() {
        let other = usize::try_from(random.below(index as u64 + 1)).unwrap_or(0);
        order.swap(index, other);
    }
    if length > 1 && order.iter().enumerate().all(|(index, own)| index == *own) {
        order.rotate_left(1);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_in_the_order_of_the_run_is_credited() {
        let truth = [0, 1, 2, 3, 4];
        assert_eq!(longest_common(&[0, 1, 2, 3, 4], &truth), [0, 1, 2, 3, 4]);
        assert_eq!(longest_common(&[4, 0, 1, 2, 3], &truth), [0, 1, 2, 3], "one step out of place costs one");
        assert_eq!(longest_common(&[1, 0, 3, 2, 4], &truth), [1, 3, 4]);
        assert_eq!(longest_common(&[4, 3, 2, 1, 0], &truth), [4], "backwards, one alone");
        assert_eq!(longest_common(&[2, 0, 1], &[1, 2, 0]), [2, 0], "whatever the order of the run");
    }
}
