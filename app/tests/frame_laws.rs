//! The laws of time travel on every frame scenario: seeking equals running, the way back is the way there, and watching
//! changes nothing. (Scripts are held to them in `stack/tests/laws.rs`, which cannot read JSON.)

use std::fs;
use std::path::{Path, PathBuf};

use sockscope::open::open;
use sockscope::scenario::find::scenes;
use sockscope::scenario::record;
use stack::include::seq::TICK;
use stack::lab::conformance::WireFrame;
use stack::lab::conformance::frames::compare;
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Entry, Moment, Run};

fn scenarios() -> Vec<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["../stack/tests/golden", "../assets/scenes"].map(|folder| here.join(folder));
    let groups = folders.into_iter().flat_map(|folder| fs::read_dir(folder).expect("a folder of scenes").flatten());
    let files = groups.filter_map(|group| fs::read_dir(group.path()).ok()).flat_map(Iterator::flatten);
    let mut found: Vec<PathBuf> =
        files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|ending| ending == "json")).collect();
    found.sort();
    assert!(found.len() > 40, "only {} scenarios found", found.len());
    found
}

#[test]
fn every_frame_scenario_obeys_the_laws() {
    for path in scenarios() {
        let name = path.display();
        let mut run = open(Some(&path), 1).expect("a golden scenario opens").run;
        run.play(20_000);
        let mut straight = Run::new(run.before(0), run.journal.clone());
        let mut unwatched = run.before(0);
        let mut worlds = Vec::new();
        while straight.advance() {
            let mut shown = straight.head().clone();
            shown.level(straight.turns.last().and_then(Entry::host));
            worlds.push(shown.fingerprint());
            assert!(unwatched.turn(&run.journal, |_| {}).is_some(), "{name}: watching adds a turn");
            assert_eq!(unwatched.fingerprint(), straight.head().fingerprint(), "{name}: watching changes something");
        }
        assert_eq!(worlds.len(), run.turns.len(), "{name}");
        for turn in (0..worlds.len()).rev().step_by(3) {
            let end = Moment { turn, step: run.steps(turn) };
            assert_eq!(run.seek(end).world.fingerprint(), worlds[turn], "{name}: the end of turn {turn}");
        }
        let mut at = Moment::default();
        while let Some(next) = run.moved(at, Movement::Turn, Direction::Forward) {
            if at != Moment::default() {
                assert_eq!(
                    run.moved(next, Movement::Turn, Direction::Backward),
                    Some(at),
                    "{name}: back from {next:?}"
                );
            }
            at = next;
        }
    }
}

/// The frames of a run as a recording has them.
fn wire(run: &Run) -> Vec<WireFrame> {
    let frame = |record: &stack::lab::run::FrameRecord| WireFrame {
        jiffy: (record.time / TICK) as i64,
        device: format!("eth{}", record.sent.dev - 1),
        outbound: !record.from_outside,
        bytes: record.sent.bytes.clone(),
    };
    run.frames.iter().map(frame).collect()
}

#[test]
fn the_frames_of_a_run_are_those_of_the_golden_wire() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let (mut compared, mut inside_calls) = (0, 0);
    for scene in scenes(&[root]).unwrap() {
        let json = scene.path.extension().is_some_and(|ending| ending == "json");
        let golden = record::frames(&scene.path, if json { "pcapng" } else { "wire.pcapng" }).unwrap().unwrap();
        let mut run = open(Some(&scene.path), 1).unwrap().run;
        run.play(100_000);
        let difference = compare(&golden, &wire(&run));
        assert!(difference.is_none(), "{}: {difference:?}", scene.name);
        compared += golden.len();
        let in_a_call = |record: &&stack::lab::run::FrameRecord| {
            record.from_outside && run.turns[record.moment.turn].cause == stack::lab::world::Cause::Call
        };
        inside_calls += run.frames.iter().filter(in_a_call).count();
        for (index, record) in run.frames.iter().enumerate() {
            assert_eq!(record.sent.number, index as u64 + 1, "{}: the number of a frame is its place", scene.name);
        }
    }
    assert!(compared > 2_000 && inside_calls > 50, "{compared} frames, {inside_calls} of them inside calls");
}
