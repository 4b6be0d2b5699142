//! Observing captured connections: the marks against tshark frame by frame, the fold against its own laws, the states and what
//! `sockscope replay --observe` prints. Further captures are compared where `SOCKSCOPE_CAPTURES` names a folder of them.

mod folder;
mod witness;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use folder::Folder;
use proptest::prelude::*;
use serde_json::Value;
use sockscope::capture::index::index;
use sockscope::capture::observe::end::{MOST_IN_FLIGHT, MOST_RANGES};
use sockscope::capture::observe::ends::Ends;
use sockscope::capture::observe::marks::{Mark, Marks};
use sockscope::capture::observe::seen::{Both, Seen, Side};
use sockscope::capture::observe::{Observation, json, listing};
use sockscope::capture::segment::Endpoint;
use sockscope::capture::source;
use sockscope::i18n::Lang;
use stack::include::seq::Seq;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn asset(name: &str) -> String {
    root().join("assets/captures").join(name).to_str().unwrap().to_owned()
}

fn kind(name: &str) -> String {
    root().join("app/tests/captures/kinds").join(name).to_str().unwrap().to_owned()
}

/// Every capture of the repository, and those of a folder that the environment names.
fn captures() -> Vec<PathBuf> {
    let mut folders = vec![
        root().join("assets/captures"),
        root().join("app/tests/captures/kinds"),
        root().join("app/tests/captures/cases"),
    ];
    folders.extend(std::env::var_os("SOCKSCOPE_CAPTURES").map(PathBuf::from));
    let is_capture =
        |path: &PathBuf| path.extension().is_some_and(|ending| ["pcap", "pcapng", "gz"].iter().any(|e| ending == *e));
    let mut files: Vec<PathBuf> = folders
        .iter()
        .flat_map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()))
        .filter(is_capture)
        .collect();
    files.sort();
    files
}

/// All connections of a capture, observed.
fn observations(path: &str) -> Vec<Observation> {
    let bytes = source::load(path).unwrap();
    let index = index(&bytes).unwrap();
    index.flows().iter().map(|flow| Observation::of(&index, &bytes, flow)).collect()
}

/// The only connection of a capture.
fn only(path: &str) -> Observation {
    let mut all = observations(path);
    assert_eq!(all.len(), 1, "{path}");
    all.remove(0)
}

/// The fields of every TCP frame over IPv4, by tshark; nothing where there is no tshark.
fn tshark(file: &Path, fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let mut command = Command::new("tshark");
    command.arg("-n").arg("-r").arg(file).args(["-Y", "tcp && !ipv6 && !icmp", "-T", "fields", "-E", "separator=|"]);
    for field in fields {
        command.args(["-e", field]);
    }
    let output = witness::output(&mut command)?;
    let text = String::from_utf8(output.stdout).unwrap();
    Some(text.lines().map(|line| line.split('|').map(str::to_owned).collect()).collect())
}

/// A frame's marks as tshark's fields.
fn as_fields(marks: Marks) -> Vec<String> {
    let named = marks.iter().filter_map(Mark::tshark_field).map(str::to_owned);
    let duplicate = [marks.duplicate_number.to_string(), marks.duplicate_of.to_string()];
    named.chain(duplicate.into_iter().filter(|number| number != "0")).collect()
}

#[test]
fn every_mark_of_every_capture_is_tshark_s() {
    let mut fields: Vec<&str> = vec!["frame.number"];
    fields.extend(Mark::ALL.iter().filter_map(|mark| mark.tshark_field()));
    fields.extend(["tcp.analysis.duplicate_ack_num", "tcp.analysis.duplicate_ack_frame"]);
    let (mut frames, mut marked) = (0, 0);
    for file in captures() {
        let ours: BTreeMap<usize, Marks> = observations(file.to_str().unwrap())
            .iter()
            .flat_map(|observation| observation.frames().iter().map(|one| (one.seen.frame, one.marks)))
            .collect();
        if file.ends_with("span_doubled.pcap") {
            // tshark takes the second copies for retransmissions; here a frame that was captured twice is one frame.
            assert_eq!(ours.len(), 42);
            continue;
        }
        let Some(rows) = tshark(&file, &fields) else { return };
        for row in &rows {
            let named = |(field, value): (&&str, &String)| match (field.contains("_num"), field.contains("_frame")) {
                _ if value.is_empty() => None,
                (false, false) => Some((*field).to_owned()),
                _ => Some(value.clone()),
            };
            let theirs: Vec<String> = fields.iter().zip(row).skip(1).filter_map(named).collect();
            let frame: usize = row[0].parse().unwrap();
            let own = ours.get(&frame).unwrap_or_else(|| panic!("{}: frame {frame} is missing", file.display()));
            assert_eq!(as_fields(*own), theirs, "{}: frame {frame}, ours and tshark's", file.display());
            (frames, marked) = (frames + 1, marked + usize::from(!theirs.is_empty()));
        }
        assert_eq!(ours.len(), rows.len(), "{}", file.display());
    }
    assert!(frames > 3500 && marked > 100, "{frames} frames, {marked} of them marked");
}

#[test]
fn frames_that_were_captured_twice_are_marked_as_if_they_were_there_once() {
    let marks = |name: &str| only(&kind(name)).frames().iter().map(|one| one.marks).collect::<Vec<_>>();
    assert_eq!(marks("span_doubled.pcap"), marks("chat.pcap"));
}

#[test]
fn what_is_in_flight_and_how_long_an_acknowledgement_takes_is_tshark_s() {
    let fields = ["frame.number", "tcp.analysis.bytes_in_flight", "tcp.analysis.ack_rtt", "tcp.analysis.acks_frame"];
    let mut compared = [0, 0];
    for name in ["http.pcap", "http_noopt.pcap", "http_snap96.pcap", "http_offload.pcapng", "simclose.pcap"] {
        let Some(rows) = tshark(Path::new(&asset(name)), &fields) else { return };
        let rows: BTreeMap<usize, &Vec<String>> = rows.iter().map(|row| (row[0].parse().unwrap(), row)).collect();
        for observation in observations(&asset(name)) {
            observation.walk(|observed, ends| {
                let (frame, row) = (observed.seen.frame, rows[&observed.seen.frame]);
                if !row[1].is_empty() {
                    // tshark counts data only.
                    let control = observed.seen.sequence_length() - observed.seen.length;
                    let ours = ends.both.of(observed.seen.side).in_flight_octets().unwrap() - control;
                    assert_eq!(ours.to_string(), row[1], "{name}: frame {frame}, in flight");
                    compared[0] += 1;
                }
                let trip = ends.both.of(observed.seen.side.other()).round_trips.last;
                if let Some(trip) = trip.filter(|trip| trip.by_frame == frame) {
                    let seconds = format!("{}.{:09}", trip.time_ns / 1_000_000_000, trip.time_ns % 1_000_000_000);
                    assert_eq!([&seconds, &trip.of_frame.to_string()], [&row[2], &row[3]], "{name}: frame {frame}");
                    compared[1] += 1;
                }
            });
        }
    }
    assert!(compared[0] > 300 && compared[1] > 200, "{compared:?}");
}

/// The states of both ends after each frame, where they change.
fn states(observation: &Observation) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    observation.walk(|observed, ends| {
        let text = |side| ends.both.of(side).states.text().unwrap_or_else(|| "?".to_owned()).replace("TCP_", "");
        let both = format!("{} {}", text(Side::Client), text(Side::Server));
        if seen.last().is_none_or(|last| last.split_once(' ').is_none_or(|(_, last)| last != both)) {
            seen.push(format!("{} {both}", observed.seen.frame));
        }
    });
    seen
}

#[test]
fn a_state_stays_open_until_the_end_that_is_in_it_speaks() {
    let expected = [
        "3 SYN_SENT ?",
        "4 SYN_SENT|ESTABLISHED SYN_RECV",
        "5 ESTABLISHED SYN_RECV|ESTABLISHED",
        "6 ESTABLISHED ESTABLISHED",
        "8 FIN_WAIT1 ESTABLISHED|CLOSE_WAIT",
        // The server had not got the client's FIN when it sent its own.
        "9 FIN_WAIT1|CLOSING FIN_WAIT1",
        "10 CLOSING FIN_WAIT1|FIN_WAIT2",
        "11 CLOSING|TIME_WAIT CLOSING|TIME_WAIT",
    ];
    assert_eq!(states(&only(&asset("simclose.pcap"))), expected);
}

#[test]
fn crossed_syns_lead_both_ends_through_syn_recv() {
    let expected = [
        "1 SYN_SENT ?",
        "2 SYN_SENT|SYN_RECV SYN_SENT",
        "3 SYN_RECV SYN_SENT|ESTABLISHED",
        "4 SYN_RECV SYN_RECV",
        "5 ESTABLISHED SYN_RECV|ESTABLISHED",
        "6 ESTABLISHED ESTABLISHED",
    ];
    assert_eq!(states(&only(&kind("simultaneous_open.pcap"))), expected);
}

#[test]
fn without_a_syn_a_state_is_known_when_both_ends_have_sent_new_data() {
    let observation = only(&kind("no_syn.pcap"));
    let expected = [
        "1 ? ?",
        "2 ? ESTABLISHED|CLOSE_WAIT",
        "3 ESTABLISHED|FIN_WAIT1|FIN_WAIT2 ESTABLISHED|CLOSE_WAIT",
        "4 ESTABLISHED ESTABLISHED",
        "37 FIN_WAIT1 ESTABLISHED|CLOSE_WAIT",
        "38 FIN_WAIT1|TIME_WAIT LAST_ACK",
        "39 TIME_WAIT LAST_ACK|CLOSE",
    ];
    assert_eq!(states(&observation), expected);
    let end = observation.at(observation.frames().len());
    assert_eq!((end.both.client.isn, end.both.client.mss, end.both.client.window_octets), (None, None, None));
}

#[test]
fn an_end_that_was_not_captured_stays_unknown() {
    let observation = only(&kind("one_sided.pcap"));
    let ends = observation.at(observation.frames().len());
    let silent = &ends.both.server;
    assert_eq!((silent.states.text(), silent.snd_nxt, silent.rcv_nxt, silent.window), (None, None, None, None));
    // Only what the client acknowledges is known of it.
    assert!(silent.snd_una.is_some());
    // Nobody knows whether a FIN of the server was among what the client acknowledges.
    let expected = ["1 SYN_SENT ?", "2 ESTABLISHED|CLOSE_WAIT ?", "27 FIN_WAIT1|LAST_ACK ?"];
    assert_eq!(states(&observation)[..3], expected);
}

#[test]
fn a_reset_ends_its_sender_and_perhaps_the_other() {
    let all = observations(&asset("rst.pcap"));
    assert_eq!(states(&all[0]), ["1 SYN_SENT ?", "2 SYN_SENT|CLOSE CLOSE"]);
    assert!(states(&all[1]).last().unwrap().ends_with("CLOSE"), "{:?}", states(&all[1]));
}

#[test]
fn what_lies_beyond_a_hole_is_out_of_order_until_the_hole_is_filled() {
    let observation = only(&asset("lossy.pcap"));
    let mut most = 0;
    observation.walk(|_, ends| most = most.max(ends.both.client.out_of_order.len()));
    let end = observation.at(observation.frames().len());
    assert_eq!((most, end.both.client.out_of_order.len()), (0, 0));
}

#[test]
fn the_marks_of_every_capture_stay() {
    let mut text = String::new();
    for file in captures().into_iter().filter(|file| file.starts_with(root())) {
        let name = file.strip_prefix(root()).unwrap().display().to_string();
        for (place, observation) in observations(file.to_str().unwrap()).iter().enumerate() {
            let counts = listing::counts(observation);
            let list: Vec<String> = counts.iter().map(|(mark, count)| format!("{} {count}", mark.name())).collect();
            text += &format!("{name} {}: {}\n", place + 1, list.join(", "));
        }
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("observe_marks", text);
    });
}

fn endpoints() -> Both<Endpoint> {
    let end = |last, port| Endpoint { address: [10, 0, 0, last].into(), port };
    Both { client: end(1, 40000), server: end(2, 80) }
}

/// Frames whose numbers often touch: from a small part of sequence space, sometimes from anywhere.
fn any_frame() -> impl Strategy<Value = Seen> {
    let near = || prop_oneof![8 => (0u32..200).prop_map(|n| n.wrapping_sub(50)), 1 => any::<u32>()];
    let length = prop_oneof![4 => 0u32..60, 1 => Just(1), 1 => any::<u32>()];
    let window = prop_oneof![Just(0u16), Just(100), any::<u16>()];
    let flags = prop_oneof![6 => Just(0x10u8), 2 => Just(0x18), 1 => any::<u8>()];
    let option = prop_oneof![Just(None), any::<u8>().prop_map(Some)];
    (any::<bool>(), near(), near(), flags, window, length, option, any::<u32>()).prop_map(
        |(from_client, seq, ack, flags, window, length, shift, time)| Seen {
            frame: 0,
            time_ns: u64::from(time),
            side: if from_client { Side::Client } else { Side::Server },
            seq: Seq(seq),
            ack: (flags & 0x10 != 0).then_some(Seq(ack)),
            flags,
            window,
            length,
            shift,
            mss: None,
        },
    )
}

fn numbered(frames: &[Seen], count: usize) -> Vec<Seen> {
    frames.iter().cycle().take(count).enumerate().map(|(place, seen)| Seen { frame: place + 1, ..*seen }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn at_any_frame_is_the_fold_of_the_frames_before_it(
        frames in prop::collection::vec(any_frame(), 1..80), count in 1usize..9000, at in any::<prop::sample::Index>(),
    ) {
        let frames = numbered(&frames, count);
        let observation = Observation::of_frames(endpoints(), frames.iter().copied(), false);
        let at = at.index(count + 1);
        let mut fold = Ends::default();
        for observed in observation.frames().iter().take(at) {
            fold.take(&observed.seen, &observed.marks);
        }
        prop_assert!(observation.at(at) == fold, "at {}", at);
        let fewer = Observation::of_frames(endpoints(), frames.iter().copied().take(at), false);
        prop_assert!(fewer.frames() == &observation.frames()[..at], "a mark depends on what came after it");
        prop_assert!(fewer.at(at) == fold);
    }

    #[test]
    fn no_frames_make_it_panic_or_grow(frames in prop::collection::vec(any_frame(), 1..400)) {
        let frames = numbered(&frames, frames.len());
        let observation = Observation::of_frames(endpoints(), frames.into_iter(), true);
        observation.walk(|_, ends| {
            for side in Side::ALL {
                let end = ends.both.of(side);
                assert!(end.states.iter().next().is_some(), "an end must be in some state");
                assert!(end.in_flight.len() <= MOST_IN_FLIGHT && end.out_of_order.len() <= MOST_RANGES);
            }
        });
        for lang in [Lang::En, Lang::Zh] {
            listing::lines(&observation, lang, |line| assert!(!line.is_empty()));
            assert!(!listing::summary(&observation, lang).is_empty());
        }
        json::frames(&observation, |value| assert!(value.is_object()));
    }
}

fn replay(arguments: &[&str], locale: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sockscope"));
    command.arg("replay").args(arguments).env("LC_ALL", locale).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_listing_has_a_line_per_frame_and_a_summary_in_both_languages() {
    let output = replay(&[&asset("zerowin.pcap"), "--observe"], "C");
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), String::new()));
    let english = text(&output.stdout);
    let line = |frame: &str| english.lines().find(|line| line.trim_start().starts_with(frame)).unwrap().to_owned();
    assert_eq!(english.lines().count(), 2 + 28 + 2 * 4 + 1, "{english}");
    let last: Vec<String> = line("2 ").split_whitespace().rev().take(3).map(str::to_owned).collect();
    assert_eq!(last, ["SYN+ACK", "SYN_RECV", "SYN_SENT|ESTABLISHED"], "{english}");
    assert!(line("14 ").ends_with("retransmission, window full"), "{english}");
    assert!(english.contains("window 0, shift 0, MSS 1460"), "{english}");
    let chinese = text(&replay(&[&asset("zerowin.pcap"), "--observe"], "zh_CN.UTF-8").stdout);
    assert!(chinese.contains("重传，窗口已满") && chinese.contains("共 28 帧"), "{chinese}");
}

#[test]
fn what_the_frames_do_not_tell_is_written_as_unknown() {
    let listing = text(&replay(&[&kind("one_sided.pcap"), "--observe"], "C").stdout);
    assert!(listing.contains("state unknown; sent 0 frames"), "{listing}");
    let no_syn = text(&replay(&[&kind("no_syn.pcap"), "--observe"], "C").stdout);
    assert!(no_syn.contains("(scale unknown), shift unknown, MSS unknown"), "{no_syn}");
    assert!(no_syn.lines().nth(2).unwrap().contains('?'), "{no_syn}");
}

#[test]
fn the_json_lines_begin_with_the_number_of_their_schema() {
    let output = replay(&[&asset("lossy.pcap"), "--observe", "--json"], "C");
    let lines: Vec<Value> = text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&lines[0]["kind"], &lines[0]["schema"]), (&Value::from("observe"), &Value::from(json::SCHEMA)));
    assert_eq!(lines.len(), lines[0]["frames"].as_u64().unwrap() as usize + 2);
    let duplicate = lines.iter().find(|line| line["duplicate_ack"].is_object()).unwrap();
    assert_eq!(duplicate["duplicate_ack"]["number"], 1);
    assert_eq!(duplicate["client"]["states"], serde_json::json!(["TCP_ESTABLISHED"]));
    let last = lines.last().unwrap();
    assert_eq!((&last["kind"], &last["marks"]["duplicate_ack"]), (&Value::from("summary"), &Value::from(30)));
}

#[test]
fn several_connections_are_listed_and_one_is_asked_for() {
    let output = replay(&[&asset("rst.pcap"), "--observe"], "C");
    assert_eq!(output.status.code(), Some(2));
    let chosen = replay(&[&asset("rst.pcap"), "--observe", "--connection", "2"], "C");
    assert_eq!((chosen.status.code(), text(&chosen.stderr)), (Some(0), String::new()));
    let strict = replay(&[&asset("rst.pcap"), "--observe", "--strict"], "C");
    assert_eq!(strict.status.code(), Some(2), "--strict compares with 1.2.13, which is not asked here");
}

#[test]
fn a_cut_capture_is_observed_as_far_as_it_goes() {
    let whole = std::fs::read(asset("simclose.pcap")).unwrap();
    let folder = Folder::new("cut");
    let path = folder.file("cut.pcap", &whole[..whole.len() - 10]);
    let output = replay(&[&path, "--observe"], "C");
    assert!(text(&output.stderr).contains("truncated after frame 10"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("8 frames: "), "{}", text(&output.stdout));
}
