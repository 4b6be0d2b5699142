//! How an answer looks at the run: a little at a time. What has been looked at is kept, so that an answer is put together
//! from its beginning after every slice, and only what is new costs anything. Promise: the same question finds the same.

use std::rc::Rc;

use super::moment::Shot;
use super::scan::{Hit, Hunt, Scan, Wanted};
use crate::lab::journal::HostId;
use crate::lab::moment::Moment;
use crate::lab::run::{Entry, Run, Snapshot};
use crate::lab::world::Cause;

/// Not yet known: the slice is used up.
pub(super) struct Later;

/// What was found, or that it is not known yet.
pub(super) type Found<T> = Result<T, Later>;

/// What a moment costs of a slice, in turns.
const COST_OF_A_MOMENT: usize = 32;

/// What has been looked at so far.
#[derive(Default)]
pub(super) struct Memory {
    shots: Vec<(Moment, Option<Rc<Shot>>)>,
    scans: Vec<Scan>,
}

impl Memory {
    /// Turns looked through by the scans, and turns that they have.
    pub(super) fn progress(&self) -> (usize, usize) {
        let each = self
            .scans
            .iter()
            .map(|scan| if scan.is_done { (scan.progress().1, scan.progress().1) } else { scan.progress() });
        each.fold((0, 0), |(done, of), (more, most)| (done + more, of + most))
    }
}

/// A look at a run, for a slice.
pub(super) struct Look<'r> {
    pub(super) run: &'r mut Run,
    pub(super) memory: &'r mut Memory,
    /// Turns that may still be looked through in this slice.
    pub(super) left: usize,
}

impl Look<'_> {
    fn spend(&mut self, cost: usize) -> Found<()> {
        if self.left == 0 {
            return Err(Later);
        }
        self.left = self.left.saturating_sub(cost);
        Ok(())
    }

    /// A moment; `None` where no host takes the turn.
    pub(super) fn at(&mut self, moment: Moment) -> Found<Option<Rc<Shot>>> {
        if let Some((_, shot)) = self.memory.shots.iter().find(|(known, _)| *known == moment) {
            return Ok(shot.clone());
        }
        self.spend(COST_OF_A_MOMENT)?;
        let entry = self.run.turns.get(moment.turn);
        let (time, cause) = entry.map_or((0, Cause::World), |entry| (entry.time, entry.cause.clone()));
        let Snapshot { world, film, host, .. } = self.run.seek(moment);
        let shot = host.map(|host| Rc::new(Shot { moment, film, world, host, cause, time }));
        self.memory.shots.push((moment, shot.clone()));
        Ok(shot)
    }

    /// The moment itself where a host takes its turn, else the end of the last turn of some host before it.
    pub(super) fn near(&mut self, moment: Moment) -> Found<Option<Rc<Shot>>> {
        let has_host = |turn: &usize| self.run.turns.get(*turn).is_some_and(|entry| entry.host().is_some());
        if self.run.turns.is_empty() || has_host(&moment.turn) {
            return self.at(moment);
        }
        let turn = (0..moment.turn.min(self.run.turns.len())).rev().find(has_host);
        match turn {
            Some(turn) => self.at(Moment { turn, step: self.run.steps(turn) }),
            None => Ok(None),
        }
    }

    fn scan(&mut self, wanted: Wanted) -> Found<Vec<Hit>> {
        let known = self.memory.scans.iter().position(|scan| scan.wanted == wanted);
        let place = known.unwrap_or_else(|| {
            self.memory.scans.push(Scan::new(wanted));
            self.memory.scans.len() - 1
        });
        while self.memory.scans.get(place).is_some_and(|scan| !scan.is_done) {
            self.spend(1)?;
            if let Some(scan) = self.memory.scans.get_mut(place) {
                scan.proceed(self.run);
            }
        }
        Ok(self.memory.scans.get(place).map_or_else(Vec::new, |scan| scan.hits.clone()))
    }

    /// The last of these on a host at a moment or before it.
    pub(super) fn last(&mut self, host: HostId, hunts: &[Hunt], until: Moment) -> Found<Option<Hit>> {
        let wanted = Wanted { host, hunts: hunts.to_vec(), after: Moment::default(), until, all: false };
        Ok(self.scan(wanted)?.last().copied())
    }

    /// All of these on a host, after a moment up to another.
    pub(super) fn all(&mut self, host: HostId, hunts: &[Hunt], after: Moment, until: Moment) -> Found<Vec<Hit>> {
        self.scan(Wanted { host, hunts: hunts.to_vec(), after, until, all: true })
    }

    /// The number of turns that have been taken by then whose time is a moment's: the first turn of a time.
    pub(super) fn first_turn_at(&self, time: u64) -> usize {
        self.run.turns.partition_point(|entry| entry.time < time)
    }

    /// Whether a turn hands frames to a host.
    pub(super) fn brings_frames(&self, turn: usize) -> Option<HostId> {
        let entry: &Entry = self.run.turns.get(turn)?;
        if entry.cause == Cause::Frames { entry.host() } else { None }
    }
}
