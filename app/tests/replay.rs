//! `sockscope replay` from the outside: what it prints, to where, and with which exit code.

use std::path::Path;
use std::process::{Command, Output};

fn capture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures").join(name).to_str().unwrap().to_owned()
}

fn replay(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    command.arg("replay").args(arguments).env("LC_ALL", "C").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// One clear line on standard error and exit code 2.
fn assert_refused(arguments: &[&str], words: &str) -> Output {
    let output = replay(arguments);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains(words), "{said}");
    output
}

#[test]
fn several_connections_are_listed_and_one_is_asked_for() {
    let output = assert_refused(&[&capture("rst.pcap")], "--as");
    let listing = text(&output.stdout);
    assert!(listing.contains("1  10.8.0.1:49354 -> 10.8.0.2:4444  2 frames"), "{listing}");
    assert!(listing.contains("2  10.8.0.1:41334 -> 10.8.0.2:5555  6 frames, 300 bytes"), "{listing}");
}

#[test]
fn what_cannot_be_replayed_is_said_in_one_line() {
    assert_refused(&["/no/such/file"], "cannot be read");
    assert_refused(&[concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")], "is not a capture");
    let output = assert_refused(&[&capture("arp_ping_udp.pcap")], "no IPv4 TCP connection");
    assert!(text(&output.stdout).contains("UDP: "), "{}", text(&output.stdout));
    assert_refused(&[&capture("http_sll2.pcap")], "no IPv4 TCP connection");
    assert_refused(&[&capture("simclose.pcap"), "--as", "nobody"], "is no address");
    assert_refused(&[&capture("simclose.pcap"), "--as", "1.2.3.4"], "no connection of the capture fits");
    assert_refused(&[&capture("simclose.pcap"), "--connection", "7"], "no connection of the capture fits");
}

#[test]
fn a_truncated_capture_is_replayed_as_far_as_it_goes() {
    let whole = std::fs::read(capture("simclose.pcap")).unwrap();
    let path = std::env::temp_dir().join(format!("sockscope-cut-{}.pcap", std::process::id()));
    std::fs::write(&path, &whole[..whole.len() - 10]).unwrap();
    let output = replay(&[path.to_str().unwrap()]);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("truncated after frame 10"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("The captured end sent 3 frames"), "{}", text(&output.stdout));
}
