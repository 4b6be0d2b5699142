//! The small services of the era, over UDP: each answers a datagram of a process on the other host as its RFC says.

use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::world::World;
use stack::link::wire::WireConfig;

/// What a process on A gets back from a service on B for "hello", if anything.
fn answer(service: ProgramKind, port: u16) -> Option<Vec<u8>> {
    let mut journal = Journal::default();
    journal.add(0, Act::Start { host: 1, program: service });
    let server = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: InAddr::from_octets([10, 0, 0, 2]) };
    let calls = [
        (CallName::Socket, vec![UserArg::Int(2), UserArg::Int(2), UserArg::Int(0)]),
        (
            CallName::Sendto,
            vec![
                UserArg::Int(3),
                UserArg::In(b"hello".to_vec()),
                UserArg::Int(5),
                UserArg::Int(0),
                UserArg::In(server.bytes().to_vec()),
                UserArg::Int(16),
            ],
        ),
        (CallName::Recv, vec![UserArg::Int(3), UserArg::Out(200), UserArg::Int(200), UserArg::Int(0)]),
    ];
    for (number, (name, args)) in calls.into_iter().enumerate() {
        let call = UserCall::new(name, args);
        let time = 100_000 + 20_000 * number as u64;
        journal.add(time, Act::Call { host: 0, pid: 100, call, planned: Vec::new() });
    }
    journal.extend(2_000_000);
    let mut run = Run::new(World::pair(WireConfig::default()), journal);
    run.play(10_000);
    let (_, received) = run.head().hosts[0].results.iter().find(|(_, done)| done.name == CallName::Recv)?;
    let length = usize::try_from(received.ret).ok()?;
    received.out.first().map(|buffer| buffer[..length].to_vec())
}

#[test]
fn echo_sends_it_back() {
    assert_eq!(answer(ProgramKind::UdpEcho(7), 7).as_deref(), Some(&b"hello"[..]));
}

#[test]
fn discard_says_nothing() {
    assert_eq!(answer(ProgramKind::UdpDiscard(9), 9), None);
}

#[test]
fn daytime_tells_the_time_of_the_machine() {
    let text = String::from_utf8(answer(ProgramKind::UdpDaytime(13), 13).expect("an answer")).expect("text");
    assert!(text.starts_with("day 9197 ") && text.ends_with(" UT\r\n"), "{text}");
}

#[test]
fn chargen_sends_a_line_of_72_characters() {
    let line = answer(ProgramKind::UdpChargen(19), 19).expect("an answer");
    assert_eq!(line.len(), 74);
    assert!(line.ends_with(b"\r\n"));
}
