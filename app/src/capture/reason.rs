//! The entries of `sockscope differences` that tell why a line of the comparison is as it is: those of its classes, and for
//! a decision the one that is the reason, where there is one. What kept the stack from sending is read from its own sock.
//! Promise: an entry is named only where what it tells of happened at that time, and a test looks each of them up.

use stack::lab::differences::{Difference, differences};
use stack::wire::tcp;

use super::compare::class::EntryName;
use super::compare::statement::{Kind, News};
use super::compare::{Aligned, Relation};
use super::inject::Outcome;
use super::inject::sender::{Timeout, Wait};
use super::segment::Segment;
use super::stream::after;

/// A resend that comes sooner than this after the first sending is none of a timer of 1.2.13, in nanoseconds.
const SHORTEST_TIMEOUT_NS: u64 = 200_000_000;

const FIRST_FLIGHT: EntryName = ("inet_create", "kept/first_flight");
const SLOW_AFTER_LOSS: EntryName = ("tcp_retransmit", "data/loss_rexmit_lost");
const NO_FAST_RETRANSMIT: EntryName = ("tcp_ack", "data/dupacks");
const NEVER_SPLIT: EntryName = ("tcp_write_xmit", "data/small_window_write");
const PARTIAL: EntryName = ("tcp_enqueue_partial", "kept/partial_second");
const FIRST_TIMEOUT: EntryName = ("tcp_connect", "kept/first_timeout");
const SHORTEST_TIMEOUT: EntryName = ("tcp_ack_rto", "data/rtt_estimate");
const NO_DELAYED_ACK: EntryName = ("tcp_data", "data/inorder_burst");
const NO_LATER_OPTIONS: EntryName = ("tcp_options", "kept/later_options");
const CLOSE_UNREAD: EntryName = ("tcp_close", "kept/close_unread");
const CROSSING_SYN: EntryName = ("tcp_rcv_syn_sent_no_ack", "active_open/simultaneous_open");

/// All that a decision may name.
#[cfg(test)]
const ALL: [EntryName; 11] = [
    FIRST_FLIGHT,
    SLOW_AFTER_LOSS,
    NO_FAST_RETRANSMIT,
    NEVER_SPLIT,
    PARTIAL,
    FIRST_TIMEOUT,
    SHORTEST_TIMEOUT,
    NO_DELAYED_ACK,
    NO_LATER_OPTIONS,
    CLOSE_UNREAD,
    CROSSING_SYN,
];

/// The entries that tell of a line: of its classes, then of its decision; each once.
#[must_use]
pub fn entries(outcome: &Outcome, line: &Aligned) -> Vec<Difference> {
    let names = entry_names(outcome, line);
    let all = if names.is_empty() { Vec::new() } else { differences() };
    let named = |(function, scene): &EntryName| {
        let is =
            |one: &&Difference| one.function == *function && one.scenes.first().is_some_and(|first| first == scene);
        all.iter().find(is).cloned()
    };
    names.iter().filter_map(named).collect()
}

/// The same by their names.
#[must_use]
pub fn entry_names(outcome: &Outcome, line: &Aligned) -> Vec<EntryName> {
    let classes = line.classes().into_iter().flat_map(|class| class.entries(outcome.is_client)).copied();
    let decision = decision(outcome, line);
    let mut names: Vec<EntryName> = Vec::new();
    for name in classes.chain(decision) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The entry that is the reason of a decision.
#[must_use]
pub fn decision(outcome: &Outcome, line: &Aligned) -> Option<EntryName> {
    let stack = line.stack.and_then(|place| outcome.stack.get(place));
    let captured = line.capture.and_then(|place| outcome.capture.get(place));
    let segment = stack.or(captured).filter(|_| line.decides)?;
    if crossed(outcome) && matches!(line.relation, Relation::Extra | Relation::Missing) {
        return Some(CROSSING_SYN);
    }
    match line.statement.kind {
        Kind::New if segment.has(tcp::FIN) && line.relation == Relation::Extra => reset_instead(outcome),
        Kind::New => captured_time(outcome, line, captured).and_then(|time_ns| waited(outcome, time_ns)),
        Kind::Again => again(outcome, line.relation, segment),
        Kind::Acknowledgement => acknowledgement(line, captured),
        Kind::Reset if line.relation == Relation::Missing => close_unread(outcome),
        Kind::Reset => None,
        // It asks about a window that is open, but not for a whole segment.
        Kind::Probe => {
            let waits = outcome.senders.at(segment.time_ns).is_some_and(|sender| sender.wait == Wait::Window);
            let is_open = outcome.capture.iter().any(|captured| after(captured.end(), segment.seq.wrapping_add(1)));
            (waits && (is_open || line.relation == Relation::Missing)).then_some(NEVER_SPLIT)
        }
    }
}

/// When the captured end had sent the data of a line, where 1.2.13 sends it later or not at all.
fn captured_time(outcome: &Outcome, line: &Aligned, captured: Option<&Segment>) -> Option<u64> {
    let stack = line.stack.and_then(|place| outcome.stack.get(place));
    match line.relation {
        Relation::Later(by) => stack.map(|segment| segment.time_ns.saturating_sub(by)),
        Relation::Missing => captured.map(|segment| segment.time_ns),
        Relation::Same | Relation::Earlier(_) | Relation::SplitDifferently | Relation::Extra | Relation::Differs => {
            None
        }
    }
}

/// What kept new data from being sent at a time.
fn waited(outcome: &Outcome, time_ns: u64) -> Option<EntryName> {
    match outcome.senders.at(time_ns)?.wait {
        Wait::Congestion if outcome.first_resend_ns.is_some_and(|first| first <= time_ns) => Some(SLOW_AFTER_LOSS),
        Wait::Congestion => Some(FIRST_FLIGHT),
        Wait::Window => Some(NEVER_SPLIT),
        Wait::Retransmission => Some(NO_FAST_RETRANSMIT),
        Wait::Partial => Some(PARTIAL),
        Wait::Nothing => None,
    }
}

/// Why something is sent again at another time, or not at all.
fn again(outcome: &Outcome, relation: Relation, segment: &Segment) -> Option<EntryName> {
    if segment.has(tcp::SYN) {
        return Some(FIRST_TIMEOUT);
    }
    let timeout = outcome.senders.at(segment.time_ns)?.timeout;
    if relation == Relation::Missing {
        let is_first = |other: &&Segment| other.seq == segment.seq && other.length > 0;
        let first = outcome.capture.iter().find(is_first).map_or(0, |first| first.time_ns);
        if segment.time_ns.saturating_sub(first) < SHORTEST_TIMEOUT_NS {
            let was_asked = outcome.repeats_ns.is_some_and(|repeats| repeats <= segment.time_ns);
            return was_asked.then_some(NO_FAST_RETRANSMIT);
        }
    }
    match timeout {
        Timeout::Unmeasured => Some(FIRST_TIMEOUT),
        Timeout::Shortest => Some(SHORTEST_TIMEOUT),
        Timeout::Measured => None,
    }
}

fn acknowledgement(line: &Aligned, captured: Option<&Segment>) -> Option<EntryName> {
    match (line.relation, line.statement.news) {
        (Relation::Extra, News::Nothing) => Some(NO_DELAYED_ACK),
        (Relation::Missing, News::Nothing) => {
            captured.filter(|segment| tells_blocks(segment)).map(|_| NO_LATER_OPTIONS)
        }
        (
            Relation::Same
            | Relation::Earlier(_)
            | Relation::Later(_)
            | Relation::SplitDifferently
            | Relation::Extra
            | Relation::Missing
            | Relation::Differs,
            _,
        ) => None,
    }
}

/// Whether a segment tells of blocks that were received (SACK).
fn tells_blocks(segment: &Segment) -> bool {
    use stack::wire::tcp_options::{TcpOption, TcpOptions};
    TcpOptions::new(&segment.options).any(|option| matches!(option, TcpOption::Sack(_)))
}

/// A FIN where the captured end sends a reset.
fn reset_instead(outcome: &Outcome) -> Option<EntryName> {
    outcome.capture.iter().any(|segment| segment.has(tcp::RST)).then_some(CLOSE_UNREAD)
}

/// A reset of the captured end where 1.2.13 sends a FIN.
fn close_unread(outcome: &Outcome) -> Option<EntryName> {
    outcome.stack.iter().any(|segment| segment.has(tcp::FIN)).then_some(CLOSE_UNREAD)
}

/// The captured end answers a SYN that crossed its own.
fn crossed(outcome: &Outcome) -> bool {
    let asks = outcome.capture.iter().any(Segment::opens);
    asks && outcome.capture.iter().any(|segment| segment.has(tcp::SYN) && segment.has(tcp::ACK))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_that_a_decision_names_exists() {
        let all = differences();
        for (function, scene) in ALL {
            let known =
                all.iter().filter(|one| one.function == function && one.scenes.first().is_some_and(|s| s == scene));
            assert_eq!(known.count(), 1, "{function} {scene}");
        }
    }
}
