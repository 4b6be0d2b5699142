//! The prompt for system calls and the texts of /proc/net, on the real stack: what is typed goes through the gate, at the end of
//! a run and in the middle of its past.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::{Picture, Source};
use sockscope::session::answer::Refused;
use sockscope::session::call_line::Answered;
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::action::Action;
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent as Event;
use sockscope::tui::print::text;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;

fn session() -> Session {
    Session::new("httpd ⇄ get", Source::Lab, stack::lab::scene::first(1).unwrap())
}

fn app(lang: Lang) -> App {
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
    App::new(catalog::standard(), Some(session()), ui)
}

fn press(app: &mut App, code: KeyCode) {
    app.handle(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

fn write(app: &mut App, line: &str) {
    for character in line.chars() {
        press(app, KeyCode::Char(character));
    }
}

/// Opens the prompt and makes a call.
fn call(app: &mut App, line: &str) {
    app.act(Action::Call);
    write(app, line);
    press(app, KeyCode::Enter);
}

fn shown(app: &mut App, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    text::screen(&buffer)
}

fn check(name: &str, app: &mut App) {
    let tag = app.ui().lang.tag();
    for (width, height) in [(80, 24), (160, 45)] {
        let shown = shown(app, width, height);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(format!("{name}_{width}x{height}_{tag}"), shown);
        });
    }
}

fn surroundings(session: &mut Session, host: usize) -> Vec<String> {
    let line =
        |answer: Answered| format!("{}› {} = {}", answer.host, answer.line, answer.result.as_deref().unwrap_or("…"));
    session.surroundings(host).answered.into_iter().map(line).collect()
}

#[test]
fn a_call_at_the_end_goes_through_the_gate_and_returns() {
    let mut session = session();
    session.travel(Motion::End, Direction::Forward);
    session.prompt("socket(AF_INET, SOCK_STREAM, 0)", 0, Lang::En).unwrap();
    let ask = PictureRequest { switched: 0, relative: true, lang: Lang::En };
    assert_eq!(session.next_branch(Lang::En), Err(Refused::OneBranch), "the same branch goes on");
    let mut seen = Vec::new();
    let mut said = None;
    for _ in 0..200 {
        assert!(session.travel(Motion::Into, Direction::Forward).moved());
        seen.push(session.picture(ask).code.function);
        said = session.returned(Lang::En);
        if said.is_some() {
            break;
        }
    }
    assert_eq!(said.as_deref(), Some("on A: socket(AF_INET, SOCK_STREAM, 0) = 3"));
    for function in ["system_call", "sys_socketcall", "sock_socket", "inet_create"] {
        assert!(seen.iter().any(|known| known == function), "{function} is not in {seen:?}");
    }
}

#[test]
fn calls_on_both_hosts_meet_and_a_refusal_is_named() {
    let mut session = session();
    session.travel(Motion::End, Direction::Forward);
    for (host, line) in [
        (1, "socket(AF_INET, SOCK_STREAM, 0)"),
        (1, "bind(3, {sa_family = AF_INET, sin_port = htons(9000), sin_addr = inet_addr(\"0.0.0.0\")}, 16)"),
        (1, "listen(3, 5)"),
        (1, "accept(3, ..., ...)"),
        (0, "socket(AF_INET, SOCK_STREAM, 0)"),
        (0, "connect(3, {sa_family = AF_INET, sin_port = htons(9000), sin_addr = inet_addr(\"10.0.0.2\")}, 16)"),
    ] {
        session.prompt(line, host, Lang::En).unwrap_or_else(|complaint| panic!("{line}: {complaint:?}"));
    }
    let busy = session.prompt("close(3)", 1, Lang::En).unwrap_err();
    assert!(busy.text.contains("accept"), "{busy:?}");
    for _ in 0..40 {
        session.travel(Motion::Frame, Direction::Forward);
    }
    session.travel(Motion::End, Direction::Forward);
    let said = surroundings(&mut session, 0);
    assert!(said[3].starts_with("B› accept(3, ..., ...) = 4"), "{said:?}");
    assert!(said[5].ends_with("= 0"), "{said:?}");
    session.prompt("listen(9, 5)", 0, Lang::En).unwrap();
    session.travel(Motion::End, Direction::Forward);
    assert_eq!(surroundings(&mut session, 0)[6], "A› listen(9, 5) = -1 EBADF (Bad file descriptor)");
    let open = session.surroundings(1).descriptors;
    assert_eq!(open.iter().map(|descriptor| descriptor.number).collect::<Vec<_>>(), [3, 4]);
}

#[test]
fn a_call_in_the_past_makes_a_branch_and_the_old_one_stays() {
    let mut session = session();
    let ask = PictureRequest { switched: 0, relative: true, lang: Lang::En };
    session.go_to(700);
    let before = session.picture(ask);
    session.prompt("socket(AF_INET, SOCK_DGRAM, 0)", 1, Lang::En).unwrap();
    let there = session.picture(ask);
    assert_eq!(there.hosts[there.host].name, "B");
    assert!(there.microseconds == before.microseconds, "time has not moved");
    assert!(there.steps > before.steps, "the rest of the run still happens");
    assert_eq!(surroundings(&mut session, 1), ["B› socket(AF_INET, SOCK_DGRAM, 0) = 3"]);
    session.next_branch(Lang::En).unwrap();
    let (title, branches) = (before.title.clone(), before.branches.clone());
    assert!(Picture { title, branches, ..session.picture(ask) } == before, "only title and tree tell of the branches");
    assert!(surroundings(&mut session, 1).is_empty());
}

#[test]
fn what_was_typed_after_the_present_moment_is_gone_in_the_new_branch() {
    let mut session = session();
    session.travel(Motion::End, Direction::Forward);
    session.prompt("socket(AF_INET, SOCK_STREAM, 0)", 0, Lang::En).unwrap();
    let first = session.moment();
    session.prompt("listen(3, 5)", 0, Lang::En).unwrap();
    session.stand_at(first);
    session.prompt("close(3)", 0, Lang::En).unwrap();
    session.travel(Motion::End, Direction::Forward);
    assert_eq!(surroundings(&mut session, 0), ["A› socket(AF_INET, SOCK_STREAM, 0) = 3", "A› close(3) = 0"]);
}

#[test]
fn the_prompt_on_the_screen() {
    for lang in [Lang::En, Lang::Zh] {
        let mut app = app(lang);
        app.act(Action::Travel(Motion::End, Direction::Forward));
        call(&mut app, "socket(AF_INET, SOCK_STREAM, 0)");
        check("prompt_entered", &mut app);
        app.act(Action::Call);
        write(&mut app, "setsockopt(3, SOL_SOCKET, SO_RE");
        press(&mut app, KeyCode::Tab);
        let screen = shown(&mut app, 80, 24);
        assert!(screen.contains("SO_REUSEADDR") && screen.contains("= 3"), "{screen}");
        write(&mut app, ", [1], 4)");
        press(&mut app, KeyCode::Enter);
        call(&mut app, "conect(3)");
        check("prompt_complaint", &mut app);
        press(&mut app, KeyCode::Up);
        press(&mut app, KeyCode::Up);
        press(&mut app, KeyCode::Up);
        let screen = shown(&mut app, 80, 24);
        assert!(screen.contains("B› socket(AF_INET, SOCK_STREAM, 0)▏"), "{screen}");
        press(&mut app, KeyCode::BackTab);
        assert!(shown(&mut app, 80, 24).contains("A› socket(AF_INET, SOCK_STREAM, 0)▏"));
        press(&mut app, KeyCode::Esc);
        app.act(Action::Call);
        write(&mut app, "shutdown(");
        press(&mut app, KeyCode::Tab);
        write(&mut app, ", ");
        press(&mut app, KeyCode::Tab);
        press(&mut app, KeyCode::Tab);
        check("prompt_completion", &mut app);
    }
}

#[test]
fn the_result_is_told_where_the_call_returns() {
    let mut app = app(Lang::En);
    app.act(Action::Travel(Motion::End, Direction::Forward));
    call(&mut app, "close(77)");
    for _ in 0..40 {
        app.act(Action::Travel(Motion::Into, Direction::Forward));
        if app.ui().message.is_some() {
            break;
        }
    }
    assert_eq!(app.ui().message.as_deref(), Some("on B: close(77) = -1 EBADF (Bad file descriptor)"));
}

#[test]
fn the_texts_of_proc_net_follow_the_steps() {
    for lang in [Lang::En, Lang::Zh] {
        let mut app = app(lang);
        for _ in 0..10 {
            app.act(Action::Travel(Motion::State, Direction::Forward));
        }
        app.act(Action::ProcNet);
        check("proc_tcp", &mut app);
        press(&mut app, KeyCode::Char('4'));
        let arp = shown(&mut app, 160, 45);
        assert!(arp.contains("/proc/net/arp") && arp.contains("IP address"), "{arp}");
        press(&mut app, KeyCode::Char('7'));
        press(&mut app, KeyCode::Char('z'));
        check("proc_snmp_whole", &mut app);
        let step = app.picture().step;
        press(&mut app, KeyCode::Char('s'));
        assert_ne!(app.picture().step, step, "keys that move still move");
        press(&mut app, KeyCode::Esc);
        assert!(!shown(&mut app, 160, 45).contains("/proc/net"));
    }
}

#[test]
fn every_size_draws_the_prompt_and_the_texts() {
    let mut app = app(Lang::En);
    app.act(Action::Call);
    write(
        &mut app,
        "connect(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"10.0.0.2\")}, 16) extra",
    );
    press(&mut app, KeyCode::Enter);
    for (width, height) in [(0, 0), (1, 1), (3, 2), (20, 5), (80, 24), (250, 80)] {
        shown(&mut app, width, height);
    }
    press(&mut app, KeyCode::Esc);
    app.act(Action::ProcNet);
    for (width, height) in [(0, 0), (1, 1), (3, 2), (20, 5), (80, 24), (250, 80)] {
        shown(&mut app, width, height);
    }
}
