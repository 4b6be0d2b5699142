//! What is around a step of a film: the functions that run, and what made the outermost of them run. Read off the film alone.

use crate::include::sched::TaskId;
use crate::kernel::probe::{Arg, Event, KFn};
use crate::lab::film::{Film, FilmStep};

/// The entries (indices of steps) whose functions run when the event of an index happens, outermost first. A function that
/// is entered there does not run yet; one that returns there still does.
pub(super) fn running(film: &Film, index: usize) -> Vec<usize> {
    let mut stack = Vec::new();
    for (place, step) in film.steps.iter().enumerate().take(index) {
        match step.event {
            Event::Enter { .. } => stack.push(place),
            Event::Exit { .. } => {
                stack.pop();
            }
            _ => {}
        }
    }
    stack
}

/// The function that is entered at an index.
pub(super) fn function(film: &Film, index: usize) -> Option<&'static KFn> {
    match film.steps.get(index)?.event {
        Event::Enter { function, .. } => Some(function),
        _ => None,
    }
}

/// The index at which the function of an entry returns; the end of the film where it does not.
pub(super) fn exit_of(film: &Film, entry: usize) -> usize {
    let Some(depth) = film.steps.get(entry).map(|step| step.depth) else { return film.steps.len() };
    let later = film.steps.iter().enumerate().skip(entry + 1);
    let mut returns = later.filter(|(_, step)| step.depth == depth && matches!(step.event, Event::Exit { .. }));
    returns.next().map_or(film.steps.len(), |(index, _)| index)
}

/// The first buffer among the arguments of an entry.
pub(super) fn buffer(step: &FilmStep) -> Option<u32> {
    let Event::Enter { args, .. } = &step.event else { return None };
    args.iter().find_map(|entries| match entries.first() {
        Some(Arg::Skb(number)) => Some(*number),
        _ => None,
    })
}

/// The last event of some kind before an index.
pub(super) fn last(film: &Film, before: usize, wanted: impl Fn(&Event) -> bool) -> Option<usize> {
    let steps = film.steps.get(..before.min(film.steps.len()))?;
    steps.iter().rposition(|step| wanted(&step.event))
}

/// What made functions run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// release_sock replays a buffer from back_log; the index of the replay.
    Replay { replay: usize, skb: Option<u32> },
    /// A timer fires; the index of the event.
    Timer(usize),
    /// The network's bottom half hands a buffer on that came, or sends one that waited; the index of the entry that has it.
    Packet { entry: usize, skb: u32 },
    /// The card's interrupt brings a frame; the index of the event.
    Card(usize),
    /// A process makes a call; the index of the event, and its task.
    Call(usize, TaskId),
    /// A process goes on behind a sleep; the index of the note.
    Resumed(usize),
    /// The turn itself.
    Turn,
}

/// The innermost thing that made functions run around an index, and how many of `stack` ran already before it.
pub(super) fn trigger(film: &Film, stack: &[usize], index: usize) -> (Trigger, usize) {
    for (place, entry) in stack.iter().copied().enumerate().rev() {
        if let Some(replay) = replay_before(film, entry) {
            let skb = film.steps.get(entry).and_then(buffer);
            return (Trigger::Replay { replay, skb }, place);
        }
        let Some(function) = function(film, entry) else { continue };
        let is_card = function.file.starts_with("drivers/net/") && function.arguments.contains(&"frame");
        match function.name {
            "timer_bh" => {
                let fire = last(film, index + 1, |event| matches!(event, Event::TimerFire { .. }));
                return (fire.filter(|fire| *fire > entry).map_or(Trigger::Turn, Trigger::Timer), place + 1);
            }
            "net_bh" => {
                let below = stack.iter().copied().skip(place + 1);
                let carries = |entry: usize| Some((entry, film.steps.get(entry).and_then(buffer)?));
                if let Some((entry, skb)) = below.into_iter().find_map(carries) {
                    return (Trigger::Packet { entry, skb }, place + 1);
                }
            }
            "system_call" => return (call(film, entry), place),
            _ if is_card => {
                let frame = last(film, entry + 1, |event| matches!(event, Event::FrameIn { .. }));
                return (frame.map_or(Trigger::Turn, Trigger::Card), place);
            }
            _ => {}
        }
    }
    (Trigger::Turn, 0)
}

/// The replay that calls the function of an entry.
fn replay_before(film: &Film, entry: usize) -> Option<usize> {
    let near = entry.checked_sub(1)?;
    (near.saturating_sub(2)..=near).rev().find(|place| {
        film.steps.get(*place).is_some_and(|step| matches!(step.event, Event::ReplayEnter { .. }))
            && film
                .steps
                .get(place + 1..entry)
                .unwrap_or(&[])
                .iter()
                .all(|step| matches!(step.event, Event::Note { .. }))
    })
}

/// The call or the end of the sleep before an entry of system_call.
fn call(film: &Film, entry: usize) -> Trigger {
    let Some(before) = entry.checked_sub(1) else { return Trigger::Turn };
    match film.steps.get(before).map(|step| &step.event) {
        Some(Event::SyscallEnter { task, .. }) => Trigger::Call(before, *task),
        _ => Trigger::Resumed(before),
    }
}
