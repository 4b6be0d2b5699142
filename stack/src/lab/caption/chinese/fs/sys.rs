//! Chinese of the sentences of `fs/sys.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Changes the effective user of a process.", "改变进程的有效用户。"),
    ("the superuser becomes somebody else", "超级用户变成了别的用户"),
];
