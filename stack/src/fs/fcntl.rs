//! fcntl(2), dup(2) and dup2(2) (fs/fcntl.c).

use kfn::kfn;

use super::open::{close_fp, sys_close_fd};
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::{FASYNC, FileId, NR_OPEN, O_NONBLOCK};
use crate::include::sched::{Registers, SavedFrame};
use crate::kernel::Kernel;
use crate::net::inet::af_inet_calls::{F_GETOWN, F_SETOWN};
use crate::net::socket::{file_of, sock_fasync, sock_fcntl};
use crate::note;

/// Duplicate a descriptor.
const F_DUPFD: u32 = 0;
/// Read the close-on-exec flag.
const F_GETFD: u32 = 1;
/// Set the close-on-exec flag.
const F_SETFD: u32 = 2;
/// The bit of the close-on-exec flag.
const FD_CLOEXEC: u32 = 1;
/// Read the flags.
const F_GETFL: u32 = 3;
/// Set the flags.
const F_SETFL: u32 = 4;
/// Append; may be set, means nothing to a socket.
const O_APPEND: i32 = 0o2000;

/// Gives an open file another descriptor: the lowest free one from `arg` on.
///
/// fs/fcntl.c:dupfd.
#[kfn("fs/fcntl.c")]
pub fn dupfd(k: &mut Kernel, fd: i32, arg: u32) -> KResult<i32> {
    let file = file_of(k, fd)?;
    if arg as usize >= NR_OPEN {
        return fail(Errno::EINVAL);
    }
    let Some(free) = k.current().files.lowest_free(arg as usize) else { return fail(Errno::EMFILE) };
    k.current_mut().set_close_on_exec(free as u32, false);
    k.current_mut().files.set(free, Some(file));
    k.files[file].f_count = k.files[file].f_count.saturating_add(1);
    note!(k, "both descriptors share one open file: its flags, its place, its socket");
    Ok(free as i32)
}

/// Duplicates a descriptor.
///
/// fs/fcntl.c:sys_dup.
#[kfn("fs/fcntl.c")]
pub fn sys_dup(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    dupfd(k, regs.ebx as i32, 0)
}

/// Duplicates a descriptor to a chosen number, which is closed first.
///
/// fs/fcntl.c:sys_dup2. The close may linger.
#[kfn("fs/fcntl.c")]
pub fn sys_dup2(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    let (oldfd, newfd) = (regs.ebx as i32, regs.ecx);
    if let Some(SavedFrame::SysClose { file }) = k.take_frame(|frame| matches!(frame, SavedFrame::SysClose { .. })) {
        close_fp(k, file)?;
        return dupfd(k, oldfd, newfd);
    }
    file_of(k, oldfd)?;
    if newfd as i32 == oldfd {
        return Ok(oldfd);
    }
    if newfd as usize >= NR_OPEN {
        return fail(Errno::EBADF);
    }
    if sys_close_fd(k, newfd as i32) == Err(Stop::Sleep) {
        return Err(Stop::Sleep);
    }
    dupfd(k, oldfd, newfd)
}

/// Changes properties of a descriptor or of the file behind it.
///
/// fs/fcntl.c:sys_fcntl.
#[kfn("fs/fcntl.c")]
pub fn sys_fcntl(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    let file = file_of(k, regs.ebx as i32)?;
    let (cmd, arg) = (regs.ecx, regs.edx);
    match cmd {
        F_DUPFD => dupfd(k, regs.ebx as i32, arg),
        F_GETFD => Ok(i32::from(k.current().close_on_exec.contains(&regs.ebx))),
        F_SETFD => {
            k.current_mut().set_close_on_exec(regs.ebx, arg & FD_CLOEXEC != 0);
            Ok(0)
        }
        F_GETFL => Ok(k.files[file].f_flags),
        F_SETFL => {
            set_flags(k, file, arg as i32);
            Ok(0)
        }
        F_GETOWN => Ok(k.files[file].f_owner),
        F_SETOWN => {
            k.files[file].f_owner = arg as i32;
            if let Some(inode) = k.files[file].f_inode
                && sock_fcntl(k, inode, cmd, arg as i32).is_err()
            {
                note!(k, "the socket refused the new owner of SIGURG; nobody looks at that");
            }
            Ok(0)
        }
        _ => match k.files[file].f_inode {
            Some(inode) => sock_fcntl(k, inode, cmd, arg as i32),
            None => fail(Errno::EINVAL),
        },
    }
}

/// F_SETFL: only O_APPEND, O_NONBLOCK and FASYNC can be changed; a change of FASYNC tells the socket.
fn set_flags(k: &mut Kernel, file: FileId, wanted: i32) {
    let old = k.files[file].f_flags;
    if (old ^ wanted) & FASYNC != 0
        && let Some(inode) = k.files[file].f_inode
    {
        sock_fasync(k, inode, file, wanted & FASYNC != 0);
    }
    let changeable = O_APPEND | O_NONBLOCK | FASYNC;
    k.files[file].f_flags = (old & !changeable) | (wanted & changeable);
}
