//! What the lines of a script count from, as a run finds it out: the default flow and the initial sequence numbers.
//!
//! The frames of an interrupt inside a call count from what has been sent when they arrive, which may be by that very call;
//! but they are handed to the kernel before the call begins. So a script with such groups is run again, each time with
//! what the run before has [`Learning::seen`], until every group was built from what had been learned by then.

use std::collections::BTreeMap;

use super::flow::{Flow, Flows};
use crate::lab::script::Position;

/// What had been learned when each group of frames arrived, by the place of the group in the script.
pub(super) type Seen = BTreeMap<Position, Flows>;

/// What one run has learned.
pub(super) struct Learning<'a> {
    /// By now.
    pub(super) flows: Flows,
    /// The default flow is settled.
    settled: bool,
    /// What an earlier run has seen.
    known: &'a Seen,
    /// What each group was built from.
    built: Seen,
    seen: Seen,
    guessed_wrong: bool,
}

impl<'a> Learning<'a> {
    /// Nothing but the flow that lines without ports mean until a connection says otherwise.
    pub(super) fn new(default: Flow, known: &'a Seen) -> Self {
        let flows = Flows::new(default);
        Learning { flows, settled: false, known, built: Seen::new(), seen: Seen::new(), guessed_wrong: false }
    }

    /// What the frames of the group at that place are built from: what an earlier run saw, else what is known by now.
    pub(super) fn for_group(&mut self, group: Position) -> &Flows {
        let flows = self.known.get(&group).unwrap_or(&self.flows);
        self.built.entry(group).insert_entry(flows.clone()).into_mut()
    }

    /// The group at that place arrives; `same` says whether its frames would be the same if built from these flows.
    pub(super) fn group_arrived(&mut self, group: Position, same: impl Fn(&Flows) -> bool) {
        self.guessed_wrong |= !self.built.get(&group).is_some_and(same);
        self.seen.insert(group, self.flows.clone());
    }

    /// The default flow is what it is from here on: the script listens, or is sent something, and so is a server.
    pub(super) fn settle(&mut self) {
        self.settled = true;
    }

    /// A script that connects first is a client: its default flow is the one it has connected.
    pub(super) fn settle_as_client(&mut self, flow: Flow) {
        self.settled = true;
        self.flows.default = flow;
    }

    pub(super) fn is_settled(&self) -> bool {
        self.settled
    }

    /// Where a group was built from something else than had been learned when it arrived: what to run again with.
    pub(super) fn to_run_again(&self) -> Option<&Seen> {
        self.guessed_wrong.then_some(&self.seen)
    }
}
