//! Going anywhere, the glossary, the palette, finding: rows 44, 45, 52 and 53 of the table.

use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use lessons::glossary::Glossary;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::{Pane, Picture, Source};
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::action::{Action, TABLE};
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::panes::row;
use sockscope::tui::print::text;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, PaneView, UiState};
use sockscope::tui::words::{is_kernel_word, tokens, words_of};

const AREA: Rect = Rect::new(0, 0, 80, 24);

fn app(lang: Lang) -> App {
    let session = Session::new("test", Source::Lab, stack::lab::scene::first(1).unwrap());
    App::new(catalog::standard(), Some(session), UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang))
}

/// What a person types: letters, or keys between `<` and `>`.
fn press(app: &mut App, keys: &str) {
    let mut rest = keys;
    while let Some(first) = rest.chars().next() {
        let (name, tail) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
            Some((name, tail)) => (name, tail),
            None => rest.split_at(first.len_utf8()),
        };
        rest = tail;
        let (code, modifiers) = match name {
            "Enter" => (KeyCode::Enter, KeyModifiers::NONE),
            "Esc" => (KeyCode::Esc, KeyModifiers::NONE),
            "Down" => (KeyCode::Down, KeyModifiers::NONE),
            "Right" => (KeyCode::Right, KeyModifiers::NONE),
            control if control.starts_with("C-") => {
                (KeyCode::Char(control.chars().last().unwrap()), KeyModifiers::CONTROL)
            }
            letter => (KeyCode::Char(letter.chars().next().unwrap()), KeyModifiers::NONE),
        };
        app.handle(ScreenEvent::Key(KeyEvent::new(code, modifiers)));
        settle(app);
    }
}

/// Lets the work behind the screen go on until there is none.
fn settle(app: &mut App) {
    while app.patience() == Some(Duration::ZERO) {
        app.handle(ScreenEvent::Time);
    }
}

fn shown(app: &mut App, area: Rect) -> String {
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    text::screen(&buffer)
}

fn select(app: &mut App, pane: Pane, wanted: &str) {
    app.act(Action::Pane(pane));
    let lines = (row(pane).content.text.unwrap())(app.picture());
    let place = lines.iter().position(|line| line.starts_with(wanted)).unwrap();
    for _ in 0..place {
        app.act(Action::Down);
    }
}

/// Stands where B has taken the SYN: every pane has something to show.
fn at_the_handshake(lang: Lang) -> App {
    let mut app = app(lang);
    press(&mut app, "<C-g>tcp_conn_request<Enter>");
    assert_eq!(app.picture().code.function, "tcp_conn_request");
    for _ in 0..30 {
        app.act(Action::Travel(Motion::Micro, Direction::Forward));
    }
    app
}

#[test]
fn row_44_enter_on_back_log_opens_its_card() {
    for (lang, sentence, kept) in [
        (Lang::En, "Segments that arrived while the sock was in use", "Kept: "),
        (Lang::Zh, "sock 被占用期间到达的报文段", "保留："),
    ] {
        let mut app = at_the_handshake(lang);
        select(&mut app, Pane::Queues, "back_log");
        press(&mut app, "<Enter>");
        let screen = shown(&mut app, AREA);
        for part in [sentence, "net/inet/sock.c:release_sock", kept] {
            assert!(screen.contains(part), "{part} is not in\n{screen}");
        }
        press(&mut app, "<Esc>");
        assert!(matches!(app.ui().overlay, Overlay::Nothing));
    }
}

#[test]
fn row_44_a_card_leads_to_where_its_word_is_seen() {
    let mut app = at_the_handshake(Lang::En);
    let here = app.picture().step;
    select(&mut app, Pane::Sock, "inuse");
    press(&mut app, "<Enter>");
    let Overlay::Card(card) = &app.ui().overlay else { panic!("no card") };
    assert_eq!(card.known.word, "inuse");
    press(&mut app, "<Enter>");
    assert!(app.picture().step > here, "Enter goes to the next change");
    let changed = &app.picture().changed;
    assert!(changed.iter().any(|change| change.name.ends_with(".inuse")), "{changed:?}");
    press(&mut app, "ge<Down><Enter>");
    assert!(app.picture().step < app.picture().steps);
}

#[test]
fn row_44_every_pane_explains_what_is_selected_in_it() {
    let mut app = at_the_handshake(Lang::En);
    for (pane, word) in
        [(Pane::State, "LISTEN"), (Pane::Timers, "check"), (Pane::Arp, "ARP table"), (Pane::Path, "tcp_conn_request")]
    {
        app.act(Action::Pane(pane));
        press(&mut app, "<Enter>");
        let Overlay::Card(card) = &app.ui().overlay else { panic!("{pane:?}: {:?}", app.ui().message) };
        let words: Vec<&str> = card.words.iter().map(|word| word.text.as_str()).collect();
        assert!(words.contains(&word), "{pane:?}: {words:?}");
        press(&mut app, "<Esc>");
    }
    // Where Enter leads somewhere already, the card has a key of its own.
    app.act(Action::Pane(Pane::Ladder));
    press(&mut app, "ge");
    assert!(matches!(app.ui().overlay, Overlay::Card(_)), "{:?}", app.ui().message);
}

#[test]
fn row_44_a_second_click_asks_for_the_word_under_the_mouse() {
    let mut app = at_the_handshake(Lang::En);
    app.act(Action::Pane(Pane::Queues));
    let screen = shown(&mut app, AREA);
    let (y, line) = screen.lines().enumerate().find(|(_, line)| line.contains("receive_queue")).unwrap();
    let x = line.split("receive_queue").next().unwrap().chars().count() + 3;
    for _ in 0..2 {
        let (column, row) = (u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
        let kind = MouseEventKind::Down(MouseButton::Left);
        app.handle(ScreenEvent::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
    }
    let Overlay::Card(card) = &app.ui().overlay else { panic!("no card\n{screen}") };
    assert_eq!(card.known.word, "receive_queue");
}

/// Runs whose screens are read for words: every pane of each at many steps.
fn runs() -> Vec<(&'static str, Session)> {
    let scene = |name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/scenes").join(name);
        catalog::scene(Some(&path)).unwrap_or_else(|refusal| panic!("{name}: {}", refusal.words.en))
    };
    vec![
        ("first", Session::new("test", Source::Lab, stack::lab::scene::first(1).unwrap())),
        ("fragments", scene("kept_frames/fragment_inside.json")),
        ("groups", scene("kept_frames/multicast_down.json")),
        ("retransmission", scene("kept/first_timeout.pkt")),
    ]
}

#[test]
fn row_44_no_kernel_word_of_the_screens_is_without_an_answer() {
    let mut unknown: Vec<String> = Vec::new();
    for (name, mut session) in runs() {
        session.travel(Motion::End, Direction::Forward);
        let request = PictureRequest { switched: 0, relative: true, lang: Lang::Zh };
        let steps = session.picture(request).steps;
        for sample in 0..SAMPLES {
            session.go_to(1 + sample * steps / SAMPLES);
            let picture = session.picture(request);
            unknown.extend(unknown_words(&picture).into_iter().map(|word| format!("{name}: {word}")));
        }
    }
    unknown.sort();
    unknown.dedup();
    assert!(unknown.is_empty(), "the glossary does not know:\n{}", unknown.join("\n"));
}

/// Moments of each run whose screens are read.
const SAMPLES: u64 = 150;

/// The kernel words of all panes at a moment that have no answer in Chinese, or the same as in English.
fn unknown_words(picture: &Picture) -> Vec<String> {
    let mut unknown = Vec::new();
    for pane in Pane::ALL {
        let (mut words, _) = words_of(*pane, picture, PaneView::default());
        words.retain(|word| !word.text.is_empty());
        let named = words.into_iter().map(|word| (word.text, word.subject));
        let text = row(*pane)
            .content
            .text
            .filter(|_| !matches!(pane, Pane::Code | Pane::Stack | Pane::Lesson | Pane::Frame | Pane::Bytes))
            .map(|text| text(picture));
        let lines = text.unwrap_or_default();
        let read = lines.iter().flat_map(|line| tokens(line)).filter(|token| is_kernel_word(token));
        for (word, subject) in named.chain(read.map(|token| (token.to_owned(), None))) {
            let known = Glossary::shipped().explain(&word, subject);
            if known.is_none_or(|known| known.text.zh.is_empty() || known.text.zh == known.text.en) {
                unknown.push(format!("{pane:?} {word}"));
            }
        }
    }
    unknown
}

#[test]
fn row_45_a_function_says_what_differs_today() {
    let mut app = app(Lang::En);
    press(&mut app, "<C-g>tcp_conn_request<Enter>");
    app.act(Action::Pane(Pane::Code));
    press(&mut app, "<Enter>");
    let screen = shown(&mut app, Rect::new(0, 0, 100, 45));
    assert!(screen.contains("Today: ") && screen.contains("request_sock") && screen.contains("Kept: "), "{screen}");
}

#[test]
fn row_52_the_palette_finds_every_action_and_runs_it() {
    let mut app = app(Lang::En);
    for entry in TABLE {
        let found = sockscope::tui::keymap::matches(&app.ui().keys, entry.id, Lang::En);
        assert!(found.iter().take(8).any(|row| row.id == entry.id), "{} is not found", entry.id);
    }
    press(&mut app, ":pan queu<Enter>");
    assert_eq!(app.ui().focus, Pane::Queues);
    press(&mut app, ":anywh<Enter>");
    assert!(matches!(app.ui().overlay, Overlay::Go(_)));
}

#[test]
fn row_52_everything_of_a_run_can_be_gone_to_by_a_few_letters() {
    let mut app = app(Lang::En);
    press(&mut app, "<C-g>tcprcv<Enter>");
    assert_eq!(app.picture().code.function, "tcp_rcv");
    let first = app.picture().step;
    // The same once more is the next one, and back again.
    press(&mut app, "<C-g><Enter>");
    assert!(app.picture().step > first && app.picture().code.function == "tcp_rcv");
    press(&mut app, "<C-g><C-b>");
    assert_eq!(app.picture().step, first);
    press(&mut app, "<C-g>frame 5<Enter>");
    assert_eq!(app.picture().frame.as_ref().map(|frame| frame.number), Some(5));
    press(&mut app, "<C-g>state ESTABLISHED<Enter>");
    let changed = &app.picture().changed;
    assert!(changed.iter().any(|change| change.new == "TCP_ESTABLISHED"), "{changed:?}");
    press(&mut app, "<C-g>who woke pid 100<Enter>");
    assert!(app.ui().message.as_ref().is_some_and(|said| said.contains("pid")), "{:?}", app.ui().message);
    assert!(app.picture().code.sentence.contains("runnable"), "{}", app.picture().code.sentence);
    press(&mut app, "mx<C-g>step 300<Enter>");
    assert_eq!(app.picture().step, 300);
    let back = app.picture().step;
    press(&mut app, "<C-g>mark x<Enter>");
    assert_ne!(app.picture().step, back);
    press(&mut app, "<C-g>back_log<Enter>");
    assert!(matches!(app.ui().overlay, Overlay::Card(_)));
    press(&mut app, "<Esc><C-g>nothing has this name<Enter>");
    assert!(matches!(&app.ui().overlay, Overlay::Go(view) if view.rows.is_empty()));
}

#[test]
fn row_52_a_row_shows_where_it_leads_before_one_goes() {
    let mut app = app(Lang::En);
    press(&mut app, "<C-g>tcp_ack");
    let screen = shown(&mut app, AREA);
    assert!(screen.contains("▸ step ") && screen.contains("tcp_ack"), "{screen}");
    let step = app.picture().step;
    assert!(screen.contains("◂ not before this step"), "{screen}");
    press(&mut app, "<Esc>");
    assert_eq!(app.picture().step, step, "looking moves nothing");
    let mut app = self::app(Lang::Zh);
    press(&mut app, "<C-g>tcp_ack");
    assert!(shown(&mut app, AREA).contains("▸ 第 "));
}

#[test]
fn row_53_find_goes_through_all_of_a_pane_and_the_code_through_all_functions() {
    let mut app = app(Lang::En);
    press(&mut app, "<C-g>tcp_connect<Enter>");
    let step = app.picture().step;
    app.act(Action::Pane(Pane::Code));
    press(&mut app, "/= tcp_dequeue_established(<Enter>");
    let found = app.picture().code.clone();
    assert!(found.is_found && found.function == "tcp_accept", "{}", found.function);
    assert_eq!(app.picture().step, step, "finding in the code does not move the run");
    let screen = shown(&mut app, AREA);
    assert!(screen.contains("does not run here") && !screen.contains("▶"), "{screen}");
    press(&mut app, "<Esc>");
    assert_eq!(app.picture().code.function, "tcp_connect");
    // A field that no row in sight shows.
    app.act(Action::Pane(Pane::Sock));
    press(&mut app, "/send_queue<Enter>");
    let chosen = app.ui().view(Pane::Sock).selected;
    let field = |app: &App, place: usize| app.picture().socks[0].fields[place].name.clone();
    assert_eq!(field(&app, chosen), "send_queue");
    press(&mut app, "/queue<Enter>");
    let first = app.ui().view(Pane::Sock).selected;
    press(&mut app, "<C-n>");
    assert_ne!(app.ui().view(Pane::Sock).selected, first);
    press(&mut app, "<C-b>");
    assert_eq!(app.ui().view(Pane::Sock).selected, first);
    press(&mut app, "/no such thing<Enter>");
    assert!(app.ui().message.as_ref().is_some_and(|said| said.contains("no such thing")));
}

#[test]
fn row_53_the_ladder_is_searched_beyond_the_frames_that_it_shows() {
    // Some 900 frames: the ladder has 150 on either side of the cursor.
    let mut pairs =
        String::from("   0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n");
    for port in 0..450 {
        pairs.push_str(&format!("+.01 < U. {}:{}(0) ack 1 win 1000\n", 1 + port, 1 + port));
    }
    pairs.push_str("+.01 < S 0:0(0) win 32792 <mss 1000>\n+0 > S. 0:0(0) ack 1 <mss 1436>\n");
    let path = std::env::temp_dir().join(format!("sockscope-go-{}.pkt", std::process::id()));
    std::fs::write(&path, pairs).unwrap();
    let session = catalog::scene(Some(&path)).unwrap_or_else(|refusal| panic!("{}", refusal.words.en));
    std::fs::remove_file(&path).unwrap();
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    let mut app = App::new(catalog::standard(), Some(session), ui);
    app.act(Action::Travel(Motion::End, Direction::Backward));
    app.act(Action::Pane(Pane::Ladder));
    press(&mut app, "/SYN+ACK<Enter>");
    let said = app.ui().message.clone().unwrap_or_default();
    assert!(said.contains("frame "), "{said}");
    let number: u64 = said.rsplit(' ').next().and_then(|number| number.parse().ok()).unwrap();
    assert!(number > 300, "{said}");
}
