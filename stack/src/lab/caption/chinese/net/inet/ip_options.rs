//! Chinese of the sentences of `net/inet/ip_options.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Clears what the options of a datagram would have said; true would mean \"malformed\".",
        "清除数据报选项本应说明的内容就离开；返回真本应表示“格式错误”。",
    ),
    ("the header has options; 1.2.13 returns before it reads them", "首部带有选项；1.2.13 还没读它们就返回了"),
];
