//! Commands that a person starts beside a live session: run by a shell inside the private network, their output brought
//! back to whoever listens. Whatever still runs when the session ends is ended with it.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process_group};

use super::namespace::Entrance;
use crate::outside::{Notify, Outside};

/// The most that is kept of what a command says, in bytes.
const MOST: u64 = 64 * 1024;

/// The commands of a session.
#[derive(Debug)]
pub struct Commands {
    entrance: Entrance,
    started: Vec<Pid>,
}

impl Commands {
    /// Commands for the private network of a session.
    #[must_use]
    pub fn new(entrance: Entrance) -> Self {
        Self { entrance, started: Vec::new() }
    }

    /// Starts a line of shell; what it says comes as [`Outside::Said`].
    ///
    /// # Errors
    /// The process cannot be started.
    pub fn start(&mut self, line: &str, notify: Notify) -> io::Result<()> {
        let mut command = self.entrance.command(OsStr::new("sh"));
        command
            .args(["-c", &format!("exec 2>&1; {line}")])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0);
        let mut child = self.entrance.start(&mut command)?;
        let group = Pid::from_raw(child.id().cast_signed());
        self.started.extend(group);
        let line = line.to_owned();
        std::thread::Builder::new().name("command".to_owned()).spawn(move || {
            let mut said = Vec::new();
            if let Some(output) = child.stdout.take() {
                // What could be read before a failure is worth showing too.
                let _read = output.take(MOST).read_to_end(&mut said);
            }
            let _ended = group.map(|group| kill_process_group(group, Signal::TERM));
            let status = child.wait().ok().and_then(|status| status.code());
            let text = String::from_utf8_lossy(&said).into_owned();
            let _gone = notify(Outside::Said { line, text, status });
        })?;
        Ok(())
    }
}

impl Drop for Commands {
    fn drop(&mut self) {
        for group in &self.started {
            // One that has ended long ago is no longer there.
            let _gone = kill_process_group(*group, Signal::TERM);
        }
    }
}
