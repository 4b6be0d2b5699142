//! A booted machine with one process that holds a UDP socket as descriptor 3: what the tests of options and ioctls call from.

use stack::include::config::Config;
use stack::include::in_addr::AF_INET;
use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId};
use stack::include::socket::SOCK_DGRAM;
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;

pub(crate) struct Bench {
    pub k: Kernel,
    task: TaskId,
}

impl Bench {
    pub(crate) fn on(config: Config, euid: u32) -> Self {
        let mut k = booted(config);
        step(&mut k, &Input::Process { pid: 100, euid });
        let task = TaskId(k.tasks.len() as u32 - 1);
        let mut bench = Self { k, task };
        bench.call(CallName::Socket, [i32::from(AF_INET), i32::from(SOCK_DGRAM), 0].map(UserArg::Int).to_vec());
        bench
    }

    /// The result and the first output buffer.
    pub(crate) fn call(&mut self, name: CallName, args: Vec<UserArg>) -> (i32, Vec<u8>) {
        self.interrupted(name, args, Vec::new())
    }

    /// A call inside which interrupts arrive.
    pub(crate) fn interrupted(
        &mut self,
        name: CallName,
        args: Vec<UserArg>,
        planned: Vec<PlannedInterrupt>,
    ) -> (i32, Vec<u8>) {
        self.k.completions.clear();
        step(&mut self.k, &Input::Call { task: self.task, call: UserCall::new(name, args), planned });
        let done = self.k.completions.first().copied().expect("the call does not sleep");
        (done.ret, self.k.output(self.task, 0).unwrap_or_default().to_vec())
    }

    /// What arrives at the n-th occurrence of a point.
    #[allow(dead_code, reason = "not every test that shares this file plans interrupts")]
    pub(crate) fn planned(point: Point, nth: u32, arrival: Arrival) -> PlannedInterrupt {
        PlannedInterrupt { point, function: None, nth, arrival, seen: 0, done: false }
    }

    #[allow(dead_code, reason = "not every test that shares this file makes ioctl calls")]
    pub(crate) fn ioctl(&mut self, command: u32, argument: Vec<u8>) -> (i32, Vec<u8>) {
        let args = vec![UserArg::Int(3), UserArg::Int(command as i32), UserArg::InOut(argument)];
        self.call(CallName::Ioctl, args)
    }
}
