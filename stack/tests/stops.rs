//! Every kind of stop on scenes where the right moment is known beforehand, forward and backward, and what is said of it.

mod scenes;

use scenes::{LONGEST, golden};
use stack::include::tcp::TcpState;
use stack::kernel::probe::{Discard, Event};
use stack::lab::movement::Direction;
use stack::lab::query::{Known, Place, Why, complete, find, why};
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::link::wire::Fate;

use Direction::{Backward, Forward};

fn place(text: &str) -> Place {
    Place::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every moment of a place, found forward; backward the same are found.
fn all(run: &mut Run, text: &str) -> Vec<Moment> {
    let place = place(text);
    let walk = |run: &mut Run, mut at: Moment, direction: Direction| {
        let mut moments = Vec::new();
        while let Some(moment) = find(&place, run, at, direction) {
            moments.push(moment);
            at = moment;
        }
        moments
    };
    let forward = walk(run, Moment::default(), Forward);
    let behind = Moment { turn: run.turns.len(), step: 0 };
    let mut backward = walk(run, behind, Backward);
    backward.reverse();
    assert_eq!(forward, backward, "{text}");
    forward
}

/// Every step at which the films of a run show an event.
fn shown(run: &mut Run, wanted: impl Fn(&Event) -> bool) -> Vec<Moment> {
    let films: Vec<_> = run.films(0).collect();
    let mut moments = Vec::new();
    for film in films {
        let steps = film.film.steps.iter().enumerate().filter(|(_, step)| wanted(&step.event));
        moments.extend(steps.map(|(index, _)| Moment { turn: film.turn, step: index + 1 }));
    }
    moments
}

fn first() -> Run {
    let mut run = scene::first(1).unwrap();
    run.play(LONGEST);
    run
}

fn parts(why: &Why) -> Vec<String> {
    let text = |part: &stack::lab::query::Part| match &part.before {
        Some(before) => format!("{} {before} -> {}", part.thing, part.now),
        None => format!("{} = {}", part.thing, part.now),
    };
    why.parts.iter().map(text).collect()
}

#[test]
fn a_function_alone_is_that_of_any_host() {
    let mut run = first();
    let wanted = shown(&mut run, |event| matches!(event, Event::Enter { function, .. } if function.name == "tcp_ack"));
    assert!(wanted.len() > 3);
    assert_eq!(all(&mut run, "tcp_ack"), wanted);
    let (of_a, of_b) = (all(&mut run, "A: tcp_ack"), all(&mut run, "B: enter tcp_ack"));
    assert!(!of_a.is_empty() && !of_b.is_empty());
    assert_eq!(of_a.len() + of_b.len(), wanted.len());
}

#[test]
fn a_condition_is_asked_of_the_sock_in_hand() {
    let mut run = first();
    let place = "tcp_ack if sk.state == SYN_RECV";
    let found = all(&mut run, place);
    // The one acknowledgement that completes the handshake of the server.
    assert_eq!(found.len(), 1);
    let changes: Vec<Moment> = run
        .states
        .iter()
        .filter(|state| state.old == Some(TcpState::SynRecv) && state.new == TcpState::Established)
        .map(|state| state.moment)
        .collect();
    assert_eq!(changes.len(), 1);
    assert!(found[0] < changes[0] && found[0].turn == changes[0].turn);
    let why = why(&Place::parse(place).unwrap(), &mut run, found[0]);
    assert_eq!(parts(&why), ["sk.state = TCP_SYN_RECV"]);
    assert_eq!(why.host.as_deref(), Some("B"));
    assert!(all(&mut run, "tcp_ack if sk.state == LAST_ACK && sk.state == LISTEN").is_empty());
}

#[test]
fn a_buffer_in_hand_shows_its_frame() {
    let mut run = first();
    let syns = all(&mut run, "tcp_rcv if tcp.syn && !tcp.ack");
    assert_eq!(syns.len(), 1);
    assert_eq!(
        all(&mut run, "B: tcp_rcv if tcp.dst == 7 && tcp.syn").len()
            + all(&mut run, "B: tcp_rcv if tcp.dst == 80 && tcp.syn").len(),
        1
    );
    let arrives = all(&mut run, "frame arrives where tcp.syn && !tcp.ack");
    assert_eq!(arrives.len(), 1);
    assert!(arrives[0] < syns[0] && arrives[0].turn == syns[0].turn);
    assert_eq!(all(&mut run, "B receives where tcp.flags.syn"), arrives);
}

#[test]
fn states_are_those_of_every_host() {
    let mut run = first();
    let wanted: Vec<Moment> = run
        .states
        .iter()
        .filter(|state| state.new == TcpState::TimeWait && state.old.is_some())
        .map(|state| state.moment)
        .collect();
    assert!(!wanted.is_empty());
    assert_eq!(all(&mut run, "state *->TIME_WAIT"), wanted);
    let text = "state *->ESTABLISHED if sk.dest == 1024";
    assert!(all(&mut run, text).len() < all(&mut run, "state *->ESTABLISHED").len());
    let both = all(&mut run, "state *->ESTABLISHED");
    assert_eq!(
        all(&mut run, "A: state *->ESTABLISHED").len() + all(&mut run, "B: state *->ESTABLISHED").len(),
        both.len()
    );
    let why = why(&place("state *->ESTABLISHED"), &mut run, both[0]);
    assert_eq!(why.parts.len(), 1);
    assert!(why.parts[0].thing.starts_with("sk#") && why.parts[0].before.is_some());
}

#[test]
fn frames_by_their_fields() {
    let mut run = first();
    let wanted: Vec<Moment> = run
        .frames
        .iter()
        .filter(|frame| frame.sent.bytes.get(12..14) == Some(&[8, 6]))
        .map(|frame| frame.moment)
        .collect();
    assert!(wanted.len() > 1);
    assert_eq!(all(&mut run, "frame where arp"), wanted);
    assert_eq!(all(&mut run, "frame where eth.type == 0x806"), wanted);
    assert_eq!(all(&mut run, "A sends where arp").len() + all(&mut run, "B sends where arp").len(), wanted.len());
    assert_eq!(all(&mut run, "A sends").len(), run.frames.iter().filter(|frame| frame.sent.host == 0).count());
    assert!(all(&mut run, "frame where tcp.rst").is_empty());
    let fin = all(&mut run, "frame where tcp.fin && ip.src == 10.0.0.1");
    assert_eq!(fin.len(), 1);
    let why = why(&place("frame where tcp.fin && ip.src == 10.0.0.1"), &mut run, fin[0]);
    assert_eq!(parts(&why)[1..], ["tcp.flags.fin = 1", "ip.saddr = 10.0.0.1"]);
    let seventh = all(&mut run, "frame 7 arrives");
    assert_eq!(seventh.len(), 1);
    assert!(all(&mut run, "frame arrives").contains(&seventh[0]));
}

/// The first golden scene that has such a drop.
fn scene_with(reason: Discard) -> Run {
    let found = scenes::scripts().into_iter().find_map(|path| {
        let mut run = scenes::load(&path);
        run.play(LONGEST);
        run.discards.iter().any(|discard| discard.reason == reason).then_some(run)
    });
    found.unwrap_or_else(|| panic!("no golden scene has {}", reason.name()))
}

/// Checks the drops of a run against what its films show.
fn drops_of(mut run: Run, reason: Discard, short: &str) {
    let wanted = shown(&mut run, |event| matches!(event, Event::Discard { reason: why, .. } if *why == reason));
    assert!(!wanted.is_empty(), "{}", reason.name());
    assert_eq!(all(&mut run, &format!("drop {}", reason.name())), wanted);
    let short = all(&mut run, &format!("drop {short}"));
    assert!(wanted.iter().all(|moment| short.contains(moment)));
    let losses = shown(&mut run, |event| matches!(event, Event::Discard { reason, .. } if reason.is_loss()));
    assert_eq!(all(&mut run, "drop"), losses);
    let why = why(&place(&format!("drop {}", reason.name())), &mut run, wanted[0]);
    assert_eq!(parts(&why), [format!("drop = {}", reason.name())]);
}

#[test]
fn drops_are_those_that_the_films_show() {
    for (reason, short) in [(Discard::TcpOutOfWindow, "OutOfWindow"), (Discard::TcpNoSocket, "NoSocket")] {
        drops_of(scene_with(reason), reason, short);
    }
}

#[test]
fn a_corrupted_segment_is_dropped_for_its_checksum() {
    let mut run = first();
    let syn = all(&mut run, "frame where tcp.syn")[0];
    let number = run.frames.iter().find(|frame| frame.moment == syn).unwrap().sent.number;
    let (mut branch, _) = run.fork_with_fates(&[(number, Fate::Corrupt(53, 1))]).unwrap();
    branch.play(LONGEST);
    let found = all(&mut branch, "drop BadChecksum");
    assert_eq!(found.len(), 1);
    assert_eq!(all(&mut branch, "B: drop BadChecksum if tcp.syn"), found);
    assert!(all(&mut branch, "A: drop BadChecksum").is_empty());
    // What is known of the turns before the fork is known of the branch, and no more than that.
    for name in ["tcp_ack", "tcp_connect", "arp_rcv", "tcp_retransmit"] {
        let entered = |event: &Event| matches!(event, Event::Enter { function, .. } if function.name == name);
        let wanted = shown(&mut branch, entered);
        assert_eq!(all(&mut branch, name), wanted, "{name}");
    }
    drops_of(branch, Discard::TcpBadChecksum, "BadChecksum");
}

#[test]
fn a_counter_moves_where_the_kernel_counts() {
    let mut run = first();
    let opens = all(&mut run, "A.snmp.TcpActiveOpens");
    assert_eq!(opens.len(), 1);
    assert_eq!(parts(&why(&place("A.snmp.TcpActiveOpens"), &mut run, opens[0])), ["A.snmp.TcpActiveOpens 0 -> 1"]);
    assert_eq!(all(&mut run, "A.snmp.TcpActiveOpens == 1"), opens);
    assert!(all(&mut run, "A.snmp.TcpAttemptFails").is_empty());
    // Each datagram that comes is counted, no more and no less.
    let received = all(&mut run, "B.snmp.IpInReceives increases");
    assert_eq!(received.len(), all(&mut run, "B: ip_rcv").len());
}

#[test]
fn processes_call_return_sleep_and_wake() {
    let mut run = first();
    for (text, wanted) in [
        ("call *", shown(&mut run, |event| matches!(event, Event::SyscallEnter { .. }))),
        ("sleeps *", shown(&mut run, |event| matches!(event, Event::Sleep { .. }))),
        ("wakes *", shown(&mut run, |event| matches!(event, Event::WakeUp { .. }))),
        (
            "return * if result < 0",
            shown(&mut run, |event| matches!(event, Event::SyscallExit { ret, .. } if *ret < 0)),
        ),
    ] {
        assert!(wanted.len() > 1 || text.contains("result"), "{text}");
        assert_eq!(all(&mut run, text), wanted, "{text}");
    }
    let pids: Vec<i32> = run.head().hosts[1].kernel.tasks.iter().map(|task| task.pid).filter(|pid| *pid > 1).collect();
    let asleep = |run: &mut Run, pid: &i32| all(run, &format!("pid {pid} sleeps"));
    let pid = pids.iter().find(|pid| !asleep(&mut run, pid).is_empty()).expect("the server sleeps");
    let hosted = all(&mut run, &format!("B: sleeps {pid}"));
    assert!(hosted.iter().all(|moment| asleep(&mut run, pid).contains(moment)));
    assert!(!all(&mut run, &format!("pid {pid} wakes")).is_empty());
    let reads = all(&mut run, "return read if result > 0");
    assert!(!reads.is_empty());
    let told = why(&place("return read"), &mut run, reads[0]);
    assert!(parts(&told)[0].starts_with("result = "), "{told:?}");
}

#[test]
fn an_error_is_returned_by_its_name() {
    let refused = scenes::scripts().into_iter().find_map(|path| {
        let mut run = scenes::load(&path);
        run.play(LONGEST);
        let moments = shown(&mut run, |event| matches!(event, Event::SyscallExit { ret: -111, .. }));
        (!moments.is_empty()).then_some((run, moments))
    });
    let (mut run, wanted) = refused.expect("a golden scene in which connect() is refused");
    assert_eq!(all(&mut run, "return ECONNREFUSED"), wanted);
    assert_eq!(all(&mut run, "return * if result == -ECONNREFUSED"), wanted);
    assert!(all(&mut run, "return EINTR").is_empty());
}

#[test]
fn timers_fire_by_reason_on_any_host() {
    let mut run = golden("data/loss_one");
    let wanted = run.timers.clone();
    assert_eq!(all(&mut run, "timer * fires"), wanted);
    let resent = all(&mut run, "timer TIME_WRITE fires");
    assert!(!resent.is_empty() && resent.iter().all(|moment| wanted.contains(moment)));
}

#[test]
fn a_watch_tells_the_old_value_and_the_new() {
    let mut run = first();
    let moves = all(&mut run, "A.sock(2).cong_window changes");
    assert!(moves.len() > 1);
    for moment in moves {
        let why = why(&place("A.sock(2).cong_window changes"), &mut run, moment);
        assert!(why.parts.len() == 1 && why.parts[0].before.is_some(), "{why:?}");
    }
}

#[test]
fn completion_knows_the_language_and_the_run() {
    let mut run = first();
    let established = all(&mut run, "B: state *->ESTABLISHED");
    let known = Known::of(&run.seek(established[0]).world);
    for (text, wanted) in [
        ("tcp_ac", "tcp_ack"),
        ("state *->TIME", "TIME_WAIT"),
        ("state ", "SYN_SENT"),
        ("drop BadCh", "BadChecksum"),
        ("timer TIME_W", "TIME_WRITE"),
        ("timer TIME_WRITE f", "fires"),
        ("frame wh", "where"),
        ("frame 7 a", "arrives"),
        ("frame where tc", "tcp"),
        ("frame where tcp.", "flags"),
        ("frame where tcp.flags.r", "rst"),
        ("frame where tcp.syn && ip.t", "ttl"),
        ("tcp_ack if s", "sk."),
        ("tcp_ack if sk.st", "state"),
        ("tcp_ack if sk.state == SYN_R", "SYN_RECV"),
        ("B.", "sock("),
        ("B.sock(", "4)"),
        ("B.sock(4).cong_w", "cong_window"),
        ("B.sock(4).receive_queue.", "len"),
        ("B.sock(4).cong_window ch", "changes"),
        ("B.snmp.TcpAtt", "TcpAttemptFails"),
        ("!(A.sock(2) && B.s", "sock("),
        ("B: ent", "enter"),
        ("pid 1", "100"),
        ("pid 100 sl", "sleeps"),
        ("return connect ECONNR", "ECONNREFUSED"),
        ("fra", "frame"),
        ("A", "A."),
    ] {
        let found = complete(text, text.chars().count(), &known);
        assert!(found.candidates.iter().any(|word| word == wanted), "{text}: {:?}", found.candidates);
    }
}
