//! Comparing: two steps, two branches, two files.

use std::process::Command;

use sockscope::i18n::Lang;
use sockscope::session::PictureRequest;
use sockscope::session::answer::Refused;
use sockscope::session::compare::CompareWith;
use stack::lab::compare::Relation;
use stack::link::wire::Fate;

use crate::driving::{frame, session};

#[test]
fn row_11_two_steps_list_the_fields_that_differ_and_a_step_and_itself_none() {
    let mut session = session();
    session.toggle_stop("A: state CLOSE->SYN_SENT").unwrap();
    let answer =
        session.travel(sockscope::session::motion::Motion::Run, sockscope::session::motion::Direction::Forward);
    assert!(session.settle(answer).moved());
    let number = session.picture(PictureRequest { switched: 0, relative: true, lang: Lang::En }).step;
    assert!(session.compare(&CompareWith::Step(number), Lang::En).unwrap().is_same());
    let comparison = session.compare(&CompareWith::Step(number - 1), Lang::En).unwrap();
    let told: Vec<(String, Option<String>, Option<String>)> = comparison
        .fields
        .iter()
        .map(|field| {
            (format!("{} {}.{}", field.host, field.subject, field.field), field.left.clone(), field.right.clone())
        })
        .collect();
    assert!(
        told.contains(&("A sk#2.state".to_owned(), Some("TCP_CLOSE".to_owned()), Some("TCP_SYN_SENT".to_owned()))),
        "{told:?}"
    );
    session.set_mark('m');
    session.go_to(number + 60);
    let by_mark = session.compare(&CompareWith::Mark('m'), Lang::En).unwrap();
    assert_eq!(by_mark, session.compare(&CompareWith::Step(number), Lang::En).unwrap());
    assert_eq!(session.compare(&CompareWith::Mark('z'), Lang::En), Err(Refused::NoMark('z')));
}

#[test]
fn row_28_two_ladders_side_by_side_show_the_first_difference() {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    let comparison = session.compare(&CompareWith::Branch(1), Lang::En).unwrap();
    let first = &comparison.rows[comparison.first.unwrap()];
    assert_eq!(first.relation, Relation::Fate, "{first:?}");
    assert_eq!((first.left.as_ref().unwrap().number, first.right.as_ref().unwrap().number), (syn, syn));
    assert!(!first.left.as_ref().unwrap().lost && first.right.as_ref().unwrap().lost);
    // Every frame of both runs stands in exactly one row, in order.
    let numbers = |side: fn(&sockscope::picture::comparison::ComparedRow) -> Option<u64>| -> Vec<u64> {
        comparison.rows.iter().filter_map(side).collect()
    };
    let right = numbers(|row| row.right.as_ref().map(|frame| frame.number));
    assert_eq!(right, (1..=session.run().frames.len() as u64).collect::<Vec<_>>());
    assert_eq!(session.compare(&CompareWith::Branch(7), Lang::En), Err(Refused::NoOtherBranch(7)));
    assert_eq!(session.compare(&CompareWith::Branch(2), Lang::En), Err(Refused::NoOtherBranch(2)), "itself");
}

fn diff(arguments: &[&str]) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_sockscope")).arg("diff").args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn row_11_diff_compares_files_and_steps_and_says_so_by_its_exit_code() {
    let scenes = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/scenes");
    let mut found: Vec<std::path::PathBuf> = std::fs::read_dir(scenes)
        .unwrap()
        .flat_map(|entry| std::fs::read_dir(entry.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "pkt"))
        .collect();
    found.sort();
    let (one, two) = (found[0].to_str().unwrap(), found[1].to_str().unwrap());
    assert_eq!(diff(&[one, one, "--lang", "en"]).0, Some(0));
    let (code, text) = diff(&[one, two, "--lang", "en"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("first difference: row "), "{text}");
    let (code, text) = diff(&[one, "--steps", "18,36", "--json"]);
    assert_eq!(code, Some(1));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["schema"], 1);
    assert!(!value["fields"].as_array().unwrap().is_empty());
    assert_eq!(diff(&[one]).0, Some(2), "one file alone is a mistake of usage");
}
