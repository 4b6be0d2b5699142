//! Chinese of the sentences of `net/inet/af_inet_bind.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Gives a sock without a local port one.", "给没有本地端口的 sock 分配一个端口。"),
    ("Gives a socket its local address and port.", "给套接字设定本地地址和端口。"),
    (
        "Lets a socket listen, or changes the backlog of one that does.",
        "让套接字开始监听，或修改已在监听者的 backlog。",
    ),
    ("another sock has the port", "端口已被另一个 sock 占用"),
    ("ports below 1024 are the superuser's", "1024 以下的端口归超级用户"),
    ("the address is not one of this machine", "这不是本机的地址"),
    ("the sock had no local port: it gets the next free one", "sock 没有本地端口：分到下一个空闲端口"),
    ("the sock is a listener now: SYNs for its port are welcome", "sock 现在是监听者：欢迎发往其端口的 SYN"),
    ("the socket listens or is connected: it cannot be bound any more", "套接字正在监听或已连接：不能再绑定"),
];
