//! exit(2) (kernel/exit.c), as far as sockets notice: every descriptor is closed, and the entry of the task table is free.
//!
//! The parent is taken to ignore SIGCHLD, as a server does that wants no zombies: nobody has to wait for the process.

use kfn::kfn;

use crate::include::errno::{KResult, Stop};
use crate::include::sched::{Registers, Task, TaskState};
use crate::kernel::Kernel;
use crate::note;

use super::open::close_fp;

/// Ends the running process.
///
/// kernel/exit.c:sys_exit.
#[kfn("kernel/exit.c")]
pub fn sys_exit(k: &mut Kernel, _regs: Registers) -> KResult<i32> {
    do_exit(k)
}

/// Closes the open files of the process and frees its entry of the task table.
///
/// kernel/exit.c:do_exit. It never returns. A process that exits does not linger,
/// whatever SO_LINGER says (PF_EXITING).
#[kfn("kernel/exit.c")]
pub fn do_exit(k: &mut Kernel) -> KResult<i32> {
    k.current_mut().exiting = true;
    let mut files = std::mem::take(&mut k.current_mut().files);
    for (_, file) in files.iter() {
        // Nothing sleeps in here: the process is exiting.
        let _ = close_fp(k, file);
    }
    note!(k, "the entry of the task table is free, and somebody else runs");
    files.clear();
    let task = k.current_mut();
    // Room that the next process uses again.
    let Task { mut memory, mut outputs, .. } = std::mem::take(task);
    memory.bytes.clear();
    outputs.clear();
    *task = Task { files, memory, outputs, state: TaskState::Unused, ..Task::default() };
    Err(Stop::Sleep)
}
