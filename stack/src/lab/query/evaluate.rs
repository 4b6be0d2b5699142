//! What an expression says about a moment.

use core::cmp::Ordering;

use super::expression::{Comparison, Expression, Trend};
use super::in_hand::InHand;
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::lab::world::World;
use crate::view::Value;

/// Kernels by the names of their hosts.
pub trait Hosts {
    /// The kernel of a host; None if there is no such host.
    fn kernel(&self, host: &str) -> Option<&Kernel>;

    /// What is in hand where a condition is asked; nothing is where no step is.
    fn in_hand(&self, _what: &InHand) -> Value {
        Value::Null
    }
}

impl Hosts for World {
    fn kernel(&self, host: &str) -> Option<&Kernel> {
        self.hosts.iter().find(|place| place.name == host).map(|place| &place.kernel)
    }
}

/// A single machine that answers to every name: scenes with one host leave the choice of its name to the reader.
impl Hosts for Kernel {
    fn kernel(&self, _host: &str) -> Option<&Kernel> {
        Some(self)
    }
}

/// The values that the trends of an expression had at the step before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrendMemory(Vec<Option<Value>>);

impl TrendMemory {
    /// Puts a value in and takes the one before out.
    fn replace(&mut self, place: usize, value: Value) -> Option<Value> {
        if self.0.len() <= place {
            self.0.resize(place + 1, None);
        }
        self.0.get_mut(place).and_then(|slot| slot.replace(value))
    }
}

impl Expression {
    /// Its value at a moment; `memory` is carried from step to step for the trends.
    pub fn value(&self, hosts: &dyn Hosts, memory: &mut TrendMemory) -> Value {
        match self {
            Self::Literal(value) => value.clone(),
            Self::Path(path) => hosts.kernel(&path.host).map_or(Value::Null, |k| path.subject.value(k)),
            Self::InHand(what) => hosts.in_hand(what),
            Self::Not(inner) => Value::Bool(!truth(&inner.value(hosts, memory))),
            // Both sides are asked always, so that no trend misses a step.
            Self::And(left, right) => {
                let (left, right) = (left.value(hosts, memory), right.value(hosts, memory));
                Value::Bool(truth(&left) && truth(&right))
            }
            Self::Or(left, right) => {
                let (left, right) = (left.value(hosts, memory), right.value(hosts, memory));
                Value::Bool(truth(&left) || truth(&right))
            }
            Self::Compare(comparison, left, right) => {
                let (left, right) = (left.value(hosts, memory), right.value(hosts, memory));
                Value::Bool(compare(*comparison, &left, &right))
            }
            Self::Trend(trend, inner, place) => {
                let now = inner.value(hosts, memory);
                let before = memory.replace(*place, now.clone());
                Value::Bool(before.is_some_and(|before| moved(*trend, &before, &now)))
            }
        }
    }

    /// Whether it holds at a moment; a trend never does, for there is no step before.
    #[must_use]
    pub fn holds(&self, hosts: &dyn Hosts) -> bool {
        truth(&self.value(hosts, &mut TrendMemory::default()))
    }

    /// Whether it holds at a moment, trends included.
    pub fn holds_after(&self, hosts: &dyn Hosts, memory: &mut TrendMemory) -> bool {
        truth(&self.value(hosts, memory))
    }
}

/// Whether a value counts as true, as in C; a state always does.
fn truth(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number != 0,
        Value::Bool(flag) => *flag,
        Value::Text(text) => !text.is_empty(),
        Value::Address(address) => !address.is_any(),
        Value::Seq(_) => true,
        Value::State(state) => *state != TcpState::None,
        Value::Null => false,
    }
}

fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Bool(flag) => Some(i64::from(*flag)),
        Value::Seq(seq) => Some(i64::from(seq.0)),
        _ => None,
    }
}

/// The order of two values, where they have one. Sequence numbers wrap.
fn order(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Value::Seq(left), Value::Seq(right)) = (left, right) {
        return Some(if left == right {
            Ordering::Equal
        } else if left.before(*right) {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    Some(number(left)?.cmp(&number(right)?))
}

fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Text(text), Value::Address(address)) | (Value::Address(address), Value::Text(text)) => {
            *text == address.to_string()
        }
        (Value::Text(text), Value::State(state)) | (Value::State(state), Value::Text(text)) => text == state.name(),
        _ => left == right || order(left, right) == Some(Ordering::Equal),
    }
}

fn compare(comparison: Comparison, left: &Value, right: &Value) -> bool {
    let order = || order(left, right);
    match comparison {
        Comparison::Equal => equal(left, right),
        Comparison::Unequal => !equal(left, right),
        Comparison::Less => order() == Some(Ordering::Less),
        Comparison::AtMost => order().is_some_and(Ordering::is_le),
        Comparison::Greater => order() == Some(Ordering::Greater),
        Comparison::AtLeast => order().is_some_and(Ordering::is_ge),
    }
}

fn moved(trend: Trend, before: &Value, now: &Value) -> bool {
    match trend {
        Trend::Increases => order(before, now) == Some(Ordering::Less),
        Trend::Decreases => order(before, now) == Some(Ordering::Greater),
        Trend::Changes => before != now,
    }
}
