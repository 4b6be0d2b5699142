//! Chinese of the differences in `net/inet`, TCP apart.

use super::Row;

/// Function, first scene, Chinese.
pub(super) const TABLE: &[Row] = &[
    (
        "inet_create",
        "socket_errors/socket_bad",
        "先取内存，后做检查，所以被拒绝的调用也会用掉一个编号（socket_errors/socket_bad）。",
    ),
    (
        "inet_create",
        "kept/first_flight",
        "拥塞窗口从一个报文段开始，而 RFC 6928 和今天的内核从十个开始；又因为起步时没有慢启动，每个来回只增加一个（kept/first_flight）。",
    ),
    (
        "inet_create",
        "kept/default_buffers",
        "两个缓冲区一开始就是 32767 字节，这也是上限；今天的内核会让它们自行增长，远超此数（kept/default_buffers）。",
    ),
    ("inet_release", "close/linger_zero", "时间为 0 并不重置连接，只是不等待而已（close/linger_zero）。"),
    (
        "inet_release",
        "back_log/close_data_release1",
        "传输层关闭之后 sock 才算死亡，所以其间重放的数据会被确认，然后丢失（back_log/close_data_release1）；它的端口要晚一个滴答才空出来（close/listener_close_rebind）。",
    ),
    (
        "inet_getname",
        "socket_errors/listen_misc",
        "只要还不知道本地地址，给出的就是环回地址（socket_errors/listen_misc）。",
    ),
    (
        "destroy_sock",
        "kept_frames/packet_accept",
        "分组 socket 的 `pair` 其实是它的 packet_type，在这里却被当作 sock 关闭；谁对监听中的分组 socket 调用 accept()，它未关闭的副本来到这里，机器也就到此为止（kept_frames/packet_accept）。",
    ),
    (
        "inet_bind",
        "socket_errors/bind_inuse",
        "地址里的协议族从来没人看；端口已被占用时，本地地址也已经设上了（socket_errors/bind_inuse）。",
    ),
    (
        "inet_bind_conflict",
        "socket_errors/bind_inuse",
        "新的 sock 没有 SO_REUSEADDR 时，同一端口上任何 sock 都算冲突，不管地址是什么（socket_errors/bind_inuse）。",
    ),
    (
        "inet_listen",
        "socket_errors/listen_misc",
        "类型和状态都不看，连 UDP 的 sock 也会进入 LISTEN（socket_errors/listen_misc）。",
    ),
    (
        "inet_connect",
        "active_open/nonblock_refused",
        "连接被拒绝、错误又已用 SO_ERROR 取走之后，这个 socket 永远回答 EALREADY（active_open/nonblock_refused）。",
    ),
    (
        "inet_accept",
        "kept/accept_nonblocking",
        "带 O_NONBLOCK 时，新 socket 停留在 SS_UNCONNECTED，尽管连接已经建立，于是它还能再 listen 或 connect 一次（kept/accept_nonblocking）。",
    ),
    (
        "arp_check_expire",
        "arp/expiry_busy",
        "一直在用的表项永不过期，不管它已经错到什么程度（arp/expiry_busy）；闲置的在最后一次使用之后 600 到 660 秒之间消失（arp/expiry_idle）。",
    ),
    ("arp_device_event", "kept_frames/arp_down", "在这样的表项上等待的包不会被释放（kept_frames/arp_down）。"),
    (
        "arp_expire_request",
        "arp/retry_giveup",
        "等待中的包的发送者从不会得知失败，既没有 ICMP，也没有错误（arp/retry_giveup）。",
    ),
    ("arp_destroy", "active_open/timeout", "遇到不许删除的永久表项时，返回时中断仍然关着（active_open/timeout）。"),
    (
        "arp_rcv",
        "arp/gratuitous",
        "不是应答的一律当作询问；免费 ARP 什么也不改变，因为它问的不是我们（arp/gratuitous）；发给我们的应答不请自来也会被相信，还会覆盖永久表项；从一个接口来问另一个接口的地址，不予回答；本想拒绝 127.0.0.1，拒绝的却是 1.0.0.127。",
    ),
    ("arp_find", "arp/queue_drain", "后来发往同一主机的包只是排队，不再询问，排队的数目没有上限（arp/queue_drain）。"),
    (
        "arp_req_set",
        "arp/proxy",
        "设备取自通往该地址的路由，所以为同一子网的主机代为发布的表项从不应答（arp/proxy）；正在解析的表项留着等待它的包。",
    ),
    ("arp_ioctl", "arp/delete_ioctl", "不管有没有这个表项，删除都报告成功（arp/delete_ioctl）。"),
    (
        "skb_recv_datagram",
        "back_log/udp_recv_datagram",
        "它返回时 sock 仍被占用，调用者要到拷贝之后才放开；其间下半部绕过锁把数据报排进队列（back_log/udp_recv_datagram）。",
    ),
    ("datagram_select", "kept/udp_shut_select", "读方向关闭之后并不变为可读（kept/udp_shut_select）。"),
    (
        "dev_close",
        "kept_frames/interface_down",
        "只释放没有人留作重传的缓冲区；标志已经全为零的接口原样留着，地址和路由也在内（kept_frames/interface_down）。",
    ),
    (
        "dev_queue_xmit",
        "back_log/loopback_write",
        "发出去的是该队列中最老的帧，不一定是刚交来的那个；发送时标记的下半部就在这里运行，而发送者的 sock 仍被占用（`back_log/loopback_write`）。",
    ),
    (
        "netif_rx",
        "tcp_frames/rx_overrun",
        "等待的帧超过 300 个之后，一切都被丢弃，也不计数，直到队列完全排空（tcp_frames/rx_overrun）。",
    ),
    (
        "dev_ifconf",
        "kept_frames/ifconf_no_room",
        "至少先写出一项，然后才看还剩多少地方（kept_frames/ifconf_no_room）。",
    ),
    (
        "ip_chk_addr",
        "icmp/echo_src",
        "主机部分全零与全一一样算作广播，子网和整个分类网络都如此（icmp/echo_src）；已启用却没有地址的接口让任何地址都成为我们的。",
    ),
    (
        "eth_type_trans",
        "ip/promisc",
        "混杂模式下，广播也算作发给别的主机的帧，因为只比较我们自己的地址（ip/promisc）。",
    ),
    (
        "icmp_send",
        "ip/options",
        "引用的总是恰好 28 字节，不管有没有选项（ip/options）；非首个分片以及不是单独发给我们的包不引起任何回答；在可能失败的一切之前计数器就已经动了。",
    ),
    (
        "icmp_rcv",
        "icmp/echo_src",
        "发往广播和组地址的 ping 也得到回答（icmp/echo_src）；减成负数的长度算作校验和错误；参数问题只算作错误，别无他用。",
    ),
    (
        "icmp_unreach",
        "data/icmp_established",
        "在已建立的连接上，网络和主机不可达是会过去的小麻烦，不上报；端口和协议不可达上报一次，别的什么也不改变（data/icmp_established）。",
    ),
    (
        "icmp_unreach",
        "kept/path_mtu",
        "路由器要求发小一些，什么也不会改变，因为路径 MTU 发现（RFC 1191）是后来才有的；所有数据报发出时 DF 都为 0（kept/path_mtu）。",
    ),
    ("icmp_redirect", "icmp/redirect", "针对整个网络的重定向也只成为一条主机路由（icmp/redirect）。"),
    (
        "icmp_timestamp",
        "icmp/other_types",
        "回答不计入 IcmpOutMsgs；不足 12 字节的请求连释放都没有（icmp/other_types）。",
    ),
    ("ip_route_check", "data/rexmit_backoff", "网关死了从来没有人发觉（data/rexmit_backoff）。"),
    (
        "ip_setsockopt",
        "passive_open/tos_ttl",
        "只有服务类型恰好为 0x10 和 0x08 时才改变设备上的队列（passive_open/tos_ttl）。",
    ),
    (
        "ip_forward",
        "forward/basic",
        "TTL 为 0 会变成 255，照样转发（forward/basic）；源与目的在同一子网时发出重定向，而数据报照样转发；分片一个一个地通过。",
    ),
    (
        "ip_done",
        "kept_frames/fragment_inside",
        "一个分片的末尾落在前一个分片之内时，会把计数拉回去，于是数据报永远凑不齐（kept_frames/fragment_inside）；最后一个分片的末尾也不与长度比较。",
    ),
    (
        "ip_defrag",
        "ip/reasm_timeout_restart",
        "每个分片都重新开始 30 秒，重复的也不例外（ip/reasm_timeout_restart）；与前一个分片重叠时旧数据占先；后一个分片被部分覆盖时就整个丢失（ip/reasm_overlap_wins）；被整个覆盖而又排在最后的分片让机器崩溃（ip/reasm_cover_last_oops）。",
    ),
    (
        "ip_fragment",
        "ip/frag_out",
        "从 MTU 里减去了本不包含在内的链路头，所以每一片都比可能的短 14 到 16 字节（ip/frag_out）；每一片都带着全部选项；ICMP 错误里的 MTU 字节序是反的。",
    ),
    (
        "ip_fw_chk",
        "kept_frames/firewall_fragment",
        "TCP 和 UDP 的非首个分片不经盘问就放行，因为没有端口可比（kept_frames/firewall_fragment、firewall/fragments）。",
    ),
    (
        "ip_rcv",
        "ip/unknown_proto",
        "发给我们的数据报不看 TTL；链路填充要到检查之后才去掉；总长度小于首部时，负载的长度会绕成大数；未知协议引起一个 ICMP 错误，但没有计数器变动（ip/unknown_proto）。",
    ),
    (
        "do_options",
        "ip/options",
        "函数在解析之前就返回了，所以任何选项都不起作用：没有记录路由，没有源路由，格式错误也不报错（ip/options）。",
    ),
    (
        "ip_build_header",
        "udp_frames/send_content",
        "属于某个 sock 的缓冲区会把选定的源地址绑定给它（TCP 和 raw；UDP 在这次调用中不把所有者借给缓冲区）；255.255.255.255 跟着默认路由走，送到网关的硬件地址（udp_frames/send_content）。",
    ),
    (
        "ip_queue_xmit",
        "udp_frames/send_content",
        "发往所有目的地的数据报共用一个编号计数器；这里发生的事，发送者一概不知（udp_frames/send_content）。",
    ),
    (
        "ip_queue_xmit",
        "kept_frames/firewall_output",
        "防火墙在出口拒绝的数据报永远留在内存里，记在 socket 账上，直到它再没有空间可发；没有哪个调用报告这件事（kept_frames/firewall_output）。",
    ),
    (
        "ip_loopback",
        "udp_frames/send_content",
        "副本是一个独立的数据报，用下一个标识（udp_frames/send_content），所以同一数据报环回的各个分片永远拼不到一起。",
    ),
    ("packet_rcv", "kept_frames/packet_full", "没有空间时悄悄丢弃（kept_frames/packet_full）。"),
    (
        "get__netinfo",
        "udp/truncate_peek",
        "第一列是槽号，不是顺序编号；UDP 和 raw 的两列队列长度是颠倒的（udp/truncate_peek）。",
    ),
    ("rt_get_info", "passive_open/plain", "MTU 一列显示的是 `rt_mss`，比设备的 MTU 少 64（passive_open/plain）。"),
    (
        "raw_sendto",
        "kept_frames/raw_address",
        "路由给出的源地址会留在 sock 上，从此它只收得到发往那个地址的包（kept_frames/raw_address）。",
    ),
    ("raw_sendto", "kept_frames/raw_in_use", "取不到发送内存时，sock 就一直处于被占用状态（kept_frames/raw_in_use）。"),
    (
        "ip_rt_route",
        "udp/loopback",
        "去往我们自己的地址，先经过该接口的网络路由（源地址由它给出），然后才到 `lo`（udp/loopback）。",
    ),
    (
        "ip_rt_add",
        "kept_frames/route_refused",
        "经 `dev` 不能直接到达的网关被悄悄拒绝，而调用者报告成功（kept_frames/route_refused）。",
    ),
    (
        "skb_clone",
        "kept_frames/copy_without_stamp",
        "到达时间不随着拷贝，所以拿到副本的 socket 上 SIOCGSTAMP 回答 ENOENT（kept_frames/copy_without_stamp）。",
    ),
    (
        "sock_wmalloc",
        "back_log/write_wait_memory",
        "检查时只算负载，记账时算负载加结构，所以最后一个缓冲区可能超出限额（back_log/write_wait_memory）。`force` 用于 ACK、RST、FIN 和 SYN+ACK，它们总是可以发送。",
    ),
    (
        "sock_rspace",
        "kept/rcvbuf_small",
        "运算是无符号的，所以小于 4096 字节的接收缓冲区得到最大的窗口（kept/rcvbuf_small）。",
    ),
    (
        "sock_rspace",
        "kept/largest_window",
        "它从不超过 14335，即最大接收缓冲区 32767 的一半减去 2048，不管 SO_RCVBUF 要多少（kept/largest_window）。",
    ),
    (
        "release_sock",
        "back_log/read_data",
        "队列正在排空时来的人不碰锁就离开（back_log/read_data）；处于 CLOSE 的死 sock 得到销毁它的定时器（back_log/reuse_after_close_rst）。",
    ),
    (
        "sock_alloc_send_skb",
        "udp/sendto_too_big_blocks",
        "进程睡眠时 sock 一直被占用；比整个发送缓冲区还大的请求会睡到有信号为止（udp/sendto_too_big_blocks）。",
    ),
    (
        "get_new_socknum",
        "kept/ports_in_order",
        "下一个端口谁都能预料；RFC 6056 和今天的内核随机选择（kept/ports_in_order）。",
    ),
    (
        "put_sock",
        "socket_errors/bind_inuse",
        "找位置用的掩码是按地址在内存中的样子算的，最后一个字节在前；而且不管之前如何，之后中断总是开着（socket_errors/bind_inuse）。",
    ),
    (
        "sock_setsockopt",
        "kept/option_length",
        "用户给出的长度从来没人看，这里和读回选项时都一样；读写的总是四个字节，SO_LINGER 是八个（kept/option_length）。",
    ),
    (
        "sock_setsockopt",
        "kept/buffer_size",
        "缓冲区大小照给的数取用，至少 256，至多 32767 字节；今天的内核则存储并报告两倍（kept/buffer_size）。",
    ),
    ("net_timer_destroy", "close/active", "尝试销毁前后把发送内存的计数加一，好让结构在此期间存活（close/active）。"),
    ("net_timer_close", "close/active", "状态是直接写入的，所以统计和别的定时器都不知道（close/active）。"),
    (
        "udp_err",
        "udp/unconnected_refused",
        "未连接的 socket 也会得知；源抑制什么也不做，因为它的判断永远不成立（udp/unconnected_refused）。",
    ),
    (
        "udp_connect",
        "udp/connected_filter",
        "bind 给的地址被路由的地址覆盖，端口可以是 0，而且没有办法解除连接（udp/connected_filter）。",
    ),
    ("udp_ioctl", "kept/udp_free_memory", "TIOCOUTQ 报告的是空闲空间，而不是排队的数据（kept/udp_free_memory）。"),
    ("udp_sendto", "udp/sendto_too_big_blocks", "O_NONBLOCK 被忽略（udp/sendto_too_big_blocks）。"),
    (
        "udp_send",
        "udp/sendto_too_big_blocks",
        "比发送缓冲区还大的请求不被拒绝，而是睡眠（udp/sendto_too_big_blocks）；数据报在下层被丢弃时也报告成功。",
    ),
    (
        "udp_recvfrom",
        "udp/truncate_peek",
        "返回的总是整个长度，哪怕用户的区域更短、其余已经丢失（udp/truncate_peek）。",
    ),
    (
        "udp_rcv",
        "udp_frames/checksums",
        "检查之前就算作已交付；校验和覆盖 IP 首部之后的一切，包括 UDP 长度之外的字节（udp_frames/checksums）。",
    ),
    (
        "udp_deliver",
        "back_log/udp_send_recv",
        "缓冲区里的两个地址被对调；sock 被释放，尽管没有人锁过它，或者锁它的是一个发送者（back_log/udp_send_recv）。",
    ),
];
