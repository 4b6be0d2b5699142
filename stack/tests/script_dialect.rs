//! The language of scripts beyond packetdrill's own of today: what older and other dialects of it write, what it refuses before
//! anything runs, and what is deliberately read otherwise. Each is a small script in `dialect/` with its verdict: nothing where
//! it passes, else the first sentence that is said about it, with its line.

use std::fs;
use std::path::{Path, PathBuf};

use stack::lab::conformance::{Reading, compare, rules, run_script};
use stack::lab::script::ast::{Content, IpInformation, ScriptEvent};
use stack::lab::script::constants::{name_of, value};
use stack::lab::script::{Script, parse};
use stack::words::Words;

/// What stands in the folder, and how the sentence about each begins.
const SCRIPTS: [(&str, &str); 32] = [
    ("accurate_ecn", "3: 'ECN' is an option of accurate ECN, which 1.2.13 does not speak; take it out of the list"),
    ("address_of_the_gateway", ""),
    // The addresses are those of the packet itself, here and where it arrives.
    (
        "addresses_said",
        "12: error handling packet: live packet field ipv4_dst_ip: expected: 10.9.9.9 vs actual: 192.0.2.1",
    ),
    // Where it is run in spite of its option.
    ("dry_run", "4: runtime error in read call: Expected result 55 but got 0"),
    (
        "echo_never_sent",
        "9: error handling packet: unable to infer live TS ecr for script TS ecr 100: 1.2.13 never sends",
    ),
    ("family_alone", ""),
    ("fuzz", "3: braces behind a packet, as in { mut tcp ... } or {0}, are of other dialects of packetdrill"),
    ("fuzz_number", "3: braces behind a packet"),
    ("gateway_of_ours", ""),
    ("gre", "3: 1.2.13 does not speak GRE: a packet is TCP, UDP or ICMP over IPv4; take this line out"),
    ("later_symbols", ""),
    ("message_of_nplab", ""),
    ("more_than_packetdrill", ""),
    ("mptcp", "3: 'mpcapable' is an option of MPTCP, which 1.2.13 does not speak; take it out of the list"),
    ("one_system_only", "3: lines for one system only (#ifdef ... #endif) are of other dialects of packetdrill"),
    ("options_raw", ""),
    (
        "options_unpadded",
        "9: TCP options are not padded correctly: their length, 1, is no multiple of 4; fill up with nop",
    ),
    ("options_unpadded_outbound", "6: TCP options are not padded correctly: their length, 6, is no multiple of 4"),
    ("prefix_too_long", "2: "),
    ("psp", "2: 1.2.13 does not speak PSP, which encrypts TCP: take the option and the calls of PSP out"),
    ("quote_before_a_segment", "6: expected icmp, found 'S'"),
    ("quote_before_icmp", ""),
    ("quote_behind_icmp", ""),
    ("quote_of_a_datagram_before_icmp", ""),
    ("quote_twice", "6: the quoted header stands before `icmp` or behind the message, not in both places"),
    ("sctp", "3: 1.2.13 does not speak SCTP"),
    ("socket_of_a_packet", "3: sock(N) behind a packet is of another dialect of packetdrill"),
    (
        "stamp_expected",
        "6: error handling packet: live packet field ipv4_total_length: expected: 56 (0x38) vs actual: 44",
    ),
    ("stamp_on_a_syn", ""),
    ("syn_to_bound", ""),
    ("window_left_out", "9: window must be specified for inbound packets: write `win N` behind the numbers"),
    ("words_of_nplab", ""),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialect")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name).with_extension("pkt")).unwrap()
}

fn script(name: &str) -> Script {
    parse(&text(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The first that is said of a script, with its line; nothing where it passes.
fn said(name: &str, reading: Reading) -> Option<(u32, Words<String>)> {
    let script = match parse(&text(name)) {
        Ok(script) => script,
        Err(error) => return Some((error.position.line, error.message)),
    };
    match run_script(&script, reading) {
        Ok(run) => compare(&script, &run).into_iter().next().map(|first| (first.position.line, first.message)),
        Err(failure) => Some((failure.position.line, failure.message)),
    }
}

#[test]
fn each_script_has_its_verdict_in_both_languages() {
    let mut wrong = Vec::new();
    for (name, expected) in SCRIPTS {
        let found = said(name, Reading::Packetdrill);
        let english = found.as_ref().map_or(String::new(), |(line, words)| format!("{line}: {}", words.en));
        if !english.starts_with(expected) || english.is_empty() != expected.is_empty() {
            wrong.push(format!("{name}: expected {expected:?}, got {english:?}"));
        }
        if let Some((_, words)) = found
            && !words.zh.chars().any(|letter| letter >= '\u{4e00}')
        {
            wrong.push(format!("{name}: not said in Chinese: {}", words.zh));
        }
        assert!(text(name).lines().take(2).any(|line| line.starts_with("// ")), "{name} says what it shows");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(fs::read_dir(folder()).unwrap().count(), SCRIPTS.len(), "a script without its verdict");
}

#[test]
fn what_packetdrill_refuses_is_let_be_beside_a_recording() {
    for name in ["options_unpadded", "options_unpadded_outbound"] {
        let mut filled = script(name);
        rules::fill_up(&mut filled);
        assert_eq!(rules::check(&filled, Reading::Packetdrill), Ok(()), "{name}: {filled}");
    }
    for name in ["options_unpadded", "options_unpadded_outbound", "window_left_out"] {
        assert!(rules::check(&script(name), Reading::Packetdrill).is_err(), "{name}");
        assert_eq!(rules::check(&script(name), Reading::Recorded), Ok(()), "{name}");
    }
    assert!(run_script(&script("window_left_out"), Reading::Recorded).is_ok(), "and so it runs");
    let echo = said("echo_never_sent", Reading::Recorded).expect("its last line is wrong");
    assert!(!echo.1.en.contains("TS ecr"), "{}", echo.1.en);
}

#[test]
fn a_quoted_header_is_printed_behind_the_message_wherever_it_stood() {
    let printed = script("quote_before_icmp").to_string();
    assert!(printed.contains("< [ttl 9] icmp unreachable port_unreachable [0:0(0)]\n"), "{printed}");
    assert_eq!(parse(&printed).unwrap().to_string(), printed);
    let quotes = |name: &str| script(name).lines.iter().map(|line| line.content.clone()).collect::<Vec<_>>();
    let (mut before, behind) = (quotes("quote_before_icmp"), quotes("quote_behind_icmp"));
    assert_ne!(before, behind, "one has a remark");
    for content in &mut before {
        if let Content::Event(_, ScriptEvent::Packet(packet)) = content {
            packet.ip = IpInformation::default();
        }
    }
    assert_eq!(before, behind);
}

#[test]
fn lines_may_end_as_in_dos() {
    let dos = text("more_than_packetdrill").replace('\n', "\r\n");
    assert_eq!(parse(&dos).unwrap(), script("more_than_packetdrill"));
}

#[test]
fn the_words_of_nplab_are_other_words_for_the_same_codes() {
    let printed = script("words_of_nplab").to_string();
    assert!(printed.contains("time_exceeded ttl_exceeded [0:0(0)]\n"), "{printed}");
    assert!(printed.contains("time_exceeded reassembly_exceeded [0:0(0)]\n"), "{printed}");
}

#[test]
fn symbols_have_the_numbers_of_the_headers_of_today_and_take_no_name_from_another() {
    let numbers = [
        ("IP_PMTUDISC_PROBE", 3),
        ("IP_FREEBIND", 15),
        ("SO_PEERSEC", 31),
        ("SOF_TIMESTAMPING_OPT_STATS", 4096),
        ("TCP_COOKIE_TRANSACTIONS", 15),
        ("TCP_CM_INQ", 36),
        ("TCP_INFINITE_SSTHRESH", 0x7fff_ffff),
        ("MSG_ERRQUEUE", 0x2000),
        ("F_DUPFD_CLOEXEC", 1030),
        ("POLLREMOVE", 0x1000),
    ];
    for (name, number) in numbers {
        assert_eq!(value(name), Some(number), "{name}");
    }
    // An option is called by the name of an option, never by that of a value.
    assert_eq!((name_of(36, &["TCP_"]), name_of(3, &["TCP_"])), (Some("TCP_INQ"), Some("TCP_CORK")));
    assert_eq!(name_of(0, &["TCP_"]), None);
}
