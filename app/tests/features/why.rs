//! Why: who last wrote a field, and the questions of the key `A` and of `sockscope why`.

use std::process::Command;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use serde_json::Value;
use sockscope::i18n::Lang;
use sockscope::picture::{Pane, Picture, Source};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};
use sockscope::tui::why_view::WhyView;

const SMALL: Rect = Rect::new(0, 0, 80, 24);

fn session() -> Session {
    let mut run = stack::lab::scene::first(1).unwrap();
    run.play(100_000);
    Session::new("test", Source::Lab, run)
}

fn app_at(step: u64, lang: Lang) -> App {
    let mut session = session();
    session.go_to(step);
    let mut app = App::new(Vec::new(), Some(session), UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang));
    screen(&mut app, SMALL);
    app
}

fn screen(app: &mut App, area: Rect) -> String {
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    let row = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol().to_owned()).collect::<String>();
    (0..area.height).map(|y| row(y) + "\n").collect()
}

fn press(app: &mut App, name: &str) {
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Right" => KeyCode::Right,
        letter => KeyCode::Char(letter.chars().next().unwrap()),
    };
    app.handle(ScreenEvent::Key(KeyEvent::new(code, KeyModifiers::NONE)));
    // What takes longer than a slice goes on by itself.
    for _ in 0..10_000 {
        if app.patience() != Some(std::time::Duration::ZERO) {
            return;
        }
        app.handle(ScreenEvent::Time);
    }
    panic!("{name} never comes to an end");
}

fn keys(app: &mut App, names: &[&str]) {
    names.iter().for_each(|name| press(app, name));
}

fn view(app: &App) -> &WhyView {
    match &app.ui().overlay {
        Overlay::Why(view) => view,
        other => panic!("no answer is shown: {other:?}"),
    }
}

fn select(app: &mut App, field: &str) {
    let picture: &Picture = app.picture();
    let place = picture.socks[0].fields.iter().position(|known| known.name == field).unwrap();
    keys(app, &["2"]);
    (0..place).for_each(|_| press(app, "Down"));
}

#[test]
fn row_09_who_last_wrote_the_selected_field_is_one_key_away() {
    let mut session = session();
    session.go_to(2_000);
    let picture = session.picture(PictureRequest { switched: 0, relative: true, lang: Lang::En });
    assert!(picture.socks[0].fields.iter().any(|field| field.name == "cong_window"));
    let mut app = app_at(2_000, Lang::En);
    let here = app.picture().step;
    select(&mut app, "acked_seq");
    press(&mut app, "W");
    let wrote = app.picture().step;
    assert!(wrote < here, "W went from {here} to {wrote}");
    assert!(
        app.picture().changed.iter().any(|changed| changed.name.ends_with(".acked_seq")),
        "{:?}",
        app.picture().changed
    );
    // The answer to `why` names the same step, and what made it.
    let mut app = app_at(2_000, Lang::En);
    select(&mut app, "acked_seq");
    keys(&mut app, &["A", "Enter"]);
    assert_eq!(view(&app).rows[0].step, wrote);
    assert!(view(&app).rows.last().unwrap().input.is_some());
}

#[test]
fn the_key_asks_about_what_is_selected_on_every_pane() {
    let mut app = app_at(1_500, Lang::En);
    for pane in Pane::ALL {
        let mut app_here = app_at(1_500, Lang::En);
        let keys_of = sockscope::tui::panes::row(*pane).keys.last().copied().unwrap();
        keys_of.split(' ').for_each(|key| press(&mut app_here, key));
        press(&mut app_here, "A");
        let items = view(&app_here).items.clone();
        assert!(!items.is_empty(), "{pane:?} has nothing to ask");
        for (place, item) in items.iter().enumerate() {
            let mut asked = app_at(1_500, Lang::En);
            keys_of.split(' ').for_each(|key| press(&mut asked, key));
            press(&mut asked, "A");
            (0..place).for_each(|_| press(&mut asked, "Down"));
            press(&mut asked, "Enter");
            assert!(view(&asked).rows.last().is_some_and(|row| row.input.is_some()), "{pane:?}: {}", item.words.en);
            assert!(screen(&mut asked, SMALL).contains("Why"));
        }
    }
    // In the ladder the questions are about its frame.
    keys(&mut app, &["4", "Up", "A"]);
    assert!(view(&app).items[0].words.en.starts_with("Why did frame"), "{:?}", view(&app).items[0]);
}

#[test]
fn a_link_is_gone_to_and_the_answer_leads_back() {
    let mut app = app_at(2_000, Lang::En);
    let here = app.picture().step;
    select(&mut app, "state");
    keys(&mut app, &["A", "Enter"]);
    let target = view(&app).rows[2].step;
    keys(&mut app, &["Down", "Down", "Enter"]);
    assert_eq!(app.picture().step, target);
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    // It is still there, and Esc in it leads back.
    press(&mut app, "A");
    assert_eq!(view(&app).selected, 2);
    press(&mut app, "Esc");
    assert_eq!(app.picture().step, here);
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    // From then on A asks anew.
    press(&mut app, "A");
    assert!(!view(&app).items.is_empty());
}

#[test]
fn the_mouse_asks_goes_and_closes() {
    use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
    let click = |app: &mut App, wanted: &str| {
        let shown = screen(app, SMALL);
        let row = shown.lines().position(|line| line.contains(wanted)).unwrap_or_else(|| panic!("{wanted}:\n{shown}"));
        let kind = MouseEventKind::Down(MouseButton::Left);
        let mouse = MouseEvent { kind, column: 30, row: row as u16, modifiers: KeyModifiers::NONE };
        app.handle(ScreenEvent::Mouse(mouse));
    };
    let mut app = app_at(2_000, Lang::En);
    let here = app.picture().step;
    keys(&mut app, &["4", "A"]);
    click(&mut app, "Why did frame 7 leave?");
    let target = view(&app).rows[1].step;
    click(&mut app, "The way there on B");
    assert_eq!(app.picture().step, target);
    keys(&mut app, &["A"]);
    click(&mut app, "sockscope");
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
    assert_eq!(app.picture().step, here);
}

#[test]
fn links_unfold_and_the_answer_is_whole_on_a_small_screen() {
    for lang in [Lang::En, Lang::Zh] {
        let mut app = app_at(2_000, lang);
        select(&mut app, "state");
        keys(&mut app, &["A", "Enter"]);
        let folded = view(&app).visible().len();
        press(&mut app, "Down");
        press(&mut app, "Right");
        assert!(view(&app).visible().len() > folded + 2, "the functions on the way are folded into the second link");
        // Every row can be brought into sight.
        let rows = view(&app).visible().len();
        for place in 0..rows {
            let step = view(&app).visible()[view(&app).selected].1.step.to_string();
            assert!(screen(&mut app, SMALL).contains(&step), "row {place}, step {step}");
            press(&mut app, "Down");
        }
    }
}

fn sockscope(arguments: &[&str], lang: &str) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_sockscope"))
        .args(arguments)
        .env("LC_ALL", lang)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn the_command_answers_in_text_and_in_json() {
    let (text, ..) = sockscope(&["why", "--frame", "3"], "C");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Why did frame 3 leave?");
    assert!(lines[2].contains("Frame 3 leaves A: TCP"), "{text}");
    assert!(lines.last().unwrap().ends_with("[a call]"), "{text}");
    let (text, ..) = sockscope(&["why", "--frame", "3"], "zh_CN.UTF-8");
    assert!(text.starts_with("第 3 帧为什么发出？"), "{text}");
    let (json, ..) = sockscope(&["why", "--sock", "A.sock(2).cong_window", "--at", "2000", "--json"], "C");
    let answer: Value = serde_json::from_str(&json).expect("one JSON object");
    assert_eq!(answer["schema"], 1);
    assert_eq!(answer["at"], 2_000);
    assert_eq!(answer["end"], "call");
    let links = answer["links"].as_array().unwrap();
    assert_eq!(links[0]["kind"], "write");
    assert!(links[0]["text"]["zh"].as_str().unwrap().contains("cong_window"));
    assert!(links.iter().all(|link| link["step"].is_u64() && link["t"].is_u64()));
    assert_eq!(links.last().unwrap()["input"], "call");
}

#[test]
fn the_command_takes_every_kind_of_question() {
    let step = ["why", "--step", "700"];
    let questions: [&[&str]; 8] = [
        &step,
        &["why", "--frame", "2", "--not"],
        &["why", "--sock", "B.sock(2)", "--not"],
        &["why", "--pid", "B:100"],
        &["why", "--pid", "B:100", "--not"],
        &["why", "--timer", "A.timer(\"retransmit_timer\", 2)", "--not"],
        &["why", "--timer", "A.timer(\"net_timer\", 2)"],
        &["why", "--arp", "A.arp(\"10.0.0.2\")"],
    ];
    for arguments in questions {
        let (text, said, code) = sockscope(arguments, "C");
        assert_eq!(code, Some(0), "{arguments:?}: {said}");
        assert!(text.starts_with("Why "), "{arguments:?}: {text}");
        assert!(text.contains('■'), "{arguments:?}: {text}");
    }
    let wrong: [&[&str]; 7] = [
        &["why"],
        &["why", "--frame", "999"],
        &["why", "--sock", "A.jiffies"],
        &["why", "--sock", "C.sock(2)"],
        &["why", "--pid", "A:x"],
        &["why", "--step", "3", "--not"],
        &["why", "--frame", "1", "--step", "2"],
    ];
    for arguments in wrong {
        let (text, said, code) = sockscope(arguments, "C");
        assert_eq!((code, text.as_str()), (Some(2), ""), "{arguments:?}");
        assert_eq!(said.lines().count(), 1, "{arguments:?}: {said}");
    }
}

#[test]
fn drops_name_frame_step_function_and_reason() {
    let scene = concat!(env!("CARGO_MANIFEST_DIR"), "/../stack/tests/golden/passive_open/backlog_zero.pkt");
    let (text, ..) = sockscope(&["trace", "--drops", scene], "C");
    let first = text.lines().next().expect("a SYN finds the backlog full");
    let words: Vec<&str> = first.split_whitespace().collect();
    assert_eq!((words[2], words[4]), ("step", "frame"), "{first}");
    let (step, frame): (u64, u64) = (words[3].parse().unwrap(), words[5].parse().unwrap());
    assert_eq!((words[6], words[7]), ("tcp_conn_request", "TcpBacklogFull:"), "{first}");
    // The same is told by `why`.
    let (why, ..) = sockscope(&["why", scene, "--frame", &frame.to_string(), "--not"], "C");
    assert!(why.contains("TcpBacklogFull"), "{why}");
    assert!(why.contains(&format!("{step:>8} ")), "{why}");
}
