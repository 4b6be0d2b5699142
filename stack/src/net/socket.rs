//! The socket layer (net/socket.c): sys_socketcall, the families, descriptors of sockets, and what the file system calls.
//!
//! Promise: a socket lives as long as a descriptor refers to it; errors are found in the order of the original.

use kfn::kfn;

use super::inet::af_inet::inet_proto_init;
use super::inet::dev::{dev_init, net_bh};
use super::socket_calls::{
    sock_accept, sock_bind, sock_connect, sock_getpeername, sock_getsockname, sock_getsockopt, sock_listen, sock_recv,
    sock_recvfrom, sock_send, sock_sendto, sock_setsockopt, sock_shutdown, sock_socket, sock_socketpair,
};
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::{File, FileId, O_RDWR};
use crate::include::sched::{Registers, TaskId};
use crate::include::skbuff::Gfp;
use crate::include::sock::UserArea;
use crate::include::socket::{NPROTO, ProtoOps, SIGIO, SO_ACCEPTCON, SO_NOSPACE, SO_WAITDATA, SocketId, SocketState};
use crate::kernel::Kernel;
use crate::kernel::file_table::get_empty_filp;
use crate::kernel::inode::{get_empty_inode, iput};
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::kernel::kmalloc::kmalloc;
use crate::kernel::sched::send_sig;
use crate::kernel::softirq::{BottomHalf, NET_BH, enable_bh};
use crate::kernel::user::{get_fs_long, verify_area};
use crate::note;

/// Brings the network up: families register, devices are probed, `net_bh` is installed.
///
/// net/socket.c:sock_init.
#[kfn("net/socket.c")]
pub fn sock_init(k: &mut Kernel) {
    k.pops = [None; NPROTO];
    proto_init(k);
    dev_init(k);
    if let Some(place) = k.bh_base.get_mut(NET_BH) {
        *place = Some(BottomHalf { name: "net_bh", routine: net_bh });
    }
    enable_bh(k, NET_BH);
}

/// Lets every protocol family that was built in start up.
///
/// net/socket.c:proto_init. Here that is the INET family alone.
#[kfn("net/socket.c")]
pub fn proto_init(k: &mut Kernel) {
    inet_proto_init(k);
}

/// Enters a family into the table; its index.
///
/// net/socket.c:sock_register.
#[kfn("net/socket.c", skip(ops))]
pub fn sock_register(k: &mut Kernel, ops: &'static ProtoOps) -> KResult<i32> {
    let flags = save_flags(k);
    cli(k);
    let free = k.pops.iter().position(Option::is_none);
    if let Some(place) = free.and_then(|slot| k.pops.get_mut(slot)) {
        *place = Some(ops);
    }
    restore_flags(k, flags, "sock_register");
    free.map_or(fail(Errno::ENOMEM), |slot| Ok(slot as i32))
}

/// sizeof(struct fasync_struct): a magic number, the link and the file.
const SIZEOF_FASYNC_STRUCT: u32 = 12;
/// Words of arguments of each sub-call, in the order of their numbers.
const WORDS: [u32; 15] = [3, 3, 3, 2, 3, 3, 3, 4, 4, 4, 6, 6, 2, 5, 5];

/// The one system call of all socket calls: EBX tells which, ECX where the arguments lie.
///
/// net/socket.c:sys_socketcall.
#[kfn("net/socket.c")]
pub fn sys_socketcall(k: &mut Kernel, regs: Registers) -> KResult<i32> {
    let words = (regs.ebx as usize).checked_sub(1).and_then(|index| WORDS.get(index));
    let Some(&words) = words else {
        note!(k, "there is no socket call of that number: EINVAL");
        return fail(Errno::EINVAL);
    };
    verify_area(k, regs.ecx, words * 4)?;
    let mut args = [0_u32; 6];
    for (index, argument) in args.iter_mut().enumerate().take(words as usize) {
        *argument = get_fs_long(k, regs.ecx.wrapping_add(4 * index as u32));
    }
    let [a0, a1, a2, a3, a4, a5] = args;
    let (fd, area) = (a0 as i32, UserArea { address: a1, len: a2 });
    note!(k, "the arguments are fetched from user memory; EBX tells which socket call it is");
    match regs.ebx {
        1 => sock_socket(k, a0 as i32, a1 as i32, a2 as i32),
        2 => sock_bind(k, fd, a1, a2 as i32),
        3 => sock_connect(k, fd, a1, a2 as i32),
        4 => sock_listen(k, fd, a1 as i32),
        5 => sock_accept(k, fd, a1, a2),
        6 => sock_getsockname(k, fd, a1, a2),
        7 => sock_getpeername(k, fd, a1, a2),
        8 => sock_socketpair(k, a0 as i32, a1 as i32, a2 as i32, a3),
        9 => sock_send(k, fd, area, a3 as i32),
        10 => sock_recv(k, fd, area, a3 as i32),
        11 => sock_sendto(k, fd, area, a3 as i32, a4, a5 as i32),
        12 => sock_recvfrom(k, fd, area, a3 as i32, a4, a5),
        13 => sock_shutdown(k, fd, a1 as i32),
        14 => sock_setsockopt(k, fd, a1 as i32, a2 as i32, a3, a4 as i32),
        _ => sock_getsockopt(k, fd, a1 as i32, a2 as i32, a3, a4),
    }
}

/// Makes the inode that a socket is: unconnected, of no family yet.
///
/// net/socket.c:sock_alloc.
#[kfn("net/socket.c")]
pub fn sock_alloc(k: &mut Kernel) -> SocketId {
    let inode = get_empty_inode(k);
    let i_uid = k.current().euid;
    let socket = &mut k.sockets[inode];
    socket.state = SocketState::Unconnected;
    socket.i_uid = i_uid;
    k.sockets_in_use += 1;
    inode
}

/// The operations of a socket's family.
#[must_use]
pub fn ops_of(k: &Kernel, sock: SocketId) -> Option<&'static ProtoOps> {
    k.pops.get(k.sockets[sock].ops?).copied().flatten()
}

/// Ends a socket: its family lets go of it, then its inode is dropped.
///
/// net/socket.c:sock_release. Only a lingering close sleeps in here.
#[kfn("net/socket.c")]
pub fn sock_release(k: &mut Kernel, sock: SocketId) -> KResult<()> {
    if !k.resuming() && k.sockets[sock].state != SocketState::Unconnected {
        k.sockets[sock].state = SocketState::Disconnecting;
    }
    if let Some(ops) = ops_of(k, sock)
        && (ops.release)(k, sock) == Err(Stop::Sleep)
    {
        return Err(Stop::Sleep);
    }
    k.sockets_in_use -= 1;
    iput(k, sock);
    Ok(())
}

/// Gives a socket the lowest free descriptor of the process.
///
/// net/socket.c:get_fd. Kept: its callers turn any failure into EINVAL (kept/no_descriptor).
#[kfn("net/socket.c")]
pub fn get_fd(k: &mut Kernel, inode: SocketId) -> KResult<i32> {
    let Some(file) = get_empty_filp(k) else { return fail(Errno::EINVAL) };
    let Some(fd) = k.current().files.lowest_free(0) else {
        note!(k, "the process has no descriptor left");
        k.files.remove(file);
        return fail(Errno::EINVAL);
    };
    k.files[file] = File { f_count: 1, f_flags: O_RDWR, f_mode: 3, f_owner: 0, f_inode: Some(inode) };
    k.current_mut().set_close_on_exec(fd as u32, false);
    k.current_mut().files.set(fd, Some(file));
    let socket = &mut k.sockets[inode];
    socket.i_count = socket.i_count.saturating_add(1);
    Ok(fd as i32)
}

/// The open file of a descriptor of the running process; EBADF if there is none.
pub fn file_of(k: &Kernel, fd: i32) -> KResult<FileId> {
    usize::try_from(fd).ok().and_then(|fd| k.current().files.get(fd)).ok_or(Stop::Errno(Errno::EBADF))
}

/// Finds the socket behind a descriptor.
///
/// net/socket.c:sockfd_lookup. None for a descriptor that is not open, and for a file that is no socket.
#[kfn("net/socket.c")]
pub fn sockfd_lookup(k: &mut Kernel, fd: i32) -> Option<SocketId> {
    socket_of(k, fd)
}

fn socket_of(k: &Kernel, fd: i32) -> Option<SocketId> {
    let file = file_of(k, fd).ok()?;
    k.files[file].f_inode
}

/// What every handler begins with: the socket of a descriptor, its file and its family's operations. EBADF, ENOTSOCK. A
/// handler that was woken inside a call below has done it already.
pub fn find_socket(k: &mut Kernel, fd: i32) -> KResult<(SocketId, FileId, &'static ProtoOps)> {
    let file = file_of(k, fd)?;
    let socket = if k.resuming() { socket_of(k, fd) } else { sockfd_lookup(k, fd) };
    match socket.and_then(|sock| Some((sock, ops_of(k, sock)?))) {
        Some((sock, ops)) => Ok((sock, file, ops)),
        None => fail(Errno::ENOTSOCK),
    }
}

/// Sends SIGIO to the files that asked for it.
///
/// net/socket.c:sock_wake_async. `how` 0: always; 1: unless a reader is asleep; 2: only if a writer found no room.
#[kfn("net/socket.c")]
pub fn sock_wake_async(k: &mut Kernel, sock: Option<SocketId>, how: i32) -> i32 {
    let Some(sock) = sock else { return -1 };
    let socket = &mut k.sockets[sock];
    if socket.fasync_list.is_empty() {
        return -1;
    }
    let (waiting, no_space) = (socket.flags & SO_WAITDATA != 0, socket.flags & SO_NOSPACE != 0);
    match how {
        1 if waiting => return 0,
        2 if !no_space => return 0,
        2 => socket.flags &= !SO_NOSPACE,
        _ => {}
    }
    for file in k.sockets[sock].fasync_list.clone() {
        let owner = k.files[file].f_owner;
        kill_fasync(k, owner);
    }
    0
}

/// SIGIO for a process, or for a group if the number is negative.
fn kill_fasync(k: &mut Kernel, owner: i32) {
    let chosen = |pid: i32, pgrp: i32| if owner > 0 { pid == owner } else { owner < 0 && pgrp == owner.wrapping_neg() };
    let targets: Vec<TaskId> = (1..k.tasks.len())
        .filter(|index| k.tasks.get(*index).is_some_and(|task| chosen(task.pid, task.pgrp)))
        .map(|index| TaskId(index as u32))
        .collect();
    for target in targets {
        send_sig(k, SIGIO, target);
    }
}

/// What read and write check before the family is asked.
#[inline]
fn begin_transfer(k: &Kernel, sock: SocketId, area: UserArea) -> KResult<&'static ProtoOps> {
    let socket = &k.sockets[sock];
    if socket.flags & SO_ACCEPTCON != 0 || area.len as i32 <= -1 {
        return fail(Errno::EINVAL);
    }
    verify_area(k, area.address, area.len)?;
    let ops = socket.ops.and_then(|slot| k.pops.get(slot).copied().flatten());
    ops.ok_or(Stop::Errno(Errno::EINVAL))
}

/// Reads from a socket as from a file.
///
/// net/socket.c:sock_read.
#[kfn("net/socket.c")]
pub fn sock_read(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool) -> KResult<u32> {
    let ops = begin_transfer(k, sock, ubuf)?;
    if ubuf.len == 0 {
        return Ok(0);
    }
    (ops.read)(k, sock, ubuf, noblock)
}

/// Writes to a socket as to a file.
///
/// net/socket.c:sock_write.
#[kfn("net/socket.c")]
pub fn sock_write(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool) -> KResult<u32> {
    let ops = begin_transfer(k, sock, ubuf)?;
    if ubuf.len == 0 {
        return Ok(0);
    }
    (ops.write)(k, sock, ubuf, noblock)
}

/// Asks a socket whether it is ready.
///
/// net/socket.c:sock_select.
#[kfn("net/socket.c")]
pub fn sock_select(k: &mut Kernel, sock: SocketId, sel_type: u8, wait: bool) -> bool {
    ops_of(k, sock).is_some_and(|ops| (ops.select)(k, sock, sel_type, wait))
}

/// Hands an ioctl to the family.
///
/// net/socket.c:sock_ioctl.
#[kfn("net/socket.c")]
pub fn sock_ioctl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: u32) -> KResult<i32> {
    match ops_of(k, sock) {
        Some(ops) => (ops.ioctl)(k, sock, cmd, arg),
        None => fail(Errno::EINVAL),
    }
}

/// The last descriptor of a file is closed: no more SIGIO, and the socket ends.
///
/// net/socket.c:sock_close.
#[kfn("net/socket.c")]
pub fn sock_close(k: &mut Kernel, sock: SocketId, filp: FileId) -> KResult<()> {
    if !k.resuming() {
        sock_fasync(k, sock, filp, false);
    }
    sock_release(k, sock)
}

/// Hands an fcntl that the file system does not know to the family.
///
/// net/socket.c:sock_fcntl.
#[kfn("net/socket.c")]
pub fn sock_fcntl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: i32) -> KResult<i32> {
    match ops_of(k, sock) {
        Some(ops) => (ops.fcntl)(k, sock, cmd, arg),
        None => fail(Errno::EINVAL),
    }
}

/// Puts a file on the list of those that want SIGIO, or takes it off.
///
/// net/socket.c:sock_fasync.
#[kfn("net/socket.c")]
pub fn sock_fasync(k: &mut Kernel, sock: SocketId, filp: FileId, on: bool) {
    if on {
        kmalloc(k, SIZEOF_FASYNC_STRUCT, Gfp::Kernel);
    }
    let flags = save_flags(k);
    cli(k);
    let list = &mut k.sockets[sock].fasync_list;
    let place = list.iter().position(|known| *known == filp);
    match (place, on) {
        (None, true) => list.insert(0, filp),
        (Some(place), false) => {
            list.remove(place);
        }
        (Some(_), true) | (None, false) => {}
    }
    restore_flags(k, flags, "sock_fasync");
}
