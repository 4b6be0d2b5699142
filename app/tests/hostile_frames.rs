//! Frames nobody should send: those of the golden frame scenarios with octets changed, cut and grown, in changed order.
//! Whatever arrives, the run ends without a panic and twice the same.

use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use sockscope::scenario::find::scenes;
use sockscope::scenario::json;
use stack::lab::conformance::run_frames;
use stack::lab::script::frame_scenario::{FrameAction, FrameScenario, RawArgument};

static GOLDEN: LazyLock<Vec<FrameScenario>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../stack/tests/golden");
    let all = scenes(&[root]).unwrap();
    let files = all.iter().filter(|scene| scene.path.extension().is_some_and(|extension| extension == "json"));
    files.map(|scene| json::parse(&std::fs::read_to_string(&scene.path).unwrap()).unwrap()).collect()
});

/// A change to a scenario: which event, which octet or argument, and how.
type Change = (usize, usize, u8, u8);

fn apply(scenario: &mut FrameScenario, &(event, place, how, value): &Change) {
    let count = scenario.events.len();
    if how % 8 == 7 {
        let other = place % count;
        let (a, b) = (scenario.events[event % count].action.clone(), scenario.events[other].action.clone());
        scenario.events[event % count].action = b;
        scenario.events[other].action = a;
        return;
    }
    match &mut scenario.events[event % count].action {
        FrameAction::Receive { frames, .. } => {
            let which = place % frames.len().max(1);
            if let Some(frame) = frames.get_mut(which) {
                octets(frame, place, how, value);
            }
        }
        FrameAction::Ioctl { structure, .. } => octets(structure, place, how, value),
        FrameAction::Call(call) => {
            let which = place % call.arguments.len().max(1);
            match call.arguments.get_mut(which) {
                Some(RawArgument::Integer(number)) => {
                    *number = [-1, 0, 1, 2, 3, 4, 16, 65535, 70000][usize::from(value % 9)];
                }
                Some(RawArgument::Input(buffer) | RawArgument::Both(buffer)) => octets(buffer, place, how, value),
                Some(argument) => *argument = RawArgument::Null,
                None => {}
            }
        }
    }
}

fn octets(buffer: &mut Vec<u8>, place: usize, how: u8, value: u8) {
    // The headers are where it hurts: half of the changes fall there.
    let place = if how & 8 == 0 { 12 + place % 42 } else { place };
    let at = place % buffer.len().max(1);
    match how % 8 {
        0 => buffer.truncate(at),
        1 => buffer.extend(std::iter::repeat_n(value, place % 1600)),
        2 => buffer.insert(at.min(buffer.len()), value),
        _ => {
            if let Some(octet) = buffer.get_mut(at) {
                *octet = if how % 8 < 5 { value } else { *octet ^ (1 << (value % 8)) };
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_change_to_a_scenario_runs_to_an_end(
        which in 0usize..114,
        changes in prop::collection::vec((0usize..40, 0usize..1600, any::<u8>(), any::<u8>()), 1..6),
    ) {
        let mut scenario = GOLDEN[which].clone();
        for change in &changes {
            apply(&mut scenario, change);
        }
        if let Ok(run) = run_frames(&scenario) {
            let again = run_frames(&scenario).unwrap();
            prop_assert_eq!(&run.records, &again.records);
            prop_assert!(run.kernel == again.kernel, "two runs leave different kernels");
        }
    }
}
