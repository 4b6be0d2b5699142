//! Chinese of the sentences of `fs/exit.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Closes the open files of the process and frees its entry of the task table.",
        "关闭进程打开的文件，释放它在任务表中的表项。",
    ),
    ("Ends the running process.", "结束正在运行的进程。"),
    ("the entry of the task table is free, and somebody else runs", "任务表的这一项已空闲，轮到别的进程运行"),
];
