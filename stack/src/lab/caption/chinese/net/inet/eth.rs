//! Chinese of the sentences of `net/inet/eth.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Completes the Ethernet header for a next hop; true = the packet must wait for ARP.",
        "为下一跳补全以太网首部；返回真表示包必须等待 ARP。",
    ),
    (
        "Reads the Ethernet header: for whom the frame was, and which protocol it carries.",
        "读取以太网首部：帧是给谁的，携带哪种协议。",
    ),
    (
        "Writes the Ethernet header; without a destination a negative length says \"ask ARP first\".",
        "写以太网首部；没有目的地址时返回负的长度，意思是“先问 ARP”。",
    ),
    (
        "the destination's hardware address is not known yet: the length comes back negative",
        "目的硬件地址还不知道：返回负的长度",
    ),
    ("the field is a length, not a type: a frame of IEEE 802.3", "这个字段是长度而不是类型：IEEE 802.3 的帧"),
];
