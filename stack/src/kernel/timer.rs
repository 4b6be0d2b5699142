//! The list of timers (kernel/sched.c: add_timer, del_timer, and the part of timer_bh that fires them).
//!
//! Promise: a timer of N ticks fires in the bottom half of tick N+1 (the comparison is strict), equal deadlines fire the
//! last armed first, and del_timer leaves the remaining ticks behind, so that "delete, and add again if it was running"
//! keeps the deadline.

use kfn::kfn;

use super::Kernel;
use super::irq::{cli, restore_flags, save_flags};
use super::probe::Event;
use crate::include::sock::SockId;
use crate::include::timer::{TimerFunction, TimerId};

/// An armed timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Queued {
    /// Whose.
    pub id: TimerId,
    /// What it does.
    pub function: TimerFunction,
}

/// The sock a timer belongs to.
#[must_use]
pub fn sock_of(id: TimerId) -> Option<SockId> {
    match id {
        TimerId::Sock(sk) | TimerId::Retransmit(sk) | TimerId::Partial(sk) => Some(sk),
        TimerId::ArpCheck | TimerId::ArpEntry(_) | TimerId::IpExpire(_) | TimerId::Igmp(_) | TimerId::Loopback(_) => {
            None
        }
    }
}

/// Arms a timer; `expires` holds the jiffies from now and becomes an absolute time.
///
/// kernel/sched.c:add_timer. A timer that is armed already is left alone, with a complaint.
///
/// Kept: among timers that expire together the newest fires first (back_log/accept_syn_at_release).
#[kfn("kernel/sched.c")]
pub fn add_timer(k: &mut Kernel, timer: TimerId) {
    let now = k.jiffies.0;
    k.timers_armed += 1;
    let order = u64::MAX - k.timers_armed;
    let Some(place) = k.timer_mut(timer) else { return };
    let Some(function) = place.function else { return };
    if place.queued.is_some() {
        k.printk("add_timer() called with non-zero list");
        return;
    }
    let delay = place.expires;
    place.expires = delay.wrapping_add(now);
    let key = (place.expires, order);
    place.queued = Some(key);
    let flags = save_flags(k);
    cli(k);
    enlist(k, key, Queued { id: timer, function }, delay);
    restore_flags(k, flags, "add_timer");
}

/// Puts a timer into the list. One that belongs to no sock is announced here; a sock's has a reason, and is announced
/// where that is set.
#[track_caller]
fn enlist(k: &mut Kernel, key: (u32, u64), timer: Queued, delay: u32) {
    k.timers.insert(key, timer);
    if sock_of(timer.id).is_none() {
        k.emit(|_| Event::AddTimer { function: timer.function.name, delay });
    }
}

/// [`del_timer`] and [`add_timer`] in one, for a timer that is to run for `delay` jiffies from now, where nobody would see
/// that it was gone for a moment.
pub fn rearm(k: &mut Kernel, timer: TimerId, delay: u32) {
    let now = k.jiffies.0;
    k.timers_armed += 1;
    let order = u64::MAX - k.timers_armed;
    let Some(place) = k.timer_mut(timer) else { return };
    let old = place.queued.take();
    place.expires = delay;
    let armed = place.function.map(|function| {
        place.expires = delay.wrapping_add(now);
        ((place.expires, order), Queued { id: timer, function })
    });
    place.queued = armed.map(|(key, _)| key);
    match (old, armed) {
        (Some(old), Some((key, queued))) => k.timers.replace(old, key, queued),
        (None, Some((key, queued))) => k.timers.insert(key, queued),
        (Some(old), None) => drop(k.timers.remove(old)),
        (None, None) => {}
    }
}

/// Disarms a timer; true if it was running, and `expires` holds the jiffies that were left.
///
/// kernel/sched.c:del_timer.
#[kfn("kernel/sched.c")]
pub fn del_timer(k: &mut Kernel, timer: TimerId) -> bool {
    let now = k.jiffies.0;
    let flags = save_flags(k);
    cli(k);
    let running = k.timer_mut(timer).and_then(|place| {
        let key = place.queued.take()?;
        place.expires = place.expires.wrapping_sub(now);
        Some(key)
    });
    if let Some(key) = running {
        k.timers.remove(key);
    }
    restore_flags(k, flags, "del_timer");
    running.is_some()
}

/// Makes a timer that runs due: it fires with the next tick, before the others that are due then. `place` is that in the list, the
/// next one to fire being 0; nothing happens where there is none.
///
/// Of the laboratory, for a person who will not wait; the original has no such function.
pub fn expire(k: &mut Kernel, place: u32) {
    let due = k.jiffies.0;
    let Some((old, queued)) = k.timers.iter().nth(place as usize).map(|(key, queued)| (*key, *queued)) else { return };
    k.timers_armed += 1;
    // Timers that were armed have the highest numbers: this one comes before all of them, behind those made due before it.
    let key = (due, k.timers_armed);
    let Some(timer) = k.timer_mut(queued.id) else { return };
    timer.expires = due;
    timer.queued = Some(key);
    k.timers.replace(old, key, queued);
}

/// Prepares a timer: it is on no list, and what it does is set.
///
/// include/linux/timer.h:init_timer, which clears the links; the function is stored by whoever calls it. Nothing else is
/// cleared, `expires` neither.
#[kfn("include/linux/timer.h", skip(function))]
pub fn init_timer(k: &mut Kernel, timer: TimerId, function: TimerFunction) {
    if let Some(place) = k.timer_mut(timer) {
        place.queued = None;
        place.function = Some(function);
    }
}

/// Fires what is due: every timer with `expires < jiffies`, in the order of the list.
///
/// kernel/sched.c:timer_bh. A timer is unlinked before its function runs.
#[kfn("kernel/sched.c")]
pub fn timer_bh(k: &mut Kernel) {
    while let Some(&(key, timer)) = k.timers.first() {
        if key.0 >= k.jiffies.0 || k.oops.is_some() {
            break;
        }
        k.timers.remove(key);
        if let Some(place) = k.timer_mut(timer.id) {
            place.queued = None;
        }
        k.emit(|_| Event::TimerFire { function: timer.function.name, sk: sock_of(timer.id) });
        (timer.function.call)(k, timer.id);
    }
}

/// Ticks from now until the next timer fires; None if none runs.
#[must_use]
pub fn ticks_to_next_timer(k: &Kernel) -> Option<u32> {
    let ((expires, _), _) = k.timers.first()?;
    Some(expires.saturating_sub(k.jiffies.0) + 1)
}
