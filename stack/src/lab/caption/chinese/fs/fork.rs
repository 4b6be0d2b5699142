//! Chinese of the sentences of `fs/fork.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Copies the entry of the running process into a free one of the task table.",
        "把当前进程的表项复制到任务表中的一个空闲表项。",
    ),
    (
        "Makes a child of the running process; the parent gets its process id, the child 0.",
        "为当前进程创建子进程；父进程得到其进程号，子进程得到 0。",
    ),
    ("The child shares every open file of the running process.", "子进程共享当前进程打开的每个文件。"),
    (
        "every descriptor of the parent is the child's too: each open file counts one user more",
        "父进程的每个描述符也属于子进程：每个打开的文件多一个使用者",
    ),
    ("every process id is taken: EAGAIN", "进程号已全部用完：EAGAIN"),
    (
        "the child is on the run queue: when it runs, fork returns 0 to it",
        "子进程已可运行：它运行时，fork 在其中返回 0",
    ),
];
