//! Chinese of the sentences of `kernel/file_table.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Hands out an unused entry of the table of open files.", "从打开文件表中取出一个空闲表项。"),
    ("every entry of the system's file table is in use", "系统文件表的表项已全部占用"),
];
