//! The top of the kernel: everything that may enter it, and boot.
//!
//! [`step`] is the whole interface. It runs an input to completion: the system call or the interrupt, the bottom halves
//! that follow, and every process that was woken, each up to its return or its next sleep.

use crate::include::fs::{Descriptors, File, O_RDWR};
use crate::include::sched::{PlannedInterrupt, Task, TaskId, TaskState};
use crate::kernel::Kernel;
use crate::kernel::call::UserCall;
use crate::kernel::entry::{make_call, resume_call};
use crate::kernel::irq::{do_timer, network_interrupt};
use crate::kernel::probe::Event;
use crate::kernel::sched::{expire_timeouts, send_sig};
use crate::kernel::softirq::handle_bottom_half;
use crate::kernel::timer::{expire, ticks_to_next_timer};

pub mod main;

/// Everything that can happen to a kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// The machine is switched on: start_kernel.
    Boot,
    /// A process comes into being, as by a fork and exec of init: process id and effective user.
    Process {
        /// Process id.
        pid: i32,
        /// Effective user id.
        euid: u32,
    },
    /// That many clock ticks pass. Ticks in which nothing is due are counted, not run.
    Ticks(u32),
    /// One network interrupt that hands over these frames: device index and bytes.
    Frames(Vec<(u8, Vec<u8>)>),
    /// A process makes a system call, with the interrupts that arrive inside it.
    Call {
        /// The process.
        task: TaskId,
        /// The call.
        call: UserCall,
        /// Interrupts at points of the call.
        planned: Vec<PlannedInterrupt>,
    },
    /// A signal for a process.
    Signal {
        /// The process.
        task: TaskId,
        /// Number.
        signal: i32,
    },
    /// A timer that runs is due with the next tick, by the wish of a person: its place in the list of timers, the next one to fire
    /// being 0. The laboratory's; 1.2.13 has no such thing.
    Expire(u32),
}

/// Runs one input to completion. After a [`KernelOops`](crate::kernel::KernelOops) nothing runs any more.
pub fn step(k: &mut Kernel, input: &Input) {
    if k.oops.is_some() {
        return;
    }
    match input {
        Input::Boot => main::start_kernel(k),
        Input::Process { pid, euid } => {
            let files = console(k);
            k.tasks.push(Task { pid: *pid, pgrp: *pid, euid: *euid, files, interrupts: true, ..Task::default() });
        }
        Input::Ticks(ticks) => pass_ticks(k, *ticks),
        Input::Frames(frames) => return step_frames(k, frames),
        Input::Call { task, call, planned } => return step_call(k, *task, call, planned),
        Input::Signal { task, signal } => {
            send_sig(k, *signal, *task);
            run_woken(k);
            k.emit(|_| Event::StatFlush);
        }
        Input::Expire(place) => expire(k, *place),
    }
    settle(k);
}

/// [`Input::Frames`], of frames that lie elsewhere.
pub fn step_frames(k: &mut Kernel, frames: &[(u8, Vec<u8>)]) {
    if k.oops.is_some() {
        return;
    }
    network_interrupt(k, frames);
    run_woken(k);
    k.emit(|_| Event::StatFlush);
    settle(k);
}

/// [`Input::Call`], of a call that lies elsewhere.
pub fn step_call(k: &mut Kernel, task: TaskId, call: &UserCall, planned: &[PlannedInterrupt]) {
    if k.oops.is_some() {
        return;
    }
    // Somebody who waits in a call, or is not there, makes none.
    let free = |process: &Task| process.call.is_none() && process.state != TaskState::Unused;
    if task.0 != 0 && k.tasks.get(task.0 as usize).is_some_and(free) {
        make_call(k, task, call, planned);
        run_woken(k);
    }
    settle(k);
}

/// The descriptors a process starts with: 0, 1 and 2 are its console, a file that is no socket.
fn console(k: &mut Kernel) -> Descriptors {
    let console = k.files.insert(File { f_count: 3, f_flags: O_RDWR, f_mode: 3, ..File::default() });
    let mut files = Descriptors::default();
    for descriptor in 0..3 {
        files.set(descriptor, Some(console));
    }
    files
}

/// Every woken process runs, in the order of the wake-ups, until it returns or sleeps again; so does one whose time to
/// sleep is over, which clock interrupts inside another's call may have brought about.
fn run_woken(k: &mut Kernel) {
    loop {
        expire_timeouts(k);
        let Some(task) = k.run_queue.pop_front() else { break };
        if k.oops.is_some() {
            break;
        }
        resume_call(k, task);
    }
}

/// Clock ticks: those in which no timer and no sleeper is due only count.
fn pass_ticks(k: &mut Kernel, ticks: u32) {
    let mut left = ticks;
    while left > 0 && k.oops.is_none() {
        let idle = ticks_to_event(k).map_or(left, |next| next.saturating_sub(1)).min(left);
        k.jiffies = k.jiffies + idle;
        left -= idle;
        if left == 0 {
            break;
        }
        tick(k);
        left -= 1;
    }
}

/// Ticks until something is due: a timer or the end of a timed sleep. At least 1.
#[must_use]
pub fn ticks_to_event(k: &Kernel) -> Option<u32> {
    let sleepers =
        k.tasks.iter().filter(|task| task.timeout.0 != 0).map(|task| task.timeout.0.saturating_sub(k.jiffies.0));
    sleepers.chain(ticks_to_next_timer(k)).min().map(|ticks| ticks.max(1))
}

/// One tick: the clock's interrupt, its bottom half, sleepers whose time has come, and whoever was woken.
fn tick(k: &mut Kernel) {
    let outer = std::mem::replace(&mut k.in_interrupt, true);
    k.intr_count += 1;
    do_timer(k);
    k.intr_count -= 1;
    k.in_interrupt = outer;
    handle_bottom_half(k);
    run_woken(k);
    k.emit(|_| Event::StatFlush);
}

/// A stale handle was followed during the step: where the original would have read freed memory.
fn settle(k: &mut Kernel) {
    let stale = k.sock.take_stale() + k.skb.take_stale() + k.sockets.take_stale() + k.files.take_stale();
    let stale = stale + k.arp.take_stale() + k.ipq.take_stale();
    if stale > 0 {
        k.oops("freed memory was used");
    }
}
