//! Chinese of the sentences of `net/inet/tcp_ack.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A part of what was lost is acknowledged: the rest is sent again at once.",
        "丢失的内容有一部分已被确认：立即重发其余部分。",
    ),
    ("An ACK in TIME_WAIT restarts the minute.", "TIME_WAIT 中的 ACK 使一分钟重新开始。"),
    (
        "Congestion avoidance: a whole window was acknowledged, cong_window grows by one.",
        "拥塞避免：整整一个窗口已被确认，cong_window 加一。",
    ),
    ("Congestion avoidance: one more acknowledged segment is counted.", "拥塞避免：又计入一个被确认的报文段。"),
    (
        "It acknowledges less than an earlier segment did: nothing is learned from it.",
        "它确认的比先前的报文段还少：从中得不到任何信息。",
    ),
    ("It acknowledges something that was never sent.", "它确认了从未发送过的内容。"),
    ("Nothing is outstanding: the keepalive timer takes over.", "没有未确认的数据：由保活定时器接手。"),
    ("Nothing is outstanding: the timer stops.", "没有未确认的数据：定时器停止。"),
    (
        "Nothing is under way any more: the small segment that waited (Nagle) goes out.",
        "已没有任何报文段在途：一直等待的小报文段（Nagle）发出。",
    ),
    (
        "Our FIN is acknowledged and the peer's came long ago: the connection is over.",
        "我们的 FIN 已被确认，对端的 FIN 早就来过：连接结束。",
    ),
    (
        "Our FIN is acknowledged and the peer's was here already: TIME_WAIT.",
        "我们的 FIN 已被确认，对端的 FIN 先前已到：TIME_WAIT。",
    ),
    (
        "Our FIN is acknowledged: FIN_WAIT2, until the peer closes too. No timer limits this.",
        "我们的 FIN 已被确认：FIN_WAIT2，直到对端也关闭。没有定时器限制这段时间。",
    ),
    ("Slow start: the congestion window grows by one segment.", "慢启动：拥塞窗口增加一个报文段。"),
    (
        "Something is still outstanding, or an ACK is owed: the retransmission timer starts afresh.",
        "仍有未确认的数据，或欠着一个 ACK：重传定时器重新开始。",
    ),
    (
        "Something was sent twice: by Karn's rule this ACK measures no round trip.",
        "有内容发送过两次：按 Karn 规则，这个 ACK 不用来测量往返时间。",
    ),
    ("Takes in the acknowledgement and the window of a segment.", "处理报文段中的确认号和窗口。"),
    ("The connection was reset: acknowledgements mean nothing any more.", "连接已被复位：确认不再有任何意义。"),
    (
        "The handshake is complete: whoever waits in accept() or select() on the listener is woken.",
        "握手完成：唤醒在监听者上等待 accept() 或 select() 的进程。",
    ),
    (
        "The largest window seen so far: the size of a full segment is chosen again.",
        "迄今见过的最大窗口：重新选择满报文段的长度。",
    ),
    (
        "The oldest segment is overdue: it is sent again without waiting for the timer.",
        "最早的报文段已超时：不等定时器就再次发送。",
    ),
    (
        "The peer is alive: unanswered keepalives are counted from zero again.",
        "对端还活着：未获应答的保活探测从零重新计数。",
    ),
    (
        "The peer offers no window at all: 32 bytes are assumed as its largest.",
        "对端根本不提供窗口：假定它的最大窗口为 32 字节。",
    ),
    ("The segment is acknowledged: it leaves the retransmit queue.", "报文段已被确认：它离开重传队列。"),
    (
        "The time since the segment was sent feeds the round-trip filter; the timeout follows.",
        "报文段发出以来的时间送入往返时间滤波器；超时时间随之更新。",
    ),
    (
        "The window is closed and nothing is outstanding: it is going to be probed.",
        "窗口已关闭，又没有未确认的数据：将对它进行探测。",
    ),
    (
        "The window is open again for the waiting segment: the timeout is computed anew.",
        "窗口又对等待的报文段打开了：重新计算超时时间。",
    ),
    (
        "The window's right edge moved left: what lies beyond it has to be sent again later.",
        "窗口的右边沿左移：超出部分以后要重新发送。",
    ),
];
