//! Chinese of the sentences of `net/inet/ip_fw.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Asks the rules of a chain: 1 = pass, 0 = drop, -1 = drop and tell the sender.",
        "询问一条链上的规则：1 = 放行，0 = 丢弃，-1 = 丢弃并通知发送者。",
    ),
    ("Counts a datagram with every accounting rule that matches.", "在每条匹配的记账规则上为数据报计数。"),
    ("a later fragment has no ports to compare: it passes unasked", "后续分片没有可比较的端口：不经询问就通过"),
    ("a rule refuses the packet in silence", "一条规则悄悄拒绝了这个包"),
    ("a rule refuses the packet, and its sender is to be told", "一条规则拒绝了这个包，并要通知它的发送者"),
];
