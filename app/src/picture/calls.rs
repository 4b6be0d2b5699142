//! The calls at a step: the stack with typed arguments put into words, and the way through the layers.

use stack::Kernel;
use stack::include::arena::Id;
use stack::kernel::probe::{Arg, Args, Event, KFn};
use stack::lab::caption::{argument, arguments};
use stack::lab::film::Film;
use stack::lab::world::Cause;

use crate::picture::{Call, Layer, PathStep};

/// The call stack at a step, innermost first; the call that returns shows its value.
#[must_use]
pub fn stack(k: &Kernel, host: &str, film: &Film, step: usize) -> Vec<Call> {
    let returning = step.checked_sub(1).and_then(|index| match &film.steps.get(index)?.event {
        Event::Exit { value, .. } => Some(argument(k, host, *value)),
        _ => None,
    });
    let mut calls: Vec<Call> = film
        .stack_at(step)
        .into_iter()
        .filter_map(|index| match &film.steps.get(index)?.event {
            Event::Enter { function, args, .. } => Some(Call {
                function: function.name.to_owned(),
                layer: Layer::of(function),
                arguments: named(k, host, function, args),
                result: None,
            }),
            _ => None,
        })
        .collect();
    calls.reverse();
    if let Some(innermost) = calls.first_mut() {
        innermost.result = returning;
    }
    calls
}

/// The way of this step: who set it going, then the functions from the outermost to where it stands.
#[must_use]
pub fn path(calls: &[Call], cause: &Cause, caller: Option<&str>) -> Vec<PathStep> {
    let origin = match cause {
        Cause::Call => (Layer::User, caller.unwrap_or("process")),
        Cause::Signal => (Layer::User, "signal"),
        Cause::Frames => (Layer::Wire, "frame"),
        Cause::Tick => (Layer::Sched, "tick"),
        Cause::Startup => (Layer::User, "boot"),
        Cause::World => (Layer::User, "world"),
    };
    let mut hops = vec![PathStep { layer: origin.0, function: origin.1.to_owned(), here: calls.is_empty() }];
    hops.extend(calls.iter().rev().map(|call| PathStep {
        layer: call.layer,
        function: call.function.clone(),
        here: false,
    }));
    if let Some(last) = hops.last_mut() {
        last.here = true;
    }
    hops
}

/// Arguments with their names, those that say nothing left out.
fn named(k: &Kernel, host: &str, function: &KFn, args: &Args) -> String {
    let words: Vec<String> = arguments(k, host, function, args)
        .map(|(name, value, text)| if says_it(name, &value) { text } else { format!("{name}: {text}") })
        .collect();
    words.join(", ")
}

/// Whether a value names itself, so that the argument's name adds nothing.
fn says_it(name: &str, value: &Arg) -> bool {
    matches!((name, value), ("sk", Arg::Sock(_)) | ("skb" | "buff", Arg::Skb(_)) | ("dev", Arg::Dev(_)))
}

/// The socket that the step speaks of: its own event first, then the calls from the innermost outwards.
#[must_use]
pub fn sock_in_hand(film: &Film, step: usize) -> Option<u32> {
    let own = step.checked_sub(1).and_then(|index| film.steps.get(index)?.event.sock()).map(Id::serial);
    let of_call = |index: usize| match &film.steps.get(index)?.event {
        Event::Enter { args, .. } => args.as_slice().iter().find_map(|value| value.sock()),
        _ => None,
    };
    own.or_else(|| film.stack_at(step).into_iter().rev().find_map(of_call))
}

/// The buffer that the step has in hand: the calls from the innermost outwards are looked through.
#[must_use]
pub fn skb_in_hand(film: &Film, step: usize) -> Option<u32> {
    let of_call = |index: usize| match &film.steps.get(index)?.event {
        Event::Enter { args, .. } => args.as_slice().iter().find_map(|value| match value {
            Arg::Skb(skb) => Some(*skb),
            _ => None,
        }),
        _ => None,
    };
    film.stack_at(step).into_iter().rev().find_map(of_call)
}
