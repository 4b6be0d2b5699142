//! Keeping a session: everything that a person made of a run, to be written beside it and to be taken up again where he stood.
//!
//! A branch is kept as its journal, not as its turns: opened again it is computed again, and so it is the same. Promise: what was
//! saved opens with the same branches, marks, stops, typed calls and cursor; of a run that has become shorter the cursor stands at
//! its end.

use stack::lab::journal::{Act, Journal};
use stack::lab::run::{Moment, Run};
use stack::lab::script::parse_call;

use super::Session;
use super::branch::{Branch, Parting};
use super::lab::Lab;
use super::origin::Edit;
use super::typed_call::Typed;
use crate::recording::journal::{Kept, KeptBranch, Stand};
use crate::recording::of_run::with_session;

impl Session {
    /// The session as a recording that this program opens again where one stands, and Wireshark as the frames of the first branch.
    ///
    /// # Errors
    /// Its run does not begin where its machines are switched on, such as a live session of hours.
    pub fn recording(&mut self) -> Result<Vec<u8>, String> {
        let kept = self.kept();
        let Some(first) = self.branches.first_mut() else { return Err(String::new()) };
        with_session(first.origin.run_mut(), &kept).map_err(|error| error.to_string())
    }

    /// What a person has made of the run.
    #[must_use]
    pub fn kept(&self) -> Kept {
        let journal = |index: usize| self.branches.get(index).map(|branch| &branch.origin.run().journal);
        let branches = self.branches.iter().filter_map(|branch| {
            let parting = branch.parent.as_ref()?;
            let own = &branch.origin.run().journal;
            let shares = journal(parting.from).map_or(0, |parent| shared(parent, own));
            let edit = match &parting.edit {
                Edit::Fate { frame, fate } => (Act::Fate { frame: *frame, fate: fate.clone() }, 0, 0),
                Edit::Act { act, done, time } => (act.clone(), *done, *time),
            };
            let acts = own.acts.get(shares..).unwrap_or(&[]).to_vec();
            let rest = Journal { acts, horizon: own.horizon };
            Some(KeptBranch { from: parting.from, at: parting.at, edit, shares, rest, stand: stand(branch) })
        });
        Kept {
            branches: branches.collect(),
            first: self.branches.first().map(stand).unwrap_or_default(),
            marks: self.marks.iter().map(|(letter, (branch, at))| (*letter, *branch, *at)).collect(),
            stops: self.stops.all().iter().map(|stop| (stop.place.to_string(), stop.on)).collect(),
            branch: self.branch,
            start: self.start,
        }
    }

    /// Takes up what was kept of a session, on its first run.
    #[must_use]
    pub fn with_kept(mut self, kept: &Kept) -> Self {
        self.start = self.start.max(kept.start);
        if !kept.is_session() {
            return self;
        }
        for kept in &kept.branches {
            self.take_up(kept);
        }
        if let Some(first) = self.branches.first_mut() {
            take_stand(first, &kept.first);
        }
        self.marks = kept.marks.iter().map(|(letter, branch, at)| (*letter, (*branch, *at))).collect();
        for (place, on) in &kept.stops {
            // One that this version cannot read is left out: the session is worth more than it.
            self.stops.take_up(place, *on);
        }
        self.branch = kept.branch.min(self.branches.len().saturating_sub(1));
        self
    }

    fn take_up(&mut self, kept: &KeptBranch) {
        let Some(parent) = self.branches.get_mut(kept.from) else { return };
        let source = parent.origin.source();
        let run = parent.origin.run_mut();
        let earlier = run.journal.acts.iter().take(kept.shares).cloned();
        let journal =
            Journal { acts: earlier.chain(kept.rest.acts.iter().cloned()).collect(), horizon: kept.rest.horizon };
        let origin = Lab::new(Run::new(run.before(0), journal), source);
        let (act, done, time) = kept.edit.clone();
        let edit = match act {
            Act::Fate { frame, fate } => Edit::Fate { frame, fate },
            act => Edit::Act { act, done, time },
        };
        let parting = Parting { from: kept.from, at: kept.at, edit };
        let mut branch = Branch::new(Box::new(origin), Some(parting), Moment::default());
        take_stand(&mut branch, &kept.stand);
        self.branches.push(branch);
    }
}

/// Acts that two journals have in common from the beginning.
fn shared(one: &Journal, two: &Journal) -> usize {
    one.acts.iter().zip(&two.acts).take_while(|(one, two)| one == two).count()
}

fn stand(branch: &Branch) -> Stand {
    Stand { cursor: branch.at, typed: branch.typed.iter().map(Typed::kept).collect() }
}

fn take_stand(branch: &mut Branch, stand: &Stand) {
    let call =
        |(host, ordinal, text): &(usize, usize, String)| Some(Typed::of(*host, parse_call(text).ok()?, *ordinal));
    branch.typed = stand.typed.iter().filter_map(call).collect();
    branch.told = branch.typed.len();
    let end = branch.origin.run().end();
    branch.at = stand.cursor.min(end);
}
