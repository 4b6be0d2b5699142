//! Any system call with any arguments: three processes do at random whatever sockets allow, over the loopback and over a
//! card, with signals, clock ticks and frames in between. Nothing panics, nothing follows a dead handle, and when all
//! descriptors are closed and the timers have run, every sock and every buffer is gone.

use std::collections::BTreeSet;

use stack::Kernel;
use stack::include::config::{Config, InterfaceConfig};
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::{Arrival, PlannedInterrupt, Point, TaskId};
use stack::include::sock::Sock;
use stack::init::{Input, step};
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::machine::booted;
use stack::wire::checksum::{internet_checksum, tcp_checksum};

/// A sequence of numbers that looks random and is the same every time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as u64) as usize].clone()
    }

    fn one_in(&mut self, odds: u64) -> bool {
        self.below(odds) == 0
    }
}

fn machine(seed: u64) -> Kernel {
    let interface = InterfaceConfig {
        mac: [2, 0, 0, 0, 0, 1],
        address: InAddr::from_octets([192, 168, 0, 1]),
        mask: InAddr::mask(16),
        mtu: 1500,
    };
    let arp = vec![(InAddr::from_octets([192, 168, 0, 9]), [2, 0, 0, 0, 0, 9])];
    let config = Config {
        interfaces: vec![interface],
        arp,
        ip_forward: seed % 2 == 1,
        ip_multicast: seed % 3 == 1,
        ip_firewall: seed % 7 == 1,
        ip_acct: seed % 3 == 2,
        inet_rarp: seed % 4 == 3,
        tcp_nagle_off: seed % 5 == 1,
        boot_time: 1_000_000_000_000_000,
        ..Config::default()
    };
    let mut kernel = booted(config);
    for (pid, euid) in [(100, 0), (101, 1000), (102, 0)] {
        step(&mut kernel, &Input::Process { pid, euid });
    }
    kernel
}

const PORTS: [u16; 6] = [7000, 7001, 7002, 80, 0, 1026];

fn name(chance: &mut Chance) -> UserArg {
    let address = chance.pick(&[
        [127, 0, 0, 1],
        [127, 0, 0, 1],
        [192, 168, 0, 1],
        [0; 4],
        [192, 168, 0, 9],
        [8, 8, 8, 8],
        [224, 0, 0, 9],
        [255; 4],
    ]);
    let sin_family = chance.pick(&[AF_INET, AF_INET, AF_INET, 0, 7]);
    let bytes =
        SockaddrIn { sin_family, sin_port: chance.pick(&PORTS), sin_addr: InAddr::from_octets(address) }.bytes();
    match chance.below(20) {
        0 => UserArg::Null,
        1 => UserArg::In(bytes[..3].to_vec()),
        _ => UserArg::In(bytes.to_vec()),
    }
}

fn descriptor(chance: &mut Chance) -> UserArg {
    UserArg::Int(if chance.one_in(30) { chance.next() as i32 - 5 } else { 3 + chance.below(7) as i32 })
}

fn number(chance: &mut Chance) -> UserArg {
    let odd = chance.next() as i32;
    UserArg::Int(chance.pick(&[0, 0, 1, 2, 3, 4, 16, -1, odd]))
}

/// An area and its length, which may be wrong.
fn area(chance: &mut Chance, writes: bool) -> (UserArg, UserArg) {
    let length = chance.pick(&[0, 1, 4, 10, 100, 1000, 3000, 9000]);
    let claimed = if chance.one_in(40) { chance.next() as i32 } else { length };
    let data = if writes { UserArg::In(vec![b'x'; length as usize]) } else { UserArg::Out(length as u32) };
    (if chance.one_in(60) { UserArg::Null } else { data }, UserArg::Int(claimed))
}

fn random_call(chance: &mut Chance) -> UserCall {
    let favourites = [
        CallName::Socket,
        CallName::Bind,
        CallName::Listen,
        CallName::Connect,
        CallName::Connect,
        CallName::Accept,
        CallName::Accept,
        CallName::Read,
        CallName::Read,
        CallName::Write,
        CallName::Write,
        CallName::Close,
    ];
    let which = if chance.one_in(2) { chance.pick(&favourites) } else { chance.pick(CallName::ALL) };
    let fd = descriptor(chance);
    let int = UserArg::Int;
    let flags = int(chance.pick(&[0, 0, 0, 1, 2, 4, 99]));
    let length_word = || UserArg::InOut(16_i32.to_le_bytes().to_vec());
    let args = match which {
        CallName::Socket | CallName::Socketpair => {
            let family = int(if chance.one_in(30) { 9 } else { 2 });
            let mut args = vec![
                family,
                int(chance.pick(&[1, 1, 1, 2, 2, 3, 5, 10, 4])),
                int(chance.pick(&[0, 0, 0, 6, 17, 1, 255, 768])),
            ];
            args.push(UserArg::Out(8));
            args
        }
        CallName::Bind | CallName::Connect => vec![fd, name(chance), int(if chance.one_in(20) { 3 } else { 16 })],
        // listen() on a socket that a non-blocking accept made is allowed, and then the original hands the same sock to two
        // sockets; what comes of that is no test of ours.
        CallName::Listen => vec![UserArg::Int(3), number(chance)],
        CallName::Dup2 => vec![fd, int(chance.pick(&[4, 5, 9, 10, -1, 300]))],
        CallName::Shutdown => vec![fd, number(chance)],
        CallName::Accept | CallName::Getsockname | CallName::Getpeername => {
            if chance.one_in(2) {
                vec![fd, UserArg::Null, UserArg::Null]
            } else {
                vec![fd, UserArg::Out(16), length_word()]
            }
        }
        CallName::Send | CallName::Write | CallName::Sendto => {
            let (data, length) = area(chance, true);
            vec![fd, data, length, flags, name(chance), int(16)]
        }
        CallName::Recv | CallName::Read | CallName::Recvfrom => {
            let (data, length) = area(chance, false);
            vec![fd, data, length, flags, UserArg::Out(16), length_word()]
        }
        CallName::Setsockopt => {
            let value = chance.pick(&[0_i32, 1, 2, 300, 40_000, -1]).to_le_bytes();
            let level = int(chance.pick(&[1, 1, 1, 0, 6]));
            vec![fd, level, int(chance.below(40) as i32), UserArg::In([value, 1_i32.to_le_bytes()].concat()), int(8)]
        }
        CallName::Getsockopt => {
            vec![fd, int(chance.pick(&[1, 1, 0, 6])), int(chance.below(40) as i32), UserArg::Out(8), length_word()]
        }
        CallName::Close => vec![int(4 + chance.below(7) as i32)],
        CallName::Dup => vec![fd],
        CallName::Fork | CallName::Exit => Vec::new(),
        CallName::Setuid => vec![int(0)],
        CallName::Ioctl => {
            let command =
                chance.pick(&[0x5421, 0x5411, 0x541b, 0x8905, 0x8902, 0x8904, 0x8906, 0x8912, 0x8951, 0x1234]);
            vec![fd, int(command), UserArg::InOut(vec![chance.below(2) as u8; 80])]
        }
        CallName::Fcntl => vec![
            fd,
            int(chance.pick(&[3, 4, 4, 8, 9, 0, 77])),
            int(chance.pick(&[0, 0o4000, 0o4000, 101, -101, 0o20000])),
        ],
        CallName::Select => {
            let set = |bits: u64| UserArg::InOut([(bits as u32 & 0x3f8).to_le_bytes().to_vec(), vec![0; 28]].concat());
            let time = [0_u32.to_le_bytes(), (chance.below(90_000) as u32).to_le_bytes()].concat();
            vec![int(10), set(chance.next()), set(chance.next()), set(chance.next()), UserArg::InOut(time)]
        }
    };
    UserCall::new(which, args)
}

/// Writes the checksums of an IP datagram with a TCP segment behind an Ethernet header.
fn seal(frame: &mut [u8]) {
    let addresses: Vec<InAddr> = [26, 30]
        .iter()
        .map(|at| InAddr::from_octets([frame[*at], frame[at + 1], frame[at + 2], frame[at + 3]]))
        .collect();
    frame[24..26].fill(0);
    let check = internet_checksum(&frame[14..34]);
    frame[24..26].copy_from_slice(&check.to_be_bytes());
    frame[50..52].fill(0);
    let check = tcp_checksum(addresses[0].0, addresses[1].0, &frame[34..]);
    frame[50..52].copy_from_slice(&check.to_be_bytes());
}

/// What a peer may answer to a TCP segment that came out of the card: anything from a good answer to a lie.
fn answer(chance: &mut Chance, sent: &[u8]) -> Vec<u8> {
    let word = |at: usize| u32::from_be_bytes([sent[at], sent[at + 1], sent[at + 2], sent[at + 3]]);
    let header = 34 + usize::from(sent[46] >> 4) * 4;
    let data = chance.pick(&[0, 0, 0, 1, 100, 536]);
    let mut frame = [&sent[6..12], &sent[0..6], &sent[12..26], &sent[30..34], &sent[26..30]].concat();
    frame.extend([&sent[36..38], &sent[34..36]].concat());
    let syn = sent[47] & 2 != 0;
    let sequence = if syn { 4999 } else { word(42) };
    let octets = sent.len().saturating_sub(header) as u32 + u32::from(syn) + u32::from(sent[47] & 1);
    let acknowledged = word(38).wrapping_add(octets);
    let lie = |chance: &mut Chance| chance.pick(&[0_u32, 0, 0, 0, 0, 0, 1, 100, u32::MAX, 70_000]);
    frame.extend(sequence.wrapping_add(lie(chance)).to_be_bytes());
    frame.extend(acknowledged.wrapping_add(lie(chance)).to_be_bytes());
    let usual = if syn { 0x12 } else { 0x10 };
    frame.extend([0x50, chance.pick(&[usual, usual, usual, 0x18, 0x11, 0x02, 0x04, 0x14, 0x30])]);
    frame.extend(chance.pick(&[8192_u16, 8192, 100, 0, 65_535]).to_be_bytes());
    frame.extend([0, 0, 0, 3]);
    frame.extend(vec![b'y'; data]);
    let length = (frame.len() - 14) as u16;
    frame[14] = 0x45;
    frame[16..18].copy_from_slice(&length.to_be_bytes());
    seal(&mut frame);
    frame
}

/// A frame for the card: an answer to something it sent, or that thing itself; sometimes damaged.
fn frame(chance: &mut Chance, seen: &[Vec<u8>]) -> Option<Vec<u8>> {
    let sent = seen.get(chance.below(seen.len() as u64) as usize)?;
    let tcp = sent.len() >= 54 && sent[12..14] == [8, 0] && sent[23] == 6;
    let mut frame = if tcp && !chance.one_in(8) { answer(chance, sent) } else { sent.clone() };
    if chance.one_in(12) {
        let place = chance.below(frame.len() as u64) as usize;
        frame[place] = chance.next() as u8;
    }
    if chance.one_in(30) {
        frame.truncate(chance.below(frame.len() as u64) as usize);
    }
    Some(frame)
}

fn planned(chance: &mut Chance) -> Vec<PlannedInterrupt> {
    if !chance.one_in(4) {
        return Vec::new();
    }
    let (point, _) = chance.pick(&Point::ALL);
    let arrival = Arrival::Timer(1 + chance.below(3) as u32);
    vec![PlannedInterrupt { point, function: None, nth: 1 + chance.below(2) as u32, arrival, seen: 0, done: false }]
}

fn random_input(chance: &mut Chance, kernel: &Kernel, seen: &[Vec<u8>]) -> Input {
    let idle: Vec<u32> =
        (2..kernel.tasks.len() as u32).filter(|index| kernel.tasks[*index as usize].call.is_none()).collect();
    let any = TaskId(2 + chance.below(3) as u32);
    match chance.below(24) {
        0..=2 => Input::Ticks(chance.pick(&[1, 1, 2, 10, 100, 400, 7000])),
        3 => Input::Signal { task: any, signal: 10 },
        4..=9 => Input::Frames(frame(chance, seen).map(|frame| (1, frame)).into_iter().collect()),
        _ if idle.is_empty() => Input::Signal { task: any, signal: 10 },
        _ => Input::Call { task: TaskId(chance.pick(&idle)), call: random_call(chance), planned: planned(chance) },
    }
}

/// Gives every process sockets that can talk to each other, so that the random calls have something to work on.
fn prepare(kernel: &mut Kernel, chance: &mut Chance) {
    let at = |address: [u8; 4], port: u16| {
        UserArg::In(
            SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: InAddr::from_octets(address) }.bytes().to_vec(),
        )
    };
    let int = UserArg::Int;
    for task in [2, 3, 4].map(TaskId) {
        let mut call = |name: CallName, args: Vec<UserArg>| {
            step(kernel, &Input::Call { task, call: UserCall::new(name, args), planned: Vec::new() });
        };
        for (fd, kind) in [(3, 1), (4, 1), (5, 1), (6, 2)] {
            call(CallName::Socket, vec![int(2), int(kind), int(0)]);
            if !chance.one_in(4) {
                call(CallName::Fcntl, vec![int(fd), int(4), int(0o4000)]);
            }
        }
        let port = 7000 + (task.0 - 2) as u16;
        call(CallName::Bind, vec![int(3), at([0; 4], port), int(16)]);
        call(CallName::Listen, vec![int(3), int(5)]);
        call(CallName::Connect, vec![int(4), at([127, 0, 0, 1], 7000), int(16)]);
        call(CallName::Connect, vec![int(5), at([192, 168, 0, 9], 80), int(16)]);
        call(CallName::Bind, vec![int(6), at([0; 4], port), int(16)]);
    }
}

/// Closes everything and lets the longest timers run out.
fn wind_up(kernel: &mut Kernel) {
    for index in 2..kernel.tasks.len() as u32 {
        let task = TaskId(index);
        for _ in 0..300 {
            step(kernel, &Input::Signal { task, signal: 10 });
            let open = (0..256).find(|fd| kernel.tasks[index as usize].files.get(*fd).is_some());
            let Some(fd) = open else { break };
            let call = UserCall::new(CallName::Close, vec![UserArg::Int(fd as i32)]);
            step(kernel, &Input::Call { task, call, planned: Vec::new() });
        }
        step(kernel, &Input::Signal { task, signal: 10 });
    }
    step(kernel, &Input::Ticks(3_000_000));
}

fn run(seed: u64, steps: usize) -> Kernel {
    let mut kernel = machine(seed);
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut seen = Vec::new();
    prepare(&mut kernel, &mut chance);
    for number in 0..steps {
        let input = random_input(&mut chance, &kernel, &seen);
        step(&mut kernel, &input);
        assert_eq!(kernel.oops, None, "seed {seed}, step {number}: {input:?}");
        kernel.completions.clear();
        seen.append(&mut kernel.dev[1].outbox);
        let surplus = seen.len().saturating_sub(20);
        seen.drain(..surplus);
    }
    kernel
}

/// An orphan without a timer. 1.2.13 keeps such a sock for ever: one in FIN_WAIT2 whose peer's FIN never comes through
/// (nothing is armed when an ACK leads there), or one whose peer took back the window of a retransmitted segment, which
/// `retransmits` then holds on write_queue although nothing is outstanding that could reset the count.
fn is_stranded(sock: &Sock) -> bool {
    sock.dead && sock.timer.queued.is_none() && sock.retransmit_timer.queued.is_none()
}

#[test]
fn any_calls_leave_nothing_behind() {
    let mut seen = BTreeSet::new();
    for seed in 0..60 {
        let mut kernel = run(seed, 800);
        seen.extend(kernel.sock.iter().map(|(_, sock)| sock.state as u8));
        wind_up(&mut kernel);
        assert_eq!(kernel.oops, None, "seed {seed}");
        let left: Vec<_> = kernel.sock.iter().skip(1).map(|(_, sock)| sock.clone()).collect();
        assert!(left.iter().all(is_stranded), "seed {seed}: socks that nobody owns: {left:?}");
        let held: usize = left.iter().map(|sock| sock.write_queue.len() + sock.receive_queue.len()).sum();
        assert_eq!((kernel.skb.len(), kernel.net_skbcount as usize), (held, held), "seed {seed}: buffers");
        assert_eq!((kernel.sockets.len(), kernel.sockets_in_use), (1, 1), "seed {seed}: sockets");
        assert!(kernel.sockets.iter().all(|(_, socket)| socket.i_wait.is_empty()), "seed {seed}: sleepers");
    }
    assert!(seen.len() >= 6, "the calls reach few states: {seen:?}");
}

#[test]
fn the_same_calls_make_the_same_kernel() {
    assert_eq!(run(7, 300), run(7, 300));
}
