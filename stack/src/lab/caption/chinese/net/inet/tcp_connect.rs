//! Chinese of the sentences of `net/inet/tcp_connect.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Closes a connection: drops unread data, sends what is buffered and a FIN, waits for none.",
        "关闭连接：扔掉未读数据，发出缓冲的数据和 FIN，不等待任何人。",
    ),
    (
        "Closes the writing half of a connection: what is buffered goes out, then a FIN.",
        "关闭连接的写方向：先发出缓冲的数据，再发 FIN。",
    ),
    ("Opens a connection: chooses the first sequence number and sends a SYN.", "打开连接：选择初始序号并发送 SYN。"),
    ("Sends a FIN: \"I have no more data\".", "发送 FIN：“我没有更多数据了”。"),
    (
        "a connection has two ends: broadcast and multicast addresses are refused",
        "一个连接只有两端：拒绝广播和多播地址",
    ),
    (
        "a listener is closed: every connection that nobody accepted is closed with it",
        "监听者关闭：没有人 accept 的连接都随它关闭",
    ),
    ("data still waits to be sent: the FIN queues up behind it", "还有数据等待发送：FIN 排在它后面"),
    (
        "keepalive is switched on: nobody else would notice that the peer has vanished",
        "打开保活：否则没有人会发现对端已经消失",
    ),
    (
        "no destination is given: this machine itself is meant, by its loopback address",
        "没有给出目的地：意指本机，用它的环回地址",
    ),
    (
        "nothing waits in front of it: the FIN goes out at once, and its timer starts",
        "它前面没有等待的内容：FIN 立即发出，并启动它的定时器",
    ),
    ("only the reading half is shut: the peer is told nothing", "只关闭读方向：不向对端通知任何内容"),
    (
        "the SYN offers a window of 512: a 2 that was stored without swapping its bytes",
        "SYN 提供的窗口是 512：存入的是 2，没有交换字节序",
    ),
    ("the initial sequence number is read off the microsecond clock", "初始序号取自微秒时钟的读数"),
    ("the peer is behind a gateway: 512 bytes pass every network", "对端在网关之后：512 字节能通过任何网络"),
    (
        "the peer is on our network: segments may be as long as the device allows",
        "对端在我们的网络上：报文段可以长到设备允许的程度",
    ),
    (
        "the peer is out of reach: the FIN counts as sent, and the clock closes the sock",
        "再也到不了对端：FIN 当作已发送，由时钟关闭 sock",
    ),
    ("the route prescribes the segment size", "路由规定了报文段长度"),
    ("the segment that waited to be filled goes out now", "等着被填满的报文段现在发出"),
    ("the sock is connected, listening or on its way: EISCONN", "sock 已连接、在监听或正在连接：EISCONN"),
    (
        "the state changes before the SYN leaves, so that an answer finds it right",
        "状态在 SYN 发出之前就改变，好让回答到达时状态正确",
    ),
    ("the user has chosen the segment size", "用户选定了报文段长度"),
    ("the writing half is closed already, or was never open", "写方向早已关闭，或从未打开"),
    (
        "there is no way to the destination: ENETUNREACH, and the sock stays closed",
        "没有通往目的地的路：ENETUNREACH，sock 保持关闭",
    ),
];
