//! Interrupts (arch/i386/kernel/irq.c, include/asm-i386/irq.h) and the flag that holds them off.
//!
//! Interrupts nest, so here they are plain calls. They arrive between inputs, or at a *point*: a place inside a system
//! call where the original has them open at an interesting spot. `irq_window` stands at every such place and costs a
//! branch where nothing is planned.

use kfn::kfn;

use super::Kernel;
use super::probe::Event;
use super::softirq::{TIMER_BH, handle_bottom_half, mark_bh};
use crate::include::netdevice::DevId;
use crate::include::sched::{Arrival, Point};

/// Turns interrupts off (include/asm-i386/system.h:cli).
#[inline]
pub fn cli(k: &mut Kernel) {
    k.interrupts = false;
}

/// Turns interrupts on; held ones come in now. `function` is the function that does it.
#[track_caller]
pub fn sti(k: &mut Kernel, function: &'static str) {
    k.interrupts = true;
    if plans(k) {
        take_held(k, function);
        planned_interrupts(k, Point::Sti, function);
    }
}

/// The interrupt flag, to be restored (include/asm-i386/system.h:save_flags).
#[inline]
#[must_use]
pub fn save_flags(k: &Kernel) -> bool {
    k.interrupts
}

/// Restores the interrupt flag; turning interrupts on lets held ones in.
#[inline]
#[track_caller]
pub fn restore_flags(k: &mut Kernel, flags: bool, function: &'static str) {
    let turned_on = flags && !k.interrupts;
    k.interrupts = flags;
    if turned_on && plans(k) {
        take_held(k, function);
        planned_interrupts(k, Point::RestoreFlags, function);
    }
}

/// A place where an interrupt may be planned to arrive. Only process context counts.
#[inline]
#[track_caller]
pub fn irq_window(k: &mut Kernel, point: Point, function: &'static str) {
    if plans(k) {
        planned_interrupts(k, point, function);
    }
}

/// Whether the running process has interrupts planned, and this is process context.
#[inline]
#[must_use]
pub fn plans(k: &Kernel) -> bool {
    !k.in_interrupt
        && k.current.is_some_and(|task| k.tasks.get(task.0 as usize).is_some_and(|task| !task.planned.is_empty()))
}

/// Whether the next steps may be taken in one: no interrupt is planned that could come in between, and no probe looks on.
/// What cancels out, as a queue joined and left again, need not be done then.
#[inline]
#[must_use]
pub fn nobody_comes_or_looks(k: &Kernel) -> bool {
    !k.probe_is_on() && !plans(k)
}

#[cold]
#[track_caller]
fn planned_interrupts(k: &mut Kernel, point: Point, function: &'static str) {
    let Some(task) = k.current else { return };
    let index = task.0 as usize;
    let mut due = Vec::new();
    if let Some(task) = k.tasks.get_mut(index) {
        for (number, planned) in task.planned.iter_mut().enumerate() {
            let here = planned.point == point && planned.function.as_deref().is_none_or(|wanted| wanted == function);
            if here && !planned.done {
                planned.seen += 1;
                if planned.seen == planned.nth {
                    due.push(number);
                }
            }
        }
    }
    for number in due {
        if k.interrupts {
            deliver(k, index, number, function, false);
        }
    }
}

/// Interrupts whose point came while the flag was off arrive at the first chance.
#[track_caller]
pub fn take_held(k: &mut Kernel, function: &'static str) {
    if k.in_interrupt {
        return;
    }
    let Some(task) = k.current else { return };
    let index = task.0 as usize;
    let held: Vec<usize> = match k.tasks.get(index) {
        Some(task) if !task.planned.is_empty() => {
            let waiting =
                |planned: &&crate::include::sched::PlannedInterrupt| !planned.done && planned.seen >= planned.nth;
            (0..task.planned.len()).filter(|number| task.planned.get(*number).as_ref().is_some_and(waiting)).collect()
        }
        _ => return,
    };
    for number in held {
        deliver(k, index, number, function, true);
    }
}

#[track_caller]
fn deliver(k: &mut Kernel, task: usize, number: usize, function: &'static str, held: bool) {
    let Some(planned) = k.tasks.get_mut(task).and_then(|task| task.planned.get_mut(number)) else { return };
    planned.done = true;
    let planned = planned.clone();
    let rounds = match planned.arrival {
        Arrival::Net(_) => 1,
        Arrival::Timer(ticks) => ticks,
    };
    for _ in 0..rounds {
        let intr_count = k.intr_count;
        k.emit(|_| Event::IrqEnter {
            timer: matches!(planned.arrival, Arrival::Timer(_)),
            point: planned.point,
            within: planned.function.clone(),
            nth: planned.nth,
            function,
            held_by_cli: held,
            intr_count,
        });
        match &planned.arrival {
            Arrival::Net(frames) => slow_interrupt(k, |k| {
                for (dev, frame) in frames {
                    card_interrupt(k, DevId(*dev), frame);
                }
            }),
            Arrival::Timer(_) => slow_interrupt(k, do_timer),
        }
    }
}

/// A slow interrupt: handler with interrupts on, then, if it was the outermost, the bottom halves.
///
/// include/asm-i386/irq.h:BUILD_IRQ. An interrupt that hit kernel code never reschedules.
#[track_caller]
pub fn slow_interrupt(k: &mut Kernel, handler: impl FnOnce(&mut Kernel)) {
    let flag = k.interrupts;
    k.intr_count += 1;
    let outer = std::mem::replace(&mut k.in_interrupt, true);
    k.interrupts = true;
    handler(k);
    k.in_interrupt = outer;
    k.intr_count -= 1;
    let marked = k.bh_active & k.bh_mask != 0;
    let bottom_half = match (marked, k.intr_count) {
        (false, _) => 0,
        (true, 0) => 1,
        (true, _) => -1,
    };
    k.emit(|_| Event::IrqExit { bottom_half });
    handle_bottom_half(k);
    k.interrupts = flag;
}

/// The network card interrupts with a frame: hands it to its driver's receive routine.
#[track_caller]
fn card_interrupt(k: &mut Kernel, dev: DevId, frame: &[u8]) {
    k.emit(|_| Event::FrameIn { dev, bytes: frame.to_vec() });
    if let Some(receive) = k.card_receive {
        (receive.call)(k, dev, frame);
    }
}

/// The interrupt of several frames on several cards between two inputs: one interrupt, one bottom half.
pub fn network_interrupt(k: &mut Kernel, frames: &[(u8, Vec<u8>)]) {
    slow_interrupt(k, |k| {
        for (dev, frame) in frames {
            card_interrupt(k, DevId(*dev), frame);
        }
    });
}

/// The clock interrupts: one tick. Marks the timer's bottom half if the first timer is due.
///
/// kernel/sched.c:do_timer, the part that matters to the network.
#[kfn("kernel/sched.c")]
pub fn do_timer(k: &mut Kernel) {
    k.jiffies = k.jiffies + 1;
    if let Some(((expires, _), _)) = k.timers.first()
        && *expires < k.jiffies.0
    {
        mark_bh(k, TIMER_BH);
    }
}

/// The receive routine of the cards' driver: an upward call through data.
#[derive(Clone, Copy)]
pub struct CardReceive {
    /// Name of the driver's routine.
    pub name: &'static str,
    /// Takes a frame from a card.
    pub call: fn(&mut Kernel, DevId, &[u8]),
}

impl PartialEq for CardReceive {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl std::hash::Hash for CardReceive {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl std::fmt::Debug for CardReceive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}
