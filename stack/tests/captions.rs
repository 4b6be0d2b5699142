//! Both languages say everything: every sentence a person can read while walking has its Chinese, every translation still
//! has its sentence, and none is the English text copied. Summaries and notes are read from the sources, as the macros
//! read them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use stack::kernel::probe::Discard;
use stack::lab::caption::{WIDTH, chinese};
use stack::words::{Words, cells};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Every source of the stack as (path below stack/src, text).
fn texts() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    let name = |path: &Path| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read_to_string(path).expect("a readable source"))).collect()
}

/// The first sentence of a documentation, as `#[kfn]` makes its summary: back quotes removed.
fn first_sentence(documentation: &[&str]) -> String {
    let mut text = String::new();
    for line in documentation.iter().take_while(|line| !line.is_empty()) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(line);
        if line.ends_with('.') {
            break;
        }
    }
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].replace('`', "")
}

/// Summaries of the kernel functions of a source as (line, sentence).
fn summaries(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut documentation = Vec::new();
    let mut marked = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if let Some(comment) = line.strip_prefix("///") {
            documentation.push(comment.trim());
        } else if line.starts_with("#[kfn(") {
            marked = Some(index + 1);
        } else if !line.starts_with("#[") && !line.starts_with("//") {
            if let Some(number) = marked.take() {
                found.push((number, first_sentence(&documentation)));
            }
            documentation.clear();
        }
    }
    found
}

/// The value of the string literal that a text begins with.
fn literal(text: &str) -> Option<String> {
    let mut letters = text.trim_start().strip_prefix('"')?.chars().peekable();
    let mut value = String::new();
    loop {
        match letters.next()? {
            '"' => return Some(value),
            '\\' => match letters.next()? {
                '\n' => while letters.next_if(|letter| letter.is_whitespace()).is_some() {},
                escaped => value.push(escaped),
            },
            letter => value.push(letter),
        }
    }
}

/// Notes of a source as (line, text).
fn notes(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("note!(") {
        let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if text[line..at].trim_start().starts_with("//") {
            continue;
        }
        let behind = &text[at..];
        if let Some(note) = behind.find(',').and_then(|comma| literal(&behind[comma + 1..])) {
            found.push((text[..at].lines().count() + 1, note));
        }
    }
    found
}

/// Stories of an Oops in a source as (line, text).
fn stories(text: &str) -> Vec<(usize, String)> {
    let behind =
        |at: usize| literal(&text[at + "k.oops(".len()..]).map(|story| (text[..at].lines().count() + 1, story));
    text.match_indices("k.oops(").filter_map(|(at, _)| behind(at)).collect()
}

/// Every sentence with the place where it is written first, as (source below stack/src, line).
fn sentences() -> BTreeMap<String, (String, usize)> {
    let mut all = BTreeMap::new();
    for (path, text) in texts() {
        for (line, sentence) in summaries(&text).into_iter().chain(notes(&text)).chain(stories(&text)) {
            all.entry(sentence).or_insert_with(|| (path.clone(), line));
        }
    }
    all
}

fn report(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n{}", complaints.join("\n"));
}

#[test]
fn summaries_and_notes_are_found() {
    let text = "/// One `thing`: yes. Kept: no.\n///\n/// More.\n#[kfn(\"a.c\")]\npub fn thing(k: &mut Kernel) {\n\
                note!(k, \"it \\\"is\\\" \\\n    so\");\n// note!(k, \"not this\");\n";
    assert_eq!(summaries(text), [(4, "One thing: yes.".to_owned())]);
    assert_eq!(notes(text).into_iter().map(|(_, note)| note).collect::<Vec<_>>(), ["it \"is\" so"]);
    assert!(sentences().len() > 600, "the sources hold more sentences than were found");
}

#[test]
fn every_sentence_has_its_chinese() {
    let complaints: Vec<String> = sentences()
        .iter()
        .filter(|(sentence, _)| chinese::of(sentence).is_none())
        .map(|(sentence, (source, line))| format!("chinese/{source}: no Chinese for line {line}, \"{sentence}\""))
        .collect();
    report("add these below stack/src/lab/caption", &complaints);
}

#[test]
fn every_chinese_has_its_sentence_once() {
    let sentences = sentences();
    let mut rooms: BTreeMap<&str, &str> = BTreeMap::new();
    let mut complaints = Vec::new();
    for (room, table) in chinese::TABLES {
        for (english, _) in table {
            match sentences.get(*english) {
                None => complaints.push(format!("chinese/{room}: nobody says \"{english}\" any more")),
                Some((source, _)) if source != room => {
                    complaints.push(format!("chinese/{room}: \"{english}\" belongs into chinese/{source}"));
                }
                Some(_) => {}
            }
            if let Some(other) = rooms.insert(english, room) {
                complaints.push(format!("chinese/{room}: \"{english}\" stands in chinese/{other} already"));
            }
        }
    }
    report("stale translations", &complaints);
}

#[test]
fn tables_are_sorted() {
    let mut complaints = Vec::new();
    for (room, table) in chinese::TABLES {
        for pair in table.windows(2) {
            if pair[0].0 >= pair[1].0 {
                complaints.push(format!("chinese/{room}: \"{}\" belongs before \"{}\"", pair[1].0, pair[0].0));
            }
        }
    }
    report("tables searched by halving must be sorted by the English", &complaints);
}

/// Whether a text has a Chinese letter: a copy of the English has none.
fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

#[test]
fn chinese_is_chinese_and_written_as_chinese() {
    let mut complaints = Vec::new();
    for (room, table) in chinese::TABLES {
        for (english, translation) in table {
            if english == translation || !is_chinese(translation) {
                complaints.push(format!("chinese/{room}: \"{english}\" is not translated"));
            }
            if english.ends_with('.') != translation.ends_with('。') {
                complaints.push(format!("chinese/{room}: \"{translation}\" ends otherwise than \"{english}\""));
            }
            if cells(english.trim_end_matches('.')) >= WIDTH || cells(translation.trim_end_matches('。')) + 2 > WIDTH {
                complaints.push(format!("chinese/{room}: \"{english}\" is wider than {WIDTH} cells in a language"));
            }
            if translation.starts_with(['，', '。', '；', '：', '、']) {
                complaints.push(format!("chinese/{room}: \"{translation}\" begins with a stop"));
            }
            if english.contains('\\') || translation.contains('\\') {
                complaints.push(format!("chinese/{room}: \"{english}\" has a backslash"));
            }
            if [", ", "; ", ": "].iter().any(|sign| translation.contains(sign)) {
                complaints.push(format!("chinese/{room}: \"{translation}\" has half-width punctuation"));
            }
        }
    }
    report("translations", &complaints);
}

#[test]
fn reasons_of_discards_are_translated() {
    let complaints: Vec<String> = Discard::ALL
        .iter()
        .filter(|reason| reason.words().en == reason.words().zh || !is_chinese(reason.words().zh))
        .map(|reason| format!("{}: \"{}\"", reason.name(), reason.words().zh))
        .collect();
    report("reasons without Chinese", &complaints);
}

#[test]
fn fields_of_views_are_explained_in_both_languages() {
    use stack::view;
    let mut complaints = Vec::new();
    let mut fields = 0;
    let mut check = |name: &str, names: &[&str], explain: fn(&str) -> Option<Words>| {
        for field in names {
            fields += 1;
            match explain(field) {
                Some(words) if words.en != words.zh && is_chinese(words.zh) && !is_chinese(words.en) => {}
                _ => complaints.push(format!("{name}.{field}")),
            }
        }
    };
    check("ArpView", view::arp::ArpView::FIELDS, view::arp::ArpView::explain);
    check("DeviceView", view::device::DeviceView::FIELDS, view::device::DeviceView::explain);
    check("RouteView", view::route::RouteView::FIELDS, view::route::RouteView::explain);
    check("SkbView", view::queue::SkbView::FIELDS, view::queue::SkbView::explain);
    check("SockView", view::sock::SockView::FIELDS, view::sock::SockView::explain);
    check("TaskView", view::task::TaskView::FIELDS, view::task::TaskView::explain);
    check("TimerView", view::timer::TimerView::FIELDS, view::timer::TimerView::explain);
    for edge in view::state_diagram::EDGES {
        if edge.cause.en != edge.cause.zh && !is_chinese(edge.cause.zh) {
            complaints.push(format!("{:?} -> {:?}", edge.from, edge.to));
        }
    }
    report("fields without an explanation in both languages", &complaints);
    assert!(fields > 80, "the views have more fields than were looked at: {fields}");
}
