//! Chinese of the sentences of `net/inet/udp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("A datagram has come from IP: checks it and finds its sock.", "从 IP 收到一个数据报：检查它，并查找它的 sock。"),
    (
        "An ICMP error came for a datagram that was sent: the next call on its sock reports it.",
        "收到关于已发数据报的 ICMP 差错：由该 sock 上的下一次调用报告。",
    ),
    ("Builds a datagram and hands it to IP.", "构造数据报并交给 IP。"),
    ("Gives a datagram to its sock, if that still has receive memory.", "把数据报交给 sock，如果它还有接收内存。"),
    ("Reads a datagram and tells who sent it.", "读取一个数据报，并给出发送者是谁。"),
    ("Reads a datagram.", "读取一个数据报。"),
    ("Remembers the peer of a UDP or raw socket; nothing is sent.", "记住 UDP 或原始套接字的对端；什么也不发送。"),
    ("Sends a datagram to an address.", "向指定地址发送一个数据报。"),
    ("Sends a datagram to the peer of a connected socket.", "向已连接套接字的对端发送一个数据报。"),
    ("Tells how much may be written, or how long the next datagram is.", "给出可以写多少，或下一个数据报有多长。"),
    (
        "The socket is gone: the sock is closed at once, there is nothing to say goodbye to.",
        "套接字没有了：sock 立即关闭，没有需要道别的对象。",
    ),
    ("Writes the checksum of a datagram, unless the sock wants none.", "写入数据报的校验和，除非 sock 不要校验和。"),
    ("another sock wants the datagram as well: this one gets a copy", "另一个 sock 也想要这个数据报：这一个得到副本"),
    ("broadcasts need SO_BROADCAST", "广播需要 SO_BROADCAST"),
    ("no sock has the port: the sender is told so", "没有 sock 使用这个端口：告知发送者"),
    (
        "no way to the destination: the memory is given back and the call fails",
        "没有通往目的地的路：归还内存，调用失败",
    ),
    (
        "nobody owns the buffer while its header is built: the source address is not stored",
        "构造首部期间缓冲区不属于任何人，因此源地址不会存入 sock",
    ),
    ("the datagram is longer than the user's area: the rest is thrown away", "数据报比用户的缓冲区长：其余部分被扔掉"),
    ("the error is kept on the sock until a call fetches it", "错误保存在 sock 上，直到某次调用取走它"),
    ("the peer is remembered; only its datagrams will be received", "记住对端；此后只接收它的数据报"),
    ("the sock that sent the datagram is gone", "发送这个数据报的 sock 已不存在"),
    ("the sock wants no checksum: the field stays 0", "sock 不要校验和：字段保持为 0"),
    ("there is no route to the peer", "没有通往对端的路由"),
];
