//! Chinese of the sentences of `init/main.rs`.

/// English and Chinese, sorted by the English.
pub(in crate::lab::caption) const TABLE: &[(&str, &str)] = &[
    (
        "Brings the machine up: exceptions, int 0x80, interrupts, clock, system calls, network.",
        "启动整台机器：异常与 int 0x80、中断、时钟、系统调用、网络。",
    ),
    (
        "Gives drivers that need low memory a chance; Ethernet cards get their interrupt routine.",
        "给需要低端内存的驱动程序一个机会；以太网卡在这里得到中断处理函数。",
    ),
    ("Installs the clock's bottom half and its interrupt.", "安装时钟的下半部和时钟中断。"),
    ("the banner is printed; task 0 forks init and goes idle", "打印启动信息；任务 0 派生出 init，然后进入空闲"),
];
