//! Changing the past: frames that fare otherwise, timers fired early, calls with text, and the branches that come of it.

use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::{FrameFate, LadderRow, Pane, Picture};
use sockscope::session::answer::Refused;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::app::App;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;
use stack::link::wire::Fate;

use crate::driving::{frame, picture, press, session, shown};

fn app() -> App {
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    App::new(catalog::standard(), Some(session()), ui)
}

/// Moves the ladder's cursor down to the row of a frame.
fn to_frame(app: &mut App, number: u64) {
    press(app, "4");
    for _ in 0..60 {
        let ladder = &app.picture().ladder;
        let row = sockscope::tui::panes::ladder::selected(ladder, app.ui().view(Pane::Ladder).scroll);
        if matches!(ladder.rows.get(row), Some(LadderRow::Frame { number: here, .. }) if *here == number) {
            return;
        }
        press(app, "Down");
    }
    panic!("frame {number} is not below the cursor");
}

#[test]
fn row_26_a_chosen_frame_is_lost_late_twice_damaged_or_overtaken() {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    for (fate, said) in [
        (Fate::Drop, "is lost"),
        (Fate::Delay(250_000), "is 250 ms late"),
        (Fate::Duplicate, "arrives twice"),
        (Fate::Corrupt(53, 1), "is damaged in octet 53"),
    ] {
        let mut session = self::session();
        let done = session.wire(syn, fate.clone(), Lang::En).unwrap();
        assert_eq!(done.text(Lang::En), format!("frame {syn} {said}: branch 2"));
        let ladder = picture(&mut session).ladder;
        let shown = ladder.rows.iter().find_map(|row| match row {
            LadderRow::Frame { number, fate, .. } if *number == syn => Some(*fate),
            _ => None,
        });
        if fate == Fate::Drop {
            assert_eq!(shown, Some(FrameFate::Lost));
        }
    }
}

#[test]
fn row_26_a_frame_that_is_overtaken_arrives_behind_the_next_one_of_its_host() {
    let mut session = session();
    // The data of the request follows the ACK that ends the handshake.
    let ack = frame(&mut session, "ACK");
    session.let_overtake(ack, Lang::En).unwrap();
    session.travel(Motion::End, Direction::Forward);
    let run = session.run();
    let arrival = |number: u64| {
        let record = run.frames.iter().find(|record| record.sent.number == number).unwrap();
        record.sent.arrivals.first().map(|(time, _)| *time).unwrap()
    };
    let host = run.frames.iter().find(|record| record.sent.number == ack).unwrap().sent.host;
    let next = run.frames.iter().find(|record| record.sent.number > ack && record.sent.host == host).unwrap();
    assert!(arrival(ack) > arrival(next.sent.number), "frame {ack} arrives after frame {}", next.sent.number);
    let last = run.frames.iter().rfind(|record| record.sent.host == host).unwrap().sent.number;
    assert_eq!(session.let_overtake(last, Lang::En), Err(Refused::NothingToOvertake(last)));
}

#[test]
fn row_26_keys_on_the_ladder_act_on_its_frame_and_ask_how_long() {
    let mut app = app();
    let row = app.picture().ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, label, .. } if label.starts_with("SYN seq") => Some(*number),
        _ => None,
    });
    let syn = row.unwrap();
    to_frame(&mut app, syn);
    press(&mut app, "D");
    assert!(shown(&mut app, (80, 24)).contains("hold it back for"));
    press(&mut app, "Backspace Backspace Backspace Backspace Backspace 2 s Enter");
    assert_eq!(app.ui().message.as_deref(), Some(format!("frame {syn} is 2 s late: branch 2").as_str()));
    assert!(shown(&mut app, (160, 45)).contains(&format!("branch 2/2: frame {syn} is 2 s late")));
    to_frame(&mut app, syn);
    press(&mut app, "x Backspace Backspace 9 9 9 Enter");
    assert!(app.ui().message.as_ref().unwrap().starts_with("999 is no octet of this frame"), "{:?}", app.ui().message);
    assert_eq!(app.picture().branches.len(), 2, "nothing was made of it");
}

#[test]
fn row_27_a_flag_is_flipped_in_a_frame_and_the_connection_closes() {
    let mut app = app();
    let answer = app.picture().ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, label, .. } if label.starts_with("SYN") && label.contains("ack") => Some(*number),
        _ => None,
    });
    let answer = answer.unwrap();
    to_frame(&mut app, answer);
    press(&mut app, "E");
    let form = shown(&mut app, (80, 24));
    assert!(form.contains("what is to arrive") && form.contains("tcphdr"), "{form}");
    // The form begins at the TCP header; its flag is a few rows below.
    for _ in 0..20 {
        let form = shown(&mut app, (80, 40));
        let row = form.lines().find(|line| line.contains(" rst ")).map(str::to_owned);
        press(&mut app, "Space");
        let flipped = shown(&mut app, (80, 40));
        if flipped.lines().find(|line| line.contains(" rst ")).map(str::to_owned) != row {
            break;
        }
        if form != flipped {
            press(&mut app, "Space");
        }
        press(&mut app, "Down");
    }
    assert!(shown(&mut app, (80, 40)).lines().any(|line| line.contains(" rst ") && line.contains("1 (0)")));
    press(&mut app, "w");
    assert_eq!(app.ui().message.as_deref(), Some(format!("frame {answer} is changed: rst=1: branch 2").as_str()));
    // The client gets it and closes.
    press(&mut app, ">");
    let mut states = Vec::new();
    for _ in 0..6 {
        states.push(app.picture().state.now.map(stack::include::tcp::TcpState::name));
        press(&mut app, ">");
    }
    assert!(states.contains(&Some("CLOSE")), "{states:?}");
}

#[test]
fn row_28_both_timelines_of_a_branch_are_kept_and_named() {
    let mut session = session();
    session.go_to(600);
    let first = picture(&mut session);
    let syn = frame(&mut session, "SYN seq");
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    session.wire(syn, Fate::Duplicate, Lang::En).unwrap();
    let rows = picture(&mut session).branches;
    let told: Vec<(usize, usize, Option<String>)> =
        rows.iter().map(|row| (row.number, row.depth, row.what.clone())).collect();
    let (lost, twice) = (format!("frame {syn} is lost"), format!("frame {syn} arrives twice"));
    assert_eq!(told, [(1, 0, None), (2, 1, Some(lost)), (3, 2, Some(twice))]);
    assert!(rows[2].here);
    session.go_to_branch(0, Lang::En).unwrap();
    let again = picture(&mut session);
    let (title, branches) = (first.title.clone(), first.branches.clone());
    assert!(Picture { title, branches, ..again } == first);
    assert_eq!(session.throw_away(0), Err(Refused::FirstBranch));
    assert_eq!(session.throw_away(1), Ok(1));
    let rows = picture(&mut session).branches;
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[1].number, rows[1].depth), (2, 1), "its own branch hangs from the first now");
}

#[test]
fn row_28_a_mark_in_a_branch_that_is_thrown_away_is_gone_and_others_stay() {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    session.set_mark('a');
    session.wire(syn, Fate::Duplicate, Lang::En).unwrap();
    session.set_mark('b');
    let marked = picture(&mut session).step;
    session.throw_away(1).unwrap();
    assert!(!session.go_to_mark('a'));
    session.go_to_branch(0, Lang::En).unwrap();
    session.go_to_mark('b');
    let there = picture(&mut session);
    assert_eq!((there.step, there.branches.iter().position(|row| row.here)), (marked, Some(1)));
}

#[test]
fn row_18_a_timer_is_fired_early_and_the_ladder_shows_the_repeated_frame() {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    // Behind the lost SYN its retransmission timer runs.
    while session.travel(Motion::Frame, Direction::Forward).moved() {
        if picture(&mut session).timers.iter().any(|timer| timer.function.contains("retransmit")) {
            break;
        }
    }
    let before = picture(&mut session);
    let place = before.timers.iter().position(|timer| timer.function.contains("retransmit")).unwrap();
    assert!(before.timers[place].left > 100, "{:?}", before.timers);
    let done = session.fire(before.host, place, Lang::En).unwrap();
    assert!(done.what.contains("fires early") && done.branch == Some(3), "{done:?}");
    let there = picture(&mut session);
    assert!(there.microseconds <= before.microseconds + 20_000, "it fires with the next tick");
    session.travel(Motion::Frame, Direction::Forward);
    let resent = |row: &LadderRow| matches!(row, LadderRow::Frame { resent: true, .. });
    assert!(picture(&mut session).ladder.rows.iter().any(resent));
}

#[test]
fn row_28_a_typed_call_carries_its_text_and_a_signal_reaches_its_process() {
    let mut session = session();
    session.travel(Motion::End, Direction::Forward);
    for (host, line) in [
        (1, "socket(AF_INET, SOCK_STREAM, 0)"),
        (1, "bind(3, {sa_family = AF_INET, sin_port = htons(9000), sin_addr = inet_addr(\"0.0.0.0\")}, 16)"),
        (1, "listen(3, 5)"),
        (0, "socket(AF_INET, SOCK_STREAM, 0)"),
        (0, "connect(3, {sa_family = AF_INET, sin_port = htons(9000), sin_addr = inet_addr(\"10.0.0.2\")}, 16)"),
    ] {
        session.prompt(line, host, Lang::En).unwrap();
        for _ in 0..12 {
            session.travel(Motion::Frame, Direction::Forward);
        }
        session.travel(Motion::End, Direction::Forward);
    }
    session.prompt("write(3, \"hello\", 5)", 0, Lang::En).unwrap();
    session.travel(Motion::Frame, Direction::Forward);
    let sent = session.run().frames.last().unwrap().sent.bytes.clone();
    assert!(sent.windows(5).any(|window| window == b"hello"), "{sent:02x?}");
    for _ in 0..4 {
        session.travel(Motion::Frame, Direction::Forward);
    }
    session.travel(Motion::End, Direction::Forward);
    session.prompt("accept(3, ..., ...)", 1, Lang::En).unwrap();
    session.prompt("read(4, ..., 100)", 1, Lang::En).unwrap();
    session.prompt("accept(3, ..., ...)", 1, Lang::En).unwrap();
    assert_eq!(
        session.prompt("kill(999, SIGTERM)", 1, Lang::En).unwrap_err().text,
        "there is no process 999 on this host: the Processes pane lists them"
    );
    assert!(
        session.prompt("kill(110, SIGNOTHING)", 1, Lang::En).unwrap_err().text.starts_with("SIGNOTHING fits no place")
    );
    let said = session.prompt("kill(110, SIGTERM)", 1, Lang::En).unwrap();
    assert!(said.starts_with("signal 15 goes to process 110 on B"), "{said}");
    session.travel(Motion::End, Direction::Forward);
    let answers = session.surroundings(1).answered;
    assert!(
        answers.last().unwrap().result.as_ref().unwrap().contains("EINTR")
            || answers.last().unwrap().result.as_ref().unwrap().contains("ERESTARTSYS"),
        "{answers:?}"
    );
}
