//! Chinese of the sentences of `net/inet/igmp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A group is new on an interface: routers are told, and the card's filter opens.",
        "接口上有了一个新的组：通知路由器，并打开网卡的过滤器。",
    ),
    (
        "A router asks: every group's report is due at a random time within ten seconds.",
        "路由器来询问：每个组的报告都安排在十秒之内的随机时刻。",
    ),
    ("A socket closes: it leaves all its groups.", "套接字关闭：离开它的所有组。"),
    ("A socket joins a group on an interface.", "套接字在某个接口上加入一个组。"),
    ("A socket leaves a group on an interface.", "套接字在某个接口上离开一个组。"),
    ("Another member has reported already: ours is not needed.", "另一个成员已经报告过了：不需要我们再报告。"),
    ("Makes the timer of a group's reports ready; it does not run yet.", "准备好一个组的报告定时器；它还没有运行。"),
    (
        "Nobody is in a group any more: routers are told, and the card's filter shuts.",
        "组里已没有人：通知路由器，并关闭网卡的过滤器。",
    ),
    (
        "One more socket is in a group; the first is reported at once.",
        "又有一个套接字加入组；第一个加入者会立即引发报告。",
    ),
    (
        "One socket less is in a group; with the last the group is left.",
        "组里少了一个套接字；最后一个离开时，本机退出该组。",
    ),
    ("Opens the filter of an Ethernet card for a group.", "为一个组打开以太网卡的过滤器。"),
    ("Our report is due.", "该发送我们的报告了。"),
    (
        "Puts an interface that goes up into the group of all hosts, which is never reported.",
        "把启用的接口放入全体主机组，这个组从不需要报告。",
    ),
    (
        "Sends a report, or the message of a leave, to the group itself with TTL 1.",
        "以 TTL 1 向组本身发送报告，或发送离开组的报文。",
    ),
    ("Shuts the filter of an Ethernet card for a group.", "为一个组关闭以太网卡的过滤器。"),
    ("Starts the timer of a report.", "启动一个报告的定时器。"),
    ("Stops the timer of a report.", "停止一个报告的定时器。"),
    (
        "Takes an IGMP message: a query starts our timers, somebody else's report stops one.",
        "接收一个 IGMP 报文：查询会启动我们的定时器，别人的报告会停止一个。",
    ),
    (
        "a group was written into a table of groups that a socket sharing it had freed",
        "一个组被写进了组表，而共用这张表的套接字已把它释放",
    ),
    (
        "a socket that shared the table of groups has freed it: it is freed a second time",
        "共用这张组表的套接字已经释放了它：现在又释放一次",
    ),
    ("all twenty places of the socket are taken: ENOBUFS", "套接字的二十个位置都已占用：ENOBUFS"),
    ("the first socket in this group: routers are told at once", "组里的第一个套接字：立即告诉路由器"),
    (
        "the group of all hosts was joined when the interface came up before: nothing is done",
        "接口以前启用时已加入全体主机组：什么也不做",
    ),
    ("the last socket has left this group: routers are told", "最后一个套接字离开了这个组：告诉路由器"),
    ("the socket is in this group already: EADDRINUSE", "套接字已经在这个组里：EADDRINUSE"),
    ("the socket is not in this group: EADDRNOTAVAIL", "套接字不在这个组里：EADDRNOTAVAIL"),
    ("this interface does not take groups: EADDRNOTAVAIL", "这个接口不支持组：EADDRNOTAVAIL"),
];
