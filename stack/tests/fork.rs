//! Branches: what a fork shares with its run, what it does otherwise, and that it is the run one would have had if its
//! journal had been there from the beginning.

mod scenes;

use scenes::{LONGEST, load, sample, scripts};
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::journal::Act;
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::link::wire::Fate;

fn first() -> Run {
    let mut run = scene::first(1).unwrap();
    run.play(LONGEST);
    run
}

/// The run that the journal of another one gives from the beginning.
fn afresh(run: &mut Run) -> Run {
    let mut afresh = Run::new(run.before(0), run.journal.clone());
    afresh.play(LONGEST);
    afresh
}

fn assert_same(name: &str, fork: &mut Run, other: &mut Run) {
    assert_eq!(fork.turns, other.turns, "{name}");
    assert_eq!(fork.frames, other.frames, "{name}");
    assert_eq!(fork.states, other.states, "{name}");
    assert_eq!(fork.timers, other.timers, "{name}");
    assert_eq!(fork.marks, other.marks, "{name}");
    assert_eq!(fork.head().fingerprint(), other.head().fingerprint(), "{name}");
    for turn in sample(fork.turns.len()) {
        let (fork, other) = (fork.before(turn).fingerprint(), other.before(turn).fingerprint());
        assert_eq!(fork, other, "{name}: before turn {turn}");
    }
}

#[test]
fn a_fork_without_an_edit_is_the_same_run() {
    for path in scripts().iter().step_by(7) {
        let mut run = load(path);
        run.play(LONGEST);
        for turn in [0, run.turns.len() / 3, run.turns.len() - 1, run.turns.len()] {
            let mut fork = run.fork(turn, |_| {});
            assert_eq!(fork.turns[..], run.turns[..turn], "a fork begins with the turns before it");
            fork.play(LONGEST);
            assert_same(&path.display().to_string(), &mut fork, &mut run);
        }
    }
}

#[test]
fn a_call_in_the_past_is_made_there_and_everything_before_stays() {
    let mut run = first();
    let call = UserCall::new(CallName::Socket, vec![UserArg::Int(2), UserArg::Int(1), UserArg::Int(0)]);
    for turn in sample(run.turns.len()) {
        let mut time = 0;
        let done = run.before(turn + 1).acts_done();
        let mut fork = run.fork(turn + 1, |later| {
            later.acts.insert(0, (0, Act::Call { host: 0, pid: 110, call: call.clone(), planned: Vec::new() }));
            time = later.horizon;
        });
        assert_eq!(fork.journal.horizon, time);
        assert_eq!((fork.turns.len(), fork.head().acts_done()), (turn + 1, done), "not played beyond its beginning");
        while fork.head().acts_done() <= done {
            assert!(fork.advance());
        }
        let made = fork.turns.len() - 1;
        assert_eq!(fork.turns[made].time, run.turns[turn].time, "it is made at the moment of the fork");
        assert_eq!(fork.turns[..=turn], run.turns[..=turn]);
        fork.play(LONGEST);
        let mut afresh = afresh(&mut fork);
        assert_same(&format!("a call behind turn {turn}"), &mut fork, &mut afresh);
    }
}

#[test]
fn a_frame_fares_otherwise_from_the_moment_at_which_it_leaves() {
    let mut run = first();
    for frame in run.frames.clone() {
        let number = frame.sent.number;
        let (mut fork, turn) = run.fork_with_fates(&[(number, Fate::Drop)]).expect("the wire is simulated");
        assert!(turn <= frame.moment.turn && run.turns[turn].time == frame.time, "frame {number}");
        assert!(turn == 0 || run.turns[turn - 1].time < frame.time, "frame {number}");
        fork.play(LONGEST);
        let same = Moment { turn: frame.moment.turn + 1, ..frame.moment };
        let there = &fork.frames[number as usize - 1];
        assert_eq!((there.moment, &there.sent.bytes), (same, &frame.sent.bytes), "frame {number} leaves as it did");
        assert_eq!(there.sent.arrivals, [], "frame {number} never arrives");
        assert_eq!(fork.frames[..number as usize - 1].len(), run.frames[..number as usize - 1].len());
        let mut afresh = afresh(&mut fork);
        assert_same(&format!("frame {number} is lost"), &mut fork, &mut afresh);
    }
}

#[test]
fn fates_told_at_the_fork_and_at_the_beginning_come_to_the_same() {
    let mut run = first();
    let fates = [(6, Fate::Delay(300_000)), (4, Fate::Drop), (999, Fate::Drop)];
    let (mut fork, _) = run.fork_with_fates(&fates).unwrap();
    fork.play(LONGEST);
    let mut journal = run.journal.clone();
    for (frame, fate) in &fates {
        journal.add(0, Act::Fate { frame: *frame, fate: fate.clone() });
    }
    let mut early = Run::new(run.before(0), journal);
    early.play(LONGEST);
    let wire = |run: &Run| run.frames.iter().map(|frame| (frame.time, frame.sent.clone())).collect::<Vec<_>>();
    assert_eq!(wire(&fork), wire(&early));
    assert_ne!(wire(&fork), wire(&run));
    assert_eq!(fork.head().fingerprint(), early.head().fingerprint());
    // A frame that is still to come is decided at the end.
    let (fork, turn) = run.fork_with_fates(&[(run.frames.len() as u64 + 1, Fate::Drop)]).unwrap();
    assert_eq!((turn, fork.turns.len()), (run.turns.len(), run.turns.len()));
}

#[test]
fn a_wire_outside_cannot_be_told_fates() {
    let mut run = scenes::golden("data/loss_one");
    assert!(run.fork_with_fates(&[(1, Fate::Drop)]).is_none());
}

#[test]
fn calls_behind_the_end_go_on_from_it() {
    let mut run = first();
    let later_than_all = run.journal.horizon + 1_000_000;
    let call = UserCall::new(CallName::Socket, vec![UserArg::Int(2), UserArg::Int(1), UserArg::Int(0)]);
    let act = Act::Call { host: 1, pid: 120, call, planned: Vec::new() };
    let mut fork = run.fork(run.turns.len(), |later| later.add(later_than_all, act.clone()));
    fork.play(LONGEST);
    assert_eq!(fork.head().hosts[1].results.len(), run.head().hosts[1].results.len() + 1);
    let mut journal = run.journal.clone();
    journal.add(later_than_all, act);
    let mut afresh = Run::new(run.before(0), journal);
    afresh.play(LONGEST);
    assert_same("calls behind the end", &mut fork, &mut afresh);
}
