//! The journal of a recording, a stranger's file: lines as they stand in it, or the recording around them. What can be read
//! is run for a while and recorded again, and reading that gives the same journal. Lines alone may point at some frames, as those
//! of a recording do at its packets.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sockscope::recording::journal::{Frames, decode, decode_with, encode};
use sockscope::recording::of_run::recording;
use sockscope::recording::pcapng::read_journal;
use stack::lab::run::Run;

/// Turns that are run; each may be long.
const TURNS: usize = 200;
/// An ARP request, for lines that point at frames which are not theirs.
const ARP: [u8; 42] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1,
    0, 0, 0, 0, 0, 0, 10, 0, 0, 2,
];

/// The frames that lines alone may point at: whole ones, and the first of them cut.
fn frames() -> Frames {
    let mut frames = Frames::default();
    for number in 1..64_u64 {
        assert!(frames.insert(number, &ARP[..if number == 1 { 13 } else { ARP.len() }]));
    }
    frames
}

fuzz_target!(|data: &[u8]| {
    let read = match read_journal(data) {
        Ok(recorded) => recorded.decode(),
        Err(_) => {
            let Ok(text) = std::str::from_utf8(data) else { return };
            decode_with(text, frames(), data.len() % 2 == 0)
        }
    };
    let Ok((beginning, journal)) = read else { return };
    let again = decode(&encode(&beginning, &journal)).expect("what was read can be written and read again");
    assert_eq!(again, (beginning.clone(), journal.clone()));
    let mut run = Run::new(beginning.world(), journal);
    run.play(TURNS);
    let _ = recording(&mut run);
});
