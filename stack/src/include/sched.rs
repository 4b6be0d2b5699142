//! Tasks and wait queues (include/linux/sched.h, wait.h): what a process is to the network code.

use std::collections::VecDeque;

use super::fs::{Descriptors, FileId};
use super::seq::Jiffies;
use super::sock::SockId;
use super::socket::SocketId;

/// Index into the task table; 0 is the idle task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct TaskId(pub u32);

/// `task->state`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum TaskState {
    /// TASK_RUNNING 0.
    #[default]
    Running,
    /// TASK_INTERRUPTIBLE 1.
    Interruptible,
    /// TASK_UNINTERRUPTIBLE 2.
    Uninterruptible,
    /// Nobody: the entry of the table is free (a null pointer in the original).
    Unused,
}

/// The first process id that a fork gives, and where they begin again after wrapping around; lower ones are chosen.
pub const FIRST_CHILD_PID: i32 = 1000;

/// Which wait queue: what a `struct wait_queue **` tells the original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WaitQueueId {
    /// `inode->i_wait` of a socket.
    Inode(SocketId),
    /// The one global queue of all select() calls on listening sockets.
    MasterSelect,
}

/// A wait queue: the first waiter at index 0, later ones inserted right behind it.
pub type WaitQueue = VecDeque<TaskId>;

/// The registers that the user stub loads and the trap gate saves (struct pt_regs, as far as they matter here).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Registers {
    /// First argument; for a socket call the sub-call number.
    pub ebx: u32,
    /// Second argument; for a socket call the address of the argument block.
    pub ecx: u32,
    /// Third argument.
    pub edx: u32,
    /// Fourth argument.
    pub esi: u32,
    /// Fifth argument.
    pub edi: u32,
    /// System-call number on the way in, result on the way out.
    pub eax: u32,
    /// The number again, kept for a restart.
    pub orig_eax: i32,
    /// Carry flag of the saved EFLAGS: set by the second, older way of returning an error.
    pub carry: bool,
}

/// Where a sleeping call goes on: one variant per place that sleeps, with the locals that survive.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SavedFrame {
    /// sock_accept (net/socket.c) has made the new socket.
    SockAccept {
        /// The socket for the conversation.
        newsock: SocketId,
    },
    /// tcp_accept waits for an established child.
    TcpAccept,
    /// inet_accept waits for a child that is still in SYN_RECV.
    InetAccept {
        /// The child.
        sk2: SockId,
    },
    /// inet_connect waits for the handshake.
    InetConnect,
    /// inet_release lingers until the FIN is acknowledged.
    InetRelease,
    /// sock_close and sys_close: the descriptor is gone already, the file is still being closed.
    SysClose {
        /// The file.
        file: FileId,
    },
    /// skb_recv_datagram waits for a datagram.
    SkbRecvDatagram,
    /// sock_alloc_send_skb waits for send memory.
    SockAllocSendSkb,
    /// tcp_read waits for data.
    TcpRead {
        /// Octets copied so far.
        copied: u32,
        /// Sequence number of the reader, for MSG_PEEK a private one.
        seq: super::seq::Seq,
    },
    /// tcp_write waits: for the handshake, or for memory.
    TcpWrite {
        /// Octets copied so far.
        copied: u32,
        /// Waiting for memory (true) or for the connection (false).
        memory: bool,
    },
    /// do_select waits for any descriptor.
    DoSelect {
        /// Queues it is registered on, in order of registration.
        registered: Vec<WaitQueueId>,
    },
}

/// A process.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Task {
    /// Process id.
    pub pid: i32,
    /// Process group.
    pub pgrp: i32,
    /// Effective user id; 0 is the superuser.
    pub euid: u32,
    /// TASK_RUNNING ...
    pub state: TaskState,
    /// Pending signals, bit n-1 for signal n.
    pub signal: u32,
    /// Blocked signals.
    pub blocked: u32,
    /// Wakes an interruptible sleep at this time; 0 = never. `current->timeout`.
    pub timeout: Jiffies,
    /// PF_EXITING.
    pub exiting: bool,
    /// Open files by descriptor.
    pub files: Descriptors,
    /// Descriptors that an exec would close, in ascending order. There is no exec here; fcntl tells them.
    pub close_on_exec: Vec<u32>,
    /// Saved registers of the system call in progress.
    pub regs: Registers,
    /// The system call in progress.
    pub call: Option<crate::kernel::call::CallName>,
    /// Its output buffers, or those of the last one: address and length.
    pub outputs: Vec<(u32, u32)>,
    /// Whether interrupts were on when it gave up the processor.
    pub interrupts: bool,
    /// Resumption frames of a sleeping call, innermost first.
    pub frames: Vec<SavedFrame>,
    /// The queues it stands on while asleep.
    pub waiting: Vec<WaitQueueId>,
    /// User memory: what the process lays out before the trap, and the call has written; it stays until the next one.
    pub memory: UserMemory,
    /// Interrupts that are to arrive inside the call in progress.
    pub planned: Vec<PlannedInterrupt>,
}

impl Task {
    /// Marks a descriptor to be closed by an exec, or takes the mark away.
    pub fn set_close_on_exec(&mut self, fd: u32, on: bool) {
        match (self.close_on_exec.binary_search(&fd), on) {
            (Err(place), true) => self.close_on_exec.insert(place, fd),
            (Ok(place), false) => {
                self.close_on_exec.remove(place);
            }
            (Ok(_), true) | (Err(_), false) => {}
        }
    }
}

/// First address of the data segment that programs use.
pub const USER_BASE: u32 = 0x0001_0000;

/// User memory of a process: one segment from [`USER_BASE`] on, laid out afresh for every call.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct UserMemory {
    /// The bytes, the first of them at [`USER_BASE`].
    pub bytes: Vec<u8>,
}

impl UserMemory {
    /// Places bytes (aligned to 4) and returns their address.
    pub fn place(&mut self, bytes: &[u8]) -> u32 {
        while !self.bytes.len().is_multiple_of(4) {
            self.bytes.push(0);
        }
        let address = USER_BASE + self.bytes.len() as u32;
        self.bytes.extend_from_slice(bytes);
        address
    }

    /// Places zeros likewise.
    pub fn place_zeros(&mut self, length: usize) -> u32 {
        let address = self.place(&[]);
        self.bytes.resize(self.bytes.len() + length, 0);
        address
    }

    /// The bytes of a range, or None where it is not mapped (EFAULT).
    #[must_use]
    pub fn range(&self, address: u32, length: u32) -> Option<&[u8]> {
        let start = address.checked_sub(USER_BASE)? as usize;
        self.bytes.get(start..start.checked_add(length as usize)?)
    }

    /// The bytes of a range for writing.
    pub fn range_mut(&mut self, address: u32, length: u32) -> Option<&mut [u8]> {
        let start = address.checked_sub(USER_BASE)? as usize;
        self.bytes.get_mut(start..start.checked_add(length as usize)?)
    }
}

/// A place inside a system call where the original has interrupts open at an interesting spot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Point {
    /// Before the first byte goes to the user.
    MemcpyTofs,
    /// Before the first byte comes from the user.
    MemcpyFromfs,
    /// A GFP_KERNEL allocation.
    Kmalloc,
    /// Entry of sock_wmalloc.
    SockWmalloc,
    /// Entry of release_sock.
    ReleaseSock,
    /// Right behind an sti.
    Sti,
    /// Right behind a restore_flags that turned interrupts on.
    RestoreFlags,
    /// Entry of schedule.
    Schedule,
    /// In the card's driver, the frame being on the wire.
    HardStartXmit,
}

impl Point {
    /// All points with the names scripts use.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::MemcpyTofs, "memcpy_tofs"),
        (Self::MemcpyFromfs, "memcpy_fromfs"),
        (Self::Kmalloc, "kmalloc"),
        (Self::SockWmalloc, "sock_wmalloc"),
        (Self::ReleaseSock, "release_sock"),
        (Self::Sti, "sti"),
        (Self::RestoreFlags, "restore_flags"),
        (Self::Schedule, "schedule"),
        (Self::HardStartXmit, "hard_start_xmit"),
    ];

    /// Name as scripts write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(point, _)| *point == self).map_or("", |(_, name)| name)
    }

    /// The point of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(point, _)| *point)
    }
}

/// What arrives at a point.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Arrival {
    /// One network interrupt that hands over these frames: device index and bytes.
    Net(Vec<(u8, Vec<u8>)>),
    /// That many timer interrupts.
    Timer(u32),
}

/// An interrupt that waits for its place in a system call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlannedInterrupt {
    /// Where.
    pub point: Point,
    /// Only in this calling function, with a count of its own.
    pub function: Option<String>,
    /// At the n-th occurrence, counted from 1.
    pub nth: u32,
    /// What.
    pub arrival: Arrival,
    /// Occurrences seen so far.
    pub seen: u32,
    /// Taken already.
    pub done: bool,
}
