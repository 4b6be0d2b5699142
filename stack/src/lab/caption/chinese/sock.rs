//! Chinese of the sock: its memory, its lock, its place in the port table, its options and its general timer.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("Copies a part of a datagram to the user.", "把数据报的一部分复制给用户。"),
    ("Enters a sock into the table of its transport under a local port.", "把 sock 按本地端口登记到其传输协议的表中。"),
    ("Finds a port for a sock that did not choose one.", "为没有选择端口的 sock 找一个端口。"),
    ("Finds the next raw sock that wants a datagram, from sk on.", "从 sk 开始，查找下一个想要数据报的原始 sock。"),
    (
        "Finds the next sock that wants a broadcast or multicast datagram, from sk on.",
        "从 sk 开始，查找下一个想要广播或多播数据报的 sock。",
    ),
    (
        "Finds the sock for a segment: the port must match, and every further match makes it a better one.",
        "为报文段查找 sock：端口必须相符，此外每多一项相符就更合适。",
    ),
    ("Frees a received buffer.", "释放一个收到的缓冲区。"),
    ("Frees a send buffer and tells a writer that there is room again.", "释放一个发送缓冲区，并告诉写者又有空间了。"),
    ("Gets send memory for a datagram, and sleeps until there is some.", "为数据报取得发送内存，没有时睡眠等待。"),
    ("Makes a buffer that is charged to a sock's send memory.", "创建一个记在 sock 发送内存账上的缓冲区。"),
    (
        "Queues a datagram for the reader, if the receive memory still has room.",
        "如果接收内存还有空间，就把数据报排队等候读者。",
    ),
    ("Reads one of the options that every socket has.", "读取每个套接字都有的一个选项。"),
    (
        "Registers a protocol above IP; the newest of a bucket is asked first.",
        "登记一个 IP 之上的协议；同一个桶中最新登记的最先被询问。",
    ),
    ("Sets one of the options that every socket has.", "设置每个套接字都有的一个选项。"),
    (
        "Sets the general timer of a sock to len ticks from now, for a reason.",
        "以某种理由把 sock 的通用定时器设为 len 个滴答之后。",
    ),
    ("Stops the general timer of a sock.", "停止 sock 的通用定时器。"),
    ("Takes a sock out of the table of its transport.", "把 sock 从其传输协议的表中去掉。"),
    (
        "Tells whether a sock without a connection is ready, and puts the process on its queue if asked to.",
        "判断没有连接的 sock 是否就绪；若有要求，就把进程挂到它的等待队列上。",
    ),
    ("The general timer of a sock has expired.", "sock 的通用定时器到期了。"),
    (
        "The reader is done with a datagram: the last one frees it, unless it was only looked at.",
        "读者用完了数据报：最后一个读者释放它，除非只是查看。",
    ),
    ("Unlocks a sock: first replays what arrived while it was in use.", "解除 sock 的占用：先重放占用期间到达的内容。"),
    ("Waits for a datagram and takes it, or looks at it.", "等待数据报并取走它，或只是查看它。"),
    (
        "Wakes whoever sleeps on the sock, and sends SIGIO if a writer found no room: there is room again.",
        "唤醒在 sock 上睡眠的进程；若有写者曾找不到空间则发送 SIGIO：又有空间了。",
    ),
    (
        "Wakes whoever sleeps on the sock, and sends SIGIO unless a reader is asleep: data has come.",
        "唤醒在 sock 上睡眠的进程；若没有读者在睡眠则发送 SIGIO：数据来了。",
    ),
    ("Wakes whoever sleeps on the sock: its state has changed.", "唤醒在 sock 上睡眠的进程：它的状态变了。"),
    ("a segment that came while the sock was in use is handled now", "处理一个在 sock 被占用期间到达的报文段"),
    ("a signal ended the sleep", "信号结束了睡眠"),
    ("a signal ended the wait", "信号结束了等待"),
    ("an acknowledgement is owed: it is sent now", "欠着一个确认：现在发送"),
    ("an error ended the wait", "错误结束了等待"),
    ("an error was pending: it is reported, once, and nothing is sent", "有未决错误：报告它，仅一次，并且什么也不发送"),
    (
        "every chain of the port table has a sock: a free number in the shortest chain is taken",
        "端口表的每条链上都有 sock：在最短的链中取一个空闲的端口号",
    ),
    (
        "memory of the sock is still out somewhere: another attempt to take it back",
        "sock 还有内存在外未归还：再次尝试收回",
    ),
    (
        "no buffer has come back meanwhile: the process sleeps until one does",
        "在此期间没有缓冲区归还：进程睡眠，直到有一个归还",
    ),
    (
        "nobody owns the sock and it is closed: the timer will destroy it",
        "没有人拥有这个 sock，而它已关闭：定时器会销毁它",
    ),
    ("nothing waits to be read, and the call must not wait either", "没有可读的内容，而调用又不能等待"),
    ("the closed sock has had its time: it is destroyed", "已关闭的 sock 期限已到：销毁它"),
    ("the process sleeps until a datagram comes", "进程睡眠，直到数据报到来"),
    ("the reading half is shut: this is the end", "读方向已关闭：到此结束"),
    ("the receive memory is used up: the datagram is refused", "接收内存已用完：拒绝这个数据报"),
    ("the send memory of the sock is used up", "sock 的发送内存已用完"),
    ("the sock is in use: the timer tries again in 10 ticks", "sock 正被占用：定时器 10 个滴答后再试"),
    ("the time of waiting for stray segments is over", "等待游离报文段的时间已过"),
    ("there is no option of that number that could be set: ENOPROTOOPT", "没有这个编号的可设置选项：ENOPROTOOPT"),
    ("there is no room and the socket does not block: EAGAIN", "没有空间而套接字是非阻塞的：EAGAIN"),
];
