//! The words: complete in both languages, true translations, short lines, read in time, no colour as the only sign.

use std::collections::BTreeMap;

use stack::words::Lang;
use unicode_width::UnicodeWidthStr;

use crate::file::LESSON_FILE;
use crate::language::file_of;
use crate::lesson::{Lesson, Task};
use crate::page::PAGE_CELLS;
use crate::problem::Problem;
use crate::text::{LessonText, is_wide, reading_seconds};

/// Cells that a line may fill.
const CELLS: usize = PAGE_CELLS as usize;
/// Missing sections of a beat that are told in one line.
const MANY: usize = 3;
/// Lines of what a teacher says at a beat.
const TEACHER_LINES: usize = 3;
/// Words of English that are read in a minute, carefully.
const ENGLISH_PER_MINUTE: usize = 180;
/// Characters of Chinese that are read in a minute, carefully.
const CHINESE_PER_MINUTE: usize = 320;

/// Colours: a sign that a grey screen, a colour-blind reader or a printout does not show.
const COLOURS: [&str; 22] = [
    "red", "green", "blue", "yellow", "orange", "purple", "violet", "magenta", "cyan", "pink", "grey", "gray", "红色",
    "绿色", "蓝色", "黄色", "橙色", "紫色", "灰色", "粉色", "青色", "品红",
];

/// Chinese punctuation that belongs to what stands before it.
const NEVER_FIRST: [char; 13] = ['，', '。', '、', '；', '：', '！', '？', '）', '》', '”', '’', '…', '」'];

pub(super) fn check(lesson: &Lesson) -> Vec<Problem> {
    let mut problems = Vec::new();
    let required = required(lesson);
    for lang in Lang::ALL {
        let text = lesson.text(lang);
        complete(lang, text, &required, &mut problems);
        lines(lang, text, &required, &mut problems);
        reading_time(lang, text, lesson.minutes, &mut problems);
    }
    translated(lesson, &mut problems);
    let en = lesson.text(Lang::En).marked("claim");
    if en != lesson.claim && !en.is_empty() {
        problems.push(Problem::at(
            LESSON_FILE,
            (0, 0),
            "the claim here and in en.md differ; make them one sentence",
            "此处的 claim 与 en.md 中的不同，请统一",
        ));
    }
    problems
}

/// The sections that a lesson needs, and the lines that each may have.
fn required(lesson: &Lesson) -> BTreeMap<String, usize> {
    let mut keys = BTreeMap::from([
        ("claim".to_owned(), 2),
        ("known".to_owned(), 3),
        ("then-and-now".to_owned(), 12),
        ("say-it-back".to_owned(), 2),
        ("drawing".to_owned(), 6),
    ]);
    for beat in &lesson.beats {
        let mut need = |section: &str, lines: usize| {
            keys.insert(LessonText::key(&beat.id, section), lines);
        };
        need("narration", 2);
        for hint in 1..=beat.hints {
            need(&format!("hint {hint}"), 3);
        }
        if beat.task != Task::Show {
            need("question", 3);
            need("why", 6);
        }
        match &beat.task {
            Task::Predict { options, .. } | Task::Investigate { options, .. } => {
                if matches!(beat.task, Task::Investigate { .. }) && !options.is_empty() {
                    need("ask", 3);
                }
                for option in options {
                    need(&format!("option {}", option.id), 2);
                    need(&format!("reply {}", option.id), 4);
                }
            }
            Task::Order { steps } => {
                for step in steps {
                    need(&format!("step {}", step.id), 1);
                }
            }
            Task::Modify { evidence, .. } => {
                need("goal", 1);
                for index in 1..=evidence.len() {
                    need(&format!("evidence {index}"), 1);
                }
            }
            Task::Show | Task::Make { .. } => {}
        }
    }
    keys
}

fn complete(lang: Lang, text: &LessonText, required: &BTreeMap<String, usize>, problems: &mut Vec<Problem>) {
    let file = file_of(lang);
    let missing: Vec<&String> = required.keys().filter(|key| text.lines(key).is_empty()).collect();
    let beat = |key: &str| key.split_once('/').map(|(beat, _)| beat.to_owned());
    for of_beat in missing.chunk_by(|one, other| beat(one).is_some() && beat(one) == beat(other)) {
        let Some(first) = of_beat.first() else { continue };
        let line = text.sections.get(*first).map_or(0, |section| section.line);
        let (en, zh) = match beat(first).filter(|_| of_beat.len() >= MANY) {
            // Whoever begins has all of them still to write: a line for each beat says it.
            Some(beat) => {
                let sections: Vec<&str> = of_beat.iter().filter_map(|key| Some(key.split_once('/')?.1)).collect();
                let (count, named) = (sections.len(), sections.join(", "));
                (
                    format!("beat {beat}: {count} sections are missing, each under `### `: {named}"),
                    format!("节拍 {beat}：缺少 {count} 个小节，各写在“### ”之下：{named}"),
                )
            }
            None => {
                problems.extend(of_beat.iter().map(|key| missing_words(file, text, key)));
                continue;
            }
        };
        problems.push(Problem::at(file, (line, 0), en, zh));
    }
    for (key, section) in &text.sections {
        if !required.contains_key(key) && !is_for_teacher(key) {
            problems.push(Problem::at(
                file,
                (section.line, 0),
                format!("{}: lesson.toml has nothing of this name; correct the heading or remove it", heading(key)),
                format!("{}：lesson.toml 中没有对应内容，请改正标题或删去", heading(key)),
            ));
        }
    }
}

fn missing_words(file: &str, text: &LessonText, key: &str) -> Problem {
    let line = text.sections.get(key).map_or(0, |section| section.line);
    Problem::at(
        file,
        (line, 0),
        format!("{}: the words are missing; write this section", heading(key)),
        format!("{}：缺少文字，请补写此小节", heading(key)),
    )
}

/// Whether a section is what a teacher says at a beat: there may be one at each, and students do not read it.
fn is_for_teacher(key: &str) -> bool {
    key.ends_with("/teacher")
}

/// A key as it stands in the file.
fn heading(key: &str) -> String {
    match key.split_once('/') {
        Some((beat, section)) => format!("beat {beat}, section \"{section}\""),
        None => format!("section \"{key}\""),
    }
}

fn lines(lang: Lang, text: &LessonText, required: &BTreeMap<String, usize>, problems: &mut Vec<Problem>) {
    let file = file_of(lang);
    for (key, section) in &text.sections {
        let of_others = if is_for_teacher(key) { TEACHER_LINES } else { usize::MAX };
        let most = required.get(key).copied().unwrap_or(of_others);
        if section.lines.len() > most {
            problems.push(Problem::at(
                file,
                (section.line, 0),
                format!("{}: {} lines, at most {most}; shorten it", heading(key), section.lines.len()),
                format!("{}：{} 行，最多 {most} 行，请缩短", heading(key), section.lines.len()),
            ));
        }
        for (index, text) in section.lines.iter().enumerate() {
            line(file, key, section.first + index, text, problems);
            if lang == Lang::Zh && text.starts_with(NEVER_FIRST) {
                problems.push(Problem::at(
                    file,
                    (section.first + index, 0),
                    format!("{}: a line begins with punctuation; break it one character earlier", heading(key)),
                    format!("{}：行首不能是标点，请提前一个字换行", heading(key)),
                ));
            }
        }
    }
}

fn line(file: &str, key: &str, number: usize, text: &str, problems: &mut Vec<Problem>) {
    let cells = text.replace('`', "").width();
    if cells > CELLS {
        let start: String = text.chars().take(24).collect();
        problems.push(Problem::at(
            file,
            (number, 0),
            format!("{}: the line \"{start}...\" is {cells} cells wide, at most {CELLS}; break it", heading(key)),
            format!("{}：“{start}…”一行宽 {cells} 格，最多 {CELLS} 格，请换行", heading(key)),
        ));
    }
    if let Some(colour) = colour(text) {
        problems.push(Problem::at(
            file,
            (number, 0),
            format!(
                "{}: the colour word \"{colour}\" alone says nothing on a grey screen; name the thing",
                heading(key)
            ),
            format!("{}：颜色词“{colour}”在灰度屏幕上没有意义，请直接说出名称", heading(key)),
        ));
    }
    if text.chars().any(char::is_control) {
        problems.push(Problem::at(
            file,
            (number, 0),
            format!("{}: a control character; remove it", heading(key)),
            format!("{}：含有控制字符，请删去", heading(key)),
        ));
    }
}

fn colour(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic());
    let english = words.find_map(|word| COLOURS.iter().find(|colour| **colour == word));
    english.or_else(|| COLOURS.iter().find(|colour| !colour.is_ascii() && lower.contains(**colour))).copied()
}

/// What a learner reads in all must leave time to think: at most three quarters of the lesson's minutes.
fn reading_time(lang: Lang, text: &LessonText, minutes: u32, problems: &mut Vec<Problem>) {
    let read = text.sections.iter().filter(|(key, _)| !is_for_teacher(key)).map(|(_, section)| section);
    let all: String = read.flat_map(|section| section.lines.iter().flat_map(|line| [line.as_str(), " "])).collect();
    let seconds = reading_seconds(&all, CHINESE_PER_MINUTE, ENGLISH_PER_MINUTE);
    let allowed = minutes as usize * 45;
    if seconds > allowed {
        problems.push(Problem::at(
            file_of(lang),
            (0, 0),
            format!("reading takes {seconds} s, at most {allowed} s of {minutes} minutes; shorten the words"),
            format!("阅读需要 {seconds} 秒，{minutes} 分钟中最多 {allowed} 秒，请精简文字"),
        ));
    }
}

/// Both languages say the same in words of their own.
fn translated(lesson: &Lesson, problems: &mut Vec<Problem>) {
    let (en, zh) = (lesson.text(Lang::En), lesson.text(Lang::Zh));
    let file = file_of(Lang::Zh);
    let mut pairs = vec![("title".to_owned(), (en.title.clone(), zh.title.clone(), 1))];
    for (key, section) in &zh.sections {
        pairs.push((key.clone(), (en.marked(key), zh.marked(key), section.line)));
    }
    for (key, (original, translation, line)) in pairs {
        let has_words = |text: &str| without_code(text).chars().any(char::is_alphabetic);
        let copied = original == translation && has_words(&original);
        let foreign = has_words(&translation) && !translation.chars().any(is_wide);
        if !original.is_empty() && !translation.is_empty() && (copied || foreign) {
            problems.push(Problem::at(
                file,
                (line, 0),
                format!(
                    "{}: not translated; it is {}",
                    heading(&key),
                    if copied { "a copy of the English" } else { "without Chinese" }
                ),
                format!("{}：没有翻译，{}", heading(&key), if copied { "与英文相同" } else { "不含中文" }),
            ));
        }
        for symbol in code(&original) {
            if !translation.is_empty() && !code(&translation).contains(&symbol) {
                problems.push(Problem::at(
                    file,
                    (line, 0),
                    format!(
                        "{}: the symbol `{symbol}` of the English is missing; symbols stay as they are",
                        heading(&key)
                    ),
                    format!("{}：缺少英文中的符号 `{symbol}`；符号应原样保留", heading(&key)),
                ));
            }
        }
    }
    for (key, section) in &en.sections {
        if section.lines.iter().any(|line| line.chars().any(is_wide)) {
            problems.push(Problem::at(
                file_of(Lang::En),
                (section.line, 0),
                format!("{}: Chinese characters in the English words", heading(key)),
                format!("{}：英文文字中有中文字符", heading(key)),
            ));
        }
    }
}

/// The pieces between backticks.
fn code(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(|piece| piece.replace('\n', " ")).collect()
}

fn without_code(text: &str) -> String {
    text.split('`').step_by(2).collect()
}
