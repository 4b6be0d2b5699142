//! What stands around the machine of the judge: threads that share their descriptors, and a wire on which every neighbour
//! answers ARP, once: as in a script of `run`, its entry is permanent from then on, so no packet of a script ever waits
//! for an entry that has expired. Plain safe code; the C interface is next door.
//!
//! Promise: time moves only when the caller moves it, so a script that waits a minute takes none.

use std::collections::{BTreeMap, VecDeque};

use stack::Input;
use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::fs::{Descriptors, NR_OPEN};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskId;
use stack::kernel::Completion;
use stack::kernel::call::UserCall;
use stack::lab::machine::{Machine, configure, next_timer};
use stack::lab::startup::{SIOCSARP, arpreq};

/// Our card.
const CARD: [u8; 6] = [2, 0, 0, 0, 0, 1];
/// Everybody else.
const NEIGHBOUR: [u8; 6] = [2, 0, 0, 0, 0, 2];
/// Bytes of an Ethernet header.
const HEADER: usize = 14;
/// Nothing that a script waits for comes later than this: four hours and a bit, the longest timer of the stack.
const PATIENCE: u64 = 5 * 3600 * 1_000_000;
/// Process id of the first thread.
const FIRST_PID: i32 = 200;
const SIOCSIFADDR: i32 = 0x8916;
const SIOCSIFNETMASK: i32 = 0x891c;
const SIOCSIFBRDADDR: i32 = 0x891a;

/// A packet that the stack has sent: when, and the datagram.
pub type Sent = (u64, Vec<u8>);

/// The machine and its surroundings.
pub struct Model {
    machine: Machine,
    sent: VecDeque<Sent>,
    done: BTreeMap<u32, Completion>,
    /// Tasks that stand for the threads of one process, and whether each is inside a call.
    tasks: Vec<(TaskId, bool)>,
    /// The table of descriptors they share.
    files: Descriptors,
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
            arp: vec![(gateway, NEIGHBOUR)],
            boot_time: 1_000_000_000,
            ..Config::default()
        };
        Self {
            machine: Machine::boot(config),
            sent: VecDeque::new(),
            done: BTreeMap::new(),
            tasks: Vec::new(),
            files: Descriptors::default(),
            address,
        }
    }

    /// Microseconds since the machine was switched on; asking costs one of them, because packetdrill spins on it.
    pub fn now(&mut self) -> u64 {
        self.machine.spend(1);
        self.machine.clock()
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
            self.give(&configure(&self.machine.kernel, command, request));
        }
    }

    /// Begins a call on a thread that is free; threads share their descriptors.
    pub fn begin(&mut self, call: UserCall) -> Ticket {
        let index = match self.tasks.iter().position(|(_, busy)| !busy) {
            Some(index) => index,
            None => {
                let task = self.machine.process(FIRST_PID + self.tasks.len() as i32);
                if let Some(new) = self.machine.kernel.tasks.get_mut(task.0 as usize) {
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
        while !self.pass_once(until) {
            if self.somebody_returned() {
                return false;
            }
        }
        true
    }

    /// When waiting has no sense any more.
    #[must_use]
    pub fn patience(&self) -> u64 {
        self.clock().saturating_add(PATIENCE)
    }

    /// Time passes up to the next timer. False if that lies beyond `end`, or there is none.
    pub fn pass_to_event(&mut self, end: u64) -> bool {
        let due = next_timer(&self.machine.kernel).filter(|due| *due <= end && self.machine.kernel.oops.is_none());
        if let Some(due) = due {
            self.pass_once(due);
        }
        due.is_some()
    }

    /// Microseconds since the machine was switched on, for nothing.
    #[must_use]
    pub fn clock(&self) -> u64 {
        self.machine.clock()
    }

    /// Why the machine has died, where it has.
    #[must_use]
    pub fn oops(&self) -> Option<&str> {
        self.machine.kernel.oops.as_ref().map(|oops| oops.story.as_str())
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

    /// Time passes to the next timer, at most up to `until`; true where that was reached.
    fn pass_once(&mut self, until: u64) -> bool {
        let reached = self.machine.pass_towards(until);
        self.collect();
        reached
    }

    fn give(&mut self, input: &Input) {
        self.machine.give(input);
        self.collect();
    }

    fn collect(&mut self) {
        for done in self.machine.take_returned() {
            if self.tasks.iter().any(|(task, _)| *task == done.task) {
                self.done.insert(done.task.0, done);
            }
        }
        self.share_descriptors();
        for (_, frame) in self.machine.take_sent() {
            self.leave(&frame);
        }
    }

    /// Threads of one process have one table of descriptors: what each has changed since the last time counts for all.
    fn share_descriptors(&mut self) {
        let before = self.files.clone();
        for (task, _) in &self.tasks {
            let Some(task) = self.machine.kernel.tasks.get(task.0 as usize) else { continue };
            for fd in 0..NR_OPEN {
                let now = task.files.get(fd);
                if before.get(fd) != now {
                    self.files.set(fd, now);
                }
            }
        }
        for (task, _) in &self.tasks {
            if let Some(task) = self.machine.kernel.tasks.get_mut(task.0 as usize) {
                task.files.clone_from(&self.files);
            }
        }
    }

    /// A frame leaves: packetdrill sees the datagram; a question for a hardware address is answered at once.
    fn leave(&mut self, frame: &[u8]) {
        match frame.get(12..HEADER) {
            Some([8, 0]) => self.sent.push_back((self.clock(), frame.get(HEADER..).unwrap_or(&[]).to_vec())),
            Some([8, 6]) if frame.get(21) == Some(&1) => {
                let bytes = |range: std::ops::Range<usize>| frame.get(range).unwrap_or(&[]).to_vec();
                let mut answer = [CARD.to_vec(), NEIGHBOUR.to_vec(), bytes(12..21), vec![2]].concat();
                answer.extend([NEIGHBOUR.to_vec(), bytes(38..42), bytes(22..28), bytes(28..32)].concat());
                self.give(&Input::Frames(vec![(1, answer)]));
                if let Some(asked) = frame.get(38..42).and_then(|octets| octets.first_chunk::<4>()) {
                    let entry = arpreq(InAddr::from_octets(*asked), NEIGHBOUR);
                    self.give(&configure(&self.machine.kernel, SIOCSARP as i32, entry));
                }
            }
            _ => {}
        }
    }
}
