//! `sockscope glossary`: a kernel word explained, or every word that has an entry, from the files of `lessons/glossary/`.
//!
//! As JSON one object per line, schema 1: `word`, `also`, `subject`, `text` and `now` (each with `en` and `zh`), `citation`, `kept`
//! (`function`, `scenes`, `en`, `zh`), `see` (a place with `{host}` and `{sock}` left open).

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use lessons::glossary::{Explanation, Glossary};
use serde_json::json;

use crate::command::output::delivered;
use crate::fuzzy::meant;
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::refusal::{Refusal, harmless};

/// Columns of a line of text.
const WIDTH: usize = 100;
/// Words that are offered in the place of one that is not known.
const OFFERED: usize = 3;

const EXAMPLES: &str = "Examples:
  sockscope glossary                  every word with an entry, by subject
  sockscope glossary back_log         what it is, where it stands, what was kept, what a kernel of today does
  sockscope glossary tcp_rcv --json   the same as one JSON object, in both languages";

/// The arguments of `glossary`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A function, field, flag, state, queue, timer, constant or reason of a drop (default: list them)
    pub word: Option<String>,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    /// The language (en, zh)
    #[arg(long, value_name = "LANG", value_parser = language)]
    pub lang: Option<Lang>,
}

fn language(tag: &str) -> Result<Lang, String> {
    Lang::from_tag(tag).ok_or_else(|| "there are en and zh".to_owned())
}

/// Runs the command.
///
/// # Errors
/// The word is not known, or standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let glossary = Glossary::shipped();
    let lang = arguments.lang.unwrap_or_else(lang_of_environment);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = match &arguments.word {
        Some(word) => {
            let known = glossary.explain(word, None).ok_or_else(|| unknown(word, glossary))?;
            if arguments.json { writeln!(out, "{}", as_json(&known)) } else { plain(&mut out, lang, &known) }
        }
        None => list(&mut out, lang, arguments.json, glossary),
    };
    delivered(written.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// The word is none of ours: what may have been meant.
fn unknown(word: &str, glossary: &Glossary) -> Refusal {
    let words = glossary.words();
    let near = meant(word, &words, OFFERED);
    let shown = harmless(word);
    if near.is_empty() {
        return Refusal::usage(
            format!("the glossary does not know {shown}; `sockscope glossary` lists the words."),
            format!("词汇表中没有 {shown}；`sockscope glossary` 列出所有词。"),
        );
    }
    Refusal::usage(
        format!("the glossary does not know {shown}; did you mean {}?", near.join(", ")),
        format!("词汇表中没有 {shown}；是否想查 {}？", near.join("、")),
    )
}

fn list(out: &mut impl Write, lang: Lang, json: bool, glossary: &Glossary) -> io::Result<()> {
    let mut subject = None;
    for entry in &glossary.entries {
        if json {
            let mut object = as_json(&glossary.explanation(entry));
            if let Some(object) = object.as_object_mut() {
                object.insert("also".to_owned(), json!(entry.also));
            }
            writeln!(out, "{object}")?;
            continue;
        }
        if subject != Some(entry.subject) {
            let title = glossary.subjects.get(entry.subject).map_or("", |subject| subject.title.text(lang));
            writeln!(out, "{}{title}", if subject.is_some() { "\n" } else { "" })?;
            subject = Some(entry.subject);
        }
        let text = entry.text.text(lang);
        let end = text.find(['。']).map(|at| at + '。'.len_utf8()).or_else(|| text.find(". ").map(|at| at + 1));
        writeln!(out, "  {:<20} {}", entry.name, text.get(..end.unwrap_or(text.len())).unwrap_or(text))?;
    }
    Ok(())
}

fn plain(out: &mut impl Write, lang: Lang, known: &Explanation) -> io::Result<()> {
    let subject = known.subject.as_ref().map_or(String::new(), |subject| format!(" · {}", subject.text(lang)));
    writeln!(out, "{}{subject}\n", known.word)?;
    indented(out, known.text.text(lang))?;
    writeln!(out, "\n  {}", known.citation)?;
    for difference in &known.kept {
        let label = Words::new("Kept: ", "保留：").text(lang);
        writeln!(out)?;
        indented(out, &format!("{label}{}", difference.in_words(lang).replace('`', "")))?;
    }
    if let Some(now) = &known.now {
        writeln!(out)?;
        indented(out, &format!("{}{}", Words::new("Today: ", "今天：").text(lang), now.text(lang)))?;
    }
    if let Some(see) = &known.see {
        let label = Words::new("In a run: ", "在运行中：").text(lang);
        writeln!(out, "\n  {label}{}", see.replace("{host}", "HOST").replace("{sock}", "N"))?;
    }
    Ok(())
}

/// Writes a paragraph in lines of a readable length, two columns in.
fn indented(out: &mut impl Write, text: &str) -> io::Result<()> {
    let width = u16::try_from(WIDTH - 2).unwrap_or(u16::MAX);
    crate::tui::canvas::wrap(text, width).iter().try_for_each(|line| writeln!(out, "  {line}"))
}

fn as_json(known: &Explanation) -> serde_json::Value {
    let pair = |words: &Words<String>| json!({ "en": words.en, "zh": words.zh });
    let kept = known.kept.iter().map(|difference| {
        json!({
            "function": difference.function,
            "scenes": difference.scenes,
            "en": difference.text,
            "zh": difference.chinese,
        })
    });
    json!({
        "schema": 1,
        "word": known.word,
        "subject": known.subject.as_ref().map(pair),
        "text": pair(&known.text),
        "citation": known.citation,
        "kept": kept.collect::<Vec<_>>(),
        "now": known.now.as_ref().map(pair),
        "see": known.see,
    })
}
