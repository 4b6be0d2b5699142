//! How fast a large capture is read: by this program, step by step, and by the tools that people have, in one run.
//!
//! ```text
//! cargo bench -p sockscope --bench capture_pace              1,000,000 frames of 1,000 connections
//! cargo bench -p sockscope --bench capture_pace -- 200000    fewer
//! ```
//!
//! The capture is made in the folder for temporary files and removed at the end. Every figure is the best of three runs with the
//! file in memory (of one, where a tool takes more than ten seconds); a tool that is not installed is left out. Figures are reported as measured; nothing here is a test.

#![allow(clippy::print_stdout, reason = "a measurement is printed, outside the program's own ways")]

mod generate;

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sockscope::capture::encapsulation::fragments::Fragments;
use sockscope::capture::index::index;
use sockscope::capture::read::{frames, loaded};
use sockscope::capture::segment::SegmentView;
use sockscope::capture::source::{self, Bytes};

/// Of how many runs the best is taken.
const RUNS: usize = 3;

fn main() -> std::io::Result<()> {
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(1_000_000);
    let path = std::env::temp_dir().join(format!("sockscope-pace-{}.pcap", std::process::id()));
    let octets = generate::write(&path, count)?;
    let shown = path.to_string_lossy().into_owned();
    println!("{count} frames, {} MB", octets / 1_000_000);
    let tcptrace = tool(&["tcptrace", "-n", &shown]);
    let report = |what: &str, time: Option<Duration>| {
        let Some(time) = time else { return println!("{what:<28} not installed") };
        let pace = octets as f64 / 1e9 / time.as_secs_f64();
        let ratio = tcptrace.map_or_else(String::new, |other| {
            format!("{:>8.2} x the time of tcptrace", time.as_secs_f64() / other.as_secs_f64())
        });
        println!("{what:<28} {:>8.3} s {pace:>7.2} GB/s{ratio}", time.as_secs_f64());
    };
    if let Ok(bytes) = source::load(&shown) {
        report("frames", Some(best(|| read(&bytes))));
        report("frames and their segments", Some(best(|| dissect(&bytes))));
        report("checksums besides", Some(best(|| sum(&bytes))));
        report("the index", Some(best(|| drop(black_box(index(&bytes))))));
    }
    report("tcptrace -n", tcptrace);
    report("capinfos", tool(&["capinfos", &shown]));
    report("tshark -n", tool(&["tshark", "-n", "-r", &shown]));
    std::fs::remove_file(&path)
}

fn best(work: impl Fn()) -> Duration {
    let once = || {
        let begin = Instant::now();
        work();
        begin.elapsed()
    };
    (0..RUNS).map(|_| once()).min().unwrap_or_default()
}

/// The time of a command, or nothing where it does not run. One that takes long is not run again.
fn tool(words: &[&str]) -> Option<Duration> {
    const LONG: Duration = Duration::from_secs(10);
    let (name, arguments) = words.split_first()?;
    let run = || Command::new(name).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let begin = Instant::now();
    run().ok().filter(std::process::ExitStatus::success)?;
    let first = begin.elapsed();
    Some(if first > LONG { first } else { best(|| drop(black_box(run()))) })
}

fn read(bytes: &Bytes) {
    black_box(loaded(bytes).map_or(0, |frames| frames.map(|frame| frame.time_ns).fold(0, u64::wrapping_add)));
}

/// Every segment, as the index reads them.
fn segments(bytes: &[u8], mut look: impl FnMut(&SegmentView<'_>)) {
    let mut fragments = Fragments::default();
    for frame in frames(bytes).into_iter().flatten() {
        if let Ok(segment) = SegmentView::read_whole(&frame, &mut fragments) {
            look(&segment);
        }
    }
}

fn dissect(bytes: &Bytes) {
    let mut octets = 0;
    segments(bytes, |segment| octets += u64::from(segment.length));
    black_box(octets);
}

fn sum(bytes: &Bytes) {
    let mut right = 0;
    segments(bytes, |segment| right += u64::from(segment.checksum_right() == Some(true)));
    black_box(right);
}
