//! Chinese of the sentences of `net/inet/tcp_input.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("A RST inside the window: the connection is over.", "窗口内的 RST：连接结束。"),
    ("A RST to our SYN: connection refused.", "对我们 SYN 的 RST：连接被拒绝。"),
    ("A SYN for a listener: the first step of a handshake.", "监听者收到 SYN：握手的第一步。"),
    (
        "A SYN inside the window of an open connection: both sides have lost each other.",
        "已打开连接的窗口内出现 SYN：双方已失去彼此的同步。",
    ),
    ("A listener has sent nothing that could be acknowledged.", "监听者没有发送过任何可以确认的内容。"),
    ("A listener only wants a SYN, and only for an address of its own.", "监听者只要 SYN，而且只要发往本机地址的。"),
    ("A listener still stands on this port: it takes the SYN.", "这个端口上仍有监听者：由它接收 SYN。"),
    (
        "A new SYN, beyond everything seen: the old connection ends so that a new one can begin.",
        "新的 SYN，超出所见过的一切序号：旧连接结束，好让新连接开始。",
    ),
    ("An ACK without SYN does not open a connection.", "没有 SYN 的 ACK 打不开连接。"),
    ("An option of impossible length: the rest of the list is not read.", "选项长度不合理：不再读取其余选项。"),
    ("During the handshake a RST is sent, and yet the segment is processed.", "握手期间发送 RST，然而报文段仍被处理。"),
    (
        "Ends a connection by a RST or stray SYN: stores the error, wakes all, frees the segment.",
        "因 RST 或离群的 SYN 终结连接：记下错误，唤醒所有等待者，释放报文段。",
    ),
    ("Everything in it was received before.", "其中的全部内容先前都已收到。"),
    (
        "It acknowledges something other than our SYN: an old connection, which gets a RST.",
        "它确认的不是我们的 SYN：属于旧连接，回以 RST。",
    ),
    ("It begins beyond the receive window.", "它的起点超出接收窗口。"),
    ("Neither SYN nor ACK: nothing that connect() waits for.", "既无 SYN 也无 ACK：不是 connect() 所等待的。"),
    ("No sock is open for this segment.", "这个报文段没有对应的打开的 sock。"),
    ("Nobody listens any more: the SYN is dropped without a RST.", "已没有人监听：丢弃 SYN，也不发 RST。"),
    ("Our own SYN came back: a connection to itself is refused.", "我们自己的 SYN 回来了：拒绝与自己连接。"),
    (
        "Reads the options of a segment: only the largest segment size counts, and only on a SYN.",
        "读取报文段的选项：只有最大报文段长度起作用，而且只在 SYN 上。",
    ),
    (
        "Takes in a segment: from IP, or (redo) from the back_log of a sock that was in use.",
        "接收一个报文段：来自 IP；若 redo 置位，则来自曾被占用的 sock 的 back_log。",
    ),
    (
        "The SYN that was answered already: only the timer sends the SYN+ACK again.",
        "这是已回答过的 SYN：只有定时器会重发 SYN+ACK。",
    ),
    (
        "The SYN+ACK: it is acknowledged, and the connection is open on this side.",
        "SYN+ACK 到了：确认它，连接在我们这一侧打开。",
    ),
    (
        "The checksum is wrong: the segment is dropped without a word, and no counter tells.",
        "校验和错误：报文段被一声不响地丢弃，也没有计数器记录。",
    ),
    (
        "The frame was a broadcast or meant for another host: TCP does not want it.",
        "帧是广播或发给别的主机的：TCP 不要它。",
    ),
    (
        "The peer is told by an ACK what is expected, and the segment is dropped.",
        "用 ACK 告诉对端期待的序号，并丢弃这个报文段。",
    ),
    ("The peer names no segment size: 536 is assumed.", "对端没有给出报文段长度：假定为 536。"),
    ("The peer names the largest segment it takes.", "对端给出了它接受的最大报文段长度。"),
    ("The receive memory of the sock is used up.", "sock 的接收内存已用完。"),
    ("The receive window is closed: nothing with data is acceptable.", "接收窗口已关闭：带数据的一概不接受。"),
    (
        "The sock is in use: the segment waits on its back_log until release_sock.",
        "sock 正被占用：报文段在它的 back_log 上等到 release_sock。",
    ),
    ("Two SYNs have crossed: the state changes, but nothing is answered.", "两个 SYN 交叉：状态改变，但不作任何回答。"),
    (
        "Whether a segment lies in the window; one that does not is answered with an ACK.",
        "判断报文段是否落在窗口之内；不在窗口内的用 ACK 回答。",
    ),
];
