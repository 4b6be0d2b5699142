//! A world that runs while nobody looks is the world of a run of the same journal, and the same frames pass.

#[path = "../benches/steady_peer/mod.rs"]
#[allow(dead_code, reason = "the benchmark uses the rest")]
mod steady_peer;

use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::unseen::Unseen;
use stack::lab::world::Passing;
use steady_peer::SteadyPeer;

/// Rounds of a conversation: more than fit between two ticks.
const ROUNDS: usize = 300;

/// The same programs and frames as a run, whose observer lists everything.
fn run_of(program: ProgramKind, given: Vec<(u64, Vec<u8>)>) -> Run {
    let mut journal = Journal::default();
    journal.add(0, Act::Start { host: 0, program });
    for (time, frame) in given {
        journal.add(time, Act::Frames { host: 0, frames: vec![(1, frame)] });
    }
    let mut run = Run::new(SteadyPeer::switched_off(), journal);
    while run.play(1_000) > 0 {}
    run
}

fn compared(program: ProgramKind, port: u16, next: impl Fn(&mut SteadyPeer) -> Vec<u8>) {
    let mut host = SteadyPeer::connected(program.clone(), port);
    let mut given = std::mem::take(&mut host.given);
    for _ in 0..ROUNDS {
        let frame = next(&mut host);
        host.give(&frame);
        given.push((host.time, frame));
    }
    let run = run_of(program, given);
    assert_eq!(host.frames, run.frames.len());
    assert!(host.frames > 2 * ROUNDS - 10, "{} frames", host.frames);
    let mut head = run.head().clone();
    head.forget_journal();
    assert_eq!(*host.world(), head);
    assert_eq!(host.world().fingerprint(), head.fingerprint());
}

#[test]
fn receiving_comes_to_the_same_world_as_a_run() {
    compared(ProgramKind::Discard(9), 9, |peer| peer.data(&[b'x'; 1_460]));
}

#[test]
fn sending_comes_to_the_same_world_as_a_run() {
    compared(ProgramKind::Chargen(19), 19, |peer| peer.acknowledgement());
}

#[test]
fn an_echo_comes_to_the_same_world_as_a_run() {
    compared(ProgramKind::Echo(7), 7, |peer| peer.data(&[b'e'; 64]));
}

#[test]
fn several_frames_of_one_interrupt_pass_in_their_order() {
    let start = Act::Start { host: 0, program: ProgramKind::UdpEcho(7) };
    let mut unseen = Unseen::new(SteadyPeer::switched_off());
    let mut journal = Journal::default();
    journal.add(0, start.clone());
    unseen.enter(0, start);
    let mut passed: Vec<(bool, Vec<u8>)> = Vec::new();
    for number in 1..60_u8 {
        let time = u64::from(number) * 40_000;
        // Who has the host's address? It answers, and learns ours; the second question is cut short.
        let mut question = vec![0xff; 6];
        question.extend([2, 0, 0, 0, 0, number, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, number]);
        question.extend([10, 0, 0, 20 + number, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1]);
        let act = unseen.enter_frames(time, 0, 1, [&question[..], &question[..40]]).cloned();
        journal.add(time, act.expect("it was entered"));
        let keep = |passing: Passing<'_>| passed.push((passing.from_outside, passing.bytes.to_vec()));
        assert!(unseen.play(time, 10_000, keep) < 10_000);
    }
    let mut run = Run::new(SteadyPeer::switched_off(), journal);
    while run.play(1_000) > 0 {}
    let frames: Vec<_> = run.frames.iter().map(|frame| (frame.from_outside, frame.sent.bytes.clone())).collect();
    assert!(passed.iter().any(|(from_outside, _)| !from_outside), "nothing was answered");
    assert_eq!(passed, frames);
    let mut head = run.head().clone();
    head.forget_journal();
    assert_eq!(*unseen.world(), head);
}
