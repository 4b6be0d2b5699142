//! What 1.2.13 keeps outside net/: the trap path, interrupts, bottom halves, timers, tasks, and the value that holds it all.
//!
//! [`Kernel`] is plain data: it can be cloned, compared and hashed, and nothing enters it but an [`Input`](crate::init::Input)
//! (`crate::init`). It reads no clock and keeps no pointer to the outside; its one impurity, the probe, stands in a slot
//! that is no part of the value.

use std::collections::VecDeque;

use crate::include::arena::Arena;
use crate::include::arp::{ArpId, ArpTable, PROXY_HASH};
use crate::include::config::Config;
use crate::include::fs::File;
use crate::include::ip::{InetProtocol, IpMcList, IpMcSocklist, Ipq, IpqId, MAX_INET_PROTOS};
use crate::include::netdevice::{DevId, Device, LoopbackPace, NotifierBlock, PacketType};
use crate::include::route::Rtable;
use crate::include::sched::{FIRST_CHILD_PID, Task, TaskId, WaitQueue};
use crate::include::seq::{Jiffies, TICK};
use crate::include::skbuff::{ListId, SkBuff, SkBuffHead, SkbId};
use crate::include::snmp::{Mib, Statistics};
use crate::include::sock::{ProtoId, ProtoState, Sock, SockId};
use crate::include::socket::{NPROTO, ProtoOps, Socket};
use crate::include::sorted::Sorted;
use crate::include::spare::Spare;
use crate::include::timer::TimerId;

pub mod argument;
pub mod call;
pub mod discard;
pub mod entry;
pub mod file_table;
pub mod inode;
pub mod irq;
pub mod kmalloc;
pub mod probe;
pub mod sched;
pub mod softirq;
pub mod timer;
pub mod traps;
pub mod user;

use probe::{Event, ProbeSlot};
use softirq::BottomHalf;
use timer::Queued;

/// A system call that has come back to its process. What it has written stays in the memory of the process until the next
/// call ([`Kernel::output`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Returned {
    /// The process.
    pub task: TaskId,
    /// The call.
    pub name: call::CallName,
    /// Result, or a negative error number.
    pub ret: i32,
}

/// A system call that has come back, and what it has written, to be kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Completion {
    /// The process.
    pub task: TaskId,
    /// The call.
    pub name: call::CallName,
    /// Result, or a negative error number.
    pub ret: i32,
    /// Output buffers in the order of the arguments.
    pub out: Vec<Vec<u8>>,
}

/// Where the original would have died.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KernelOops {
    /// What would have happened, one sentence.
    pub story: String,
}

/// The whole kernel.
#[derive(Clone, Debug, PartialEq, Hash)]
pub struct Kernel {
    /// Chosen before boot.
    pub config: Config,
    /// Clock ticks since boot.
    pub jiffies: Jiffies,
    /// Nesting of interrupt handlers, bottom halves and bh-atomic sections.
    pub intr_count: u32,
    /// The processor's interrupt flag.
    pub interrupts: bool,
    /// Inside an interrupt handler or a bottom half (interrupt points do not count there).
    pub in_interrupt: bool,
    /// Marked bottom halves.
    pub bh_active: u32,
    /// Enabled bottom halves.
    pub bh_mask: u32,
    /// Routines of the bottom halves.
    pub bh_base: [Option<BottomHalf>; 32],
    /// The interrupt descriptor table.
    pub idt: traps::Idt,
    /// The receive routine of the network cards (IRQ handler).
    pub card_receive: Option<irq::CardReceive>,
    /// System calls by number.
    pub sys_call_table: entry::SysCallTable,
    /// Running timers by expiry; equal ones in the order in which they will fire.
    pub timers: Sorted<(u32, u64), Queued>,
    /// Timers armed so far; orders equal deadlines.
    pub timers_armed: u64,
    /// The task table; index 0 is the idle task.
    pub tasks: Vec<Task>,
    /// The last process id that a fork has given.
    pub last_pid: i32,
    /// The running process, None = idle.
    pub current: Option<TaskId>,
    /// Processes made runnable, in the order of their wake-up.
    pub run_queue: VecDeque<TaskId>,
    /// Processes in a select() with a listening socket; all others sleep on the queue of their socket.
    pub master_select: WaitQueue,
    /// System calls that returned during this step; the laboratory takes them.
    pub completions: Vec<Returned>,
    /// Set when the original would have died; nothing runs any more.
    pub oops: Option<KernelOops>,

    /// Open files.
    pub files: Arena<File>,
    /// Sockets (inodes).
    pub sockets: Arena<Socket>,
    /// Socks.
    pub sock: Arena<Sock>,
    /// Buffers.
    pub skb: Arena<SkBuff>,
    /// Registered families (`pops`).
    pub pops: [Option<&'static ProtoOps>; NPROTO],
    /// Sockets alive.
    pub sockets_in_use: i32,
    /// Port tables and counters of tcp, udp, raw, packet.
    pub protos: [ProtoState; 4],
    /// The counter of get_new_socknum, shared by all protocols.
    pub socknum_start: u32,
    /// The protocols above IP by number & 31.
    pub inet_protos: [Vec<InetProtocol>; MAX_INET_PROTOS],

    /// Devices in `dev_base` order.
    pub dev: Vec<Device>,
    /// Packet types, newest first (`ptype_base`).
    pub ptype_base: Vec<PacketType>,
    /// Who is told that a device goes up or down, the oldest first (`netdev_chain`).
    pub netdev_chain: Vec<NotifierBlock>,
    /// Taps that want every frame.
    pub dev_nit: u32,
    /// The queue between the cards and net_bh.
    pub backlog: SkBuffHead,
    /// Its length as netif_rx counts it.
    pub backlog_size: u32,
    /// netif_rx drops until the queue has been emptied.
    pub netif_dropping: bool,
    /// net_bh runs.
    pub in_bh: bool,
    /// What the loopback has carried lately.
    pub loopback: LoopbackPace,

    /// ARP entries.
    pub arp: Arena<ArpTable>,
    /// Hash chains, newest first; the last is the list of published entries.
    pub arp_tables: [Vec<ArpId>; PROXY_HASH + 1],
    /// The global arp_timer.
    pub arp_timer: crate::include::timer::TimerList,
    /// Stations whose address we tell them, the newest entry first (with CONFIG_INET_RARP).
    pub rarp_tables: Vec<crate::include::arp::RarpTable>,
    /// The handler of RARP frames is registered (`initialized` of rarp.c).
    pub rarp_initialized: bool,

    /// Next IP identification.
    pub ip_id_count: u16,
    /// Datagrams in reassembly, newest first.
    pub ipqueue: Vec<IpqId>,
    /// Their memory.
    pub ipq: Arena<Ipq>,
    /// Routes, the most specific first.
    pub rt_base: Vec<Rtable>,
    /// The first route whose device is a loopback.
    pub rt_loopback: Option<Rtable>,
    /// Multicast groups joined on devices.
    pub multicast: Vec<IpMcList>,
    /// The tables of the sockets that have joined one.
    pub mc_socklists: Arena<IpMcSocklist>,
    /// IGMP's own random numbers.
    pub igmp_seed: u32,
    /// Firewall and accounting chains.
    pub firewall: crate::include::firewall::Firewall,

    /// SNMP counters.
    pub stats: Statistics,
    /// Buffers alive (net_skbcount).
    pub net_skbcount: u32,
    /// Bytes in buffers (net_memory).
    pub net_memory: u32,
    /// Buffers locked by drivers (net_locked).
    pub net_locked: u32,
    /// Allocations (net_allocs).
    pub net_allocs: u32,
    /// Buffers freed while locked (net_free_locked).
    pub net_free_locked: u32,

    /// Room that is used again; no part of the value.
    pub spare: Spare,
    /// The observer; no part of the value.
    pub probe: ProbeSlot,
}

impl Kernel {
    /// A machine that is switched off: power-on is `Input::Boot`.
    #[must_use]
    pub fn off(config: Config) -> Self {
        Self {
            jiffies: Jiffies(config.first_jiffy),
            config,
            intr_count: 0,
            interrupts: false,
            in_interrupt: false,
            bh_active: 0,
            bh_mask: 0,
            bh_base: [None; 32],
            idt: traps::Idt::default(),
            card_receive: None,
            sys_call_table: entry::SysCallTable::default(),
            timers: Sorted::default(),
            timers_armed: 0,
            tasks: vec![Task::default()],
            last_pid: FIRST_CHILD_PID - 1,
            current: None,
            run_queue: VecDeque::new(),
            master_select: WaitQueue::new(),
            completions: Vec::new(),
            oops: None,
            files: Arena::default(),
            sockets: Arena::default(),
            sock: Arena::default(),
            skb: Arena::default(),
            pops: [None; NPROTO],
            sockets_in_use: 0,
            protos: std::array::from_fn(|_| ProtoState::default()),
            socknum_start: 0,
            inet_protos: std::array::from_fn(|_| Vec::new()),
            dev: Vec::new(),
            ptype_base: Vec::new(),
            netdev_chain: Vec::new(),
            dev_nit: 0,
            backlog: SkBuffHead::new(),
            backlog_size: 0,
            netif_dropping: false,
            in_bh: false,
            loopback: LoopbackPace::default(),
            arp: Arena::default(),
            arp_tables: std::array::from_fn(|_| Vec::new()),
            arp_timer: crate::include::timer::TimerList::default(),
            rarp_tables: Vec::new(),
            rarp_initialized: false,
            ip_id_count: 0,
            ipqueue: Vec::new(),
            ipq: Arena::default(),
            rt_base: Vec::new(),
            rt_loopback: None,
            multicast: Vec::new(),
            mc_socklists: Arena::default(),
            igmp_seed: 152,
            firewall: crate::include::firewall::Firewall::default(),
            stats: Statistics::default(),
            net_skbcount: 0,
            net_memory: 0,
            net_locked: 0,
            net_allocs: 0,
            net_free_locked: 0,
            spare: Spare::default(),
            probe: ProbeSlot::default(),
        }
    }

    /// Wall time in microseconds since 1970 (`xtime`): advances by whole ticks.
    #[must_use]
    pub fn xtime(&self) -> u64 {
        self.config.boot_time.wrapping_add(u64::from(self.jiffies.0) * TICK)
    }

    /// What an output buffer of a process's last call holds, by its number among those of the call.
    #[must_use]
    pub fn output(&self, task: TaskId, number: usize) -> Option<&[u8]> {
        let process = self.tasks.get(task.0 as usize)?;
        let (address, length) = *process.outputs.get(number)?;
        process.memory.range(address, length)
    }

    /// What the output buffers of a process's last call hold, in the order of the arguments.
    #[must_use]
    pub fn outputs(&self, task: TaskId) -> Vec<Vec<u8>> {
        (0..).map_while(|number| self.output(task, number)).map(<[u8]>::to_vec).collect()
    }

    /// A call that has come back, before its process makes another.
    #[must_use]
    pub fn completion(&self, Returned { task, name, ret }: Returned) -> Completion {
        Completion { task, name, ret, out: self.outputs(task) }
    }

    /// The queue a list id stands for; None when its owner is gone.
    #[must_use]
    #[inline]
    pub fn list(&self, list: ListId) -> Option<&SkBuffHead> {
        match list {
            ListId::Backlog => Some(&self.backlog),
            ListId::Receive(sk) => self.sock.get(sk).map(|sock| &sock.receive_queue),
            ListId::Write(sk) => self.sock.get(sk).map(|sock| &sock.write_queue),
            ListId::BackLog(sk) => self.sock.get(sk).map(|sock| &sock.back_log),
            ListId::Device(dev, priority) => {
                self.dev.get(usize::from(dev.0)).and_then(|device| device.buffs.get(usize::from(priority)))
            }
            ListId::Arp(entry) => self.arp.get(entry).map(|entry| &entry.skb),
        }
    }

    /// The queue a list id stands for, to be changed; the net_bh backlog when its owner is gone (never in practice).
    pub fn list_mut(&mut self, list: ListId) -> &mut SkBuffHead {
        match list {
            ListId::Backlog => &mut self.backlog,
            ListId::Receive(sk) => &mut self.sock[sk].receive_queue,
            ListId::Write(sk) => &mut self.sock[sk].write_queue,
            ListId::BackLog(sk) => &mut self.sock[sk].back_log,
            ListId::Device(DevId(dev), priority) => match self.dev.get_mut(usize::from(dev)) {
                Some(device) => &mut device.buffs[usize::from(priority).min(2)],
                None => &mut self.backlog,
            },
            ListId::Arp(entry) => &mut self.arp[entry].skb,
        }
    }

    /// Takes the first buffer off the queue that a list id stands for; None when it is empty or its owner is gone.
    pub fn pop_front(&mut self, list: ListId) -> Option<SkbId> {
        match list {
            ListId::Backlog => &mut self.backlog,
            ListId::Receive(sk) => &mut self.sock.get_mut(sk)?.receive_queue,
            ListId::Write(sk) => &mut self.sock.get_mut(sk)?.write_queue,
            ListId::BackLog(sk) => &mut self.sock.get_mut(sk)?.back_log,
            ListId::Device(DevId(dev), priority) => {
                self.dev.get_mut(usize::from(dev))?.buffs.get_mut(usize::from(priority))?
            }
            ListId::Arp(entry) => &mut self.arp.get_mut(entry)?.skb,
        }
        .pop_front()
    }

    /// The transport of a sock, at run time.
    pub fn proto_of(&mut self, sk: SockId) -> &mut ProtoState {
        let prot = self.sock[sk].prot.id;
        self.proto(prot)
    }

    /// The run-time part of a transport.
    pub fn proto(&mut self, prot: ProtoId) -> &mut ProtoState {
        &mut self.protos[prot as usize]
    }

    /// A device; index 0 (lo) stands in for a number that does not exist.
    #[must_use]
    pub fn device(&self, dev: DevId) -> &Device {
        self.dev.get(usize::from(dev.0)).unwrap_or(&self.dev[0])
    }

    /// A device, to be changed.
    pub fn device_mut(&mut self, dev: DevId) -> &mut Device {
        let index = usize::from(dev.0).min(self.dev.len().saturating_sub(1));
        &mut self.dev[index]
    }

    /// Counts an SNMP event.
    pub fn count(&mut self, counter: Mib) {
        self.stats.increment(counter);
    }

    /// Puts a new sock into the table; `parent` is the listener it was copied from.
    #[track_caller]
    pub fn insert_sock(&mut self, sock: Sock, parent: Option<SockId>) -> SockId {
        let sk = self.sock.insert(sock);
        self.emit(|_| Event::NewSock { sk, parent });
        sk
    }

    /// Stores `sk->state`; every store is an event, also one that changes nothing.
    #[track_caller]
    pub fn store_state(&mut self, sk: SockId, state: crate::include::tcp::TcpState) {
        let old = std::mem::replace(&mut self.sock[sk].state, state);
        self.emit(|_| Event::State { sk, old, new: state });
    }

    /// Stores `sk->inuse` from a function of that name.
    #[track_caller]
    pub fn set_inuse(&mut self, sk: SockId, value: bool, function: &'static str) {
        let old = std::mem::replace(&mut self.sock[sk].inuse, value);
        if old != value {
            self.emit(|k| Event::Inuse { sk, old, new: value, function, process: !k.in_interrupt });
        }
    }

    /// The kernel complains on its console.
    #[track_caller]
    pub fn printk(&mut self, text: &'static str) {
        self.emit(|_| Event::Printk { text });
    }

    /// The original would have died here: tells why; the run ends with this step.
    #[track_caller]
    pub fn oops(&mut self, story: &str) {
        if self.oops.is_none() {
            self.oops = Some(KernelOops { story: story.to_owned() });
            self.show_crash();
        }
    }

    /// The timer that an id names; None when its owner is gone.
    pub fn timer_mut(&mut self, id: TimerId) -> Option<&mut crate::include::timer::TimerList> {
        match id {
            TimerId::Sock(sk) => self.sock.get_mut(sk).map(|sock| &mut sock.timer),
            TimerId::Retransmit(sk) => self.sock.get_mut(sk).map(|sock| &mut sock.retransmit_timer),
            TimerId::Partial(sk) => self.sock.get_mut(sk).map(|sock| &mut sock.partial_timer),
            TimerId::ArpCheck => Some(&mut self.arp_timer),
            TimerId::Loopback(_) => Some(&mut self.loopback.timer),
            TimerId::ArpEntry(entry) => self.arp.get_mut(entry).map(|entry| &mut entry.timer),
            TimerId::IpExpire(queue) => self.ipq.get_mut(queue).map(|queue| &mut queue.timer),
            TimerId::Igmp(group) => self.multicast.get_mut(group as usize).map(|group| &mut group.timer),
        }
    }
}
