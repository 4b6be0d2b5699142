//! A machine whose programs, peers and clock all act at random: nothing panics, nothing hangs, and after every input the
//! processor is idle again with all its locks of the floor given back.
//!
//! Two processes make any call with any argument (half of the arguments make sense), frames answer what was sent or are
//! noise, interrupts arrive inside calls. The same seed gives the same storm, so a failure names all that is needed.

use stack::include::config::{Config, InterfaceConfig, RouteConfig};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId, TaskState};
use stack::init::{Input, step};
use stack::kernel::Kernel;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder, UdpBuilder};

const OURS: InAddr = InAddr(0xc0a8_0001);
const NEIGHBOUR: InAddr = InAddr(0xc0a8_0003);
const REMOTE: InAddr = InAddr(0xc000_0201);
const OUR_MAC: [u8; 6] = [2, 0, 0, 0, 0, 1];
const GATEWAY_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// A xorshift generator: the storm's only source of chance.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 11) % limit
    }

    fn one_in(&mut self, limit: u64) -> bool {
        self.below(limit) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// What a peer knows of a conversation, learned from the segments that left the machine.
#[derive(Clone, Copy)]
struct Flow {
    peer: InAddr,
    our_port: u16,
    peer_port: u16,
    /// Behind the last octet we sent.
    ours: u32,
    /// The next octet we expect.
    theirs: u32,
    /// The flags of our last segment.
    flags: u8,
}

struct Storm {
    k: Kernel,
    chance: Chance,
    flows: Vec<Flow>,
}

fn config() -> Config {
    Config {
        interfaces: vec![InterfaceConfig { mac: OUR_MAC, address: OURS, mask: InAddr::mask(16), mtu: 1500 }],
        routes: vec![RouteConfig {
            destination: InAddr::ANY,
            mask: InAddr::ANY,
            gateway: InAddr(0xc0a8_0002),
            interface: 0,
            mss: None,
            window: None,
        }],
        arp: vec![(InAddr(0xc0a8_0002), GATEWAY_MAC)],
        boot_time: 990_000_000,
        ..Config::default()
    }
}

impl Storm {
    fn new(seed: u64) -> Self {
        let mut k = booted(config());
        step(&mut k, &Input::Process { pid: 200, euid: 0 });
        step(&mut k, &Input::Process { pid: 201, euid: 500 });
        for (task, port) in [(2, 8080), (3, 2000)] {
            let address = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: InAddr::ANY }.bytes().to_vec();
            let int = |value| UserArg::Int(value);
            for (name, args) in [
                (CallName::Socket, vec![int(2), int(1), int(0)]),
                (CallName::Bind, vec![int(3), UserArg::In(address), int(16)]),
                (CallName::Listen, vec![int(3), int(5)]),
            ] {
                let call = UserCall::new(name, args);
                step(&mut k, &Input::Call { task: TaskId(task), call, planned: Vec::new() });
            }
        }
        Self { k, chance: Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1), flows: Vec::new() }
    }

    fn run(&mut self, seed: u64, steps: usize) {
        for number in 0..steps {
            let input = self.input();
            step(&mut self.k, &input);
            self.learn();
            if let Some(oops) = &self.k.oops {
                assert_ne!(oops.story, "freed memory was used", "seed {seed}, step {number}: {input:?}");
                return;
            }
            let k = &self.k;
            assert_eq!(k.intr_count, 0, "seed {seed}, step {number}: {input:?}");
            assert!(!k.in_bh && !k.in_interrupt && k.interrupts, "seed {seed}, step {number}: {input:?}");
            assert!(k.current.is_none() && k.run_queue.is_empty(), "seed {seed}, step {number}: {input:?}");
            for task in &k.tasks {
                assert!(task.call.is_some() || task.waiting.is_empty(), "seed {seed}, step {number}: {input:?}");
            }
            self.k.completions.clear();
        }
    }

    /// Reads the segments that left, as their receivers would.
    fn learn(&mut self) {
        for frame in std::mem::take(&mut self.k.dev[1].outbox) {
            if frame.len() < 54 || frame[12..14] != [8, 0] || frame[23] != 6 {
                continue;
            }
            let word = |at: usize| u32::from_be_bytes([frame[at], frame[at + 1], frame[at + 2], frame[at + 3]]);
            let port = |at: usize| u16::from_be_bytes([frame[at], frame[at + 1]]);
            let data = frame.len() - 34 - usize::from(frame[46] >> 4) * 4;
            let extra = u32::from(frame[47] & 2 != 0) + u32::from(frame[47] & 1 != 0);
            let flow = Flow {
                peer: InAddr(word(30)),
                our_port: port(34),
                peer_port: port(36),
                ours: word(38).wrapping_add(data as u32).wrapping_add(extra),
                theirs: word(42),
                flags: frame[47],
            };
            self.flows.retain(|known| (known.our_port, known.peer_port) != (flow.our_port, flow.peer_port));
            self.flows.push(flow);
            if self.flows.len() > 12 {
                self.flows.remove(0);
            }
        }
    }

    fn input(&mut self) -> Input {
        match self.chance.below(20) {
            0..=10 => {
                let task = TaskId(2 + self.chance.below(self.k.tasks.len() as u64 - 2) as u32);
                let call = self.call();
                let planned = if self.chance.one_in(3) { self.planned() } else { Vec::new() };
                Input::Call { task, call, planned }
            }
            11..=16 => Input::Frames(self.frames()),
            17 => Input::Ticks(self.chance.pick(&[1, 1, 2, 30, 301, 6001, 100_000])),
            18 => Input::Ticks(1 + self.chance.below(50) as u32),
            _ => {
                let signal = self.chance.pick(&[2, 13, 23, 29, 0, 40, -1]);
                Input::Signal { task: TaskId(2 + self.chance.below(2) as u32), signal }
            }
        }
    }

    fn planned(&mut self) -> Vec<PlannedInterrupt> {
        (0..1 + self.chance.below(2))
            .map(|_| {
                let point = self.chance.pick(&Point::ALL).0;
                let arrival = if self.chance.one_in(5) {
                    Arrival::Timer(1 + self.chance.below(200) as u32)
                } else {
                    Arrival::Net(self.frames())
                };
                PlannedInterrupt {
                    point,
                    function: None,
                    nth: 1 + self.chance.below(3) as u32,
                    arrival,
                    seen: 0,
                    done: false,
                }
            })
            .collect()
    }

    fn frames(&mut self) -> Vec<(u8, Vec<u8>)> {
        (0..1 + self.chance.below(3)).map(|_| (1, self.frame())).collect()
    }

    fn frame(&mut self) -> Vec<u8> {
        let length = self.chance.pick(&[0, 0, 1, 7, 100, 536, 1400]);
        let payload: Vec<u8> = (0..length).map(|_| self.chance.next() as u8).collect();
        let flow = match self.flows.len() as u64 {
            0 => None,
            known => self.flows.get(self.chance.below(known) as usize).copied(),
        };
        let flow = flow.filter(|_| !self.chance.one_in(4)).unwrap_or(Flow {
            peer: self.chance.pick(&[REMOTE, NEIGHBOUR]),
            our_port: self.port(),
            peer_port: 40_000 + self.chance.below(4) as u16,
            ours: self.chance.next() as u32,
            theirs: self.chance.next() as u32,
            flags: 0x10,
        });
        let (protocol, inner) = match self.chance.below(12) {
            0 => (17, self.datagram(flow, &payload)),
            1 => (1, self.icmp(flow)),
            2 => (self.chance.next() as u8, payload),
            _ => (6, self.segment(flow, &payload)),
        };
        let packet = Ipv4Builder {
            protocol,
            id: self.chance.next() as u16,
            frag_off: if self.chance.one_in(15) { self.chance.pick(&[0x2000, 0x2001, 1, 2, 0x4000]) } else { 0 },
            saddr: flow.peer.octets().into(),
            daddr: if self.chance.one_in(20) { [255; 4].into() } else { OURS.octets().into() },
            options: if self.chance.one_in(20) { vec![7, 7, 4, 0, 0, 0, 0] } else { Vec::new() },
            ..Ipv4Builder::default()
        };
        let packet = packet.build(&inner).unwrap_or_default();
        let h_dest = if self.chance.one_in(15) { [0xff; 6] } else { OUR_MAC };
        let h_proto = if self.chance.one_in(20) { self.chance.pick(&[0x0806, 0x8035, 60]) } else { 0x0800 };
        let mut frame = EthernetBuilder { h_dest, h_source: GATEWAY_MAC, h_proto }.build(&packet);
        if self.chance.one_in(12) {
            let at = self.chance.below(frame.len() as u64) as usize;
            frame[at] = self.chance.next() as u8;
        }
        if self.chance.one_in(40) {
            frame.truncate(self.chance.below(40) as usize);
        }
        frame
    }

    /// What an honest peer would send next.
    fn honest(&mut self, flow: Flow, payload: &[u8]) -> Vec<u8> {
        let answers_syn = flow.flags & 0x12 == 0x02;
        let seq = if answers_syn { self.chance.next() as u32 } else { flow.theirs };
        let flags = if answers_syn { 0x12 } else { self.chance.pick(&[0x10, 0x18, 0x18, 0x18, 0x11]) };
        let payload = if answers_syn { &[] } else { payload };
        let (source, dest, window) = (flow.peer_port, flow.our_port, 8192);
        let builder = TcpBuilder { source, dest, seq, ack_seq: flow.ours, flags, window, ..TcpBuilder::default() };
        builder.build(flow.peer.octets(), OURS.octets(), payload).unwrap_or_default()
    }

    fn segment(&mut self, flow: Flow, payload: &[u8]) -> Vec<u8> {
        if self.chance.one_in(2) {
            return self.honest(flow, payload);
        }
        let near = |chance: &mut Chance, value: u32| match chance.below(6) {
            0 => value.wrapping_add(chance.below(3000) as u32).wrapping_sub(1500),
            1 => chance.next() as u32,
            _ => value,
        };
        let builder = TcpBuilder {
            source: flow.peer_port,
            dest: flow.our_port,
            seq: near(&mut self.chance, flow.theirs),
            ack_seq: near(&mut self.chance, flow.ours),
            res1: 0,
            flags: self.chance.pick(&[0x10, 0x10, 0x10, 0x18, 0x12, 0x02, 0x02, 0x11, 0x14, 0x04, 0x30, 0x00, 0x3f]),
            window: self.chance.pick(&[32_792, 8192, 1000, 1, 0]),
            urg_ptr: self.chance.pick(&[0, 1, 5, 65_535]),
            options: match self.chance.below(4) {
                0 => vec![2, 4, 5, 0xb4],
                1 => (0..self.chance.below(12)).map(|_| self.chance.next() as u8).collect(),
                _ => Vec::new(),
            },
        };
        builder.build(flow.peer.octets(), OURS.octets(), payload).unwrap_or_default()
    }

    fn datagram(&mut self, flow: Flow, payload: &[u8]) -> Vec<u8> {
        let builder = UdpBuilder { source: flow.peer_port, dest: flow.our_port, no_checksum: self.chance.one_in(3) };
        builder.build(flow.peer.octets(), OURS.octets(), payload).unwrap_or_default()
    }

    /// An ICMP message that quotes a segment of ours, its checksum right.
    fn icmp(&mut self, flow: Flow) -> Vec<u8> {
        let mut message =
            vec![self.chance.pick(&[3, 3, 4, 11, 8, 0, 5]), self.chance.below(16) as u8, 0, 0, 0, 0, 0, 0];
        let quoted = Ipv4Builder {
            protocol: self.chance.pick(&[6, 6, 17]),
            saddr: OURS.octets().into(),
            daddr: flow.peer.octets().into(),
            ..Ipv4Builder::default()
        };
        let mut ports = flow.our_port.to_be_bytes().to_vec();
        ports.extend_from_slice(&flow.peer_port.to_be_bytes());
        ports.extend_from_slice(&flow.ours.to_be_bytes());
        message.extend(quoted.build(&ports).unwrap_or_default());
        let check = stack::wire::checksum::internet_checksum(&message);
        message[2..4].copy_from_slice(&check.to_be_bytes());
        message
    }

    fn port(&mut self) -> u16 {
        self.chance.pick(&[8080, 8080, 80, 1026, 1027, 1028, 2000])
    }

    fn address(&mut self) -> Vec<u8> {
        let sin_addr = self.chance.pick(&[InAddr::ANY, OURS, REMOTE, NEIGHBOUR, InAddr::LOOPBACK, InAddr::BROADCAST]);
        SockaddrIn { sin_family: AF_INET, sin_port: self.port(), sin_addr }.bytes().to_vec()
    }

    fn int(&mut self, sensible: &[i32]) -> UserArg {
        let wild = [-1, 0, 1, 2, 3, 255, 256, i32::MAX, i32::MIN];
        UserArg::Int(if self.chance.one_in(8) { self.chance.pick(&wild) } else { self.chance.pick(sensible) })
    }

    fn fd(&mut self) -> UserArg {
        self.int(&[3, 3, 3, 4, 4, 5, 6, 7])
    }

    fn buffer(&mut self, given: bool) -> (UserArg, UserArg) {
        let size = self.chance.pick(&[0, 1, 100, 512, 3000, 40_000]);
        let length = self.int(&[size, size, size, size, 100]);
        if self.chance.one_in(20) {
            return (UserArg::Null, length);
        }
        (if given { UserArg::In(vec![0x55; size as usize]) } else { UserArg::Out(size as u32) }, length)
    }

    fn call(&mut self) -> UserCall {
        use CallName as C;
        // listen() on a connection that was accepted without blocking makes it accept itself, here as in the original: two
        // sockets own one sock then, and freed memory is used.
        let usual = Some(self.chance.pick(C::ALL)).filter(|name| *name != C::Listen).unwrap_or(C::Accept);
        let name = match (self.chance.one_in(40), self.chance.one_in(60)) {
            (true, _) => C::Fork,
            // Two are left in any case.
            (_, true) if self.k.tasks.iter().skip(2).filter(|task| task.state != TaskState::Unused).count() > 2 => {
                C::Exit
            }
            _ => usual,
        };
        let flags = |storm: &mut Self| storm.int(&[0, 0, 0, 1, 2, 4]);
        let args = match name {
            C::Socket => vec![self.int(&[2, 2, 2, 1]), self.int(&[1, 1, 1, 2, 3, 10]), self.int(&[0, 0, 6, 17, 1])],
            C::Bind | C::Connect => vec![self.fd(), UserArg::In(self.address()), self.int(&[16, 16, 8, 128])],
            C::Listen | C::Shutdown => vec![self.fd(), self.int(&[0, 1, 2, 5])],
            C::Accept | C::Getsockname | C::Getpeername => {
                vec![self.fd(), UserArg::Out(16), UserArg::InOut(vec![16, 0, 0, 0])]
            }
            C::Socketpair => vec![self.int(&[2]), self.int(&[1]), self.int(&[0]), UserArg::Out(8)],
            C::Send | C::Recv | C::Sendto | C::Recvfrom => {
                let (buffer, length) = self.buffer(matches!(name, C::Send | C::Sendto));
                let mut args = vec![self.fd(), buffer, length, flags(self)];
                if name == C::Sendto {
                    args.extend([UserArg::In(self.address()), self.int(&[16])]);
                } else if name == C::Recvfrom {
                    args.extend([UserArg::Out(16), UserArg::InOut(vec![16, 0, 0, 0])]);
                }
                args
            }
            C::Read | C::Write => {
                let (buffer, length) = self.buffer(name == C::Write);
                vec![self.fd(), buffer, length]
            }
            C::Setsockopt => {
                let value = self.chance.pick(&[0_i32, 1, 2, 256, 4096, 32_767, -1]);
                let option = self.int(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 33]);
                let bytes = [value.to_le_bytes(), 2_i32.to_le_bytes()].concat();
                vec![self.fd(), self.int(&[0, 1, 6]), option, UserArg::In(bytes), self.int(&[4, 8])]
            }
            C::Getsockopt => {
                let option = self.int(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13]);
                vec![self.fd(), self.int(&[0, 1, 6]), option, UserArg::Out(8), UserArg::InOut(vec![8, 0, 0, 0])]
            }
            C::Close | C::Dup => vec![if self.chance.one_in(2) { self.fd() } else { self.int(&[9]) }],
            C::Fork => Vec::new(),
            C::Exit => vec![self.int(&[0])],
            C::Setuid => vec![self.int(&[0, 500])],
            C::Dup2 => vec![self.fd(), self.fd()],
            C::Ioctl => {
                let command = self.int(&[
                    0x5411, 0x541b, 0x5421, 0x8905, 0x8902, 0x8906, 0x8912, 0x8913, 0x8914, 0x8915, 0x8921, 0x890b,
                    0x8952,
                ]);
                let mut request = b"eth0".to_vec();
                request.resize(80, self.chance.pick(&[0, 1, 0x43]));
                vec![self.fd(), command, UserArg::InOut(request)]
            }
            C::Fcntl => vec![self.fd(), self.int(&[0, 3, 4, 8, 9]), self.int(&[2, 2048, 2050, 0, 200])],
            C::Select => {
                let mut set = vec![self.chance.next() as u8 & 0xf8];
                set.resize(32, 0);
                let mut sets: Vec<UserArg> = Vec::new();
                for _ in 0..3 {
                    sets.push(if self.chance.one_in(2) { UserArg::InOut(set.clone()) } else { UserArg::Null });
                }
                let mut args = vec![self.int(&[8, 8, 4])];
                args.append(&mut sets);
                let wait = [0, 0, 0, 0, 0x10, 0x27, 0, 0];
                args.push(if self.chance.one_in(4) { UserArg::Null } else { UserArg::InOut(wait.to_vec()) });
                args
            }
        };
        UserCall::new(name, args)
    }
}

#[test]
fn no_storm_panics_hangs_or_leaves_a_lock() {
    for seed in 1..=300 {
        Storm::new(seed).run(seed, 600);
    }
}

#[test]
fn the_same_seed_is_the_same_storm() {
    let run = |seed| {
        let mut storm = Storm::new(seed);
        storm.run(seed, 300);
        storm.k
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7).sock.created(), 0);
}
