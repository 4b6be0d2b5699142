//! The machine behind the judge: a 1.2.13 kernel, a virtual clock in microseconds, and a wire on which every neighbour
//! answers ARP. Plain safe code; the C interface is next door.
//!
//! Promise: time moves only when the caller moves it, so a script that waits a minute takes none.

use std::collections::{BTreeMap, VecDeque};

use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::fs::FileId;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskId;
use stack::include::seq::TICK;
use stack::init::ticks_to_event;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::kernel::{Completion, Kernel};
use stack::lab::startup::{CONFIGURATION_FD, booted};
use stack::{Input, step};

/// Our card.
const CARD: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// Everybody else.
const NEIGHBOUR: [u8; 6] = [2, 0, 0, 0, 0, 2];
/// Bytes of an Ethernet header.
const HEADER: usize = 14;
/// Nothing that a script waits for comes later than this: four hours and a bit, the longest timer of the stack.
const PATIENCE: u64 = 5 * 3600 * 1_000_000;
const SIOCSIFADDR: i32 = 0x8916;
const SIOCSIFNETMASK: i32 = 0x891c;
const SIOCSIFBRDADDR: i32 = 0x891a;

/// A packet that the stack has sent: when, and the datagram.
pub type Sent = (u64, Vec<u8>);

/// The machine.
pub struct Model {
    kernel: Kernel,
    clock: u64,
    sent: VecDeque<Sent>,
    done: BTreeMap<u32, Completion>,
    /// Tasks that stand for the threads of one process, and whether each is inside a call.
    tasks: Vec<(TaskId, bool)>,
    /// The table of descriptors they share.
    files: Vec<Option<FileId>>,
    address: InAddr,
}

/// What a wait for a packet ends with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Departure {
    /// A packet.
    Packet(Sent),
    /// A blocked call returned on the way: its thread has to be let run before time goes on.
    CallReturned,
    /// Nothing will ever come.
    Never,
}

/// A call that was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ticket(u32);

impl Default for Model {
    fn default() -> Self {
        Self::new(InAddr::from_octets([192, 168, 0, 1]), 16)
    }
}

impl Model {
    /// A machine with an address; everything else lies behind a gateway of the same network.
    #[must_use]
    pub fn new(address: InAddr, prefix: u32) -> Self {
        let mask = InAddr::mask(prefix);
        let gateway = InAddr((address & mask).0 | ((address.0 & !mask.0) ^ 3));
        let config = Config {
            interfaces: vec![InterfaceConfig { mac: CARD, address, mask, mtu: 1500 }],
            routes: vec![RouteConfig {
                destination: InAddr::ANY,
                mask: InAddr::ANY,
                gateway,
                interface: 0,
                mss: None,
                window: None,
            }],
            boot_time: 1_000_000_000,
            ..Config::default()
        };
        Self {
            kernel: booted(config),
            clock: 0,
            sent: VecDeque::new(),
            done: BTreeMap::new(),
            tasks: Vec::new(),
            files: Vec::new(),
            address,
        }
    }

    /// Microseconds since the machine was switched on; asking costs one of them, because packetdrill spins on it.
    pub fn now(&mut self) -> u64 {
        self.clock += 1;
        self.clock
    }

    /// Takes another address over, as `ifconfig` would, if it is not ours yet.
    pub fn adopt(&mut self, address: InAddr) {
        let special = address.is_any() || address.is_loopback() || address.is_multicast() || address.0 == u32::MAX;
        if address == self.address || special {
            return;
        }
        self.address = address;
        let mask = InAddr::mask(16);
        for (command, value) in
            [(SIOCSIFADDR, address), (SIOCSIFNETMASK, mask), (SIOCSIFBRDADDR, InAddr(address.0 | !mask.0))]
        {
            let mut request = b"eth0".to_vec();
            request.resize(16, 0);
            request.extend_from_slice(&SockaddrIn { sin_family: AF_INET, sin_port: 0, sin_addr: value }.bytes());
            let args = vec![UserArg::Int(CONFIGURATION_FD), UserArg::Int(command), UserArg::InOut(request)];
            self.give(&Input::Call {
                task: TaskId(1),
                call: UserCall::new(CallName::Ioctl, args),
                planned: Vec::new(),
            });
        }
    }

    /// Begins a call on a thread that is free; threads share their descriptors.
    pub fn begin(&mut self, call: UserCall) -> Ticket {
        let index = match self.tasks.iter().position(|(_, busy)| !busy) {
            Some(index) => index,
            None => {
                step(&mut self.kernel, &Input::Process { pid: 200 + self.tasks.len() as i32, euid: 0 });
                let task = TaskId(self.kernel.tasks.len() as u32 - 1);
                if let Some(new) = self.kernel.tasks.get_mut(task.0 as usize) {
                    if self.tasks.is_empty() {
                        self.files.clone_from(&new.files);
                    } else {
                        new.files.clone_from(&self.files);
                    }
                }
                self.tasks.push((task, false));
                self.tasks.len() - 1
            }
        };
        let (task, busy) = &mut self.tasks[index];
        *busy = true;
        let task = *task;
        self.give(&Input::Call { task, call, planned: Vec::new() });
        Ticket(task.0)
    }

    /// The result of a call, once it has returned.
    pub fn finished(&mut self, ticket: Ticket) -> Option<Completion> {
        let done = self.done.remove(&ticket.0)?;
        if let Some((_, busy)) = self.tasks.iter_mut().find(|(task, _)| task.0 == ticket.0) {
            *busy = false;
        }
        Some(done)
    }

    /// Whether a call has returned and nobody has fetched its result yet.
    #[must_use]
    pub fn somebody_returned(&self) -> bool {
        !self.done.is_empty()
    }

    /// An IP packet arrives.
    pub fn arrive(&mut self, packet: &[u8]) {
        if let Some(destination) = packet.get(16..20).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()) {
            self.adopt(InAddr::from_octets(destination));
        }
        let mut frame = CARD.to_vec();
        frame.extend_from_slice(&NEIGHBOUR);
        frame.extend_from_slice(&[8, 0]);
        frame.extend_from_slice(packet);
        self.give(&Input::Frames(vec![(1, frame)]));
    }

    /// Time passes up to a moment, or until a blocked call returns: its thread has to read the clock first. False if there
    /// is some time left.
    pub fn pass(&mut self, until: u64) -> bool {
        while let Some(ticks) = ticks_to_event(&self.kernel) {
            let next = (u64::from(self.kernel.jiffies.0) + u64::from(ticks)) * TICK;
            if next > until {
                break;
            }
            self.run_to(next.max(self.clock));
            if self.somebody_returned() {
                return false;
            }
        }
        self.run_to(until.max(self.clock));
        true
    }

    /// When waiting has no sense any more.
    #[must_use]
    pub fn patience(&self) -> u64 {
        self.clock.saturating_add(PATIENCE)
    }

    /// Time passes up to the next timer. False if that lies beyond `end`, or there is none.
    pub fn pass_to_event(&mut self, end: u64) -> bool {
        let Some(ticks) = ticks_to_event(&self.kernel) else { return false };
        let next = (u64::from(self.kernel.jiffies.0) + u64::from(ticks)) * TICK;
        if next > end {
            return false;
        }
        self.run_to(next.max(self.clock));
        true
    }

    /// Microseconds since the machine was switched on, for nothing.
    #[must_use]
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// The next packet that leaves, the clock moved to when it did.
    pub fn depart(&mut self) -> Departure {
        let end = self.patience();
        loop {
            if let Some(sent) = self.sent.pop_front() {
                return Departure::Packet(sent);
            }
            if self.somebody_returned() {
                return Departure::CallReturned;
            }
            if !self.pass_to_event(end) {
                return Departure::Never;
            }
        }
    }

    fn run_to(&mut self, time: u64) {
        while let Some(ticks) = ticks_to_event(&self.kernel) {
            let next = (u64::from(self.kernel.jiffies.0) + u64::from(ticks)) * TICK;
            if next > time {
                break;
            }
            self.clock = self.clock.max(next);
            self.give(&Input::Ticks(ticks));
        }
        let behind = (time / TICK).saturating_sub(u64::from(self.kernel.jiffies.0));
        if behind > 0 {
            self.give(&Input::Ticks(u32::try_from(behind).unwrap_or(u32::MAX)));
        }
        self.clock = self.clock.max(time);
    }

    fn give(&mut self, input: &Input) {
        step(&mut self.kernel, input);
        for done in std::mem::take(&mut self.kernel.completions) {
            if self.tasks.iter().any(|(task, _)| *task == done.task) {
                self.done.insert(done.task.0, done);
            }
        }
        self.share_descriptors();
        let leaving: Vec<Vec<u8>> =
            self.kernel.dev.iter_mut().flat_map(|device| std::mem::take(&mut device.outbox)).collect();
        for frame in leaving {
            self.leave(&frame);
        }
    }

    /// Threads of one process have one table of descriptors: what each has changed since the last time counts for all.
    fn share_descriptors(&mut self) {
        let before = self.files.clone();
        for (task, _) in &self.tasks {
            let now = self.kernel.tasks.get(task.0 as usize).map_or(&[][..], |task| &task.files);
            self.files.resize(self.files.len().max(now.len()), None);
            for (slot, (place, file)) in self.files.iter_mut().zip(now).enumerate() {
                if before.get(slot).copied().flatten() != *file {
                    *place = *file;
                }
            }
        }
        for (task, _) in &self.tasks {
            if let Some(task) = self.kernel.tasks.get_mut(task.0 as usize) {
                task.files.clone_from(&self.files);
            }
        }
    }

    /// A frame leaves: packetdrill sees the datagram; a question for a hardware address is answered at once.
    fn leave(&mut self, frame: &[u8]) {
        match frame.get(12..HEADER) {
            Some([8, 0]) => self.sent.push_back((self.clock, frame.get(HEADER..).unwrap_or(&[]).to_vec())),
            Some([8, 6]) if frame.get(21) == Some(&1) => {
                let bytes = |range: std::ops::Range<usize>| frame.get(range).unwrap_or(&[]).to_vec();
                let mut answer = [CARD.to_vec(), NEIGHBOUR.to_vec(), bytes(12..21), vec![2]].concat();
                answer.extend([NEIGHBOUR.to_vec(), bytes(38..42), bytes(22..28), bytes(28..32)].concat());
                self.give(&Input::Frames(vec![(1, answer)]));
            }
            _ => {}
        }
    }
}
