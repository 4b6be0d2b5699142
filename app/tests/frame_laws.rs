//! The laws of time travel on every frame scenario: seeking equals running, the way back is the way there, and watching
//! changes nothing. (Scripts are held to them in `stack/tests/laws.rs`, which cannot read JSON.)

use std::fs;
use std::path::{Path, PathBuf};

use sockscope::open::open;
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Moment, Run};

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
        let mut run = open(Some(&path), 1).expect("a golden scenario opens");
        run.play(20_000);
        let mut straight = Run::new(run.before(0), run.journal.clone());
        let mut unwatched = run.before(0);
        let mut worlds = Vec::new();
        while straight.advance() {
            worlds.push(straight.head().fingerprint());
            assert!(unwatched.turn(&run.journal, |_| {}).is_some(), "{name}: watching adds a turn");
            assert_eq!(unwatched.fingerprint(), straight.head().fingerprint(), "{name}: watching changes something");
        }
        assert_eq!(worlds.len(), run.reel.len(), "{name}");
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
