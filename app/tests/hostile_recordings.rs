//! A recording is a stranger's file. One that asks for a world that no machine holds, or for centuries, is refused in one
//! sentence before anything is run; and no name in it reaches a terminal as it is, whatever prints it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};
use sockscope::recording::journal::encode_beginning;
use sockscope::recording::pcapng::{RecordedInterface, Recorder};
use stack::include::config::Config;
use stack::lab::beginning::Beginning;
use stack::link::wire::WireConfig;

/// What drives a terminal: a title by OSC, a colour by C1, and text that runs the other way.
const EVIL: &str = "\u{1b}]0;own\u{7}\u{9b}31m\u{202e}A";
/// Microseconds at which the hosts are switched on, and those until the end.
const SWITCHED_ON: u64 = 10_000_000;

/// A recording of these lines, as a file that goes when it is dropped.
struct Recording(PathBuf);

impl Recording {
    fn new(name: &str, lines: &[Value]) -> Self {
        let path = std::env::temp_dir().join(format!("sockscope-hostile-{}-{name}.pcapng", std::process::id()));
        let interface = RecordedInterface { name: "A.eth0".to_owned(), hardware_address: [2, 0, 0, 0, 0, 1] };
        let mut recorder = Recorder::new(Vec::new(), &[interface]).unwrap();
        for line in lines {
            recorder.journal(format!("{line}\n").as_bytes());
        }
        fs::write(&path, recorder.finish().unwrap()).unwrap();
        Self(path)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = limited(env!("CARGO_BIN_EXE_sockscope"));
        command.args(arguments).arg(&self.0).env("LC_ALL", "C").env("TERM", "xterm-256color");
        command.output().unwrap()
    }
}

/// A program that may take one GiB of memory and ten seconds of the processor: a release takes a hundredth of that.
#[cfg(unix)]
fn limited(program: &str) -> Command {
    let mut command = Command::new("sh");
    // Where a system knows no such limit the other one holds.
    let limits = "ulimit -t 10 2>&-; ulimit -v 1048576 2>&-; exec \"$0\" \"$@\"";
    command.args(["-c", limits, program]);
    command
}

/// The program: where there is no `sh` nothing holds it.
#[cfg(not(unix))]
fn limited(program: &str) -> Command {
    Command::new(program)
}

impl Drop for Recording {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The first line of a world of so many hosts.
fn beginning(hosts: usize) -> Value {
    let host = |number: usize| {
        let config = Config { first_jiffy: (SWITCHED_ON / 10_000) as u32, ..Config::of_host((number % 250) as u8 + 1) };
        (format!("{EVIL}{number}"), config)
    };
    let world = Beginning { hosts: (0..hosts).map(host).collect(), wire: Some(WireConfig::default()) };
    serde_json::from_str(&encode_beginning(&world)).unwrap()
}

fn repeated(value: &Value, count: usize) -> Value {
    Value::Array(vec![value.clone(); count])
}

fn call(arguments: &Value, planned: &Value) -> Value {
    json!({
        "t": SWITCHED_ON + 1, "act": "call", "host": 0, "pid": 7, "planned": planned,
        "call": { "name": "socket", "args": arguments },
    })
}

#[test]
fn what_no_machine_holds_is_refused_in_one_sentence() {
    let horizon = |end: u64| json!({ "horizon": end });
    let ticks =
        json!({ "t": SWITCHED_ON, "act": "input", "host": 0, "input": { "input": "ticks", "ticks": u32::MAX } });
    let planned = json!({ "point": "kmalloc", "function": null, "nth": 1, "arrival": { "ticks": 1 << 20 } });
    let with = |member: &str, count: usize| {
        let mut line = beginning(1);
        let list = &mut line["hosts"][0]["config"][member];
        let entry = if member == "interfaces" { list[0].clone() } else { json!([167_772_417, "020000000002"]) };
        *list = repeated(&entry, count);
        line
    };
    let mut routes = beginning(1);
    let route = json!({
        "destination": 0, "mask": 0, "gateway": 167_772_417, "interface": 0, "mss": null, "window": null,
    });
    routes["hosts"][0]["config"]["routes"] = repeated(&route, 4_096);
    let mut endless = routes.clone();
    endless["hosts"][0]["config"]["routes"] = repeated(&route, 100_000);
    let none = json!([]);
    let cases = [
        ("horizon", vec![beginning(1), horizon(42_949_672_950_000)], "line 2", "days"),
        ("eternity", vec![beginning(1), horizon(1_000_000_000_000_000_000)], "line 2", "damaged"),
        ("hosts", vec![beginning(40)], "line 1", "hosts"),
        ("crowd", vec![beginning(2_000)], "line 1", ""),
        ("interfaces", vec![with("interfaces", 255)], "line 1", "interfaces"),
        ("routes", vec![routes], "line 1", "routes"),
        ("maze", vec![endless], "line 1", "MiB in a line"),
        ("arp", vec![with("arp", 4_096)], "line 1", "ARP"),
        ("ticks", vec![beginning(1), ticks], "line 2", "days"),
        ("planned", vec![beginning(1), call(&none, &repeated(&planned, 2))], "line 2", "ticks"),
        ("buffers", vec![beginning(1), call(&repeated(&json!({ "out": 1 << 22 }), 200), &none)], "line 2", "MiB"),
        ("calls", [vec![beginning(1)], vec![call(&none, &none); 5_000]].concat(), "line 4098", "socket()"),
    ];
    for (name, mut lines, place, word) in cases {
        lines.push(horizon(SWITCHED_ON + 5_000_000));
        let output = Recording::new(name, &lines).run(&["trace"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len(), said.lines().count()),
            (Some(2), 0, 1),
            "{name}: {said}"
        );
        assert!(said.contains(place) && said.contains(word), "{name}: {said}");
    }
}

/// Whether a text that is shown could drive or mislead a terminal.
fn acts(character: char) -> bool {
    character.is_control() && character != '\n' || ('\u{202a}'..='\u{202e}').contains(&character)
}

#[test]
fn no_name_of_a_recording_reaches_a_terminal_as_it_is() {
    let at = |time: u64, act: Value| {
        let mut line = json!({ "t": SWITCHED_ON + time });
        line.as_object_mut().unwrap().extend(act.as_object().unwrap().clone());
        line
    };
    let lines = [
        beginning(2),
        at(10_000, json!({ "act": "start", "host": 1, "program": { "echo": 7 } })),
        at(
            20_000,
            json!({
                "act": "start", "host": 0, "program": { "client": [0x0a00_0002, 7], "text": "1b5d303b6f776e079b31" },
            }),
        ),
        at(30_000, json!({ "act": "mark", "name": EVIL })),
        json!({ "horizon": SWITCHED_ON + 2_000_000 }),
    ];
    let recording = Recording::new("names", &lines);
    let exports = ["mermaid", "text", "svg", "cast"].map(|format| vec!["export", "--format", format]);
    let traces = [vec!["trace"], vec!["trace", "--tree"], vec!["trace", "--drops"], vec!["trace", "--proc", "tcp"]];
    for arguments in traces.into_iter().chain(exports) {
        let output = recording.run(&arguments);
        let shown = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(shown.lines().find(|line| line.contains(acts)), None, "{arguments:?}");
        // A film of the screen is made of escapes of our own, written as JSON; none of them sets a title.
        assert!(!shown.contains("\\u001b]"), "{arguments:?}");
        if arguments.len() < 3 && !arguments.contains(&"--drops") {
            assert!(shown.contains("␛]0;own␇⟨009B⟩31m⟨202E⟩A"), "{arguments:?}: {shown}");
        }
    }
}
