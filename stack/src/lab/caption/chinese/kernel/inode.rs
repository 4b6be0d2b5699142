//! Chinese of the sentences of `kernel/inode.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Drops a reference to an inode; the last one frees it.", "放弃对 inode 的一个引用；最后一个引用放弃时将它释放。"),
    ("Hands out an unused inode, with one reference.", "取出一个空闲的 inode，引用计数为 1。"),
];
