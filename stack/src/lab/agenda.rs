//! What a world has scheduled: by time, and within one moment in the order in which it was scheduled.

use std::collections::VecDeque;

use crate::include::sched::TaskId;
use crate::init::Input;
use crate::lab::journal::HostId;

/// Something the world has scheduled.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Scheduled {
    /// Start-up of a host: the n-th input of its list.
    Input { host: HostId, input: Box<Input> },
    /// Frames arrive.
    Frames { host: HostId, frames: Vec<(u8, Vec<u8>)> },
    /// The program of a process makes its next call.
    Program { host: HostId, task: TaskId },
}

/// What is still to come, the next first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Agenda(VecDeque<(u64, Scheduled)>);

impl Agenda {
    /// Something is to happen at a time, behind what is to happen then already.
    pub(super) fn add(&mut self, time: u64, what: Scheduled) {
        let place = self.0.partition_point(|(other, _)| *other <= time);
        self.0.insert(place, (time, what));
    }

    /// When the next thing is to happen.
    pub(super) fn next_time(&self) -> Option<u64> {
        self.0.front().map(|(time, _)| *time)
    }

    /// Takes the next thing.
    pub(super) fn take(&mut self) -> Option<Scheduled> {
        self.0.pop_front().map(|(_, what)| what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_scheduled_for_one_moment_keeps_its_order() {
        let mut agenda = Agenda::default();
        for (time, task) in [(20, 1), (10, 2), (20, 3), (10, 4), (15, 5)] {
            agenda.add(time, Scheduled::Program { host: 0, task: TaskId(task) });
        }
        assert_eq!(agenda.next_time(), Some(10));
        let task = |what| match what {
            Scheduled::Program { task, .. } => task.0,
            Scheduled::Input { .. } | Scheduled::Frames { .. } => 0,
        };
        let tasks: Vec<u32> = std::iter::from_fn(|| agenda.take().map(task)).collect();
        assert_eq!(tasks, [2, 4, 5, 1, 3]);
    }
}
