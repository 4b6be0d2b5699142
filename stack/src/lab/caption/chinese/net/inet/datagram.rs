//! Chinese of the sentences of `net/inet/datagram.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Copies a part of a datagram to the user.", "把数据报的一部分复制给用户。"),
    (
        "Tells whether a connectionless sock is ready, and puts the process on its queue if asked.",
        "判断没有连接的 sock 是否就绪；若有要求，就把进程挂到它的等待队列上。",
    ),
    (
        "The reader is done with a datagram: the last one frees it, unless it was only looked at.",
        "读者用完了数据报：最后一个读者释放它，除非只是查看。",
    ),
    ("Waits for a datagram and takes it, or looks at it.", "等待数据报并取走它，或只是查看它。"),
    ("a signal ended the wait", "信号结束了等待"),
    ("an error ended the wait", "错误结束了等待"),
    ("nothing waits to be read, and the call must not wait either", "没有可读的内容，而调用又不能等待"),
    ("the process sleeps until a datagram comes", "进程睡眠，直到数据报到来"),
    ("the reading half is shut: this is the end", "读方向已关闭：到此结束"),
];
