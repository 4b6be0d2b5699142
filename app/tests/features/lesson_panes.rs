//! What a lesson shows: its panes, each always in the same place, and the one that a beat looks at among them.

use std::collections::BTreeMap;

use lessons::{Player, Shows, content};
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::session::Session;
use sockscope::tui::app::App;
use sockscope::tui::panes::lesson;
use sockscope::tui::screen;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::driving::{press, shown};

fn app(name: &str) -> App {
    let player = Player::open(content::named(name).unwrap(), 7).unwrap();
    let session = Session::of_lesson(player, Box::new(|_| {}));
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En))
}

/// The panes on a screen of a size: of each where it begins and how wide it is.
fn panes(app: &App, (width, height): (u16, u16)) -> Vec<(Pane, (u16, u16))> {
    let layout = screen::layout(Rect::new(0, 0, width, height), app.ui(), app.picture());
    layout.panes.into_iter().map(|(pane, area)| (pane, (area.x, area.width))).collect()
}

#[test]
fn a_lesson_has_its_panes_and_none_of_them_ever_moves() {
    for name in content::all().into_iter().map(|files| files.folder) {
        for size in [(80, 24), (120, 35), (160, 45), (200, 60)] {
            let mut app = app(&name);
            shown(&mut app, size);
            let mut places: BTreeMap<usize, (u16, u16)> = BTreeMap::new();
            for _ in 0..60 {
                let lesson = app.picture().lesson.clone().unwrap();
                let standing = panes(&app, size);
                for (pane, place) in &standing {
                    let first = *places.entry(pane.index()).or_insert(*place);
                    assert_eq!(first, *place, "{name}, beat {}: {pane:?} has moved", lesson.beat);
                }
                let stands = |pane: &Pane| standing.iter().any(|(standing, _)| standing == pane);
                assert!(
                    lesson.pane.is_none_or(|pane| stands(&pane)),
                    "{name}, beat {}: its pane is hidden",
                    lesson.beat
                );
                let of_lesson = lesson.panes.iter().filter(|pane| stands(pane)).count();
                let all = if size.0 < 120 { 2 } else { lesson.panes.len() };
                assert_eq!(of_lesson, all, "{name}, beat {}: {standing:?}", lesson.beat);
                if matches!(lesson.shows, lessons::Shows::Closing(_)) {
                    break;
                }
                // A beat that asks is skipped, any other passed by.
                press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
                shown(&mut app, size);
            }
            assert!(places.len() > 2, "{name}");
        }
    }
}

#[test]
fn the_sock_that_is_asked_about_is_in_the_list_of_socks() {
    let mut app = app("handshake");
    press(&mut app, "Space Space");
    let asked = shown(&mut app, (80, 24));
    assert!(asked.contains("What does B do") && asked.contains("B/sk#2  TCP LISTEN"), "{asked}");
    press(&mut app, "b 3 Enter");
    let told = shown(&mut app, (80, 24));
    assert!(told.contains("B/sk#2  TCP LISTEN") && told.contains("B/sk#4  TCP SYN_RECV"), "{told}");
}

#[test]
fn the_end_of_a_lesson_says_what_one_knows_and_leads_to_the_next() {
    let mut app = app("gate");
    shown(&mut app, (80, 24));
    // The first question is answered wrongly, the others are skipped.
    press(&mut app, "Space a 3 Enter");
    for _ in 0..40 {
        let lesson = app.picture().lesson.clone().unwrap();
        if matches!(lesson.shows, lessons::Shows::Closing(_)) {
            break;
        }
        press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
    }
    let mut pages = Vec::new();
    for _ in 0..5 {
        pages.push(shown(&mut app, (80, 24)));
        press(&mut app, "Space");
    }
    let behind = shown(&mut app, (80, 24));
    assert!(behind.contains("› n: the next lesson, socket"), "{behind}");
    assert!(behind.contains("On paper") && pages[4].contains("On paper"), "{behind}");
    let end = pages.join("\n");
    for part in [
        "Now you know",
        "EAX holds 102 for every socket call",
        "✗ a vector for each call: call",
        "→ one gate for all, vector 0x80; interrupts stay on inside a call",
        "· skipped",
        "Look again at: beat 2 · beat 3",
        "n: the next lesson, socket",
        "sockscope lesson gate --report FILE",
    ] {
        assert!(end.contains(part), "{part}\n{end}");
    }
    press(&mut app, "Backspace");
    assert_eq!(shown(&mut app, (80, 24)), pages[3], "a page back");
    press(&mut app, "n");
    // At whatever beat the person at this machine has left it.
    assert_eq!(app.picture().lesson.as_ref().map(|lesson| lesson.title.as_str()), Some("socket(): three objects"));
}

#[test]
fn a_pane_opens_at_what_is_asked_about() {
    let mut app = app("gate");
    shown(&mut app, (80, 24));
    while app.picture().lesson.as_ref().unwrap().beat < 6 {
        let asks = app.picture().lesson.as_ref().unwrap().asks();
        press(&mut app, if asks { "Esc" } else { "Space" });
    }
    let asked = shown(&mut app, (80, 24));
    assert!(
        asked.contains("Is it lost") || asked.contains("bh_active"),
        "the question about the bottom halves\n{asked}"
    );
    assert!(asked.contains("bh_active  "), "below the fold of the pane Cpu\n{asked}");
}

/// Every state of a lesson in which it asks or answers: as it stands, under each hint, and after each answer.
fn all_states(name: &str, lang: Lang, mut look: impl FnMut(&App, &str)) {
    let opened = |beat: usize| {
        let player = Player::open(content::named(name).unwrap(), 7).unwrap();
        let session = Session::of_lesson(player, Box::new(|_| {}));
        let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang);
        let mut app = App::new(catalog::standard(), Some(session), ui);
        shown(&mut app, (80, 24));
        for _ in 0..60 {
            let lesson = app.picture().lesson.clone().unwrap();
            if lesson.beat == beat {
                break;
            }
            press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
        }
        app
    };
    let beats = opened(1).picture().lesson.as_ref().unwrap().beats;
    for beat in 1..=beats {
        let mut app = opened(beat);
        look(&app, "as it stands");
        for hint in 1..=3 {
            press(&mut app, "h");
            look(&app, &format!("hint {hint}"));
        }
        let options = match &app.picture().lesson.as_ref().unwrap().shows {
            Shows::Question(question) => question.options.len(),
            _ => 1,
        };
        for option in 0..=options {
            let mut app = opened(beat);
            let is_question = matches!(app.picture().lesson.as_ref().unwrap().shows, Shows::Question(_));
            let letter = char::from(b'a' + u8::try_from(option).unwrap());
            match (is_question, option) {
                (true, option) if option < options => press(&mut app, &format!("{letter} 2 Enter")),
                (false, 0) => press(&mut app, "Enter"),
                _ if app.picture().lesson.as_ref().unwrap().asks() => press(&mut app, "Esc"),
                _ => press(&mut app, "Space"),
            }
            look(&app, &format!("answer {letter}"));
        }
    }
}

#[test]
fn every_state_of_every_lesson_fits_on_its_page() {
    for name in content::all().into_iter().map(|files| files.folder) {
        for lang in Lang::ALL.iter().copied() {
            all_states(&name, lang, |app, state| {
                let lesson = app.picture().lesson.as_ref().unwrap();
                let style = app.ui().style(Pane::Lesson);
                let pages = lesson::page_count(lesson, &app.picture().evidence, &style);
                // Behind the answer comes the page that says why.
                let most = match &lesson.shows {
                    Shows::Words | Shows::Question(_) => 1,
                    Shows::Work(work) => 1 + usize::from(work.done),
                    Shows::Ranking(ranking) => 1 + usize::from(ranking.is_answered()),
                    Shows::Verdict(_) => 2,
                    Shows::Closing(_) => return,
                };
                assert!(pages <= most, "{name} {lang:?}, beat {}, {state}: {pages} pages, {most} wanted", lesson.beat);
            });
        }
    }
}

#[test]
fn a_pane_from_outside_the_lesson_is_a_guest() {
    let mut app = app("handshake");
    for size in [(80, 24), (160, 45)] {
        shown(&mut app, size);
        press(&mut app, "7");
        assert!(panes(&app, size).iter().any(|(pane, _)| *pane == Pane::Frame), "called by its key: {size:?}");
        press(&mut app, "4");
        assert!(!panes(&app, size).iter().any(|(pane, _)| *pane == Pane::Frame), "and gone again: {size:?}");
    }
}
