//! A sentence in both languages of the program. What a table or a warning says is written down once, here as a pair, so
//! that no pane has to translate protocol words on its own.

/// One fixed text in English and Chinese. Field symbols (`seq`, `ihl`) stay as they are in both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text {
    /// English.
    pub en: &'static str,
    /// Chinese, with the English symbol of a field beside it.
    pub zh: &'static str,
}

impl Text {
    /// Pairs an English text with its translation.
    pub const fn new(en: &'static str, zh: &'static str) -> Self {
        Self { en, zh }
    }
}
