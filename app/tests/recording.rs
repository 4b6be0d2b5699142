//! Recordings hold what happened: the frames of every golden scene as its recorded wire has them, in every form that is
//! exported; and whatever a stranger's journal says, it is refused or runs.

mod witness;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use proptest::prelude::*;
use sockscope::capture::{Capture, FrameDirection, read};
use sockscope::export::mermaid;
use sockscope::i18n::Lang;
use sockscope::open::open;
use sockscope::picture::{LadderRow, ladder};
use sockscope::recording::journal::{decode, encode};
use sockscope::recording::of_run::recording;
use sockscope::recording::pcapng::read_journal;
use sockscope::scenario::find::{Scene, scenes};
use sockscope::scenario::record;
use stack::include::seq::TICK;
use stack::lab::conformance::WireFrame;
use stack::lab::run::Run;
use stack::lab::world::World;
use stack::wire::FrameSummary;

/// Nanoseconds of a clock tick.
const TICK_NS: u64 = TICK * 1_000;

/// All scenes beside which a wire is recorded.
fn recorded_scenes() -> Vec<(Scene, Vec<WireFrame>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let all = scenes(&[root.join("stack/tests/golden"), root.join("assets/scenes")]).unwrap();
    let wire = |scene: Scene| {
        let ending = if is_script(&scene.path) { "wire.pcapng" } else { "pcapng" };
        record::frames(&scene.path, ending).unwrap().map(|wire| (scene, wire))
    };
    all.into_iter().filter_map(wire).collect()
}

fn is_script(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "pkt")
}

fn played(path: &Path) -> Run {
    let mut run = open(Some(path), 1).unwrap().run;
    run.play(1_000_000);
    run
}

/// Nanoseconds since 1970 at time 0 of a scene.
fn beginning(world: &World) -> u64 {
    let config = &world.hosts.first().unwrap().kernel.config;
    config.clock_at_power_on() * 1_000
}

/// The frames of a recording in the form of the recorded wires.
fn frames_of(capture: &Capture, devices: &[String], beginning: u64) -> Vec<WireFrame> {
    let frame = |frame: &sockscope::capture::CapturedFrame| WireFrame {
        jiffy: (frame.time_ns.cast_signed() - beginning.cast_signed()) / TICK_NS.cast_signed(),
        outbound: frame.direction == FrameDirection::Outbound,
        device: devices[frame.interface as usize].clone(),
        bytes: frame.bytes.clone(),
    };
    capture.frames.iter().map(frame).collect()
}

/// What differs first.
fn difference(ours: &[WireFrame], wire: &[WireFrame]) -> Option<String> {
    let first = (0..ours.len().max(wire.len())).find(|index| ours.get(*index) != wire.get(*index))?;
    let said = |frames: &[WireFrame]| {
        frames.get(first).map_or("nothing".to_owned(), |frame| {
            let way = if frame.outbound { "out" } else { "in" };
            format!("{} {} {way} {}", frame.jiffy, frame.device, FrameSummary::of(&frame.bytes))
        })
    };
    let counts = (ours.len(), wire.len());
    Some(format!("frames {counts:?}; frame {}: {}; on the wire: {}", first + 1, said(ours), said(wire)))
}

/// Numbers, directions and times of the frames on the ladder of a whole run, where its one host is the first column.
fn on_the_ladder(run: &Run) -> Vec<(u64, bool, u64)> {
    let row = |row: &LadderRow| match row {
        LadderRow::Frame { number, from, microseconds, .. } => Some((*number, *from == 0, *microseconds)),
        LadderRow::Captured { .. } | LadderRow::State { .. } | LadderRow::Oops { .. } => None,
    };
    ladder::whole(run, Lang::En).rows.iter().filter_map(row).collect()
}

#[test]
fn every_export_has_the_frames_of_the_golden_wire() {
    let scenes = recorded_scenes();
    assert!(scenes.len() > 230, "{} scenes", scenes.len());
    let mut failures = Vec::new();
    for (scene, wire) in scenes {
        let mut run = played(&scene.path);
        let world = run.before(0);
        let capture = read::parse(&recording(&mut run).unwrap()).unwrap();
        let devices: Vec<String> =
            (0..world.hosts[0].kernel.config.interfaces.len()).map(|number| format!("eth{number}")).collect();
        let ours = frames_of(&capture, &devices, beginning(&world));
        if let Some(difference) = difference(&ours, &wire) {
            failures.push(format!("pcapng of {}: {difference}", scene.name));
            continue;
        }
        let rows = on_the_ladder(&run);
        let expected: Vec<(u64, bool, u64)> = (1..)
            .zip(&wire)
            .map(|(number, frame)| (number, frame.outbound, frame.jiffy.cast_unsigned() * TICK))
            .collect();
        if rows != expected {
            failures.push(format!("ladder of {}: {rows:?}, on the wire {expected:?}", scene.name));
        }
        let diagram = mermaid::diagram(&ladder::whole(&run, Lang::En));
        let arrows: Vec<bool> = diagram
            .lines()
            .filter_map(|line| line.trim_start().split_once("->>"))
            .map(|(from, _)| from == "h0")
            .collect();
        if !arrows.iter().eq(wire.iter().map(|frame| &frame.outbound)) {
            failures.push(format!("diagram of {}\n{diagram}", scene.name));
        }
    }
    assert!(failures.is_empty(), "{} differ\n{}", failures.len(), failures.join("\n"));
}

/// A file that goes when the test does.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("sockscope-recording-{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Frames that arrive inside a call are missed by Wireshark too where they are missing.
#[test]
fn wireshark_misses_no_segment_in_an_exported_scene() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    for name in ["back_log/read_three_segments", "back_log/accept_syn_at_release", "two_proc/accept_then_read"] {
        let mut run = played(&golden.join(format!("{name}.pkt")));
        let file = Scratch::new(&name.replace('/', "-"));
        std::fs::write(&file.0, recording(&mut run).unwrap()).unwrap();
        let mut tshark = Command::new("tshark");
        let filter = ["-Y", "tcp.analysis.ack_lost_segment || tcp.analysis.lost_segment"];
        let Some(output) = witness::output(tshark.arg("-n").arg("-r").arg(&file.0).args(filter)) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{name}");
    }
}

/// Journals with every kind of line that scenes make.
static JOURNALS: LazyLock<Vec<Vec<String>>> = LazyLock::new(|| {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let names = ["back_log/read_three_segments.pkt", "two_proc/accept_then_read.pkt"];
    let mut runs: Vec<Run> = names.map(|name| played(&golden.join(name))).into();
    runs.push(open(None, 1).unwrap().run);
    let journal = |mut run: Run| {
        run.play(10_000);
        let recorded = read_journal(&recording(&mut run).unwrap()).unwrap();
        let (beginning, journal) = recorded.decode().unwrap();
        encode(&beginning, &journal).lines().map(str::to_owned).collect()
    };
    runs.into_iter().map(journal).collect()
});

/// The places of the numbers in a line.
fn numbers(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    for (place, _) in line.match_indices(|character: char| character.is_ascii_digit()) {
        match found.last_mut() {
            Some(last) if last.end == place => last.end = place + 1,
            _ => found.push(place..place + 1),
        }
    }
    found
}

const NUMBERS: [&str; 12] = [
    "0",
    "1",
    "2",
    "-1",
    "127",
    "255",
    "65535",
    "2147483647",
    "4294967295",
    "4294967296",
    "42949672950000",
    "18446744073709551615",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// A journal in which numbers were changed and lines moved is refused or runs; nothing in it ends the program.
    #[test]
    fn a_strangers_journal_is_refused_or_runs(
        which in 0_usize..3,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 0_usize..13), 1..4),
    ) {
        let mut lines = JOURNALS[which].clone();
        for (line, place, value) in changes {
            let line = line.index(lines.len());
            let Some(value) = NUMBERS.get(value) else {
                let other = place.index(lines.len());
                lines.swap(line, other);
                continue;
            };
            let places = numbers(&lines[line]);
            if !places.is_empty() {
                let range = places[place.index(places.len())].clone();
                lines[line].replace_range(range, value);
            }
        }
        if let Ok((beginning, journal)) = decode(&(lines.join("\n") + "\n")) {
            let mut run = Run::new(beginning.world(), journal);
            run.play(300);
            let _ = recording(&mut run);
        }
    }
}
