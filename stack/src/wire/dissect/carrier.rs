//! What the floors of a frame hand to those above them: the addresses under a checksum, whether it can be taken, and the
//! padding behind a length that ends early. It stands apart so that the files of the protocols need not know each other.

use core::ops::Range;

use super::PacketPlace;
use super::node::{Node, hex};
use crate::wire::checksum::{fold, sum};
use crate::words::Words;

const PADDING: Words = Words::new("Padding", "填充 padding");

/// What the protocols above need to know of the header.
#[derive(Debug, Clone, Copy)]
pub(super) struct Carrier {
    pub(super) saddr: u32,
    pub(super) daddr: u32,
    /// All bytes of the payload are here, so that its checksum can be verified.
    pub(super) whole: bool,
    pub(super) place: PacketPlace,
}

/// What the checksum of `bytes` should be, `carried` being the one they have, and `pseudo` the sum of a pseudo header.
/// Of the two ways to write zero the one that is carried is taken as right, as a receiver does that sums everything up.
pub(super) fn corrected(bytes: &[u8], carried: u16, pseudo: u64) -> u16 {
    let total = sum(bytes) + pseudo;
    match fold(total) {
        0xffff => carried,
        0 => 0xffff,
        _ => !fold(total + u64::from(!carried)),
    }
}

/// What lies behind the end that a length field tells of.
pub(super) fn padding(frame: &[u8], range: Range<usize>) -> Option<Node> {
    hex(frame, "padding", PADDING, range)
}
