//! Chinese of the sentences of `net/inet/raw.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A datagram of the protocol has come: the socket gets it with its IP header.",
        "该协议的数据报来了：连同 IP 首部一起交给套接字。",
    ),
    ("A raw sock needs no preparation.", "原始 sock 不需要准备。"),
    ("Reads a datagram with its IP header and tells who sent it.", "读取一个数据报，包括 IP 首部，并给出发送者是谁。"),
    ("Reads a datagram with its IP header.", "读取一个数据报，包括 IP 首部。"),
    ("Sends a datagram of the socket's protocol to an address.", "把一个套接字所用协议的数据报发往指定地址。"),
    ("Sends to the peer of a connected raw socket.", "向已连接原始套接字的对端发送。"),
    ("The socket is gone: the sock is closed at once.", "套接字没有了：sock 立即关闭。"),
    ("the protocol number is known already: nothing to prepare", "协议号早已知道：没有什么要准备"),
    ("the user wrote the IP header; its source address is replaced", "IP 首部由用户写成；其中的源地址被替换"),
];
