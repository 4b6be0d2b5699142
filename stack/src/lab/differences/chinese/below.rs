//! Chinese of the differences in `drivers`, `fs`, `kernel` and `net/socket*`.

use super::Row;

/// Function, first scene, Chinese.
pub(super) const TABLE: &[Row] = &[
    (
        "ei_receive",
        "active_open/plain",
        "缓冲区与帧等长，填充也算在内，记到收到它的 socket 账上的也是这么多：最短的帧算 60 + 88 字节（`active_open/plain`，窗口 14261）。",
    ),
    ("sys_read", "kept/zero_length", "读 0 字节总是成功，不管 socket 处于什么状态（kept/zero_length）。"),
    ("sys_write", "kept/zero_length", "写 0 字节总是成功，不管 socket 处于什么状态（kept/zero_length）。"),
    ("sys_select", "select/read_timeout", "剩余的时间会写回去，出错之后也一样（select/read_timeout）。"),
    (
        "do_select",
        "select/read_timeout",
        "时间向上取整到整个滴答，而 N 个滴答的定时器要到第 N+1 个滴答才触发：500 毫秒实际是 510 毫秒（select/read_timeout）。",
    ),
    (
        "end_bh_atomic",
        "back_log/xmit_data_reply",
        "每次发送都到这里结束，因此它带进来的包是在发送者的 sock 仍被占用时处理的（back_log/xmit_data_reply）。",
    ),
    (
        "add_timer",
        "back_log/accept_syn_at_release",
        "同时到期的定时器，后加入的先触发（back_log/accept_syn_at_release）。",
    ),
    ("get_fd", "kept/no_descriptor", "它的调用者把任何失败都变成 EINVAL（kept/no_descriptor）。"),
    (
        "sock_socket",
        "socket_errors/socket_bad",
        "未知的协议族是 EINVAL，描述符用完了也是 EINVAL（socket_errors/socket_bad）。",
    ),
    (
        "sock_listen",
        "socket_errors/listen_misc",
        "协议族的返回值被忽略；监听中的 socket 仍是未连接状态，所以可以再次调用（socket_errors/listen_misc）。",
    ),
    (
        "sock_accept",
        "passive_open/rst_in_syn_recv",
        "把对端地址拷给用户时的失败被忽略；此前已经断掉的连接，地址是空的（passive_open/rst_in_syn_recv）。",
    ),
    (
        "sock_sendto",
        "kept/sendto_nowhere",
        "传输层分不清空地址和长度为 0 的地址，所以两者都是 EINVAL（kept/sendto_nowhere）。",
    ),
    (
        "sock_send",
        "kept/send_flags",
        "后来才有的标志被忽略，所以带 MSG_MORE 的数据立即发出；对连接调用 sendto() 时，这些标志得到 EINVAL（kept/send_flags）。",
    ),
    (
        "sock_recv",
        "kept/recv_flags",
        "后来才有的标志被忽略，所以 MSG_DONTWAIT 照样睡眠，MSG_WAITALL 也不会等齐（kept/recv_flags）。",
    ),
    (
        "sock_recvfrom",
        "kept_frames/address_fault",
        "等到发现地址无法拷出去时，数据已经取走了（kept_frames/address_fault）。",
    ),
];
