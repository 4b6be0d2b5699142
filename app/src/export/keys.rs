//! The program as a person uses it, without a terminal: keys pressed one after the other, and the screen after each. A film of it
//! shows the real screens, since it is the program that plays.
//!
//! A script of keys is a list of words:
//!
//! | word | means |
//! |---|---|
//! | `s`, `Enter`, `Ctrl-g`, `]` | that key, as the help writes it; the picture then stays for [`STAY`] |
//! | `type:TEXT` | the letters of the text one after the other; `_` is a blank |
//! | `wait:SECONDS` | nothing is pressed for so long; what plays plays on |
//! | `say:TEXT` | a caption from here on (a marker of the film); `_` is a blank |
//!
//! Promise: the same script gives the same film: time is counted here, never taken from a clock.

use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::refusal::{Refusal, harmless};
use crate::tui::app::App;
use crate::tui::event::ScreenEvent;
use crate::tui::keymap::{Key, NAMED};

/// Seconds that a picture stays after a key.
pub const STAY: f64 = 1.1;
/// Seconds between two letters that are typed.
const LETTER: f64 = 0.12;
/// The longest wait that can be asked for, in seconds.
const LONGEST: f64 = 600.0;

/// The first minute of a stranger: home, a page that is fetched, frames and states both ways, a SYN that is lost, why, and the two
/// runs side by side.
const FIRST_MINUTE: &str = "say:Home:_lessons,_a_gallery_of_scenes,_live,_your_files wait:3 \
    say:Enter:_two_hosts_with_the_stack_of_Linux_1.2.13,_function_by_function Enter wait:4 p \
    say:]_walks_from_frame_to_frame ] ] say:[_walks_back:_any_moment_is_computed_again [ wait:1 ] ] \
    say:>_goes_to_the_next_change_of_a_state > > say:<_undoes_it < wait:1 \
    say:In_the_ladder_the_past_can_be_changed:_d_loses_the_SYN_on_the_wire 4 [ wait:1 d wait:2 \
    say:t:_the_timer_that_was_set_before_it_left_fires t wait:1 ] wait:1 \
    say:A_asks_why A wait:1 Enter wait:4 Esc \
    say:g_c_compares_with_the_run_as_it_was:_the_first_difference_is_lit g c wait:1 Enter wait:4 Esc \
    say:S_goes_back,_function_by_function S S S \
    say:L_speaks_Chinese L wait:3";

/// A script of keys by the name of the tour it plays.
#[must_use]
pub fn tour(name: &str) -> Option<&'static str> {
    (name == "first-minute").then_some(FIRST_MINUTE)
}

/// One word of a script.
#[derive(Clone, Debug, PartialEq)]
pub enum Stroke {
    /// A key.
    Press(String),
    /// A text.
    Type(String),
    /// Seconds without a key.
    Wait(f64),
    /// A caption.
    Say(String),
}

/// Reads a script of keys.
///
/// # Errors
/// One sentence: the word that means nothing.
pub fn script(text: &str) -> Result<Vec<Stroke>, Refusal> {
    let strokes = text.split_whitespace().map(|word| stroke(word).ok_or_else(|| misread(word)));
    let strokes: Vec<Stroke> = strokes.collect::<Result<_, _>>()?;
    if strokes.is_empty() { Err(misread("")) } else { Ok(strokes) }
}

fn stroke(word: &str) -> Option<Stroke> {
    let blanks = |text: &str| text.replace('_', " ");
    if let Some(text) = word.strip_prefix("type:").filter(|text| !text.is_empty()) {
        return Some(Stroke::Type(blanks(text)));
    }
    if let Some(text) = word.strip_prefix("say:") {
        return Some(Stroke::Say(blanks(text)));
    }
    if let Some(seconds) = word.strip_prefix("wait:") {
        let seconds = seconds.parse::<f64>().ok()?;
        return (0.0..=LONGEST).contains(&seconds).then_some(Stroke::Wait(seconds));
    }
    is_key(word).then(|| Stroke::Press(word.to_owned()))
}

/// Whether a word is a key as the help writes it.
#[must_use]
pub fn is_key(word: &str) -> bool {
    let is_one = |word: &str| word.chars().count() == 1;
    let is_function = word.strip_prefix('F').is_some_and(|number| number.parse::<u8>().is_ok());
    is_one(word) || word.strip_prefix("Ctrl-").is_some_and(is_one) || is_function || NAMED.contains(&word)
}

fn misread(word: &str) -> Refusal {
    let shown = harmless(word);
    Refusal::usage(
        format!(
            "--keys does not understand \"{shown}\": it takes keys as the help writes them, type:TEXT, wait:SECONDS and say:TEXT."
        ),
        format!("--keys 不理解“{shown}”：可用帮助中所写的按键，以及 type:文本、wait:秒数、say:文本。"),
    )
}

/// What was filmed.
#[derive(Clone, Debug, Default)]
pub struct Takes {
    /// Every picture that differs from the one before, with its time in seconds.
    pub pictures: Vec<(f64, Buffer)>,
    /// What is said, and from when on.
    pub captions: Vec<(f64, String)>,
    /// When the film ends.
    pub end: f64,
}

impl Takes {
    /// Takes a picture where it differs from the one before.
    fn shoot(&mut self, app: &mut App, area: Rect) {
        let mut picture = Buffer::empty(area);
        app.draw(area, &mut picture);
        if self.pictures.last().is_none_or(|(_, last)| *last != picture) {
            self.pictures.push((self.end, picture));
        }
    }

    /// Lets time pass, and what plays play on.
    fn pass(&mut self, app: &mut App, area: Rect, seconds: f64) {
        let until = self.end + seconds;
        while let Some(rest) = app.patience().map(|rest| rest.as_secs_f64()).filter(|rest| self.end + rest <= until) {
            self.end += rest;
            app.handle(ScreenEvent::Time);
            settle(app);
            self.shoot(app, area);
        }
        self.end = until;
    }
}

/// Lets a search come to its end: nobody films how long it takes here.
fn settle(app: &mut App) {
    while app.patience() == Some(Duration::ZERO) {
        app.handle(ScreenEvent::Time);
    }
}

/// Plays a script of keys on the screen.
pub fn play(app: &mut App, area: Rect, script: &[Stroke]) -> Takes {
    let mut takes = Takes::default();
    takes.shoot(app, area);
    let mut is_begun = false;
    for stroke in script {
        match stroke {
            Stroke::Say(caption) => takes.captions.push((takes.end, caption.clone())),
            Stroke::Wait(seconds) => takes.pass(app, area, *seconds),
            Stroke::Type(text) => {
                for letter in text.chars() {
                    let name = if letter == ' ' { "Space".to_owned() } else { letter.to_string() };
                    app.press(&Key::named(&name));
                    settle(app);
                    takes.shoot(app, area);
                    takes.pass(app, area, LETTER);
                }
            }
            Stroke::Press(key) => {
                app.press(&Key::named(key));
                settle(app);
                takes.shoot(app, area);
                // Behind a key that begins others the next one follows at once, so that no panel comes between them.
                is_begun = app.ui().prefix.is_some();
                if !is_begun {
                    takes.pass(app, area, STAY);
                }
            }
        }
    }
    if is_begun {
        takes.end += STAY;
    }
    takes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_read_and_a_word_without_meaning_is_named() {
        let read = script("s ] Ctrl-g type:a_b wait:1.5 say:x_y").unwrap();
        let expected = [
            Stroke::Press("s".to_owned()),
            Stroke::Press("]".to_owned()),
            Stroke::Press("Ctrl-g".to_owned()),
            Stroke::Type("a b".to_owned()),
            Stroke::Wait(1.5),
            Stroke::Say("x y".to_owned()),
        ];
        assert_eq!(read, expected);
        for wrong in ["", "nothing", "wait:x", "wait:-1", "type:"] {
            assert!(script(wrong).is_err(), "{wrong:?} is taken");
        }
        assert!(script(tour("first-minute").unwrap()).is_ok() && tour("other").is_none());
    }
}
