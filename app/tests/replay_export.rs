//! What a replay is written as: a script in packetdrill's language that passes, a recording whose frames tell how they relate to the
//! capture, and JSON lines as their documentation has them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use sockscope::capture::connection::table;
use sockscope::capture::inject::inject;
use sockscope::capture::report::json_lines;

fn assets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures")
}

fn sockscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sockscope")).args(arguments).env("LC_ALL", "C").output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Every capture with its connections and both their ends: path, number, end.
fn ends() -> Vec<(PathBuf, usize, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(assets()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng"));
    files.sort();
    let mut ends = Vec::new();
    for file in files {
        let capture = sockscope::capture::open(file.to_str().unwrap()).unwrap();
        for (place, connection) in table(&capture).connections.iter().enumerate() {
            for end in [connection.client, connection.server] {
                ends.push((file.clone(), place + 1, end.to_string()));
            }
        }
    }
    ends
}

/// What `export` of a replay gives.
fn exported(file: &Path, number: usize, end: &str, format: &str) -> Output {
    sockscope(&["export", file.to_str().unwrap(), "--format", format, "--connection", &number.to_string(), "--as", end])
}

#[test]
fn every_replay_is_a_script_that_passes_or_says_why_not() {
    let (mut passed, mut refused) = (0, Vec::new());
    for (file, number, end) in ends() {
        let output = exported(&file, number, &end, "pkt");
        let name = file.file_name().unwrap().to_str().unwrap();
        if output.status.code() == Some(2) {
            refused.push(format!("{name} {end}"));
            let said = text(&output.stderr);
            assert!(
                said.lines().count() == 1 && said.contains("cannot be written as pkt: nobody listens there"),
                "{said}"
            );
            continue;
        }
        assert!(output.status.success(), "{name} {end}: {}", text(&output.stderr));
        let script = text(&output.stdout);
        assert!(!script.contains("//@") && script.contains("\n0 socket("), "{name} {end}: {script}");
        let path = std::env::temp_dir().join(format!(
            "sockscope-{name}-{}-{}.pkt",
            end.replace([':', '.'], "-"),
            std::process::id()
        ));
        std::fs::write(&path, &script).unwrap();
        let run = sockscope(&["run", "--strict", path.to_str().unwrap()]);
        std::fs::remove_file(&path).unwrap();
        assert!(run.status.success(), "{name} {end}: {}{}", text(&run.stdout), text(&run.stderr));
        // The segments are those of the replay.
        let capture = sockscope::capture::open(file.to_str().unwrap()).unwrap();
        let connections = table(&capture).connections;
        let connection = &connections[number - 1];
        let own = [connection.client, connection.server].into_iter().find(|own| own.to_string() == end).unwrap();
        let outcome = inject(&capture, connection, own).unwrap();
        let written = script.lines().filter(|line| line.contains(" > ")).count();
        assert_eq!(written, outcome.stack.len(), "{name} {end}");
        passed += 1;
    }
    assert_eq!(refused, ["rst.pcap 10.8.0.2:4444", "rst.pcapng 10.8.0.2:4444"]);
    assert_eq!(passed, 36, "as many as the captures have ends that do anything");
}

#[test]
fn a_capture_became_a_script_and_is_one_still() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures/http.pkt");
    let output = exported(&assets().join("http.pcap"), 1, "10.8.0.2:80", "pkt");
    assert_eq!(
        text(&output.stdout),
        std::fs::read_to_string(&kept).unwrap(),
        "the script of http.pcap is another one now"
    );
    let run = sockscope(&["run", "--strict", kept.to_str().unwrap()]);
    assert_eq!(text(&run.stdout), "ok http\n1 passed, 0 failed\n");
}

#[test]
fn what_no_script_can_say_is_refused_in_one_sentence() {
    for (name, end, why) in [
        ("cases/peer_segment_in_fragments.pcap", "10.9.0.2", "the peer's datagrams come in fragments or damaged"),
        ("kinds/simultaneous_open.pcap", "10.8.0.1", "1.2.13 sends other segments"),
    ] {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures").join(name);
        let output = sockscope(&["export", file.to_str().unwrap(), "--format", "pkt", "--as", end]);
        let said = text(&output.stderr);
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{name}: {said}");
        assert!(said.contains("cannot be written as pkt: ") && said.contains(why), "{name}: {said}");
    }
}

#[test]
fn a_recording_of_a_replay_tells_of_every_frame() {
    if Command::new("tshark").arg("-v").output().is_err() {
        eprintln!("skipped: there is no tshark to read the comments with");
        return;
    }
    for (name, end, sentences) in [
        (
            "zerowin.pcap",
            "10.8.0.2:5556",
            &[
                "extra: only 1.2.13 sends it [tcp_data data/inorder_burst]",
                "captured frame 14",
                "captured frame 21: 0.043973 s earlier",
            ][..],
        ),
        (
            "rst.pcap",
            "10.8.0.2:5555",
            &[
                "extra: only 1.2.13 sends it [tcp_close kept/close_unread]",
                "only captured, frame 8 at 0.000274 s: R. 1:1(0) ack 301 win 65536: missing: 1.2.13 does not send it [tcp_close kept/close_unread]",
            ][..],
        ),
    ] {
        let file = assets().join(name);
        let capture = sockscope::capture::open(file.to_str().unwrap()).unwrap();
        let connections = table(&capture).connections;
        let own = |c: &sockscope::capture::connection::Connection| {
            [c.client, c.server].into_iter().find(|own| own.to_string() == end)
        };
        let (number, connection) = connections.iter().enumerate().find(|(_, c)| own(c).is_some()).unwrap();
        let output = exported(&file, number + 1, end, "pcapng");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let path = std::env::temp_dir().join(format!("sockscope-told-{name}-{}.pcapng", std::process::id()));
        std::fs::write(&path, &output.stdout).unwrap();
        let mut tshark = Command::new("tshark");
        let fields = ["-T", "fields", "-e", "frame.comment", "-E", "separator=/t", "-Y", "tcp"];
        let told = tshark.args(["-n", "-r", path.to_str().unwrap()]).args(fields).output().unwrap();
        let told = text(&told.stdout);
        let outcome = inject(&capture, connection, own(connection).unwrap()).unwrap();
        assert_eq!(told.lines().count(), outcome.given.len() + outcome.frames.len(), "{name}: {told}");
        assert!(told.lines().all(|line| !line.is_empty()), "{name}: a frame without a comment: {told}");
        for sentence in sentences {
            assert!(told.contains(sentence), "{name}: {sentence}: {told}");
        }
        // The same run opens again.
        let mut run =
            sockscope::open::capture::open(path.to_str().unwrap(), &sockscope::capture::part::Part::default())
                .unwrap()
                .run;
        std::fs::remove_file(&path).unwrap();
        while run.play(1000) > 0 {}
        let mut replay = outcome.run();
        while replay.play(1000) > 0 {}
        assert_eq!(run.head().fingerprint(), replay.head().fingerprint(), "{name}");
    }
}

/// The rows of the tables in the documentation of the JSON lines: of head, frame and verdict the members with their descriptions.
fn documented() -> [Vec<(Vec<String>, String)>; 3] {
    let source =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/capture/report/json.rs")).unwrap();
    let mut tables: [Vec<(Vec<String>, String)>; 3] = Default::default();
    let mut table = 0;
    for line in source.lines().filter_map(|line| line.strip_prefix("//! ")) {
        table = ["\"replay\"", "\"frame\"", "\"verdict\""].iter().position(|kind| line.contains(kind)).unwrap_or(table);
        let Some((names, what)) = line.strip_prefix("| `").and_then(|row| row.split_once(" | ")) else { continue };
        let names = names.split(", ").map(|name| name.trim_matches('`').to_owned()).collect();
        tables[table].push((names, what.to_owned()));
    }
    tables
}

/// The names of an object's members, and of those of objects in it.
fn inner(value: &serde_json::Value, names: &mut BTreeSet<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, value) in object {
                names.insert(name.clone());
                inner(value, names);
            }
        }
        serde_json::Value::Array(values) => values.iter().for_each(|value| inner(value, names)),
        _ => {}
    }
}

#[test]
fn the_json_lines_are_as_their_documentation_has_them() {
    let tables = documented();
    let mut seen: [BTreeSet<String>; 3] = Default::default();
    let kinds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captures");
    let more = ["kinds/chat_client_frame_missed.pcap", "kinds/simultaneous_open.pcap"].map(|name| kinds.join(name));
    let mut files: Vec<PathBuf> = ends().into_iter().map(|(file, ..)| file).chain(more).collect();
    files.dedup();
    for file in files {
        let capture = sockscope::capture::open(file.to_str().unwrap()).unwrap();
        for connection in &table(&capture).connections {
            for own in [connection.client, connection.server] {
                let outcome = inject(&capture, connection, own).unwrap();
                for value in json_lines(&outcome) {
                    let kind = ["replay", "frame", "verdict"].iter().position(|kind| value["kind"] == *kind).unwrap();
                    for (name, member) in value.as_object().unwrap().iter().filter(|(name, _)| *name != "kind") {
                        let row = tables[kind].iter().find(|(names, _)| names.contains(name));
                        let (_, what) = row.unwrap_or_else(|| panic!("{name} of {} is not documented", value["kind"]));
                        seen[kind].insert(name.clone());
                        let mut parts = BTreeSet::new();
                        // Relations are the members of counts, and are values elsewhere.
                        if name != "counts" && name != "decisions" {
                            inner(member, &mut parts);
                        }
                        for part in parts.iter().filter(|part| *part != "function" && *part != "scene") {
                            assert!(what.contains(&format!("`{part}`")), "{part} of {name} is not documented: {what}");
                        }
                    }
                }
            }
        }
    }
    for (table, seen) in tables.iter().zip(&seen) {
        let documented: BTreeSet<String> = table.iter().flat_map(|(names, _)| names.clone()).collect();
        assert_eq!(&documented, seen, "documented and never written");
    }
}
