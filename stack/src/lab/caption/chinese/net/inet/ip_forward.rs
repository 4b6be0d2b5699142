//! Chinese of the sentences of `net/inet/ip_forward.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Sends a datagram that is not ours one hop further.", "把不是给我们的数据报送往下一跳。"),
    ("no route to the gateway: host unreachable", "没有通往网关的路由：主机不可达"),
    ("no route: network unreachable", "没有路由：网络不可达"),
    ("source and destination are neighbours: the source is told to send directly", "源和目的是邻居：告诉源直接发送"),
    ("the last hop is used up: time exceeded", "最后一跳已用完：超时"),
    ("the next link is narrower: the copy is cut into fragments", "下一段链路更窄：把副本切成分片"),
];
