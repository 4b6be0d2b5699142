//! The command line: which command was asked for. Every command keeps its own arguments, examples and work in a file
//! of its own under `command`; this page only lists them. Promise: a command says nothing
//! of its own failure; it hands up what it could not do.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use crate::command;
use crate::i18n::{Lang, lang_of_environment};

const EXAMPLES: &str = "Examples:
  sockscope                                    the home screen: lessons, laboratory, live, files
  sockscope lesson handshake                   the handshake, from both sides
  sockscope --lang zh --theme light            the same options stand before or after a command
  sockscope live -- curl -s http://10.0.0.2/   1.2.13 answers a real client, no root needed
Without a terminal:
  sockscope run scene.pkt                      a verdict on a script
  sockscope trace --tree                       every function that ran
  sockscope diff a.pkt b.pkt                   the first difference of two runs
  sockscope why --frame 3                      why that frame left, back to an input
  sockscope replay --headless http.pcap        what 1.2.13 would have sent
  sockscope export scene.pkt --format mermaid  a diagram, recording, picture or film";

/// Walk through the Linux 1.2.13 network stack, frame by frame, function by function, forwards and backwards.
#[derive(Debug, Parser)]
#[command(name = "sockscope", version, after_help = EXAMPLES)]
pub struct Cli {
    /// How the screen looks; these may also stand after a command
    #[command(flatten)]
    pub screen: command::screen::ScreenArguments,
    /// What to do; without a command the home screen opens
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands of the program.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open a lesson, list the lessons, or lint them
    Lesson(command::lesson::Arguments),
    /// Walk through a scene on a simulated wire
    Lab(command::lab::Arguments),
    /// Run a command in the private network of a running live session
    #[cfg(live)]
    Exec(command::exec::Arguments),
    /// Put 1.2.13 on a real device, with this machine's kernel as its peer
    #[cfg(live)]
    Live(command::live::Arguments),
    /// Put 1.2.13 in the place of one end of a captured connection and compare
    Replay(command::replay::Arguments),
    /// List the connections of a capture, filtered and sorted
    Captures(command::captures::Arguments),
    /// Run packetdrill scripts and frame scenarios and judge them
    Run(command::run::Arguments),
    /// Print every step of a scene: JSON lines, a call tree, what was dropped, or /proc/net
    Trace(command::trace::Arguments),
    /// Ask a run why something happened or did not, and print the chain of steps that led to it
    Why(command::why::Arguments),
    /// Print where 1.2.13 differs from the RFCs and from modern kernels, with scenes that show it
    Differences(command::differences::Arguments),
    /// Compare two runs, or two steps of one: the first difference, frame by frame, then field by field
    Diff(command::diff::Arguments),
    /// Explain a kernel word, or list them all
    Glossary(command::glossary::Arguments),
    /// Write a run as a recording, picture, text, diagram, film or script
    Export(command::export::Arguments),
    /// Check or print the user's settings: keys, colours, language
    Config(command::config::Arguments),
    /// Print the completions of a shell
    Completions(command::packaging::Completions),
    /// Print the manual page of the program or of a command, with the keys
    Man(command::packaging::Manual),
}

impl Cli {
    /// The language that the command was given, in which it also says what it cannot do.
    fn lang(&self) -> Option<Lang> {
        let Some(command) = &self.command else { return self.screen.lang() };
        let own = match command {
            Command::Lesson(arguments) => arguments.lang(),
            Command::Lab(arguments) => arguments.screen.lang(),
            #[cfg(live)]
            Command::Live(arguments) => arguments.screen.lang(),
            Command::Replay(arguments) => arguments.screen.lang(),
            Command::Captures(arguments) => arguments.lang,
            Command::Export(arguments) => arguments.screen.lang(),
            Command::Run(arguments) => arguments.lang,
            Command::Diff(arguments) => arguments.lang,
            Command::Why(arguments) => arguments.lang,
            Command::Glossary(arguments) => arguments.lang,
            #[cfg(live)]
            Command::Exec(_) => None,
            Command::Trace(_)
            | Command::Differences(_)
            | Command::Config(_)
            | Command::Completions(_)
            | Command::Man(_) => None,
        };
        own.or_else(|| self.screen.lang())
    }

    /// Hands what was said before the command on to it.
    fn inherit(&mut self) {
        let before = &self.screen;
        match &mut self.command {
            Some(Command::Lesson(arguments)) => arguments.inherit(before),
            Some(Command::Lab(arguments)) => arguments.screen.inherit(before),
            #[cfg(live)]
            Some(Command::Live(arguments)) => arguments.screen.inherit(before),
            Some(Command::Replay(arguments)) => arguments.screen.inherit(before),
            Some(Command::Captures(arguments)) => arguments.lang = arguments.lang.or_else(|| before.lang()),
            Some(Command::Export(arguments)) => arguments.screen.inherit(before),
            Some(Command::Run(arguments)) => arguments.lang = arguments.lang.or_else(|| before.lang()),
            Some(Command::Diff(arguments)) => arguments.lang = arguments.lang.or_else(|| before.lang()),
            Some(Command::Why(arguments)) => arguments.lang = arguments.lang.or_else(|| before.lang()),
            Some(Command::Glossary(arguments)) => arguments.lang = arguments.lang.or_else(|| before.lang()),
            #[cfg(live)]
            Some(Command::Exec(_)) => {}
            Some(
                Command::Trace(_)
                | Command::Differences(_)
                | Command::Config(_)
                | Command::Completions(_)
                | Command::Man(_),
            )
            | None => {}
        }
    }

    /// Does what was asked for.
    fn run(&self) -> anyhow::Result<ExitCode> {
        let Some(command) = &self.command else { return command::lab::home(&self.screen) };
        match command {
            Command::Lesson(arguments) => command::lesson::run(arguments),
            Command::Lab(arguments) => command::lab::run(arguments),
            #[cfg(live)]
            Command::Exec(arguments) => command::exec::run(arguments),
            #[cfg(live)]
            Command::Live(arguments) => command::live::run(arguments),
            Command::Replay(arguments) => command::replay::run(arguments),
            Command::Captures(arguments) => command::captures::run(arguments),
            Command::Run(arguments) => command::run::run(arguments),
            Command::Trace(arguments) => command::trace::run(arguments),
            Command::Why(arguments) => command::why::run(arguments),
            Command::Differences(arguments) => command::differences::run(arguments),
            Command::Diff(arguments) => command::diff::run(arguments),
            Command::Export(arguments) => command::export::run(arguments),
            Command::Glossary(arguments) => command::glossary::run(arguments),
            Command::Config(arguments) => command::config::run(arguments, self.lang()),
            Command::Completions(arguments) => command::packaging::completions(arguments, Self::command()),
            Command::Man(arguments) => command::packaging::manual(arguments, Self::command()),
        }
    }
}

/// Reads the arguments of the process and does what they say: what became of it, and the language to say it in.
pub fn start() -> (anyhow::Result<ExitCode>, Lang) {
    match Cli::try_parse() {
        Ok(mut cli) => {
            cli.inherit();
            (cli.run(), cli.lang().unwrap_or_else(lang_of_environment))
        }
        Err(error) => (command::usage::answer(error, &Cli::command()), lang_of_environment()),
    }
}
