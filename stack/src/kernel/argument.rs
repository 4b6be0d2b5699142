//! Typed arguments and results of kernel functions, as a film records them: a few octets each, put into words only when
//! somebody looks.

use crate::include::arena::Id;
use crate::include::errno::{Errno, KResult, Stop};
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{AddressKind, DevId, ETH_P_ARP, ETH_P_RARP, NotifierBlock, PacketType};
use crate::include::sched::TaskId;
use crate::include::seq::{Jiffies, Seq};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkBuff};
use crate::include::sock::{ProtoId, Sock, UserArea};
use crate::include::socket::Socket;
use crate::include::tcp::{TcpHdr, TcpState, TimeReason};
use crate::include::timer::TimerId;

/// A typed argument or return value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg {
    /// Nothing.
    Unit,
    /// A number.
    Int(i32),
    /// A number that may be beyond the signed ones.
    Unsigned(u32),
    /// A truth value.
    Bool(bool),
    /// A sock by serial number.
    Sock(u32),
    /// A buffer by serial number.
    Skb(u32),
    /// A socket by serial number.
    Socket(u32),
    /// Something else in an arena.
    Object(u32),
    /// A device by index.
    Dev(u8),
    /// An address.
    Address(InAddr),
    /// A sequence number.
    Seq(Seq),
    /// A state.
    State(TcpState),
    /// A timer's reason.
    Reason(TimeReason),
    /// A transport.
    Proto(ProtoId),
    /// A TCP header: source port and destination port; its sequence number and acknowledgement follow as `More`.
    Tcp(u16, u16),
    /// A further number of the argument before it.
    More(u32),
    /// Bytes: how many.
    Bytes(u32),
    /// A timer: what it does, and the serial number of its owner.
    Timer(TimerRole, u32),
    /// A constant by its name.
    Word(Word),
    /// A null pointer.
    Null,
    /// A failure.
    Errno(Errno),
    /// The process went to sleep.
    Sleep,
}

/// What a timer does and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimerRole {
    /// `sk->timer` of a sock.
    Sock,
    /// `sk->retransmit_timer` of a sock.
    Retransmit,
    /// `sk->partial_timer` of a sock.
    Partial,
    /// The minute timer of ARP, which belongs to nobody.
    ArpCheck,
    /// The retry timer of an ARP entry.
    ArpEntry,
    /// The timer of a datagram in reassembly.
    IpExpire,
    /// The report timer of a multicast group.
    Igmp,
    /// The pause of the loopback.
    Loopback,
}

impl TimerRole {
    /// Every role.
    pub const ALL: [Self; 8] = [
        Self::Sock,
        Self::Retransmit,
        Self::Partial,
        Self::ArpCheck,
        Self::ArpEntry,
        Self::IpExpire,
        Self::Igmp,
        Self::Loopback,
    ];

    /// The function that runs when the timer fires, by its name in the kernel.
    #[must_use]
    pub fn function(self) -> &'static str {
        match self {
            Self::Sock => "net_timer",
            Self::Retransmit => "retransmit_timer",
            Self::Partial => "tcp_send_partial",
            Self::ArpCheck => "arp_check_expire",
            Self::ArpEntry => "arp_expire_request",
            Self::IpExpire => "ip_expire",
            Self::Igmp => "igmp_timer_expire",
            Self::Loopback => "loopback_ready",
        }
    }
}

impl Arg {
    /// The sock that the argument is, or whose timer it is.
    #[must_use]
    pub fn sock(self) -> Option<u32> {
        match self {
            Self::Sock(number) | Self::Timer(TimerRole::Sock | TimerRole::Retransmit | TimerRole::Partial, number) => {
                Some(number)
            }
            _ => None,
        }
    }
}

macro_rules! words {
    ($($name:ident $text:literal)*) => {
        /// Constants and names that stand as arguments.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "each is its text")]
        pub enum Word { $($name),* }
        impl Word {
            /// As the kernel's source spells it.
            #[must_use]
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The word of a text; `Somewhere` if it is none.
            #[must_use]
            pub fn named(text: &str) -> Self {
                match text { $($text => Self::$name,)* _ => Self::Somewhere }
            }
        }
    };
}
words! {
    Somewhere "..."
    FreeRead "FREE_READ"
    FreeWrite "FREE_WRITE"
    GfpAtomic "GFP_ATOMIC"
    GfpKernel "GFP_KERNEL"
    Zero "0"
    IsMyaddr "IS_MYADDR"
    IsBroadcast "IS_BROADCAST"
    IsMulticast "IS_MULTICAST"
    Backlog "backlog"
    ReceiveQueue "receive_queue"
    WriteQueue "write_queue"
    BackLog "back_log"
    Buffs "buffs"
    EntrySkb "entry->skb"
    ProxyExact "PROXY_EXACT"
    ProxyAny "PROXY_ANY"
    ProxyNone "PROXY_NONE"
    IpFwBlkChain "ip_fw_blk_chain"
    IpFwFwdChain "ip_fw_fwd_chain"
    IpAcctChain "ip_acct_chain"
    IpRcv "ip_rcv"
    ArpRcv "arp_rcv"
    RarpRcv "rarp_rcv"
    PacketRcv "packet_rcv"
    ArpDeviceEvent "arp_device_event"
    IpRtEvent "ip_rt_event"
    Timer "timer"
    Cascade "cascade"
    MathError "math error"
}

/// Values that a probe can be shown.
pub trait ToArg {
    /// The value as an argument.
    fn to_arg(&self) -> Arg;

    /// Adds the value to the arguments of an entry.
    #[inline]
    fn put(&self, args: &mut Args) {
        args.push(self.to_arg());
    }
}

/// Entries that an argument list has room for; a TCP header takes three.
const ROOM: usize = 8;

/// Arguments of an entry, without allocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Args {
    values: [Arg; ROOM],
    length: u8,
}

impl Default for Args {
    #[inline]
    fn default() -> Self {
        Self { values: [Arg::Unit; ROOM], length: 0 }
    }
}

impl Args {
    /// Adds an entry; what does not fit is not shown.
    #[inline]
    pub fn push(&mut self, value: Arg) {
        if let Some(place) = self.values.get_mut(usize::from(self.length)) {
            *place = value;
            self.length += 1;
        }
    }

    /// All entries.
    #[must_use]
    pub fn as_slice(&self) -> &[Arg] {
        self.values.get(..usize::from(self.length)).unwrap_or_default()
    }

    /// Argument by argument: each is an entry and the `More` behind it.
    pub fn iter(&self) -> impl Iterator<Item = &[Arg]> {
        self.as_slice().chunk_by(|_, next| matches!(next, Arg::More(_)))
    }
}

macro_rules! integers {
    ($($t:ty),* => $arg:expr) => { $(impl ToArg for $t {
        #[inline]
        fn to_arg(&self) -> Arg { $arg(*self as _) }
    })* };
}
integers!(i8, u8, i16, u16, i32 => Arg::Int);
integers!(u32, usize => Arg::Unsigned);

macro_rules! simple {
    ($($t:ty, $name:ident => $value:expr;)*) => { $(impl ToArg for $t {
        #[inline]
        fn to_arg(&self) -> Arg { let $name = self; $value }
    })* };
}
simple! {
    (), _unit => Arg::Unit;
    bool, value => Arg::Bool(*value);
    Id<Sock>, id => Arg::Sock(id.serial());
    Id<SkBuff>, id => Arg::Skb(id.serial());
    Id<Socket>, id => Arg::Socket(id.serial());
    Id<crate::include::fs::File>, id => Arg::Object(id.serial());
    Id<crate::include::arp::ArpTable>, id => Arg::Object(id.serial());
    Id<crate::include::ip::Ipq>, id => Arg::Object(id.serial());
    DevId, dev => Arg::Dev(dev.0);
    TaskId, task => task.0.to_arg();
    InAddr, address => Arg::Address(*address);
    Seq, seq => Arg::Seq(*seq);
    Jiffies, jiffies => Arg::Unsigned(jiffies.0);
    TcpState, state => Arg::State(*state);
    TimeReason, reason => Arg::Reason(*reason);
    ProtoId, prot => Arg::Proto(*prot);
    str, text => Arg::Word(Word::named(text));
    [u8], bytes => Arg::Bytes(bytes.len() as u32);
    Vec<u8>, bytes => Arg::Bytes(bytes.len() as u32);
    [u8; 16], bytes => Arg::Bytes(bytes.len() as u32);
    UserArea, area => Arg::Bytes(area.len);
    Errno, errno => Arg::Errno(*errno);
    FreeMode, mode => Arg::Word(match mode { FreeMode::Read => Word::FreeRead, FreeMode::Write => Word::FreeWrite });
    Gfp, gfp => Arg::Word(match gfp { Gfp::Atomic => Word::GfpAtomic, Gfp::Kernel => Word::GfpKernel });
    AddressKind, kind => Arg::Word(match kind {
        AddressKind::Other => Word::Zero,
        AddressKind::MyAddr => Word::IsMyaddr,
        AddressKind::Broadcast => Word::IsBroadcast,
        AddressKind::Multicast => Word::IsMulticast,
    });
    TimerId, timer => match timer {
        TimerId::Sock(sk) => Arg::Timer(TimerRole::Sock, sk.serial()),
        TimerId::Retransmit(sk) => Arg::Timer(TimerRole::Retransmit, sk.serial()),
        TimerId::Partial(sk) => Arg::Timer(TimerRole::Partial, sk.serial()),
        TimerId::ArpEntry(entry) => Arg::Timer(TimerRole::ArpEntry, entry.serial()),
        TimerId::IpExpire(queue) => Arg::Timer(TimerRole::IpExpire, queue.serial()),
        TimerId::Igmp(group) => Arg::Timer(TimerRole::Igmp, *group),
        TimerId::ArpCheck => Arg::Timer(TimerRole::ArpCheck, 0),
        TimerId::Loopback(_) => Arg::Timer(TimerRole::Loopback, 0),
    };
    NotifierBlock, block => Arg::Word(Word::named(block.name));
    crate::include::ip::Delivery, delivery => Arg::Skb(delivery.skb.serial());
    crate::include::ip::IpHdr, header => Arg::Bytes(u32::from(header.tot_len));
    crate::include::sock::BuildHeader, header => Arg::Skb(header.skb.serial());
    PacketType, kind => Arg::Word(match (kind.data, kind.type_) {
        (Some(_), _) => Word::PacketRcv,
        (None, ETH_P_ARP) => Word::ArpRcv,
        (None, ETH_P_RARP) => Word::RarpRcv,
        (None, _) => Word::IpRcv,
    });
    crate::include::sched::Registers, regs => regs.eax.to_arg();
    crate::include::route::Rtable, route => Arg::Address(route.rt_dst);
    ListId, list => Arg::Word(match list {
        ListId::Backlog => Word::Backlog,
        ListId::Receive(_) => Word::ReceiveQueue,
        ListId::Write(_) => Word::WriteQueue,
        ListId::BackLog(_) => Word::BackLog,
        ListId::Device(..) => Word::Buffs,
        ListId::Arp(_) => Word::EntrySkb,
    });
}

impl ToArg for TcpHdr {
    fn to_arg(&self) -> Arg {
        Arg::Tcp(self.source, self.dest)
    }
    #[inline]
    fn put(&self, args: &mut Args) {
        args.push(self.to_arg());
        args.push(Arg::More(self.seq.0));
        args.push(Arg::More(self.ack_seq.0));
    }
}
macro_rules! references {
    ($($t:ty),*) => { $(impl<T: ToArg + ?Sized> ToArg for $t {
        #[inline]
        fn to_arg(&self) -> Arg { (**self).to_arg() }
        #[inline]
        fn put(&self, args: &mut Args) { (**self).put(args); }
    })* };
}
references!(&T, &mut T);

impl<T: ToArg> ToArg for Option<T> {
    #[inline]
    fn to_arg(&self) -> Arg {
        self.as_ref().map_or(Arg::Null, T::to_arg)
    }
}
impl<T: ToArg> ToArg for KResult<T> {
    #[inline]
    fn to_arg(&self) -> Arg {
        match self {
            Ok(value) => value.to_arg(),
            Err(Stop::Errno(errno)) => Arg::Errno(*errno),
            Err(Stop::Sleep) => Arg::Sleep,
        }
    }
}
impl<A: ToArg, B: ToArg> ToArg for (A, B) {
    #[inline]
    fn to_arg(&self) -> Arg {
        self.0.to_arg()
    }
}
