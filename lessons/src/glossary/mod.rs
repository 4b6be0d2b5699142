//! The glossary: what every kernel word on the screens means, in two sentences and two languages.
//!
//! The entries are plain files of `lessons/glossary/`, one per subject, that a teacher reads and edits without Rust
//! (`lessons/README.md` has the format); they go into the program when it is built. A word without an entry of its own is
//! answered from what the stack knows of itself (`fallback`): every kernel function by its caption, every field of a view
//! by its explanation, every reason of a drop by its sentence.
//!
//! Promise: an entry says its two sentences in both languages, cites a C function or an RFC section, and names only
//! differences and places that exist; a file that breaks this is refused with its line.

mod fallback;
mod file;

use std::sync::OnceLock;

use stack::lab::differences::{Difference, differences};
use stack::lab::query::Place;
use stack::words::Words;

use crate::problem::Problem;

/// Name and text of every file of `lessons/glossary/`: written by `build.rs`.
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/glossary.rs"));

/// A group of entries: one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Name of its file without the ending: `sock`.
    pub id: String,
    /// What its entries have in common.
    pub title: Words<String>,
}

/// One entry of the glossary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The word, as the kernel writes it.
    pub name: String,
    /// Other ways of writing it, and words that it explains too.
    pub also: Vec<String>,
    /// Its subject: a place in [`Glossary::subjects`].
    pub subject: usize,
    /// Two sentences.
    pub text: Words<String>,
    /// What a modern kernel does instead, in one sentence; none where there is nothing to say.
    pub now: Option<Words<String>>,
    /// `net/inet/sock.c:release_sock`, with the RFC section behind it where there is one.
    pub citation: String,
    /// Differences that concern it, each as function and first scene.
    pub kept: Vec<(String, String)>,
    /// A place of a run where it is seen, with `{host}` and `{sock}` left open; none where it is seen nowhere.
    pub see: Option<String>,
    /// Its file and line, for whoever corrects it.
    pub source: (String, usize),
}

/// What is known of a word: an entry, or what the stack says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The word, as the kernel writes it.
    pub word: String,
    /// Its subject, where it has an entry.
    pub subject: Option<Words<String>>,
    /// Two sentences of an entry; otherwise one.
    pub text: Words<String>,
    /// Where it stands in the original, and in which RFC.
    pub citation: String,
    /// What 1.2.13 does differently there.
    pub kept: Vec<Difference>,
    /// What a modern kernel does instead.
    pub now: Option<Words<String>>,
    /// A place of a run where it is seen, with `{host}` and `{sock}` left open.
    pub see: Option<String>,
}

/// All entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Glossary {
    /// The subjects, by the names of their files.
    pub subjects: Vec<Subject>,
    /// The entries, in the order of the files and as they stand in them.
    pub entries: Vec<Entry>,
}

impl Glossary {
    /// The glossary that ships with the program; `tests/glossary.rs` sees to it that it can be read.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Glossary> = OnceLock::new();
        SHIPPED.get_or_init(|| Self::load(FILES).unwrap_or_default())
    }

    /// The files that ship with the program, as name and text.
    #[must_use]
    pub fn files() -> &'static [(&'static str, &'static str)] {
        FILES
    }

    /// Reads the files of a glossary.
    ///
    /// # Errors
    /// Everything that is wrong with them, with file and line.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Vec<Problem>> {
        let mut glossary = Self::default();
        let mut problems = Vec::new();
        for (name, text) in files {
            file::read(name, text, &mut glossary, &mut problems);
        }
        if problems.is_empty() { Ok(glossary) } else { Err(problems) }
    }

    /// The entry of a word. Several subjects may have the same word (`check` is a timer and a field of a header): `subject`
    /// says which is meant, else the first is taken. Letters count as written before they count alike.
    #[must_use]
    pub fn find(&self, word: &str, subject: Option<&str>) -> Option<&Entry> {
        let word = normal(word);
        let known = |id: &str| self.subjects.iter().position(|subject| subject.id == id);
        let meant = subject.and_then(known);
        let is_word = |entry: &&Entry| entry.name == word || entry.also.contains(&word);
        let is_like = |entry: &&Entry| {
            entry.name.eq_ignore_ascii_case(&word) || entry.also.iter().any(|other| other.eq_ignore_ascii_case(&word))
        };
        let of_subject = || self.entries.iter().filter(|entry| Some(entry.subject) == meant);
        let named = |entry: &&Entry| entry.name == word;
        of_subject()
            .find(is_word)
            .or_else(|| of_subject().find(is_like))
            .or_else(|| self.entries.iter().find(named))
            .or_else(|| self.entries.iter().find(is_word))
            .or_else(|| self.entries.iter().find(is_like))
    }

    /// What is known of a word, from an entry or from the stack itself; `subject` as in [`Glossary::find`].
    #[must_use]
    pub fn explain(&self, word: &str, subject: Option<&str>) -> Option<Explanation> {
        match self.find(word, subject) {
            Some(entry) => Some(self.explanation(entry)),
            None => fallback::explain(&normal(word)),
        }
    }

    /// An entry with everything that it refers to.
    #[must_use]
    pub fn explanation(&self, entry: &Entry) -> Explanation {
        let mut kept = entry.differences();
        // What the code of a function of this name says of itself belongs to it too.
        let own = all().iter().filter(|difference| difference.function == entry.name);
        kept.extend(own.filter(|own| !entry.kept.iter().any(|kept| is_of(own, kept))).cloned());
        Explanation {
            word: entry.name.clone(),
            subject: self.subjects.get(entry.subject).map(|subject| subject.title.clone()),
            text: entry.text.clone(),
            citation: entry.citation.clone(),
            kept,
            now: entry.now.clone(),
            see: entry.see.clone(),
        }
    }

    /// Every word that is answered: those of the entries, their other spellings, and those that fall back.
    pub fn words(&self) -> Vec<&str> {
        let mut words: Vec<&str> = self.entries.iter().flat_map(Entry::spellings).collect();
        for word in fallback::words() {
            if self.find(word, None).is_none() {
                words.push(word);
            }
        }
        words
    }
}

impl Entry {
    /// Every way of writing it.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name).chain(&self.also).map(String::as_str)
    }

    /// The differences that it names.
    #[must_use]
    pub fn differences(&self) -> Vec<Difference> {
        self.kept.iter().filter_map(|kept| all().iter().find(|known| is_of(known, kept)).cloned()).collect()
    }
}

impl Explanation {
    /// The places at which the word is seen in a run with these hosts, while `sock` (host and number) is looked at. One for
    /// every host, for nobody knows on which it comes first; none where the word is seen nowhere, or needs a sock and there is
    /// none.
    #[must_use]
    pub fn places(&self, hosts: &[&str], sock: Option<(&str, u32)>) -> Vec<Place> {
        self.see.as_deref().map_or(Vec::new(), |see| places(see, hosts, sock))
    }
}

/// The places of a template in which `{host}` and `{sock}` are left open.
fn places(see: &str, hosts: &[&str], sock: Option<(&str, u32)>) -> Vec<Place> {
    let texts: Vec<String> = if see.contains("{sock}") {
        let filled = |(host, number): (&str, u32)| see.replace("{host}", host).replace("{sock}", &number.to_string());
        sock.map(filled).into_iter().collect()
    } else {
        hosts.iter().map(|host| see.replace("{host}", host)).collect()
    };
    texts.iter().filter_map(|text| Place::parse(text).ok()).collect()
}

/// The differences, read out of the sources once.
fn all() -> &'static [Difference] {
    static ALL: OnceLock<Vec<Difference>> = OnceLock::new();
    ALL.get_or_init(differences)
}

/// Whether a difference is the one of a function that a scene shows.
fn is_of(difference: &Difference, (function, scene): &(String, String)) -> bool {
    difference.function == *function && difference.scenes.contains(scene)
}

/// A word of the screen as the glossary has it: what names one thing (`A/sk#1`, `skb@7`) is the name of its kind.
fn normal(word: &str) -> String {
    let word = word.trim();
    match word {
        _ if word.contains("sk#") => "sk#".to_owned(),
        _ if word.starts_with("skb@") => "skb@".to_owned(),
        _ if word.strip_prefix("IRQ").is_some_and(|line| line.chars().all(|digit| digit.is_ascii_digit())) => {
            "IRQ".to_owned()
        }
        _ => word.to_owned(),
    }
}
