//! Chinese of the machine below the network: start, interrupts, scheduling, timers, file descriptors.

/// English and Chinese, sorted by the English.
pub(super) const TABLE: &[(&str, &str)] = &[
    (
        "A pending signal is handled; an interrupted call becomes EINTR (the handlers here do not ask for a restart).",
        "处理一个未决信号；被打断的调用返回 EINTR（这里的信号处理函数不要求重新启动调用）。",
    ),
    (
        "Arms a timer; expires holds the ticks from now and becomes an absolute time.",
        "启动定时器；expires 原为从现在起的滴答数，此后变为绝对时间。",
    ),
    (
        "Asks a descriptor, and once more after its queue was joined, because the answer may have changed meanwhile.",
        "询问一个描述符；挂上它的等待队列后再问一次，因为答案可能已经改变。",
    ),
    ("Asks every descriptor in rounds, and sleeps between them.", "一轮一轮地询问每个描述符，两轮之间睡眠。"),
    (
        "Brings the machine up: exceptions and int 0x80, the interrupts, the clock, the system calls, the network.",
        "启动整台机器：异常与 int 0x80、中断、时钟、系统调用、网络。",
    ),
    ("Carries out a command on a descriptor.", "对描述符执行一条控制命令。"),
    ("Changes properties of a descriptor or of the file behind it.", "修改描述符或其背后文件的属性。"),
    ("Changes the effective user of a process.", "改变进程的有效用户。"),
    ("Closes a descriptor.", "关闭一个描述符。"),
    (
        "Disarms a timer; true if it was running, and then expires holds the ticks that were left.",
        "停止定时器；若它原本在运行则返回真，此时 expires 是剩余的滴答数。",
    ),
    (
        "Drops a reference to an open file; the last one closes the socket.",
        "减少打开文件的一个引用；最后一个引用消失时关闭套接字。",
    ),
    (
        "Duplicates a descriptor to a chosen number, which is closed first.",
        "把描述符复制到指定的编号上，该编号原来的描述符先被关闭。",
    ),
    ("Duplicates a descriptor.", "复制一个描述符。"),
    (
        "Ends such a section: runs what is marked, once, if this was the outermost.",
        "结束一段推迟下半部的代码：若是最外层，就把已标记的下半部运行一次。",
    ),
    (
        "Fills the interrupt descriptor table: exceptions, and vector 0x80 for system calls.",
        "填写中断描述符表：各种异常，以及系统调用用的 0x80 号向量。",
    ),
    (
        "Fires what is due: every timer with expires < jiffies, in the order of the list.",
        "触发到期的定时器：按链表顺序处理每个 expires < jiffies 的定时器。",
    ),
    ("Gives a hardware interrupt to a driver, as a slow interrupt.", "把一个硬件中断交给驱动程序，作为慢速中断。"),
    (
        "Gives an open file another descriptor: the lowest free one from arg on.",
        "给打开的文件再分配一个描述符：从 arg 起编号最小的空闲描述符。",
    ),
    (
        "Gives the drivers that need low memory a chance; here the Ethernet cards get their interrupt routine.",
        "给需要低端内存的驱动程序一个机会；以太网卡在这里得到中断处理函数。",
    ),
    (
        "Gives up the processor unless something has woken the process since it set its state.",
        "让出处理器，除非进程设置状态之后已经有人唤醒了它。",
    ),
    ("Installs the clock's bottom half and its interrupt.", "安装时钟的下半部和时钟中断。"),
    ("Makes every sleeper of a queue runnable.", "使队列上的每个睡眠者都变为可运行。"),
    (
        "On the way back to user mode: bottom halves, then rescheduling, then signals.",
        "返回用户态的途中：先运行下半部，再重新调度，然后处理信号。",
    ),
    ("Reads from a descriptor.", "从描述符读取。"),
    (
        "Runs the marked and enabled bottom halves, from a snapshot of the flags.",
        "按标志的快照，运行已标记且已启用的下半部。",
    ),
    (
        "Sets the clock to 100 interrupts a second and points all sixteen hardware vectors at a stub.",
        "把时钟设为每秒 100 次中断，并让十六个硬件向量都指向各自的桩代码。",
    ),
    ("Sleeps on a queue until woken or a signal comes.", "在队列上睡眠，直到被唤醒或收到信号。"),
    ("The clock interrupts: one tick.", "时钟中断：过去一个滴答。"),
    ("The common entry of all system calls.", "所有系统调用共同的入口。"),
    ("Waits until one of several descriptors is ready, or a time is over.", "等待若干描述符之一就绪，或等到超时。"),
    ("Writes to a descriptor.", "向描述符写入。"),
    (
        "a flag of the open file is set or cleared: O_NONBLOCK, or O_SYNC, which means nothing to a socket",
        "设置或清除打开文件的一个标志：O_NONBLOCK，或者对套接字没有意义的 O_SYNC",
    ),
    ("a signal ended the wait: the sets stay as they were", "信号结束了等待：各集合保持原样"),
    (
        "another descriptor shares the open file: only a reference is dropped",
        "还有别的描述符共用这个打开的文件：只减少一个引用",
    ),
    (
        "both descriptors share one open file: its flags, its place, its socket",
        "两个描述符共用一个打开的文件：它的标志、位置和套接字",
    ),
    (
        "no descriptor is ready: the process sleeps on all the queues at once",
        "没有描述符就绪：进程同时在所有队列上睡眠",
    ),
    ("nothing is to be read: 0 without asking the socket", "要读的长度为零：不询问套接字，直接返回 0"),
    ("nothing is to be written: 0 without asking the socket", "要写的长度为零：不询问套接字，直接返回 0"),
    (
        "sys_call_table[EAX] is the function to call; the saved registers are its arguments",
        "sys_call_table[EAX] 就是要调用的函数；保存的寄存器是它的参数",
    ),
    ("the banner is printed; task 0 forks init and goes idle", "打印启动信息；任务 0 派生出 init，然后进入空闲"),
    (
        "the gate of vector 0x80: a trap gate that user programs may use; interrupts stay enabled",
        "0x80 号向量的门：用户程序可以使用的陷阱门；中断保持打开",
    ),
    ("the number in EAX lies beyond the table: ENOSYS", "EAX 中的编号超出系统调用表：ENOSYS"),
    ("the process has no such descriptor: EBADF", "进程没有这个描述符：EBADF"),
    ("the process runs again: its call goes on behind the sleep", "进程再次运行：它的调用从睡眠之后继续"),
    (
        "the socket refused the new owner of SIGURG; nobody looks at that",
        "套接字拒绝了 SIGURG 的新属主；没有人查看这个结果",
    ),
    ("the superuser becomes somebody else", "超级用户变成了别的用户"),
    ("the table has no function under this number: ENOSYS", "表中这个编号下没有函数：ENOSYS"),
];
