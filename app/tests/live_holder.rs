//! Whose a live session is: its name among all others, the network that its command gets, what becomes of that command when
//! the program is killed, what is left of root on a device of the host, and which addresses it takes.

#![cfg(live)]

mod live_support;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use live_support::{is_possible, is_root, program, skip};
use sockscope::live::register::Identity;

fn live(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.arg("live").args(arguments).env("LC_ALL", "C").stdin(Stdio::null());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A runtime directory that no session has used.
struct Runtime(PathBuf);

impl Runtime {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sockscope-runtime-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that is ended with the test.
struct Running(Child);

impl Running {
    /// Starts it and waits for a line on one of its streams.
    fn start(command: &mut Command, wanted: &str) -> (Self, String) {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let streams: [Box<dyn Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        let running = Self(child);
        let (sender, receiver) = std::sync::mpsc::channel();
        for stream in streams {
            let sender = sender.clone();
            // Reads on to the end, so that the other side never meets a closed pipe.
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    let _ = sender.send(line);
                }
            });
        }
        drop(sender);
        let mut said = Vec::new();
        loop {
            let line = receiver.recv_timeout(Duration::from_secs(30)).unwrap_or_else(|_| panic!("it said {said:?}"));
            if line.contains(wanted) {
                return (running, line);
            }
            said.push(line);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !condition() {
        assert!(begin.elapsed() < Duration::from_secs(20), "still waiting: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The name in `Linux 1.2.13 is at 10.0.0.2 (session live). Try: ...`.
fn name(line: &str) -> String {
    line.split_once("(session ").and_then(|(_, rest)| rest.split_once(')')).unwrap().0.to_owned()
}

#[test]
fn names_are_unique_over_all_runtime_directories() {
    if !is_possible() {
        return;
    }
    let places = [Runtime::new("one"), Runtime::new("two")];
    let start = |place: Option<&Runtime>| {
        let mut command = live(&["--headless", "--for", "60"]);
        match place {
            Some(place) => command.env("XDG_RUNTIME_DIR", &place.0),
            None => command.env_remove("XDG_RUNTIME_DIR"),
        };
        let (session, line) = Running::start(&mut command, "Linux 1.2.13 is at");
        (session, name(&line))
    };
    let sessions = [start(Some(&places[0])), start(Some(&places[1])), start(None)];
    let mut names: Vec<&String> = sessions.iter().map(|(_, name)| name).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 3, "{names:?}");
    // Whoever sees two of the places finds each session by its name.
    for (_, name) in [&sessions[0], &sessions[2]] {
        let exec = ["exec", "--session", name, "--", "sh", "-c", "echo $SOCKSCOPE_SESSION"];
        let output = Command::new(program()).args(exec).env("XDG_RUNTIME_DIR", &places[0].0).output().unwrap();
        assert_eq!(text(&output.stdout).trim(), name, "{}", text(&output.stderr));
    }
}

#[test]
fn a_command_gets_the_network_of_its_own_session() {
    if !is_possible() {
        return;
    }
    let place = Runtime::new("own");
    let mut other = live(&["--headless", "--for", "60"]);
    let (_other, _) = Running::start(other.env("XDG_RUNTIME_DIR", &place.0), "Linux 1.2.13 is at");
    let ends = ["--address", "10.77.0.2/24", "--peer", "10.77.0.1/24"];
    let script = "cat /proc/net/fib_trie | grep -c 10.77.0.1; curl -s --max-time 20 http://10.77.0.2/";
    let mut own = live(&[&ends[..], &["--", "sh", "-c", script]].concat());
    let output: Output = own.env("XDG_RUNTIME_DIR", &place.0).output().unwrap();
    assert!(text(&output.stdout).contains("It is 1995"), "{} {}", text(&output.stdout), text(&output.stderr));
    // Asked by a session that is gone, it does not take another of that name.
    let gone = ["exec", "--session", "live", "--holder", "1:1", "--", "true"];
    let output = Command::new(program()).args(gone).env("LC_ALL", "C").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no live session named \"live\""), "{}", text(&output.stderr));
}

/// Kills the program and waits until everybody on the line `up PID PID...` is gone.
fn kill_and_wait(command: &mut Command) {
    let (mut session, line) = Running::start(command, "up ");
    let numbers = line.split_whitespace().skip(1).map(|number| number.parse::<u32>().unwrap());
    let processes: Vec<Identity> = numbers.map(|number| Identity::of(number).unwrap()).collect();
    assert!(!processes.is_empty() && processes.iter().all(|process| process.is_alive()));
    session.0.kill().unwrap();
    session.0.wait().unwrap();
    wait_until("the command ends", || processes.iter().all(|process| !process.is_alive()));
}

#[test]
fn sigkill_of_the_program_ends_its_command_and_what_that_has_started() {
    if !is_possible() {
        return;
    }
    kill_and_wait(&mut live(&["--", "sh", "-c", "sleep 300 & echo up $$ $!; sleep 301; true"]));
    let deaf = "trap '' TERM; echo up $$; while :; do sleep 0.2; done";
    kill_and_wait(&mut live(&["--", "sh", "-c", deaf]));
}

/// `live --tap` in a network namespace of its own, by root.
fn on_a_device(arguments: &[&str]) -> Option<Command> {
    if !is_root() {
        skip("only root can make a device of the host");
        return None;
    }
    if !is_possible() {
        return None;
    }
    let mut command = Command::new("unshare");
    command.args(["--net", "--"]).arg(program()).args(["live", "--tap", "tap7"]).args(arguments);
    command.env("LC_ALL", "C").env_remove("SUDO_UID").env_remove("SUDO_GID").stdin(Stdio::null());
    Some(command)
}

#[test]
fn sigkill_ends_the_command_on_a_device_of_the_host_too() {
    let Some(mut command) = on_a_device(&["--", "sh", "-c", "echo up $$; while :; do sleep 0.2; done"]) else { return };
    kill_and_wait(&mut command);
}

/// The fields of /proc/PID/status by name.
fn status(process: u32) -> impl Fn(&str) -> String {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    move |field: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
        line.unwrap_or("missing").split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn nothing_of_root_is_left_once_the_device_is_open() {
    for (sudo, expected) in [(Some(("1234", "2345")), ("1234", "2345")), (None, ("65534", "65534"))] {
        let Some(mut command) = on_a_device(&["--headless", "--for", "60"]) else { return };
        if let Some((user, group)) = sudo {
            command.env("SUDO_UID", user).env("SUDO_GID", group);
        }
        let (session, _) = Running::start(&mut command, "Linux 1.2.13 is at");
        let status = status(session.0.id());
        let four = |number: &str| [number; 4].join(" ");
        assert_eq!((status("Uid"), status("Gid")), (four(expected.0), four(expected.1)));
        assert_eq!(status("Groups"), "");
        for set in ["CapInh", "CapPrm", "CapEff", "CapAmb"] {
            assert_eq!(status(set), "0000000000000000", "{set}");
        }
    }
}

#[test]
fn a_recording_of_root_is_still_made_where_root_may() {
    let folder = Runtime::new("record");
    let path = folder.0.join("talk.pcapng");
    let Some(mut command) = on_a_device(&["--headless", "--for", "1", "--record", path.to_str().unwrap()]) else {
        return;
    };
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(fs::metadata(path).is_ok_and(|data| data.len() > 0));
}

#[test]
fn an_address_that_no_host_can_have_is_refused_in_one_sentence() {
    for (address, peer, why) in [
        ("10.0.0.255/24", "10.0.0.1/24", "broadcast"),
        ("10.0.0.2/24", "10.0.0.0/24", "the network itself"),
        ("127.0.0.2/8", "127.0.0.1/8", "loopback"),
        ("10.0.0.2/24", "239.1.1.1/24", "multicast"),
        ("10.0.0.2/24", "10.0.0.2/24", "different addresses"),
        ("10.0.1.2/24", "10.0.0.1/24", "different networks"),
    ] {
        let output = live(&["--address", address, "--peer", peer, "--for", "1"]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{address} {peer}: {said}");
        assert!(said.contains(why) && said.lines().count() == 1, "{said}");
    }
}
