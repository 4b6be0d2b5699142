//! The kernel from power-on to the first sockets: boot is a value, system calls go through the tables of the trap path, and
//! the socket calls find their errors in the order of the original.

use stack::Kernel;
use stack::include::config::{Config, InterfaceConfig};
use stack::include::errno::{Errno, KResult};
use stack::include::fs::NR_OPEN;
use stack::include::in_addr::{AF_INET, InAddr, SockaddrIn};
use stack::include::sched::{Registers, TaskId};
use stack::include::sock::ProtoId;
use stack::include::tcp::TcpState;
use stack::init::{Input, step};
use stack::kernel::call::{CallName, NR_SOCKETCALL, UserArg, UserCall};
use stack::kernel::entry::SystemCall;
use stack::kernel::softirq::{NET_BH, TIMER_BH};
use stack::kernel::traps::{Gate, Vector};
use stack::lab::machine::booted;

const STREAM: i32 = 1;
const DGRAM: i32 = 2;
/// The first descriptor that is not the console's.
const FIRST: i32 = 3;

fn config() -> Config {
    let interface = InterfaceConfig {
        mac: [2, 0, 0, 0, 0, 1],
        address: InAddr::from_octets([192, 168, 0, 1]),
        mask: InAddr::mask(16),
        mtu: 1500,
    };
    Config { interfaces: vec![interface], boot_time: 1_000_000_000_000_000, ..Config::default() }
}

/// A booted machine with one process of an ordinary user.
fn machine() -> (Kernel, TaskId) {
    machine_of(1000)
}

fn machine_of(euid: u32) -> (Kernel, TaskId) {
    let mut kernel = booted(config());
    step(&mut kernel, &Input::Process { pid: 100, euid });
    let task = TaskId(kernel.tasks.len() as u32 - 1);
    (kernel, task)
}

/// Makes a call; None if it sleeps.
fn begin(kernel: &mut Kernel, task: TaskId, name: CallName, args: Vec<UserArg>) -> Option<i32> {
    step(kernel, &Input::Call { task, call: UserCall::new(name, args), planned: Vec::new() });
    assert_eq!(kernel.oops, None);
    kernel.completions.pop().map(|completion| completion.ret)
}

fn call(kernel: &mut Kernel, task: TaskId, name: CallName, args: Vec<UserArg>) -> i32 {
    begin(kernel, task, name, args).expect("the call returns at once")
}

fn socket(kernel: &mut Kernel, task: TaskId, kind: i32) -> i32 {
    let args = vec![UserArg::Int(i32::from(AF_INET)), UserArg::Int(kind), UserArg::Int(0)];
    call(kernel, task, CallName::Socket, args)
}

fn bind(kernel: &mut Kernel, task: TaskId, fd: i32, address: [u8; 4], port: u16) -> i32 {
    let name = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: InAddr::from_octets(address) };
    let args = vec![UserArg::Int(fd), UserArg::In(name.bytes().to_vec()), UserArg::Int(16)];
    call(kernel, task, CallName::Bind, args)
}

fn number(kernel: &mut Kernel, task: TaskId, name: CallName, numbers: &[i32]) -> i32 {
    call(kernel, task, name, numbers.iter().map(|number| UserArg::Int(*number)).collect())
}

#[test]
fn boot_is_a_value() {
    assert_eq!(booted(config()), booted(config()));
    let mut other = config();
    other.ip_forward = true;
    assert_ne!(booted(config()), booted(other));
}

#[test]
fn boot_fills_the_tables() {
    let kernel = booted(config());
    assert_eq!(kernel.oops, None);
    assert_eq!(kernel.idt.gate(0x80).vector, Vector::SystemCall);
    assert_eq!(kernel.sys_call_table.get(NR_SOCKETCALL).map(|call| call.name), Some("sys_socketcall"));
    assert_eq!(kernel.pops[0].map(|ops| ops.family), Some(AF_INET));
    assert_eq!(kernel.bh_mask, 1 << TIMER_BH | 1 << NET_BH);
    let mut names: Vec<&str> = kernel.inet_protos.iter().flatten().map(|protocol| protocol.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["ICMP", "TCP", "UDP"]);
    assert_eq!(kernel.dev[0].name, "lo");
}

fn answer_42(_: &mut Kernel, _: Registers) -> KResult<i32> {
    Ok(42)
}

#[test]
fn system_calls_go_through_the_table() {
    let (mut kernel, task) = machine();
    assert_eq!(socket(&mut kernel, task, STREAM), FIRST);
    kernel.sys_call_table.set(NR_SOCKETCALL, Some(SystemCall { name: "answer_42", call: answer_42 }));
    assert_eq!(socket(&mut kernel, task, STREAM), 42);
    kernel.sys_call_table.set(NR_SOCKETCALL, None);
    assert_eq!(socket(&mut kernel, task, STREAM), -Errno::ENOSYS.0);
}

#[test]
fn system_calls_go_through_the_gate() {
    let (mut kernel, task) = machine();
    kernel.idt.gates[0x80] = Gate { vector: Vector::Empty, kind: 0, dpl: 0 };
    assert_eq!(socket(&mut kernel, task, STREAM), -Errno::ENOSYS.0);
    assert_eq!(kernel.sockets.created(), 1, "only the configuration process made a socket");
}

#[test]
fn an_unknown_sub_call_is_refused() {
    let (mut kernel, task) = machine();
    for number in [0_u32, 16, u32::MAX] {
        kernel.tasks[task.0 as usize].regs = Registers { eax: NR_SOCKETCALL, ebx: number, ..Registers::default() };
        let regs = kernel.tasks[task.0 as usize].regs;
        let refused = stack::net::socket::sys_socketcall(&mut kernel, regs);
        assert_eq!(refused, stack::include::errno::fail(Errno::EINVAL));
    }
}

#[test]
fn sockets_are_refused_in_order() {
    let (mut kernel, task) = machine();
    let mut ask =
        |family: i32, kind: i32, protocol: i32| number(&mut kernel, task, CallName::Socket, &[family, kind, protocol]);
    assert_eq!(ask(9, STREAM, 0), -Errno::EINVAL.0);
    assert_eq!(ask(2, 4, 0), -Errno::EINVAL.0);
    assert_eq!(ask(2, STREAM, -1), -Errno::EINVAL.0);
    assert_eq!(ask(2, STREAM, 17), -Errno::EPROTONOSUPPORT.0);
    assert_eq!(ask(2, 3, 0), -Errno::EPERM.0);
    assert_eq!(kernel.sockets_in_use, 1, "refused sockets leave nothing behind");
    assert_eq!(kernel.sock.len(), 1);
    assert_eq!(kernel.sock.created(), 3, "the last two refusals used up a number");
    let (mut kernel, root) = machine_of(0);
    assert_eq!(number(&mut kernel, root, CallName::Socket, &[2, 3, 0]), -Errno::EPROTONOSUPPORT.0);
    assert_eq!(number(&mut kernel, root, CallName::Socket, &[2, 3, 1]), FIRST);
}

#[test]
fn bind_finds_its_errors() {
    let (mut kernel, task) = machine();
    let first = socket(&mut kernel, task, STREAM);
    let second = socket(&mut kernel, task, STREAM);
    assert_eq!(bind(&mut kernel, task, 9, [0; 4], 8080), -Errno::EBADF.0);
    assert_eq!(bind(&mut kernel, task, first, [0; 4], 80), -Errno::EACCES.0);
    assert_eq!(bind(&mut kernel, task, first, [10, 9, 8, 7], 8080), -Errno::EADDRNOTAVAIL.0);
    assert_eq!(bind(&mut kernel, task, first, [0; 4], 8080), 0);
    assert_eq!(bind(&mut kernel, task, first, [0; 4], 8081), -Errno::EINVAL.0);
    assert_eq!(bind(&mut kernel, task, second, [192, 168, 0, 1], 8080), -Errno::EADDRINUSE.0);
    let short = vec![UserArg::Int(second), UserArg::In(vec![2, 0, 0, 0]), UserArg::Int(4)];
    assert_eq!(call(&mut kernel, task, CallName::Bind, short), -Errno::EINVAL.0);
    let nowhere = vec![UserArg::Int(second), UserArg::Null, UserArg::Int(16)];
    assert_eq!(call(&mut kernel, task, CallName::Bind, nowhere), -Errno::EFAULT.0);
    assert_eq!(bind(&mut kernel, task, second, [0; 4], 0), 0);
    let port = kernel.sock.iter().map(|(_, sock)| sock.num).max();
    assert_eq!(port, Some(8080));
    assert!(kernel.sock.iter().any(|(_, sock)| sock.num == 1026), "the first port the kernel chooses");
}

#[test]
fn a_listener_lives_until_the_timer_destroys_it() {
    let (mut kernel, task) = machine();
    let fd = socket(&mut kernel, task, STREAM);
    assert_eq!(number(&mut kernel, task, CallName::Listen, &[fd, -1]), 0);
    let (sk, listener) = kernel.sock.iter().last().map(|(sk, sock)| (sk, sock.clone())).expect("the listener");
    assert_eq!((listener.state, listener.max_ack_backlog, listener.num), (TcpState::Listen, 128, 1026));
    let buffer = vec![UserArg::Int(fd), UserArg::Out(10), UserArg::Int(10)];
    assert_eq!(call(&mut kernel, task, CallName::Read, buffer), -Errno::EINVAL.0);
    assert_eq!(kernel.proto(ProtoId::Tcp).inuse, 1);
    assert_eq!(number(&mut kernel, task, CallName::Close, &[fd]), 0);
    assert_eq!(number(&mut kernel, task, CallName::Close, &[fd]), -Errno::EBADF.0);
    assert!(kernel.sock.contains(sk), "a closed sock waits for its timer");
    step(&mut kernel, &Input::Ticks(1));
    assert!(!kernel.sock.contains(sk), "the timer of the next tick destroys it");
    assert_eq!(kernel.proto(ProtoId::Tcp).inuse, 0);
    assert_eq!((kernel.sockets.len(), kernel.files.len(), kernel.sockets_in_use), (1, 3, 1));
}

#[test]
fn descriptors_share_an_open_file() {
    let (mut kernel, task) = machine();
    let fd = socket(&mut kernel, task, DGRAM);
    let copy = number(&mut kernel, task, CallName::Dup, &[fd]);
    assert_eq!((fd, copy), (FIRST, FIRST + 1));
    assert_eq!(number(&mut kernel, task, CallName::Fcntl, &[copy, 4, 0o4000]), 0);
    assert_eq!(number(&mut kernel, task, CallName::Fcntl, &[fd, 3, 0]), 0o4002);
    assert_eq!(number(&mut kernel, task, CallName::Close, &[fd]), 0);
    let area = vec![UserArg::Int(copy), UserArg::Out(8), UserArg::Int(8)];
    assert_eq!(call(&mut kernel, task, CallName::Read, area), -Errno::EAGAIN.0);
    assert_eq!(number(&mut kernel, task, CallName::Dup2, &[copy, 7]), 7);
    assert_eq!(number(&mut kernel, task, CallName::Close, &[copy]), 0);
    assert_eq!(kernel.sockets.len(), 2, "the socket lives as long as a descriptor refers to it");
    assert_eq!(number(&mut kernel, task, CallName::Close, &[7]), 0);
    assert_eq!(kernel.sockets.len(), 1);
}

#[test]
fn a_process_runs_out_of_descriptors() {
    let (mut kernel, task) = machine();
    for fd in FIRST..NR_OPEN as i32 {
        assert_eq!(socket(&mut kernel, task, DGRAM), fd);
    }
    assert_eq!(socket(&mut kernel, task, DGRAM), -Errno::EINVAL.0);
    assert_eq!(kernel.sockets_in_use, 1 + NR_OPEN as i32 - FIRST);
}

#[test]
fn a_signal_ends_the_wait_for_a_connection() {
    let (mut kernel, task) = machine();
    let fd = socket(&mut kernel, task, STREAM);
    assert_eq!(number(&mut kernel, task, CallName::Listen, &[fd, 5]), 0);
    let args = vec![UserArg::Int(fd), UserArg::Null, UserArg::Null];
    assert_eq!(begin(&mut kernel, task, CallName::Accept, args.clone()), None);
    let asleep = kernel.clone();
    step(&mut kernel, &Input::Signal { task, signal: 10 });
    assert_eq!(kernel.completions.pop().map(|completion| completion.ret), Some(-Errno::EINTR.0));
    assert_eq!(kernel.sockets_in_use, 2, "the socket for the conversation is gone");
    assert!(kernel.sockets.iter().all(|(_, socket)| socket.i_wait.is_empty()));
    assert_ne!(asleep, kernel);
    assert_eq!(begin(&mut kernel, task, CallName::Accept, args), None, "and it may be called again");
}

/// Kept: an accepted socket of a non-blocking accept counts as unconnected, so once its connection is over it may connect
/// again, from the port of its listener.
#[test]
fn an_accepted_socket_connects_again() {
    let (mut kernel, task) = machine();
    let to = |port: u16| {
        let name = SockaddrIn { sin_family: AF_INET, sin_port: port, sin_addr: InAddr::LOOPBACK };
        UserArg::In(name.bytes().to_vec())
    };
    let mut listener = |port: u16| {
        let fd = socket(&mut kernel, task, STREAM);
        assert_eq!(bind(&mut kernel, task, fd, [0; 4], port), 0);
        assert_eq!(number(&mut kernel, task, CallName::Listen, &[fd, 5]), 0);
        assert_eq!(number(&mut kernel, task, CallName::Fcntl, &[fd, 4, 0o4000]), 0);
        fd
    };
    let (first, second) = (listener(7000), listener(7001));
    let client = socket(&mut kernel, task, STREAM);
    assert_eq!(call(&mut kernel, task, CallName::Connect, vec![UserArg::Int(client), to(7000), UserArg::Int(16)]), 0);
    let accept = |fd: i32| vec![UserArg::Int(fd), UserArg::Null, UserArg::Null];
    let child = call(&mut kernel, task, CallName::Accept, accept(first));
    assert_eq!(number(&mut kernel, task, CallName::Close, &[client]), 0);
    assert_eq!(number(&mut kernel, task, CallName::Shutdown, &[child, 1]), 0);
    assert!(kernel.sock.iter().any(|(_, sock)| sock.num == 7000 && sock.state == TcpState::Close));
    assert_eq!(call(&mut kernel, task, CallName::Connect, vec![UserArg::Int(child), to(7001), UserArg::Int(16)]), 0);
    assert!(kernel.sock.iter().any(|(_, sock)| sock.num == 7000 && sock.state == TcpState::Established));
    assert!(call(&mut kernel, task, CallName::Accept, accept(second)) >= FIRST);
}

#[test]
fn select_sleeps_for_its_time() {
    let (mut kernel, task) = machine();
    let fd = socket(&mut kernel, task, DGRAM);
    let question = |microseconds: u32| {
        let mut set = vec![0_u8; 32];
        set[0] = 1 << fd;
        let mut time = vec![0_u8; 4];
        time.extend_from_slice(&microseconds.to_le_bytes());
        vec![UserArg::Int(FIRST + 1), UserArg::InOut(set), UserArg::Null, UserArg::Null, UserArg::InOut(time)]
    };
    assert_eq!(begin(&mut kernel, task, CallName::Select, question(0)), Some(0));
    assert_eq!(begin(&mut kernel, task, CallName::Select, question(15_000)), None);
    step(&mut kernel, &Input::Ticks(2));
    assert!(kernel.completions.is_empty());
    step(&mut kernel, &Input::Ticks(1));
    let done = kernel.completions.pop().expect("the time is over");
    assert_eq!((done.ret, kernel.outputs(task)), (0, vec![vec![0; 32], vec![0; 8]]));
    let mut console = vec![0_u8; 32];
    console[0] = 1;
    let args = vec![UserArg::Int(1), UserArg::InOut(console), UserArg::Null, UserArg::Null, UserArg::Null];
    assert_eq!(begin(&mut kernel, task, CallName::Select, args), Some(1), "the console is always ready");
    assert_eq!(begin(&mut kernel, task, CallName::Select, vec![UserArg::Int(-1)]), Some(-Errno::EFAULT.0));
}
