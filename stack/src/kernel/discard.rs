//! The reasons for which 1.2.13 throws a packet away. A drop without a reason is a defect.

use crate::words::Words;

macro_rules! discards {
    ($($variant:ident $en:literal $zh:literal;)*) => {
        /// Why a packet was thrown away.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Discard { $(#[doc = $en] $variant,)* }

        impl Discard {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Name of the reason, for scripts and JSON.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => stringify!($variant),)* }
            }

            /// Why, as one sentence.
            #[must_use]
            pub fn words(self) -> Words {
                match self { $(Self::$variant => Words::new($en, $zh),)* }
            }
        }
    };
}

discards! {
    NicFiltered "The card is not the one the frame is addressed to." "帧的目的 MAC 不是这块网卡。";
    BacklogFull "More than 300 packets wait for net_bh; everything is dropped until the queue is empty." "等待 net_bh 的包超过 300 个，队列清空之前一律丢弃。";
    UnknownEthertype "No packet type wants this Ethernet type." "没有任何 packet_type 接收这种以太网类型。";
    DeviceDown "The device is down." "设备没有启用。";
    ArpBadHeader "The ARP packet does not fit the device or IP." "ARP 报文与设备或 IP 协议不符。";
    ArpLoopbackTarget "ARP for the loopback address (compared in the wrong byte order)." "询问环回地址的 ARP（字节序比较有误）。";
    ArpReplyNotForUs "An ARP reply for an address that is not ours." "ARP 应答的目标地址不是本机。";
    ArpRequestNotForUs "An ARP request for an address that is neither ours nor published." "ARP 请求的地址既不是本机的也没有代理。";
    ArpNoAnswer "Nobody answered three ARP requests; the waiting packets are thrown away in silence." "三次 ARP 请求都无人应答，等待的包被悄悄丢弃。";
    ArpDestroyed "The ARP entry was deleted while packets waited for it." "ARP 表项被删除，排队等待的包随之丢弃。";
    RarpBadHeader "The RARP packet does not fit the device or IP." "RARP 报文与设备或 IP 协议不符。";
    RarpNotRequest "Only requests are wanted: this kernel answers RARP and never asks." "只接收请求：这个内核只应答 RARP，从不询问。";
    RarpUnknownStation "No entry for the station that asks: it gets no answer." "表中没有询问者的表项：不予应答。";
    IpBadHeader "The IP header is too short, has a wrong version, a wrong length or a bad checksum." "IP 首部过短、版本或长度有误，或校验和错误。";
    IpFirewall "The firewall refuses the packet." "被防火墙拒绝。";
    IpNotForUsLink "Not our address, and the frame was not addressed to this host alone." "不是本机地址，而且帧并非单独发给本机。";
    IpNotForUs "Not our address, and forwarding is off." "不是本机地址，而转发功能没有打开。";
    IpForwarded "The original is freed after a copy was forwarded." "副本已转发，原包释放。";
    IpTtlExceeded "The TTL ran out." "TTL 耗尽。";
    IpNoRoute "No route to the destination." "没有到目的地的路由。";
    IpFragmentationNeeded "Too long for the link and fragments are forbidden." "超过链路 MTU 而又禁止分片。";
    IpNoProtocol "No protocol above IP wants it." "IP 之上没有协议接收它。";
    IpMulticastNotJoined "The multicast group was not joined." "没有加入这个多播组。";
    IpReassemblyTimeout "The missing fragments did not come within 30 s." "缺少的分片在 30 秒内没有到达。";
    IpFragmentCovered "An overlapping fragment took its place." "被重叠的分片取代。";
    IpReassemblyOversize "The fragments add up to more than the datagram." "分片总长超过数据报长度。";
    IpReassembled "The fragment was copied into the whole datagram." "分片已拼入完整数据报。";
    IpFragmented "The original is freed after its fragments were sent." "各分片已发送，原包释放。";
    IcmpBadChecksum "The ICMP checksum is wrong." "ICMP 校验和错误。";
    IcmpNotForUs "Only an echo request may come to an address that is not ours alone." "发往非本机单播地址的只允许是回显请求。";
    IcmpUnknownType "An ICMP type that 1.2.13 does not handle." "1.2.13 不处理的 ICMP 类型。";
    IcmpConsumed "The ICMP message was handled and freed." "ICMP 报文处理完毕并释放。";
    IcmpBadLength "An ICMP timestamp request too short to answer." "ICMP 时间戳请求太短，无法应答。";
    IgmpBadMessage "An IGMP message with a wrong checksum or a TTL other than 1." "IGMP 报文校验和错误，或 TTL 不为 1。";
    IgmpConsumed "The IGMP message was handled and freed." "IGMP 报文处理完毕并释放。";
    UdpBadLength "The UDP length does not fit." "UDP 长度不符。";
    UdpBadChecksum "The UDP checksum is wrong." "UDP 校验和错误。";
    UdpNoPort "No socket is bound to the port." "没有套接字绑定这个端口。";
    ReceiveQueueFull "The socket's receive memory is used up." "套接字的接收内存已用完。";
    TcpNotForHost "The frame was a broadcast or meant for another host." "帧是广播，或发给别的主机。";
    TcpBadChecksum "The TCP checksum is wrong." "TCP 校验和错误。";
    TcpNoSocket "No sock matches (or it was reset, or is closed): the segment draws a RST." "没有匹配的 sock（或已被复位、已关闭），回以 RST。";
    TcpReceiveMemoryFull "The receive memory of the sock is used up, so even an ACK or a RST is dropped." "sock 的接收内存已用完，连 ACK 和 RST 也丢弃。";
    TcpListenAck "A listener has nothing that could be acknowledged: RST." "监听 sock 没有可确认的东西：回以 RST。";
    TcpListenNotSyn "A listener only wants a SYN for its own address." "监听 sock 只接收发给本机地址的 SYN。";
    TcpListenDead "The listener is being closed." "监听 sock 正在关闭。";
    TcpBacklogFull "The backlog of the listener is full; the peer will try again." "监听队列已满，对方会重试。";
    TcpNoMemory "No memory for the connection." "没有内存建立连接。";
    TcpDuplicateSyn "The SYN that this sock already answered." "这个 sock 已经应答过的 SYN。";
    TcpSynSentBadAck "The ACK acknowledges something that was never sent: RST." "ACK 确认了从未发送的数据：回以 RST。";
    TcpSynSentNotSyn "Only a SYN counts while connect() waits." "connect() 等待期间只有 SYN 有意义。";
    TcpSimultaneousOpen "A crossing SYN: the state changes, nothing is answered." "交叉的 SYN：只改状态，不作应答。";
    TcpOutOfWindow "The segment lies outside the window." "报文段在窗口之外。";
    TcpReset "The segment carried a RST (or a SYN that has no business here)." "报文段带 RST（或不该出现的 SYN）。";
    TcpAckUnsent "It acknowledges data that was never sent; 1.2.13 does not even answer." "确认了从未发送的数据；1.2.13 连应答都不发。";
    TcpPureAck "A pure ACK has done its work." "纯 ACK，作用已尽。";
    TcpDataAfterClose "Data for a sock that nobody owns any more: RST." "数据到达无人持有的 sock：回以 RST。";
    TcpReplaced "A longer segment with the same sequence number replaces it." "被序号相同、更长的报文段取代。";
    TcpOutOfMemoryHole "Out-of-order data is given up because the window is used up." "窗口用尽，放弃乱序数据。";
    TcpTimeWaitReuse "A new SYN reopens the connection in TIME_WAIT." "新的 SYN 重新打开 TIME_WAIT 中的连接。";
    TcpUnreadAtClose "Unread data is thrown away by close()." "close() 丢弃未读的数据。";
    SocketDestroyed "The sock is destroyed together with what it still held." "sock 被销毁，仍在其中的包一并丢弃。";
}
