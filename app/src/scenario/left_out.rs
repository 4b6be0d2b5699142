//! What of a script is not run here, said in one sentence a file: shell commands and Python are for another machine. Whoever
//! runs or opens a script says it, and in the same words.

use stack::lab::conformance::Skipped;
use stack::lab::script::Position;
use stack::words::Words;

use crate::refusal::harmless;

/// So many lines are named.
const SHOWN: usize = 3;
/// The characters of each that are shown.
const LONGEST: usize = 60;

/// The sentence about the lines of the script at `path`, a path as it may be shown; None where everything is run.
#[must_use]
pub fn left_out(path: &str, lines: &[(Position, Skipped)]) -> Option<Words<String>> {
    if lines.is_empty() {
        return None;
    }
    let mut named: Vec<String> = lines.iter().take(SHOWN).map(|(position, what)| shown(*position, what)).collect();
    if lines.len() > SHOWN {
        named.push("...".to_owned());
    }
    let named = named.join("; ");
    let commands = lines.iter().filter(|(_, what)| matches!(what, Skipped::Command(_))).count();
    let what =
        [(commands, "shell command", "条 shell 命令"), (lines.len() - commands, "Python statement", "条 Python 语句")];
    let what = what.iter().filter(|(count, ..)| *count > 0);
    let english = what.clone().map(|(count, name, _)| format!("{count} {name}{}", if *count == 1 { "" } else { "s" }));
    let chinese = what.map(|(count, _, name)| format!("{count} {name}"));
    let [english, chinese] = [english.collect::<Vec<_>>().join(" and "), chinese.collect::<Vec<_>>().join("和 ")];
    Some(Words {
        en: format!("{path}: not run here: {english} ({named}); the other lines are"),
        zh: format!("{path}：此处不运行：{chinese}（{named}）；其余各行照常运行"),
    })
}

/// A line with its number, if it has one.
fn shown(position: Position, what: &Skipped) -> String {
    let (Skipped::Command(text) | Skipped::Code(text)) = what;
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST).collect();
    let place = if position.line == 0 { String::new() } else { format!("{}: ", position.line) };
    format!("{place}{}", harmless(&text))
}
