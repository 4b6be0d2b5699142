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
use stack::lab::world::World;
use stack::link::wire::WireConfig;

/// Turns for which a tick has room on average.
const TURNS_A_TICK: usize = 5_000;
const SPAN: u64 = 300_000;

/// Whoever may stand in a frame.
const ADDRESSES: [[u8; 4]; 8] =
    [A, B, [127, 0, 0, 1], [10, 255, 255, 255], [255; 4], [0; 4], [10, 0, 0, 9], [224, 0, 0, 1]];
/// Ports of the services, the first of those that a kernel gives, and one that nobody has.
const PORTS: [u16; 8] = [7, 9, 13, 19, 80, 1024, 1025, 53];

/// One frame of six octets and a text.
fn frame(how: &[u8; 6], text: &[u8]) -> (usize, Vec<u8>) {
    let [what, ends, ports, flags, seq, ack] = *how;
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

fn play(journal: &Journal, wire: &WireConfig) -> Run {
    let mut run = Run::new(World::pair(wire.clone()), journal.clone());
    let most = TURNS_A_TICK * (SPAN / TICK) as usize;
    assert!(run.play(most) < most, "the clock stands at {} microseconds", run.head().clock);
    run
}

fuzz_target!(|data: &[u8]| {
    let [delay, again, rest @ ..] = data else { return };
    let wire = WireConfig { delay: u64::from(*delay) * 20, duplicate: (1, 4), ..WireConfig::default() };
    let mut journal = Journal::default();
    for host in 0..2 {
        for program in services() {
            journal.add(0, Act::Start { host, program });
        }
    }
    let (mut rest, mut time) = (rest, 20_000);
    while let [length, wait, a, b, c, d, e, f, tail @ ..] = rest {
        let (text, next) = tail.split_at(usize::from(*length).min(tail.len()));
        rest = next;
        time += u64::from(*wait) * 100;
        let (host, bytes) = frame(&[*a, *b, *c, *d, *e, *f], text);
        if time < SPAN {
            journal.add(time, Act::Frames { host, frames: vec![(1, bytes)] });
        }
    }
    journal.extend(SPAN);
    let mut run = play(&journal, &wire);
    if again & 7 == 0 {
        let end = run.head().fingerprint();
        assert_eq!(play(&journal, &wire).head().fingerprint(), end, "a replay is the run");
        let middle = run.turns.len() / 2;
        let mut straight = Run::new(run.before(0), run.journal.clone());
        straight.play(middle);
        assert_eq!(run.before(middle).fingerprint(), straight.head().fingerprint(), "seek is run");
    }
});
