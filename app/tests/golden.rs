//! The stack against everything the original was seen to do: every golden scene, its frames and its events.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sockscope::i18n::Lang;
use sockscope::picture::proc_net::ProcFile;
use sockscope::scenario::check::{Verdict, check};
use sockscope::scenario::find::scenes;
use sockscope::scenario::texts::recorded;
use stack::lab::conformance::run::Run;
use stack::lab::scene::of_script_run;

fn group(name: &str, count: usize) {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden").join(name);
    let scenes = scenes(&[folder]).unwrap();
    assert_eq!(scenes.len(), count, "golden scenes of the group {name} are missing");
    let mut failures = Vec::new();
    for scene in scenes {
        match check(&scene.path, true, Lang::En) {
            Verdict::Passed(run) => {
                let logged = run.as_ref().map_or_else(Vec::new, |run| logged(run));
                if logged != original_logged(&scene.path) {
                    failures.push(format!("LOG {name}/{}: {logged:?}", scene.name));
                }
                failures.extend(
                    run.and_then(|run| told_otherwise(&run)).map(|file| format!("{file} {name}/{}", scene.name)),
                );
            }
            Verdict::Failed(lines, _) | Verdict::Unreadable(lines, _) => {
                failures.push(format!("FAIL {name}/{}\n{}", scene.name, lines.join("\n")));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count} differ\n{}", failures.len(), failures.join("\n"));
}

/// The first text of /proc/net that `trace --proc` shows otherwise than `run` compares it: both speak of the end of the scene.
fn told_otherwise(run: &Run) -> Option<&'static str> {
    let mut walked = of_script_run(run);
    walked.play(usize::MAX);
    let world = walked.at_end();
    let kernel = &world.hosts[0].kernel;
    assert_eq!(kernel.jiffies, run.kernel.jiffies);
    ProcFile::of(kernel).into_iter().find(|file| file.text(kernel) != file.text(&run.kernel)).map(ProcFile::name)
}

/// Jiffies at which the stack wrote to the log. They are no part of the verdict, but they are the original's.
fn logged(run: &Run) -> Vec<i64> {
    run.records.iter().filter(|record| record.kind == "printk").map(|record| record.jiffies).collect()
}

/// Jiffies at which the original wrote to its log.
fn original_logged(scene: &Path) -> Vec<i64> {
    let trace = std::fs::read_to_string(scene.with_extension("trace.jsonl")).unwrap();
    let jiffy = |line: &str| line.strip_prefix("{\"jiffies\": ")?.strip_suffix(", \"kind\": \"printk\"}")?.parse().ok();
    trace.lines().filter_map(jiffy).collect()
}

macro_rules! groups {
    ($($name:ident $count:literal;)*) => { $(#[test] fn $name() { group(stringify!($name), $count); })* };
}

groups! {
    accounting 7;
    active_open 16;
    arp 14;
    back_log 43;
    close 28;
    data 40;
    firewall 24;
    forward 4;
    icmp 7;
    ip 15;
    loopback 1;
    multicast 28;
    passive_open 22;
    rarp 7;
    select 5;
    socket_errors 9;
    tcp_frames 6;
    two_proc 3;
    udp 7;
    udp_frames 3;
}

/// A folder that no other test uses.
fn fresh_folder() -> PathBuf {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let folder = std::env::temp_dir().join(format!("sockscope-golden-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A copy of a golden scene with one thing changed must be found out, at its place.
fn changed(group: &str, name: &str, ending: &str, from: &str, to: &str) -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden").join(group);
    let folder = fresh_folder();
    for entry in std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()) {
        let file = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if file.split('.').next() == Some(name) {
            let mut octets = std::fs::read(&entry).unwrap();
            if file == format!("{name}{ending}") {
                let text = String::from_utf8(octets).unwrap();
                assert!(text.contains(from), "{file} has no {from}");
                octets = text.replacen(from, to, 1).into_bytes();
            }
            std::fs::write(folder.join(file), octets).unwrap();
        }
    }
    let scene = scenes(std::slice::from_ref(&folder)).unwrap().remove(0);
    let verdict = check(&scene.path, ending != ".pkt" && group != "udp_frames", Lang::En);
    std::fs::remove_dir_all(&folder).unwrap();
    match verdict {
        Verdict::Failed(lines, _) => lines.join("\n"),
        Verdict::Passed(_) => panic!("{group}/{name}{ending}: {from} -> {to} was not noticed"),
        Verdict::Unreadable(lines, _) => panic!("{group}/{name}{ending}: {}", lines.join("\n")),
    }
}

#[test]
fn a_changed_window_is_found() {
    let said = changed("active_open", "plain", ".pkt", "win 512 <mss 512>", "win 513 <mss 512>");
    assert!(said.contains("plain.pkt:3: error handling packet"), "{said}");
    assert!(said.contains("script packet:  0.000000 > S 0:0(0) win 513 <mss 512>"), "{said}");
    assert!(said.contains("actual packet:  0.000000 > S 0:0(0) win 512 <mss 512>"), "{said}");
}

#[test]
fn a_changed_result_is_found() {
    let said = changed(
        "socket_errors",
        "unconnected_io",
        ".pkt",
        "= -1 EPIPE (Broken pipe)",
        "= -1 EINVAL (Invalid argument)",
    );
    assert!(said.contains("unconnected_io.pkt:2: runtime error in write call: Expected result -1 EINVAL"), "{said}");
}

#[test]
fn a_changed_return_time_is_found() {
    let said = changed("passive_open", "accept_blocking", ".pkt", "+0.00...2.00", "+0.00...2.01");
    assert!(said.contains("accept_blocking.pkt:5: timing error"), "{said}");
}

#[test]
fn a_missing_packet_is_found() {
    let said = changed(
        "passive_open",
        "accept_blocking",
        ".pkt",
        "+1.00 < . 1:1(0)",
        "+0.50 > . 9:9(0) ack 1 win 1\n+0.50 < . 1:1(0)",
    );
    assert!(said.contains("accept_blocking.pkt:8: error handling packet: Timed out waiting for packet"), "{said}");
}

#[test]
fn a_changed_event_is_found() {
    let said = changed("active_open", "plain", ".trace.jsonl", "\"why\": \"TIME_WRITE\"", "\"why\": \"TIME_CLOSE\"");
    assert!(said.contains("plain.trace.jsonl:") && said.contains("the traces differ after"), "{said}");
}

#[test]
fn a_changed_text_of_proc_net_is_found() {
    let said = changed("firewall", "order_via_last", ".ip_block.txt", " C0A80001 6 ", " C0A80001 7 ");
    assert!(said.contains("order_via_last.ip_block.txt:2: /proc/net/ip_block reads otherwise"), "{said}");
    assert!(said.contains("expected  00000000/00000000->00000000/00000000 C0A80001 7 0 0"), "{said}");
    assert!(said.contains("actual    00000000/00000000->00000000/00000000 C0A80001 6 0 0"), "{said}");
    let absent = |path: &Path| {
        std::fs::copy(path, path.with_extension("txt").with_file_name("order_via_last.igmp.txt")).map(drop).unwrap();
    };
    let Verdict::Failed(lines, _) = without("firewall", "order_via_last", ".ip_block.txt", absent) else { panic!() };
    assert!(
        lines[0].ends_with("the scene's kernel has no /proc/net/igmp: it is built without \"multicast\""),
        "{lines:?}"
    );
    let damaged = |path: &Path| std::fs::write(path, [0xff; 9]).unwrap();
    let said = unreadable(without("firewall", "order_via_last", ".ip_block.txt", damaged));
    assert!(said.contains("order_via_last.ip_block.txt: cannot be read"), "{said}");
}

/// Every text that lies beside a golden scene is one that is compared: 1.2.13's name, beside a scene of this name.
#[test]
fn no_text_of_proc_net_lies_beside_nothing() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let groups = std::fs::read_dir(&golden).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = groups.flat_map(|group| std::fs::read_dir(group).unwrap().map(|entry| entry.unwrap().path()));
    let texts = files.filter(|path| path.extension().is_some_and(|extension| extension == "txt")).count();
    let compared: usize = scenes(&[golden]).unwrap().iter().map(|scene| recorded(&scene.path).len()).sum();
    assert_eq!((texts, compared), (51, 51));
}

/// Whatever the file of /proc/net is called, its text is compared where it lies beside a scene, and it is what `trace --proc`
/// prints.
#[test]
fn a_text_of_every_name_is_compared() {
    let folder = fresh_folder();
    let options = "--multicast\n--firewall\n--acct\n--rarp\n";
    let path = folder.join("all.pkt");
    std::fs::write(&path, format!("{options}0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 bind(3, ..., ...) = 0\n"))
        .unwrap();
    std::fs::write(folder.join("all.trace.jsonl"), "").unwrap();
    let said = || match check(&path, true, Lang::En) {
        Verdict::Failed(lines, _) | Verdict::Unreadable(lines, _) => lines.join("\n"),
        Verdict::Passed(_) => String::new(),
    };
    for file in ProcFile::ALL {
        let name = file.name();
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_sockscope"));
        let printed = program.args(["trace", "--proc", name]).arg(&path).output().unwrap();
        assert!(printed.status.success(), "{name}: {}", String::from_utf8_lossy(&printed.stderr));
        let text = folder.join(format!("all.{name}.txt"));
        std::fs::write(&text, &printed.stdout).unwrap();
        assert!(!said().contains(&format!("/proc/net/{name} ")), "{name}: {}", said());
        std::fs::write(&text, [&printed.stdout[..], b"x"].concat()).unwrap();
        assert!(
            said().contains(&format!("/proc/net/{name} reads otherwise at the end of the scene")),
            "{name}: {}",
            said()
        );
    }
    std::fs::write(folder.join("all.unix.txt"), "").unwrap();
    assert!(said().contains("no kernel here has /proc/net/unix"), "{}", said());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_changed_buffer_of_a_frame_scenario_is_found_without_the_trace_option() {
    let said = changed("udp_frames", "send_content", ".trace.jsonl", "\"ret\": 3,", "\"ret\": 4,");
    assert!(said.contains("send_content.trace.jsonl:"), "{said}");
}

/// What is said of a copy of a golden scene with a file taken away or changed.
fn without(group: &str, name: &str, ending: &str, change: impl Fn(&Path)) -> Verdict {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden").join(group);
    let folder = fresh_folder();
    for entry in std::fs::read_dir(source).unwrap().map(|entry| entry.unwrap().path()) {
        let file = entry.file_name().unwrap().to_str().unwrap().to_owned();
        if file.split('.').next() == Some(name) {
            std::fs::copy(&entry, folder.join(file)).unwrap();
        }
    }
    change(&folder.join(format!("{name}{ending}")));
    let scene = scenes(std::slice::from_ref(&folder)).unwrap().remove(0);
    let verdict = check(&scene.path, true, Lang::En);
    std::fs::remove_dir_all(&folder).unwrap();
    verdict
}

fn unreadable(verdict: Verdict) -> String {
    match verdict {
        Verdict::Unreadable(lines, _) => lines.join("\n"),
        Verdict::Passed(_) | Verdict::Failed(..) => panic!("nobody noticed: {verdict:?}"),
    }
}

#[test]
fn a_recording_that_is_not_there_cannot_agree() {
    let remove = |path: &Path| std::fs::remove_file(path).unwrap();
    let said = unreadable(without("data", "loss_one", ".trace.jsonl", remove));
    assert!(said.contains("loss_one.trace.jsonl is missing, so there is nothing to compare with"), "{said}");
    let said = unreadable(without("arp", "answer_by_request", ".pcapng", remove));
    assert!(said.contains("answer_by_request.pcapng is missing"), "{said}");
    // The frames of a script stand in its lines too.
    assert!(matches!(without("data", "loss_one", ".wire.pcapng", remove), Verdict::Passed(_)));
}

#[test]
fn a_recording_is_compared_to_the_last_octet_and_the_last_microsecond() {
    let patch = |offset: usize, value: u8| {
        move |path: &Path| {
            let mut octets = std::fs::read(path).unwrap();
            let mut block = 0;
            while octets[block] != 6 {
                block += u32::from_le_bytes(octets[block + 4..block + 8].try_into().unwrap()) as usize;
            }
            octets[block + offset] ^= value;
            std::fs::write(path, octets).unwrap();
        }
    };
    let said = unreadable(without("data", "loss_one", ".wire.pcapng", patch(16, 1)));
    assert!(said.contains("frame 1 lies between two ticks of 10 ms"), "{said}");
    let failed = |verdict| match verdict {
        Verdict::Failed(lines, _) => lines.join("\n"),
        Verdict::Passed(_) | Verdict::Unreadable(..) => panic!("{verdict:?}"),
    };
    let said = failed(without("data", "loss_one", ".wire.pcapng", patch(28 + 20, 1)));
    assert!(said.contains("frame 1: byte 20"), "{said}");
    let said = failed(without("forward", "basic", ".pcapng", patch(8, 1)));
    assert!(said.contains("frame 1: the frame is on another device"), "{said}");
    let said = unreadable(without("data", "loss_one", ".wire.pcapng", patch(24, 0x80)));
    assert!(said.contains("only the beginning of frame 1 was recorded"), "{said}");
}
