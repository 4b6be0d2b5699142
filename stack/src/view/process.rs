//! Processes as a person asks for them: in which call, asleep on what and how far, and what their descriptors lead to; and the
//! other way round, who owns a sock.

use crate::include::fs::FileId;
use crate::include::sched::{SavedFrame, Task, TaskId, TaskState, WaitQueueId};
use crate::include::sock::SockId;
use crate::kernel::Kernel;
use crate::kernel::call::CallName;
use crate::view::task::TaskView;
use crate::words::Words;

/// A queue on which a process stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOfSleepers {
    /// `i_wait` of an inode by its number, and the sock of its socket where it has one.
    Inode(u32, Option<u32>),
    /// The queue of all select() calls on listening sockets.
    MasterSelect,
}

/// A descriptor, and the chain of what it leads to. A part that is gone is None, and so is all behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptorView {
    /// The number that the process knows.
    pub fd: usize,
    /// Number of the file.
    pub file: u32,
    /// Descriptors that share the file.
    pub f_count: u32,
    /// `f_flags` of the file, O_NONBLOCK and others.
    pub f_flags: i32,
    /// Number of the inode, which the socket is a part of.
    pub inode: Option<u32>,
    /// State of that socket, `SS_...`; empty without one.
    pub socket_state: &'static str,
    /// Number of the sock.
    pub sock: Option<u32>,
    /// State of that sock, without prefix; empty without one.
    pub sock_state: &'static str,
}

/// One process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProcessView {
    /// Process id.
    pub pid: i32,
    /// Its entry of the task table.
    pub task: TaskId,
    /// `TASK_...`.
    pub state: &'static str,
    /// Whether it has the processor.
    pub runs: bool,
    /// The call that it is in.
    pub call: Option<CallName>,
    /// The function in which its call sleeps, or slept until it was woken; None while nothing of it is put aside.
    pub asleep_in: Option<&'static str>,
    /// The queues on which it stands.
    pub queues: Vec<QueueOfSleepers>,
    /// What was done before it fell asleep, the innermost function first.
    pub done: Vec<Words<String>>,
    /// Jiffies until a timed sleep ends; None where it has no end.
    pub wakes_in: Option<u32>,
    /// Its open descriptors.
    pub descriptors: Vec<DescriptorView>,
}

impl ProcessView {
    /// All processes but the idle task, in the order of the task table.
    #[must_use]
    pub fn all(k: &Kernel) -> Vec<Self> {
        let tasks = k.tasks.iter().enumerate().skip(1);
        tasks
            .filter(|(_, task)| task.state != TaskState::Unused)
            .filter_map(|(index, task)| Self::of(k, index, task))
            .collect()
    }

    fn of(k: &Kernel, index: usize, task: &Task) -> Option<Self> {
        let id = TaskId(u32::try_from(index).ok()?);
        let view = TaskView::by_pid(k, task.pid)?;
        let descriptors = task.files.iter().map(|(fd, file)| descriptor(k, fd, file));
        Some(Self {
            pid: task.pid,
            task: id,
            state: view.state,
            runs: k.current == Some(id),
            call: task.call,
            asleep_in: view.asleep_in,
            queues: task.waiting.iter().map(|queue| queue_of(k, *queue)).collect(),
            done: task.frames.iter().map(done).collect(),
            wakes_in: (task.timeout.0 != 0).then(|| task.timeout.0.saturating_sub(k.jiffies.0)),
            descriptors: descriptors.collect(),
        })
    }
}

fn queue_of(k: &Kernel, queue: WaitQueueId) -> QueueOfSleepers {
    match queue {
        WaitQueueId::Inode(socket) => {
            let sock = k.sockets.get(socket).and_then(|socket| socket.data);
            QueueOfSleepers::Inode(socket.serial(), sock.map(SockId::serial))
        }
        WaitQueueId::MasterSelect => QueueOfSleepers::MasterSelect,
    }
}

fn descriptor(k: &Kernel, fd: usize, id: FileId) -> DescriptorView {
    let file = k.files.get(id);
    let inode = file.and_then(|file| file.f_inode);
    let socket = inode.and_then(|inode| k.sockets.get(inode));
    let sk = socket.and_then(|socket| socket.data);
    DescriptorView {
        fd,
        file: id.serial(),
        f_count: file.map_or(0, |file| file.f_count),
        f_flags: file.map_or(0, |file| file.f_flags),
        inode: inode.filter(|_| socket.is_some()).map(crate::include::arena::Id::serial),
        socket_state: socket.map_or("", |socket| socket.state.name()),
        sock: sk.map(SockId::serial),
        sock_state: sk.and_then(|sk| k.sock.get(sk)).map_or("", |sock| sock.state.name()),
    }
}

/// What a function had done when the process fell asleep in it, or below it.
fn done(frame: &SavedFrame) -> Words<String> {
    let said = |en: &str, zh: &str| Words::new(en.to_owned(), zh.to_owned());
    match frame {
        SavedFrame::SockAccept { newsock } => Words::new(
            format!("inode#{} is made for the conversation", newsock.serial()),
            format!("已为这次会话建立 inode#{}", newsock.serial()),
        ),
        SavedFrame::TcpAccept => said("no child is established yet", "还没有建立好的子 sock"),
        SavedFrame::InetAccept { sk2 } => Words::new(
            format!("sk#{} is taken, its handshake goes on", sk2.serial()),
            format!("已取下 sk#{}，其握手仍在进行", sk2.serial()),
        ),
        SavedFrame::InetConnect => {
            said("tcp_connect has run, the handshake goes on", "tcp_connect 已执行，握手仍在进行")
        }
        SavedFrame::InetRelease => said("the FIN is not acknowledged yet", "FIN 尚未被确认"),
        SavedFrame::SysClose { file } => Words::new(
            format!("the descriptor is free, file#{} is being closed", file.serial()),
            format!("描述符已释放，file#{} 正在关闭", file.serial()),
        ),
        SavedFrame::SkbRecvDatagram => said("no datagram has come yet", "还没有数据报到达"),
        SavedFrame::SockAllocSendSkb => said("no send memory is free yet", "还没有空闲的发送内存"),
        SavedFrame::TcpRead { copied, seq } => Words::new(
            format!("{copied} bytes copied, {} is the next", seq.0),
            format!("已复制 {copied} 字节，下一个序号 {}", seq.0),
        ),
        SavedFrame::TcpWrite { copied, memory: true } => Words::new(
            format!("{copied} bytes taken, no send memory for more"),
            format!("已取走 {copied} 字节，没有发送内存可再取"),
        ),
        SavedFrame::TcpWrite { copied, memory: false } => Words::new(
            format!("{copied} bytes taken, the handshake goes on"),
            format!("已取走 {copied} 字节，握手仍在进行"),
        ),
        SavedFrame::DoSelect { registered } => Words::new(
            format!("registered on {} queues, none is ready", registered.len()),
            format!("已登记在 {} 个队列上，都未就绪", registered.len()),
        ),
    }
}

/// Who has a sock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// A process, by its id, under a descriptor.
    Process(i32, usize),
    /// Nobody yet: it waits on the receive_queue of the listener with this number for accept().
    Listener(u32),
    /// The inode with this number, to which no descriptor leads: it is being made, or being closed.
    Inode(u32),
    /// Nobody any more: the last descriptor is closed.
    Nobody,
}

/// The owners of all socks, oldest sock first; a sock that several descriptors lead to belongs to the first.
#[must_use]
pub fn owners(k: &Kernel) -> Vec<(SockId, Owner)> {
    let mut held: Vec<(SockId, Owner)> = Vec::new();
    for task in k.tasks.iter().skip(1) {
        for (fd, file) in task.files.iter() {
            let inode = k.files.get(file).and_then(|file| file.f_inode);
            if let Some(sk) = inode.and_then(|inode| k.sockets.get(inode)).and_then(|socket| socket.data) {
                held.push((sk, Owner::Process(task.pid, fd)));
            }
        }
    }
    for (listener, sock) in k.sock.iter().filter(|(_, sock)| sock.state == crate::include::tcp::TcpState::Listen) {
        let children = sock.receive_queue.iter().filter_map(|skb| k.skb.get(*skb)?.sk).filter(|sk| *sk != listener);
        held.extend(children.map(|child| (child, Owner::Listener(listener.serial()))));
    }
    held.sort_by_key(|(sk, _)| *sk);
    let of = |sk: SockId| {
        let first = held.partition_point(|(known, _)| *known < sk);
        let inode = k.sock.get(sk).and_then(|sock| sock.socket).filter(|inode| k.sockets.contains(*inode));
        let otherwise = || inode.map_or(Owner::Nobody, |inode| Owner::Inode(inode.serial()));
        held.get(first).filter(|(known, _)| *known == sk).map_or_else(otherwise, |(_, owner)| *owner)
    };
    crate::view::sock::ids(k).into_iter().map(|sk| (sk, of(sk))).collect()
}
