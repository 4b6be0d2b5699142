//! Chinese of the sentences of `net/inet/af_inet_connect.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Connects a socket, and waits for the handshake unless the socket does not block.",
        "连接套接字，并等待握手完成，除非套接字是非阻塞的。",
    ),
    (
        "Takes a finished connection from a listener and gives it to a new socket.",
        "从监听者取出一个已完成的连接，交给新的套接字。",
    ),
    ("a signal ended the wait; the attempt goes on", "信号结束了等待；连接尝试仍在继续"),
    ("an earlier connect has come through meanwhile", "先前的 connect 已在此期间成功"),
    ("the attempt has failed already", "这次尝试已经失败"),
    ("the attempt has failed: the process learns why", "尝试失败：进程得知原因"),
    ("the connection failed before it was accepted", "连接还没有被 accept 就失败了"),
    ("the process sleeps until the handshake is over", "进程睡眠，直到握手结束"),
    ("the sock made by dup was never needed: it is destroyed", "dup 创建的 sock 从未派上用场：销毁它"),
    (
        "the socket does not block: the handshake goes on without the process",
        "套接字是非阻塞的：握手不等进程，自行继续",
    ),
];
