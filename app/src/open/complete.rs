//! Completing a path that is being typed. Promise: it only looks; a name that could drive the terminal is never offered.

use std::fs;
use std::path::{Path, is_separator};

use super::gallery;
use crate::refusal::harmless;

/// The most names of one folder that are looked at.
const MOST: usize = 2_000;
/// Endings of what can be opened.
const ENDINGS: [&str; 5] = ["pkt", "json", "pcap", "pcapng", "cap"];

/// What the path before the cursor may become, as it is typed: folders, which end with a separator, then what can be opened, then
/// scenes of the gallery.
#[must_use]
pub fn complete(typed: &str) -> Vec<String> {
    let (folder, begun) = typed.rfind(is_separator).map_or(("", typed), |at| typed.split_at(at + 1));
    let looked_at = if folder.is_empty() { Path::new(".") } else { Path::new(folder) };
    let (mut folders, mut files) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(looked_at).into_iter().flatten().flatten().take(MOST) {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let is_hidden = name.starts_with('.') && !begun.starts_with('.');
        if !name.starts_with(begun) || is_hidden || harmless(&name) != name {
            continue;
        }
        let path = entry.path();
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or("").to_ascii_lowercase();
        if path.is_dir() {
            folders.push(format!("{folder}{name}/"));
        } else if ENDINGS.contains(&ending.as_str()) {
            files.push(format!("{folder}{name}"));
        }
    }
    folders.sort();
    files.sort();
    folders.append(&mut files);
    let scenes = gallery::scenes().iter().map(|scene| &scene.name).filter(|name| name.starts_with(typed));
    folders.extend(scenes.filter(|_| !typed.is_empty()).cloned());
    folders
}
