//! Chinese of the sentences of `kernel/entry.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Handles a pending signal: an interrupted call becomes EINTR, as no handler restarts it.",
        "处理一个未决信号：被打断的调用返回 EINTR，因为没有处理函数要求重启它。",
    ),
    (
        "On the way back to user mode: bottom halves, then rescheduling, then signals.",
        "返回用户态的途中：先运行下半部，再重新调度，然后处理信号。",
    ),
    ("The common entry of all system calls.", "所有系统调用共同的入口。"),
    (
        "sys_call_table[EAX] is the function to call; the saved registers are its arguments",
        "sys_call_table[EAX] 就是要调用的函数；保存的寄存器是它的参数",
    ),
    ("the number in EAX lies beyond the table: ENOSYS", "EAX 中的编号超出系统调用表：ENOSYS"),
    ("the process runs again: its call goes on behind the sleep", "进程再次运行：它的调用从睡眠之后继续"),
    ("the table has no function under this number: ENOSYS", "表中这个编号下没有函数：ENOSYS"),
];
