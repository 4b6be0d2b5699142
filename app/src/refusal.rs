//! Why the program will not or cannot do something: one sentence that says what, where, and what to do, in English
//! and in Chinese, with the exit code that belongs to it. Promise: a refusal is always one line, and whatever of a
//! file or an argument stands in it has been made harmless for a terminal.

use std::fmt;
use std::process::ExitCode;

use crate::i18n::{Lang, lang_of_environment};

/// The exit code of wrong usage or wrong input.
pub const EXIT_USAGE: u8 = 2;
/// The exit code of everything that lacks a privilege or a device.
pub const EXIT_PRIVILEGE: u8 = 3;

/// One sentence in two languages, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The message in English.
    pub english: String,
    /// The message in Chinese.
    pub chinese: String,
    /// The exit code that belongs to it.
    pub exit_code: u8,
}

impl Refusal {
    /// A refusal that is the user's to correct (exit code 2).
    #[must_use]
    pub fn usage(english: impl Into<String>, chinese: impl Into<String>) -> Self {
        Self { english: english.into(), chinese: chinese.into(), exit_code: EXIT_USAGE }
    }

    /// The message in the language of the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.english,
            Lang::Zh => &self.chinese,
        }
    }

    /// Says it on standard error in the language of the environment, and gives the exit code.
    #[must_use]
    pub fn say(&self) -> ExitCode {
        eprintln!("sockscope: {}", self.text(lang_of_environment()));
        ExitCode::from(self.exit_code)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.english)
    }
}

impl std::error::Error for Refusal {}

/// A name from outside as it may appear in a message: control characters become visible escapes.
#[must_use]
pub fn harmless(name: &str) -> String {
    name.escape_debug().collect()
}
