//! The sentences of the stack (summaries of functions and notes of branches) in Chinese.
//!
//! The stack writes them in English, once, beside the code. A sentence that has no translation yet is shown as it is.

use super::Lang;

/// The sentence in a language.
#[must_use]
pub fn sentence(english: &'static str, lang: Lang) -> &'static str {
    match lang {
        Lang::En => english,
        Lang::Zh => SENTENCES.iter().find(|(en, _)| *en == english).map_or(english, |(_, zh)| *zh),
    }
}

const SENTENCES: &[(&str, &str)] = &[];
