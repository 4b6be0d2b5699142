//! Branches of a run: the same beginning up to a turn, and from there on another journal. The one way in which anything
//! of the past is done otherwise.
//!
//! A fork takes over the lists of the turns before it, shares their keyframes, and starts from the world as it stood
//! there, so that leaving a run late costs no more than copying its lists. The original is not touched, and both can be
//! walked from beginning to end.
//!
//! Three uses, each one call:
//! * an act that a person adds in the past (a typed call): [`Run::fork`] behind the turn one stands in, with
//!   `|later| later.acts.insert(0, (time, act))`, then `advance` until the act has been done;
//! * a frame that fares otherwise: [`Run::fork_with_fates`] with its number, which finds the turn itself. The fate is an
//!   act of the journal, and so one turn more: what was turn n is turn n + 1 behind the fork;
//! * a learner's changes of the wire: the same with all of them; calls at the end: [`Run::fork`] at `turns.len()` with
//!   `|later| later.add(time, act)`.

use crate::lab::journal::{Act, Journal};
use crate::lab::run::{Moment, Run};
use crate::lab::world::Medium;
use crate::link::wire::Fate;

impl Run {
    /// A branch that is this run before `turn` (which may be one behind the last), and goes on from there with a journal
    /// that `edit` may change: it is given the acts that have not been done there yet, and the horizon.
    ///
    /// An act that `edit` adds for a time before the fork is done at the fork, ahead of every later one; what is due at that
    /// very moment by itself (a tick, a frame under way, a program's call) still comes before it, as everywhere. The branch
    /// has not been played beyond `turn`.
    pub fn fork(&mut self, turn: usize, edit: impl FnOnce(&mut Journal)) -> Self {
        let turn = turn.min(self.turns.len());
        let world = self.before(turn);
        let done = world.acts_done().min(self.journal.acts.len());
        let (earlier, later) = self.journal.acts.split_at(done);
        let mut later = Journal { acts: later.to_vec(), horizon: self.journal.horizon };
        edit(&mut later);
        // Earlier than the fork would be earlier than turns that stay as they were.
        for (time, _) in &mut later.acts {
            *time = (*time).max(world.clock);
        }
        later.acts.sort_by_key(|(time, _)| *time);
        let acts = earlier.iter().cloned().chain(later.acts).collect();
        let journal = Journal { acts, horizon: later.horizon.max(world.clock) };
        let listed = |moment: Moment| moment.turn < turn;
        let frames = self.frames.partition_point(|frame| listed(frame.moment));
        let states = self.states.partition_point(|state| listed(state.moment));
        let discards = self.discards.partition_point(|discard| listed(discard.moment));
        let timers = self.timers.partition_point(|timer| listed(*timer));
        let crashes = self.crashes.partition_point(|crash| listed(crash.moment));
        let marks = self.marks.partition_point(|(mark, _)| listed(*mark));
        let digests = self.digests.up_to(turn, &world);
        let mut fork = Self::new(world, journal);
        fork.digests = digests;
        fork.turns.extend(self.turns.iter().take(turn).cloned());
        fork.frames.extend(self.frames.iter().take(frames).cloned());
        fork.states.extend(self.states.iter().take(states).cloned());
        fork.discards.extend(self.discards.iter().take(discards).copied());
        fork.timers.extend(self.timers.iter().take(timers).copied());
        fork.crashes.extend(self.crashes.iter().take(crashes).cloned());
        fork.marks.extend(self.marks.iter().take(marks).cloned());
        fork.keyframes = self.keyframes.up_to(turn);
        fork
    }

    /// A branch in which frames fare otherwise on a simulated wire, by their numbers, and the turn at which it leaves this
    /// run; `None` where the wire is not simulated, or the first of the frames has left before anything can be decided.
    ///
    /// What becomes of a frame is decided as it leaves, so the branch leaves the run right before the moment at which the
    /// first of the frames does (all that happens at one microsecond belongs together); if none of them has left yet, at
    /// the end. There the fates are acts of the journal, one turn each: what was turn n is turn n + `fates.len()` from
    /// there on. A frame that the run does not have may be named too; one that has left with a lower number cannot change.
    pub fn fork_with_fates(&mut self, fates: &[(u64, Fate)]) -> Option<(Self, usize)> {
        if !matches!(self.head.medium, Medium::Simulated(_)) {
            return None;
        }
        let leaves = |number: &u64| self.frames.iter().find(|frame| frame.sent.number == *number);
        let first = fates.iter().filter_map(|(number, _)| leaves(number)).map(|frame| frame.moment.turn).min();
        let turn = match first {
            None => self.turns.len(),
            Some(turn) => {
                let time = self.turns.get(turn)?.time;
                let turn = self.turns.partition_point(|entry| entry.time < time);
                // At the very first moment the machines are switched on, before any act.
                (time > 0).then_some(turn)?
            }
        };
        let fork = self.fork(turn, |later| {
            let acts = fates.iter().map(|(frame, fate)| (0, Act::Fate { frame: *frame, fate: fate.clone() }));
            later.acts.splice(0..0, acts);
        });
        Some((fork, turn))
    }
}
