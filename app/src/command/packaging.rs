//! `sockscope completions` and `sockscope man`: what a package ships beside the program, made from the one description of
//! the command line.

use std::io;
use std::process::ExitCode;

use clap::{Args, CommandFactory};
use clap_complete::{Shell, generate};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::refusal::Refusal;

/// The arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  sockscope completions bash > /etc/bash_completion.d/sockscope")]
pub struct Completions {
    /// The shell
    pub shell: Shell,
}

/// Prints the completions of a shell.
#[must_use]
pub fn completions(arguments: &Completions) -> ExitCode {
    generate(arguments.shell, &mut Cli::command(), "sockscope", &mut io::stdout());
    ExitCode::SUCCESS
}

/// Prints the manual page.
#[must_use]
pub fn manual() -> ExitCode {
    match Man::new(Cli::command()).render(&mut io::stdout()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Refusal::usage(format!("the manual cannot be written: {error}"), format!("无法写出手册：{error}")).say()
        }
    }
}
