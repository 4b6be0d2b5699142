//! Chinese of the sentences of `net/inet/af_inet.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Frees a sock with all it holds, or tries again in 10 s if a driver holds a buffer of it.",
        "释放 sock 及其持有的一切；若驱动程序仍占着它的缓冲区，则 10 秒后再试。",
    ),
    (
        "Makes a socket like another one: a whole new sock, which accept throws away again.",
        "照着另一个套接字再建一个：一整个全新的 sock，accept 随后又把它扔掉。",
    ),
    (
        "Makes the sock of a new socket: chooses its transport and sets every field.",
        "为新的套接字创建 sock：选择传输协议，并设置每个字段。",
    ),
    (
        "Registers the INET family, its transports and protocols, and starts ARP and IP.",
        "注册 INET 协议族、它的各种传输协议以及 IP 之上的协议，并启动 ARP 和 IP。",
    ),
    ("Tells the local or the remote address of a socket.", "给出套接字的本地地址或远端地址。"),
    (
        "The socket is gone: the transport closes, and the sock is left to the timers.",
        "套接字没有了：传输层关闭连接，sock 留给定时器处理。",
    ),
    ("a connection that nobody accepted is closed", "关闭一个没有人 accept 的连接"),
    ("a transport's init never fails", "传输层的 init 从不失败"),
    (
        "destroy_sock takes the packet_type behind pair for a sock and calls a close it has not",
        "destroy_sock 把 pair 指向的 packet_type 当成 sock，调用了它并没有的 close",
    ),
    ("memory of the sock is still out somewhere: another attempt in 10 s", "sock 还有内存在外未归还：10 秒后再试一次"),
    (
        "nobody owns the sock and none of its memory is out: it is freed",
        "没有人拥有这个 sock，它的内存也都已收回：释放它",
    ),
    ("the protocol number stands in the table where others have their port", "协议号放在表中别人放端口的位置"),
    (
        "the socket lingers: close waits until the peer has acknowledged everything",
        "套接字要求逗留：close 等到对端确认了一切为止",
    ),
    (
        "the transport does not go with this protocol or this user: the sock is thrown away",
        "传输类型与这个协议或这个用户不相容：sock 被扔掉",
    ),
];
