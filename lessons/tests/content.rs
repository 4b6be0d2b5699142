//! The lessons that ship: every folder of `content/` is one, and each passes the linter, which plays it on the real stack.

use std::fs;
use std::path::{Path, PathBuf};

use lessons::{check, content, load};

#[path = "../build.rs"]
#[allow(dead_code, reason = "the build's own main is no test")]
mod build;

fn content_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("content")
}

/// A folder of lessons with one lesson in it, made for one test.
struct Shelf(PathBuf);

impl Shelf {
    fn new(test: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("sockscope-content-{test}-{}", std::process::id()));
        let shelf = Self(folder);
        for name in ["lesson.toml", "en.md", "zh.md", "a.pkt"] {
            shelf.file(&format!("03-bind/{name}"));
        }
        shelf
    }

    fn file(&self, name: &str) {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(path, "").expect("a file can be written");
    }

    #[track_caller]
    fn refused(&self, part: &str) {
        let said = build::table(&self.0).expect_err("the build goes on");
        assert!(said.contains(part), "{said}");
    }
}

impl Drop for Shelf {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn every_folder_is_a_lesson_of_the_program() {
    let mut folders: Vec<String> = fs::read_dir(content_folder())
        .expect("the content is there")
        .map(|entry| entry.expect("the content can be read").file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let shipped: Vec<String> = content::all().into_iter().map(|files| files.folder).collect();
    assert_eq!(shipped, folders);
    for files in content::all() {
        let lesson = load(&files, 1).unwrap_or_else(|problems| panic!("{}: {problems:?}", files.folder));
        let (number, name) = files.folder.split_once('-').expect("NN-name");
        assert_eq!(lesson.id, name, "{}: the id is the name of the folder", files.folder);
        for name in [&lesson.id, &files.folder, number, number.trim_start_matches('0')] {
            assert_eq!(content::named(name).map(|found| found.folder), Some(files.folder.clone()), "{name}");
        }
    }
}

#[test]
fn every_lesson_passes_the_linter() {
    for files in content::all() {
        let report = check::check(&files);
        let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(report.passed(), "{}:\n{}", report.folder, problems.join("\n"));
        assert_eq!(report.seeds, check::SEEDS.len());
        assert!(report.questions >= 2);
    }
}

#[test]
fn a_folder_that_is_no_lesson_ends_the_build_and_is_named() {
    let shelf = Shelf::new("build");
    let table = build::table(&shelf.0).expect("a lesson is found");
    assert!(table.contains("(\"03-bind\", &[") && table.matches("include_str!").count() == 4, "{table}");
    shelf.file("draft/lesson.toml");
    shelf.refused("lessons/content/draft is no lesson");
    fs::remove_dir_all(shelf.0.join("draft")).expect("removed");
    shelf.file("03-listen/lesson.toml");
    shelf.refused("lessons/content/03-listen has the number of 03-bind");
    fs::rename(shelf.0.join("03-listen"), shelf.0.join("04-listen")).expect("renamed");
    shelf.refused("lessons/content/04-listen has no en.md");
    shelf.file("04-listen/en.md");
    shelf.file("04-listen/zh.md");
    shelf.refused("lessons/content/04-listen has no scene");
    shelf.file("04-listen/zh.md.bak");
    shelf.refused("lessons/content/04-listen/zh.md.bak is no part of a lesson");
}
