//! Chinese of the sentences of `net/inet/tcp_data.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A FIN again while ours waits for its ACK: the state is stored, a minute's timer starts.",
        "我们的 FIN 还在等待 ACK 时又来了一个 FIN：再次存入状态，并启动一分钟的定时器。",
    ),
    ("A duplicate ACK tells the peer what is still missing.", "重复的 ACK 告诉对端还缺什么。"),
    ("A segment before it is missing: it waits on the receive queue.", "它之前缺少一个报文段：它在接收队列上等待。"),
    (
        "A segment with the same number and no more data is replaced by this one.",
        "序号相同而数据不更多的报文段被这一个取代。",
    ),
    (
        "Both sides have closed at once, and our FIN is not acknowledged yet: CLOSING.",
        "双方同时关闭，而我们的 FIN 还没有被确认：CLOSING。",
    ),
    (
        "It goes onto the receive queue, behind the segments with lower numbers.",
        "它进入接收队列，排在序号较小的报文段之后。",
    ),
    ("It goes to the head of the receive queue.", "它进入接收队列之首。"),
    ("It is in order: acked_seq moves on.", "它按序到达：acked_seq 前移。"),
    ("Neither data nor FIN nor ACK: it is answered with an ACK.", "既无数据也无 FIN 或 ACK：用 ACK 回答它。"),
    (
        "New data for a sock that was closed: nobody can ever read it, the peer gets a RST.",
        "已关闭的 sock 来了新数据：再也没有人能读它，对端得到 RST。",
    ),
    ("Notes where the urgent byte lies and signals the owner.", "记下紧急字节的位置，并用信号通知属主。"),
    ("Now the peer has closed too: TIME_WAIT for a minute.", "现在对端也关闭了：TIME_WAIT，持续一分钟。"),
    (
        "Takes in the data and the FIN of a segment that passed all tests, and acknowledges them.",
        "接收通过了全部检查的报文段中的数据和 FIN，并立即确认。",
    ),
    ("Takes the urgent byte out of a segment once it arrives.", "紧急字节一到，就把它从报文段中取出。"),
    (
        "The FIN came again, so our ACK was lost: the minute of TIME_WAIT starts afresh.",
        "FIN 又来了，说明我们的 ACK 丢了：TIME_WAIT 的一分钟重新开始。",
    ),
    ("The FIN was seen before.", "这个 FIN 先前见过。"),
    ("The connection is over already.", "连接已经结束。"),
    ("The hole before a waiting segment is filled.", "一个等待中的报文段前面的空洞被填上了。"),
    (
        "The peer has closed its half; ours stays open: CLOSE_WAIT.",
        "对端关闭了它那一半，我们这一半仍然打开：CLOSE_WAIT。",
    ),
    ("The peer has sent everything: the FIN is in order.", "对端已发完全部内容：FIN 按序到达。"),
    ("The reading half is shut, but the data is taken all the same.", "读方向已关闭，数据照样收下。"),
    ("The receive memory is nearly used up: out-of-order data is given up.", "接收内存几乎用完：放弃乱序的数据。"),
    ("The urgent byte is here: it can be read out of band.", "紧急字节到了：可以带外读取。"),
    ("The urgent byte is not in this segment.", "紧急字节不在这个报文段中。"),
    ("The urgent byte was read long ago.", "紧急字节早已读过。"),
    ("This urgent byte is known already.", "这个紧急字节已经知道了。"),
    ("Urgent data is announced.", "有紧急数据的通告。"),
    ("What arrived in order is acknowledged at once.", "按序到达的内容立即确认。"),
];
