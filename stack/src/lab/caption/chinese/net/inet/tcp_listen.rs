//! Chinese of the sentences of `net/inet/tcp_listen.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A SYN has come to a listener: makes a child for it and answers with SYN+ACK.",
        "监听者收到 SYN：为它建立子 sock，并回答 SYN+ACK。",
    ),
    (
        "Closes every connection that was waiting to be accepted when its listener closes.",
        "监听者关闭时，关闭所有等待被 accept 的连接。",
    ),
    (
        "Finds the first connection on a listener's queue that is ready to be accepted.",
        "在监听者的队列上找到第一个可以被 accept 的连接。",
    ),
    (
        "Takes a finished connection from the listener, or sleeps until there is one.",
        "从监听者取出一个已完成的连接，没有时睡眠等待。",
    ),
    ("Takes the first connection that is ready off the listener's queue.", "从监听者的队列取下第一个就绪的连接。"),
    ("a signal ends the sleep: EINTR", "信号结束了睡眠：EINTR"),
    (
        "as many connections as listen() allowed wait already: the SYN is dropped",
        "等待的连接已达 listen() 允许的数目：丢弃 SYN",
    ),
    ("no connection is ready and the caller does not want to wait: EAGAIN", "没有就绪的连接，而调用者不愿等待：EAGAIN"),
    ("no connection is ready: the process sleeps", "没有就绪的连接：进程睡眠"),
    ("no memory for the SYN+ACK: the listener gets ENOMEM", "没有内存发送 SYN+ACK：监听者得到 ENOMEM"),
    (
        "something has happened to the listener: the process looks through the queue again",
        "监听者上发生了事情：进程重新查看一遍队列",
    ),
    (
        "the SYN goes to the listener's receive queue; its owner is now the child",
        "SYN 进入监听者的接收队列；它的属主现在是子 sock",
    ),
    (
        "the SYN has served: the child it stands for becomes the conversation",
        "SYN 完成了使命：它所代表的子 sock 成为正式的连接",
    ),
    (
        "the SYN+ACK goes out and stays on the child's retransmit queue until it is acknowledged",
        "SYN+ACK 发出，并留在子 sock 的重传队列上，直到对端确认",
    ),
    ("the child is made as a copy of the listener", "子 sock 作为监听者的副本建立"),
    ("the listener is being closed: the SYN is reset", "监听者正在关闭：用 RST 回答 SYN"),
    ("the route prescribes the segment size, less 64 for headers", "路由规定了报文段长度，再减去首部的 64"),
    ("the user of the listener has chosen the segment size", "监听者的用户选定了报文段长度"),
    (
        "there is no way back to the peer: the listener gets the error, with the wrong sign",
        "没有返回对端的路：监听者得到错误，而且符号是错的",
    ),
];
