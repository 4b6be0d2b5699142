//! Scripts nobody meant: golden ones with lines lost, doubled, exchanged, and numbers replaced. Whatever they ask for,
//! the run ends without a panic and twice the same.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use stack::lab::conformance::{Reading, compare, run_script};
use stack::lab::script::parse;

fn golden_scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let groups = fs::read_dir(root).unwrap().map(|group| group.unwrap().path()).filter(|path| path.is_dir());
    let files = groups.flat_map(|group| fs::read_dir(group).unwrap().map(|file| file.unwrap().path()));
    let mut found: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "pkt")).collect();
    found.sort();
    found
}

/// A change to a script.
#[derive(Clone, Debug)]
enum Change {
    Drop(usize),
    Double(usize),
    Exchange(usize, usize),
    Number(usize, usize, String),
    Letter(usize, usize, char),
    Insert(usize, &'static str),
}

/// Lines that ask for what hardly anybody means.
const ODD: [&str; 18] = [
    "* > . 1:1(0) ack 1",
    "+0~+5 > S. 4294967295:4294967295(0) ack 7",
    "+99999 > F. 1:1(0) ack 1",
    "+0 > . 1:65001(65000) ack 1",
    "+0 < S 4294967295:4294967295(0) win 1",
    "+0 < S. 77:77(0) ack 4294967295 win 5",
    "+0 < udp (9)",
    "+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 2147483647",
    "+0 fcntl(3, F_DUPFD, 9) = 99",
    "+0 select(99999, {7,8,9}, {3}, NULL, [0]) = 0 <{}, {}, NULL, [0]>",
    "+0 poll([{fd=3, events=POLLIN, revents=0}, {fd=-1, events=POLLOUT, revents=0}], 2, 7) = 1",
    "+0...2 poll([{fd=255, events=65535, revents=0}, {fd=4}], 99, -9) = 0",
    "+0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{\"ab\", 1}, {..., 4000000}], msg_flags=0}, 0) = 3",
    "+0 readv(4, [{..., -5}, {..., 9999999999}], 2) = 4",
    "+0 recvmsg(3, {msg_iov=[]}, 0) = 1",
    "+0 %{ assert tcpi_rto == 99999999999999999999; assert tcpi_state == TCP_X and tcpi_unacked < 3 }%",
    "+0 `echo \\` x`",
    "+0 write(4, \"\\\"\\n\", 1) = 1",
];

fn change() -> impl Strategy<Value = Change> {
    let numbers =
        ["0", "1", "2", "3", "4", "5", "63", "100", "511", "512", "1460", "3000", "8080", "40001", "65535", "70000"];
    prop_oneof![
        (0usize..60).prop_map(Change::Drop),
        (0usize..60).prop_map(Change::Double),
        (0usize..60, 0usize..60).prop_map(|(a, b)| Change::Exchange(a, b)),
        (0usize..60, 0usize..8, prop::sample::select(numbers.to_vec()))
            .prop_map(|(line, which, number)| Change::Number(line, which, number.to_owned())),
        (0usize..60, 0usize..30, prop::sample::select(vec!['S', 'F', 'R', 'P', '.', 'U', '<', '>']))
            .prop_map(|(line, at, letter)| Change::Letter(line, at, letter)),
        (0usize..60, prop::sample::select(ODD.to_vec())).prop_map(|(line, text)| Change::Insert(line, text)),
    ]
}

fn apply(lines: &mut Vec<String>, change: &Change) {
    let count = lines.len().max(1);
    match change {
        Change::Drop(line) if lines.len() > 1 => {
            lines.remove(line % count);
        }
        Change::Double(line) => {
            let again = lines[line % count].clone();
            lines.insert(line % count, again);
        }
        Change::Exchange(a, b) => lines.swap(a % count, b % count),
        Change::Number(line, which, number) => {
            let text = lines[line % count].clone();
            lines[line % count] = with_number(&text, *which, number);
        }
        Change::Letter(line, at, letter) => {
            let mut letters: Vec<char> = lines[line % count].chars().collect();
            let at = at % letters.len().max(1);
            if let Some(place) = letters.get_mut(at) {
                *place = *letter;
            }
            lines[line % count] = letters.into_iter().collect();
        }
        Change::Insert(line, text) => lines.insert(line % count, (*text).to_owned()),
        Change::Drop(_) => {}
    }
}

/// The text with its n-th run of digits replaced; a range of sequence numbers keeps its length where it can.
fn with_number(text: &str, which: usize, number: &str) -> String {
    let mut out = String::new();
    let mut seen = 0;
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let length = rest[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - start);
        out.push_str(&rest[..start]);
        out.push_str(if seen == which { number } else { &rest[start..start + length] });
        seen += 1;
        rest = &rest[start + length..];
    }
    out.push_str(rest);
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_change_to_a_script_runs_to_an_end(which in 0usize..173, changes in prop::collection::vec(change(), 1..5)) {
        let path = golden_scripts().swap_remove(which);
        let text = fs::read_to_string(path).unwrap();
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for change in &changes {
            apply(&mut lines, change);
        }
        let text = lines.join("\n");
        let Ok(script) = parse(&text) else { return Ok(()) };
        for reading in [Reading::Recorded, Reading::Packetdrill] {
            let Ok(run) = run_script(&script, reading) else { continue };
            let again = run_script(&script, reading).unwrap();
            prop_assert_eq!(&run.records, &again.records);
            prop_assert!(run.kernel == again.kernel, "two runs leave different kernels");
            // What was written down is a script that says the same when it is run itself.
            if run.oops.is_none() && run.script.to_string().find("arp-out").is_none() {
                let _ = compare(&script, &run);
            }
        }
    }
}
