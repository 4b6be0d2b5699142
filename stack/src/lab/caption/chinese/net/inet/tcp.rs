//! Chinese of the sentences of `net/inet/tcp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "An ICMP error about one of our segments has come: finds the sock and tells it.",
        "关于我们某个报文段的 ICMP 差错来了：找到 sock 并告诉它。",
    ),
    (
        "Carries out TCP's own ioctls: bytes to read, room to write, the urgent mark.",
        "执行 TCP 自己的 ioctl：可读字节数、可写空间、紧急标记。",
    ),
    ("Changes the state of a connection and counts the established ones.", "改变连接的状态，并统计已建立的连接数。"),
    (
        "Decides what closing means in the present state; true if a FIN must be sent.",
        "决定在当前状态下关闭意味着什么；必须发送 FIN 时返回真。",
    ),
    (
        "Enters TIME_WAIT: both sides have said goodbye, and old segments get 60 s to die out.",
        "进入 TIME_WAIT：双方都已道别，给旧报文段 60 秒时间消亡。",
    ),
    ("How many bytes a read could return now.", "现在读取能返回多少字节。"),
    ("Reads an option of TCP back.", "读回一个 TCP 选项。"),
    (
        "Sets an option of TCP: the largest segment, or no waiting with small segments.",
        "设置一个 TCP 选项：最大报文段长度，或小报文段不再等待。",
    ),
    (
        "What select() asks: would a read or a write go on without sleeping, is there urgent data?",
        "select() 所问的：读或写能否不睡眠就进行，有没有紧急数据？",
    ),
    ("a connection has come in: whoever selects on a listener is woken", "来了一个连接：唤醒对监听者做 select 的进程"),
    (
        "a fatal error: the next call of the user will report it, the connection lives on",
        "致命错误：用户的下一次调用会报告它，连接继续存在",
    ),
    ("a segment size must lie between 1 and 16384: EINVAL", "报文段长度必须在 1 到 16384 之间：EINVAL"),
    (
        "no connection is ready: the process registers on the queue of all listeners",
        "没有就绪的连接：进程登记到所有监听者共用的队列上",
    ),
    ("no sock has sent the quoted segment", "没有哪个 sock 发送过被引用的报文段"),
    (
        "nobody owns the sock any more: the peer has three minutes to send its FIN",
        "已没有人拥有这个 sock：对端有三分钟时间发送它的 FIN",
    ),
    ("not ready: the process registers on the sock's wait queue", "没有就绪：进程登记到 sock 的等待队列上"),
    ("nothing more is to be said to the peer in this state", "在这个状态下对对端已无话可说"),
    (
        "select() on a listener: readable when accept() would find a connection.",
        "对监听者的 select()：accept() 能找到连接时即为可读。",
    ),
    ("source quench: a router asks to slow down", "源抑制：路由器要求放慢速度"),
    ("the connection cannot be opened: connect() is woken and will fail", "连接无法打开：唤醒 connect()，它将失败"),
    ("the peer must learn that no more data comes: a FIN is due", "必须让对端知道不会再有数据：该发 FIN 了"),
    ("the trouble may pass: a connection that stands ignores it", "麻烦也许会过去：已建立的连接不予理会"),
];
