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

impl Discard {
    /// Whether something was lost: false where the buffer had done its work and was freed as every buffer is in the end.
    #[must_use]
    pub fn is_loss(self) -> bool {
        match self {
            Self::IpForwarded
            | Self::IpReassembled
            | Self::IpFragmented
            | Self::IcmpConsumed
            | Self::IgmpConsumed
            | Self::TcpSimultaneousOpen
            | Self::TcpReset
            | Self::TcpPureAck => false,
            Self::NicFiltered
            | Self::BacklogFull
            | Self::UnknownEthertype
            | Self::DeviceDown
            | Self::ArpBadHeader
            | Self::ArpLoopbackTarget
            | Self::ArpReplyNotForUs
            | Self::ArpRequestNotForUs
            | Self::ArpNoAnswer
            | Self::ArpDestroyed
            | Self::RarpBadHeader
            | Self::RarpNotRequest
            | Self::RarpUnknownStation
            | Self::IpBadHeader
            | Self::IpFirewall
            | Self::IpNotForUsLink
            | Self::IpNotForUs
            | Self::IpTtlExceeded
            | Self::IpNoRoute
            | Self::IpFragmentationNeeded
            | Self::IpNoProtocol
            | Self::IpMulticastNotJoined
            | Self::IpReassemblyTimeout
            | Self::IpFragmentCovered
            | Self::IpReassemblyOversize
            | Self::IcmpBadChecksum
            | Self::IcmpNotForUs
            | Self::IcmpUnknownType
            | Self::IcmpBadLength
            | Self::IgmpBadMessage
            | Self::UdpBadLength
            | Self::UdpBadChecksum
            | Self::UdpNoPort
            | Self::ReceiveQueueFull
            | Self::TcpNotForHost
            | Self::TcpBadChecksum
            | Self::TcpNoSocket
            | Self::TcpReceiveMemoryFull
            | Self::TcpListenAck
            | Self::TcpListenNotSyn
            | Self::TcpListenDead
            | Self::TcpBacklogFull
            | Self::TcpNoMemory
            | Self::TcpDuplicateSyn
            | Self::TcpSynSentBadAck
            | Self::TcpSynSentNotSyn
            | Self::TcpOutOfWindow
            | Self::TcpAckUnsent
            | Self::TcpTimeWaitReuse
            | Self::TcpDataAfterClose
            | Self::TcpReplaced
            | Self::TcpOutOfMemoryHole
            | Self::TcpUnreadAtClose
            | Self::SocketDestroyed => true,
        }
    }
}

discards! {
    NicFiltered "The frame is addressed to another card." "帧的目的 MAC 不是这块网卡。";
    BacklogFull "300 packets wait for net_bh already." "等待 net_bh 的包已有 300 个。";
    UnknownEthertype "No packet type wants this Ethernet type." "没有任何 packet_type 接收这种以太网类型。";
    DeviceDown "The device is down." "设备没有启用。";
    ArpBadHeader "The ARP packet does not fit the device or IP." "ARP 报文与设备或 IP 协议不符。";
    ArpLoopbackTarget "It asks for the loopback address (compared in the wrong byte order)." "询问环回地址的 ARP（字节序比较有误）。";
    ArpReplyNotForUs "The ARP reply is for an address that is not ours." "ARP 应答的目标地址不是本机。";
    ArpRequestNotForUs "The ARP request is for an address neither ours nor published." "ARP 请求的地址既不是本机的也没有代理。";
    ArpNoAnswer "Nobody answered three ARP requests." "三次 ARP 请求都无人应答。";
    ArpDestroyed "Its ARP entry was deleted while it waited." "它等待的 ARP 表项被删除。";
    RarpBadHeader "The RARP packet does not fit the device or IP." "RARP 报文与设备或 IP 协议不符。";
    RarpNotRequest "This kernel answers RARP and never asks." "这个内核只应答 RARP，从不询问。";
    RarpUnknownStation "The station that asks is in no entry." "表中没有询问者的表项。";
    IpBadHeader "The IP header is short or has a wrong version, length or checksum." "IP 首部过短、版本或长度有误，或校验和错误。";
    IpFirewall "The firewall refuses the packet." "被防火墙拒绝。";
    IpNotForUsLink "The address is not ours, and the frame was not for this host alone." "不是本机地址，而且帧并非单独发给本机。";
    IpNotForUs "The address is not ours, and forwarding is off." "不是本机地址，而转发功能没有打开。";
    IpForwarded "A copy of it was forwarded." "它的副本已转发。";
    IpTtlExceeded "The TTL ran out." "TTL 耗尽。";
    IpNoRoute "No route leads to the destination." "没有到目的地的路由。";
    IpFragmentationNeeded "It is too long for the link, and fragments are forbidden." "它超过链路 MTU 而又禁止分片。";
    IpNoProtocol "No protocol above IP wants it." "IP 之上没有协议接收它。";
    IpMulticastNotJoined "The multicast group was not joined." "没有加入这个多播组。";
    IpReassemblyTimeout "The missing fragments did not come within 30 s." "缺少的分片在 30 秒内没有到达。";
    IpFragmentCovered "An overlapping fragment took its place." "被重叠的分片取代。";
    IpReassemblyOversize "The fragments add up to more than the datagram." "分片总长超过数据报长度。";
    IpReassembled "The fragment was copied into the whole datagram." "分片已拼入完整数据报。";
    IpFragmented "Its fragments were sent." "它的各分片已发送。";
    IcmpBadChecksum "The ICMP checksum is wrong." "ICMP 校验和错误。";
    IcmpNotForUs "Only an echo request may come to an address that others share." "发往非本机单播地址的只允许是回显请求。";
    IcmpUnknownType "1.2.13 does not handle this type of ICMP." "1.2.13 不处理的 ICMP 类型。";
    IcmpConsumed "The ICMP message was handled." "ICMP 报文处理完毕。";
    IcmpBadLength "The ICMP timestamp request is too short to answer." "ICMP 时间戳请求太短，无法应答。";
    IgmpBadMessage "The IGMP message has a wrong checksum or a TTL other than 1." "IGMP 报文校验和错误，或 TTL 不为 1。";
    IgmpConsumed "The IGMP message was handled." "IGMP 报文处理完毕。";
    UdpBadLength "The UDP length does not fit." "UDP 长度不符。";
    UdpBadChecksum "The UDP checksum is wrong." "UDP 校验和错误。";
    UdpNoPort "No sock has the port." "没有 sock 使用这个端口。";
    ReceiveQueueFull "The receive memory of the sock is used up." "sock 的接收内存已用完。";
    TcpNotForHost "The frame was a broadcast or meant for another host." "帧是广播，或发给别的主机。";
    TcpBadChecksum "The TCP checksum is wrong." "TCP 校验和错误。";
    TcpNoSocket "No living sock matches, and the segment draws a RST." "没有匹配的活动 sock，回以 RST。";
    TcpReceiveMemoryFull "The receive memory of the sock is used up, even for an ACK or RST." "sock 的接收内存已用完，连 ACK 和 RST 也丢弃。";
    TcpListenAck "A listener has sent nothing that could be acknowledged." "监听 sock 没有发送过可确认的东西，回以 RST。";
    TcpListenNotSyn "A listener only wants a SYN for its own address." "监听 sock 只接收发给本机地址的 SYN。";
    TcpListenDead "The listener is being closed." "监听 sock 正在关闭。";
    TcpBacklogFull "The backlog of the listener is full." "监听队列已满。";
    TcpNoMemory "Memory for the connection is missing." "没有内存建立连接。";
    TcpDuplicateSyn "This sock has answered the SYN already." "这个 sock 已应答过这个 SYN。";
    TcpSynSentBadAck "It acknowledges what was never sent, and draws a RST." "它确认了从未发送的数据，回以 RST。";
    TcpSynSentNotSyn "Only a SYN counts while connect() waits." "connect() 等待期间只有 SYN 有意义。";
    TcpSimultaneousOpen "The crossing SYN has changed the state." "交叉的 SYN 已改变状态。";
    TcpOutOfWindow "The segment lies outside the window." "报文段在窗口之外。";
    TcpReset "The segment carried a RST (or a SYN that has no business here)." "报文段带 RST（或不该出现的 SYN）。";
    TcpAckUnsent "It acknowledges data that was never sent, and draws no answer." "确认了从未发送的数据；1.2.13 连应答都不发。";
    TcpPureAck "A pure ACK has done its work." "纯 ACK 已尽其用。";
    TcpDataAfterClose "Nobody owns the sock of the data any more." "数据到达无人持有的 sock，回以 RST。";
    TcpReplaced "A longer segment with the same sequence number replaces it." "被序号相同、更长的报文段取代。";
    TcpOutOfMemoryHole "The window is used up, and out-of-order data is given up." "窗口用尽，放弃乱序数据。";
    TcpTimeWaitReuse "The SYN has ended TIME_WAIT, but nobody listens any more." "SYN 结束了 TIME_WAIT，但已没有监听者。";
    TcpUnreadAtClose "The data was unread when close() came." "close() 时数据尚未被读取。";
    SocketDestroyed "The sock is destroyed together with what it held." "sock 连同其中的包一起被销毁。";
}
