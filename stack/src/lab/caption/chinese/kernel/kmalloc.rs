//! Chinese of the sentences of `kernel/kmalloc.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Gives the memory of an object back; its size is known to the caller.",
        "归还一个对象的内存；其大小由调用者给出。",
    ),
    ("Takes memory for an object of the kernel.", "为内核对象分配内存。"),
];
