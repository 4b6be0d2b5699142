//! Chinese of the sentences of `net/inet/dev_mcast.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Adds a group address to those that a device wants to hear.", "把一个多播地址加进设备要接收的地址中。"),
    ("Forgets all group addresses of a device that goes down.", "忘掉被停用设备的所有多播地址。"),
    (
        "Hands the list of group addresses down to the driver, which programs the card's filter.",
        "把多播地址列表交给驱动，由驱动设置网卡的过滤器。",
    ),
    (
        "Takes one user off a group address; with the last the device no longer wants to hear it.",
        "从一个多播地址减去一个使用者；减到没有时，设备不再要接收它。",
    ),
    ("a promiscuous device needs no list of groups", "处于混杂模式的设备不需要组的列表"),
    (
        "another group shares the hardware address: the card still lets it through",
        "另一个组共用这个硬件地址：网卡仍然放行",
    ),
    ("the address is on the list already: it is not counted again", "这个地址已在列表中：不再计数"),
];
