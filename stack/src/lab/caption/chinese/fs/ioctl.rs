//! Chinese of the sentences of `fs/ioctl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Carries out a command on a descriptor.", "对描述符执行一条控制命令。"),
    (
        "a flag of the open file is set or cleared: O_NONBLOCK, or O_SYNC, which sockets ignore",
        "设置或清除打开文件的一个标志：O_NONBLOCK，或者对套接字没有意义的 O_SYNC",
    ),
];
