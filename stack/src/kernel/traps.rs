//! The interrupt descriptor table (arch/i386/kernel/traps.c:trap_init, irq.c:init_IRQ, include/asm-i386/system.h).

use kfn::kfn;

use super::Kernel;

/// What a vector leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vector {
    /// Nothing was set.
    Empty,
    /// An exception of the processor.
    Exception(&'static str),
    /// `reserved`.
    Reserved,
    /// The entry of all system calls.
    SystemCall,
    /// A hardware interrupt without a driver.
    BadInterrupt(u8),
    /// A slow interrupt with its driver's name.
    SlowInterrupt(u8, &'static str),
}

/// An entry of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gate {
    /// Where it leads.
    pub vector: Vector,
    /// 15 = trap gate (the interrupt flag stays), 14 = interrupt gate (it is cleared).
    pub kind: u8,
    /// Lowest privilege that may use it: 3 = user programs.
    pub dpl: u8,
}

/// The table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Idt {
    /// 256 gates.
    pub gates: Vec<Gate>,
}

impl Default for Idt {
    fn default() -> Self {
        Self { gates: vec![Gate { vector: Vector::Empty, kind: 0, dpl: 0 }; 256] }
    }
}

impl Idt {
    /// The gate of a vector.
    #[must_use]
    pub fn gate(&self, number: u8) -> Gate {
        self.gates.get(usize::from(number)).copied().unwrap_or(Gate { vector: Vector::Empty, kind: 0, dpl: 0 })
    }

    fn set(&mut self, number: u8, vector: Vector, kind: u8, dpl: u8) {
        if let Some(gate) = self.gates.get_mut(usize::from(number)) {
            *gate = Gate { vector, kind, dpl };
        }
    }
}

/// Exceptions 0 to 17 by name, as trap_init installs them.
const EXCEPTIONS: [&str; 18] = [
    "divide_error",
    "debug",
    "nmi",
    "int3",
    "overflow",
    "bounds",
    "invalid_op",
    "device_not_available",
    "double_fault",
    "coprocessor_segment_overrun",
    "invalid_TSS",
    "segment_not_present",
    "stack_segment",
    "general_protection",
    "page_fault",
    "reserved",
    "coprocessor_error",
    "alignment_check",
];

/// Fills the interrupt descriptor table: exceptions, and vector 0x80 for system calls.
///
/// arch/i386/kernel/traps.c:trap_init. The gate of 0x80 is a trap gate that user programs may use, so interrupts stay
/// enabled inside a system call. The hardware vectors are only reserved here; init_IRQ sets them.
#[kfn("arch/i386/kernel/traps.c")]
pub fn trap_init(k: &mut Kernel) {
    for (number, name) in EXCEPTIONS.iter().enumerate() {
        let user = matches!(number, 3..=5);
        k.idt.set(number as u8, Vector::Exception(name), 15, if user { 3 } else { 0 });
    }
    for number in 18..48 {
        k.idt.set(number, Vector::Reserved, 15, 0);
    }
    crate::note!(k, "the gate of vector 0x80: a trap gate that user programs may use; interrupts stay enabled");
    k.idt.set(0x80, Vector::SystemCall, 15, 3);
}

/// Sets the clock to 100 interrupts a second and points all sixteen vectors at a stub.
///
/// arch/i386/kernel/irq.c:init_IRQ.
#[kfn("arch/i386/kernel/irq.c")]
pub fn init_irq(k: &mut Kernel) {
    for irq in 0..16 {
        k.idt.set(0x20 + irq, Vector::BadInterrupt(irq), 14, 0);
    }
    request_irq(k, 2, "cascade");
    request_irq(k, 13, "math error");
}

/// Gives a hardware interrupt to a driver, as a slow interrupt.
///
/// arch/i386/kernel/irq.c:request_irq.
#[kfn("arch/i386/kernel/irq.c")]
pub fn request_irq(k: &mut Kernel, irq: u8, name: &'static str) -> bool {
    if irq > 15 || matches!(k.idt.gate(0x20 + irq).vector, Vector::SlowInterrupt(..)) {
        return false;
    }
    k.idt.set(0x20 + irq, Vector::SlowInterrupt(irq, name), 14, 0);
    true
}
