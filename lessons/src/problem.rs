//! What is wrong with a lesson: a file, a place in it, and a sentence in two languages that says what to do.

use core::fmt;

use stack::words::{Lang, Words};

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
    pub message: Words<String>,
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn at(file: &str, (line, column): (usize, usize), en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::told(file, (line, column), Words::new(en.into(), zh.into()))
    }

    /// What the stack said of a scene, a place or an expression, at a place of a lesson's file.
    pub(crate) fn told(file: &str, (line, column): (usize, usize), message: Words<String>) -> Self {
        Self { file: file.to_owned(), line, column, message }
    }

    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        self.message.text(lang)
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
        write!(f, "{}: {}", self.place(), self.message.en)
    }
}

impl std::error::Error for Problem {}

/// Line and column (in characters, from 1) of a byte of a text.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    (line, column)
}
