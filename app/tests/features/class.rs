//! A lesson before a class: one beat large, answers hidden until they are shown, votes typed as counts, one key on and one back, a
//! clock that costs nothing while no question is open, and nobody's progress.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use lessons::{Player, Progress, Shows, content};
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Pane;
use sockscope::picture::class::ClassPage;
use sockscope::session::Session;
use sockscope::tui::app::{App, Flow};
use sockscope::tui::class;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::hints;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

use crate::driving::{cells, press, shown};

const LEAST: (u16, u16) = (class::WIDTH, class::HEIGHT);
const LARGE: (u16, u16) = (160, 45);

/// A lesson before a class, and what its keeper was told.
fn class_of(name: &str, lang: Lang) -> (App, Rc<RefCell<Vec<Progress>>>) {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&kept);
    let player = Player::open(content::named(name).unwrap(), 7).unwrap();
    let keep = move |progress: &Progress| told.borrow_mut().push(progress.clone());
    let mut session = Session::of_lesson(player, Box::new(keep));
    session.begin_class(true, Duration::ZERO).unwrap();
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), lang);
    (App::new(catalog::standard(), Some(session), ui), kept)
}

/// The handshake before a class that has its first question on the screen.
fn asked(lang: Lang, size: (u16, u16)) -> App {
    let (mut app, _) = class_of("handshake", lang);
    shown(&mut app, size);
    press(&mut app, "Space Space");
    app
}

/// The cells in which a text stands, as their style is.
fn styles(app: &mut App, size: (u16, u16), wanted: &str) -> Vec<Style> {
    let buffer = cells(app, size);
    let width = usize::from(size.0);
    let letters: Vec<String> = wanted.chars().map(String::from).collect();
    for row in buffer.content().chunks(width) {
        let symbols: Vec<&str> = row.iter().map(Cell::symbol).collect();
        if let Some(at) =
            symbols.windows(letters.len()).position(|cells| cells.iter().zip(&letters).all(|(a, b)| a == b))
        {
            return row[at..at + letters.len()].iter().map(Cell::style).collect();
        }
    }
    panic!("{wanted} does not stand there");
}

fn check(name: &str, app: &mut App, size: (u16, u16)) {
    let text = shown(app, size);
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn a_question_its_votes_and_the_reveal_at_both_sizes_in_both_languages() {
    for lang in Lang::ALL {
        for size in [LEAST, LARGE] {
            let name = |what: &str| format!("class_{what}_{}x{}_{}", size.0, size.1, lang.tag());
            let mut app = asked(lang, size);
            check(&name("question"), &mut app, size);
            press(&mut app, "b 1 7 a 4");
            check(&name("votes"), &mut app, size);
            press(&mut app, "v b 2 1 d 3 Space");
            check(&name("reveal"), &mut app, size);
            press(&mut app, "Space");
            check(&name("why"), &mut app, size);
        }
    }
}

#[test]
fn no_option_is_marked_before_the_reveal() {
    let mut app = asked(Lang::En, LEAST);
    let options = [
        "the listener, sk#2, itself moves to SYN_RECV",
        "a new sock is made in SYN_RECV; sk#2 stays in LISTEN",
        "a new sock is made in ESTABLISHED: B has said yes",
        "nothing is made yet: accept() makes the sock",
    ];
    // Whatever is pressed of what a learner has, and while votes are counted.
    for keys in ["Down", "b", "1", "2", "a", "3", "Up", "v", "c 9"] {
        press(&mut app, keys);
        let looks: Vec<Vec<Style>> = options.iter().map(|option| styles(&mut app, LEAST, option)).collect();
        let first = looks[0][0];
        assert!(looks.iter().flatten().all(|look| *look == first), "{keys}");
        let text = shown(&mut app, LEAST);
        assert!(!text.contains('✓') && !text.contains("so it ran"), "{keys}: {text}");
        let Some(Shows::Question(question)) = app.picture().lesson.as_ref().map(|lesson| lesson.shows.clone()) else {
            panic!("the question is answered by {keys}");
        };
        assert_eq!((question.chosen, question.certainty), (None, None), "{keys}");
    }
    press(&mut app, "Enter");
    let right = styles(&mut app, LEAST, options[1]);
    assert!(right.iter().all(|look| look.add_modifier.contains(Modifier::BOLD)), "{right:?}");
    assert!(shown(&mut app, LEAST).contains("✓ a new sock is made in SYN_RECV"));
}

fn votes(app: &App, round: usize) -> Vec<Option<u32>> {
    app.picture().class.as_ref().unwrap().options.iter().map(|option| option.votes[round]).collect()
}

#[test]
fn counts_are_typed_corrected_and_taken_twice() {
    let mut app = asked(Lang::En, LEAST);
    press(&mut app, "1");
    assert_eq!(votes(&app, 0), [None; 4], "no letter, no count");
    assert!(shown(&mut app, LEAST).contains("choose the option by its letter first"));
    press(&mut app, "v");
    assert_eq!(app.picture().class.as_ref().unwrap().round, 0, "there is nothing to vote on again");
    press(&mut app, "b 1 7 Backspace 9 a 4 d 0 b 2 5");
    assert_eq!(votes(&app, 0), [Some(4), Some(25), None, Some(0)], "a letter begins its count anew");
    press(&mut app, "c 1 Backspace");
    assert_eq!(votes(&app, 0)[2], None);
    press(&mut app, "c 9 9 9 9");
    assert_eq!(votes(&app, 0)[2], Some(999), "a fourth digit is not taken");
    press(&mut app, "Backspace Backspace Backspace e 5");
    assert_eq!(votes(&app, 0), [Some(4), Some(25), None, Some(0)], "there is no option e");
    assert!(shown(&mut app, LEAST).contains("25   86 %"), "{}", shown(&mut app, LEAST));
    press(&mut app, "v");
    let second = shown(&mut app, LEAST);
    assert!(second.contains("second vote") && !second.contains("86 %"), "the first is out of sight: {second}");
    press(&mut app, "v");
    assert!(!shown(&mut app, LEAST).contains("second vote"), "while nobody is counted the way leads back");
    press(&mut app, "v b 2 9 v Space");
    assert_eq!(votes(&app, 1), [None, Some(29), None, None]);
    let told = shown(&mut app, LEAST);
    assert!(told.contains("25   86 %") && told.contains("29  100 %"), "both stand beside each other: {told}");
    press(&mut app, "Backspace");
    assert_eq!((votes(&app, 0)[1], votes(&app, 1)[1]), (Some(25), Some(29)), "and stay");
    assert!(!shown(&mut app, LEAST).contains('✓'), "the answer is hidden again");
}

#[test]
fn one_key_leads_through_the_lesson_and_one_leads_back() {
    for files in content::all() {
        let (mut app, _) = class_of(&files.folder, Lang::En);
        shown(&mut app, LEAST);
        let stand = |app: &App| {
            let picture = app.picture();
            let lesson = picture.lesson.as_ref().unwrap();
            let is_over = matches!(lesson.shows, Shows::Closing(_));
            (lesson.beat, is_over, picture.class.as_ref().unwrap().page, lesson.asks())
        };
        let mut way = vec![stand(&app)];
        while !way.last().unwrap().1 {
            assert!(way.len() < 60, "{}: {way:?}", files.folder);
            press(&mut app, if way.len() % 2 == 0 { "Space" } else { "PageDown" });
            way.push(stand(&app));
        }
        let beats: Vec<usize> = way.iter().map(|(beat, ..)| *beat).collect();
        assert!(beats.is_sorted() && beats.last() == Some(&app.picture().lesson.as_ref().unwrap().beats));
        for pair in way.windows(2).filter(|pair| pair[0].3) {
            assert_eq!((pair[1].0, pair[1].2), (pair[0].0, ClassPage::Reveal), "{}: {pair:?}", files.folder);
        }
        let mut back = 0;
        while stand(&app).0 > 1 || stand(&app).2 != ClassPage::Put {
            press(&mut app, if back % 2 == 0 { "Backspace" } else { "PageUp" });
            back += 1;
            assert!(back < 60, "{}", files.folder);
        }
    }
}

#[test]
fn every_page_of_every_lesson_fits_and_has_at_most_two_panes() {
    for lang in Lang::ALL {
        for files in content::all() {
            let (mut app, _) = class_of(&files.folder, lang);
            for _ in 0..60 {
                for size in [LEAST, LARGE] {
                    shown(&mut app, size);
                    let area = Rect::new(0, 0, size.0, size.1);
                    let layout = class::layout(area, app.ui(), app.picture());
                    let text =
                        layout.panes.iter().find(|(pane, _)| *pane == Pane::Lesson).map(|(_, place)| place.height);
                    let whole = class::rows(area, app.ui(), app.picture());
                    let lesson = app.picture().lesson.as_ref().unwrap();
                    let at = format!("{} {} {size:?} beat {}", files.folder, lang.tag(), lesson.beat);
                    assert!(text.is_some_and(|height| height == whole), "{at}: {text:?} of {whole} rows");
                    assert!(layout.panes.len() <= 3, "{at}");
                    let is_task = matches!(&lesson.shows, Shows::Work(work) if !work.done);
                    assert!(!is_task || layout.panes.len() == 3, "{at}: a task without its panes");
                }
                if matches!(app.picture().lesson.as_ref().unwrap().shows, Shows::Closing(_)) {
                    break;
                }
                press(&mut app, "Space");
            }
        }
    }
}

#[test]
fn a_small_window_asks_for_a_larger_one_and_plays_on() {
    let (mut app, kept) = class_of("handshake", Lang::En);
    shown(&mut app, LEAST);
    press(&mut app, "Space Space");
    for size in [(99, 30), (100, 29), (80, 24)] {
        let small = shown(&mut app, size);
        let asks = format!("class mode needs a window of 100x30, this one has {}x{}", size.0, size.1);
        assert!(small.contains(&asks), "{small}");
        assert!(small.contains("How sure are you"), "the lesson as usual: {small}");
    }
    press(&mut app, "b 3 Enter");
    assert!(shown(&mut app, (80, 24)).contains("✓ it ran so"), "it is answered as usual");
    assert!(kept.borrow().is_empty(), "and is nobody's answer: {kept:?}");
    let large = shown(&mut app, LEAST);
    assert!(!large.contains("needs a window"), "{large}");
    let (mut app, _) = class_of("handshake", Lang::Zh);
    assert!(shown(&mut app, (80, 24)).contains("课堂模式需要 100x30 的窗口"));
}

#[test]
fn the_key_turns_it_on_and_off_and_is_named() {
    let kept = Rc::new(RefCell::new(Vec::new()));
    let told = Rc::clone(&kept);
    let player = Player::open(content::named("handshake").unwrap(), 7).unwrap();
    let session =
        Session::of_lesson(player, Box::new(move |progress: &Progress| told.borrow_mut().push(progress.clone())));
    let ui = UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En);
    let mut app = App::new(catalog::standard(), Some(session), ui);
    shown(&mut app, LARGE);
    press(&mut app, "Space Space a 2");
    let own = app.picture().lesson.clone();
    let before = kept.borrow().len();
    assert!(shown(&mut app, LARGE).contains("Z class"), "{}", shown(&mut app, LARGE));
    press(&mut app, "Z");
    let class = shown(&mut app, LARGE);
    assert!(class.contains("class mode: nothing done here is anybody's progress; Z leaves it"), "{class}");
    assert!(class.contains("What does B do with its socks?"), "the beat at which the learner stood: {class}");
    press(&mut app, "S s b 5 Space S s Space Space Space");
    assert_eq!(kept.borrow().len(), before, "nobody was told");
    press(&mut app, "Z");
    assert_eq!(app.picture().class, None);
    assert_eq!(app.picture().lesson, own, "the learner's lesson, as it was");
    press(&mut app, "Enter");
    let last = kept.borrow().last().cloned().unwrap();
    assert_eq!(last.beats["who-moves"].answers.len(), 1);
    assert!(last.beats.values().all(|beat| !beat.skipped), "nothing of the class: {last:?}");
    let (mut app, kept) = class_of("handshake", Lang::En);
    shown(&mut app, LEAST);
    for _ in 0..60 {
        press(&mut app, "Space");
    }
    assert!(kept.borrow().is_empty(), "{kept:?}");
    let mut lab = App::new(
        catalog::standard(),
        Some(crate::driving::session()),
        UiState::new(Theme::new(Palette::Mono, Depth::Indexed), Lang::En),
    );
    press(&mut lab, "Z");
    assert!(shown(&mut lab, LARGE).contains("no lesson is open that a class could see"));
}

#[test]
fn the_clock_counts_while_a_question_is_open_and_sleeps_otherwise() {
    let (mut app, _) = class_of("handshake", Lang::En);
    let start = Instant::now();
    let after = |app: &mut App, milliseconds: u64| app.tell_time(start + Duration::from_millis(milliseconds));
    shown(&mut app, LEAST);
    after(&mut app, 5_000);
    assert_eq!(app.patience(), None, "a beat that tells wakes nobody");
    assert_eq!(app.handle(ScreenEvent::Time), Flow::Idle);
    after(&mut app, 60_000);
    press(&mut app, "Space Space");
    assert!(shown(&mut app, LEAST).contains("0:00 · about 2:30"), "{}", shown(&mut app, LEAST));
    assert!(app.patience().is_some_and(|patience| patience <= Duration::from_secs(1)));
    after(&mut app, 60_400);
    let patience = app.patience().unwrap();
    assert!(patience <= Duration::from_millis(601), "until the next full second: {patience:?}");
    after(&mut app, 75_010);
    assert_eq!(app.handle(ScreenEvent::Time), Flow::Draw);
    assert!(shown(&mut app, LEAST).contains("0:15 · about 2:30"), "{}", shown(&mut app, LEAST));
    after(&mut app, 75_700);
    assert_eq!(app.handle(ScreenEvent::Time), Flow::Idle, "one picture a second");
    press(&mut app, "b 5");
    assert!(shown(&mut app, LEAST).contains("0:15"), "counting votes does not begin it anew");
    press(&mut app, "Space");
    assert_eq!(app.patience(), None, "the answer wakes nobody");
    after(&mut app, 99_000);
    assert_eq!(app.handle(ScreenEvent::Time), Flow::Idle);
    press(&mut app, "Backspace");
    assert!(shown(&mut app, LEAST).contains("0:00"), "a question that is put again");
    shown(&mut app, (80, 24));
    assert_eq!(app.patience(), None, "a lesson as usual has no clock");
    shown(&mut app, LEAST);
    assert!(app.patience().is_some());
    press(&mut app, "Z");
    assert_eq!(app.patience(), None, "and none is left when the class has ended");
}

#[test]
fn tasks_and_orders_are_done_with_the_usual_keys_or_shown() {
    let to = |what: fn(&Shows) -> bool| {
        let (mut app, _) = class_of("handshake", Lang::En);
        shown(&mut app, LARGE);
        for _ in 0..60 {
            if what(&app.picture().lesson.as_ref().unwrap().shows) {
                return app;
            }
            press(&mut app, "Space");
        }
        panic!("the lesson has no such beat");
    };
    let mut app = to(|shows| matches!(shows, Shows::Ranking(ranking) if !ranking.is_answered()));
    press(&mut app, "J Enter");
    let own = shown(&mut app, LARGE);
    assert!(own.contains("the order of the run") && own.contains("you had it as"), "{own}");
    assert!(!own.contains("follow each other"), "no score: {own}");
    let mut app = to(|shows| matches!(shows, Shows::Ranking(ranking) if !ranking.is_answered()));
    press(&mut app, "Space");
    let shown_order = shown(&mut app, LARGE);
    assert!(shown_order.contains("the order of the run") && !shown_order.contains("you had it"), "{shown_order}");
    // An investigation that asks: Space goes to the place, and leaves the question to the class.
    let mut app = to(|shows| matches!(shows, Shows::Work(work) if !work.done && work.text.contains("buffer lies on")));
    press(&mut app, "Space");
    let open = shown(&mut app, LARGE);
    assert!(open.contains("On whose queue does it lie") && !open.contains('✓'), "{open}");
    press(&mut app, "c 8 Space");
    assert!(shown(&mut app, LARGE).contains("✓ on that of sk#2, the listener; it names sk#4"));
    let mut app = to(|shows| matches!(shows, Shows::Work(work) if !work.done && work.text.contains("Lose a frame")));
    press(&mut app, "Space");
    let lost = shown(&mut app, LARGE);
    assert!(lost.contains("drop 3") && lost.contains("✓ done"), "{lost}");
    press(&mut app, "Space");
    assert!(shown(&mut app, LARGE).contains("A waits 3 s, then sends the SYN again"));
}

#[test]
fn the_next_lesson_is_shown_to_the_class_as_well() {
    let (mut app, kept) = class_of("gate", Lang::En);
    shown(&mut app, LEAST);
    for _ in 0..60 {
        if matches!(app.picture().lesson.as_ref().unwrap().shows, Shows::Closing(_)) {
            break;
        }
        press(&mut app, "Space");
    }
    let end = shown(&mut app, LEAST);
    assert!(end.contains("Now you know") && end.contains("On paper"), "{end}");
    for score in ["What you said first", "Look again at", "skipped", "--report"] {
        assert!(!end.contains(score), "nobody's answers: {end}");
    }
    let Shows::Closing(closing) = app.picture().lesson.clone().unwrap().shows else {
        panic!("the lesson has not ended")
    };
    let next = lessons::load(&content::named(&closing.next.unwrap()).unwrap(), 7).unwrap();
    press(&mut app, "Space");
    let lesson = app.picture().lesson.as_ref().unwrap();
    assert_eq!((lesson.title.as_str(), lesson.beat), (next.text(Lang::En).title.as_str(), 1));
    assert!(app.picture().class.is_some() && kept.borrow().is_empty());
}

#[test]
fn the_footer_names_what_acts_here() {
    let mut app = asked(Lang::En, LEAST);
    press(&mut app, "b 1");
    let named = |app: &App| hints::footer(app.mode(), app.ui(), app.picture());
    let labels: Vec<&str> = named(&app).iter().map(|hint| hint.label).collect();
    for label in ["reveal", "… option", "…9 count", "correct", "again", "leave"] {
        assert!(labels.contains(&label), "{labels:?}");
    }
    let footer = shown(&mut app, LEAST).lines().last().unwrap().to_owned();
    assert!(footer.contains("Z leave") && footer.contains("? help"), "{footer}");
    press(&mut app, "Space");
    let footer = shown(&mut app, LEAST).lines().last().unwrap().to_owned();
    assert!(footer.contains("Space on  Backspace back  Z leave class"), "{footer}");
    assert!(cells(&mut app, LEAST).content().iter().all(|cell| cell.fg == Color::Reset), "mono paints nothing");
}
