//! The general timer of a sock (net/inet/timer.c): its reason stands in `sk->timeout`, its function is `net_timer`.
//!
//! Nobody frees a sock from a system call: destruction waits for this timer, so no buffer and no queue disappears under
//! its user.

use kfn::kfn;

use super::af_inet::destroy_sock;
use super::arp::arp_destroy;
use super::dev::in_net_bh;
use super::sock::{data_ready, release_sock, state_change};
use crate::include::sock::SockId;
use crate::include::tcp::{SHUTDOWN_MASK, TCP_DONE_TIME, TcpState, TimeReason};
use crate::include::timer::{TimerFunction, TimerId};
use crate::kernel::Kernel;
use crate::kernel::irq::{cli, restore_flags, save_flags, sti};
use crate::kernel::probe::Event;
use crate::kernel::timer::{add_timer, del_timer};
use crate::note;

/// What inet_create stores in `sk->timer.function`.
pub const NET_TIMER: TimerFunction = TimerFunction { name: "net_timer", call: net_timer };
/// Ticks after which net_timer looks again at a sock that is in use.
const BUSY_DELAY: u32 = 10;

/// Stops the general timer of a sock.
///
/// net/inet/timer.c:delete_timer.
#[kfn("net/inet/timer.c")]
pub fn delete_timer(k: &mut Kernel, sk: SockId) {
    let flags = save_flags(k);
    cli(k);
    k.sock[sk].timeout = TimeReason::None;
    del_timer(k, TimerId::Sock(sk));
    restore_flags(k, flags, "delete_timer");
}

/// Sets the general timer of a sock to len jiffies from now, for a reason.
///
/// net/inet/timer.c:reset_timer. A negative length becomes 3.
#[kfn("net/inet/timer.c")]
pub fn reset_timer(k: &mut Kernel, sk: SockId, timeout: TimeReason, len: i32) {
    delete_timer(k, sk);
    let delay = u32::try_from(len).unwrap_or(3);
    let sock = &mut k.sock[sk];
    sock.timeout = timeout;
    sock.timer.expires = delay;
    k.emit(|_| Event::TimerSet { sk, xmit: false, why: timeout, delay });
    add_timer(k, TimerId::Sock(sk));
}

/// The general timer of a sock has expired.
///
/// net/inet/timer.c:net_timer. A sock in use is looked at again 10 ticks later. Retransmission and keepalive have a timer
/// of their own in tcp.c.
#[kfn("net/inet/timer.c")]
pub fn net_timer(k: &mut Kernel, timer: TimerId) {
    let TimerId::Sock(sk) = timer else { return };
    let why = k.sock[sk].timeout;
    cli(k);
    if k.sock[sk].inuse || in_net_bh(k) {
        note!(k, "the sock is in use: the timer tries again in 10 jiffies");
        k.sock[sk].timer.expires = BUSY_DELAY;
        add_timer(k, timer);
        sti(k, "net_timer");
        return;
    }
    k.set_inuse(sk, true, "net_timer");
    sti(k, "net_timer");
    if k.sock[sk].ack_backlog != 0 && !k.sock[sk].zapped {
        if let Some(read_wakeup) = k.sock[sk].prot.read_wakeup {
            note!(k, "an acknowledgement is owed: it is sent now");
            read_wakeup(k, sk);
        }
        if !k.sock[sk].dead {
            data_ready(k, sk);
        }
    }
    match why {
        TimeReason::Done => net_timer_done(k, sk),
        TimeReason::Destroy => net_timer_destroy(k, sk),
        TimeReason::Close => net_timer_close(k, sk),
        TimeReason::None | TimeReason::Write | TimeReason::Keepopen | TimeReason::Probe0 => {
            k.printk("net_timer: timer expired for an unknown reason");
            release_sock(k, sk, "net_timer");
        }
    }
}

fn net_timer_done(k: &mut Kernel, sk: SockId) {
    if !k.sock[sk].dead || k.sock[sk].state != TcpState::Close {
        k.printk("net_timer: the sock is not closed after all");
        release_sock(k, sk, "net_timer");
    } else {
        note!(k, "the closed sock has had its time: it is destroyed");
        destroy_sock(k, sk);
    }
}

/// Kept: the count of send memory is raised by one around the attempt, so that the structure survives it
/// (close/active).
fn net_timer_destroy(k: &mut Kernel, sk: SockId) {
    if k.sock[sk].wmem_alloc != 0 || k.sock[sk].rmem_alloc != 0 {
        note!(k, "memory of the sock is still out somewhere: another attempt to take it back");
        k.sock[sk].wmem_alloc = k.sock[sk].wmem_alloc.wrapping_add(1);
        destroy_sock(k, sk);
        k.sock[sk].wmem_alloc = k.sock[sk].wmem_alloc.wrapping_sub(1);
        k.set_inuse(sk, false, "net_timer");
    }
    if k.sock[sk].wmem_alloc == 0 && k.sock[sk].rmem_alloc == 0 {
        destroy_sock(k, sk);
    }
}

/// Kept: the state is stored directly, so no statistics and no other timer notice (close/active).
fn net_timer_close(k: &mut Kernel, sk: SockId) {
    note!(k, "the time of waiting for stray segments is over");
    k.store_state(sk, TcpState::Close);
    delete_timer(k, sk);
    let daddr = k.sock[sk].daddr;
    arp_destroy(k, daddr, false);
    if !k.sock[sk].dead {
        state_change(k, sk);
    }
    k.sock[sk].shutdown = SHUTDOWN_MASK;
    reset_timer(k, sk, TimeReason::Destroy, TCP_DONE_TIME as i32);
    release_sock(k, sk, "net_timer");
}
