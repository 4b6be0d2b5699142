//! Why a script cannot be read: a place and a sentence in two languages. Errors are data; printing `FILE:LINE:` in
//! front is the caller's job, who knows the file's name. The quoted piece of the script is bounded and free of
//! control characters, so that a hostile file cannot drive a terminal through an error.

use core::fmt;

use super::expectation::chinese;
use super::position::Position;
use crate::words::Words;

/// Why a script cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where.
    pub position: Position,
    /// What is wrong.
    pub message: Words<String>,
}

impl ParseError {
    /// An error at a place.
    #[must_use]
    pub fn new(position: Position, en: impl Into<String>, zh: impl Into<String>) -> Self {
        ParseError { position, message: Words::new(en.into(), zh.into()) }
    }

    /// "expected X, found Y".
    #[must_use]
    pub fn expected(position: Position, wanted: &str, found: &str) -> Self {
        let (found, found_chinese) =
            if found.is_empty() { ("the end".to_owned(), "结尾".to_owned()) } else { (quoted(found), quoted(found)) };
        let wanted_chinese = chinese(wanted);
        ParseError::new(
            position,
            format!("expected {wanted}, found {found}"),
            format!("此处应为{wanted_chinese}，实为{found_chinese}"),
        )
    }

    /// A number that does not fit where it stands.
    #[must_use]
    pub fn range(position: Position, text: &str, largest: u64) -> Self {
        let text = quoted(text);
        ParseError::new(
            position,
            format!("{text} is not a number from 0 to {largest}"),
            format!("{text} 不是 0 到 {largest} 之间的数"),
        )
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.position.line, self.position.column, self.message.en)
    }
}

/// At most 40 characters of a piece of the script in quotes, control characters made visible.
#[must_use]
pub fn quoted(text: &str) -> String {
    let head: String = text.chars().take(40).collect();
    let mut out = format!("'{}", visible(&head));
    if text.chars().nth(40).is_some() {
        out.push_str("...");
    }
    out.push('\'');
    out
}

/// The text with control characters and those that turn the direction of writing made visible.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_bidirectional(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Characters that change the direction of the text around them.
fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
