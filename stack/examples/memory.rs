//! A run of a million inputs, and the memory it took: `cargo run --release -p sockscope-stack --example memory`.
//! The payload is what the frames of the run carry; the rest is what remembering the run costs.

mod bulk;

fn main() {
    let inputs = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(1_000_000_usize);
    let run = bulk::run(inputs);
    let payload: usize = run.frames.iter().map(|frame| frame.sent.bytes.len()).sum();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM: not told");
    println!("{} inputs, {} frames, {} MiB of frames", run.turns.len(), run.frames.len(), payload >> 20);
    println!("{peak}");
}
