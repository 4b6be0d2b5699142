//! Walking: sizes of step, the way back, numbers of steps, marks.

use sockscope::picture::Picture;
use sockscope::session::Session;
use sockscope::session::motion::{Direction, Motion};

use crate::driving::{picture, session};

/// Walks into functions until one is entered.
fn enter(session: &mut Session, function: &str) -> Picture {
    session.toggle_stop(&format!("A: enter {function}")).unwrap();
    let answer = session.travel(Motion::Run, Direction::Forward);
    assert!(session.settle(answer).moved(), "nothing enters {function}");
    session.toggle_stop(&format!("A: enter {function}")).unwrap();
    picture(session)
}

#[test]
fn row_01_over_a_call_lands_in_its_caller_and_not_in_ip() {
    let mut session = session();
    let inside = enter(&mut session, "tcp_connect");
    assert_eq!(inside.code.function, "tcp_connect");
    let depth = inside.stack.len();
    let mut deepest = 0;
    let mut over = 0;
    loop {
        assert!(session.travel(Motion::Over, Direction::Forward).moved());
        let seen = picture(&mut session);
        over += 1;
        if seen.code.function == "inet_connect" {
            break;
        }
        deepest = deepest.max(seen.stack.len());
        assert_eq!(seen.code.function, "tcp_connect", "over never goes deeper");
    }
    assert!(over < 12, "over takes the calls whole: {over} steps");
    assert!(deepest <= depth, "{deepest} calls deep, tcp_connect is at {depth}");
}

#[test]
fn row_02_four_sizes_of_step_make_four_stops_on_one_run() {
    let mut stops = Vec::new();
    for motion in [Motion::Frame, Motion::Layer, Motion::Timer, Motion::State] {
        let mut session = session();
        enter(&mut session, "tcp_connect");
        assert!(session.travel(motion, Direction::Forward).moved(), "{motion:?}");
        stops.push(picture(&mut session).step);
    }
    stops.sort_unstable();
    stops.dedup();
    assert_eq!(stops.len(), 4, "{stops:?}");
}

#[test]
fn row_03_every_step_back_is_the_step_forward_undone() {
    let mut session = session();
    session.go_to(400);
    for motion in [Motion::Into, Motion::Micro] {
        for _ in 0..200 {
            let before = picture(&mut session);
            if !session.travel(motion, Direction::Forward).moved() {
                break;
            }
            assert!(session.travel(motion, Direction::Backward).moved());
            assert!(picture(&mut session) == before, "{motion:?} back to step {} shows something else", before.step);
            session.travel(motion, Direction::Forward);
        }
    }
}

#[test]
fn row_04_a_step_is_reached_by_its_number() {
    let mut walked = session();
    walked.go_to(1);
    let last = picture(&mut walked).steps - 1;
    assert!(last > 1_000, "the run has {last} steps");
    for number in (1..last).step_by(97) {
        walked.go_to(number);
        assert_eq!(picture(&mut walked).step, number);
    }
}

#[test]
fn row_05_a_mark_is_returned_to() {
    let mut session = session();
    session.go_to(500);
    let marked = picture(&mut session).step;
    session.set_mark('a');
    session.go_to(900);
    assert_ne!(picture(&mut session).step, marked);
    assert!(session.go_to_mark('a'));
    assert_eq!(picture(&mut session).step, marked);
}
