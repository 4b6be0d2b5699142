//! Chinese of the sentences of `net/inet/dev.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    ("ARP keeps the packet until the answer comes, and will send it then", "ARP 留着这个包直到应答到来，届时再发送"),
    (
        "Brings an interface up: calls the driver, sets its flags, and tells the other layers.",
        "启用接口：调用驱动程序，设置标志，并通知其他各层。",
    ),
    ("Finds the devices: the loopback first, then the Ethernet cards.", "查找设备：先是环回设备，然后是以太网卡。"),
    ("Gives every device that is free a chance to send what it has queued.", "让每个空闲的设备都有机会发送排队的帧。"),
    (
        "Hands every waiting frame to the protocol of its type: the network's bottom half.",
        "网络的下半部：把每个等待的帧交给登记了该类型的协议。",
    ),
    (
        "Registers somebody who wants frames of a type; the newest stands first.",
        "登记想要某种类型帧的接收者；最新登记的排在最前。",
    ),
    ("Registers somebody who wants to know when a device goes up or down.", "登记想知道设备何时启用、何时停用的一方。"),
    (
        "Sends a frame through a device, or leaves it in one of its three queues while it is busy.",
        "经由设备发送一帧；设备忙时，把帧留在设备的三个队列之一中。",
    ),
    (
        "Sends the queued frames of a device, the most urgent first, until the device is busy.",
        "发送设备排队的帧，最紧急的队列优先，直到设备变忙。",
    ),
    ("Takes a frame from a driver and queues it for the bottom half.", "从驱动程序接收一帧，排队等待下半部处理。"),
    ("Takes a registered packet type off the list again.", "把登记过的包类型从链表中去掉。"),
    (
        "Takes an interface down: its addresses and the frames that wait for it are forgotten.",
        "停用接口：它的地址被遗忘，仍在等待它的帧也一并丢弃。",
    ),
    ("Tells everybody on the chain what happens to a device.", "把设备发生的事告诉通知链上的每一方。"),
    (
        "The older way of handing a frame up: copies it into a new buffer first.",
        "向上递交帧的旧办法：先复制到新的缓冲区。",
    ),
    ("a frame that had to wait is sent now", "一个曾不得不等待的帧现在发出"),
    ("a tap gets a copy of the outgoing frame", "抓包点得到这个发出帧的副本"),
    ("an older frame waits in the queue: it goes first", "队列中有更早的帧在等待：它先走"),
    (
        "every multicast host belongs to the all-hosts group: it is joined on this device",
        "每台支持多播的主机都属于全体主机组：在这个设备上加入它",
    ),
    ("it is a tap that wants every frame", "这是想要每一帧的抓包点"),
    ("more than one wants the frame: this one gets a copy", "想要这帧的不止一个：这一个得到副本"),
    ("no flag is set any more: nothing is undone", "已经没有任何标志了：什么也不撤销"),
    ("nobody registered for this type of frame", "没有人登记过这种类型的帧"),
    (
        "the buffer is queued already: the driver is only asked to look for a lost interrupt",
        "缓冲区已在队列中：只要求驱动程序检查是否丢了中断",
    ),
    ("the device is busy: the frame goes back to the head of its queue", "设备忙：帧回到其队列之首"),
    (
        "the driver gets the frame; no bottom half may run until it has taken it",
        "驱动程序得到这一帧；在它取走之前不得运行任何下半部",
    ),
    (
        "the frame waits on backlog; NET_BH is marked to handle it after the interrupt",
        "帧在 backlog 上等待；标记 NET_BH，中断之后再处理",
    ),
    ("the hardware address of the next hop is not filled in yet", "下一跳的硬件地址还没有填上"),
    (
        "the link header is read: its type decides which protocol gets the frame",
        "读取链路首部：其中的类型决定由哪个协议得到这一帧",
    ),
    (
        "the network's bottom half is running already: it will take these frames too",
        "网络的下半部已在运行：它会把这些帧一并处理",
    ),
    ("too many frames wait for the bottom half: this one is thrown away", "等待下半部的帧太多：这一帧被扔掉"),
];
