//! Chinese of the sentences of `net/inet/tcp_read.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Gives back the memory of what has been read, and tells the peer of the larger window.",
        "归还已读数据的内存，并确保对端得知窗口变大。",
    ),
    ("Reads from a connection and says who the peer is.", "从连接读取，并给出对端是谁。"),
    (
        "Reads from a connection: copies what lies in sequence, or sleeps until something does.",
        "从连接读取：复制按序到达的数据，没有时睡眠等待。",
    ),
    ("Reads the urgent byte that is kept out of the stream.", "读取不放在数据流中的紧急字节。"),
    (
        "Sends an ACK that is owed: acknowledgement and window as they are now.",
        "发送欠下的 ACK：确认号和窗口取此刻的值。",
    ),
    ("a full segment more fits the window: the peer is told at once", "窗口又能多容纳一个满报文段：立即告诉对端"),
    ("a listener has no data: ENOTCONN", "监听者没有数据：ENOTCONN"),
    ("a pending error is reported", "报告未决错误"),
    ("a pending error is reported first", "先报告未决错误"),
    ("data lies in sequence: it is copied to the user", "有按序的数据：复制给用户"),
    ("no memory for an ACK: it is tried again in a second", "没有内存发送 ACK：一秒后再试"),
    ("nothing to read and the caller does not want to wait: EAGAIN", "没有可读的内容，而调用者不愿等待：EAGAIN"),
    (
        "nothing to read: the process gives up the processor, unless something arrived just now",
        "没有可读的内容：进程让出处理器，除非刚好有东西到达",
    ),
    ("the FIN is next: end of the stream", "接下来是 FIN：数据流结束"),
    ("the connection is gone: 0 is returned once", "连接已不存在：返回一次 0"),
    ("the connection is over: nothing is owed any more", "连接已经结束：不再欠任何东西"),
    ("the end was reported before: ENOTCONN", "先前已报告过结束：ENOTCONN"),
    (
        "the memory of segments read to their end is free: an ACK with the new window is owed",
        "已读完的报文段的内存腾了出来：欠下一个带有新窗口的 ACK",
    ),
    ("the next segment starts further on: there is a hole in front of it", "下一个报文段的起点更靠后：它前面有空洞"),
    ("the read stops in front of the urgent byte", "读取在紧急字节之前停下"),
    ("the reading half is shut: 0 is returned", "读方向已关闭：返回 0"),
    ("the segment is read to its end", "报文段已读到末尾"),
    ("the timer runs for something else already: it is left as it was", "定时器正为别的事运行：保持原样"),
    ("the urgent byte is announced but has not arrived: EAGAIN", "紧急字节已通告但还没有到：EAGAIN"),
    ("the urgent byte is delivered", "紧急字节交付给用户"),
    ("the urgent byte is left out of the stream", "紧急字节不放进数据流"),
    ("the urgent mark is reached: a read never crosses it", "到达紧急标记：一次读取从不越过它"),
    (
        "the window has grown by less than a segment: the peer is told within 3 s",
        "窗口的增长不足一个报文段：3 秒之内告诉对端",
    ),
    ("there is no urgent byte outside the stream: EINVAL", "数据流之外没有紧急字节：EINVAL"),
];
