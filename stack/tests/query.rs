//! The language of places and conditions: what it reads, what it refuses and where, what it finds in a run.

use proptest::prelude::*;
use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Known, Place, complete, evidence, find, holds, reach};
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
        "tcp_ack",
        "leave tcp_ack",
        "tcp_ack if sk.state == SYN_RECV",
        "state *->TIME_WAIT",
        "timer TIME_WRITE fires",
        "timer * fires",
        "drop",
        "drop BadChecksum",
        "A: drop TcpNoSocket if tcp.flags.syn #3",
        "pid 100 sleeps",
        "pid 100 calls *",
        "pid 100 returns read EAGAIN",
        "return connect ECONNREFUSED",
        "A: return connect ECONNREFUSED",
        "return * if result == -111",
        "sleeps *",
        "frame",
        "frame where tcp.flags.rst",
        "frame arrives where tcp.dest == 80 && tcp.flags.syn",
        "A sends",
        "B receives where ip.ttl < 2 || arp if jiffies > 5",
        "when B.sock(4).receive_queue.len > 3",
        "when B.sock(4).cong_window changes",
        "when B.snmp.TcpAttemptFails changes",
        "frame 7 arrives if skb.len > 60 && sk.receive_queue[0].len == 3",
    ] {
        let read = place(text);
        assert_eq!(read.to_string(), text);
        assert_eq!(place(&read.to_string()), read);
    }
}

#[test]
fn one_place_has_several_spellings() {
    for (short, long) in [
        ("tcp_ack", "enter tcp_ack"),
        ("B: tcp_ack", "B: enter tcp_ack"),
        ("B.sock(4).receive_queue.len > 3", "when B.sock(4).receive_queue.len > 3"),
        ("B.snmp.TcpAttemptFails", "when B.snmp.TcpAttemptFails changes"),
        ("frame where tcp.dst == 80 && tcp.syn", "frame where tcp.dest == 80 && tcp.flags.syn"),
        ("frame where ip.src == 10.0.0.1", "frame where ip.saddr == \"10.0.0.1\""),
        ("frame where ip.df", "frame where ip.frag_off.IP_DF"),
        ("A: sends where arp.op == 1", "A sends where arp.ar_op == 1"),
        ("pid 100 calls", "pid 100 calls *"),
        ("pid 100 returns EAGAIN", "pid 100 returns * EAGAIN"),
        ("B: pid 100 sleeps", "B: sleeps 100"),
        ("return connect if result == -ECONNREFUSED", "return connect if result == -111"),
        ("state *->TCP_TIME_WAIT", "state *->TIME_WAIT"),
        ("when (A.sock(2)) && !!(B.sock(2))", "when A.sock(2) && B.sock(2)"),
    ] {
        assert_eq!(place(short), place(long), "{short}");
    }
    assert_ne!(place("tcp_ack"), place("B: tcp_ack"));
    assert_ne!(place("frame where tcp"), place("frame leaves where tcp"));
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
    for (text, column, part) in [
        ("tcp_akc", 1, "did you mean tcp_ack?"),
        ("nowhere at all", 1, "is no kernel function"),
        ("", 1, "HOST"),
        ("drop BadCheksum", 6, "did you mean BadChecksum?"),
        ("timer TIME_WRTE fires", 7, "did you mean TIME_WRITE?"),
        ("timer TIME_WRITE", 17, "fires"),
        ("state *->TIME_WIAT", 10, "did you mean TIME_WAIT?"),
        ("frame where tcp.flags.rsst", 23, "did you mean rst?"),
        ("frame where tcp.prot == 80", 17, "is no field of tcp"),
        ("frame where tcp.dest.x", 22, "has no parts"),
        ("frame where B.jiffies > 3", 13, "behind 'where'"),
        ("tcp_ack if sk.sate == LISTEN", 15, "did you mean state?"),
        ("tcp_ack if sk.state changes", 21, "a stop of its own"),
        ("sk.state == LISTEN", 1, "stands behind 'if'"),
        ("B.sock(4).state == LISTEN if sk", 27, "'&&'"),
        ("tcp_ack where tcp", 9, "'if'"),
        ("pid 100 sleps", 9, "did you mean sleeps?"),
        ("return connect ECONNREFUSD", 16, "did you mean ECONNREFUSED?"),
        ("B.snmp.TcpAttemptFail > 0", 8, "did you mean TcpAttemptFails?"),
        ("A sends when tcp", 9, "'where'"),
        ("end if sk", 5, "'if', '#' or the end"),
        ("A: sends where tcp #x", 21, "a number"),
    ] {
        let error = Place::parse(text).expect_err(text);
        assert_eq!(error.column, column, "{text}: {error}");
        assert!(error.message.en.contains(part), "{text}: {error}");
        assert_ne!(error.message.en, error.message.zh);
    }
    assert!(place("A sends if C.sock(2)").check_hosts(&["A", "B"]).is_err());
    assert!(place("C sends").check_hosts(&["A", "B"]).is_err());
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

/// One of some words.
fn one_of(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::sample::select(words).prop_map(str::to_owned)
}

/// Texts of expressions that may stand in a scope, given by its operands.
fn condition(operands: &'static [&'static str]) -> impl Strategy<Value = String> {
    let sign = || one_of(&["==", "!=", "<", "<=", ">", ">="]);
    let literal = || {
        one_of(&[
            "3",
            "-3",
            "0x80",
            "SYN_RECV",
            "TIME_WRITE",
            "\"a b\"",
            "10.0.0.1",
            "NULL",
            "true",
            "EAGAIN",
            "-EAGAIN",
        ])
    };
    let leaf = prop_oneof![
        one_of(operands),
        (one_of(operands), sign(), literal()).prop_map(|(left, sign, right)| format!("{left} {sign} {right}")),
    ];
    leaf.prop_recursive(4, 24, 2, |inner| {
        prop_oneof![
            (inner.clone(), one_of(&["&&", "||"]), inner.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            (inner.clone(), one_of(&["&&", "||", "=="]), inner.clone())
                .prop_map(|(a, sign, b)| format!("({a}) {sign} ({b})")),
            inner.prop_map(|inner| format!("!({inner})")),
        ]
    })
}

/// Texts of places of every kind.
fn places() -> impl Strategy<Value = String> {
    let happening = prop_oneof![
        one_of(&["tcp_ack", "enter tcp_ack", "leave tcp_ack", "enter unheard_of"]),
        one_of(&["state *->TIME_WAIT", "state LISTEN->*", "state *->*", "born *", "born SYN_RECV"]),
        one_of(&["timer TIME_WRITE fires", "timer * fires", "timer net_timer fires"]),
        one_of(&["drop", "drop BadChecksum", "drop NicFiltered"]),
        one_of(&[
            "call connect",
            "call",
            "return",
            "return read",
            "return EINTR",
            "return * EINTR",
            "sleeps 3",
            "wakes *"
        ]),
        one_of(&["pid 7 sleeps", "pid 7 wakes", "pid 7 calls", "pid 7 calls read", "pid 7 returns EINTR"]),
        (one_of(&["sends", "receives", "frame", "frame leaves", "frame arrives"]), proptest::option::of(of_a_frame()))
            .prop_map(|(way, which)| which.map_or(way.clone(), |which| format!("{way} where {which}"))),
    ];
    let plain = (one_of(&["", "A: ", "server-1: "]), happening).prop_map(|(host, what)| format!("{host}{what}"));
    let ends = |text: &'static [&'static str]| one_of(text);
    let with_condition =
        prop_oneof![plain, ends(&["frame 3 arrives", "frame 9 leaves", "A sends", "B receives where arp"])];
    let conditional = (with_condition, proptest::option::of(in_hand()))
        .prop_map(|(what, condition)| condition.map_or(what.clone(), |condition| format!("{what} if {condition}")));
    let bare = (one_of(&["", "when "]), at_a_moment()).prop_map(|(when, what)| format!("{when}{what}"));
    let trend = (one_of(&["", "when "]), one_of(&["changes", "increases", "decreases"]))
        .prop_map(|(when, trend)| format!("{when}A.sock(2).window {trend} && (B.jiffies > 2) decreases"));
    let all = prop_oneof![4 => conditional, 1 => bare, 1 => trend, 1 => ends(&["start", "end", "mark a-b"])];
    (all, proptest::option::of(1_u32..9))
        .prop_map(|(text, which)| which.map_or(text.clone(), |which| format!("{text} #{which}")))
}

fn at_a_moment() -> impl Strategy<Value = String> {
    condition(&[
        "A.sock(2).state",
        "B.sock(4)",
        "B.sock(2).receive_queue.len",
        "B.sock(2).write_queue[1].len",
        "A.jiffies",
        "B.snmp.TcpAttemptFails",
        "A.task(7).state",
        "A.arp(\"10.0.0.2\").resolved",
        "A.arp(10.0.0.2)",
        "A.idt(0x80).dpl",
        "A.timer(\"net_timer\", 2).left",
        "A.device(\"eth0\").tbusy",
        "A.regs.eax",
        "A.socks.len",
        "server-1.sock(2)",
        "A.sys_call_table(102)",
    ])
}
fn of_a_frame() -> impl Strategy<Value = String> {
    condition(&[
        "tcp",
        "tcp.flags.rst",
        "tcp.rst",
        "tcp.dst",
        "tcp.len",
        "frame.len",
        "ip.src",
        "ip.df",
        "arp.op",
        "eth.type",
        "icmp.id",
        "udp.len",
    ])
}
fn in_hand() -> impl Strategy<Value = String> {
    condition(&[
        "sk",
        "sk.state",
        "sk.back_log",
        "sk.send_queue[0].len",
        "skb",
        "skb.len",
        "result",
        "tcp.syn",
        "B.sock(4).state",
        "jiffies",
        "task(3).state",
        "snmp.IpInReceives",
    ])
}

proptest! {
    #[test]
    fn display_and_parse_are_inverse(text in places()) {
        let read = Place::parse(&text).map_err(|error| TestCaseError::fail(format!("{text}: {error}")))?;
        let shown = read.to_string();
        let again = Place::parse(&shown).map_err(|error| TestCaseError::fail(format!("{text} -> {shown}: {error}")))?;
        prop_assert_eq!(&again, &read, "{} -> {}", text, shown);
        prop_assert_eq!(again.to_string(), shown);
    }

    #[test]
    fn completion_never_panics_and_offers_what_begins_as_typed(text in "\\PC{0,60}", cursor in 0_usize..70) {
        let known = Known { hosts: vec![("A".to_owned(), vec![2, 4], vec![100])] };
        for text in [text.clone(), format!("A.sock(4).{text}"), format!("tcp_ack if {text}")] {
            let completion = complete(&text, cursor, &known);
            prop_assert!(completion.start <= cursor.min(text.chars().count()));
        }
    }

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
                "increases", "\"x\"", "where", "if", "sk", "tcp", "flags", "drop", "pid", "returns", "sends", "-", "task", "arp", "#", "->", "*", ":", "enter", "frame", "arrives", "when", "mark", "0x80", "-1", "é",
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
