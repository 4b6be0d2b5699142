//! The seat of an endpoint in a replay: a booted machine with one process, in the network of the capture and on its clock,
//! which counts nanoseconds. Promise: every frame it sends carries the virtual time of its sending, and all that enters
//! stands in the journal, so that the same run can be walked later.

use std::net::Ipv4Addr;

use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::in_addr::InAddr;
use stack::include::sched::TaskId;
use stack::include::seq::TICK;

use stack::include::sock::{Sock, SockId};
use stack::include::tcp::TcpState;
use stack::kernel::Completion;
use stack::kernel::call::UserCall;
use stack::lab::beginning::Beginning;
use stack::lab::journal::{Act, Journal};
use stack::lab::machine::Machine as Host;
use stack::net::inet::sock::rspace_of;
use stack::net::inet::tcp_output::tcp_select_window;
use stack::wire::tcp;
use stack::{Input, Kernel};

use super::segment::{Endpoint, Segment};
use super::{CapturedFrame, FrameDirection, link_type};

/// Nanoseconds of a clock tick.
pub const TICK_NS: u64 = TICK * 1_000;
/// The index of eth0.
const ETH0: u8 = 1;
/// The name of the machine.
const HOST_NAME: &str = "A";
/// The process id of the application.
const APPLICATION: i32 = 200;

/// Where the machine stands in its network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkPlace {
    /// Its own hardware address.
    pub hardware: [u8; 6],
    /// Its own address.
    pub address: Ipv4Addr,
    /// Who it speaks with.
    pub peer: Ipv4Addr,
    /// The hardware address behind which the peer is.
    pub peer_hardware: [u8; 6],
}

impl NetworkPlace {
    /// The same /24 is taken for the same Ethernet; everything else for something behind a router.
    fn is_neighbour(&self) -> bool {
        u32::from(self.address) >> 8 == u32::from(self.peer) >> 8
    }

    fn config(&self, boot_time: u64) -> Config {
        let address = InAddr(u32::from(self.address));
        let mask = InAddr(0xffff_ff00);
        let interface = InterfaceConfig { mac: self.hardware, address, mask, mtu: 1500 };
        let mut config = Config { interfaces: vec![interface], boot_time, ..Config::default() };
        let next_hop = if self.is_neighbour() {
            InAddr(u32::from(self.peer))
        } else {
            let network = u32::from(self.address) & 0xffff_ff00;
            let last = if u32::from(self.address) & 0xff == 254 { 253 } else { 254 };
            let gateway = InAddr(network | last);
            let everything = InAddr(0);
            let route = RouteConfig {
                destination: everything,
                mask: everything,
                gateway,
                interface: 0,
                mss: None,
                window: None,
            };
            config.routes.push(route);
            gateway
        };
        config.arp.push((next_hop, self.peer_hardware));
        config
    }
}

/// Something that happened at the seat, in the order of happening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The next frames of the journal arrived.
    Given,
    /// The next frame that was sent left.
    Sent,
    /// The process made a call.
    Called,
    /// Its call came back, with a result or a negative error number.
    Returned(i32),
}

/// The machine.
#[derive(Debug)]
pub struct Machine {
    host: Host,
    application: TaskId,
    /// How the world of this machine begins.
    beginning: Beginning,
    /// What has entered, by microseconds since the start.
    journal: Journal,
    start_ns: u64,
    /// What the host's own clock read then, in microseconds.
    start: u64,
    now_ns: u64,
    sent: Vec<CapturedFrame>,
    /// What happened, with microseconds since the start.
    happened: Vec<(u64, Happened)>,
}

impl Machine {
    /// Boots a machine at `start_ns` (nanoseconds since 1970, as the capture counts). Where `initial` is given, the
    /// microsecond clock from which 1.2.13 takes its initial sequence numbers is set such that it reads the given
    /// number at the given time.
    #[must_use]
    pub fn boot(place: &NetworkPlace, start_ns: u64, initial: Option<(u64, u32)>) -> Self {
        let boot_time = initial.map_or(0, |(time_ns, number)| boot_time(start_ns, time_ns, number));
        let config = place.config(boot_time);
        let beginning = Beginning::alone(HOST_NAME, config.clone());
        let mut host = Host::boot(config);
        let application = host.process(APPLICATION);
        let start = host.clock();
        let mut machine = Self {
            host,
            application,
            beginning,
            journal: Journal::default(),
            start_ns,
            start,
            now_ns: start_ns,
            sent: Vec::new(),
            happened: Vec::new(),
        };
        machine.collect();
        machine
    }

    /// The time now.
    #[must_use]
    pub fn now_ns(&self) -> u64 {
        self.now_ns
    }

    /// The kernel, to be looked at.
    #[must_use]
    pub fn kernel(&self) -> &Kernel {
        &self.host.kernel
    }

    /// How much has arrived in order on the connection between two ends and was not read, its end counted as one octet.
    #[must_use]
    pub fn unread(&self, own: Endpoint, peer: Endpoint) -> Option<u32> {
        self.unread_sock(own, peer).map(|(_, sk)| sk.acked_seq.since(sk.copied_seq))
    }

    /// How much of that has to be read before the window can be offered up to `edge`; None where nothing has to be.
    #[must_use]
    pub fn unread_below(&self, own: Endpoint, peer: Endpoint, edge: u32) -> Option<u32> {
        let (id, sk) = self.unread_sock(own, peer)?;
        let unread = sk.acked_seq.since(sk.copied_seq);
        // A window once offered is not taken back, however little memory is left.
        let kept = sk.acked_seq.0.wrapping_add(u32::from(tcp_select_window(&self.host.kernel, id)));
        if edge.wrapping_sub(kept).cast_signed() <= 0 {
            return None;
        }
        let mut reader = sk.clone();
        let mut octets = 0_u32;
        for skb in sk.receive_queue.iter().filter_map(|skb| self.host.kernel.skb.get(*skb)) {
            let room = edge.wrapping_sub(sk.acked_seq.0).cast_signed();
            if i64::from(rspace_of(&reader)) >= i64::from(room) || octets >= unread {
                break;
            }
            octets = octets.saturating_add(skb.len);
            reader.rmem_alloc = reader.rmem_alloc.saturating_sub(skb.mem_len);
        }
        (octets > 0).then_some(octets.min(unread))
    }

    fn unread_sock(&self, own: Endpoint, peer: Endpoint) -> Option<(SockId, &Sock)> {
        socks_between(&self.host.kernel, own, peer)
            .find(|(_, sk)| sk.copied_seq.before(sk.acked_seq) && !sk.receive_queue.is_empty())
    }

    /// How many octets the process has written on the connection between two ends, sent or not; 0 where there is none, or none any more.
    #[must_use]
    pub fn written(&self, own: Endpoint, peer: Endpoint) -> u32 {
        let sock = socks_between(&self.host.kernel, own, peer).next();
        let syn = self.sent.iter().filter_map(|frame| Segment::read(frame).ok()).find(|segment| segment.has(tcp::SYN));
        sock.zip(syn).map_or(0, |((_, sk), syn)| sk.write_seq.0.wrapping_sub(syn.data_start()))
    }

    /// All frames sent so far.
    #[must_use]
    pub fn sent(&self) -> &[CapturedFrame] {
        &self.sent
    }

    /// Lets time pass until `time_ns`, or until a tick at which the machine sent something or a call came back.
    /// Says whether `time_ns` was reached.
    pub fn pass_towards(&mut self, time_ns: u64) -> bool {
        let end = self.start.saturating_add(time_ns.saturating_sub(self.start_ns) / 1_000);
        loop {
            let reached = self.host.pass_towards(end);
            if !reached {
                let elapsed = self.host.clock().saturating_sub(self.start).saturating_mul(1_000);
                self.now_ns = self.now_ns.max(self.start_ns.saturating_add(elapsed));
            }
            let sent = self.sent.len();
            self.collect();
            if reached {
                self.now_ns = self.now_ns.max(time_ns);
                return true;
            }
            if self.sent.len() > sent || !self.host.kernel.completions.is_empty() {
                return self.now_ns >= time_ns;
            }
        }
    }

    /// A frame arrives.
    pub fn deliver(&mut self, frame: Vec<u8>) {
        let input = Input::Frames(vec![(ETH0, frame)]);
        self.happened.push((self.microseconds(), Happened::Given));
        self.input(&input);
        if let Input::Frames(frames) = input {
            self.note(Act::Frames { host: 0, frames });
        }
    }

    /// The process makes a call. It has come back when [`Machine::completion`] says so.
    pub fn call(&mut self, call: UserCall) {
        let input = Input::Call { task: self.application, call, planned: Vec::new() };
        self.happened.push((self.microseconds(), Happened::Called));
        self.input(&input);
        if let Input::Call { call, planned, .. } = input {
            self.note(Act::Call { host: 0, pid: APPLICATION, call, planned });
        }
    }

    /// The call that came back, taken out.
    pub fn completion(&mut self) -> Option<Completion> {
        let kernel = &mut self.host.kernel;
        let returned = (!kernel.completions.is_empty()).then(|| kernel.completions.remove(0))?;
        let completion = kernel.completion(returned);
        self.happened.push((self.microseconds(), Happened::Returned(completion.ret)));
        Some(completion)
    }

    /// How the world of this machine begins, and the journal of what has entered up to now: the same run, but one
    /// that can be walked. With it the frames that were sent, and what happened when.
    #[must_use]
    pub fn into_journal(mut self) -> (Beginning, Journal, Vec<CapturedFrame>, Vec<(u64, Happened)>) {
        self.journal.extend(self.microseconds());
        (self.beginning, self.journal, self.sent, self.happened)
    }

    fn microseconds(&self) -> u64 {
        self.now_ns.saturating_sub(self.start_ns) / 1_000
    }

    fn note(&mut self, act: Act) {
        self.journal.add(self.microseconds(), act);
    }

    fn input(&mut self, input: &Input) {
        self.host.give(input);
        self.collect();
    }

    fn collect(&mut self) {
        for (_, bytes) in self.host.take_sent().into_iter().filter(|(device, _)| *device == ETH0) {
            self.happened.push((self.microseconds(), Happened::Sent));
            self.sent.push(CapturedFrame {
                index: self.sent.len() + 1,
                time_ns: self.now_ns,
                link_type: link_type::ETHERNET,
                original_length: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                interface: 0,
                bytes,
                direction: FrameDirection::Outbound,
            });
        }
    }
}

/// The socks of a kernel that stand for the connection between two ends, a listening one left out.
pub fn socks_between(kernel: &Kernel, own: Endpoint, peer: Endpoint) -> impl Iterator<Item = (SockId, &Sock)> {
    let ends = move |sk: &Sock| sk.num == own.port && sk.dummy_th.dest == peer.port && sk.state != TcpState::Listen;
    kernel.sock.iter().filter(move |(_, sk)| ends(sk))
}

/// Wall time at boot, so that the clock modulo 2^32 reads `number` in the tick of `time_ns`: some time in 1995.
fn boot_time(start_ns: u64, time_ns: u64, number: u32) -> u64 {
    const MARCH_1995: u64 = 794_275_200_000_000;
    let elapsed = time_ns.saturating_sub(start_ns) / TICK_NS * TICK;
    let wanted = u64::from(number).wrapping_sub(elapsed) & 0xffff_ffff;
    (MARCH_1995 & !0xffff_ffff) | wanted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_reads_the_wanted_number_at_the_wanted_time() {
        for number in [0, 1, 123_456_789, u32::MAX] {
            let (start, time) = (5_000_000_000_000, 5_001_234_567_890);
            let boot = boot_time(start, time, number);
            let ticks = (time - start) / TICK_NS;
            assert_eq!((boot + ticks * TICK) as u32, number);
            assert!(boot > 790_000_000_000_000);
        }
    }
}
