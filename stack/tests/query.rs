//! The language of places and conditions: what it reads, what it refuses and where, what it finds in a run.

use proptest::prelude::*;
use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Place, evidence, find, holds, reach};
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::lab::script::parse;

const SCENE: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n\
//@ host B 10.0.0.2/8 02:00:00:00:00:02\n\
//@ wire delay 5ms\n\
//@ program B echo 7\n\
+0.1 `true`\n\
//@ mark before-connect\n\
//@ program A client 10.0.0.2 7 hello\n\
+10 `true`\n";

fn run() -> Run {
    scene::load(&parse(SCENE).unwrap(), 1).unwrap()
}

fn place(text: &str) -> Place {
    Place::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn expression(text: &str) -> Expression {
    Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn found(run: &mut Run, text: &str) -> Moment {
    reach(&place(text), run, Moment::default()).unwrap_or_else(|| panic!("{text} is never reached"))
}

#[test]
fn reads_what_the_page_promises() {
    for text in [
        "B.sock(2).state == SYN_RECV",
        "B.sock(4)",
        "B.sock(2).receive_queue.len > 0",
        "B.sock(2).receive_queue[0].sk == 4",
        "B.task(200).state == TASK_INTERRUPTIBLE",
        "A.regs.eax == 102",
        "A.arp(\"10.0.0.2\").resolved",
        "A.device(\"eth0\").tx_packets increases",
        "A.timer(\"retransmit_timer\", 2).left < 10",
        "A.idt(0x80).dpl == 3",
        "A.sys_call_table(102) == \"sys_socketcall\"",
        "B.socks.len == 1",
        "B.backlog.len changes",
        "B.jiffies >= 10",
        "!(A.sock(2) && B.sock(2)) || TCP_LISTEN == B.sock(2).state",
        "A.sock(2).err == -111",
        "server-1.socks.len != 0",
    ] {
        let read = expression(text).to_string();
        assert_eq!(expression(&read).to_string(), read, "{text} prints as {read}");
    }
    for text in [
        "B: enter tcp_rcv",
        "B: leave tcp_rcv #2",
        "B: state SYN_RECV->ESTABLISHED",
        "B: state *->LISTEN",
        "B: born SYN_RECV",
        "B: born *",
        "A: timer retransmit_timer fires",
        "A: call connect",
        "A: return connect",
        "B: sleeps 200",
        "B: wakes 200",
        "frame 3 leaves",
        "frame 3 arrives",
        "mark before-connect",
        "start",
        "end",
        "when B.socks.len == 3",
    ] {
        assert_eq!(place(text).to_string(), text);
    }
}

#[test]
fn refuses_with_a_column_and_a_remedy() {
    for (text, column, part) in [
        ("B.sock(2).sate == LISTEN", 11, "did you mean state?"),
        ("B.sock(2).state == SYN_RECIEVED", 20, "is no state"),
        ("B.sock(2).state = LISTEN", 17, "'=='"),
        ("B.sock(x).state", 8, "a sock number"),
        ("B.sock(2).receive_queue.length > 0", 25, "len"),
        ("(B.sock(2)", 11, "')'"),
        ("B.sock(2) B.sock(3)", 11, "the end"),
        ("A.arp(\"10.0.0\").resolved", 7, "an address"),
        ("A.regs.rax == 1", 8, "did you mean eax?"),
        ("", 1, "HOST"),
        ("A.jiffies > 99999999999", 13, "below 2^32"),
    ] {
        let error = Expression::parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.message.en.contains(part), "{text}: {error}");
        assert_ne!(error.message.en, error.message.zh);
    }
    for (text, column) in
        [("B: entre tcp_rcv", 4), ("frame 3 comes", 9), ("B: state LISTEN-SYN_RECV", 10), ("nowhere", 1)]
    {
        assert_eq!(Place::parse(text).expect_err(text).column, column, "{text}");
    }
    assert!(expression("C.sock(2)").check_hosts(&["A", "B"]).is_err());
    assert!(place("B: enter tcp_rcv").check_hosts(&["A", "B"]).is_ok());
}

#[test]
fn finds_places_in_both_directions() {
    let mut run = run();
    let enter = found(&mut run, "B: enter tcp_conn_request");
    let leave = found(&mut run, "B: leave tcp_conn_request");
    let child = found(&mut run, "B: born SYN_RECV");
    assert!(enter < child && child < leave);
    assert_eq!(find(&place("B: enter tcp_conn_request"), &mut run, leave, Direction::Backward), Some(enter));
    assert_eq!(find(&place("B: enter tcp_conn_request"), &mut run, enter, Direction::Forward), None);
    let second = found(&mut run, "B: enter tcp_rcv #2");
    assert!(second > enter);
    assert_eq!(reach(&place("B: enter tcp_rcv"), &mut run, leave), Some(second));
    assert_eq!(find(&place("B: enter never_called"), &mut run, Moment::default(), Direction::Forward), None);
}

#[test]
fn a_birth_is_no_change() {
    let mut run = run();
    let born = found(&mut run, "B: born SYN_RECV");
    assert_eq!(found(&mut run, "when B.sock(4).state == SYN_RECV"), born);
    for text in ["B: state LISTEN->SYN_RECV", "B: state *->SYN_RECV", "B: state *->NONE", "B: born NOWHERE"] {
        let Ok(place) = Place::parse(text) else { continue };
        assert_eq!(reach(&place, &mut run, Moment::default()), None, "{text}");
    }
    // The socks of start-up, the listener, the one of accept() and the child; the last gets its state behind its copying.
    let births = run.states.iter().filter(|state| state.host == 1 && state.is_birth()).count();
    assert!(reach(&place(&format!("B: born * #{births}")), &mut run, Moment::default()).is_some());
    assert_eq!(reach(&place(&format!("B: born * #{}", births + 1)), &mut run, Moment::default()), None);
    assert!(births > 2);
}

#[test]
fn a_frame_arrives_after_it_leaves_and_on_the_other_host() {
    let mut run = run();
    for number in 1..6 {
        let leaves = found(&mut run, &format!("frame {number} leaves"));
        let arrives = found(&mut run, &format!("frame {number} arrives"));
        assert!(leaves < arrives, "frame {number}");
        assert_eq!(run.time(arrives) - run.time(leaves), 5_000, "frame {number}");
        assert_ne!(run.turns[leaves.turn].host(), run.turns[arrives.turn].host());
    }
}

#[test]
fn an_expression_becomes_true_at_a_step() {
    let mut run = run();
    let born = found(&mut run, "when B.sock(4)");
    assert!(!holds(&expression("B.sock(4)"), &mut run, Moment { turn: born.turn, step: born.step - 1 }));
    assert!(holds(&expression("B.sock(4) && B.sock(2).state == LISTEN"), &mut run, born));
    let queued = evidence(
        &expression("B.sock(2).receive_queue.len increases"),
        &mut run,
        Moment::default(),
        Moment { turn: usize::MAX, step: 0 },
    );
    assert_eq!(queued.len(), 1, "one SYN waits on the listener once");
    let mark = found(&mut run, "mark before-connect");
    assert!(mark < born);
}

#[test]
fn what_does_not_exist_is_null() {
    let mut run = run();
    run.play(usize::MAX);
    let end = run.end();
    for (text, truth) in [
        ("B.sock(99).state == LISTEN", false),
        ("B.sock(99).state != LISTEN", true),
        ("B.sock(99)", false),
        ("B.sock(99).state == NULL", true),
        ("B.sock(99).num < 1", false),
        ("A.arp(\"10.9.9.9\")", false),
        ("A.arp(\"10.0.0.2\").resolved", true),
        ("A.idt(0x80).leads_to == \"system_call\"", true),
        ("A.sys_call_table(101) == NULL", true),
        ("A.regs.eax == NULL", true),
    ] {
        assert_eq!(holds(&expression(text), &mut run, end), truth, "{text}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(text in "\\PC{0,120}") {
        let _ = Expression::parse(&text);
        let _ = Place::parse(&text);
    }

    #[test]
    fn reading_never_panics_on_near_misses(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "B", ".", "sock", "(", ")", "2", "state", "==", "SYN_RECV", "&&", "||", "!", "[", "]", "len", "receive_queue",
                "increases", "\"x\"", "task", "arp", "#", "->", "*", ":", "enter", "frame", "arrives", "when", "mark", "0x80", "-1", "é",
            ]),
            0..40,
        )
    ) {
        let text = words.join(" ");
        let _ = Expression::parse(&text);
        let _ = Place::parse(&text);
        let _ = Expression::parse(&words.concat());
        let _ = Expression::parse(&"(".repeat(words.len() * 40));
        let _ = Expression::parse(&"!".repeat(words.len() * 40));
    }
}
