//! `struct sock` and `struct proto` (net/inet/sock.h).

use std::collections::BTreeMap;

use super::arena::Id;
use super::errno::{Errno, KResult, fail};
use super::in_addr::{InAddr, SockaddrIn};
use super::ip::Delivery;
use super::ip::IpMcSocklistId;
use super::netdevice::DevId;
use super::sched::WaitQueueId;
use super::seq::Seq;
use super::skbuff::{Gfp, SK_MEM_MAX, SkBuffHead, SkbId};
use super::socket::SocketId;
use super::tcp::{TCP_TIMEOUT_INIT, TcpHdr, TcpState, TimeReason};
use super::timer::TimerList;
use crate::kernel::Kernel;

/// Names a sock; its serial number counts creations from boot.
pub type SockId = Id<Sock>;

/// Buckets of a port table.
pub const SOCK_ARRAY_SIZE: usize = 256;
/// First port that an ordinary user may bind.
pub const PROT_SOCK: u16 = 1024;

/// Which transport: an index into `Kernel::protos` and the tables of functions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum ProtoId {
    /// tcp_prot.
    #[default]
    Tcp = 0,
    /// udp_prot.
    Udp = 1,
    /// raw_prot.
    Raw = 2,
    /// packet_prot.
    Packet = 3,
}

/// A request to read or write, as it comes down from the socket layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UserArea {
    /// Address in user memory.
    pub address: u32,
    /// Octets.
    pub len: u32,
}

/// `struct proto`: the operations of a transport. What it keeps at run time is a [`ProtoState`] of the kernel.
pub struct Proto {
    /// Which part of `Kernel::protos` is its own.
    pub id: ProtoId,
    /// "TCP" ...
    pub name: &'static str,
    /// Room that headers may need, 128 everywhere.
    pub max_header: u32,
    /// Closes; the timeout argument is always 0 in 1.2.13.
    pub close: fn(&mut Kernel, SockId, u32),
    /// read(2) and recv(2) without address.
    pub read: fn(&mut Kernel, SockId, UserArea, bool, i32) -> KResult<u32>,
    /// write(2) and send(2).
    pub write: fn(&mut Kernel, SockId, UserArea, bool, i32) -> KResult<u32>,
    /// sendto(2): area, noblock, flags, the address in kernel memory and its length.
    pub sendto: fn(&mut Kernel, SockId, UserArea, bool, i32, &[u8], i32) -> KResult<u32>,
    /// recvfrom(2): the result is octets read and the address to return (16 octets, or none).
    pub recvfrom: fn(&mut Kernel, SockId, UserArea, bool, i32) -> KResult<(u32, Option<[u8; 16]>)>,
    /// connect(2).
    pub connect: Option<fn(&mut Kernel, SockId, &[u8], i32) -> KResult<()>>,
    /// accept(2): the child, or an error (the original leaves it in sk->err).
    pub accept: Option<fn(&mut Kernel, SockId, i32) -> KResult<SockId>>,
    /// Replays a segment from the back_log.
    pub rcv: Option<fn(&mut Kernel, Delivery)>,
    /// select(2): SEL_IN 1, SEL_OUT 2, SEL_EX 4; registers on a wait queue if asked to and not ready.
    pub select: fn(&mut Kernel, SockId, u8, bool) -> bool,
    /// ioctl(2).
    pub ioctl: Option<fn(&mut Kernel, SockId, u32, u32) -> KResult<i32>>,
    /// Called at the end of inet_create.
    pub init: Option<fn(&mut Kernel, SockId) -> KResult<()>>,
    /// shutdown(2).
    pub shutdown: Option<fn(&mut Kernel, SockId, u8)>,
    /// setsockopt(2): level, option, address of the value, its length.
    pub setsockopt: Option<fn(&mut Kernel, SockId, i32, i32, u32, i32) -> KResult<()>>,
    /// getsockopt(2): level, option, address of the value, address of its length.
    pub getsockopt: Option<fn(&mut Kernel, SockId, i32, i32, u32, u32) -> KResult<()>>,
    /// Allocates send memory: size, force, priority.
    pub wmalloc: fn(&mut Kernel, Option<SockId>, u32, bool, Gfp) -> Option<SkbId>,
    /// Builds link and IP header; returns the offset of the transport header and the device.
    pub build_header: fn(&mut Kernel, BuildHeader) -> KResult<(u32, DevId)>,
    /// Hands a datagram to IP: sock, device, buffer, free.
    pub queue_xmit: fn(&mut Kernel, Option<SockId>, Option<DevId>, SkbId, u8),
    /// Retransmits: all of the queue, or the first segment.
    pub retransmit: Option<fn(&mut Kernel, SockId, bool)>,
    /// Draws an ACK from the peer.
    pub write_wakeup: Option<fn(&mut Kernel, SockId)>,
    /// Sends an owed ACK.
    pub read_wakeup: Option<fn(&mut Kernel, SockId)>,
}

/// Two tables are the same if they bear the same name: a kernel is compared and hashed as data.
impl PartialEq for Proto {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Proto {}
impl std::hash::Hash for Proto {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl std::fmt::Debug for Proto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// What `sk->prot` is in zeroed memory, before inet_create has chosen a transport: whoever calls through it has called
/// through a null pointer.
static NO_PROT: Proto = Proto {
    id: ProtoId::Tcp,
    name: "NULL",
    max_header: 0,
    close: |k, _, _| null_call(k),
    read: |k, _, _, _, _| no_transport(k),
    write: |k, _, _, _, _| no_transport(k),
    sendto: |k, _, _, _, _, _, _| no_transport(k),
    recvfrom: |k, _, _, _, _| no_transport(k),
    connect: None,
    accept: None,
    rcv: None,
    select: |k, _, _, _| {
        null_call(k);
        false
    },
    ioctl: None,
    init: None,
    shutdown: None,
    setsockopt: None,
    getsockopt: None,
    wmalloc: |k, _, _, _, _| {
        null_call(k);
        None
    },
    build_header: |k, _| no_transport(k),
    queue_xmit: |k, _, _, _, _| null_call(k),
    retransmit: None,
    write_wakeup: None,
    read_wakeup: None,
};

#[track_caller]
fn null_call(k: &mut Kernel) {
    k.oops("a function of a transport was called on a sock that has none");
}

fn no_transport<T>(k: &mut Kernel) -> KResult<T> {
    null_call(k);
    fail(Errno::ENOPROTOOPT)
}

impl Default for &'static Proto {
    fn default() -> Self {
        &NO_PROT
    }
}

/// Arguments of ip_build_header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BuildHeader {
    /// The buffer.
    pub skb: SkbId,
    /// Source; 0 = choose.
    pub saddr: InAddr,
    /// Destination.
    pub daddr: InAddr,
    /// Outgoing device; None = route.
    pub dev: Option<DevId>,
    /// Protocol number.
    pub type_: u8,
    /// Octets the caller counts on (only handed to the link header).
    pub len: u32,
    /// Type of service.
    pub tos: u8,
    /// Time to live.
    pub ttl: u8,
}

/// What a transport keeps at run time: its port table and counters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ProtoState {
    /// Heads of the chains, by port & 255.
    pub sock_array: Vec<Option<SockId>>,
    /// Socks in the table.
    pub inuse: u32,
    /// The most there ever were.
    pub highestinuse: u32,
    /// Retransmissions (`prot->retransmits`).
    pub retransmits: u32,
    /// Not in 1.2.13: answers the question of the chains faster where a listener has thousands of children.
    pub index: PortIndex,
}

/// Local port, local address, remote address, remote port: what a child of a listener is born with and keeps.
pub type Quadruple = (u16, InAddr, InAddr, u16);

/// The socks of a port table by what a segment asks for. The chains stay what they were; this only saves the walk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
pub struct PortIndex {
    /// Children of listeners, oldest first.
    pub children: BTreeMap<Quadruple, Vec<SockId>>,
    /// All other socks by chain, in its order.
    pub others: BTreeMap<usize, Vec<SockId>>,
}

impl Default for ProtoState {
    fn default() -> Self {
        Self {
            sock_array: vec![None; SOCK_ARRAY_SIZE],
            inuse: 0,
            highestinuse: 0,
            retransmits: 0,
            index: PortIndex::default(),
        }
    }
}

/// A sock: one end of a connection, below the socket.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default)]
#[allow(
    missing_docs,
    reason = "the fields bear the kernel's names; view/sock.rs explains each of them in two languages"
)]
pub struct Sock {
    pub wmem_alloc: u32,
    pub rmem_alloc: u32,
    pub write_seq: Seq,
    pub sent_seq: Seq,
    pub acked_seq: Seq,
    pub copied_seq: Seq,
    pub rcv_ack_seq: Seq,
    pub window_seq: Seq,
    pub fin_seq: Seq,
    pub urg_seq: Seq,
    pub urg_data: u32,
    pub inuse: bool,
    pub dead: bool,
    pub urginline: bool,
    pub blog: bool,
    pub done: bool,
    pub reuse: bool,
    pub keepopen: bool,
    pub linger: bool,
    pub delay_acks: bool,
    pub destroy: bool,
    pub ack_timed: bool,
    pub no_check: bool,
    pub zapped: bool,
    pub broadcast: bool,
    pub nonagle: bool,
    pub lingertime: u32,
    pub proc: i32,
    pub next: Option<SockId>,
    /// Not in 1.2.13, which walks a chain from its head to leave it: the sock before this one in its chain.
    pub prev: Option<SockId>,
    pub pair: Option<SockId>,
    pub send_head: Option<SkbId>,
    pub send_tail: Option<SkbId>,
    pub back_log: SkBuffHead,
    pub partial: Option<SkbId>,
    pub partial_timer: TimerList,
    pub retransmits: i32,
    pub write_queue: SkBuffHead,
    pub receive_queue: SkBuffHead,
    pub prot: &'static Proto,
    pub sleep: Option<WaitQueueId>,
    pub daddr: InAddr,
    pub saddr: InAddr,
    pub max_unacked: u16,
    pub window: u16,
    pub bytes_rcv: u16,
    pub mtu: u16,
    pub mss: u16,
    pub user_mss: u16,
    pub max_window: u16,
    pub window_clamp: u32,
    pub num: u16,
    pub cong_window: u16,
    pub cong_count: u16,
    pub ssthresh: u16,
    pub packets_out: u16,
    pub shutdown: u8,
    pub rtt: u32,
    pub mdev: u32,
    pub rto: u32,
    pub backoff: u16,
    /// Pending error as the original keeps it: positive, 0 = none (tcp_conn_request may store a negative one).
    pub err: i16,
    pub protocol: u8,
    pub state: TcpState,
    pub ack_backlog: u8,
    pub max_ack_backlog: u8,
    pub priority: u8,
    pub debug: bool,
    pub rcvbuf: u16,
    pub sndbuf: u16,
    pub type_: u16,
    pub localroute: bool,
    pub ip_ttl: u8,
    pub ip_tos: u8,
    pub dummy_th: TcpHdr,
    pub retransmit_timer: TimerList,
    pub ip_xmit_timeout: TimeReason,
    pub ip_mc_ttl: u8,
    pub ip_mc_loop: bool,
    pub ip_mc_name: Option<DevId>,
    pub ip_mc_list: Option<IpMcSocklistId>,
    pub timeout: TimeReason,
    pub timer: TimerList,
    pub stamp: u64,
    pub socket: Option<SocketId>,
    /// The temporary sock of an accept, or a copy of a listener: serial of the sock it was copied from, 0 if made fresh.
    pub parent: u32,
}

impl Sock {
    /// Zero-filled memory with the values that inet_create always sets.
    #[must_use]
    pub fn created() -> Self {
        Self {
            max_unacked: 2048,
            mtu: 576,
            cong_window: 1,
            rto: TCP_TIMEOUT_INIT,
            priority: 1,
            rcvbuf: SK_MEM_MAX,
            sndbuf: SK_MEM_MAX,
            ip_ttl: 64,
            dummy_th: TcpHdr { doff: 5, ..TcpHdr::default() },
            ip_mc_ttl: 1,
            ip_mc_loop: true,
            ..Self::default()
        }
    }

    /// Takes the pending error: its number, and clears it.
    pub fn take_err(&mut self) -> Option<Errno> {
        let err = std::mem::take(&mut self.err);
        (err != 0).then(|| Errno(i32::from(err)))
    }

    /// Stores a pending error.
    pub fn set_err(&mut self, errno: Errno) {
        self.err = errno.0 as i16;
    }

    /// The peer, as getpeername and accept return it.
    #[must_use]
    pub fn peer(&self) -> SockaddrIn {
        SockaddrIn { sin_family: super::in_addr::AF_INET, sin_port: self.dummy_th.dest, sin_addr: self.daddr }
    }
}
