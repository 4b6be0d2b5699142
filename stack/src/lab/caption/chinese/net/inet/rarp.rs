//! Chinese of the sentences of `net/inet/rarp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Announces RARP to the device layer: from now on its frames reach rarp_rcv.",
        "向设备层登记 RARP：从此它的帧会送到 rarp_rcv。",
    ),
    ("Deletes the entry of an address.", "删除一个地址的表项。"),
    ("Reads the entry of an address.", "读取一个地址的表项。"),
    (
        "Reads, sets or deletes a RARP entry for a user; only the superuser may change the table.",
        "为用户读取、设置或删除 RARP 表项；只有超级用户可以修改此表。",
    ),
    ("Sets the address that a station will be told.", "设置将要告诉某个站点的地址。"),
    (
        "Takes a RARP packet: a station in the table is told its address, others get no answer.",
        "接收一个 RARP 报文：告诉表中有的站点它的地址，其他站点得不到应答。",
    ),
    ("Takes an entry off the list and frees it.", "把一个表项从链表中取下并释放。"),
    ("the first entry of all: only now does RARP begin to listen", "第一个表项：到此时 RARP 才开始接收"),
    ("the station stands in the table: it is told its address", "该站点在表中：告诉它自己的地址"),
];
