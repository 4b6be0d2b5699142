//! `sockscope diff`: two runs side by side, or two steps of one: the first difference, frame by frame, then field by field.
//!
//! JSON, schema 1: one object with `left`, `right`, `same`, `first` (place in `frames`, or null), `frames` (`relation`, `left` and
//! `right` with `number`, `t` in microseconds, `from`, `says`, `lost`, and `fields`) and `fields` (`host`, `subject`, `field`, `left`,
//! `right`). Promise: exit code 1 where anything differs, as of diff.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use stack::lab::compare::{Difference, Relation};
use stack::lab::run::Run;
use stack::wire::visible::visible;

use crate::command::output::deliver;
use crate::i18n::{Lang, Message, lang_of_environment};
use crate::open;
use crate::picture::comparison::{ComparedFrame, ComparedRow, Comparison};
use crate::refusal::{EXIT_FAILED, Refusal};
use crate::session::Session;
use crate::tui::keymap::Keymap;

const EXAMPLES: &str = "Examples:
  sockscope diff handshake.pkt lost_syn.pkt    two scenes: the first frame that differs, then the sockets
  sockscope diff scene.pkt recording.pcapng    a scene and a recording
  sockscope diff scene.pkt --steps 18,36       two steps of one scene, field by field
  sockscope diff a.pkt b.pkt --json            the same for a program";

/// The arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A script (.pkt), frame scenario (.json), capture or recording
    #[arg(value_name = "A")]
    pub left: PathBuf,
    /// Another one
    #[arg(value_name = "B", required_unless_present = "steps", conflicts_with = "steps")]
    pub right: Option<PathBuf>,
    /// Two steps of A, by their numbers
    #[arg(long, value_name = "N,M", value_parser = steps)]
    pub steps: Option<(u64, u64)>,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// Also the frames that are the same on both sides
    #[arg(long)]
    pub all: bool,
    /// The language: en or zh
    #[arg(long, value_name = "LANG", value_parser = crate::command::run::language)]
    pub lang: Option<Lang>,
}

/// Turns that are taken at most.
const LONGEST: usize = 1_000_000;

fn steps(text: &str) -> Result<(u64, u64), String> {
    let numbers =
        text.split_once(',').and_then(|(one, two)| Some((one.trim().parse().ok()?, two.trim().parse().ok()?)));
    numbers.ok_or_else(|| "write two step numbers, such as 18,36".to_owned())
}

/// Runs the command.
///
/// # Errors
/// A file cannot be read, or standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let lang = arguments.lang.unwrap_or_else(lang_of_environment);
    let comparison = match (&arguments.right, arguments.steps) {
        (Some(right), _) => {
            let (left, right) = (played(&arguments.left)?, played(right)?);
            Comparison::of_runs((&left.0, &left.1), (&right.0, &right.1), lang)
        }
        (None, Some((one, two))) => {
            let (name, run) = played(&arguments.left)?;
            of_steps(name, run, one, two, lang)?
        }
        (None, None) => {
            return Err(
                Refusal::usage("name a second file, or --steps N,M.", "请给出第二个文件，或 --steps N,M。").into()
            );
        }
    };
    let text =
        if arguments.json { format!("{}\n", value(&comparison)) } else { text(&comparison, arguments.all, lang) };
    deliver(text.as_bytes(), None)?;
    Ok(if comparison.is_same() { ExitCode::SUCCESS } else { ExitCode::from(EXIT_FAILED) })
}

/// A run from a file, played to its end, and the name that it is told by.
fn played(path: &Path) -> Result<(String, Run), Refusal> {
    let mut run = open::open(Some(path), 1)?.said();
    run.play(LONGEST);
    Ok((visible(&path.display().to_string()).into_owned(), run))
}

fn of_steps(name: String, run: Run, one: u64, two: u64, lang: Lang) -> Result<Comparison, Refusal> {
    let mut session = Session::new(name, crate::picture::Source::Script, run);
    // A number behind the end means the last step.
    session.go_to(two);
    session.compare(&crate::session::compare::CompareWith::Step(one), lang).map_err(|refused| {
        let told = |lang| Keymap::default().named_in(&refused.text(lang)).into_owned();
        Refusal::usage(told(Lang::En), told(Lang::Zh))
    })
}

/// The sign between the two sides of a row.
#[must_use]
pub fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "=",
        Relation::Shifted => "~",
        Relation::Fate => "x",
        Relation::Counted => "-",
        Relation::Fields => "!",
        Relation::OnlyLeft => "<",
        Relation::OnlyRight => ">",
    }
}

fn told(frame: Option<&ComparedFrame>, lang: Lang) -> String {
    frame.map_or_else(String::new, |frame| {
        let lost = if frame.lost { format!(" ({})", Message::LegendLost.text(lang)) } else { String::new() };
        let seconds = frame.microseconds as f64 / 1e6;
        visible(&format!("#{} {seconds:.6} {}: {}{lost}", frame.number, frame.from, frame.label)).into_owned()
    })
}

fn line(row: &ComparedRow, lang: Lang) -> String {
    let left = told(row.left.as_ref(), lang);
    let pad = 48_usize.saturating_sub(left.chars().count());
    format!("  {left}{:pad$} {} {}", "", sign(row.relation), told(row.right.as_ref(), lang)).trim_end().to_owned()
}

fn difference(difference: &Difference) -> String {
    let none = || "—".to_owned();
    let name = [&difference.host, &difference.subject, &difference.field].map(|part| visible(part).into_owned());
    let name = name.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ");
    let side = |value: &Option<String>| value.as_deref().map_or_else(none, |value| visible(value).into_owned());
    format!("{name}: {} | {}", side(&difference.left), side(&difference.right))
}

fn text(comparison: &Comparison, all: bool, lang: Lang) -> String {
    let mut out = format!("{} | {}\n", comparison.left, comparison.right);
    let mut put = |line: String| {
        // Writing to a string cannot fail.
        let _never = writeln!(out, "{line}");
    };
    if comparison.is_same() {
        put(Message::ComparedSame.text(lang).to_owned());
        return out;
    }
    if let Some(first) = comparison.first {
        let same = comparison.rows.iter().take(first).count();
        put(Message::ComparedFirst.fill(lang, &[&(first + 1).to_string(), &same.to_string()]));
    }
    for row in comparison.rows.iter().filter(|row| all || row.relation != Relation::Same) {
        put(line(row, lang));
        for detail in &row.detail {
            put(format!("      {}", difference(detail)));
        }
    }
    if !comparison.fields.is_empty() {
        put(Message::ComparedFields.fill(lang, &[&comparison.fields.len().to_string()]));
        for field in &comparison.fields {
            put(format!("  {}", difference(field)));
        }
    }
    out
}

fn value(comparison: &Comparison) -> Value {
    let frame = |frame: &Option<ComparedFrame>| {
        frame.as_ref().map(|frame| {
            json!({
                "number": frame.number, "t": frame.microseconds, "from": visible(&frame.from), "says": visible(&frame.label),
                "lost": frame.lost,
            })
        })
    };
    let field = |difference: &Difference| {
        json!({
            "host": visible(&difference.host), "subject": visible(&difference.subject), "field": difference.field,
            "left": difference.left.as_deref().map(visible), "right": difference.right.as_deref().map(visible),
        })
    };
    let fields = |fields: &[Difference]| fields.iter().map(field).collect::<Vec<_>>();
    let row = |row: &ComparedRow| {
        json!({
            "relation": row.relation.name(), "left": frame(&row.left), "right": frame(&row.right), "fields": fields(&row.detail),
        })
    };
    json!({
        "schema": 1, "left": comparison.left, "right": comparison.right, "same": comparison.is_same(), "first": comparison.first,
        "frames": comparison.rows.iter().map(row).collect::<Vec<_>>(), "fields": fields(&comparison.fields),
    })
}
