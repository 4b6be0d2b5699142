//! The language of scenes against every golden script, and against text that is no script at all.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use stack::lab::conformance::{Reading, run_script};
use stack::lab::script::annotation::{Annotation, FrameFate};
use stack::lab::script::ast::{Argument, Body, CallOutcome, Content, ScriptEvent, TcpOptions, Time, Until};
use stack::lab::script::frame_scenario::{RawArgument, raw_call};
use stack::lab::script::lexer::{LARGEST_SCRIPT, MOST_LINES};
use stack::lab::script::{ParseError, Script, parse, parse_call};

fn golden_scripts() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let mut found: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|group| group.unwrap().path())
        .filter(|path| path.is_dir())
        .flat_map(|group| fs::read_dir(group).unwrap().map(|file| file.unwrap().path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pkt"))
        .collect();
    found.sort();
    found
}

#[test]
fn golden_scripts_print_back_unchanged() {
    let scripts = golden_scripts();
    assert_eq!(scripts.len(), 175, "the golden scripts are missing");
    for path in scripts {
        let text = fs::read_to_string(&path).unwrap();
        match parse(&text) {
            Ok(script) => assert_eq!(script.to_string(), text, "{}", path.display()),
            Err(error) => panic!("{}:{error}", path.display()),
        }
    }
}

fn one(text: &str) -> Content {
    let script = parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(script.lines.len(), 1, "{text}");
    script.lines.into_iter().next().unwrap().content
}

fn refused(text: &str) -> ParseError {
    match parse(text) {
        Ok(script) => panic!("{text} was read as {script}"),
        Err(error) => error,
    }
}

#[test]
fn the_forms_of_packetdrill_beyond_the_golden_ones_are_read() {
    let text = "--tolerance_usecs=1000\n`../common/defaults.sh`\n// a comment\n\
                0   socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n\
                /* over\n lines */ +0 connect(3, ...,\n   ...) = -1 EINPROGRESS (Operation now in progress)\n\
                +.1~+.2 > (ect0) S 0:0(0) win 100 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7>\n\
                * > . 1:1(0) ack 1 <...>\n\
                0.5...1.25 read(3, ..., 10) = 0\n\
                +0 fcntl(3, F_GETFL) = 0x802 (flags O_RDWR|O_NONBLOCK)\n\
                +0 sendmsg(3, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0}, 0) = 10\n\
                +0 %{ assert tcpi_unacked == 2 }%\n\
                +0 < icmp unreachable frag_needed mtu 1400 [1:1001(1000)]\n\
                +0 < icmp echo_request\n1.5 `true`\n`cleanup`\n";
    let script = parse(text).unwrap();
    assert_eq!(script.opening.as_deref(), Some("../common/defaults.sh"));
    assert_eq!(script.closing.as_deref(), Some("cleanup"));
    assert_eq!(script.options[0].value.as_deref(), Some("1000"));
    assert_eq!(script.lines.len(), 11);
    assert_eq!(script.lines[1].position.line, 6);
    let Content::Event(time, ScriptEvent::Packet(packet)) = &script.lines[2].content else { panic!() };
    assert!(matches!(time, Time::At { start: 100_000, until: Until::Window(200_000), .. }));
    let Body::Tcp(segment) = &packet.body else { panic!() };
    let TcpOptions::List(options) = &segment.options else { panic!() };
    assert_eq!(options.len(), 5);
    let Content::Event(Time::At { start: 500_000, until: Until::Return(1_250_000), .. }, _) = &script.lines[4].content
    else {
        panic!()
    };
    let again = parse(&script.to_string()).unwrap();
    assert_eq!(again.to_string(), script.to_string(), "canonical form is a fixed point");
}

#[test]
fn results_of_calls_are_taken_apart() {
    let call = parse_call("select(8, {4,5}, {}, NULL, [1000]) = 1 <{4}, {}, NULL, [900]>").unwrap();
    assert_eq!(call.arguments[1], Argument::Group(vec![number(4), number(5)]));
    let Some(CallOutcome::Value { value, written: Some(written), .. }) = call.outcome else { panic!() };
    assert_eq!((value.value, written.len()), (1, 4));
    let call = parse_call("write(3, ..., 9) = -1 EPIPE (Broken pipe)").unwrap();
    let Some(CallOutcome::Value { error, note, .. }) = call.outcome else { panic!() };
    assert_eq!((error.as_deref(), note.as_deref()), (Some("EPIPE"), Some("Broken pipe")));
    assert_eq!(parse_call("close(3)").unwrap().outcome, None);
    assert!(parse_call("close(3) close(4)").is_err());
}

fn number(value: i64) -> Argument {
    Argument::Number(stack::lab::script::ast::Number::decimal(value))
}

#[test]
fn annotations_for_the_laboratory_are_read_and_printed() {
    for line in [
        "//@ host client 10.0.0.1/24 02:00:00:00:00:01",
        "//@ host server 10.0.0.2/24 02:00:00:00:00:02 mtu 576 gateway 10.0.0.254",
        "//@ host router 10.0.0.254/24 02:00:00:00:00:03 forward rarp",
        "//@ wire delay 10ms loss 1/20 duplicate 1/50 reorder 1/10 corrupt 1/1000 seed 42",
        "//@ on server",
        "//@ program server httpd 80",
        "//@ mark handshake-done",
        "//@ assert client.sk2.state == ESTABLISHED",
        "//@ drop 3",
        "//@ delay 4 1500us",
        "//@ duplicate 5",
        "//@ corrupt 6",
        "//@ irq sti@tcp_accept 1",
        "//@ tick memcpy_tofs 1 30",
        "//@ arp-request 192.168.0.3 192.168.0.1",
    ] {
        let script = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        assert_eq!(script.to_string().trim_end(), line);
    }
    let Content::Annotation(annotation) = one("//@ delay 4 1.5ms") else { panic!() };
    assert_eq!(annotation, Annotation::Frame { number: 4, fate: FrameFate::Delay(1500) });
}

#[test]
fn errors_name_the_place_and_speak_two_languages() {
    for (text, line, column) in [
        ("+0 socket(..., SOCK_STREAM, 0) = 3\n+0 bind(3 ...)", 2, 11),
        ("+0 < S 0:0(1) win 1", 1, 8),
        ("+0 < X 0:0(0) win 1", 1, 6),
        ("+0 < S 0:0(0) win 65536", 1, 19),
        ("+0 < S 0:0(0) win 1 <...>", 1, 21),
        ("+0 < frag id 1 offset 0 len 8", 1, 6),
        ("* close(3) = 0", 1, 1),
        ("+1...2 < S 0:0(0) win 1", 1, 1),
        ("+2...1 close(3) = 0", 1, 2),
        ("+0 close(3) = 0\n--mtu=1000", 2, 1),
        ("//@ irq nowhere 1", 1, 9),
        ("//@ drop 0", 1, 10),
        ("//@ wire delay 5", 1, 16),
        ("/* never closed", 1, 1),
        ("+0 close(3) = 0 `x` +1 close(3) = 0", 1, 21),
    ] {
        let error = refused(text);
        assert_eq!((error.position.line, error.position.column), (line, column), "{text}: {error}");
        assert_ne!(error.message.en, error.message.zh);
        assert!(!error.message.zh.is_ascii(), "{text}");
    }
}

#[test]
fn an_error_cannot_drive_the_terminal() {
    let error = refused("+0 \u{1b}[31mred");
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
}

#[test]
fn limits_are_said_clearly() {
    assert!(refused(&" ".repeat(LARGEST_SCRIPT + 1)).message.en.contains("limit"));
    assert!(refused(&"\n".repeat(MOST_LINES + 1)).message.en.contains("limit"));
    let deep = format!("+0 f({}) = 0", "[".repeat(5000));
    assert!(refused(&deep).message.en.contains("deep"));
}

#[test]
fn raw_calls_are_read_word_by_word() {
    let call = raw_call("recvfrom i3 o100 i0x10 i-1 n b10000000 h").unwrap();
    assert_eq!(call.name, "recvfrom");
    assert_eq!(
        call.arguments,
        [
            RawArgument::Integer(3),
            RawArgument::Output(100),
            RawArgument::Integer(16),
            RawArgument::Integer(-1),
            RawArgument::Null,
            RawArgument::Both(vec![16, 0, 0, 0]),
            RawArgument::Input(Vec::new()),
        ]
    );
    assert_eq!(raw_call("read i3 o99999999999"), Err("o99999999999".to_owned()));
    assert_eq!(raw_call("read habc"), Err("habc".to_owned()));
    assert!(raw_call("").is_err());
}

/// Reading gives a tree or an error with a place inside the text; a tree prints to a fixed point.
fn read(text: &str) {
    match parse(text) {
        Ok(script) => fixed_point(&script),
        Err(error) => assert!(error.position.line >= 1 && error.position.column >= 1),
    }
}

fn fixed_point(script: &Script) {
    let printed = script.to_string();
    let again = parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error}"));
    assert_eq!(again.to_string(), printed);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,120}") {
        read(&text);
    }

    #[test]
    fn any_row_of_tokens_is_read_or_refused(words in prop::collection::vec(
        prop::sample::select(vec![
            "+", "0", "0.1", "...", "~", "*", "<", ">", "S", ".", "P.", "1:1(0)", "ack 1", "win 1", "urg", "[", "]", "(", ")",
            "{", "}", ",", "=", "|", "-", "socket(", "\"x\"", "`true`", "//@ irq kmalloc 1", "//@ host a 1.2.3.4/8", "\n",
            "ipv4 1.2.3.4", ":", "udp", "icmp", "unreachable", "<mss 1>", "frag", "%{ x }%", "--mtu=1", "raw", "00", "EPIPE",
        ]), 0..30)) {
        read(&words.join(" "));
    }

    #[test]
    fn mutated_golden_scripts_are_read_or_refused(which in 0usize..173, at in 0usize..4000, cut in 0usize..20, put in "\\PC{0,3}") {
        let path = golden_scripts().swap_remove(which);
        let text = fs::read_to_string(path).unwrap();
        let mut characters: Vec<char> = text.chars().collect();
        let at = at % characters.len();
        let end = (at + cut).min(characters.len());
        characters.splice(at..end, put.chars());
        read(&characters.into_iter().collect::<String>());
    }
}

#[test]
fn a_frame_behind_a_group_is_written_outside_of_it() {
    let text = "+0 socket(..., SOCK_DGRAM, 0) = 3\n+0 bind(3, ..., ...) = 0\n+0 < udp (1)\n+0 recv(3, ..., 9, 0) = 1\n\
                //@ irq memcpy_tofs 1\n+0 < udp (2)\n//@ end\n+0 < udp (3)\n";
    let run = run_script(&parse(text).unwrap(), Reading::Recorded).unwrap();
    let again = run_script(&parse(&run.script.to_string()).unwrap(), Reading::Recorded).unwrap();
    assert_eq!(again.records, run.records, "{}", run.script);
}

#[test]
fn what_editors_and_shells_leave_in_a_script_is_read() {
    // A byte order mark, blanks between flags, quotes around values and inside strings and commands.
    let text = "\u{feff}--remote_ip=\"192.0.2.2\"\n--note=\"two words\"\n0 `echo \"a \\` b\"`\n\
                +0 > S . 0:0(0) ack 1 <...>\n+0 write(4, \"say \\\"hi\\\" \\\\ \\n\", 9) = 9\n";
    let script = parse(text).unwrap();
    assert_eq!(script.options[0].value.as_deref(), Some("192.0.2.2"));
    assert_eq!(script.options[1].value.as_deref(), Some("two words"));
    let contents: Vec<_> = script.lines.iter().map(|line| &line.content).collect();
    let Content::Event(_, ScriptEvent::Command(command)) = contents[0] else { panic!("{script}") };
    assert_eq!(command, "echo \"a ` b\"");
    assert!(contents[1].clone() == one("+0 > S. 0:0(0) ack 1 <...>"), "{script}");
    let Content::Event(_, ScriptEvent::Call(call)) = contents[2] else { panic!("{script}") };
    assert_eq!(call.arguments[1], Argument::Text("say \"hi\" \\ \n".to_owned()));
    assert_eq!(parse(&script.to_string()).unwrap().to_string(), script.to_string(), "it prints what it reads");
    assert_eq!(refused("0 write(4, \"open \\\", 9) = 9").position.line, 1);
    // A digit behind a blank begins the sequence numbers, though it could be a flag.
    assert!(parse("0 > S 5:5(0) ack 1").is_ok());
}

#[test]
fn a_definition_from_outside_counts_before_the_ones_inside() {
    let text = "--define=PORT=9\n0 listen(PORT, LENGTH) = 0\n";
    let read = |definitions: &[&str]| {
        let definitions: Vec<String> = definitions.iter().map(|one| (*one).to_owned()).collect();
        stack::lab::script::parse_with(text, &definitions).map(|script| script.lines[0].content.clone())
    };
    assert_eq!(read(&["PORT=3", "LENGTH=1"]).unwrap(), one("0 listen(3, 1) = 0"));
    assert!(read(&["PORT"]).is_err() && read(&["=3"]).is_err() && read(&["A=1 2"]).is_err());
}
