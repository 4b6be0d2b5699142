//! `sockscope trace`: a scene's film, as JSON lines, as an indented call tree, or only what was thrown away, and the texts
//! of /proc/net at the end of it.
//!
//! One JSON object per line, schema 2. The first line says so: `kind` "trace", `schema`, `version` of the program, `hosts`. Then one per
//! step: `t` (microseconds), `host`, `turn`, `step`, `depth`, `kind`, then what the kind has:
//! `function`, `file`, `rfc`, `args` of an entry; `function`, `value` of an exit; `text`, `line` of a note; `reason` of a
//! discard; `text` of everything else. `--drops` is one line per packet for people: time, host, the number of the step as the
//! screen shows it, the frame (`-` where it was none of the wire), the function, the name of the reason and its sentence. Promise: no name and no octet of a file gets out that could drive a terminal.

mod json;

use std::collections::BTreeMap;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use stack::include::config::BuildOption;
use stack::kernel::Kernel;
use stack::kernel::probe::Event;
use stack::lab::caption::{call, caption, story};
use stack::lab::film::FilmStep;
use stack::lab::films::{FilmedTurn, Films};
use stack::lab::run::{Moment, Run};
use stack::lab::why::{Discarded, arrivals, discards, number_of_arrival};
use stack::wire::visible::visible;

use self::json::Lines;
use crate::capture::part::Part;
use crate::command::output::delivered;
use crate::command::progress::{Progress, play};
use crate::i18n::{Words, lang_of_environment};
use crate::open::open_part;
use crate::picture::proc_net::ProcFile;
use crate::refusal::Refusal;

const EXAMPLES: &str = "Examples:
  sockscope trace                              every step of the first scene as JSON lines
  sockscope trace --tree handshake.pkt         the functions that ran, indented
  sockscope trace --drops ip.json              every packet that was thrown away, and why
  sockscope trace --tree http.pcap --as 10.8.0.1   1.2.13 in the place of that end of a capture
  sockscope trace --proc tcp handshake.pkt     /proc/net/tcp at the end of the scene";

/// The arguments of `trace`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A script (.pkt), frame scenario (.json), capture or recording; without one, the scene the program starts with
    #[arg(value_name = "SCENE|CAPTURE")]
    pub scene: Option<PathBuf>,
    /// The call tree, indented, for people
    #[arg(long, conflicts_with_all = ["drops", "proc"])]
    pub tree: bool,
    /// Only the packets that were thrown away: step, frame, function and reason of each
    #[arg(long, conflicts_with = "proc")]
    pub drops: bool,
    /// A text of /proc/net as it reads at the end
    #[arg(long, value_name = "NAME", value_parser = proc_file)]
    pub proc: Option<ProcFile>,
    /// The seed of the scene
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The part in a capture
    #[command(flatten)]
    pub part: Part,
}

/// The version of the lines, told by the first one.
const SCHEMA: u32 = 2;
/// Turns that are taken at most.
const LONGEST: usize = 1_000_000;

/// The file that `--proc` names.
fn proc_file(name: &str) -> Result<ProcFile, String> {
    let names = || ProcFile::ALL.iter().map(|file| file.name()).collect::<Vec<_>>().join(", ");
    ProcFile::from_name(name).ok_or_else(|| format!("choose among {}", names()))
}

/// Why a run in which no host has the file cannot show it.
fn absent(file: ProcFile) -> Refusal {
    let (name, option) = (file.name(), file.option().map_or("", BuildOption::word));
    Refusal::usage(
        format!(
            "no host has /proc/net/{name}: their kernels are built without \"{option}\" (a script says --{option}, a frame scenario \"{option}\": 1)."
        ),
        format!(
            "没有主机有 /proc/net/{name}：它们的内核没有编入“{option}”（脚本写 --{option}，帧场景写 \"{option}\": 1）。"
        ),
    )
}

/// Runs the command.
///
/// # Errors
/// The scene cannot be read, has no such text, or standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let opened = open_part(arguments.scene.as_deref(), arguments.seed, &arguments.part)?;
    let start = opened.start;
    let mut run = opened.said();
    if arguments.proc.is_some() || arguments.drops {
        // What is asked of the whole run; the steps are filmed as it is played.
        play(&mut run, LONGEST);
    }
    let anywhere = |file: &ProcFile| run.head().hosts.iter().any(|host| ProcFile::of(&host.kernel).contains(file));
    if let Some(file) = arguments.proc.filter(|file| !anywhere(file)) {
        return Err(absent(file).into());
    }
    delivered(print(&mut run, start, arguments))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints what was asked for; times count from `start`, in microseconds of the run.
fn print(run: &mut Run, start: u64, arguments: &Arguments) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    if let Some(file) = arguments.proc {
        let world = run.at_end();
        for host in world.hosts.iter().filter(|host| ProcFile::of(&host.kernel).contains(&file)) {
            if world.hosts.len() > 1 {
                writeln!(out, "== {}", visible(&host.name))?;
            }
            write!(out, "{}", file.text(&host.kernel))?;
        }
        return out.flush();
    }
    if arguments.drops {
        drops(&mut out, run, start)?;
        return out.flush();
    }
    if !arguments.tree {
        let hosts: Vec<String> = run.head().hosts.iter().map(|host| visible(&host.name).into_owned()).collect();
        let version = env!("CARGO_PKG_VERSION");
        writeln!(out, "{}", json!({ "kind": "trace", "schema": SCHEMA, "version": version, "hosts": hosts }))?;
    }
    // Where the lines go to a terminal they are the progress.
    let mut progress = (!io::stdout().is_terminal())
        .then(|| Progress::new(Words::new("writing the trace, turns:", "正在写出轨迹，轮次：")));
    let (mut lines, mut time, mut turns) = (Lines::default(), 0, 0);
    let mut filming = run.filming();
    while turns < LONGEST
        && let Some(filmed) = filming.next()
    {
        (time, turns) = (since(start, filmed.time), turns + 1);
        if let Some(progress) = &mut progress {
            progress.at(filmed.turn, None);
        }
        let Some(place) = filmed.host.and_then(|host| filming.world().hosts.get(host)) else { continue };
        let shown = visible(&place.name);
        for (index, step) in filmed.film.steps.iter().enumerate() {
            let at = At { time, host: &place.name, shown: &shown, turn: filmed.turn, step: index + 1 };
            if arguments.tree {
                tree_line(&mut out, &place.kernel, at, step)?;
            } else {
                lines.write(&mut out, &place.kernel, at, step)?;
            }
        }
    }
    drop(progress);
    let hash = filming.world().fingerprint();
    if arguments.tree {
        writeln!(out, "{:>12.6} hash {hash:016x}", time as f64 / 1e6)?;
    } else {
        writeln!(out, "{}", json!({ "t": time, "kind": "end", "hash": format!("{hash:016x}") }))?;
    }
    out.flush()
}

/// A time of the run from where its times count, in microseconds: in a replay what comes before the capture is negative.
fn since(start: u64, time: u64) -> i64 {
    time.cast_signed().saturating_sub(start.cast_signed())
}

/// Every packet that was thrown away.
fn drops(out: &mut impl Write, run: &mut Run, start: u64) -> io::Result<()> {
    let lang = lang_of_environment();
    // The frame that a buffer took in, for those that are thrown away in a later turn.
    let mut frames: BTreeMap<(usize, u32), usize> = BTreeMap::new();
    let mut steps = 0;
    let mut films = run.films(0);
    while let Some(turn) = films.next() {
        if let Some(host) = turn.host {
            for (skb, arrival) in arrivals(&turn.film) {
                frames.extend(frame_of(&films, &turn, host, arrival).map(|frame| ((host, skb), frame)));
            }
            let name = films.world().hosts.get(host).map_or("", |host| host.name.as_str());
            for dropped in discards(&turn.film) {
                let Discarded { index, reason, by, skb, arrival } = dropped;
                let frame = arrival.and_then(|arrival| frame_of(&films, &turn, host, arrival));
                let frame = frame.or_else(|| frames.get(&(host, skb?)).copied());
                let frame = frame.map_or_else(|| "-".to_owned(), |frame| frame.to_string());
                let by = if by.is_empty() { "card" } else { by };
                let (time, step, why) =
                    (since(start, turn.time) as f64 / 1e6, steps + index + 1, reason.words().text(lang));
                let name = visible(name);
                writeln!(out, "{time:>12.6} {name:4} step {step} frame {frame} {by} {}: {why}", reason.name())?;
            }
        }
        steps += turn.film.steps.len();
    }
    Ok(())
}

/// The number of the frame that arrives at an index of a film.
fn frame_of(films: &Films<'_>, turn: &FilmedTurn, host: usize, arrival: usize) -> Option<usize> {
    let Event::FrameIn { bytes, .. } = &turn.film.steps.get(arrival)?.event else { return None };
    let at = Moment { turn: turn.turn, step: arrival + 1 };
    number_of_arrival(films.run(), at, host, turn.time, bytes)
}

/// Where a step is.
#[derive(Clone, Copy)]
struct At<'a> {
    time: i64,
    host: &'a str,
    /// The host's name as it may be shown.
    shown: &'a str,
    turn: usize,
    step: usize,
}

fn tree_line(out: &mut impl Write, k: &Kernel, at: At<'_>, step: &FilmStep) -> io::Result<()> {
    let indent = usize::from(step.depth) * 2;
    let text = line(k, at.host, &step.event);
    if text.is_empty() {
        return Ok(());
    }
    let (host, text) = (at.shown, visible(&text));
    writeln!(out, "{:>12.6} {host:4} {:indent$}{text}", at.time as f64 / 1e6, "")
}

fn line(k: &Kernel, host: &str, event: &Event) -> String {
    match event {
        Event::Enter { function, args, .. } => format!("{}  [{}]", call(k, host, function, args), function.file),
        Event::Exit { .. } => String::new(),
        Event::Crash => format!("· Oops: {}", story_of(k).text(lang_of_environment())),
        _ => format!("· {}", caption(k, host, event).text(lang_of_environment())),
    }
}

/// Why a kernel died, the whole of it: a caption has room for one line only.
fn story_of(k: &Kernel) -> Words<String> {
    k.oops.as_ref().map_or_else(Words::default, story)
}
