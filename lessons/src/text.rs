//! The words of a lesson in one language: a Markdown file whose headings are keys.
//!
//! `#` is the title; `##` opens a section of the lesson (`claim`, `then-and-now`, `say-it-back`, `drawing`) or a beat
//! (`beat ID`), `###` a section of that beat: `narration`, `question`, `option ID`, `reply ID`, `hint 1` to `hint 3`, `why`,
//! `step ID`. Lines are kept as written: the narration of a beat is two of them at most.

use std::collections::BTreeMap;

use stack::words::Lang;

use crate::language::file_of;
use crate::problem::Problem;

/// One section of the words: what stands between a heading and the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Line of its heading, from 1.
    pub line: usize,
    /// Line of its first words, from 1.
    pub first: usize,
    /// Its lines, blank ones around it removed.
    pub lines: Vec<String>,
}

/// The words of a lesson in one language, as `en.md` or `zh.md` has them; symbols stand between backticks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LessonText {
    /// Title of the lesson.
    pub title: String,
    /// Sections by key: `claim`, or `who-moves/narration` for those of a beat.
    pub sections: BTreeMap<String, Section>,
}

impl LessonText {
    /// Reads the words; every heading that cannot be understood, or stands there twice, is a problem.
    pub(crate) fn read(lang: Lang, text: &str, problems: &mut Vec<Problem>) -> Self {
        let mut reader = Reader { file: file_of(lang), title: None, beat: None, key: None, sections: BTreeMap::new() };
        for (index, line) in text.lines().enumerate() {
            if let Err(problem) = reader.line(index + 1, line) {
                problems.push(problem);
            }
        }
        if reader.title.is_none() {
            problems.push(Problem::at(
                file_of(lang),
                (1, 0),
                "the title is missing: the first line is `# TITLE`",
                "缺少标题：第一行应为“# 标题”",
            ));
        }
        for section in reader.sections.values_mut() {
            section.first += trim(&mut section.lines);
        }
        Self { title: reader.title.unwrap_or_default(), sections: reader.sections }
    }

    /// The lines of a section of the lesson, empty if it is missing.
    #[must_use]
    pub fn lines(&self, key: &str) -> &[String] {
        self.sections.get(key).map_or(&[], |section| &section.lines)
    }

    /// A section as running text: paragraphs joined to one line each, separated by line feeds.
    #[must_use]
    pub fn marked(&self, key: &str) -> String {
        flow(self.lines(key))
    }

    /// A section as running text without the marks of its symbols, for a screen.
    #[must_use]
    pub fn plain(&self, key: &str) -> String {
        self.marked(key).replace('`', "")
    }

    /// The key of a section of a beat.
    #[must_use]
    pub fn key(beat: &str, section: &str) -> String {
        format!("{beat}/{section}")
    }
}

struct Reader {
    file: &'static str,
    title: Option<String>,
    beat: Option<String>,
    key: Option<String>,
    sections: BTreeMap<String, Section>,
}

impl Reader {
    fn line(&mut self, number: usize, line: &str) -> Result<(), Problem> {
        if let Some(heading) = line.strip_prefix("### ") {
            let Some(beat) = &self.beat else {
                return Err(self.wrong(
                    number,
                    line,
                    "a `### ` section stands inside a `## beat ID`",
                    "“### ”小节要写在“## beat ID”之内",
                ));
            };
            let key = LessonText::key(beat, heading.trim());
            return self.open(number, line, key);
        }
        if let Some(heading) = line.strip_prefix("## ") {
            let heading = heading.trim();
            if let Some(beat) = heading.strip_prefix("beat ") {
                self.beat = Some(beat.trim().to_owned());
                self.key = None;
                return Ok(());
            }
            self.beat = None;
            return self.open(number, line, heading.to_owned());
        }
        if let Some(title) = line.strip_prefix("# ") {
            if self.title.is_some() {
                return Err(self.wrong(
                    number,
                    line,
                    "there is a title already; sections begin with `## `",
                    "已有标题；小节以“## ”开头",
                ));
            }
            self.title = Some(title.trim().to_owned());
            return Ok(());
        }
        match self.key.as_ref().and_then(|key| self.sections.get_mut(key)) {
            Some(section) => section.lines.push(line.trim_end().to_owned()),
            None if line.trim().is_empty() => {}
            None => {
                return Err(self.wrong(
                    number,
                    line,
                    "these words belong to no section; put a heading above them",
                    "这些文字不属于任何小节，请在上面加标题",
                ));
            }
        }
        Ok(())
    }

    fn open(&mut self, number: usize, line: &str, key: String) -> Result<(), Problem> {
        if self.sections.contains_key(&key) {
            return Err(self.wrong(
                number,
                line,
                "this section stands there twice; keep one",
                "该小节出现两次，请只保留一个",
            ));
        }
        self.sections.insert(key.clone(), Section { line: number, first: number + 1, lines: Vec::new() });
        self.key = Some(key);
        Ok(())
    }

    fn wrong(&self, number: usize, line: &str, en: &str, zh: &str) -> Problem {
        let shown = stack::lab::script::error::quoted(line);
        Problem::at(self.file, (number, 0), format!("{shown}: {en}"), format!("{shown}：{zh}"))
    }
}

/// Takes the blank lines around a section away; how many there were before it.
fn trim(lines: &mut Vec<String>) -> usize {
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let blank = lines.iter().take_while(|line| line.is_empty()).count();
    lines.drain(..blank);
    blank
}

/// Joins the lines of a paragraph; no blank goes between Chinese characters.
fn flow(lines: &[String]) -> String {
    let mut text = String::new();
    for line in lines {
        if line.is_empty() {
            text.push('\n');
            continue;
        }
        let (left, right) = (text.chars().next_back(), line.chars().next());
        if !text.is_empty() && !text.ends_with('\n') && !glued(left, right) {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Between Chinese characters, and beside Chinese punctuation, goes no blank; between Chinese and Latin letters one.
fn glued(left: Option<char>, right: Option<char>) -> bool {
    let is = |side: Option<char>, what: fn(char) -> bool| side.is_some_and(what);
    let punctuation: fn(char) -> bool = |character| is_wide(character) && !character.is_alphabetic();
    (is(left, is_wide) && is(right, is_wide)) || is(left, punctuation) || is(right, punctuation)
}

/// Seconds in which words are read, by so many characters of Chinese and so many words of English in a minute.
pub(crate) fn reading_seconds(words: &str, chinese_per_minute: usize, english_per_minute: usize) -> usize {
    let chinese = words.chars().filter(|letter| is_wide(*letter)).count();
    let is_word = |word: &&str| word.chars().any(char::is_alphanumeric);
    let english = words.split(|letter: char| letter.is_whitespace() || is_wide(letter)).filter(is_word).count();
    chinese * 60 / chinese_per_minute + english * 60 / english_per_minute
}

/// Whether a character is Chinese or Chinese punctuation.
pub(crate) fn is_wide(character: char) -> bool {
    matches!(character, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(lines: &[&str]) -> String {
        flow(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn lines_are_joined_as_each_language_writes() {
        assert_eq!(joined(&["one", "two"]), "one two");
        assert_eq!(joined(&["接着", "往下"]), "接着往下");
        assert_eq!(joined(&["从", "`x` 中"]), "从 `x` 中");
        assert_eq!(joined(&["选出；", "EAX"]), "选出；EAX");
        assert_eq!(joined(&["one", "", "two"]), "one\ntwo");
    }
}
