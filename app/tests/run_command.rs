//! `sockscope run` as somebody meets it who comes from packetdrill: its options, its messages, what it leaves out and says so.

mod folder;

use std::process::{Command, Output};

use folder::Folder;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).arg("run").arg("--lang=en").args(arguments).output().unwrap()
}

/// Standard output, standard error, exit code.
fn said(arguments: &[&str]) -> (String, String, i32) {
    let output = run(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

fn case(name: &str) -> String {
    format!("{}/../stack/tests/cases/{name}.pkt", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn what_came_beside_a_script_stands_in_its_verdict_and_fails_only_on_demand() {
    let (out, err, code) = said(&[&case("extra")]);
    let beside = "2 packets beside the script: 0.300000 . 1:1(0) ack 2 win 14334; 0.400000 F. 1:1(0) ack 2 win 14335";
    assert_eq!(
        (out.as_str(), err.as_str(), code),
        (format!("ok extra ({beside})\n1 passed, 0 failed\n").as_str(), "", 0)
    );
    let (out, _, code) = said(&["--strict", &case("extra")]);
    assert!(
        out.starts_with("FAIL extra\n") && out.contains("packets beside the script:\nactual packet:  0.300000"),
        "{out}"
    );
    assert_eq!(code, 1);
    let (out, _, code) = said(&["--strict", &case("bom")]);
    assert_eq!((out.as_str(), code), ("ok bom\n1 passed, 0 failed\n", 0));
}

#[test]
fn what_is_not_run_is_named_once() {
    let folder = Folder::new("skipped");
    let path = folder.file(
        "outside.pkt",
        "0 `sysctl -q a=1`\n+0 `../common/defaults.sh\n x`\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
         +0 %{ assert tcpi_reordering == 3\nprint(1) }%\n+0 close(3) = 0\n",
    );
    let (out, err, code) = said(&[&path]);
    assert_eq!((out.as_str(), code), ("ok outside\n1 passed, 0 failed\n", 0));
    assert_eq!(err.lines().count(), 1, "{err}");
    for part in ["2 shell commands and 2 Python statements", "1: sysctl -q a=1", "2: ../common/defaults.sh x"] {
        assert!(err.contains(part), "{part} in {err}");
    }
}

#[test]
fn options_outside_override_those_inside() {
    let folder = Folder::new("options");
    let path = folder.file(
        "options.PKT",
        "--remote_ip=192.0.2.9\n--define=SIZE=9\n--tolerance_usecs=1000000\n0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n\
         +0 sendto(3, ..., SIZE, 0, ..., ...) = SIZE\n+.5 > ipv4 192.168.0.1 > 192.0.2.7 : udp (SIZE)\n",
    );
    let (out, _, code) = said(&[&path]);
    assert!(out.contains("live packet field ipv4_dst_ip: expected: 192.0.2.7 vs actual: 192.0.2.9"), "{out}");
    assert_eq!(code, 1);
    let given = ["--remote_ip=192.0.2.7", "-D", "SIZE=20"];
    let (out, _, code) = said(&[&given[..], &[&path]].concat());
    assert_eq!((out.as_str(), code), ("ok options\n1 passed, 0 failed\n", 0));
    let (out, _, code) = said(&[&given[..], &["--tolerance_usecs=0", "--tolerance_percent=1", &path]].concat());
    let late = "expected outbound packet at 0.500000 sec but happened at 0.000000 sec; tolerance 0.005000 sec";
    assert!(out.contains(late), "{out}");
    assert_eq!(code, 1);
    // A folder has scripts of either spelling, and an option that makes no sense names itself.
    let (out, _, _) = said(&[&given[..], &[folder.0.to_str().unwrap()]].concat());
    assert!(out.starts_with("ok options\n"), "{out}");
    let (out, _, code) = said(&["--mtu=many", &path]);
    assert!(out.contains("option 'mtu' with value 'many' is not understood"), "{out}");
    assert_eq!(code, 2);
}

#[test]
fn messages_have_packetdrills_form() {
    let folder = Folder::new("messages");
    let server = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n\
                  +.1 < S 0:0(0) win 8192 <mss 1460>\n";
    let bad_ack = folder.file("bad_ack.pkt", format!("{server}+0 > S. 0:0(0) ack 2 <...>\n"));
    let (out, _, _) = said(&[&bad_ack]);
    let wanted = format!(
        "FAIL bad_ack\n{bad_ack}:5: error handling packet: live packet field tcp_ack_seq: expected: 2 (0x2) vs actual: 1 (0x1)\n\
         script packet:  0.100000 S. 0:0(0) ack 2 <...>\n\
         actual packet:  0.100000 S. 0:0(0) ack 1 win 14335 <mss 512>\n0 passed, 1 failed\n"
    );
    assert_eq!(out, wanted);
    let missing = folder.file("missing.pkt", format!("{server}+0 > S. 0:0(0) ack 1 <...>\n+9 > . 1:1(0) ack 1\n"));
    let (out, _, _) = said(&[&missing]);
    assert!(out.contains("missing.pkt:6: error handling packet: "), "{out}");
    assert!(out.contains("actual packet:  3.110000 S. 0:0(0) ack 1"), "the next packet of the stack: {out}");
    let result = folder.file("result.pkt", format!("{server}+0 write(3, ..., 5) = 5\n"));
    let (out, _, _) = said(&[&result]);
    assert!(out.contains("result.pkt:5: runtime error in write call: Expected result 5 but got -1 "), "{out}");
}

#[test]
fn comments_in_latin_1_are_comments() {
    let folder = Folder::new("latin");
    let path = folder.file("latin.pkt", b"// M\xfcnster\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
    assert_eq!(said(&[&path]).2, 0);
    let binary = folder.file("binary.pkt", b"\xff\x00\x01");
    assert_eq!(said(&[&binary]).2, 2);
}
