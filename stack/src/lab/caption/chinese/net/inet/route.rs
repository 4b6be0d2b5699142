//! Chinese of the sentences of `net/inet/route.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("Deletes all routes through a device that goes down.", "删除经由被停用设备的所有路由。"),
    (
        "Deletes all routes to a destination, whatever their mask; of one device if one is given.",
        "删除到某目的地的所有路由，不论掩码；给出设备时只删经由该设备的。",
    ),
    (
        "Finds a route that needs no gateway, for senders that asked not to be routed.",
        "查找不需要网关的路由，供要求不经路由的发送者使用。",
    ),
    (
        "Finds the route to an address and, on request, the source address that belongs to it.",
        "查找到某地址的路由，需要时一并给出与之对应的源地址。",
    ),
    (
        "Puts a route into the list, in place of one with the same destination and mask.",
        "把路由放进链表，取代目的地和掩码都相同的那条。",
    ),
    ("a redirect for a host of our own subnet is refused", "为本子网主机的重定向被拒绝"),
    ("no route of the list leads there", "链表中没有路由通往那里"),
    ("the destination is our own address: the route is the loopback's", "目的地是我们自己的地址：路由是环回设备的路由"),
    (
        "the gateway is not reachable through this device: the route is refused in silence",
        "经由这个设备到不了网关：悄悄拒绝这条路由",
    ),
    ("the route stands in the list, before all that are less specific", "路由已在链表中，排在所有不那么具体的路由之前"),
];
