//! The interrupts that a script plans inside calls: which of them wait in which call, and which never came.

use std::collections::{BTreeMap, VecDeque};

use super::timeline::{Planned, PlannedKind};
use crate::include::sched::TaskId;
use crate::lab::script::annotation::Point;

/// The planned interrupts of a run.
#[derive(Default)]
pub(super) struct PlannedInterrupts {
    /// What is planned inside the call of each task, in script order.
    waiting: BTreeMap<TaskId, VecDeque<Planned>>,
    /// What was planned inside a call and never came, under the number of the line of the call.
    unused: BTreeMap<usize, Vec<Planned>>,
}

impl PlannedInterrupts {
    /// A call begins.
    pub(super) fn begin(&mut self, task: TaskId, planned: &[Planned]) {
        self.waiting.insert(task, planned.iter().cloned().collect());
    }

    /// An interrupt arrived at that occurrence of a point in a task's call: the plan it stands for, which is used up. Of
    /// several ticks at one point only the first finds its plan.
    pub(super) fn take(&mut self, task: TaskId, timer: bool, point: &Point, occurrence: u32) -> Option<Planned> {
        let waiting = self.waiting.get_mut(&task)?;
        let place = waiting.iter().position(|planned| {
            let clock = matches!(planned.kind, PlannedKind::Clock(_));
            clock == timer && planned.point == *point && planned.occurrence == occurrence
        })?;
        waiting.remove(place)
    }

    /// The call of that line is over. What it left unused is kept, unless the machine `died` of it.
    pub(super) fn over(&mut self, task: TaskId, line: usize, died: bool) {
        let left = self.waiting.remove(&task).unwrap_or_default();
        if !left.is_empty() && !died {
            self.unused.insert(line, left.into());
        }
    }

    /// What never came, by the line of its call.
    pub(super) fn never_came(self) -> BTreeMap<usize, Vec<Planned>> {
        self.unused
    }
}
