//! The probe: how a run is watched without being changed.
//!
//! A kernel function announces its entry and its exit (`#[kfn]`), a branch worth seeing leaves a note, a discarded packet
//! names its reason, and the places that the traces of the original list are events. Whoever watches gets each of them
//! together with `&Kernel`. The slot is no part of the kernel's value: a clone is unwatched, and comparison ignores it.

use std::any::Any;
use std::fmt;
use std::panic::Location;

use super::Kernel;
use crate::include::arena::Id;
use crate::include::errno::{Errno, KResult, Stop};
use crate::include::in_addr::InAddr;
use crate::include::netdevice::{AddressKind, DevId};
use crate::include::sched::{Point, TaskId};
use crate::include::seq::{Jiffies, Seq};
use crate::include::skbuff::{FreeMode, Gfp, ListId, SkBuff, SkbId};
use crate::include::sock::{ProtoId, Sock, SockId, UserArea};
use crate::include::socket::Socket;
use crate::include::tcp::{TcpHdr, TcpState, TimeReason};
use crate::include::timer::TimerId;
use crate::kernel::call::CallName;

/// A function of the original, as `#[kfn]` cites it.
#[derive(Debug, PartialEq, Eq)]
pub struct KFn {
    /// Name.
    pub name: &'static str,
    /// File of the original, `net/inet/tcp.c`.
    pub file: &'static str,
    /// RFC section, or empty.
    pub rfc: &'static str,
    /// First sentence of its documentation.
    pub summary: &'static str,
    /// Our source file.
    pub rust_file: &'static str,
    /// Line of the attribute in it.
    pub line: u32,
    /// Names of the arguments, the kernel left out.
    pub arguments: &'static [&'static str],
}

/// A typed argument or return value; formatted only when somebody looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Arg {
    /// Nothing.
    Unit,
    /// A signed number.
    Int(i64),
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
    /// A TCP header: source port, destination port, sequence number, acknowledgement.
    Tcp(u16, u16, u32, u32),
    /// Bytes: how many.
    Bytes(u32),
    /// A word.
    Text(&'static str),
    /// A null pointer.
    Null,
    /// A failure.
    Errno(Errno),
    /// The process went to sleep.
    Sleep,
}

/// Values that a probe can be shown.
pub trait ToArg {
    /// The value as an argument.
    fn to_arg(&self) -> Arg;
}

macro_rules! integers { ($($t:ty),*) => { $(impl ToArg for $t { fn to_arg(&self) -> Arg { Arg::Int(*self as i64) } })* } }
integers!(i8, u8, i16, u16, i32, u32, i64, u64, usize);

macro_rules! simple {
    ($($t:ty, $name:ident => $value:expr;)*) => { $(impl ToArg for $t { fn to_arg(&self) -> Arg { let $name = self; $value } })* };
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
    TaskId, task => Arg::Int(i64::from(task.0));
    InAddr, address => Arg::Address(*address);
    Seq, seq => Arg::Seq(*seq);
    Jiffies, jiffies => Arg::Int(i64::from(jiffies.0));
    TcpState, state => Arg::State(*state);
    TimeReason, reason => Arg::Reason(*reason);
    ProtoId, prot => Arg::Proto(*prot);
    TcpHdr, header => Arg::Tcp(header.source, header.dest, header.seq.0, header.ack_seq.0);
    str, _text => Arg::Text("...");
    [u8], bytes => Arg::Bytes(bytes.len() as u32);
    Vec<u8>, bytes => Arg::Bytes(bytes.len() as u32);
    [u8; 16], bytes => Arg::Bytes(bytes.len() as u32);
    UserArea, area => Arg::Bytes(area.len);
    Errno, errno => Arg::Errno(*errno);
    FreeMode, mode => Arg::Text(match mode { FreeMode::Read => "FREE_READ", FreeMode::Write => "FREE_WRITE" });
    Gfp, gfp => Arg::Text(match gfp { Gfp::Atomic => "GFP_ATOMIC", Gfp::Kernel => "GFP_KERNEL" });
    AddressKind, kind => Arg::Text(match kind {
        AddressKind::Other => "0",
        AddressKind::MyAddr => "IS_MYADDR",
        AddressKind::Broadcast => "IS_BROADCAST",
        AddressKind::Multicast => "IS_MULTICAST",
    });
    TimerId, timer => match timer {
        TimerId::Sock(sk) | TimerId::Retransmit(sk) | TimerId::Partial(sk) => Arg::Sock(sk.serial()),
        TimerId::ArpEntry(entry) => Arg::Object(entry.serial()),
        TimerId::IpExpire(queue) => Arg::Object(queue.serial()),
        TimerId::Igmp(group) => Arg::Int(i64::from(*group)),
        TimerId::ArpCheck => Arg::Null,
    };
    crate::include::ip::Delivery, delivery => Arg::Skb(delivery.skb.serial());
    crate::include::ip::IpHdr, header => Arg::Bytes(u32::from(header.tot_len));
    crate::include::sock::BuildHeader, header => Arg::Skb(header.skb.serial());
    crate::include::netdevice::PacketType, kind => Arg::Text(kind.name);
    crate::include::sched::Registers, regs => Arg::Int(i64::from(regs.eax));
    crate::include::route::Rtable, route => Arg::Address(route.rt_dst);
    ListId, list => match list {
        ListId::Backlog => Arg::Text("backlog"),
        ListId::Receive(_) => Arg::Text("receive_queue"),
        ListId::Write(_) => Arg::Text("write_queue"),
        ListId::BackLog(_) => Arg::Text("back_log"),
        ListId::Device(..) => Arg::Text("buffs"),
        ListId::Arp(_) => Arg::Text("entry->skb"),
    };
}

impl<T: ToArg + ?Sized> ToArg for &T {
    fn to_arg(&self) -> Arg {
        (**self).to_arg()
    }
}
impl<T: ToArg + ?Sized> ToArg for &mut T {
    fn to_arg(&self) -> Arg {
        (**self).to_arg()
    }
}
impl<T: ToArg> ToArg for Option<T> {
    fn to_arg(&self) -> Arg {
        self.as_ref().map_or(Arg::Null, T::to_arg)
    }
}
impl<T: ToArg> ToArg for KResult<T> {
    fn to_arg(&self) -> Arg {
        match self {
            Ok(value) => value.to_arg(),
            Err(Stop::Errno(errno)) => Arg::Errno(*errno),
            Err(Stop::Sleep) => Arg::Sleep,
        }
    }
}
impl<A: ToArg, B: ToArg> ToArg for (A, B) {
    fn to_arg(&self) -> Arg {
        self.0.to_arg()
    }
}

/// Why a packet was thrown away.
pub use super::discard::Discard;

/// Arguments of one function that are shown.
const SHOWN: usize = 7;

/// Arguments of an entry, without allocation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Args {
    values: [Arg; SHOWN],
    length: u8,
}

impl Args {
    fn new(arguments: &[Arg]) -> Self {
        let mut values = [Arg::Unit; SHOWN];
        let length = arguments.len().min(values.len());
        values[..length].copy_from_slice(&arguments[..length]);
        Self { values, length: length as u8 }
    }

    /// The arguments.
    #[must_use]
    pub fn as_slice(&self) -> &[Arg] {
        &self.values[..usize::from(self.length)]
    }
}

/// How a buffer came onto a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueueOperation {
    /// skb_queue_head.
    Head,
    /// skb_queue_tail.
    Tail,
    /// skb_append.
    Append,
}

/// What a probe is told.
#[derive(Clone, Debug, PartialEq)]
#[allow(
    missing_docs,
    reason = "the fields are those of the golden traces, described in stack/tests/golden and lab/conformance"
)]
pub enum Event {
    /// A kernel function is entered; `file` and `line` tell where it was called.
    Enter {
        function: &'static KFn,
        args: Args,
        file: &'static str,
        line: u32,
    },
    /// It returns.
    Exit {
        function: &'static KFn,
        value: Arg,
    },
    /// A branch worth seeing.
    Note {
        text: &'static str,
        file: &'static str,
        line: u32,
    },
    /// A packet is thrown away.
    Discard {
        reason: Discard,
        skb: Option<SkbId>,
        file: &'static str,
        line: u32,
    },
    FrameIn {
        dev: DevId,
        bytes: Vec<u8>,
    },
    FrameOut {
        dev: DevId,
        bytes: Vec<u8>,
    },
    NicFiltered {
        dev: DevId,
    },
    LoFrame {
        bytes: Vec<u8>,
    },
    SyscallEnter {
        task: TaskId,
        name: CallName,
        args: Vec<(u8, i32)>,
    },
    SyscallExit {
        task: TaskId,
        name: CallName,
        ret: i32,
        out: Vec<Vec<u8>>,
    },
    NewSock {
        sk: SockId,
        parent: Option<SockId>,
    },
    State {
        sk: SockId,
        old: TcpState,
        new: TcpState,
    },
    TimerSet {
        sk: SockId,
        xmit: bool,
        why: TimeReason,
        delay: u32,
    },
    AddTimer {
        function: &'static str,
        delay: u32,
    },
    TimerFire {
        function: &'static str,
        sk: Option<SockId>,
    },
    Enqueue {
        sk: SockId,
        list: ListId,
        operation: QueueOperation,
        len: u32,
        skb_len: u32,
        mem_len: u32,
    },
    Dequeue {
        sk: SockId,
        list: ListId,
        function: &'static str,
        len: u32,
        skb_len: u32,
        mem_len: u32,
    },
    Sleep {
        task: TaskId,
    },
    WakeUp {
        task: TaskId,
    },
    Signal {
        task: TaskId,
        signal: i32,
    },
    /// The counters may be compared with those of the last flush now.
    StatFlush,
    Printk {
        text: &'static str,
    },
    Crash,
    IrqEnter {
        timer: bool,
        point: Point,
        qualified: bool,
        nth: u32,
        function: &'static str,
        held_by_cli: bool,
        intr_count: u32,
    },
    IrqExit {
        bottom_half: i8,
    },
    BhEnter {
        task: Option<TaskId>,
    },
    BhExit {
        task: Option<TaskId>,
    },
    Inuse {
        sk: SockId,
        old: bool,
        new: bool,
        function: &'static str,
        process: bool,
    },
    ReplayEnter {
        sk: SockId,
        skb_len: u32,
        process: bool,
    },
    ReplayExit {
        sk: SockId,
    },
    IrqUnused {
        point: Point,
        nth: u32,
    },
}

/// Watches a run.
pub trait Probe: Send {
    /// Something happens; the kernel is shown as it is at that moment.
    fn observe(&mut self, kernel: &Kernel, event: Event);
    /// Gives the probe back as what it is, after the run.
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

/// The place of a probe in a kernel.
#[derive(Default)]
pub struct ProbeSlot(Option<Box<dyn Probe>>);

impl Clone for ProbeSlot {
    fn clone(&self) -> Self {
        Self(None)
    }
}
impl PartialEq for ProbeSlot {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl std::hash::Hash for ProbeSlot {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}
impl fmt::Debug for ProbeSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "watched" } else { "unwatched" })
    }
}

impl Kernel {
    /// Puts a probe into the slot.
    pub fn watch(&mut self, probe: Box<dyn Probe>) {
        self.probe.0 = Some(probe);
    }

    /// Takes the probe out, if it is one of type `P`.
    pub fn unwatch<P: 'static>(&mut self) -> Option<Box<P>> {
        self.probe.0.take().and_then(|probe| probe.into_any().downcast().ok())
    }

    /// Whether somebody watches.
    #[inline]
    #[must_use]
    pub fn probe_is_on(&self) -> bool {
        cfg!(feature = "probe") && self.probe.0.is_some()
    }

    /// Tells the probe; the event is made only if somebody watches.
    #[inline]
    pub fn emit(&mut self, event: impl FnOnce(&Self) -> Event) {
        if self.probe_is_on() {
            let event = event(self);
            self.tell(event);
        }
    }

    #[cold]
    fn tell(&mut self, event: Event) {
        if let Some(mut probe) = self.probe.0.take() {
            probe.observe(self, event);
            self.probe.0 = Some(probe);
        }
    }

    /// Called by `#[kfn]`.
    #[cold]
    pub fn probe_enter(&mut self, function: &'static KFn, args: &[Arg], caller: &'static Location<'static>) {
        let event = Event::Enter { function, args: Args::new(args), file: caller.file(), line: caller.line() };
        self.tell(event);
    }

    /// Called by `#[kfn]`.
    #[cold]
    pub fn probe_exit(&mut self, function: &'static KFn, value: Arg) {
        self.tell(Event::Exit { function, value });
    }
}

/// Leaves a note at a branch worth seeing: `note!(k, "the sock is in use: the segment waits on back_log")`.
#[macro_export]
macro_rules! note {
    ($k:expr, $text:literal) => {
        $k.emit(|_| $crate::kernel::probe::Event::Note { text: $text, file: file!(), line: line!() })
    };
}

/// Names the reason for which a packet is thrown away: `discard!(k, skb, BadChecksum)`. The buffer is freed elsewhere.
#[macro_export]
macro_rules! discard {
    ($k:expr, $skb:expr, $reason:ident) => {{
        let skb = Option::from($skb);
        $k.emit(|_| $crate::kernel::probe::Event::Discard {
            reason: $crate::kernel::probe::Discard::$reason,
            skb,
            file: file!(),
            line: line!(),
        })
    }};
}
