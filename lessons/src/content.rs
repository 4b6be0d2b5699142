//! The lessons that ship inside the program: every folder of `content/`, found when the program is built. A new lesson is a
//! new folder and nothing else.

use crate::load::Files;

/// Folder, then name and text of each file: written by `build.rs` from the folders of `content/`.
const CONTENT: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// The lessons in the order of the curriculum, which is that of the numbers in their folders' names.
#[must_use]
pub fn all() -> Vec<Files> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    CONTENT
        .iter()
        .map(|(folder, files)| Files { folder: (*folder).to_owned(), files: files.iter().map(owned).collect() })
        .collect()
}

/// The lesson of a name: its folder (`07-handshake`), number (`7`) or id (`handshake`).
#[must_use]
pub fn named(name: &str) -> Option<Files> {
    let number = |folder: &str| folder.split('-').next().and_then(|digits| digits.parse::<u32>().ok());
    all().into_iter().find(|files| {
        let id = files.folder.split_once('-').map_or("", |(_, id)| id);
        files.folder == name || id == name || name.parse().ok() == number(&files.folder)
    })
}
