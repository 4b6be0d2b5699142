//! The steps of a run counted through, so that a moment has a number and a number has a moment; and the marks on the
//! timeline. Both grow with the turns.

use std::sync::Arc;

use stack::lab::run::{Entry, Moment, Run};

use crate::picture::TimelineMark;

/// Marks kept; beyond that frames make room for state changes.
const MARKS: usize = 4_000;

/// Numbers of the moments of a run.
#[derive(Clone, Debug, Default)]
pub(super) struct StepNumbers {
    /// Steps before each turn.
    starts: Vec<u64>,
    steps: u64,
    marks: Arc<Vec<(u64, TimelineMark)>>,
    /// Frames, changes of state and deaths taken in so far.
    seen: (usize, usize, usize),
}

impl StepNumbers {
    /// Takes in the turns that have come since.
    pub(super) fn take_in(&mut self, turns: &[Entry]) {
        for entry in turns.iter().skip(self.starts.len()) {
            self.starts.push(self.steps);
            self.steps += entry.steps() as u64;
        }
    }

    /// Turns taken in so far.
    pub(super) fn turns(&self) -> usize {
        self.starts.len()
    }

    /// Takes in the frames and state changes that have come since.
    pub(super) fn take_in_marks(&mut self, run: &Run) {
        let seen = (run.frames.len(), run.states.len(), run.crashes.len());
        if seen == self.seen {
            return;
        }
        // Those that are left out cost nothing: a live run has a hundred thousand of them, and more with every picture.
        let every = (run.frames.len() / MARKS.saturating_sub(run.states.len()).max(MARKS / 2)).max(1);
        let frames = run.frames.iter().step_by(every);
        let mut marks: Vec<(u64, TimelineMark)> =
            frames.map(|record| (self.number(record.moment), TimelineMark::Frame)).collect();
        let every = (run.states.len() / MARKS).max(1);
        let states = run.states.iter().step_by(every);
        marks.extend(states.map(|record| (self.number(record.moment), TimelineMark::State)));
        marks.extend(run.crashes.iter().map(|crash| (self.number(crash.moment), TimelineMark::Oops)));
        self.marks = Arc::new(marks);
        self.seen = seen;
    }

    /// All steps.
    #[must_use]
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// The marks.
    #[must_use]
    pub(super) fn marks(&self) -> &Arc<Vec<(u64, TimelineMark)>> {
        &self.marks
    }

    /// The number of a moment.
    #[must_use]
    pub(super) fn number(&self, moment: Moment) -> u64 {
        let start = self.starts.get(moment.turn).copied().unwrap_or(self.steps);
        (start + moment.step as u64).min(self.steps)
    }

    /// The moment of a number, the last one where it lies behind the end.
    #[must_use]
    pub(super) fn moment(&self, number: u64) -> Moment {
        let number = number.clamp(u64::from(self.steps > 0), self.steps.max(1));
        let turn = self.starts.partition_point(|start| *start < number).saturating_sub(1);
        let start = self.starts.get(turn).copied().unwrap_or(0);
        Moment { turn, step: usize::try_from(number - start.min(number)).unwrap_or(0) }
    }
}

#[cfg(test)]
mod tests {
    use stack::lab::world::Cause;

    use super::*;

    #[test]
    fn numbers_and_moments_are_each_others_inverse() {
        let entry = |steps| Entry::new(0, Cause::Tick, Some(0), steps);
        let mut numbers = StepNumbers::default();
        numbers.take_in(&[entry(3), entry(0), entry(2)]);
        let walked: Vec<Moment> = (1..=5).map(|number| numbers.moment(number)).collect();
        let expected = [(0, 1), (0, 2), (0, 3), (2, 1), (2, 2)];
        assert_eq!(walked, expected.map(|(turn, step)| Moment { turn, step }));
        for number in 1..=5 {
            assert_eq!(numbers.number(numbers.moment(number)), number);
        }
        assert_eq!(numbers.moment(99), Moment { turn: 2, step: 2 });
    }
}
