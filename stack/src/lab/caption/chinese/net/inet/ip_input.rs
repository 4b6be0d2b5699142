//! Chinese of the sentences of `net/inet/ip_input.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Takes a datagram from the link: checks, forwards or keeps, glues fragments, hands it up.",
        "从链路接收数据报：检查，转发或留下，拼装分片，然后向上递交。",
    ),
    ("a fragment: it waits until its datagram is complete", "是分片：等到它的数据报完整"),
    ("a raw socket gets a copy of the datagram", "一个原始套接字得到数据报的副本"),
    ("nobody wants this protocol: the sender is told", "没有人要这个协议：通知发送者"),
    ("not our address: the datagram goes the way of a router", "不是我们的地址：数据报走路由器的路"),
    ("the firewall refuses the datagram and says so", "防火墙拒绝了数据报，并说明了这一点"),
    ("the header is good; padding of the link behind the datagram is cut off", "首部无误；切掉数据报后面的链路填充"),
    ("the oldest raw socket of this protocol gets the datagram itself", "该协议最早的原始套接字得到数据报本身"),
];
