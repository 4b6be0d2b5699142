//! Two runs laid side by side: equal ones have no difference, and every frame of both stands in exactly one pair.

use proptest::prelude::*;
use stack::lab::compare::{FramePair, Relation, frame_fields, frames, worlds};
use stack::lab::run::{FrameRecord, Moment};
use stack::lab::world::Sent;

fn record(place: usize, octet: u8, time: u64) -> FrameRecord {
    // An ARP request for 10.0.0.octet: what it says is told by its last octet.
    let mut bytes = vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1];
    bytes.extend([2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, octet]);
    let sent = Sent { number: place as u64 + 1, host: 0, dev: 1, bytes, arrivals: vec![(time + 1_000, None)] };
    FrameRecord { moment: Moment { turn: place, step: 1 }, time, sent, from_outside: false }
}

fn records(octets: &[u8]) -> Vec<FrameRecord> {
    octets.iter().enumerate().map(|(place, octet)| record(place, *octet, place as u64 * 10_000)).collect()
}

fn relations(pairs: &[FramePair]) -> Vec<Relation> {
    pairs.iter().map(|pair| pair.relation).collect()
}

#[test]
fn a_frame_that_one_side_has_more_puts_nothing_out_of_step() {
    let pairs = frames(&records(&[1, 2, 3, 4]), &records(&[1, 3, 4, 5]));
    use Relation::{OnlyLeft, OnlyRight, Same, Shifted};
    assert_eq!(relations(&pairs), [Same, OnlyLeft, Shifted, Shifted, OnlyRight]);
}

#[test]
fn another_fate_on_the_wire_is_a_difference_and_so_are_other_fields() {
    let left = records(&[1, 2]);
    let mut right = left.clone();
    right[0].sent.arrivals.clear();
    // The padding of a frame is nothing that it says.
    right[1].sent.bytes.push(7);
    let pairs = frames(&left, &right);
    assert_eq!(relations(&pairs), [Relation::Fate, Relation::Fields]);
    assert_eq!(frame_fields(&left[1].sent.bytes, &right[1].sent.bytes)[0].subject, "payload");
}

#[test]
fn a_run_and_itself_do_not_differ_and_two_moments_do() {
    let mut run = stack::lab::scene::first(1).unwrap();
    run.play(100_000);
    assert!(frames(&run.frames, &run.frames).iter().all(|pair| pair.relation == Relation::Same));
    let end = run.at_end();
    assert!(worlds(&end, &end).is_empty());
    let early = run.seek(Moment { turn: run.turns.len() / 2, step: 1 }).world;
    let differences = worlds(&early, &end);
    assert!(differences.iter().any(|difference| difference.field == "jiffies"), "{differences:?}");
    let turned = worlds(&end, &early);
    assert_eq!(turned.len(), differences.len(), "the other way round there are as many");
}

proptest! {
    #[test]
    fn every_frame_stands_in_one_pair_and_in_order(
        left in proptest::collection::vec(0_u8..6, 0..40),
        right in proptest::collection::vec(0_u8..6, 0..40),
    ) {
        let (left, right) = (records(&left), records(&right));
        let pairs = frames(&left, &right);
        let ours: Vec<usize> = pairs.iter().filter_map(|pair| pair.left).collect();
        let theirs: Vec<usize> = pairs.iter().filter_map(|pair| pair.right).collect();
        prop_assert_eq!(ours, (0..left.len()).collect::<Vec<_>>());
        prop_assert_eq!(theirs, (0..right.len()).collect::<Vec<_>>());
        for pair in &pairs {
            if let (Some(one), Some(two)) = (pair.left, pair.right) {
                prop_assert_eq!(&left[one].sent.bytes, &right[two].sent.bytes);
            }
        }
    }

    #[test]
    fn long_runs_are_paired_in_one_pass_with_the_same_promise(cut in 0_usize..1_700) {
        let octets: Vec<u8> = (0..1_700_u32).map(|place| (place % 251) as u8).collect();
        let left = records(&octets);
        let right = records(octets.get(cut..).unwrap());
        let pairs = frames(&left, &right);
        prop_assert_eq!(pairs.iter().filter(|pair| pair.left.is_some()).count(), left.len());
        prop_assert_eq!(pairs.iter().filter(|pair| pair.right.is_some()).count(), right.len());
    }
}
