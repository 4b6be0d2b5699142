//! One peer in a namespace of its own: the device, the peer's process and the processor time that it takes.

use std::fmt::Write as _;
use std::fs;
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::client;
use crate::race::Arguments;

/// The device of the namespace.
const TAP: &str = "race0";
/// How long a peer has to begin to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The peer's process, ended with its owner.
struct Peer(Child);

impl Drop for Peer {
    fn drop(&mut self) {
        if let Some(pid) = Pid::from_raw(self.0.id().cast_signed()) {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.0.wait();
    }
}

impl Peer {
    fn start(command: &str) -> Result<Self, String> {
        let words: Vec<String> = command.split_whitespace().map(|word| word.replace("{tap}", TAP)).collect();
        let (program, rest) = words.split_first().ok_or("an empty command is no peer")?;
        let child = Command::new(program).args(rest).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        child.map(Self).map_err(|error| format!("{program}: {error}"))
    }

    /// Seconds of processor time so far, those of its threads summed.
    fn cpu(&self) -> f64 {
        let threads = fs::read_dir(format!("/proc/{}/task", self.0.id()));
        let of_thread = |path: std::path::PathBuf| -> Option<f64> {
            let text = fs::read_to_string(path.join("schedstat")).ok()?;
            text.split_whitespace().next()?.parse().ok()
        };
        threads.into_iter().flatten().flatten().filter_map(|thread| of_thread(thread.path())).sum::<f64>() / 1e9
    }
}

/// Runs a peer and all the work, and prints the figures, one a line.
pub(crate) fn run(command: &str, arguments: &Arguments) -> Result<(), String> {
    lay_the_wire(&arguments.congestion)?;
    let peer = Peer::start(command)?;
    if arguments.pin {
        pin(Pid::from_raw(peer.0.id().cast_signed()), 1)?;
        pin(None, 0)?;
    }
    wait_until_it_listens()?;
    let mut report = String::new();
    for work in &arguments.work {
        let begin = peer.cpu();
        let done = client::work(work, Duration::from_secs_f64(arguments.seconds));
        let done = done.map_err(|error| format!("{work}: {error}"))?;
        let cost = (peer.cpu() - begin) / done.amount * done.unit;
        let _ = writeln!(report, "{work} {}\t{}", done.name, done.value);
        let _ = writeln!(report, "{work} cpu {}\t{cost}", done.cost);
    }
    print!("{report}");
    Ok(())
}

fn pin(process: Option<Pid>, processor: usize) -> Result<(), String> {
    let mut set = CpuSet::new();
    set.set(processor);
    sched_setaffinity(process, &set).map_err(|error| format!("--pin: {error}"))
}

fn lay_the_wire(congestion: &str) -> Result<(), String> {
    fs::write("/proc/sys/net/ipv4/tcp_congestion_control", congestion)
        .map_err(|error| format!("--congestion {congestion}: {error}"))?;
    // A neighbour that is asked for only once keeps the peer's own traffic out of the figures.
    let _ = fs::write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
    for line in [
        "link set lo up".to_owned(),
        format!("tuntap add dev {TAP} mode tap"),
        format!("addr add 10.0.0.1/24 dev {TAP}"),
        format!("link set {TAP} up"),
    ] {
        let status = Command::new("ip").args(line.split(' ')).status().map_err(|error| format!("ip: {error}"))?;
        if !status.success() {
            return Err(format!("ip {line}: {status}"));
        }
    }
    Ok(())
}

fn wait_until_it_listens() -> Result<(), String> {
    let begin = Instant::now();
    loop {
        match TcpStream::connect_timeout(&client::address(7), Duration::from_secs(1)) {
            Ok(_) => return Ok(()),
            Err(error) if begin.elapsed() > PATIENCE => return Err(format!("the peer does not listen: {error}")),
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}
