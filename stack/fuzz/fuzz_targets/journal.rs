//! The journal of a recording, a stranger's file: lines as they stand in it, or the recording around them. What can be read
//! is run for a while and recorded again, and reading that gives the same journal.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sockscope::recording::journal::{decode, encode};
use sockscope::recording::of_run::recording;
use sockscope::recording::pcapng::read_journal;
use stack::lab::run::Run;

/// Turns that are run; each may be long.
const TURNS: usize = 200;

fuzz_target!(|data: &[u8]| {
    let recorded = read_journal(data).map(|recorded| recorded.bytes).unwrap_or_else(|_| data.to_vec());
    let Ok(text) = std::str::from_utf8(&recorded) else { return };
    let Ok((beginning, journal)) = decode(text) else { return };
    let again = decode(&encode(&beginning, &journal)).expect("what was read can be written and read again");
    assert_eq!(again, (beginning.clone(), journal.clone()));
    let mut run = Run::new(beginning.world(), journal);
    run.play(TURNS);
    let _ = recording(&mut run);
});
