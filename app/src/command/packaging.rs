//! `sockscope completions` and `sockscope man`: what a package ships beside the program, made from the one description of
//! the command line and, for the keys of the screen, from the one table of actions.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::command::output::deliver;
use crate::i18n::Lang;
use crate::refusal::{Refusal, harmless, nearest};
use crate::tui::action::manual as manual_of_keys;

/// The day of this version, as in CHANGELOG. Without one the version would stand where a page has its date.
const DATE: &str = "unreleased";

/// The arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sockscope completions bash > /etc/bash_completion.d/sockscope")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// Prints the completions of a shell for the command line that `command` describes.
///
/// # Errors
/// Standard output cannot be written.
pub fn completions(arguments: &Completions, mut command: Command) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, "sockscope", &mut script);
    deliver(&script, None)?;
    Ok(ExitCode::SUCCESS)
}

/// The arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  sockscope man > /usr/local/share/man/man1/sockscope.1
  sockscope man lab | man -l -                 the page of one command
  sockscope man --all /usr/local/share/man/man1   a page for the program and for every command")]
pub struct Manual {
    /// The command; without one the page of the program
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
    /// Write the pages of the program and of every command into this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    pub all: Option<PathBuf>,
}

/// Prints the manual page of the command line that `command` describes, or of one of its commands, or writes them all.
///
/// # Errors
/// There is no such command, a page cannot be made, or it cannot be written.
pub fn manual(arguments: &Manual, command: Command) -> anyhow::Result<ExitCode> {
    let mut command = command;
    command.build();
    let of = |name: &str| command.get_subcommands().find(|known| known.get_name() == name).cloned();
    match (&arguments.all, &arguments.command) {
        (Some(folder), _) => {
            deliver(&page(command.clone())?, Some(&folder.join("sockscope.1")))?;
            for known in command.get_subcommands().filter(|known| known.get_name() != "help") {
                let name = format!("sockscope-{}.1", known.get_name());
                deliver(&page(known.clone())?, Some(&folder.join(name)))?;
            }
        }
        (None, Some(name)) => deliver(&page(of(name).ok_or_else(|| no_command(name, &command))?)?, None)?,
        (None, None) => deliver(&page(command)?, None)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn no_command(name: &str, command: &Command) -> Refusal {
    let shown = harmless(name);
    let near = nearest(name, command.get_subcommands().map(Command::get_name)).unwrap_or("lab");
    Refusal::usage(
        format!("there is no command \"{shown}\"; did you mean \"{near}\"? `sockscope --help` lists them."),
        format!("没有命令“{shown}”；是“{near}”吗？`sockscope --help` 列出全部命令。"),
    )
}

/// The page of a command. The keys stand in it where the command opens a screen.
fn page(command: Command) -> anyhow::Result<Vec<u8>> {
    let full = command.get_bin_name().unwrap_or("sockscope").replace(' ', "-");
    let has_screen = command.get_arguments().any(|argument| argument.get_id() == "plain") && full != "sockscope-export";
    let mut page = Vec::new();
    // A page is named as the file it lies in; clap keeps names for ever.
    let name: &'static str = Box::leak(full.into_boxed_str());
    Man::new(command.name(name).display_name(name))
        .date(DATE)
        .render(&mut page)
        .context("the manual page cannot be made")?;
    if has_screen {
        page.extend_from_slice(keys().as_bytes());
    }
    Ok(page)
}

/// The section of the manual page on the keys of the screen.
fn keys() -> String {
    let mut section = ".SH \"KEYS OF THE SCREEN\"\n".to_owned();
    for (heading, rows) in manual_of_keys(Lang::En) {
        section.push_str(&format!(".SS \"{}\"\n", roff(&heading)));
        for (keys, label) in rows {
            section.push_str(&format!(".TP\n\\fB{}\\fR\n{}\n", roff(&keys), roff(label)));
        }
    }
    section
}

/// Text as it must stand in a manual page: `\`, `-` and `"` mean something else there, and so do `.` and `'` at the start of a line.
fn roff(text: &str) -> String {
    let escaped = text.replace('\\', "\\e").replace('-', "\\-").replace('"', "\\(dq");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_of_the_manual_page_are_escaped() {
        let section = keys();
        assert!(section.contains(".SS \"Time\"\n.TP\n\\fBs, F11\\fR\ninto\n"), "{section}");
        assert!(section.contains("\\fB\\&.\\fR\none micro\\-step\n"), "{section}");
        assert!(section.contains("\\fB\\&'\\fR\n"), "{section}");
        assert!(section.contains("\\fBg p b\\fR\npane: Bytes\n"), "{section}");
        let line = |line: &str| line.starts_with(".SH ") || line.starts_with(".SS ") || line == ".TP";
        assert!(section.lines().filter(|text| text.starts_with(['.', '\''])).all(line), "{section}");
    }
}
