//! The two languages of the program, and a text in both of them.
//!
//! Whatever a person reads exists as a pair: it is written down once, beside what it speaks of, and the language is handed
//! down with every question, so that it can be switched while the program runs. Promise: there is no text here that can be
//! had in one language only.

/// A language of the program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Simplified Chinese.
    Zh,
}

impl Lang {
    /// Both, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// The other language.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::En => Self::Zh,
            Self::Zh => Self::En,
        }
    }

    /// The tag shown on the title line and taken by `--lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Reads a tag such as `zh`, `zh_CN.UTF-8` or `en-GB`; anything else is no language of ours.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let head = tag.split(['_', '-', '.', '@']).next().unwrap_or("");
        match head.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Zh),
            "en" | "c" | "posix" => Some(Self::En),
            _ => None,
        }
    }

    /// The language that an environment asks for, as POSIX ranks its variables: the first of `LC_ALL`, `LC_MESSAGES` and
    /// `LANG` that is not empty decides; English where it names no language of ours. `variable` looks one up.
    #[must_use]
    pub fn of_locale(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(variable).find(|value| !value.is_empty());
        set.and_then(|value| Self::from_tag(&value)).unwrap_or_default()
    }
}

/// A text in both languages: `Words` where it is fixed, `Words<String>` where it is put together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Words<Text = &'static str> {
    /// English.
    pub en: Text,
    /// Simplified Chinese; symbols of the kernel stay as they are.
    pub zh: Text,
}

impl<Text> Words<Text> {
    /// Pairs an English text with its translation.
    pub const fn new(en: Text, zh: Text) -> Self {
        Self { en, zh }
    }
}

impl Words {
    /// The text in one language.
    #[must_use]
    pub const fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }

    /// The same pair, to be put together with others.
    #[must_use]
    pub fn owned(self) -> Words<String> {
        Words::new(self.en.to_owned(), self.zh.to_owned())
    }
}

impl Words<String> {
    /// The text in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.en,
            Lang::Zh => &self.zh,
        }
    }

    /// The text in one language, the other thrown away.
    #[must_use]
    pub fn into_text(self, lang: Lang) -> String {
        match lang {
            Lang::En => self.en,
            Lang::Zh => self.zh,
        }
    }
}

/// How many cells of a terminal a text fills: Chinese characters and their punctuation are two wide, all others one. Text
/// that came from outside must have been made visible before.
#[must_use]
pub fn cells(text: &str) -> usize {
    text.chars().map(|letter| if is_wide(letter) { 2 } else { 1 }).sum()
}

/// East Asian wide and full-width characters, as far as the program writes them.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_names_its_language() {
        assert_eq!(Lang::from_tag("zh_CN.UTF-8"), Some(Lang::Zh));
        assert_eq!(Lang::from_tag("C.UTF-8"), Some(Lang::En));
        assert_eq!(Lang::from_tag("de_DE"), None);
        let set = |all: &'static str, lang: &'static str| {
            Lang::of_locale(|name| Some(if name == "LANG" { lang } else { all }.to_owned()))
        };
        assert_eq!([set("", "zh_CN"), set("C", "zh_CN"), set("de_DE", "zh_CN")], [Lang::Zh, Lang::En, Lang::En]);
    }

    #[test]
    fn chinese_is_twice_as_wide() {
        assert_eq!(cells("sk#2：“到达”。"), 4 + 2 + 1 + 4 + 1 + 2);
    }

    #[test]
    fn a_pair_gives_either_of_its_texts() {
        let words = Words::new("frame", "帧");
        assert_eq!((words.text(Lang::En), words.text(Lang::Zh)), ("frame", "帧"));
        assert_eq!(words.owned().into_text(Lang::Zh), "帧");
    }
}
