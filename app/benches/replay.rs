//! How long `sockscope replay` and `sockscope trace` take for a long connection, beside tcptrace, tshark and capinfos on the
//! same file, in one run: CPU seconds (user and system) of each, and how they grow from 25,000 frames to 100,000.
//!
//! `cargo bench -p sockscope --bench replay [FRAMES]`; a tool that is not installed is left out. Unix only, because the CPU time
//! of a child is asked of `time -p` of the shell.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;

use stack::wire::build::{EthernetBuilder, Ipv4Builder, TcpBuilder};
use stack::wire::{ip_numbers, tcp};

const CLIENT: (Ipv4Addr, u16) = (Ipv4Addr::new(10, 8, 0, 1), 40_000);
const SERVER: (Ipv4Addr, u16) = (Ipv4Addr::new(10, 8, 0, 2), 80);
/// Octets in a segment.
const DATA: usize = 512;
/// Each figure is the best of so many runs.
const RUNS: usize = 3;

/// A capture as it is written, packet by packet.
struct Pcap {
    bytes: Vec<u8>,
    time_us: u32,
    id: u16,
}

impl Pcap {
    fn new() -> Self {
        let mut bytes = Vec::new();
        for word in [0xa1b2_c3d4_u32, 0x0004_0002, 0, 0, 65_535, 1] {
            bytes.extend(word.to_le_bytes());
        }
        Self { bytes, time_us: 0, id: 0 }
    }

    /// One segment from the client or the server, some microseconds after the last one.
    fn segment(&mut self, from_client: bool, seq: u32, ack_seq: u32, flags: u8, data: &[u8]) {
        let (from, to) = if from_client { (CLIENT, SERVER) } else { (SERVER, CLIENT) };
        let header =
            TcpBuilder { source: from.1, dest: to.1, seq, ack_seq, flags, window: 8192, ..TcpBuilder::default() };
        let Ok(segment) = header.build(from.0, to.0, data) else { return };
        self.id = self.id.wrapping_add(1);
        let packet = Ipv4Builder {
            id: self.id,
            protocol: ip_numbers::PROTOCOL_TCP,
            saddr: from.0,
            daddr: to.0,
            ..Ipv4Builder::default()
        };
        let Ok(packet) = packet.build(&segment) else { return };
        let (a, b) = ([2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]);
        let (h_source, h_dest) = if from_client { (a, b) } else { (b, a) };
        let frame = EthernetBuilder { h_dest, h_source, ..EthernetBuilder::default() }.build(&packet);
        self.time_us += 150;
        let length = u32::try_from(frame.len()).unwrap_or(0);
        for word in [1 + self.time_us / 1_000_000, self.time_us % 1_000_000, length, length] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend(frame);
    }
}

/// A download of so many frames: two segments, an acknowledgement, and so on.
fn download(frames: usize) -> Vec<u8> {
    let (mut pcap, data) = (Pcap::new(), [b'x'; DATA]);
    pcap.segment(true, 999, 0, tcp::SYN, &[]);
    pcap.segment(false, 4_999, 1_000, tcp::SYN | tcp::ACK, &[]);
    pcap.segment(true, 1_000, 5_000, tcp::ACK, &[]);
    let mut seq = 5_000_u32;
    for _ in 1..frames / 3 {
        for flags in [tcp::ACK, tcp::ACK | tcp::PSH] {
            pcap.segment(false, seq, 1_000, flags, &data);
            seq = seq.wrapping_add(u32::try_from(DATA).unwrap_or(0));
        }
        pcap.segment(true, 1_000, seq, tcp::ACK, &[]);
    }
    pcap.bytes
}

/// The CPU seconds of a command; None where it cannot be run.
fn cpu_seconds(command: &str) -> Option<f64> {
    let once = || {
        let script = format!("time -p {command} >/dev/null 2>/dev/null");
        let output =
            Command::new("bash").args(["-c", &script]).output().ok().filter(|output| output.status.success())?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let seconds = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok());
        Some(seconds("user")? + seconds("sys")?)
    };
    (0..RUNS).filter_map(|_| once()).reduce(f64::min)
}

fn row(name: &str, command: impl Fn(&Path) -> String, files: &[PathBuf]) -> String {
    let mut row = format!("{name:<28}");
    for file in files {
        match cpu_seconds(&command(file)) {
            Some(seconds) => write!(row, "{seconds:>10.2} s"),
            None => write!(row, "{:>12}", "-"),
        }
        .unwrap_or_default();
    }
    row
}

#[allow(clippy::print_stdout, reason = "the figures are what a bench is for")]
fn main() {
    let frames = std::env::args().skip(1).find_map(|word| word.parse::<usize>().ok()).unwrap_or(100_000);
    let folder = std::env::temp_dir().join(format!("sockscope-bench-{}", std::process::id()));
    if let Err(error) = std::fs::create_dir_all(&folder) {
        println!("{}: {error}", folder.display());
        return;
    }
    let sizes = [frames / 4, frames];
    let files = sizes.map(|size| folder.join(format!("{size}.pcap")));
    for (file, size) in files.iter().zip(sizes) {
        if let Err(error) = std::fs::write(file, download(size)) {
            println!("{}: {error}", file.display());
        }
    }
    let program = env!("CARGO_BIN_EXE_sockscope");
    println!("{:<28}{:>12}{:>12}", "CPU, best of 3; frames:", sizes[0], sizes[1]);
    let replay =
        |end: &'static str| move |file: &Path| format!("{program} replay {} --headless --as {end}", file.display());
    println!("{}", row("replay as the reader", replay("10.8.0.1"), &files));
    println!("{}", row("replay as the writer", replay("10.8.0.2"), &files));
    println!("{}", row("trace", |file| format!("{program} trace {}", file.display()), &files));
    println!("{}", row("tcptrace -n", |file| format!("tcptrace -n {}", file.display()), &files));
    println!("{}", row("capinfos", |file| format!("capinfos {}", file.display()), &files));
    println!("{}", row("tshark -n", |file| format!("tshark -n -r {}", file.display()), &files));
    if let Err(error) = std::fs::remove_dir_all(&folder) {
        println!("{}: {error}", folder.display());
    }
}
