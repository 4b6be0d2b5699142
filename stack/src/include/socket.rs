//! `struct socket` (include/linux/net.h) and the numbers of the socket interface (include/linux/socket.h).

use super::arena::Id;
use super::errno::KResult;
use super::fs::FileId;
use super::sched::WaitQueue;
use super::sock::{SockId, UserArea};
use crate::kernel::Kernel;

/// Names a struct socket; the inode it is a part of has the same name.
pub type SocketId = Id<Socket>;

/// `sock->state`: the upper of the two states of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum SocketState {
    /// SS_FREE 0.
    #[default]
    Free,
    /// SS_UNCONNECTED 1.
    Unconnected,
    /// SS_CONNECTING 2.
    Connecting,
    /// SS_CONNECTED 3.
    Connected,
    /// SS_DISCONNECTING 4.
    Disconnecting,
}

impl SocketState {
    /// Name as in include/linux/net.h.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Free => "SS_FREE",
            Self::Unconnected => "SS_UNCONNECTED",
            Self::Connecting => "SS_CONNECTING",
            Self::Connected => "SS_CONNECTED",
            Self::Disconnecting => "SS_DISCONNECTING",
        }
    }
}

/// `flags`: listen() was called.
pub const SO_ACCEPTCON: u32 = 1 << 16;
/// `flags`: a reader is asleep.
pub const SO_WAITDATA: u32 = 1 << 17;
/// `flags`: a writer found no room.
pub const SO_NOSPACE: u32 = 1 << 18;

/// A BSD socket, which lives inside an inode.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct Socket {
    /// SOCK_STREAM ...
    pub type_: u16,
    /// SS_*.
    pub state: SocketState,
    /// SO_ACCEPTCON, SO_WAITDATA, SO_NOSPACE.
    pub flags: u32,
    /// Index into `pops` of the family's operations; None until set.
    pub ops: Option<usize>,
    /// The family's private part: the sock.
    pub data: Option<SockId>,
    /// Files that asked for SIGIO, newest first.
    pub fasync_list: Vec<FileId>,
    /// References to the inode.
    pub i_count: u32,
    /// Owner of the inode.
    pub i_uid: u32,
    /// Processes that sleep until something happens on the socket.
    pub i_wait: WaitQueue,
}

/// Socket families that can be registered.
pub const NPROTO: usize = 16;
/// Longest address a call may pass.
pub const MAX_SOCK_ADDR: i32 = 128;

/// Stream sockets: TCP.
pub const SOCK_STREAM: u16 = 1;
/// Datagram sockets: UDP.
pub const SOCK_DGRAM: u16 = 2;
/// Raw IP.
pub const SOCK_RAW: u16 = 3;
/// Treated like a stream by 1.2.13.
pub const SOCK_SEQPACKET: u16 = 5;
/// Frames of a device.
pub const SOCK_PACKET: u16 = 10;

/// Urgent data.
pub const MSG_OOB: i32 = 1;
/// Look, do not take.
pub const MSG_PEEK: i32 = 2;
/// Do not use gateways.
pub const MSG_DONTROUTE: i32 = 4;

/// Level of the options that every socket has.
pub const SOL_SOCKET: i32 = 1;
/// Option: share a port.
pub const SO_REUSEADDR: i32 = 2;
/// Level of IP's options.
pub const SOL_IP: i32 = 0;
/// Level of TCP's options.
pub const SOL_TCP: i32 = 6;

/// SIGPIPE.
pub const SIGPIPE: i32 = 13;
/// SIGURG.
pub const SIGURG: i32 = 23;
/// SIGIO.
pub const SIGIO: i32 = 29;

/// `struct proto_ops`: the operations of a family of sockets.
pub struct ProtoOps {
    /// AF_*.
    pub family: u16,
    /// Makes the family's part of a new socket: socket, protocol.
    pub create: fn(&mut Kernel, SocketId, i32) -> KResult<()>,
    /// Makes the part of a socket like that of another: new, old.
    pub dup: fn(&mut Kernel, SocketId, SocketId) -> KResult<()>,
    /// The last descriptor is gone.
    pub release: fn(&mut Kernel, SocketId) -> KResult<()>,
    /// bind: address in kernel memory and its length.
    pub bind: fn(&mut Kernel, SocketId, &[u8], i32) -> KResult<()>,
    /// connect: address, length, file flags.
    pub connect: fn(&mut Kernel, SocketId, &[u8], i32, i32) -> KResult<()>,
    /// socketpair.
    pub socketpair: fn(&mut Kernel, SocketId, SocketId) -> KResult<()>,
    /// accept: listener, new socket, file flags.
    pub accept: fn(&mut Kernel, SocketId, SocketId, i32) -> KResult<()>,
    /// getsockname (false) or getpeername (true).
    pub getname: fn(&mut Kernel, SocketId, bool) -> KResult<[u8; 16]>,
    /// read: area, no blocking.
    pub read: fn(&mut Kernel, SocketId, UserArea, bool) -> KResult<u32>,
    /// write: area, no blocking.
    pub write: fn(&mut Kernel, SocketId, UserArea, bool) -> KResult<u32>,
    /// select: SEL_IN 1, SEL_OUT 2, SEL_EX 4; register on a wait queue.
    pub select: fn(&mut Kernel, SocketId, u8, bool) -> bool,
    /// ioctl: command, argument.
    pub ioctl: fn(&mut Kernel, SocketId, u32, u32) -> KResult<i32>,
    /// listen: backlog.
    pub listen: fn(&mut Kernel, SocketId, i32) -> KResult<()>,
    /// send: area, no blocking, flags.
    pub send: fn(&mut Kernel, SocketId, UserArea, bool, i32) -> KResult<u32>,
    /// recv: area, no blocking, flags.
    pub recv: fn(&mut Kernel, SocketId, UserArea, bool, i32) -> KResult<u32>,
    /// sendto: area, no blocking, flags, address, its length.
    pub sendto: fn(&mut Kernel, SocketId, UserArea, bool, i32, &[u8], i32) -> KResult<u32>,
    /// recvfrom: area, no blocking, flags.
    pub recvfrom: fn(&mut Kernel, SocketId, UserArea, bool, i32) -> KResult<(u32, Option<[u8; 16]>)>,
    /// shutdown: how.
    pub shutdown: fn(&mut Kernel, SocketId, i32) -> KResult<()>,
    /// setsockopt: level, option, value, length.
    pub setsockopt: fn(&mut Kernel, SocketId, i32, i32, u32, i32) -> KResult<()>,
    /// getsockopt: level, option, value, address of the length.
    pub getsockopt: fn(&mut Kernel, SocketId, i32, i32, u32, u32) -> KResult<()>,
    /// fcntl: command, argument.
    pub fcntl: fn(&mut Kernel, SocketId, u32, i32) -> KResult<i32>,
}

impl PartialEq for ProtoOps {
    fn eq(&self, other: &Self) -> bool {
        self.family == other.family
    }
}
impl std::hash::Hash for ProtoOps {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.family.hash(state);
    }
}
impl std::fmt::Debug for ProtoOps {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "family {}", self.family)
    }
}
