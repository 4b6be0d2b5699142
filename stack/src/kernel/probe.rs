//! The probe: how a run is watched without being changed.
//!
//! A kernel function announces its entry and its exit (`#[kfn]`), a branch worth seeing leaves a note, a discarded packet
//! names its reason, and the places that the traces of the original list are events. Whoever watches gets each of them
//! together with `&Kernel`. The slot is no part of the kernel's value: a clone is unwatched, and comparison ignores it.

use std::any::Any;
use std::fmt;
use std::panic::Location;

use super::Kernel;
use crate::include::netdevice::DevId;
use crate::include::sched::{Point, TaskId};
use crate::include::skbuff::{ListId, SkbId};
use crate::include::sock::SockId;
use crate::include::tcp::{TcpState, TimeReason};
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
    /// Line of its signature in it.
    pub line: u32,
    /// Line of the brace that ends it.
    pub last_line: u32,
    /// Names of the arguments, the kernel left out.
    pub arguments: &'static [&'static str],
}

pub use super::argument::{Arg, Args, TimerRole, ToArg, Word};
/// Why a packet was thrown away.
pub use super::discard::Discard;

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
    /// A kernel function is entered; its place is where it was called.
    Enter {
        function: &'static KFn,
        args: Args,
    },
    /// It returns; its place is where it was called.
    Exit {
        function: &'static KFn,
        value: Arg,
    },
    /// A branch worth seeing.
    Note {
        text: &'static str,
    },
    /// A packet is thrown away.
    Discard {
        reason: Discard,
        skb: Option<SkbId>,
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
        /// The function the point was asked for in, if one was.
        within: Option<String>,
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
        within: Option<String>,
        nth: u32,
    },
}

impl Event {
    /// The sock that the event itself speaks of, where it is about one.
    #[must_use]
    pub fn sock(&self) -> Option<SockId> {
        match self {
            Self::NewSock { sk, .. }
            | Self::State { sk, .. }
            | Self::TimerSet { sk, .. }
            | Self::Enqueue { sk, .. }
            | Self::Dequeue { sk, .. }
            | Self::Inuse { sk, .. }
            | Self::ReplayEnter { sk, .. }
            | Self::ReplayExit { sk }
            | Self::TimerFire { sk: Some(sk), .. } => Some(*sk),
            _ => None,
        }
    }
}

/// Where in our source something happens: the statement of a kernel function, not the helper that announces it. Helpers
/// that store and announce in one are `#[track_caller]`, so that the place is that of their call.
pub type Place = &'static Location<'static>;

/// Watches a run.
pub trait Probe: Send {
    /// Something happens at a place; the kernel is shown as it is at that moment.
    fn observe(&mut self, kernel: &Kernel, event: Event, place: Place);
    /// The most frequent event, `Event::Enter`, in its parts: a probe that keeps it need not move it about.
    fn enter(&mut self, kernel: &Kernel, function: &'static KFn, args: &Args, place: Place) {
        self.observe(kernel, Event::Enter { function, args: *args }, place);
    }
    /// Likewise `Event::Exit`.
    fn exit(&mut self, kernel: &Kernel, function: &'static KFn, value: Arg, place: Place) {
        self.observe(kernel, Event::Exit { function, value }, place);
    }
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

    /// Tells the probe; the event is made only if somebody watches. Its place is the line of this call, or of the call
    /// of the `#[track_caller]` helper that it stands in.
    #[inline]
    #[track_caller]
    pub fn emit(&mut self, event: impl FnOnce(&Self) -> Event) {
        if self.probe_is_on() {
            self.tell(Location::caller(), event);
        }
    }

    #[cold]
    #[inline(never)]
    fn tell(&mut self, place: Place, event: impl FnOnce(&Self) -> Event) {
        self.show(|probe, k| probe.observe(k, event(k), place));
    }

    /// Shows a living kernel: what the functions do on their way out of a dead one did not happen.
    #[inline]
    fn show(&mut self, look: impl FnOnce(&mut dyn Probe, &Self)) {
        if self.oops.is_none() {
            self.take_a_look(look);
        }
    }

    /// Shows that the kernel has died, the last that there is to see.
    #[cold]
    #[track_caller]
    pub(super) fn show_crash(&mut self) {
        let place = Location::caller();
        if self.probe_is_on() {
            self.take_a_look(|probe, k| probe.observe(k, Event::Crash, place));
        }
    }

    /// Takes the probe out of its slot while it looks at the kernel.
    #[inline]
    fn take_a_look(&mut self, look: impl FnOnce(&mut dyn Probe, &Self)) {
        if let Some(mut probe) = self.probe.0.take() {
            look(&mut *probe, self);
            self.probe.0 = Some(probe);
        }
    }

    /// Called by `#[kfn]`.
    pub fn probe_enter(&mut self, function: &'static KFn, args: &Args, caller: Place) {
        self.show(|probe, k| probe.enter(k, function, args, caller));
    }

    /// Called by `#[kfn]`.
    pub fn probe_exit(&mut self, function: &'static KFn, value: Arg, caller: Place) {
        self.show(|probe, k| probe.exit(k, function, value, caller));
    }
}

/// Leaves a note at a branch worth seeing: `note!(k, "the sock is in use: the segment waits on back_log")`.
#[macro_export]
macro_rules! note {
    ($k:expr, $text:literal) => {
        $k.emit(|_| $crate::kernel::probe::Event::Note { text: $text })
    };
}

/// Names the reason for which a packet is thrown away: `discard!(k, skb, BadChecksum)`. The buffer is freed elsewhere.
#[macro_export]
macro_rules! discard {
    ($k:expr, $skb:expr, $reason:ident) => {{
        let skb = Option::from($skb);
        $k.emit(|_| $crate::kernel::probe::Event::Discard { reason: $crate::kernel::probe::Discard::$reason, skb })
    }};
}
