//! Keys: how they are written, and which action they mean in a mode.

use std::borrow::Cow;
use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{Action, Entry, Mode, PREFIXES, TABLE, by_id};
pub use super::keys::Keymap;
use crate::config::{Complaint, KeySetting};
use crate::fuzzy::Fuzzy;
use crate::i18n::{Lang, Words};
use crate::refusal::harmless;

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
            // What many terminals send for Backspace; nothing tells the two apart.
            KeyCode::Char('h' | 'H') if event.modifiers.contains(KeyModifiers::CONTROL) => "Backspace".to_owned(),
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

    /// A key by its written form.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.to_owned())
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

impl Default for Keymap {
    fn default() -> Self {
        Self(Arc::new(TABLE.iter().map(|entry| entry.keys.iter().map(|key| Cow::Borrowed(*key)).collect()).collect()))
    }
}

impl Keymap {
    /// The keys of an action, the one to be shown first.
    #[must_use]
    pub fn of(&self, entry: &Entry) -> &[Cow<'static, str>] {
        let place = TABLE.iter().position(|other| other.id == entry.id);
        place.and_then(|place| self.0.get(place)).map_or(&[], Vec::as_slice)
    }

    /// The key shown for an action by its name; empty where it has none.
    #[must_use]
    pub fn shown(&self, id: &str) -> &str {
        by_id(id).and_then(|entry| self.of(entry).first()).map_or("", Cow::as_ref)
    }

    /// A text with the key of an action in the place of its name in braces: `{into}` becomes `s`. An action that has no key is
    /// named as it is found without one, `:into`; what names no action stays as it is written.
    #[must_use]
    pub fn named_in<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            shown.push_str(before);
            match after.split_once('}').filter(|(id, _)| by_id(id).is_some()) {
                Some((id, behind)) => {
                    let key = self.shown(id);
                    if key.is_empty() {
                        shown.push(':');
                    }
                    shown.push_str(if key.is_empty() { id } else { key });
                    rest = behind;
                }
                None => {
                    shown.push('{');
                    rest = after;
                }
            }
        }
        if shown.is_empty() {
            return Cow::Borrowed(text);
        }
        shown.push_str(rest);
        Cow::Owned(shown)
    }

    /// Every action with its keys, in the order of the table.
    pub fn rows(&self) -> impl Iterator<Item = (&'static Entry, &[Cow<'static, str>])> {
        TABLE.iter().zip(self.0.iter().map(Vec::as_slice))
    }

    /// What `key`, pressed after `before`, means in `mode`: the mode's own rows first, then those of the main mode.
    #[must_use]
    pub fn meaning(&self, mode: Mode, before: Option<&Key>, key: &Key) -> Meaning {
        let typed = key.after(before);
        for mode in [mode, Mode::Main] {
            let rows = || self.rows().filter(move |(entry, _)| entry.mode == mode);
            if let Some((entry, _)) = rows().find(|(_, keys)| keys.iter().any(|key| key == typed.name())) {
                return Meaning::Act(entry.action);
            }
            if rows().any(|(_, keys)| keys.iter().any(|written| rest_of(written, &typed).is_some())) {
                return Meaning::Prefix;
            }
        }
        Meaning::Nothing
    }

    /// The keys that may follow those of a prefix, each with the action it means, or the label of what it begins.
    #[must_use]
    pub fn continuations(&self, prefix: &Key) -> Vec<Continuation<'_>> {
        let mut found: Vec<Continuation> = Vec::new();
        for (entry, keys) in self.rows() {
            for rest in keys.iter().filter_map(|written| rest_of(written, prefix)) {
                let (key, label, action) = match rest.split_once(' ') {
                    None => (rest, entry.label, Some(entry.action)),
                    Some((next, _)) => {
                        let longer = Key(next.to_owned()).after(Some(prefix));
                        let known = PREFIXES.iter().find(|(keys, _)| *keys == longer.name());
                        (next, known.map_or(entry.label, |(_, label)| *label), None)
                    }
                };
                if !found.iter().any(|known| known.key == key) {
                    found.push(Continuation { key, label, action });
                }
            }
        }
        found
    }

    /// Gives actions other keys, each setting with the line it stands on. A key that is set belongs to the action that was set
    /// first; any other that had it in the same mode loses it, which is complained of, and so is a key that cannot be pressed.
    pub fn set(&mut self, settings: &[KeySetting], complaints: &mut Vec<Complaint>) {
        let rows = Arc::make_mut(&mut self.0);
        let mut owners: Vec<(usize, &str)> = Vec::new();
        for setting in settings {
            let Some(place) = TABLE.iter().position(|entry| entry.id == setting.action) else { continue };
            let (good, bad): (Vec<_>, Vec<_>) = setting.keys.iter().partition(|key| is_writable(key));
            complaints.extend(bad.into_iter().map(|key| no_key(setting.line, key)));
            let taken = |key: &str| {
                let same =
                    |other: usize| TABLE.get(other).map(|entry| entry.mode) == TABLE.get(place).map(|entry| entry.mode);
                owners.iter().find(|(other, owned)| same(*other) && collide(owned, key)).map(|(other, _)| *other)
            };
            let mut own: Vec<Cow<'static, str>> = Vec::new();
            for key in good {
                match taken(key).and_then(|other| TABLE.get(other)) {
                    Some(other) => complaints.push(clash(setting.line, key, other, &setting.action)),
                    None => own.push(Cow::Owned(key.clone())),
                }
            }
            owners.extend(
                setting.keys.iter().filter(|key| own.iter().any(|had| had == *key)).map(|key| (place, key.as_str())),
            );
            if let Some(row) = rows.get_mut(place) {
                *row = own;
            }
        }
        let set = |place: usize| {
            TABLE.get(place).is_some_and(|entry| settings.iter().any(|setting| setting.action == entry.id))
        };
        for (place, (entry, keys)) in TABLE.iter().zip(rows.iter_mut()).enumerate().filter(|(place, _)| !set(*place)) {
            keys.retain(|key| {
                let owner = owners.iter().find(|(other, owned)| {
                    *other != place
                        && TABLE.get(*other).is_some_and(|other| other.mode == entry.mode)
                        && collide(owned, key)
                });
                let taker = owner.and_then(|(other, owned)| TABLE.get(*other).map(|other| (other, *owned)));
                if let Some((taker, owned)) = taker {
                    let line =
                        settings.iter().find(|setting| setting.action == taker.id).map_or(0, |setting| setting.line);
                    complaints.push(clash(line, owned, entry, taker.id));
                }
                taker.is_none()
            });
        }
        complaints.sort_by_key(|complaint| complaint.line);
    }
}

/// A key that may follow a prefix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Continuation<'a> {
    /// The key.
    pub key: &'a str,
    /// What it does, or what it begins.
    pub label: Words,
    /// The action, where the sequence is complete with it.
    pub action: Option<Action>,
}

/// What is left of a written sequence once `typed` has been pressed; `None` where it begins otherwise.
fn rest_of<'a>(written: &'a str, typed: &Key) -> Option<&'a str> {
    written.strip_prefix(typed.name())?.strip_prefix(' ')
}

/// Whether two written keys cannot both be pressed: they are the same, or one begins the other.
fn collide(one: &str, other: &str) -> bool {
    let begins = |long: &str, short: &str| long.strip_prefix(short).is_some_and(|rest| rest.starts_with(' '));
    one == other || begins(one, other) || begins(other, one)
}

/// Keys with names, as they are written.
pub const NAMED: [&str; 15] = [
    "Space",
    "Enter",
    "Esc",
    "Tab",
    "BackTab",
    "Backspace",
    "Delete",
    "Up",
    "Down",
    "Left",
    "Right",
    "Home",
    "End",
    "PageUp",
    "PageDown",
];

/// Whether a sequence is written as [`Key::from_event`] names keys; Ctrl-c always leaves and is nobody's.
fn is_writable(written: &str) -> bool {
    let one = |key: &str| {
        let single = |mut letters: std::str::Chars| matches!((letters.next(), letters.next()), (Some(letter), None) if !letter.is_control() && letter != ' ');
        let function = key.strip_prefix('F').and_then(|number| number.parse::<u8>().ok());
        let control = key.strip_prefix("Ctrl-");
        NAMED.contains(&key)
            || function.is_some_and(|number| (1..=12).contains(&number))
            || control.is_some_and(|key| {
                key.len() == 1 && key != "c" && key != "h" && key.chars().all(|c| c.is_ascii_lowercase())
            })
            || single(key.chars())
    };
    !written.is_empty() && written.split(' ').all(one)
}

fn no_key(line: usize, key: &str) -> Complaint {
    let key = harmless(key);
    Complaint::new(
        line,
        format!(
            "there is no key \"{key}\" to be set: keys are written like s, Ctrl-t, F11, PageUp or \"g p\"; Ctrl-c always leaves."
        ),
        format!("没有可设置的按键“{key}”：按键写作 s、Ctrl-t、F11、PageUp 或“g p”；Ctrl-c 始终用于退出。"),
    )
}

/// A key that is set for an action, and that another action had.
fn clash(line: usize, key: &str, loser: &Entry, action: &str) -> Complaint {
    let (key, loser) = (harmless(key), loser.id);
    Complaint::new(
        line,
        format!("the key \"{key}\" of \"{action}\" also belongs to \"{loser}\": give one of them another key."),
        format!("“{action}”的按键“{key}”也属于“{loser}”：请给其中一个另设按键。"),
    )
}

/// The rows of the table that match what was typed in the palette or the help, best first.
#[must_use]
pub fn matches(keys: &Keymap, typed: &str, lang: Lang) -> Vec<&'static Entry> {
    if typed.is_empty() {
        return TABLE.iter().collect();
    }
    let hay = |entry: &Entry| match lang {
        Lang::En => format!("{} {}", entry.label.en, entry.id),
        Lang::Zh => format!("{} {} {}", entry.label.zh, entry.id, entry.label.en),
    };
    let hays: Vec<String> = TABLE.iter().map(hay).collect();
    let found = Fuzzy::new(typed).best(hays.iter().map(String::as_str));
    // Who types a key means the key.
    let by_key = TABLE.iter().position(|entry| keys.of(entry).iter().any(|key| key == typed));
    let others = found.into_iter().filter(|place| Some(*place) != by_key);
    by_key.into_iter().chain(others).filter_map(|place| TABLE.get(place)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::Pane;
    use crate::session::motion::{Direction, Motion};

    fn key(name: &str) -> Key {
        Key(name.to_owned())
    }

    fn meaning(mode: Mode, before: Option<&Key>, key: &Key) -> Meaning {
        Keymap::default().meaning(mode, before, key)
    }

    fn matches(typed: &str, lang: Lang) -> Vec<&'static Entry> {
        super::matches(&Keymap::default(), typed, lang)
    }

    fn set(settings: &[(&str, &[&str])]) -> (Keymap, Vec<String>) {
        let settings: Vec<KeySetting> = settings
            .iter()
            .zip(1..)
            .map(|((action, keys), line)| KeySetting {
                action: (*action).to_owned(),
                keys: keys.iter().map(|key| (*key).to_owned()).collect(),
                line,
            })
            .collect();
        let (mut keys, mut complaints) = (Keymap::default(), Vec::new());
        keys.set(&settings, &mut complaints);
        (keys, complaints.iter().map(|complaint| format!("{}: {}", complaint.line, complaint.words.en)).collect())
    }

    #[test]
    fn a_key_that_is_set_means_its_action_and_the_old_one_nothing() {
        let (keys, complaints) = set(&[("into", &["i", "F11"]), ("undo", &["Ctrl-x"])]);
        assert_eq!(complaints, Vec::<String>::new());
        assert_eq!(
            keys.meaning(Mode::Main, None, &key("i")),
            Meaning::Act(Action::Travel(Motion::Into, Direction::Forward))
        );
        assert_eq!(keys.meaning(Mode::Main, None, &key("s")), Meaning::Nothing);
        assert_eq!(keys.shown("into"), "i");
    }

    #[test]
    fn a_key_of_two_actions_is_named_and_belongs_to_the_one_that_was_set() {
        let (keys, complaints) = set(&[("into", &["n"]), ("mark", &["g"]), ("zoom", &["n", "F99"])]);
        assert_eq!(
            keys.meaning(Mode::Main, None, &key("n")),
            Meaning::Act(Action::Travel(Motion::Into, Direction::Forward))
        );
        assert!(complaints[0].starts_with("1: the key \"n\" of \"into\" also belongs to \"over\""), "{complaints:?}");
        assert!(
            complaints.iter().any(|said| said.starts_with("2: the key \"g\" of \"mark\" also belongs to \"start\""))
        );
        assert!(
            complaints.iter().any(|said| said.starts_with("3: the key \"n\" of \"zoom\" also belongs to \"into\""))
        );
        assert!(complaints.iter().any(|said| said.starts_with("3: there is no key \"F99\"")), "{complaints:?}");
        assert_eq!(keys.meaning(Mode::Main, None, &key("g")), Meaning::Act(Action::SetMark));
    }

    #[test]
    fn every_key_of_the_table_can_be_written_in_a_configuration() {
        for (entry, keys) in Keymap::default().rows() {
            assert!(keys.iter().all(|key| is_writable(key)), "{}", entry.id);
        }
        assert!(["", "Ctrl-c", "Ctrl-", "F0", "ab", "g  p", "Ctrl-X"].iter().all(|key| !is_writable(key)));
    }

    #[test]
    fn a_terminal_that_sends_control_h_for_backspace_is_understood() {
        let event = KeyEvent::new(KeyCode::Char('h'), KeyModifiers::CONTROL);
        assert_eq!(Key::from_event(event), Some(key("Backspace")));
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
        let map = Keymap::default();
        let keys = |prefix: &str| map.continuations(&key(prefix)).into_iter().map(|next| next.key).collect::<Vec<_>>();
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
