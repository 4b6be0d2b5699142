//! Chinese of the sentences of `include/sock.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] =
    &[("a function of a transport was called on a sock that has none", "在一个没有传输层的 sock 上调用了传输层的函数")];
