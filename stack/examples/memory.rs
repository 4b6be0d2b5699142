//! A run of a million inputs, and the memory it took: `cargo run --release -p sockscope-stack --example memory`.
//! The payload is what the frames of the run carry; the rest is what remembering the run costs.

use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::world::{Medium, World};
use stack::link::wire::{Wire, WireConfig};

fn main() {
    let inputs = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1_000_000_usize);
    let wire = Wire::new(WireConfig { delay: 100, ..WireConfig::default() });
    let hosts = vec![("A".to_owned(), Config::of_host(1)), ("B".to_owned(), Config::of_host(2))];
    let mut journal = Journal::default();
    journal.add(0, Act::Start { host: 1, program: ProgramKind::Chargen(19) });
    let address = InAddr::from_octets([10, 0, 0, 2]);
    let client = ProgramKind::Client { address, port: 19, text: b"go".to_vec() };
    journal.add(100_000, Act::Start { host: 0, program: client });
    let mut run = Run::new(World::new(hosts, Medium::Simulated(wire)), journal);
    while run.turns.len() < inputs {
        let later = run.journal.horizon + 1_000_000;
        run.journal.extend(later);
        let left = inputs - run.turns.len();
        run.play(left);
    }
    let payload: usize = run.frames.iter().map(|frame| frame.sent.bytes.len()).sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not told");
    println!("{} inputs, {} frames, {} MiB of frames", run.turns.len(), run.frames.len(), payload >> 20);
    println!("{peak}");
}
