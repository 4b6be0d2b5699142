//! What a lesson shows: its panes, each always in the same place, and the one that a beat looks at among them.

use std::collections::BTreeMap;

use lessons::{Player, content};
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::session::Session;
use sockscope::tui::app::App;
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
    // The first question is answered wrongly, the others are skipped.
    press(&mut app, "Space a 3 Enter");
    for _ in 0..40 {
        let lesson = app.picture().lesson.clone().unwrap();
        if matches!(lesson.shows, lessons::Shows::Closing(_)) {
            break;
        }
        press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
    }
    let end = shown(&mut app, (80, 45));
    for part in [
        "Now you know",
        "EAX holds 102 for every socket call",
        "✗ a vector for each call: call",
        "→ one gate for all, vector 0x80; interrupts stay on inside a call",
        "· skipped",
        "Look again at  beat 2 · beat 3",
        "goes on to the next lesson: handshake",
        "sockscope lesson gate --report FILE",
    ] {
        assert!(end.contains(part), "{part}\n{end}");
    }
    press(&mut app, "Space");
    // At whatever beat the person at this machine has left it.
    assert_eq!(
        app.picture().lesson.as_ref().map(|lesson| lesson.title.as_str()),
        Some("The handshake, from both sides")
    );
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
