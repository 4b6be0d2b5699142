//! What the terminal answers when it is asked for its background and for the width of a character.
//!
//! The questions are written behind the first picture (`Screen::ask`); nothing waits for them. The answer to OSC 11 comes among
//! the keys whenever it comes: crossterm, which knows no such answer, takes it for keys, so it is picked out of them here, in whatever
//! pieces. A terminal that never answers costs nothing, one that answers late types nothing, and what was typed meanwhile is kept.
//! That is why `terminal-colorsaurus` is not asked: it reads the terminal itself, with a deadline, drops what was typed before the
//! answer and leaves what comes after the deadline to be read as keys. Its reading of colours, the crate `xterm-color`, is used.
//!
//! The place of the cursor is asked for with crossterm, which keeps the keys that come meanwhile and gives up after two seconds.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use xterm_color::Color;

/// What a terminal says of itself when it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Whether its background is light.
    IsLight(bool),
    /// Whether it draws characters of ambiguous width over two cells.
    IsAmbiguousWide(bool),
}

/// What is heard of the terminal.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Heard {
    /// What is no answer.
    Event(Event),
    /// An answer.
    Found(Finding),
}

/// What a terminal was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// Its background.
    pub colour: bool,
    /// The width of a character of ambiguous width.
    pub width: bool,
}

/// The longest answer, in characters; what is longer is none.
const LONGEST: usize = 40;
/// How every answer begins after `ESC ]`.
const HEAD: &str = "11;rgb";

/// The keys, with the answer picked out of them.
pub(super) struct Answers {
    /// Whether an answer may still come.
    awaits: bool,
    /// The keys of an answer so far, in case they are none.
    held: Vec<Event>,
    /// What they spell, `ESC ]` left out.
    text: String,
}

impl Answers {
    pub(super) fn new(awaits: bool) -> Self {
        Self { awaits, held: Vec::new(), text: String::new() }
    }

    /// What becomes of an event: itself, nothing while it may belong to an answer, the answer, or all that was held back.
    pub(super) fn sort_out(&mut self, event: Event) -> Vec<Heard> {
        let Some(key) = event.as_key_event().filter(|key| self.awaits && key.kind != KeyEventKind::Release) else {
            return vec![Heard::Event(event)];
        };
        if self.held.is_empty() {
            if key.code == KeyCode::Char(']') && key.modifiers.contains(KeyModifiers::ALT) {
                self.held.push(event);
                return Vec::new();
            }
            return vec![Heard::Event(event)];
        }
        self.held.push(event);
        match self.take(key) {
            Taken::More => Vec::new(),
            Taken::Whole => {
                self.awaits = false;
                self.held.clear();
                background(&self.text).map(Heard::Found).into_iter().collect()
            }
            Taken::Nothing => {
                self.text.clear();
                std::mem::take(&mut self.held).into_iter().map(Heard::Event).collect()
            }
        }
    }

    fn take(&mut self, key: KeyEvent) -> Taken {
        let (alt, control) = (key.modifiers.contains(KeyModifiers::ALT), key.modifiers.contains(KeyModifiers::CONTROL));
        match key.code {
            // BEL ends it, or ESC and a backslash, together or one after the other.
            KeyCode::Char('g') if control => Taken::Whole,
            KeyCode::Char('\\') => Taken::Whole,
            KeyCode::Esc => Taken::More,
            KeyCode::Char(letter) if !alt && !control && self.goes_on(letter) => {
                self.text.push(letter);
                Taken::More
            }
            _ => Taken::Nothing,
        }
    }

    /// Whether an answer may go on so.
    fn goes_on(&self, letter: char) -> bool {
        match HEAD.chars().nth(self.text.chars().count()) {
            Some(wanted) => letter == wanted,
            None => self.text.len() < LONGEST && (letter.is_ascii_hexdigit() || matches!(letter, ':' | '/')),
        }
    }
}

enum Taken {
    More,
    Whole,
    Nothing,
}

/// What the answer to OSC 11 says.
fn background(text: &str) -> Option<Finding> {
    let colour = Color::parse(text.strip_prefix("11;")?.as_bytes()).ok()?;
    Some(Finding::IsLight(colour.perceived_lightness() > 0.5))
}

/// Where the cursor stands after the one character that was written at the left edge: in the second column, or in the third.
pub(super) fn width() -> Option<Finding> {
    let (column, _) = crossterm::cursor::position().ok()?;
    Some(Finding::IsAmbiguousWide(column == 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn typed(text: &str) -> Vec<Event> {
        text.chars().map(|letter| key(KeyCode::Char(letter), KeyModifiers::NONE)).collect()
    }

    fn sorted(answers: &mut Answers, events: Vec<Event>) -> Vec<Heard> {
        events.into_iter().flat_map(|event| answers.sort_out(event)).collect()
    }

    fn kept(events: Vec<Event>) -> Vec<Heard> {
        events.into_iter().map(Heard::Event).collect()
    }

    fn answer(colour: &str, end: &[Event]) -> Vec<Event> {
        let mut events = vec![key(KeyCode::Char(']'), KeyModifiers::ALT)];
        events.extend(typed(&format!("11;rgb:{colour}")));
        events.extend_from_slice(end);
        events
    }

    #[test]
    fn an_answer_is_picked_out_of_the_keys_however_it_ends() {
        let bell = [key(KeyCode::Char('g'), KeyModifiers::CONTROL)];
        let together = [key(KeyCode::Char('\\'), KeyModifiers::ALT)];
        let apart = [key(KeyCode::Esc, KeyModifiers::NONE), key(KeyCode::Char('\\'), KeyModifiers::NONE)];
        for end in [&bell[..], &together, &apart] {
            let mut answers = Answers::new(true);
            assert_eq!(sorted(&mut answers, typed("s")), kept(typed("s")));
            let found = sorted(&mut answers, answer("fbfb/f9f9/F4f4", end));
            assert_eq!(found, [Heard::Found(Finding::IsLight(true))]);
            assert_eq!(sorted(&mut answers, typed("1]")), kept(typed("1]")));
        }
        let found = sorted(&mut Answers::new(true), answer("1c1c/1c/1c", &bell));
        assert_eq!(found, [Heard::Found(Finding::IsLight(false))]);
    }

    #[test]
    fn keys_that_are_no_answer_are_not_swallowed() {
        let mut events = vec![key(KeyCode::Char(']'), KeyModifiers::ALT)];
        events.extend(typed("11s"));
        assert_eq!(sorted(&mut Answers::new(true), events.clone()), kept(events.clone()));
        assert_eq!(sorted(&mut Answers::new(false), events.clone()), kept(events), "nothing was asked");
    }
}
