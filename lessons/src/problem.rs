//! What is wrong with a lesson: a file, a place in it, and a sentence in two languages that says what to do.

use core::fmt;

use stack::lab::script::error::Message;

use crate::words::Language;

/// What is wrong with a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file of the lesson's folder.
    pub file: String,
    /// Line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// Column in characters, from 1; 0 where the line as a whole is meant.
    pub column: usize,
    /// What is wrong, and what to do.
    pub message: Message,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(
        file: &str,
        (line, column): (usize, usize),
        english: impl Into<String>,
        chinese: impl Into<String>,
    ) -> Self {
        let message = Message { english: english.into(), chinese: chinese.into() };
        Self { file: file.to_owned(), line, column, message }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::English => &self.message.english,
            Language::Chinese => &self.message.chinese,
        }
    }

    /// `FILE:LINE:COLUMN`, without what is not known.
    #[must_use]
    pub fn place(&self) -> String {
        match (self.line, self.column) {
            (0, _) => self.file.clone(),
            (line, 0) => format!("{}:{line}", self.file),
            (line, column) => format!("{}:{line}:{column}", self.file),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.message.english)
    }
}

impl std::error::Error for Problem {}

/// Line and column (in characters, from 1) of an octet of a text.
pub(crate) fn position(text: &str, octet: usize) -> (usize, usize) {
    let before = text.get(..octet).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
