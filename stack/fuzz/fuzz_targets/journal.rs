//! The journal of a recording, a stranger's file: lines as they stand in it, or the recording around them. What can be read
//! is run for a while and recorded again, and reading that gives the same journal. Lines alone may point at some frames, as those
//! of a recording do at its packets. What only a long file asks for (2,000 hosts, 100,000 routes, calls without end) is written
//! short in the input: `<100000|X>` stands for so many X with commas between them, `<5000;X>` for so many X one behind the other.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sockscope::recording::journal::{Frames, decode, decode_with, encode};
use sockscope::recording::of_run::recording;
use sockscope::recording::pcapng::read_journal;
use stack::lab::run::Run;

/// Turns that are run; each may be long.
const TURNS: usize = 200;
/// The longest text that is made of an input, in octets: a line may have twenty MiB.
const LONGEST: usize = 24 << 20;
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

/// The text with everything written out that stands in it once with how often it is meant; none where that is too long.
fn written_out(text: &str) -> Option<String> {
    let mut whole = String::new();
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once('<') {
        whole.push_str(before);
        let number = marked.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(marked.len());
        let (count, behind) = marked.split_at(number);
        let between = match behind.as_bytes().first() {
            Some(b'|') => ",",
            Some(b';') => "",
            _ => {
                whole.push('<');
                rest = marked;
                continue;
            }
        };
        let (unit, after) = behind[1..].split_once('>').unwrap_or((&behind[1..], ""));
        let count = count.parse::<usize>().unwrap_or(0);
        if count.checked_mul(unit.len() + between.len()).is_none_or(|octets| octets + whole.len() > LONGEST) {
            return None;
        }
        for number in 0..count {
            whole.push_str(if number == 0 { "" } else { between });
            whole.push_str(unit);
        }
        rest = after;
    }
    whole.push_str(rest);
    (whole.len() <= LONGEST).then_some(whole)
}

fuzz_target!(|data: &[u8]| {
    let read = match read_journal(data) {
        Ok(recorded) => recorded.decode(),
        Err(_) => {
            let Ok(text) = std::str::from_utf8(data) else { return };
            let Some(text) = written_out(text) else { return };
            decode_with(&text, frames(), data.len() % 2 == 0)
        }
    };
    let Ok((beginning, journal)) = read else { return };
    let again = decode(&encode(&beginning, &journal)).expect("what was read can be written and read again");
    assert_eq!(again, (beginning.clone(), journal.clone()));
    let mut run = Run::new(beginning.world(), journal);
    run.play(TURNS);
    let _ = recording(&mut run);
});
