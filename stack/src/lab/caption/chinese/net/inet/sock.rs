//! Chinese of the sentences of `net/inet/sock.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Frees a received buffer.", "释放一个收到的缓冲区。"),
    ("Frees a send buffer and tells a writer that there is room again.", "释放一个发送缓冲区，并告诉写者又有空间了。"),
    ("Gets send memory for a datagram, and sleeps until there is some.", "为数据报取得发送内存，没有时睡眠等待。"),
    ("Makes a buffer that is charged to a sock's send memory.", "创建一个记在 sock 发送内存账上的缓冲区。"),
    (
        "Queues a datagram for the reader, if the receive memory still has room.",
        "如果接收内存还有空间，就把数据报排队等候读者。",
    ),
    ("Unlocks a sock: first replays what arrived while it was in use.", "解除 sock 的占用：先重放占用期间到达的内容。"),
    (
        "Wakes whoever sleeps on the sock as data has come; SIGIO if no reader is asleep.",
        "唤醒在 sock 上睡眠的进程；若没有读者在睡眠则发送 SIGIO：数据来了。",
    ),
    (
        "Wakes whoever sleeps on the sock, and sends SIGIO to a writer that found no room.",
        "唤醒在 sock 上睡眠的进程；若有写者曾找不到空间则发送 SIGIO：又有空间了。",
    ),
    ("Wakes whoever sleeps on the sock: its state has changed.", "唤醒在 sock 上睡眠的进程：它的状态变了。"),
    ("a segment that came while the sock was in use is handled now", "处理一个在 sock 被占用期间到达的报文段"),
    ("a signal ended the sleep", "信号结束了睡眠"),
    ("an error was pending: it is reported, once, and nothing is sent", "有未决错误：报告它，仅一次，并且什么也不发送"),
    (
        "no buffer has come back meanwhile: the process sleeps until one does",
        "在此期间没有缓冲区归还：进程睡眠，直到有一个归还",
    ),
    (
        "nobody owns the sock and it is closed: the timer will destroy it",
        "没有人拥有这个 sock，而它已关闭：定时器会销毁它",
    ),
    ("the receive memory is used up: the datagram is refused", "接收内存已用完：拒绝这个数据报"),
    ("the send memory of the sock is used up", "sock 的发送内存已用完"),
    ("there is no room and the socket does not block: EAGAIN", "没有空间而套接字是非阻塞的：EAGAIN"),
];
