//! The calls at a step: the stack with typed arguments put into words, and the way through the layers.

use stack::kernel::probe::{Arg, Event, KFn};
use stack::lab::film::{self, Film};
use stack::lab::world::Cause;

use crate::tui::picture::{Call, Hop, Layer};

/// The call stack at a step, innermost first; the call that returns shows its value.
#[must_use]
pub fn stack(film: &Film, step: usize) -> Vec<Call> {
    let returning = step.checked_sub(1).and_then(|index| match &film.steps.get(index)?.event {
        Event::Exit { value, .. } => Some(argument(value)),
        _ => None,
    });
    let mut calls: Vec<Call> = film
        .stack_at(step)
        .into_iter()
        .filter_map(|index| match &film.steps.get(index)?.event {
            Event::Enter { function, args, .. } => Some(Call {
                function: function.name.to_owned(),
                layer: film::Layer::of(function).into(),
                arguments: arguments(function, args.as_slice()),
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
pub fn path(calls: &[Call], cause: &Cause, caller: Option<&str>) -> Vec<Hop> {
    let origin = match cause {
        Cause::Call => (Layer::User, caller.unwrap_or("process")),
        Cause::Signal => (Layer::User, "signal"),
        Cause::Frames => (Layer::Wire, "frame"),
        Cause::Tick => (Layer::Sched, "tick"),
        Cause::Startup => (Layer::User, "boot"),
        Cause::World => (Layer::User, "world"),
    };
    let mut hops = vec![Hop { layer: origin.0, function: origin.1.to_owned(), here: calls.is_empty() }];
    hops.extend(calls.iter().rev().map(|call| Hop { layer: call.layer, function: call.function.clone(), here: false }));
    if let Some(last) = hops.last_mut() {
        last.here = true;
    }
    hops
}

/// Arguments with their names, those that say nothing left out.
fn arguments(function: &KFn, values: &[Arg]) -> String {
    let mut text = String::new();
    for (place, value) in values.iter().enumerate() {
        if !text.is_empty() {
            text.push_str(", ");
        }
        if let Some(name) = function.arguments.get(place).filter(|name| !says_it(name, value)) {
            text.push_str(name);
            text.push_str(": ");
        }
        text.push_str(&argument(value));
    }
    text
}

/// Whether a value names itself, so that the argument's name adds nothing.
fn says_it(name: &str, value: &Arg) -> bool {
    matches!((name, value), ("sk", Arg::Sock(_)) | ("skb" | "buff", Arg::Skb(_)) | ("dev", Arg::Dev(_)))
}

/// A typed argument in words.
#[must_use]
pub fn argument(value: &Arg) -> String {
    match value {
        Arg::Unit => "()".to_owned(),
        Arg::Int(number) => number.to_string(),
        Arg::Bool(flag) => u8::from(*flag).to_string(),
        Arg::Sock(number) => format!("sk#{number}"),
        Arg::Skb(number) => format!("skb#{number}"),
        Arg::Socket(number) => format!("socket#{number}"),
        Arg::Object(number) => format!("#{number}"),
        Arg::Dev(0) => "lo".to_owned(),
        Arg::Dev(number) => format!("eth{}", number - 1),
        Arg::Address(address) => address.to_string(),
        Arg::Seq(seq) => seq.0.to_string(),
        Arg::State(state) => format!("TCP_{}", state.name()),
        Arg::Reason(reason) => reason.name().to_owned(),
        Arg::Proto(prot) => stack::view::sock::prot_name(*prot).to_owned(),
        Arg::Tcp(_) => "th".to_owned(),
        Arg::Bytes(count) => format!("{count} B"),
        Arg::Text(text) => (*text).to_owned(),
        Arg::Null => "NULL".to_owned(),
        Arg::Errno(errno) => format!("-{errno:?}"),
        Arg::Sleep => "zZ".to_owned(),
    }
}

/// The socket that the calls speak of, the innermost mention first.
#[must_use]
pub fn sock_in_hand(film: &Film, step: usize) -> Option<u32> {
    film.stack_at(step).into_iter().rev().find_map(|index| match &film.steps.get(index)?.event {
        Event::Enter { args, .. } => args.as_slice().iter().find_map(|value| match value {
            Arg::Sock(number) => Some(*number),
            _ => None,
        }),
        _ => None,
    })
}
