//! What a lesson shows: its panes, each always in the same place, and the one that a beat looks at among them.

use std::collections::BTreeMap;

use lessons::{Act, Player, Shows, content};
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

/// Looks at every state of a lesson in which it asks or answers: as it stands, under each hint, and after each answer. The first way
/// through it gives every first answer, the next every second one, and so on.
fn all_states(name: &str, mut look: impl FnMut(&Player, &str)) {
    for option in 0..MOST_OPTIONS {
        let mut player = Player::open(content::named(name).unwrap(), 7).unwrap();
        while !player.progress().finished {
            look(&player, "as it stands");
            match player.view(Lang::En).shows {
                Shows::Question(question) => {
                    hints(&mut player, option, &mut look);
                    player.act(Act::Choose(option.min(question.options.len() - 1)));
                    player.act(Act::Certainty(2));
                    assert!(player.act(Act::Answer), "{name}");
                    look(&player, &format!("answer {option}"));
                }
                Shows::Ranking(ranking) if !ranking.is_answered() => {
                    hints(&mut player, option, &mut look);
                    assert!(player.act(Act::Answer), "{name}");
                    look(&player, "ordered");
                }
                Shows::Work(work) if !work.done => {
                    hints(&mut player, option, &mut look);
                    assert!(player.demonstrate(), "{name}");
                    look(&player, "done");
                    continue;
                }
                _ => {}
            }
            assert!(player.act(Act::Next), "{name}");
        }
    }
}

/// Options that a question has at most.
const MOST_OPTIONS: usize = 5;

/// Each hint, on the first way.
fn hints(player: &mut Player, option: usize, look: &mut impl FnMut(&Player, &str)) {
    for hint in (1..=3).filter(|_| option == 0) {
        player.act(Act::Hint);
        look(player, &format!("hint {hint}"));
    }
}

#[test]
fn every_state_of_every_lesson_fits_on_its_page() {
    for name in content::all().into_iter().map(|files| files.folder) {
        all_states(&name, |player, state| {
            for lang in Lang::ALL.iter().copied() {
                let (lesson, ui) = (player.view(lang), UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang));
                let style = ui.style(Pane::Lesson);
                // Behind the answer comes the page that says why.
                let (most, steps) = match &lesson.shows {
                    Shows::Words | Shows::Question(_) => (1, 0),
                    Shows::Work(work) => (1 + usize::from(work.done), 0),
                    Shows::Ranking(ranking) => (1 + usize::from(ranking.is_answered()), 0),
                    Shows::Verdict(verdict) => (2, verdict.evidence.len()),
                    Shows::Closing(_) => continue,
                };
                let pages = lesson::page_count(&lesson, &vec![99_999; steps], &style);
                assert!(pages <= most, "{name} {lang:?}, beat {}, {state}: {pages} pages, {most} wanted", lesson.beat);
            }
        });
    }
}

#[test]
fn what_a_beat_is_about_stays_in_sight_at_its_answer() {
    for name in content::all().into_iter().map(|files| files.folder) {
        let mut app = app(&name);
        shown(&mut app, (80, 24));
        for _ in 0..80 {
            let lesson = app.picture().lesson.clone().unwrap();
            match (&lesson.shows, lesson.about) {
                (Shows::Closing(_), _) => break,
                (Shows::Verdict(_), Some(about)) => {
                    let standing = panes(&app, (80, 24));
                    let (beat, stands) = (lesson.beat, standing.iter().any(|(pane, _)| *pane == about));
                    assert!(stands, "{name}, beat {beat}: {about:?} has gone at the answer: {standing:?}");
                }
                _ => {}
            }
            press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
        }
    }
}

/// The handshake at its last beat, where a frame is to be lost.
fn at_the_loss() -> App {
    let mut app = app("handshake");
    shown(&mut app, (80, 24));
    while app.picture().lesson.as_ref().unwrap().beat < 8 {
        let asks = app.picture().lesson.as_ref().unwrap().asks();
        press(&mut app, if asks { "Esc" } else { "Space" });
    }
    app
}

#[test]
fn in_a_task_on_the_wire_its_keys_lead_to_the_ladder_and_h_gives_a_hint() {
    let mut app = at_the_loss();
    assert_ne!(app.ui().focus, Pane::Ladder);
    press(&mut app, "h");
    assert!(shown(&mut app, (80, 24)).contains("Hint 1: Which frames must arrive"));
    press(&mut app, "d");
    assert_eq!(app.ui().focus, Pane::Ladder);
    assert!(shown(&mut app, (80, 24)).contains("choose the frame with ↑ ↓ first: d loses it"));
    let changes = |app: &App| match &app.picture().lesson.as_ref().unwrap().shows {
        Shows::Work(work) => work.changes.clone(),
        _ => Vec::new(),
    };
    assert!(changes(&app).is_empty(), "nobody loses a frame that he has not chosen");
    for _ in 0..30 {
        press(&mut app, "Up");
    }
    for _ in 0..4 {
        press(&mut app, "d");
        if !changes(&app).is_empty() {
            break;
        }
        press(&mut app, "Down");
    }
    assert_eq!(changes(&app).len(), 1, "{}", shown(&mut app, (80, 24)));
}

#[test]
fn a_zoomed_pane_has_the_screen_and_going_on_leads_back_first() {
    let mut app = app("handshake");
    shown(&mut app, (80, 24));
    press(&mut app, "z");
    assert!(!panes(&app, (80, 24)).iter().any(|(pane, _)| *pane == Pane::Lesson));
    press(&mut app, "Space");
    assert_eq!(app.picture().lesson.as_ref().unwrap().beat, 1, "the beat waits");
    assert!(panes(&app, (80, 24)).iter().any(|(pane, _)| *pane == Pane::Lesson));
    press(&mut app, "Space");
    assert_eq!(app.picture().lesson.as_ref().unwrap().beat, 2);
}

#[test]
fn what_the_cursor_stands_on_answers_where_it_is_asked_for() {
    let mut app = app("arp");
    shown(&mut app, (80, 24));
    let picks = |app: &App| match &app.picture().lesson.as_ref().unwrap().shows {
        Shows::Question(question) => question.picks.clone(),
        _ => Vec::new(),
    };
    for _ in 0..80 {
        let lesson = app.picture().lesson.clone().unwrap();
        if let (Shows::Work(work), true) = (&lesson.shows, lesson.beat == 6) {
            assert!(!work.done);
            break;
        }
        press(&mut app, if lesson.asks() { "Esc" } else { "Space" });
    }
    // The goal lies before: the ARP table is walked through backwards until it is asked about.
    for _ in 0..4_000 {
        if !picks(&app).is_empty() {
            break;
        }
        press(&mut app, "S");
    }
    let options = picks(&app);
    assert!(options.iter().all(|pick| pick.starts_with("A.arp(")), "{options:?}");
    assert!(shown(&mut app, (80, 24)).contains("Put the cursor on it in its pane, and press Enter."));
    app.act(sockscope::tui::action::Action::Pane(Pane::Arp));
    press(&mut app, "Enter");
    let lesson = app.picture().lesson.clone().unwrap();
    let Shows::Question(question) = lesson.shows else { panic!("the question is open") };
    assert!(question.chosen.is_some() && question.certainty.is_none(), "{question:?}");
    press(&mut app, "2 Enter");
    assert!(matches!(app.picture().lesson.as_ref().unwrap().shows, Shows::Verdict(_)));
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
