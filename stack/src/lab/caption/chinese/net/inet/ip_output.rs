//! Chinese of the sentences of `net/inet/ip_output.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Chooses route and source, and writes link and IP headers; length and checksum come later.",
        "为数据报选择路由和源地址，写链路首部和 IP 首部；长度和校验和稍后再填。",
    ),
    (
        "Completes a datagram (length, id, checksum, fragments) and hands it to its device.",
        "完成数据报（长度、标识、校验和、分片）并交给设备。",
    ),
    ("Sends a copy of a datagram to ourselves over lo.", "经由 lo 把数据报的副本发给自己。"),
    ("TCP keeps the segment: it joins the retransmit queue", "TCP 留着这个报文段：它加入重传队列"),
    ("TTL 0: a group datagram for this machine only", "TTL 为 0：只给本机的多播数据报"),
    (
        "Writes the link header for a next hop and returns its length; it sends nothing.",
        "为下一跳写链路首部并返回其长度；它并不发送任何东西。",
    ),
    (
        "a loopback source may not leave the machine: the route's address takes its place",
        "环回源地址不得离开本机：改用路由的地址",
    ),
    ("longer than the link allows: the datagram is cut into fragments", "超过了链路所容许的长度：把数据报切成分片"),
    ("no route to the destination: ENETUNREACH", "没有通往目的地的路由：ENETUNREACH"),
    ("our own broadcast: a copy goes to lo for our own listeners", "我们自己的广播：给本机的监听者送一个副本到 lo"),
    ("the device is down: nothing is sent, and nobody is told", "设备未启用：什么也不发送，也不通知任何人"),
    (
        "the firewall refuses the datagram: it is dropped in silence, its memory not given back",
        "防火墙拒绝了数据报：悄悄丢弃，而且不归还它的内存",
    ),
    ("the next hop's hardware address is left to ARP", "下一跳的硬件地址留给 ARP 去找"),
    ("the user writes the IP header: only the link header stands", "IP 首部由用户来写：只有链路首部已就位"),
    ("we belong to the group ourselves: a copy goes to lo", "我们自己也属于这个组：一个副本送往 lo"),
];
