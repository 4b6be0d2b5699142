//! Chinese of the sentences of `kernel/irq.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] =
    &[("The clock interrupts: one tick.", "时钟中断：过去一个滴答。")];
