//! Small scripts that tell judges apart, made after public bug reports and by comparison with packetdrill, each with the
//! verdict that packetdrill gives on this stack: where one passes there it passes here, and where it fails, the sentence
//! names what differs.

use stack::lab::conformance::Run;

mod verdicts;

use verdicts::Scripts;

/// The scripts, and how the first objection to each begins; none where it passes.
const CASES: [(&str, &str); 34] = [
    ("any_time_last_line", ""),
    ("any_time_then_relative", ""),
    // 1.2.13 never sends the SYN again: the entry `bare-ack` of the differences.
    ("bareack", "7: error handling packet: Timed out waiting for packet"),
    ("block", "4: runtime error in accept call: the call never returned"),
    ("bom", ""),
    ("data_resent_into_silence", ""),
    ("edge_14335", ""),
    ("edge_14336", ""),
    // The RST lies outside of the window, so no error is pending.
    ("edge_14337", "10: runtime error in getsockopt call: argument 4: expected [104] but got [0]"),
    ("escaped_backtick", ""),
    ("extra", ""),
    ("fd4", ""),
    ("flagspace", ""),
    // Numbers behind a SYN count from its own.
    ("isn", "7: runtime error in accept call: the call never returned"),
    ("isn2", ""),
    ("isn_syn", ""),
    ("isnc", "6: error handling packet: live packet field tcp_seq: expected: 101 (0x65) vs actual: 1 (0x1)"),
    // A listener without a port: nobody can reach it, and accept() sleeps for ever.
    ("oops", "3: runtime error in accept call: the call never returned"),
    ("payload_text", ""),
    // A message with a name of dots goes where connect() would, and this socket has another peer.
    ("poll", "12: runtime error in sendmsg call: Expected result 15 but got -1 EISCONN"),
    ("quoted", ""),
    ("shell", ""),
    ("somaxconn_poll", ""),
    ("stops_before_the_last_packets", ""),
    ("synack_data", ""),
    ("synack_resent_into_silence", ""),
    ("tol", ""),
    ("tol2", ""),
    ("tw_fin", ""),
    ("udp_client_unconnected", ""),
    ("udpcli", ""),
    ("udpcli2", ""),
    ("udpsrv", ""),
    ("address", "6: error handling packet: live packet field ipv4_dst_ip: expected: 10.9.9.9 vs actual: 192.0.2.1"),
];

fn run(name: &str) -> Run {
    Scripts("cases").run(name)
}

#[test]
fn each_has_its_verdict() {
    Scripts("cases").have(&CASES);
}

#[test]
fn what_came_beside_a_script_is_known() {
    assert_eq!(run("extra").beside, ["0.300000 . 1:1(0) ack 2 win 14334", "0.400000 F. 1:1(0) ack 2 win 14335"]);
    assert_eq!(run("stops_before_the_last_packets").beside, ["0.200000 F. 1:1(0) ack 1 win 14335"]);
    assert!(run("bom").beside.is_empty());
}

#[test]
fn text_in_a_call_goes_onto_the_wire() {
    let frames = run("payload_text").frames;
    for text in ["hello", "world!"] {
        assert!(frames.iter().any(|frame| frame.outbound && frame.bytes.ends_with(text.as_bytes())), "{text}");
    }
}

/// Into a silence the stack sends again when its timers say so; the times are those of the original.
#[test]
fn what_is_sent_again_into_silence_is_seen() {
    let times = |name: &str| -> Vec<String> {
        run(name).beside.iter().map(|packet| packet.split(' ').next().unwrap().to_owned()).collect()
    };
    assert_eq!(times("synack_resent_into_silence"), ["0.000000", "3.010000"]);
    assert_eq!(times("data_resent_into_silence"), ["0.260000", "0.670000", "1.480000", "3.090000"]);
}
