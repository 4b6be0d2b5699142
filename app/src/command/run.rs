//! `sockscope run`: scenes headless, each with a verdict.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use crate::command::output::delivered;
use crate::command::progress::Progress;
use crate::command::script_options::ScriptOptions;
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::refusal::{EXIT_USAGE, Refusal, harmless, say};
use crate::scenario::check::{Checked, How, Verdict, check_with};
use crate::scenario::find::{Scene, scenes};
use crate::scenario::write::write;

const EXAMPLES: &str = "Examples:
  sockscope run scene.pkt                      one script: `ok scene`, or what differs and where
  sockscope run --trace scenes/                every scene of a folder, events inside the stack included
  sockscope run --write out scene.pkt          also write what really happened: script, pcapng, trace
  sockscope run -D MSS=512 --mtu 576 scene.pkt words and options of a script, from outside
  sockscope run -v --non_fatal=packet scene.pkt every packet and call, and packets that differ as warnings
  sockscope run --strict scene.pkt             a packet that no line asks for is a failure too
  sockscope run --dry_run scenes/              only read every scene: what is wrong with its text?

Lines for packets: one without ports is about the newest socket() of its protocol, as in packetdrill; what other sockets
send is passed over. One with ports (`> 8080 > 5000 R 1:1(0)`) is about these, and `ipv4 A > B :` about these addresses,
where packetdrill does not compare ports and reads an outer header.";

/// The arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// packetdrill scripts (.pkt), frame scenarios (.json), or folders of them
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Also compare the events inside the stack with NAME.trace.jsonl, which has to be there, and /proc/net at the end with
    /// the texts that are there (NAME.igmp.txt, NAME.ip_block.txt, ...)
    #[arg(long)]
    pub trace: bool,
    /// Write what really happened (script, pcapng, trace) below this folder
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
    /// Fail where the stack sends a packet that no line of the script asks for (packetdrill lets it go, and so does run)
    #[arg(long)]
    pub strict: bool,
    /// What overrides the options of the scripts
    #[command(flatten)]
    pub script: ScriptOptions,
    /// The language of the reports (en, zh)
    #[arg(long, value_name = "LANG", value_parser = language)]
    pub lang: Option<Lang>,
}

pub(super) fn language(tag: &str) -> Result<Lang, String> {
    Lang::from_tag(tag).ok_or_else(|| "en or zh".to_owned())
}

/// How many scenes did what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Identical.
    pub passed: usize,
    /// Different, or unreadable.
    pub failed: usize,
    /// Of the failed ones those that could not be read or run at all.
    pub unreadable: usize,
}

impl Summary {
    /// 0 if all passed, 2 if a scene could not be read, else 1.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Summary { failed: 0, .. } => 0,
            Summary { unreadable: 0, .. } => 1,
            _ => EXIT_USAGE,
        }
    }
}

/// Runs the command.
///
/// # Errors
/// A path that cannot be read, no scene at all, or a folder that cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let lang = arguments.lang.unwrap_or_else(lang_of_environment);
    let how = How {
        with_trace: arguments.trace,
        strict: arguments.strict,
        definitions: arguments.script.define.clone(),
        options: arguments.script.given(),
        lang,
    };
    let summary = run_scenes(&arguments.paths, &how, arguments.write.as_deref())?;
    Ok(ExitCode::from(summary.exit_code()))
}

/// Runs every scene, prints a line for each in order, and what differs below it.
///
/// # Errors
/// A path that cannot be read, no scene at all, or a folder that cannot be written.
pub fn run_scenes(paths: &[PathBuf], how: &How, folder: Option<&Path>) -> Result<Summary, Refusal> {
    let scenes = scenes(paths)?;
    let next = AtomicUsize::new(0);
    let printer = Mutex::new(Printer {
        waiting: vec![None; scenes.len()],
        printed: 0,
        summary: Summary::default(),
        written: Ok(()),
        progress: Progress::new(Words::new("running scenes", "正在运行场景")),
    });
    let failure = Mutex::new(None);
    let work = || {
        while let Some((index, scene)) = claim(&next, &scenes) {
            let report = report(scene, how, folder);
            match (report, printer.lock()) {
                (Ok(report), Ok(mut printer)) => printer.take(index, report),
                (Err(refusal), _) => {
                    if let Ok(mut failure) = failure.lock() {
                        *failure = Some(refusal);
                    }
                    return;
                }
                (Ok(_), Err(_)) => return,
            }
        }
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, |count| count.get().min(2)).min(scenes.len());
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    if let Ok(Some(refusal)) = failure.into_inner() {
        return Err(refusal);
    }
    // With the printer goes the progress, before the last line.
    let (summary, written) = printer
        .into_inner()
        .map_or_else(|_| (Summary::default(), Ok(())), |printer| (printer.summary, printer.written));
    // The last line is for programs to read and the same in every language.
    let last = || writeln!(io::stdout(), "{} passed, {} failed", summary.passed, summary.failed);
    delivered(written.and_then(|()| last()))?;
    Ok(summary)
}

fn claim<'a>(next: &AtomicUsize, scenes: &'a [Scene]) -> Option<(usize, &'a Scene)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    scenes.get(index).map(|scene| (index, scene))
}

/// What is printed about a scene.
#[derive(Clone, Debug)]
struct Report {
    passed: bool,
    unreadable: bool,
    lines: Vec<String>,
    /// For standard error.
    remarks: Vec<String>,
}

/// Prints reports in the order of the scenes, whoever finishes first.
struct Printer {
    waiting: Vec<Option<Report>>,
    printed: usize,
    summary: Summary,
    /// The first line that could not be written ends the writing.
    written: io::Result<()>,
    /// How many of the scenes have been printed.
    progress: Progress,
}

impl Printer {
    fn take(&mut self, index: usize, report: Report) {
        if let Some(place) = self.waiting.get_mut(index) {
            *place = Some(report);
        }
        while let Some(report) = self.waiting.get_mut(self.printed).and_then(Option::take) {
            let written = &mut self.written;
            self.progress.beside(|| {
                report.remarks.iter().for_each(|remark| say(remark));
                for line in &report.lines {
                    if written.is_ok() {
                        *written = writeln!(io::stdout(), "{line}");
                    }
                }
            });
            self.summary.passed += usize::from(report.passed);
            self.summary.failed += usize::from(!report.passed);
            self.summary.unreadable += usize::from(report.unreadable);
            self.printed += 1;
            self.progress.at(self.printed, Some(self.waiting.len()));
        }
    }
}

fn report(scene: &Scene, how: &How, folder: Option<&Path>) -> Result<Report, Refusal> {
    let name = harmless(&scene.name);
    let Checked { verdict, remarks, happened, only_read } = check_with(&scene.path, how);
    if let (
        Some(folder),
        Verdict::Passed(Some(run)) | Verdict::Failed(_, Some(run)) | Verdict::Unreadable(_, Some(run)),
    ) = (folder, &verdict)
    {
        write(folder, &scene.name, run).map_err(|error| {
            let shown = harmless(&folder.display().to_string());
            Refusal::usage(format!("{shown}: cannot be written: {error}"), format!("{shown}：无法写入：{error}"))
        })?;
    }
    let run = match &verdict {
        Verdict::Passed(run) | Verdict::Failed(_, run) | Verdict::Unreadable(_, run) => run.as_deref(),
    };
    let remark = match run {
        _ if only_read => ONLY_READ.text(how.lang).to_owned(),
        Some(run) => beside(&run.beside, how.lang),
        None => String::new(),
    };
    let (passed, unreadable, details) = match verdict {
        Verdict::Passed(_) => (true, false, Vec::new()),
        Verdict::Failed(lines, _) => (false, false, lines),
        Verdict::Unreadable(lines, _) => (false, true, lines),
    };
    let mut lines = happened;
    lines.push(if passed { format!("ok {name}{remark}") } else { format!("FAIL {name}") });
    lines.extend(details);
    Ok(Report { passed, unreadable, lines, remarks })
}

/// Behind the verdict on a scene that was not run.
const ONLY_READ: Words = Words::new(" (only read, not run)", "（只读取，未运行）");

/// What came that no line of a script asked for, behind its verdict.
fn beside(packets: &[String], lang: Lang) -> String {
    const SHOWN: usize = 2;
    if packets.is_empty() {
        return String::new();
    }
    let first = packets.iter().take(SHOWN).map(|packet| harmless(packet)).collect::<Vec<_>>().join("; ");
    let more = if packets.len() > SHOWN { "; ..." } else { "" };
    let count = packets.len();
    match lang {
        Lang::En => {
            let packets = if count == 1 { "packet" } else { "packets" };
            format!(" ({count} {packets} beside the script: {first}{more})")
        }
        Lang::Zh => format!("（脚本之外另有 {count} 个报文：{first}{more}）"),
    }
}
