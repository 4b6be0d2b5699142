//! What goes out of the program without a screen: recordings, pictures, diagrams, films, traces, scripts, and the ways in.

use std::process::{Command, Output};

use crate::folder::Folder;
use crate::witness;

const PROGRAM: &str = env!("CARGO_BIN_EXE_sockscope");

fn run(arguments: &[&str]) -> Output {
    Command::new(PROGRAM).args(arguments).env("LANG", "C.UTF-8").output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn asset(name: &str) -> String {
    format!("{}/../assets/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// The lines of a trace, as JSON.
fn trace(arguments: &[&str]) -> Vec<serde_json::Value> {
    let mut all = vec!["trace"];
    all.extend(arguments);
    text(&all).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn hash(arguments: &[&str]) -> String {
    trace(arguments).last().unwrap()["hash"].as_str().unwrap().to_owned()
}

#[test]
fn row_23_a_capture_goes_into_the_stack_and_twice_gives_the_same_hash() {
    let capture = asset("captures/http.pcap");
    let (one, two) = (hash(&[&capture, "--as", "10.8.0.1"]), hash(&[&capture, "--as", "10.8.0.1"]));
    assert_eq!(one, two);
    assert_eq!(one.len(), 16);
    assert_ne!(one, hash(&[&capture, "--as", "10.8.0.2"]), "the other end is another run");
}

#[test]
fn row_25_the_first_scene_reaches_established_without_a_privilege() {
    let lines = trace(&[]);
    let told = lines.iter().filter_map(|line| line["text"].as_str());
    let established = told.filter(|text| text.contains("ESTABLISHED")).count();
    assert!(established >= 2, "both hosts reach it: {established}");
}

#[test]
fn row_29_a_run_has_a_hash_and_the_seed_decides_it() {
    let scene = asset("scenes/kept");
    let scene = std::fs::read_dir(scene).unwrap().map(|entry| entry.unwrap().path()).find(|path| {
        path.extension().is_some_and(|end| end == "pkt") && !std::fs::read_to_string(path).unwrap().contains("//@ host")
    });
    let scene = scene.unwrap();
    let scene = scene.to_str().unwrap();
    assert_eq!(hash(&[scene]), hash(&[scene]));
    let of_seed = |seed: &str| hash(&["--seed", seed]);
    assert_eq!(of_seed("1"), of_seed("1"));
}

#[test]
fn row_30_a_recording_has_the_steps_as_comments_that_tshark_reads() {
    let folder = Folder::new("row30");
    let file = folder.path("run.pcapng");
    text(&["export", "--format", "pcapng", "--output", &file]);
    let arguments = ["-n", "-r", &file, "-T", "fields", "-e", "frame.comment"];
    let Some(comments) = witness::text("tshark", &arguments) else { return };
    assert!(comments.contains("SYN_SENT") && comments.contains("ESTABLISHED"), "{comments}");
}

#[test]
fn row_31_the_ladder_goes_out_as_mermaid_svg_and_text() {
    let mermaid = text(&["export", "--format", "mermaid"]);
    assert!(mermaid.starts_with("sequenceDiagram\n") && mermaid.contains("SYN seq=0"), "{mermaid}");
    let svg = text(&["export", "--format", "svg", "--pane", "ladder"]);
    assert!(svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>") && !svg.contains("<script"), "no script");
    let open = svg.matches("<text").count();
    assert!(open > 10 && open == svg.matches("</text>").count());
    let plain = text(&["export", "--format", "text", "--pane", "ladder"]);
    assert!(plain.contains("SYN seq=0") && !plain.contains('\u{1b}'));
}

#[test]
fn row_32_a_trace_says_its_schema_first_and_its_hash_last() {
    let lines = trace(&[]);
    assert_eq!((&lines[0]["kind"], &lines[0]["schema"]), (&"trace".into(), &2.into()));
    assert_eq!(lines[0]["hosts"], serde_json::json!(["A", "B"]));
    assert_eq!(lines.last().unwrap()["kind"], "end");
    for line in &lines[1..lines.len() - 1] {
        for key in ["t", "host", "turn", "step", "depth", "kind"] {
            assert!(!line[key].is_null(), "{key} is missing in {line}");
        }
    }
}

#[test]
fn row_33_a_film_has_a_marker_for_every_step_it_shows() {
    let film = text(&["export", "--format", "cast", "--width", "80", "--height", "24"]);
    let mut lines = film.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let header = lines.next().unwrap();
    assert_eq!((&header["version"], &header["width"], &header["height"]), (&2.into(), &80.into(), &24.into()));
    let events: Vec<serde_json::Value> = lines.collect();
    let of = |kind: &str| events.iter().filter(|event| event[1] == kind).count();
    assert!(of("m") >= 8, "{} markers", of("m"));
    // Every marker names the picture behind it; the last picture has none of its own.
    assert!(of("o") > of("m"));
}

#[test]
fn row_34_a_script_goes_in_and_out_and_says_the_same() {
    let folder = Folder::new("row34");
    let scene = asset("scenes/kept/first_flight.pkt");
    let out = folder.file("again.pkt", text(&["export", &scene, "--format", "pkt"]));
    let verdict = text(&["run", &out]);
    assert!(verdict.trim_end().ends_with("1 passed, 0 failed"), "{verdict}");
    assert_eq!(text(&["export", &out, "--format", "pkt"]), std::fs::read_to_string(&out).unwrap());
}

/// Without a network at all: `unshare -n` where the machine lets an ordinary user do so.
#[cfg(target_os = "linux")]
#[test]
fn row_64_it_works_offline() {
    let offline = Command::new("unshare").args(["-r", "-n", PROGRAM, "trace", "--tree"]).output();
    match offline {
        Ok(output) if output.status.success() => {
            assert!(String::from_utf8(output.stdout).unwrap().contains("tcp_rcv"));
        }
        _ => {
            assert!(std::env::var_os("CI").is_none(), "CI has unshare");
            eprintln!("skipped: this machine makes no namespaces");
        }
    }
}
