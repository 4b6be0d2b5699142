//! Chinese of the sentences of `net/inet/sock_options.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Reads one of the options that every socket has.", "读取每个套接字都有的一个选项。"),
    ("Sets one of the options that every socket has.", "设置每个套接字都有的一个选项。"),
    ("there is no option of that number that could be set: ENOPROTOOPT", "没有这个编号的可设置选项：ENOPROTOOPT"),
];
