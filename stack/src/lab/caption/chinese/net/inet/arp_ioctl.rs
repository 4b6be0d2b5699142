//! Chinese of the sentences of `net/inet/arp_ioctl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Reads an entry of the table; one that is still being resolved shows zeros.",
        "读取一个表项；仍在解析中的表项显示为全零。",
    ),
    (
        "Reads, sets or deletes an ARP entry for a user; only the superuser may change the table.",
        "替用户读取、设置或删除 ARP 表项；只有超级用户可以修改 ARP 表。",
    ),
    (
        "Sets an entry of the table: a permanent one, a published one, or just a known address.",
        "设置一个表项：永久的、代为发布的，或只是一个已知地址。",
    ),
    ("no entry for this address: ENXIO", "这个地址没有表项：ENXIO"),
    ("no route leads to the address: ENETUNREACH", "没有路由通往这个地址：ENETUNREACH"),
    ("only the superuser may change the table: EPERM", "只有超级用户可以修改 ARP 表：EPERM"),
    ("the entry holds the given address from now on", "表项从此持有给定的地址"),
];
