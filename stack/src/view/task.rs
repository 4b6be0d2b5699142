//! Processes: what each does, and where it sleeps.

use crate::include::sched::{SavedFrame, Task, TaskState};
use crate::kernel::Kernel;
use crate::view;

view! {
    /// One process.
    TaskView {
        pid: i32, "Process id", "进程号";
        state: &'static str, "TASK_RUNNING or TASK_INTERRUPTIBLE", "TASK_RUNNING 或 TASK_INTERRUPTIBLE";
        call: Option<&'static str>, "System call in progress", "正在进行的系统调用";
        eax: u32, "System-call number, later the result", "系统调用号，返回时为结果";
        ebx: u32, "First argument; for a socket call the sub-call", "第一个参数；套接字调用时为子调用号";
        ecx: u32, "Second argument; for a socket call the address of the argument block", "第二个参数；套接字调用时为参数块地址";
        asleep_in: Option<&'static str>, "Function that put it to sleep", "使它睡眠的函数";
        copied: u32, "Bytes copied before it fell asleep", "入睡前已复制的字节数";
        files: usize, "Open descriptors", "打开的描述符数";
        timeout: u32, "Jiffy at which a timed sleep ends, 0 = none", "定时睡眠结束的时刻，0 表示没有";
    }
}

impl TaskView {
    /// All processes but the idle task.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        k.tasks.iter().skip(1).filter(|task| task.state != TaskState::Unused).map(Self::of).collect()
    }

    /// The process with an id.
    #[must_use]
    pub fn by_pid(k: &Kernel, pid: i32) -> Option<Self> {
        k.tasks.iter().skip(1).find(|task| task.pid == pid).map(Self::of)
    }

    fn of(task: &Task) -> Self {
        let innermost = task.frames.first();
        Self {
            pid: task.pid,
            state: match task.state {
                TaskState::Running => "TASK_RUNNING",
                TaskState::Interruptible => "TASK_INTERRUPTIBLE",
                TaskState::Uninterruptible => "TASK_UNINTERRUPTIBLE",
                TaskState::Unused => "",
            },
            call: task.call.map(crate::kernel::call::CallName::name),
            eax: task.regs.eax,
            ebx: task.regs.ebx,
            ecx: task.regs.ecx,
            asleep_in: innermost.map(sleeper),
            copied: match innermost {
                Some(SavedFrame::TcpRead { copied, .. } | SavedFrame::TcpWrite { copied, .. }) => *copied,
                _ => 0,
            },
            files: task.files.iter().count(),
            timeout: task.timeout.0,
        }
    }
}

fn sleeper(frame: &SavedFrame) -> &'static str {
    match frame {
        SavedFrame::SockAccept { .. } => "sock_accept",
        SavedFrame::TcpAccept => "tcp_accept",
        SavedFrame::InetAccept { .. } => "inet_accept",
        SavedFrame::InetConnect => "inet_connect",
        SavedFrame::InetRelease => "inet_release",
        SavedFrame::SysClose { .. } => "sys_close",
        SavedFrame::SkbRecvDatagram => "skb_recv_datagram",
        SavedFrame::SockAllocSendSkb => "sock_alloc_send_skb",
        SavedFrame::TcpRead { .. } => "tcp_read",
        SavedFrame::TcpWrite { .. } => "tcp_write",
        SavedFrame::DoSelect { .. } => "do_select",
    }
}
