//! Which scenes a list of paths means: a file is itself, a folder is every scene below it, in the order of the names.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::refusal::{Refusal, harmless};

/// At most this many scenes are run at once.
const MOST_SCENES: usize = 100_000;
/// Folders nest at most this deep.
const DEEPEST: usize = 32;

/// A scene on disk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scene {
    /// How it is called in reports: its path below the folder that was named, without the extension.
    pub name: String,
    /// The file.
    pub path: PathBuf,
}

/// The scenes that a list of paths means.
///
/// # Errors
/// A path that cannot be read, or no scene at all.
pub fn scenes(paths: &[PathBuf]) -> Result<Vec<Scene>, Refusal> {
    let mut found = Vec::new();
    for path in paths {
        let shown = harmless(&path.display().to_string());
        let about = fs::metadata(path).map_err(|error| {
            Refusal::usage(format!("{shown}: cannot be read: {error}"), format!("{shown}：无法读取：{error}"))
        })?;
        if about.is_dir() {
            walk(path, path, 0, &mut found)?;
        } else {
            let name = path.with_extension("").file_name().map(|name| name.to_string_lossy().into_owned());
            found.push(Scene { name: name.unwrap_or_default(), path: path.clone() });
        }
    }
    if found.is_empty() {
        return Err(Refusal::usage(
            "there is no scene here: name a .pkt script, a .json frame scenario, or a folder of them",
            "这里没有场景：请指定 .pkt 脚本、.json 帧场景，或包含它们的文件夹",
        ));
    }
    Ok(found)
}

fn walk(root: &Path, folder: &Path, depth: usize, found: &mut Vec<Scene>) -> Result<(), Refusal> {
    let refuse = |error: std::io::Error| {
        let shown = harmless(&folder.display().to_string());
        Refusal::usage(format!("{shown}: cannot be read: {error}"), format!("{shown}：无法读取：{error}"))
    };
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(refuse)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(refuse)?;
    entries.sort();
    for path in entries {
        if path.is_dir() && depth < DEEPEST && !path.is_symlink() {
            walk(root, &path, depth + 1, found)?;
        } else if is_scene(&path) && found.len() < MOST_SCENES {
            let below = path.strip_prefix(root).unwrap_or(&path).with_extension("");
            found.push(Scene { name: below.to_string_lossy().into_owned(), path });
        }
    }
    Ok(())
}

fn is_scene(path: &Path) -> bool {
    let is = |extension: &OsStr| ["pkt", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    path.extension().is_some_and(is)
}

/// Every scene, as `group/name`, and its file from the root of the sources; in the order of the names (`build.rs` finds them).
const SCENES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/scenes.rs"));

/// The file of a scene; None where the sources had none of that name.
#[must_use]
pub fn scene_file(scene: &str) -> Option<&'static str> {
    let place = SCENES.binary_search_by_key(&scene, |(name, _)| name).ok()?;
    SCENES.get(place).map(|(_, file)| *file)
}
