//! The probe that keeps the trace: every event of a run as a record of the golden form, and beside it the few things a
//! script is printed from (frames on the cards, interrupts inside calls). It looks, it changes nothing.

use std::any::Any;
use std::collections::BTreeMap;

use super::host::FIRST_JIFFY;
use super::trace::{Record, hexadecimal};
use crate::include::arena::Id;
use crate::include::netdevice::DevId;
use crate::include::sched::{Point, TaskId};
use crate::include::skbuff::ListId;
use crate::include::snmp::{Mib, Statistics};
use crate::kernel::call::CallName;
use crate::kernel::probe::{Event, Place, Probe, QueueOperation};
use crate::kernel::{Completion, Kernel};

/// A frame on a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WireFrame {
    /// Jiffies since script time 0.
    pub jiffy: i64,
    /// `eth0` ...
    pub device: String,
    /// The stack sent it.
    pub outbound: bool,
    /// MAC header to the end of the datagram, not padded.
    pub bytes: Vec<u8>,
}

/// What a script line is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The stack sent this frame.
    Sent {
        /// Jiffies since script time 0.
        jiffy: i64,
        /// The frame.
        bytes: Vec<u8>,
    },
    /// A call came back to its process.
    Returned {
        /// Jiffies since script time 0.
        jiffy: i64,
        /// What came back.
        completion: Completion,
    },
    /// An interrupt arrived inside a call.
    Interrupt {
        /// Jiffies since script time 0, before the interrupt does anything.
        jiffy: i64,
        /// The clock, not the card.
        timer: bool,
        /// Where.
        point: Point,
        /// The function it was asked for in, if one was.
        within: Option<String>,
        /// Which occurrence.
        occurrence: u32,
        /// The process whose call it is.
        task: Option<TaskId>,
    },
}

/// Keeps what happens.
pub struct Recorder {
    /// The trace so far.
    pub records: Vec<Record>,
    /// Frames of both directions.
    pub frames: Vec<WireFrame>,
    /// What the script is printed from; taken out after every step.
    pub happenings: Vec<Happening>,
    /// Whether the events about interrupts and locks are wanted.
    extra: bool,
    /// The counters as they were at the last flush.
    counters: Statistics,
    /// Interrupts inside calls that have been announced and not ended.
    interrupts: u32,
    /// The original has died: nothing is recorded any more.
    dead: bool,
    /// The first argument of the call each task is in.
    descriptors: BTreeMap<TaskId, i32>,
}

impl Recorder {
    /// Starts from the counters as they are; `extra` switches the events about interrupts and locks on.
    #[must_use]
    pub fn new(kernel: &Kernel, extra: bool) -> Self {
        Recorder {
            records: Vec::new(),
            frames: Vec::new(),
            happenings: Vec::new(),
            extra,
            counters: kernel.stats.clone(),
            interrupts: 0,
            dead: false,
            descriptors: BTreeMap::new(),
        }
    }

    fn keep(&mut self, record: Record) {
        self.dead = record.kind == "crash";
        self.records.push(record);
    }

    fn flush(&mut self, kernel: &Kernel) {
        for counter in Mib::ALL {
            let (old, new) = (self.counters.get(counter), kernel.stats.get(counter));
            if old != new {
                let record = Record::new(now(kernel), "stat").text("name", counter.name());
                self.keep(record.number("old", old).number("new", new));
            }
        }
        self.counters = kernel.stats.clone();
    }

    fn frame(&mut self, kernel: &Kernel, device: DevId, bytes: &[u8], outbound: bool) {
        let name = device_name(kernel, device);
        let record = Record::new(now(kernel), "frame")
            .text("dir", if outbound { "out" } else { "in" })
            .text("dev", name.clone())
            .number("len", bytes.len() as i64)
            .text("hex", hexadecimal(bytes));
        self.keep(record);
        self.frames.push(WireFrame { jiffy: now(kernel), device: name, outbound, bytes: bytes.to_vec() });
        if outbound {
            self.happenings.push(Happening::Sent { jiffy: now(kernel), bytes: bytes.to_vec() });
        }
    }
}

/// Jiffies since script time 0.
#[must_use]
pub fn now(kernel: &Kernel) -> i64 {
    i64::from(kernel.jiffies.0) - i64::from(FIRST_JIFFY)
}

fn device_name(kernel: &Kernel, device: DevId) -> String {
    kernel.dev.get(usize::from(device.0)).map_or_else(String::new, |device| device.name.clone())
}

fn pid(kernel: &Kernel, task: Option<TaskId>) -> i64 {
    task.and_then(|task| kernel.tasks.get(task.0 as usize)).map_or(0, |task| i64::from(task.pid))
}

/// The queues of a sock as the trace names them; skb_append never knows its list and says receive_queue.
fn queue_name(list: ListId, operation: QueueOperation) -> Option<&'static str> {
    match (list, operation) {
        (ListId::Receive(_), _) | (ListId::Write(_), QueueOperation::Append) => Some("receive_queue"),
        (ListId::Write(_), _) => Some("write_queue"),
        (ListId::BackLog(_), _) => Some("back_log"),
        (ListId::Backlog | ListId::Device(..) | ListId::Arp(_), _) => None,
    }
}

/// Whether the address that recvfrom returns comes from a raw socket, whose port is left-over memory in the original.
fn is_raw(kernel: &Kernel, task: TaskId, descriptor: i32) -> bool {
    let file = kernel.tasks.get(task.0 as usize).and_then(|task| task.files.get(usize::try_from(descriptor).ok()?));
    let socket = file.and_then(|file| kernel.files.get(file)).and_then(|file| file.f_inode);
    socket
        .and_then(|socket| kernel.sockets.get(socket))
        .is_some_and(|socket| socket.type_ == crate::include::socket::SOCK_RAW)
}

impl Probe for Recorder {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: Place) {
        let event = &event;
        if self.dead {
            return;
        }
        match event {
            Event::FrameIn { dev, bytes } => self.frame(kernel, *dev, bytes, false),
            Event::FrameOut { dev, bytes } => self.frame(kernel, *dev, bytes, true),
            Event::StatFlush => self.flush(kernel),
            Event::SyscallExit { task, name, ret, out } => {
                let completion = Completion { task: *task, name: *name, ret: *ret, out: out.clone() };
                self.happenings.push(Happening::Returned { jiffy: now(kernel), completion });
            }
            Event::IrqEnter { timer, point, within, nth, .. } => {
                self.happenings.push(Happening::Interrupt {
                    jiffy: now(kernel),
                    timer: *timer,
                    point: *point,
                    within: within.clone(),
                    occurrence: *nth,
                    task: kernel.current,
                });
            }
            _ => {}
        }
        if let Event::SyscallEnter { task, args, .. } = event {
            let descriptor = args.first().map_or(-1, |(_, value)| *value);
            self.descriptors.insert(*task, descriptor);
        }
        let descriptor = match event {
            Event::SyscallExit { task, .. } => self.descriptors.get(task).copied(),
            _ => None,
        };
        // An interrupt between two inputs has no line of its own, so its end has none either.
        let unannounced = match event {
            Event::IrqEnter { .. } => {
                self.interrupts += 1;
                false
            }
            Event::IrqExit { .. } if self.interrupts == 0 => true,
            Event::IrqExit { .. } => {
                self.interrupts -= 1;
                false
            }
            _ => false,
        };
        if unannounced {
            return;
        }
        let record = call_record(kernel, event, descriptor)
            .or_else(|| sock_record(kernel, event))
            .or_else(|| timer_record(kernel, event))
            .or_else(|| if self.extra { extra_record(kernel, event) } else { None });
        if let Some(record) = record {
            self.keep(record);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

/// Calls, sleeping and waking, signals. `descriptor` is the first argument of the call that returns.
fn call_record(kernel: &Kernel, event: &Event, descriptor: Option<i32>) -> Option<Record> {
    let record = |kind| Record::new(now(kernel), kind);
    Some(match event {
        Event::SyscallEnter { task, name, args } => {
            let mut enter = record("syscall_enter").number("pid", pid(kernel, Some(*task))).text("name", name.name());
            for (position, value) in args {
                enter = enter.number(format!("a{position}"), *value);
            }
            enter
        }
        Event::SyscallExit { task, name, ret, out } => {
            let mut exit = record("syscall_exit")
                .number("pid", pid(kernel, Some(*task)))
                .text("name", name.name())
                .number("ret", *ret)
                .buffers("out", out);
            exit.port_is_noise =
                *name == CallName::Recvfrom && descriptor.is_some_and(|number| is_raw(kernel, *task, number));
            exit
        }
        Event::Sleep { task } => record("sleep").number("pid", pid(kernel, Some(*task))),
        Event::WakeUp { task } => record("wake_up").number("pid", pid(kernel, Some(*task))),
        Event::Signal { task, signal } => {
            record("signal").number("pid", pid(kernel, Some(*task))).number("sig", *signal)
        }
        Event::Printk { .. } => record("printk"),
        Event::Crash => record("crash").number("sig", 11),
        Event::NicFiltered { dev } => record("nic_filtered").text("dev", device_name(kernel, *dev)),
        _ => return None,
    })
}

/// Socks, their states and their queues.
fn sock_record(kernel: &Kernel, event: &Event) -> Option<Record> {
    let record = |kind| Record::new(now(kernel), kind);
    Some(match event {
        Event::NewSock { sk, parent } => {
            record("new_sock").number("sk", sk.serial()).number("parent", parent.map_or(0, Id::serial))
        }
        Event::State { sk, old, new } => {
            record("state").number("sk", sk.serial()).text("old", state_name(*old)).text("new", state_name(*new))
        }
        Event::Enqueue { sk, list, operation, len, skb_len, mem_len } => record("enqueue")
            .number("sk", sk.serial())
            .text("queue", queue_name(*list, *operation)?)
            .text(
                "op",
                match operation {
                    QueueOperation::Head => "head",
                    QueueOperation::Tail => "tail",
                    QueueOperation::Append => "append",
                },
            )
            .number("len", *len)
            .number("skb_len", *skb_len)
            .number("mem_len", *mem_len),
        _ => return None,
    })
}

fn state_name(state: crate::include::tcp::TcpState) -> &'static str {
    state.name().trim_start_matches("TCP_")
}

/// Timers.
fn timer_record(kernel: &Kernel, event: &Event) -> Option<Record> {
    let record = |kind| Record::new(now(kernel), kind);
    Some(match event {
        Event::TimerSet { sk, xmit, why, delay } => record("timer_set")
            .number("sk", sk.serial())
            .text("timer", if *xmit { "xmit" } else { "sk" })
            .text("why", why.name())
            .number("delay", *delay),
        Event::AddTimer { function, delay } => record("add_timer").text("fn", *function).number("delay", *delay),
        Event::TimerFire { function, sk } => {
            record("timer_fire").text("fn", *function).number("sk", sk.map_or(0, Id::serial))
        }
        _ => return None,
    })
}

/// A point as a script writes it. Where the interrupt was held, it was taken in another function than this.
fn point_name(point: Point, within: Option<&str>) -> String {
    within.map_or_else(|| point.name().to_owned(), |function| format!("{}@{function}", point.name()))
}

/// The events that appear only in scripts with a `//@` line.
fn extra_record(kernel: &Kernel, event: &Event) -> Option<Record> {
    let record = |kind| Record::new(now(kernel), kind);
    let context = |process: bool| if process { "process" } else { "bh" };
    Some(match event {
        Event::LoFrame { bytes } => {
            record("lo_frame").number("len", bytes.len() as i64).text("hex", hexadecimal(bytes))
        }
        Event::IrqEnter { timer, point, within, nth, function, held_by_cli, intr_count } => record("irq_enter")
            .text("irq", if *timer { "timer" } else { "net" })
            .text("point", point_name(*point, within.as_deref()))
            .number("n", *nth)
            .text("fn", *function)
            .number("pid", pid(kernel, kernel.current))
            .number("held_by_cli", *held_by_cli)
            .number("intr_count", *intr_count),
        Event::IrqExit { bottom_half } => record("irq_exit").number("bh", *bottom_half),
        Event::BhEnter { task } => record("bh_enter").number("pid", pid(kernel, *task)),
        Event::BhExit { task } => record("bh_exit").number("pid", pid(kernel, *task)),
        Event::Inuse { sk, old, new, function, process } => record("inuse")
            .number("sk", sk.serial())
            .number("old", *old)
            .number("new", *new)
            .text("fn", *function)
            .text("ctx", context(*process)),
        Event::Dequeue { sk, list: _, function, len, skb_len, mem_len } => record("dequeue")
            .number("sk", sk.serial())
            .text("queue", "back_log")
            .text("fn", *function)
            .number("len", *len)
            .number("skb_len", *skb_len)
            .number("mem_len", *mem_len),
        Event::ReplayEnter { sk, skb_len, process } => record("replay_enter")
            .number("sk", sk.serial())
            .number("redo", 1)
            .number("skb_len", *skb_len)
            .text("ctx", context(*process)),
        Event::ReplayExit { sk } => record("replay_exit").number("sk", sk.serial()),
        Event::IrqUnused { point, within, nth } => {
            record("irq_unused").text("point", point_name(*point, within.as_deref())).number("n", *nth)
        }
        _ => return None,
    })
}
