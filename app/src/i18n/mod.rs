//! The two languages of the screen, as a type.
//!
//! A message has both an English and a Chinese text or it does not compile: `messages!` demands both. The language is a
//! value that is handed down with every drawing, so it can be switched while the program runs.

mod messages;

pub use messages::Message;
pub use stack::words::{Lang, Words};

/// The language that `LC_ALL`, `LC_MESSAGES` and `LANG` ask for, in that order; English where they say nothing.
#[must_use]
pub fn lang_of_environment() -> Lang {
    Lang::of_locale(|name| std::env::var(name).ok())
}

impl Message {
    /// The text with `{0}`, `{1}`, ... replaced by `values`; a number without a value stays as written, and so does a name of an
    /// action, such as `{into}`: what shows the text puts its key there (`Keymap::named_in`).
    #[must_use]
    pub fn fill(self, lang: Lang, values: &[&str]) -> String {
        let mut text = self.text(lang).to_owned();
        for (index, value) in values.iter().enumerate() {
            text = text.replace(&format!("{{{index}}}"), value);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::{Group, TABLE, by_id};

    /// Symbols and names that are the same in every language.
    const SAME: &[&str] = &[];

    fn holes(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(hole, _)| hole).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_message_is_translated_and_keeps_its_holes() {
        for message in Message::ALL {
            let (en, zh) = (message.text(Lang::En), message.text(Lang::Zh));
            assert!(!en.is_empty() && !zh.is_empty(), "{message:?} is empty");
            assert!(en != zh || SAME.contains(&en), "{message:?} is not translated: {en}");
            assert_eq!(holes(en), holes(zh), "{message:?} has other holes in Chinese");
            let known = |hole: &&str| hole.parse::<usize>().is_ok() || by_id(hole).is_some();
            assert!(holes(en).iter().all(known), "{message:?} names no action: {en}");
        }
    }

    #[test]
    fn every_action_and_group_is_translated() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for entry in TABLE {
            assert!(chinese(entry.label.zh), "{} has no Chinese label", entry.id);
            assert!(!chinese(entry.label.en), "{} has no English label", entry.id);
        }
        for group in Group::ALL {
            assert_ne!(group.words().en, group.words().zh);
        }
    }

    #[test]
    fn values_fill_the_holes() {
        assert_eq!(Message::StepOf.fill(Lang::En, &["3", "9"]), "step 3/9");
    }
}
