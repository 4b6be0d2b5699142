//! Chinese of the sentences of `net/inet/af_inet_calls.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Asks the transport whether a socket is ready.", "询问传输层套接字是否就绪。"),
    (
        "Carries out an ioctl, or hands it to routes, ARP, devices or the transport.",
        "执行一个 ioctl，或把它转交给路由、ARP、设备或传输层。",
    ),
    ("Pairs of sockets are not for this family.", "这个协议族不支持成对的套接字。"),
    (
        "Reads an option: those of every socket here, the others in the transport.",
        "读取一个选项：套接字共有的选项在这里处理，其余交给传输层。",
    ),
    ("Reads from a socket and tells who sent it.", "从套接字读取，并给出发送者是谁。"),
    ("Reads from a socket with flags.", "按标志从套接字读取。"),
    ("Reads from a socket.", "从套接字读取。"),
    (
        "Sets an option: those of every socket here, the others in the transport.",
        "设置一个选项：套接字共有的选项在这里处理，其余交给传输层。",
    ),
    ("Sets or tells who gets SIGURG.", "设置或查询由谁接收 SIGURG。"),
    ("Shuts down one half of a connection, or both.", "关闭连接的一个方向，或两个方向。"),
    ("Takes the pending error away and returns it.", "取走未决的错误并返回它。"),
    ("Writes to a connected socket with flags.", "按标志写入已连接的套接字。"),
    ("Writes to a connected socket.", "写入已连接的套接字。"),
    ("Writes to an address.", "写往指定地址。"),
    (
        "an error was pending on the sock: the call reports it and does nothing else",
        "sock 上有未决错误：调用只报告它，不做别的",
    ),
    ("the INET family makes no pairs: EOPNOTSUPP", "INET 协议族不能成对创建：EOPNOTSUPP"),
    ("the writing half is shut: SIGPIPE and EPIPE", "写方向已关闭：SIGPIPE 和 EPIPE"),
];
