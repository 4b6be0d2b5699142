//! `sockscope captures` and what stands behind it: the table of connections against tshark's, what it says of every kind of
//! capture, its filter and its two forms.

#[path = "folder/mod.rs"]
mod folder;
#[path = "witness/mod.rs"]
mod witness;

use std::fs::File;
use std::io::Write;
use std::process::{Command, Output, Stdio};
use std::time::Instant;

use folder::Folder;
use serde_json::Value;
use sockscope::capture::index::flow::{Began, Ended, Flow};
use sockscope::capture::index::{Index, Indexing, index};
use sockscope::capture::source;
use sockscope::session::captures::CaptureTable;

const CAPTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/captures");
const KINDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/captures/kinds");

fn asset(name: &str) -> String {
    format!("{CAPTURES}/{name}")
}

fn kind(name: &str) -> String {
    format!("{KINDS}/{name}")
}

fn indexed(path: &str) -> Index {
    index(&source::load(path).unwrap()).unwrap_or_else(|error| panic!("{path}: {error:?}"))
}

/// The only connection of a capture.
fn only(path: &str) -> Flow {
    let index = indexed(path);
    assert_eq!(index.flows().len(), 1, "{path}");
    index.flows()[0].clone()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_sockscope")).args(arguments).env("LC_ALL", "C").output().unwrap()
}

fn out(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(arguments: &[&str]) -> Vec<Value> {
    out(arguments).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Both ends of a connection, the smaller one first, with the frames and octets they sent.
type Conversation = (String, String, u64, u64, u64, u64);

/// Every connection as tshark's conversations have it; nothing where there is no tshark.
fn conversations(path: &str) -> Option<Vec<Conversation>> {
    // Without -q -z's units, which round: the sums are made of the frames.
    let fields = ["ip.src", "tcp.srcport", "ip.dst", "tcp.dstport", "tcp.stream", "frame.len"];
    let mut arguments = vec!["-n", "-r", path, "-Y", "tcp && !icmp", "-T", "fields", "-E", "separator=,"];
    fields.iter().for_each(|field| arguments.extend(["-e", *field]));
    let text = witness::text("tshark", &arguments)?;
    let mut streams = std::collections::BTreeMap::new();
    for line in text.lines() {
        let parts: Vec<&str> = line.split(',').collect();
        let (from, to) = (format!("{}:{}", parts[0], parts[1]), format!("{}:{}", parts[2], parts[3]));
        let ends = if from <= to { (from.clone(), to.clone()) } else { (to.clone(), from.clone()) };
        let sums = streams.entry(parts[4].parse::<u32>().unwrap()).or_insert((ends, [0_u64; 4]));
        let side = usize::from(from != sums.0.0) * 2;
        sums.1[side] += 1;
        sums.1[side + 1] += parts[5].parse::<u64>().unwrap();
    }
    Some(streams.into_values().map(|((a, b), [fa, ba, fb, bb])| (a, b, fa, ba, fb, bb)).collect())
}

#[test]
fn the_table_is_that_of_tshark_for_every_capture() {
    let mut seen = 0;
    for entry in std::fs::read_dir(CAPTURES).unwrap() {
        let path = entry.unwrap().path();
        if !path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng") {
            continue;
        }
        let path = path.to_str().unwrap();
        let ours: Vec<_> = indexed(path)
            .flows()
            .iter()
            .map(|flow| {
                let client = (flow.client.to_string(), &flow.from_client);
                let server = (flow.server.to_string(), &flow.from_server);
                let (a, b) = if client.0 <= server.0 { (client, server) } else { (server, client) };
                (a.0, b.0, a.1.frames, a.1.bytes, b.1.frames, b.1.bytes)
            })
            .collect();
        let Some(theirs) = conversations(path) else { return };
        assert_eq!(ours, theirs, "{path}");
        seen += 1;
    }
    assert!(seen >= 15, "only {seen} captures");
}

#[test]
fn every_kind_of_capture_says_what_is_odd_about_it() {
    let chat = only(&kind("chat.pcap"));
    assert_eq!((chat.began, chat.ended(), chat.frames(), chat.data()), (Began::Syn, Ended::Fins, 42, 480));
    assert!(!chat.is_odd());
    let doubled = only(&kind("span_doubled.pcap"));
    assert_eq!((doubled.copies, doubled.frames(), doubled.retransmissions(), doubled.data()), (42, 42, 0, 480));
    let crossed = only(&kind("simultaneous_open.pcap"));
    assert_eq!((crossed.began, crossed.retransmissions(), crossed.has_syn()), (Began::Crossed, 0, true));
    let middle = only(&kind("no_syn.pcap"));
    assert_eq!((middle.began, middle.gaps(), middle.server.port), (Began::Middle, 0, 7));
    let half = only(&kind("one_sided.pcap"));
    assert!(half.is_one_sided() && half.gaps() == 0 && half.ended() == Ended::ClientFin);
    for (name, from_client) in [("chat_client_frame_missed.pcap", true), ("chat_server_frame_missed.pcap", false)] {
        let missed = only(&kind(name));
        let (whole, holed) = if from_client {
            (&missed.from_server, &missed.from_client)
        } else {
            (&missed.from_client, &missed.from_server)
        };
        let gaps = [whole, holed].map(|side| (side.coverage.gaps(), side.coverage.gap_bytes()));
        assert_eq!(gaps, [(0, 0), (1, 20)], "{name}");
        assert_eq!(missed.retransmissions(), 0, "{name}");
    }
    let zero = only(&asset("zerowin.pcap"));
    assert_eq!((zero.zero_windows(), zero.ended()), (4, Ended::Open));
    let refused = indexed(&asset("rst.pcap"));
    assert!(refused.flows().iter().all(|flow| flow.resets() == 1 && flow.ended() == Ended::Reset));
    let fragments = indexed(&kind("ip_fragments.pcap"));
    assert_eq!((fragments.flows()[0].data(), fragments.others().len()), (20_710, 0), "every fragment found its place");
}

#[test]
fn the_frames_of_one_connection_are_read_again_once_each() {
    for (name, copies) in [("chat.pcap", 0), ("span_doubled.pcap", 42), ("ip_fragments.pcap", 0)] {
        let bytes = source::load(&kind(name)).unwrap();
        let index = index(&bytes).unwrap();
        let connection = index.read(&bytes, &index.flows()[0]);
        let frames: usize = connection.segments.iter().map(|segment| 1 + segment.fragments.len()).sum();
        assert_eq!(frames + copies, index.frames(), "{name}");
        let data: u64 = connection.segments.iter().map(|segment| u64::from(segment.length)).sum();
        assert_eq!(data, index.flows()[0].data(), "{name}");
        for segment in &connection.segments {
            let frame = index.frame(&bytes, segment.frame).unwrap();
            assert_eq!((frame.index, frame.time_ns), (segment.frame, segment.time_ns), "{name}");
        }
        assert_eq!(index.frame(&bytes, 0), None);
    }
}

#[test]
fn a_pass_in_slices_finds_what_one_without_them_finds() {
    let bytes = source::load(&asset("lossy.pcapng")).unwrap();
    let whole = index(&bytes).unwrap();
    let mut slices = Indexing::new(&bytes).unwrap();
    let mut seen = 0;
    while slices.advance(&bytes, 7) {
        assert!(slices.index().frames() > seen && slices.is_running() && !slices.index().is_whole());
        seen = slices.index().frames();
    }
    let sliced = slices.into_index();
    assert_eq!((sliced.flows(), sliced.others(), sliced.frames()), (whole.flows(), whole.others(), whole.frames()));
    assert!(sliced.is_whole());
    let mut stopped = Indexing::new(&bytes).unwrap();
    stopped.advance(&bytes, 100);
    stopped.stop();
    assert!(!stopped.is_running() && !stopped.index().is_whole() && stopped.index().frames() == 100);
    assert!(!stopped.advance(&bytes, 100), "nothing is read behind the stop");
    let connection = stopped.index().read(&bytes, &stopped.index().flows()[0]);
    assert!(!connection.segments.is_empty(), "what was found can be used");
}

#[test]
fn text_and_json_say_the_same_and_name_what_is_left_out() {
    let file = kind("ipv6_beside_ipv4.pcap");
    let text = out(&["captures", &file]);
    assert!(text.contains("10.8.0.1:40100") && text.contains("left out: 1 IPv6"), "{text}");
    let lines = json(&["captures", &file, "--json"]);
    assert_eq!(
        (&lines[0]["schema"], &lines[0]["kind"], &lines[0]["frames"]),
        (&1.into(), &"captures".into(), &43.into())
    );
    let connection = &lines[1];
    assert_eq!(connection["client"]["address"], "10.8.0.1");
    assert_eq!(connection["server"]["port"], 7);
    let frames = ["client", "server"].map(|end| connection[end]["frames"].as_u64().unwrap());
    assert_eq!(frames.iter().sum::<u64>(), 42);
    assert_eq!((&connection["began"], &connection["ended"]), (&"syn".into(), &"fins".into()));
    assert_eq!(
        (&lines[2]["kind"], &lines[2]["what"], &lines[2]["frames"]),
        (&"left_out".into(), &"IPv6".into(), &1.into())
    );
    let zh = out(&["captures", &file, "--lang", "zh"]);
    assert!(zh.contains("客户端") && zh.contains("未计入"), "{zh}");
}

#[test]
fn a_filter_and_an_order_choose_the_lines() {
    let file = asset("rst.pcap");
    let numbers = |arguments: &[&str]| -> Vec<u64> {
        let all = [&["captures", &file, "--json"], arguments].concat();
        json(&all).iter().filter_map(|line| line["number"].as_u64()).collect()
    };
    assert_eq!(numbers(&[]), [1, 2]);
    assert_eq!(numbers(&["--sort", "-bytes"]), [2, 1]);
    assert_eq!(numbers(&["--sort=client"]), [2, 1], "41334 before 49354");
    assert_eq!(numbers(&["port", "5555"]), [2]);
    assert_eq!(numbers(&["reset", "data > 100"]), [2]);
    assert_eq!(numbers(&["no", "reset"]), [0_u64; 0]);
    for (arguments, said) in [
        (&["rset"][..], "did you mean reset"),
        (&["--sort", "bites"][..], "did you mean bytes"),
        (&["port"][..], "port 80"),
    ] {
        let output = run(&[&["captures", &file], arguments].concat());
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(error.contains(said) && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn what_is_cut_packed_or_piped_is_listed_as_far_as_it_goes() {
    let folder = Folder::new("piped");
    let output = run(&["captures", &kind("cut.pcap")]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && said.contains("truncated after frame 27"), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("10.8.0.2:7"));
    assert!(out(&["captures", &kind("empty.pcap")]).contains("no frame"));
    let bytes = std::fs::read(kind("chat.pcap")).unwrap();
    let packed = folder.path("chat.pcap.gz");
    let mut packer = flate2::write::GzEncoder::new(File::create(&packed).unwrap(), flate2::Compression::fast());
    packer.write_all(&bytes).unwrap();
    packer.finish().unwrap();
    assert_eq!(out(&["captures", &packed]), out(&["captures", &kind("chat.pcap")]));
    let mut child = Command::new(env!("CARGO_BIN_EXE_sockscope"))
        .args(["captures", "-"])
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let piped = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(piped.stdout).unwrap(), out(&["captures", &kind("chat.pcap")]));
    let refused = run(&["captures", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is not a capture"));
}

/// The path of a plain capture of some MiB, and of the same packed.
fn large(folder: &Folder) -> (String, String) {
    let capture = std::fs::read(asset("lossy.pcap")).unwrap();
    let (head, records) = capture.split_at(24);
    let mut file = head.to_vec();
    while file.len() < 6 << 20 {
        file.extend(records);
    }
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&file).unwrap();
    (folder.file("large.pcap", file), folder.file("large.pcap.gz", packer.finish().unwrap()))
}

#[test]
fn a_packed_capture_is_a_table_before_it_is_unpacked_and_the_reading_can_be_stopped() {
    let folder = Folder::new("packed");
    let (plain, packed) = large(&folder);
    let table = || CaptureTable::new(&packed, source::open(&packed).unwrap()).unwrap();
    let mut stopped = table();
    let (done, of) = stopped.progress().unwrap();
    assert!(of > 100_000 && done < of / 2, "{done} of {of} packed octets are read where the table opens");
    assert!(stopped.work(Instant::now()) && stopped.progress().is_some());
    stopped.stop();
    let frames = stopped.index().frames();
    assert!(stopped.progress().is_none() && !stopped.index().is_whole() && frames > 0 && stopped.count() > 0);
    let mut whole = table();
    while whole.progress().is_some() {
        whole.work(Instant::now());
    }
    let expected = indexed(&plain);
    assert_eq!((whole.index().flows(), whole.index().frames()), (expected.flows(), expected.frames()));
    assert!(whole.index().is_whole() && whole.index().damage().is_none() && frames < expected.frames());
    for arguments in [&["captures"][..], &["captures", "--json"]] {
        let both = [&plain, &packed].map(|path| out(&[arguments, &[path]].concat()));
        assert_eq!(both[0], both[1]);
    }
}

#[test]
fn a_packed_file_that_is_cut_keeps_what_came_before_and_says_so() {
    let folder = Folder::new("half");
    let (_, packed) = large(&folder);
    let bytes = std::fs::read(&packed).unwrap();
    let half = folder.file("half.pcap.gz", &bytes[..bytes.len() / 2]);
    let output = run(&["captures", "--json", &half]);
    let first: Value = serde_json::from_slice(output.stdout.split(|octet| *octet == b'\n').next().unwrap()).unwrap();
    let frames = first["frames"].as_u64().unwrap();
    assert!(output.status.success() && frames > 1_000, "{first}");
    let said = String::from_utf8(output.stderr).unwrap();
    let sentence = format!("is truncated after frame {frames}: the packed file is cut or damaged there.");
    assert!(said.lines().count() == 1 && said.contains(&sentence), "{said}");
}
