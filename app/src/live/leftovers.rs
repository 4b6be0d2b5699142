//! What the program has started in its private network and was killed over, so that it could not end it: the holder does it
//! then. Promise: a command ends with everything that it has started, whatever privileges it has gained on the way, is
//! asked first, and no process is taken for another that had its number.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::register::{Identity, Stat};

/// How long a process may take to end when it is asked to.
const PATIENCE: Duration = Duration::from_secs(1);

/// Ends these processes and all that descend from them.
pub fn end(roots: &[Identity]) {
    let living: Vec<Identity> = roots.iter().copied().filter(|root| root.is_alive()).collect();
    if living.is_empty() {
        return;
    }
    let mut left = descendants(&living);
    ask(&left, Signal::TERM);
    let begin = Instant::now();
    while begin.elapsed() < PATIENCE {
        left.retain(|process| process.is_alive());
        if left.is_empty() {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    ask(&left, Signal::KILL);
}

fn ask(processes: &[Identity], signal: Signal) {
    for process in processes.iter().filter(|process| process.is_alive()) {
        if let Some(number) = Pid::from_raw(process.process.cast_signed()) {
            // Somebody else's, such as a command that has changed its user, cannot be ended by us.
            let _ = kill_process(number, signal);
        }
    }
}

/// The roots and everything below them, as the machine's table of processes shows it now.
fn descendants(roots: &[Identity]) -> Vec<Identity> {
    let mut children: BTreeMap<u32, Vec<Identity>> = BTreeMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let number = entry.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(process) = number
            && let Ok(stat) = Stat::of(process)
        {
            children.entry(stat.parent).or_default().push(Identity { process, started: stat.started });
        }
    }
    let mut found = roots.to_vec();
    let mut at = 0;
    while let Some(parent) = found.get(at).map(|process| process.process) {
        found.extend(children.remove(&parent).unwrap_or_default());
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_command_ends_with_what_it_has_started_and_a_stranger_lives_on() {
        let start = |script: &str| Command::new("sh").args(["-c", script]).stdout(Stdio::null()).spawn().unwrap();
        // The first does not go when it is asked.
        let mut deaf = start("trap '' TERM; while :; do sleep 0.1; done");
        let mut nested = start("sleep 100 & sleep 100; true");
        let mut stranger = start("sleep 100; true");
        let identity = |child: &std::process::Child| Identity::of(child.id()).unwrap();
        let (roots, other) = ([identity(&deaf), identity(&nested)], identity(&stranger));
        let begin = Instant::now();
        while descendants(&roots).len() < 5 {
            assert!(begin.elapsed() < Duration::from_secs(20), "they do not come up");
        }
        let below = descendants(&roots);
        let recycled = Identity { started: other.started + 1, ..other };
        end(&[roots[0], roots[1], recycled]);
        // A process that is killed takes a moment to die.
        while below.iter().any(|process| process.is_alive()) {
            assert!(begin.elapsed() < Duration::from_secs(20), "they live on");
        }
        assert!(other.is_alive());
        deaf.wait().unwrap();
        nested.wait().unwrap();
        stranger.kill().unwrap();
        stranger.wait().unwrap();
    }
}
