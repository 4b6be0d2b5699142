//! The list of known differences is complete and leads somewhere: every `Kept:` paragraph is on it, names a scene that
//! shows it, and every scene that it names can be opened.

use std::fs;
use std::path::{Path, PathBuf};

use stack::lab::differences::chinese::rows;
use stack::lab::differences::{Difference, differences, of_source};
use stack::source::SOURCES;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn place(difference: &Difference) -> String {
    format!("{}:{}: {}", difference.source, difference.line, difference.function)
}

fn report(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn a_paragraph_is_read_with_all_that_stands_around_it() {
    let text = "/// Does it.\n///\n/// net/inet/tcp.c:tcp_it, RFC 793 p.1. More.\n///\n/// Kept: it is odd (data/a_1),\n\
                /// and (`close/b`: so; not/a/scene) `odder`.\n#[kfn(\"net/inet/tcp.c\", rfc = \"793 p.1\")]\n\
                pub fn tcp_it(k: &mut Kernel) {\n/// Kept: a part.\nfn tcp_it_part() {}\n";
    let found = of_source("stack/src/it.rs", text);
    let whole = Difference {
        function: "tcp_it".to_owned(),
        file: "net/inet/tcp.c",
        rfc: "793 p.1".to_owned(),
        text: "it is odd (data/a_1), and (`close/b`: so; not/a/scene) `odder`.".to_owned(),
        chinese: "",
        scenes: vec!["data/a_1".to_owned(), "close/b".to_owned()],
        source: "stack/src/it.rs",
        line: 5,
    };
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], whole);
    assert_eq!((found[1].function.as_str(), found[1].file, found[1].line), ("tcp_it_part", "net/inet/tcp.c", 9));
}

#[test]
fn every_oddity_in_the_sources_is_on_the_list() {
    let folder = root().join("stack/src");
    let mut paths = Vec::new();
    sources(&folder, &mut paths);
    let mut complaints = Vec::new();
    for path in paths.iter().filter(|path| !path.ends_with("lab/differences.rs")) {
        let text = fs::read_to_string(path).expect("a readable source");
        let name = format!("stack/src/{}", path.strip_prefix(&folder).unwrap_or(path).display());
        let written = text.matches("Kept:").count();
        let listed = differences().iter().filter(|difference| difference.source == name).count();
        if written != listed {
            let embedded = SOURCES.iter().any(|(known, _)| *known == name);
            let why = if embedded {
                "a paragraph stands outside the documentation of an item"
            } else {
                "not in source_list.rs"
            };
            complaints.push(format!("{name}: {written} paragraphs, {listed} on the list ({why})"));
        }
    }
    report("oddities that the list does not know", &complaints);
    assert!(differences().len() > 100);
}

#[test]
fn every_difference_says_where_it_comes_from() {
    let complaints: Vec<String> = differences()
        .iter()
        .filter(|difference| difference.file.is_empty() || difference.function.is_empty() || difference.text.is_empty())
        .map(place)
        .collect();
    report("differences without a function, a file of the original or a text", &complaints);
}

#[test]
fn every_difference_names_a_scene_that_exists() {
    let folders = [root().join("stack/tests/golden"), root().join("assets/scenes")];
    let exists = |scene: &str| {
        let endings = ["pkt", "json"];
        folders.iter().any(|folder| endings.iter().any(|ending| folder.join(format!("{scene}.{ending}")).is_file()))
    };
    let mut complaints = Vec::new();
    for difference in differences() {
        if difference.scenes.is_empty() {
            complaints.push(format!("{}: no scene shows it", place(&difference)));
        }
        for scene in difference.scenes.iter().filter(|scene| !exists(scene)) {
            complaints.push(format!("{}: there is no scene {scene}", place(&difference)));
        }
    }
    report("differences that nobody can see", &complaints);
}

/// The scenes and the code that a text names.
fn names(text: &str, scenes: &[String]) -> Vec<String> {
    let code = text.split('`').skip(1).step_by(2).map(str::to_owned);
    let mut found: Vec<String> = code.chain(scenes.iter().filter(|scene| text.contains(*scene)).cloned()).collect();
    found.sort();
    found
}

#[test]
fn every_difference_is_told_in_both_languages() {
    let mut complaints = Vec::new();
    let all = differences();
    for difference in &all {
        let Difference { text, chinese, scenes, .. } = difference;
        if chinese.is_empty() {
            complaints.push(format!("{}: no Chinese in lab/differences/chinese", place(difference)));
        } else if names(text, scenes) != names(chinese, scenes) {
            complaints.push(format!("{}: its Chinese names other scenes or code", place(difference)));
        } else if chinese.chars().filter(|letter| *letter >= '\u{4e00}').count() < 3 {
            complaints.push(format!("{}: its Chinese is hardly Chinese", place(difference)));
        }
    }
    for (index, (function, scene, _)) in rows().enumerate() {
        let of =
            all.iter().filter(|known| known.function == *function && known.scenes.first().is_some_and(|s| s == scene));
        let twice = rows().skip(index + 1).any(|(again, first, _)| again == function && first == scene);
        if of.count() != 1 || twice {
            complaints.push(format!("the row of {function} with {scene} does not belong to exactly one difference"));
        }
    }
    report("differences and their Chinese", &complaints);
}
