//! Frames from hosts to themselves and to each other, in a world where every service runs: the clock goes on, and the run
//! is the same again.
#![no_main]

#[path = "../../tests/own_frames/mod.rs"]
mod own_frames;

use libfuzzer_sys::fuzz_target;
use own_frames::{A, B, datagram, message, segment, services};
use stack::include::seq::TICK;
use stack::lab::journal::{Act, Journal};
use stack::lab::run::Run;
use stack::lab::world::{Medium, World};
use stack::link::wire::WireConfig;

/// Turns for which a tick has room on average.
const TURNS_A_TICK: usize = 5_000;
/// Microseconds: when frames begin to come in, and until when a world runs.
const BEGIN: u64 = 20_000;
const END: u64 = 120_000;

/// Whoever may stand in a frame.
const ADDRESSES: [[u8; 4]; 8] =
    [A, B, [127, 0, 0, 1], [10, 255, 255, 255], [255; 4], [0; 4], [10, 0, 0, 9], [224, 0, 0, 1]];
/// Ports of the services, the first of those that a kernel gives, and one that nobody has.
const PORTS: [u16; 8] = [7, 9, 13, 19, 80, 1024, 1025, 53];

/// One frame of six octets, behind the one that says when.
fn frame(how: &[u8; 7]) -> (usize, Vec<u8>) {
    let [_, what, ends, ports, flags, seq, ack] = *how;
    let text = &[b't'; 256][..usize::from(what >> 3)];
    let host = usize::from(what & 1);
    let station = 1 + (what & 1);
    let (source, destination) = (ADDRESSES[usize::from(ends & 7)], ADDRESSES[usize::from(ends >> 4 & 7)]);
    let (from, to) = (PORTS[usize::from(ports & 7)], PORTS[usize::from(ports >> 4 & 7)]);
    let bytes = match what >> 1 & 3 {
        0 | 1 => datagram(station, (source, from), (destination, to), text),
        2 => segment(station, (source, from), (destination, to), [seq, ack].map(u32::from), flags, text),
        _ => message(station, source, destination, flags & 31, text),
    };
    (host, bytes)
}

/// Two hosts that serve, as every input finds them.
fn serving() -> World {
    let mut journal = Journal::default();
    for host in 0..2 {
        for program in services() {
            journal.add(0, Act::Start { host, program });
        }
    }
    journal.extend(BEGIN);
    let mut run = Run::new(World::pair(WireConfig::default()), journal);
    run.play(10_000);
    let mut world = run.head().clone();
    world.forget_journal();
    world
}

thread_local! {
    static SERVING: World = serving();
}

fn play(mut world: World, journal: &Journal) -> World {
    let most = TURNS_A_TICK * ((END - BEGIN) / TICK) as usize;
    for _ in 0..most {
        if world.turn(journal, |_| {}).is_none() {
            return world;
        }
    }
    panic!("the clock stands at {} microseconds", world.clock);
}

fuzz_target!(|data: &[u8]| {
    let [delay, again, rest @ ..] = data else { return };
    let mut begin = SERVING.with(World::clone);
    if let Medium::Simulated(wire) = &mut begin.medium {
        wire.config = WireConfig { delay: u64::from(*delay) * 20, duplicate: (1, 4), ..WireConfig::default() };
    }
    let (mut rest, mut time, mut journal) = (rest, BEGIN, Journal::default());
    while let Some((how, next)) = rest.split_first_chunk() {
        rest = next;
        time += u64::from(how[0]) * 50;
        let (host, bytes) = frame(how);
        if time < END {
            journal.add(time, Act::Frames { host, frames: vec![(1, bytes)] });
        }
    }
    journal.extend(END);
    let end = play(begin.clone(), &journal).fingerprint();
    if again & 31 == 0 {
        let mut run = Run::new(begin.clone(), journal);
        run.play(usize::MAX);
        assert_eq!(run.head().fingerprint(), end, "a replay is the run");
        let middle = run.turns.len() / 2;
        let mut straight = Run::new(begin, run.journal.clone());
        straight.play(middle);
        assert_eq!(run.before(middle).fingerprint(), straight.head().fingerprint(), "seek is run");
    }
});
