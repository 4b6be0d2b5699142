//! `sockscope lesson`: opens a lesson, lists them, lints them, writes a hand-in and verifies one.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};
use lessons::check::{Report, check};
use lessons::{Files, HandIn, LessonText, Player, Task, content, replay};

use crate::command::output::delivered;
use crate::command::progress::Progress;
use crate::command::screen::{self, ScreenArguments};
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::lesson::progress::{self, Trouble, keeper};
use crate::lesson::{self, shelf};
use crate::refusal::{Refusal, harmless};
use crate::session::Session;

const EXAMPLES: &str = "Examples:
  sockscope lesson --list                     what there is
  sockscope lesson handshake --lang zh        by id, number or folder
  sockscope lesson ~/my-lesson                a lesson of your own
  sockscope lesson check ~/my-lesson          lint it and play it headless with three seeds
  sockscope lesson handshake --report me.json write what was done as a hand-in
  sockscope lesson verify me.json             replay a hand-in and compare";

/// The arguments of `lesson`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// What to do other than opening one
    #[command(subcommand)]
    pub action: Option<Action>,
    /// A lesson by id, number or folder; without one they are listed
    #[arg(value_name = "NAME")]
    pub name: Option<String>,
    /// List the lessons
    #[arg(long)]
    pub list: bool,
    /// Print the lesson as a hand-out, questions without answers
    #[arg(long, requires = "name")]
    pub print: bool,
    /// Write what was done in this lesson as a hand-in that replays to the same hash
    #[arg(long, value_name = "FILE", requires = "name")]
    pub report: Option<PathBuf>,
    /// Who learns; the numbers of the lesson follow from the name (default: the account's)
    #[arg(long, value_name = "NAME")]
    pub student: Option<String>,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
}

impl Arguments {
    /// Takes over what was said of the screen before the command.
    pub fn inherit(&mut self, before: &ScreenArguments) {
        if let Some(Action::Check { lang, .. }) = &mut self.action {
            *lang = lang.take().or_else(|| before.lang.clone());
        }
        self.screen.inherit(before);
    }

    /// The language that was asked for.
    #[must_use]
    pub fn lang(&self) -> Option<Lang> {
        match &self.action {
            Some(Action::Check { lang, .. }) => lang.as_deref().and_then(Lang::from_tag),
            Some(Action::Verify { .. }) => None,
            None => self.screen.lang(),
        }
    }
}

/// What else `lesson` does.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Lint lessons and play them headless with three seeds
    Check {
        /// A lesson's folder, or a folder of them; without one the lessons that ship with the program
        #[arg(value_name = "DIR")]
        folders: Vec<PathBuf>,
        /// en or zh
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
    /// Replay a hand-in headless and compare its hash
    Verify {
        /// The hand-in
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// Runs the command.
///
/// # Errors
/// The lesson or hand-in cannot be read or written, or there is no terminal.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    Ok(match (&arguments.action, &arguments.name) {
        (Some(Action::Check { folders, lang }), _) => check_all(folders, lang.as_deref())?,
        (Some(Action::Verify { file }), _) => verify(file)?,
        (None, Some(name)) if !arguments.list => one(arguments, name)?,
        (None, _) => list(arguments.screen.lang.as_deref())?,
    })
}

/// The language of what is printed; unlike a screen, a pipe shows every character.
fn lang_of(tag: Option<&str>) -> Result<Lang, Refusal> {
    let arguments = ScreenArguments { lang: tag.map(str::to_owned), ..ScreenArguments::default() };
    let on_screen = screen::options(&arguments)?.lang;
    Ok(tag.and_then(Lang::from_tag).unwrap_or(on_screen))
}

/// A line on standard output.
fn print(line: &str) -> Result<(), Refusal> {
    delivered(writeln!(io::stdout().lock(), "{line}"))
}

fn list(tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let minutes = if lang == Lang::En { "min" } else { "分钟" };
    for files in content::all() {
        let lesson = shelf::read(&files)?;
        let text = lesson.text(lang);
        print(&format!(
            "{:14} {:>2} {minutes}  {} · {}",
            lesson.folder,
            lesson.minutes,
            text.title,
            text.plain("claim")
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn check_all(folders: &[PathBuf], tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let mut all: Vec<Files> = Vec::new();
    for folder in folders {
        all.extend(shelf::all_in(folder)?);
    }
    if folders.is_empty() {
        all = content::all();
    }
    let mut progress = Progress::new(Words::new("checking lessons", "正在检查课程"));
    let mut reports: Vec<Report> = Vec::new();
    for files in &all {
        progress.at(reports.len(), Some(all.len()));
        reports.push(check(files));
    }
    drop(progress);
    for report in &reports {
        tell(report, lang)?;
    }
    let passed = reports.iter().filter(|report| report.passed()).count();
    let failed = reports.len() - passed;
    print(&match lang {
        Lang::En => format!("{passed} passed, {failed} failed"),
        Lang::Zh => format!("{passed} 个通过，{failed} 个失败"),
    })?;
    Ok(ExitCode::from(u8::from(failed > 0)))
}

fn tell(report: &Report, lang: Lang) -> Result<(), Refusal> {
    let folder = harmless(&report.folder);
    if report.passed() {
        let Report { beats, questions, seeds, .. } = report;
        return print(&match lang {
            Lang::En => {
                format!("ok {folder}: {beats} beats, {questions} questions, played with {seeds} seeds")
            }
            Lang::Zh => format!("ok {folder}：{beats} 个节拍，{questions} 个提问，用 {seeds} 个种子运行过"),
        });
    }
    print(&format!("FAIL {folder}"))?;
    for problem in &report.problems {
        print(&harmless(&format!("{}/{}: {}", report.folder, problem.place(), problem.text(lang))))?;
    }
    Ok(())
}

/// Opens one lesson, or writes its hand-in.
fn one(arguments: &Arguments, name: &str) -> anyhow::Result<ExitCode> {
    let student = arguments.student.clone().unwrap_or_else(progress::student);
    let player = shelf::find(name).and_then(|files| lesson::open(files, &student))?;
    match &arguments.report {
        Some(file) => write_hand_in(&player, &student, file)?,
        None if arguments.print => hand_out(&player, arguments.screen.lang.as_deref())?,
        None => return on_screen(arguments, player),
    }
    Ok(ExitCode::SUCCESS)
}

/// Plays a lesson on the screen.
fn on_screen(arguments: &Arguments, player: Player) -> anyhow::Result<ExitCode> {
    let trouble = Trouble::default();
    let code = screen::show(&arguments.screen, || Ok(Some(Session::of_lesson(player, keeper(&trouble)).into())));
    match trouble.take() {
        Some(refusal) => Err(refusal.into()),
        None => code,
    }
}

/// The lesson on paper: what is told and asked, in order; the answers stay in the program.
fn hand_out(player: &Player, tag: Option<&str>) -> Result<(), Refusal> {
    let lesson = player.lesson();
    let text = lesson.text(lang_of(tag)?);
    let indent = |text: &str| text.lines().map(|line| format!("   {line}")).collect::<Vec<_>>().join("\n");
    print(&format!("{}\n\n{}\n", text.title, text.plain("claim")))?;
    for (index, beat) in lesson.beats.iter().enumerate() {
        let say = |section: &str| text.lines(&LessonText::key(&beat.id, section)).join("\n").replace('`', "");
        print(&format!("{}. {}", index + 1, indent(&say("narration")).trim_start()))?;
        if beat.task != Task::Show {
            print(&format!("\n{}\n", indent(&say("question"))))?;
        }
        match &beat.task {
            Task::Predict { options, .. } => {
                for option in options {
                    print(&format!("   [ ] {}  {}", option.id, say(&format!("option {}", option.id))))?;
                }
            }
            Task::Order { steps } => {
                // By their words, which is no order of the run.
                let mut steps: Vec<String> = steps.iter().map(|step| say(&format!("step {}", step.id))).collect();
                steps.sort();
                for step in &steps {
                    print(&format!("   __  {step}"))?;
                }
            }
            Task::Show | Task::Investigate { .. } | Task::Modify { .. } | Task::Make { .. } => {}
        }
        print("")?;
    }
    for section in ["say-it-back", "drawing"] {
        print(&format!("{}\n", text.lines(section).join("\n").replace('`', "")))?;
    }
    Ok(())
}

fn write_hand_in(player: &Player, student: &str, file: &Path) -> Result<(), Refusal> {
    let shown = harmless(&file.display().to_string());
    let hand_in = player.hand_in(student).map_err(|problems| shelf::refusal(&player.lesson().folder, &problems))?;
    let failed = |error: io::Error| {
        Refusal::usage(format!("{shown} cannot be written: {error}."), format!("无法写入 {shown}：{error}。"))
    };
    let text = serde_json::to_string_pretty(&hand_in).map_err(|error| failed(error.into()))?;
    fs::write(file, text + "\n").map_err(failed)
}

fn verify(file: &Path) -> Result<ExitCode, Refusal> {
    let shown = harmless(&file.display().to_string());
    let text = fs::read_to_string(file).map_err(|error| {
        Refusal::usage(format!("{shown} cannot be read: {error}."), format!("无法读取 {shown}：{error}。"))
    })?;
    let hand_in: HandIn = serde_json::from_str(&text).map_err(|error| {
        let (line, english) = (error.line(), harmless(&error.to_string()));
        Refusal::usage(
            format!(
                "{shown}:{line}: this is no hand-in: {english}; write one with sockscope lesson NAME --report FILE."
            ),
            format!("{shown}:{line}: 这不是作业文件：{english}；请用 sockscope lesson 名称 --report 文件 生成。"),
        )
    })?;
    let files = shelf::find(&hand_in.progress.lesson)?;
    let hash = replay(&files, &hand_in.progress).map_err(|problems| shelf::refusal(&files.folder, &problems))?;
    let beats = hand_in.progress.beats.values();
    let answers: Vec<bool> = beats.filter_map(|beat| beat.answers.first().map(|answer| answer.right)).collect();
    let right = answers.iter().filter(|right| **right).count();
    let (student, lesson) = (harmless(&hand_in.student), harmless(&hand_in.progress.lesson));
    let same = hash == hand_in.hash;
    let total = answers.len();
    print(&match (lang_of_environment(), same) {
        (Lang::En, true) => format!("ok {student}: {lesson}, {right} of {total} right at first, hash {hash}"),
        (Lang::En, false) => {
            format!("FAIL {student}: {lesson}, the replay gives hash {hash}, the hand-in another")
        }
        (Lang::Zh, true) => format!("ok {student}：{lesson}，{total} 题中首次答对 {right} 题，哈希 {hash}"),
        (Lang::Zh, false) => format!("FAIL {student}：{lesson}，重放得到的哈希是 {hash}，与作业不符"),
    })?;
    Ok(ExitCode::from(u8::from(!same)))
}
