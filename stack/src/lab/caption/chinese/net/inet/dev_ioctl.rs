//! Chinese of the sentences of `net/inet/dev_ioctl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Carries out an ioctl on interfaces: who may do it, and where it goes.",
        "执行针对接口的 ioctl：检查谁可以做，再决定交给谁。",
    ),
    ("Lists the interfaces that are up, with their addresses.", "列出已启用的接口及其地址。"),
    ("Reads or changes one property of one interface.", "读取或修改某个接口的一项属性。"),
    ("an MTU must lie between 1 and 3800: EINVAL", "MTU 必须在 1 到 3800 之间：EINVAL"),
    ("only the superuser may change an interface: EPERM", "只有超级用户可以修改接口：EPERM"),
    (
        "the driver knows no groups, or the address is not a hardware address: EINVAL",
        "驱动不支持多播组，或者给的不是硬件地址：EINVAL",
    ),
    ("the interface goes down", "接口停用"),
    ("the interface goes up", "接口启用"),
    (
        "the mask of the class and the broadcast address are set with it; routes stay as they are",
        "随地址一并设置其类别的掩码和广播地址；路由保持原样",
    ),
    ("the ones of the mask are not all on the left: EINVAL", "掩码中的 1 没有全部靠左：EINVAL"),
    ("the result of the listing is not looked at: the call always succeeds", "没有人查看列表的结果：调用总是成功"),
    ("there is no interface of this name: ENODEV", "没有这个名字的接口：ENODEV"),
];
