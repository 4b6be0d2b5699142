//! Chinese of the sentences of `net/socket_calls.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Connects a socket to an address.", "把套接字连接到一个地址。"),
    ("Copies an address from the user; a length of 0 copies nothing.", "从用户空间复制地址；长度为 0 时什么也不复制。"),
    (
        "Copies an address to the user, as much as his length word allows, and corrects that word.",
        "把地址复制给用户，以其长度字允许的为限，并改正该长度字。",
    ),
    ("Gives a socket a local address.", "给套接字一个本地地址。"),
    ("Lets a socket listen.", "让套接字开始监听。"),
    ("Makes a socket of a family and gives it a descriptor.", "创建某个协议族的套接字，并分配一个描述符。"),
    (
        "Makes two sockets that are connected to each other, if the family can.",
        "创建一对互相连接的套接字，如果协议族支持的话。",
    ),
    ("Reads an option.", "读取一个选项。"),
    ("Receives and tells who sent it.", "接收，并给出发送者是谁。"),
    ("Receives with flags.", "按标志接收。"),
    ("Sends to an address.", "向指定地址发送。"),
    ("Sends to the peer of a connected socket.", "向已连接套接字的对端发送。"),
    ("Sets an option.", "设置一个选项。"),
    (
        "Takes a connection from a listening socket, and gives it a socket and a descriptor.",
        "从监听套接字取出一个连接，为它建立自己的套接字和描述符。",
    ),
    ("Tells the address of a socket's peer.", "给出套接字对端的地址。"),
    ("Tells the local address of a socket.", "给出套接字的本地地址。"),
    ("no such family is registered: EINVAL", "没有注册这样的协议族：EINVAL"),
    ("no such type of socket, or a negative protocol: EINVAL", "没有这种套接字类型，或协议号为负：EINVAL"),
    ("the family refused to listen; nobody looks at that", "协议族拒绝监听；没有人查看这个结果"),
    (
        "the peer's address could not be copied to the user; nobody looks at that",
        "对端地址未能复制给用户；没有人查看这个结果",
    ),
    ("the socket does not listen: EINVAL", "套接字没有在监听：EINVAL"),
    ("the socket is connected already", "套接字已经连接"),
    ("the socket is connected: it cannot listen", "套接字已经连接：不能监听"),
];
