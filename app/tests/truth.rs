//! What the screen says is so: laws on the pictures of whole runs, over the golden scenes and the first scene. Each of them was
//! seen to fail with the fault that it guards against put back.

use std::path::{Path, PathBuf};

use sockscope::i18n::Lang;
use sockscope::open;
use sockscope::picture::{Picture, Source};
use sockscope::session::answer::Answer;
use sockscope::session::motion::{Direction, Motion};
use sockscope::session::{PictureRequest, Session};
use stack::lab::scene;

const EVERY: PictureRequest = PictureRequest { switched: 0, relative: true, lang: Lang::En };
const OTHER: PictureRequest = PictureRequest { switched: 1, ..EVERY };

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden")
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "pkt") {
            found.push(path);
        }
    }
}

/// The first scene, whose time goes on by itself, and one golden scene in so many.
fn sessions(every: usize) -> Vec<(String, Session)> {
    let mut scenes = Vec::new();
    collect(&golden(), &mut scenes);
    assert!(scenes.len() > 150, "only {} golden scenes", scenes.len());
    let mut sessions = vec![("first".to_owned(), Session::new("first", Source::Lab, scene::first(1).unwrap()))];
    sessions.extend(scenes.iter().step_by(every).map(|path| {
        let name = path.strip_prefix(golden()).unwrap().display().to_string();
        (name.clone(), Session::new(name, Source::Script, open::open(Some(path), 1).unwrap().run))
    }));
    sessions
}

#[test]
fn a_motion_that_finds_nothing_changes_nothing() {
    for (name, mut session) in sessions(5) {
        for direction in [Direction::Forward, Direction::Backward] {
            for motion in [Motion::Frame, Motion::State, Motion::Timer, Motion::Layer, Motion::Into, Motion::Over] {
                // To where there is none any more: the laboratory goes on for as long as something of the kind comes.
                let gone = (0..600).find(|_| !session.travel(motion, direction).moved());
                if gone.is_none() {
                    continue;
                }
                let (at, horizon, turns) = (session.moment(), session.run().journal.horizon, session.run().turns.len());
                for _ in 0..3 {
                    assert_eq!(session.travel(motion, direction), Answer::None { motion, direction }, "{name}");
                }
                let after = (session.moment(), session.run().journal.horizon, session.run().turns.len());
                assert_eq!(after, (at, horizon, turns), "{name}: {motion:?} {direction:?} moved the clock");
            }
        }
    }
}

#[test]
fn all_hosts_show_one_time() {
    let mut session = Session::new("first", Source::Lab, scene::first(1).unwrap());
    for motion in [Motion::Frame, Motion::Frame, Motion::State, Motion::Timer, Motion::Timer, Motion::State] {
        session.travel(motion, Direction::Forward);
        let (here, there) = (session.picture(EVERY), session.picture(OTHER));
        assert_ne!(here.host, there.host);
        assert_eq!(here.acting, there.acting, "whose call it is does not depend on who is looked at");
        assert_eq!((here.jiffies, here.microseconds), (there.jiffies, there.microseconds), "step {}", here.step);
        assert_eq!(here.jiffies, here.microseconds / 10_000, "step {}", here.step);
    }
}

/// The value of every field of the sock that is shown, and what it is said to have been.
fn fields(picture: &Picture) -> Option<(&str, Vec<(&str, &str, Option<&str>)>)> {
    let sock = picture.socks.first()?;
    let fields = sock.fields.iter().map(|field| (field.name.as_str(), field.value.as_str(), field.old.as_deref()));
    Some((&sock.name, fields.collect()))
}

#[test]
fn a_step_shows_what_it_changed_and_nothing_else() {
    for (name, mut session) in sessions(6) {
        session.travel(Motion::End, Direction::Backward);
        let mut before = session.picture(EVERY);
        let mut compared = 0;
        for _ in 0..1_500 {
            if !session.travel(Motion::Into, Direction::Forward).moved() {
                break;
            }
            let after = session.picture(EVERY);
            if let (Some((was_sock, was)), Some((is_sock, is))) = (fields(&before), fields(&after))
                && was_sock == is_sock
                && before.acting == after.acting
            {
                for ((field, old, _), (_, new, said)) in was.iter().zip(&is) {
                    let expected = (old != new).then_some(*old);
                    assert_eq!(*said, expected, "{name}, step {}: {is_sock}.{field}", after.step);
                    compared += 1;
                }
            }
            before = after;
        }
        assert!(compared > 100 || name != "first", "{name}: only {compared} fields compared");
    }
}

#[test]
fn a_watch_stops_at_every_change_within_one_call() {
    let path = golden().join("back_log/read_three_segments.pkt");
    let mut session = Session::new("three", Source::Script, open::open(Some(&path), 1).unwrap().run);
    assert_eq!(session.toggle_stop("when host.sock(3).back_log changes"), Ok(true));
    session.travel(Motion::End, Direction::Backward);
    let mut lengths = Vec::new();
    loop {
        let answer = session.travel(Motion::Run, Direction::Forward);
        let answer = session.settle(answer);
        if !answer.moved() {
            assert!(matches!(answer, Answer::NoStop { stops: 1, .. }), "{answer:?}");
            break;
        }
        let at = session.moment();
        let world = session.run().seek(at).world;
        let sock = stack::view::sock::by_number(&world.hosts[0].kernel, 3).unwrap();
        lengths.push(world.hosts[0].kernel.sock.get(sock).unwrap().back_log.len());
    }
    assert_eq!(lengths[..7], [0, 1, 2, 3, 2, 1, 0], "the birth of the sock, each segment that waits, each taken off");
}

#[test]
fn a_search_goes_on_in_slices_and_gives_up_without_a_trace() {
    let mut session = Session::new("first", Source::Lab, scene::first(1).unwrap());
    session.toggle_stop("when A.sock(99).state changes").unwrap();
    let at = session.moment();
    assert_eq!(session.travel(Motion::Run, Direction::Forward), Answer::Searching);
    assert_eq!(session.proceed(1), Answer::Searching);
    let (done, of) = session.searching().unwrap();
    assert!(done > 0 && done < of, "{done} of {of}");
    session.give_up();
    assert_eq!((session.searching(), session.moment()), (None, at));
    let answer = session.travel(Motion::Run, Direction::Forward);
    assert!(matches!(session.settle(answer), Answer::NoStop { stops: 1, direction: Direction::Forward }));
    assert_eq!(session.moment(), at);
}
