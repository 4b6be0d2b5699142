//! Chinese of the differences in TCP.

use super::Row;

/// Function, first scene, Chinese.
pub(super) const TABLE: &[Row] = &[
    (
        "tcp_set_state",
        "active_open/timeout",
        "即使什么也没变，状态也会写入一次，并且看得见（`active_open/timeout`：CLOSE 到 CLOSE）；完成一次握手会唤醒任何监听 socket 上的每个 select()，因为它们共用一个队列。",
    ),
    (
        "tcp_close_state",
        "close/active",
        "TIME_WAIT 和 LAST_ACK 不在表中，于是立即落到 CLOSE；FIN_WAIT2 孤儿的三分钟只在 close() 时已处于该状态才计时，FIN 后来才被确认的则不计（`close/active`）。",
    ),
    (
        "tcp_time_wait",
        "close/active",
        "它持续 60 秒，Linux 至今如此；RFC 793 要的是报文段寿命的两倍，即 4 分钟（close/active）。",
    ),
    (
        "tcp_init_seq",
        "kept_frames/initial_numbers",
        "相隔一秒的两个连接，起始号码相差一百万，所以下一个号码谁都能预料；RFC 6528 和今天的内核会加入一个秘密（kept_frames/initial_numbers）。",
    ),
    (
        "tcp_err",
        "data/icmp_established",
        "既不看 ICMP 的类型，也不看引用的序号；在 SYN_SENT 之外，致命错误只记下来留给用户的下一次调用，连接继续存在（`data/icmp_established`）；sock 没有加锁（observed 52）。",
    ),
    (
        "tcp_err",
        "data/icmp_quench_cwnd",
        "拥塞窗口大于四时，一个源抑制使它减少一个报文段（data/icmp_quench_cwnd）；RFC 6633 和今天的内核忽略源抑制。",
    ),
    (
        "tcp_listen_select",
        "kept/select_listener",
        "这样的 select 都在一个全局队列上等待；监听 socket 永远不会变为可写（kept/select_listener）。",
    ),
    ("tcp_select", "kept/select_shut", "写方向已关闭的 sock 不可写，也不登记等待（kept/select_shut）。"),
    (
        "tcp_ioctl",
        "socket_errors/unconnected_io",
        "TIOCOUTQ 返回空闲的发送内存，而不是排队的数据（socket_errors/unconnected_io）。",
    ),
    (
        "tcp_setsockopt",
        "kept/later_tcp_options",
        "只有这两个选项，后来才有的一概是 ENOPROTOOPT：TCP_CORK、TCP_USER_TIMEOUT、TCP_INQ、TCP_FASTOPEN_CONNECT，以及套接字自己的 SO_ZEROCOPY（kept/later_tcp_options）。",
    ),
    ("tcp_getsockopt", "kept/user_mss_told", "TCP_MAXSEG 报告用户的愿望，而不是实际使用的大小（kept/user_mss_told）。"),
    (
        "tcp_ack",
        "data/dupacks",
        "每个可接受的 ACK 都设定窗口的右边缘，不分新旧（没有 SND.WL1）；没有快速重传（data/dupacks）；ssthresh 从 0 开始，所以只在丢失之后才有慢启动（data/slow_start_every2）；TIME_WAIT 中任何 ACK 都重新开始那一分钟。",
    ),
    (
        "tcp_ack",
        "kept/ack_unsent",
        "确认了从未发送的数据，既不回答，也悄悄丢掉随之而来的数据；RFC 793 要求回一个 ACK（kept/ack_unsent）。",
    ),
    (
        "tcp_ack_rto",
        "data/rtt_estimate",
        "最小的超时是 0.2 秒，所以往返更长的路径一开始就有谁也不需要的重传（data/rtt_estimate）。",
    ),
    (
        "tcp_connect",
        "active_open/plain",
        "第一个 SYN 的窗口是 512，即没有交换字节的 2（`active_open/plain`）；重试次数从 5 数起，所以发出 12 个 SYN 之后才是 ETIMEDOUT（`active_open/timeout`）；先前的重置留下的标记（zapped）不清除，所以第二次 connect() 永远不会成功（kept/second_connect）。",
    ),
    (
        "tcp_connect",
        "back_log/xmit_synack",
        "SYN 正在发出时到来的应答在 back_log 上等待，由末尾的 release_sock 处理，于是 connect() 不睡眠就返回（back_log/xmit_synack）。",
    ),
    (
        "tcp_connect",
        "kept/first_timeout",
        "什么都还没有测量时，超时是 3 秒，如 RFC 1122 4.2.3.1 所说；RFC 6298 和今天的内核等 1 秒（kept/first_timeout）。",
    ),
    (
        "tcp_connect_mtu",
        "kept/connect_route_mss",
        "路由的 MSS 在这里原样使用，而被动方要减去 64（kept/connect_route_mss）。",
    ),
    (
        "tcp_connect_mtu",
        "active_open/local",
        "为首部留出 64 字节，其实只有 40，所以在以太网上提出 1436（active_open/local），对其他网络的主机提出 512（active_open/plain）。",
    ),
    (
        "tcp_send_fin",
        "back_log/close_rst",
        "FIN 总是自成一段，既不顾拥塞窗口，也不顾对端窗口，也不计入 TcpOutSegs；开头的 release_sock 重放出来的重置拦不住它（`back_log/close_rst`）。",
    ),
    (
        "tcp_shutdown",
        "close/shutdown_rd",
        "关闭读方向只是做个标记：后来的数据照样确认，也读得到（close/shutdown_rd）。",
    ),
    (
        "tcp_close",
        "kept/close_unread",
        "还有未读数据时不发 RST，而 RFC 1122 4.2.2.13 希望发（kept/close_unread）；保活被打开，否则没有人会发觉对端已经消失。",
    ),
    (
        "tcp_data",
        "data/inorder_burst",
        "没有延迟确认（delay_acks 从不设置，data/inorder_burst）；重叠部分不裁剪，由读者跳过；FIN 之后的数据也接受，也读得到（data/data_after_fin）；close() 之后容忍一个字节的新数据，再多就引起 RST（close/data_after_close_fw1）。",
    ),
    (
        "tcp_fin",
        "close/passive",
        "RCV_SHUTDOWN 不在这里设置，而是等用户读到末尾（close/passive）；LAST_ACK 中来的 FIN 会启动 TIME_WAIT 的那一分钟。",
    ),
    (
        "tcp_fin",
        "kept/time_wait_fins",
        "紧接在第一个 FIN 之后的 FIN 又算作一个字节：TIME_WAIT 确认它，再后面的一个也一样（kept/time_wait_fins）。",
    ),
    (
        "tcp_check_urg",
        "data/urg_pointer_variants",
        "紧急指针按 BSD 的理解，指向紧急字节之后一个（data/urg_pointer_variants）。",
    ),
    ("tcp_urg", "data/urg_pointer_variants", "只记得一个紧急字节，第二个会取代它（data/urg_pointer_variants）。"),
    (
        "tcp_rcv",
        "passive_open/fin_in_syn_recv",
        "TcpInSegs 把重放的报文段数了两次；接收内存满了，连 ACK 和 RST 也丢弃；没有 ACK 的报文段照样处理（passive_open/fin_in_syn_recv）；错误的校验和哪里都不计数（tcp_frames/bad_segments）。",
    ),
    (
        "tcp_rcv",
        "back_log/tick_keeps_acks_waiting",
        "在 back_log 上等待的报文段，在 release_sock 之前毫无作用：不确认，也不记内存的账（back_log/tick_keeps_acks_waiting），数目也没有上限；排在 RST 之后的找不到 sock，又引来一个 RST（back_log/read_data_rst）。",
    ),
    (
        "tcp_rcv_syn_sent_ack",
        "kept/synack_old_ack",
        "只有超出我们 SYN 的确认号才被拒绝；低于它的照样完成 connect()（kept/synack_old_ack）。",
    ),
    (
        "tcp_rcv_syn_sent_ack",
        "kept/bare_ack",
        "确认了我们的 SYN、自己却不带 SYN 的 ACK，在被丢弃之前先把我们的 SYN 从重传队列上取走，于是 SYN 再也不会重发：connect() 一直睡到对端的 SYN 到来，否则永远睡下去（kept/bare_ack）。",
    ),
    (
        "tcp_rcv_syn_sent_ack",
        "kept/fin_in_syn_sent",
        "没有确认到我们的 SYN、自己也不带 SYN 的 ACK 被悄悄丢弃，带着 FIN 也一样；RFC 793 要求回一个 RST（kept/fin_in_syn_sent）。",
    ),
    (
        "tcp_rcv_connected",
        "kept/synack_data",
        "先发出对 SYN 的 ACK，然后才看同一报文段里的数据，所以数据又引起第二个 ACK（kept/synack_data）。",
    ),
    (
        "tcp_rcv_syn_sent_no_ack",
        "active_open/simultaneous_open",
        "交叉而来的 SYN 只改变状态，既不回答，也不记下对端的号码，所以连接一建立就是死的（active_open/simultaneous_open）。",
    ),
    (
        "tcp_rcv_time_wait",
        "close/time_wait_new_syn",
        "新连接的号码从旧号码之上 128000 开始（close/time_wait_new_syn，tcp_frames/timewait_isn）。",
    ),
    (
        "tcp_rcv_time_wait",
        "kept/time_wait_ack",
        "其余一切都像在别的状态里那样判断，所以落在窗口之内的空 ACK 不管从哪里开始都得不到回答；今天的内核对不是紧接着的 ACK 会重复它最后的 ACK（kept/time_wait_ack）。",
    ),
    (
        "tcp_sequence",
        "data/beyond_window",
        "超出右边缘的数据不截断；恰好在左边缘结束的报文段可以通过，恰好从右边缘开始的也可以（data/beyond_window）；在 SYN_RECV 中发出 RST，而报文段照样处理。",
    ),
    (
        "tcp_std_reset",
        "close/rst_pending_write",
        "定时器不停，队列不清，所以死掉的 sock 继续重传（close/rst_pending_write）；zapped 从不清除，所以这个 sock 再也不能用；TIME_WAIT 不受保护（close/rst_time_wait）。",
    ),
    (
        "tcp_std_reset",
        "kept/syn_in_window",
        "窗口之内的 SYN 引起 RST 并结束连接，错误只报告一次：下一次 read() 返回 0（kept/syn_in_window）。",
    ),
    (
        "tcp_std_reset",
        "passive_open/rst_in_syn_recv",
        "握手结束之前就被重置的子 sock 仍占着端口，所以对端从同一端口再发 SYN 会找到它，引起 RST，永远到不了监听者（passive_open/rst_in_syn_recv）。",
    ),
    (
        "tcp_std_reset",
        "kept/reset_in_window",
        "窗口之内任何位置的 RST 都照办；RFC 5961 要求恰好是下一个号码，对别的号码回一个质询 ACK（kept/reset_in_window）。",
    ),
    (
        "tcp_std_reset",
        "kept/reset_in_close_wait",
        "对端 FIN 之后来的重置，错误是 EPIPE，Linux 至今如此；BSD 则是 ECONNRESET（kept/reset_in_close_wait）。",
    ),
    (
        "tcp_options",
        "passive_open/mss_bad_options",
        "遇到选项表结束就立即离开，所以默认的 536 没有用上（passive_open/mss_bad_options）；选项表也不以首部的末尾为界。",
    ),
    (
        "tcp_options",
        "kept/later_options",
        "后来才有的一概跳过：没有窗口扩大，没有 SACK，没有时间戳，旁边的标志里也没有 ECN（kept/later_options）。",
    ),
    (
        "tcp_conn_request",
        "passive_open/backlog_zero",
        "还没做任何检查就先唤醒监听者的睡眠者；SYN+FIN 得到 SYN+FIN+ACK，因为回答是在问题的副本上改出来的；listen(fd, 0) 什么也不接受（`passive_open/backlog_zero`）。",
    ),
    (
        "tcp_conn_request_mtu",
        "passive_open/route_mss_window",
        "路由的 MSS 在这里减去 64，而 connect() 原样使用（`passive_open/route_mss_window`）；这里也没有最小值（`passive_open/user_mss`）。",
    ),
    (
        "tcp_conn_request_mtu",
        "data/loss_one",
        "为首部留出 64 字节，其实只有 40，所以在以太网上提出 1436（data/loss_one），对其他网络的主机提出 512（passive_open/user_mss）。",
    ),
    (
        "tcp_conn_request_build",
        "passive_open/synack_rexmit",
        "缓冲区的 h.seq 是初始序号，而不是 SYN 之后的号码（passive_open/synack_rexmit）。",
    ),
    (
        "tcp_find_established",
        "passive_open/rst_in_syn_recv",
        "既不是 SYN_SENT 也不是 SYN_RECV 的都算就绪，所以在有人接受之前就被重置或超时的子 sock 也算（`passive_open/rst_in_syn_recv`）。",
    ),
    (
        "tcp_close_pending",
        "passive_open/close_listener_pending",
        "每个子 sock 得到的是 FIN 而不是 RST，之后作为孤儿活下去（`passive_open/close_listener_pending`）。",
    ),
    (
        "tcp_accept",
        "back_log/accept_held_by_cli",
        "监听者从一开始就在关中断的情况下被占住，所以其间到来的 SYN 要等进程睡眠时才被接受（`back_log/accept_held_by_cli`）。",
    ),
    (
        "tcp_build_header",
        "data/segmentation_psh",
        "一次写入无论多长，只有最后一个报文段带 PSH；今天的内核在写入中途也会设置它，每填满最大窗口的一半就设一次（data/segmentation_psh）。",
    ),
    (
        "tcp_send_skb",
        "data/segmentation_psh",
        "报文段哪怕只是排队，也在这里计入 TcpOutSegs；sent_seq 变成 write_seq，而不是这一段的末尾（data/segmentation_psh）。",
    ),
    (
        "tcp_send_ack",
        "data/urg_pointer_variants",
        "首部是从来包复制的，所以 urg_ptr 还是对端的值（data/urg_pointer_variants）；没有未确认数据时，删掉的是通用定时器，而不是重传定时器。",
    ),
    (
        "tcp_reset",
        "tcp_frames/bad_segments",
        "对没有 ACK 的报文段，RST 确认它的序号，有 SYN 时加一，但不算数据和 FIN（tcp_frames/bad_segments）。",
    ),
    (
        "tcp_reset",
        "active_open/close_in_syn_sent",
        "它以 255 的生存时间发出，其他报文段都是 64（active_open/close_in_syn_sent）。",
    ),
    (
        "tcp_write_xmit",
        "data/small_window_write",
        "窗口打开的量小于等待中的报文段时不加利用，因为报文段从不拆分（data/small_window_write）。",
    ),
    (
        "tcp_read_urg",
        "kept/urgent_announced",
        "它从不等待；已经通告却还没到的字节，在任何模式下都是 EAGAIN（kept/urgent_announced）。",
    ),
    (
        "tcp_read",
        "back_log/read_before_sleep",
        "进程先宣布自己睡眠，然后再看，所以其间到来的一个也不会漏掉（`back_log/read_before_sleep`）；连接死后的 read 返回一次 0，之后一直是 ENOTCONN。",
    ),
    (
        "tcp_read",
        "back_log/read_data",
        "先释放读过的，再重放 back_log，所以重放引起的 ACK 通告的窗口与当场到达时不同（back_log/read_data）。",
    ),
    (
        "cleanup_rbuf",
        "data/read_blocks",
        "已在走的定时器能否保留，看的却是另一个定时器 `sk->timer` 的到期时间（data/read_blocks）。",
    ),
    (
        "cleanup_rbuf",
        "data/fill_rcvbuf",
        "多出一个报文段就值得通告，所以读大报文段的人每次 read 都发一个 ACK，而今天的内核要等窗口翻倍（data/fill_rcvbuf）。",
    ),
    (
        "reset_xmit_timer",
        "data/read_blocks",
        "只有一个定时器，所以“3 秒后发 ACK”会推迟本该更早的重传；处理函数到时再重新计算余下的时间（data/read_blocks）。",
    ),
    (
        "retransmit_timer",
        "back_log/tick_retransmit_inuse",
        "sock 被占用时，0.2 秒的超时变成 1.2 秒（back_log/tick_retransmit_inuse）；RST 之后定时器照样走下去（close/rst_pending_write）。",
    ),
    (
        "retransmit_timer",
        "data/keepalive",
        "从第一个到第十六个，保活探测都相隔 15 分钟，所以要 4 小时才发觉对端已经消失（data/keepalive）。",
    ),
    (
        "tcp_retransmit",
        "data/loss_rexmit_lost",
        "拥塞窗口 1 的一半是门限 0，这意味着根本没有慢启动（data/loss_rexmit_lost）。",
    ),
    (
        "tcp_do_retransmit",
        "passive_open/rst_in_syn_recv",
        "既不问状态，也不问对端窗口，所以被重置的连接继续重传（passive_open/rst_in_syn_recv）；TcpRetransSegs 不计数；重传的 SYN 带着真正的窗口（active_open/timeout）。",
    ),
    (
        "tcp_write_timeout",
        "close/fin_rexmit",
        "放弃时不发 RST，也不清队列；从 FIN_WAIT1、FIN_WAIT2 和 CLOSING 出来的 sock 进入 TIME_WAIT 一分钟（close/fin_rexmit）。",
    ),
    (
        "tcp_write_timeout",
        "kept_frames/keepalive_lost",
        "ARP 表项当场被忘掉，尽管刚刚发出的包可能正在等它：第八个保活探测的表项在第七个之后已经过期，于是探测连同表项一起被扔掉（kept_frames/keepalive_lost）。",
    ),
    (
        "tcp_write_wakeup",
        "data/zero_window_no_answer",
        "零窗口探测不带任何数据，只有下一个序号之前的那个序号（data/zero_window_no_answer）；FIN_WAIT2 和 TIME_WAIT 中什么也不发，所以 FIN_WAIT2 的孤儿数着从未发出的保活探测（close/fin_wait2_timeout）。",
    ),
    (
        "tcp_write",
        "back_log/write_rst",
        "每次分配之前都放开 sock，所以在 back_log 上等待的报文段会在一次 write 的中途得到处理（observed 50）；其间出现的错误到末尾被抹掉（`back_log/write_rst`）。",
    ),
    (
        "tcp_write",
        "data/urg_out",
        "带 MSG_OOB 时，这次 write 的每个报文段都带 URG，各以自己的长度为指针（data/urg_out）。",
    ),
    ("tcp_send_partial", "data/partial_timer", "它不看 sock 是否正被占用（data/partial_timer）。"),
    (
        "tcp_enqueue_partial",
        "kept/partial_second",
        "以一秒为限，这是 RFC 1122 4.2.3.4 所允许的；RFC 896 和今天的内核只等确认（kept/partial_second）。",
    ),
];
