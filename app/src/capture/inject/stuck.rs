//! Why a replay does not get on: the frame at which it stops, and what the stack did with the peer's frames before it. The
//! stack is not watched while it is replayed; only where it got stuck is the run played once more, with its list of drops.

use stack::kernel::probe::Discard;

use super::Outcome;

/// The most turns that are played again to find out why.
const MOST_TURNS: usize = 10_000_000;

/// Why a replay does not get on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The frame belongs to a conversation that the stack is not in.
    Conversation,
    /// The frame carries data beyond the window of the stack, and that never opens.
    Window,
}

/// Where a replay stops.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// The number in the capture of the frame that could not be given, or that brought the conversation to a stop.
    pub frame: usize,
    /// The virtual time of that.
    pub time_ns: u64,
    /// Why.
    pub cause: Cause,
    /// The last frame of the peer that the stack threw away, and why.
    pub discard: Option<(usize, Discard)>,
}

impl Stuck {
    pub(super) fn at(frame: usize, time_ns: u64) -> Self {
        Self { frame, time_ns, cause: Cause::Conversation, discard: None }
    }
}

/// Finds out what the stack threw away before it got stuck.
pub(super) fn explain(outcome: &mut Outcome) {
    let discard = outcome.stuck.is_some().then(|| last_discard(outcome)).flatten();
    if let Some(stuck) = &mut outcome.stuck {
        stuck.discard = discard;
    }
}

/// The last frame of the peer that was lost in the stack.
fn last_discard(outcome: &Outcome) -> Option<(usize, Discard)> {
    let mut run = outcome.run();
    run.play(MOST_TURNS);
    let outside = run.frames.iter().filter(|frame| frame.from_outside).zip(&outcome.given);
    let turns: Vec<(usize, usize)> = outside.map(|(frame, given)| (frame.moment.turn, given.frame)).collect();
    run.discards.iter().rev().filter(|discard| discard.reason.is_loss()).find_map(|discard| {
        let place = turns.binary_search_by_key(&discard.moment.turn, |(turn, _)| *turn).ok()?;
        let (_, number) = turns.get(place)?;
        Some((*number, discard.reason))
    })
}
