//! Which part of one direction's sequence space a capture has seen: the edge behind it, and the holes before the edge. Promise:
//! a hole counts as a gap of the capture only where the receiver acknowledged it, so that what was lost on the way and sent again
//! is none; memory is bounded whatever the numbers are.

/// The most holes that are kept open; beyond it the oldest is counted as a gap.
const MOST_HOLES: usize = 32;
/// Farther ahead of everything seen than any window reaches: such a number belongs to no stream.
const FARTHEST: u32 = 1 << 30;

/// Whether `a` is behind `b` in sequence space.
fn after(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() > 0
}

/// How a segment lies to what was seen before it in its direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    /// The first one, or one that begins where the last ended, or that uses no sequence number.
    InOrder,
    /// It begins behind the edge: what lies between has not been seen.
    Ahead,
    /// It closes a hole, wholly or in part.
    Fills,
    /// All of its beginning was seen before.
    Again,
    /// It uses numbers that no window can reach.
    Elsewhere,
}

/// One direction's sequence space.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// Behind the highest number seen; none before the first segment.
    edge: Option<u32>,
    /// Not seen, from and to, in the order of their discovery.
    holes: Vec<(u32, u32)>,
    gaps: u32,
    gap_bytes: u64,
    /// Where the last gap ends: what follows it there belongs to it.
    gap_end: Option<u32>,
}

impl Coverage {
    /// Gaps: stretches that the receiver had and the capture has not.
    #[must_use]
    pub fn gaps(&self) -> u32 {
        self.gaps
    }

    /// The sequence numbers in them.
    #[must_use]
    pub fn gap_bytes(&self) -> u64 {
        self.gap_bytes
    }

    /// Takes in a segment that begins at `seq` and uses `length` numbers.
    pub fn take(&mut self, seq: u32, length: u32) -> Fit {
        let end = seq.wrapping_add(length);
        let Some(edge) = self.edge else {
            self.edge = Some(end);
            return Fit::InOrder;
        };
        if seq.wrapping_sub(edge).cast_signed().unsigned_abs() > FARTHEST {
            return Fit::Elsewhere;
        }
        if after(seq, edge) {
            self.edge = Some(end);
            self.open(edge, seq);
            return Fit::Ahead;
        }
        self.edge = Some(if after(end, edge) { end } else { edge });
        if length == 0 || seq == edge {
            return Fit::InOrder;
        }
        if self.fill(seq, end) { Fit::Fills } else { Fit::Again }
    }

    /// Whether `seq` is the last number before the edge, where a keep-alive begins.
    #[must_use]
    pub fn is_last(&self, seq: u32) -> bool {
        self.edge.is_some_and(|edge| seq.wrapping_add(1) == edge)
    }

    /// The receiver has everything before `ack`: holes before it are gaps, and so is what lies behind the edge.
    pub fn acknowledge(&mut self, ack: u32) {
        let Some(edge) = self.edge else { return };
        if ack.wrapping_sub(edge).cast_signed().unsigned_abs() > FARTHEST {
            return;
        }
        if !self.holes.is_empty() {
            let holes = std::mem::take(&mut self.holes);
            for (from, to) in holes {
                match (after(ack, from), after(to, ack)) {
                    (false, _) => self.holes.push((from, to)),
                    (true, false) => self.count(from, to),
                    (true, true) => {
                        self.count(from, ack);
                        self.holes.push((ack, to));
                    }
                }
            }
        }
        if after(ack, edge) {
            self.count(edge, ack);
            self.edge = Some(ack);
        }
    }

    /// Nobody acknowledges in this capture: what is not seen is not in it.
    pub fn give_up(&mut self) {
        for (from, to) in std::mem::take(&mut self.holes) {
            self.count(from, to);
        }
    }

    fn open(&mut self, from: u32, to: u32) {
        if self.holes.len() >= MOST_HOLES {
            let (from, to) = self.holes.remove(0);
            self.count(from, to);
        }
        self.holes.push((from, to));
    }

    fn count(&mut self, from: u32, to: u32) {
        if self.gap_end != Some(from) {
            self.gaps = self.gaps.saturating_add(1);
        }
        self.gap_end = Some(to);
        self.gap_bytes = self.gap_bytes.saturating_add(u64::from(to.wrapping_sub(from)));
    }

    /// Closes what lies in a hole; says whether anything did.
    fn fill(&mut self, seq: u32, end: u32) -> bool {
        let Some(place) = self.holes.iter().position(|(from, to)| after(end, *from) && after(*to, seq)) else {
            return false;
        };
        let (from, to) = self.holes.remove(place);
        if after(seq, from) {
            self.holes.push((from, seq));
        }
        if after(to, end) {
            self.holes.push((end, to));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_lost_and_sent_again_is_no_gap() {
        let mut seen = Coverage::default();
        assert_eq!(seen.take(u32::MAX - 9, 10), Fit::InOrder);
        assert_eq!(seen.take(10, 10), Fit::Ahead);
        assert_eq!(seen.take(0, 10), Fit::Fills, "across the end of the numbers");
        seen.acknowledge(20);
        assert_eq!((seen.gaps(), seen.gap_bytes()), (0, 0));
        assert_eq!(seen.take(5, 10), Fit::Again);
        assert_eq!(seen.take(20, 0), Fit::InOrder);
    }

    #[test]
    fn what_the_receiver_had_and_the_capture_has_not_is_a_gap() {
        let mut seen = Coverage::default();
        seen.take(0, 10);
        seen.take(30, 10);
        seen.acknowledge(10);
        assert_eq!(seen.gaps(), 0, "it may still come");
        seen.acknowledge(20);
        assert_eq!((seen.gaps(), seen.gap_bytes()), (1, 10), "half of it is acknowledged");
        seen.acknowledge(45);
        assert_eq!((seen.gaps(), seen.gap_bytes()), (2, 25), "the rest of it, and what lies behind the edge");
        assert_eq!(seen.take(45, 1), Fit::InOrder);
    }

    #[test]
    fn holes_are_bounded_and_wild_numbers_move_nothing() {
        let mut seen = Coverage::default();
        for number in 0..100_u32 {
            seen.take(number * 20, 10);
        }
        assert_eq!(seen.holes.len(), MOST_HOLES);
        assert_eq!(usize::try_from(seen.gaps()).unwrap(), 99 - MOST_HOLES);
        assert_eq!(seen.take(2_000 + (1 << 30) + 500, 10), Fit::Elsewhere);
        assert_eq!(seen.take(1_990, 10), Fit::InOrder);
        seen.give_up();
        assert_eq!(seen.gaps(), 99);
    }
}
