//! Chinese of the sentences of `net/inet/sock_array.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Enters a sock into the table of its transport under a local port.", "把 sock 按本地端口登记到其传输协议的表中。"),
    ("Finds a port for a sock that did not choose one.", "为没有选择端口的 sock 找一个端口。"),
    ("Finds the next raw sock that wants a datagram, from sk on.", "从 sk 开始，查找下一个想要数据报的原始 sock。"),
    (
        "Finds the next sock that wants a broadcast or multicast datagram, from sk on.",
        "从 sk 开始，查找下一个想要广播或多播数据报的 sock。",
    ),
    (
        "Finds the sock for a segment: the port must match, each further match makes it better.",
        "为报文段查找 sock：端口必须相符，此外每多一项相符就更合适。",
    ),
    ("Takes a sock out of the table of its transport.", "把 sock 从其传输协议的表中去掉。"),
    (
        "every chain of the port table has a sock: a free number in the shortest chain is taken",
        "端口表的每条链上都有 sock：在最短的链中取一个空闲的端口号",
    ),
];
