//! Time goes on: whatever a peer, a program or a machine sends to itself, the clock of the world reaches its horizon
//! within a bounded number of turns. In each case both ends of a conversation lie inside the world, so that nothing from
//! outside ever has to happen. The law is also a fuzz target, which makes up the frames (`fuzz_targets/time_goes_on.rs`).

mod own_frames;
mod scenes;

use own_frames::{A, B, datagram, message, segment, services};
use scenes::{LONGEST, load, scripts};
use stack::drivers::loopback::{BURST, FRAMES_A_TICK};
use stack::include::config::Config;
use stack::include::seq::TICK;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::journal::{Act, HostId, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::world::{Medium, World};
use stack::link::wire::{FRAMES_A_TICK as FRAMES_A_TICK_OF_A_WIRE, WireConfig};

/// Turns for which a tick of a world has room on average; a world that takes more stands still for whoever watches.
const TURNS_A_TICK: usize = 5_000;
/// Microseconds that a case runs.
const SPAN: u64 = 1_000_000;

/// The journal of a world in which every host serves, and some frames come in at 100 ms.
fn journal(hosts: usize, frames: Vec<(HostId, Vec<u8>)>) -> Journal {
    let mut journal = Journal::default();
    for host in 0..hosts {
        for program in services() {
            journal.add(0, Act::Start { host, program });
        }
    }
    for (host, frame) in frames {
        journal.add(100_000, Act::Frames { host, frames: vec![(1, frame)] });
    }
    journal.extend(SPAN);
    journal
}

/// Plays it and holds it to the law.
fn play(world: World, journal: Journal) -> Run {
    let mut run = Run::new(world, journal);
    let most = TURNS_A_TICK * (SPAN / TICK) as usize;
    let turns = run.play(most);
    assert!(turns < most, "the clock stands at {} microseconds after {turns} turns", run.head().clock);
    run
}

fn alone() -> World {
    World::new(vec![("A".to_owned(), Config::of_host(1))], Medium::Outside)
}

/// The frames that lo has carried.
fn over_lo(run: &Run, host: HostId) -> u64 {
    u64::from(run.head().hosts[host].kernel.dev[0].stats.tx_packets)
}

/// Frames that lo may carry in a span after the frames have come in.
fn most_over_lo() -> u64 {
    u64::from(BURST) + u64::from(FRAMES_A_TICK) * (SPAN / TICK)
}

#[test]
fn a_datagram_from_the_echo_port_to_itself_goes_round_in_time() {
    let journal = journal(1, vec![(0, datagram(1, (A, 7), (A, 7), b"round"))]);
    let mut run = play(alone(), journal.clone());
    let rounds = over_lo(&run, 0);
    assert!((1_000..=most_over_lo()).contains(&rounds), "{rounds} rounds in 0.9 s");
    assert!(run.turns.last().is_some_and(|last| last.time > SPAN - 2 * TICK), "it goes on to the end");
    // Seek is run, and a replay of the journal is the run.
    let end = run.head().fingerprint();
    assert_eq!(play(alone(), journal).head().fingerprint(), end);
    let middle = run.turns.len() / 2;
    let mut straight = Run::new(run.before(0), run.journal.clone());
    straight.play(middle);
    assert_eq!(run.before(middle).fingerprint(), straight.head().fingerprint());
}

#[test]
fn others_are_served_while_two_services_of_a_machine_talk_to_each_other() {
    let storms = [((A, 19), (A, 7)), ((A, 7), (A, 19)), (([127, 0, 0, 1], 7), (A, 7)), ((A, 13), (A, 7))];
    let mut frames: Vec<_> = storms.iter().map(|(source, to)| (0, datagram(1, *source, *to, b"storm"))).collect();
    for port in [80, 7, 9, 13, 19] {
        // LAND: a connection request from the port to itself.
        frames.push((0, segment(1, (A, port), (A, port), [1000, 0], 2, b"")));
        frames.push((0, segment(1, (A, port), (A, port), [1000, 77], 0x18, b"text")));
    }
    frames.push((0, message(1, A, A, 8, b"12345678")));
    let mut journal = journal(2, frames);
    let text = b"hello".to_vec();
    let address = stack::include::in_addr::InAddr::from_octets(A);
    journal.add(300_000, Act::Start { host: 1, program: ProgramKind::Client { address, port: 7, text } });
    let run = play(World::pair(WireConfig::default()), journal);
    let client = run.head().hosts[1].processes.iter().find(|process| process.program.name() == "client");
    assert_eq!(client.map(|client| client.program.received), Some(5), "the echo of another host");
    assert!(over_lo(&run, 0) <= 2 * most_over_lo());
}

#[test]
fn a_wire_without_delay_takes_time() {
    let wire = WireConfig { delay: 0, duplicate: (1, 2), ..WireConfig::default() };
    let frames = vec![(0, datagram(1, (B, 19), (A, 7), b"round")), (1, datagram(2, (A, 7), (B, 7), b"round"))];
    let run = play(World::pair(wire), journal(2, frames));
    let most = 2 * FRAMES_A_TICK_OF_A_WIRE as usize * (SPAN / TICK) as usize;
    assert!((1_000..most).contains(&run.frames.len()), "{} frames", run.frames.len());
    assert!(run.turns.last().is_some_and(|last| last.time > SPAN - 2 * TICK), "it goes on to the end");
}

#[test]
fn a_server_without_a_free_file_goes_on() {
    let mut journal = journal(2, Vec::new());
    let call = |name: CallName, args: Vec<i32>| UserCall::new(name, args.into_iter().map(UserArg::Int).collect());
    for socket in 0..1_100 {
        let act = Act::Call {
            host: 0,
            pid: 2_000 + socket / 250,
            call: call(CallName::Socket, vec![2, 2, 0]),
            planned: Vec::new(),
        };
        journal.add(50_000, act);
    }
    let address = stack::include::in_addr::InAddr::from_octets(A);
    journal.add(200_000, Act::Start { host: 1, program: ProgramKind::Get(address, 80) });
    for descriptor in 3..40 {
        let call = call(CallName::Close, vec![descriptor]);
        journal.add(500_000, Act::Call { host: 0, pid: 2_000, call, planned: Vec::new() });
    }
    journal.add(600_000, Act::Start { host: 1, program: ProgramKind::Get(address, 80) });
    let run = play(World::pair(WireConfig::default()), journal);
    let refused = run.head().hosts[0].results.iter().filter(|(_, done)| done.ret < 0).count();
    assert!(refused > 50, "the table of files is full: {refused}");
    let clients = run.head().hosts[1].processes.iter().filter(|process| process.program.name() == "get");
    let pages: Vec<bool> = clients.map(|process| process.program.received > 0).collect();
    assert_eq!(pages, [false, true], "for the first there was no file, for the second a server that had gone on");
}

#[test]
fn no_scene_comes_near_the_limits() {
    let mut most = 0;
    for path in scripts() {
        let mut run = load(&path);
        for _ in 0..LONGEST {
            if !run.advance() {
                break;
            }
            let here = run.head().hosts.iter().map(|host| host.kernel.loopback.frames).max();
            most = most.max(here.unwrap_or(0));
        }
        assert!(most < BURST / 4, "{}: {most} frames over lo at once", path.display());
    }
    assert!(most > 2, "no scene uses lo");
}
