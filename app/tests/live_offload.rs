//! Long segments pass the device of a headless session in one piece, as between a machine and its network card; what the stack
//! sees and a recording holds are frames of the wire; and while somebody captures, so is everything on the machine's side.

#![cfg(live)]

mod folder;
mod live_support;

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::BorrowedFd;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use folder::Folder;
use live_support::{frames_of, inside, is_possible, program, recorded_frames, run_of};
use sockscope::capture;
use sockscope::link::FrameIo;
use sockscope::link::configure::Cidr;
use sockscope::link::tap::TapDevice;
use sockscope::live::namespace::PrivateNamespace;
use sockscope::live::unseen::{UnseenSession, Went};
use sockscope::recording::of_session::{Recording, Target};
use stack::include::config::Config;
use stack::lab::beginning::Beginning;
use stack::lab::program::ProgramKind;
use stack::wire::ethernet::ETH_FRAME_LEN;

/// What is carried in each direction.
const OCTETS: usize = 3 << 20;
/// The longest frame of an Ethernet, to be compared with a mean.
const LONGEST: f64 = ETH_FRAME_LEN as f64;

/// A device for which everything is much, so that no test depends on the speed of a machine.
struct Always(TapDevice);

impl FrameIo for Always {
    fn receive(&mut self, buffer: &mut [u8]) -> io::Result<Option<usize>> {
        self.0.receive(buffer)
    }

    fn transmit(&mut self, frame: &[u8]) -> io::Result<bool> {
        self.0.transmit(frame)
    }

    fn transmit_all(&mut self, frames: &mut dyn Iterator<Item = &[u8]>) -> io::Result<u64> {
        self.0.transmit_all(frames)
    }

    fn offload(&mut self, _wanted: bool) {
        self.0.offload(true);
    }

    fn descriptor(&self) -> BorrowedFd<'_> {
        self.0.descriptor()
    }
}

/// Octets and packets of a device that its machine has received and sent.
fn counted(device: &str) -> [f64; 4] {
    let devices = std::fs::read_to_string("/proc/thread-self/net/dev").unwrap();
    let line = devices.lines().find_map(|line| line.trim().strip_prefix(&format!("{device}:"))).unwrap();
    let numbers: Vec<f64> = line.split_whitespace().map(|number| number.parse().unwrap()).collect();
    [numbers[0], numbers[1], numbers[8], numbers[9]]
}

/// The client: carries much both ways and prints how many octets a packet had on the machine's side, received and sent.
#[test]
#[ignore = "it is the client that another test starts in the private network"]
fn client() {
    // The device is asked every 50 ms.
    std::thread::sleep(Duration::from_millis(200));
    let mut came = vec![0; OCTETS];
    let before = counted("sock0");
    TcpStream::connect("10.0.0.2:19").unwrap().read_exact(&mut came).unwrap();
    let between = counted("sock0");
    // After 95 lines of 74 octets the characters come round again.
    assert!(came.windows(7_031).all(|octets| octets[0] == octets[7_030]), "the characters are not those of chargen");
    let mut sink = TcpStream::connect("10.0.0.2:9").unwrap();
    sink.write_all(&came).unwrap();
    sink.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(sink.read(&mut [0]).unwrap(), 0);
    let after = counted("sock0");
    let received = (between[0] - before[0]) / (between[1] - before[1]);
    let sent = (after[2] - between[2]) / (after[3] - between[3]);
    println!("octets a packet: {received} {sent}");
}

/// Lets a session with this program of ours in its network go on until the program ends.
fn session_with(command: &[&str], recording: Option<&str>) -> Output {
    let address = Cidr::parse("10.0.0.1/24").unwrap();
    let (namespace, device) = PrivateNamespace::open_with(&program(), address).unwrap();
    let mut beginning = Beginning::alone("A", Config::of_host(2));
    beginning.hosts[0].1.boot_time = 1_000_000_000;
    let recording = recording.map(|path| Recording::begin(&Target::new(path), &beginning).unwrap());
    let programs = [ProgramKind::Chargen(19), ProgramKind::Discard(9)];
    let mut session = UnseenSession::begin(Box::new(Always(device)), &beginning, &programs, recording, Instant::now());
    let is_over = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&is_over);
    let going_on = std::thread::spawn(move || {
        while !over.load(Ordering::Relaxed) {
            if session.go_on(Instant::now()).unwrap() == Went::Nowhere {
                std::thread::sleep(Duration::from_micros(100));
            }
        }
        session.end().unwrap();
    });
    let output = inside(namespace.name(), command);
    is_over.store(true, Ordering::Relaxed);
    going_on.join().unwrap();
    output
}

/// What the client prints, whose words may stand behind those of another program.
fn octets_a_packet(output: &Output) -> Vec<f64> {
    let printed = String::from_utf8_lossy(&output.stdout);
    let line = printed.lines().find_map(|line| line.split_once("octets a packet: "));
    let Some((_, numbers)) = line else { panic!("{printed} {}", String::from_utf8_lossy(&output.stderr)) };
    numbers.split(' ').map(|number| number.parse().unwrap()).collect()
}

fn client_command() -> Vec<String> {
    let own = std::env::current_exe().unwrap().to_str().unwrap().to_owned();
    [own.as_str(), "--ignored", "--exact", "client", "--nocapture"].map(str::to_owned).into()
}

#[test]
fn long_segments_pass_in_one_piece_and_the_recording_has_the_frames_of_the_wire() {
    if !is_possible() {
        return;
    }
    let folder = Folder::new("offload");
    let file = folder.path("carried.pcapng");
    let command = client_command();
    let output = session_with(&command.iter().map(String::as_str).collect::<Vec<_>>(), Some(&file));
    for octets in octets_a_packet(&output) {
        assert!(octets > 1.5 * LONGEST, "packets of {octets} octets on the machine's side");
    }
    let recorded = recorded_frames(&file);
    assert!(recorded.len() > 2 * OCTETS / 1_460, "{} frames", recorded.len());
    assert!(recorded.iter().all(|frame| frame.len() <= ETH_FRAME_LEN), "a frame that no wire takes");
    let (run, _) = run_of(Path::new(&file));
    assert!(frames_of(&run) == recorded, "the run sent other frames");
    assert_eq!(faults(&file), "", "tshark finds fault");
}

/// Frames with which tshark finds fault, but for what a sender and a receiver at full speed do to each other's windows.
fn faults(file: &str) -> String {
    let filter =
        "_ws.malformed || tcp.checksum.status == Bad || ip.checksum.status == Bad || tcp.analysis.retransmission";
    let checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
    let tshark = Command::new("tshark").args(["-n", "-r", file, "-Y", filter]).args(checks).output().unwrap();
    String::from_utf8_lossy(&tshark.stdout).into_owned()
}

#[test]
fn whoever_captures_sees_frames_of_the_wire() {
    if !is_possible() {
        return;
    }
    let folder = Folder::new("offload-captured");
    let file = folder.path("captured.pcap");
    let client = client_command().join(" ");
    let script = format!("tcpdump -n -i sock0 -s 128 -w {file} 2>/dev/null & sleep 1; {client}; kill $!; wait");
    let output = session_with(&["sh", "-c", &script], None);
    for octets in octets_a_packet(&output) {
        assert!(octets <= LONGEST, "packets of {octets} octets while somebody captured");
    }
    assert!(Path::new(&file).exists());
    let captured = capture::open(&file).unwrap().frames;
    assert!(captured.iter().all(|frame| frame.original_length as usize <= ETH_FRAME_LEN), "a frame that no wire takes");
}
