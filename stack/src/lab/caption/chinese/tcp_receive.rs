//! Chinese of what TCP does with a segment that comes in.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "A FIN again while ours waits for its ACK: the state is stored once more and a minute's timer starts.",
        "我们的 FIN 还在等待 ACK 时又来了一个 FIN：再次存入状态，并启动一分钟的定时器。",
    ),
    (
        "A RST (or a stray SYN) ends the connection: the error is stored, everybody is woken, the segment freed.",
        "RST（或离群的 SYN）终结连接：记下错误，唤醒所有等待者，释放报文段。",
    ),
    ("A RST inside the window: the connection is over.", "窗口内的 RST：连接结束。"),
    ("A RST to our SYN: connection refused.", "对我们 SYN 的 RST：连接被拒绝。"),
    ("A SYN for a listener: the first step of a handshake.", "监听者收到 SYN：握手的第一步。"),
    (
        "A SYN inside the window of an open connection: both sides have lost each other.",
        "已打开连接的窗口内出现 SYN：双方已失去彼此的同步。",
    ),
    ("A duplicate ACK tells the peer what is still missing.", "重复的 ACK 告诉对端还缺什么。"),
    ("A listener has sent nothing that could be acknowledged.", "监听者没有发送过任何可以确认的内容。"),
    ("A listener only wants a SYN, and only for an address of its own.", "监听者只要 SYN，而且只要发往本机地址的。"),
    ("A listener still stands on this port: it takes the SYN.", "这个端口上仍有监听者：由它接收 SYN。"),
    (
        "A new SYN, beyond everything seen: the old connection ends so that a new one can begin.",
        "新的 SYN，超出所见过的一切序号：旧连接结束，好让新连接开始。",
    ),
    (
        "A part of what was lost is acknowledged: the rest is sent again at once.",
        "丢失的内容有一部分已被确认：立即重发其余部分。",
    ),
    ("A segment before it is missing: it waits on the receive queue.", "它之前缺少一个报文段：它在接收队列上等待。"),
    (
        "A segment with the same number and no more data is replaced by this one.",
        "序号相同而数据不更多的报文段被这一个取代。",
    ),
    ("An ACK in TIME_WAIT restarts the minute.", "TIME_WAIT 中的 ACK 使一分钟重新开始。"),
    ("An ACK without SYN does not open a connection.", "没有 SYN 的 ACK 打不开连接。"),
    ("An option of impossible length: the rest of the list is not read.", "选项长度不合理：不再读取其余选项。"),
    (
        "Both sides have closed at once, and our FIN is not acknowledged yet: CLOSING.",
        "双方同时关闭，而我们的 FIN 还没有被确认：CLOSING。",
    ),
    (
        "Congestion avoidance: a whole window was acknowledged, the congestion window grows by one segment.",
        "拥塞避免：整整一个窗口已被确认，拥塞窗口增加一个报文段。",
    ),
    ("Congestion avoidance: one more acknowledged segment is counted.", "拥塞避免：又计入一个被确认的报文段。"),
    ("During the handshake a RST is sent, and yet the segment is processed.", "握手期间发送 RST，然而报文段仍被处理。"),
    ("Everything in it was received before.", "其中的全部内容先前都已收到。"),
    (
        "It acknowledges less than an earlier segment did: nothing is learned from it.",
        "它确认的比先前的报文段还少：从中得不到任何信息。",
    ),
    (
        "It acknowledges something other than our SYN: an old connection, which gets a RST.",
        "它确认的不是我们的 SYN：属于旧连接，回以 RST。",
    ),
    ("It acknowledges something that was never sent.", "它确认了从未发送过的内容。"),
    ("It begins beyond the receive window.", "它的起点超出接收窗口。"),
    (
        "It goes onto the receive queue, behind the segments with lower numbers.",
        "它进入接收队列，排在序号较小的报文段之后。",
    ),
    ("It goes to the head of the receive queue.", "它进入接收队列之首。"),
    ("It is in order: acked_seq moves on.", "它按序到达：acked_seq 前移。"),
    ("Neither SYN nor ACK: nothing that connect() waits for.", "既无 SYN 也无 ACK：不是 connect() 所等待的。"),
    ("Neither data nor FIN nor ACK: it is answered with an ACK.", "既无数据也无 FIN 或 ACK：用 ACK 回答它。"),
    (
        "New data for a sock that was closed: nobody can ever read it, the peer gets a RST.",
        "已关闭的 sock 来了新数据：再也没有人能读它，对端得到 RST。",
    ),
    ("No sock is open for this segment.", "这个报文段没有对应的打开的 sock。"),
    ("Nobody listens any more: the SYN is dropped without a RST.", "已没有人监听：丢弃 SYN，也不发 RST。"),
    ("Notes where the urgent octet lies and signals the owner.", "记下紧急字节的位置，并用信号通知属主。"),
    ("Nothing is outstanding: the keepalive timer takes over.", "没有未确认的数据：由保活定时器接手。"),
    ("Nothing is outstanding: the timer stops.", "没有未确认的数据：定时器停止。"),
    (
        "Nothing is under way any more: the small segment that waited (Nagle) goes out.",
        "已没有任何报文段在途：一直等待的小报文段（Nagle）发出。",
    ),
    ("Now the peer has closed too: TIME_WAIT for a minute.", "现在对端也关闭了：TIME_WAIT，持续一分钟。"),
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
    ("Our own SYN came back: a connection to itself is refused.", "我们自己的 SYN 回来了：拒绝与自己连接。"),
    (
        "Reads the options of a segment: only the largest segment size counts, and only on a SYN.",
        "读取报文段的选项：只有最大报文段长度起作用，而且只在 SYN 上。",
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
    (
        "Takes in a segment: from IP, or, redo being set, from the back_log of a sock that was in use.",
        "接收一个报文段：来自 IP；若 redo 置位，则来自曾被占用的 sock 的 back_log。",
    ),
    ("Takes in the acknowledgement and the window of a segment.", "处理报文段中的确认号和窗口。"),
    (
        "Takes in the data and the FIN of a segment that passed all tests, and acknowledges it at once.",
        "接收通过了全部检查的报文段中的数据和 FIN，并立即确认。",
    ),
    ("Takes the urgent octet out of a segment once it arrives.", "紧急字节一到，就把它从报文段中取出。"),
    (
        "The FIN came again, so our ACK was lost: the minute of TIME_WAIT starts afresh.",
        "FIN 又来了，说明我们的 ACK 丢了：TIME_WAIT 的一分钟重新开始。",
    ),
    ("The FIN was seen before.", "这个 FIN 先前见过。"),
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
    ("The connection is over already.", "连接已经结束。"),
    ("The connection was reset: acknowledgements mean nothing any more.", "连接已被复位：确认不再有任何意义。"),
    (
        "The frame was a broadcast or meant for another host: TCP does not want it.",
        "帧是广播或发给别的主机的：TCP 不要它。",
    ),
    (
        "The handshake is complete: whoever waits in accept() or select() on the listener is woken.",
        "握手完成：唤醒在监听者上等待 accept() 或 select() 的进程。",
    ),
    ("The hole before a waiting segment is filled.", "一个等待中的报文段前面的空洞被填上了。"),
    (
        "The largest window seen so far: the size of a full segment is chosen again.",
        "迄今见过的最大窗口：重新选择满报文段的长度。",
    ),
    (
        "The oldest segment is overdue: it is sent again without waiting for the timer.",
        "最早的报文段已超时：不等定时器就再次发送。",
    ),
    (
        "The peer has closed its half; ours stays open: CLOSE_WAIT.",
        "对端关闭了它那一半，我们这一半仍然打开：CLOSE_WAIT。",
    ),
    ("The peer has sent everything: the FIN is in order.", "对端已发完全部内容：FIN 按序到达。"),
    (
        "The peer is alive: unanswered keepalives are counted from zero again.",
        "对端还活着：未获应答的保活探测从零重新计数。",
    ),
    (
        "The peer is told by an ACK what is expected, and the segment is dropped.",
        "用 ACK 告诉对端期待的序号，并丢弃这个报文段。",
    ),
    ("The peer names no segment size: 536 is assumed.", "对端没有给出报文段长度：假定为 536。"),
    ("The peer names the largest segment it takes.", "对端给出了它接受的最大报文段长度。"),
    (
        "The peer offers no window at all: 32 octets are assumed as its largest.",
        "对端根本不提供窗口：假定它的最大窗口为 32 字节。",
    ),
    ("The reading half is shut, but the data is taken all the same.", "读方向已关闭，数据照样收下。"),
    (
        "The receive memory is nearly used up: out-of-order data is given up, the peer will send it again.",
        "接收内存几乎用完：放弃乱序的数据，对端会再次发送。",
    ),
    ("The receive memory of the sock is used up.", "sock 的接收内存已用完。"),
    ("The receive window is closed: nothing with data is acceptable.", "接收窗口已关闭：带数据的一概不接受。"),
    ("The segment is acknowledged: it leaves the retransmit queue.", "报文段已被确认：它离开重传队列。"),
    (
        "The sock is in use: the segment waits on its back_log until release_sock.",
        "sock 正被占用：报文段在它的 back_log 上等到 release_sock。",
    ),
    (
        "The time since the segment was sent feeds the round-trip filter; the timeout follows.",
        "报文段发出以来的时间送入往返时间滤波器；超时时间随之更新。",
    ),
    ("The urgent octet is here: it can be read out of band.", "紧急字节到了：可以带外读取。"),
    ("The urgent octet is not in this segment.", "紧急字节不在这个报文段中。"),
    ("The urgent octet was read long ago.", "紧急字节早已读过。"),
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
    ("This urgent octet is known already.", "这个紧急字节已经知道了。"),
    ("Two SYNs have crossed: the state changes, but nothing is answered.", "两个 SYN 交叉：状态改变，但不作任何回答。"),
    ("Urgent data is announced.", "有紧急数据的通告。"),
    ("What arrived in order is acknowledged at once.", "按序到达的内容立即确认。"),
    (
        "Whether a segment lies in the window; one that does not is answered with an ACK.",
        "判断报文段是否落在窗口之内；不在窗口内的用 ACK 回答。",
    ),
];
