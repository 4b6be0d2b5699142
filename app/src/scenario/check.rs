//! Runs one scene and holds it against everything that is known about it: the lines of the script, the frames, the trace and
//! the texts of /proc/net recorded beside it. What differs comes back as finished lines for a reader.

use std::path::Path;

use stack::kernel::KernelOops;
use stack::lab::caption::story;
use stack::lab::conformance::skipped::of_hosts;
use stack::lab::conformance::trace::{self, Record};
use stack::lab::conformance::{
    Difference, Run, Skipped, Subject, WireFrame, compare, frames, happened, rules, run_frames, run_script,
};
use stack::lab::script::error::visible;
use stack::lab::script::{Position, Script};
use stack::lab::verdict;
use stack::words::Words;

use super::{json, record, texts};
use crate::i18n::Lang;
use crate::refusal::harmless;
use crate::scenario::left_out::left_out;
use crate::scenario::read;

/// What became of a scene.
#[derive(Debug)]
pub enum Verdict {
    /// Everything is as the scene says. The run of a scene with several hosts is not kept.
    Passed(Option<Box<Run>>),
    /// Something differs; the lines say what.
    Failed(Vec<String>, Option<Box<Run>>),
    /// The scene or a recording beside it cannot be read or run, or is missing; the lines say why.
    Unreadable(Vec<String>, Option<Box<Run>>),
}

/// A scene that was run and judged.
#[derive(Debug)]
pub struct Checked {
    /// What became of it.
    pub verdict: Verdict,
    /// What a person should know all the same, each one sentence or with the lines that it is about: what was left out, and
    /// what `--non_fatal` makes a warning.
    pub remarks: Vec<String>,
    /// Every packet and call in their order, where that was asked for (`--verbose`).
    pub happened: Vec<String>,
    /// It passed because nothing is wrong with its text: more was not asked for (`--dry_run`).
    pub only_read: bool,
}

impl Checked {
    /// A scene that was read and not run.
    fn only_read() -> Self {
        Checked { only_read: true, ..Verdict::Passed(None).into() }
    }
}

impl From<Verdict> for Checked {
    fn from(verdict: Verdict) -> Self {
        Checked { verdict, remarks: Vec::new(), happened: Vec::new(), only_read: false }
    }
}

/// What was found out about a scene so far.
#[derive(Default)]
struct Findings {
    /// What differs.
    lines: Lines,
    /// What there is nothing to compare with.
    missing: Lines,
}

impl Findings {
    fn verdict(mut self, run: Option<Run>) -> Verdict {
        let run = run.map(Box::new);
        // Lines quote files, which may hold anything.
        for line in &mut self.lines {
            *line = visible(line);
        }
        if !self.missing.is_empty() {
            self.missing.append(&mut self.lines);
            return Verdict::Unreadable(self.missing, run);
        }
        if self.lines.is_empty() { Verdict::Passed(run) } else { Verdict::Failed(self.lines, run) }
    }
}

/// At most this many packets beside a script are shown.
const MOST_BESIDE: usize = 8;

/// How scenes are run and judged.
#[derive(Clone, Debug, Default)]
pub struct How {
    /// Also compare every event with the trace beside a scene, and /proc/net at its end with the texts beside it.
    pub with_trace: bool,
    /// A packet that no line of a script asks for is a failure.
    pub strict: bool,
    /// Words that stand for something else in a script, `NAME=VALUE`.
    pub definitions: Vec<String>,
    /// Options that override those of a script: name and value.
    pub options: Vec<(String, Option<String>)>,
    /// The language of the reports.
    pub lang: Lang,
}

/// Runs a scene. `with_trace` also compares every event with the trace beside it, and /proc/net at its end with the texts
/// beside it.
#[must_use]
pub fn check(path: &Path, with_trace: bool, lang: Lang) -> Verdict {
    check_with(path, &How { with_trace, lang, ..How::default() }).verdict
}

/// Runs a scene.
#[must_use]
pub fn check_with(path: &Path, how: &How) -> Checked {
    let shown = harmless(&path.display().to_string());
    let reader = Reader { path, shown, how };
    let text = match read::read(path, &reader.shown) {
        Ok(text) => text,
        Err(refusal) => return Verdict::Unreadable(reader.refused(&refusal), None).into(),
    };
    let checked = if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
        reader.scenario(&text)
    } else {
        reader.script(&text)
    };
    checked.unwrap_or_else(|lines| Verdict::Unreadable(lines, None).into())
}

struct Reader<'a> {
    path: &'a Path,
    shown: String,
    how: &'a How,
}

type Lines = Vec<String>;

impl Reader<'_> {
    fn at(&self, position: Position, message: &Words<String>) -> String {
        let said = message.text(self.how.lang);
        if position.line == 0 {
            return format!("{}: {said}", self.shown);
        }
        format!("{}:{}: {said}", self.shown, position.line)
    }

    fn refused(&self, refusal: &crate::refusal::Refusal) -> Lines {
        vec![refusal.text(self.how.lang).to_owned()]
    }

    fn script(&self, text: &str) -> Result<Checked, Lines> {
        let script = read::script_with(text, &self.shown, &self.how.definitions, &self.how.options);
        let script = script.map_err(|refusal| self.refused(&refusal))?;
        let reading = record::reading(self.path, &script);
        if is_set(&script, &["dry_run"]) {
            rules::check(&script, reading).map_err(|failure| vec![self.at(failure.position, &failure.message)])?;
            return Ok(Checked::only_read());
        }
        let claims =
            verdict::judge(&script, reading).map_err(|failure| vec![self.at(failure.position, &failure.message)])?;
        let mut found = Findings::default();
        for claim in &claims {
            self.claim(claim, &mut found.lines);
        }
        if verdict::has_hosts(&script) {
            let remarks = self.left_out(&of_hosts(&script));
            let recorded = record::beside(self.path, "trace.jsonl").exists() || !texts::recorded(self.path).is_empty();
            if self.how.with_trace && recorded {
                found.missing.push(match self.how.lang {
                    Lang::En => format!("{}: a scene with several hosts has no one trace to compare with", self.shown),
                    Lang::Zh => format!("{}: 多主机的场景没有可供比较的单一轨迹", self.shown),
                });
            }
            return Ok(Checked { remarks, ..found.verdict(None).into() });
        }
        let run = run_script(&script, reading).map_err(|failure| vec![self.at(failure.position, &failure.message)])?;
        let expected = record::frames(self.path, "wire.pcapng").map_err(|refusal| self.refused(&refusal))?;
        for difference in compare(&script, &run) {
            self.script_difference(&difference, &mut found.lines);
        }
        if self.how.strict && !run.beside.is_empty() {
            found.lines.extend(self.beside(&run.beside));
        }
        self.frame_differences("wire.pcapng", expected.as_deref(), &run, &mut found.lines);
        if self.how.with_trace {
            self.trace_differences(&run, |_| true, &mut found)?;
            self.text_differences(&run, &mut found.lines)?;
        }
        let mut remarks = self.left_out(&run.skipped);
        remarks.extend(run.warnings.iter().map(|warning| self.warning(warning)));
        let happened = if is_set(&script, &["verbose", "v"]) { happened(&run) } else { Vec::new() };
        let happened = happened.iter().map(|line| visible(line)).collect();
        Ok(Checked { remarks, happened, ..found.verdict(Some(run)).into() })
    }

    /// What of the script was not run.
    fn left_out(&self, lines: &[(Position, Skipped)]) -> Vec<String> {
        left_out(&self.shown, lines).map(|words| words.text(self.how.lang).to_owned()).into_iter().collect()
    }

    /// A difference that is no failure, in as many lines as one that is.
    fn warning(&self, difference: &Difference) -> String {
        let mut lines = Vec::new();
        self.script_difference(difference, &mut lines);
        lines.iter().map(|line| visible(line)).collect::<Vec<_>>().join("\n")
    }

    fn scenario(&self, text: &str) -> Result<Checked, Lines> {
        let scenario = json::parse(text).map_err(|error| vec![self.at(error.position, &error.message)])?;
        if self.how.options.iter().any(|(name, _)| name == "dry_run") {
            return Ok(Checked::only_read());
        }
        let run = run_frames(&scenario).map_err(|failure| vec![self.at(failure.position, &failure.message)])?;
        let mut found = Findings::default();
        let expected = record::frames(self.path, "pcapng").map_err(|refusal| self.refused(&refusal))?;
        if expected.is_none() {
            found.missing.push(self.absent("pcapng"));
        }
        self.frame_differences("pcapng", expected.as_deref(), &run, &mut found.lines);
        // The results of the calls stand in the trace only, so that part of it always counts.
        let all = self.how.with_trace;
        self.trace_differences(&run, |record| all || record.kind == "syscall_exit", &mut found)?;
        if all {
            self.text_differences(&run, &mut found.lines)?;
        }
        if !found.lines.is_empty()
            && let Some(oops) = &run.oops
        {
            // Whatever is missing is missing because of it.
            found.lines.insert(0, self.death(oops, run.kernel.jiffies.0.saturating_sub(run.config.first_jiffy)));
        }
        Ok(found.verdict(Some(run)).into())
    }

    /// That the kernel of a frame scenario died, and when.
    fn death(&self, oops: &KernelOops, jiffy: u32) -> String {
        let story = story(oops);
        let story = story.text(self.how.lang);
        let seconds = format!("{}.{:02}", jiffy / 100, jiffy % 100);
        match self.how.lang {
            Lang::En => format!("{}: the kernel died at {seconds} sec: {story}", self.shown),
            Lang::Zh => format!("{}：内核在 {seconds} 秒崩溃：{story}", self.shown),
        }
    }

    /// There is nothing to compare a run with.
    fn absent(&self, ending: &str) -> String {
        let file = harmless(&record::beside(self.path, ending).display().to_string());
        match self.how.lang {
            Lang::En => format!("{file} is missing, so there is nothing to compare with (--write DIR makes one)"),
            Lang::Zh => format!("缺少 {file}，因此无从比较（用 --write DIR 可生成）"),
        }
    }

    /// An assertion that does not hold, or a result of a host.
    fn claim(&self, difference: &Difference, lines: &mut Lines) {
        lines.push(self.at(difference.position, &difference.message));
        lines.extend(difference.script_line.as_ref().map(|line| format!("script line:    {line}")));
        lines.extend(difference.actual_line.as_ref().map(|line| format!("actual line:    {line}")));
    }

    fn script_difference(&self, difference: &Difference, lines: &mut Lines) {
        let nothing = match self.how.lang {
            Lang::En => "(nothing)",
            Lang::Zh => "(无)",
        };
        lines.push(self.at(difference.position, &difference.message));
        let (script, actual) = match difference.subject {
            Subject::Line => ("script packet:  ", "actual packet:  "),
            // packetdrill's own form: one blank, and the time in nine places.
            Subject::Packet => ("script packet: ", "actual packet: "),
            Subject::Call => ("script call:    ", "actual call:    "),
            Subject::Sentence => return,
        };
        lines.push(format!("{script}{}", difference.script_line.as_deref().unwrap_or(nothing)));
        lines.push(format!("{actual}{}", difference.actual_line.as_deref().unwrap_or(nothing)));
    }

    /// Packets of the stack that no line of the script asks for.
    fn beside(&self, packets: &[String]) -> Lines {
        let said = match self.how.lang {
            Lang::En => format!("{}: packets beside the script:", self.shown),
            Lang::Zh => format!("{}: 脚本之外的报文：", self.shown),
        };
        let mut lines = vec![said];
        lines.extend(packets.iter().take(MOST_BESIDE).map(|packet| format!("actual packet:  {packet}")));
        lines
    }

    fn frame_differences(&self, ending: &str, expected: Option<&[WireFrame]>, run: &Run, lines: &mut Lines) {
        let Some(difference) = expected.and_then(|expected| frames::compare(expected, &run.frames)) else { return };
        let file = harmless(&record::beside(self.path, ending).display().to_string());
        lines.push(format!("{file}: frame {}: {}", difference.number, difference.message.text(self.how.lang)));
        for (name, frame) in [("expected", &difference.expected), ("actual", &difference.actual)] {
            if let Some(frame) = frame {
                let way = if frame.outbound { "out" } else { "in" };
                lines.push(format!("{name:9} {way} {} {}", frame.jiffy, trace::hexadecimal(&frame.bytes)));
            }
        }
    }

    /// What /proc/net shows at the end, against the texts beside the scene.
    fn text_differences(&self, run: &Run, lines: &mut Lines) -> Result<(), Lines> {
        let found =
            texts::differences(self.path, &run.kernel, self.how.lang).map_err(|refusal| self.refused(&refusal))?;
        lines.extend(found);
        Ok(())
    }

    fn trace_differences(
        &self,
        run: &Run,
        wanted: impl Fn(&Record) -> bool,
        found: &mut Findings,
    ) -> Result<(), Lines> {
        let Some(mut expected) = record::trace(self.path).map_err(|refusal| self.refused(&refusal))? else {
            if self.how.with_trace {
                found.missing.push(self.absent("trace.jsonl"));
            }
            return Ok(());
        };
        let lines = &mut found.lines;
        expected.retain(|(_, record)| wanted(record));
        let actual: Vec<Record> = run.records.iter().filter(|record| wanted(record)).cloned().collect();
        let Some(difference) = trace::compare(&expected, &actual) else { return Ok(()) };
        let file = harmless(&record::beside(self.path, "trace.jsonl").display().to_string());
        let line = difference.expected.get(2).or(difference.expected.last()).map_or(1, |(_, line)| *line);
        lines.push(match self.how.lang {
            Lang::En => format!("{file}:{line}: the traces differ after {} equal events", difference.agreed),
            Lang::Zh => format!("{file}:{line}: 前 {} 个事件相同，之后轨迹不同", difference.agreed),
        });
        lines.extend(difference.expected.iter().map(|(text, line)| format!("expected {line:5} {}", shortened(text))));
        lines.extend(difference.actual.iter().map(|text| format!("actual         {}", shortened(text))));
        if let Some((key, expected, actual)) = &difference.value {
            lines.push(match self.how.lang {
                Lang::En => format!("{key}: expected {expected}, got {actual}"),
                Lang::Zh => format!("{key}：期望 {expected}，实际 {actual}"),
            });
        }
        Ok(())
    }
}

/// Whether a script, or the command line in its name, sets an option that has one of these names.
fn is_set(script: &Script, names: &[&str]) -> bool {
    let last = script.options.iter().rfind(|option| names.contains(&option.name.as_str()));
    last.is_some_and(|option| option.value.as_deref() != Some("0"))
}

/// A line of a trace that still fits a terminal.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 400;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let head: String = text.chars().take(LONGEST).collect();
    format!("{head}...")
}
