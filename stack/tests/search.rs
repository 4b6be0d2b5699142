//! A search against the plain way of doing it, which looks at every moment of a run one by one; in slices, in both
//! directions, for one place and for several; and that a search that finds nothing leaves everything as it is.

mod scenes;

use std::path::Path;

use scenes::{LONGEST, golden, load, scripts};
use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Hit, Place, Progress, Search, TrendMemory, find};
use stack::lab::run::{FrameRecord, Moment, Run};
use stack::lab::scene;
use stack::lab::world::Cause;
use stack::view::sock::by_number;

use Direction::{Backward, Forward};

fn place(text: &str) -> Place {
    Place::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Every moment that has a picture of its own: the steps, and turns in which nothing is seen.
fn moments(run: &Run, turns: std::ops::Range<usize>) -> Vec<Moment> {
    let steps = |turn| run.steps(turn).min(1)..=run.steps(turn);
    turns.flat_map(|turn| steps(turn).map(move |step| Moment { turn, step })).collect()
}

/// Where an expression becomes true, asked of the picture of every moment.
fn seen(run: &mut Run, text: &str, turns: std::ops::Range<usize>) -> Vec<Moment> {
    let expression = Expression::parse(text).unwrap();
    let (mut memory, mut was) = (TrendMemory::default(), false);
    let before = turns.start.checked_sub(1).map(|turn| Moment { turn, step: run.steps(turn) });
    if let Some(before) = before {
        was = expression.holds_after(&run.seek(before).world, &mut memory);
    } else {
        expression.holds_after(&run.before(0), &mut memory);
    }
    let mut hits = Vec::new();
    for moment in moments(run, turns) {
        let now = expression.holds_after(&run.seek(moment).world, &mut memory);
        if now && (expression.has_trend() || !was) {
            hits.push(moment);
        }
        was = now;
    }
    hits
}

/// All hits of a search that goes on from each of them, within some turns.
fn searched(run: &mut Run, places: &[Place], turns: std::ops::Range<usize>, direction: Direction) -> Vec<Moment> {
    let mut hits: Vec<Hit> = Vec::new();
    let mut at = match direction {
        Forward => turns.start.checked_sub(1).map_or(Moment::default(), |turn| Moment { turn, step: usize::MAX }),
        Backward => Moment { turn: turns.end - 1, step: usize::MAX },
    };
    while let Some(hit) = Search::new(places.to_vec(), at, direction).finish(run) {
        if !turns.contains(&hit.moment.turn) {
            break;
        }
        at = hit.moment;
        hits.push(hit);
    }
    if direction == Backward {
        hits.reverse();
    }
    hits.into_iter().map(|hit| hit.moment).collect()
}

#[test]
fn the_changes_within_one_call_are_all_found() {
    let mut run = golden("back_log/read_three_segments");
    let places = [place("when host.sock(3).back_log.len changes")];
    let in_a_call = |frame: &&FrameRecord| frame.from_outside && run.turns[frame.moment.turn].cause == Cause::Call;
    let call = run.frames.iter().find(in_a_call).expect("frames arrive inside read()").moment.turn;
    let forward = searched(&mut run, &places, call..call + 1, Forward);
    // The queue goes 0, 1, 2, 3 while the reader has the sock, and back to 0 as it lets it go: all within one turn.
    let mut length = |moment: &Moment| {
        let kernel = &run.seek(*moment).world.hosts[0].kernel;
        by_number(kernel, 3).and_then(|sk| kernel.sock.get(sk)).map(|sock| sock.back_log.len())
    };
    let lengths: Option<Vec<usize>> = forward.iter().map(&mut length).collect();
    assert_eq!(lengths, Some(vec![1, 2, 3, 2, 1, 0]));
    assert_eq!(searched(&mut run, &places, call..call + 1, Backward), forward);
    assert_eq!(seen(&mut run, "host.sock(3).back_log.len changes", call..call + 1), forward);
}

#[test]
fn a_search_finds_what_the_pictures_show_on_every_script() {
    let texts = [
        "host.sock(2).receive_queue.len changes",
        "host.sock(2).state changes",
        "host.sock(4).inuse && host.sock(4).back_log.len > 0",
        "host.timers.len increases",
        "host.jiffies changes",
        "host.backlog.len == 0",
    ];
    for (number, path) in scripts().iter().enumerate() {
        let mut run = load(path);
        if run.head().hosts.len() > 1 {
            continue;
        }
        run.play(LONGEST);
        let text = texts[number % texts.len()];
        // The last turns, where things happen; not all, because the plain way is slow.
        let turns = run.turns.len().saturating_sub(6)..run.turns.len();
        let wanted = seen(&mut run, text, turns.clone());
        let places = [place(&format!("when {text}"))];
        for direction in [Forward, Backward] {
            let found = searched(&mut run, &places, turns.clone(), direction);
            assert_eq!(found, wanted, "{}: when {text}, {direction:?}", path.display());
        }
    }
}

#[test]
fn a_search_over_two_hosts_sees_the_time_that_both_show() {
    let mut run = scene::first(1).unwrap();
    run.play(LONGEST);
    let turns = 0..run.turns.len().min(70);
    for text in [
        "B.jiffies changes",
        "A.timer(\"retransmit_timer\", 2).left decreases",
        "A.sock(2).state == ESTABLISHED && B.sock(4).state == ESTABLISHED",
        "A.arp(\"10.0.0.2\").idle > 2",
        "A.jiffies == B.jiffies",
        "B.socks.len == 0",
    ] {
        let wanted = seen(&mut run, text, turns.clone());
        let places = [place(&format!("when {text}"))];
        for direction in [Forward, Backward] {
            assert_eq!(searched(&mut run, &places, turns.clone(), direction), wanted, "{text} {direction:?}");
        }
    }
}

#[test]
fn several_places_at_once_are_those_of_each_in_order() {
    let mut run = scene::first(1).unwrap();
    run.play(LONGEST);
    let texts =
        ["B: enter tcp_rcv", "A: state *->ESTABLISHED", "when B.sock(2).receive_queue.len changes", "frame 3 arrives"];
    let places = texts.map(place);
    let turns = 0..run.turns.len();
    let mut each: Vec<Moment> = Vec::new();
    for place in &places {
        let one = searched(&mut run, std::slice::from_ref(place), turns.clone(), Forward);
        assert!(!one.is_empty(), "{place}");
        each.extend(one);
    }
    each.sort();
    each.dedup();
    assert_eq!(searched(&mut run, &places, turns.clone(), Forward), each);
    assert_eq!(searched(&mut run, &places, turns, Backward), each);
    let first = Search::new(places.to_vec(), Moment::default(), Forward).finish(&mut run).unwrap();
    assert_eq!(find(&places[first.place], &mut run, Moment::default(), Forward), Some(first.moment));
}

#[test]
fn slices_change_nothing_and_tell_how_far_they_are() {
    let mut run = scene::first(1).unwrap();
    run.play(LONGEST);
    let end = run.end();
    for (text, from, direction) in [
        ("when A.sock(2).state == CLOSE", Moment::default(), Forward),
        ("B: enter tcp_accept", end, Backward),
        ("A: enter tcp_rcv #3", Moment::default(), Forward),
        ("A: enter tcp_rcv #3", end, Backward),
        ("A: enter never", Moment::default(), Forward),
        ("A: enter never", end, Backward),
    ] {
        let whole = find(&place(text), &mut run, from, direction);
        let mut search = Search::new(vec![place(text)], from, direction);
        let mut before = 0;
        let sliced = loop {
            match search.proceed(&mut run, 1) {
                Progress::Found(hit) => break Some(hit.moment),
                Progress::Nothing => break None,
                Progress::Unfinished { done, of } => {
                    assert!(done >= before && done <= of && of <= run.turns.len(), "{text}: {done} of {of}");
                    before = done;
                }
            }
        };
        assert_eq!(sliced, whole, "{text} {direction:?}");
        assert_eq!(whole.is_none(), text.contains("never"), "{text} {direction:?}");
        assert_eq!(search.finish(&mut run).map(|hit| hit.moment), whole, "the answer stays");
    }
}

#[test]
fn a_search_that_finds_nothing_changes_nothing() {
    for path in ["golden/data/loss_one.pkt", "golden/back_log/read_data.pkt"] {
        let mut run = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path));
        run.play(LONGEST);
        let (horizon, turns, head) = (run.journal.horizon, run.turns.len(), run.head().fingerprint());
        for direction in [Forward, Backward] {
            for text in
                ["host: enter never", "when host.sock(77)", "frame 99 leaves", "mark nowhere", "host: born SYN_RECV #9"]
            {
                let end = run.end();
                assert_eq!(find(&place(text), &mut run, end, direction), None);
            }
        }
        assert_eq!((run.journal.horizon, run.turns.len(), run.head().fingerprint()), (horizon, turns, head));
    }
}

#[test]
fn the_borders_of_a_run_are_places() {
    let mut run = scene::first(1).unwrap();
    let end = find(&place("end"), &mut run, Moment::default(), Forward).unwrap();
    assert_eq!(end, run.end());
    assert_eq!(find(&place("start"), &mut run, end, Backward), Some(Moment::default()));
    assert_eq!(find(&place("end"), &mut run, end, Forward), None);
    assert_eq!(find(&place("start"), &mut run, Moment::default(), Backward), None);
    let both = vec![place("A: enter never"), place("end")];
    assert_eq!(Search::new(both, Moment::default(), Forward).finish(&mut run), Some(Hit { place: 1, moment: end }));
}
