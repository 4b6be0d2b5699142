//! The handlers behind sys_socketcall (net/socket.c: sock_socket, sock_bind and so on).
//!
//! Each finds the socket of its descriptor, copies an address into the kernel, and asks the family. A handler that was
//! woken inside a call below comes through here again without doing any of that twice.

use kfn::kfn;

use super::socket::{find_socket, get_fd, ops_of, sock_alloc, sock_release};
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::{FileId, O_NONBLOCK};
use crate::include::sched::{Registers, SavedFrame};
use crate::include::sock::UserArea;
use crate::include::socket::{
    MAX_SOCK_ADDR, SO_ACCEPTCON, SOCK_DGRAM, SOCK_PACKET, SOCK_RAW, SOCK_SEQPACKET, SOCK_STREAM, SocketId, SocketState,
};
use crate::kernel::Kernel;
use crate::kernel::call::CallName;
use crate::kernel::user::{get_fs_long, memcpy_fromfs, memcpy_tofs, put_fs_long, verify_area};
use crate::note;

/// Copies an address from the user; a length of 0 copies nothing.
///
/// net/socket.c:move_addr_to_kernel. Errors: EINVAL for a length below 0 or above 128, EFAULT.
#[kfn("net/socket.c")]
fn move_addr_to_kernel(k: &mut Kernel, uaddr: u32, ulen: i32) -> KResult<Vec<u8>> {
    if !(0..=MAX_SOCK_ADDR).contains(&ulen) {
        return fail(Errno::EINVAL);
    }
    let length = ulen as u32;
    if length == 0 {
        return Ok(Vec::new());
    }
    verify_area(k, uaddr, length)?;
    Ok(memcpy_fromfs(k, uaddr, length, "move_addr_to_kernel"))
}

/// Copies an address to the user, as much as his length word allows, and corrects that word.
///
/// net/socket.c:move_addr_to_user. Errors: EINVAL for a length below 0 or above 128, EFAULT.
#[kfn("net/socket.c", skip(kaddr))]
fn move_addr_to_user(k: &mut Kernel, kaddr: &[u8], uaddr: u32, ulen: u32) -> KResult<()> {
    verify_area(k, ulen, 4)?;
    let length = (get_fs_long(k, ulen) as i32).min(kaddr.len() as i32);
    if !(0..=MAX_SOCK_ADDR).contains(&length) {
        return fail(Errno::EINVAL);
    }
    if length != 0 {
        verify_area(k, uaddr, length as u32)?;
        let bytes = kaddr.get(..length as usize).unwrap_or(kaddr);
        memcpy_tofs(k, uaddr, bytes, "move_addr_to_user");
    }
    put_fs_long(k, length as u32, ulen);
    Ok(())
}

/// The address of a call that may sleep below: one that was woken has it in the kernel already, and nothing is copied.
fn kernel_address(k: &mut Kernel, uaddr: u32, ulen: i32) -> KResult<Vec<u8>> {
    if !k.resuming() {
        return move_addr_to_kernel(k, uaddr, ulen);
    }
    let length = u32::try_from(ulen).unwrap_or(0);
    Ok(k.current().memory.range(uaddr, length).map(<[u8]>::to_vec).unwrap_or_default())
}

fn nonblocking(k: &Kernel, file: FileId) -> bool {
    k.files[file].f_flags & O_NONBLOCK != 0
}

/// Makes a socket of a family and gives it a descriptor.
///
/// net/socket.c:sock_socket. Kept: an unknown family is EINVAL, and so is having no descriptor left
/// (socket_errors/socket_bad).
#[kfn("net/socket.c")]
pub fn sock_socket(k: &mut Kernel, family: i32, type_: i32, protocol: i32) -> KResult<i32> {
    let slot = k.pops.iter().position(|ops| ops.is_some_and(|ops| i32::from(ops.family) == family));
    let Some(slot) = slot else {
        note!(k, "no such family is registered: EINVAL");
        return fail(Errno::EINVAL);
    };
    let type_ = match u16::try_from(type_) {
        Ok(known @ (SOCK_STREAM | SOCK_DGRAM | SOCK_SEQPACKET | SOCK_RAW | SOCK_PACKET)) if protocol >= 0 => known,
        _ => {
            note!(k, "no such type of socket, or a negative protocol: EINVAL");
            return fail(Errno::EINVAL);
        }
    };
    let sock = sock_alloc(k);
    k.sockets[sock].type_ = type_;
    k.sockets[sock].ops = Some(slot);
    let created = match ops_of(k, sock) {
        Some(ops) => (ops.create)(k, sock, protocol),
        None => fail(Errno::EINVAL),
    };
    match created.and_then(|()| get_fd(k, sock)) {
        Ok(fd) => Ok(fd),
        Err(stop) => {
            sock_release(k, sock)?;
            Err(stop)
        }
    }
}

/// Makes two sockets that are connected to each other, if the family can.
///
/// net/socket.c:sock_socketpair.
#[kfn("net/socket.c")]
pub fn sock_socketpair(k: &mut Kernel, family: i32, type_: i32, protocol: i32, vec: u32) -> KResult<i32> {
    let fd1 = sock_socket(k, family, type_, protocol)?;
    let Ok(fd2) = sock_socket(k, family, type_, protocol) else {
        close_again(k, fd1)?;
        return fail(Errno::EINVAL);
    };
    let (sock1, _, ops) = find_socket(k, fd1)?;
    let (sock2, _, _) = find_socket(k, fd2)?;
    let paired = (ops.socketpair)(k, sock1, sock2).and_then(|()| verify_area(k, vec, 8));
    if let Err(stop) = paired {
        close_again(k, fd1)?;
        close_again(k, fd2)?;
        return Err(stop);
    }
    k.sockets[sock1].state = SocketState::Connected;
    k.sockets[sock2].state = SocketState::Connected;
    put_fs_long(k, fd1 as u32, vec);
    put_fs_long(k, fd2 as u32, vec.wrapping_add(4));
    Ok(0)
}

/// Closes a descriptor as the program would: sys_close lies above this floor and is reached through its table.
fn close_again(k: &mut Kernel, fd: i32) -> KResult<i32> {
    match k.sys_call_table.get(CallName::Close.number()) {
        Some(close) => (close.call)(k, Registers { ebx: fd as u32, ..Registers::default() }),
        None => fail(Errno::ENOSYS),
    }
}

/// Gives a socket a local address.
///
/// net/socket.c:sock_bind.
#[kfn("net/socket.c")]
pub fn sock_bind(k: &mut Kernel, fd: i32, umyaddr: u32, addrlen: i32) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    let address = kernel_address(k, umyaddr, addrlen)?;
    (ops.bind)(k, sock, &address, addrlen)?;
    Ok(0)
}

/// Lets a socket listen.
///
/// net/socket.c:sock_listen. Kept: what the family says to it is ignored; a listening socket stays unconnected, so the
/// call may be repeated (socket_errors/listen_misc).
#[kfn("net/socket.c")]
pub fn sock_listen(k: &mut Kernel, fd: i32, backlog: i32) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    if k.sockets[sock].state != SocketState::Unconnected {
        note!(k, "the socket is connected: it cannot listen");
        return fail(Errno::EINVAL);
    }
    if (ops.listen)(k, sock, backlog).is_err() {
        note!(k, "the family refused to listen; nobody looks at that");
    }
    k.sockets[sock].flags |= SO_ACCEPTCON;
    Ok(0)
}

/// Takes a connection from a listening socket, and gives it a socket and a descriptor.
///
/// net/socket.c:sock_accept. Kept: failures while the peer's address is copied to the user are ignored; the address of a
/// connection that died before is empty (passive_open/rst_in_syn_recv).
#[kfn("net/socket.c")]
pub fn sock_accept(k: &mut Kernel, fd: i32, upeer_sockaddr: u32, upeer_addrlen: u32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    let newsock = match k.take_frame(|frame| matches!(frame, SavedFrame::SockAccept { .. })) {
        Some(SavedFrame::SockAccept { newsock }) => newsock,
        _ => sock_accept_newsock(k, sock)?,
    };
    let flags = k.files[file].f_flags;
    let accepted = (ops.accept)(k, sock, newsock, flags);
    if accepted == Err(Stop::Sleep) {
        k.keep_frame(SavedFrame::SockAccept { newsock });
        return Err(Stop::Sleep);
    }
    let fd = match accepted.and_then(|()| get_fd(k, newsock)) {
        Ok(fd) => fd,
        Err(stop) => {
            sock_release(k, newsock)?;
            return Err(stop);
        }
    };
    if upeer_sockaddr != 0 {
        let name = (ops.getname)(k, newsock, true);
        let name = name.as_ref().map_or(&[][..], |name| name.as_slice());
        if move_addr_to_user(k, name, upeer_sockaddr, upeer_addrlen).is_err() {
            note!(k, "the peer's address could not be copied to the user; nobody looks at that");
        }
    }
    Ok(fd)
}

/// The checks, and the socket for the conversation.
fn sock_accept_newsock(k: &mut Kernel, sock: SocketId) -> KResult<SocketId> {
    if k.sockets[sock].state != SocketState::Unconnected || k.sockets[sock].flags & SO_ACCEPTCON == 0 {
        note!(k, "the socket does not listen: EINVAL");
        return fail(Errno::EINVAL);
    }
    let newsock = sock_alloc(k);
    let (type_, slot) = (k.sockets[sock].type_, k.sockets[sock].ops);
    k.sockets[newsock].type_ = type_;
    k.sockets[newsock].ops = slot;
    let copied = match ops_of(k, sock) {
        Some(ops) => (ops.dup)(k, newsock, sock),
        None => fail(Errno::EINVAL),
    };
    if let Err(stop) = copied {
        sock_release(k, newsock)?;
        return Err(stop);
    }
    Ok(newsock)
}

/// Connects a socket to an address.
///
/// net/socket.c:sock_connect.
#[kfn("net/socket.c")]
pub fn sock_connect(k: &mut Kernel, fd: i32, uservaddr: u32, addrlen: i32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    let address = kernel_address(k, uservaddr, addrlen)?;
    match k.sockets[sock].state {
        SocketState::Unconnected | SocketState::Connecting => {}
        SocketState::Connected if k.sockets[sock].type_ == SOCK_DGRAM => {}
        SocketState::Connected => {
            note!(k, "the socket is connected already");
            return fail(Errno::EISCONN);
        }
        SocketState::Free | SocketState::Disconnecting => return fail(Errno::EINVAL),
    }
    let flags = k.files[file].f_flags;
    (ops.connect)(k, sock, &address, addrlen, flags)?;
    Ok(0)
}

/// Tells the local address of a socket.
///
/// net/socket.c:sock_getsockname.
#[kfn("net/socket.c")]
pub fn sock_getsockname(k: &mut Kernel, fd: i32, usockaddr: u32, usockaddr_len: u32) -> KResult<i32> {
    name_to_user(k, fd, usockaddr, usockaddr_len, false)
}

/// Tells the address of a socket's peer.
///
/// net/socket.c:sock_getpeername.
#[kfn("net/socket.c")]
pub fn sock_getpeername(k: &mut Kernel, fd: i32, usockaddr: u32, usockaddr_len: u32) -> KResult<i32> {
    name_to_user(k, fd, usockaddr, usockaddr_len, true)
}

fn name_to_user(k: &mut Kernel, fd: i32, usockaddr: u32, usockaddr_len: u32, peer: bool) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    let name = (ops.getname)(k, sock, peer)?;
    move_addr_to_user(k, &name, usockaddr, usockaddr_len)?;
    Ok(0)
}

/// Sends to the peer of a connected socket.
///
/// net/socket.c:sock_send. Kept: flags that came later are ignored, so what is sent with MSG_MORE leaves at once; sendto()
/// on a connection answers them with EINVAL (kept/send_flags).
#[kfn("net/socket.c")]
pub fn sock_send(k: &mut Kernel, fd: i32, buff: UserArea, flags: i32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    check_area(k, buff)?;
    let noblock = nonblocking(k, file);
    (ops.send)(k, sock, buff, noblock, flags).map(|sent| sent as i32)
}

/// A length must not be negative, and the area must be mapped.
fn check_area(k: &Kernel, area: UserArea) -> KResult<()> {
    if (area.len as i32) < 0 {
        return fail(Errno::EINVAL);
    }
    verify_area(k, area.address, area.len)
}

/// Sends to an address.
///
/// net/socket.c:sock_sendto. Kept: the transport cannot tell a null address from one of length 0, so both are EINVAL
/// (kept/sendto_nowhere).
#[kfn("net/socket.c")]
pub fn sock_sendto(k: &mut Kernel, fd: i32, buff: UserArea, flags: i32, addr: u32, addr_len: i32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    check_area(k, buff)?;
    let address = kernel_address(k, addr, addr_len)?;
    let noblock = nonblocking(k, file);
    (ops.sendto)(k, sock, buff, noblock, flags, &address, addr_len).map(|sent| sent as i32)
}

/// Receives with flags.
///
/// net/socket.c:sock_recv. Kept: flags that came later are ignored, so MSG_DONTWAIT sleeps and MSG_WAITALL does not wait
/// (kept/recv_flags).
#[kfn("net/socket.c")]
pub fn sock_recv(k: &mut Kernel, fd: i32, buff: UserArea, flags: i32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    check_area_or_empty(k, buff)?;
    if buff.len == 0 {
        return Ok(0);
    }
    let noblock = nonblocking(k, file);
    (ops.recv)(k, sock, buff, noblock, flags).map(|read| read as i32)
}

fn check_area_or_empty(k: &Kernel, area: UserArea) -> KResult<()> {
    if area.len == 0 { Ok(()) } else { check_area(k, area) }
}

/// Receives and tells who sent it.
///
/// net/socket.c:sock_recvfrom. Kept: the data is gone before the address turns out to be impossible to copy
/// (kept_frames/address_fault).
#[kfn("net/socket.c")]
pub fn sock_recvfrom(k: &mut Kernel, fd: i32, buff: UserArea, flags: i32, addr: u32, addr_len: u32) -> KResult<i32> {
    let (sock, file, ops) = find_socket(k, fd)?;
    check_area_or_empty(k, buff)?;
    if buff.len == 0 {
        return Ok(0);
    }
    let noblock = nonblocking(k, file);
    let (read, from) = (ops.recvfrom)(k, sock, buff, noblock, flags)?;
    if addr != 0 {
        move_addr_to_user(k, from.as_ref().map_or(&[], |name| name.as_slice()), addr, addr_len)?;
    }
    Ok(read as i32)
}

/// Sets an option.
///
/// net/socket.c:sock_setsockopt.
#[kfn("net/socket.c")]
pub fn sock_setsockopt(k: &mut Kernel, fd: i32, level: i32, optname: i32, optval: u32, optlen: i32) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    (ops.setsockopt)(k, sock, level, optname, optval, optlen)?;
    Ok(0)
}

/// Reads an option.
///
/// net/socket.c:sock_getsockopt.
#[kfn("net/socket.c")]
pub fn sock_getsockopt(k: &mut Kernel, fd: i32, level: i32, optname: i32, optval: u32, optlen: u32) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    (ops.getsockopt)(k, sock, level, optname, optval, optlen)?;
    Ok(0)
}

/// Shuts down one half of a connection, or both.
///
/// net/socket.c:sock_shutdown.
#[kfn("net/socket.c")]
pub fn sock_shutdown(k: &mut Kernel, fd: i32, how: i32) -> KResult<i32> {
    let (sock, _, ops) = find_socket(k, fd)?;
    (ops.shutdown)(k, sock, how)?;
    Ok(0)
}
