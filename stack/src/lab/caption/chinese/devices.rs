//! Chinese of the link: drivers, the device layer, Ethernet, ARP, packet sockets, buffers.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "A device went down: forgets every entry behind it, permanent and published ones too.",
        "有设备停用：忘掉经由它的所有表项，永久的和代为发布的也不例外。",
    ),
    ("A driver lets go of a buffer.", "驱动程序放开缓冲区。"),
    ("A driver takes hold of a buffer: it cannot be freed under it.", "驱动程序占住缓冲区：不能在它手中被释放。"),
    ("A frame cannot be sent without naming a device.", "不指明设备就不能发送帧。"),
    (
        "A frame has come that the socket asked for: it is queued with its link header.",
        "套接字申请的帧来了：连同链路首部一起排队。",
    ),
    ("ARP keeps the packet until the answer comes, and will send it then", "ARP 留着这个包直到应答到来，届时再发送"),
    ("Adds a group address to those that a device wants to hear.", "把一个多播地址加进设备要接收的地址中。"),
    (
        "Adds lo to the list of devices, with 127.0.0.1/8 but not up yet.",
        "把 lo 加入设备表，地址为 127.0.0.1/8，尚未启用。",
    ),
    ("Announces ARP to the device layer and starts the minute timer.", "向设备层登记 ARP，并启动一分钟定时器。"),
    (
        "Announces RARP to the device layer: from now on its frames reach rarp_rcv.",
        "向设备层登记 RARP：从此它的帧会送到 rarp_rcv。",
    ),
    ("Asks the device layer for the frames of an Ethernet type.", "向设备层申请某种以太网类型的帧。"),
    (
        "Brings an interface up: calls the driver, sets its flags, and tells the other layers.",
        "启用接口：调用驱动程序，设置标志，并通知其他各层。",
    ),
    ("Builds an ARP packet and sends it at once.", "构造一个 ARP 包并立即发送。"),
    ("Called when lo goes up: marks it as the loopback again.", "lo 启用时调用：再次把它标记为环回设备。"),
    ("Called when the interface goes up: the card starts.", "接口启用时调用：网卡开始工作。"),
    (
        "Carries out an ioctl on interfaces: who may do it, and where it goes.",
        "执行针对接口的 ioctl：检查谁可以做，再决定交给谁。",
    ),
    (
        "Completes the Ethernet header for a next hop; true = the packet must wait for ARP.",
        "为下一跳补全以太网首部；返回真表示包必须等待 ARP。",
    ),
    ("Copies a buffer, data and all; the copy belongs to nobody.", "复制一个缓冲区，连同数据；副本不属于任何人。"),
    ("Copies a received frame from the card into a new buffer.", "把收到的帧从网卡复制到一个新的缓冲区。"),
    ("Deletes the entry of an address.", "删除一个地址的表项。"),
    ("Deletes the mapping of an address, with whatever waits for it.", "删除一个地址的映射，连同等待它的一切。"),
    (
        "Finds an entry: in the bucket of the address, then, if wanted, among the published ones.",
        "查找表项：先在地址所在的桶里找，需要时再到代为发布的表项中找。",
    ),
    (
        "Finds the Ethernet cards of the configuration and adds them to the list of devices, not up yet.",
        "在配置中查找以太网卡，把它们加入设备表，此时尚未启用。",
    ),
    ("Finds the devices: the loopback first, then the Ethernet cards.", "查找设备：先是环回设备，然后是以太网卡。"),
    (
        "Finds the hardware address of a next hop and writes it into the frame; true = the packet waits for an answer.",
        "查找下一跳的硬件地址并写入帧；返回真表示包要等待应答。",
    ),
    ("Forgets all group addresses of a device that goes down.", "忘掉被停用设备的所有多播地址。"),
    (
        "Gives a buffer up: its memory goes back to the sock that was charged for it.",
        "放弃一个缓冲区：内存归还给为它记账的 sock。",
    ),
    ("Gives every device that is free a chance to send what it has queued.", "让每个空闲的设备都有机会发送排队的帧。"),
    (
        "Hands the list of group addresses down to the driver, which programs the card's filter.",
        "把多播地址列表交给驱动，由驱动设置网卡的过滤器。",
    ),
    ("Lists the interfaces that are up, with their addresses.", "列出已启用的接口及其地址。"),
    ("Makes a buffer with room for size octets.", "创建一个能容纳 size 个字节的缓冲区。"),
    (
        "Nobody has answered for 25 s: asks again, or gives up after the third request.",
        "25 秒没有人应答：再问一次，第三次请求之后则放弃。",
    ),
    ("Once a minute: forgets entries that were not used for ten minutes.", "每分钟一次：忘掉十分钟没有用过的表项。"),
    (
        "Programs the filter of the card: from now on it lets the group addresses of the device's list through.",
        "设置网卡的过滤器：从此放行设备列表中的多播地址。",
    ),
    ("Puts a buffer at the head of a list.", "把缓冲区放到链表之首。"),
    ("Puts a buffer at the tail of a list.", "把缓冲区放到链表之尾。"),
    ("Puts a buffer right before another one.", "把缓冲区放在另一个的紧前面。"),
    ("Puts a buffer right behind another one.", "把缓冲区紧接在另一个之后。"),
    ("Puts a frame on the wire.", "把一帧送上线路。"),
    ("Reads a frame and tells the device it came from.", "读取一帧，并给出它来自哪个设备。"),
    ("Reads a frame.", "读取一帧。"),
    (
        "Reads an entry of the table; one that is still being resolved shows zeros.",
        "读取一个表项；仍在解析中的表项显示为全零。",
    ),
    ("Reads or changes one property of one interface.", "读取或修改某个接口的一项属性。"),
    (
        "Reads the Ethernet header: for whom the frame was, and which protocol it carries.",
        "读取以太网首部：帧是给谁的，携带哪种协议。",
    ),
    ("Reads the entry of an address.", "读取一个地址的表项。"),
    (
        "Reads, sets or deletes a RARP entry for a user; only the superuser may change the table.",
        "为用户读取、设置或删除 RARP 表项；只有超级用户可以修改此表。",
    ),
    (
        "Reads, sets or deletes an ARP entry for a user; only the superuser may change the table.",
        "替用户读取、设置或删除 ARP 表项；只有超级用户可以修改 ARP 表。",
    ),
    (
        "Registers somebody who wants frames of a type; the newest stands first.",
        "登记想要某种类型帧的接收者；最新登记的排在最前。",
    ),
    ("Returns a buffer's memory and takes it out of the counts.", "归还缓冲区的内存，并从计数中扣除。"),
    (
        "Sends a frame through a device, or leaves it in one of the device's three queues until the device is free.",
        "经由设备发送一帧；设备忙时，把帧留在设备的三个队列之一中。",
    ),
    ("Sends a frame through the device that the address names.", "经由地址所指明的设备发送一帧。"),
    (
        "Sends a frame to ourselves: copies it into a new buffer and hands that up as received.",
        "把帧发给自己：复制到新的缓冲区，再当作收到的帧向上递交。",
    ),
    (
        "Sends the frames a device has queued, the most urgent queue first, until the device is busy.",
        "发送设备排队的帧，最紧急的队列优先，直到设备变忙。",
    ),
    (
        "Sets an entry of the table: a permanent one, a published one, or just a known address.",
        "设置一个表项：永久的、代为发布的，或只是一个已知地址。",
    ),
    ("Sets the address that a station will be told.", "设置将要告诉某个站点的地址。"),
    (
        "TCP keeps this segment for retransmission: it only leaves the queue",
        "TCP 留着这个报文段以备重传：它只是离开队列",
    ),
    (
        "Takes a RARP packet: a station that is in the table is told its address, any other gets no answer.",
        "接收一个 RARP 报文：告诉表中有的站点它的地址，其他站点得不到应答。",
    ),
    ("Takes a buffer off whatever list it stands on.", "把缓冲区从它所在的链表上取下，不论是哪个链表。"),
    ("Takes a frame from a driver and queues it for the bottom half.", "从驱动程序接收一帧，排队等待下半部处理。"),
    ("Takes a registered packet type off the list again.", "把登记过的包类型从链表中去掉。"),
    (
        "Takes an ARP packet: answers a question about us, and learns from whoever talks to us.",
        "接收一个 ARP 包：回答对我们的询问，并从与我们通话的人那里学习地址。",
    ),
    ("Takes an entry off the list and frees it.", "把一个表项从链表中取下并释放。"),
    (
        "Takes an interface down: its addresses are forgotten, and the frames that still wait for it with them.",
        "停用接口：它的地址被遗忘，仍在等待它的帧也一并丢弃。",
    ),
    (
        "Takes one user off a group address; with the last the device no longer wants to hear it.",
        "从一个多播地址减去一个使用者；减到没有时，设备不再要接收它。",
    ),
    ("Takes the first buffer of a list.", "取出链表的第一个缓冲区。"),
    ("The answer is here: sends the packets that waited for it, oldest first.", "应答到了：按先来后到发送等待它的包。"),
    (
        "The bottom half of the network: hands every waiting frame to the protocol that registered for its type.",
        "网络的下半部：把每个等待的帧交给登记了该类型的协议。",
    ),
    (
        "The driver is done with a buffer: unlocks it, and frees it unless it is kept for retransmission.",
        "驱动程序用完了缓冲区：解锁，并释放它，除非要留作重传。",
    ),
    (
        "The older way of handing a frame up: copies it into a new buffer first.",
        "向上递交帧的旧办法：先复制到新的缓冲区。",
    ),
    ("The socket is gone: no more frames.", "套接字没有了：不再接收帧。"),
    ("Throws away what waits on an entry, and the entry.", "扔掉在表项上等待的一切，连同表项本身。"),
    (
        "Writes the Ethernet header; without a destination the length comes back negative: \"ask ARP first\".",
        "写以太网首部；没有目的地址时返回负的长度，意思是“先问 ARP”。",
    ),
    (
        "a driver still holds the buffer: it is marked, and freed when the driver unlocks it",
        "驱动程序还占着缓冲区：先做标记，等驱动程序解锁时释放",
    ),
    ("a frame that had to wait is sent now", "一个曾不得不等待的帧现在发出"),
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
    ("a tap gets a copy of the outgoing frame", "抓包点得到这个发出帧的副本"),
    ("an MTU must lie between 1 and 3800: EINVAL", "MTU 必须在 1 到 3800 之间：EINVAL"),
    ("an older frame waits in the queue: it goes first", "队列中有更早的帧在等待：它先走"),
    (
        "another group shares the hardware address: the card still lets it through",
        "另一个组共用这个硬件地址：网卡仍然放行",
    ),
    (
        "every multicast host belongs to the all-hosts group: it is joined on this device",
        "每台支持多播的主机都属于全体主机组：在这个设备上加入它",
    ),
    ("it is a tap that wants every frame", "这是想要每一帧的抓包点"),
    ("more than one wants the frame: this one gets a copy", "想要这帧的不止一个：这一个得到副本"),
    ("no answer yet: the request is repeated and the next 25 s begin", "仍无应答：重发请求，开始下一个 25 秒"),
    ("no entry for this address: ENXIO", "这个地址没有表项：ENXIO"),
    ("no flag is set any more: nothing is undone", "已经没有任何标志了：什么也不撤销"),
    ("no route leads to the address: ENETUNREACH", "没有路由通往这个地址：ENETUNREACH"),
    ("nobody registered for this type of frame", "没有人登记过这种类型的帧"),
    ("only the superuser may change an interface: EPERM", "只有超级用户可以修改接口：EPERM"),
    ("only the superuser may change the table: EPERM", "只有超级用户可以修改 ARP 表：EPERM"),
    ("somebody asks for our address: we answer", "有人询问我们的地址：我们回答"),
    (
        "the address is unknown: the packet waits on a new entry and the whole link is asked",
        "地址未知：包在新表项上等待，并向整个链路询问",
    ),
    ("the address names the device the frame came from", "地址指明了帧来自哪个设备"),
    ("the answer came in the meantime", "应答在此期间到了"),
    (
        "the answer we waited for: the timer stops and the waiting packets leave",
        "正是我们等待的应答：定时器停止，等待的包出发",
    ),
    (
        "the buffer is queued already: the driver is only asked to look for a lost interrupt",
        "缓冲区已在队列中：只要求驱动程序检查是否丢了中断",
    ),
    (
        "the card compares the destination with its own address: the frame is for somebody else",
        "网卡把目的地址与自己的地址比较：这帧是给别人的",
    ),
    ("the card knows the groups it has to let through", "网卡知道了要放行哪些组"),
    (
        "the destination's hardware address is not known yet: the length comes back negative",
        "目的硬件地址还不知道：返回负的长度",
    ),
    ("the device is busy: the frame goes back to the head of its queue", "设备忙：帧回到其队列之首"),
    (
        "the driver gets the frame; no bottom half may run until it has taken it",
        "驱动程序得到这一帧；在它取走之前不得运行任何下半部",
    ),
    (
        "the driver knows no groups, or the address is not a hardware address: EINVAL",
        "驱动不支持多播组，或者给的不是硬件地址：EINVAL",
    ),
    ("the entry holds the given address from now on", "表项从此持有给定的地址"),
    ("the entry is permanent: it stays, and interrupts stay off", "表项是永久的：它留下，而中断一直关着"),
    ("the entry was not used for ten minutes: it is forgotten", "表项十分钟没有用过：忘掉它"),
    ("the field is a length, not a type: a frame of IEEE 802.3", "这个字段是长度而不是类型：IEEE 802.3 的帧"),
    ("the first entry of all: only now does RARP begin to listen", "第一个表项：到此时 RARP 才开始接收"),
    ("the frame is copied: it comes back as if it had been received", "帧被复制：它将像收到的帧一样回来"),
    ("the frame is on the wire", "帧已在线路上"),
    (
        "the frame is out and nobody waits for an answer to it: the buffer is freed now",
        "帧已发出，没有人等待对它的回答：现在就释放缓冲区",
    ),
    (
        "the frame is out, but the buffer stays: it may have to be sent again",
        "帧已发出，但缓冲区留下：也许还要再发一次",
    ),
    (
        "the frame waits on backlog; NET_BH is marked to handle it after the interrupt",
        "帧在 backlog 上等待；标记 NET_BH，中断之后再处理",
    ),
    ("the hardware address of the next hop is not filled in yet", "下一跳的硬件地址还没有填上"),
    ("the interface goes down", "接口停用"),
    ("the interface goes up", "接口启用"),
    (
        "the link header is read: its type decides which protocol gets the frame",
        "读取链路首部：其中的类型决定由哪个协议得到这一帧",
    ),
    (
        "the network's bottom half is running already: it will take these frames too",
        "网络的下半部已在运行：它会把这些帧一并处理",
    ),
    ("the ones of the mask are not all on the left: EINVAL", "掩码中的 1 没有全部靠左：EINVAL"),
    (
        "the request is on its way already: the packet joins the queue of the entry",
        "请求已经在路上：包加入该表项的队列",
    ),
    ("the result of the listing is not looked at: the call always succeeds", "没有人查看列表的结果：调用总是成功"),
    ("the station stands in the table: it is told its address", "该站点在表中：告诉它自己的地址"),
    ("there is no interface of this name: ENODEV", "没有这个名字的接口：ENODEV"),
    (
        "three requests went unanswered: the entry and everything that waits on it are thrown away in silence",
        "三次请求都没有应答：表项和在其上等待的一切都被悄悄扔掉",
    ),
    ("too many frames wait for the bottom half: this one is thrown away", "等待下半部的帧太多：这一帧被扔掉"),
    (
        "with the address the mask of its class and the broadcast address are set; routes stay as they are",
        "随地址一并设置其类别的掩码和广播地址；路由保持原样",
    ),
    ("write names no device to send through: EINVAL", "write 没有指明经由哪个设备发送：EINVAL"),
];
