//! What the tests of live mode share, first of all whether this machine can run it at all. The gate demands it (`SOCKSCOPE_LIVE_TESTS=required`); on a
//! developer's machine without /dev/net/tun, user namespaces or the tools, the tests say so and step aside.
#![cfg(unix)]
#![allow(dead_code, reason = "every test binary uses some of it")]

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sockscope::capture;
use sockscope::link::configure::Cidr;
use sockscope::live::namespace::PrivateNamespace;
use sockscope::recording::pcapng::read_journal;
use stack::lab::run::Run;

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
            PrivateNamespace::open_with(&program(), address).err().map(|refusal| refusal.to_string())
        }
    };
    let Some(obstacle) = obstacle else { return true };
    skip(&obstacle);
    false
}

/// Says why a test is not done; where live mode is required, that is a failure.
pub(crate) fn skip(obstacle: &str) {
    let required = std::env::var_os("SOCKSCOPE_LIVE_TESTS").is_some_and(|value| value == "required");
    assert!(!required, "live mode is required here: {obstacle}");
    eprintln!("skipped: {obstacle}");
}

/// Where the program lies that a test started as another user shall use: beside the test's own copy.
const PROGRAM_VARIABLE: &str = "SOCKSCOPE_TEST_PROGRAM";

/// The program under test.
pub(crate) fn program() -> PathBuf {
    std::env::var_os(PROGRAM_VARIABLE).map_or_else(|| env!("CARGO_BIN_EXE_sockscope").into(), PathBuf::from)
}

/// Runs a command in the private network of a session, to its end.
pub(crate) fn inside(session: &str, command: &[&str]) -> Output {
    let mut exec = Command::new(program());
    exec.args(["exec", "--session", session, "--"]).args(command).stdin(Stdio::null()).output().unwrap()
}

/// The run that a recording gives back, and whether the recording was ended in good order.
pub(crate) fn run_of(path: &Path) -> (Run, bool) {
    let recorded = read_journal(&std::fs::read(path).unwrap()).unwrap();
    let complete = recorded.complete;
    let (beginning, journal) = recorded.decode().unwrap();
    let mut run = Run::new(beginning.world(), journal);
    while run.play(1_000) > 0 {}
    (run, complete)
}

/// The frames of a run.
pub(crate) fn frames_of(run: &Run) -> Vec<Vec<u8>> {
    run.frames.iter().map(|frame| frame.sent.bytes.clone()).collect()
}

/// The frames of a recording.
pub(crate) fn recorded_frames(path: &str) -> Vec<Vec<u8>> {
    capture::open(path).unwrap().frames.into_iter().map(|frame| frame.bytes).collect()
}

/// Only root can stand in for another user; anybody else already is the ordinary user of the tests.
pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// Whether everybody may enter a folder, and all above it.
fn is_open(folder: &Path) -> bool {
    let enterable = |part: &Path| part.metadata().is_ok_and(|data| data.permissions().mode() & 0o001 != 0);
    folder.ancestors().all(enterable)
}

/// A folder that every user can reach, with the program and this test in it: the checkout may lie where only root can
/// go. Gone with the value.
pub(crate) struct OpenFolder(PathBuf);

impl OpenFolder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let places = [std::env::temp_dir(), "/tmp".into(), "/var/tmp".into(), "/dev/shm".into()];
        let place = places.into_iter().find(|place| is_open(place)).expect("a folder that every user can enter");
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = place.join(format!("sockscope-open-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o755)).unwrap();
        let new = Self(folder);
        for (from, to) in [(program(), new.program()), (std::env::current_exe().unwrap(), new.test())] {
            if std::fs::hard_link(&from, &to).is_err() {
                std::fs::copy(from, &to).unwrap();
            }
            std::fs::set_permissions(to, std::fs::Permissions::from_mode(0o755)).unwrap();
        }
        new
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.0.join("sockscope")
    }

    pub(crate) fn test(&self) -> PathBuf {
        self.0.join("test")
    }

    /// A command that finds its way from here, whoever runs it.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command
            .current_dir(&self.0)
            .env(PROGRAM_VARIABLE, self.program())
            .env("TMPDIR", self.0.parent().unwrap_or(&self.0))
            .env_remove("XDG_RUNTIME_DIR")
            .env("SOCKSCOPE_LIVE_TESTS", "required");
        command
    }
}

impl Drop for OpenFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
