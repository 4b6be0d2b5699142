//! A file of the glossary as it is written, and the entries that it makes.
//!
//! ```toml
//! subject.en = "Fields of a sock"
//! subject.zh = "sock 的字段"
//! cite = "net/inet/sock.h:struct sock"       # for entries without their own; {} stands for the word
//!
//! [[word]]
//! name = "inuse"
//! also = ["sk->inuse"]
//! cite = "net/inet/tcp.c:tcp_rcv"
//! rfc  = "793 p.69"
//! kept = ["tcp_rcv back_log/tick_keeps_acks_waiting"]     # function and scene, as `sockscope differences` lists them
//! see  = "{host}: enter release_sock"                     # a place; a function, field, state or timer has one by itself
//! en = "Two sentences. No more."
//! zh = "两句话。不多不少。"
//! now.en = "What a modern kernel does."
//! now.zh = "现代内核的做法。"
//! ```

use serde::Deserialize;
use stack::functions;
use stack::include::tcp::{TcpState, TimeReason};
use stack::lab::query::Place;
use stack::view::sock::SockView;
use stack::words::Words;
use toml::Spanned;

use super::{Entry, Glossary, Subject};
use crate::file::problem_of;
use crate::problem::{Problem, position};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectFile {
    subject: Pair,
    #[serde(default)]
    cite: String,
    #[serde(default)]
    rfc: String,
    word: Vec<Spanned<WordFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pair {
    en: String,
    zh: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    name: String,
    #[serde(default)]
    also: Vec<String>,
    cite: Option<String>,
    rfc: Option<String>,
    #[serde(default)]
    kept: Vec<Spanned<String>>,
    see: Option<Spanned<String>>,
    en: String,
    zh: String,
    now: Option<Pair>,
}

/// Takes the entries of a file in; what is wrong with them goes to the problems.
pub(super) fn read(name: &str, text: &str, glossary: &mut Glossary, problems: &mut Vec<Problem>) {
    let file: SubjectFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let advice = Words::new("correct it as in lessons/README.md", "请按 lessons/README.md 的格式改正");
            problems.push(problem_of(name, text, &error, advice));
            return;
        }
    };
    let subject = glossary.subjects.len();
    let id = name.trim_end_matches(".toml").to_owned();
    glossary.subjects.push(Subject { id, title: Words::new(file.subject.en.clone(), file.subject.zh.clone()) });
    let mut reader = Reader { name, text, file: &file, subject, problems };
    for word in &file.word {
        let entry = reader.entry(word);
        let twice = |known: &&Entry| known.subject == subject && entry.spellings().any(|word| known.is(word));
        if let Some(known) = glossary.entries.iter().find(twice) {
            let (at, line) = (word.span().start, known.source.1);
            reader.complain(
                at,
                format!("{} stands in line {line} already; give it to one of the two", entry.name),
                format!("{} 与第 {line} 行的词条重复；请只保留一处", entry.name),
            );
        }
        glossary.entries.push(entry);
    }
}

impl Entry {
    fn is(&self, word: &str) -> bool {
        self.spellings().any(|own| own == word)
    }
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    file: &'a SubjectFile,
    subject: usize,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn complain(&mut self, at: usize, en: String, zh: String) {
        self.problems.push(Problem::at(self.name, position(self.text, at), en, zh));
    }

    fn entry(&mut self, spanned: &Spanned<WordFile>) -> Entry {
        let (word, at) = (spanned.get_ref(), spanned.span().start);
        let name = &word.name;
        for (sentence, stops, lang) in
            [(&word.en, ['.', '?', '!'].as_slice(), "en"), (&word.zh, &['。', '？', '！'], "zh")]
        {
            let count = sentences(sentence, stops);
            if count != 2 {
                self.complain(
                    at,
                    format!("{name}: `{lang}` has {count} sentences; it takes two"),
                    format!("{name}：`{lang}` 有 {count} 句；应为两句"),
                );
            }
        }
        let citation = self.citation(word);
        if !citation.contains(':') {
            self.complain(
                at,
                format!("{name} cites nothing; write cite = \"FILE.c:FUNCTION\""),
                format!("{name} 没有出处；请写 cite = \"文件.c:函数\""),
            );
        }
        Entry {
            name: name.clone(),
            also: word.also.clone(),
            subject: self.subject,
            text: Words::new(word.en.clone(), word.zh.clone()),
            now: word.now.as_ref().map(|now| Words::new(now.en.clone(), now.zh.clone())),
            citation,
            kept: word.kept.iter().filter_map(|kept| self.kept(kept)).collect(),
            see: self.see(word),
            source: (self.name.to_owned(), position(self.text, at).0),
        }
    }

    /// The citation of the entry, of the program's own table of functions, or of the file.
    fn citation(&self, word: &WordFile) -> String {
        let function = functions::named(&word.name);
        let place = match (&word.cite, function) {
            (Some(cite), _) => cite.clone(),
            (None, Some(function)) => format!("{}:{}", function.file, function.name),
            (None, None) => self.file.cite.replace("{}", &word.name),
        };
        let known = function.map_or(self.file.rfc.as_str(), |function| function.rfc);
        match word.rfc.as_deref().unwrap_or(known) {
            "" => place,
            rfc => format!("{place} · RFC {rfc}"),
        }
    }

    fn kept(&mut self, kept: &Spanned<String>) -> Option<(String, String)> {
        match kept.get_ref().split_once(' ') {
            Some((function, scene)) => Some((function.to_owned(), scene.to_owned())),
            None => {
                self.complain(
                    kept.span().start,
                    "`kept` takes a function and a scene, as `sockscope differences` lists them".to_owned(),
                    "`kept` 应写函数名与场景名，见 `sockscope differences`".to_owned(),
                );
                None
            }
        }
    }

    /// Where it is seen: as the entry says, or by what it is.
    fn see(&mut self, word: &WordFile) -> Option<String> {
        let Some(see) = &word.see else { return place_of(&word.name) };
        let text = see.get_ref().clone();
        let filled = text.replace("{host}", "A").replace("{sock}", "1");
        if let Err(error) = Place::parse(&filled) {
            let (en, zh) = (format!("`see` is no place: {}", error.message.en), error.message.zh.clone());
            self.complain(see.span().start, en, format!("`see` 不是可用的位置：{zh}"));
        }
        Some(text)
    }
}

/// The place at which a function, a field of a sock, a state or a timer is seen; none of other words.
pub(super) fn place_of(word: &str) -> Option<String> {
    if functions::named(word).is_some() {
        return Some(format!("{{host}}: enter {word}"));
    }
    if TcpState::ALL.iter().any(|state| state.name() == word) {
        return Some(format!("{{host}}: state *->{word}"));
    }
    if TimeReason::ALL.iter().any(|reason| reason.name() == word) {
        return Some(format!("{{host}}: timer {word} fires"));
    }
    SockView::reader(word).map(|_| format!("when {{host}}.sock({{sock}}).{word} changes"))
}

/// How many sentences a text has. A Chinese stop always ends one, an English one only at the end or before a blank.
fn sentences(text: &str, stops: &[char]) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let is_last = |place: usize| letters.get(place + 1).is_none_or(|next| next.is_whitespace());
    let ends = |(place, letter): &(usize, &char)| stops.contains(letter) && (!letter.is_ascii() || is_last(*place));
    letters.iter().enumerate().filter(ends).count()
}
