//! One booted host on a virtual clock: what everybody needs who runs a single kernel without a world around it (a captured
//! endpoint, the judge, a script). A world, whose hosts share one clock, uses the same small questions.
//!
//! Promise: time moves only when told, and two machines that are told the same do the same.

use crate::include::config::Config;
use crate::include::sched::TaskId;
use crate::include::seq::TICK;
use crate::init::{Input, step, ticks_to_event};
use crate::kernel::call::{CallName, UserArg, UserCall};
use crate::kernel::{Completion, Kernel};
use crate::lab::startup::{CONFIGURATION_FD, CONFIGURATION_PID, startup};

/// When the next timer of a kernel fires or the next sleeper's time is up: microseconds on its own clock, whose jiffy 0 is
/// 0. None: nothing will ever happen by itself.
#[must_use]
pub fn next_timer(kernel: &Kernel) -> Option<u64> {
    let ticks = ticks_to_event(kernel)?;
    Some((u64::from(kernel.jiffies.0) + u64::from(ticks)) * TICK)
}

/// The ticks that a kernel has still to count until a moment of its clock, in microseconds.
#[must_use]
pub fn ticks_behind(kernel: &Kernel, time: u64) -> u32 {
    u32::try_from(time / TICK).unwrap_or(u32::MAX).saturating_sub(kernel.jiffies.0)
}

/// What the cards of a kernel have sent since the last time: device and bytes, device by device.
pub fn take_sent(kernel: &mut Kernel) -> Vec<(u8, Vec<u8>)> {
    let mut leaving = Vec::new();
    for (index, device) in kernel.dev.iter_mut().enumerate() {
        leaving.extend(std::mem::take(&mut device.outbox).into_iter().map(|bytes| (index as u8, bytes)));
    }
    leaving
}

/// The task of a process id; a process that does not exist comes into being, as the super-user.
pub fn process(kernel: &mut Kernel, pid: i32) -> Option<TaskId> {
    if kernel.task_of_pid(pid).is_none() {
        step(kernel, &Input::Process { pid, euid: 0 });
    }
    kernel.task_of_pid(pid)
}

/// A call of the configuration process on its socket, as `ifconfig`, `route` and `arp` make it.
#[must_use]
pub fn configure(kernel: &Kernel, command: i32, structure: Vec<u8>) -> Input {
    let task = kernel.task_of_pid(CONFIGURATION_PID).unwrap_or_default();
    let args = vec![UserArg::Int(CONFIGURATION_FD), UserArg::Int(command), UserArg::InOut(structure)];
    Input::Call { task, call: UserCall::new(CallName::Ioctl, args), planned: Vec::new() }
}

/// A kernel that has booted and is configured, for whoever needs no clock beside its own.
#[must_use]
pub fn booted(config: Config) -> Kernel {
    let inputs = startup(&config);
    let mut kernel = Kernel::off(config);
    for input in &inputs {
        step(&mut kernel, input);
    }
    kernel.completions.clear();
    kernel
}

/// A host that is switched on and configured.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// Its kernel, to be looked at; whoever gives it an input uses [`Machine::give`].
    pub kernel: Kernel,
    clock: u64,
}

impl Machine {
    /// Boots a machine and lets its start-up scripts run, all in the one jiffy at which it is switched on.
    #[must_use]
    pub fn boot(config: Config) -> Self {
        let clock = u64::from(config.first_jiffy) * TICK;
        Self { kernel: booted(config), clock }
    }

    /// Microseconds since jiffy 0 of the kernel's own counter.
    #[must_use]
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// Runs an input to completion, at the present moment.
    pub fn give(&mut self, input: &Input) {
        step(&mut self.kernel, input);
    }

    /// The clock goes on by some microseconds that nobody notices: their ticks are counted when time passes next.
    pub fn spend(&mut self, microseconds: u64) {
        self.clock = self.clock.saturating_add(microseconds);
    }

    /// Moves the clock to a moment (never backwards) and counts the ticks up to there, all at once.
    pub fn pass_to(&mut self, time: u64) {
        self.clock = self.clock.max(time);
        let ticks = ticks_behind(&self.kernel, time);
        if ticks > 0 {
            self.give(&Input::Ticks(ticks));
        }
    }

    /// Lets time pass to the next timer, or to `time` where none is due by then. False: a timer has fired, and what it did
    /// can be seen before time goes on. True: `time` is reached.
    pub fn pass_towards(&mut self, time: u64) -> bool {
        let time = time.max(self.clock);
        match next_timer(&self.kernel).filter(|due| *due <= time && self.kernel.oops.is_none()) {
            Some(due) => {
                self.pass_to(due);
                false
            }
            None => {
                self.pass_to(time);
                true
            }
        }
    }

    /// The task of a process id; a process that does not exist comes into being, as the super-user.
    pub fn process(&mut self, pid: i32) -> TaskId {
        process(&mut self.kernel, pid).unwrap_or_default()
    }

    /// What its cards have sent since the last time: device and bytes.
    pub fn take_sent(&mut self) -> Vec<(u8, Vec<u8>)> {
        take_sent(&mut self.kernel)
    }

    /// The calls that have come back since the last time, which was before any of their processes made another.
    pub fn take_returned(&mut self) -> Vec<Completion> {
        let returned = std::mem::take(&mut self.kernel.completions);
        returned.into_iter().map(|returned| self.kernel.completion(returned)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_stops_at_each_timer_and_ends_where_it_is_told() {
        let mut machine = Machine::boot(Config { first_jiffy: 1000, ..Config::of_host(1) });
        assert_eq!((machine.clock(), machine.kernel.jiffies.0), (10_000_000, 1000));
        let due = next_timer(&machine.kernel).expect("the ARP table is looked through now and then");
        let end = due + 4_321;
        assert!(!machine.pass_towards(end), "a timer is due before");
        assert_eq!((machine.clock(), machine.kernel.jiffies.0), (due, (due / TICK) as u32));
        assert!(machine.pass_towards(end));
        assert_eq!((machine.clock(), ticks_behind(&machine.kernel, end)), (end, 0));
        machine.pass_to(due);
        assert_eq!(machine.clock(), end, "time does not go back");
        let mut other = Machine::boot(Config { first_jiffy: 1000, ..Config::of_host(1) });
        other.pass_to(end);
        assert_eq!(machine, other, "in one go or in two, the same ticks have passed");
    }

    #[test]
    fn a_machine_that_died_lets_time_pass() {
        let mut machine = Machine::boot(Config::of_host(1));
        machine.kernel.oops("for the test");
        assert!(machine.pass_towards(u64::MAX));
        assert_eq!(machine.clock(), u64::MAX);
    }
}
