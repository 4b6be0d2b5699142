//! `sockscope lesson notes`: what a teacher wants beside the class, in a second terminal or on paper. Of every beat the time, the
//! question, the answer key that playing the lesson gives, what is behind each wrong option, and the teacher's own section.
//!
//! With `--follow` it shows the beat at which the class on this machine stands, a page a beat, and turns the page with it. Promise:
//! it only reads; on a pipe every page stands behind the one before, on a terminal alone, and there it fits: what a small one has no
//! room for is left out, first what the class has before its eyes.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::mpsc::channel;

use crossterm::terminal;
use lessons::{Beat, Choice, Files, Lesson, LessonText, Player, Shows, Task, pace, seed_of};
use notify::{RecursiveMode, Watcher, recommended_watcher};

use super::answers::{BeatAnswer, answers};
use super::paper::{beside, solution};
use super::watch::{CLEAR, changed};
use super::{lang_of, print};
use crate::command::output::delivered;
use crate::i18n::{Lang, Message, Words};
use crate::lesson::class_place::{self, ClassPlace};
use crate::lesson::shelf;
use crate::refusal::{Refusal, harmless};
use crate::tui::canvas::{width_of, wrap};

/// Cells of a line of the notes, and of one that follows a class on a wide terminal.
const WIDTH: u16 = 78;
const WIDEST: u16 = 118;
/// The widest margin under a first word.
const MARGIN: u16 = 8;

const HEAD: Words =
    Words::new("{0} beats, about {1} min in class; {2} min alone", "{0} 节，课堂约 {1} 分钟；自学 {2} 分钟");
const BEAT: Words = Words::new("{0} of {1} · {2} · about {3}", "第 {0}/{1} 节 · {2} · 约 {3}");
const ASK: Words = Words::new("Ask", "提问");
const SOLUTION: Words = Words::new("Solution", "解法");
const IN_ORDER: Words = Words::new("Order of the run", "运行中的顺序");
const SEEN: Words = Words::new("Seen", "可见");
const TEACHER: Words = Words::new("For you", "教师");
const BEHIND: Words = Words::new("behind it: {0}", "误解：{0}");
const QUESTION_IS_UP: Words = Words::new("on the screen: the question", "屏幕上：问题");
const ANSWER_IS_UP: Words = Words::new("on the screen: the answer", "屏幕上：答案");
const NO_CLASS: Words = Words::new(
    "no class is held on this machine: start one with `sockscope lesson {0} --class`; the notes follow it, Ctrl-C ends them",
    "本机没有正在进行的课堂：用 `sockscope lesson {0} --class` 开始；讲义会跟随，按 Ctrl-C 结束",
);

/// Prints the notes of a lesson, or follows the class.
pub(super) fn notes(name: &str, student: &str, follow: bool, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let files = shelf::find(name)?;
    if follow {
        return following(name, &files, seed_of(student), lang);
    }
    let notes = Notes::of(files, seed_of(student), lang, WIDTH)?;
    print(&notes.head)?;
    let whole = notes.pages.iter().map(|[whole, ..]| whole);
    whole.chain([&notes.end]).try_for_each(|page| print(&format!("\n{page}")))?;
    Ok(ExitCode::SUCCESS)
}

/// The notes of a lesson with some numbers.
struct Notes {
    lesson: String,
    seed: u64,
    title: String,
    head: String,
    /// A page a beat: as a whole, then ever shorter.
    pages: Vec<[String; 3]>,
    /// What stands on the screen at the end.
    end: String,
}

impl Notes {
    fn of(files: Files, seed: u64, lang: Lang, width: u16) -> Result<Self, Refusal> {
        let folder = files.folder.clone();
        let mut player = Player::open(files, seed).map_err(|problems| shelf::refusal(&folder, &problems))?;
        let answered = answers(&mut player, lang);
        let fresh = player.for_class(0).map_err(|problems| shelf::refusal(&folder, &problems))?;
        let lesson = fresh.lesson();
        let text = lesson.text(lang);
        let all: u64 = lesson.beats.iter().map(|beat| pace::seconds(lesson, beat, lang)).sum();
        let counts = [lesson.beats.len().to_string(), all.div_ceil(60).to_string(), lesson.minutes.to_string()];
        let head = format!("{} · {}\n{}", lesson.folder, text.title, filled(HEAD, lang, &counts));
        let blank = |detail| Page { lesson, text, lang, width, detail, lines: Vec::new() };
        let page = |(index, (beat, answer))| {
            [Detail::Whole, Detail::Unseen, Detail::Key].map(|detail| blank(detail).beat(index, beat, answer))
        };
        let pages = lesson.beats.iter().zip(&answered).enumerate().map(page).collect();
        let mut end = blank(Detail::Whole);
        for (label, section) in [
            (Message::YouKnow, "known"),
            (Message::ThenAndNow, "then-and-now"),
            (Message::SayItBack, "say-it-back"),
            (Message::OnPaper, "drawing"),
        ] {
            end.told(label.text(lang), &text.plain(section));
        }
        let (id, title) = (lesson.id.clone(), text.title.clone());
        Ok(Self { lesson: id, seed: lesson.seed, title, head, pages, end: end.lines.join("\n") })
    }

    /// The page of a place, and how far the class sees it: the fullest that has at most so many rows.
    fn at(&self, place: &ClassPlace, lang: Lang, rows: usize) -> String {
        let state = if place.is_revealed { ANSWER_IS_UP } else { QUESTION_IS_UP };
        let Some(pages) = self.pages.get(place.beat) else { return format!("{}\n{}", self.head, self.end) };
        let [.., shortest] = pages;
        let page = pages.iter().find(|page| page.lines().count() + 2 < rows).unwrap_or(shortest);
        format!("{} · {}\n{page}", self.title, state.text(lang))
    }
}

/// How much of a beat a page has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Detail {
    /// Everything.
    Whole,
    /// Without what the class reads on its own screen: the narration, the evidence and why.
    Unseen,
    /// The question, its key, the misconceptions, and the teacher's own section.
    Key,
}

fn filled(words: Words, lang: Lang, values: &[String]) -> String {
    let fill = |text: String, (hole, value): (usize, &String)| text.replace(&format!("{{{hole}}}"), value);
    values.iter().enumerate().fold(words.text(lang).to_owned(), fill)
}

/// A page of the notes while it is written.
struct Page<'a> {
    lesson: &'a Lesson,
    text: &'a LessonText,
    lang: Lang,
    width: u16,
    detail: Detail,
    lines: Vec<String>,
}

impl Page<'_> {
    fn say(&self, beat: &Beat, section: &str) -> String {
        self.text.plain(&LessonText::key(&beat.id, section))
    }

    fn beat(mut self, index: usize, beat: &Beat, answer: &BeatAnswer) -> String {
        let (lesson, lang) = (self.lesson, self.lang);
        let time = pace::seconds(lesson, beat, lang);
        let time = format!("{}:{:02}", time / 60, time % 60);
        let counts = [(index + 1).to_string(), lesson.beats.len().to_string(), beat.id.clone(), time];
        self.lines.push(format!("── {} ──", filled(BEAT, lang, &counts)));
        let beside = beside(&answer.shows, lang);
        let is_whole = self.detail == Detail::Whole;
        if is_whole || beat.task == Task::Show {
            self.paragraph("", &self.say(beat, "narration"));
        }
        self.told(ASK.text(lang), &self.say(beat, "question"));
        self.paragraph("", &self.say(beat, "ask"));
        self.options(beat, beat.task.options(), answer.truth);
        if let Shows::Ranking(ranking) = &answer.shows {
            self.lines.push(labelled(IN_ORDER.text(lang), lang));
            let steps = ranking.truth.iter().enumerate();
            self.lines.extend(steps.map(|(place, step)| format!("  {:>2}  {step}", place + 1)));
        }
        self.told(SOLUTION.text(lang), &solution(&beat.task).join("; "));
        self.told(TEACHER.text(lang), &self.say(beat, "teacher"));
        if is_whole {
            let seen: Vec<&String> = answer.evidence.iter().chain(&beside).collect();
            self.lines.extend(seen.first().map(|_| String::new()));
            for line in seen {
                self.paragraph(&labelled(SEEN.text(lang), lang), line);
            }
            self.told(Message::Why.text(lang), &self.say(beat, "why"));
        }
        self.lines.join("\n")
    }

    /// Every option: the right one with what is said of it, a wrong one with the misconception behind it and what speaks against it.
    fn options(&mut self, beat: &Beat, options: &[Choice], truth: Option<usize>) {
        for (place, option) in options.iter().enumerate() {
            let mark = if truth == Some(place) { "✓" } else { " " };
            self.paragraph(&format!(" {mark} {}  ", option.id), &self.say(beat, &format!("option {}", option.id)));
            if let Some(misconception) = &option.misconception {
                let told = filled(BEHIND, self.lang, std::slice::from_ref(misconception));
                self.paragraph("      ", &told);
            }
            if self.detail < Detail::Key {
                self.paragraph("      ", &self.say(beat, &format!("reply {}", option.id)));
            }
        }
    }

    fn told(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.lines.push(String::new());
            self.paragraph(&labelled(label, self.lang), text);
        }
    }

    /// Text behind a first word, its lines under each other; behind a long one they stand a little to the right.
    fn paragraph(&mut self, first: &str, text: &str) {
        let is_short = width_of(first) <= MARGIN;
        let (before, text) = if is_short { (first, text.to_owned()) } else { ("", format!("{first}{text}")) };
        let behind = " ".repeat(usize::from(width_of(first).min(MARGIN)));
        for (place, line) in wrap(&text, self.width.saturating_sub(MARGIN)).into_iter().enumerate() {
            self.lines.push(format!("{}{line}", if place == 0 { before } else { &behind }));
        }
    }
}

/// A word before a text.
fn labelled(label: &str, lang: Lang) -> String {
    format!("{label}{}", Words::new(": ", "：").text(lang))
}

/// Shows the page at which the class stands, until somebody ends it.
fn following(name: &str, files: &Files, seed: u64, lang: Lang) -> Result<ExitCode, Refusal> {
    let Some(folder) = class_place::folder() else {
        return Err(Refusal::usage(
            "the environment names no home in which a class could tell where it stands: set HOME or XDG_STATE_HOME.",
            "环境变量没有指出主目录，无从得知课堂进度：请设置 HOME 或 XDG_STATE_HOME。",
        ));
    };
    let shown = harmless(&folder.display().to_string());
    let refused = |why: String| {
        Refusal::usage(
            format!("{shown} cannot be watched: {why}; check the path."),
            format!("无法监视 {shown}：{why}；请检查路径。"),
        )
    };
    fs::create_dir_all(&folder).map_err(|error| refused(error.to_string()))?;
    let (tell, told) = channel();
    let mut watcher = recommended_watcher(tell).map_err(|error| refused(error.to_string()))?;
    watcher.watch(&folder, RecursiveMode::NonRecursive).map_err(|error| refused(error.to_string()))?;
    let is_screen = io::stdout().is_terminal();
    let size = || terminal::size().ok().filter(|_| is_screen);
    let width = size().map_or(WIDTH, |(columns, _)| columns.saturating_sub(2).clamp(40, WIDEST));
    let mut notes = Notes::of(files.clone(), seed, lang, width)?;
    let own = notes.lesson.clone();
    let mut last = None;
    loop {
        let place = class_place::read();
        if last.as_ref() != Some(&place) {
            let page = match &place {
                Some(place) => {
                    if (&notes.lesson, notes.seed) != (&place.lesson, place.seed) {
                        let files = if place.lesson == own { files.clone() } else { shelf::find(&place.lesson)? };
                        notes = Notes::of(files, place.seed, lang, width)?;
                    }
                    notes.at(place, lang, size().map_or(usize::MAX, |(_, rows)| usize::from(rows)))
                }
                None => filled(NO_CLASS, lang, &[harmless(name)]),
            };
            turn_to(&page)?;
            last = Some(place);
        }
        if !changed(&told) {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

/// Shows a page: alone where it is a screen.
fn turn_to(page: &str) -> Result<(), Refusal> {
    if io::stdout().is_terminal() {
        delivered(write!(io::stdout().lock(), "{CLEAR}"))?;
    }
    print(&format!("{page}\n"))?;
    delivered(io::stdout().lock().flush())
}
