//! Live mode against the kernel of this machine: the private network, the commands inside it, and what stays behind.
//! A tiny ARP and ICMP echo responder stands for the stack where only the plumbing is under test.

#![cfg(live)]

mod live_support;

use std::io::{self, BufRead};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use live_support::{OpenFolder, inside, is_possible, is_root, program};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use sockscope::link::configure::Cidr;
use sockscope::link::tap::TapDevice;
use sockscope::link::{FrameIo, LARGEST_FRAME};
use sockscope::live::namespace::PrivateNamespace;
use sockscope::live::register;

const HOST: [u8; 4] = [10, 0, 0, 2];
const HARDWARE: [u8; 6] = [2, 0, 0, 0, 0, 2];

/// Sum of 16-bit words, as ICMP wants it.
fn checksum(bytes: &[u8]) -> u16 {
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | u32::from(*pair.get(1).unwrap_or(&0));
    let mut sum: u32 = bytes.chunks(2).map(word).sum();
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    !(sum as u16)
}

/// The answer to an ARP request or an ICMP echo for 10.0.0.2, else nothing.
fn answer(frame: &[u8]) -> Option<Vec<u8>> {
    let mut reply = frame.to_vec();
    reply.get_mut(0..6)?.copy_from_slice(frame.get(6..12)?);
    reply.get_mut(6..12)?.copy_from_slice(&HARDWARE);
    match frame.get(12..14)? {
        [8, 6] if frame.get(20..22)? == [0, 1] && frame.get(38..42)? == HOST => {
            reply[21] = 2;
            reply[22..28].copy_from_slice(&HARDWARE);
            reply[28..32].copy_from_slice(&HOST);
            reply[32..42].copy_from_slice(&frame[22..32]);
            Some(reply)
        }
        [8, 0] if frame.get(23)? == &1 && frame.get(34)? == &8 && frame.get(30..34)? == HOST => {
            reply[26..30].copy_from_slice(&frame[30..34]);
            reply[30..34].copy_from_slice(&frame[26..30]);
            reply[34] = 0;
            reply[36..38].fill(0);
            let sum = checksum(&reply[34..]);
            reply[36..38].copy_from_slice(&sum.to_be_bytes());
            Some(reply)
        }
        _ => None,
    }
}

/// Answers on the device until told to stop, and says which ethertypes it saw.
struct Responder {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<io::Result<Vec<u16>>>,
}

impl Responder {
    fn start(mut device: TapDevice) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let seen_stop = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let mut seen = Vec::new();
            let mut buffer = vec![0; LARGEST_FRAME];
            while !seen_stop.load(Ordering::Relaxed) {
                let wait = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
                poll(&mut [PollFd::from_borrowed_fd(device.descriptor(), PollFlags::IN)], Some(&wait))?;
                while let Some(length) = device.receive(&mut buffer)? {
                    seen.push(u16::from_be_bytes([buffer[12], buffer[13]]));
                    if let Some(reply) = answer(&buffer[..length]) {
                        device.transmit(&reply)?;
                    }
                }
            }
            Ok(seen)
        });
        Self { stop, thread }
    }

    fn stop(self) -> Vec<u16> {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap().unwrap()
    }
}

fn private() -> (PrivateNamespace, TapDevice) {
    let address = Cidr::parse("10.0.0.1/24").unwrap();
    PrivateNamespace::open_with(&program(), address).unwrap_or_else(|refusal| panic!("{refusal}"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(10), "still waiting: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn ping_in_the_private_network_is_answered() {
    if !is_possible() {
        return;
    }
    let (namespace, device) = private();
    let responder = Responder::start(device);
    let ping = inside(namespace.name(), &["ping", "-n", "-c1", "-W5", "10.0.0.2"]);
    let seen = responder.stop();
    assert!(ping.status.success(), "{} {}", text(&ping.stdout), text(&ping.stderr));
    assert!(text(&ping.stdout).contains("1 received"), "{}", text(&ping.stdout));
    assert!(!seen.contains(&0x86dd), "IPv6 on a device that should be quiet: {seen:x?}");
}

#[test]
fn tcpdump_may_capture_inside() {
    if !is_possible() {
        return;
    }
    let (namespace, device) = private();
    let responder = Responder::start(device);
    let dump = Command::new(program())
        .args(["exec", "--session", namespace.name(), "--", "tcpdump", "-n", "-l", "-c2", "-i", "sock0", "icmp"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    inside(namespace.name(), &["ping", "-n", "-c6", "-i0.3", "-W5", "10.0.0.2"]);
    let output = dump.wait_with_output().unwrap();
    responder.stop();
    assert!(text(&output.stdout).contains("ICMP echo reply"), "{} {}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn the_status_of_the_command_is_passed_on() {
    if !is_possible() {
        return;
    }
    let (namespace, _device) = private();
    assert_eq!(inside(namespace.name(), &["sh", "-c", "exit 42"]).status.code(), Some(42));
    let devices = inside(namespace.name(), &["cat", "/proc/self/net/dev"]);
    assert!(text(&devices.stdout).contains("sock0"), "{}", text(&devices.stdout));
    let missing = inside(namespace.name(), &["/no/such/command"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("could not be run"), "{}", text(&missing.stderr));
}

#[test]
fn the_peer_stays_patient_through_a_long_pause() {
    if !is_possible() {
        return;
    }
    let (namespace, _device) = private();
    let tries = inside(namespace.name(), &["cat", "/proc/sys/net/ipv4/neigh/sock0/mcast_solicit"]);
    let tries: u32 = text(&tries.stdout).trim().parse().unwrap();
    assert!(tries >= 120, "{tries} tries of a second each do not last two minutes");
}

#[test]
#[ignore = "it takes two minutes; run it with --ignored after a change to the neighbour settings"]
fn a_pause_of_two_minutes_loses_no_peer() {
    if !is_possible() {
        return;
    }
    let (namespace, mut device) = private();
    let arguments = ["exec", "--session", namespace.name(), "--", "ping", "-n", "-c1", "-W150", "10.0.0.2"];
    let ping = Command::new(program()).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(125));
    let mut buffer = vec![0; LARGEST_FRAME];
    while device.receive(&mut buffer).unwrap().is_some() {}
    let responder = Responder::start(device);
    let output = ping.wait_with_output().unwrap();
    responder.stop();
    assert!(text(&output.stdout).contains("1 received"), "{}", text(&output.stdout));
}

#[test]
fn an_unknown_session_is_one_sentence_and_code_two() {
    let output = inside("nobody-made-this", &["true"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nobody-made-this"));
    assert_eq!(text(&output.stderr).lines().count(), 1);
}

#[test]
fn dropping_leaves_nothing_behind() {
    if !is_possible() {
        return;
    }
    let (namespace, device) = private();
    let (helper, name) = (namespace.helper_process(), namespace.name().to_owned());
    assert!(Path::new(&format!("/proc/{helper}")).exists());
    assert!(register::running().iter().any(|session| session.name == name));
    drop(device);
    drop(namespace);
    assert!(!Path::new(&format!("/proc/{helper}")).exists());
    assert!(register::running().iter().all(|session| session.holder.process != helper));
}

/// The program that dies by SIGKILL in the test below: it opens a private network, says so, and waits.
#[test]
#[ignore = "it is the victim that another test starts and kills"]
fn victim() {
    let (namespace, _device) = private();
    println!("\nhelper {}", namespace.helper_process());
    std::thread::sleep(Duration::from_secs(30));
}

#[test]
fn nothing_is_left_after_sigkill() {
    let own = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "victim", "--nocapture"];
    let mut victim = Command::new(own).args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let lines = io::BufReader::new(victim.stdout.take().unwrap()).lines();
    let number = |line: String| line.strip_prefix("helper ").and_then(|number| number.parse::<u32>().ok());
    let helper = lines.map_while(Result::ok).find_map(number).unwrap();
    assert!(Path::new(&format!("/proc/{helper}/ns/net")).exists());
    victim.kill().unwrap();
    victim.wait().unwrap();
    wait_until("the helper ends", || register::running().iter().all(|session| session.holder.process != helper));
}

/// Runs `command` as the user nobody, with a device node of its own at /dev/net/tun (mode `mode`) in a mount
/// namespace of its own: the node of the machine keeps its mode.
fn as_nobody(room: &OpenFolder, mode: u32, command: &[&str]) -> Output {
    use rustix::fs::{CWD, FileType, Mode, makedev, mknodat};
    let node = room.path().join("tun");
    let _ = std::fs::remove_file(&node);
    mknodat(CWD, &node, FileType::CharacterDevice, Mode::empty(), makedev(10, 200)).unwrap();
    std::fs::set_permissions(&node, std::fs::Permissions::from_mode(mode)).unwrap();
    let change_user = "exec setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all \"$@\"";
    let script = format!("mount --bind {} /dev/net/tun && {change_user}", node.display());
    room.command("unshare").args(["--mount", "sh", "-c", &script, "sh"]).args(command).output().unwrap()
}

#[test]
fn an_ordinary_user_gets_the_same() {
    if !is_root() || !is_possible() {
        return;
    }
    let room = OpenFolder::new();
    let own = room.test();
    let own = own.to_str().unwrap();
    for test in
        ["ping_in_the_private_network_is_answered", "tcpdump_may_capture_inside", "nothing_is_left_after_sigkill"]
    {
        let output = as_nobody(&room, 0o666, &[own, "--exact", test, "--nocapture"]);
        assert!(output.status.success(), "{test}: {} {}", text(&output.stdout), text(&output.stderr));
        assert!(text(&output.stdout).contains("1 passed"), "{}", text(&output.stdout));
    }
}

#[test]
fn a_closed_device_node_is_one_clear_sentence() {
    if !is_root() || !is_possible() {
        return;
    }
    let room = OpenFolder::new();
    let own = room.test();
    let own = own.to_str().unwrap();
    let output = as_nobody(&room, 0o600, &[own, "--exact", "dropping_leaves_nothing_behind", "--nocapture"]);
    assert!(!output.status.success());
    let said = text(&output.stderr) + &text(&output.stdout);
    assert!(said.contains("/dev/net/tun may not be opened by this user"), "{said}");
    assert!(said.contains("sockscope lab"), "{said}");
}

#[test]
fn the_source_tells_once_that_frames_wait_and_again_when_asked_and_ends_with_its_handle() {
    if !is_possible() {
        return;
    }
    use std::sync::mpsc::RecvTimeoutError;

    use sockscope::live::arrivals::Arrivals;
    use sockscope::outside::{Notify, Outside};
    let (namespace, mut device) = private();
    let (sender, receiver) = std::sync::mpsc::sync_channel(16);
    let notify: Notify = std::sync::Arc::new(move |outside| sender.send(outside).is_ok());
    let mut source = Arrivals::start(&device, notify).unwrap();
    let mut ping = Command::new(program())
        .args(["exec", "--session", namespace.name(), "--", "ping", "-n", "-c4", "-i0.2", "-W1", "10.0.0.2"])
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)), Ok(Outside::Ready));
    source.told();
    ping.wait().unwrap();
    assert!(receiver.try_recv().is_err(), "told twice of frames that nobody has taken");
    let mut buffer = vec![0; LARGEST_FRAME];
    let mut frames = Vec::new();
    while let Some(length) = device.receive(&mut buffer).unwrap() {
        frames.push(buffer[..length].to_vec());
    }
    assert!(frames.len() > 1, "the source must not take frames itself");
    assert_eq!(&frames[0][12..14], [8, 6], "the first frame is the ARP request");
    source.rearm();
    inside(namespace.name(), &["ping", "-n", "-c1", "-W1", "10.0.0.2"]);
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)), Ok(Outside::Ready));
    drop(source);
    assert_eq!(receiver.recv_timeout(Duration::from_secs(5)), Err(RecvTimeoutError::Disconnected));
}

#[test]
fn every_obstacle_is_one_sentence_and_code_three() {
    if !is_possible() {
        return;
    }
    let no_namespaces = "echo 0 > /proc/sys/user/max_user_namespaces";
    let no_node = "mount -t tmpfs none /dev/net";
    let no_driver = "mount -t tmpfs none /dev/net && touch /dev/net/tun";
    for (obstacle, words) in [
        (no_namespaces, "user.max_user_namespaces"),
        (no_node, "/dev/net/tun does not exist"),
        (no_driver, "/dev/net/tun would not give a TAP device"),
    ] {
        let script = format!("{obstacle} && exec {} live -- true", program().display());
        let mut unshare = Command::new("unshare");
        let output = unshare.args(["-r", "--mount", "sh", "-c", &script]).env("LC_ALL", "C").output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(words) && said.contains("sockscope lab") && said.lines().count() == 1, "{said}");
    }
}

#[test]
fn an_ordinary_user_browses_1995() {
    if !is_root() || !is_possible() {
        return;
    }
    let room = OpenFolder::new();
    let program = room.program();
    let program = program.to_str().unwrap();
    let output =
        as_nobody(&room, 0o666, &[program, "live", "--", "curl", "-s", "--max-time", "10", "http://10.0.0.2/"]);
    assert!(text(&output.stdout).contains("It is 1995"), "{} {}", text(&output.stdout), text(&output.stderr));
    let refused = as_nobody(&room, 0o666, &[program, "live", "--tap", "tap5", "--for", "1"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(text(&refused.stderr).contains("CAP_NET_ADMIN"), "{}", text(&refused.stderr));
}
