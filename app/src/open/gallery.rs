//! The gallery: scenes that ship inside the program, each about one thing that happens in a network.
//!
//! The folder `assets/scenes/gallery` is the list (`build.rs` puts it in). What the program says of a scene stands in the first
//! lines of its file, in a frame scenario in its `doc`:
//!
//! ```text
//! // no: 2                                         its place in the gallery
//! // en: lost SYN | The SYN is lost on the wire.   its title and one sentence
//! // zh: SYN 丢失 | SYN 在线路上丢失。
//! // at: frame 2 leaves                            where it opens, in the language of `stack::lab::query`
//! ```
//!
//! Promise: a scene opens just before what it is about; a test opens them all.

use std::path::Path;
use std::sync::LazyLock;

use crate::i18n::{Lang, Words};

/// File name and text of every scene, by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

static SCENES: LazyLock<Vec<GalleryScene>> = LazyLock::new(|| {
    let mut scenes: Vec<GalleryScene> = FILES.iter().filter_map(|(file, text)| GalleryScene::of(file, text)).collect();
    scenes.sort_by_key(|scene| scene.number);
    scenes
});

/// A scene of the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GalleryScene {
    /// Its place in the gallery, from 1.
    pub number: u32,
    /// Its name: that of its file without the ending.
    pub name: String,
    /// Whether it is a frame scenario; otherwise it is a script.
    pub is_frames: bool,
    /// Its whole text.
    pub text: &'static str,
    /// Its title, as the home screen shows it.
    pub title: Words<String>,
    /// What happens in it, in a sentence.
    pub sentence: Words<String>,
    /// The place of the run at which it opens.
    pub at: String,
}

impl GalleryScene {
    /// A scene by its file; none where the file does not say of itself what it has to.
    fn of(file: &str, text: &'static str) -> Option<Self> {
        let (name, ending) = file.rsplit_once('.')?;
        let is_frames = ending == "json";
        let doc = || serde_json::from_str::<serde_json::Value>(text).ok()?.get("doc")?.as_str().map(str::to_owned);
        let head = if is_frames { doc()? } else { text.to_owned() };
        let line = |key: &str| {
            let start = format!("// {key}: ");
            head.lines().find_map(|line| line.strip_prefix(&start)).map(|rest| rest.trim().to_owned())
        };
        let pair = |lang: Lang| {
            let line = line(lang.tag())?;
            let (title, sentence) = line.split_once(" | ")?;
            Some((title.to_owned(), sentence.to_owned()))
        };
        let ((title, sentence), (title_zh, sentence_zh)) = (pair(Lang::En)?, pair(Lang::Zh)?);
        Some(Self {
            number: line("no")?.parse().ok()?,
            name: name.to_owned(),
            is_frames,
            text,
            title: Words::new(title, title_zh),
            sentence: Words::new(sentence, sentence_zh),
            at: line("at")?,
        })
    }
}

/// Every scene, in the order in which they are best looked at.
#[must_use]
pub fn scenes() -> &'static [GalleryScene] {
    &SCENES
}

/// The scene that a path names: one without folder and ending that is no file here, such as `lost_syn` or `lost-syn`.
#[must_use]
pub fn named(path: &Path) -> Option<&'static GalleryScene> {
    let name = path.to_str()?.replace('-', "_");
    scenes().iter().find(|scene| scene.name == name).filter(|_| !path.exists())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_folder_is_a_scene_of_the_gallery() {
        let names: Vec<&str> = scenes().iter().map(|scene| scene.name.as_str()).collect();
        for (file, _) in FILES {
            let (name, _) = file.rsplit_once('.').unwrap();
            assert!(names.contains(&name), "{file} does not say // no, en, zh and at in its first lines");
        }
        assert!(names.len() >= 12, "only {} scenes", names.len());
        let numbers: Vec<u32> = scenes().iter().map(|scene| scene.number).collect();
        assert_eq!(numbers, (1..).take(names.len()).collect::<Vec<u32>>(), "{names:?}");
    }

    #[test]
    fn a_scene_is_named_with_a_hyphen_too_and_a_path_is_no_name() {
        assert_eq!(named(Path::new("lost-syn")).map(|scene| scene.name.as_str()), Some("lost_syn"));
        assert!(named(Path::new("./lost_syn")).is_none() && named(Path::new("nothing")).is_none());
    }
}
