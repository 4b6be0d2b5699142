//! Connecting and accepting (net/inet/af_inet.c: inet_connect, inet_accept): where a process sleeps for a handshake.

use kfn::kfn;

use super::af_inet::destroy_sock;
use super::af_inet_bind::inet_autobind;
use super::sock_array::index_reconnecting;
use crate::include::errno::{Errno, KResult, Stop, fail};
use crate::include::fs::O_NONBLOCK;
use crate::include::ip::IPPROTO_TCP;
use crate::include::sched::{SavedFrame, WaitQueueId};
use crate::include::sock::SockId;
use crate::include::socket::{SocketId, SocketState};
use crate::include::tcp::TcpState;
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, sti};
use crate::kernel::sched::interruptible_sleep_on;
use crate::kernel::sched::leave_wait_queues;
use crate::note;

/// Connects a socket, and waits for the handshake unless the socket does not block.
///
/// net/inet/af_inet.c:inet_connect.
///
/// Kept: a refused attempt whose error was fetched with SO_ERROR answers EALREADY for ever
/// (active_open/nonblock_refused).
#[kfn("net/inet/af_inet.c")]
pub fn inet_connect(k: &mut Kernel, sock: SocketId, uaddr: &[u8], addr_len: i32, flags: i32) -> KResult<()> {
    let Some(sk) = k.sockets[sock].data else { return fail(Errno::EINVAL) };
    let woken = k.take_frame(|frame| matches!(frame, SavedFrame::InetConnect)).is_some();
    if woken {
        leave_wait_queues(k);
    } else if inet_connect_begin(k, sock, sk, uaddr, addr_len, flags)? {
        return Ok(());
    }
    inet_connect_wait(k, sock, sk, woken)?;
    sti(k, "inet_connect");
    k.sockets[sock].state = SocketState::Connected;
    if k.sock[sk].state != TcpState::Established
        && let Some(errno) = k.sock[sk].take_err()
    {
        k.sockets[sock].state = SocketState::Unconnected;
        return Err(Stop::Errno(errno));
    }
    Ok(())
}

/// Everything before the wait; true if the connection stands already.
fn inet_connect_begin(
    k: &mut Kernel,
    sock: SocketId,
    sk: SockId,
    uaddr: &[u8],
    addr_len: i32,
    flags: i32,
) -> KResult<bool> {
    let nonblock = flags & O_NONBLOCK != 0;
    if k.sockets[sock].state == SocketState::Connecting && k.sock[sk].state.connected() {
        note!(k, "an earlier connect has come through meanwhile");
        k.sockets[sock].state = SocketState::Connected;
        return Ok(true);
    }
    if k.sockets[sock].state == SocketState::Connecting && k.sock[sk].protocol == IPPROTO_TCP && nonblock {
        return Err(Stop::Errno(k.sock[sk].take_err().unwrap_or(Errno::EALREADY)));
    }
    if k.sockets[sock].state != SocketState::Connecting {
        inet_autobind(k, sk)?;
        let Some(connect) = k.sock[sk].prot.connect else { return fail(Errno::EOPNOTSUPP) };
        index_reconnecting(k, sk);
        connect(k, sk, uaddr, addr_len)?;
        k.sockets[sock].state = SocketState::Connecting;
    }
    if k.sock[sk].state as u8 > TcpState::FinWait2 as u8 && k.sockets[sock].state == SocketState::Connecting {
        note!(k, "the attempt has failed already");
        k.sockets[sock].state = SocketState::Unconnected;
        return k.sock[sk].take_err().map_or(Ok(true), |errno| Err(Stop::Errno(errno)));
    }
    if k.sock[sk].state != TcpState::Established && nonblock {
        note!(k, "the socket does not block: the handshake goes on without the process");
        return fail(Errno::EINPROGRESS);
    }
    cli(k);
    Ok(false)
}

/// Sleeps while the handshake is under way.
fn inet_connect_wait(k: &mut Kernel, sock: SocketId, sk: SockId, woken: bool) -> KResult<()> {
    let mut woken = woken;
    loop {
        if !woken {
            if !matches!(k.sock[sk].state, TcpState::SynSent | TcpState::SynRecv) {
                return Ok(());
            }
            note!(k, "the process sleeps until the handshake is over");
            let queue = k.sock[sk].sleep.unwrap_or(WaitQueueId::Inode(sock));
            interruptible_sleep_on(k, queue, SavedFrame::InetConnect)?;
        }
        woken = false;
        if k.signal_pending() {
            note!(k, "a signal ended the wait; the attempt goes on");
            sti(k, "inet_connect");
            return fail(Errno::ERESTARTSYS);
        }
        if k.sock[sk].err != 0 && k.sock[sk].protocol == IPPROTO_TCP {
            note!(k, "the attempt has failed: the process learns why");
            sti(k, "inet_connect");
            k.sockets[sock].state = SocketState::Unconnected;
            return k.sock[sk].take_err().map_or(Ok(()), |errno| Err(Stop::Errno(errno)));
        }
    }
}

/// Takes a finished connection from a listener and gives it to a new socket.
///
/// net/inet/af_inet.c:inet_accept. The sock that inet_dup made is destroyed at once. Kept: with O_NONBLOCK the new socket
/// stays SS_UNCONNECTED although its connection stands, so it could listen or connect once more
/// (kept/accept_nonblocking).
#[kfn("net/inet/af_inet.c")]
pub fn inet_accept(k: &mut Kernel, sock: SocketId, newsock: SocketId, flags: i32) -> KResult<()> {
    let Some(sk1) = k.sockets[sock].data else { return fail(Errno::EINVAL) };
    let mut child = None;
    if let Some(SavedFrame::InetAccept { sk2 }) = k.take_frame(|frame| matches!(frame, SavedFrame::InetAccept { .. })) {
        leave_wait_queues(k);
        child = Some(sk2);
    }
    let woken = child.is_some();
    if !k.resuming()
        && !woken
        && let Some(temporary) = k.sockets[newsock].data.take()
    {
        note!(k, "the sock made by dup was never needed: it is destroyed");
        k.sock[temporary].dead = true;
        destroy_sock(k, temporary);
    }
    let sk2 = match child {
        Some(sk2) => sk2,
        None => {
            let sk2 = inet_accept_child(k, sk1, flags)?;
            k.sockets[newsock].data = Some(sk2);
            k.sock[sk2].sleep = Some(WaitQueueId::Inode(newsock));
            k.sock[sk2].socket = Some(newsock);
            if flags & O_NONBLOCK != 0 {
                return Ok(());
            }
            cli(k);
            sk2
        }
    };
    inet_accept_wait(k, sk1, sk2, newsock, woken)?;
    sti(k, "inet_accept");
    if k.sock[sk2].state != TcpState::Established && k.sock[sk2].err > 0 {
        note!(k, "the connection failed before it was accepted");
        let errno = k.sock[sk2].take_err().unwrap_or(Errno::ECONNRESET);
        k.sock[sk2].dead = true;
        destroy_sock(k, sk2);
        k.sockets[newsock].data = None;
        return Err(Stop::Errno(errno));
    }
    k.sockets[newsock].state = SocketState::Connected;
    Ok(())
}

/// The child: one that an interrupted accept left behind, or the transport's next.
fn inet_accept_child(k: &mut Kernel, sk1: SockId, flags: i32) -> KResult<SockId> {
    let Some(accept) = k.sock[sk1].prot.accept else { return fail(Errno::EOPNOTSUPP) };
    match k.sock[sk1].pair.take() {
        Some(left) => Ok(left),
        None => accept(k, sk1, flags),
    }
}

/// Waits for a child that is still in SYN_RECV; the transport never hands one out, so this hardly ever sleeps.
fn inet_accept_wait(k: &mut Kernel, sk1: SockId, sk2: SockId, newsock: SocketId, woken: bool) -> KResult<()> {
    let mut woken = woken;
    loop {
        if !woken {
            if k.sock[sk2].state != TcpState::SynRecv {
                return Ok(());
            }
            let queue = WaitQueueId::Inode(newsock);
            interruptible_sleep_on(k, queue, SavedFrame::InetAccept { sk2 })?;
        }
        woken = false;
        if k.signal_pending() {
            sti(k, "inet_accept");
            k.sock[sk1].pair = Some(sk2);
            k.sock[sk2].sleep = None;
            k.sock[sk2].socket = None;
            k.sockets[newsock].data = None;
            return fail(Errno::ERESTARTSYS);
        }
    }
}
