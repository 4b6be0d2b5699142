//! The steady state of a host that nobody looks at: a segment received and acknowledged, segments sent as they are acknowledged,
//! an echo. `cargo bench -p sockscope-stack --bench steady` prints the time of a round (one frame of the peer and everything
//! that it draws) and what it asks of the allocator: nothing, which `app/tests/allocations.rs` asserts.

use std::cell::RefCell;

use divan::{AllocProfiler, Bencher};
use stack::lab::program::ProgramKind;

#[allow(dead_code, reason = "the comparison with a run uses the rest")]
mod steady_peer;

use steady_peer::SteadyPeer;

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

/// Rounds until every list has grown to its size.
const WARM_UP: usize = 3_000;

fn main() {
    divan::main();
}

fn rounds(bencher: Bencher, program: ProgramKind, port: u16, next: impl Fn(&mut SteadyPeer) -> Vec<u8>) {
    let host = RefCell::new(SteadyPeer::connected(program, port));
    let frame = || next(&mut host.borrow_mut());
    for _ in 0..WARM_UP {
        let frame = frame();
        host.borrow_mut().give(&frame);
    }
    // One frame at a time: the next one's numbers depend on what this one draws.
    let round = |frame: &mut Vec<u8>| host.borrow_mut().give(frame);
    bencher.with_inputs(frame).bench_local_refs(round);
}

#[divan::bench(sample_count = 5_000, sample_size = 1)]
fn receive(bencher: Bencher) {
    rounds(bencher, ProgramKind::Discard(9), 9, |peer| peer.data(&[b'x'; 1_460]));
}

#[divan::bench(sample_count = 5_000, sample_size = 1)]
fn send(bencher: Bencher) {
    rounds(bencher, ProgramKind::Chargen(19), 19, |peer| peer.acknowledgement());
}

#[divan::bench(sample_count = 5_000, sample_size = 1)]
fn echo(bencher: Bencher) {
    rounds(bencher, ProgramKind::Echo(7), 7, |peer| peer.data(&[b'e'; 64]));
}
