//! What looking for something costs in a long run: `cargo run --release -p sockscope-stack --example search [INPUTS]`.
//! A place that is nowhere is looked for over the whole run, and the films of the run are gone through once.

use stack::include::config::Config;
use stack::include::in_addr::InAddr;
use stack::lab::journal::{Act, Journal};
use stack::lab::movement::Direction;
use stack::lab::program::ProgramKind;
use stack::lab::query::{Place, find};
use stack::lab::run::{Moment, Run};
use stack::lab::world::{Medium, World};
use stack::link::wire::{Fate, Wire, WireConfig};

/// Seconds of the processor so far; other programs at work do not count.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn main() {
    let inputs = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(100_000_usize);
    let wire = Wire::new(WireConfig { delay: 100, ..WireConfig::default() });
    let hosts = vec![("A".to_owned(), Config::of_host(1)), ("B".to_owned(), Config::of_host(2))];
    let mut journal = Journal::default();
    journal.add(0, Act::Start { host: 1, program: ProgramKind::Chargen(19) });
    let address = InAddr::from_octets([10, 0, 0, 2]);
    let client = ProgramKind::Client { address, port: 19, text: b"go".to_vec() };
    journal.add(100_000, Act::Start { host: 0, program: client });
    let mut run = Run::new(World::new(hosts, Medium::Simulated(wire)), journal);
    let begin = busy();
    while run.turns.len() < inputs {
        let later = run.journal.horizon + 1_000_000;
        run.journal.extend(later);
        let left = inputs - run.turns.len();
        run.play(left);
    }
    // Nothing is allowed behind the last of them, so that a search does not take the run further.
    run.journal.horizon = run.time(run.end());
    let steps: usize = run.turns.iter().map(stack::lab::run::Entry::steps).sum();
    println!("{inputs} inputs, {} frames, {steps} steps: {:.2} s", run.frames.len(), busy() - begin);
    let texts = [
        "A: enter never",
        "A: enter tcp_close",
        "when A.sock(2).fin_seq changes #1000000000",
        "when A.sock(2).retransmits == 9",
        "when B.sock(4).timeout changes #1000000000",
        "when B.device(\"eth0\").tbusy == 7",
    ];
    for text in texts {
        let place = Place::parse(text).expect("the texts are places");
        for direction in [Direction::Forward, Direction::Backward] {
            let from = if direction == Direction::Forward { Moment::default() } else { run.end() };
            let begin = busy();
            let found = find(&place, &mut run, from, direction);
            println!("{text}, {direction:?}: {found:?}, {:.2} s", busy() - begin);
        }
    }
    let begin = busy();
    let filmed: usize = run.films(0).map(|turn| turn.film.steps.len()).sum();
    println!("films of {filmed} steps: {:.2} s", busy() - begin);
    let begin = busy();
    let last = run.frames.len() as u64;
    let fork = run.fork_with_fates(&[(last, Fate::Drop)]);
    println!("fork at the last frame: {:.3} s, {}", busy() - begin, fork.is_some());
}
