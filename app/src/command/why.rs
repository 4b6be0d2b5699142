//! `sockscope why`: a question about a run, answered by a chain of its steps that ends at an input, as text or JSON.
//!
//! `--json` prints one object, schema 1: `question`, `answer` (both `{en, zh}`), `at` (the number of the step at which it is
//! asked), `end` (the kind of input at which the chain ends: `frame`, `call`, `signal`, `tick`, `act`, `chance`, `power-on`),
//! `looked_at` (what was looked at in vain), and `links`, the latest first: each with `step`, `turn`, `within`, `t`
//! (microseconds), `host` or null, `kind`, `text`, `input` or null, and `inner`, links that tell the same more closely.
//! Promise: nothing that stands in a frame or a file drives the terminal.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use stack::include::tcp::TcpState;
use stack::lab::journal::HostId;
use stack::lab::query::{Expression, Subject};
use stack::lab::run::{Moment, Run};
use stack::lab::why::{Answer, Link, Question, TimerKey, ask};
use stack::view::sock::{SockView, by_number};
use stack::wire::visible::visible;

use crate::capture::part::Part;
use crate::command::output::delivered;
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::open::open_part;
use crate::picture::Source;
use crate::refusal::{Refusal, harmless};
use crate::session::Session;

const EXAMPLES: &str = "Examples:
  sockscope why --frame 3                            why the third frame of the first scene left
  sockscope why --frame 3 --not lost.pkt             why it was not answered, or never arrived
  sockscope why --sock 'A.sock(2).cong_window'       who wrote that value last, and why
  sockscope why --sock 'B.sock(2)' --not             why a segment is on back_log; of a listener why accept() waits
  sockscope why --pid B:100 --not                    why process 100 of B still sleeps
  sockscope why --timer 'A.timer(\"retransmit_timer\", 2)' --not   why the timer has not fired
  sockscope why --arp 'A.arp(\"10.0.0.9\")' --at 400    why asking for the address brought nothing by step 400
  sockscope why --step 650 --json                    why that step happened, as JSON";

/// The arguments of `why`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[group(id = "about", required = true, multiple = false, args = ["frame", "sock", "step", "pid", "timer", "arp"])]
pub struct Arguments {
    /// A script (.pkt), frame scenario (.json), capture or recording; without one, the scene the program starts with
    #[arg(value_name = "SCENE|CAPTURE")]
    pub scene: Option<PathBuf>,
    /// A frame, by its number from 1: why it left
    #[arg(long, value_name = "N")]
    pub frame: Option<usize>,
    /// A sock, or a field of it: why it has its state or value
    #[arg(long, value_name = "HOST.sock(N)[.FIELD]")]
    pub sock: Option<String>,
    /// A step, by its number as the screen shows it: why it happened
    #[arg(long, value_name = "N")]
    pub step: Option<u64>,
    /// A process: why it woke
    #[arg(long, value_name = "HOST:PID")]
    pub pid: Option<String>,
    /// A timer: why it fired
    #[arg(long, value_name = "HOST.timer(\"FUNCTION\"[, SOCK])")]
    pub timer: Option<String>,
    /// An address that is asked for: why that brought nothing
    #[arg(long, value_name = "HOST.arp(\"ADDRESS\")")]
    pub arp: Option<String>,
    /// Why it did not: not answered, still asleep, not fired, on back_log
    #[arg(long, conflicts_with_all = ["step", "arp"])]
    pub not: bool,
    /// The step at which to ask; without it the end of the run
    #[arg(long, value_name = "STEP")]
    pub at: Option<u64>,
    /// The functions on the way too, and what else is folded into the links
    #[arg(long, conflicts_with = "json")]
    pub unfold: bool,
    /// One JSON object
    #[arg(long)]
    pub json: bool,
    /// The language: en or zh
    #[arg(long, value_name = "LANG", value_parser = crate::command::run::language)]
    pub lang: Option<Lang>,
    /// The seed of the scene
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// The part in a capture
    #[command(flatten)]
    pub part: Part,
}

/// Turns that are taken at most.
const LONGEST: usize = 1_000_000;

/// Runs the command.
///
/// # Errors
/// The scene cannot be read, or it has nothing of what is asked for; or standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut run = open_part(arguments.scene.as_deref(), arguments.seed, &arguments.part)?.said();
    run.play(LONGEST);
    let mut session = Session::new("", Source::Script, run);
    let end = session.run().end();
    let at = arguments.step.or(arguments.at).map_or(end, |step| session.moment_of(step));
    let question = question(arguments, session.run(), at)?;
    let answer = ask(session.run(), question, at);
    delivered(print(&mut session, &answer, at, arguments))?;
    Ok(ExitCode::SUCCESS)
}

fn question(arguments: &Arguments, run: &mut Run, at: Moment) -> Result<Question, Refusal> {
    let not = arguments.not;
    if let Some(number) = arguments.frame {
        return frame(run, number, not);
    }
    if let Some(process) = &arguments.pid {
        let (host, pid) = process.rsplit_once(':').unwrap_or(("", process));
        let pid = pid.parse::<i32>().map_err(|_| unreadable("--pid", process, "HOST:PID"))?;
        let host = host_named(run, host)?;
        return Ok(if not { Question::StillSleeps { host, pid } } else { Question::Woke { host, pid } });
    }
    let written = [("--sock", &arguments.sock), ("--timer", &arguments.timer), ("--arp", &arguments.arp)];
    let Some((option, text)) = written.into_iter().find_map(|(option, text)| Some((option, text.as_ref()?))) else {
        return Ok(Question::Step);
    };
    let expression = Expression::parse(text).map_err(|error| {
        let error = harmless(&error.to_string());
        Refusal::usage(format!("{option}: {error}."), format!("{option}：{error}。"))
    })?;
    let Expression::Path(path) = expression else { return Err(unreadable(option, text, "HOST.sock(N)[.FIELD]")) };
    let host = host_named(run, &path.host)?;
    match (option, path.subject) {
        ("--sock", Subject::Sock(sk, field)) => Ok(sock(run, (host, sk), field.map(|field| field.name), not, at)),
        ("--timer", Subject::Timer(function, owner, None)) => {
            let timer = TimerKey::of(&function, owner)
                .ok_or_else(|| unreadable(option, text, "retransmit_timer, net_timer, arp_expire_request ..."))?;
            Ok(if not { Question::NotFired { host, timer } } else { Question::Fired { host, timer } })
        }
        ("--arp", Subject::Arp(address, None)) => Ok(Question::ArpNothing { host, address }),
        ("--sock", _) => Err(unreadable(option, text, "HOST.sock(N)[.FIELD]")),
        ("--timer", _) => Err(unreadable(option, text, "HOST.timer(\"FUNCTION\"[, SOCK])")),
        _ => Err(unreadable(option, text, "HOST.arp(\"ADDRESS\")")),
    }
}

fn frame(run: &Run, number: usize, not: bool) -> Result<Question, Refusal> {
    let count = run.frames.len();
    if !(1..=count).contains(&number) {
        return Err(Refusal::usage(
            format!("--frame: the run has no frame {number}; its {count} frames are numbered from 1."),
            format!("--frame：运行没有第 {number} 帧；共有 {count} 帧，从 1 开始编号。"),
        ));
    }
    Ok(if not { Question::FrameNotAnswered(number) } else { Question::FrameLeft(number) })
}

/// The question about a sock: with `--not`, of a listener why accept() waits, of any other why its segments do.
fn sock(run: &mut Run, (host, sk): (HostId, u32), field: Option<&str>, not: bool, at: Moment) -> Question {
    if !not {
        return match field.and_then(SockView::reader) {
            Some(reader) if reader.name != "state" => Question::Field { host, sk, field: reader },
            _ => Question::State { host, sk },
        };
    }
    let world = run.seek(at).world;
    let kernel = world.hosts.get(host).map(|host| &host.kernel);
    let state = kernel.and_then(|k| k.sock.get(by_number(k, sk)?)).map(|sock| sock.state);
    let is_listener = state == Some(TcpState::Listen) && field != Some("back_log");
    if is_listener { Question::AcceptsNothing { host, sk } } else { Question::OnBackLog { host, sk } }
}

fn host_named(run: &Run, name: &str) -> Result<HostId, Refusal> {
    let hosts = &run.head().hosts;
    hosts.iter().position(|host| host.name == name).ok_or_else(|| {
        let names: Vec<String> = hosts.iter().map(|host| harmless(&host.name)).collect();
        let (name, names) = (harmless(name), names.join(", "));
        Refusal::usage(
            format!("no host is called \"{name}\"; the run has {names}."),
            format!("没有名为“{name}”的主机；运行中有 {names}。"),
        )
    })
}

fn unreadable(option: &str, text: &str, form: &str) -> Refusal {
    let text = harmless(text);
    Refusal::usage(
        format!("{option}: \"{text}\" is not of the form {form}; examples: sockscope why --help."),
        format!("{option}：“{text}”不是 {form} 的形式；示例见 sockscope why --help。"),
    )
}

fn print(session: &mut Session, answer: &Answer, at: Moment, arguments: &Arguments) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    if arguments.json {
        let object = object(session, answer, at);
        serde_json::to_writer(&mut out, &object)?;
        writeln!(out)?;
        return out.flush();
    }
    let lang = arguments.lang.unwrap_or_else(lang_of_environment);
    writeln!(out, "{}", visible(answer.question.text(lang)))?;
    writeln!(out, "{}", visible(answer.verdict.text(lang)))?;
    for link in &answer.links {
        line(&mut out, session, link, lang)?;
        if arguments.unfold {
            folded(&mut out, session, link, 1, lang)?;
        }
    }
    for looked in &answer.looked_at {
        writeln!(out, "  · {}", visible(looked.text(lang)))?;
    }
    out.flush()
}

/// One link: the number of its step, its time, its sentence.
fn line(out: &mut impl Write, session: &mut Session, link: &Link, lang: Lang) -> io::Result<()> {
    let step = session.number_of(link.moment);
    let time = session.run().time(link.moment) as f64 / 1e6;
    let mark = if link.input.is_some() { "■" } else { "·" };
    let input = match (link.input, lang) {
        (Some(input), Lang::En) => format!(" [{}]", input.words().en),
        (Some(input), Lang::Zh) => format!("［{}］", input.words().zh),
        (None, _) => String::new(),
    };
    writeln!(out, "{step:>8} {time:>11.6} {mark} {}{input}", visible(link.text.text(lang)))
}

/// What is folded into a link, below it and further in.
fn folded(out: &mut impl Write, session: &mut Session, link: &Link, depth: usize, lang: Lang) -> io::Result<()> {
    for inner in &link.inner {
        let (step, indent) = (session.number_of(inner.moment), depth * 2);
        writeln!(out, "{step:>8} {:11} {:indent$}· {}", "", "", visible(inner.text.text(lang)))?;
        folded(out, session, inner, depth + 1, lang)?;
    }
    Ok(())
}

fn both(words: &Words<String>) -> Value {
    json!({ "en": visible(&words.en), "zh": visible(&words.zh) })
}

fn object(session: &mut Session, answer: &Answer, at: Moment) -> Value {
    let links: Vec<Value> = answer.links.iter().map(|link| link_object(session, link)).collect();
    json!({
        "schema": 1,
        "question": both(&answer.question),
        "answer": both(&answer.verdict),
        "at": session.number_of(at),
        "end": answer.ends_at().map(stack::lab::why::Input::name),
        "looked_at": answer.looked_at.iter().map(both).collect::<Vec<_>>(),
        "links": links,
    })
}

fn link_object(session: &mut Session, link: &Link) -> Value {
    let inner: Vec<Value> = link.inner.iter().map(|inner| link_object(session, inner)).collect();
    let host =
        link.host.and_then(|host| session.run().head().hosts.get(host)).map(|host| visible(&host.name).to_string());
    json!({
        "step": session.number_of(link.moment),
        "turn": link.moment.turn,
        "within": link.moment.step,
        "t": session.run().time(link.moment),
        "host": host,
        "kind": link.kind.name(),
        "text": both(&link.text),
        "input": link.input.map(stack::lab::why::Input::name),
        "inner": inner,
    })
}
