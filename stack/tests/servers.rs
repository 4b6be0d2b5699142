//! The servers of the laboratory serve many at once: a process for each connection, made by fork, which shares the
//! connection's open file with the listener as in 1.2.13.

use stack::Kernel;
use stack::include::fs::FileId;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::TaskState;
use stack::kernel::call::{CallName, UserArg, UserCall};
use stack::lab::journal::{Act, Journal};
use stack::lab::program::ProgramKind;
use stack::lab::run::Run;
use stack::lab::world::{Cause, World};
use stack::link::wire::WireConfig;
use stack::view::task::TaskView;

const SERVER: InAddr = InAddr(0x0a00_0002);

/// Octets of the page and its head.
const PAGE: u64 = 254;

fn serving(program: ProgramKind) -> Journal {
    let mut journal = Journal::default();
    journal.add(0, Act::Start { host: 1, program });
    journal
}

fn play(journal: Journal) -> Run {
    let mut run = Run::new(World::pair(WireConfig::default()), journal);
    run.play(400_000);
    run
}

fn call(host: usize, pid: i32, name: CallName, args: Vec<UserArg>) -> Act {
    Act::Call { host, pid, call: UserCall::new(name, args), planned: Vec::new() }
}

/// A process on A that connects, and says nothing.
fn idle(journal: &mut Journal, time: u64, pid: i32, port: u16) {
    let address = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: SERVER };
    let [two, one, zero, three] = [2, 1, 0, 3].map(UserArg::Int);
    journal.add(time, call(0, pid, CallName::Socket, vec![two, one, zero]));
    let args = vec![three, UserArg::In(address.bytes().to_vec()), UserArg::Int(16)];
    journal.add(time, call(0, pid, CallName::Connect, args));
}

/// What every `get` of host A has read.
fn received(run: &Run) -> Vec<u64> {
    let gets = run.head().hosts[0].processes.iter().filter(|process| process.program.name() == "get");
    gets.map(|process| process.program.received).collect()
}

fn tasks(kernel: &Kernel) -> usize {
    TaskView::all(kernel).len()
}

#[test]
fn two_hundred_clients_with_three_requests_each_lose_none() {
    let mut journal = serving(ProgramKind::Httpd(80));
    for request in 0..3 {
        for client in 0..200 {
            let time = 100_000 + request * 7_000_000 + client * 10_000;
            journal.add(time, Act::Start { host: 0, program: ProgramKind::Get(SERVER, 80) });
        }
    }
    journal.extend(30_000_000);
    let run = play(journal);
    let received = received(&run);
    assert_eq!(received.len(), 600);
    let lost = received.iter().filter(|octets| **octets != PAGE).count();
    assert_eq!(lost, 0, "{received:?}");
    let server = &run.head().hosts[1].kernel;
    assert_eq!(tasks(server), 2, "the configuration and the listener are left");
    assert!(server.tasks.len() < 60, "entries of the table are used again: {}", server.tasks.len());
    assert_eq!(run.head().hosts[1].processes.len(), 1);
    assert_eq!(server.files.len(), 4, "two consoles, the configuration's socket and the listener's");
}

#[test]
fn idle_clients_keep_nobody_waiting() {
    for (program, port) in [(ProgramKind::Httpd(80), 80), (ProgramKind::Echo(7), 7), (ProgramKind::Discard(9), 9)] {
        let mut journal = serving(program);
        for client in 0..150 {
            idle(&mut journal, 100_000 + client * 10_000, 2_000 + client as i32, port);
        }
        let text = b"GET / HTTP/1.0\r\n\r\n".to_vec();
        let late = ProgramKind::Client { address: SERVER, port, text: text.clone() };
        journal.add(2_000_000, Act::Start { host: 0, program: late });
        journal.extend(2_500_000);
        let mut run = play(journal);
        let server = &run.head().hosts[1];
        assert_eq!(server.processes.len(), 1 + 150 + usize::from(port != 80), "port {port}");
        let client = &run.head().hosts[0].processes[0].program;
        let expected = match port {
            80 => PAGE,
            7 => text.len() as u64,
            _ => 0,
        };
        assert_eq!(client.received, expected, "port {port}");
        // They go: so do the processes that served them.
        for client in 0..150 {
            let close = call(0, 2_000 + client, CallName::Close, vec![UserArg::Int(3)]);
            run.journal.add(3_000_000 + u64::try_from(client).unwrap() * 10_000, close);
        }
        run.journal.extend(6_000_000);
        run.play(400_000);
        let server = &run.head().hosts[1];
        assert_eq!(
            (server.processes.len(), tasks(&server.kernel)),
            (1 + usize::from(port != 80), 2 + usize::from(port != 80))
        );
    }
}

/// The open file of a descriptor of a process.
fn file(kernel: &Kernel, pid: i32, fd: usize) -> Option<FileId> {
    let task = kernel.task_of_pid(pid)?;
    kernel.tasks[task.0 as usize].files.get(fd)
}

#[test]
fn parent_and_child_share_the_open_file_and_the_last_close_ends_the_connection() {
    let mut journal = serving(ProgramKind::Echo(7));
    idle(&mut journal, 100_000, 2_000, 7);
    journal.extend(200_000);
    let mut run = Run::new(World::pair(WireConfig::default()), journal);
    let mut counts = Vec::new();
    while run.advance() {
        let kernel = &run.head().hosts[1].kernel;
        if let Some(shared) = file(kernel, 1000, 4)
            && run.turns.last().is_some_and(|turn| turn.cause == Cause::Call && turn.host() == Some(1))
        {
            let socket = kernel.files[shared].f_inode.expect("a socket");
            let parents = file(kernel, 100, 4);
            counts.push((parents == Some(shared), kernel.files[shared].f_count, kernel.sockets[socket].i_count));
        }
    }
    // After fork; then the parent has closed its descriptor.
    let before = counts.first().copied().expect("a child");
    assert_eq!((before.0, before.1), (true, 2));
    let after = counts.last().copied().expect("a child");
    assert_eq!(after, (false, 1, before.2), "the inode counts files, not descriptors");
    let kernel = &run.head().hosts[1].kernel;
    assert_eq!(file(kernel, 1000, 3), file(kernel, 100, 3), "the listener's file is the child's too");
    assert_eq!(file(kernel, 100, 3).map(|file| kernel.files[file].f_count), Some(2));
    assert_eq!(kernel.tasks.iter().filter(|task| task.state == TaskState::Unused).count(), 0);
}

/// What B has sent from a port, in the order of sequence numbers as they stand on the wire without loss.
fn stream(run: &Run, port: u16) -> Vec<u8> {
    let mut text = Vec::new();
    for frame in run.frames.iter().filter(|frame| frame.sent.host == 1 && frame.sent.bytes[23] == 6) {
        let datagram = &frame.sent.bytes[14..];
        let length = usize::from(u16::from_be_bytes([datagram[2], datagram[3]]));
        let segment = &datagram[20..length];
        if segment[..2] == port.to_be_bytes() {
            text.extend_from_slice(&segment[usize::from(segment[12] >> 4) * 4..]);
        }
    }
    text
}

#[test]
fn chargen_writes_lines_in_large_blocks_and_none_is_torn() {
    let mut journal = serving(ProgramKind::Chargen(19));
    journal.add(
        100_000,
        Act::Start { host: 0, program: ProgramKind::Client { address: SERVER, port: 19, text: b"go".to_vec() } },
    );
    journal.extend(1_000_000);
    let run = play(journal);
    let text = stream(&run, 19);
    assert!(text.len() > 50_000, "{} octets", text.len());
    for (number, line) in text.chunks_exact(74).enumerate() {
        let expected: Vec<u8> = (0..72).map(|column| b' ' + ((number + column) % 95) as u8).chain(*b"\r\n").collect();
        assert_eq!(line, expected, "line {number}");
    }
    let writes = run.turns.iter().filter(|turn| turn.cause == Cause::Call && turn.host() == Some(1)).count();
    assert!(writes * 4_000 < text.len(), "{writes} calls for {} octets", text.len());
}
