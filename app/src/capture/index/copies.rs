//! Frames that a capture has twice, as a mirror port (SPAN) records them that sends what comes in and what goes out: the same
//! packet again within a millisecond. Promise: what a host sent twice is never taken for a copy, because it gives every packet
//! another identification; where it gives none, only what carries data or flags and comes again at once counts.

/// How long after a packet its copy may come.
const AT_ONCE_NS: u64 = 1_000_000;
/// Packets that may lie between the two.
const KEPT: usize = 32;

/// What the last packets looked like.
#[derive(Debug, Clone)]
pub struct Copies {
    last: [(u64, u64); KEPT],
    next: usize,
}

impl Default for Copies {
    fn default() -> Self {
        Self { last: [(0, 0); KEPT], next: 0 }
    }
}

impl Copies {
    /// Whether the packet of this print was there a moment ago; remembers it.
    ///
    /// The print is that of [`print()`]; times are nanoseconds since 1970.
    pub fn is_copy(&mut self, print: u64, time_ns: u64) -> bool {
        let again = self.last.iter().any(|(known, at)| *known == print && time_ns.abs_diff(*at) <= AT_ONCE_NS);
        if !again {
            if let Some(slot) = self.last.get_mut(self.next) {
                *slot = (print, time_ns);
            }
            self.next = (self.next + 1) % KEPT;
        }
        again
    }
}

/// One number for the parts of a packet that are the same in its copies: not the lifetime, which a router counts down, and not
/// the hardware addresses.
#[must_use]
pub fn print(parts: &[u64]) -> u64 {
    // Multiply and fold: every bit of a part reaches every bit of the print.
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |print: u64, part| {
        let wide = u128::from(print ^ part).wrapping_mul(0xd6e8_feb8_6659_fd93_a076_1d64_78bd_642f);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are used")]
        {
            (wide as u64) ^ ((wide >> 64) as u64)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_packet_at_once_is_a_copy_and_later_is_not() {
        let mut copies = Copies::default();
        let [a, b] = [print(&[1, 2, 3]), print(&[1, 2, 4])];
        assert!(a != b && !copies.is_copy(a, 5_000) && !copies.is_copy(b, 6_000));
        assert!(copies.is_copy(a, 9_000) && copies.is_copy(b, 4_000), "times need not be in order");
        assert!(!copies.is_copy(a, 2_000_000), "a millisecond later");
    }
}
