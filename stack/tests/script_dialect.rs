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
const SCRIPTS: [(&str, &str); 74] = [
    ("accurate_ecn", "3: 'ECN' is an option of accurate ECN, which 1.2.13 does not speak; take it out of the list"),
    ("address_of_the_gateway", ""),
    // The addresses are those of the packet itself, here and where it arrives.
    (
        "addresses_said",
        "12: error handling packet: live packet field ipv4_dst_ip: expected: 10.9.9.9 vs actual: 192.0.2.1",
    ),
    ("arguments_behind_a_failure", "3: runtime error in listen call: Expected result 7 but got 0"),
    ("arguments_of_fcntl", "3: runtime error in fcntl call: the number of arguments is 1, it should be 2 to 3"),
    ("arguments_too_few", "3: runtime error in bind call: the number of arguments is 2, it should be 3"),
    ("arguments_too_many", "3: runtime error in close call: the number of arguments is 2, it should be 1"),
    ("buffer_of_a_number", "9: runtime error in write call: a buffer is written ... or NULL"),
    ("cookie_too_long", "5: a cookie of 18 bytes is longer than 16"),
    ("counter_and_letter", "9: a digit stands for AE, CWR and ECE together"),
    ("counter_of_ecn", "10: error handling packet: live packet field tcp_ace: expected: 5 (0x5) vs actual: 0 (0x0)"),
    ("datagram_too_large", "3: more than a datagram can hold"),
    ("defined_twice", ""),
    ("descriptor_duplicated", "3: runtime error in fcntl call: Expected result 9 but got 4"),
    ("digest_left_out", "5: expected hexadecimal digits, found ','"),
    // Where it is run in spite of its option.
    ("dry_run", "4: runtime error in read call: Expected result 55 but got 0"),
    (
        "echo_never_sent",
        "9: error handling packet: unable to infer live TS ecr for script TS ecr 100: 1.2.13 never sends",
    ),
    ("ecn_of_a_datagram", "3: ECN may be written for TCP alone"),
    ("escape_unknown", "3: expected one of \\\\ \\\" \\f \\n \\r \\t \\v \\xhh, found '\\q'"),
    ("family_alone", ""),
    ("flow_label", ""),
    ("fuzz", "3: braces behind a packet, as in { mut tcp ... } or {0}, are of other dialects of packetdrill"),
    ("fuzz_number", "3: braces behind a packet"),
    ("gateway_of_ours", ""),
    ("gre", ""),
    ("gre_expected", "10: error handling packet: live packet: expected 4 headers vs actual 2"),
    ("later_symbols", ""),
    ("letter_of_ecn", "10: error handling packet: live packet field tcp_ae: expected: 1 (0x1) vs actual: 0 (0x0)"),
    ("message_miscounted", "9: runtime error in sendmsg call: msg_iov(2) has a list of 1"),
    ("message_of_nplab", ""),
    ("message_received_with_flags", "7: runtime error in recvmsg call: argument 2: expected "),
    ("message_sent_with_flags", "9: runtime error in sendmsg call: a message that is sent has msg_flags=0 or none"),
    ("message_to_the_peer", ""),
    ("more_than_packetdrill", ""),
    ("mptcp", "3: 'mpcapable' is an option of MPTCP, which 1.2.13 does not speak; take it out of the list"),
    ("mtu_of_another", "9: an mtu belongs to unreachable frag_needed alone"),
    ("null_is_zero", ""),
    ("one_system_only", "3: lines for one system only (#ifdef ... #endif) are of other dialects of packetdrill"),
    ("number_too_long", "3: runtime error in setsockopt call: 4294967296 has more than 32 bits"),
    ("option_of_two", "3: runtime error in setsockopt call: the list should have one element, and has 2"),
    ("option_with_blanks", ""),
    ("options_empty", "5: expected a TCP option, found '>'"),
    ("options_raw", ""),
    (
        "options_unpadded",
        "9: TCP options are not padded correctly: their length, 1, is no multiple of 4; fill up with nop",
    ),
    ("options_unpadded_outbound", "6: TCP options are not padded correctly: their length, 6, is no multiple of 4"),
    ("poll_miscounted", "3: runtime error in poll call: nfds is 2, and the list of pollfd has 1"),
    ("poll_without_revents", "9: runtime error in poll call: argument 1: expected "),
    ("port_zero", "2: option 'bind_port' with value '0' is not understood"),
    ("prefix_too_long", "2: "),
    ("psp", "2: 1.2.13 does not speak PSP, which encrypts TCP: take the option and the calls of PSP out"),
    ("quote_before_a_segment", "6: expected icmp, found 'S'"),
    ("quote_before_icmp", ""),
    ("quote_behind_icmp", ""),
    ("quote_of_a_datagram_before_icmp", ""),
    ("quote_twice", "6: the quoted header stands before `icmp` or behind the message, not in both places"),
    ("raw_message", ""),
    ("raw_message_too_short", "9: raw(N) is the length of the whole ICMP message"),
    ("return_with_plus", "9: expected a time, found '+'"),
    ("sctp", "3: 1.2.13 does not speak SCTP"),
    ("segment_too_large", "9: more than a segment can hold"),
    ("socket_of_a_packet", "3: sock(N) behind a packet is of another dialect of packetdrill"),
    (
        "stamp_expected",
        "6: error handling packet: live packet field ipv4_total_length: expected: 56 (0x38) vs actual: 44",
    ),
    ("stamp_on_a_syn", ""),
    ("strings_side_by_side", ""),
    ("symbol_unknown", "3: runtime error in setsockopt call: the symbol SO_NONSENSE is not known"),
    ("symbols_of_ipv6", ""),
    ("syn_to_bound", ""),
    ("time_goes_backward", "4: time goes back: this line is at 300000 us, the one before it at 500000 us"),
    ("time_in_nanoseconds", ""),
    ("time_to_live_of_zero", ""),
    ("vector_miscounted", "9: runtime error in writev call: iov_count is 2, and the list of iovec has 1"),
    ("window_left_out", "9: window must be specified for inbound packets: write `win N` behind the numbers"),
    ("window_without_plus", "9: expected '+', found '.2'"),
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
fn a_raw_message_is_as_long_as_it_says() {
    const HEADERS: usize = 14 + 20;
    let run = run_script(&script("raw_message"), Reading::Packetdrill).unwrap();
    let message = run.frames.iter().rfind(|frame| !frame.outbound && frame.bytes[23] == 1).expect("the ICMP message");
    assert_eq!(message.bytes.len(), HEADERS + 20);
    assert_eq!(message.bytes[HEADERS..HEADERS + 2], [3, 3]);
    assert!(message.bytes[HEADERS + 8..].iter().all(|byte| *byte == 0), "nothing is quoted");
}

#[test]
fn headers_around_a_packet_are_printed_as_they_are_read() {
    let printed = script("gre").to_string();
    assert!(
        printed.contains("mpls (label 0, tc 0, ttl 0) (label 1048575, tc 7, [S], ttl 255) : . 1:1001"),
        "{printed}"
    );
    assert!(printed.contains("gre flags 0x3000, sum 511, off 1023, key 0x80001234, seq 512 : "), "{printed}");
    assert!(printed.contains("< ipv6 2::2222 > 1::1111 : . 1:1001(1000)"), "{printed}");
    assert_eq!(parse(&printed).unwrap().to_string(), printed);
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
