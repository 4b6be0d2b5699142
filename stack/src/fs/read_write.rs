//! read(2) and write(2) (fs/read_write.c).

use kfn::kfn;

use crate::include::errno::{Errno, KResult, Stop};
use crate::include::fs::O_NONBLOCK;
use crate::include::sched::Registers;
use crate::include::sock::UserArea;
use crate::include::socket::SocketId;
use crate::kernel::Kernel;
use crate::kernel::user::verify_area;
use crate::net::socket::{file_of, sock_read, sock_write};
use crate::note;

/// The socket of a descriptor, the user's area, and whether the file does not block; None for a count of 0. A negative
/// count is left to the socket, which refuses it as EINVAL.
#[inline]
fn begin(k: &Kernel, regs: Registers) -> KResult<Option<(SocketId, UserArea, bool)>> {
    let file = &k.files[file_of(k, regs.ebx as i32)?];
    let inode = file.f_inode.ok_or(Stop::Errno(Errno::EBADF))?;
    if regs.edx == 0 {
        return Ok(None);
    }
    if (regs.edx as i32) > 0 {
        verify_area(k, regs.ecx, regs.edx)?;
    }
    let area = UserArea { address: regs.ecx, len: regs.edx };
    Ok(Some((inode, area, file.f_flags & O_NONBLOCK != 0)))
}

/// Reads from a descriptor.
///
/// fs/read_write.c:sys_read. Kept: reading nothing succeeds whatever state the socket is in
/// (kept/zero_length).
#[kfn("fs/read_write.c")]
pub fn sys_read(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    match begin(k, regs)? {
        Some((sock, area, noblock)) => sock_read(k, sock, area, noblock).map(|read| read as i32),
        None => {
            note!(k, "nothing is to be read: 0 without asking the socket");
            Ok(0)
        }
    }
}

/// Writes to a descriptor.
///
/// fs/read_write.c:sys_write. Kept: writing nothing succeeds whatever state the socket is in
/// (kept/zero_length).
#[kfn("fs/read_write.c")]
pub fn sys_write(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    match begin(k, regs)? {
        Some((sock, area, noblock)) => sock_write(k, sock, area, noblock).map(|written| written as i32),
        None => {
            note!(k, "nothing is to be written: 0 without asking the socket");
            Ok(0)
        }
    }
}
