//! The library is loaded as packetdrill loads it, and driven through its table of functions: a handshake, a blocking
//! accept and read from a thread of their own, and a retransmission a minute later, in no time at all.
#![cfg(target_os = "linux")]

mod packetdrill;

use std::ffi::c_void;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use packetdrill::Packetdrill;
use stack::wire::FrameSummary;
use stack::wire::build::{Ipv4Builder, TcpBuilder};

const LOCAL: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 1);
const REMOTE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

impl Packetdrill {
    fn listener(&self) -> i32 {
        unsafe {
            let fd = (self.0.socket)(self.0.userdata, libc::AF_INET, libc::SOCK_STREAM, libc::IPPROTO_TCP);
            assert!(fd >= 0);
            let address = libc::sockaddr_in {
                sin_family: libc::AF_INET as u16,
                sin_port: 8080_u16.to_be(),
                sin_addr: libc::in_addr { s_addr: u32::from(LOCAL).to_be() },
                sin_zero: [0; 8],
            };
            assert_eq!((self.0.bind)(self.0.userdata, fd, (&raw const address).cast(), 16), 0);
            assert_eq!((self.0.listen)(self.0.userdata, fd, 1), 0);
            fd
        }
    }

    fn send(&self, (segment, payload): (TcpBuilder, &[u8])) {
        let segment = segment.build(REMOTE, LOCAL, payload).expect("the segment is well formed");
        let packet = Ipv4Builder { saddr: REMOTE, daddr: LOCAL, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let packet = packet.build(&segment).expect("the packet is well formed");
        unsafe { assert_eq!((self.0.netdev_send)(self.0.userdata, packet.as_ptr().cast(), packet.len()), 0) };
    }

    /// The next segment: time in seconds, sequence number, and its line.
    fn receive(&self) -> Option<(f64, u32, String)> {
        let mut buffer = [0_u8; 4096];
        let (mut count, mut time) = (buffer.len(), 0);
        let buffer_start: *mut c_void = buffer.as_mut_ptr().cast();
        unsafe { assert_eq!((self.0.netdev_receive)(self.0.userdata, buffer_start, &raw mut count, &raw mut time), 0) };
        if count == 0 {
            return None;
        }
        let sequence = u32::from_be_bytes(buffer[24..28].try_into().expect("four bytes"));
        Some((time as f64 / 1e6, sequence, FrameSummary::of_ip(&buffer[..count]).to_string()))
    }

    fn sleep(&self, microseconds: u32) {
        unsafe { (self.0.usleep)(self.0.userdata, microseconds) };
    }
}

fn segment(flags: u8, sequence: u32, acknowledgement: u32, payload: &[u8]) -> (TcpBuilder, &[u8]) {
    let header = TcpBuilder {
        source: 40001,
        dest: 8080,
        seq: sequence,
        ack_seq: acknowledgement,
        flags,
        window: 32792,
        ..TcpBuilder::default()
    };
    (header, payload)
}

const SYN: u8 = 0x02;
const ACK: u8 = 0x10;
const PSH: u8 = 0x08;

#[test]
fn a_handshake_with_a_blocking_accept_and_read() {
    let drill = Arc::new(Packetdrill::load());
    let listener = drill.listener();
    let accepted = Arc::new(AtomicBool::new(false));
    let server = {
        let (drill, accepted) = (drill.clone(), accepted.clone());
        thread::spawn(move || unsafe {
            let fd = (drill.0.accept)(drill.0.userdata, listener, std::ptr::null_mut(), std::ptr::null_mut());
            accepted.store(true, Ordering::SeqCst);
            let mut buffer = [0_u8; 100];
            let length = (drill.0.read)(drill.0.userdata, fd, buffer.as_mut_ptr().cast(), buffer.len());
            (fd, buffer[..usize::try_from(length).expect("read succeeds")].to_vec())
        })
    };
    thread::sleep(Duration::from_millis(50));
    assert!(!accepted.load(Ordering::SeqCst), "accept blocks while nobody has called");
    drill.send(segment(SYN, 1000, 0, b""));
    let (_, ours, line) = drill.receive().expect("a SYN+ACK comes");
    assert!(line.contains("S."), "{line}");
    drill.sleep(10_000);
    drill.send(segment(ACK, 1001, ours.wrapping_add(1), b""));
    drill.sleep(10_000);
    drill.send(segment(ACK | PSH, 1001, ours.wrapping_add(1), b"hello"));
    let (fd, data) = server.join().expect("the server thread ends");
    assert!(fd >= 0);
    assert_eq!(data, b"hello");
    unsafe { assert_eq!((drill.0.close)(drill.0.userdata, fd), 0) };
}

/// A connection that the peer has opened and the program has accepted: its descriptor and our next sequence number.
fn connection(drill: &Packetdrill) -> (i32, u32) {
    let listener = drill.listener();
    drill.send(segment(SYN, 1000, 0, b""));
    let (_, ours, _) = drill.receive().expect("a SYN+ACK comes");
    drill.send(segment(ACK, 1001, ours.wrapping_add(1), b""));
    let fd = unsafe { (drill.0.accept)(drill.0.userdata, listener, std::ptr::null_mut(), std::ptr::null_mut()) };
    assert!(fd >= 0);
    (fd, ours.wrapping_add(1))
}

fn errno() -> i32 {
    unsafe { *libc::__errno_location() }
}

#[test]
fn null_buffers_negative_counts_and_unknown_calls_fail_as_in_c() {
    let drill = Packetdrill::load();
    let (fd, ours) = connection(&drill);
    drill.send(segment(ACK | PSH, 1001, ours, b"hello"));
    let (ud, null) = (drill.0.userdata, std::ptr::null_mut::<c_void>());
    unsafe {
        assert_eq!(((drill.0.read)(ud, fd, null, 5), errno()), (-1, libc::EFAULT));
        assert_eq!(((drill.0.write)(ud, fd, null, 5), errno()), (-1, libc::EFAULT));
        let mut byte = [0_u8; 8];
        let place: *mut c_void = byte.as_mut_ptr().cast();
        // packetdrill's count is an int: -1 becomes the largest size_t.
        assert_eq!((drill.0.read)(ud, fd, place, usize::MAX), -1);
        assert_eq!((drill.0.write)(ud, fd, place, usize::MAX), -1);
        assert_eq!(((drill.0.setsockopt)(ud, fd, 1, 2, null, 4), errno()), (-1, libc::EINVAL));
        for absent in drill.0.absent {
            assert_eq!((absent(ud), errno()), (-1, libc::ENOSYS));
        }
        assert_eq!((drill.0.read)(ud, fd, place, 8), 5);
        assert_eq!(&byte[..5], b"hello");
    }
}

#[test]
fn options_and_requests_have_the_sizes_of_the_host() {
    let drill = Packetdrill::load();
    let (fd, ours) = connection(&drill);
    drill.send(segment(ACK | PSH, 1001, ours, b"hello"));
    let ud = drill.0.userdata;
    unsafe {
        let mut waiting = 0x5555_5555;
        assert_eq!((drill.0.ioctl)(ud, fd, libc::FIONREAD as _, &raw mut waiting), 0);
        assert_eq!(waiting, 5);
        // Two arguments in C: the third is no pointer at all.
        assert_eq!((drill.0.ioctl)(ud, fd, 0x1234, 0x10 as *mut _), -1);
        let linger = libc::linger { l_onoff: 1, l_linger: 7 };
        assert_eq!((drill.0.setsockopt)(ud, fd, 1, libc::SO_LINGER, (&raw const linger).cast(), 8), 0);
        let mut back = [0_u32; 3];
        let mut length = 8;
        assert_eq!((drill.0.getsockopt)(ud, fd, 1, libc::SO_LINGER, back.as_mut_ptr().cast(), &raw mut length), 0);
        assert_eq!((back, length), ([1, 7, 0], 8));
        let mut length = 104;
        let mut info = [0_u8; 105];
        assert_eq!((drill.0.getsockopt)(ud, fd, 6, libc::TCP_INFO, info.as_mut_ptr().cast(), &raw mut length), -1);
        assert_eq!(errno(), libc::ENOPROTOOPT);
        let nonblocking = libc::O_RDWR as isize | libc::O_NONBLOCK as isize;
        assert_eq!((drill.0.fcntl)(ud, fd, libc::F_SETFL, nonblocking), 0);
        assert_eq!((drill.0.fcntl)(ud, fd, libc::F_GETFL, -1), libc::O_RDWR | libc::O_NONBLOCK);
        let copy = (drill.0.fcntl)(ud, fd, libc::F_DUPFD, 0);
        assert!(copy >= 0 && copy != fd);
        let mut buffer = [0_u8; 9];
        assert_eq!((drill.0.read)(ud, copy, buffer.as_mut_ptr().cast(), 9), 5);
        assert_eq!((drill.0.close)(ud, copy), 0);
        assert_eq!(((drill.0.read)(ud, fd, buffer.as_mut_ptr().cast(), 9), errno()), (-1, libc::EAGAIN));
    }
}

#[test]
fn messages_are_scattered_and_their_flags_come_from_us() {
    let drill = Packetdrill::load();
    let (fd, ours) = connection(&drill);
    let (mut first, mut second) = ([0_u8; 3], [0_u8; 3]);
    let mut parts = [
        libc::iovec { iov_base: first.as_mut_ptr().cast(), iov_len: 3 },
        libc::iovec { iov_base: second.as_mut_ptr().cast(), iov_len: 3 },
    ];
    unsafe {
        let ud = drill.0.userdata;
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_iov = parts.as_mut_ptr();
        message.msg_iovlen = 2;
        // What a script expects stands in the structure when packetdrill makes the call.
        message.msg_flags = libc::MSG_OOB;
        message.msg_controllen = 16;
        drill.send(segment(ACK | PSH, 1001, ours, b"hello"));
        assert_eq!((drill.0.recvmsg)(ud, fd, &raw mut message, 0), 5);
        assert_eq!((message.msg_flags, message.msg_controllen), (0, 0));
        let _ = drill.receive();
        assert_eq!((drill.0.writev)(ud, fd, parts.as_ptr(), 2), 6);
        assert_eq!((drill.0.writev)(ud, fd, std::ptr::null(), 0), 0);
        let lines: Vec<String> = std::iter::from_fn(|| drill.receive()).take(3).map(|(_, _, line)| line).collect();
        assert!(lines.iter().any(|line| line.contains(" len=6")), "the six bytes leave as one segment: {lines:?}");
    }
    assert_eq!((&first, &second[..2]), (b"hel", &b"lo"[..]));
}

#[test]
fn poll_reports_what_select_sees() {
    let drill = Packetdrill::load();
    let (fd, ours) = connection(&drill);
    let entry = |fd, events| libc::pollfd { fd, events, revents: 0x55 };
    let both = libc::POLLIN | libc::POLLOUT;
    let poll = |list: &mut [libc::pollfd], timeout| unsafe {
        let count = (drill.0.poll)(drill.0.userdata, list.as_mut_ptr(), list.len() as libc::nfds_t, timeout);
        (count, list.iter().map(|entry| entry.revents).collect::<Vec<_>>())
    };
    assert_eq!(poll(&mut [entry(fd, both)], 0), (1, vec![libc::POLLOUT]));
    drill.send(segment(ACK | PSH, 1001, ours, b"hello"));
    assert_eq!(poll(&mut [entry(fd, both), entry(-1, both)], -1), (1, vec![both, 0]));
    assert_eq!(poll(&mut [entry(fd, libc::POLLIN), entry(9999, both)], -1), (2, vec![libc::POLLIN, libc::POLLNVAL]));
    assert_eq!(unsafe { (drill.0.poll)(drill.0.userdata, std::ptr::null_mut(), 0, 0) }, 0);
}

#[test]
fn a_call_that_returns_while_time_passes_returns_at_its_own_time() {
    let drill = Arc::new(Packetdrill::load());
    let (fd, _) = connection(&drill);
    let now = |drill: &Packetdrill| unsafe {
        let mut time: libc::timeval = std::mem::zeroed();
        assert_eq!((drill.0.gettimeofday)(drill.0.userdata, &raw mut time, std::ptr::null_mut()), 0);
        time.tv_sec * 1_000_000 + time.tv_usec
    };
    let started = now(&drill);
    let waiter = {
        let drill = drill.clone();
        thread::spawn(move || unsafe {
            let mut entry = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
            let ready = (drill.0.poll)(drill.0.userdata, &raw mut entry, 1, 500);
            (ready, now(&drill))
        })
    };
    thread::sleep(Duration::from_millis(50));
    drill.sleep(3_000_000);
    let (ready, ended) = waiter.join().expect("poll returns");
    assert_eq!(ready, 0);
    // 500 ms last 51 ticks, counted from the tick before the call.
    assert!((500_000..=520_000).contains(&(ended - started)), "{}", ended - started);
    assert!(now(&drill) - started >= 3_000_000);
}

#[test]
fn a_call_that_blocks_the_thread_of_the_clock_sees_time_pass_and_never_hangs() {
    let drill = Packetdrill::load();
    let (fd, ours) = connection(&drill);
    let mut buffer = [0_u8; 9];
    unsafe {
        let (ud, place) = (drill.0.userdata, buffer.as_mut_ptr().cast::<c_void>());
        let mut entry = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
        assert_eq!((drill.0.poll)(ud, &raw mut entry, 1, 500), 0);
        assert_eq!(((drill.0.read)(ud, fd, place, 9), errno()), (-1, libc::EDEADLK));
        // The machine goes on working.
        drill.send(segment(ACK | PSH, 1001, ours, b"hello"));
        entry.events = libc::POLLOUT;
        assert_eq!((drill.0.poll)(ud, &raw mut entry, 1, 0), 1);
        let next = (drill.0.socket)(ud, libc::AF_INET, libc::SOCK_STREAM, 0);
        let address = libc::sockaddr_in {
            sin_family: libc::AF_INET as u16,
            sin_port: 8080_u16.to_be(),
            sin_addr: libc::in_addr { s_addr: u32::from(REMOTE).to_be() },
            sin_zero: [0; 8],
        };
        assert_eq!((drill.0.connect)(ud, next, (&raw const address).cast(), 16), -1);
        assert_eq!(errno(), libc::ETIMEDOUT);
    }
}

/// In 1.2.13 the eighth keepalive without an answer is thrown away together with the ARP entry it waits for: the entry has
/// expired since the seventh, and `tcp_write_timeout` destroys it. A permanent entry stays, and so does the keepalive.
#[test]
fn a_neighbour_is_asked_for_once_as_in_a_script_of_run() {
    let drill = Packetdrill::load();
    let neighbour = Ipv4Addr::new(192, 168, 0, 9);
    let send = |(segment, payload): (TcpBuilder, &[u8])| {
        let segment = segment.build(neighbour, LOCAL, payload).expect("the segment is well formed");
        let packet = Ipv4Builder { saddr: neighbour, daddr: LOCAL, protocol: 6, ttl: 64, ..Ipv4Builder::default() };
        let packet = packet.build(&segment).expect("the packet is well formed");
        unsafe { assert_eq!((drill.0.netdev_send)(drill.0.userdata, packet.as_ptr().cast(), packet.len()), 0) };
    };
    let listener = drill.listener();
    let on: libc::c_int = 1;
    unsafe {
        assert_eq!(
            (drill.0.setsockopt)(drill.0.userdata, listener, 1, libc::SO_KEEPALIVE, (&raw const on).cast(), 4),
            0
        );
    }
    send(segment(SYN, 1000, 0, b""));
    let (_, ours, _) = drill.receive().expect("a SYN+ACK comes");
    send(segment(ACK, 1001, ours.wrapping_add(1), b""));
    let times: Vec<f64> = (0..16).map(|_| drill.receive().expect("a keepalive every 15 minutes").0).collect();
    assert!(times.windows(2).all(|pair| (pair[1] - pair[0] - 900.0).abs() < 0.1), "{times:?}");
}

/// Runs one test of this file in a process of its own, as an ordinary user has it, and gives back what it said on standard
/// error.
fn in_a_process_of_its_own(test: &str, lang: &str) -> String {
    use std::os::unix::process::CommandExt;
    let mut child = std::process::Command::new(std::env::current_exe().expect("a test knows where it is"));
    child.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]).env("LC_ALL", lang);
    unsafe {
        // The right to pin memory without a limit is root's; nobody else has it to lose.
        child.pre_exec(|| {
            libc::prctl(libc::PR_CAPBSET_DROP, CAP_IPC_LOCK, 0, 0, 0);
            Ok(())
        });
    }
    let output = child.output().expect("the test binary runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{test}: {}\n{said}", String::from_utf8_lossy(&output.stdout));
    said
}

const CAP_IPC_LOCK: libc::c_ulong = 14;

#[test]
fn an_ordinary_user_may_pin_as_little_as_packetdrill_leaves() {
    in_a_process_of_its_own("pinned_memory", "C");
}

#[test]
#[ignore = "run by an_ordinary_user_may_pin_as_little_as_packetdrill_leaves in a process that may pin little"]
fn pinned_memory() {
    let limit = |bytes| libc::rlimit { rlim_cur: bytes, rlim_max: bytes };
    // packetdrill pins everything, starts its second thread with the stack of `ulimit -s 256` and loads the library. What
    // is here already is the test's own and larger than packetdrill, so only the future is pinned.
    let stack = 256 << 10;
    unsafe {
        assert_eq!(libc::mlockall(libc::MCL_FUTURE), 0, "{}", std::io::Error::last_os_error());
    }
    let thread = thread::Builder::new().stack_size(stack).spawn(move || {
        let drill = Packetdrill::load();
        let none = limit(0);
        // Whatever is pinned from here on is too much.
        assert_eq!(unsafe { libc::setrlimit(libc::RLIMIT_MEMLOCK, &raw const none) }, 0);
        let (fd, _) = connection(&drill);
        let octets = vec![0_u8; 1 << 20];
        unsafe {
            let written = (drill.0.write)(drill.0.userdata, fd, octets.as_ptr().cast(), 60_000);
            assert!(written < 0 && errno() == libc::EDEADLK || written > 0, "{written}");
        }
    });
    thread.expect("packetdrill's second thread starts").join().expect("the library works in so little memory");
}

#[test]
fn what_packetdrill_would_misname_is_said_in_a_line_first() {
    for (lang, silence, sleep) in [
        ("C", "a packet that will never come", "read() would sleep for ever"),
        ("zh_CN.UTF-8", "永远不会来", "read() 会一直睡下去"),
    ] {
        let said = in_a_process_of_its_own("nothing_will_ever_come", lang);
        let lines: Vec<&str> = said.lines().filter(|line| line.starts_with("libsockscope_judge: ")).collect();
        assert_eq!(lines.len(), 2, "{said}");
        assert!(lines[0].contains(silence) && lines[0].contains("IP header overflows packet"), "{said}");
        assert!(lines[1].contains(sleep) && lines[1].contains("EDEADLK"), "{said}");
    }
}

#[test]
#[ignore = "run by what_packetdrill_would_misname_is_said_in_a_line_first, which reads what it says"]
fn nothing_will_ever_come() {
    let drill = Packetdrill::load();
    assert!(drill.receive().is_none());
    let (fd, _) = connection(&drill);
    let mut buffer = [0_u8; 9];
    unsafe {
        let place = buffer.as_mut_ptr().cast::<c_void>();
        assert_eq!(((drill.0.read)(drill.0.userdata, fd, place, 9), errno()), (-1, libc::EDEADLK));
    }
}

#[test]
fn a_retransmission_a_minute_later_takes_no_time() {
    let drill = Packetdrill::load();
    drill.listener();
    let started = Instant::now();
    drill.send(segment(SYN, 1000, 0, b""));
    let times: Vec<f64> = (0..6).map(|_| drill.receive().expect("the SYN+ACK is sent again").0).collect();
    let gaps: Vec<f64> = times.windows(2).map(|pair| ((pair[1] - pair[0]) * 100.0).round() / 100.0).collect();
    assert_eq!(gaps, [3.01, 6.01, 12.01, 24.01, 48.01]);
    assert!(started.elapsed() < Duration::from_secs(30), "93 seconds of protocol time are virtual");
}

#[test]
fn errors_are_those_of_1995() {
    let drill = Packetdrill::load();
    let fd = drill.listener();
    unsafe {
        assert_eq!((drill.0.listen)(drill.0.userdata, 9999, 1), -1);
        assert_eq!(*libc::__errno_location(), libc::EBADF);
        assert_eq!(
            (drill.0.fcntl)(drill.0.userdata, fd, libc::F_SETFL, libc::O_RDWR as isize | libc::O_NONBLOCK as isize),
            0
        );
        let nobody = (drill.0.accept)(drill.0.userdata, fd, std::ptr::null_mut(), std::ptr::null_mut());
        assert_eq!(nobody, -1);
        assert_eq!(*libc::__errno_location(), libc::EAGAIN);
        assert_eq!((drill.0.close)(drill.0.userdata, fd), 0);
    }
}
