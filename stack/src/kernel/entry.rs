//! The trap path (arch/i386/kernel/entry.S): int 0x80, system_call, sys_call_table, ret_from_sys_call.
//!
//! Dispatch goes through the tables: the gate of vector 0x80 leads to system_call, EAX is checked against the table's
//! size, and the word in the table is called. Changing a table changes the run.

use kfn::kfn;

use super::call::{CallName, UserCall};
use super::probe::Event;
use super::softirq::handle_bottom_half;
use super::traps::Vector;
use super::{Kernel, Returned};
use crate::include::errno::{Errno, KResult, Stop};
use crate::include::sched::{PlannedInterrupt, Registers, TaskId, TaskState};
use crate::note;

/// System-call numbers the table has room for.
pub const NR_SYSCALLS: usize = 256;

/// A system call: upward call through data.
#[derive(Clone, Copy)]
pub struct SystemCall {
    /// `sys_...`.
    pub name: &'static str,
    /// The function; the saved registers are its arguments.
    pub call: fn(&mut Kernel, Registers) -> KResult<i32>,
}

/// The table of system calls by number.
#[derive(Clone)]
pub struct SysCallTable {
    entries: Vec<Option<SystemCall>>,
}

impl Default for SysCallTable {
    fn default() -> Self {
        Self { entries: vec![None; NR_SYSCALLS] }
    }
}

impl SysCallTable {
    /// The entry of a number.
    #[must_use]
    pub fn get(&self, number: u32) -> Option<SystemCall> {
        self.entries.get(number as usize).copied().flatten()
    }

    /// Sets an entry.
    pub fn set(&mut self, number: u32, call: Option<SystemCall>) {
        if let Some(entry) = self.entries.get_mut(number as usize) {
            *entry = call;
        }
    }

    /// All entries that are set.
    pub fn iter(&self) -> impl Iterator<Item = (u32, SystemCall)> {
        self.entries.iter().enumerate().filter_map(|(number, call)| call.map(|call| (number as u32, call)))
    }
}

impl PartialEq for SysCallTable {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(|(number, call)| (number, call.name)).eq(other.iter().map(|(number, call)| (number, call.name)))
    }
}
impl std::hash::Hash for SysCallTable {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        for (number, call) in self.iter() {
            (number, call.name).hash(state);
        }
    }
}
impl std::fmt::Debug for SysCallTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.iter().map(|(number, call)| (number, call.name))).finish()
    }
}

/// A process makes a system call: its stub prepares memory and registers, and the trap is taken.
///
/// A signal that came since its last call was handled by the program in user mode and disturbs this one no more.
pub fn make_call(k: &mut Kernel, task: TaskId, call: &UserCall, planned: &[PlannedInterrupt]) {
    let Some(process) = k.tasks.get_mut(task.0 as usize) else { return };
    process.regs = call.lay_out(&mut process.memory, &mut process.outputs);
    process.call = Some(call.name);
    process.planned.clear();
    process.planned.extend_from_slice(planned);
    process.frames.clear();
    process.signal &= process.blocked;
    process.state = TaskState::Running;
    process.interrupts = true;
    k.current = Some(task);
    k.interrupts = true;
    k.emit(|_| Event::SyscallEnter { task, name: call.name, args: call.integers() });
    run_call(k, task);
}

/// A woken process gets the processor back and goes on with its call.
pub fn resume_call(k: &mut Kernel, task: TaskId) {
    k.current = Some(task);
    k.interrupts = k.current().interrupts;
    note!(k, "the process runs again: its call goes on behind the sleep");
    run_call(k, task);
}

fn run_call(k: &mut Kernel, task: TaskId) {
    let gate = k.idt.gate(0x80);
    let returned = match gate.vector {
        Vector::SystemCall => system_call(k),
        _ => Err(Stop::Errno(Errno::ENOSYS)),
    };
    if matches!(returned, Err(Stop::Sleep)) {
        k.current = None;
        k.interrupts = true;
        k.emit(|_| Event::StatFlush);
        handle_bottom_half(k);
        return;
    }
    finish_call(k, task, returned);
}

/// The common entry of all system calls.
///
/// arch/i386/kernel/entry.S:system_call: checks EAX against the size of the table and the word in the table against
/// zero (both ENOSYS), calls the function, stores its value in the saved EAX, and falls into ret_from_sys_call.
#[kfn("arch/i386/kernel/entry.S")]
pub fn system_call(k: &mut Kernel) -> KResult<i32> {
    let regs = k.current().regs;
    if regs.eax as usize >= NR_SYSCALLS {
        note!(k, "the number in EAX lies beyond the table: ENOSYS");
        return Err(Stop::Errno(Errno::ENOSYS));
    }
    let Some(call) = k.sys_call_table.get(regs.eax) else {
        note!(k, "the table has no function under this number: ENOSYS");
        return Err(Stop::Errno(Errno::ENOSYS));
    };
    note!(k, "sys_call_table[EAX] is the function to call; the saved registers are its arguments");
    let result = (call.call)(k, regs);
    if result != Err(Stop::Sleep) {
        k.current_mut().regs.eax = result_word(result) as u32;
        ret_from_sys_call(k);
    }
    result
}

/// What stands in EAX for a result.
fn result_word(result: KResult<i32>) -> i32 {
    match result {
        Ok(value) => value,
        Err(Stop::Errno(errno)) => -errno.0,
        Err(Stop::Sleep) => 0,
    }
}

/// On the way back to user mode: bottom halves, then rescheduling, then signals.
///
/// arch/i386/kernel/entry.S:ret_from_sys_call.
#[kfn("arch/i386/kernel/entry.S")]
pub fn ret_from_sys_call(k: &mut Kernel) {
    k.interrupts = true;
    super::irq::take_held(k, "ret_from_sys_call");
    handle_bottom_half(k);
    if k.signal_pending() {
        do_signal(k);
    }
}

/// Handles a pending signal: an interrupted call becomes EINTR, as no handler restarts it.
///
/// arch/i386/kernel/signal.c:do_signal.
#[kfn("arch/i386/kernel/signal.c")]
pub fn do_signal(k: &mut Kernel) {
    let task = k.current_mut();
    task.signal &= task.blocked;
    let eax = task.regs.eax as i32;
    if eax == -Errno::ERESTARTSYS.0 || eax == -Errno::ERESTARTNOHAND.0 {
        task.regs.eax = (-Errno::EINTR.0) as u32;
    }
}

fn finish_call(k: &mut Kernel, task: TaskId, returned: KResult<i32>) {
    let mut ret = match returned {
        Err(Stop::Errno(Errno::ENOSYS)) => -Errno::ENOSYS.0,
        _ => k.current().regs.eax as i32,
    };
    if ret == -Errno::ERESTARTSYS.0 || ret == -Errno::ERESTARTNOHAND.0 {
        ret = -Errno::EINTR.0;
    }
    let process = k.current_mut();
    let name = process.call.take().unwrap_or(CallName::Close);
    process.frames.clear();
    // Without plans, which only scripts make, this is an empty list that owns nothing.
    let unused = std::mem::take(&mut process.planned);
    for planned in unused.into_iter().filter(|planned| !planned.done) {
        k.emit(|_| Event::IrqUnused { point: planned.point, within: planned.function, nth: planned.nth });
    }
    k.emit(|k| Event::SyscallExit { task, name, ret, out: k.outputs(task) });
    k.completions.push(Returned { task, name, ret });
    k.current = None;
    k.emit(|_| Event::StatFlush);
}
