//! Chinese of the sentences of `net/inet/packet.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("A frame cannot be sent without naming a device.", "不指明设备就不能发送帧。"),
    (
        "A frame has come that the socket asked for: it is queued with its link header.",
        "套接字申请的帧来了：连同链路首部一起排队。",
    ),
    ("Asks the device layer for the frames of an Ethernet type.", "向设备层申请某种以太网类型的帧。"),
    ("Reads a frame and tells the device it came from.", "读取一帧，并给出它来自哪个设备。"),
    ("Reads a frame.", "读取一帧。"),
    ("Sends a frame through the device that the address names.", "经由地址所指明的设备发送一帧。"),
    ("The socket is gone: no more frames.", "套接字没有了：不再接收帧。"),
    ("the address names the device the frame came from", "地址指明了帧来自哪个设备"),
    ("write names no device to send through: EINVAL", "write 没有指明经由哪个设备发送：EINVAL"),
];
