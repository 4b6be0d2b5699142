//! Chinese of the sentences of `drivers/loopback.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Adds lo to the list of devices, with 127.0.0.1/8 but not up yet.",
        "把 lo 加入设备表，地址为 127.0.0.1/8，尚未启用。",
    ),
    ("Called when lo goes up: marks it as the loopback again.", "lo 启用时调用：再次把它标记为环回设备。"),
    (
        "Sends a frame to ourselves: copies it into a new buffer and hands that up as received.",
        "把帧发给自己：复制到新的缓冲区，再当作收到的帧向上递交。",
    ),
    (
        "a new tick has time for lo again: what waits in its queues is sent",
        "新的滴答里 lo 又有了时间：发送在其队列中等待的帧",
    ),
    ("the frame is copied: it comes back as if it had been received", "帧被复制：它将像收到的帧一样回来"),
    (
        "this tick has no time left for lo: the device is busy until the next one",
        "本滴答内 lo 的时间已用完：设备忙，直到下一个滴答",
    ),
];
