//! One capture of every kind: for each file of `captures/` here (and its whole siblings in `assets/captures`) what is right for it.
//! Under every encapsulation the same conversation gives the same report, word for word; what belongs to no connection is counted
//! under its name; what the capture has of a datagram reaches the stack octet for octet.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sockscope::capture::connection::{Connection, Table, table};
use sockscope::capture::infer::full_payload;
use sockscope::capture::inject::inject;
use sockscope::capture::segment::{Endpoint, Segment};
use sockscope::capture::wire::Wire;
use sockscope::capture::{self, Capture, DamageKind};

fn here(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures").join(name)
}

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures").join(name)
}

fn open(path: &Path) -> Capture {
    capture::open(path.to_str().unwrap()).unwrap()
}

fn kind(name: &str) -> Capture {
    open(&here(&format!("kinds/{name}")))
}

fn case(name: &str) -> Capture {
    open(&here(&format!("cases/{name}")))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn sockscope(command: &str, file: &Path, arguments: &[&str]) -> Output {
    let mut sockscope = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    sockscope.arg(command).arg(file).args(arguments).env("LC_ALL", "C").output().unwrap()
}

/// What `replay --headless` prints with the stack at one end.
fn report(file: &Path, end: &str) -> String {
    let output = sockscope("replay", file, &["--headless", "--all", "--as", end]);
    assert!(output.status.success(), "{}: {}", file.display(), text(&output.stderr));
    text(&output.stdout)
}

/// The frames of a table: those of connections, and the others by name.
fn sorted(table: &Table) -> (Vec<usize>, Vec<(String, usize)>) {
    let frames = |segment: &Segment| 1 + segment.fragments.len();
    let connections = table.connections.iter().map(|connection| connection.segments.iter().map(frames).sum());
    (connections.collect(), table.others.iter().map(|(kind, count)| (kind.to_string(), *count)).collect())
}

const CHAT: [&str; 2] = ["10.8.0.2:7", "10.8.0.1:40100"];

/// Every file, with the frames of each of its connections (those captured twice once), and what else is in it.
const FILES: [(&str, &[usize], &[(&str, usize)]); 39] = [
    ("kinds/broadcast_mac.pcap", &[42], &[]),
    ("kinds/chat.pcap", &[42], &[]),
    ("kinds/chat_client_frame_missed.pcap", &[41], &[]),
    ("kinds/chat_seen_from_client_30ms.pcap", &[42], &[]),
    ("kinds/chat_server_frame_missed.pcap", &[41], &[]),
    ("kinds/comment_latin1.pcapng", &[42], &[]),
    ("kinds/cut.pcap", &[27], &[]),
    ("kinds/cut.pcap.gz", &[23], &[]),
    ("kinds/empty.pcap", &[], &[]),
    ("kinds/gre.pcap", &[42], &[]),
    ("kinds/ip_fragments.pcap", &[72], &[]),
    ("kinds/ip_options.pcap", &[42], &[]),
    ("kinds/ipv6_beside_ipv4.pcap", &[42], &[("IPv6", 1)]),
    ("kinds/ipv6_only.pcap", &[], &[("IPv6", 1)]),
    ("kinds/loop_openbsd.pcap", &[42], &[]),
    ("kinds/loopback_ethernet.pcap", &[42], &[]),
    ("kinds/mpls.pcap", &[42], &[]),
    ("kinds/no_syn.pcap", &[39], &[]),
    ("kinds/null_loopback.pcap", &[42], &[]),
    ("kinds/one_sided.pcap", &[28], &[]),
    ("kinds/pppoe.pcap", &[42], &[]),
    ("kinds/qinq.pcap", &[42], &[]),
    ("kinds/raw_ip.pcap", &[42], &[]),
    ("kinds/raw_ipv4.pcap", &[42], &[]),
    ("kinds/simultaneous_open.pcap", &[6], &[]),
    ("kinds/snap54.pcap", &[30], &[]),
    ("kinds/snap68.pcap", &[30], &[]),
    ("kinds/span_doubled.pcap", &[42], &[]),
    ("kinds/vlan.pcap", &[42], &[]),
    ("cases/answer_resent_into_silence.pcap", &[10], &[]),
    ("cases/client_syn_into_silence.pcap", &[4], &[]),
    ("cases/cut_gzip.pcap.gz", &[10], &[]),
    ("cases/ip_options_on_data.pcap", &[11], &[]),
    ("cases/null_loopback.pcap", &[11], &[]),
    ("cases/peer_segment_in_fragments.pcap", &[12], &[]),
    ("cases/plain_conversation.pcap", &[11], &[]),
    ("cases/sll.pcap", &[11], &[]),
    ("cases/sll2.pcap", &[11], &[]),
    ("cases/vlan.pcap", &[11], &[]),
];

#[test]
fn every_file_has_its_frames_connections_and_others() {
    for (name, connections, others) in FILES {
        let capture = open(&here(name));
        let others: Vec<(String, usize)> = others.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect();
        assert_eq!(sorted(&table(&capture)), (connections.to_vec(), others), "{name}");
    }
    for folder in ["kinds", "cases"] {
        for entry in std::fs::read_dir(here(folder)).unwrap() {
            let name = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
            assert!(FILES.iter().any(|(known, ..)| *known == name), "nothing is said of {name}");
        }
    }
}

#[test]
fn the_same_conversation_under_every_encapsulation_is_the_same_report() {
    for end in CHAT {
        let chat = report(&here("kinds/chat.pcap"), end);
        assert!(chat.contains("The captured end sent"), "{chat}");
        for name in ["vlan", "qinq", "mpls", "pppoe", "gre", "null_loopback", "loop_openbsd", "raw_ip", "raw_ipv4"] {
            assert_eq!(report(&here(&format!("kinds/{name}.pcap")), end), chat, "{name}");
        }
        assert_eq!(report(&here("kinds/ip_options.pcap"), end), chat);
        assert_eq!(report(&here("kinds/comment_latin1.pcapng"), end), chat);
    }
    for end in ["10.9.0.2:80", "10.9.0.1:40000"] {
        let plain = report(&here("cases/plain_conversation.pcap"), end);
        for name in ["null_loopback", "sll", "sll2", "vlan", "ip_options_on_data"] {
            assert_eq!(report(&here(&format!("cases/{name}.pcap")), end), plain, "{name}");
        }
    }
}

#[test]
fn frames_to_everybody_and_from_nobody_are_told_and_change_nothing_else() {
    let [server, client] = CHAT.map(|end| report(&here("kinds/chat.pcap"), end));
    let broadcast = here("kinds/broadcast_mac.pcap");
    let notice =
        "Captured frames went to ff:ff:ff:ff:ff:ff, which is no host's address: the stack is given them as 02:";
    let (same, told) = without_lines_with(&report(&broadcast, CHAT[0]), notice);
    assert_eq!((same, told), (server.clone(), 1));
    assert_eq!(report(&broadcast, CHAT[1]), client, "as the client nothing is readdressed");
    for (chat, own) in [(server, "127.0.0.1:7"), (client, "127.0.0.1:40100")] {
        let loopback = report(&here("kinds/loopback_ethernet.pcap"), own);
        let (same, told) = without_lines_with(&loopback, "are no two hosts of an Ethernet");
        let chat = chat.replace("10.8.0.1:", "127.0.0.1:").replace("10.8.0.2:", "127.0.0.1:");
        assert_eq!((same, told), (chat, 1), "{loopback}");
    }
}

/// The text without the lines that have `words` in them, and how many those are.
fn without_lines_with(text: &str, words: &str) -> (String, usize) {
    let others: Vec<&str> = text.lines().filter(|line| !line.contains(words)).collect();
    (others.join("\n") + "\n", text.lines().count() - others.len())
}

#[test]
fn ipv6_beside_a_connection_does_not_disturb_it() {
    let without_numbers = |report: &str| -> Vec<String> {
        report.lines().map(|line| line.get(20..).filter(|_| line.starts_with(' ')).unwrap_or(line).to_owned()).collect()
    };
    let [chat, beside] = ["chat", "ipv6_beside_ipv4"].map(|name| report(&here(&format!("kinds/{name}.pcap")), CHAT[0]));
    assert_ne!(chat, beside, "the frames have other numbers");
    assert_eq!(without_numbers(&chat), without_numbers(&beside));
}

/// The data that one end sent, by sequence number.
fn stream(connection: &Connection, end: Endpoint) -> Vec<u8> {
    let from_end = || connection.segments.iter().filter(|segment| segment.source == end);
    let first = from_end().find(|segment| segment.has(stack::wire::tcp::SYN)).unwrap().data_start();
    let mut data = Vec::new();
    for segment in from_end() {
        let (bytes, start) = (full_payload(segment), segment.data_start().wrapping_sub(first) as usize);
        if !bytes.is_empty() {
            data.resize(data.len().max(start + bytes.len()), 0);
            data[start..start + bytes.len()].copy_from_slice(&bytes);
        }
    }
    data
}

#[test]
fn fragments_are_put_together_for_reading() {
    let (whole, fragments) = (open(&asset("http_noopt.pcap")), kind("ip_fragments.pcap"));
    let (whole, table) = (table(&whole), table(&fragments));
    let [whole, connection] = [&whole, &table].map(|table| table.connections.first().unwrap());
    let shape = |segment: &Segment| (segment.source, segment.seq, segment.ack, segment.flags, segment.length);
    let count = connection.segments.len();
    assert!(count > 20, "{count}");
    assert_eq!(
        connection.segments.iter().map(shape).collect::<Vec<_>>(),
        whole.segments.iter().take(count).map(shape).collect::<Vec<_>>()
    );
    assert!(stream(whole, whole.server).starts_with(&stream(connection, connection.server)));
    assert!(connection.segments.iter().any(|segment| segment.fragments.len() >= 3));
    assert!(connection.segments.iter().all(|segment| segment.checksum_right == Some(true)));
    assert_eq!(sorted(&table), (vec![fragments.frames.len()], Vec::new()), "every fragment is accounted for");
}

/// The frames that the stack at `own` is given, in order.
fn given(capture: &Capture, own: fn(&Connection) -> Endpoint) -> Vec<Vec<u8>> {
    let table = table(capture);
    let connection = table.connections.first().unwrap();
    let outcome = inject(capture, connection, own(connection)).unwrap();
    assert_eq!((outcome.stuck.is_some(), outcome.oops.as_ref(), outcome.changed), (false, None, 0));
    let mut run = outcome.run();
    while run.play(1000) > 0 {}
    run.frames.iter().filter(|frame| frame.from_outside).map(|frame| frame.sent.bytes.clone()).collect()
}

#[test]
fn options_and_fragments_reach_the_stack_octet_for_octet() {
    for (name, own) in [
        ("kinds/ip_options.pcap", (|c| c.server) as fn(&Connection) -> Endpoint),
        ("cases/ip_options_on_data.pcap", |c| c.server),
        ("cases/peer_segment_in_fragments.pcap", |c| c.server),
    ] {
        let capture = open(&here(name));
        let connection = &table(&capture).connections[0];
        let peer = connection.segments.iter().filter(|segment| segment.source != own(connection));
        let numbers = peer.flat_map(|segment| segment.fragments.iter().copied().chain([segment.frame]));
        let captured: Vec<Vec<u8>> = numbers.map(|number| capture.frames[number - 1].bytes.clone()).collect();
        assert_eq!(given(&capture, own), captured, "{name}");
    }
}

#[test]
fn a_datagram_from_another_link_is_the_same_datagram() {
    let own: fn(&Connection) -> Endpoint = |connection| connection.server;
    let datagram = |frame: &Vec<u8>| frame[14..14 + usize::from(frame[16]) * 256 + usize::from(frame[17])].to_vec();
    let datagrams = |frames: &[Vec<u8>]| -> Vec<Vec<u8>> { frames.iter().map(datagram).collect() };
    let plain = datagrams(&given(&kind("chat.pcap"), own));
    for name in ["vlan", "qinq", "mpls", "pppoe", "gre", "null_loopback", "loop_openbsd", "raw_ip", "raw_ipv4"] {
        assert!(datagrams(&given(&kind(&format!("{name}.pcap")), own)) == plain, "{name}");
    }
}

#[test]
fn a_snap_length_of_54_leaves_what_the_headers_say() {
    let whole = table(&open(&asset("http.pcap")));
    let whole = whole.connections.first().unwrap();
    for (name, snap) in [("snap68.pcap", 68), ("snap54.pcap", 54)] {
        let capture = kind(name);
        let table = table(&capture);
        let connection = table.connections.first().unwrap();
        assert!(capture.frames.iter().all(|frame| frame.bytes.len() <= snap) && table.others.is_empty());
        let shape = |segment: &Segment| (segment.source, segment.seq, segment.ack, segment.window, segment.length);
        let all = |connection: &Connection| connection.segments.iter().map(shape).collect::<Vec<_>>();
        assert!(all(whole).starts_with(&all(connection)) && connection.segments.len() > 20, "{name}");
        // 54 octets end before the options of the SYN, 68 behind the largest segment size in them.
        let assumed = Wire::of(connection, connection.server).segment_size();
        assert_eq!(assumed.is_some(), snap == 54, "{name}");
    }
}

#[test]
fn what_is_cut_is_used_and_told_in_one_sentence_everywhere() {
    let says = |name: &str| {
        let path = here(name);
        let replay = sockscope("replay", &path, &["--headless"]);
        let trace = sockscope("trace", &path, &[]);
        let export = sockscope("export", &path, &["--format", "mermaid"]);
        let sentences = [replay, trace, export].map(|output| {
            assert!(output.status.success() && !output.stdout.is_empty(), "{name}: {}", text(&output.stderr));
            text(&output.stderr)
        });
        assert!(sentences.iter().all(|sentence| *sentence == sentences[0]), "{name}: {sentences:?}");
        sentences[0].clone()
    };
    let file = says("kinds/cut.pcap");
    assert!(file.contains("cut.pcap is truncated after frame 27: "), "{file}");
    let packed = says("kinds/cut.pcap.gz");
    assert!(packed.contains("cut.pcap.gz is truncated after frame 23: "), "{packed}");
    let capture = case("cut_gzip.pcap.gz");
    assert_eq!((capture.frames.len(), capture.damage.map(|damage| damage.kind)), (10, Some(DamageKind::Unpacked)));
    assert!(says("cases/cut_gzip.pcap.gz").contains("truncated after frame 10: "));
}

#[test]
fn a_capture_without_a_frame_says_so() {
    for command in ["trace", "export"] {
        let output = sockscope(
            command,
            &here("kinds/empty.pcap"),
            &["--format", "text"][..usize::from(command == "export") * 2],
        );
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("is empty"), "{}", text(&output.stderr));
    }
}
