//! Chinese of the sentences of `net/inet/icmp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Tells the sender of a datagram what went wrong with it.", "告诉数据报的发送者出了什么错。"),
    ("a later fragment: no error is sent", "它是后面的分片：不发送差错"),
    ("it was a broadcast: no error is sent", "它是广播：不发送差错"),
    ("it was an ICMP error itself: no error about an error", "它本身就是 ICMP 差错：不为差错再发差错"),
    (
        "the error quotes the header and eight bytes of the datagram that caused it",
        "差错报文引用肇事数据报的首部和八个字节",
    ),
    ("the frame was not addressed to us alone: no error is sent", "帧不是只发给我们的：不发送差错"),
];
