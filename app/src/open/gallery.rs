//! The gallery: scenes that ship inside the program, each about one thing that happens in a network.
//!
//! The folder `assets/scenes/gallery` is the list (`build.rs` puts it in), and behind it every scene of a lesson that says the
//! same of itself, under the name LESSON/SCENE. What the program says of a scene stands in the first lines of its file, in a frame
//! scenario in its `doc`:
//!
//! ```text
//! // no: 2                                         its place in the gallery (that of a lesson follows from the lesson's)
//! // en: lost SYN | The SYN is lost on the wire.   its title and one sentence
//! // zh: SYN 丢失 | SYN 在线路上丢失。
//! // at: frame 2 leaves                            where it opens, in the language of `stack::lab::query`
//! ```
//!
//! Promise: a scene opens just before what it is about; a test opens them all.

use std::path::Path;
use std::sync::LazyLock;

use lessons::{content, scene_text};

use crate::i18n::{Lang, Words};

/// File name and text of every scene, by name.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

static SCENES: LazyLock<Vec<GalleryScene>> = LazyLock::new(|| {
    let mut scenes: Vec<GalleryScene> = FILES.iter().filter_map(|(file, text)| GalleryScene::of(file, text)).collect();
    scenes.sort_by_key(|scene| scene.number);
    for scene in of_lessons() {
        let number = scenes.len() + 1;
        scenes.push(GalleryScene { number, ..scene });
    }
    scenes
});

/// The seed of the numbers that stand in the scenes of lessons here.
const SEED: u64 = 1;

/// A scene of the gallery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GalleryScene {
    /// Its place in the gallery, from 1.
    pub number: usize,
    /// Its name: that of its file without the ending, that of a lesson's with the lesson's id in front, as `handshake/connect`.
    pub name: String,
    /// Whether it is a frame scenario; otherwise it is a script.
    pub is_frames: bool,
    /// Its whole text.
    pub text: String,
    /// Its title, as the home screen shows it.
    pub title: Words<String>,
    /// What happens in it, in a sentence.
    pub sentence: Words<String>,
    /// The place of the run at which it opens.
    pub at: String,
}

impl GalleryScene {
    /// A scene by its file; none where the file does not say of itself what it has to. One that has no number is the first.
    fn of(file: &str, text: &str) -> Option<Self> {
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
            number: line("no").map_or(Some(1), |number| number.parse().ok())?,
            name: name.to_owned(),
            is_frames,
            text: text.to_owned(),
            title: Words::new(title, title_zh),
            sentence: Words::new(sentence, sentence_zh),
            at: line("at")?,
        })
    }
}

/// The scenes of lessons, in the order of the lessons, each with the numbers of one learner.
fn of_lessons() -> Vec<GalleryScene> {
    let mut scenes = Vec::new();
    for files in content::all() {
        let id = files.folder.split_once('-').map_or("", |(_, id)| id);
        for (name, _) in files.files.iter().filter(|(name, _)| name.ends_with(".pkt")) {
            let text = scene_text(&files, name, SEED);
            let scene = text.and_then(|text| GalleryScene::of(&format!("{id}/{name}"), &text));
            scenes.extend(scene);
        }
    }
    scenes
}

/// Every scene, in the order in which they are best looked at.
#[must_use]
pub fn scenes() -> &'static [GalleryScene] {
    &SCENES
}

/// The scene that a path names, without its ending, where no file is called so: `lost_syn`, `lost-syn`, `handshake/connect`.
#[must_use]
pub fn named(path: &Path) -> Option<&'static GalleryScene> {
    let alike = |name: &str| name.replace('-', "_");
    let name = alike(path.to_str()?);
    scenes().iter().find(|scene| alike(&scene.name) == name).filter(|_| !path.exists())
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
        let numbers: Vec<usize> = scenes().iter().map(|scene| scene.number).collect();
        assert_eq!(numbers, (1..=names.len()).collect::<Vec<usize>>(), "{names:?}");
        for (file, text) in FILES.iter().filter(|(file, _)| file.ends_with(".pkt")) {
            assert!(text.starts_with("// no: "), "{file} does not begin with its number");
        }
    }

    #[test]
    fn every_lesson_has_a_scene_in_the_gallery_behind_the_others_with_numbers_in_its_holes() {
        let of_lessons: Vec<&GalleryScene> = scenes().iter().skip(FILES.len()).collect();
        let mut ids: Vec<String> = content::all().into_iter().map(|files| files.folder[3..].to_owned()).collect();
        ids.retain(|id| !of_lessons.iter().any(|scene| scene.name.starts_with(&format!("{id}/"))));
        assert!(ids.is_empty(), "their scenes do not say // en, zh and at: {ids:?}");
        for GalleryScene { name, text, title, .. } in of_lessons {
            assert!(!text.contains("{port}") && !text.contains("{start}"), "{name}: {text}");
            assert!(title.en.len() <= 24, "{name}: {}", title.en);
        }
        let connect = named(Path::new("handshake/connect")).unwrap();
        let port = connect.text.split("//@ program B echo ").nth(1).and_then(|rest| rest.lines().next()).unwrap();
        assert!((2000..=9000).contains(&port.parse::<u32>().unwrap()), "{port}");
        assert_eq!(named(Path::new("back_log/busy")), named(Path::new("back-log/busy")));
    }

    #[test]
    fn a_scene_is_named_with_a_hyphen_too_and_a_path_is_no_name() {
        assert_eq!(named(Path::new("lost-syn")).map(|scene| scene.name.as_str()), Some("lost_syn"));
        assert!(named(Path::new("./lost_syn")).is_none() && named(Path::new("nothing")).is_none());
    }
}
