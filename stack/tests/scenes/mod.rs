//! The scenes that every law must hold on: all golden scripts and all scripts of the assets.

#![allow(dead_code, reason = "every test binary uses some of it")]

use std::fs;
use std::path::{Path, PathBuf};

use stack::lab::conformance::Reading;
use stack::lab::run::Run;
use stack::lab::scene;
use stack::lab::script::{Script, parse};

/// Turns that a scene is played at most.
pub(crate) const LONGEST: usize = 20_000;

/// The scripts, sorted.
pub(crate) fn scripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = ["tests/golden", "../assets/scenes"].map(|folder| here.join(folder)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the golden files stand beside the tests").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pkt") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 150, "only {} scripts found", found.len());
    found
}

/// A script.
pub(crate) fn script(path: &Path) -> Script {
    parse(&fs::read_to_string(path).expect("a script is readable")).expect("a golden script parses")
}

/// The run of a script, not played yet.
pub(crate) fn load(path: &Path) -> Run {
    scene::load_as(&script(path), Reading::Recorded, 1).expect("a golden script can be run")
}

/// The run of a golden script by its name, played.
pub(crate) fn golden(name: &str) -> Run {
    let mut run = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name).with_extension("pkt"));
    run.play(LONGEST);
    run
}

/// A handful of turns of a run, spread over it.
pub(crate) fn sample(turns: usize) -> Vec<usize> {
    let stride = (turns / 12).max(1);
    (0..turns).step_by(stride).chain(turns.checked_sub(1)).collect()
}
