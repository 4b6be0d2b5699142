//! Keeping a session: saved at any time, opened again where one was.

use sockscope::catalog;
use sockscope::i18n::Lang;
use sockscope::picture::Source;
use sockscope::recording::journal::{Frames, decode_session, encode_session};
use sockscope::session::Session;
use sockscope::session::motion::{Direction, Motion};
use stack::lab::beginning::Beginning;
use stack::link::wire::Fate;

use crate::driving::{frame, picture, session};
use crate::folder::Folder;

/// A session with everything in it that can be kept.
fn full() -> Session {
    let mut session = session();
    let syn = frame(&mut session, "SYN seq");
    session.go_to(700);
    session.set_mark('a');
    session.wire(syn, Fate::Drop, Lang::En).unwrap();
    session.go_to(900);
    session.prompt("socket(AF_INET, SOCK_DGRAM, 0)", 1, Lang::En).unwrap();
    session.travel(Motion::Frame, Direction::Forward);
    session.set_mark('b');
    session.toggle_stop("B: enter tcp_ack").unwrap();
    session.toggle_stop("A: state *->ESTABLISHED").unwrap();
    session
}

#[test]
fn row_28_a_session_that_was_saved_opens_where_it_was() {
    let mut session = full();
    let folder = Folder::new("keep");
    let path = std::path::PathBuf::from(folder.path("session.pcapng"));
    std::fs::write(&path, session.recording().unwrap()).unwrap();
    let mut again = catalog::scene(Some(&path)).unwrap();
    assert_eq!(again.kept(), session.kept());
    assert_eq!(again.branches().len(), 3);
    let (mut was, mut is) = (picture(&mut session), picture(&mut again));
    // Where it came from is told otherwise: it is a recording now.
    (was.title, is.title) = (String::new(), String::new());
    (was.source, is.source) = (Source::Lab, Source::Lab);
    assert!(was == is, "step {} opens as step {}", was.step, is.step);
    assert!(again.go_to_mark('a') && session.go_to_mark('a'));
    assert_eq!(picture(&mut again).step, picture(&mut session).step);
    assert_eq!(again.surroundings(1), session.surroundings(1));
    let answer = again.travel(Motion::Run, Direction::Forward);
    assert!(again.settle(answer).moved(), "the stops stop");
}

#[test]
fn row_29_what_is_kept_is_read_back_equal_wherever_it_is_cut() {
    let mut session = full();
    let kept = session.kept();
    let beginning = Beginning::of(&session.run().before(0));
    let journal = session.branches()[0].journal().clone();
    let text = encode_session(&beginning, &journal, &kept);
    let (_, read, again) = decode_session(&text, Frames::default(), true).unwrap();
    assert_eq!((read, again), (journal, kept));
    // A damaged line is refused or gives less; it never panics.
    for cut in 0..text.len() {
        if text.is_char_boundary(cut) {
            let _read = decode_session(&text[..cut], Frames::default(), false);
        }
    }
    let lines: Vec<&str> = text.lines().collect();
    let first_of_session = lines.iter().position(|line| line.contains("\"session\"")).unwrap();
    for damage in [
        "{\"session\":\"branch\"}",
        "{\"session\":7}",
        "{\"session\":\"here\",\"branch\":9,\"cursor\":[0,0],\"typed\":[]}",
    ] {
        let mut lines = lines.clone();
        lines[first_of_session] = damage;
        assert!(decode_session(&(lines.join("\n") + "\n"), Frames::default(), true).is_err(), "{damage}");
    }
}
