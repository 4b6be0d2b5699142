//! Chinese of the sentences of `net/socket.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Asks a socket whether it is ready.", "询问套接字是否就绪。"),
    (
        "Brings the network up: families register, devices are probed, net_bh is installed.",
        "启动网络：注册各协议族，探测设备，安装 net_bh。",
    ),
    (
        "Ends a socket: its family lets go of it, then its inode is dropped.",
        "终结一个套接字：协议族先放手，然后释放它的 inode。",
    ),
    ("Enters a family into the table; its index.", "把协议族登记到表中，返回它的下标。"),
    ("Finds the socket behind a descriptor.", "由描述符找到它背后的套接字。"),
    ("Gives a socket the lowest free descriptor of the process.", "把进程中编号最小的空闲描述符交给套接字。"),
    ("Hands an fcntl that the file system does not know to the family.", "把文件系统不认识的 fcntl 转交给协议族。"),
    ("Hands an ioctl to the family.", "把 ioctl 转交给协议族。"),
    ("Lets every protocol family that was built in start up.", "让每个编译进来的协议族完成初始化。"),
    (
        "Makes the inode that a socket is: unconnected, of no family yet.",
        "创建作为套接字的 inode：未连接，尚不属于任何协议族。",
    ),
    (
        "Puts a file on the list of those that want SIGIO, or takes it off.",
        "把文件加入需要 SIGIO 的名单，或从名单中去掉。",
    ),
    ("Reads from a socket as from a file.", "像读文件一样读套接字。"),
    ("Sends SIGIO to the files that asked for it.", "向申请过通知的文件发送 SIGIO。"),
    (
        "The last descriptor of a file is closed: no more SIGIO, and the socket ends.",
        "文件的最后一个描述符已关闭：不再发送 SIGIO，套接字结束。",
    ),
    (
        "The one system call of all socket calls: EBX tells which, ECX where the arguments lie.",
        "所有套接字调用共用的唯一系统调用：EBX 说明是哪一个，ECX 指出参数所在之处。",
    ),
    ("Writes to a socket as to a file.", "像写文件一样写套接字。"),
    (
        "the arguments are fetched from user memory; EBX tells which socket call it is",
        "从用户内存取参数；EBX 说明是哪个套接字调用",
    ),
    ("the process has no descriptor left", "进程没有空闲的描述符了"),
    ("there is no socket call of that number: EINVAL", "没有这个编号的套接字调用：EINVAL"),
];
