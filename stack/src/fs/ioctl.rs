//! ioctl(2) (fs/ioctl.c): four commands are the file system's, the rest the socket's.

use kfn::kfn;

use crate::include::errno::{Errno, KResult, Stop};
use crate::include::fs::{O_NONBLOCK, O_SYNC};
use crate::include::sched::Registers;
use crate::kernel::Kernel;
use crate::kernel::user::get_fs_long;
use crate::net::socket::{file_of, sock_ioctl};
use crate::note;

/// Do not close on exec.
const FIONCLEX: u32 = 0x5450;
/// Close on exec.
const FIOCLEX: u32 = 0x5451;
/// Set or clear O_NONBLOCK.
const FIONBIO: u32 = 0x5421;
/// Set or clear O_SYNC, which means nothing to a socket.
const FIOASYNC: u32 = 0x5452;

/// Carries out a command on a descriptor.
///
/// fs/ioctl.c:sys_ioctl. There is no exec here, so close-on-exec is only remembered; O_SYNC has no effect on a socket.
#[kfn("fs/ioctl.c")]
pub fn sys_ioctl(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    let file = file_of(k, regs.ebx as i32)?;
    let (cmd, arg) = (regs.ecx, regs.edx);
    match cmd {
        FIOCLEX | FIONCLEX => {
            k.current_mut().set_close_on_exec(regs.ebx, cmd == FIOCLEX);
            Ok(0)
        }
        FIONBIO | FIOASYNC => {
            let on = get_fs_long(k, arg) != 0;
            note!(k, "a flag of the open file is set or cleared: O_NONBLOCK, or O_SYNC, which sockets ignore");
            let flag = if cmd == FIONBIO { O_NONBLOCK } else { O_SYNC };
            let flags = &mut k.files[file].f_flags;
            *flags = if on { *flags | flag } else { *flags & !flag };
            Ok(0)
        }
        _ => {
            let inode = k.files[file].f_inode.ok_or(Stop::Errno(Errno::EINVAL))?;
            sock_ioctl(k, inode, cmd, arg)
        }
    }
}
