//! The screen on the real stack: going back shows what was shown, acts on the wire make a branch, breakpoints and
//! watches stop where they should.

use lessons::{Act, Shows, View};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::{FrameFate, LadderRow, Picture, Source};
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use sockscope::tui::app::App;
use sockscope::tui::theme::{Depth, Palette, Theme};
use sockscope::tui::ui_state::UiState;
use stack::link::wire::Fate;

fn session() -> Session {
    Session::new("test", Source::Lab, stack::lab::scene::first(1).unwrap())
}

fn picture(session: &mut Session) -> Picture {
    session.picture(PictureRequest { switched: 0, relative: true, lang: Lang::En })
}

/// Runs to the next stop, and says whether there is one.
fn stopped(session: &mut Session, direction: Direction) -> bool {
    let answer = session.travel(Motion::Run, direction);
    session.settle(answer).moved()
}

#[test]
fn every_size_of_step_has_a_way_back_that_shows_what_was_shown() {
    for motion in [Motion::Into, Motion::Micro, Motion::Frame, Motion::State, Motion::Timer, Motion::Layer] {
        let mut session = session();
        // An open-ended run grows when one walks off its end: let it grow first, so that only the moment can differ.
        for _ in 0..16 {
            session.travel(Motion::Timer, Direction::Forward);
        }
        session.go_to(500);
        assert!(session.travel(motion, Direction::Forward).moved());
        let mut seen = vec![picture(&mut session)];
        for _ in 0..12 {
            if !session.travel(motion, Direction::Forward).moved() {
                break;
            }
            seen.push(picture(&mut session));
        }
        assert!(seen.len() > 2, "{motion:?} went nowhere");
        seen.pop();
        for expected in seen.into_iter().rev() {
            assert!(session.travel(motion, Direction::Backward).moved());
            let shown = picture(&mut session);
            assert_eq!(shown.step, expected.step, "{motion:?}");
            assert!(shown == expected, "{motion:?}: step {} looks different on the way back", shown.step);
        }
    }
}

#[test]
fn a_picture_depends_on_the_moment_and_not_on_the_way_there() {
    let mut walked = session();
    walked.go_to(700);
    for _ in 0..25 {
        walked.travel(Motion::Into, Direction::Forward);
    }
    let there = picture(&mut walked);
    let mut jumped = session();
    jumped.go_to(there.step);
    assert!(picture(&mut jumped) == there);
}

#[test]
fn the_panes_show_the_handshake() {
    let mut session = session();
    let mut names = Vec::new();
    for _ in 0..12 {
        assert!(session.travel(Motion::State, Direction::Forward).moved());
        let picture = picture(&mut session);
        if let (Some(from), Some(now)) = (picture.state.from, picture.state.now) {
            let change = format!("TCP_{}", now.name());
            assert!(picture.changed.iter().any(|changed| changed.new.contains(&change)), "{:?}", picture.changed);
            names.push(format!("{} {}>{}", picture.state.sock, from.name(), now.name()));
        }
    }
    for edge in ["A/sk#2 CLOSE>SYN_SENT", "A/sk#2 SYN_SENT>ESTABLISHED", "SYN_RECV>ESTABLISHED"] {
        assert!(names.iter().any(|name| name.contains(edge)), "{edge} is not in {names:?}");
    }
}

#[test]
fn a_lost_frame_makes_a_branch_and_the_old_one_stays() {
    let mut session = session();
    let syn = picture(&mut session).ladder.rows.iter().find_map(|row| match row {
        LadderRow::Frame { number, label, .. } if label.starts_with("SYN seq") => Some(*number),
        _ => None,
    });
    let before = picture(&mut session);
    session.wire(syn.unwrap(), Fate::Drop, Lang::En).unwrap();
    while session.travel(Motion::Frame, Direction::Forward).moved() {
        if picture(&mut session)
            .ladder
            .rows
            .iter()
            .any(|row| matches!(row, LadderRow::Frame { resent: true, fate: FrameFate::Flying, .. }))
        {
            break;
        }
    }
    let lost = picture(&mut session);
    let fates: Vec<(bool, FrameFate)> = lost
        .ladder
        .rows
        .iter()
        .filter_map(|row| match row {
            LadderRow::Frame { label, resent, fate, .. } if label.starts_with("SYN seq") => Some((*resent, *fate)),
            _ => None,
        })
        .collect();
    assert_eq!(fates, [(false, FrameFate::Lost), (true, FrameFate::Flying)]);
    assert!(lost.microseconds > 3_000_000, "the retransmission comes after three seconds: {}", lost.microseconds);
    assert!(session.next_branch(Lang::En).is_ok());
    let (title, branches) = (before.title.clone(), before.branches.clone());
    assert!(Picture { title, branches, ..picture(&mut session) } == before, "only title and tree tell of the branches");
}

#[test]
fn the_run_stops_at_a_breakpoint_in_both_directions() {
    let mut session = session();
    session.toggle_stop("B: enter tcp_ack").unwrap();
    assert!(stopped(&mut session, Direction::Forward));
    assert_eq!(picture(&mut session).code.function, "tcp_ack");
    let step = picture(&mut session).step;
    assert!(stopped(&mut session, Direction::Forward));
    assert!(stopped(&mut session, Direction::Backward));
    // Where one has stopped is a sign on the timeline from then on: both have it now.
    let first = picture(&mut session);
    assert_eq!(first.step, step);
    assert!(stopped(&mut session, Direction::Forward));
    assert!(stopped(&mut session, Direction::Backward));
    assert!(picture(&mut session) == first);
}

#[test]
fn the_writer_of_a_field_is_found() {
    let mut session = session();
    while session.travel(Motion::State, Direction::Forward).moved() {
        if picture(&mut session).state.now.is_some_and(|state| state.name() == "ESTABLISHED") {
            break;
        }
    }
    let there = picture(&mut session);
    session.travel(Motion::Into, Direction::Forward);
    session.travel(Motion::Into, Direction::Forward);
    picture(&mut session);
    let answer = session.run_to_writer("state");
    assert!(session.settle(answer).moved());
    assert_eq!(picture(&mut session).step, there.step);
}

#[test]
fn a_lesson_hides_what_is_to_come_until_it_is_answered() {
    // Not through the door of the home screen: that one remembers what this account's learner has done.
    let player = lessons::Player::open(lessons::content::named("gate").unwrap(), 1).unwrap();
    let mut run = Session::of_lesson(player, Box::new(|_| {}));
    let ask = PictureRequest { switched: 0, relative: true, lang: Lang::En };
    assert!(run.learn(Act::Next).is_ok());
    let asked = run.picture(ask);
    assert!(asked.lesson.as_ref().is_some_and(View::asks), "{:?}", asked.lesson);
    assert!(asked.timeline.masked_from.is_some() && asked.ladder.masked);
    assert!(!run.travel(Motion::Into, Direction::Forward).moved(), "the future of a question must stay hidden");
    assert!(!run.go_to(asked.step + 100).moved() || run.picture(ask).step == asked.step);
    assert!(
        run.learn(Act::Choose(1)).is_ok() && run.learn(Act::Certainty(2)).is_ok() && run.learn(Act::Answer).is_ok()
    );
    let revealed = run.picture(ask);
    let Some(Shows::Verdict(verdict)) = revealed.lesson.map(|lesson| lesson.shows) else { panic!("no answer") };
    assert!(verdict.answer.is_some() && !verdict.evidence.is_empty());
    assert!(run.travel(Motion::Into, Direction::Forward).moved());
}

#[test]
fn a_lesson_does_not_hide_a_frame_that_has_left() {
    let player = lessons::Player::open(lessons::content::named("handshake").unwrap(), 1).unwrap();
    let mut run = Session::of_lesson(player, Box::new(|_| {}));
    assert!(run.learn(Act::Next).is_ok() && run.travel(Motion::Frame, Direction::Forward).moved());
    let ladder = run.picture(PictureRequest { switched: 0, relative: true, lang: Lang::En }).ladder;
    let flying = |row: &LadderRow| matches!(row, LadderRow::Frame { number: 1, fate: FrameFate::Flying, .. });
    assert!(ladder.masked && ladder.rows.iter().any(flying), "{ladder:?}");
    let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), Lang::En);
    let mut app = App::new(catalog::standard(), Some(run), ui);
    let area = Rect::new(0, 0, 200, 60);
    let mut buffer = Buffer::empty(area);
    app.draw(area, &mut buffer);
    let line = |y: u16| (0..area.width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    let lines: Vec<String> = (0..area.height).map(line).collect();
    let place = |part: &str| lines.iter().position(|line| line.contains(part));
    let (frame, mask) = (place("#1│"), place("hidden until you answer"));
    assert!(frame.is_some() && frame < mask, "{}", lines.join("\n"));
}

#[test]
fn steps_can_be_drawn_at_any_size_in_both_languages() {
    for lang in [Lang::En, Lang::Zh] {
        let ui = UiState::new(Theme::new(Palette::Dark, Depth::Indexed), lang);
        let mut app = App::new(catalog::standard(), Some(session()), ui);
        for place in 0..60 {
            let (width, height) = [(20, 8), (80, 24), (120, 35), (160, 45), (200, 60)][place % 5];
            let area = Rect::new(0, 0, width, height);
            let mut buffer = Buffer::empty(area);
            app.draw(area, &mut buffer);
            let motion = [Motion::Into, Motion::Over, Motion::Layer, Motion::State][place % 4];
            app.act(sockscope::tui::action::Action::Travel(motion, Direction::Forward));
        }
    }
}
