//! What an answer costs in a long run: `cargo run --release -p sockscope-stack --example why [INPUTS]`. Questions of every
//! kind are asked at moments spread over the run; told are the median and the longest.

mod bulk;

use std::time::Instant;

use stack::include::in_addr::InAddr;
use stack::kernel::probe::TimerRole;
use stack::lab::run::{Moment, Run};
use stack::lab::why::{Question, TimerKey, ask};
use stack::view::sock::SockView;

/// Moments at which every question is asked.
const MOMENTS: usize = 21;

fn main() {
    let inputs = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(100_000_usize);
    let begin = Instant::now();
    let mut run = bulk::run(inputs);
    println!("{inputs} inputs, {} frames: {:.2} s", run.frames.len(), begin.elapsed().as_secs_f64());
    let field = |name: &str| SockView::reader(name).expect("a field");
    let timer = TimerKey { role: TimerRole::Retransmit, owner: Some(2) };
    type Make<'a> = Box<dyn Fn(&Run, Moment) -> Question + 'a>;
    let last = |run: &Run, at: Moment| run.frames.partition_point(|frame| frame.moment <= at);
    let kinds: Vec<(&str, Make)> = vec![
        ("step", Box::new(|_, _| Question::Step)),
        ("frame left", Box::new(move |run, at| Question::FrameLeft(last(run, at)))),
        (
            "frame not answered",
            Box::new(move |run, at| Question::FrameNotAnswered(last(run, at).saturating_sub(3).max(1))),
        ),
        ("acked_seq", Box::new(move |_, _| Question::Field { host: 0, sk: 2, field: field("acked_seq") })),
        ("rtt", Box::new(move |_, _| Question::Field { host: 1, sk: 4, field: field("rtt") })),
        ("mtu, never written", Box::new(move |_, _| Question::Field { host: 0, sk: 2, field: field("mtu") })),
        ("state", Box::new(|_, _| Question::State { host: 0, sk: 2 })),
        ("woke", Box::new(|_, _| Question::Woke { host: 0, pid: 100 })),
        ("still sleeps", Box::new(|_, _| Question::StillSleeps { host: 0, pid: 100 })),
        ("accepts nothing", Box::new(|_, _| Question::AcceptsNothing { host: 1, sk: 2 })),
        ("back_log", Box::new(|_, _| Question::OnBackLog { host: 0, sk: 2 })),
        (
            "timer not fired",
            Box::new(move |_, _| Question::NotFired { host: 1, timer: TimerKey { owner: Some(4), ..timer } }),
        ),
        ("arp", Box::new(|_, _| Question::ArpNothing { host: 0, address: InAddr::from_octets([10, 0, 0, 2]) })),
    ];
    let mut all = Vec::new();
    for (name, make) in &kinds {
        let mut took = Vec::new();
        for part in 1..=MOMENTS {
            let turn = run.turns.len() * part / (MOMENTS + 1);
            let at = Moment { turn, step: run.steps(turn) };
            // As in a session: one stands there already.
            run.seek(at);
            let question = make(&run, at);
            let begin = Instant::now();
            let answer = ask(&mut run, question, at);
            took.push(begin.elapsed().as_secs_f64() * 1e3);
            assert!(answer.ends_at().is_some());
        }
        took.sort_by(f64::total_cmp);
        println!("{name:20} median {:8.1} ms, longest {:8.1} ms", took[took.len() / 2], took[took.len() - 1]);
        all.extend(took);
    }
    all.sort_by(f64::total_cmp);
    println!("all                  median {:8.1} ms", all[all.len() / 2]);
}
