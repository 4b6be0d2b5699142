//! Captures and recordings against the tools everybody has: tshark, capinfos, editcap and mergecap must see what
//! this program wrote, and this program must see what they see.

mod witness;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use sockscope::capture::{self, Capture, FrameDirection, read};
use sockscope::recording::pcapng::{RecordedFrame, RecordedInterface, Recorder, RecordingError, read_journal};

fn captures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/captures")
}

/// A file of this test process, removed at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("sockscope-capture-{}-{name}", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn tshark(file: &str, fields: &[&str]) -> Option<Vec<Vec<String>>> {
    let mut arguments = vec!["-n", "-r", file, "-T", "fields", "-E", "separator=\x1f"];
    for field in fields {
        arguments.extend(["-e", *field]);
    }
    let text = witness::text("tshark", &arguments)?;
    Some(text.lines().map(|line| line.split('\x1f').map(str::to_owned).collect()).collect())
}

fn open(path: &Path) -> Capture {
    capture::open(path.to_str().unwrap()).unwrap()
}

#[test]
fn every_capture_reads_as_tshark_reads_it() {
    let mut files: Vec<PathBuf> = std::fs::read_dir(captures()).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "pcap" || ending == "pcapng"));
    files.sort();
    assert!(files.len() >= 15, "{files:?}");
    for file in files {
        let seen = open(&file);
        assert_eq!(seen.damage, None, "{}", file.display());
        let fields = ["frame.number", "frame.time_epoch", "frame.len", "frame.cap_len"];
        let Some(theirs) = tshark(file.to_str().unwrap(), &fields) else { return };
        let ours: Vec<Vec<String>> = seen
            .frames
            .iter()
            .map(|frame| {
                let (seconds, rest) = (frame.time_ns / 1_000_000_000, frame.time_ns % 1_000_000_000);
                let time = format!("{seconds}.{rest:09}");
                vec![frame.index.to_string(), time, frame.original_length.to_string(), frame.bytes.len().to_string()]
            })
            .collect();
        assert_eq!(ours, theirs, "{}", file.display());
    }
}

#[test]
fn a_packed_capture_is_the_same_capture() {
    use std::io::Write;
    let plain = std::fs::read(captures().join("rst.pcapng")).unwrap();
    let packed = Scratch::new("rst.pcapng.gz");
    let file = std::fs::File::create(&packed.0).unwrap();
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
    packer.write_all(&plain).unwrap();
    packer.finish().unwrap();
    assert_eq!(open(&packed.0), read::parse(&plain).unwrap());
}

#[test]
fn a_capture_cut_anywhere_keeps_its_good_frames() {
    for name in ["rst.pcap", "rst.pcapng"] {
        let whole = std::fs::read(captures().join(name)).unwrap();
        let frames = read::parse(&whole).unwrap().frames;
        for length in 0..whole.len() {
            match read::parse(&whole[..length]) {
                Ok(cut) => {
                    assert!(frames.starts_with(&cut.frames), "{name} cut at {length}");
                    assert!(cut.damage.is_some() || cut.frames.len() <= frames.len());
                }
                Err(_) => assert!(length < 200, "{name} cut at {length} is no capture"),
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Bytes of a real capture, damaged at random places: never a panic, never more frames than bytes could hold.
    #[test]
    fn damaged_captures_never_panic(
        which in 0_usize..2,
        damage in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let name = ["rst.pcap", "arp_ping_udp.pcapng"][which];
        let mut bytes = std::fs::read(captures().join(name)).unwrap();
        for (place, value) in damage {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(capture) = read::parse(&bytes) {
            prop_assert!(capture.frames.len() <= bytes.len() / 16);
        }
        let _ = read_journal(&bytes);
    }

    /// A journal of any bytes comes back as it was, whatever stood between the frames.
    #[test]
    fn a_journal_comes_back(parts in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 0..12)) {
        let mut recorder = Recorder::new(Vec::new(), &interfaces()).unwrap();
        for (number, part) in parts.iter().enumerate() {
            recorder.journal(part);
            if number % 3 == 1 {
                recorder.frame(&frame(number as u64, &[])).unwrap();
            }
        }
        let read = read_journal(&recorder.finish().unwrap()).unwrap();
        prop_assert_eq!(read.bytes, parts.concat());
        prop_assert!(read.complete);
    }
}

fn interfaces() -> Vec<RecordedInterface> {
    let interface =
        |name: &str, last| RecordedInterface { name: name.to_owned(), hardware_address: [2, 0, 0, 0, 0, last] };
    vec![interface("A.eth0", 1), interface("B.eth0", 2)]
}

/// An ARP request, so that tshark has something to name.
const ARP: [u8; 42] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
    0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
];

fn frame(nanoseconds: u64, comments: &[String]) -> RecordedFrame<'_> {
    let time_ns = 1_000_000_000_000 + nanoseconds;
    RecordedFrame { interface: 1, time_ns, direction: FrameDirection::Inbound, bytes: &ARP, comments }
}

/// A recording with a journal large enough to need many pieces on a frame and a tail.
fn recording(file: &Scratch) -> Vec<u8> {
    let journal: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let mut recorder = Recorder::new(Vec::new(), &interfaces()).unwrap();
    recorder.journal(&journal[..700_000]);
    let comments = ["tcp_v4: SYN_SENT -> ESTABLISHED".to_owned(), "三次握手".to_owned()];
    recorder.frame(&frame(5, &comments)).unwrap();
    let out = RecordedFrame { interface: 0, direction: FrameDirection::Outbound, ..frame(7, &[]) };
    recorder.frame(&out).unwrap();
    recorder.journal(&journal[700_000..]);
    std::fs::write(&file.0, recorder.finish().unwrap()).unwrap();
    journal
}

#[test]
fn wireshark_shows_a_recording_as_it_was_meant() {
    let file = Scratch::new("shown.pcapng");
    recording(&file);
    let fields = [
        "frame.time_epoch",
        "frame.interface_name",
        "frame.packet_flags_direction",
        "arp.dst.proto_ipv4",
        "frame.comment",
    ];
    let Some(mut rows) = tshark(file.path(), &fields) else { return };
    // The tail of the journal is a custom block, which tshark lists as a row without a frame in it.
    rows.retain(|row| !row[3].is_empty());
    assert_eq!(rows.len(), 2, "{rows:?}");
    let expected = |row: &[String], time: &str, name: &str, direction: u8| {
        assert_eq!((row[0].as_str(), row[1].as_str()), (time, name));
        assert!(row[2].ends_with(&direction.to_string()), "{row:?}");
    };
    expected(&rows[0], "1000.000000005", "B.eth0", 1);
    expected(&rows[1], "1000.000000007", "A.eth0", 2);
    assert!(rows[0][4].contains("SYN_SENT -> ESTABLISHED") && rows[0][4].contains("三次握手"), "{rows:?}");
    let Some(information) = witness::text("capinfos", &["-t", "-E", "-c", "-I", file.path()]) else { return };
    assert!(information.contains("pcapng") && information.contains("Ethernet"), "{information}");
    assert!(information.contains("Name = A.eth0") && information.contains("Name = B.eth0"), "{information}");
}

#[test]
fn the_journal_survives_editcap_and_mergecap() {
    let file = Scratch::new("journal.pcapng");
    let journal = recording(&file);
    let read = read_journal(&std::fs::read(&file.0).unwrap()).unwrap();
    assert!(read.complete && read.bytes == journal);
    let edited = Scratch::new("edited.pcapng");
    let Some(_) = witness::text("editcap", &["-t", "3600", file.path(), edited.path()]) else { return };
    assert!(read_journal(&std::fs::read(&edited.0).unwrap()).unwrap().bytes == journal);
    let merged = Scratch::new("merged.pcapng");
    let other = captures().join("rst.pcapng");
    let arguments = ["-w", merged.path(), file.path(), other.to_str().unwrap()];
    let Some(_) = witness::text("mergecap", &arguments) else { return };
    assert!(read_journal(&std::fs::read(&merged.0).unwrap()).unwrap().bytes == journal);
}

#[test]
fn a_journal_with_a_hole_is_refused_and_a_cut_one_is_incomplete() {
    let file = Scratch::new("hole.pcapng");
    let journal = recording(&file);
    let without_first = Scratch::new("without-first.pcapng");
    let Some(_) = witness::text("editcap", &[file.path(), without_first.path(), "1"]) else { return };
    let bytes = std::fs::read(&without_first.0).unwrap();
    assert_eq!(read_journal(&bytes), Err(RecordingError::Missing { offset: 0 }));
    let whole = std::fs::read(&file.0).unwrap();
    let cut = read_journal(&whole[..whole.len() - 30]).unwrap();
    assert!(!cut.complete && journal.starts_with(&cut.bytes));
    let plain = std::fs::read(captures().join("rst.pcapng")).unwrap();
    assert_eq!(read_journal(&plain), Err(RecordingError::NoJournal));
}

#[test]
fn our_own_reader_reads_our_own_recording() {
    let file = Scratch::new("own.pcapng");
    recording(&file);
    let capture = open(&file.0);
    assert_eq!(capture.damage, None);
    let directions: Vec<FrameDirection> = capture.frames.iter().map(|frame| frame.direction).collect();
    assert_eq!(directions, [FrameDirection::Inbound, FrameDirection::Outbound]);
    assert!(capture.frames.iter().all(|frame| frame.bytes == ARP));
}
