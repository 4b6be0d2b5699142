//! close(2) (fs/open.c): the last descriptor of a file takes the socket with it.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::FileId;
use crate::include::sched::{Registers, SavedFrame};
use crate::kernel::Kernel;
use crate::kernel::inode::iput;
use crate::net::socket::{file_of, sock_close};
use crate::note;

/// Closes a descriptor.
///
/// fs/open.c:sys_close. The descriptor is free at once, even if the close lingers.
#[kfn("fs/open.c")]
pub fn sys_close(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    if let Some(SavedFrame::SysClose { file }) = k.take_frame(|frame| matches!(frame, SavedFrame::SysClose { .. })) {
        return close_fp(k, file);
    }
    sys_close_fd(k, regs.ebx as i32)
}

/// Closes a descriptor of the running process.
pub fn sys_close_fd(k: &mut Kernel, fd: i32) -> KResult<i32> {
    let Ok(file) = file_of(k, fd) else {
        note!(k, "the process has no such descriptor: EBADF");
        return fail(Errno::EBADF);
    };
    k.current_mut().set_close_on_exec(fd as u32, false);
    k.current_mut().files.set(fd as usize, None);
    close_fp(k, file)
}

/// Drops a reference to an open file; the last one closes the socket.
///
/// fs/open.c:close_fp.
#[kfn("fs/open.c")]
pub fn close_fp(k: &mut Kernel, filp: FileId) -> KResult<i32> {
    let (count, inode) = (k.files[filp].f_count, k.files[filp].f_inode);
    if count > 1 {
        note!(k, "another descriptor shares the open file: only a reference is dropped");
        k.files[filp].f_count = count - 1;
        return Ok(0);
    }
    if let Some(inode) = inode {
        if sock_close(k, inode, filp) == Err(Stop::Sleep) {
            k.keep_frame(SavedFrame::SysClose { file: filp });
            return Err(Stop::Sleep);
        }
        iput(k, inode);
    }
    k.files.remove(filp);
    Ok(0)
}
