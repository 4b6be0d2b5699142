//! Chinese of the sentences of `net/inet/tcp_write.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Cuts data into segments and hands them on; sleeps while memory or handshake is missing.",
        "把数据切成报文段逐个递交；缺内存或握手未完成时睡眠。",
    ),
    (
        "Parks a segment that may still grow; it goes out at the latest after a second.",
        "暂存一个还可以增长的报文段；最迟一秒后发出。",
    ),
    ("Sends the parked segment.", "发送暂存的报文段。"),
    ("Takes the parked segment away, and its timer with it.", "取走暂存的报文段，连同它的定时器。"),
    (
        "Writes to a connection like write(), for a caller that names the peer once more.",
        "像 write() 一样写入连接，供再次指明对端的调用者使用。",
    ),
    ("a pending error ends the write", "未决错误结束了写入"),
    (
        "a segment is built; before its buffer is allocated the sock is let go for a moment",
        "构造一个报文段；在分配缓冲区之前，sock 会暂时解除占用",
    ),
    ("a signal ends the sleep", "信号结束睡眠"),
    (
        "a small segment, and something is in flight: it is parked and may grow (Nagle)",
        "是小报文段，且有数据在途：把它暂存，还可以增长（Nagle）",
    ),
    ("less than a whole segment: its buffer gets room to grow", "不足一个完整的报文段：给它的缓冲区留出增长的空间"),
    (
        "nothing is in flight, or the user wants no delay: the small segment goes out",
        "没有数据在途，或用户不愿延迟：小报文段发出",
    ),
    ("the address is not that of the peer: EISCONN", "不是对端的地址：EISCONN"),
    ("the handshake is not over and the caller does not want to wait", "握手未完成，而调用者不愿等待"),
    ("the handshake is not over: the process sleeps", "握手未完成：进程睡眠"),
    ("the parked segment is filled up first", "先把暂存的报文段填满"),
    (
        "the peer allows segments of 0 octets: tcp_write builds empty segments for ever",
        "对端只允许 0 字节的报文段：tcp_write 永远不停地构造空报文段",
    ),
    ("the send memory is used up and the caller does not want to wait", "发送内存已用完，而调用者不愿等待"),
    (
        "the send memory is used up: the process sleeps until an ACK frees some",
        "发送内存已用完：进程睡眠，直到 ACK 释放出一些",
    ),
    (
        "the small segment is parked until all is acknowledged, it is full, or a second has passed",
        "小报文段一直暂存，直到全部数据被确认、它被填满，或过了一秒",
    ),
    ("the writing half is shut: EPIPE", "写方向已关闭：EPIPE"),
    ("there is no connection to write to: EPIPE", "没有可写入的连接：EPIPE"),
    ("there is no way to the peer any more", "再也没有通往对端的路"),
    (
        "urgent data: the pointer stands behind the last byte of this segment",
        "紧急数据：指针位于这个报文段最后一个字节之后",
    ),
];
