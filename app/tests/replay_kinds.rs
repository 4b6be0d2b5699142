//! What 1.2.13 does in the place of one end, for one small capture of every kind: what the README beside each of them says is
//! right. The files stand in `tests/captures`.

use std::path::Path;
use std::process::Command;

fn path(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures").join(name).to_str().unwrap().to_owned()
}

/// What `sockscope replay` says of a capture.
fn replay(name: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let output =
        command.args(["replay", &path(name), "--headless"]).args(arguments).env("LC_ALL", "C").output().unwrap();
    assert!(output.stderr.is_empty(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The JSON lines of the same.
fn json(name: &str, arguments: &[&str]) -> Vec<serde_json::Value> {
    let said = replay(name, &[arguments, &["--json"]].concat());
    said.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The words of a report without the line that tells of ghosts, its counts, and the place of capture.
fn essence(report: &str) -> Vec<String> {
    let kept = report.lines().filter(|line| !line.contains("The capture missed") && !line.starts_with("Linux"));
    kept.map(|line| line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()).to_owned()).collect()
}

const CLIENT: &[&str] = &["--as", "10.8.0.1"];
const SERVER: &[&str] = &["--as", "10.8.0.2"];

#[test]
fn the_chat_is_the_same_from_either_end() {
    for end in [CLIENT, SERVER] {
        let said = replay("kinds/chat.pcap", &[end, &["--strict"]].concat());
        assert!(said.contains("Same stream and same decisions."), "{said}");
    }
}

#[test]
fn a_frame_that_the_capture_missed_is_a_ghost_and_nothing_else_changes() {
    for (name, end, whose) in [
        ("kinds/chat_client_frame_missed.pcap", "10.8.0.1:40100", "own"),
        ("kinds/chat_server_frame_missed.pcap", "10.8.0.2:7", "own"),
        ("kinds/chat_client_frame_missed.pcap", "10.8.0.2:7", "peer"),
        ("kinds/chat_server_frame_missed.pcap", "10.8.0.1:40100", "peer"),
    ] {
        let said = replay(name, &["--as", end]);
        assert!(said.contains("1 ghost frame with 20 octets, inferred from the acknowledgements"), "{name}: {said}");
        let whole = replay("kinds/chat.pcap", &["--as", end]);
        let verdict = |said: &str| said.lines().last().unwrap().split(':').next().unwrap().to_owned();
        assert_eq!(verdict(&said), verdict(&whole), "{name} as {end}");
        assert_eq!(essence(&said).len(), essence(&whole).len(), "{name} as {end}: {said}");
        let values = json(name, &["--as", end]);
        let ghosts = &values.last().unwrap()["ghosts"];
        assert_eq!(ghosts[whose], serde_json::json!({ "frames": 1, "octets": 20 }), "{name} as {end}");
        let marked = values.iter().filter(|value| value["ghost"] == true).count();
        assert_eq!(marked, usize::from(whose == "own"), "{name} as {end}");
    }
}

#[test]
fn a_ghost_stands_where_the_frame_was() {
    let values = json("kinds/chat_client_frame_missed.pcap", CLIENT);
    let ghost = values.iter().find(|value| value["ghost"] == true).unwrap();
    assert_eq!((&ghost["relation"], &ghost["capture"]["time_s"]), (&"same".into(), &"0.168600".into()));
    assert!(ghost.get("frame").is_none(), "{ghost}");
    let all = replay("kinds/chat_client_frame_missed.pcap", &[CLIENT, &["--all"]].concat());
    assert!(all.lines().any(|line| line.contains("ghost  P.  41:61(20)") && line.ends_with("same")), "{all}");
}

#[test]
fn a_capture_of_one_side_is_completed() {
    let said = replay("kinds/one_sided.pcap", CLIENT);
    assert!(said.contains("sent: 14 ghost frames with 240 octets") && said.contains("Same stream"), "{said}");
    let as_server = replay("kinds/one_sided.pcap", SERVER);
    assert!(as_server.contains("Same stream and same decisions."), "{as_server}");
}

#[test]
fn the_way_to_the_place_of_capture_makes_nothing_early() {
    for end in [CLIENT, SERVER] {
        let said = replay("kinds/chat_seen_from_client_30ms.pcap", &[end, &["--strict"]].concat());
        assert!(said.contains("captured at the client"), "{said}");
        assert!(said.contains("Same stream and same decisions.") && !said.contains("earlier"), "{said}");
    }
    let server = replay("kinds/chat_seen_from_client_30ms.pcap", SERVER);
    assert!(server.contains("1.2.13 0.017000 s away from there"), "{server}");
    let head = &json("kinds/chat_seen_from_client_30ms.pcap", SERVER)[0];
    assert_eq!((&head["vantage"]["server_s"], &head["delay_s"]), (&"0.034000".into(), &"0.017000".into()));
}

#[test]
fn timers_run_while_the_peer_is_silent_and_not_behind_the_end() {
    // 1.2.13 sends the answer again four times within the capture, at its own times.
    let said = replay("cases/answer_resent_into_silence.pcap", &[]);
    assert!(!said.contains("missing") && !said.contains("extra"), "{said}");
    let resent = said.lines().filter(|line| line.contains("P.  1:25(24)")).map(str::trim_start);
    let times: Vec<&str> = resent.map(|line| &line[..4]).collect();
    assert_eq!(times, ["0.26", "0.67", "1.48", "3.09"], "{said}");
    let values = json("cases/client_syn_into_silence.pcap", &["--as", "10.9.0.1"]);
    let third = values.iter().find(|value| value["frame"] == 3).unwrap();
    assert_eq!((&third["stack"]["time_s"], &third["decides"]), (&"3.010000".into(), &false.into()), "{third}");
}

#[test]
fn what_begins_in_the_middle_is_refused_in_one_sentence() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let output =
        command.args(["replay", &path("kinds/no_syn.pcap"), "--headless"]).env("LC_ALL", "C").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the beginning of 10.8.0.1:40100 -> 10.8.0.2:7 is not"));
}

#[test]
fn the_captured_reader_pauses_and_so_does_that_of_1_2_13() {
    let zerowin = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures/zerowin.pcap");
    let said = replay(zerowin, &[]);
    assert!(said.contains("no window is offered in 4 frames, the first is frame 21"), "{said}");
    // Its buffer holds all that the reader leaves there: no window of zero, and that is said.
    assert!(said.contains("its window never closes: 6385 at the smallest"), "{said}");
    let verdict = json(zerowin, &[]).pop().unwrap();
    let pauses = serde_json::json!({ "captured": 4, "first_frame": 21, "stack": 0, "smallest": 6385 });
    assert_eq!(verdict["pauses"], pauses);
}

/// Records a scene of the program's own laboratory.
fn recorded(scene: &str, name: &str) -> std::path::PathBuf {
    let file = std::env::temp_dir().join(format!("sockscope-lab-{name}-{}.pcapng", std::process::id()));
    let scene = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/scenes").join(scene);
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let output = command.arg("export").arg(scene).args(["--format", "pcapng", "-o"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    file
}

#[test]
fn a_recording_of_two_hosts_is_the_same_from_either_end() {
    for scene in ["handshake", "lost_ack", "lost_syn", "simultaneous_close", "two_readers"] {
        let file = recorded(&format!("gallery/{scene}.pkt"), scene);
        for end in ["10.0.0.1", "10.0.0.2"] {
            let said = replay(file.to_str().unwrap(), &["--as", end, "--strict"]);
            let mut lines = said.lines().filter(|line| !line.contains("lost behind the place of capture"));
            assert!(lines.next().is_some_and(|title| title.starts_with("Linux 1.2.13 in the place of")), "{said}");
            assert!(lines.next().is_some_and(|line| line.starts_with("Same stream and same decisions.")), "{said}");
            assert_eq!(lines.next(), None, "{scene} as {end}: {said}");
        }
        std::fs::remove_file(&file).unwrap();
    }
}

#[test]
fn a_probe_of_a_closed_window_tells_of_data_that_waits() {
    let file = recorded("gallery/zero_window.pkt", "zero-window");
    for (end, marks) in [("10.0.0.2", 8), ("10.0.0.1", 0)] {
        let values = json(file.to_str().unwrap(), &["--as", end]);
        let verdict = values.last().unwrap();
        let missing = values.iter().filter(|value| value["relation"] == "missing" && value["decides"] == true).count();
        assert_eq!((missing, verdict["counts"]["extra"].as_u64()), (0, None), "{end}: {verdict}");
        // A reader of 1.2.13 closes the same windows.
        let closed = values.iter().filter(|value| value["stack"]["window"] == 0).count();
        assert_eq!(closed, marks, "{end}");
        assert_eq!(verdict["pauses"]["stack"].as_u64().unwrap_or(0), marks as u64, "{end}");
    }
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn where_it_gets_stuck_the_discard_is_told_and_what_to_do() {
    // The IP header of the SYN is broken, as no host would have accepted it.
    let mut bytes = std::fs::read(path("cases/plain_conversation.pcap")).unwrap();
    let checksum = 24 + 16 + 14 + 10;
    bytes[checksum] ^= 0x55;
    let file = std::env::temp_dir().join(format!("sockscope-stuck-{}.pcap", std::process::id()));
    std::fs::write(&file, &bytes).unwrap();
    let said = replay(file.to_str().unwrap(), &["--as", "10.9.0.2"]);
    let verdict = json(file.to_str().unwrap(), &["--as", "10.9.0.2"]).pop().unwrap();
    std::fs::remove_file(&file).unwrap();
    assert!(said.contains("Stuck at frame 3, "), "{said}");
    assert!(said.contains("It threw frame 1 away, IpBadHeader: The IP header is short or has a wrong"), "{said}");
    assert!(said.contains("Take the other end with --as 10.9.0.1:40000"), "{said}");
    let discard = &verdict["stuck"]["discard"];
    assert_eq!((&discard["frame"], &discard["reason"]), (&1.into(), &"IpBadHeader".into()), "{verdict}");
    assert_eq!(verdict["same"], false);
}
