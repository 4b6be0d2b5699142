//! What a learner does to a task: ordering steps, changing the wire, making calls; and how the run tells that it is done.

use stack::lab::query::{Place, reach};
use stack::lab::run::{Moment, Run};

use super::{BeatState, Player};
use crate::lesson::{Change, Task};
use crate::problem::Problem;

impl Player {
    pub(super) fn shift(&mut self, up: bool) -> bool {
        let BeatState::Ranking { order, chosen, right: None, .. } = &mut self.state else { return false };
        let other = if up { chosen.checked_sub(1) } else { Some(*chosen + 1) };
        let Some(other) = other.filter(|other| *other < order.len() && *chosen < order.len()) else { return false };
        order.swap(*chosen, other);
        *chosen = other;
        true
    }

    pub(super) fn change(&mut self, change: Change) -> bool {
        let Some(Task::Modify { allow, .. }) = self.beat().map(|beat| &beat.task) else { return false };
        if !allow.contains(&change.needs()) || self.changes.len() >= 16 {
            return false;
        }
        self.changes.push(change);
        self.rerun()
    }

    pub(super) fn undo(&mut self) -> bool {
        if self.changes.is_empty() {
            return false;
        }
        self.changes.clear();
        self.branch = None;
        self.at = self.range(self.visit().beat).at;
        self.state = BeatState::Working { hints: 0, reached: None, complaint: None };
        true
    }

    /// A branch of the run, with the changes of the wire.
    fn rerun(&mut self) -> bool {
        let branch = self.lesson.with_changes(&mut self.run, &self.changes);
        if branch.is_ok() {
            self.record().changes = self.changes.iter().map(ToString::to_string).collect();
        }
        self.follow(branch)
    }

    /// A branch of the run, with the learner's calls behind it.
    pub(super) fn make_calls(&mut self, text: &str) -> bool {
        let Some(beat) = self.beat().filter(|beat| matches!(beat.task, Task::Make { .. })) else { return false };
        let host = beat.host.clone();
        let branch = self.lesson.with_calls(&mut self.run, host.as_deref(), text);
        if branch.is_ok() {
            text.clone_into(&mut self.record().calls);
        }
        self.follow(branch)
    }

    /// Puts a branch under the cursor, where the goal of the beat becomes true in it; says why where there is none.
    fn follow(&mut self, branch: Result<Run, Problem>) -> bool {
        match branch {
            Ok(run) => {
                self.branch = Some(run);
                self.look_for_goal();
                true
            }
            Err(problem) => {
                self.complain(problem);
                false
            }
        }
    }

    fn complain(&mut self, problem: Problem) {
        if let BeatState::Working { complaint, .. } = &mut self.state {
            *complaint = Some(problem);
        }
    }

    /// Where the goal of the beat becomes true in the run to look at.
    fn look_for_goal(&mut self) {
        let goal = match self.beat().map(|beat| &beat.task) {
            Some(Task::Modify { goal, .. } | Task::Make { goal, .. } | Task::Investigate { goal }) => goal.clone(),
            _ => return,
        };
        let moment = reach(&Place::when(goal), self.run(), Moment::default());
        let end = self.run().end();
        self.at = moment.unwrap_or(end);
        self.reached(moment);
    }

    pub(super) fn reached(&mut self, moment: Option<Moment>) {
        if let BeatState::Working { reached, complaint, .. } = &mut self.state {
            *reached = moment;
            *complaint = None;
        }
        if moment.is_some() && !self.record().skipped {
            self.record().done = true;
        }
    }

    /// The task as the lesson solves it, for a learner who skips.
    pub(super) fn solve(&mut self) {
        match self.beat().map(|beat| beat.task.clone()) {
            Some(Task::Modify { solution, .. }) => {
                self.changes = solution;
                self.rerun();
            }
            Some(Task::Make { solution, .. }) => {
                self.make_calls(&solution);
            }
            _ => self.look_for_goal(),
        }
    }
}
