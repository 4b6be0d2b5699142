//! Chinese of the sentences of `kernel/traps.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Fills the interrupt descriptor table: exceptions, and vector 0x80 for system calls.",
        "填写中断描述符表：各种异常，以及系统调用用的 0x80 号向量。",
    ),
    ("Gives a hardware interrupt to a driver, as a slow interrupt.", "把一个硬件中断交给驱动程序，作为慢速中断。"),
    (
        "Sets the clock to 100 interrupts a second and points all sixteen vectors at a stub.",
        "把时钟设为每秒 100 次中断，并让十六个硬件向量都指向各自的桩代码。",
    ),
    (
        "the gate of vector 0x80: a trap gate that user programs may use; interrupts stay enabled",
        "0x80 号向量的门：用户程序可以使用的陷阱门；中断保持打开",
    ),
];
