//! The guide for authors, `README.md`, beside the program: what the code has as tables stands there whole, and every example
//! is read as it stands. So the guide cannot go stale.

use std::fs;
use std::path::Path;

use lessons::Pane;
use stack::include::config::BuildOption;
use stack::include::snmp::Mib;
use stack::kernel::call::CallName;
use stack::kernel::probe::Discard;
use stack::lab::query::{Completion, Expression, Known, Place, complete};
use stack::lab::scene;
use stack::lab::script::annotation::{Annotation, FrameFate, POINTS};
use stack::lab::script::ast::Content;
use stack::lab::script::parse;
use stack::view::arp::ArpView;
use stack::view::device::DeviceView;
use stack::view::queue::SkbView;
use stack::view::sock::SockView;
use stack::view::task::TaskView;
use stack::view::timer::TimerView;
use stack::words::Words;

fn guide() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the guide is there")
}

/// A section by its heading, up to the next of the same size or larger.
fn section(heading: &str) -> String {
    let guide = guide();
    let (_, rest) = guide.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let size = heading.chars().take_while(|c| *c == '#').count();
    let is_end = |line: &&str| {
        let hashes = line.chars().take_while(|c| *c == '#').count();
        (1..=size).contains(&hashes) && line[hashes..].starts_with(' ')
    };
    let mut in_code = false;
    let lines = rest.lines().take_while(|line| {
        in_code ^= line.trim_start().starts_with("```");
        in_code || !is_end(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The rows of the tables of a section without their heads: the cells of each.
fn rows(section: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = section.lines().collect();
    let is_row = |index: usize| {
        lines[index].starts_with("| ") && !lines.get(index + 1).is_some_and(|next| next.starts_with("|-"))
    };
    let cells = |line: &str| {
        let line = line.trim_matches('|').replace("\\|", "\u{0}");
        line.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect::<Vec<_>>()
    };
    (0..lines.len()).filter(|index| is_row(*index)).map(|index| cells(lines[index])).collect()
}

/// What stands between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[track_caller]
fn is_table(heading: &str, wanted: &[(String, String)]) {
    let found: Vec<(String, String)> =
        rows(&section(heading)).into_iter().map(|row| (row[0].clone(), row[1].clone())).collect();
    let wanted: Vec<(String, String)> =
        wanted.iter().map(|(name, text)| (format!("`{name}`"), text.replace('|', "\\|"))).collect();
    let table: String = wanted.iter().map(|(name, text)| format!("| {name} | {text} |\n")).collect();
    assert_eq!(found, wanted, "{heading} of lessons/README.md should be\n{table}");
}

fn known() -> Known {
    Known { hosts: vec![("B".to_owned(), vec![2], vec![100])] }
}

fn candidates(before: &str) -> Vec<String> {
    let Completion { candidates, .. } = complete(before, before.chars().count(), &known());
    candidates
}

#[test]
fn every_field_of_every_subject_stands_in_its_table() {
    fn view(fields: &[&str], explain: fn(&str) -> Option<Words>) -> Vec<(String, String)> {
        fields.iter().map(|name| ((*name).to_owned(), explain(name).expect("a field").en.to_owned())).collect()
    }
    is_table("### Sock", &view(SockView::FIELDS, SockView::explain));
    is_table("### Buffer", &view(SkbView::FIELDS, SkbView::explain));
    is_table("### Process", &view(TaskView::FIELDS, TaskView::explain));
    is_table("### ARP entry", &view(ArpView::FIELDS, ArpView::explain));
    is_table("### Device", &view(DeviceView::FIELDS, DeviceView::explain));
    is_table("### Timer", &view(TimerView::FIELDS, TimerView::explain));
    let layers = candidates("frame where ").into_iter().map(|layer| {
        let fields = candidates(&format!("frame where {layer}."));
        (layer, fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", "))
    });
    is_table("### Frames", &layers.collect::<Vec<_>>());
    let drops = Discard::ALL.iter().map(|reason| (reason.name().to_owned(), reason.words().en.to_owned()));
    is_table("### Drops", &drops.collect::<Vec<_>>());
    let short = section("### Frames").split_once("In short also").expect("the short names").1.to_owned();
    for text in code(&short).iter().filter(|name| name.contains('.')) {
        Place::parse(&format!("frame where {text} == 1")).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
    let counters = code(section("### Counters").split_once("it moves.").expect("the list").1);
    assert_eq!(counters, Mib::ALL.map(|counter| counter.name().to_owned()));
}

#[test]
fn every_subject_and_every_happening_is_taught() {
    let predicates = section("## Predicates");
    for subject in candidates("B.") {
        let subject = subject.replace("eth0\").", "eth0\")");
        assert!(
            predicates.contains(&format!("B.{subject}")) || predicates.contains(&format!("A.{subject}")),
            "{subject}"
        );
    }
    for register in candidates("B.regs.").iter().chain(&candidates("B.idt(0x80).")) {
        assert!(predicates.contains(&format!("`{register}`")), "{register}");
    }
    let functions = stack::lab::query::function_names();
    let places = code(&section("## Places"));
    for word in candidates("B: ").into_iter().chain(candidates("")) {
        let is_name = functions.contains(&word.as_str()) || word.starts_with("B");
        let begins =
            |place: &String| place.split([' ', ':']).next() == Some(&word) || place.split(' ').nth(1) == Some(&word);
        assert!(is_name || places.iter().any(begins), "no place with {word:?}");
    }
}

#[test]
fn every_example_of_a_place_and_of_a_predicate_is_read() {
    let mut examples = 0;
    for row in rows(&section("## Places")) {
        for place in code(&row[0]) {
            Place::parse(&place).unwrap_or_else(|error| panic!("{place:?}: {error}"));
            examples += 1;
        }
    }
    assert!(examples > 30, "{examples}");
    let predicates = section("## Predicates");
    let whole = predicates.lines().filter_map(|line| line.strip_prefix("when = "));
    let whole = whole.map(|text| text[1..text.len() - 1].to_owned());
    let subjects = rows(predicates.split("### Sock").next().expect("it begins"));
    let subjects = subjects.iter().flat_map(|row| code(&row[0]));
    for text in whole.chain(subjects) {
        Expression::parse(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
    for heading in ["### Sock", "### Buffer", "### Process", "### ARP entry", "### Device", "### Timer", "### Counters"]
    {
        let example = code(&section(heading)).swap_remove(0);
        Expression::parse(&example).unwrap_or_else(|error| panic!("{example:?}: {error}"));
    }
}

/// The word of a `//@` line. It names every annotation: a new one has to be taught.
fn word(annotation: &Annotation) -> &'static str {
    match annotation {
        Annotation::Interrupt { .. } => "irq",
        Annotation::Tick { .. } => "tick",
        Annotation::End => "end",
        Annotation::ArpRequest { .. } => "arp-request",
        Annotation::ArpOut(_) => "arp-out",
        Annotation::Process(_) => "pid",
        Annotation::Trace => "trace",
        Annotation::Host(_) => "host",
        Annotation::Wire(_) => "wire",
        Annotation::On(_) => "on",
        Annotation::Program { .. } => "program",
        Annotation::Mark(_) => "mark",
        Annotation::Assert(_) => "assert",
        Annotation::Frame { fate, .. } => match fate {
            FrameFate::Drop => "drop",
            FrameFate::Duplicate => "duplicate",
            FrameFate::Corrupt => "corrupt",
            FrameFate::Delay(_) => "delay",
        },
    }
}

const WORDS: [&str; 17] = [
    "irq",
    "tick",
    "end",
    "arp-request",
    "arp-out",
    "pid",
    "trace",
    "host",
    "wire",
    "on",
    "program",
    "mark",
    "assert",
    "drop",
    "duplicate",
    "corrupt",
    "delay",
];

#[test]
fn every_line_of_a_scene_is_taught_with_an_example() {
    let scenes = section("## Scenes");
    let mut taught: Vec<&str> = Vec::new();
    let hosts = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n//@ host B 10.0.0.2/8 02:00:00:00:00:02\n";
    for row in rows(&scenes).iter().filter(|row| row.len() == 3) {
        let example = code(&row[1]).swap_remove(0);
        let script = parse(&format!("{example}\n")).unwrap_or_else(|error| panic!("{example:?}: {}", error.message.en));
        let Some(Content::Annotation(annotation)) = script.lines.first().map(|line| &line.content) else {
            panic!("{example:?} is no //@ line");
        };
        let word = word(annotation);
        if let Annotation::Program { program, .. } = annotation {
            assert!(row[0].contains(&format!("`{program}")) || row[0].contains("PROGRAM"), "{example:?} in {}", row[0]);
            for named in code(&row[0]).iter().filter(|named| !named.contains("PROGRAM")) {
                let words = named.replace("[PORT]", "9").replace("ADDRESS", "10.0.0.2").replace("PORT TEXT", "7 hello");
                let scene = parse(&format!("{hosts}//@ program B {words}\n+1 `true`\n")).expect("a scene");
                assert!(scene::load(&scene, 1).is_ok(), "{words:?} is no program");
            }
        } else {
            assert!(code(&row[0])[0].split(' ').next() == Some(word), "{example:?} in {}", row[0]);
        }
        if !taught.contains(&word) {
            taught.push(word);
        }
    }
    let missing: Vec<&str> = WORDS.into_iter().filter(|word| !taught.contains(word)).collect();
    assert!(missing.is_empty(), "not taught: {missing:?}");
    for (_, option) in BuildOption::ALL {
        assert!(scenes.contains(&format!("`{option}`")), "{option}");
    }
    assert!(POINTS.iter().all(|point| scenes.contains(&format!("`{point}`"))), "{POINTS:?}");
}

#[test]
fn every_call_is_taught_with_an_example_that_runs() {
    let scenes = section("## Scenes");
    let calls = rows(&scenes).into_iter().filter(|row| row.len() == 2);
    let calls: Vec<(String, String)> = calls.map(|row| (code(&row[0]).concat(), code(&row[1]).concat())).collect();
    for (name, example) in &calls {
        assert!(example.contains(&format!("{name}(")), "{example}");
        let hosts = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n//@ host B 10.0.0.2/8 02:00:00:00:00:02\n";
        let script =
            parse(&format!("{hosts}{example}\n")).unwrap_or_else(|error| panic!("{example}: {}", error.message.en));
        let mut run = scene::load(&script, 1).unwrap_or_else(|failure| panic!("{example}: {}", failure.message.en));
        run.play(usize::MAX);
    }
    let names: Vec<&str> = calls.iter().map(|(name, _)| name.as_str()).collect();
    let wanted: Vec<&str> = CallName::ALL.iter().map(|call| call.name()).chain(["fork"]).collect();
    assert_eq!(names, wanted);
}

#[test]
fn every_pane_of_lessons_is_taught_by_name() {
    let panes: Vec<String> = rows(&section("## Panes")).iter().flat_map(|row| code(&row[0])).collect();
    let wanted: Vec<&str> = Pane::ALL.iter().filter(|pane| pane.is_for_lessons()).map(|pane| pane.id()).collect();
    assert_eq!(panes, wanted);
}

/// The keys of a table of `lesson.toml`, as its reader lists them where it meets one that it does not know, in front of this text.
fn keys(text: &str, stray: &str) -> Vec<String> {
    let mut files = lessons::content::skeleton("mine").expect("an id");
    let (_, lesson) = files.files.iter_mut().find(|(name, _)| name == "lesson.toml").expect("it is there");
    assert!(lesson.contains(text), "{text}");
    *lesson = lesson.replacen(text, &format!("{stray}{text}"), 1);
    let problems = lessons::load(&files, 1).expect_err("there is no such key");
    code(&problems[0].message.en).into_iter().skip(1).collect()
}

#[test]
fn every_key_of_a_lesson_is_taught_and_stands_in_the_one_that_authors_begin_with() {
    let skeleton = lessons::content::skeleton("mine").expect("an id");
    let skeleton = skeleton.text("lesson.toml").expect("it is there");
    let taught = section("## lesson.toml");
    let line = "nokey = 1\n";
    let cell = "nokey = 1, ";
    let tables = [
        keys("schema  = 1", line),
        keys("script = \"first.pkt\"", cell),
        keys("id   = \"before\"", line),
        keys("id = \"a\"", cell),
        keys("id = \"state\"", cell),
    ];
    let all = tables.concat();
    assert!(all.len() > 30, "{all:?}");
    let is_key = |text: &str, key: &str| text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == key);
    let not_taught: Vec<&String> = all.iter().filter(|key| !is_key(&taught, key)).collect();
    assert!(not_taught.is_empty(), "README.md: {not_taught:?}");
    let not_shown: Vec<&String> = all.iter().filter(|key| !is_key(skeleton, key)).collect();
    assert!(not_shown.is_empty(), "skeleton/lesson.toml: {not_shown:?}");
}
