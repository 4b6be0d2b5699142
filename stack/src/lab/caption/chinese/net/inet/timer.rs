//! Chinese of the sentences of `net/inet/timer.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Sets the general timer of a sock to len jiffies from now, for a reason.",
        "以某种理由把 sock 的通用定时器设为 len 个 jiffy 之后。",
    ),
    ("Stops the general timer of a sock.", "停止 sock 的通用定时器。"),
    ("The general timer of a sock has expired.", "sock 的通用定时器到期了。"),
    ("an acknowledgement is owed: it is sent now", "欠着一个确认：现在发送"),
    (
        "memory of the sock is still out somewhere: another attempt to take it back",
        "sock 还有内存在外未归还：再次尝试收回",
    ),
    ("the closed sock has had its time: it is destroyed", "已关闭的 sock 期限已到：销毁它"),
    ("the sock is in use: the timer tries again in 10 jiffies", "sock 正被占用：定时器 10 个 jiffy 后再试"),
    ("the time of waiting for stray segments is over", "等待游离报文段的时间已过"),
];
