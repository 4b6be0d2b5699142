//! What a turn threw away, and which frame that was: for whoever lists the drops of a run.

use super::around::{Trigger, buffer, function, last, running, trigger};
use super::fate::is_loopback;
use crate::include::arena::Id;
use crate::kernel::probe::{Discard, Event};
use crate::lab::film::Film;

/// A packet that was thrown away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discarded {
    /// Index of the step in the film.
    pub index: usize,
    /// Why.
    pub reason: Discard,
    /// The function that did it; empty where the card did.
    pub by: &'static str,
    /// The buffer by its serial number, where there is one.
    pub skb: Option<u32>,
    /// Index of the frame's arrival, where it came in the same turn.
    pub arrival: Option<usize>,
}

/// The packets that a turn lost, in order.
#[must_use]
pub fn discards(film: &Film) -> Vec<Discarded> {
    let mut found = Vec::new();
    let arrivals = arrivals(film);
    for (index, step) in film.steps.iter().enumerate() {
        let Event::Discard { reason, skb } = &step.event else { continue };
        if !reason.is_loss() {
            continue;
        }
        let stack = running(film, index);
        let by = stack.last().and_then(|entry| function(film, *entry)).map_or("", |function| function.name);
        let skb = skb.map(Id::serial).or_else(|| match trigger(film, &stack, index).0 {
            Trigger::Packet { skb, .. } => Some(skb),
            _ => None,
        });
        let known = arrivals.iter().rev().find(|(known, _)| Some(*known) == skb).map(|(_, arrival)| *arrival);
        let arrival = match reason {
            Discard::NicFiltered => last(film, index, |event| matches!(event, Event::FrameIn { .. })),
            _ => known,
        };
        found.push(Discarded { index, reason: *reason, by, skb, arrival });
    }
    found
}

/// The buffers that took in a frame of a card, by their serial numbers, with the indices of the arrivals.
#[must_use]
pub fn arrivals(film: &Film) -> Vec<(u32, usize)> {
    let takes_in = |index: usize| function(film, index).is_some_and(|function| function.name == "netif_rx");
    let entries = film.steps.iter().enumerate().filter(|(index, _)| takes_in(*index));
    let found = entries.filter_map(|(index, step)| {
        let arrival = last(film, index, |event| matches!(event, Event::FrameIn { .. }))?;
        Some((buffer(step)?, arrival)).filter(|_| !is_loopback(film, index))
    });
    found.collect()
}
