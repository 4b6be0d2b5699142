//! Which file of a lesson's folder holds the words of which language.

use stack::words::Lang;

/// The name of the file that holds a lesson's words in a language: `en.md`, `zh.md`.
pub(crate) fn file_of(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "en.md",
        Lang::Zh => "zh.md",
    }
}
