//! The end of a lesson: its card says how to walk the run once more and how to compare a drawing, and those keys do it.

use lessons::{Files, Player, Shows, content};
use sockscope::catalog;
use sockscope::i18n::{Lang, Message};
use sockscope::picture::{LadderRow, Pane};
use sockscope::session::Session;
use sockscope::tui::app::App;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::driving::{press, shown};

/// A lesson on the screen, gone through to its end where that is wanted.
fn app(files: Files, to_the_end: bool, lang: Lang) -> App {
    let session = Session::of_lesson(Player::open(files, 7).unwrap(), Box::new(|_| {}));
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang);
    let mut app = App::new(catalog::standard(), Some(session), ui);
    shown(&mut app, (80, 24));
    while to_the_end && !matches!(app.picture().lesson.as_ref().unwrap().shows, Shows::Closing(_)) {
        let asks = app.picture().lesson.as_ref().unwrap().asks();
        press(&mut app, if asks { "Esc" } else { "Space" });
        shown(&mut app, (80, 24));
    }
    app
}

/// Every page of the end card that is still to come; it is left at the last.
fn pages(app: &mut App) -> String {
    let mut pages = Vec::new();
    for _ in 0..6 {
        pages.push(shown(app, (80, 24)));
        press(app, "Space");
    }
    pages.join("\n")
}

#[test]
fn the_end_card_names_the_key_of_the_second_pass_and_that_key_opens_it() {
    let mut early = app(content::named("handshake").unwrap(), false, Lang::En);
    press(&mut early, "o");
    assert_eq!(early.picture().title, "The handshake, from both sides", "elsewhere the key is another's");
    for (lang, told, title) in [
        (Lang::En, "o: the second pass, this run once more", "The handshake, from both sides: second pass"),
        (Lang::Zh, "o：第二遍，把这次运行再走一遍", "从两端看三次握手（第二遍）"),
    ] {
        let mut app = app(content::named("handshake").unwrap(), true, lang);
        let card = pages(&mut app);
        assert!(card.contains(told), "{card}");
        press(&mut app, "o");
        assert_eq!(app.picture().title, title);
        assert!(app.picture().lesson.as_ref().unwrap().asks(), "it begins with a question");
    }
    // The second pass itself offers none.
    let mut second = app(content::named("handshake-again").unwrap(), true, Lang::En);
    assert!(!pages(&mut second).contains("the second pass"));
    press(&mut second, "o");
    assert_eq!(second.ui().message.as_deref(), Some(Message::NotAtTheEnd.text(Lang::En)));
}

#[test]
fn a_lesson_of_ones_own_opens_its_own_second_pass() {
    let mut files = content::named("gate").unwrap();
    for (_, text) in &mut files.files {
        *text = text.replacen("# The gate: int 0x80", "# My own gate", 1).replacen("\"gate\"", "\"mine\"", 1);
    }
    let mut app = app(files, true, Lang::En);
    press(&mut app, "o");
    assert_eq!(app.picture().title, "My own gate: second pass");
}

#[test]
fn the_end_card_names_the_key_that_shows_the_whole_run_to_compare_a_drawing_with() {
    let mut early = app(content::named("handshake").unwrap(), false, Lang::En);
    press(&mut early, "d");
    assert!(!early.ui().zoomed && early.ui().focus != Pane::Ladder);
    let mut app = app(content::named("handshake").unwrap(), true, Lang::En);
    assert!(pages(&mut app).contains("d: the ladder, to compare with"));
    press(&mut app, "d");
    let screen = shown(&mut app, (80, 24));
    assert!(screen.contains("SYN seq=0") && screen.contains("#7") && !screen.contains("On paper"), "{screen}");
    assert!(screen.contains("z leads back to the lesson"), "{screen}");
    let ladder = &app.picture().ladder;
    assert!(!ladder.masked && ladder.rows.iter().all(|row| !matches!(row, LadderRow::State { ahead: true, .. })));
    press(&mut app, "z");
    assert!(shown(&mut app, (80, 24)).contains("d: the ladder"));
}
