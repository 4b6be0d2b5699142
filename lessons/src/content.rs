//! The lessons that ship inside the program.

use crate::load::Files;

/// Folder, file, text.
const CONTENT: &[(&str, &str, &str)] = &[
    ("01-gate", "lesson.toml", include_str!("../content/01-gate/lesson.toml")),
    ("01-gate", "gate.pkt", include_str!("../content/01-gate/gate.pkt")),
    ("01-gate", "en.md", include_str!("../content/01-gate/en.md")),
    ("01-gate", "zh.md", include_str!("../content/01-gate/zh.md")),
    ("07-handshake", "lesson.toml", include_str!("../content/07-handshake/lesson.toml")),
    ("07-handshake", "connect.pkt", include_str!("../content/07-handshake/connect.pkt")),
    ("07-handshake", "en.md", include_str!("../content/07-handshake/en.md")),
    ("07-handshake", "zh.md", include_str!("../content/07-handshake/zh.md")),
];

/// The lessons in the order of the curriculum.
#[must_use]
pub fn all() -> Vec<Files> {
    let mut lessons: Vec<Files> = Vec::new();
    for (folder, name, text) in CONTENT {
        if lessons.last().is_none_or(|last| last.folder != *folder) {
            lessons.push(Files { folder: (*folder).to_owned(), files: Vec::new() });
        }
        if let Some(last) = lessons.last_mut() {
            last.files.push(((*name).to_owned(), (*text).to_owned()));
        }
    }
    lessons
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
