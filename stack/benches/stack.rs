//! What the stack costs: per segment and per acknowledgement through the whole receive path on an in-memory wire, the clone
//! of a busy kernel, a listener among ten thousand TIME_WAITs, and a step back in a run of a hundred thousand inputs.
//!
//! `cargo bench -p sockscope-stack` measures with the probe compiled in and off, and on; with `--no-default-features` it is
//! erased. Figures are reported as measured; nothing here is a test.

use divan::{Bencher, black_box};
use stack::include::config::Config;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskId;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::film::Camera;
use stack::lab::journal::{Act, Journal};
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Moment, Run};
use stack::lab::startup::booted;
use stack::lab::world::{Medium, World};
use stack::link::wire::{Wire, WireConfig};
use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::{Input, Kernel, step};

fn main() {
    divan::main();
}

const FIN: u8 = 1;
const SYN: u8 = 2;
const PSH: u8 = 8;
const ACK: u8 = 16;

/// A peer on the in-memory wire.
#[derive(Clone)]
struct Peer {
    address: InAddr,
    port: u16,
    seq: u32,
    ack: u32,
}

impl Peer {
    fn frame(&self, flags: u8, payload: &[u8]) -> Input {
        let (source, destination) = (std::net::Ipv4Addr::from(self.address.0), std::net::Ipv4Addr::new(10, 0, 0, 1));
        let header = TcpBuilder {
            source: self.port,
            dest: 80,
            seq: self.seq,
            ack_seq: self.ack,
            flags,
            window: 32000,
            ..TcpBuilder::default()
        };
        let segment = header.build(source, destination, payload).expect("a segment");
        let packet = Ipv4Builder { saddr: source, daddr: destination, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let packet = packet.build(&segment).expect("a packet");
        let ethernet = EthernetBuilder { h_dest: [2, 0, 0, 0, 0, 1], h_source: [2, 0, 0, 0, 0, 9], h_proto: 0x0800 };
        Input::Frames(vec![(1, ethernet.build(&packet))])
    }
}

fn call(k: &mut Kernel, name: CallName, args: Vec<UserArg>) -> i32 {
    step(k, &Input::Call { task: TaskId(2), call: UserCall::new(name, args), planned: Vec::new() });
    let ret = k.completions.last().map_or(-1, |done| done.ret);
    k.completions.clear();
    ret
}

/// A server with a listener on port 80; descriptor 3.
fn server() -> Kernel {
    let peers = InAddr::from_octets([10, 0, 0, 9]);
    let mut k = booted(Config { arp: vec![(peers, [2, 0, 0, 0, 0, 9])], ..Config::of_host(1) });
    step(&mut k, &Input::Process { pid: 100, euid: 0 });
    let address = SockaddrIn { sin_family: AF_INET, sin_port: 80, sin_addr: InAddr::ANY };
    call(&mut k, CallName::Socket, vec![UserArg::Int(2), UserArg::Int(1), UserArg::Int(0)]);
    call(&mut k, CallName::Bind, vec![UserArg::Int(3), UserArg::In(address.bytes().to_vec()), UserArg::Int(16)]);
    call(&mut k, CallName::Listen, vec![UserArg::Int(3), UserArg::Int(100)]);
    k
}

/// The sequence number of the last frame that left.
fn last_sequence(k: &mut Kernel) -> u32 {
    let frame = k.dev[1].outbox.last().cloned().unwrap_or_default();
    k.dev[1].outbox.clear();
    frame.get(38..42).and_then(|octets| octets.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// A connection, accepted; the peer and the descriptor.
fn connect(k: &mut Kernel, port: u16) -> (Peer, i32) {
    let mut peer = Peer { address: InAddr::from_octets([10, 0, 0, 9]), port, seq: 1000, ack: 0 };
    step(k, &peer.frame(SYN, b""));
    peer.seq += 1;
    peer.ack = last_sequence(k).wrapping_add(1);
    step(k, &peer.frame(ACK, b""));
    let fd = call(k, CallName::Accept, vec![UserArg::Int(3), UserArg::Null, UserArg::Null]);
    (peer, fd)
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn in_order_data_segment(bencher: Bencher) {
    let mut k = server();
    let (peer, _) = connect(&mut k, 5000);
    let data = peer.frame(ACK | PSH, &[0; 512]);
    bencher.with_inputs(|| k.clone()).bench_local_refs(|k| step(k, black_box(&data)));
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn in_order_data_segment_with_a_full_film(bencher: Bencher) {
    let mut k = server();
    let (peer, _) = connect(&mut k, 5000);
    let data = peer.frame(ACK | PSH, &[0; 512]);
    bencher
        .with_inputs(|| {
            let mut k = k.clone();
            k.watch(Box::new(Camera::film()));
            k
        })
        .bench_local_refs(|k| step(k, black_box(&data)));
}

#[divan::bench(sample_count = 200, sample_size = 20)]
fn acknowledgement(bencher: Bencher) {
    let mut k = server();
    let (mut peer, fd) = connect(&mut k, 5000);
    call(&mut k, CallName::Write, vec![UserArg::Int(fd), UserArg::In(vec![0; 100]), UserArg::Int(100)]);
    peer.ack = peer.ack.wrapping_add(100);
    let ack = peer.frame(ACK, b"");
    bencher.with_inputs(|| k.clone()).bench_local_refs(|k| step(k, black_box(&ack)));
}

#[divan::bench]
fn clone_of_a_kernel_with_64_socks_and_512_skbs(bencher: Bencher) {
    let mut k = server();
    for port in 0..63 {
        let (mut peer, _) = connect(&mut k, 5000 + port);
        for _ in 0..8 {
            step(&mut k, &peer.frame(ACK | PSH, &[0; 64]));
            peer.seq += 64;
        }
    }
    assert!(k.sock.len() >= 64 && k.skb.len() >= 500, "{} socks, {} skbs", k.sock.len(), k.skb.len());
    k.dev[1].outbox.clear();
    bencher.bench_local(|| black_box(&k).clone());
}

fn handshake(k: &mut Kernel, peer: &Peer) {
    step(k, &peer.frame(SYN, b""));
    let ack = Peer { seq: peer.seq + 1, ack: last_sequence(k).wrapping_add(1), ..peer.clone() };
    step(k, &ack.frame(ACK, b""));
}

#[divan::bench(args = [0, 10_000], sample_count = 50, sample_size = 1)]
fn handshake_among_time_waits(bencher: Bencher, time_waits: u16) {
    let mut k = server();
    for port in 0..time_waits {
        let (mut peer, fd) = connect(&mut k, 1024 + port);
        call(&mut k, CallName::Close, vec![UserArg::Int(fd)]);
        k.dev[1].outbox.clear();
        peer.ack = peer.ack.wrapping_add(1);
        step(&mut k, &peer.frame(ACK, b""));
        step(&mut k, &peer.frame(ACK | FIN, b""));
        k.dev[1].outbox.clear();
    }
    let peer = Peer { address: InAddr::from_octets([10, 0, 0, 9]), port: 60_000, seq: 1, ack: 0 };
    // A copy has no room to spare; the first connection makes it, as it would have been made long ago.
    let warm = Peer { port: 60_001, ..peer.clone() };
    bencher
        .with_inputs(|| {
            let mut k = k.clone();
            handshake(&mut k, &warm);
            k
        })
        .bench_local_refs(|k| handshake(k, black_box(&peer)));
}

/// A run of a hundred thousand inputs: an echo service that is never left alone.
fn long_run() -> Run {
    let mut journal = Journal::default();
    let mut run = {
        use stack::lab::program::ProgramKind;
        let wire = Wire::new(WireConfig { delay: 100, ..WireConfig::default() });
        let hosts = vec![("A".to_owned(), Config::of_host(1)), ("B".to_owned(), Config::of_host(2))];
        let world = World::new(hosts, Medium::Simulated(wire));
        journal.add(0, Act::Start { host: 1, program: ProgramKind::Chargen(19) });
        let server = InAddr::from_octets([10, 0, 0, 2]);
        journal.add(
            100_000,
            Act::Start { host: 0, program: ProgramKind::Client { address: server, port: 19, text: b"go".to_vec() } },
        );
        Run::new(world, journal)
    };
    while run.reel.len() < 100_000 {
        let later = run.journal.horizon + 1_000_000;
        run.journal.extend(later);
        let left = 100_000 - run.reel.len();
        run.play(left);
    }
    run
}

#[divan::bench(sample_count = 300, sample_size = 1)]
fn step_back_in_a_run_of_100_000_inputs(bencher: Bencher) {
    let mut run = long_run();
    let mut at = run.end();
    let mut random = stack::link::random::Random::new(1);
    bencher.bench_local(|| {
        // Now and then somewhere else, as a person does; mostly one step back from here.
        if random.chance((1, 10)) {
            at = Moment { turn: random.below(99_000) as usize + 500, step: 1 };
        }
        at = run.moved(at, Movement::Into, Direction::Backward).unwrap_or(at);
        black_box(run.seek(at))
    });
}
