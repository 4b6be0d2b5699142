//! Boot (init/main.c:start_kernel), as far as the network is concerned: the tables of the trap path, the clock, the cards,
//! and sock_init, which brings up the protocols.

use kfn::kfn;

use crate::drivers::eth0::card_receive;
use crate::fs::{exit, fcntl, fork, ioctl, open, read_write, select, sys};
use crate::kernel::Kernel;
use crate::kernel::entry::SystemCall;
use crate::kernel::irq::CardReceive;
use crate::kernel::softirq::{BottomHalf, TIMER_BH, enable_bh};
use crate::kernel::timer::timer_bh;
use crate::kernel::traps::{init_irq, request_irq, trap_init};
use crate::net::socket::{sock_init, sys_socketcall};
use crate::note;

/// Brings the machine up: exceptions, `int 0x80`, interrupts, clock, system calls, network.
///
/// init/main.c:start_kernel.
#[kfn("init/main.c")]
pub fn start_kernel(k: &mut Kernel) {
    k.interrupts = false;
    trap_init(k);
    init_irq(k);
    sched_init(k);
    k.interrupts = true;
    net_dev_init(k);
    fill_sys_call_table(k);
    sock_init(k);
    note!(k, "the banner is printed; task 0 forks init and goes idle");
}

/// Installs the clock's bottom half and its interrupt.
///
/// kernel/sched.c:sched_init.
#[kfn("kernel/sched.c")]
pub fn sched_init(k: &mut Kernel) {
    k.bh_base[TIMER_BH] = Some(BottomHalf { name: "timer_bh", routine: timer_bh });
    request_irq(k, 0, "timer");
    enable_bh(k, TIMER_BH);
}

/// Gives drivers that need low memory a chance; Ethernet cards get their interrupt routine.
///
/// drivers/net/net_init.c:net_dev_init.
#[kfn("drivers/net/net_init.c")]
pub fn net_dev_init(k: &mut Kernel) {
    k.card_receive = Some(CardReceive { name: "ei_receive", call: card_receive });
}

/// What the linker does in the original: the words of sys_call_table (arch/i386/kernel/entry.S).
fn fill_sys_call_table(k: &mut Kernel) {
    let entries: [(u32, SystemCall); 12] = [
        (1, SystemCall { name: "sys_exit", call: exit::sys_exit }),
        (2, SystemCall { name: "sys_fork", call: fork::sys_fork }),
        (3, SystemCall { name: "sys_read", call: read_write::sys_read }),
        (4, SystemCall { name: "sys_write", call: read_write::sys_write }),
        (6, SystemCall { name: "sys_close", call: open::sys_close }),
        (23, SystemCall { name: "sys_setuid", call: sys::sys_setuid }),
        (41, SystemCall { name: "sys_dup", call: fcntl::sys_dup }),
        (54, SystemCall { name: "sys_ioctl", call: ioctl::sys_ioctl }),
        (55, SystemCall { name: "sys_fcntl", call: fcntl::sys_fcntl }),
        (63, SystemCall { name: "sys_dup2", call: fcntl::sys_dup2 }),
        (82, SystemCall { name: "sys_select", call: select::sys_select }),
        (102, SystemCall { name: "sys_socketcall", call: sys_socketcall }),
    ];
    for (number, call) in entries {
        k.sys_call_table.set(number, Some(call));
    }
}
