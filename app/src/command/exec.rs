//! `sockscope exec`: a command in the private network of a running live session.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Args;

use crate::live;
use crate::live::register::Identity;

const EXAMPLES: &str = "Examples:
  sockscope exec -- curl http://10.0.0.2/      ask the web server on the 1.2.13 host
  sockscope exec -- ping -c3 10.0.0.2          ping it
  sockscope exec -- tcpdump -ni sock0          watch the wire
  sockscope exec                               a shell inside";

/// The arguments of `exec`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// The live session to join, where several are running
    #[arg(long, value_name = "NAME")]
    pub session: Option<String>,
    /// The process that keeps the network: what a session passes to the commands that it starts itself
    #[arg(long, hide = true, value_name = "PROCESS:START", value_parser = holder)]
    pub holder: Option<Identity>,
    /// The command and its arguments (default: a shell)
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<OsString>,
}

fn holder(text: &str) -> Result<Identity, String> {
    Identity::from_argument(text).ok_or_else(|| "give a process number and its start time, PROCESS:START".to_owned())
}

/// Becomes the command; comes back only to say why it could not.
///
/// # Errors
/// There is no such session, or no such command.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    Err(live::exec::exec(arguments.session.as_deref(), arguments.holder, &arguments.command).into())
}
