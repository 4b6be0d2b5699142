//! What an expression can ask of a host: the views of the stack, by the names of their fields.

use core::fmt;

use crate::include::in_addr::InAddr;
use crate::include::sched::TaskState;
use crate::include::skbuff::SkbId;
use crate::include::snmp::Mib;
use crate::kernel::Kernel;
use crate::kernel::traps::Vector;
use crate::view::Value;
use crate::view::arp::ArpView;
use crate::view::device::DeviceView;
use crate::view::queue::{SkbView, send_queue};
use crate::view::sock::{SockField, by_number};
use crate::view::task::TaskView;
use crate::view::timer::TimerView;

/// Something of a host. Two are equal wherever they are written.
#[derive(Clone, Debug)]
pub struct Path {
    /// Name of the host.
    pub host: String,
    /// Column of the name, from 1.
    pub column: u32,
    /// What of it.
    pub subject: Subject,
}

impl PartialEq for Path {
    fn eq(&self, other: &Self) -> bool {
        (&self.host, &self.subject) == (&other.host, &other.subject)
    }
}

impl Eq for Path {}

/// A queue of a sock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// `receive_queue`
    Receive,
    /// `back_log`
    BackLog,
    /// `write_queue`
    Write,
    /// From `send_head` on.
    Send,
}

/// What is asked of a host; a field that is absent asks whether the thing exists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// `sock(N)`
    Sock(u32, Option<SockField>),
    /// `sock(N).receive_queue[I]`
    Skb(u32, Queue, usize, Option<&'static str>),
    /// `task(PID)`
    Task(i32, Option<&'static str>),
    /// `arp("ADDRESS")`
    Arp(InAddr, Option<&'static str>),
    /// `device("NAME")`
    Device(String, Option<&'static str>),
    /// `timer("FUNCTION")` or `timer("FUNCTION", SOCK)`
    Timer(String, Option<u32>, Option<&'static str>),
    /// `regs.NAME`
    Register(&'static str),
    /// `idt(VECTOR)`
    Gate(u8, &'static str),
    /// `sys_call_table(NUMBER)`
    SystemCall(u32),
    /// `socks.len` and its like.
    Count(&'static str),
    /// `jiffies` and its like.
    Word(&'static str),
    /// `snmp.NAME`: a counter of /proc/net/snmp.
    Counter(Mib),
}

/// Registers that may be asked for.
pub(super) const REGISTERS: &[&str] = &["eax", "ebx", "ecx", "edx", "esi", "edi", "orig_eax"];
/// Fields of a gate.
pub(super) const GATE_FIELDS: &[&str] = &["leads_to", "kind", "dpl"];
/// Things that are counted.
pub(super) const COUNTS: &[&str] = &["socks", "tasks", "arps", "timers", "backlog"];
/// Words of the kernel.
pub(super) const WORDS: &[&str] = &["jiffies", "intr_count", "bh_active"];
/// Queues of a sock by name.
pub(super) const QUEUES: &[(&str, Queue)] = &[
    ("receive_queue", Queue::Receive),
    ("back_log", Queue::BackLog),
    ("write_queue", Queue::Write),
    ("send_queue", Queue::Send),
];

impl Queue {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        QUEUES.iter().find(|(_, queue)| *queue == self).map_or("", |(name, _)| name)
    }
}

impl Subject {
    /// Its value; `NULL` where it does not exist.
    #[must_use]
    pub fn value(&self, k: &Kernel) -> Value {
        match self {
            Self::Sock(number, field) => {
                let sk = by_number(k, *number);
                field.map_or(Value::Bool(sk.is_some()), |field| sk.map_or(Value::Null, |sk| field.value(k, sk)))
            }
            Self::Skb(number, queue, index, field) => {
                let view = skb_on(k, *number, *queue, *index).and_then(|skb| SkbView::of(k, skb));
                field_of(view.as_ref(), *field, SkbView::field)
            }
            Self::Task(pid, field) => field_of(TaskView::by_pid(k, *pid).as_ref(), *field, TaskView::field),
            Self::Arp(address, field) => field_of(ArpView::by_address(k, *address).as_ref(), *field, ArpView::field),
            Self::Device(name, Some(field)) => DeviceView::read(k, name, field).unwrap_or(Value::Null),
            Self::Device(name, None) => Value::Bool(k.dev.iter().any(|device| device.name == *name)),
            Self::Timer(function, sock, field) => {
                field_of(TimerView::first(k, function, *sock).as_ref(), *field, TimerView::field)
            }
            Self::Register(name) => register(k, name),
            Self::Gate(vector, field) => gate(k, *vector, field),
            Self::SystemCall(number) => Value::from(k.sys_call_table.get(*number).map(|call| call.name)),
            Self::Count(what) => Value::from(count(k, what)),
            Self::Word(word) => Value::from(match *word {
                "jiffies" => k.jiffies.0,
                "intr_count" => k.intr_count,
                _ => k.bh_active,
            }),
            Self::Counter(counter) => Value::from(k.stats.get(*counter)),
        }
    }

    /// The field that is asked for; of what has no fields, and where only the thing itself is asked for, none.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        match self {
            Self::Sock(_, field) => field.map(|field| field.name),
            Self::Skb(_, _, _, field)
            | Self::Task(_, field)
            | Self::Arp(_, field)
            | Self::Device(_, field)
            | Self::Timer(_, _, field) => *field,
            Self::Gate(_, field) => Some(field),
            Self::Register(_) | Self::SystemCall(_) | Self::Count(_) | Self::Word(_) | Self::Counter(_) => None,
        }
    }

    /// Whether it is a queue of a sock, whose value is its length.
    pub(super) fn queue(&self) -> bool {
        matches!(self, Self::Sock(_, Some(field)) if is_queue(*field))
    }

    /// Whether its value moves with the clock alone, without anything happening on its host.
    #[must_use]
    pub fn tells_time(&self) -> bool {
        match self {
            Self::Timer(_, _, field) => *field == Some("left"),
            Self::Arp(_, field) => {
                field.is_some_and(|field| ["next_request", "idle", "may_expire_in"].contains(&field))
            }
            Self::Word(word) => *word == "jiffies",
            Self::Sock(..)
            | Self::Skb(..)
            | Self::Task(..)
            | Self::Device(..)
            | Self::Register(_)
            | Self::Gate(..)
            | Self::SystemCall(_)
            | Self::Count(_)
            | Self::Counter(_) => false,
        }
    }
}

/// Whether a field of a sock is a queue.
pub(super) fn is_queue(field: SockField) -> bool {
    QUEUES.iter().any(|(name, _)| *name == field.name)
}

/// A field of a view; without a field, whether the view exists.
pub(super) fn field_of<V>(
    view: Option<&V>,
    field: Option<&'static str>,
    read: impl Fn(&V, &str) -> Option<Value>,
) -> Value {
    match (view, field) {
        (Some(view), Some(field)) => read(view, field).unwrap_or(Value::Null),
        (None, Some(_)) => Value::Null,
        (view, None) => Value::Bool(view.is_some()),
    }
}

/// A buffer on a queue of a sock.
pub(super) fn skb_on(k: &Kernel, number: u32, queue: Queue, index: usize) -> Option<SkbId> {
    let sk = by_number(k, number)?;
    let sock = k.sock.get(sk)?;
    match queue {
        Queue::Receive => sock.receive_queue.get(index).copied(),
        Queue::BackLog => sock.back_log.get(index).copied(),
        Queue::Write => sock.write_queue.get(index).copied(),
        Queue::Send => send_queue(k, sk).get(index).copied(),
    }
}

fn register(k: &Kernel, name: &str) -> Value {
    let Some(task) = k.current.and_then(|task| k.tasks.get(task.0 as usize)) else { return Value::Null };
    let regs = task.regs;
    Value::from(match name {
        "eax" => regs.eax,
        "ebx" => regs.ebx,
        "ecx" => regs.ecx,
        "edx" => regs.edx,
        "esi" => regs.esi,
        "edi" => regs.edi,
        _ => return Value::from(regs.orig_eax),
    })
}

fn gate(k: &Kernel, vector: u8, field: &str) -> Value {
    let gate = k.idt.gate(vector);
    match field {
        "kind" => Value::from(gate.kind),
        "dpl" => Value::from(gate.dpl),
        _ => match gate.vector {
            Vector::Empty => Value::Null,
            Vector::Exception(name) | Vector::SlowInterrupt(_, name) => Value::from(name),
            Vector::Reserved => Value::from("reserved"),
            Vector::SystemCall => Value::from("system_call"),
            Vector::BadInterrupt(_) => Value::from("bad_interrupt"),
        },
    }
}

fn count(k: &Kernel, what: &str) -> usize {
    match what {
        "socks" => k.sock.len(),
        "tasks" => k.tasks.iter().skip(1).filter(|task| task.state != TaskState::Unused).count(),
        "arps" => k.arp.len(),
        "timers" => k.timers.len(),
        _ => k.backlog.len(),
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.host, self.subject)
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let field = match self {
            Self::Sock(number, field) => {
                write!(f, "sock({number})")?;
                &field.map(|field| field.name)
            }
            Self::Skb(number, queue, index, field) => {
                write!(f, "sock({number}).{}[{index}]", queue.name())?;
                field
            }
            Self::Task(pid, field) => {
                write!(f, "task({pid})")?;
                field
            }
            Self::Arp(address, field) => {
                write!(f, "arp(\"{address}\")")?;
                field
            }
            Self::Device(name, field) => {
                write!(f, "device(\"{name}\")")?;
                field
            }
            Self::Timer(function, None, field) => {
                write!(f, "timer(\"{function}\")")?;
                field
            }
            Self::Timer(function, Some(sock), field) => {
                write!(f, "timer(\"{function}\", {sock})")?;
                field
            }
            Self::Register(name) => return write!(f, "regs.{name}"),
            Self::Gate(vector, field) => return write!(f, "idt({vector:#x}).{field}"),
            Self::SystemCall(number) => return write!(f, "sys_call_table({number})"),
            Self::Count(what) => return write!(f, "{what}.len"),
            Self::Word(word) => return f.write_str(word),
            Self::Counter(counter) => return write!(f, "snmp.{}", counter.name()),
        };
        field.map_or(Ok(()), |field| write!(f, ".{field}"))
    }
}
