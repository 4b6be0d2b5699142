//! What a learner does to a task: changing the wire, making calls; and how the run tells that it is done. A branch is told beside
//! the run that it left: what the task is about, without the change and with it.

use stack::lab::movement::Direction;
use stack::lab::query::{Place, find, reach};
use stack::lab::run::{Moment, Run};

use super::{BeatState, Player};
use crate::lesson::{Change, Task};
use crate::problem::Problem;

/// When something came true in two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// What, in the words of the lesson: `a second SYN leaves A`; filled in by [`Player::view`], whose language they have.
    pub words: String,
    /// The same in the language of predicates: `A.sock(2).retransmits > 5`.
    pub what: String,
    /// When in the run without the learner's change, in microseconds; None = never.
    pub without: Option<u64>,
    /// When in the run with it.
    pub with: Option<u64>,
}

impl Player {
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
        self.state = BeatState::unworked();
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

    /// Where the goal of the beat becomes true in the run to look at; the run goes on from there to `run_to`, where the beat has
    /// one.
    fn look_for_goal(&mut self) {
        let (goal, run_to) = match self.beat().map(|beat| &beat.task) {
            Some(Task::Modify { goal, run_to, .. }) => (goal.clone(), run_to.clone()),
            Some(Task::Make { goal, .. } | Task::Investigate { goal, .. }) => (goal.clone(), None),
            _ => return,
        };
        let moment = reach(&Place::when(goal), self.run(), Moment::default());
        let later = moment.and_then(|from| reach(run_to.as_ref()?, self.run(), from));
        // What has not led to the goal is looked at where it begins.
        let begins = parted(&self.changes, self.shown()).unwrap_or_else(|| self.shown().end());
        self.at = later.or(moment).unwrap_or(begins);
        self.reached(moment);
    }

    pub(super) fn reached(&mut self, moment: Option<Moment>) {
        let told = if moment.is_some() { self.told_beside() } else { Vec::new() };
        if let BeatState::Working { reached, complaint, beside, .. } = &mut self.state {
            *reached = moment;
            *complaint = None;
            *beside = told;
        }
        if moment.is_some() && !self.record().skipped {
            self.record().done = true;
        }
        if let Some(moment) = moment {
            self.ask_of(moment);
        }
    }

    /// What a change has changed: when the goal and every piece of evidence came true behind it, without it and with it.
    fn told_beside(&mut self) -> Vec<Beside> {
        let Some(Task::Modify { goal, evidence, .. }) = self.beat().map(|beat| beat.task.clone()) else {
            return Vec::new();
        };
        let Some(branch) = &mut self.branch else { return Vec::new() };
        let changes = &self.changes;
        let told = [goal].into_iter().chain(evidence).map(|expression| {
            let place = Place::when(expression.clone());
            Beside {
                words: String::new(),
                what: expression.to_string(),
                without: came_true(&place, &mut self.run, changes),
                with: came_true(&place, branch, changes),
            }
        });
        told.collect()
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

/// When a place is passed first behind the beginning of changes, in microseconds; None = never.
pub(crate) fn came_true(place: &Place, run: &mut Run, changes: &[Change]) -> Option<u64> {
    let from = parted(changes, run).unwrap_or_default();
    let moment = find(place, run, from, Direction::Forward)?;
    Some(run.time(moment))
}

/// Where changes begin in a run, with them or without: where the first frame leaves that fares otherwise. None where none does.
fn parted(changes: &[Change], run: &Run) -> Option<Moment> {
    let first = changes.iter().map(|change| change.fate().0).min()?;
    let index = usize::try_from(first).ok()?.checked_sub(1)?;
    run.frames.get(index).map(|frame| frame.moment)
}
