//! The calls that the INET family mostly hands on to the transport (net/inet/af_inet.c): reading, writing, shutting down,
//! options, select, ioctl.
//!
//! Promise: a pending error is reported once, before anything else of the call happens.

use kfn::kfn;

use super::af_inet_bind::inet_autobind;
use super::arp::arp_ioctl;
use super::dev::dev_ioctl;
use super::rarp::rarp_ioctl;
use super::route::ip_rt_ioctl;
use super::sock_options::{sock_getsockopt, sock_setsockopt};
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::sock::{Proto, SockId, UserArea};
use crate::include::socket::{SIGPIPE, SOL_SOCKET, SocketId, SocketState};
use crate::include::tcp::{SEND_SHUTDOWN, TcpState};
use crate::kernel::Kernel;
use crate::kernel::sched::send_sig;
use crate::kernel::user::{get_fs_long, memcpy_tofs, put_fs_long, verify_area};
use crate::note;

/// fcntl: who gets SIGURG.
pub const F_SETOWN: u32 = 8;
/// fcntl: who gets SIGIO.
pub const F_GETOWN: u32 = 9;

/// The sock of a socket and its transport; EINVAL if the socket has none (the original would have followed NULL).
fn sock_of(k: &Kernel, sock: SocketId) -> KResult<(SockId, &'static Proto)> {
    let sk = k.sockets[sock].data.ok_or(Stop::Errno(Errno::EINVAL))?;
    Ok((sk, k.sock[sk].prot))
}

/// Takes the pending error away and returns it.
///
/// net/inet/af_inet.c:inet_error.
#[kfn("net/inet/af_inet.c")]
pub fn inet_error(k: &mut Kernel, sk: SockId) -> KResult<()> {
    match k.sock[sk].take_err() {
        Some(errno) => {
            note!(k, "an error was pending on the sock: the call reports it and does nothing else");
            Err(Stop::Errno(errno))
        }
        None => Ok(()),
    }
}

/// What every reading call does first.
fn begin_receiving(k: &mut Kernel, sk: SockId) -> KResult<()> {
    if k.resuming() {
        return Ok(());
    }
    inet_error(k, sk)?;
    inet_autobind(k, sk)
}

/// What every writing call does first.
fn begin_sending(k: &mut Kernel, sk: SockId) -> KResult<()> {
    if k.resuming() {
        return Ok(());
    }
    if k.sock[sk].shutdown & SEND_SHUTDOWN != 0 {
        note!(k, "the writing half is shut: SIGPIPE and EPIPE");
        if let Some(task) = k.current {
            send_sig(k, SIGPIPE, task);
        }
        return fail(Errno::EPIPE);
    }
    inet_error(k, sk)?;
    inet_autobind(k, sk)
}

/// Reads from a socket and tells who sent it.
///
/// net/inet/af_inet.c:inet_recvfrom.
#[kfn("net/inet/af_inet.c")]
pub fn inet_recvfrom(
    k: &mut Kernel,
    sock: SocketId,
    ubuf: UserArea,
    noblock: bool,
    flags: i32,
) -> KResult<(u32, Option<[u8; 16]>)> {
    let (sk, prot) = sock_of(k, sock)?;
    begin_receiving(k, sk)?;
    (prot.recvfrom)(k, sk, ubuf, noblock, flags)
}

/// Reads from a socket with flags.
///
/// net/inet/af_inet.c:inet_recv.
#[kfn("net/inet/af_inet.c")]
pub fn inet_recv(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    inet_recvfrom(k, sock, ubuf, noblock, flags).map(|(length, _)| length)
}

/// Reads from a socket.
///
/// net/inet/af_inet.c:inet_read.
#[kfn("net/inet/af_inet.c")]
pub fn inet_read(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool) -> KResult<u32> {
    let (sk, prot) = sock_of(k, sock)?;
    begin_receiving(k, sk)?;
    (prot.read)(k, sk, ubuf, noblock, 0)
}

/// Writes to a connected socket with flags.
///
/// net/inet/af_inet.c:inet_send.
#[kfn("net/inet/af_inet.c")]
pub fn inet_send(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool, flags: i32) -> KResult<u32> {
    let (sk, prot) = sock_of(k, sock)?;
    begin_sending(k, sk)?;
    (prot.write)(k, sk, ubuf, noblock, flags)
}

/// Writes to a connected socket.
///
/// net/inet/af_inet.c:inet_write.
#[kfn("net/inet/af_inet.c")]
pub fn inet_write(k: &mut Kernel, sock: SocketId, ubuf: UserArea, noblock: bool) -> KResult<u32> {
    inet_send(k, sock, ubuf, noblock, 0)
}

/// Writes to an address.
///
/// net/inet/af_inet.c:inet_sendto.
#[kfn("net/inet/af_inet.c")]
pub fn inet_sendto(
    k: &mut Kernel,
    sock: SocketId,
    ubuf: UserArea,
    noblock: bool,
    flags: i32,
    sin: &[u8],
    addr_len: i32,
) -> KResult<u32> {
    let (sk, prot) = sock_of(k, sock)?;
    begin_sending(k, sk)?;
    (prot.sendto)(k, sk, ubuf, noblock, flags, sin, addr_len)
}

/// Shuts down one half of a connection, or both.
///
/// net/inet/af_inet.c:inet_shutdown.
#[kfn("net/inet/af_inet.c")]
pub fn inet_shutdown(k: &mut Kernel, sock: SocketId, how: i32) -> KResult<()> {
    let halves = match how {
        0..=2 => (how + 1) as u8,
        _ => return fail(Errno::EINVAL),
    };
    let (sk, prot) = sock_of(k, sock)?;
    if k.sockets[sock].state == SocketState::Connecting && k.sock[sk].state == TcpState::Established {
        k.sockets[sock].state = SocketState::Connected;
    }
    if !k.sock[sk].state.connected() {
        return fail(Errno::ENOTCONN);
    }
    k.sock[sk].shutdown |= halves;
    if let Some(shutdown) = prot.shutdown {
        shutdown(k, sk, halves);
    }
    Ok(())
}

/// Asks the transport whether a socket is ready.
///
/// net/inet/af_inet.c:inet_select.
#[kfn("net/inet/af_inet.c")]
pub fn inet_select(k: &mut Kernel, sock: SocketId, sel_type: u8, wait: bool) -> bool {
    sock_of(k, sock).is_ok_and(|(sk, prot)| (prot.select)(k, sk, sel_type, wait))
}

/// Pairs of sockets are not for this family.
///
/// net/inet/af_inet.c:inet_socketpair.
#[kfn("net/inet/af_inet.c")]
pub fn inet_socketpair(k: &mut Kernel, _sock1: SocketId, _sock2: SocketId) -> KResult<()> {
    note!(k, "the INET family makes no pairs: EOPNOTSUPP");
    fail(Errno::EOPNOTSUPP)
}

/// Whether the running process may name another one as the owner of a socket.
fn may_own(k: &Kernel, owner: i32) -> bool {
    let task = k.current();
    k.suser() || task.pgrp == owner.wrapping_neg() || task.pid == owner
}

/// Sets or tells who gets SIGURG.
///
/// net/inet/af_inet.c:inet_fcntl.
#[kfn("net/inet/af_inet.c")]
pub fn inet_fcntl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: i32) -> KResult<i32> {
    let (sk, _) = sock_of(k, sock)?;
    match cmd {
        F_SETOWN if !may_own(k, arg) => fail(Errno::EPERM),
        F_SETOWN => {
            k.sock[sk].proc = arg;
            Ok(0)
        }
        F_GETOWN => Ok(k.sock[sk].proc),
        _ => fail(Errno::EINVAL),
    }
}

/// Sets an option: those of every socket here, the others in the transport.
///
/// net/inet/af_inet.c:inet_setsockopt.
#[kfn("net/inet/af_inet.c")]
pub fn inet_setsockopt(
    k: &mut Kernel,
    sock: SocketId,
    level: i32,
    optname: i32,
    optval: u32,
    optlen: i32,
) -> KResult<()> {
    let (sk, prot) = sock_of(k, sock)?;
    if level == SOL_SOCKET {
        return sock_setsockopt(k, sk, level, optname, optval, optlen);
    }
    match prot.setsockopt {
        Some(setsockopt) => setsockopt(k, sk, level, optname, optval, optlen),
        None => fail(Errno::EOPNOTSUPP),
    }
}

/// Reads an option: those of every socket here, the others in the transport.
///
/// net/inet/af_inet.c:inet_getsockopt.
#[kfn("net/inet/af_inet.c")]
pub fn inet_getsockopt(
    k: &mut Kernel,
    sock: SocketId,
    level: i32,
    optname: i32,
    optval: u32,
    optlen: u32,
) -> KResult<()> {
    let (sk, prot) = sock_of(k, sock)?;
    if level == SOL_SOCKET {
        return sock_getsockopt(k, sk, level, optname, optval, optlen);
    }
    match prot.getsockopt {
        Some(getsockopt) => getsockopt(k, sk, level, optname, optval, optlen),
        None => fail(Errno::EOPNOTSUPP),
    }
}

/// Carries out an ioctl, or hands it to routes, ARP, devices or the transport.
///
/// net/inet/af_inet.c:inet_ioctl. Neither a pending error nor the missing port of a socket matters here.
#[kfn("net/inet/af_inet.c")]
pub fn inet_ioctl(k: &mut Kernel, sock: SocketId, cmd: u32, arg: u32) -> KResult<i32> {
    let (sk, prot) = sock_of(k, sock)?;
    match cmd {
        0x8901 | 0x8902 => {
            verify_area(k, arg, 4)?;
            let owner = get_fs_long(k, arg) as i32;
            if !may_own(k, owner) {
                return fail(Errno::EPERM);
            }
            k.sock[sk].proc = owner;
            Ok(0)
        }
        0x8903 | 0x8904 => {
            verify_area(k, arg, 4)?;
            let owner = k.sock[sk].proc as u32;
            put_fs_long(k, owner, arg);
            Ok(0)
        }
        0x8906 => inet_ioctl_stamp(k, sk, arg),
        0x890b | 0x890c | 0x8940 | 0x8941 => ip_rt_ioctl(k, cmd, arg),
        0x8950..=0x8952 => arp_ioctl(k, cmd, arg),
        0x8960..=0x8962 if k.config.inet_rarp => rarp_ioctl(k, cmd, arg),
        0x8912..=0x8924 | 0x8927 | 0x8929 | 0x8930..=0x8932 | 0x8970 | 0x8971 | 0x89f0..=0x89ff => {
            dev_ioctl(k, cmd, arg)
        }
        _ => match prot.ioctl {
            Some(ioctl) => ioctl(k, sk, cmd, arg),
            None => fail(Errno::EINVAL),
        },
    }
}

/// SIOCGSTAMP: when the datagram read last arrived.
fn inet_ioctl_stamp(k: &mut Kernel, sk: SockId, arg: u32) -> KResult<i32> {
    let stamp = k.sock[sk].stamp;
    let seconds = stamp / 1_000_000;
    if seconds == 0 {
        return fail(Errno::ENOENT);
    }
    verify_area(k, arg, 8)?;
    let words = [seconds as u32, (stamp % 1_000_000) as u32];
    let timeval: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    memcpy_tofs(k, arg, &timeval, "inet_ioctl");
    Ok(0)
}
