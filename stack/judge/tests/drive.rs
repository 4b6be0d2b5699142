//! The library is loaded as packetdrill loads it, and driven through its table of functions: a handshake, a blocking
//! accept and read from a thread of their own, and a retransmission a minute later, in no time at all.

use std::ffi::{CStr, CString, c_char, c_void};
use std::mem::MaybeUninit;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use sockscope_judge::table::Interface;
use stack::wire::FrameSummary;
use stack::wire::build::{Ipv4Builder, TcpBuilder};

const LOCAL: Ipv4Addr = Ipv4Addr::new(192, 168, 0, 1);
const REMOTE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);

fn library() -> PathBuf {
    let test = std::env::current_exe().expect("a test knows where it is");
    let folders = test.ancestors().skip(1).take(2);
    folders.map(|folder| folder.join("libsockscope_judge.so")).find(|path| path.exists()).expect("the library is built")
}

struct Packetdrill(Interface);

// The table is only ever used as packetdrill uses it: one blocking call on a second thread, everything else on the first.
unsafe impl Send for Packetdrill {}
unsafe impl Sync for Packetdrill {}

impl Packetdrill {
    fn load() -> Self {
        let path = CString::new(library().into_os_string().into_encoded_bytes()).expect("a path has no zero");
        unsafe {
            let handle = libc::dlopen(path.as_ptr(), libc::RTLD_NOW | libc::RTLD_LOCAL);
            assert!(!handle.is_null(), "{:?}", CStr::from_ptr(libc::dlerror()));
            let symbol = libc::dlsym(handle, c"packetdrill_interface_init".as_ptr());
            assert!(!symbol.is_null(), "the library exports its entry");
            let init: unsafe extern "C" fn(*const c_char, *mut Interface) = std::mem::transmute(symbol);
            let mut table = MaybeUninit::uninit();
            init(std::ptr::null(), table.as_mut_ptr());
            Self(table.assume_init())
        }
    }

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
        let sequence = u32::from_be_bytes(buffer[24..28].try_into().expect("four octets"));
        Some((time as f64 / 1e6, sequence, FrameSummary::of_ip(&buffer[..count]).to_string()))
    }

    fn sleep(&self, microseconds: u32) {
        unsafe { (self.0.usleep)(self.0.userdata, microseconds) };
    }
}

impl Drop for Packetdrill {
    fn drop(&mut self) {
        unsafe { (self.0.free)(self.0.userdata) };
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
