//! Whose conversation a line of a script is about, which descriptors it may name, and how many packets it stands for: small
//! scripts, each with the verdict that packetdrill gives on this stack. Where this program is wider on purpose, the script
//! says so.

use stack::lab::conformance::{Reading, Run, compare, run_script};
use stack::lab::script::parse;

mod verdicts;

use verdicts::Scripts;

const SOCKETS: Scripts = Scripts("sockets");

/// The scripts, and how the first objection to each begins; none where it passes.
const SCRIPTS: [(&str, &str); 35] = [
    ("ack_left_out", ""),
    ("client_then_server", ""),
    ("closed_name", "4: runtime error in read call: unable to find fd with script fd 3"),
    ("first_is_no_syn", ""),
    ("glued_ack", ""),
    (
        "glued_datagrams",
        "6: error handling packet: live packet field udp_len: expected: 208 (0xd0) vs actual: 108 (0x6c)",
    ),
    ("glued_pieces", ""),
    ("name_again", ""),
    ("name_twice", "9: runtime error in socket call: duplicate fd 4 in script"),
    ("new_socket", "11: error handling packet: Timed out waiting for packet"),
    ("no_line_for_syn", "6: error handling packet: Timed out waiting for packet"),
    ("no_line_for_syn_and_ack", "7: runtime error in accept call: the call never returned"),
    ("no_name", "3: runtime error in poll call: unable to find fd with script fd 9"),
    ("old_client", "13: error handling packet: Timed out waiting for packet"),
    ("old_client_between", ""),
    ("old_datagram_socket", "10: runtime error in recvfrom call: Expected result 30 but got -1 EAGAIN"),
    ("only_what_happens", ""),
    ("other_ack", "25: error handling packet: live packet field tcp_ack_seq: expected: 1 (0x1) vs actual: 11 (0xb)"),
    ("other_protocol", ""),
    ("port_in_use", ""),
    ("reconnect", ""),
    ("reset_counts", "10: error handling packet: live packet field tcp_seq: expected: 0 (0x0) vs actual: "),
    ("same_listener", "10: error handling packet: live packet field tcp_syn: expected: 1 (0x1) vs actual: 0 (0x0)"),
    ("same_port_again", ""),
    ("second_server", ""),
    ("server_then_client", ""),
    ("strict_segments", "26: error handling packet: live packet payload: expected 250 bytes vs actual 100 bytes"),
    ("two_clients", ""),
    ("two_datagram_sockets", ""),
    ("two_silent_clients", ""),
    ("unasked_handshake", "7: runtime error in accept call: unable to find socket matching accept() call"),
    (
        "unequal_pieces",
        "25: error handling packet: fragment payload: expected 100 bytes vs actual 50 bytes; total payload: expected 250 bytes vs actual 150 bytes",
    ),
    ("written_ports", ""),
    ("wrong_ports", "5: error handling packet: Timed out waiting for packet"),
    ("zero_ack", "12: error handling packet: live packet payload: expected 200 bytes vs actual 0 bytes"),
];

fn run(name: &str) -> Run {
    SOCKETS.run(name)
}

#[test]
fn each_has_its_verdict_and_says_what_it_shows() {
    SOCKETS.have(&SCRIPTS);
    for (name, _) in SCRIPTS {
        assert!(SOCKETS.text(name).starts_with("// "), "{name} says what it shows");
    }
}

/// What a socket sends that is no longer under test stands beside the script, with its ports.
#[test]
fn what_an_older_socket_sends_is_beside() {
    assert_eq!(run("old_client_between").beside, ["0.200000 1026 > 8080 P. 1:11(10) ack 1 win 14335"]);
    assert!(run("second_server").beside.is_empty());
}

/// A number that is left out counts like any other where the ACK flag stands; where it does not stand, a number is literal, and
/// the edges of a SACK block count like an acknowledgement.
#[test]
fn acknowledgement_numbers_are_packetdrill_s() {
    let run = run("ack_left_out");
    let frames: Vec<&[u8]> = run.frames.iter().map(|frame| &frame.bytes[14..]).collect();
    let number = |frame: &[u8], at: usize| u32::from_be_bytes(frame[at..at + 4].try_into().unwrap());
    let answer = frames.iter().find(|frame| frame[33] == 0x12).expect("the SYN and ACK");
    let initial = number(answer, 24);
    let [.., without_number, without_flag] =
        frames.iter().filter(|frame| frame[33] & 0x08 != 0).collect::<Vec<_>>()[..]
    else {
        panic!("two segments with data")
    };
    assert_eq!(number(without_number, 28), initial);
    assert_eq!(number(without_flag, 28), 7);
    assert_eq!(number(without_flag, 44), initial.wrapping_add(5));
    assert!(run.names, "beside a recording they would be others");
}

/// Whatever the lines of a script meant, those that are written of it mean again.
#[test]
fn what_is_written_of_a_run_is_read_as_it_was() {
    for name in ["server_then_client", "second_server", "two_clients", "two_datagram_sockets", "two_silent_clients"] {
        let run = run(name);
        assert!(run.names, "{name} cannot stand beside a recording that has one flow");
        let text = run.script.to_string();
        let again = parse(&text).unwrap();
        let second = run_script(&again, Reading::Packetdrill).unwrap();
        assert_eq!(compare(&again, &second), [], "{name}");
        assert_eq!(second.frames, run.frames, "{name}");
    }
    assert!(!run("unequal_pieces").names, "one server, one flow");
}
