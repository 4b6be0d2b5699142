//! The smallest parts of a line: numbers, bytes, words and lists as JSON, and how far each may go. What a line says is
//! a stranger's word: it is allocated, repeated and added up, so everything here is read up to a limit and no further.
//!
//! Promise: a reader gives back what its writer wrote (a name made visible), or `None`; nothing in here panics.

use serde_json::{Value, json};
use stack::include::in_addr::InAddr;
use stack::include::netdevice::ETH_ALEN;
use stack::include::seq::TICK;
use stack::wire::visible::visible;

/// The latest moment of a run and the longest delay on its wire, in microseconds: where the 32-bit count of clock
/// ticks ends, 497 days after power-on.
pub(super) const LATEST: u64 = u32::MAX as u64 * TICK;
/// The latest wall time at power-on, microseconds since 1970: what pcapng can say in nanoseconds (the year 2554).
pub(super) const LATEST_BOOT: u64 = u64::MAX / 1_000;
/// The most hosts of a world, and the most cards of a host: both are counted in one byte elsewhere.
pub(super) const MOST_HOSTS: usize = 255;
/// The most routes and the most ARP entries of a configuration.
pub(super) const MOST_ENTRIES: usize = 4_096;
/// The longest name of a host, a mark or a function, in bytes.
pub(super) const LONGEST_NAME: usize = 1 << 16;
/// The most bytes in one buffer of a call, which for an output buffer the line only has to name.
pub(super) const LARGEST_BUFFER: usize = 1 << 22;
/// The longest frame, in bytes: what libpcap takes for one (its MAXIMUM_SNAPLEN).
pub(super) const LONGEST_FRAME: usize = 1 << 18;
/// The most frames in one interrupt, and the most interrupts in one call.
pub(super) const MOST_IN_ONE: usize = 100_000;
/// The most arguments of a call; an argument's place is counted in one byte.
pub(super) const MOST_ARGUMENTS: usize = 255;
/// The most clock ticks that may arrive inside one call (three hours): they are run one by one.
pub(super) const MOST_TICKS: u32 = 1 << 20;

pub(super) fn pair(ratio: (u32, u32)) -> Value {
    json!([ratio.0, ratio.1])
}

pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = Vec::new();
    push_hex(&mut text, bytes);
    String::from_utf8(text).unwrap_or_default()
}

/// The same, put at the end of a line.
pub(super) fn push_hex(line: &mut Vec<u8>, bytes: &[u8]) {
    // Every octet of a live session goes through here: both digits come out of one table.
    const DIGITS: [[u8; 2]; 256] = {
        let digits = b"0123456789abcdef";
        let mut table = [[0; 2]; 256];
        let mut byte = 0;
        while byte < 256 {
            table[byte] = [digits[byte >> 4], digits[byte & 15]];
            byte += 1;
        }
        table
    };
    let start = line.len();
    line.resize(start + 2 * bytes.len(), 0);
    let room = line.get_mut(start..).unwrap_or_default();
    for (pair, byte) in room.chunks_exact_mut(2).zip(bytes) {
        pair.copy_from_slice(&DIGITS[usize::from(*byte)]);
    }
}

/// A number that its type can hold, which is limit enough for ports, addresses and masks.
pub(super) fn number<T: TryFrom<u64>>(value: &Value) -> Option<T> {
    T::try_from(value.as_u64()?).ok()
}

/// A number up to a limit.
pub(super) fn at_most<T: TryFrom<u64> + PartialOrd + Copy>(value: &Value, limit: T) -> Option<T> {
    number(value).filter(|number| *number <= limit)
}

pub(super) fn integer(value: &Value) -> Option<i32> {
    i32::try_from(value.as_i64()?).ok()
}

/// An optional number: null is `None`, anything else must be one.
pub(super) fn optional<T: TryFrom<u64>>(value: &Value) -> Option<Option<T>> {
    if value.is_null() { Some(None) } else { number(value).map(Some) }
}

/// Bytes in hexadecimal, at most so many.
pub(super) fn bytes(value: &Value, most: usize) -> Option<Vec<u8>> {
    let text = value.as_str()?.as_bytes();
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_chunks::<2>();
    if !rest.is_empty() || pairs.len() > most {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect()
}

/// A name with everything in it made visible, which has at most [`LONGEST_NAME`] bytes then.
pub(super) fn name(value: &Value) -> Option<String> {
    let shown = visible(value.as_str()?);
    (shown.len() <= LONGEST_NAME).then(|| shown.into_owned())
}

pub(super) fn hardware(value: &Value) -> Option<[u8; ETH_ALEN]> {
    bytes(value, ETH_ALEN)?.try_into().ok()
}

pub(super) fn address(value: &Value) -> Option<InAddr> {
    number(value).map(InAddr)
}

/// So many in so many.
pub(super) fn ratio(value: &Value) -> Option<(u32, u32)> {
    Some((number(value.get(0)?)?, number(value.get(1)?)?))
}

/// A list of at most so many things.
pub(super) fn list<T>(value: &Value, most: usize, read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    value.as_array().filter(|values| values.len() <= most)?.iter().map(read).collect()
}
