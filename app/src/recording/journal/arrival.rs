//! Frames that enter from outside and stand elsewhere in the file, each once: in a packet block with a number, or, where it never
//! passed, in a line of its own. A line of the journal says how many of them enter; they are counted from 1, in that order.
//!
//! Promise: a frame is given out once at most, so that a small file cannot ask for many; what is not there is said, and where the
//! file was cut the journal ends before it.

use std::collections::BTreeMap;

use serde_json::Value;
use stack::lab::journal::Act;

use super::value::{LONGEST_FRAME, MOST_IN_ONE, bytes, list, number, push_hex};

/// What a line begins with that has a frame in full.
const FULL: &str = "{\"frame\":";

/// Adds the line of frames that enter by one act, by their devices; their octets stand elsewhere.
pub fn push_arrival(line: &mut Vec<u8>, time: u64, host: usize, frames: &[(u8, Vec<u8>)]) {
    line.reserve(64);
    line.extend_from_slice(b"{\"t\":");
    push_number(line, time);
    if host > 0 {
        line.extend_from_slice(b",\"host\":");
        push_number(line, host as u64);
    }
    line.extend_from_slice(b",\"in\":[");
    for (place, (device, _)) in frames.iter().enumerate() {
        if place > 0 {
            line.push(b',');
        }
        push_number(line, u64::from(*device));
    }
    line.extend_from_slice(b"]}\n");
}

/// Adds the line of a frame that entered under a number and stands nowhere else.
pub fn push_frame(line: &mut Vec<u8>, number: u64, frame: &[u8]) {
    line.extend_from_slice(FULL.as_bytes());
    push_number(line, number);
    line.extend_from_slice(b",\"bytes\":\"");
    push_hex(line, frame);
    line.extend_from_slice(b"\"}\n");
}

/// Adds a number: of these lines a live session has a hundred thousand a second, so nothing is formatted for them.
fn push_number(line: &mut Vec<u8>, number: u64) {
    line.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// Frames of a file by their numbers.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frames {
    by_number: BTreeMap<u64, Vec<u8>>,
    /// Those that were given out.
    taken: u64,
}

impl Frames {
    /// Takes a frame in. False: there is another one of that number.
    pub fn insert(&mut self, number: u64, frame: &[u8]) -> bool {
        match self.by_number.get(&number) {
            Some(known) => known == frame,
            None => self.by_number.insert(number, frame.to_vec()).is_none(),
        }
    }

    #[cfg(test)]
    pub(super) fn forget(&mut self, number: u64) {
        self.by_number.remove(&number);
    }

    /// The next one.
    fn next(&mut self) -> Option<Vec<u8>> {
        self.taken = self.taken.saturating_add(1);
        self.by_number.remove(&self.taken)
    }
}

/// Whether a line has a frame in full.
pub(super) fn is_full(line: &str) -> bool {
    line.starts_with(FULL)
}

/// Reads such a line.
pub(super) fn read_full(value: &Value, frames: &mut Frames) -> Option<()> {
    let frame = bytes(value.get("bytes")?, LONGEST_FRAME)?;
    frames.insert(number(value.get("frame")?)?, &frame).then_some(())
}

/// The devices of frames that enter and stand elsewhere, where a line is about such.
pub(super) fn devices(value: &Value) -> Option<&Value> {
    value.get("in")
}

/// Why frames do not enter.
pub(super) enum NoArrival {
    /// The line makes no sense.
    Nonsense,
    /// One of them is not there.
    Missing,
}

/// Reads a line about frames that stand elsewhere.
pub(super) fn read_arrival(value: &Value, devices: &Value, frames: &mut Frames) -> Result<Act, NoArrival> {
    let host = value.get("host").map_or(Some(0), number).ok_or(NoArrival::Nonsense)?;
    let devices: Vec<u8> = list(devices, MOST_IN_ONE, number).ok_or(NoArrival::Nonsense)?;
    let mut entering = Vec::with_capacity(devices.len());
    for device in devices {
        let frame = frames.next().ok_or(NoArrival::Missing)?;
        if frame.len() > LONGEST_FRAME {
            return Err(NoArrival::Nonsense);
        }
        entering.push((device, frame));
    }
    Ok(Act::Frames { host, frames: entering })
}

#[cfg(test)]
mod tests {
    use super::push_number;

    #[test]
    fn numbers_have_their_digits() {
        let powers =
            (0..20).map(|power| 10_u64.pow(power)).flat_map(|power| [power - 1, power, power + 1, 7 * (power / 10)]);
        for number in powers.chain([u64::MAX, 1_234_567_890]) {
            let mut line = b":".to_vec();
            push_number(&mut line, number);
            assert_eq!(String::from_utf8(line).unwrap(), format!(":{number}"));
        }
    }
}
