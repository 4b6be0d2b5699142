//! Keys: how they are written, and which action they mean in a mode.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{
    Action, Entry, HINTS_BRANCHES, HINTS_LADDER, HINTS_MAIN, HINTS_QUIZ, HINTS_TIMERS, Mode, PREFIXES, TABLE, by_id,
};
use crate::i18n::{Lang, Words};

/// One key as the table writes it: `s`, `Ctrl-t`, `F11`, `PageUp`; or the keys of a sequence so far: `g p`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

/// What a key means after the keys pressed before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// An action.
    Act(Action),
    /// The beginning of a longer sequence.
    Prefix,
    /// Nothing.
    Nothing,
}

impl Key {
    /// The written form of a key event; `None` for keys that no table row can name.
    #[must_use]
    pub fn from_event(event: KeyEvent) -> Option<Self> {
        if event.modifiers.contains(KeyModifiers::ALT) {
            return None;
        }
        let name = match event.code {
            KeyCode::Char(' ') => "Space".to_owned(),
            KeyCode::Char(character) if event.modifiers.contains(KeyModifiers::CONTROL) => {
                format!("Ctrl-{}", character.to_ascii_lowercase())
            }
            KeyCode::Char(character) => character.to_string(),
            KeyCode::F(number) => format!("F{number}"),
            KeyCode::Enter => "Enter".to_owned(),
            KeyCode::Esc => "Esc".to_owned(),
            KeyCode::Tab => "Tab".to_owned(),
            KeyCode::BackTab => "BackTab".to_owned(),
            KeyCode::Backspace => "Backspace".to_owned(),
            KeyCode::Delete => "Delete".to_owned(),
            KeyCode::Up => "Up".to_owned(),
            KeyCode::Down => "Down".to_owned(),
            KeyCode::Left => "Left".to_owned(),
            KeyCode::Right => "Right".to_owned(),
            KeyCode::Home => "Home".to_owned(),
            KeyCode::End => "End".to_owned(),
            KeyCode::PageUp => "PageUp".to_owned(),
            KeyCode::PageDown => "PageDown".to_owned(),
            _ => return None,
        };
        Some(Self(name))
    }

    /// This key after those pressed before it, as one sequence.
    #[must_use]
    pub fn after(&self, before: Option<&Self>) -> Self {
        Self(before.map_or_else(|| self.0.clone(), |before| format!("{} {}", before.0, self.0)))
    }

    /// The written form.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// What `key`, pressed after `before`, means in `mode`: the mode's own rows first, then those of the main mode.
#[must_use]
pub fn meaning(mode: Mode, before: Option<&Key>, key: &Key) -> Meaning {
    let typed = key.after(before);
    for mode in [mode, Mode::Main] {
        let rows = || TABLE.iter().filter(move |entry| entry.mode == mode);
        if let Some(entry) = rows().find(|entry| entry.keys.contains(&typed.name())) {
            return Meaning::Act(entry.action);
        }
        if rows().any(|entry| entry.keys.iter().any(|written| rest_of(written, &typed).is_some())) {
            return Meaning::Prefix;
        }
    }
    Meaning::Nothing
}

/// What is left of a written sequence once `typed` has been pressed; `None` where it begins otherwise.
fn rest_of<'a>(written: &'a str, typed: &Key) -> Option<&'a str> {
    written.strip_prefix(typed.name())?.strip_prefix(' ')
}

/// The keys that may follow those of a prefix, each with the label of what it does or of what it begins.
#[must_use]
pub fn continuations(prefix: &Key) -> Vec<(&'static str, Words)> {
    let mut found: Vec<(&str, Words)> = Vec::new();
    for entry in TABLE {
        for rest in entry.keys.iter().filter_map(|written| rest_of(written, prefix)) {
            let (next, label) = match rest.split_once(' ') {
                None => (rest, entry.label),
                Some((next, _)) => {
                    let longer = Key(next.to_owned()).after(Some(prefix));
                    let known = PREFIXES.iter().find(|(keys, _)| *keys == longer.name());
                    (next, known.map_or(entry.label, |(_, label)| *label))
                }
            };
            if !found.iter().any(|(key, _)| *key == next) {
                found.push((next, label));
            }
        }
    }
    found
}

/// The hints of the footer of a mode, best first; the last two are always shown.
#[must_use]
pub fn footer(mode: Mode, lang: Lang) -> Vec<(&'static Entry, &'static str)> {
    let hints = match mode {
        Mode::Main => HINTS_MAIN,
        Mode::Ladder => HINTS_LADDER,
        Mode::Timers => HINTS_TIMERS,
        Mode::Branches => HINTS_BRANCHES,
        Mode::Quiz => HINTS_QUIZ,
        Mode::Home => &[],
    };
    hints.iter().filter_map(|(id, words)| by_id(id).map(|entry| (entry, words.text(lang)))).collect()
}

/// How well `needle` matches `hay` as a subsequence: higher is better, `None` where it does not. An empty needle
/// matches everything equally.
#[must_use]
pub fn fuzzy(needle: &str, hay: &str) -> Option<i32> {
    let hay: Vec<char> = hay.to_lowercase().chars().collect();
    let mut score = 0;
    let mut from = 0;
    let mut last = None;
    for wanted in needle.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let at = from + hay.get(from..)?.iter().position(|&c| c == wanted)?;
        let starts_word = at == 0 || hay.get(at - 1).is_some_and(|c| !c.is_alphanumeric());
        score += 1 + if starts_word { 8 } else { 0 } + if last.is_some_and(|last| last + 1 == at) { 5 } else { 0 };
        last = Some(at);
        from = at + 1;
    }
    Some(score * 4 - i32::try_from(hay.len()).unwrap_or(i32::MAX).min(200))
}

/// The rows of the table that match what was typed in the palette or the help, best first.
#[must_use]
pub fn matches(typed: &str, lang: Lang) -> Vec<&'static Entry> {
    let mut found: Vec<(i32, usize, &Entry)> = TABLE
        .iter()
        .enumerate()
        .filter_map(|(order, entry)| {
            let by_key = entry.keys.contains(&typed).then_some(10_000);
            let hay = format!("{} {} {}", entry.label.text(lang), entry.id, entry.label.en);
            by_key.or_else(|| fuzzy(typed, &hay)).map(|score| (score, order, entry))
        })
        .collect();
    if !typed.is_empty() {
        found.sort_by_key(|(score, order, _)| (-score, *order));
    }
    found.into_iter().map(|(_, _, entry)| entry).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Pane;
    use crate::session::motion::{Direction, Motion};

    fn key(name: &str) -> Key {
        Key(name.to_owned())
    }

    #[test]
    fn no_two_actions_of_a_mode_share_a_key() {
        for mode in Mode::ALL {
            let mut seen: Vec<(&str, &str)> = Vec::new();
            for entry in TABLE.iter().filter(|entry| entry.mode == mode) {
                for written in entry.keys {
                    if let Some((_, other)) = seen.iter().find(|(key, _)| key == written) {
                        panic!("{mode:?}: {written} means both {other} and {}", entry.id);
                    }
                    seen.push((written, entry.id));
                }
            }
            for (written, id) in &seen {
                for (at, _) in written.match_indices(' ') {
                    let prefix = &written[..at];
                    assert!(!seen.iter().any(|(other, _)| *other == prefix), "{mode:?}: {prefix} of {id} is taken");
                    assert!(PREFIXES.iter().any(|(keys, _)| *keys == prefix), "{prefix} of {id} has no label");
                }
            }
        }
    }

    #[test]
    fn ids_are_unique_and_every_action_is_reachable_from_the_palette() {
        for entry in TABLE {
            assert_eq!(TABLE.iter().filter(|other| other.id == entry.id).count(), 1, "{}", entry.id);
            let best = matches(entry.id, Lang::En);
            assert!(best.iter().any(|found| found.id == entry.id), "{}", entry.id);
        }
    }

    #[test]
    fn every_hint_names_an_action() {
        for hints in [HINTS_MAIN, HINTS_LADDER, HINTS_TIMERS, HINTS_BRANCHES, HINTS_QUIZ] {
            for (id, words) in hints {
                assert!(by_id(id).is_some_and(|entry| !entry.keys.is_empty()), "{id}");
                assert_ne!(words.en, words.zh, "{id}");
            }
        }
    }

    #[test]
    fn every_motion_has_a_twin_of_the_same_size() {
        let has = |motion, direction| TABLE.iter().any(|entry| entry.action == Action::Travel(motion, direction));
        for entry in TABLE {
            if let Action::Travel(motion, _) = entry.action {
                assert!(has(motion, Direction::Forward) && has(motion, Direction::Backward), "{motion:?}");
            }
        }
    }

    #[test]
    fn a_mode_asks_its_own_rows_first() {
        assert_eq!(meaning(Mode::Main, None, &key("a")), Meaning::Act(Action::Host));
        assert_eq!(meaning(Mode::Quiz, None, &key("a")), Meaning::Act(Action::Choose(0)));
        assert_eq!(meaning(Mode::Quiz, None, &key("z")), Meaning::Act(Action::Zoom));
        assert_eq!(meaning(Mode::Main, None, &key("g")), Meaning::Prefix);
        assert_eq!(
            meaning(Mode::Main, Some(&key("g")), &key("g")),
            Meaning::Act(Action::Travel(Motion::End, Direction::Backward))
        );
        assert_eq!(meaning(Mode::Main, Some(&key("g")), &key("q")), Meaning::Nothing);
        assert_eq!(meaning(Mode::Main, Some(&key("g")), &key("p")), Meaning::Prefix);
        assert_eq!(meaning(Mode::Main, Some(&key("g p")), &key("b")), Meaning::Act(Action::Pane(Pane::Bytes)));
        assert_eq!(meaning(Mode::Main, Some(&key("g p")), &key("z")), Meaning::Nothing);
    }

    #[test]
    fn the_panel_after_a_prefix_lists_each_next_key_once() {
        let keys = |prefix: &str| continuations(&key(prefix)).into_iter().map(|(next, _)| next).collect::<Vec<_>>();
        assert_eq!(keys("g").iter().filter(|next| **next == "p").count(), 1);
        assert_eq!(keys("g p").len(), Pane::ALL.len());
    }

    #[test]
    fn the_palette_finds_by_label_by_key_and_in_both_languages() {
        assert_eq!(matches("z", Lang::En)[0].id, "zoom");
        assert_eq!(matches("nex sta", Lang::En)[0].id, "state");
        assert_eq!(matches("放大", Lang::Zh)[0].id, "zoom");
        assert!(matches("qqqq", Lang::En).is_empty());
    }
}
