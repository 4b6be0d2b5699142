//! Laying both sides beside each other, case by case, with segments made by hand.

use std::borrow::Cow;

use super::*;
use crate::capture::segment::Endpoint;

fn segment(time_ms: u64, flags: u8, seq: u32, length: u32, ack: u32) -> Segment<'static> {
    let end = Endpoint { address: std::net::Ipv4Addr::LOCALHOST, port: 1 };
    Segment {
        frame: 1,
        time_ns: time_ms * 1_000_000,
        source_hardware: [0; 6],
        destination_hardware: [0; 6],
        source: end,
        destination: end,
        seq,
        ack,
        flags,
        window: 100,
        window_shift: 0,
        options: Cow::default(),
        length,
        payload: Cow::default(),
        checksum_right: None,
        fragments: Vec::new(),
    }
}

fn compared(stack: &[Segment], capture: &[Segment]) -> Vec<Aligned> {
    align(stack, capture, 100_000_000_000, &[])
}

fn names(lines: &[Aligned]) -> Vec<&'static str> {
    lines.iter().map(|line| line.relation.name()).collect()
}

fn decisions(lines: &[Aligned]) -> Vec<&'static str> {
    lines.iter().filter(|line| line.decides).map(|line| line.relation.name()).collect()
}

const A: u8 = tcp::ACK;
const F: u8 = tcp::ACK | tcp::FIN;

#[test]
fn time_decides_between_same_earlier_and_later() {
    let capture = [segment(100, A, 1, 5, 9), segment(200, A, 6, 5, 9), segment(300, A, 11, 5, 9)];
    let stack = [segment(110, A, 1, 5, 9), segment(150, A, 6, 5, 9), segment(350, A, 11, 5, 9)];
    let lines = compared(&stack, &capture);
    assert_eq!(names(&lines), ["same", "earlier", "later"]);
    assert_eq!(decisions(&lines), ["earlier", "later"]);
    assert_eq!(lines[2].relation, Relation::Later(50_000_000));
}

#[test]
fn other_boundaries_are_a_class_as_long_as_they_come_in_time() {
    let capture = [segment(1, A, 1, 10, 9), segment(2, A, 11, 5, 9)];
    let stack = [segment(1, A, 1, 4, 9), segment(1, A, 5, 6, 9), segment(90, A, 11, 2, 9), segment(90, A, 13, 3, 9)];
    let lines = compared(&stack, &capture);
    assert_eq!(decisions(&lines), ["later", "later"]);
    assert!(lines.iter().all(|line| line.classes() == [Class::Boundaries]), "{lines:?}");
}

#[test]
fn data_that_is_never_sent_is_missing_and_never_a_split() {
    let capture = [segment(1, A, 1, 10, 9), segment(2, A, 11, 10, 9)];
    let stack = [segment(1, A, 1, 4, 9), segment(1, A, 5, 6, 9), segment(1, A, 11, 4, 9)];
    let lines = compared(&stack, &capture);
    let last = lines.last().unwrap();
    assert_eq!((last.relation, last.capture, last.decides), (Relation::Missing, Some(1), true));
}

#[test]
fn a_retransmission_is_never_a_split() {
    let capture = [segment(1, A, 1, 10, 9), segment(2, A, 11, 10, 9), segment(300, A, 1, 10, 9)];
    let stack = [segment(1, A, 1, 5, 9), segment(1, A, 6, 5, 9), segment(1, A, 11, 10, 9), segment(900, A, 1, 5, 9)];
    assert_eq!(decisions(&compared(&stack, &capture)), ["missing", "extra"]);
}

#[test]
fn a_resend_at_the_captured_time_is_that_one() {
    let syn = |time| segment(time, tcp::SYN, 7, 0, 0);
    let lines = compared(&[syn(0), syn(3010)], &[syn(0), syn(1000), syn(3000), syn(7000)]);
    assert_eq!(names(&lines), ["same", "missing", "same", "missing"]);
}

#[test]
fn an_acknowledgement_more_is_a_class_and_a_duplicate_is_a_decision() {
    let capture = [segment(40, A, 1, 0, 30)];
    let stack = [segment(1, A, 1, 0, 20), segment(2, A, 1, 0, 30), segment(3, A, 1, 0, 30)];
    let lines = compared(&stack, &capture);
    assert_eq!(names(&lines), ["extra", "earlier", "extra"]);
    assert_eq!(lines.iter().map(|line| line.decides).collect::<Vec<_>>(), [false, false, true]);
    // The other way round: what the stack has acknowledged by then need not be acknowledged by a frame of its own.
    let capture = [segment(1, A, 1, 0, 20), segment(2, A, 1, 0, 30), segment(3, A, 1, 0, 30)];
    let lines = compared(&[segment(1, A, 1, 0, 30)], &capture);
    assert_eq!(decisions(&lines), ["missing"]);
    let late = compared(&[segment(90, A, 1, 0, 30)], &[segment(1, A, 1, 0, 20)]);
    assert_eq!(decisions(&late), ["missing"], "it was acknowledged too late");
}

#[test]
fn fields_have_their_classes_and_other_flags_have_none() {
    let mut captured = segment(1, tcp::SYN | A | tcp::PSH, 1, 0, 9);
    captured.window = 200;
    captured.options = vec![2, 4, 5, 180, 4, 2, 1, 3, 3, 7].into();
    let mut stack = segment(1, tcp::SYN | A, 1, 0, 9);
    stack.options = vec![2, 4, 5, 156].into();
    let lines = compared(&[stack.clone()], &[captured]);
    assert_eq!(names(&lines), ["differs"]);
    assert_eq!(lines[0].classes(), [Class::Window, Class::Options, Class::SegmentSize, Class::Push]);
    assert!(!lines[0].decides);
    let mut urgent = stack.clone();
    urgent.flags |= tcp::URG;
    assert!(compared(&[urgent], &[stack])[0].decides);
}

#[test]
fn a_fin_on_data_and_one_alone_are_the_same_stream() {
    let capture = [segment(1, F, 1, 10, 9)];
    let lines = compared(&[segment(1, A, 1, 10, 9), segment(1, F, 11, 0, 9)], &capture);
    assert!(decisions(&lines).is_empty(), "{lines:?}");
    assert!(lines.iter().all(|line| line.classes() == [Class::SeparateFin]), "{lines:?}");
    // Without the FIN it is another stream.
    assert_eq!(decisions(&compared(&[segment(1, A, 1, 10, 9)], &capture)), ["differs"]);
}

#[test]
fn what_comes_behind_the_end_is_compared_only_where_it_has_a_partner() {
    let capture = [segment(100, A, 1, 5, 9)];
    let stack = [segment(105, A, 1, 5, 9), segment(110, A, 1, 5, 9)];
    let lines = align(&stack, &capture, 100_000_000, &[]);
    assert_eq!(names(&lines), ["same"]);
}

#[test]
fn sequence_numbers_may_wrap() {
    let start = u32::MAX - 3;
    let capture = [segment(1, A, start, 10, 9)];
    let stack = [segment(1, A, start, 6, 9), segment(1, A, 2, 4, 9)];
    assert_eq!(names(&compared(&stack, &capture)), ["split differently"; 3]);
}

#[test]
fn what_the_peer_could_not_send_yet_is_acknowledged_later_by_design() {
    let capture =
        [segment(100, A, 1, 0, 30), segment(110, A, 1, 0, 30), segment(120, A, 1, 0, 50), segment(500, A, 1, 0, 60)];
    let stack = [segment(100, A, 1, 0, 20), segment(200, A, 1, 0, 30), segment(900, A, 1, 0, 60)];
    let behind = [(90_000_000, 300_000_000)];
    let lines = align(&stack, &capture, 100_000_000_000, &behind);
    let windows = lines.iter().filter(|line| line.class == Some(Class::Window) && !line.decides);
    assert_eq!(windows.map(|line| line.relation.name()).collect::<Vec<_>>(), ["missing", "missing", "later"]);
    // When nothing waits any more, later is a decision.
    assert_eq!(decisions(&lines), ["later"]);
    assert_eq!(decisions(&compared(&stack, &capture)).len(), 4);
}
