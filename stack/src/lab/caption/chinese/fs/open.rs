//! Chinese of the sentences of `fs/open.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Closes a descriptor.", "关闭一个描述符。"),
    (
        "Drops a reference to an open file; the last one closes the socket.",
        "减少打开文件的一个引用；最后一个引用消失时关闭套接字。",
    ),
    (
        "another descriptor shares the open file: only a reference is dropped",
        "还有别的描述符共用这个打开的文件：只减少一个引用",
    ),
    ("the process has no such descriptor: EBADF", "进程没有这个描述符：EBADF"),
];
