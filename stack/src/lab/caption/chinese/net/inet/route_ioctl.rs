//! Chinese of the sentences of `net/inet/route_ioctl.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Adds or deletes routes for the superuser.", "为超级用户增加或删除路由。"),
    (
        "Checks a new route of the superuser, finds its device and adds it.",
        "检查超级用户的新路由，找出它的设备并加入链表。",
    ),
    (
        "Deletes the routes to a destination; reports success even where nothing matched.",
        "删除到某目的地的路由；即使没有匹配的也报告成功。",
    ),
    ("no interface leads there: ENETUNREACH", "没有接口通往那里：ENETUNREACH"),
    ("only the superuser may change routes: EPERM", "只有超级用户可以修改路由：EPERM"),
    ("the gateway is one of our own addresses: it names the interface", "网关是我们自己的一个地址：它指明了接口"),
];
