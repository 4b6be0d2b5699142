//! `sockscope lesson verify`: reads hand-ins, has each replayed and marked, and prints a table of them.
//!
//! Promise: one row for each file that was named or lies in a folder that was named, whatever it holds; every mark in it is the
//! run's. Exit code 1 where any of them is not in order.

mod read;
mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use lessons::hand_in::{Fault, HandIn, Marks, copies, verify as replay};
use lessons::{Files, again, content};

use self::read::{Content, content_of, files_in};
use super::lang_of;
use crate::command::progress::Progress;
use crate::i18n::{Lang, Words};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};

/// The arguments of `lesson verify`.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Hand-ins, or folders of them (every .json in them and below)
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The lesson they must be of, by id, number or folder; needed for a lesson of your own
    #[arg(long, value_name = "NAME")]
    pub lesson: Option<String>,
    /// Print comma-separated values
    #[arg(long, conflicts_with = "json")]
    pub csv: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// en or zh
    #[arg(long, value_name = "LANG")]
    pub lang: Option<String>,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Sound,
    Empty,
    Foreign,
    Damaged,
    Edited,
    Copied,
}

impl State {
    /// As a machine reads it.
    fn id(self) -> &'static str {
        match self {
            Self::Sound => "ok",
            Self::Empty => "empty",
            Self::Foreign => "foreign",
            Self::Damaged => "damaged",
            Self::Edited => "edited",
            Self::Copied => "copied",
        }
    }

    fn text(self, lang: Lang) -> &'static str {
        let chinese = match self {
            Self::Sound => "正常",
            Self::Empty => "空",
            Self::Foreign => "非本作业",
            Self::Damaged => "损坏",
            Self::Edited => "被改动",
            Self::Copied => "雷同",
        };
        Words::new(self.id(), chinese).text(lang)
    }
}

/// A file, and what is known of it.
struct Row {
    file: String,
    hand_in: Option<HandIn>,
    state: State,
    /// Why it is not in order; empty where it is.
    why: Words<String>,
    marks: Option<Marks>,
}

/// Runs the command.
pub(super) fn verify(arguments: &Arguments) -> Result<ExitCode, Refusal> {
    let lang = lang_of(arguments.lang.as_deref())?;
    let mut lessons = Lessons::of(arguments.lesson.as_deref())?;
    let files = files_in(&arguments.paths)?;
    let mut progress = Progress::new(Words::new("replaying hand-ins", "正在重放作业"));
    let mut rows = Vec::new();
    for file in &files {
        progress.at(rows.len(), Some(files.len()));
        rows.push(row(file, &mut lessons));
    }
    drop(progress);
    compare(&mut rows);
    if arguments.json {
        table::json(&rows, lang)?;
    } else if arguments.csv {
        table::csv(&rows, lang)?;
    } else {
        table::text(&rows, lang)?;
    }
    Ok(ExitCode::from(u8::from(rows.iter().any(|row| row.state != State::Sound))))
}

/// The lessons that hand-ins may be of, by id. A file names its lesson by id only: no path in it is followed.
struct Lessons {
    only: bool,
    known: BTreeMap<String, Option<Files>>,
}

impl Lessons {
    fn of(name: Option<&str>) -> Result<Self, Refusal> {
        let Some(name) = name else { return Ok(Self { only: false, known: BTreeMap::new() }) };
        let files = shelf::find(name)?;
        let lesson = shelf::read(&files)?;
        let mut known = BTreeMap::new();
        if let Some(id) = again::id_of(&lesson) {
            known.insert(id, shelf::second_pass(&files).ok());
        }
        known.insert(lesson.id, Some(files));
        Ok(Self { only: true, known })
    }

    fn find(&mut self, id: &str) -> Option<Files> {
        if self.only {
            return self.known.get(id).cloned().flatten();
        }
        let shipped = || content::named(id).filter(|files| shelf::read(files).is_ok_and(|lesson| lesson.id == id));
        self.known.entry(id.to_owned()).or_insert_with(shipped).clone()
    }
}

fn row(file: &std::path::Path, lessons: &mut Lessons) -> Row {
    let shown = harmless(&file.display().to_string());
    let bad = |state, why| Row { file: shown.clone(), hand_in: None, state, why, marks: None };
    let hand_in = match content_of(file) {
        Content::HandIn(hand_in) => *hand_in,
        Content::Empty => {
            return bad(State::Empty, Words::new("there is nothing in it".into(), "文件是空的".into()));
        }
        Content::Foreign(why) => return bad(State::Foreign, why),
        Content::Damaged(why) => return bad(State::Damaged, why),
    };
    let (state, why, marks) = judged(&hand_in, lessons);
    Row { hand_in: Some(hand_in), marks, ..bad(state, why) }
}

fn judged(hand_in: &HandIn, lessons: &mut Lessons) -> (State, Words<String>, Option<Marks>) {
    let Some(files) = lessons.find(&hand_in.lesson) else {
        let id = harmless(&hand_in.lesson);
        let why = if lessons.only {
            Words::new(format!("it is of another lesson, \"{id}\""), format!("它属于另一门课“{id}”"))
        } else {
            Words::new(
                format!(
                    "it is of a lesson \"{id}\" that does not ship with the program; name its folder with --lesson"
                ),
                format!("它属于未随程序提供的课程“{id}”；请用 --lesson 指定其文件夹"),
            )
        };
        return (State::Foreign, why, None);
    };
    if hand_in.sittings.iter().all(|sitting| sitting.entries.is_empty()) {
        let why = Words::new("nothing was done in it".to_owned(), "其中没有任何操作".to_owned());
        return (State::Empty, why, None);
    }
    match replay(&files, hand_in) {
        Ok(marks) => (State::Sound, Words::new(String::new(), String::new()), Some(marks)),
        Err(fault) => {
            let state = if fault == Fault::Edition { State::Foreign } else { State::Edited };
            (state, sentence(&fault, hand_in), None)
        }
    }
}

/// What is wrong with a hand-in, in words.
fn sentence(fault: &Fault, hand_in: &HandIn) -> Words<String> {
    let student = harmless(&hand_in.student);
    let words = |en: &str, zh: &str| Words::new(en.to_owned(), zh.to_owned());
    match fault {
        Fault::Name => Words::new(
            format!("it is bound to another name than {student}: the answers are somebody else's"),
            format!("它绑定的不是 {student} 这个名字：答案是别人的"),
        ),
        Fault::Seed => {
            Words::new(format!("the seed in it is not that of {student}"), format!("其中的种子不是 {student} 的种子"))
        }
        Fault::Edition => words(
            "it was made with another version of this lesson; ask for a new one",
            "它由本课的另一个版本生成；请重新交一份",
        ),
        Fault::Answers(None) => words("the answers or their times were changed", "答案或其时间被改过"),
        Fault::Answers(Some(number)) => Words::new(
            format!("deed {number} of it is not possible in this lesson: the answers were changed"),
            format!("第 {number} 项操作在本课中不可能发生：答案被改过"),
        ),
        Fault::Marks => words("the marks are not those that the run gives", "成绩与运行给出的不符"),
        Fault::Words => words("the words of one's own were changed", "“自己的话”被改过"),
        Fault::Runs => words(
            "its runs do not come to the hash in it: it was changed, or made by another version of the program",
            "重放得到的运行哈希不同：文件被改过，或由另一版本的程序生成",
        ),
        Fault::Hash => words("its hashes do not fit each other: it was changed", "各哈希互不相符：文件被改过"),
        Fault::Lesson(problems) => {
            let of = |lang| problems.first().map(|problem| harmless(problem.text(lang))).unwrap_or_default();
            Words::new(format!("it cannot be replayed: {}", of(Lang::En)), format!("无法重放：{}", of(Lang::Zh)))
        }
    }
}

/// Looks for hand-ins with the same answers at the same seconds under several names. Beside one that is not in order anyway the
/// one it was taken from stays in order.
fn compare(rows: &mut [Row]) {
    let comparable = |row: &&Row| matches!(row.state, State::Sound | State::Edited);
    let hand_in = |row: &Row| Some(row).filter(comparable)?.hand_in.clone();
    let hand_ins: Vec<(usize, HandIn)> =
        rows.iter().enumerate().filter_map(|(index, row)| Some((index, hand_in(row)?))).collect();
    let found = copies(&hand_ins.iter().map(|(_, hand_in)| hand_in).collect::<Vec<_>>());
    let sound: Vec<bool> = rows.iter().map(|row| row.state == State::Sound).collect();
    let is_sound = |index: usize| sound.get(index).copied().unwrap_or(false);
    for ((own, _), others) in hand_ins.iter().zip(found) {
        let others = others.into_iter().filter_map(|place| hand_ins.get(place));
        let others = others.filter(|(other, _)| !is_sound(*own) || is_sound(*other));
        let mut names: Vec<String> = others.map(|(_, hand_in)| harmless(&hand_in.student)).collect();
        names.dedup();
        let Some(row) = rows.get_mut(*own).filter(|_| !names.is_empty()) else { continue };
        let (en, zh) = (
            format!("the same answers at the same seconds as {}", names.join(", ")),
            format!("与 {} 的答案及其秒数完全相同", names.join("、")),
        );
        row.why = match row.state {
            State::Sound => Words::new(en, zh),
            _ => Words::new(format!("{}; {en}", row.why.en), format!("{}；{zh}", row.why.zh)),
        };
        if row.state == State::Sound {
            row.state = State::Copied;
        }
    }
}
