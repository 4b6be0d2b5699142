//! What the stack costs: per segment and per acknowledgement through the whole receive path on an in-memory wire, the clone
//! of a busy kernel, a listener among ten thousand TIME_WAITs, and a step back in a run of a hundred thousand inputs.
//!
//! `cargo bench -p sockscope-stack` measures with the probe compiled in and off, and on; with `--no-default-features` it is
//! erased. Figures are reported as measured; nothing here is a test.

use divan::{Bencher, black_box};
use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::kernel::call::{CallName, UserArg};
use stack::lab::film::Camera;
use stack::lab::journal::{Act, Journal};
use stack::lab::movement::{Direction, Movement};
use stack::lab::query::{Place, find};
use stack::lab::run::{Moment, Run};
use stack::lab::world::{Medium, World};
use stack::link::wire::{Wire, WireConfig};
use stack::step;

mod peer;

use peer::{ACK, FIN, PSH, Peer, call, connect, handshake, server};

fn main() {
    divan::main();
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

#[divan::bench(args = [0, 10_000], sample_count = 90, sample_size = 1)]
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
    // One connection after the other on the same kernel, fewer than the backlog holds.
    let mut port = 60_000;
    bencher.bench_local(|| {
        port += 1;
        handshake(&mut k, black_box(&Peer { address: InAddr::from_octets([10, 0, 0, 9]), port, seq: 1, ack: 0 }));
    });
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
    while run.turns.len() < 100_000 {
        let later = run.journal.horizon + 1_000_000;
        run.journal.extend(later);
        let left = 100_000 - run.turns.len();
        run.play(left);
    }
    // Nothing is allowed behind the last of them, so that a search does not take the run further.
    run.journal.horizon = run.time(run.end());
    run
}

/// Places that are nowhere, so that the whole run is looked through.
const NOWHERE: [&str; 3] =
    ["A: enter never", "when A.sock(2).fin_seq == 3", "when B.sock(4).timeout changes #1000000000"];

#[divan::bench(args = NOWHERE, sample_count = 10, sample_size = 1)]
fn look_through_100_000_inputs_forward(bencher: Bencher, place: &str) {
    look_through(bencher, place, Direction::Forward);
}

#[divan::bench(args = NOWHERE, sample_count = 10, sample_size = 1)]
fn look_through_100_000_inputs_backward(bencher: Bencher, place: &str) {
    look_through(bencher, place, Direction::Backward);
}

fn look_through(bencher: Bencher, place: &str, direction: Direction) {
    let mut run = long_run();
    let place = Place::parse(place).expect("the text is a place");
    let from = if direction == Direction::Forward { Moment::default() } else { run.end() };
    bencher.bench_local(|| assert_eq!(find(&place, &mut run, from, direction), None));
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn films_of_100_000_inputs(bencher: Bencher) {
    let mut run = long_run();
    bencher.bench_local(|| run.films(0).map(|turn| turn.film.steps.len()).sum::<usize>());
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
