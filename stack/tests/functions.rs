//! The table of kernel functions holds what the program has: every function that `#[kfn]` marks, with a summary that can
//! be shown as it is.

use std::collections::BTreeSet;

use stack::functions::{FUNCTIONS, named};
use stack::kernel::probe::{Arg, ToArg};
use stack::lab::scene;
use stack::source::{SOURCES, text};

/// Places of the functions that stand below a `#[kfn]` in a source, as (file, line of the signature).
fn marked<'a>(file: &'a str, source: &str) -> Vec<(&'a str, u32)> {
    let lines: Vec<&str> = source.lines().collect();
    let marks = lines.iter().enumerate().filter(|(_, line)| line.starts_with("#[kfn("));
    let signature = |from: usize| (from..lines.len()).find(|index| lines[*index].contains("fn "));
    marks.filter_map(|(index, _)| Some((file, signature(index)? as u32 + 1))).collect()
}

#[test]
fn the_table_names_every_marked_function() {
    let sources: BTreeSet<(&str, u32)> = SOURCES.iter().flat_map(|(file, source)| marked(file, source)).collect();
    let table: BTreeSet<(&str, u32)> = FUNCTIONS.iter().map(|function| (function.rust_file, function.line)).collect();
    assert_eq!(FUNCTIONS.len(), table.len(), "no function stands twice in stack/src/functions.rs");
    let missing: Vec<_> = sources.difference(&table).collect();
    assert!(missing.is_empty(), "add to stack/src/functions.rs: {missing:?}");
    assert!(table.len() > 300, "{}", table.len());
}

#[test]
fn lines_are_those_of_the_source() {
    for function in FUNCTIONS {
        let source: Vec<&str> = text(function.rust_file).expect("the source is embedded").lines().collect();
        let head = source[function.line as usize - 1];
        assert!(head.contains(&format!("fn {}(", function.name)), "{}: {head}", function.name);
        assert_eq!(source[function.last_line as usize - 1], "}", "{}", function.name);
    }
}

#[test]
fn summaries_are_sentences_without_marks_of_the_source() {
    for function in FUNCTIONS {
        let summary = function.summary;
        assert!(!summary.contains(['\\', '`', '\n']), "{}: {summary}", function.name);
        assert!(summary.ends_with(['.', '?']), "{}: {summary}", function.name);
    }
    let quoting = FUNCTIONS.iter().filter(|function| function.summary.contains(['\'', '"'])).count();
    assert!(quoting > 20, "{quoting} summaries with an apostrophe or a quotation mark");
    assert_eq!(named("tcp_rcv").map(|function| function.file), Some("net/inet/tcp.c"));
    assert_eq!(named("no_such_function"), None);
}

#[test]
fn a_timer_as_argument_says_what_it_does() {
    let mut run = scene::first(7).expect("the first scene loads");
    run.play(20_000);
    let mut names = BTreeSet::new();
    for turn in 0..run.turns.len() {
        for host in &run.before(turn).hosts {
            for timer in host.kernel.timers.values() {
                let Arg::Timer(role, _) = timer.id.to_arg() else { panic!("{:?} is shown as a timer", timer.id) };
                assert_eq!(role.function(), timer.function.name, "{:?}", timer.id);
                names.insert(role.function());
            }
        }
    }
    assert!(names.len() >= 4, "{names:?}");
}
