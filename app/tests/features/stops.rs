//! Stops: what can be said, typed and set by a key, both directions, on and off, and the sentence that says why it stopped.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::{LadderRow, Pane, Source, StopKind, TimelineMark};
use sockscope::session::Session;
use sockscope::session::answer::Answer;
use sockscope::session::motion::{Direction, Motion};
use sockscope::tui::action::Action;
use sockscope::tui::app::App;
use sockscope::tui::event::ScreenEvent as Event;
use sockscope::tui::print::text;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::{Overlay, UiState};
use stack::include::tcp::TcpState;
use stack::lab::run::{Moment, Run};
use stack::link::wire::Fate;

use Direction::{Backward, Forward};

use crate::driving::picture;

fn session() -> Session {
    let mut run = stack::lab::scene::first(1).unwrap();
    run.play(20_000);
    Session::new("test", Source::Lab, run)
}

/// The same where the segment with the SYN is damaged on the wire.
fn damaged() -> Session {
    let mut run = stack::lab::scene::first(1).unwrap();
    run.play(20_000);
    let is_syn = |bytes: &[u8]| bytes.get(23) == Some(&6) && bytes.get(47).is_some_and(|flags| flags & 0x12 == 2);
    let syn = run.frames.iter().find(|frame| is_syn(&frame.sent.bytes)).map(|frame| frame.sent.number).unwrap();
    let (mut branch, _) = run.fork_with_fates(&[(syn, Fate::Corrupt(53, 1))]).unwrap();
    branch.play(20_000);
    Session::new("test", Source::Lab, branch)
}

fn run_to(session: &mut Session, direction: Direction) -> Answer {
    let answer = session.travel(Motion::Run, direction);
    session.settle(answer)
}

fn said(answer: &Answer) -> String {
    answer.text(Lang::En).unwrap_or_default()
}

/// Types a stop, runs to each of its places and back again; the places both ways are the same, and those that are known.
fn places(session: &mut Session, stop: &str) -> Vec<Moment> {
    session.type_stop(stop).unwrap_or_else(|error| panic!("{stop}: {error}"));
    session.go_to(0);
    let mut forward = Vec::new();
    while let Answer::Stopped(reached) = run_to(session, Forward) {
        assert!(!reached.place.is_empty());
        forward.push(session.moment());
    }
    // From behind the last of them.
    let end = session.run().end();
    session.stand_at(end);
    let mut backward = if forward.last() == Some(&end) { vec![end] } else { Vec::new() };
    while let Answer::Stopped(_) = run_to(session, Backward) {
        backward.push(session.moment());
    }
    backward.reverse();
    assert_eq!(forward, backward, "{stop}");
    session.remove_stop(0).unwrap();
    forward
}

fn changes_to(run: &Run, state: TcpState) -> Vec<Moment> {
    let to = run.states.iter().filter(|record| record.old.is_some_and(|old| old != state) && record.new == state);
    to.map(|record| record.moment).collect()
}

#[test]
fn row_06_the_run_stops_at_tcp_ack_on_any_host() {
    let mut session = session();
    let every = places(&mut session, "tcp_ack");
    let (a, b) = (places(&mut session, "A: tcp_ack"), places(&mut session, "B: enter tcp_ack"));
    assert!(!a.is_empty() && !b.is_empty());
    assert_eq!(a.len() + b.len(), every.len());
    session.go_to(0);
    session.type_stop("tcp_ack").unwrap();
    let answer = run_to(&mut session, Forward);
    let seen = picture(&mut session);
    assert_eq!(seen.code.function, "tcp_ack");
    assert_eq!((seen.code.stop, seen.code.stopped), (Some(true), true));
    let host = &seen.hosts[seen.acting].name;
    assert_eq!(said(&answer), format!("stopped at: tcp_ack on {host}"));
}

#[test]
fn row_06_a_condition_is_asked_where_it_stops_and_its_parts_are_told() {
    let mut session = session();
    let found = places(&mut session, "tcp_ack if sk.state == SYN_RECV");
    assert_eq!(found.len(), 1, "one acknowledgement completes the handshake");
    session.go_to(0);
    session.type_stop("tcp_ack if sk.state == SYN_RECV").unwrap();
    let answer = run_to(&mut session, Forward);
    assert_eq!(said(&answer), "stopped at tcp_ack if sk.state == SYN_RECV on B: sk.state = TCP_SYN_RECV");
    assert_ne!(answer.text(Lang::Zh), answer.text(Lang::En));
}

#[test]
fn row_07_a_stop_on_a_state_change_with_a_star() {
    let mut session = session();
    let known = changes_to(session.run(), TcpState::TimeWait);
    assert!(!known.is_empty());
    assert_eq!(places(&mut session, "state *->TIME_WAIT"), known);
    let own: Vec<usize> =
        ["A", "B"].iter().map(|host| places(&mut session, &format!("{host}: state *->TIME_WAIT")).len()).collect();
    assert_eq!(own.iter().sum::<usize>(), known.len());
    session.go_to(0);
    session.type_stop("state *->TIME_WAIT").unwrap();
    let answer = run_to(&mut session, Forward);
    let sentence = said(&answer);
    assert!(sentence.contains("state *->TIME_WAIT on") && sentence.contains("→ TCP_TIME_WAIT"), "{sentence}");
    let seen = picture(&mut session);
    assert_eq!(seen.state.now, Some(TcpState::TimeWait));
    assert_eq!((seen.stops[0].kind, seen.stops[0].hits), (StopKind::State, Some(1)));
    assert!(seen.timeline.marks.contains(&(seen.step, TimelineMark::Stop)));
}

#[test]
fn row_08_a_watch_finds_each_writer_and_tells_old_and_new() {
    let mut session = session();
    let moves = places(&mut session, "A.sock(2).cong_window changes");
    assert!(moves.len() > 1);
    session.type_stop("A.sock(2).cong_window changes").unwrap();
    // The last of them is the end of the sock itself: from there back to the last value that was written.
    session.stand_at(*moves.last().unwrap());
    let answer = run_to(&mut session, Backward);
    assert_eq!(session.moment(), moves[moves.len() - 2]);
    let sentence = said(&answer);
    assert!(
        sentence.starts_with("stopped at when A.sock(2).cong_window changes: A.sock(2).cong_window "),
        "{sentence}"
    );
    let (old, new) = sentence.rsplit_once(' ').map(|(head, new)| (head.to_owned(), new.to_owned())).unwrap();
    assert!(old.ends_with('→') && new.parse::<u32>().is_ok(), "{sentence}");
}

#[test]
fn row_08_queues_and_entries_of_arp_are_watched_too() {
    let mut session = session();
    let queued = places(&mut session, "B.sock(2).receive_queue.len > 0");
    assert_eq!(queued.len(), 1, "one SYN waits on the listener once");
    let resolved = places(&mut session, "A.arp(10.0.0.2).resolved");
    assert_eq!(resolved.len(), 1);
    let reply = places(&mut session, "A receives where arp.op == 2");
    assert!(reply[0] < resolved[0] && reply[0].turn == resolved[0].turn);
}

#[test]
fn row_09_who_wrote_it_is_the_last_place_of_the_watch() {
    let mut session = session();
    let moves = places(&mut session, "A.sock(2).cong_window changes");
    // Where A works with that sock, behind the last value that was written.
    let written = moves[moves.len() - 2];
    session.stand_at(written);
    session.travel(Motion::Micro, Forward);
    picture(&mut session);
    let answer = session.run_to_writer("cong_window");
    assert!(session.settle(answer).moved());
    assert_eq!(session.moment(), written);
}

#[test]
fn frames_are_stopped_at_by_number_and_by_their_fields() {
    let mut session = session();
    let arrival = places(&mut session, "frame 7 arrives");
    assert_eq!(arrival.len(), 1);
    let sent = session.run().frames[6].clone();
    let (turn, host) = (arrival[0].turn, sent.sent.host);
    assert!(arrival[0] > sent.moment && session.run().turns[turn].host() != Some(host));
    assert!(places(&mut session, "frame where tcp.flags.rst").is_empty());
    let syns = places(&mut session, "frame where tcp.dst == 80 && tcp.flags.syn");
    assert_eq!(syns.len(), 1);
    assert_eq!(places(&mut session, "A sends where tcp.syn"), syns);
    assert!(places(&mut session, "B sends where tcp.syn && !tcp.ack").is_empty());
    session.go_to(0);
    session.type_stop("frame where tcp.dst == 80 && tcp.flags.syn").unwrap();
    let sentence = said(&run_to(&mut session, Forward));
    assert!(sentence.ends_with("tcp.dest = 80 · tcp.flags.syn = 1"), "{sentence}");
}

#[test]
fn a_drop_is_stopped_at_for_its_reason() {
    let mut session = damaged();
    let dropped = places(&mut session, "drop");
    assert_eq!(places(&mut session, "drop BadChecksum"), dropped);
    assert_eq!(dropped.len(), 1);
    assert!(places(&mut session, "drop TcpNoSocket").is_empty());
    session.go_to(0);
    session.type_stop("drop").unwrap();
    let sentence = said(&run_to(&mut session, Forward));
    assert_eq!(sentence, "stopped at drop on B: TcpBadChecksum, The TCP checksum is wrong.");
    // The lost SYN is sent again by the timer.
    let fired = places_of_timer(&mut session);
    assert_eq!(fired, 1);
}

fn places_of_timer(session: &mut Session) -> usize {
    session.remove_stop(0).unwrap();
    let first = places(session, "timer TIME_WRITE fires if sk.state == SYN_SENT").len();
    assert_eq!(first, places(session, "A: timer retransmit_timer fires if sk.state == SYN_SENT").len());
    first
}

#[test]
fn counters_and_processes_are_stopped_at() {
    let mut session = session();
    assert_eq!(places(&mut session, "A.snmp.TcpActiveOpens").len(), 1);
    assert!(places(&mut session, "B.snmp.TcpAttemptFails").is_empty());
    let pids: Vec<i32> =
        session.run().head().hosts[1].kernel.tasks.iter().map(|task| task.pid).filter(|pid| *pid > 1).collect();
    // Those that are still there, and the children that the server has had.
    let pids = pids.into_iter().chain(1000..1010);
    let slept: usize = pids.map(|pid| places(&mut session, &format!("B: pid {pid} sleeps")).len()).sum();
    assert!(slept > 0);
    assert_eq!(slept, places(&mut session, "B: sleeps *").len());
    let connects = places(&mut session, "call connect");
    let returns = places(&mut session, "return connect if result == 0");
    assert_eq!((connects.len(), returns.len()), (1, 1));
    assert!(places(&mut session, "return connect ECONNREFUSED").is_empty());
}

#[test]
fn two_stops_stop_at_the_next_of_either_and_only_those_that_are_on() {
    let mut session = session();
    let first = places(&mut session, "state *->SYN_SENT");
    let second = places(&mut session, "B: born SYN_RECV");
    assert!(first[0] < second[0]);
    session.type_stop("B: born SYN_RECV").unwrap();
    session.type_stop("state *->SYN_SENT").unwrap();
    session.go_to(0);
    let (one, two) = (run_to(&mut session, Forward), session.moment());
    assert_eq!(two, first[0]);
    assert!(said(&one).starts_with("stopped at state *->SYN_SENT on A: sk#"));
    run_to(&mut session, Forward);
    assert_eq!(session.moment(), second[0]);
    assert_eq!(session.switch_stop(1), Ok(("state *->SYN_SENT".to_owned(), false)));
    assert!(!run_to(&mut session, Backward).moved(), "the other one is off");
    assert_eq!(session.moment(), second[0]);
    session.switch_stop(1).unwrap();
    assert!(run_to(&mut session, Backward).moved());
    assert_eq!(session.moment(), first[0]);
    assert_eq!(session.remove_stop(1), Ok("state *->SYN_SENT".to_owned()));
    assert!(session.remove_stop(1).is_err());
    let answer = session.run_to_one(0, Forward);
    assert!(session.settle(answer).moved());
    assert_eq!(session.moment(), second[0]);
}

#[test]
fn a_search_is_given_up_without_moving_the_cursor() {
    let mut session = session();
    session.go_to(100);
    let at = session.moment();
    session.type_stop("enter never").unwrap();
    assert_eq!(session.travel(Motion::Run, Forward), Answer::Searching);
    assert_eq!(session.proceed(3), Answer::Searching);
    let (done, of) = session.searching().unwrap();
    assert!(done == 3 && of > done);
    session.give_up();
    assert_eq!(session.searching(), None);
    assert_eq!(session.moment(), at);
    assert!(said(&run_to(&mut session, Forward)).contains("none of the 1 stops"));
}

// --- keys ---

fn app(lang: Lang) -> App {
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
    App::new(catalog::standard(), Some(session()), ui)
}

fn press(app: &mut App, code: KeyCode) {
    app.handle(Event::Key(KeyEvent::new(code, KeyModifiers::NONE)));
}

fn keys(app: &mut App, keys: &str) {
    for key in keys.chars() {
        press(app, KeyCode::Char(key));
    }
}

fn settle(app: &mut App) {
    while app.patience() == Some(std::time::Duration::ZERO) {
        app.handle(Event::Time);
    }
}

fn shown(app: &mut App, width: u16, height: u16) -> String {
    let area = Rect::new(0, 0, width, height);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    text::screen(&buffer)
}

#[test]
fn a_stop_is_typed_with_completion_and_run_to() {
    let mut app = app(Lang::En);
    keys(&mut app, "gb");
    assert!(shown(&mut app, 80, 24).contains("for example: tcp_ack"));
    keys(&mut app, "tcp_ac");
    assert!(shown(&mut app, 80, 24).contains("tcp_accept"), "the words that Tab would offer stand below");
    press(&mut app, KeyCode::Tab);
    keys(&mut app, " if sk.sta");
    press(&mut app, KeyCode::Tab);
    keys(&mut app, " == SYN_R");
    press(&mut app, KeyCode::Tab);
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.picture().stops.len(), 1, "{}", shown(&mut app, 80, 24));
    let typed = app.picture().stops[0].text.clone();
    assert!(
        ["tcp_ack if sk.state == SYN_RECV", "tcp_accept if sk.state == SYN_RECV"].contains(&typed.as_str()),
        "{typed}"
    );
    // What was typed is there again.
    keys(&mut app, "gb");
    press(&mut app, KeyCode::Up);
    assert!(shown(&mut app, 80, 24).contains("SYN_RECV"));
    press(&mut app, KeyCode::Esc);
    assert!(matches!(app.ui().overlay, Overlay::Nothing));
}

#[test]
fn an_error_stands_under_its_caret_in_both_languages() {
    for (lang, wanted) in [(Lang::En, "did you mean TIME_WAIT?"), (Lang::Zh, "是否想写 TIME_WAIT")] {
        let mut app = app(lang);
        keys(&mut app, "gb");
        keys(&mut app, "state *->TIME_WIAT");
        press(&mut app, KeyCode::Enter);
        let screen = shown(&mut app, 80, 24);
        assert!(screen.contains(wanted), "{screen}");
        let lines: Vec<&str> = screen.lines().collect();
        let typed = lines.iter().position(|line| line.contains("TIME_WIAT")).unwrap();
        let column = |line: &str, what: &str| line.find(what).map(|at| line[..at].chars().count());
        assert_eq!(column(lines[typed + 1], "^"), column(lines[typed], "TIME_WIAT"), "{screen}");
        assert!(app.picture().stops.is_empty());
        // Typing on takes the complaint away.
        press(&mut app, KeyCode::Backspace);
        assert!(!shown(&mut app, 80, 24).contains(wanted));
        keys(&mut app, " C.sock");
    }
    let mut app = app(Lang::En);
    keys(&mut app, "gb");
    keys(&mut app, "C: tcp_ack");
    press(&mut app, KeyCode::Enter);
    assert!(shown(&mut app, 80, 24).contains("is no host of this scene"));
}

#[test]
fn keys_set_a_stop_on_what_is_selected() {
    let mut app = app(Lang::En);
    // The function that runs.
    keys(&mut app, "]]]]");
    app.act(Action::Pane(Pane::Code));
    keys(&mut app, "b");
    let function = app.picture().code.function.clone();
    assert!(app.picture().stops[0].text.ends_with(&format!("enter {function}")));
    keys(&mut app, "b");
    assert!(app.picture().stops.is_empty(), "the same key takes it away");
    // A frame of the ladder.
    app.act(Action::Pane(Pane::Ladder));
    shown(&mut app, 160, 45);
    keys(&mut app, "b");
    let stop = app.picture().stops.first().map(|stop| stop.text.clone());
    let rows = &app.picture().ladder.rows;
    assert!(
        rows.iter().any(|row| match (row, &stop) {
            (LadderRow::Frame { number, .. }, Some(stop)) => *stop == format!("frame {number} arrives"),
            (LadderRow::State { name, .. }, Some(stop)) => stop.ends_with(&format!("state *->{name}")),
            _ => false,
        }),
        "{stop:?}"
    );
    keys(&mut app, "b");
    // A field of the frame.
    app.act(Action::Pane(Pane::Frame));
    keys(&mut app, "b");
    assert!(app.picture().stops[0].text.starts_with("frame where "), "{:?}", app.picture().stops);
    assert_eq!(app.picture().stops[0].kind, StopKind::Frame);
    keys(&mut app, "b");
    // A timer, and a field of the sock.
    keys(&mut app, ">");
    app.act(Action::Pane(Pane::Timers));
    if let Some(timer) = app.picture().timers.first().cloned() {
        keys(&mut app, "b");
        assert!(app.picture().stops[0].text.ends_with(&format!("timer {} fires", timer.function)));
        keys(&mut app, "b");
    }
    app.act(Action::Pane(Pane::Processes));
    keys(&mut app, "b");
    assert_eq!(app.picture().stops[0].kind, StopKind::Process);
    assert!(app.picture().stops[0].text.contains(": sleeps "));
    keys(&mut app, "b");
    app.act(Action::Pane(Pane::Sock));
    keys(&mut app, "w");
    assert_eq!(app.picture().stops[0].kind, StopKind::Watch);
}

#[test]
fn the_list_of_stops_has_keys_of_its_own() {
    let mut app = app(Lang::En);
    for stop in ["state *->TIME_WAIT", "state *->SYN_SENT", "A sends where arp"] {
        keys(&mut app, "gb");
        keys(&mut app, stop);
        press(&mut app, KeyCode::Enter);
    }
    keys(&mut app, "gpx");
    assert_eq!(app.ui().focus, Pane::Stops);
    let screen = shown(&mut app, 80, 24);
    assert!(screen.contains("● state *->TIME_WAIT") && screen.contains("3 of 3 on"), "{screen}");
    press(&mut app, KeyCode::Down);
    keys(&mut app, " ");
    assert!(shown(&mut app, 80, 24).contains("○ state *->SYN_SENT"));
    press(&mut app, KeyCode::Enter);
    settle(&mut app);
    assert_eq!(app.picture().state.now, Some(TcpState::SynSent), "Enter runs to the selected one, off or on");
    assert!(app.ui().message.as_deref().is_some_and(|said| said.starts_with("stopped at state *->SYN_SENT on A")));
    press(&mut app, KeyCode::Up);
    press(&mut app, KeyCode::Enter);
    settle(&mut app);
    let there = app.picture().step;
    assert_eq!(app.picture().state.now, Some(TcpState::TimeWait));
    press(&mut app, KeyCode::Down);
    press(&mut app, KeyCode::Backspace);
    settle(&mut app);
    assert!(app.picture().step < there, "Backspace goes back");
    keys(&mut app, "x");
    assert_eq!(app.picture().stops.len(), 2);
    assert!(app.ui().message.as_deref().is_some_and(|said| said.contains("state *->SYN_SENT")));
    keys(&mut app, "xxx");
    assert!(shown(&mut app, 80, 24).contains("no stop yet"));
}

#[test]
fn row_53_the_list_of_stops_is_searched() {
    let mut app = app(Lang::En);
    for stop in ["tcp_ack", "drop BadChecksum", "timer TIME_WRITE fires"] {
        keys(&mut app, "gb");
        keys(&mut app, stop);
        press(&mut app, KeyCode::Enter);
    }
    keys(&mut app, "gpx/badch");
    press(&mut app, KeyCode::Enter);
    assert_eq!(app.ui().view(Pane::Stops).selected, 1);
}

#[test]
fn signs_stand_in_the_code() {
    let mut app = app(Lang::En);
    keys(&mut app, "gb");
    keys(&mut app, "A: tcp_connect");
    press(&mut app, KeyCode::Enter);
    keys(&mut app, "c");
    settle(&mut app);
    app.act(Action::Pane(Pane::Code));
    let screen = shown(&mut app, 80, 24);
    assert!(screen.lines().any(|line| line.contains("●") && line.contains("fn tcp_connect")), "{screen}");
    // Where its head is out of sight the sign stands at its name.
    keys(&mut app, "nn");
    let screen = shown(&mut app, 80, 24);
    assert!(screen.contains("● tcp_connect"), "{screen}");
    keys(&mut app, "gpx ");
    app.act(Action::Pane(Pane::Code));
    let screen = shown(&mut app, 80, 24);
    assert!(screen.contains("○ tcp_connect"), "{screen}");
}
