//! Chinese of the sentences of `net/inet/arp.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "A device went down: forgets every entry behind it, permanent and published ones too.",
        "有设备停用：忘掉经由它的所有表项，永久的和代为发布的也不例外。",
    ),
    ("Announces ARP to the device layer and starts the minute timer.", "向设备层登记 ARP，并启动一分钟定时器。"),
    ("Builds an ARP packet and sends it at once.", "构造一个 ARP 包并立即发送。"),
    ("Deletes the mapping of an address, with whatever waits for it.", "删除一个地址的映射，连同等待它的一切。"),
    (
        "Finds an entry: in the bucket of the address, then, if wanted, among the published ones.",
        "查找表项：先在地址所在的桶里找，需要时再到代为发布的表项中找。",
    ),
    (
        "Nobody has answered for 25 s: asks again, or gives up after the third request.",
        "25 秒没有人应答：再问一次，第三次请求之后则放弃。",
    ),
    ("Once a minute: forgets entries that were not used for ten minutes.", "每分钟一次：忘掉十分钟没有用过的表项。"),
    (
        "TCP keeps this segment for retransmission: it only leaves the queue",
        "TCP 留着这个报文段以备重传：它只是离开队列",
    ),
    (
        "Takes an ARP packet: answers a question about us, and learns from whoever talks to us.",
        "接收一个 ARP 包：回答对我们的询问，并从与我们通话的人那里学习地址。",
    ),
    ("The answer is here: sends the packets that waited for it, oldest first.", "应答到了：按先来后到发送等待它的包。"),
    ("Throws away what waits on an entry, and the entry.", "扔掉在表项上等待的一切，连同表项本身。"),
    (
        "Writes the hardware address of the next hop into the frame; true: the packet must wait.",
        "查找下一跳的硬件地址并写入帧；返回真表示包要等待应答。",
    ),
    (
        "a group: its hardware address is computed, 01:00:5e and 23 bits of the group",
        "是组地址：硬件地址可以直接算出，01:00:5e 加上组地址的 23 位",
    ),
    ("a known neighbour: its hardware address is stored anew", "已知的邻居：重新存储它的硬件地址"),
    ("a new neighbour is entered into the table", "一个新邻居登记到表中"),
    ("a packet that waited for this address leaves", "一个等待此地址的包出发了"),
    (
        "a published entry of another interface: we answer in that host's place, and learn nothing",
        "另一接口代为发布的表项：我们代替那台主机回答，自己什么也不学",
    ),
    (
        "a reply for one of our addresses: it is believed, asked for or not",
        "针对我们某个地址的应答：不管是否问过，都相信它",
    ),
    ("no answer yet: the request is repeated and the next 25 s begin", "仍无应答：重发请求，开始下一个 25 秒"),
    ("somebody asks for our address: we answer", "有人询问我们的地址：我们回答"),
    (
        "the address is unknown: the packet waits on a new entry and the whole link is asked",
        "地址未知：包在新表项上等待，并向整个链路询问",
    ),
    ("the answer came in the meantime", "应答在此期间到了"),
    (
        "the answer we waited for: the timer stops and the waiting packets leave",
        "正是我们等待的应答：定时器停止，等待的包出发",
    ),
    ("the entry is permanent: it stays, and interrupts stay off", "表项是永久的：它留下，而中断一直关着"),
    ("the entry was not used for ten minutes: it is forgotten", "表项十分钟没有用过：忘掉它"),
    (
        "the request is on its way already: the packet joins the queue of the entry",
        "请求已经在路上：包加入该表项的队列",
    ),
    (
        "three requests went unanswered: the entry and what waits on it are thrown away in silence",
        "三次请求都没有应答：表项和在其上等待的一切都被悄悄扔掉",
    ),
];
