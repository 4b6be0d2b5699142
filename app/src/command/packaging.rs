//! `sockscope completions` and `sockscope man`: what a package ships beside the program, made from the one description of
//! the command line and, for the keys of the screen, from the one table of actions.

use std::process::ExitCode;

use anyhow::Context;
use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::command::output::deliver;
use crate::i18n::Lang;
use crate::tui::action::manual as manual_of_keys;

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

/// The arguments of `man`: none.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sockscope man > /usr/local/share/man/man1/sockscope.1")]
pub struct Manual {}

/// Prints the manual page of the command line that `command` describes.
///
/// # Errors
/// The page cannot be made, or standard output not be written.
pub fn manual(command: Command) -> anyhow::Result<ExitCode> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page).context("the manual page cannot be made")?;
    page.extend_from_slice(keys().as_bytes());
    deliver(&page, None)?;
    Ok(ExitCode::SUCCESS)
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
