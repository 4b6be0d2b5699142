//! Why the program will not or cannot do something: one sentence that says what, where, and what to do, in English
//! and in Chinese, with the exit code that belongs to it. Promise: a refusal is always one line, and whatever of a
//! file or an argument stands in it has been made harmless for a terminal. This is the one room that speaks on standard
//! error ([`say`]), and the one that turns what became of a command into an exit code ([`exit`]).

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use crate::i18n::{Lang, Words, lang_of_environment};

/// The exit code of a scene or comparison that failed, and of a stack that died.
pub const EXIT_FAILED: u8 = 1;
/// The exit code of wrong usage or wrong input.
pub const EXIT_USAGE: u8 = 2;
/// The exit code of everything that lacks a privilege or a device.
pub const EXIT_PRIVILEGE: u8 = 3;

/// One sentence in two languages, and the exit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The message.
    pub words: Words<String>,
    /// The exit code that belongs to it.
    pub exit_code: u8,
}

impl Refusal {
    /// A refusal that is the user's to correct (exit code 2).
    #[must_use]
    pub fn usage(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { words: Words::new(en.into(), zh.into()), exit_code: EXIT_USAGE }
    }

    /// The message in the language of the user.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        self.words.text(lang)
    }

    /// Says it in the language of the environment although the program goes on, or is past handing it to anybody.
    pub fn remark(&self) {
        say(self.text(lang_of_environment()));
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.en)
    }
}

impl std::error::Error for Refusal {}

/// Whether an error of reading says that nothing is there: no such file, or a file where a folder on the way to it would be.
#[must_use]
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Says one line on standard error, where words go. One that is closed or full is no reason to fail.
pub fn say(sentence: &str) {
    drop(writeln!(io::stderr().lock(), "sockscope: {sentence}"));
}

/// The exit code of a command that is done, having said in one sentence why where it could not be: the refusal in it, or
/// else the error with the contexts it came through ("what: why: why").
#[must_use]
pub fn exit(done: anyhow::Result<ExitCode>, lang: Lang) -> ExitCode {
    match done {
        Ok(code) => code,
        Err(error) => {
            let (sentence, code) = sentence(&error, lang);
            say(&sentence);
            ExitCode::from(code)
        }
    }
}

/// What is said of an error, and its exit code.
fn sentence(error: &anyhow::Error, lang: Lang) -> (String, u8) {
    if let Some(refusal) = error.chain().find_map(|cause| cause.downcast_ref::<Refusal>()) {
        return (refusal.text(lang).to_owned(), refusal.exit_code);
    }
    let lacks_privilege = error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<io::Error>())
        .any(|cause| cause.kind() == io::ErrorKind::PermissionDenied);
    (harmless(&format!("{error:#}")), if lacks_privilege { EXIT_PRIVILEGE } else { EXIT_USAGE })
}

/// The known name that is most like one that is not known, where one is like enough to have been meant.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let distances = known.into_iter().map(|known| (strsim::damerau_levenshtein(&name, known), known));
    distances.min().filter(|(distance, known)| *distance <= 1 + known.len() / 4).map(|(_, known)| known)
}

/// A name from outside as it may appear in a message: control characters become visible escapes.
#[must_use]
pub fn harmless(name: &str) -> String {
    name.escape_debug().collect()
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::*;

    #[test]
    fn a_refusal_is_found_under_its_contexts() {
        let refusal =
            Refusal { words: Words::new("no device".into(), "没有设备".into()), exit_code: EXIT_PRIVILEGE };
        let error = Err::<(), _>(refusal).context("starting").context("live").unwrap_err();
        assert_eq!(sentence(&error, Lang::En), ("no device".to_owned(), EXIT_PRIVILEGE));
        assert_eq!(sentence(&error, Lang::Zh), ("没有设备".to_owned(), EXIT_PRIVILEGE));
    }

    #[test]
    fn any_other_error_is_said_with_its_chain_on_one_line() {
        let of = |kind: io::ErrorKind| {
            let cause = io::Error::new(kind, "no\nluck\u{1b}");
            sentence(&Err::<(), _>(cause).context("reading x").context("opening").unwrap_err(), Lang::En)
        };
        let said = "opening: reading x: no\\nluck\\u{1b}".to_owned();
        assert_eq!(of(io::ErrorKind::NotFound), (said.clone(), EXIT_USAGE));
        assert_eq!(of(io::ErrorKind::PermissionDenied), (said, EXIT_PRIVILEGE));
    }
}
