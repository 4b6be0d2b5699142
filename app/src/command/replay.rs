//! `sockscope replay`: what would Linux 1.2.13 have done in the place of one end of a captured connection?

use std::io::{self, BufWriter, IsTerminal, Write};
use std::mem::ManuallyDrop;
use std::path::Path;
use std::process::ExitCode;

use clap::Args;

use crate::capture::follow::Form;
use crate::capture::index::listing::listing;
use crate::capture::index::{Index, index};
use crate::capture::inject::{Outcome, inject_until};
use crate::capture::part::{Part, PartError};
use crate::capture::source::{self, Bytes};
use crate::capture::{observe::Observation, report};
use crate::catalog::Opening;
use crate::catalog::recent::Recent;
use crate::command::observe;
use crate::command::output::delivered;
use crate::command::screen::{ScreenArguments, show};
use crate::i18n::{Lang, lang_of_environment};
use crate::open::capture::no_frame;
use crate::refusal::{EXIT_FAILED, Refusal, say};
use crate::session::captures::{CaptureTable, End};
use crate::session::follow::Streamed;
use crate::session::observed::ObservedSession;

const EXAMPLES: &str = "Examples:
  sockscope replay many.pcap                     its connections: choose one, and in whose place
  sockscope replay http.pcap --as 10.8.0.1       in the place of that end
  sockscope replay many.pcapng.gz --connection 3
  sockscope replay http.pcap --observe           both ends as the frames show them, without 1.2.13
  tcpdump -w - -c 200 tcp | sockscope replay -   from standard input
  sockscope replay http.pcap --all               every frame, not only other decisions
  sockscope replay http.pcap --follow            what was said, both directions as text
  sockscope replay http.pcap --json | jq .relation";

/// Columns of the lines of a stream.
const FOLLOW_WIDTH: usize = 100;

/// The arguments of `replay`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A pcap or pcapng file (.gz accepted), or - for standard input
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Which connection, and in whose place
    #[command(flatten)]
    pub part: Part,
    /// Both ends as the frames show them: states, windows, what is in flight, and why every frame came
    #[arg(long, conflicts_with = "strict")]
    pub observe: bool,
    /// Print the data of the connection as text, both directions, as it was captured
    #[arg(long, conflicts_with_all = ["observe", "json", "all", "strict"])]
    pub follow: bool,
    /// Print instead of opening the screen
    #[arg(long)]
    pub headless: bool,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    /// List every frame, also the same ones and those that differ by design of 1995
    #[arg(long)]
    pub all: bool,
    /// Exit with 1 where 1.2.13 decides otherwise (what differs by design of 1995 does not count)
    #[arg(long)]
    pub strict: bool,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// Runs the command.
///
/// # Errors
/// The capture cannot be read, the connection is not chosen, or there is no terminal.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    if arguments.follow {
        return followed(arguments, lang_of_environment());
    }
    let is_seen = arguments.screen.plain || io::stdout().is_terminal();
    if arguments.observe && (arguments.headless || arguments.json || !is_seen) {
        return observed(arguments, lang_of_environment());
    }
    if !arguments.headless && !arguments.json && !arguments.strict && !arguments.all && is_seen {
        return show(&arguments.screen, || on_screen(arguments).map(Some));
    }
    let lang = lang_of_environment();
    // The process ends here: to give back what a long capture takes, frame by frame, would cost a fifth of its time.
    let outcome = ManuallyDrop::new(replay(arguments, lang)?);
    delivered(print(&outcome, arguments, lang))?;
    let differs = arguments.strict && !outcome.is_same();
    Ok(ExitCode::from(if differs { EXIT_FAILED } else { 0 }))
}

/// Prints what the frames of the connection tell.
fn observed(arguments: &Arguments, lang: Lang) -> anyhow::Result<ExitCode> {
    let (bytes, index) = indexed(arguments, lang)?;
    let (flow, _) = arguments.part.choose(&index).map_err(|error| refuse(&index, lang, error))?;
    delivered(observe::print(&Observation::of(&index, &bytes, flow), arguments.json, lang))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the data of the connection.
fn followed(arguments: &Arguments, lang: Lang) -> anyhow::Result<ExitCode> {
    let (bytes, index) = indexed(arguments, lang)?;
    let (flow, _) = arguments.part.choose(&index).map_err(|error| refuse(&index, lang, error))?;
    let connection = index.read(&bytes, flow);
    let Streamed { followed, ends, start_ns, .. } = Streamed::of_connection(&connection);
    let lines = followed.lines([&ends[0], &ends[1]], start_ns, (Form::Text, FOLLOW_WIDTH), lang);
    let mut out = BufWriter::new(io::stdout().lock());
    let written = lines.iter().try_for_each(|line| writeln!(out, "{}", line.text));
    delivered(written.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// The observed capture as the screen shows it, with the connection in focus that was chosen, or the first one.
fn observed_on_screen(arguments: &Arguments) -> Result<Opening, Refusal> {
    let file = &arguments.file;
    let table = CaptureTable::read_whole(file, source::load(file)?)?;
    if table.index().frames() == 0 {
        return Err(no_frame(file));
    }
    let number = match arguments.part.choose(table.index()) {
        Ok((flow, _)) => flow.number,
        Err(PartError::Several) if arguments.part.is_open() => 1,
        Err(error) => return Err(refuse(table.index(), lang_of_environment(), error)),
    };
    Recent::load().remember(Path::new(file));
    Ok(match ObservedSession::new(Box::new(table), number) {
        Ok(observed) => Opening::Observed(Box::new(observed)),
        Err(table) => Opening::Table(table),
    })
}

/// What the screen shows: the table of the connections of the capture, or the replay where one was chosen already.
fn on_screen(arguments: &Arguments) -> Result<Opening, Refusal> {
    let file = &arguments.file;
    if arguments.observe {
        return observed_on_screen(arguments);
    }
    if arguments.part.is_open() {
        // A recording of ours too is a capture here, of what went over its wire.
        let table = CaptureTable::new(file, source::open(file)?)?;
        Recent::load().remember(Path::new(file));
        return Ok(Opening::Table(Box::new(table)));
    }
    chosen_on_screen(arguments, lang_of_environment())
}

/// The replay of the connection that was chosen, with the table behind it.
fn chosen_on_screen(arguments: &Arguments, lang: Lang) -> Result<Opening, Refusal> {
    let mut table = CaptureTable::read_whole(&arguments.file, source::load(&arguments.file)?)?;
    let index = table.index();
    if let Some(damage) = index.damage() {
        say(damage.remark(&arguments.file).text(lang));
    }
    if index.frames() == 0 {
        return Err(no_frame(&arguments.file));
    }
    let (number, end) = match arguments.part.choose(index) {
        Ok((flow, own)) => (flow.number, if own == flow.client { End::Client } else { End::Server }),
        Err(error) => return Err(refuse(index, lang, error)),
    };
    table.select_number(number);
    match table.replay(end) {
        Some(session) => Ok(Opening::Replay(Box::new(session?), Box::new(table))),
        None => Err(refuse(table.index(), lang, PartError::Absent)),
    }
}

fn replay(arguments: &Arguments, lang: Lang) -> Result<Outcome, Refusal> {
    let (bytes, index) = indexed(arguments, lang)?;
    let (flow, own) = arguments.part.choose(&index).map_err(|error| refuse(&index, lang, error))?;
    inject_until(&index.of_bytes(&bytes), &index.read(&bytes, flow), own, index.last_ns())
}

/// Loads the capture and finds what is in it; damage is said.
fn indexed(arguments: &Arguments, lang: Lang) -> Result<(Bytes, Index), Refusal> {
    let bytes = source::load(&arguments.file)?;
    let index = index(&bytes).map_err(|fault| fault.refusal(&arguments.file))?;
    if let Some(damage) = index.damage() {
        say(damage.remark(&arguments.file).text(lang));
    }
    if index.frames() == 0 {
        return Err(no_frame(&arguments.file));
    }
    Ok((bytes, index))
}

/// Says what to choose, having listed on standard output what there is.
fn refuse(index: &Index, lang: Lang, error: PartError) -> Refusal {
    let (english, chinese) = match error {
        PartError::Unreadable(refusal) => return refusal,
        PartError::Nothing => (
            "there is no IPv4 TCP connection in this capture, and 1.2.13 knows no other.",
            "这个抓包里没有 IPv4 TCP 连接，而 1.2.13 不认识别的。",
        ),
        PartError::Several => (
            "the capture has several connections: choose one with --as IP:PORT or --connection N.",
            "抓包里有多个连接：请用 --as IP:端口 或 --connection N 选择一个。",
        ),
        PartError::Absent => (
            "no connection of the capture fits: choose one of the list with --as IP:PORT or --connection N.",
            "抓包里没有符合的连接：请用 --as IP:端口 或 --connection N 从列表中选择。",
        ),
    };
    let mut out = io::stdout().lock();
    for line in listing(index, lang) {
        // Where nobody reads the list, the sentence on standard error remains.
        let _ = writeln!(out, "{line}");
    }
    Refusal::usage(english, chinese)
}

fn print(outcome: &Outcome, arguments: &Arguments, lang: Lang) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.json {
        for value in report::json_lines(outcome) {
            writeln!(out, "{value}")?;
        }
        return out.flush();
    }
    let heading = report::heading(outcome, lang, report::has_lines(outcome, arguments.all));
    let lines = report::lines(outcome, lang, arguments.all);
    for line in heading.into_iter().chain(lines).chain(report::verdict(outcome, lang)) {
        writeln!(out, "{line}")?;
    }
    out.flush()
}
