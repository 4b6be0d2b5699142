//! `sockscope replay` from the outside: what it prints, to where, and with which exit code.

mod witness;

use std::path::Path;
use std::process::{Command, Output};

use proptest::prelude::*;
use sockscope::capture::connection::{Connection, table};
use sockscope::capture::infer::full_payload;
use sockscope::capture::inject::{Outcome, inject};
use sockscope::capture::part::Part;
use sockscope::capture::segment::Segment;
use sockscope::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder};
use stack::wire::tcp;

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

/// Runs every capture that holds a whole connection, from both ends.
fn every_replay(mut look: impl FnMut(&str, &Outcome)) {
    every_replay_of(|name, _, outcome| look(name, outcome));
}

/// The same with the connection.
fn every_replay_of(mut look: impl FnMut(&str, &Connection, &Outcome)) {
    for name in ["http", "http_noopt", "http_offload", "http_snap96", "lossy", "rst", "simclose", "zerowin"] {
        for ending in ["pcap", "pcapng"] {
            let path = capture(&format!("{name}.{ending}"));
            if !Path::new(&path).exists() {
                continue;
            }
            let capture = sockscope::capture::open(&path).unwrap();
            for connection in &table(&capture).connections {
                for own in [connection.server, connection.client] {
                    let outcome = inject(&capture, connection, own).unwrap();
                    look(&format!("{name}.{ending} as {own}"), connection, &outcome);
                }
            }
        }
    }
}

/// The data of one side put together by sequence number; octets that no segment holds are 0.
fn stream<'a>(segments: impl Iterator<Item = &'a Segment<'a>> + Clone) -> Vec<u8> {
    let Some(syn) = segments.clone().find(|segment| segment.has(tcp::SYN)) else { return Vec::new() };
    let mut data = Vec::new();
    for segment in segments {
        let bytes = full_payload(segment);
        let start = segment.data_start().wrapping_sub(syn.seq).wrapping_sub(1) as usize;
        if !bytes.is_empty() {
            data.resize(data.len().max(start + bytes.len()), 0);
            data[start..start + bytes.len()].copy_from_slice(&bytes);
        }
    }
    data
}

/// The data that the stack sent, and that the captured end sent.
fn streams(connection: &Connection, outcome: &Outcome) -> (Vec<u8>, Vec<u8>) {
    let sent: Vec<Segment> = outcome.frames.iter().filter_map(|frame| Segment::read(frame).ok()).collect();
    (stream(sent.iter()), stream(connection.segments.iter().filter(|segment| segment.source == outcome.own)))
}

#[test]
fn the_stack_sends_the_captured_data_under_the_captured_numbers() {
    let (mut checked, mut behind_at_the_end) = (0, Vec::new());
    every_replay_of(|name, connection, outcome| {
        assert_eq!((&outcome.stuck, &outcome.oops), (&None, &None), "{name}");
        let (ours, theirs) = streams(connection, outcome);
        assert!(theirs.starts_with(&ours), "{name}: the data differs");
        // What it had not sent yet when the capture ended is told.
        let behind = outcome.behind.map(|behind| (behind.sent as usize, behind.captured as usize));
        assert_eq!(behind, (ours != theirs).then_some((ours.len(), theirs.len())), "{name}");
        let first = |segments: &[Segment]| segments.iter().find(|s| s.has(tcp::SYN)).map(|s| s.seq);
        assert_eq!(first(&outcome.stack), first(&outcome.capture), "{name}: another initial sequence number");
        checked += 1;
        behind_at_the_end.extend((ours != theirs).then(|| name.to_owned()));
    });
    assert!(checked >= 18, "{checked}");
    // Its congestion window begins at one segment and grows by one in a round; a segment is never split for a small window.
    let expected = [
        "lossy.pcap as 10.9.0.2:80",
        "lossy.pcapng as 10.9.0.2:80",
        "zerowin.pcap as 10.8.0.1:38130",
        "zerowin.pcapng as 10.8.0.1:38130",
    ];
    assert_eq!(behind_at_the_end, expected);
}

#[test]
fn every_frame_of_both_sides_is_in_the_comparison_once() {
    every_replay(|name, outcome| {
        let mut ours: Vec<usize> = outcome.lines.iter().filter_map(|line| line.stack).collect();
        let mut theirs: Vec<usize> = outcome.lines.iter().filter_map(|line| line.capture).collect();
        ours.sort_unstable();
        theirs.sort_unstable();
        // Behind the end of the capture nothing is extra.
        let in_time = |place: &usize| outcome.stack[*place].time_ns <= outcome.end_ns || ours.contains(place);
        assert_eq!(ours, (0..outcome.stack.len()).filter(in_time).collect::<Vec<_>>(), "{name}");
        assert_eq!(theirs, (0..outcome.capture.len()).collect::<Vec<_>>(), "{name}");
    });
}

#[test]
fn the_run_lasts_as_long_as_the_capture() {
    every_replay(|name, outcome| {
        let lasted = outcome.journal.horizon * 1_000;
        // A second goes before the first frame, and two ticks behind the last one.
        let captured = outcome.end_ns - outcome.start_ns + 1_000_000_000 + 20_000_000;
        assert!(lasted.abs_diff(captured) <= 2 * outcome.way_ns + 1_000, "{name}: {lasted} ns for {captured} ns");
    });
}

/// The hash of the whole run of a replay at its end, as the laws of the laboratory take it.
fn hash(outcome: &Outcome) -> u64 {
    let mut run = outcome.run();
    while run.play(1000) > 0 {}
    run.head().fingerprint()
}

#[test]
fn a_replay_repeats_itself_and_has_the_same_hash() {
    let mut first = Vec::new();
    every_replay(|_, outcome| first.push((outcome.clone(), hash(outcome))));
    let mut place = 0;
    every_replay(|name, outcome| {
        assert!(first[place].0 == *outcome, "{name} ran differently the second time");
        assert_eq!(first[place].1, hash(outcome), "{name} has another hash the second time");
        place += 1;
    });
    let mut hashes: Vec<u64> = first.iter().map(|(_, hash)| *hash).collect();
    hashes.sort_unstable();
    hashes.dedup();
    // The same connection comes as pcap and as pcapng; no two others are alike.
    assert!(hashes.len() >= first.len() / 2, "{} of {}", hashes.len(), first.len());
}

/// `http_noopt.pcap` with one frame of the server whose IP header is broken, and the number of that frame: 1.2.13 throws it away,
/// and nobody sends it again.
fn broken_frame() -> (sockscope::capture::Capture, usize) {
    let mut broken = sockscope::capture::open(&capture("http_noopt.pcap")).unwrap();
    let connection = table(&broken).connections.remove(0);
    let third = connection.segments.iter().filter(|s| s.source == connection.server && s.length > 0).nth(2).unwrap();
    broken.frames[third.frame - 1].bytes[14 + 10] ^= 0x55;
    (broken, third.frame)
}

#[test]
fn data_beyond_the_window_waits_until_there_is_room() {
    use sockscope::capture::inject::stuck::Cause;
    every_replay_of(|name, connection, outcome| {
        if outcome.outside == 0 {
            return;
        }
        // No frame that the stack is given ends beyond what it has offered by then.
        let mut run = outcome.run();
        while run.play(1000) > 0 {}
        let mut edge: Option<u32> = None;
        for frame in &run.frames {
            let captured =
                sockscope::capture::CapturedFrame { bytes: frame.sent.bytes.clone(), ..outcome.frames[0].clone() };
            let Ok(segment) = Segment::read(&captured) else { continue };
            if !frame.from_outside && segment.has(tcp::ACK) {
                edge = Some(segment.ack.wrapping_add(segment.offered_window()));
            } else if frame.from_outside && segment.length > 0 {
                let end = segment.data_start().wrapping_add(segment.length);
                assert!(edge.unwrap().wrapping_sub(end).cast_signed() >= 0, "{name}: {end} is beyond the window");
            }
        }
        assert!(connection.segments.len() > outcome.outside && outcome.waiting <= outcome.outside, "{name}");
    });
    // A frame is missing for ever: the window does not open again, and that is told with what was thrown away.
    let (capture, number) = broken_frame();
    let connection = table(&capture).connections.remove(0);
    let outcome = inject(&capture, &connection, connection.client).unwrap();
    assert!(outcome.outside > 0 && outcome.waiting > 0, "{} {}", outcome.outside, outcome.waiting);
    let stuck = outcome.stuck.as_ref().unwrap();
    assert_eq!((stuck.cause, stuck.discard.map(|(frame, _)| frame)), (Cause::Window, Some(number)));
    let told = sockscope::capture::report::verdict(&outcome, sockscope::i18n::Lang::En).join("\n");
    let sentence = format!("Stuck at frame {}, ", stuck.frame);
    assert!(told.contains(&sentence) && told.contains("its data ends beyond the window of 1.2.13"), "{told}");
    assert!(!outcome.is_same());
}

#[test]
fn a_replay_is_a_run_that_can_be_walked() {
    every_replay(|name, outcome| {
        let mut run = outcome.run();
        while run.play(1000) > 0 {}
        let sent = run.frames.iter().filter(|frame| !frame.from_outside);
        let sent: Vec<&[u8]> = sent.map(|frame| frame.sent.bytes.as_slice()).collect();
        let expected: Vec<&[u8]> = outcome.frames.iter().map(|frame| frame.bytes.as_slice()).collect();
        assert!(sent == expected, "{name}: the walk sends {} frames, the replay {}", sent.len(), expected.len());
    });
}

#[test]
fn tshark_finds_nothing_wrong_with_what_the_stack_sent() {
    every_replay(|name, outcome| {
        let path = std::env::temp_dir().join(format!("sockscope-sent-{}.pcapng", std::process::id()));
        let interface = RecordedInterface { name: "A.eth0".to_owned(), hardware_address: [2; 6] };
        let mut recorder = Recorder::new(Vec::new(), &[interface]).unwrap();
        for frame in &outcome.frames {
            let (time_ns, direction, bytes) = (frame.time_ns, frame.direction, frame.bytes.as_slice());
            recorder.frame(&RecordedFrame { interface: 0, time_ns, direction, bytes, comments: &[] }).unwrap();
        }
        std::fs::write(&path, recorder.finish().unwrap()).unwrap();
        let filter = "tcp && (_ws.malformed || tcp.checksum.status != Good || ip.checksum.status != Good)";
        let checks = ["-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE"];
        let mut tshark = Command::new("tshark");
        tshark.args(["-n", "-r", path.to_str().unwrap(), "-Y", filter]).args(checks);
        let answer = witness::output(&mut tshark);
        std::fs::remove_file(&path).unwrap();
        let Some(output) = answer else { return };
        assert!(output.status.success(), "{}", text(&output.stderr));
        assert_eq!(text(&output.stdout), "", "{name}");
    });
}

#[test]
fn a_refused_connection_is_the_same_thirty_years_on() {
    let output = replay(&[&capture("rst.pcap"), "--connection", "1", "--strict", "--all"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("R.  0:0(0) ack 1 win 0") && said.contains("sends 1: 1 same."), "{said}");
}

#[test]
fn only_decisions_are_failures_and_only_where_strict_asks() {
    // A FIN where the captured end sends a reset: 1.2.13 does not mind unread data.
    let reset = [capture("rst.pcap"), "--connection".to_owned(), "2".to_owned()];
    let reset: Vec<&str> = reset.iter().map(String::as_str).collect();
    let output = replay(&reset);
    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(said.contains("Linux 1.2.13 in the place of 10.8.0.2:5555"), "{said}");
    assert!(said.contains("First decision that differs, at 0.000274 s: F. 1:1(0) ack 301 win 14335: extra"), "{said}");
    assert_eq!(replay(&[&reset[..], &["--strict"]].concat()).status.code(), Some(1));
    // What was decided in 1995 is told once, and is no failure.
    let output = replay(&[&capture("simclose.pcap"), "--as", "10.9.0.1", "--strict"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("1 x  its SYN offers a window of 512. [tcp_connect active_open/plain]"), "{said}");
    assert!(said.contains("Same stream and same decisions.") && !said.contains("compared with"), "{said}");
    let all = text(&replay(&[&capture("simclose.pcap"), "--as", "10.9.0.1", "--all"]).stdout);
    assert!(all.contains("window 512, captured 64240; mss 1436, captured 1460; options -, captured sackOK"), "{all}");
}

#[test]
fn json_has_one_object_per_frame_and_a_verdict() {
    let output = replay(&[&capture("rst.pcap"), "--connection", "2", "--json"]);
    let values: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let head = values.first().unwrap();
    assert_eq!((&head["kind"], &head["version"]), (&serde_json::json!("replay"), &serde_json::json!(2)));
    assert_eq!((&head["vantage"]["place"], &head["delay_s"]), (&"near both".into(), &"0.000000".into()));
    let verdict = values.last().unwrap();
    assert_eq!((&verdict["kind"], &verdict["same"]), (&serde_json::json!("verdict"), &serde_json::json!(false)));
    let frames = values.len() - 2;
    let counted: u64 = verdict["counts"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(u64::try_from(frames).unwrap(), counted);
    assert_eq!(verdict["decisions"], serde_json::json!({ "extra": 1, "missing": 1 }));
    let window = serde_json::json!({ "function": "sock_rspace", "scene": "kept/largest_window" });
    let of_window = |class: &&serde_json::Value| class["class"] == "window";
    let window_class = verdict["classes"].as_array().unwrap().iter().find(of_window).unwrap();
    assert_eq!((&window_class["count"], &window_class["entries"][0]), (&2.into(), &window));
    assert!(values.iter().any(|value| value["relation"] == "missing" && value["frame"] == 8), "{values:?}");
}

#[test]
fn the_answer_is_in_the_language_of_the_user() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let arguments = ["replay", &capture("rst.pcap"), "--connection", "2"];
    let output = command.args(arguments).env("LC_ALL", "zh_CN.UTF-8").output().unwrap();
    let said = text(&output.stdout);
    assert!(said.contains("由 Linux 1.2.13 代替 10.8.0.2:5555") && said.contains("多出"), "{said}");
    assert!(!said.contains("differs") && !said.contains("First decision"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// A capture damaged at random places, frames and timestamps included: the stack and everything around it take
    /// it without a panic, and the run ends.
    #[test]
    fn damaged_captures_are_replayed_without_panic(
        which in 0_usize..3,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..60),
    ) {
        let name = ["simclose.pcap", "rst.pcap", "zerowin.pcap"][which];
        let mut bytes = std::fs::read(capture(name)).unwrap();
        for (place, value) in damage {
            let place = 24 + place.index(bytes.len() - 24);
            bytes[place] = value;
        }
        let capture = sockscope::capture::read::parse(&bytes).unwrap();
        for connection in &table(&capture).connections {
            for own in [connection.server, connection.client] {
                if let Ok(outcome) = inject(&capture, connection, own) {
                    prop_assert!(outcome.frames.len() < 100_000);
                }
            }
        }
    }
}

#[test]
fn captures_and_recordings_open_as_runs_and_others_say_why_not() {
    use sockscope::open::capture as captures;
    let mut run = captures::open(&capture("simclose.pcapng"), &Part::default()).unwrap().run;
    while run.play(1000) > 0 {}
    assert!(run.frames.iter().any(|frame| frame.from_outside) && run.states.len() > 4, "{}", run.states.len());
    let refusal = |path: &str| captures::open(path, &Part::default()).map(|_| ()).unwrap_err();
    assert!(refusal(&capture("rst.pcap")).words.en.contains("has 2 IPv4 TCP connections"));
    let first = Part { connection: Some(1), ..Part::default() };
    assert!(captures::open(&capture("rst.pcap"), &first).is_ok());
    let third = Part { connection: Some(3), ..Part::default() };
    assert!(captures::open(&capture("rst.pcap"), &third).is_err());
    assert!(captures::is_capture(Path::new(&capture("http.pcap"))));
    assert!(!captures::is_capture(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))));
}

#[test]
fn a_recording_opens_as_the_run_it_was_made_of() {
    use sockscope::open::capture as captures;
    use sockscope::recording::journal::encode;
    use stack::include::config::Config;
    use stack::lab::beginning::Beginning;
    let beginning = Beginning::alone("A", Config::of_host(1));
    let mut recorder = Recorder::new(Vec::new(), &[]).unwrap();
    let mut journal = stack::lab::journal::Journal::default();
    journal.add(77, stack::lab::journal::Act::Mark("here".to_owned()));
    recorder.journal(encode(&beginning, &journal).as_bytes());
    let path = std::env::temp_dir().join(format!("sockscope-recording-{}.pcapng", std::process::id()));
    std::fs::write(&path, recorder.finish().unwrap()).unwrap();
    let mut run = captures::open(path.to_str().unwrap(), &Part::default()).unwrap().run;
    std::fs::remove_file(&path).unwrap();
    while run.play(1000) > 0 {}
    assert_eq!(run.marks.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["here"]);
    assert_eq!(run.journal, journal);
}

#[test]
fn a_conversation_that_never_came_about_is_told_at_its_first_frame() {
    // Whatever the client sends behind its SYN is broken: 1.2.13 has answered, and nobody is there.
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/cases/plain_conversation.pcap");
    let mut capture = sockscope::capture::open(path).unwrap();
    let mut connection = table(&capture).connections.remove(0);
    connection.segments.truncate(5);
    let of_client = connection.segments.iter().filter(|s| s.source == connection.client);
    for segment in of_client.clone().skip(1) {
        capture.frames[segment.frame - 1].bytes[14 + 10] ^= 0x55;
    }
    let outcome = inject(&capture, &connection, connection.server).unwrap();
    let stuck = outcome.stuck.as_ref().unwrap();
    assert_eq!(stuck.frame, of_client.clone().next().unwrap().frame);
    assert!(stuck.discard.is_some_and(|(frame, _)| of_client.skip(1).any(|segment| segment.frame == frame)));
    assert!(!outcome.is_same());
}
