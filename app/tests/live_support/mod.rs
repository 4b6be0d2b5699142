//! Whether this machine can run live mode at all. The gate demands it (`SOCKSCOPE_LIVE_TESTS=required`); on a
//! developer's machine without /dev/net/tun, user namespaces or the tools, the tests say so and step aside.

use std::path::Path;
use std::process::{Command, Stdio};

use sockscope::link::configure::Cidr;
use sockscope::live::namespace::PrivateNamespace;

/// What the tests of live mode call.
const TOOLS: [&str; 6] = ["ping", "tcpdump", "tshark", "curl", "unshare", "setpriv"];

/// Whether the test can run; where it must, a missing thing is a failure.
pub(crate) fn is_possible() -> bool {
    let missing = TOOLS.iter().find(|tool| {
        let version = Command::new(tool)
            .arg("--version")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        version.is_err()
    });
    let obstacle = match missing {
        Some(tool) => Some(format!("{tool} is not installed")),
        None => {
            let address = Cidr::parse("10.0.0.1/24").unwrap();
            let program = Path::new(env!("CARGO_BIN_EXE_sockscope"));
            PrivateNamespace::open_with(program, address).err().map(|refusal| refusal.to_string())
        }
    };
    let Some(obstacle) = obstacle else { return true };
    let required = std::env::var_os("SOCKSCOPE_LIVE_TESTS").is_some_and(|value| value == "required");
    assert!(!required, "live mode is required here: {obstacle}");
    eprintln!("not tested: {obstacle}");
    false
}
