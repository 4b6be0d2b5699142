//! Runs that the program computes alone: of the laboratory, whose time may go on by itself, and of a script or a capture, whose
//! frames are settled. Promise: what is changed in the past becomes a branch; the run it parts from stays as it was.

use stack::lab::journal::Act;
use stack::lab::run::{Moment, Run};
use stack::lab::world::Medium;
use stack::link::wire::Fate;

use super::answer::Refused;
use super::lookahead::{self, Wanted};
use super::origin::{Edit, Edited, Origin};
use super::typed_call::{is_of_person, play_act};
use crate::picture::Source;

/// Turns that are taken at once when a run is opened or has parted, so that the timeline shows it as a whole.
pub(super) const FIRST_TURNS: usize = 20_000;

/// A run of the laboratory, a script or a capture.
pub struct Lab {
    run: Run,
    source: Source,
    /// Time goes on by itself behind the end: on a simulated wire, and wherever a person has made calls of his own.
    open_ended: bool,
}

impl Lab {
    /// An origin for a run, played as far as a screen wants to show it; `source` is what its title line tells.
    #[must_use]
    pub fn new(mut run: Run, source: Source) -> Self {
        run.play(FIRST_TURNS);
        let open_ended = matches!(run.head().medium, Medium::Simulated(_));
        Self { run, source, open_ended }
    }

    fn parted(&self, run: Run, turn: usize, at: Moment) -> Edited {
        let at = at.min(run.end());
        let origin = Self { run, source: self.source, open_ended: self.open_ended };
        Edited::Branch { origin: Box::new(origin), parts_at: Moment { turn, step: 0 }, at }
    }

    /// The same run up to where a frame is sent, in which it fares otherwise.
    fn with_fate(&mut self, frame: u64, fate: &Fate) -> Result<Edited, Refused> {
        if !matches!(self.run.head().medium, Medium::Simulated(_)) {
            return Err(Refused::NotSimulated);
        }
        let sent = self.run.frames.iter().find(|record| record.sent.number == frame).map(|record| record.moment);
        let sent = sent.ok_or(Refused::NoSuchFrame(frame))?;
        let (mut run, turn) = self.run.fork_with_fates(&[(frame, fate.clone())]).ok_or(Refused::NotSimulated)?;
        // The fate is one turn more, so that every later turn moves up by one.
        run.play(self.run.turns.len().saturating_sub(turn) + 1);
        Ok(self.parted(run, turn, Moment { turn: sent.turn + 1, ..sent }))
    }

    /// An act at the end of the run, which goes on with it, or behind the turn of the cursor in a branch, in which nothing that a
    /// person did later has happened.
    fn with_act(&mut self, act: &Act, time: u64, done: usize, at: Moment) -> Result<Edited, Refused> {
        if at.turn + 1 >= self.run.turns.len() && done == self.run.journal.acts.len() {
            self.run.journal.add(time, act.clone());
            let entered = play_act(&mut self.run, done).ok_or(Refused::CallLost)?;
            self.open_ended = true;
            return Ok(Edited::Here(entered));
        }
        let turn = at.turn + 1;
        let mut run = self.run.fork(turn, |later| {
            later.acts.retain(|(_, act)| !is_of_person(act));
            later.acts.insert(0, (time, act.clone()));
        });
        let entered = play_act(&mut run, done).ok_or(Refused::CallLost)?;
        run.play(FIRST_TURNS);
        let mut parted = self.parted(run, turn, entered);
        if let Edited::Branch { at, .. } = &mut parted {
            *at = entered;
        }
        Ok(parted)
    }
}

impl Origin for Lab {
    fn source(&self) -> Source {
        self.source
    }

    fn run(&self) -> &Run {
        &self.run
    }

    fn run_mut(&mut self) -> &mut Run {
        &mut self.run
    }

    fn extend(&mut self, wanted: Wanted) -> bool {
        let horizon = if self.open_ended { lookahead::when(self.run.head(), wanted) } else { None };
        if let Some(horizon) = horizon {
            self.run.journal.extend(horizon);
        }
        horizon.is_some()
    }

    fn edit(&mut self, edit: &Edit, at: Moment) -> Result<Edited, Refused> {
        match edit {
            Edit::Fate { frame, fate } => self.with_fate(*frame, fate),
            Edit::Act { act, time, done } => self.with_act(act, *time, *done, at),
        }
    }
}
