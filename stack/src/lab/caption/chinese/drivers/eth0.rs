//! Chinese of the sentences of `drivers/eth0.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Adds the Ethernet cards of the configuration to the list of devices, not up yet.",
        "把配置中的以太网卡加入设备表，此时尚未启用。",
    ),
    ("Called when the interface goes up: the card starts.", "接口启用时调用：网卡开始工作。"),
    ("Copies a received frame from the card into a new buffer.", "把收到的帧从网卡复制到一个新的缓冲区。"),
    (
        "Programs the filter of the card: it lets the group addresses of the list through.",
        "设置网卡的过滤器：从此放行设备列表中的多播地址。",
    ),
    ("Puts a frame on the wire.", "把一帧送上线路。"),
    ("everything comes in: the card keeps the list it was given last", "所有的帧都会收进来：网卡保留上一次得到的列表"),
    (
        "the card compares the destination with its own address: the frame is for somebody else",
        "网卡把目的地址与自己的地址比较：这帧是给别人的",
    ),
    ("the card knows the groups it has to let through", "网卡知道了要放行哪些组"),
    ("the frame is on the wire", "帧已在线路上"),
];
