//! Chinese of what a process asks of TCP: connect, accept, read, write, close.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "A SYN has come to a listener: makes a child for it and answers with SYN+ACK.",
        "监听者收到 SYN：为它建立子 sock，并回答 SYN+ACK。",
    ),
    (
        "An ICMP error about one of our segments has come: finds the sock and tells it.",
        "关于我们某个报文段的 ICMP 差错来了：找到 sock 并告诉它。",
    ),
    (
        "Carries out TCP's own ioctls: how much can be read, how much can be written, is the reader at the urgent mark.",
        "执行 TCP 自己的 ioctl：能读多少，能写多少，读者是否在紧急标记处。",
    ),
    ("Changes the state of a connection and counts the established ones.", "改变连接的状态，并统计已建立的连接数。"),
    (
        "Closes a connection: unread data is thrown away, buffered data and a FIN go out, and nobody waits.",
        "关闭连接：未读数据被扔掉，缓冲的数据和 FIN 发出，没有人等待。",
    ),
    (
        "Closes every connection that was waiting to be accepted when its listener closes.",
        "监听者关闭时，关闭所有等待被 accept 的连接。",
    ),
    (
        "Closes the writing half of a connection: what is buffered goes out, then a FIN.",
        "关闭连接的写方向：先发出缓冲的数据，再发 FIN。",
    ),
    (
        "Decides what closing means in the present state; true if a FIN must be sent.",
        "决定在当前状态下关闭意味着什么；必须发送 FIN 时返回真。",
    ),
    (
        "Enters TIME_WAIT: both sides have said goodbye, and old segments get 60 s to die out.",
        "进入 TIME_WAIT：双方都已道别，给旧报文段 60 秒时间消亡。",
    ),
    (
        "Gives back the memory of what has been read, and sees that the peer learns of the larger window.",
        "归还已读数据的内存，并确保对端得知窗口变大。",
    ),
    ("How many octets a read could return now.", "现在读取能返回多少字节。"),
    ("Opens a connection: chooses the first sequence number and sends a SYN.", "打开连接：选择初始序号并发送 SYN。"),
    (
        "Parks a segment that may still grow; it goes out at the latest after a second.",
        "暂存一个还可以增长的报文段；最迟一秒后发出。",
    ),
    ("Reads an option of TCP back.", "读回一个 TCP 选项。"),
    ("Reads from a connection and says who the peer is.", "从连接读取，并给出对端是谁。"),
    (
        "Reads from a connection: copies what lies in sequence, or sleeps until something does.",
        "从连接读取：复制按序到达的数据，没有时睡眠等待。",
    ),
    ("Reads the urgent octet that is kept out of the stream.", "读取不放在数据流中的紧急字节。"),
    ("Sends a FIN: \"I have no more data\".", "发送 FIN：“我没有更多数据了”。"),
    (
        "Sends an ACK that is owed: acknowledgement and window as they are now.",
        "发送欠下的 ACK：确认号和窗口取此刻的值。",
    ),
    ("Sends the parked segment.", "发送暂存的报文段。"),
    (
        "Sets an option of TCP: the largest segment, or no waiting with small segments.",
        "设置一个 TCP 选项：最大报文段长度，或小报文段不再等待。",
    ),
    (
        "Takes a finished connection from the listener, or sleeps until there is one.",
        "从监听者取出一个已完成的连接，没有时睡眠等待。",
    ),
    ("Takes the first connection that is ready off the listener's queue.", "从监听者的队列取下第一个就绪的连接。"),
    ("Takes the parked segment away, and its timer with it.", "取走暂存的报文段，连同它的定时器。"),
    (
        "What select() asks: would a read or a write go on without sleeping, is there urgent data?",
        "select() 所问的：读或写能否不睡眠就进行，有没有紧急数据？",
    ),
    (
        "Writes to a connection like write(), for a caller that names the peer once more.",
        "像 write() 一样写入连接，供再次指明对端的调用者使用。",
    ),
    (
        "Writes to a connection: cuts the data into segments and hands them on, sleeping where memory or the handshake is missing.",
        "写入连接：把数据切成报文段逐个递交，缺内存或握手未完成时睡眠。",
    ),
    ("a connection has come in: whoever selects on a listener is woken", "来了一个连接：唤醒对监听者做 select 的进程"),
    (
        "a connection has two ends: broadcast and multicast addresses are refused",
        "一个连接只有两端：拒绝广播和多播地址",
    ),
    (
        "a fatal error: the next call of the user will report it, the connection lives on",
        "致命错误：用户的下一次调用会报告它，连接继续存在",
    ),
    ("a full segment more fits the window: the peer is told at once", "窗口又能多容纳一个满报文段：立即告诉对端"),
    ("a listener has no data: ENOTCONN", "监听者没有数据：ENOTCONN"),
    (
        "a listener is closed: every connection that nobody accepted is closed with it",
        "监听者关闭：没有人 accept 的连接都随它关闭",
    ),
    ("a pending error ends the write", "未决错误结束了写入"),
    ("a pending error is reported", "报告未决错误"),
    ("a pending error is reported first", "先报告未决错误"),
    (
        "a segment is built; before its buffer is allocated the sock is let go for a moment",
        "构造一个报文段；在分配缓冲区之前，sock 会暂时解除占用",
    ),
    ("a segment size must lie between 1 and 16384: EINVAL", "报文段长度必须在 1 到 16384 之间：EINVAL"),
    ("a signal ends the sleep", "信号结束睡眠"),
    ("a signal ends the sleep: EINTR", "信号结束了睡眠：EINTR"),
    (
        "a small segment, and something is in flight: it is parked and may grow (Nagle)",
        "是小报文段，且有数据在途：把它暂存，还可以增长（Nagle）",
    ),
    (
        "as many connections as listen() allowed wait already: the SYN is dropped, the peer will try again",
        "等待的连接已达 listen() 允许的数目：丢弃 SYN，对端会再试",
    ),
    ("data lies in sequence: it is copied to the user", "有按序的数据：复制给用户"),
    ("data still waits to be sent: the FIN queues up behind it", "还有数据等待发送：FIN 排在它后面"),
    (
        "keepalive is switched on: nobody else would notice that the peer has vanished",
        "打开保活：否则没有人会发现对端已经消失",
    ),
    ("less than a whole segment: its buffer gets room to grow", "不足一个完整的报文段：给它的缓冲区留出增长的空间"),
    (
        "memory of segments that were read to their end has come free: an ACK with the new window is owed",
        "已读完的报文段的内存腾了出来：欠下一个带有新窗口的 ACK",
    ),
    ("no connection is ready and the caller does not want to wait: EAGAIN", "没有就绪的连接，而调用者不愿等待：EAGAIN"),
    (
        "no connection is ready: the process registers on the queue of all listeners",
        "没有就绪的连接：进程登记到所有监听者共用的队列上",
    ),
    ("no connection is ready: the process sleeps", "没有就绪的连接：进程睡眠"),
    (
        "no destination is given: this machine itself is meant, by its loopback address",
        "没有给出目的地：意指本机，用它的环回地址",
    ),
    ("no memory for an ACK: it is tried again in a second", "没有内存发送 ACK：一秒后再试"),
    ("no memory for the SYN+ACK: the listener gets ENOMEM", "没有内存发送 SYN+ACK：监听者得到 ENOMEM"),
    ("no sock has sent the quoted segment", "没有哪个 sock 发送过被引用的报文段"),
    (
        "nobody owns the sock any more: the peer has three minutes to send its FIN",
        "已没有人拥有这个 sock：对端有三分钟时间发送它的 FIN",
    ),
    ("not ready: the process registers on the sock's wait queue", "没有就绪：进程登记到 sock 的等待队列上"),
    (
        "nothing is in flight, or the user wants no delay: the small segment goes out",
        "没有数据在途，或用户不愿延迟：小报文段发出",
    ),
    ("nothing more is to be said to the peer in this state", "在这个状态下对对端已无话可说"),
    ("nothing to read and the caller does not want to wait: EAGAIN", "没有可读的内容，而调用者不愿等待：EAGAIN"),
    (
        "nothing to read: the process gives up the processor, unless something arrived just now",
        "没有可读的内容：进程让出处理器，除非刚好有东西到达",
    ),
    (
        "nothing waits in front of it: the FIN goes out at once, and its timer starts",
        "它前面没有等待的内容：FIN 立即发出，并启动它的定时器",
    ),
    ("only the reading half is shut: the peer is told nothing", "只关闭读方向：不向对端通知任何内容"),
    (
        "select() on a listener: readable when accept() would find a connection.",
        "对监听者的 select()：accept() 能找到连接时即为可读。",
    ),
    (
        "something has happened to the listener: the process looks through the queue again",
        "监听者上发生了事情：进程重新查看一遍队列",
    ),
    ("source quench: a router asks to slow down", "源抑制：路由器要求放慢速度"),
    ("the FIN is next: end of the stream", "接下来是 FIN：数据流结束"),
    (
        "the SYN goes to the listener's receive queue; its owner is now the child",
        "SYN 进入监听者的接收队列；它的属主现在是子 sock",
    ),
    (
        "the SYN has served: the child it stands for becomes the conversation",
        "SYN 完成了使命：它所代表的子 sock 成为正式的连接",
    ),
    (
        "the SYN offers a window of 512: a 2 that was stored without swapping its octets",
        "SYN 提供的窗口是 512：存入的是 2，没有交换字节序",
    ),
    (
        "the SYN+ACK goes out and stays on the child's retransmit queue until the peer acknowledges it",
        "SYN+ACK 发出，并留在子 sock 的重传队列上，直到对端确认",
    ),
    ("the address is not that of the peer: EISCONN", "不是对端的地址：EISCONN"),
    ("the child is made as a copy of the listener", "子 sock 作为监听者的副本建立"),
    ("the connection cannot be opened: connect() is woken and will fail", "连接无法打开：唤醒 connect()，它将失败"),
    ("the connection is gone: 0 is returned once", "连接已不存在：返回一次 0"),
    ("the connection is over: nothing is owed any more", "连接已经结束：不再欠任何东西"),
    ("the end was reported before: ENOTCONN", "先前已报告过结束：ENOTCONN"),
    ("the handshake is not over and the caller does not want to wait", "握手未完成，而调用者不愿等待"),
    ("the handshake is not over: the process sleeps", "握手未完成：进程睡眠"),
    ("the initial sequence number is read off the microsecond clock", "初始序号取自微秒时钟的读数"),
    ("the listener is being closed: the SYN is reset", "监听者正在关闭：用 RST 回答 SYN"),
    ("the next segment starts further on: there is a hole in front of it", "下一个报文段的起点更靠后：它前面有空洞"),
    ("the parked segment is filled up first", "先把暂存的报文段填满"),
    (
        "the peer cannot be reached any more: the FIN is counted as sent, and the clock closes the sock",
        "再也到不了对端：FIN 当作已发送，由时钟关闭 sock",
    ),
    ("the peer is behind a gateway: 512 octets pass every network", "对端在网关之后：512 字节能通过任何网络"),
    (
        "the peer is on our network: segments may be as long as the device allows",
        "对端在我们的网络上：报文段可以长到设备允许的程度",
    ),
    ("the peer must learn that no more data comes: a FIN is due", "必须让对端知道不会再有数据：该发 FIN 了"),
    ("the read stops in front of the urgent octet", "读取在紧急字节之前停下"),
    ("the reading half is shut: 0 is returned", "读方向已关闭：返回 0"),
    ("the route prescribes the segment size", "路由规定了报文段长度"),
    ("the route prescribes the segment size, less 64 for headers", "路由规定了报文段长度，再减去首部的 64"),
    ("the segment is read to its end", "报文段已读到末尾"),
    ("the segment that waited to be filled goes out now", "等着被填满的报文段现在发出"),
    ("the send memory is used up and the caller does not want to wait", "发送内存已用完，而调用者不愿等待"),
    (
        "the send memory is used up: the process sleeps until an ACK frees some",
        "发送内存已用完：进程睡眠，直到 ACK 释放出一些",
    ),
    (
        "the small segment stays parked until all is acknowledged, it is full, or a second has passed",
        "小报文段一直暂存，直到全部数据被确认、它被填满，或过了一秒",
    ),
    ("the sock is connected, listening or on its way: EISCONN", "sock 已连接、在监听或正在连接：EISCONN"),
    (
        "the state changes before the SYN leaves, so that an answer finds it right",
        "状态在 SYN 发出之前就改变，好让回答到达时状态正确",
    ),
    ("the timer runs for something else already: it is left as it was", "定时器正为别的事运行：保持原样"),
    ("the trouble may pass: a connection that stands ignores it", "麻烦也许会过去：已建立的连接不予理会"),
    ("the urgent mark is reached: a read never crosses it", "到达紧急标记：一次读取从不越过它"),
    ("the urgent octet is announced but has not arrived: EAGAIN", "紧急字节已通告但还没有到：EAGAIN"),
    ("the urgent octet is delivered", "紧急字节交付给用户"),
    ("the urgent octet is left out of the stream", "紧急字节不放进数据流"),
    ("the user has chosen the segment size", "用户选定了报文段长度"),
    ("the user of the listener has chosen the segment size", "监听者的用户选定了报文段长度"),
    (
        "the window has grown by less than a segment: the peer is told within 3 s",
        "窗口的增长不足一个报文段：3 秒之内告诉对端",
    ),
    ("the writing half is closed already, or was never open", "写方向早已关闭，或从未打开"),
    ("the writing half is shut: EPIPE", "写方向已关闭：EPIPE"),
    ("there is no connection to write to: EPIPE", "没有可写入的连接：EPIPE"),
    ("there is no urgent octet outside the stream: EINVAL", "数据流之外没有紧急字节：EINVAL"),
    (
        "there is no way back to the peer: the listener gets the error, with the wrong sign",
        "没有返回对端的路：监听者得到错误，而且符号是错的",
    ),
    (
        "there is no way to the destination: ENETUNREACH, and the sock stays closed",
        "没有通往目的地的路：ENETUNREACH，sock 保持关闭",
    ),
    ("there is no way to the peer any more", "再也没有通往对端的路"),
    (
        "urgent data: the pointer stands behind the last octet of this segment",
        "紧急数据：指针位于这个报文段最后一个字节之后",
    ),
];
