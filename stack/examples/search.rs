//! What looking for something costs in a long run: `cargo run --release -p sockscope-stack --example search [INPUTS]`.
//! Stops of every kind are looked for from both ends, and the films of the run are gone through once.

mod bulk;

use stack::lab::movement::Direction;
use stack::lab::query::{Place, find};
use stack::lab::run::{Entry, Moment};
use stack::link::wire::Fate;

/// Stops as people set them, then some that are nowhere and so are looked for over the whole run.
const STOPS: [&str; 22] = [
    "tcp_ack",
    "tcp_ack if sk.state == SYN_RECV",
    "state *->ESTABLISHED",
    "state *->TIME_WAIT",
    "frame 7 arrives",
    "frame 20000 arrives",
    "frame where tcp.flags.syn",
    "frame where tcp.flags.rst",
    "timer TIME_WRITE fires",
    "drop",
    "drop BadChecksum",
    "B.sock(4).cong_window changes",
    "A.snmp.TcpActiveOpens",
    "B.snmp.TcpAttemptFails",
    "pid 100 sleeps",
    "return connect",
    "A: enter never",
    "A: enter tcp_close",
    "when A.sock(2).fin_seq changes #1000000000",
    "when A.sock(2).retransmits == 9",
    "when B.sock(4).timeout changes #1000000000",
    "when B.device(\"eth0\").tbusy == 7",
];

/// Seconds of the processor so far; other programs at work do not count.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|word| word.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}

fn main() {
    let inputs = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(100_000_usize);
    let begin = busy();
    let mut run = bulk::run(inputs);
    // Nothing is allowed behind the last of them, so that a search does not take the run further.
    run.journal.horizon = run.time(run.end());
    let steps: usize = run.turns.iter().map(Entry::steps).sum();
    println!("{inputs} inputs, {} frames, {steps} steps: {:.2} s", run.frames.len(), busy() - begin);
    let mut answers = Vec::new();
    for text in STOPS {
        let place = Place::parse(text).expect("the texts are places");
        for direction in [Direction::Forward, Direction::Backward] {
            let from = if direction == Direction::Forward { Moment::default() } else { run.end() };
            let begin = busy();
            let found = find(&place, &mut run, from, direction);
            answers.push(busy() - begin);
            println!("{text}, {direction:?}: {found:?}, {:.3} s", busy() - begin);
        }
    }
    answers.sort_by(f64::total_cmp);
    let middle = answers.get(answers.len() / 2).copied().unwrap_or(0.0);
    println!("median of {} answers: {middle:.3} s, longest {:.3} s", answers.len(), answers.last().unwrap_or(&0.0));
    let begin = busy();
    let filmed: usize = run.films(0).map(|turn| turn.film.steps.len()).sum();
    println!("films of {filmed} steps: {:.2} s", busy() - begin);
    let begin = busy();
    let last = run.frames.len() as u64;
    let fork = run.fork_with_fates(&[(last, Fate::Drop)]);
    println!("fork at the last frame: {:.3} s, {}", busy() - begin, fork.is_some());
}
