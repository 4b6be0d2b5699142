//! Chinese of the sentences of `kernel/timer.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Arms a timer; expires holds the jiffies from now and becomes an absolute time.",
        "启动定时器；expires 原为从现在起的 jiffy 数，此后变为绝对时间。",
    ),
    (
        "Disarms a timer; true if it was running, and expires holds the jiffies that were left.",
        "停止定时器；若它原本在运行则返回真，此时 expires 是剩余的 jiffy 数。",
    ),
    (
        "Fires what is due: every timer with expires < jiffies, in the order of the list.",
        "触发到期的定时器：按链表顺序处理每个 expires < jiffies 的定时器。",
    ),
    (
        "Prepares a timer: it is on no list, and what it does is set.",
        "准备一个定时器：不在任何链表上，并设定到期时做什么。",
    ),
];
