//! Twenty thousand data segments through the whole receive path, for counting instructions:
//! `valgrind --tool=callgrind target/release/examples/receive_path`, once with the probe compiled in (and off), once with
//! `--no-default-features`, where it is erased.

#[path = "../benches/peer/mod.rs"]
#[allow(dead_code, reason = "the benchmarks use the rest")]
mod peer;

use peer::{ACK, PSH, call, connect, server};
use stack::kernel::call::{CallName, UserArg};
use stack::step;

fn main() {
    let mut k = server();
    let (mut peer, fd) = connect(&mut k, 5000);
    let count = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(20_000_u32);
    for number in 0..count {
        step(&mut k, &peer.frame(ACK | PSH, &[0; 64]));
        peer.seq = peer.seq.wrapping_add(64);
        k.dev[1].outbox.clear();
        if number % 8 == 7 {
            let read = call(&mut k, CallName::Read, vec![UserArg::Int(fd), UserArg::Out(512), UserArg::Int(512)]);
            assert_eq!(read, 512);
            k.dev[1].outbox.clear();
        }
    }
}
