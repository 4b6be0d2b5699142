//! Every lesson that ships, played from its first beat to its end card in a real pseudo-terminal: all right, all wrong, all skipped,
//! and killed in the middle and opened again; in both languages, at 80x24 and at 160x45.
//!
//! Each lesson is played in every way once, and languages and sizes take turns. `SOCKSCOPE_PLAYS=all` plays the whole matrix, and
//! `SOCKSCOPE_LESSON=07` only the lessons whose folder has that in its name.
//! Promise: nothing here goes by the clock; what is pressed next waits for what has to come on the screen.
#![cfg(target_os = "linux")]

#[path = "lesson_play/doing.rs"]
mod doing;
mod folder;
mod lesson_command;
#[path = "lesson_play/reading.rs"]
mod reading;
#[path = "lesson_play/script.rs"]
mod script;
#[path = "pseudo_terminal/terminal.rs"]
mod terminal;
#[path = "lesson_play/truths.rs"]
mod truths;

use lessons::content;
use script::{Play, Way};
use sockscope::i18n::Lang;

/// In what a lesson is played.
const LOOKS: [(Lang, (u16, u16)); 4] =
    [(Lang::En, (80, 24)), (Lang::Zh, (160, 45)), (Lang::Zh, (80, 24)), (Lang::En, (160, 45))];

/// Plays every second lesson in a way, the others in the test beside it; says of every play that stopped where it did.
fn played(way: Way, parity: usize) {
    let all = std::env::var("SOCKSCOPE_PLAYS").is_ok_and(|plays| plays == "all");
    let only = std::env::var("SOCKSCOPE_LESSON").ok();
    let mut stuck = Vec::new();
    for (place, files) in content::all().into_iter().enumerate().filter(|(place, _)| place % 2 == parity) {
        if only.as_ref().is_some_and(|only| !files.folder.contains(only.as_str())) {
            continue;
        }
        // The turn of a lesson, another one in each way.
        let turn = place / 2 + Way::ALL.iter().position(|other| *other == way).unwrap_or(0);
        for (_, (lang, size)) in LOOKS.into_iter().enumerate().filter(|(look, _)| all || turn % LOOKS.len() == *look) {
            let play = Play { files: files.clone(), way, lang, size };
            stuck.extend(play.play().err());
        }
    }
    assert!(stuck.is_empty(), "{} plays did not come to a good end:\n\n{}", stuck.len(), stuck.join("\n\n"));
}

macro_rules! plays {
    ($($name:ident $way:ident $parity:literal)*) => {$(
        #[test]
        fn $name() {
            played(Way::$way, $parity);
        }
    )*};
}

plays! {
    odd_lessons_are_played_rightly Right 0
    even_lessons_are_played_rightly Right 1
    odd_lessons_are_played_wrongly Wrong 0
    even_lessons_are_played_wrongly Wrong 1
    odd_lessons_are_skipped Skipped 0
    even_lessons_are_skipped Skipped 1
    odd_lessons_survive_a_kill Killed 0
    even_lessons_survive_a_kill Killed 1
}
