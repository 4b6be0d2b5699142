//! The glossary that ships: it can be read, keeps its form in both languages, and refers only to what exists.

use lessons::glossary::{Explanation, Glossary};
use stack::functions::FUNCTIONS;
use stack::kernel::probe::Discard;
use stack::lab::query::Place;
use stack::view::sock::SockView;

#[path = "../build.rs"]
#[allow(dead_code, reason = "the build's own main is no test")]
mod build;

fn shipped() -> Glossary {
    Glossary::load(Glossary::files()).unwrap_or_else(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("lessons/glossary:\n{}", lines.join("\n"))
    })
}

fn complaint(text: &str) -> String {
    let problems = Glossary::load(&[("made.toml", text)]).expect_err("it is refused");
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

const HEAD: &str = "subject.en = \"Made\"\nsubject.zh = \"编造\"\n";

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn every_entry_keeps_its_form_in_both_languages() {
    let glossary = shipped();
    assert!(glossary.entries.len() > 250, "{} entries", glossary.entries.len());
    for entry in &glossary.entries {
        let pairs = [Some(&entry.text), entry.now.as_ref()];
        for text in pairs.into_iter().flatten() {
            assert!(is_chinese(&text.zh) && !is_chinese(&text.en), "{}: {text:?}", entry.name);
            assert!(text.en.len() < 420, "{}: two sentences are short, this is {}", entry.name, text.en.len());
        }
        let (file, rest) = entry.citation.split_once(':').unwrap_or_default();
        let cited = [".c", ".h", ".S", ".rs"].iter().any(|ending| file.ends_with(ending));
        assert!(cited && !rest.is_empty(), "{} cites {}", entry.name, entry.citation);
    }
}

#[test]
fn every_entry_names_differences_and_places_that_exist() {
    let glossary = shipped();
    for entry in &glossary.entries {
        assert_eq!(entry.differences().len(), entry.kept.len(), "{}: {:?}", entry.name, entry.kept);
        let seen = glossary.explanation(entry).places(&["A", "B"], Some(("B", 2)));
        assert_eq!(seen.is_empty(), entry.see.is_none(), "{}: {:?}", entry.name, entry.see);
        for place in seen {
            assert!(place.check_hosts(&["A", "B"]).is_ok(), "{}: {place}", entry.name);
        }
    }
}

#[test]
fn a_citation_of_a_function_that_we_have_is_right() {
    for entry in &shipped().entries {
        let cited = entry.citation.split(" · ").next().and_then(|place| place.split_once(':'));
        let known = cited.and_then(|(file, name)| Some((file, FUNCTIONS.iter().find(|known| known.name == name)?)));
        if let Some((file, function)) = known {
            assert_eq!(file, function.file, "{}: {}", entry.name, entry.citation);
        }
    }
}

#[test]
fn every_function_every_field_of_a_sock_and_every_drop_is_answered() {
    let glossary = Glossary::shipped();
    let words = FUNCTIONS.iter().map(|function| function.name);
    let words = words.chain(SockView::FIELDS.iter().copied()).chain(Discard::ALL.iter().map(|reason| reason.name()));
    for word in words {
        let known = glossary.explain(word, None).unwrap_or_else(|| panic!("nothing explains {word}"));
        assert!(is_chinese(&known.text.zh), "{word} falls back to English: {:?}", known.text);
        assert!(known.citation.contains(':'), "{word}: {}", known.citation);
    }
    assert!(glossary.explain("no_such_word", None).is_none());
}

#[test]
fn a_word_is_found_by_its_subject_its_other_spellings_and_without_regard_to_case() {
    let glossary = Glossary::shipped();
    let found = |word: &str, subject| glossary.explain(word, subject).map(|known: Explanation| known.citation);
    assert_ne!(found("check", Some("timers")), found("check", Some("header")));
    assert_eq!(found("sk->back_log", None), found("back_log", None));
    assert_eq!(found("TCP_SYN_RECV", None), found("SYN_RECV", None));
    assert_eq!(found("B/sk#4", None), found("number", None));
    assert_eq!(found("Back_Log", None), found("back_log", None));
    let places = glossary.explain("SYN_RECV", None).map(|known| known.places(&["A", "B"], None));
    let texts: Vec<String> = places.unwrap_or_default().iter().map(Place::to_string).collect();
    assert_eq!(texts, ["A: state *->SYN_RECV", "B: state *->SYN_RECV"]);
}

#[test]
fn what_is_wrong_is_told_with_file_and_line() {
    let word = |rest: &str| format!("{HEAD}\n[[word]]\nname = \"x\"\ncite = \"a.c:x\"\n{rest}");
    let two = "en = \"One. Two.\"\nzh = \"一。二。\"\n";
    assert!(Glossary::load(&[("made.toml", &word(two))]).is_ok());
    for (text, wanted) in [
        (
            word("en = \"One. Two. Three.\"\nzh = \"一。二。\"\n"),
            "made.toml:4:1: x: `en` has 3 sentences; it takes two",
        ),
        (word("en = \"One. Two.\"\nzh = \"一。\"\n"), "`zh` has 1 sentences"),
        (word(&format!("{two}sea = \"y\"\n")), "made.toml:9:1: unknown field `sea`"),
        (word(&format!("{two}see = \"B: entr y\"\n")), "made.toml:9:7: `see` is no place"),
        (word(&format!("{two}kept = [\"tcp_ack\"]\n")), "made.toml:9:9: `kept` takes a function and a scene"),
        (word(two).replace("cite = \"a.c:x\"\n", ""), "x cites nothing"),
        (word(two) + &word(two).replace(HEAD, ""), "x stands in line 4 already"),
    ] {
        let said = complaint(&text);
        assert!(said.contains(wanted), "{said}\nlacks {wanted}");
    }
}

#[test]
fn a_file_that_is_no_subject_ends_the_build_and_is_named() {
    let folder = std::env::temp_dir().join(format!("sockscope-glossary-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    std::fs::write(folder.join("notes.txt"), "").expect("a file can be written");
    let said = build::glossary(&folder);
    std::fs::remove_dir_all(&folder).expect("removed");
    assert!(said.is_err_and(|said| said.contains("lessons/glossary/notes.txt is no part of the glossary")));
}
