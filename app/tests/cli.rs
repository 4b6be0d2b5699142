//! The program as a stranger meets it: every kind of bad input gives one sentence on standard error, nothing on standard
//! output and the exit code of the one table; what is written is complete or refused; what is exported opens again.

mod folder;
mod pseudo_terminal;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use folder::{Folder, NOWHERE};
use portable_pty::CommandBuilder;
use pseudo_terminal::OnScreen;
use sockscope::capture::FrameDirection;
use sockscope::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");
/// The commands that open the screen.
const SCREENS: [&[&str]; 4] = [&[], &["lab"], &["lesson", "handshake"], &["lesson", "1"]];

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(arguments).stdin(Stdio::null()).env("TERM", "xterm-256color");
    for name in ["LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG", "NO_COLOR", "COLORTERM"] {
        command.env_remove(name);
    }
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// One clear line on standard error, nothing that drives a terminal, and the exit code.
fn one_line(output: &Output, code: i32, words: &str) {
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.starts_with("sockscope: ") && said.contains(words), "{said:?} lacks {words:?}");
    assert!(!said.trim_end().contains(char::is_control), "{said:?}");
}

/// The same, and nothing on standard output.
fn refused(arguments: &[&str], words: &str) {
    let output = run(arguments);
    one_line(&output, 2, words);
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
}

fn asset(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures").join(name).to_str().unwrap().to_owned()
}

const LISTEN: &str = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n";
const HANDSHAKE: &str = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+0 < S 0:0(0) win 1000 <mss 1000>
+0 > S. 0:0(0) ack 1 <...>
+.1 < . 1:1(0) ack 1 win 1000
+0 accept(3, ..., ...) = 4
";
const TWO_HOSTS: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01
//@ host B 10.0.0.2/8 02:00:00:00:00:02
//@ wire delay 5ms
//@ program B httpd 80
//@ drop 3
+0.10 `true`
//@ program A get 10.0.0.2 80
+70 `true`
";

#[test]
fn what_is_no_capture_is_said_in_one_line() {
    let folder = Folder::new("capture");
    let noise = folder.file("noise.pcap", [0xd5; 300]);
    let empty = folder.file("empty.pcap", "");
    let cut = folder.file("cut.pcap", &fs::read(asset("simclose.pcap")).unwrap()[..20]);
    let no_gzip = folder.file("no.pcap.gz", [0x1f, 0x8b, b'n', b'o', b'p', b'e']);
    let a_folder = folder.path("");
    let missing = folder.path("missing.pcap");
    for (path, words) in [
        (&noise, "is not a capture"),
        (&empty, "is empty"),
        (&cut, "header is cut or broken"),
        (&no_gzip, "cannot be unpacked"),
        (&a_folder, "cannot be read"),
        (&missing, "cannot be read"),
    ] {
        refused(&["replay", path], words);
        refused(&["replay", "--headless", "--json", path], words);
    }
    for command in ["trace", "export"] {
        for (path, words) in [
            (&noise, "is not a text file"),
            (&empty, "is empty"),
            (&cut, "header is cut or broken"),
            (&no_gzip, "cannot be unpacked"),
            (&a_folder, "cannot be read"),
            (&missing, "cannot be read"),
        ] {
            let more: &[&str] = if command == "export" { &["--format", "mermaid"] } else { &[] };
            refused(&[&[command, path.as_str()], more].concat(), words);
        }
    }
}

#[test]
fn a_cut_capture_is_replayed_as_far_as_it_goes_and_says_so() {
    let folder = Folder::new("cut");
    let whole = fs::read(asset("simclose.pcap")).unwrap();
    let cut = folder.file("cut.pcap", &whole[..whole.len() - 10]);
    let output = run(&["replay", "--headless", &cut]);
    one_line(&output, 0, "cut.pcap");
    assert!(text(&output.stdout).contains("in the place of"), "{}", text(&output.stdout));
}

#[test]
fn a_script_is_refused_with_its_line() {
    let folder = Folder::new("script");
    let seventh = folder.file("seventh.pkt", format!("{LISTEN}\n\n\n+0 < S 0:0(0 win 100\n"));
    let victim = folder.file("victim", "");
    let shell = folder.file("shell.pkt", format!("{LISTEN}+0 `rm -f {victim}`\n"));
    let ran = run(&["run", &shell]);
    assert_eq!(ran.status.code(), Some(0), "{}", text(&ran.stdout));
    assert!(text(&ran.stderr).contains("shell.pkt: not run here: 1 shell command ("), "{}", text(&ran.stderr));
    let nothing = folder.file("nothing.pkt", "");
    let blank = folder.file("blank.pkt", "\n// a remark\n\n");
    for (path, words) in [(&seventh, "seventh.pkt:7: expected ')'"), (&nothing, "is empty"), (&blank, "is empty")] {
        refused(&["trace", path], words);
        refused(&["export", path, "--format", "text"], words);
        refused(&["export", path, "--format", "pkt"], words);
        let output = run(&["run", path]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("FAIL ") && said.contains(words) && said.ends_with("0 passed, 1 failed\n"), "{said}");
        assert_eq!(text(&output.stderr), "");
    }
    assert!(Path::new(&victim).exists(), "a script ran a shell command");
    refused(&["run", &folder.path("missing")], "cannot be read");
    let hollow = folder.file("hollow/readme.txt", "no scene");
    refused(&["run", Path::new(&hollow).parent().unwrap().to_str().unwrap()], "there is no scene here");
}

#[cfg(unix)]
#[test]
fn a_scene_without_end_is_not_read_for_ever() {
    let output = run(&["run", "/dev/zero"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stdout).contains("more than"), "{}", text(&output.stdout));
    refused(&["trace", "/dev/zero"], "more than");
}

#[test]
fn scenes_that_differ_are_no_usage_error() {
    let folder = Folder::new("differ");
    let wrong = folder.file("wrong.pkt", HANDSHAKE.replace("S. 0:0(0) ack 1", "S. 0:0(0) ack 2"));
    let output = run(&["run", &wrong]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("wrong.pkt:5: "), "{}", text(&output.stdout));
    assert_eq!(run(&["run", &folder.file("right.pkt", HANDSHAKE)]).status.code(), Some(0));
}

#[test]
fn a_lesson_is_refused_with_its_place() {
    let folder = Folder::new("lesson");
    refused(&["lesson", "nosuch"], "there is no lesson \"nosuch\": choose one of 01-gate");
    refused(&["lesson", "check", &folder.path("missing")], "cannot be read");
    refused(&["lesson", "check", &folder.path("")], "holds no lesson");
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("../lessons/content/01-gate");
    for entry in fs::read_dir(content).unwrap().flatten() {
        let name = entry.file_name().into_string().unwrap();
        let content = fs::read_to_string(entry.path()).unwrap();
        let content = if name == "lesson.toml" { format!("colour = 7\n{content}") } else { content };
        folder.file(&format!("01-gate/{name}"), content);
    }
    let lesson = folder.path("01-gate");
    let output = run(&["lesson", "check", &lesson]);
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stdout);
    assert!(said.contains("FAIL 01-gate") && said.contains("lesson.toml:1") && said.contains("colour"), "{said}");
    let output = run(&["lesson", &lesson, "--print"]);
    one_line(&output, 2, "lesson.toml:1");
    assert!(text(&output.stderr).contains("colour"));
}

#[test]
fn options_that_make_no_sense_are_one_line_with_the_way_to_the_examples() {
    refused(&["bogus"], "unrecognized subcommand 'bogus'");
    refused(&["replay"], "<FILE>; examples: sockscope replay --help");
    refused(&["replay", "--bogus", "x"], "unexpected argument '--bogus' found");
    refused(&["run", "--lang", "tlh", "x"], "invalid value 'tlh' for '--lang <LANG>'");
    refused(&["export", "x"], "--format <FORMAT>");
    refused(&["export", "x", "--format", "gif"], "possible values: pcapng, svg, mermaid, text, cast, pkt");
    refused(&["trace", "--tree", "--drops"], "cannot be used with");
    refused(&["lab", "--theme", "plaid"], "choose dark, light, high-contrast or mono");
    refused(&["lab", "--lang", "tlh"], "choose en or zh");
    refused(&["completions", "tcsh"], "possible values: bash");
    if cfg!(live) {
        refused(&["live", "--for", "-1"], "-1");
        refused(&["live", "--serve", "gopher", "--headless"], "--serve knows no program \"gopher\"");
        refused(&["live", "--address", "10.0.0.300/24", "--headless"], "is no address with a prefix");
        refused(&["live", "--record", NOWHERE, "--headless", "--for", "1"], "cannot be written");
    }
}

#[test]
fn names_cannot_drive_the_terminal() {
    let evil = "\u{1b}]0;title\u{7}\u{1b}[31m\r";
    let long = "n".repeat(5000);
    for name in [evil, long.as_str()] {
        refused(&["replay", name], "cannot be");
        refused(&["trace", name], "cannot be read");
        refused(&["run", name], "cannot be read");
        refused(&["lesson", name], "there is no lesson");
        refused(&["lesson", "check", name], "cannot be read");
        refused(&["lesson", "verify", name], "cannot be read");
        refused(&["lab", "--lang", name], "--lang knows no language");
        refused(&["export", name, "--format", "svg"], "cannot be read");
        if cfg!(live) {
            refused(&["exec", "--session", name], "session");
        }
        refused(&["replay", &asset("simclose.pcap"), "--as", name], "is no address");
        refused(&[name], "unrecognized subcommand");
        refused(&["run", &format!("--{name}")], "unexpected argument");
        refused(&["export", "x", "--format", name], "invalid value");
    }
    let folder = Folder::new("evil");
    let scene = folder.file(&format!("{evil}.pkt"), "0 nonsense\n");
    refused(&["trace", &scene], "\\u{1b}[31m");
    let output = run(&["run", &scene]);
    assert!(!text(&output.stdout).contains('\u{1b}'), "{:?}", text(&output.stdout));
    refused(
        &["export", &folder.file("x.pkt", LISTEN), "--format", "text", "-o", &folder.path(&format!("no/{evil}"))],
        "\\u{1b}",
    );
}

#[test]
fn without_a_terminal_the_ways_without_a_screen_are_named() {
    for arguments in SCREENS {
        refused(arguments, "sockscope run");
    }
}

/// What the program says in a pseudo-terminal of a size, and its exit code.
fn in_terminal(arguments: &[&str], settings: &[(&str, Option<&str>)], size: (u16, u16), keys: &str) -> (String, u32) {
    let mut command = CommandBuilder::new(PROGRAM);
    command.args(arguments);
    command.env("TERM", "xterm-256color");
    command.env("LC_ALL", "C");
    for (name, value) in settings {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        }
    }
    let mut screen = OnScreen::start(command, size);
    let mut writer = screen.master.take_writer().unwrap();
    if !keys.is_empty() {
        // Before the first picture the keys would still be the line discipline's.
        let _ = screen.drawn.recv_timeout(Duration::from_secs(20));
        writer.write_all(keys.as_bytes()).unwrap();
    }
    let status = screen.child.wait().unwrap();
    drop(writer);
    drop(screen.master);
    (screen.reading.join().unwrap(), status.exit_code())
}

#[test]
fn a_terminal_that_cannot_move_its_cursor_is_not_written_on() {
    for arguments in SCREENS {
        for term in [Some("dumb"), Some(""), None] {
            let (said, code) = in_terminal(arguments, &[("TERM", term)], (80, 24), "");
            assert_eq!(code, 2, "{said}");
            assert_eq!(said.trim_end().lines().count(), 1, "{said:?}");
            assert!(said.contains("cannot move its cursor") && !said.contains('\u{1b}'), "{said:?}");
        }
    }
}

#[test]
fn a_terminal_of_any_size_can_be_left_again() {
    for size in [(0, 0), (1, 1), (0, 24), (80, 0), (3, 200)] {
        let (said, code) = in_terminal(&["lab"], &[], size, "qq");
        assert_eq!(code, 0, "{size:?} {said:?}");
        assert!(said.contains("\u{1b}[?1049l"), "{size:?} {said:?}");
    }
}

#[test]
fn a_locale_without_utf8_gets_ascii() {
    let (said, code) = in_terminal(&["lab"], &[], (80, 24), "qq");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("who-has") && said.is_ascii(), "{said}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_a_closed_pipe_is_not() {
    let folder = Folder::new("full");
    let scene = folder.file("scene.pkt", HANDSHAKE);
    let capture = asset("simclose.pcap");
    let commands: [&[&str]; 15] = [
        &["differences"],
        &["glossary"],
        &["run", &scene],
        &["trace", &scene],
        &["trace", "--tree", &scene],
        &["trace", "--proc", "tcp", &scene],
        &["replay", "--headless", &capture],
        &["replay", "--json", &capture],
        &["lesson", "--list"],
        &["lesson", "handshake", "--print"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["export", &scene, "--format", "mermaid"],
        &["export", &scene, "--format", "pcapng"],
    ];
    for arguments in commands {
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = program(arguments).stdout(full).stderr(Stdio::piped()).output().unwrap();
        one_line(&output, 1, "standard output cannot be written");
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = program(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
    }
    let full = run(&["export", &scene, "--format", "svg", "--output", "/dev/full"]);
    one_line(&full, 1, "/dev/full cannot be written");
    refused(&["export", &scene, "--format", "svg", "--output", &folder.path("")], "cannot be written");
}

#[test]
fn a_connection_must_be_there_and_must_be_meant() {
    one_line(&run(&["replay", &asset("rst.pcap")]), 2, "choose one with --as");
    one_line(&run(&["replay", &asset("simclose.pcap"), "--as", "1.2.3.4:80"]), 2, "no connection of the capture fits");
    refused(&["trace", &asset("rst.pcap")], "--as IP:PORT");
    refused(&["trace", &asset("arp_ping_udp.pcap")], "has no IPv4 TCP connection");
}

#[test]
fn a_capture_of_nothing_but_ipv6_says_so() {
    let folder = Folder::new("ipv6");
    let card = RecordedInterface { name: "eth0".to_owned(), hardware_address: [2, 0, 0, 0, 0, 1] };
    let mut recorder = Recorder::new(Vec::new(), &[card]).unwrap();
    let mut frame = vec![2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd, 0x60, 0, 0, 0, 0, 20, 6, 64];
    frame.resize(14 + 40 + 20, 0);
    for time_ns in 0..3 {
        let frame =
            RecordedFrame { interface: 0, time_ns, direction: FrameDirection::Unknown, bytes: &frame, comments: &[] };
        recorder.frame(&frame).unwrap();
    }
    let capture = folder.file("six.pcapng", recorder.finish().unwrap());
    let output = run(&["replay", &capture]);
    one_line(&output, 2, "no IPv4 TCP connection");
    assert!(text(&output.stdout).contains("IPv6: 3 frames"), "{}", text(&output.stdout));
}

#[test]
fn every_command_has_examples() {
    let mut commands =
        vec!["lesson", "lab", "replay", "run", "trace", "differences", "glossary", "export", "completions", "man"];
    if cfg!(live) {
        commands.extend(["exec", "live"]);
    }
    let help = run(&["--help"]);
    for command in &commands {
        assert!(text(&help.stdout).contains(&format!("\n  {command} ")), "{command} is not listed");
        let output = run(&[*command, "--help"]);
        let said = text(&output.stdout);
        assert_eq!(output.status.code(), Some(0));
        assert!(said.contains("Example") && said.contains(&format!("  sockscope {command}")), "{said}");
    }
    assert!(text(&help.stdout).contains("Without a terminal:"));
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&["completions", shell]);
        assert!(commands.iter().all(|command| text(&output.stdout).contains(command)), "{shell}");
    }
}

#[test]
fn the_sentences_are_chinese_where_the_locale_is() {
    let capture = asset("simclose.pcap");
    let cases: [(&[&str], &str); 12] = [
        (&["replay", NOWHERE], "无法读取"),
        (&["trace", NOWHERE], "请检查路径"),
        (&["run", NOWHERE], "无法读取"),
        (&["export", NOWHERE, "--format", "svg"], "请检查路径"),
        (&["lesson", "nosuch"], "没有名为“nosuch”的课程"),
        (&["bogus"], "没有命令“bogus”"),
        (&["run"], "缺少参数 <PATH>"),
        (&["run", "--bogus"], "没有参数“--bogus”"),
        (&["export", "x", "--format", "gif"], "值“gif”无效，可选：pcapng"),
        (&["trace", "--tree", "--drops"], "不能同时使用"),
        (&["lab"], "需要终端"),
        (&["replay", &capture, "--as", "x"], "不是地址"),
    ];
    for (arguments, words) in cases {
        let output = program(arguments).env("LANG", "zh_CN.UTF-8").output().unwrap();
        one_line(&output, 2, words);
    }
    let output = program(&["exec"]).env("LANG", "zh_CN.UTF-8").env("HOME", NOWHERE).output().unwrap();
    assert!(text(&output.stderr).contains('。'), "{}", text(&output.stderr));
}

#[test]
fn a_recording_gives_the_very_same_run_back() {
    let folder = Folder::new("recording");
    let scenes = [folder.file("one.pkt", HANDSHAKE), folder.file("two.pkt", TWO_HOSTS), asset("simclose.pcap")];
    for scene in &scenes {
        let recording = folder.path("out.pcapng");
        let output = run(&["export", scene, "--format", "pcapng", "--output", &recording]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{scene}");
        let piped = run(&["export", scene, "--format", "pcapng"]);
        assert_eq!(piped.stdout, fs::read(&recording).unwrap(), "{scene}");
        let (before, after) = (run(&["trace", scene]), run(&["trace", &recording]));
        assert_eq!(after.status.code(), Some(0), "{scene}: {}", text(&after.stderr));
        assert!(before.stdout.len() > 1000 && before.stdout == after.stdout, "{scene}: another run came back");
    }
}

#[test]
fn a_diagram_has_every_frame_and_state() {
    let folder = Folder::new("mermaid");
    let output = run(&["export", &folder.file("two.pkt", TWO_HOSTS), "--format", "mermaid"]);
    let said = text(&output.stdout);
    let begin = "sequenceDiagram\n    participant h0 as A\n    participant h1 as B\n";
    assert!(said.starts_with(begin), "{said}");
    for line in ["who-has 10.0.0.2", "SYN seq=0", "Note over h0: SYN_SENT", "Note over h1: ESTABLISHED", "h0-xh1: "] {
        assert!(said.contains(line), "{line} is missing\n{said}");
    }
    assert!(said.lines().skip(1).all(|line| line.starts_with("    ")), "{said}");
    let output = run(&["export", &asset("simclose.pcap"), "--format", "mermaid"]);
    assert!(text(&output.stdout).contains("h1->>h0: "), "{}", text(&output.stdout));
}

#[test]
fn the_screen_goes_out_as_picture_text_and_film() {
    let folder = Folder::new("screen");
    let scene = folder.file("two.pkt", TWO_HOSTS);
    let output = run(&["export", &scene, "--format", "text", "--width", "100", "--height", "30"]);
    let said = text(&output.stdout);
    assert_eq!(said.lines().count(), 30, "{said}");
    assert!(said.contains("two.pkt"), "{said}");
    let output = run(&["export", &scene, "--format", "text", "--pane", "ladder", "--ascii"]);
    assert!(text(&output.stdout).is_ascii() && text(&output.stdout).contains("FIN"), "{}", text(&output.stdout));
    let first = run(&["export", &scene, "--format", "text", "--step", "0"]);
    assert_ne!(first.stdout, run(&["export", &scene, "--format", "text"]).stdout);
    let chinese = program(&["export", &scene, "--format", "text", "--lang", "zh"]).output().unwrap();
    assert!(text(&chinese.stdout).contains('状'), "{}", text(&chinese.stdout));
    let output = run(&["export", &scene, "--format", "svg"]);
    let said = text(&output.stdout);
    assert!(said.starts_with("<svg ") && said.ends_with("</svg>\n") && said.contains("two.pkt"), "{said}");
    let output = run(&["export", &scene, "--format", "cast", "--width", "80", "--height", "24"]);
    let mut lines = text(&output.stdout).lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    assert_eq!(lines.next().unwrap()["version"], 2);
    let events: Vec<_> = lines.collect();
    let times: Vec<f64> = events.iter().map(|event| event[0].as_f64().unwrap()).collect();
    assert!(times.is_sorted());
    let mut player = vt100::Parser::new(24, 80, 0);
    for event in events.iter().filter(|event| event[1] == "o") {
        player.process(event[2].as_str().unwrap().as_bytes());
    }
    let shown = player.screen().contents();
    let expected = run(&["export", &scene, "--format", "text", "--width", "80", "--height", "24"]);
    let trimmed = |text: &str| text.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&shown).trim_end(), trimmed(text(&expected.stdout)).trim_end());
    let markers: Vec<_> =
        events.iter().filter(|event| event[1] == "m").map(|event| event[2].as_str().unwrap()).collect();
    assert!(markers.iter().any(|marker| marker.ends_with("SYN_SENT -> ESTABLISHED")), "{markers:?}");
}

#[test]
fn the_script_of_what_happened_passes() {
    let folder = Folder::new("pkt");
    let scene = folder.file("scene.pkt", HANDSHAKE);
    let output = run(&["export", &scene, "--format", "pkt"]);
    let written = folder.path("written");
    assert_eq!(run(&["run", "--write", &written, &scene]).status.code(), Some(0));
    assert_eq!(text(&output.stdout), fs::read_to_string(folder.path("written/scene.pkt")).unwrap());
    let again = folder.file("again.pkt", &output.stdout);
    assert_eq!(text(&run(&["run", &again]).stdout), "ok again\n1 passed, 0 failed\n");
    refused(&["export", &folder.file("two.pkt", TWO_HOSTS), "--format", "pkt"], "is no script of one host");
    refused(&["export", &asset("rst.pcap"), "--connection", "1", "--format", "pkt"], "nobody listens there");
}

#[test]
fn a_recording_is_not_poured_into_a_terminal() {
    let folder = Folder::new("pour");
    let scene = folder.file("scene.pkt", HANDSHAKE);
    let (said, code) = in_terminal(&["export", &scene, "--format", "pcapng"], &[], (80, 24), "");
    assert!(code == 2 && said.contains("--output FILE"), "{said}");
}

#[test]
fn only_what_was_lost_is_listed_as_dropped() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let drops = |scene: &str| {
        let scene = golden.join(scene);
        let output = run(&["trace", "--drops", scene.to_str().unwrap()]);
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout).to_owned()
    };
    // The ACK of the handshake is freed when it has done its work, as every buffer is.
    assert_eq!(drops("passive_open/accept_blocking.pkt"), "");
    let full = drops("passive_open/backlog_zero.pkt");
    assert!(full.contains(" tcp_conn_request TcpBacklogFull: The backlog of the listener is full."), "{full}");
}

#[test]
fn the_glossary_explains_lists_and_knows_what_may_have_been_meant() {
    let said = |arguments: &[&str]| text(&run(arguments).stdout).to_owned();
    let english = said(&["glossary", "back_log", "--lang", "en"]);
    assert!(english.contains("release_sock") && english.contains("Kept: ") && english.contains("Today: "), "{english}");
    let chinese = said(&["glossary", "back_log", "--lang", "zh"]);
    assert!(chinese.contains("报文段") && chinese.contains("保留：") && chinese.contains("今天："), "{chinese}");
    let json: serde_json::Value = serde_json::from_str(&said(&["glossary", "tcp_rcv", "--json"])).unwrap();
    assert_eq!((json["schema"].as_u64(), json["word"].as_str()), (Some(1), Some("tcp_rcv")));
    assert!(json["text"]["zh"].as_str().is_some_and(|text| text.contains("报文段")), "{json}");
    let list = said(&["glossary", "--json"]);
    assert!(list.lines().count() > 300 && list.lines().all(|line| line.starts_with('{')), "{}", list.lines().count());
    let unknown = run(&["glossary", "back_lgo"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean back_log"), "{}", text(&unknown.stderr));
}
