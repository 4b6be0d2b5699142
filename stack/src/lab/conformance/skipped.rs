//! What of a script is not run here, because it is for another machine: shell commands, and Python that packetdrill runs when
//! the script is over. A run passes over it and says so.

use crate::lab::script::ast::{Content, ScriptEvent};
use crate::lab::script::{Position, Script};

/// A line that is not run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// The words of a shell command.
    Command(String),
    /// Python, or what of it could not be evaluated.
    Code(String),
}

/// What a scene with several hosts passes over: every command but `true`, which only lets time pass. (Python in it is refused.)
#[must_use]
pub fn of_hosts(script: &Script) -> Vec<(Position, Skipped)> {
    let command = |content: &Content| match content {
        Content::Event(_, ScriptEvent::Command(text)) => skipped(text),
        Content::Event(..) | Content::Annotation(_) => None,
    };
    let inside = script.lines.iter().filter_map(|line| Some((line.position, command(&line.content)?)));
    inside.chain(around(script)).collect()
}

/// The commands before and after a script; that after it has no line of its own.
pub(super) fn around(script: &Script) -> impl Iterator<Item = (Position, Skipped)> {
    let commands = [(Position { line: 1, column: 1 }, &script.opening), (Position::default(), &script.closing)];
    commands.into_iter().filter_map(|(position, command)| Some((position, skipped(command.as_ref()?)?)))
}

fn skipped(command: &str) -> Option<Skipped> {
    (command.trim() != "true").then(|| Skipped::Command(command.to_owned()))
}
