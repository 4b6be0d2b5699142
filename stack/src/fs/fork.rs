//! fork(2) (kernel/fork.c), as far as sockets notice: a new entry of the task table that shares every open file.
//!
//! Promise: what parent and child share is what they share in 1.2.13, `struct file` and with it the socket's inode. So a
//! connection lives until both have closed it, and whoever closes last sends the FIN. Memory, signals and the family tree
//! are not modelled; the table grows beyond the 128 entries of NR_TASKS where a server has that many clients.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, fail};
use crate::include::sched::{FIRST_CHILD_PID, Registers, Task, TaskId, TaskState};
use crate::kernel::Kernel;
use crate::note;

/// Process ids wrap around here (PID_MAX).
const PID_MAX: i32 = 0x8000;

/// Makes a child of the running process; the parent gets its process id, the child 0.
///
/// arch/i386/kernel/process.c:sys_fork.
#[kfn("arch/i386/kernel/process.c")]
pub fn sys_fork(k: &mut Kernel, _regs: Registers) -> KResult<i32> {
    do_fork(k)
}

/// Copies the entry of the running process into a free one of the task table.
///
/// kernel/fork.c:do_fork. The child becomes runnable behind the call, its saved EAX being 0: that is how it knows that it
/// is the child. The parent goes on first.
#[kfn("kernel/fork.c")]
pub fn do_fork(k: &mut Kernel) -> KResult<i32> {
    let Some(pid) = get_pid(k) else {
        note!(k, "every process id is taken: EAGAIN");
        return fail(Errno::EAGAIN);
    };
    let parent = k.current();
    let child = Task {
        pid,
        pgrp: parent.pgrp,
        euid: parent.euid,
        blocked: parent.blocked,
        regs: Registers { eax: 0, ..parent.regs },
        close_on_exec: parent.close_on_exec.clone(),
        interrupts: true,
        ..Task::default()
    };
    let place = find_empty_process(k, child);
    copy_files(k, place);
    note!(k, "the child is on the run queue: when it runs, fork returns 0 to it");
    Ok(pid)
}

/// The next process id that nobody has (kernel/fork.c:get_pid).
fn get_pid(k: &mut Kernel) -> Option<i32> {
    for _ in FIRST_CHILD_PID..PID_MAX {
        k.last_pid = if k.last_pid + 1 >= PID_MAX { FIRST_CHILD_PID } else { k.last_pid + 1 };
        if k.task_of_pid(k.last_pid).is_none() {
            return Some(k.last_pid);
        }
    }
    None
}

/// Puts a process into the first entry of the table that is free (kernel/fork.c:find_empty_process).
fn find_empty_process(k: &mut Kernel, child: Task) -> TaskId {
    match k.tasks.iter().skip(1).position(|task| task.state == TaskState::Unused) {
        Some(free) => {
            if let Some(place) = k.tasks.get_mut(free + 1) {
                // Its room is used again: what the one before has left there is nothing.
                let Task { files, memory, outputs, .. } = std::mem::take(place);
                *place = Task { files, memory, outputs, ..child };
            }
            TaskId(free as u32 + 1)
        }
        None => {
            k.tasks.push(child);
            TaskId(k.tasks.len() as u32 - 1)
        }
    }
}

/// The child shares every open file of the running process.
///
/// kernel/fork.c:copy_files. Only `f_count` grows: the file, its flags and its socket are the same ones.
#[kfn("kernel/fork.c", skip(child))]
fn copy_files(k: &mut Kernel, child: TaskId) {
    note!(k, "every descriptor of the parent is the child's too: each open file counts one user more");
    let mut files = k.tasks.get_mut(child.0 as usize).map(|task| std::mem::take(&mut task.files)).unwrap_or_default();
    files.clone_from(&k.current().files);
    for (_, file) in files.iter() {
        let file = &mut k.files[file];
        file.f_count = file.f_count.saturating_add(1);
    }
    if let Some(task) = k.tasks.get_mut(child.0 as usize) {
        task.files = files;
    }
}
