//! Chinese of the sentences of `net/inet/protocol.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[(
    "Registers a protocol above IP; the newest of a bucket is asked first.",
    "登记一个 IP 之上的协议；同一个桶中最新登记的最先被询问。",
)];
