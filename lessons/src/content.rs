//! The lessons that ship inside the program: every folder of `content/`, found when the program is built. A new lesson is a
//! new folder and nothing else. And the one that authors begin with: small, whole, and full of remarks (`skeleton/`).

use crate::again::{SUFFIX, second_pass};
use crate::load::{Files, is_id};

/// Folder, then name and text of each file: written by `build.rs` from the folders of `content/`.
const CONTENT: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/content.rs"));

/// The files of the lesson that authors begin with; [`PLACE_OF_ID`] stands where its id goes.
const SKELETON: [(&str, &str); 4] = [
    ("lesson.toml", include_str!("../skeleton/lesson.toml")),
    ("first.pkt", include_str!("../skeleton/first.pkt")),
    ("en.md", include_str!("../skeleton/en.md")),
    ("zh.md", include_str!("../skeleton/zh.md")),
];

/// What stands for the id in the skeleton.
const PLACE_OF_ID: &str = "id      = \"NAME\"";

/// A new lesson of this id, which passes [`check`](crate::check::check) as it is; None for what is no id.
#[must_use]
pub fn skeleton(id: &str) -> Option<Files> {
    let named = |text: &str| text.replacen(PLACE_OF_ID, &format!("id      = {id:?}"), 1);
    let files = SKELETON.iter().map(|(name, text)| ((*name).to_owned(), named(text)));
    is_id(id).then(|| Files { folder: id.to_owned(), files: files.collect() })
}

/// The lessons in the order of the curriculum, which is that of the numbers in their folders' names.
#[must_use]
pub fn all() -> Vec<Files> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    CONTENT
        .iter()
        .map(|(folder, files)| Files { folder: (*folder).to_owned(), files: files.iter().map(owned).collect() })
        .collect()
}

/// The lesson of a name: its folder (`07-handshake`), number (`7`) or id (`handshake`), each with `-again` behind it for its second
/// pass.
#[must_use]
pub fn named(name: &str) -> Option<Files> {
    first_pass(name).or_else(|| second_pass(&first_pass(name.strip_suffix(SUFFIX)?)?).ok()?)
}

/// The number of a lesson in the curriculum, with which the name of its folder begins; None where it has none.
#[must_use]
pub fn number(folder: &str) -> Option<u32> {
    folder.split('-').next().and_then(|digits| digits.parse().ok())
}

fn first_pass(name: &str) -> Option<Files> {
    all().into_iter().find(|files| {
        let id = files.folder.split_once('-').map_or("", |(_, id)| id);
        files.folder == name || id == name || name.parse().ok() == number(&files.folder)
    })
}
