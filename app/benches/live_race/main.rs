//! A race of two peers over TAP devices: any two commands that each serve echo (7), discard (9), chargen (19) and httpd (80) at
//! 10.0.0.2 on a device that they are given by name.
//!
//! ```text
//! cargo bench -p sockscope --bench live_race -- \
//!     --a 'old/sockscope live --headless --tap {tap} --serve echo,discard,chargen,httpd' \
//!     --b 'target/release/sockscope live --headless --tap {tap} --serve echo,discard,chargen,httpd'
//! ```
//!
//! Each run of a peer has a network namespace of its own, made by `unshare` and `ip`, with this machine's kernel as the client's
//! end. A round runs A, B and A again: the ratios are B to the mean of its neighbours, and the second A to the first, which says
//! how far the machine itself wanders. The client avoids congestion as `--congestion` says (reno). `--pin` gives the peer one
//! processor and the client another. Figures are reported as measured; nothing here is a test.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measurement is printed, outside the program's own ways"
)]

#[cfg(target_os = "linux")]
mod client;
#[cfg(target_os = "linux")]
mod race;
#[cfg(target_os = "linux")]
mod ring;

fn main() -> std::process::ExitCode {
    #[cfg(target_os = "linux")]
    {
        race::main()
    }
    #[cfg(not(target_os = "linux"))]
    {
        eprintln!("There are TAP devices on Linux only.");
        std::process::ExitCode::SUCCESS
    }
}
