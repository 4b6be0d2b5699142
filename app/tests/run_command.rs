//! `sockscope run` as somebody meets it who comes from packetdrill: its options, its messages, what it leaves out and says so.

mod folder;

use std::path::Path;
use std::process::{Command, Output};

use folder::Folder;
use sockscope::catalog;

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

/// A script for which nothing would come true is only read; what is wrong with its text is said all the same.
#[test]
fn a_dry_run_only_reads() {
    let dialect = |name: &str| format!("{}/../stack/tests/dialect/{name}.pkt", env!("CARGO_MANIFEST_DIR"));
    let (out, err, code) = said(&[&dialect("dry_run")]);
    let only_read = "ok dry_run (only read, not run)\n1 passed, 0 failed\n";
    assert_eq!((out.as_str(), err.as_str(), code), (only_read, "", 0), "by its own option");
    let chinese = Command::new(PROGRAM).args(["run", "--lang=zh", &dialect("dry_run")]).output().unwrap();
    assert!(String::from_utf8(chinese.stdout).unwrap().starts_with("ok dry_run（只读取，未运行）\n"));

    let (out, _, code) = said(&["--dry_run", &case("bareack")]);
    assert_eq!((out.as_str(), code), ("ok bareack (only read, not run)\n1 passed, 0 failed\n", 0), "from outside");
    for (name, line) in [("window_left_out", 9), ("sctp", 3), ("psp", 2)] {
        let (out, _, code) = said(&["--dry_run", &dialect(name)]);
        assert!(out.starts_with(&format!("FAIL {name}\n")) && out.contains(&format!("{name}.pkt:{line}: ")), "{out}");
        assert_eq!(code, 2, "{name}");
    }

    let folder = Folder::new("dry_run");
    let frames = folder.file("frames.json", "{\"events\": [], \"end\": 0.1}");
    let (out, _, code) = said(&["--dry_run", &frames]);
    assert_eq!(
        (out.as_str(), code),
        ("ok frames (only read, not run)\n1 passed, 0 failed\n", 0),
        "without a recording"
    );
    let hosts = folder.file(
        "hosts.pkt",
        "//@ host a 10.0.0.1/24 02:00:00:00:00:01\n//@ host b 10.0.0.2/24 02:00:00:00:00:02\n//@ on a\n\
         0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 9\n",
    );
    assert_eq!(said(&[&hosts]).2, 1);
    assert_eq!(said(&["--dry_run", &hosts]).2, 0);
}

/// A recording may hold options that packetdrill refuses; what is exported of it is read as packetdrill reads, and passes.
#[test]
fn what_is_exported_of_odd_options_passes() {
    let scene = format!("{}/../stack/tests/golden/passive_open/mss_bad_options.pkt", env!("CARGO_MANIFEST_DIR"));
    let exported = Command::new(PROGRAM).args(["export", &scene, "--format", "pkt"]).output().unwrap().stdout;
    let exported = String::from_utf8(exported).unwrap();
    assert!(exported.contains("<eol,mss 400,eol,eol,eol>\n"), "{exported}");
    let folder = Folder::new("odd_options");
    let (out, _, code) = said(&[&folder.file("odd.pkt", &exported)]);
    assert_eq!((out.lines().last(), code), (Some("1 passed, 0 failed"), 0), "{out}");
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

/// A listener that a peer has reached, as far as the first line of the stack.
const SERVER: &str = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n\
                      +.105 < S 0:0(0) win 8192 <mss 1460>\n";

#[test]
fn packets_that_differ_are_warnings_where_non_fatal_says_so() {
    let folder = Folder::new("non_fatal");
    let text =
        format!("{SERVER}+0 > S. 0:0(0) ack 2 <...>\n+.1 < . 1:1(0) ack 1 win 8192\n+0 accept(3, ..., ...) = 4\n");
    let path = folder.file("packets.pkt", &text);
    let (out, err, code) = said(&[&path]);
    assert!(out.contains("packets.pkt:5: error handling packet: live packet field tcp_ack_seq"), "{out}");
    assert_eq!((err.as_str(), code), ("", 1));
    // On standard error the same three lines, and the script goes on and passes.
    let (out, err, code) = said(&["--non_fatal=packet", &path]);
    let wanted = format!(
        "sockscope: {path}:5: warning handling packet: live packet field tcp_ack_seq: expected: 2 (0x2) vs actual: 1 (0x1)\n\
         script packet:  0.105000 S. 0:0(0) ack 2 <...>\nactual packet:  0.105000 S. 0:0(0) ack 1 win 14335 <mss 512>\n"
    );
    assert_eq!((out.as_str(), err, code), ("ok packets\n1 passed, 0 failed\n", wanted, 0));
    // In the script itself, beside the other word; a packet out of time is one that differs.
    let late = text.replace("+0 > S. 0:0(0) ack 2", "+.5 > S. 0:0(0) ack 1");
    let inside = folder.file("inside.pkt", format!("--non_fatal=packet,syscall\n{late}"));
    let (out, err, code) = said(&[&inside]);
    assert!(err.contains("warning handling packet: timing error"), "{err}");
    assert_eq!((out.as_str(), code), ("ok inside\n1 passed, 0 failed\n", 0));
    // What packetdrill does not forgive either: another length, nothing at all, and the result of a call.
    let length = folder.file("length.pkt", text.replace("> S. 0:0(0)", "> S. 0:9(9)"));
    let nothing = folder.file("nothing.pkt", format!("{text}+0 > P. 1:9(8) ack 1\n"));
    let call = folder.file("call.pkt", text.replace("listen(3, 1) = 0", "listen(3, 1) = -1"));
    for (path, wanted) in [
        (length, "error handling packet: live packet payload: expected 9 bytes vs actual 0 bytes"),
        (nothing, "error handling packet: Timed out waiting for packet"),
        (call, "runtime error in listen call: Expected result -1 but got 0"),
    ] {
        let (out, _, code) = said(&["--non_fatal=packet,syscall", &path]);
        assert!(out.contains(wanted), "{wanted}: {out}");
        assert_eq!(code, 1);
    }
    let (out, _, code) = said(&["--non_fatal=packets", &path]);
    assert!(out.contains("option 'non_fatal' with value 'packets' is not understood"), "{out}");
    assert_eq!(code, 2);
}

#[test]
fn verbose_tells_every_packet_and_call() {
    let folder = Folder::new("verbose");
    let rest = "+0 > S. 0:0(0) ack 1 <...>\n+0...0.1 accept(3, ..., ...) = 4\n+.1 < . 1:1(0) ack 1 win 8192\n+.001 close(4) = 0\n";
    let wanted = "system call:  0.000000 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
        system call:  0.000000 bind(3, ..., ...) = 0\n\
        system call:  0.000000 listen(3, 1) = 0\n\
        inbound injected packet:  0.105000 S 0:0(0) win 8192 <mss 1460>\n\
        outbound sniffed packet:  0.105000 S. 0:0(0) ack 1 win 14335 <mss 512>\n\
        system call:  0.105000...0.205000 accept(3, ..., ...) = 4\n\
        inbound injected packet:  0.205000 . 1:1(0) ack 1 win 8192\n\
        system call:  0.206000 close(4) = 0\n\
        outbound sniffed packet:  0.206000 F. 1:1(0) ack 1 win 14335\n";
    let beside = "(1 packet beside the script: 0.206000 F. 1:1(0) ack 1 win 14335)";
    let path = folder.file("all.pkt", format!("{SERVER}{rest}"));
    for option in ["-v", "--verbose"] {
        let (out, err, code) = said(&[option, &path]);
        assert_eq!((out, err.as_str(), code), (format!("{wanted}ok all {beside}\n1 passed, 0 failed\n"), "", 0));
    }
    let inside = folder.file("inside.pkt", format!("--verbose\n{SERVER}{rest}"));
    assert_eq!(said(&[&inside]).0, format!("{wanted}ok inside {beside}\n1 passed, 0 failed\n"));
    assert_eq!(said(&[&path]).0, format!("ok all {beside}\n1 passed, 0 failed\n"));
}

/// `trace`, `export` and the screen leave out what `run` leaves out, and say so in the same words.
#[test]
fn what_is_not_run_is_named_by_whoever_opens_a_script() {
    let folder = Folder::new("opened");
    let text = "0 `sysctl -q a=1`\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 %{ print(1) }%\n";
    let one = folder.file("one.pkt", text);
    let hosts =
        "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n//@ host B 10.0.0.2/8 02:00:00:00:00:02\n0 `tc qdisc`\n+1 `true`\n";
    let two = folder.file("two.pkt", hosts);
    for (path, what) in [
        (&one, "1 shell command and 1 Python statement (1: sysctl -q a=1; 3: print(1))"),
        (&two, "1 shell command (3: tc qdisc)"),
    ] {
        let wanted = format!("sockscope: {path}: not run here: {what}; the other lines are\n");
        let mut commands =
            vec![vec!["run"], vec!["trace"], vec!["trace", "--proc", "tcp"], vec!["export", "--format", "mermaid"]];
        if path == &one {
            commands.push(vec!["export", "--format", "pkt"]);
        }
        for command in commands {
            let output = Command::new(PROGRAM).args(&command).arg(path).env("LC_ALL", "C").output().unwrap();
            assert_eq!(String::from_utf8(output.stderr).unwrap(), wanted, "{command:?}");
            assert!(output.status.success(), "{command:?}");
        }
        let remark = catalog::scene(Some(Path::new(path))).unwrap().take_remark().expect("it is told");
        assert_eq!(format!("sockscope: {}\n", remark.en), wanted);
        assert!(remark.zh.contains("此处不运行"), "{}", remark.zh);
    }
    let whole = folder.file("whole.pkt", "`true`\n0 `true`\n+0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n");
    assert_eq!(catalog::scene(Some(Path::new(&whole))).unwrap().take_remark(), None);
}

/// The peer allows segments of 0 octets, of which write() then builds one after the other.
const DEATH: &str = "+0 > S. 0:0(0) ack 1 <...>\n+.1 < . 1:1(0) ack 1 win 4096\n+0 accept(3, ..., ...) = 4\n\
                     +.1 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1\n";

#[test]
fn the_death_of_a_kernel_is_told_before_the_call_that_it_cut_off() {
    let folder = Folder::new("death");
    let text = format!("{SERVER}{DEATH}").replace("<mss 1460>", "<mss 0>").replace("+.105", "+.1");
    let story = "the kernel died here: the peer allows segments of 0 octets: tcp_write builds empty segments for ever";
    let path = folder.file("dies.pkt", &text);
    let call = "runtime error in write call: the call never returned\nscript call:    0.300000 write(4, ..., 100) = 100\n\
                actual call:    0.300000 write(4, ..., 100)\n";
    let (out, _, code) = said(&[&path]);
    assert_eq!(out, format!("FAIL dies\n{path}:8: {story}\n{path}:8: {call}0 passed, 1 failed\n"));
    assert_eq!(code, 1);
    let chinese = Command::new(PROGRAM).args(["run", "--lang=zh", &path]).output().unwrap();
    let out = String::from_utf8(chinese.stdout).unwrap();
    assert!(out.contains(":8: 内核在此崩溃：") && !out.contains("the peer allows"), "{out}");
    // Beside a recording a script is held to everything, and told the same first.
    let recorded = folder.file("recorded.pkt", &text);
    folder.file("recorded.trace.jsonl", "");
    let (out, ..) = said(&[&recorded]);
    let (death, never) = (format!(":8: {story}"), ":8: runtime error in write call: the call never returned");
    assert!(out.find(&death).is_some_and(|at| out.find(never).is_some_and(|other| at < other)), "{out}");
    assert!(out.contains(":9: the run ended before this line") && !out.contains("Timed out"), "{out}");
    // One that waits for a packet while the kernel dies is told of the death too, not of the time.
    let held = "+0...0.5 poll([{fd=4, events=POLLIN, revents=0}], 1, 500) = 0\n+.1 write";
    let (out, ..) = said(&[&folder.file("waits.pkt", text.replace("+.1 write", held))]);
    assert!(out.contains(&format!(":10: {story}")) && !out.contains("Timed out"), "{out}");
    assert!(out.contains(":9: runtime error in write call: the call never returned"), "{out}");
}
