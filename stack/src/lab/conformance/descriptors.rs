//! The descriptors of a script are names, as in packetdrill: what stands after `=` of socket() and accept() names the
//! descriptor that came back, whatever its number. A name belongs to one open descriptor, and packetdrill makes no call with
//! a number that is no name: what is found here of both is only told, the call is made all the same.

use std::collections::BTreeMap;

use super::arguments::integer;
use crate::include::sched::TaskId;
use crate::kernel::Completion;
use crate::kernel::call::CallName;
use crate::lab::script::ast::{Argument, Call, CallOutcome, Field, Number};

/// No descriptor of any process.
const NONE: i64 = -1;

/// The descriptors of each process: the script's number and the kernel's.
#[derive(Default)]
pub(super) struct Descriptors {
    known: BTreeMap<TaskId, BTreeMap<i64, i64>>,
    /// Some number of the script was not that of the kernel.
    are_names: bool,
}

impl Descriptors {
    /// The kernel's number for one of the script's. A number that the script has not named means itself, unless it is
    /// that of a descriptor with another name.
    pub(super) fn number(&self, task: TaskId, named: i64) -> i64 {
        let Some(known) = self.known.get(&task) else { return named };
        match known.get(&named) {
            Some(number) => *number,
            None if known.values().any(|number| *number == named) => NONE,
            None => named,
        }
    }

    /// Whether some number of the script was not that of the kernel.
    pub(super) fn are_names(&self) -> bool {
        self.are_names
    }

    fn name(&self, task: TaskId, number: i64) -> i64 {
        let known = self.known.get(&task).and_then(|known| known.iter().find(|(_, live)| **live == number));
        known.map_or(number, |(name, _)| *name)
    }

    /// The first descriptor of a call that the script has not named, or has closed, and that does not mean itself because
    /// the kernel has it all the same.
    pub(super) fn unknown(&self, task: TaskId, call: &Call, is_open: impl Fn(i64) -> bool) -> Option<i64> {
        let named = match call.name.as_str() {
            "socket" | "socketpair" | "setuid" | "select" | "dup" | "dup2" => Vec::new(),
            "poll" => {
                let mut all = Vec::new();
                each_polled(&mut call.clone(), |field| all.extend(integer(&field.value)));
                all
            }
            _ => call.arguments.first().and_then(integer).into_iter().collect(),
        };
        let is_known = |named: &i64| match self.known.get(&task).and_then(|known| known.get(named)) {
            Some(_) => true,
            None => is_open(self.number(task, *named)),
        };
        named.into_iter().find(|named| !is_known(named))
    }

    /// The name that a new socket is given, if another descriptor has it.
    pub(super) fn named_twice(&self, call: &Call, completion: &Completion) -> Option<i64> {
        let Some(CallOutcome::Value { value, .. }) = &call.outcome else { return None };
        let taken = self.known.get(&completion.task).is_some_and(|known| known.contains_key(&value.value));
        (taken && completion.name == CallName::Socket && completion.ret >= 0).then_some(value.value)
    }

    /// The call with the kernel's numbers in the place of the script's.
    pub(super) fn live(&self, task: TaskId, call: &Call) -> Call {
        let mut live = call.clone();
        let number = |argument: &mut Argument| {
            if let Argument::Number(Number { value, .. }) = argument {
                *value = self.number(task, *value);
            }
        };
        match call.name.as_str() {
            "socket" | "socketpair" | "setuid" => {}
            "select" => {
                for argument in live.arguments.iter_mut().skip(1) {
                    if let Argument::Group(members) = argument {
                        members.iter_mut().for_each(number);
                    }
                }
                // The first argument is one more than the greatest descriptor.
                let greatest = |call: &Call| {
                    let sets = call.arguments.iter().skip(1);
                    let members = sets.filter_map(|set| if let Argument::Group(all) = set { Some(all) } else { None });
                    members.flatten().filter_map(integer).max()
                };
                if greatest(call) != greatest(&live)
                    && let (Some(most), Some(Argument::Number(count))) = (greatest(&live), live.arguments.first_mut())
                {
                    count.value = count.value.max(most.saturating_add(1));
                }
            }
            "poll" => each_polled(&mut live, |field| number(&mut field.value)),
            _ => live.arguments.first_mut().into_iter().for_each(number),
        }
        live
    }

    /// What came back, with the script's names for descriptors; a call that makes one gives it its name.
    pub(super) fn named(&mut self, call: &Call, mut completion: Completion) -> Completion {
        let task = completion.task;
        let first = call.arguments.first().and_then(integer).unwrap_or(NONE);
        let ret = i64::from(completion.ret);
        match completion.name {
            CallName::Close if ret == 0 => {
                self.known.entry(task).or_default().remove(&first);
            }
            CallName::Select => {
                for set in completion.out.iter_mut().filter(|set| set.len() > 8) {
                    *set = self.renamed(task, set);
                }
            }
            _ if ret >= 0 && makes_descriptor(completion.name) => {
                let wanted = match &call.outcome {
                    Some(CallOutcome::Value { value, .. }) if value.value >= 0 => value.value,
                    _ => ret,
                };
                self.known.entry(task).or_default().insert(wanted, ret);
                self.are_names |= wanted != ret;
                completion.ret = i32::try_from(wanted).unwrap_or(completion.ret);
            }
            _ => {}
        }
        completion
    }

    /// A set of descriptors with the script's numbers.
    fn renamed(&self, task: TaskId, set: &[u8]) -> Vec<u8> {
        let mut out = vec![0; set.len()];
        for number in
            (0..set.len() * 8).filter(|number| set.get(number / 8).is_some_and(|byte| byte & (1 << (number % 8)) != 0))
        {
            let name = usize::try_from(self.name(task, number as i64)).unwrap_or(usize::MAX);
            if let Some(byte) = out.get_mut(name / 8) {
                *byte |= 1 << (name % 8);
            }
        }
        out
    }
}

/// Whether a call that succeeds gives back a new descriptor.
fn makes_descriptor(name: CallName) -> bool {
    matches!(name, CallName::Socket | CallName::Accept | CallName::Dup)
}

/// The `fd` field of every entry of a poll.
fn each_polled(call: &mut Call, mut of: impl FnMut(&mut Field)) {
    let Some(Argument::List(entries)) = call.arguments.first_mut() else { return };
    for entry in entries {
        if let Argument::Record(fields) = entry {
            fields.iter_mut().filter(|field| field.name == "fd").for_each(&mut of);
        }
    }
}
