//! One thing, one term: what the screens, the glossary and the lessons call it, and what they do not.
//!
//! The terms are rows of `lessons/terms.toml`. Promise: a variant is found only where it stands as itself: in English as whole
//! words, in Chinese outside of the phrases that the term names as right; what stands between backticks is the kernel's own and
//! never looked at.

use std::sync::OnceLock;

use serde::Deserialize;
use stack::words::{Lang, Words};
use toml::Spanned;

use crate::file::problem_of;
use crate::problem::{Problem, position};

/// Name of the file.
const FILE: &str = "terms.toml";
/// The file that ships with the program.
const TEXT: &str = include_str!("../terms.toml");
/// What stands in the place of a piece of code while a text is looked through: part of no word.
const CODE: char = '\u{0}';

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermsFile {
    term: Vec<Spanned<TermFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermFile {
    en: String,
    zh: String,
    #[serde(default)]
    not_en: Vec<String>,
    #[serde(default)]
    not_zh: Vec<String>,
    #[serde(default)]
    but: Vec<String>,
    why: WhyFile,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WhyFile {
    en: String,
    zh: String,
}

/// What a thing is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The term.
    pub name: Words<String>,
    /// What it is not called in English.
    pub not_en: Vec<String>,
    /// What it is not called in Chinese.
    pub not_zh: Vec<String>,
    /// Phrases in which a variant is right, or only seems to stand.
    pub but: Vec<String>,
    /// What the right term says and a variant does not.
    pub why: Words<String>,
    /// Line of the file, from 1.
    pub line: usize,
}

/// A wrong variant in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slip {
    /// The variant, as the term has it.
    pub variant: &'static str,
    /// The term that it stands for.
    pub term: &'static Term,
}

impl Term {
    /// What it is not called in a language.
    #[must_use]
    pub fn variants(&self, lang: Lang) -> &[String] {
        match lang {
            Lang::En => &self.not_en,
            Lang::Zh => &self.not_zh,
        }
    }

    /// Whether one of its variants begins in a text before a place, counted in bytes.
    fn has(&self, variant: &str, text: &str, before: usize, lang: Lang) -> bool {
        let variant = normal(variant, lang);
        let phrases: Vec<String> = self.but.iter().map(|phrase| normal(phrase, lang)).collect();
        let mut places = text.match_indices(&variant).filter(|(at, _)| *at < before);
        places.any(|(at, _)| {
            let end = at + variant.len();
            let is_word = lang == Lang::Zh || (ends_word(text.get(..at)) && begins_word(text.get(end..)));
            let is_right = phrases
                .iter()
                .any(|phrase| text.match_indices(phrase).any(|(from, _)| from <= at && end <= from + phrase.len()));
            is_word && !is_right
        })
    }
}

/// The terms that ship with the program; `tests/terms.rs` sees to it that they can be read.
pub fn shipped() -> &'static [Term] {
    static SHIPPED: OnceLock<Vec<Term>> = OnceLock::new();
    SHIPPED.get_or_init(|| load(TEXT).unwrap_or_default())
}

/// The file that ships with the program.
#[must_use]
pub fn file() -> &'static str {
    TEXT
}

/// Reads terms.
///
/// # Errors
/// Everything that is wrong with them, with its line.
pub fn load(text: &str) -> Result<Vec<Term>, Vec<Problem>> {
    let advice = Words::new("correct it as in lessons/README.md", "请按 lessons/README.md 的格式改正");
    let file: TermsFile = toml::from_str(text).map_err(|error| vec![problem_of(FILE, text, &error, advice)])?;
    let mut terms: Vec<Term> = Vec::new();
    let mut problems = Vec::new();
    for spanned in file.term {
        let (line, column) = position(text, spanned.span().start);
        let TermFile { en, zh, not_en, not_zh, but, why } = spanned.into_inner();
        let term = Term { name: Words::new(en, zh), not_en, not_zh, but, why: Words::new(why.en, why.zh), line };
        let own = |lang: Lang| term.variants(lang).iter().any(|variant| variant == term.name.text(lang));
        if own(Lang::En) || own(Lang::Zh) {
            problems.push(Problem::at(
                FILE,
                (line, column),
                format!("{} is a term and a variant of itself; keep one", term.name.en),
                format!("{} 既是术语又是它自己的误用；请只保留一处", term.name.zh),
            ));
        }
        if let Some(earlier) = terms.iter().find(|earlier| earlier.name == term.name) {
            problems.push(Problem::at(
                FILE,
                (line, column),
                format!("{} stands in line {} already; keep one", term.name.en, earlier.line),
                format!("{} 与第 {} 行重复；请只保留一处", term.name.zh, earlier.line),
            ));
        }
        terms.push(term);
    }
    if problems.is_empty() { Ok(terms) } else { Err(problems) }
}

/// The wrong variants that begin in a line of a text; `next` is the line behind it, for a term may be broken there.
#[must_use]
pub fn slips(line: &str, next: &str, lang: Lang) -> Vec<Slip> {
    let own = normal(line, lang);
    let between = if lang == Lang::En { " " } else { "" };
    let text = format!("{own}{between}{}", normal(next, lang));
    let found = shipped().iter().flat_map(|term| {
        let wrong = term.variants(lang).iter().filter(|variant| term.has(variant, &text, own.len(), lang));
        wrong.map(move |variant| Slip { variant, term })
    });
    found.collect()
}

/// A text as it is looked through: without its code; English in small letters, Chinese without blanks.
fn normal(text: &str, lang: Lang) -> String {
    let mut plain = String::new();
    for (index, piece) in text.split('`').enumerate() {
        if index % 2 == 0 {
            plain.push_str(piece);
        } else {
            plain.push(CODE);
        }
    }
    match lang {
        Lang::En => plain.to_lowercase(),
        Lang::Zh => plain.chars().filter(|character| !character.is_whitespace()).collect(),
    }
}

fn ends_word(before: Option<&str>) -> bool {
    before.and_then(|before| before.chars().next_back()).is_none_or(|character| !character.is_alphanumeric())
}

fn begins_word(behind: Option<&str>) -> bool {
    behind.and_then(|behind| behind.chars().next()).is_none_or(|character| !character.is_alphanumeric())
}
