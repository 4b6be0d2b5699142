//! The run that the examples measure: a client drinks from a server that never stops talking, over a simulated wire.

use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::world::{Medium, World};
use stack::link::wire::{Wire, WireConfig};

/// That run, played until it has taken `inputs` inputs.
pub(crate) fn run(inputs: usize) -> Run {
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
    run
}
