//! Chinese of the sentences of `init/mod.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[("freed memory was used", "使用了已经释放的内存")];
