//! Chinese of the sentences of `net/inet/icmp_input.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "1.2.13 loses the memory of such a short request; here it is given back",
        "1.2.13 会丢失这样过短请求的内存；这里把它归还",
    ),
    ("A ping: the same bytes go back.", "一次 ping：原样送回同样的字节。"),
    ("A request for our clock: milliseconds since midnight, twice.", "询问我们时钟的请求：自午夜起的毫秒数，写两遍。"),
    ("A request for our netmask: answered, always.", "询问我们网络掩码的请求：总是予以回答。"),
    (
        "Adds a host route through a better gateway, if the gateway in use is who tells of it.",
        "若报告者正是现用网关，就增加一条经由更好网关的主机路由。",
    ),
    (
        "An error about a datagram of ours: tells the protocol that sent it.",
        "关于我们某个数据报的差错：告诉发送它的协议。",
    ),
    (
        "An information request: obsolete, thrown away (net/inet/icmp.c:icmp_info).",
        "信息请求：早已过时，直接扔掉（net/inet/icmp.c:icmp_info）。",
    ),
    (
        "Takes an ICMP message: checks it and hands it to the handler of its type.",
        "接收一个 ICMP 报文：检查后交给该类型的处理函数。",
    ),
    (
        "a ping to everybody: it is answered, from the address of the receiving interface",
        "发给所有人的 ping：用接收接口的地址回答",
    ),
    ("a redirect of no known kind: ignored", "重定向的种类未知：忽略"),
    ("an answer: only a raw socket hears of it", "这是应答：只有原始套接字会得知"),
    (
        "it does not come from the gateway in use, or the new one cannot be one: ignored",
        "它不是来自现用网关，或新的那个不可能是网关：忽略",
    ),
    (
        "our gateway names a better one: a route for this one host is added",
        "我们的网关指出了更好的网关：只为这一台主机增加路由",
    ),
    ("the protocol that sent the quoted datagram is told", "通知发送了被引用数据报的协议"),
];
