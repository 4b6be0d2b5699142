//! `sockscope lesson`: its arguments, and opening a lesson on the screen. Everything else it does has a file of its own.

mod answers;
mod check;
mod list;
mod new;
mod notes;
mod paper;
mod report;
mod trace;
mod verify;
mod watch;

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use lessons::Player;

use crate::command::output::delivered;
use crate::command::screen::{self, ScreenArguments};
use crate::i18n::{Lang, Words};
use crate::lesson::progress::{self, Trouble, keeper};
use crate::lesson::{self, class_place, shelf};
use crate::refusal::{Refusal, say};
use crate::session::Session;

use self::check::check_all;
use self::list::list;
use self::new::make;
use self::paper::hand_out;
use self::trace::trace;
use self::watch::watch;

const EXAMPLES: &str = "Examples:
  sockscope lesson --list                     what there is
  sockscope lesson handshake --lang zh        by id, number or folder
  sockscope lesson handshake --again          its second pass: the same run, with holes
  sockscope lesson ~/my-lesson                a lesson of your own
  sockscope lesson new my-lesson              a small whole lesson to change into yours
  sockscope lesson trace my-lesson            its run, each step written as a place
  sockscope lesson check my-lesson            lint it and play it headless with three seeds
  sockscope lesson watch my-lesson            the same after every save
  sockscope lesson handshake --class          before a class: large, answers hidden, votes counted
  sockscope lesson notes handshake --follow   the teacher's notes beside it, in a second terminal
  sockscope lesson handshake --print --answers  a hand-out with the answers
  sockscope lesson handshake --report me.json write what was done as a hand-in
  sockscope lesson handshake --reset          begin it anew
  sockscope lesson verify class/ --csv        replay the hand-ins of a folder and mark them";

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
    /// Show it to a class: large, answers hidden until you reveal them, votes counted; nobody's progress. Z switches while it runs
    #[arg(long, requires = "name", conflicts_with_all = ["report", "print", "list", "reset"])]
    pub class: bool,
    /// Print the lesson as a hand-out, questions without answers
    #[arg(long, requires = "name")]
    pub print: bool,
    /// Print the answers too: the right options and orders, solutions, evidence and why
    #[arg(long, requires = "print")]
    pub answers: bool,
    /// Say what was done in this lesson, and write it as a hand-in that `lesson verify` replays and marks
    #[arg(long, value_name = "FILE", requires = "name")]
    pub report: Option<PathBuf>,
    /// Write the hand-in over a file that exists
    #[arg(long, requires = "report")]
    pub force: bool,
    /// The second pass of this lesson: its run once more, with holes to fill
    #[arg(long, requires = "name")]
    pub again: bool,
    /// Begin this lesson anew; what was done is kept aside
    #[arg(long, requires = "name", conflicts_with_all = ["report", "print", "list"])]
    pub reset: bool,
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
        match &mut self.action {
            Some(
                Action::Check { lang, .. }
                | Action::New { lang, .. }
                | Action::Notes { lang, .. }
                | Action::Trace { lang, .. }
                | Action::Watch { lang, .. }
                | Action::Verify(verify::Arguments { lang, .. }),
            ) => {
                *lang = lang.take().or_else(|| before.lang.clone());
            }
            None => {}
        }
        self.screen.inherit(before);
    }

    /// The language that was asked for.
    #[must_use]
    pub fn lang(&self) -> Option<Lang> {
        match &self.action {
            Some(
                Action::Check { lang, .. }
                | Action::New { lang, .. }
                | Action::Notes { lang, .. }
                | Action::Trace { lang, .. }
                | Action::Watch { lang, .. }
                | Action::Verify(verify::Arguments { lang, .. }),
            ) => lang.as_deref().and_then(Lang::from_tag),
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
    /// Make a folder with a small whole lesson in it, to be changed into yours
    New {
        /// Its id, and the name of its folder: small letters, digits and -
        #[arg(value_name = "NAME")]
        name: String,
        /// Where the folder is made
        #[arg(long, value_name = "DIR", default_value = ".")]
        dir: PathBuf,
        /// en or zh
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
    /// Print the teacher's notes: time, question, answer key and misconceptions of every beat
    Notes {
        /// A lesson by id, number or folder
        #[arg(value_name = "NAME")]
        name: String,
        /// Whose numbers the lesson has (default: the account's)
        #[arg(long, value_name = "NAME")]
        student: Option<String>,
        /// Stay, and show the beat at which the class on this machine stands; Ctrl-C ends it
        #[arg(long)]
        follow: bool,
        /// en or zh
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
    /// Show the run of a lesson: every step that `at` and `until` can name, written as they want it, and where the beats stand
    Trace {
        /// The lesson's folder, or a lesson by id or number
        #[arg(value_name = "DIR")]
        folder: String,
        /// The seed of the learner's numbers
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Every function that starts or returns, and start-up
        #[arg(long)]
        all: bool,
        /// en or zh
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
    /// Check lessons again whenever one of their files is saved; Ctrl-C ends it
    Watch {
        /// A lesson's folder, or a folder of them
        #[arg(value_name = "DIR")]
        folder: PathBuf,
        /// en or zh
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
    /// Replay hand-ins, mark them anew, and print a table of them
    Verify(verify::Arguments),
}

/// Runs the command.
///
/// # Errors
/// The lesson or hand-in cannot be read or written, or there is no terminal.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    Ok(match (&arguments.action, &arguments.name) {
        (Some(Action::Check { folders, lang }), _) => check_all(folders, lang.as_deref())?,
        (Some(Action::New { name, dir, lang }), _) => make(name, dir, lang.as_deref())?,
        (Some(Action::Notes { name, student, follow, lang }), _) => {
            let student = named(student.as_deref())?;
            notes::notes(name, &student, *follow, lang.as_deref())?
        }
        (Some(Action::Trace { folder, seed, all, lang }), _) => trace(folder, *seed, *all, lang.as_deref())?,
        (Some(Action::Watch { folder, lang }), _) => watch(folder, lang.as_deref())?,
        (Some(Action::Verify(arguments)), _) => verify::verify(arguments)?,
        (None, Some(name)) if !arguments.list => one(arguments, name)?,
        (None, _) => list(&student_of(arguments)?, arguments.screen.lang.as_deref())?,
    })
}

/// Who learns: as named, or else the account.
fn student_of(arguments: &Arguments) -> Result<String, Refusal> {
    named(arguments.student.as_deref())
}

fn named(student: Option<&str>) -> Result<String, Refusal> {
    let student = student.map_or_else(progress::student, str::to_owned);
    if student.trim().is_empty() {
        return Err(Refusal::usage(
            "a student needs a name: give one with --student NAME.",
            "学生需要一个名字：请用 --student 名称 指定。",
        ));
    }
    Ok(student)
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

/// Opens one lesson, or does with it what was asked for.
fn one(arguments: &Arguments, name: &str) -> anyhow::Result<ExitCode> {
    let student = student_of(arguments)?;
    let tag = arguments.screen.lang.as_deref();
    let files = shelf::find(name)?;
    let files = if arguments.again { shelf::second_pass(&files)? } else { files };
    if arguments.reset {
        return Ok(report::reset(&files, &student, tag)?);
    }
    let (player, remark) = lesson::open(files, &student)?;
    if arguments.report.is_none() && !arguments.print {
        return on_screen(arguments, player, &student, remark);
    }
    if let Some(remark) = remark {
        say(remark.text(lang_of(tag)?));
    }
    match &arguments.report {
        Some(file) => report::write_hand_in(&player, &student, file, arguments.force, lang_of(tag)?)?,
        None => hand_out(&player, arguments.answers, lang_of(tag)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Plays a lesson on the screen.
fn on_screen(
    arguments: &Arguments,
    player: Player,
    student: &str,
    remark: Option<Words<String>>,
) -> anyhow::Result<ExitCode> {
    if arguments.class && arguments.screen.plain {
        return Err(Refusal::usage(
            "class mode is a screen for a room to read: leave --plain out, or --class.",
            "课堂模式是供全班观看的画面：请去掉 --plain 或 --class。",
        )
        .into());
    }
    let trouble = Trouble::default();
    let keep = keeper(&trouble, student);
    let shown = remark.clone();
    let code = screen::show(&arguments.screen, || {
        let session = Session::of_lesson(player, keep).with_student(student).with_remark(shown);
        let mut session = session.with_class_teller(class_place::teller());
        if arguments.class {
            session
                .begin_class(true, Duration::ZERO)
                .map_err(|refused| Refusal::usage(refused.text(Lang::En), refused.text(Lang::Zh)))?;
        }
        Ok(Some(session.into()))
    });
    // A line of the screen has no room for a path.
    if let Some(remark) = remark {
        say(remark.text(lang_of(arguments.screen.lang.as_deref())?));
    }
    match trouble.take() {
        Some(refusal) => Err(refusal.into()),
        None => code,
    }
}
