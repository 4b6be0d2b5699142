//! Chinese of the sentences of `fs/select.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Asks a descriptor, and again once its queue is joined: the answer may have changed.",
        "询问一个描述符；挂上它的等待队列后再问一次，因为答案可能已经改变。",
    ),
    ("Asks every descriptor in rounds, and sleeps between them.", "一轮一轮地询问每个描述符，两轮之间睡眠。"),
    ("Waits until one of several descriptors is ready, or a time is over.", "等待若干描述符之一就绪，或等到超时。"),
    ("a signal ended the wait: the sets stay as they were", "信号结束了等待：各集合保持原样"),
    (
        "no descriptor is ready: the process sleeps on all the queues at once",
        "没有描述符就绪：进程同时在所有队列上睡眠",
    ),
];
