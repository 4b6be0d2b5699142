//! What the program has to know of its sources before it is compiled.
//!
//! One name for "live mode is in this program": `cfg(live)` holds where the feature `live` is on and the system has TAP devices
//! and network namespaces, which is Linux. Everything else of the program is portable.
//!
//! And where the scenes lie: the folders are the list (`scenes.rs`: `group/name` and file, in order), so that nobody has to say
//! which scene is a script and which a frame scenario. Those of the gallery are built in whole (`gallery.rs`: file and text).
//! Where the sources are not all there the lists are empty.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// The folders of scenes from the root of the sources; a folder in them is a group.
const FOLDERS: [&str; 2] = ["assets/scenes", "stack/tests/golden"];

/// The folder of the scenes that are part of the program.
const GALLERY: &str = "assets/scenes/gallery";

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(live)");
    if env::var_os("CARGO_FEATURE_LIVE").is_some()
        && env::var_os("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "linux")
    {
        println!("cargo:rustc-cfg=live");
    }
    let variable = |name: &str| PathBuf::from(env::var_os(name).unwrap_or_default());
    let mut scenes = BTreeMap::new();
    for folder in FOLDERS {
        let path = variable("CARGO_MANIFEST_DIR").join("..").join(folder);
        println!("cargo:rerun-if-changed={}", path.display());
        for (group, path) in entries(&path) {
            for (file, _) in entries(&path) {
                if let Some(name) = file.strip_suffix(".pkt").or_else(|| file.strip_suffix(".json")) {
                    scenes.insert(format!("{group}/{name}"), format!("{folder}/{group}/{file}"));
                }
            }
        }
    }
    let pairs: Vec<(&String, &String)> = scenes.iter().collect();
    fs::write(variable("OUT_DIR").join("scenes.rs"), format!("&{pairs:?}"))?;
    let gallery = variable("CARGO_MANIFEST_DIR").join("..").join(GALLERY);
    let mut rows = String::new();
    for (file, path) in entries(&gallery) {
        if file.ends_with(".pkt") || file.ends_with(".json") {
            println!("cargo:rerun-if-changed={}", path.display());
            rows.push_str(&format!("({file:?}, {:?}), ", fs::read_to_string(&path)?));
        }
    }
    fs::write(variable("OUT_DIR").join("gallery.rs"), format!("&[{rows}]"))
}

/// Name and path of everything in a folder; nothing where there is no such folder.
fn entries(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path()))).collect()
}
