//! Chinese of the sentences of `net/inet/tcp_output.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("A RST is never answered with a RST.", "从不用 RST 回答 RST。"),
    ("A RST tells the sender that there is no such connection.", "用 RST 告诉发送者没有这个连接。"),
    ("A retransmission is under way: new data has to wait.", "正在重传：新数据必须等待。"),
    (
        "A segment without data, SYN or FIN has nothing to say: it is freed.",
        "没有数据、SYN 或 FIN 的报文段无话可说：释放它。",
    ),
    ("Answers a segment with a RST; no sock is changed by it.", "用 RST 回答一个报文段；不改变任何 sock。"),
    (
        "As many segments are under way as the congestion window allows: this one has to wait.",
        "在途的报文段已达拥塞窗口允许的数目：这一个必须等待。",
    ),
    ("Fills in the header of a new data segment from the sock's template.", "按 sock 的模板填写新数据报文段的首部。"),
    ("No memory for the ACK: it is owed and will be sent by the timer.", "没有内存发送 ACK：先欠着，由定时器发送。"),
    ("No memory for the RST.", "没有内存发送 RST。"),
    ("No way back to the sender: the RST is given up.", "没有返回发送者的路：放弃这个 RST。"),
    ("No way to the peer: the segment is given up.", "没有通往对端的路：放弃这个报文段。"),
    (
        "Nothing is under way that could draw an ACK: the closed window is going to be probed.",
        "没有在途的内容能引来 ACK：将探测关闭的窗口。",
    ),
    (
        "Sends a data segment, or queues it when the windows or a running retransmission forbid it.",
        "发送一个数据报文段；窗口不允许或正在重传时则排队。",
    ),
    ("Sends a pure ACK, at once.", "立即发送一个纯 ACK。"),
    (
        "Sends what waits in the write queue as far as both windows allow.",
        "在两个窗口允许的范围内，发送写队列中等待的报文段。",
    ),
    ("The ACK goes out at once; nothing remembers it.", "ACK 立即发出；没有谁记住它。"),
    ("The buffer is shorter than a TCP header: it is freed.", "缓冲区比 TCP 首部还短：释放它。"),
    ("The connection was reset: nothing is acknowledged any more.", "连接已被复位：不再确认任何内容。"),
    ("The connection was reset: nothing is sent any more.", "连接已被复位：不再发送任何内容。"),
    ("The peer has this segment already: it is freed.", "对端已有这个报文段：释放它。"),
    (
        "The segment ends beyond the window that the peer offers: it has to wait.",
        "报文段的末尾超出对端提供的窗口：它必须等待。",
    ),
    (
        "The segment goes out and stays on the retransmit queue until it is acknowledged.",
        "报文段发出，并留在重传队列上，直到被确认。",
    ),
    ("The windows are open: the head of the write queue goes out.", "两个窗口都打开着：写队列之首发出。"),
    ("Writes the checksum of an outgoing segment into its header.", "把校验和写入待发报文段的首部。"),
];
