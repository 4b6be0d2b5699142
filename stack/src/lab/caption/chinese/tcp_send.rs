//! Chinese of what TCP sends, now or after a timeout.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    ("A RST is never answered with a RST.", "从不用 RST 回答 RST。"),
    ("A RST tells the sender that there is no such connection.", "用 RST 告诉发送者没有这个连接。"),
    (
        "A loss: the congestion window falls to 1 and the threshold to half of what it was.",
        "发生丢失：拥塞窗口降为 1，门限降为原值的一半。",
    ),
    ("A retransmission is under way: new data has to wait.", "正在重传：新数据必须等待。"),
    (
        "A segment without data, SYN or FIN has nothing to say: it is freed.",
        "没有数据、SYN 或 FIN 的报文段无话可说：释放它。",
    ),
    ("An ACK is owed: it goes out now.", "欠着一个 ACK：现在发出。"),
    (
        "An empty segment with an old sequence number goes out; the peer must answer it with an ACK.",
        "发出一个使用旧序号的空报文段；对端必须用 ACK 回答。",
    ),
    ("Answers a segment with a RST; no sock is changed by it.", "用 RST 回答一个报文段；不改变任何 sock。"),
    (
        "Arms the connection's timer for a reason, whatever it ran for before.",
        "以某种理由启动连接的定时器，不管它先前为何而运行。",
    ),
    (
        "As many segments are under way as the congestion window allows: this one has to wait.",
        "在途的报文段已达拥塞窗口允许的数目：这一个必须等待。",
    ),
    (
        "Draws the consequences of many timeouts: forgets the peer's hardware address, and in the end gives up.",
        "处理多次超时的后果：忘掉对端的硬件地址，最终放弃连接。",
    ),
    (
        "Fifteen minutes of silence: a keepalive asks whether the peer is still there.",
        "沉默了十五分钟：用保活探测询问对端是否还在。",
    ),
    ("Fills in the header of a new data segment from the sock's template.", "按 sock 的模板填写新数据报文段的首部。"),
    ("In this state there is nothing to ask the peer for.", "在这个状态下没有什么要问对端的。"),
    (
        "Many timeouts: the hardware address of the peer is forgotten, in case it has changed.",
        "多次超时：忘掉对端的硬件地址，以防它已改变。",
    ),
    ("No memory for the ACK: it is owed and will be sent by the timer.", "没有内存发送 ACK：先欠着，由定时器发送。"),
    ("No memory for the RST.", "没有内存发送 RST。"),
    ("No way back to the sender: the RST is given up.", "没有返回发送者的路：放弃这个 RST。"),
    ("No way to the peer: the segment is given up.", "没有通往对端的路：放弃这个报文段。"),
    ("Nothing is outstanding: the timer only served the ACK.", "没有未确认的数据：定时器只是为 ACK 服务的。"),
    (
        "Nothing is under way that could draw an ACK: the closed window is going to be probed.",
        "没有在途的内容能引来 ACK：将探测关闭的窗口。",
    ),
    ("Probes a closed window and doubles the time until the next probe.", "探测关闭的窗口，并把到下次探测的时间加倍。"),
    (
        "Retransmits after a timeout: the congestion window collapses to one segment.",
        "超时后重传：拥塞窗口收缩到一个报文段。",
    ),
    ("Retransmits and doubles the timeout, up to two minutes.", "重传并把超时时间加倍，最多两分钟。"),
    (
        "Sends a data segment, or queues it when the windows or a running retransmission forbid it.",
        "发送一个数据报文段；窗口不允许或正在重传时则排队。",
    ),
    ("Sends a pure ACK, at once.", "立即发送一个纯 ACK。"),
    (
        "Sends an empty segment just below the peer's window, so that it has to answer with an ACK.",
        "发送一个序号恰在对端窗口之下的空报文段，使对端不得不用 ACK 回答。",
    ),
    (
        "Sends the oldest unacknowledged segment again, or as many as the congestion window holds.",
        "再次发送最早的未确认报文段，或在拥塞窗口容许的数目内多发几个。",
    ),
    (
        "Sends what waits in the write queue as far as both windows allow.",
        "在两个窗口允许的范围内，发送写队列中等待的报文段。",
    ),
    (
        "Sixteen timeouts without an answer: the connection is given up with ETIMEDOUT.",
        "十六次超时都没有应答：放弃连接，错误为 ETIMEDOUT。",
    ),
    ("The ACK goes out at once; nothing remembers it.", "ACK 立即发出；没有谁记住它。"),
    ("The buffer is shorter than a TCP header: it is freed.", "缓冲区比 TCP 首部还短：释放它。"),
    ("The connection was reset: its window is not probed any more.", "连接已被复位：不再探测它的窗口。"),
    ("The connection was reset: nobody is asked any more.", "连接已被复位：不再询问任何人。"),
    ("The connection was reset: nothing is acknowledged any more.", "连接已被复位：不再确认任何内容。"),
    ("The connection was reset: nothing is sent any more.", "连接已被复位：不再发送任何内容。"),
    (
        "The connection's timer fires: sends an owed ACK, then retransmits, probes, or asks whether the peer is alive.",
        "连接的定时器到期：先发送欠下的 ACK，然后重传、探测，或询问对端是否还活着。",
    ),
    ("The device is down: the segment stays where it is.", "设备未启用：报文段留在原处。"),
    ("The device still holds this buffer: it is not sent twice.", "设备还占着这个缓冲区：不会发送两次。"),
    (
        "The oldest segment has not waited long enough: the timer runs for the rest.",
        "最早的报文段等待得还不够久：定时器再运行剩余的时间。",
    ),
    ("The oldest segment was not acknowledged in time: it is sent again.", "最早的报文段没有及时被确认：再次发送它。"),
    (
        "The oldest unacknowledged segment goes out again, with a new IP id and a fresh ACK.",
        "最早的未确认报文段再次发出，带有新的 IP 标识和最新的 ACK。",
    ),
    ("The peer has this segment already: it is freed.", "对端已有这个报文段：释放它。"),
    (
        "The segment ends beyond the window that the peer offers: it has to wait.",
        "报文段的末尾超出对端提供的窗口：它必须等待。",
    ),
    (
        "The segment goes out and stays on the retransmit queue until it is acknowledged.",
        "报文段发出，并留在重传队列上，直到被确认。",
    ),
    ("The sock is in use: the timer comes back in one second.", "sock 正被占用：定时器一秒后再来。"),
    ("The window of the peer is still closed: it is probed.", "对端的窗口仍然关闭：探测它。"),
    ("The windows are open: the head of the write queue goes out.", "两个窗口都打开着：写队列之首发出。"),
    ("Writes the checksum of an outgoing segment into its header.", "把校验和写入待发报文段的首部。"),
];
