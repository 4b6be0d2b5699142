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

/// Records a scene of the program's own laboratory, or the one it starts with.
fn recorded(scene: Option<&str>, name: &str) -> std::path::PathBuf {
    let file = std::env::temp_dir().join(format!("sockscope-lab-{name}-{}.pcapng", std::process::id()));
    let scene = scene.map(|scene| Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/scenes").join(scene));
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    let output = command.arg("export").args(scene).args(["--format", "pcapng", "-o"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    file
}

/// The scenes of the program in which two hosts speak over a wire.
fn scenes_of_two_hosts() -> Vec<String> {
    let scenes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/scenes");
    let mut found = Vec::new();
    for folder in std::fs::read_dir(&scenes).unwrap().map(|entry| entry.unwrap().path()) {
        for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let is_script = file.extension().is_some_and(|extension| extension == "pkt");
            if is_script && std::fs::read_to_string(&file).unwrap().matches("//@ host").count() > 1 {
                found.push(file.strip_prefix(&scenes).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The one thing that a capture cannot tell: what became of a frame that was captured and never answered.
const NOT_KNOWN: &str = "of the peer lost behind the place of capture, or dropped by the captured end, as what follows shows: 1.2.13 does not get ";

#[test]
fn every_recording_of_two_hosts_is_the_same_from_either_end() {
    let mut told = Vec::new();
    let mut count = 0;
    let scenes = scenes_of_two_hosts();
    assert!(scenes.len() >= 12, "{scenes:?}");
    for scene in scenes.iter().map(|scene| Some(scene.as_str())).chain([None]) {
        let name = scene.unwrap_or("default");
        let file = recorded(scene, &name.replace(['/', '.'], "-"));
        let capture = sockscope::capture::open(file.to_str().unwrap()).unwrap();
        for (number, connection) in sockscope::capture::connection::table(&capture).connections.iter().enumerate() {
            for end in [connection.client, connection.server] {
                let arguments = ["--as", &end.to_string(), "--connection", &(number + 1).to_string(), "--strict"];
                let said = replay(file.to_str().unwrap(), &arguments);
                told.extend(said.lines().filter(|line| line.contains(NOT_KNOWN)).map(|_| format!("{name} as {end}")));
                let mut lines = said.lines().filter(|line| !line.contains(NOT_KNOWN));
                assert!(lines.next().is_some_and(|title| title.starts_with("Linux 1.2.13 in the place of")), "{said}");
                let verdict = lines.next().unwrap_or("");
                assert!(verdict.starts_with("Same stream and same decisions."), "{name} as {end}: {said}");
                let counts = verdict.rsplit(": ").next().unwrap();
                assert!(counts.ends_with(" same.") && !counts.contains(','), "{name} as {end}: {said}");
                assert_eq!(lines.next(), None, "{name} as {end}: {said}");
                count += 1;
            }
        }
        std::fs::remove_file(&file).unwrap();
    }
    // Both connections of full_backlog, and one of each of the others but those of ARP and UDP alone.
    assert_eq!(count, 24);
    let lossy = ["full_backlog", "lost_ack", "lost_syn", "retransmission"];
    assert_eq!(told, lossy.map(|scene| format!("gallery/{scene}.pkt as 10.0.0.2:7")));
}

#[test]
fn crossed_syns_are_the_death_of_the_connection_and_of_nothing_else() {
    for (end, answer) in [("10.8.0.1", 3), ("10.8.0.2", 4)] {
        let values = json("kinds/simultaneous_open.pcap", &["--as", end]);
        let verdict = values.last().unwrap();
        assert_eq!((&verdict["stuck"], &verdict["lost"]), (&serde_json::Value::Null, &0.into()), "{end}: {verdict}");
        // Its own SYN leaves at the captured time, and the other end's is never answered.
        let syn = values.iter().find(|value| value["capture"]["flags"] == "S").unwrap();
        assert_eq!((&syn["decides"], &syn["stack"]["flags"]), (&false.into(), &"S".into()), "{end}");
        let missing = values.iter().find(|value| value["frame"] == answer).unwrap();
        assert_eq!(missing["relation"], "missing", "{end}");
        assert_eq!(missing["entries"][0]["function"], "tcp_rcv_syn_sent_no_ack", "{end}");
        let other = values.iter().any(|value| value["relation"] == "extra" && value["stack"]["flags"] != "R");
        assert!(!other, "{end}: {values:?}");
    }
}

/// The functions of the entries that the decisions of a replay name, each once, with those that name none.
fn reasons(name: &str, arguments: &[&str]) -> Vec<String> {
    let values = json(name, arguments);
    let decisions = values.iter().filter(|value| value["decides"] == true);
    let reason = |value: &serde_json::Value| {
        let entries = value["entries"].as_array().map_or(&[][..], Vec::as_slice);
        let relation = value["relation"].as_str().unwrap();
        format!("{relation} {}", entries.last().map_or("-", |entry| entry["function"].as_str().unwrap()))
    };
    let mut reasons: Vec<String> = decisions.map(reason).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn asset(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures").join(name).to_str().unwrap().to_owned()
}

#[test]
fn a_decision_names_the_difference_that_is_its_reason() {
    let reset = [&asset("rst.pcap"), "10.8.0.2:5555"];
    assert_eq!(reasons(reset[0], &["--as", reset[1]]), ["extra tcp_close", "missing tcp_close"]);
    let silence = "cases/client_syn_into_silence.pcap";
    assert_eq!(reasons(silence, &["--as", "10.9.0.1"]), ["missing tcp_connect"]);
    assert_eq!(reasons("cases/answer_resent_into_silence.pcap", &[]), ["earlier tcp_ack_rto"]);
    let (lossy, zerowin) = (asset("lossy.pcap"), asset("zerowin.pcap"));
    assert_eq!(reasons(&lossy, &["--as", "10.9.0.1"]), ["missing tcp_connect"]);
    assert_eq!(reasons(&lossy, &["--as", "10.9.0.2"]), ["later inet_create", "missing inet_create", "missing tcp_ack"]);
    assert_eq!(reasons(&zerowin, &[]), ["extra tcp_data"]);
    // What probes the tail in less than 0.2 s has no entry.
    let client = [
        "extra tcp_write_xmit",
        "later inet_create",
        "later tcp_enqueue_partial",
        "missing -",
        "missing tcp_write_xmit",
    ];
    assert_eq!(reasons(&zerowin, &["--as", "10.8.0.1"]), client);
    let line = "missing: 1.2.13 does not send it [tcp_connect kept/first_timeout]";
    assert!(replay(silence, &["--as", "10.9.0.1"]).contains(line));
}

#[test]
fn data_beyond_the_window_is_held_and_what_follows_from_that_is_no_decision() {
    let lossy = asset("lossy.pcap");
    let said = replay(&lossy, &["--as", "10.9.0.1"]);
    let sentence = "162 frames of the peer held, with data beyond the window of 1.2.13: each came a round trip after there was room, and 117 still waited when the capture ended.";
    assert!(said.contains(sentence), "{said}");
    // What the peer says after the captured end has sent its request again it says to 1.2.13 as well, and that is told.
    let answered = "1 frame of the captured end acknowledged only after it was sent again, which 1.2.13 does not do: ";
    assert!(said.contains(answered), "{said}");
    let values = json(&lossy, &["--as", "10.9.0.1"]);
    let verdict = values.last().unwrap();
    assert_eq!(verdict["answered"], 1);
    assert_eq!((&verdict["outside"], &verdict["waiting"]), (&162.into(), &117.into()));
    let decisions: Vec<_> = values.iter().filter(|value| value["decides"] == true).collect();
    assert_eq!(decisions.len(), 1, "{decisions:?}");
    assert_eq!(decisions[0]["frame"], 7);
    // The same octets under the same numbers, only fewer of them: never an acknowledgement of what had not come.
    let late = values.iter().filter(|value| value["relation"] == "missing" && value["decides"] == false);
    assert!(late.clone().count() > 90 && late.clone().all(|value| value["class"] == serde_json::json!(["window"])));
    let offload = replay(&asset("http_offload.pcap"), &["--as", "10.8.0.1", "--strict"]);
    assert!(offload.contains("9 frames of the peer held") && !offload.contains("still waited"), "{offload}");
}

#[test]
fn a_capture_that_ends_in_the_middle_of_a_write_says_what_is_not_known() {
    for name in ["kinds/snap54.pcap", "kinds/snap68.pcap"] {
        let said = replay(name, &["--as", "10.8.0.2", "--strict"]);
        assert!(
            said.contains("The capture ends in the middle of a write, and what was still to come is not known"),
            "{said}"
        );
        assert!(said.contains("Same stream and same decisions."), "{said}");
        let client = replay(name, &["--as", "10.8.0.1", "--strict"]);
        assert!(!client.contains("in the middle of a write"), "{client}");
    }
}

#[test]
fn a_call_that_fails_because_of_the_captured_reset_is_no_news() {
    let rst = asset("rst.pcap");
    let said = replay(&rst, &["--connection", "1", "--as", "10.8.0.1"]);
    assert!(!said.contains("failed"), "{said}");
    let verdict = json(&rst, &["--connection", "1", "--as", "10.8.0.1"]).pop().unwrap();
    assert_eq!(verdict["failed"][0]["by_peer"], true, "{verdict}");
    let crossed = replay("kinds/simultaneous_open.pcap", &["--as", "10.8.0.1"]);
    assert!(crossed.contains("the call connect failed with error 104."), "{crossed}");
}

#[test]
fn a_probe_of_a_closed_window_tells_of_data_that_waits() {
    let file = recorded(Some("gallery/zero_window.pkt"), "zero-window");
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
