//! Local names of INET sockets (net/inet/af_inet.c: inet_autobind, inet_bind, inet_listen).

use kfn::kfn;

use super::devinet::ip_chk_addr;
use super::sock_array::{chain, get_new_socknum, put_sock, remove_sock, walk};
use crate::include::errno::{Errno, KResult, fail};
use crate::include::in_addr::{InAddr, SockaddrIn};
use crate::include::netdevice::AddressKind;
use crate::include::sock::{PROT_SOCK, SockId};
use crate::include::socket::{SOCK_RAW, SocketId};
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags};
use crate::note;

/// Longest backlog that listen grants.
const MAX_BACKLOG: u32 = 128;

/// Gives a sock without a local port one.
///
/// net/inet/af_inet.c:inet_autobind.
#[kfn("net/inet/af_inet.c")]
pub fn inet_autobind(k: &mut Kernel, sk: SockId) -> KResult<()> {
    if k.sock[sk].num != 0 {
        return Ok(());
    }
    let prot = k.sock[sk].prot.id;
    let num = get_new_socknum(k, prot, 0);
    if num == 0 {
        return fail(Errno::EAGAIN);
    }
    note!(k, "the sock had no local port: it gets the next free one");
    put_sock(k, num, sk);
    k.sock[sk].dummy_th.source = num;
    Ok(())
}

/// Gives a socket its local address and port.
///
/// net/inet/af_inet.c:inet_bind. Kept: the family in the address is never looked at, and the local address stays set when
/// the port turns out to be taken (socket_errors/bind_inuse).
#[kfn("net/inet/af_inet.c")]
pub fn inet_bind(k: &mut Kernel, sock: SocketId, uaddr: &[u8], addr_len: i32) -> KResult<()> {
    let Some(sk) = k.sockets[sock].data else { return fail(Errno::EIO) };
    if k.sock[sk].state != TcpState::Close {
        note!(k, "the socket listens or is connected: it cannot be bound any more");
        return fail(Errno::EIO);
    }
    if addr_len < SockaddrIn::SIZE as i32 {
        return fail(Errno::EINVAL);
    }
    let name = SockaddrIn::read(uaddr);
    let raw = k.sockets[sock].type_ == SOCK_RAW;
    let snum = if raw { 0 } else { inet_bind_port(k, sk, name.sin_port)? };
    let kind = ip_chk_addr(k, name.sin_addr);
    let ours = matches!(kind, AddressKind::MyAddr | AddressKind::Multicast);
    if !name.sin_addr.is_any() && !ours {
        note!(k, "the address is not one of this machine");
        return fail(Errno::EADDRNOTAVAIL);
    }
    k.sock[sk].saddr = name.sin_addr;
    if raw {
        return Ok(());
    }
    let flags = save_flags(k);
    cli(k);
    let taken = inet_bind_conflict(k, sk, snum);
    restore_flags(k, flags, "inet_bind");
    if taken {
        note!(k, "another sock has the port");
        return fail(Errno::EADDRINUSE);
    }
    remove_sock(k, sk);
    put_sock(k, snum, sk);
    let bound = &mut k.sock[sk];
    bound.dummy_th.source = snum;
    bound.daddr = InAddr::ANY;
    bound.dummy_th.dest = 0;
    Ok(())
}

/// The port to bind: the one asked for, or a new one for 0.
fn inet_bind_port(k: &mut Kernel, sk: SockId, port: u16) -> KResult<u16> {
    if k.sock[sk].num != 0 {
        return fail(Errno::EINVAL);
    }
    let prot = k.sock[sk].prot.id;
    let snum = if port == 0 { get_new_socknum(k, prot, 0) } else { port };
    if snum < PROT_SOCK && !k.suser() {
        note!(k, "ports below 1024 are the superuser's");
        return fail(Errno::EACCES);
    }
    Ok(snum)
}

/// Whether another sock keeps this one from binding a port.
///
/// Kept: without SO_REUSEADDR on the new sock any sock on the port is in the way, whatever its address
/// (socket_errors/bind_inuse).
fn inet_bind_conflict(k: &Kernel, sk: SockId, snum: u16) -> bool {
    let (prot, reuse, saddr) = (k.sock[sk].prot.id, k.sock[sk].reuse, k.sock[sk].saddr);
    walk(k, chain(k, prot, snum))
        .filter(|(_, other)| other.num == snum)
        .any(|(_, other)| !reuse || (other.saddr == saddr && (!other.reuse || other.state == TcpState::Listen)))
}

/// Lets a socket listen, or changes the backlog of one that does.
///
/// net/inet/af_inet.c:inet_listen. Kept: neither type nor state is looked at, so even a UDP sock gets the state LISTEN
/// (socket_errors/listen_misc).
#[kfn("net/inet/af_inet.c")]
pub fn inet_listen(k: &mut Kernel, sock: SocketId, backlog: i32) -> KResult<()> {
    let Some(sk) = k.sockets[sock].data else { return fail(Errno::EINVAL) };
    inet_autobind(k, sk)?;
    k.sock[sk].max_ack_backlog = (backlog as u32).min(MAX_BACKLOG) as u8;
    if k.sock[sk].state != TcpState::Listen {
        k.sock[sk].ack_backlog = 0;
        note!(k, "the sock is a listener now: SYNs for its port are welcome");
        k.store_state(sk, TcpState::Listen);
    }
    Ok(())
}
