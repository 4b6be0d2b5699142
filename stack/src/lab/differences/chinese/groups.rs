//! Chinese of the differences of groups, RARP and the firewall, and of what was found beside them.

use super::Row;

/// Function, first scene, Chinese.
pub(super) const TABLE: &[Row] = &[
    (
        "dev_mc_add",
        "multicast/addmulti_does_not_count",
        "SIOCADDMULTI 不给使用者计数，所以第二次加入的地址，第一次删除就没有了（multicast/addmulti_does_not_count）。",
    ),
    (
        "dev_mc_delete",
        "multicast/addmulti_does_not_count",
        "不管还有谁需要，SIOCDELMULTI 都把地址删掉，IP 在用的也一样：组仍是加入状态，帧却一个也收不进来（multicast/addmulti_does_not_count）。",
    ),
    (
        "igmp_rcv",
        "multicast/igmp_ignored",
        "没有任何计数器变动，连 IpInDelivers 也不动；不看发送者，也不看查询里写的组；我们自己的报告环回之后在 lo 上被听到，在那里什么也停不了（multicast/igmp_ignored）。",
    ),
    (
        "igmp_start_timer",
        "multicast/query_random_delays",
        "随机数带符号，所以一半的延迟落在过去，下一个滴答就触发（multicast/query_random_delays）。",
    ),
    (
        "igmp_send_report",
        "multicast/join_first_report_not_looped",
        "它像普通数据报那样选路，所以在只有默认路由通往该组的地方，帧被送到网关的硬件地址，邻居谁也听不到（multicast/join_first_report_not_looped）；路由经过另一个接口时，帧仍从指定的接口发出，源地址却是另一个接口的（multicast/join_by_route_of_eth1）。",
    ),
    (
        "ip_mc_inc_group",
        "multicast/join_first_report_not_looped",
        "报告发出之后组才进入列表，所以只有最早的那份报告不会环回（multicast/join_first_report_not_looped）。",
    ),
    (
        "ip_mc_dec_group",
        "multicast/join_twice_leave_looped",
        "离开的报文发出之后组才从列表中去掉，所以这个报文会经 lo 回来，而那里没有人认识它的类型（multicast/join_twice_leave_looped）。",
    ),
    (
        "ip_mc_allhost",
        "kept_frames/multicast_down",
        "接口停用时没有人退出它的组，但网卡过滤用的列表会被清空，之后也不再填回去；socket 加入的组如此，仍在组列表里的全体主机组也如此：再次启用之后，它们的帧就进不来了（kept_frames/multicast_down）。",
    ),
    (
        "ip_mc_join_group",
        "multicast/twenty_one_memberships",
        "二十个位置里取最后一个空位，所以 socket 的表从末尾填起（multicast/twenty_one_memberships、multicast/close_order_of_slots）。",
    ),
    (
        "ip_mc_leave_group",
        "multicast/leave_without_iff_multicast",
        "接口失去 IFF_MULTICAST 之后，它上面的组一个也退不出（multicast/leave_without_iff_multicast）。",
    ),
    (
        "ip_mc_drop_socket",
        "multicast/tcp_child_shares_memberships",
        "TCP 的子 socket 用的是监听者的表，没有自己的，所以服务器关闭一条连接时，会退出监听者加入的组（multicast/tcp_child_shares_memberships）。",
    ),
    (
        "ip_setsockopt_multicast",
        "multicast/ttl_loop_values",
        "整数只看第一个字节，所以 256 就是 TTL 0（multicast/ttl_loop_values）。",
    ),
    (
        "ip_getsockopt",
        "multicast/multicast_if_values",
        "IP_MULTICAST_IF 设置时用地址，读出来却是接口名，末尾没有零字节，也不管调用者说有多少空间；长度就是名字的长度（multicast/multicast_if_values）。",
    ),
    (
        "ip_forward_copy",
        "accounting/forwarded",
        "计费时用的是它进来的接口（accounting/forwarded）；要分片的副本则逐片计数，用的是各片出去的接口。",
    ),
    (
        "ip_rcv_group_is_joined",
        "multicast/receive_not_member",
        "别的接口加入了不算数，而在 lo 上什么组都收（multicast/receive_not_member）。",
    ),
    (
        "ip_queue_xmit_loop_back",
        "multicast/ttl_zero_frees_on_the_receive_side",
        "TTL 为 0 的组数据报按收到的包来释放，所以发送内存永远记在它的 socket 账上，接收内存的计数却减少，通常减到零以下而回绕：从此这个 socket 不再收比退回的数目更小的数据报（multicast/ttl_zero_frees_on_the_receive_side）。",
    ),
    (
        "rarp_req_get",
        "rarp/ioctl_errors",
        "只写入硬件地址和它的地址族；标志和其余一切都照调用者给的原样返回（rarp/ioctl_errors）。",
    ),
    (
        "sock_queue_rcv_skb",
        "multicast/ttl_zero_frees_on_the_receive_side",
        "加法按 32 位回绕，所以计数一旦降到零以下，凡是不能把它重新加到零以上的都被拒绝（multicast/ttl_zero_frees_on_the_receive_side）。",
    ),
    (
        "arp_find",
        "arp/irq_in_arp_find_unresolved",
        "从查表开始关中断，三条出路上各自打开：调用时中断本来关着的，出来也开了。对新表项，这发生在询问发出之前，所以那时到来的回答会把等待的包发出去，而询问照发不误（arp/irq_in_arp_find_unresolved）。",
    ),
    (
        "tcp_conn_request_copy",
        "multicast/tcp_child_shares_memberships",
        "指向组表的指针也一并继承，所以父子共用一张表：一个加入的组，另一个可以退出（multicast/tcp_child_shares_memberships）。",
    ),
    (
        "tcp_conn_request_build",
        "tcp_frames/syn_to_127_bad_checksum",
        "校验和用的是 SYN 发往的地址（`asked`），不是回答发出时的地址：IP 把环回地址换掉之后它就是错的，只有重传的才对（tcp_frames/syn_to_127_bad_checksum）。",
    ),
    (
        "udp_send",
        "multicast/multicast_if_no_effect",
        "IP_MULTICAST_IF 选定的接口没有任何代码去看，组数据报和别的一样按路由走（multicast/multicast_if_no_effect）；绑定在组地址上的 socket 发出的数据报，源地址就是那个组（multicast/source_address_is_group）。",
    ),
    (
        "udp_rcv_multicast",
        "multicast/receive_every_socket",
        "没有人问 socket 是否加入了这个组；没有合适的 socket 时，什么计数器也不动（multicast/receive_every_socket）。",
    ),
    (
        "ip_fw_chk",
        "firewall/tcpsyn_by_kind",
        "针对所有协议的规则既不看端口，也不看 TCPSYN；带 TCPSYN 的单一协议规则只管 SYN，所以对 UDP 或 ICMP 什么也匹配不到（firewall/tcpsyn_by_kind）。",
    ),
    (
        "check_ipfw_struct",
        "firewall/add_checks",
        "永远匹配不到的规则也照收：上下颠倒的端口范围、掩码之外还有位的地址、UDP 的 TCPSYN（firewall/add_checks）。",
    ),
    (
        "add_to_chain",
        "firewall/order_width_of_ports",
        "较长的源掩码可能被较短的目的掩码抵消；范围之后的端口以及上下颠倒的范围，都按 16 位运算的结果来算（firewall/order_width_of_ports）。",
    ),
    (
        "add_to_chain",
        "firewall/order_equal_rules",
        "规则相等时，旧的那条留在前面，由它决定（firewall/order_equal_rules）。",
    ),
    (
        "del_from_chain",
        "firewall/delete_all_equal",
        "相等的规则全部删除，不只是第一条；源端口和目的端口划分不同的规则也算相等（firewall/delete_all_equal）。",
    ),
    ("ip_fw_ctl", "firewall/policy", "策略是一个完整的字，只看其中两位，也不问它的长度（firewall/policy）。"),
];
