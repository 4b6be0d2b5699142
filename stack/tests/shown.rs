//! What is shown, on every golden script and every scene of the assets: each event of each
//! run is put into words in both languages while the kernel stands at that moment, and the words are held to the
//! house rule of `lab/caption`. The last tests show that each rule can be broken.

mod scenes;

use std::any::Any;
use std::collections::BTreeMap;
use std::fs;
use std::panic::Location;
use std::path::Path;

use scenes::scripts;
use stack::Kernel;
use stack::kernel::probe::{Event, Probe};
use stack::lab::caption::{WIDTH, argument, call, caption};
use stack::lab::conformance::Reading;
use stack::lab::film::is_step;
use stack::lab::scene;
use stack::lab::script::parse;
use stack::words::{Words, cells};

/// The name under which every host tells.
const HOST: &str = "B";
/// Turns of a scene that are looked at: the longest scenes repeat themselves long before.
const LONGEST: usize = 5_000;

/// Puts everything into words as the host B, and keeps what breaks a rule, once each.
#[derive(Default)]
struct Reader {
    /// What was said, where a test asks for it.
    said: Option<Vec<Words<String>>>,
    sentences: usize,
    births: usize,
    complaints: BTreeMap<String, String>,
}

impl Probe for Reader {
    fn observe(&mut self, kernel: &Kernel, event: Event, _: &'static Location<'static>) {
        if !is_step(&event) {
            return;
        }
        let said = caption(kernel, HOST, &event);
        self.sentences += 1;
        self.births += usize::from(said.en.contains(" is born in "));
        self.complain(rules(&said), &said.en);
        if let Some(list) = &mut self.said {
            list.push(said);
        }
        let other = match &event {
            Event::Enter { function, args } => call(kernel, HOST, function, args),
            Event::Exit { value, .. } => argument(kernel, HOST, *value),
            _ => return,
        };
        self.complain(nameless(&other), &other);
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl Reader {
    fn complain(&mut self, rule: Option<&'static str>, text: &str) {
        if let Some(rule) = rule {
            self.complaints.entry(text.to_owned()).or_insert_with(|| rule.to_owned());
        }
    }
}

/// A sock that is named without its host.
fn nameless(text: &str) -> Option<&'static str> {
    let named = |before: &str| {
        before.strip_suffix('/').is_some_and(|host| host.ends_with(|letter: char| letter.is_ascii_alphanumeric()))
    };
    text.match_indices("sk#").any(|(at, _)| !named(&text[..at])).then_some("a sock without its host")
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|letter| ('\u{4e00}'..='\u{9fff}').contains(&letter))
}

/// The rule that a sentence breaks.
fn rules(said: &Words<String>) -> Option<&'static str> {
    let Words { en, zh } = said;
    let stops = ['，', '。', '；', '：', '、', '）', '”'];
    match () {
        () if !en.ends_with('.') || en.len() < 2 => Some("the English does not end with a full stop"),
        () if !zh.ends_with('。') => Some("the Chinese does not end with a full stop"),
        () if !is_chinese(zh) => Some("there is no Chinese"),
        () if is_chinese(en) => Some("there is Chinese in the English"),
        () if en.contains('\\') || zh.contains('\\') => Some("a backslash"),
        () if cells(en) > WIDTH => Some("the English is too wide"),
        () if cells(zh) > WIDTH => Some("the Chinese is too wide"),
        () if zh.starts_with(stops) => Some("the Chinese begins with a stop"),
        () => nameless(en).or_else(|| nameless(zh)),
    }
}

#[test]
fn every_sentence_of_every_scene_keeps_the_rules() {
    let (mut all, mut sentences, mut births) = (BTreeMap::new(), 0, 0);
    for path in scripts() {
        let text = fs::read_to_string(&path).expect("a script is readable");
        let mut run = scene::load_as(&parse(&text).expect("a golden script parses"), Reading::Recorded, 1)
            .expect("a script can be run");
        let mut world = run.before(0);
        for _ in 0..LONGEST {
            let Some(done) = world.turn(&run.journal, |kernel| kernel.watch(Box::<Reader>::default())) else { break };
            let place = done.host.and_then(|host| world.hosts.get_mut(host));
            let Some(reader) = place.and_then(|place| place.kernel.unwatch::<Reader>()) else { continue };
            sentences += reader.sentences;
            births += reader.births;
            for (said, rule) in reader.complaints {
                all.entry(said).or_insert_with(|| format!("{}: {rule}", path.display()));
            }
        }
    }
    let list: Vec<String> = all.iter().map(|(said, rule)| format!("{rule}: {said}")).collect();
    assert!(list.is_empty(), "{} of {sentences} sentences:\n{}", list.len(), list.join("\n"));
    assert!(sentences > 100_000 && births > 300, "only {sentences} sentences and {births} births were told");
}

/// What is said in a golden script.
fn told(name: &str) -> Vec<Words<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = fs::read_to_string(path).expect("a script is readable");
    let mut run = scene::load_as(&parse(&text).expect("a golden script parses"), Reading::Recorded, 1)
        .expect("a script can be run");
    let mut world = run.before(0);
    let mut said = Vec::new();
    let reader = || Box::new(Reader { said: Some(Vec::new()), ..Reader::default() });
    while let Some(done) = world.turn(&run.journal, |kernel| kernel.watch(reader())) {
        let place = done.host.and_then(|host| world.hosts.get_mut(host));
        said.extend(
            place.and_then(|place| place.kernel.unwatch::<Reader>()).and_then(|reader| reader.said).unwrap_or_default(),
        );
    }
    said
}

/// The English sentences about processes and births, one a line.
fn list(said: &[Words<String>]) -> String {
    let about = |words: &&Words<String>| words.en.starts_with("pid ") || words.en.contains("/sk#");
    said.iter().filter(about).map(|words| words.en.as_str()).collect::<Vec<_>>().join("\n")
}

#[test]
fn sentences_name_who_and_what() {
    let said = told("passive_open/accept_blocking.pkt");
    for (en, zh) in [
        (
            "pid 100 calls socket(AF_INET, SOCK_STREAM, IPPROTO_TCP): EAX 102, EBX 1, then int 0x80.",
            "进程 100 调用 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)：EAX 102，EBX 1，然后 int 0x80。",
        ),
        (
            "pid 100 calls setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4): EAX 102, EBX 14, int 0x80.",
            "进程 100 调用 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4)：EAX 102，EBX 14，int 0x80。",
        ),
        ("pid 100 sleeps in accept() on B/sk#2.", "进程 100 在 B/sk#2 上的 accept() 中睡眠。"),
        ("B/sk#2 is born in CLOSE.", "B/sk#2 诞生于 CLOSE 状态。"),
        ("B/sk#4 is born in SYN_RECV, child of B/sk#2.", "B/sk#4 诞生于 SYN_RECV 状态，是 B/sk#2 的子 sock。"),
        ("B/sk#4 goes from SYN_RECV to ESTABLISHED.", "B/sk#4 从 SYN_RECV 变为 ESTABLISHED。"),
    ] {
        assert!(said.iter().any(|words| words.en == en && words.zh == zh), "nobody says: {en}\n{}", list(&said));
    }
    let untrue = |words: &&Words<String>| words.en.contains("LISTEN to SYN_RECV") || words.en.contains("from 0");
    assert_eq!(said.iter().find(untrue), None, "a birth is told as a change");
}

#[test]
fn a_freed_ack_is_not_thrown_away() {
    let said = told("passive_open/accept_blocking.pkt");
    let ack = said.iter().find(|words| words.en.ends_with("a pure ACK has done its work.")).expect("an ACK is freed");
    assert!(ack.en.contains(" is freed: ") && ack.zh.contains(" 被释放："), "{ack:?}");
}

#[test]
fn each_rule_can_be_broken() {
    let said = |en: &str, zh: &str| rules(&Words::new(en.to_owned(), zh.to_owned()));
    assert_eq!(said("A/sk#1 is born in CLOSE.", "A/sk#1 诞生于 CLOSE 状态。"), None);
    assert_eq!(said("sk#1 is born.", "A/sk#1 诞生。"), Some("a sock without its host"));
    assert_eq!(said("/sk#1 is born.", "A/sk#1 诞生。"), Some("a sock without its host"));
    assert_eq!(said("It isn\\'t.", "不是。"), Some("a backslash"));
    assert_eq!(said("It is.", "It is。"), Some("there is no Chinese"));
    assert_eq!(said("It is", "是。"), Some("the English does not end with a full stop"));
    assert_eq!(said("It is.", "是"), Some("the Chinese does not end with a full stop"));
    assert_eq!(said("It is.", "，是。"), Some("the Chinese begins with a stop"));
    assert_eq!(said(&format!("{}.", "a".repeat(90)), "是。"), Some("the English is too wide"));
    assert_eq!(said("It is.", &format!("{}。", "是".repeat(45))), Some("the Chinese is too wide"));
}
