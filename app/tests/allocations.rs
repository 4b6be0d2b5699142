//! What the steady state of a session that nobody looks at asks of the allocator: nothing, per frame received, sent or echoed,
//! and per system call of the programs behind them. Counted is what is asked for while the host has a frame, by an allocator
//! that belongs to this test alone; a peer in memory stands for the other end of the wire.

#[path = "../../stack/benches/steady_peer/mod.rs"]
#[allow(dead_code, reason = "the comparison with a run uses the rest")]
mod steady_peer;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use stack::lab::program::ProgramKind;
use steady_peer::SteadyPeer;

/// Rounds until every list has grown to its size.
const WARM_UP: usize = 3_000;
/// Rounds that are counted.
const ROUNDS: usize = 1_000;

thread_local! {
    static COUNTING: Cell<bool> = const { Cell::new(false) };
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

/// The system's allocator, which counts what it is asked for while somebody wants to know.
struct Counting;

fn count() {
    if COUNTING.get() {
        ASKED.set(ASKED.get() + 1);
    }
}

// SAFETY: every call goes to the system's allocator unchanged; the counters are cells that need no memory of the heap.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: the caller's promise is passed on.
        unsafe { System.realloc(place, layout, size) }
    }
    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise is passed on.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// What is asked for in the rounds behind the warm-up.
fn asked(host: &mut SteadyPeer, next: impl Fn(&mut SteadyPeer) -> Vec<u8>) -> usize {
    for round in 0..WARM_UP + ROUNDS {
        if round == WARM_UP {
            (host.frames, host.octets) = (0, 0);
            ASKED.set(0);
        }
        let frame = next(host);
        COUNTING.set(true);
        host.give(&frame);
        COUNTING.set(false);
    }
    ASKED.get()
}

#[test]
fn a_received_segment_asks_for_no_memory() {
    let mut host = SteadyPeer::connected(ProgramKind::Discard(9), 9);
    let asked = asked(&mut host, |peer| peer.data(&[b'x'; 1_460]));
    assert!(host.frames >= 2 * ROUNDS, "every segment is acknowledged: {} frames", host.frames);
    assert_eq!(asked, 0);
}

#[test]
fn a_sent_segment_asks_for_no_memory() {
    let mut host = SteadyPeer::connected(ProgramKind::Chargen(19), 19);
    let asked = asked(&mut host, |peer| peer.acknowledgement());
    assert!(host.octets > ROUNDS * 1_000, "it sends as fast as it is acknowledged: {} octets", host.octets);
    assert_eq!(asked, 0);
}

#[test]
fn an_echo_asks_for_no_memory() {
    let mut host = SteadyPeer::connected(ProgramKind::Echo(7), 7);
    let asked = asked(&mut host, |peer| peer.data(&[b'e'; 64]));
    assert_eq!(host.octets, 64 * ROUNDS, "everything comes back");
    assert_eq!(asked, 0);
}
