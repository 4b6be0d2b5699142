//! From the files of a folder to a lesson, for one learner's seed.

mod beat;
mod calls;

use std::collections::BTreeMap;

use stack::lab::query::{Expression, Place, QueryError};
use stack::lab::script::annotation::Annotation;
use stack::lab::script::ast::Content;
use stack::lab::script::{Script, parse};
use stack::link::random::Random;
use stack::words::{Lang, Words};
use toml::Spanned;

use crate::chapter::Chapter;
use crate::file::{LESSON_FILE, LessonFile, SCHEMA, SeedFile, read};
use crate::glossary::Glossary;
use crate::language::file_of;
use crate::lesson::{Beat, Lesson};
use crate::problem::{Problem, position};
use crate::text::LessonText;

/// The files of a lesson's folder, as whoever can open files has read them: of the program ([`content`](crate::content)) or of
/// a teacher.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Files {
    /// Name of the folder, `07-handshake`: what a lesson is called in lists and in front of its problems.
    pub folder: String,
    /// Name and text of each file, in any order; each at most 256 KiB.
    pub files: Vec<(String, String)>,
}

impl Files {
    /// The text of a file; None where the folder has none of this name.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|(file, _)| file == name).map(|(_, text)| text.as_str())
    }
}

/// The longest file that is read, in bytes.
const LONGEST: usize = 256 * 1024;

/// Reads a lesson for a learner's seed. A lesson whose seed is fixed has the same numbers for everybody. What it lacks in
/// Chinese it says in English: only [`check`](mod@crate::check) speaks of that.
///
/// # Errors
/// Everything that is wrong with its form, in the order of the files.
pub fn load(files: &Files, seed: u64) -> Result<Lesson, Vec<Problem>> {
    let mut lesson = read_all(files, seed)?.0;
    let Words { en, zh } = &mut lesson.text;
    if zh.title.is_empty() {
        zh.title.clone_from(&en.title);
    }
    for (key, section) in &en.sections {
        if zh.lines(key).is_empty() {
            zh.sections.insert(key.clone(), section.clone());
        }
    }
    Ok(lesson)
}

/// The text of a scene of a lesson with a learner's numbers in it; None where the lesson cannot be read or has no such file.
#[must_use]
pub fn scene_text(files: &Files, name: &str, seed: u64) -> Option<String> {
    let text = files.text(LESSON_FILE)?;
    let file = read(text).ok()?;
    let reader = Reader::new(files, text, &file, seed);
    Some(reader.fill(files.text(name)?))
}

/// Reads a lesson with its Chinese as it stands, and what is wrong with the form of that.
///
/// # Errors
/// Everything that is wrong with the form of the rest.
pub(crate) fn read_all(files: &Files, seed: u64) -> Result<(Lesson, Vec<Problem>), Vec<Problem>> {
    let text = files.text(LESSON_FILE).ok_or_else(|| vec![missing(LESSON_FILE)])?;
    for (name, text) in &files.files {
        if text.len() > LONGEST {
            return Err(vec![Problem::at(
                name,
                (0, 0),
                format!("the file is longer than {LONGEST} bytes; a lesson is short"),
                format!("文件超过 {LONGEST} 字节；课程应当简短"),
            )]);
        }
    }
    let file = read(text).map_err(|problem| vec![problem])?;
    let mut reader = Reader::new(files, text, &file, seed);
    let lesson = reader.lesson(&file);
    match lesson {
        Some(lesson) if reader.problems.is_empty() => Ok((lesson, reader.translation)),
        _ => Err(reader.problems),
    }
}

/// Whether a name can be the id of a lesson.
pub(crate) fn is_id(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn missing(name: &str) -> Problem {
    Problem::at(
        name,
        (0, 0),
        "this file is missing; a lesson is lesson.toml, a scene, en.md and zh.md",
        "缺少此文件；一门课由 lesson.toml、一个场景、en.md 和 zh.md 组成",
    )
}

struct Reader<'a> {
    files: &'a Files,
    text: &'a str,
    seed: u64,
    numbers: BTreeMap<String, u32>,
    hosts: Vec<String>,
    problems: Vec<Problem>,
    /// What is wrong with the form of the Chinese.
    translation: Vec<Problem>,
}

impl<'a> Reader<'a> {
    fn new(files: &'a Files, text: &'a str, file: &LessonFile, seed: u64) -> Self {
        let seed = match file.scene.seed.get_ref() {
            SeedFile::Fixed(seed) => u64::from(*seed),
            SeedFile::Named(_) => seed,
        };
        let mut random = Random::new(seed);
        let numbers = file.vary.iter().map(|(name, range)| {
            let [low, high] = *range.get_ref();
            let span = u64::from(high.saturating_sub(low)) + 1;
            let number = low.saturating_add(u32::try_from(random.below(span)).unwrap_or(0));
            (name.clone(), number)
        });
        let numbers = numbers.collect();
        let (hosts, problems, translation) = (Vec::new(), Vec::new(), Vec::new());
        Self { files, text, seed, numbers, hosts, problems, translation }
    }

    fn complain<T>(&mut self, place: &Spanned<T>, en: impl Into<String>, zh: impl Into<String>) {
        let place = position(self.text, place.span().start);
        self.problems.push(Problem::at(LESSON_FILE, place, en, zh));
    }

    /// The learner's numbers in the place of their names.
    fn fill(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, number) in &self.numbers {
            text = text.replace(&format!("{{{name}}}"), &number.to_string());
        }
        text
    }

    /// Complains of numbers that stand in a text and are none of the lesson's.
    fn holes(&mut self, name: &str, text: &str) {
        for (index, line) in text.lines().enumerate() {
            for hole in line.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(hole, _)| hole)) {
                if hole.is_empty() || !hole.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
                    continue;
                }
                let known: Vec<&str> = self.numbers.keys().map(String::as_str).collect();
                let known = known.join(", ");
                self.problems.push(Problem::at(
                    name,
                    (index + 1, 0),
                    format!("{{{hole}}} is no number of [vary]; there are {known}"),
                    format!("{{{hole}}} 不是 [vary] 中的数；有 {known}"),
                ));
            }
        }
    }

    fn lesson(&mut self, file: &LessonFile) -> Option<Lesson> {
        self.head(file);
        let chapter = file.chapter.as_ref().and_then(|id| self.chapter(id));
        let scene = file.scene.script.get_ref().clone();
        let script = self.script(&scene)?;
        self.hosts = hosts(&script);
        let panes = self.panes(file);
        let calls = self.calls(file);
        let beats: Vec<Beat> = file.beat.iter().filter_map(|beat| self.beat(beat)).collect();
        let mut ids: Vec<&str> = Vec::new();
        for beat in &file.beat {
            let id = beat.get_ref().id.get_ref();
            if ids.contains(&id.as_str()) {
                self.complain(
                    &beat.get_ref().id,
                    format!("the beat {id:?} is there twice; give one of them another id"),
                    format!("节拍 {id:?} 出现两次，请改名"),
                );
            }
            ids.push(id);
        }
        let english = self.text(Lang::En)?;
        let before = self.problems.len();
        let chinese = self.text(Lang::Zh).unwrap_or_default();
        self.translation = self.problems.split_off(before);
        let text = Words::new(english, chinese);
        Some(Lesson {
            folder: self.files.folder.clone(),
            id: file.id.get_ref().clone(),
            minutes: *file.minutes.get_ref(),
            claim: file.claim.get_ref().clone(),
            seed: self.seed,
            varies: matches!(file.scene.seed.get_ref(), SeedFile::Named(_)),
            script,
            scene,
            hosts: self.hosts.clone(),
            panes,
            next: file.next.as_ref().map(|next| next.get_ref().clone()),
            calls,
            chapter,
            needs: file.needs.iter().map(|id| id.get_ref().clone()).collect(),
            words: file.words.iter().map(|word| word.get_ref().clone()).collect(),
            beats,
            text,
        })
    }

    fn head(&mut self, file: &LessonFile) {
        if *file.schema.get_ref() != SCHEMA {
            let found = *file.schema.get_ref();
            self.complain(
                &file.schema,
                format!("schema {found} is not known; this program reads schema {SCHEMA}"),
                format!("不认识 schema {found}；本程序读取 schema {SCHEMA}"),
            );
        }
        let id = file.id.get_ref();
        if !is_id(id) {
            self.complain(&file.id, "an id is small letters, digits and -", "id 由小写字母、数字和 - 组成");
        }
        if let SeedFile::Named(name) = file.scene.seed.get_ref()
            && name != "student"
        {
            self.complain(&file.scene.seed, "a seed is \"student\" or a number", "seed 是 \"student\" 或一个数");
        }
        for id in &file.needs {
            if !is_id(id.get_ref()) {
                self.complain(
                    id,
                    "`needs` names lessons by their ids, such as \"handshake\"",
                    "`needs` 写课程的 id，例如 \"handshake\"",
                );
            }
        }
        for word in &file.words {
            if Glossary::shipped().explain(word.get_ref(), None).is_none() {
                self.complain(
                    word,
                    "the glossary does not know this word; see `sockscope glossary`, or remove it",
                    "词汇表中没有这个词；请查看 `sockscope glossary`，或删去",
                );
            }
        }
        for (name, range) in &file.vary {
            let [low, high] = *range.get_ref();
            if low > high {
                self.complain(
                    range,
                    format!("{name}: the range begins above its end"),
                    format!("{name}：范围的起点大于终点"),
                );
            }
        }
        if file.beat.is_empty() {
            self.problems.push(Problem::at(
                LESSON_FILE,
                (0, 0),
                "a lesson has beats: add a [[beat]]",
                "课程要有节拍：请加一个 [[beat]]",
            ));
        }
    }

    fn chapter(&mut self, id: &Spanned<String>) -> Option<Chapter> {
        let chapter = Chapter::named(id.get_ref());
        if chapter.is_none() {
            let known = Chapter::ALL.map(|chapter| chapter.id).join(", ");
            self.complain(
                id,
                format!("there is no such chapter; there are {known}"),
                format!("没有这一章；有 {known}"),
            );
        }
        chapter
    }

    fn script(&mut self, name: &str) -> Option<Script> {
        let Some(text) = self.files.text(name) else {
            self.problems.push(missing(name));
            return None;
        };
        let text = self.fill(text);
        self.holes(name, &text);
        match parse(&text) {
            Ok(script) => Some(script),
            Err(error) => {
                let place = (error.position.line as usize, error.position.column as usize);
                self.problems.push(Problem::told(name, place, error.message));
                None
            }
        }
    }

    fn text(&mut self, lang: Lang) -> Option<LessonText> {
        let Some(text) = self.files.text(file_of(lang)) else {
            self.problems.push(missing(file_of(lang)));
            return None;
        };
        let text = self.fill(text);
        self.holes(file_of(lang), &text);
        Some(LessonText::read(lang, &text, &mut self.problems))
    }

    fn place(&mut self, text: &Spanned<String>) -> Option<Place> {
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let place =
            Place::parse(&self.fill(text.get_ref())).and_then(|place| place.check_hosts(&hosts).map(|()| place));
        place.map_err(|error| self.refused(text, &error)).ok()
    }

    fn expression(&mut self, text: &Spanned<String>) -> Option<Expression> {
        let hosts: Vec<&str> = self.hosts.iter().map(String::as_str).collect();
        let read = Expression::parse(&self.fill(text.get_ref()));
        let read = read.and_then(|expression| expression.check_hosts(&hosts).map(|()| expression));
        read.map_err(|error| self.refused(text, &error)).ok()
    }

    /// An error inside a text: its column is counted from behind the opening quote.
    fn refused(&mut self, text: &Spanned<String>, error: &QueryError) {
        let (line, column) = position(self.text, text.span().start);
        let place = (line, column + error.column as usize);
        self.problems.push(Problem::told(LESSON_FILE, place, error.message.clone()));
    }
}

fn hosts(script: &Script) -> Vec<String> {
    let declared = script.lines.iter().filter_map(|line| match &line.content {
        Content::Annotation(Annotation::Host(host)) => Some(host.name.clone()),
        _ => None,
    });
    let hosts: Vec<String> = declared.collect();
    if hosts.is_empty() { vec!["host".to_owned()] } else { hosts }
}
