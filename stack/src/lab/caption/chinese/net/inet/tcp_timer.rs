//! Chinese of the sentences of `net/inet/tcp_timer.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A loss: the congestion window falls to 1 and the threshold to half of what it was.",
        "发生丢失：拥塞窗口降为 1，门限降为原值的一半。",
    ),
    ("An ACK is owed: it goes out now.", "欠着一个 ACK：现在发出。"),
    (
        "An empty segment with an old sequence number goes out; the peer must answer with an ACK.",
        "发出一个使用旧序号的空报文段；对端必须用 ACK 回答。",
    ),
    (
        "Arms the connection's timer for a reason, whatever it ran for before.",
        "以某种理由启动连接的定时器，不管它先前为何而运行。",
    ),
    (
        "Fifteen minutes of silence: a keepalive asks whether the peer is still there.",
        "沉默了十五分钟：用保活探测询问对端是否还在。",
    ),
    ("In this state there is nothing to ask the peer for.", "在这个状态下没有什么要问对端的。"),
    (
        "Many timeouts: the hardware address of the peer is forgotten, in case it has changed.",
        "多次超时：忘掉对端的硬件地址，以防它已改变。",
    ),
    ("Nothing is outstanding: the timer only served the ACK.", "没有未确认的数据：定时器只是为 ACK 服务的。"),
    ("Probes a closed window and doubles the time until the next probe.", "探测关闭的窗口，并把到下次探测的时间加倍。"),
    (
        "Reacts to many timeouts: forgets the peer's hardware address, and in the end gives up.",
        "处理多次超时的后果：忘掉对端的硬件地址，最终放弃连接。",
    ),
    (
        "Retransmits after a timeout: the congestion window collapses to one segment.",
        "超时后重传：拥塞窗口收缩到一个报文段。",
    ),
    ("Retransmits and doubles the timeout, up to two minutes.", "重传并把超时时间加倍，最多两分钟。"),
    (
        "Sends an empty segment just below the peer's window, so that it has to answer with an ACK.",
        "发送一个序号恰在对端窗口之下的空报文段，使对端不得不用 ACK 回答。",
    ),
    (
        "Sends an owed ACK, then retransmits, probes, or asks whether the peer is alive.",
        "先发送欠下的 ACK，然后重传、探测，或询问对端是否还活着。",
    ),
    (
        "Sends the oldest unacknowledged segment again, or as many as the congestion window holds.",
        "再次发送最早的未确认报文段，或在拥塞窗口容许的数目内多发几个。",
    ),
    (
        "Sixteen timeouts without an answer: the connection is given up with ETIMEDOUT.",
        "十六次超时都没有应答：放弃连接，错误为 ETIMEDOUT。",
    ),
    ("The connection was reset: its window is not probed any more.", "连接已被复位：不再探测它的窗口。"),
    ("The connection was reset: nobody is asked any more.", "连接已被复位：不再询问任何人。"),
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
    ("The sock is in use: the timer comes back in one second.", "sock 正被占用：定时器一秒后再来。"),
    ("The window of the peer is still closed: it is probed.", "对端的窗口仍然关闭：探测它。"),
];
