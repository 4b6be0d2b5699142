//! Chinese of the sentences of `kernel/sched.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Gives up the processor unless something has woken the process since it set its state.",
        "让出处理器，除非进程设置状态之后已经有人唤醒了它。",
    ),
    ("Makes every sleeper of a queue runnable.", "使队列上的每个睡眠者都变为可运行。"),
    ("Sleeps on a queue until woken or a signal comes.", "在队列上睡眠，直到被唤醒或收到信号。"),
];
