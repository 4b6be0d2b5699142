//! Chinese of the sentences of `fs/fcntl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Changes properties of a descriptor or of the file behind it.", "修改描述符或其背后文件的属性。"),
    (
        "Duplicates a descriptor to a chosen number, which is closed first.",
        "把描述符复制到指定的编号上，该编号原来的描述符先被关闭。",
    ),
    ("Duplicates a descriptor.", "复制一个描述符。"),
    (
        "Gives an open file another descriptor: the lowest free one from arg on.",
        "给打开的文件再分配一个描述符：从 arg 起编号最小的空闲描述符。",
    ),
    (
        "both descriptors share one open file: its flags, its place, its socket",
        "两个描述符共用一个打开的文件：它的标志、位置和套接字",
    ),
    (
        "the socket refused the new owner of SIGURG; nobody looks at that",
        "套接字拒绝了 SIGURG 的新属主；没有人查看这个结果",
    ),
];
