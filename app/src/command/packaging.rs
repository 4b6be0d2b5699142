//! `sockscope completions` and `sockscope man`: what a package ships beside the program, made from the one description of
//! the command line.

use std::process::ExitCode;

use clap::{Args, Command};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::command::output::{deliver, settle};

/// The arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sockscope completions bash > /etc/bash_completion.d/sockscope")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// Prints the completions of a shell for the command line that `command` describes.
#[must_use]
pub fn completions(arguments: &Completions, mut command: Command) -> ExitCode {
    let mut script = Vec::new();
    generate(arguments.shell, &mut command, "sockscope", &mut script);
    written(&script)
}

/// The arguments of `man`: none.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sockscope man > /usr/local/share/man/man1/sockscope.1")]
pub struct Manual {}

/// Prints the manual page of the command line that `command` describes.
#[must_use]
pub fn manual(command: Command) -> ExitCode {
    let mut page = Vec::new();
    match Man::new(command).render(&mut page) {
        Ok(()) => written(&page),
        Err(error) => settle(Err(error), ExitCode::SUCCESS),
    }
}

fn written(text: &[u8]) -> ExitCode {
    deliver(text, None).map_or_else(|refusal| refusal.say(), |()| ExitCode::SUCCESS)
}
