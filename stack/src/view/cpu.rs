//! The processor: what its registers hold, whether interrupts may come, and which bottom halves are enabled and marked.

use crate::kernel::Kernel;
use crate::kernel::softirq::{NET_BH, TIMER_BH};
use crate::view;

view! {
    /// The registers that the gate of int 0x80 has saved, and the flags of the kernel around them. All registers are 0 while no
    /// process is in a call.
    CpuView {
        eax: u32, "System-call number on the way in, the result on the way out", "进入时为系统调用号，返回时为结果";
        ebx: u32, "First argument; for a socket call the sub-call", "第一个参数；套接字调用时为子调用号";
        ecx: u32, "Second argument; for a socket call the address of the argument block", "第二个参数；套接字调用时为参数块地址";
        edx: u32, "Third argument", "第三个参数";
        esi: u32, "Fourth argument", "第四个参数";
        edi: u32, "Fifth argument", "第五个参数";
        orig_eax: i32, "The number of the call, kept beside the result", "系统调用号，另存一份，不被结果覆盖";
        interrupts: bool, "The interrupt flag: whether interrupts are let in", "中断标志：是否允许中断进入";
        intr_count: u32, "Interrupt handlers, bottom halves and bh-atomic sections that are open", "正在进行的中断处理、下半部与 bh 原子区的层数";
        in_interrupt: bool, "A handler or a bottom half runs, on the stack of whoever it came upon", "正在运行中断处理或下半部，借用被打断者的栈";
        bh_mask: u32, "Enabled bottom halves, a bit each", "已启用的下半部，每个一位";
        bh_active: u32, "Marked bottom halves, a bit each", "已标记的下半部，每个一位";
        pid: Option<i32>, "Process whose kernel stack is in use; none while the machine idles", "正在使用其内核栈的进程；空闲时没有";
    }
}

impl CpuView {
    /// The processor of a kernel.
    #[must_use]
    pub fn of(k: &Kernel) -> Self {
        let regs = k.current.map_or_else(Default::default, |_| k.current().regs);
        Self {
            eax: regs.eax,
            ebx: regs.ebx,
            ecx: regs.ecx,
            edx: regs.edx,
            esi: regs.esi,
            edi: regs.edi,
            orig_eax: regs.orig_eax,
            interrupts: k.interrupts,
            intr_count: k.intr_count,
            in_interrupt: k.in_interrupt,
            bh_mask: k.bh_mask,
            bh_active: k.bh_active,
            pid: k.current.map(|_| k.current().pid),
        }
    }
}

/// One of the 32 bottom halves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BottomHalfView {
    /// Its bit in `bh_mask` and `bh_active`.
    pub number: usize,
    /// Its routine in `bh_base`; None where nobody has registered one.
    pub routine: Option<&'static str>,
    /// Whether its bit is set in `bh_mask`.
    pub enabled: bool,
    /// Whether its bit is set in `bh_active`.
    pub marked: bool,
}

impl BottomHalfView {
    /// Those that have a routine or a bit set, the lowest number, which runs first, first.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        let of = |(number, half): (usize, &Option<crate::kernel::softirq::BottomHalf>)| Self {
            number,
            routine: half.map(|half| half.name),
            enabled: k.bh_mask & 1 << number != 0,
            marked: k.bh_active & 1 << number != 0,
        };
        let all = k.bh_base.iter().enumerate().map(of);
        all.filter(|half| half.routine.is_some() || half.enabled || half.marked).collect()
    }

    /// The constant of its number; empty for the numbers that nobody here uses.
    #[must_use]
    pub fn constant(self) -> &'static str {
        match self.number {
            TIMER_BH => "TIMER_BH",
            NET_BH => "NET_BH",
            _ => "",
        }
    }
}
