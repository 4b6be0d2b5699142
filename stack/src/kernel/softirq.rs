//! Bottom halves (include/linux/interrupt.h, kernel/softirq.c): 32 flags and 32 routines.
//!
//! They run at the end of the outermost slow interrupt, at the return of every system call, and in end_bh_atomic; with
//! interrupts on, never re-entered, lowest number first.

use kfn::kfn;

use super::Kernel;
use super::probe::Event;

/// Bottom half of the clock.
pub const TIMER_BH: usize = 0;
/// Bottom half of the network.
pub const NET_BH: usize = 4;

/// A routine of a bottom half: upward call through data.
#[derive(Clone, Copy)]
pub struct BottomHalf {
    /// Name.
    pub name: &'static str,
    /// The routine.
    pub routine: fn(&mut Kernel),
}

impl PartialEq for BottomHalf {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl std::hash::Hash for BottomHalf {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl std::fmt::Debug for BottomHalf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Marks a bottom half to be run.
///
/// include/linux/interrupt.h:mark_bh.
#[kfn("include/linux/interrupt.h")]
pub fn mark_bh(k: &mut Kernel, nr: usize) {
    k.bh_active |= 1 << nr;
}

/// Enables a bottom half (include/linux/interrupt.h:enable_bh).
pub fn enable_bh(k: &mut Kernel, number: usize) {
    k.bh_mask |= 1 << number;
}

/// Begins a section in which no bottom half may run (include/linux/interrupt.h:start_bh_atomic).
pub fn start_bh_atomic(k: &mut Kernel) {
    k.intr_count += 1;
}

/// Ends such a section: runs what is marked, once, if this was the outermost.
///
/// include/linux/interrupt.h:end_bh_atomic. dev_queue_xmit is its only user in the network code, which is why a frame
/// on lo is delivered before the sender goes on.
///
/// Kept: every transmission ends here, so what it has brought in is handled with the sender's sock in use
/// (back_log/xmit_data_reply).
#[kfn("include/linux/interrupt.h")]
pub fn end_bh_atomic(k: &mut Kernel) {
    if k.intr_count == 1 && k.bh_active & k.bh_mask != 0 {
        do_bottom_half(k);
    }
    k.intr_count = k.intr_count.saturating_sub(1);
}

/// Runs the marked and enabled bottom halves, from a snapshot of the flags.
///
/// kernel/softirq.c:do_bottom_half. A bit marked again meanwhile waits for the next round.
#[kfn("kernel/softirq.c")]
pub fn do_bottom_half(k: &mut Kernel) {
    let task = k.current;
    k.emit(|_| Event::BhEnter { task });
    let outer = std::mem::replace(&mut k.in_interrupt, true);
    let interrupts = std::mem::replace(&mut k.interrupts, true);
    let mut snapshot = k.bh_active & k.bh_mask;
    while snapshot != 0 {
        let number = snapshot.trailing_zeros();
        snapshot &= snapshot - 1;
        k.bh_active &= !(1 << number);
        match k.bh_base[number as usize] {
            Some(half) => (half.routine)(k),
            None => {
                k.printk("bad bottom half entry");
                break;
            }
        }
    }
    k.interrupts = interrupts;
    k.in_interrupt = outer;
    k.emit(|_| Event::BhExit { task });
}

/// What ret_from_sys_call and the end of a slow interrupt do: run bottom halves until none is marked.
///
/// arch/i386/kernel/entry.S:handle_bottom_half.
pub fn handle_bottom_half(k: &mut Kernel) {
    while k.intr_count == 0 && k.bh_active & k.bh_mask != 0 && k.oops.is_none() {
        k.intr_count += 1;
        do_bottom_half(k);
        k.intr_count -= 1;
    }
}
