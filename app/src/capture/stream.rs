//! Which part of one side's sequence space has been seen: a right edge, and the holes before it. Promise: a segment is asked
//! about and added in one look whose cost grows with the logarithm of the number of holes, and a number that is absurdly
//! far away changes nothing.

use std::collections::BTreeMap;

/// Sequence numbers further ahead than this belong to no window of any age: a damaged frame.
const FURTHEST: u32 = 1 << 30;

/// Whether `a` is behind `b` in sequence space.
#[must_use]
pub fn after(a: u32, b: u32) -> bool {
    a.wrapping_sub(b).cast_signed() > 0
}

/// What of a stream has been seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The number from which offsets are counted.
    base: u32,
    /// Behind the last number seen, as an offset.
    edge: u32,
    /// Unseen ranges before the edge: begin and end, as offsets.
    holes: BTreeMap<u32, u32>,
}

impl Coverage {
    /// A stream of which nothing is seen yet; `base` is its first number.
    #[must_use]
    pub fn new(base: u32) -> Self {
        Self { base, edge: 0, holes: BTreeMap::new() }
    }

    /// Behind the last number seen, as a sequence number.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.base.wrapping_add(self.edge)
    }

    /// Whether everything before `seq` has been seen.
    #[must_use]
    pub fn reaches(&self, seq: u32) -> bool {
        let first = self.holes.first_key_value().map_or(self.edge, |(begin, _)| *begin);
        !after(seq, self.base.wrapping_add(first))
    }

    /// Ranges between `from` and `until` that nobody has seen, the last first.
    #[must_use]
    pub fn unseen(&self, from: u32, until: u32) -> Vec<(u32, u32)> {
        let (from, until) = (self.offset(from), self.offset(until));
        let beyond = (until > self.edge).then_some((self.edge.max(from), until));
        let holes = self.holes.range(..until).rev().take_while(|(_, end)| **end > from);
        let holes = holes.map(|(begin, end)| (from.max(*begin), until.min(*end)));
        let ranges = beyond.into_iter().chain(holes).filter(|(begin, end)| end > begin);
        ranges.map(|(begin, end)| (self.base.wrapping_add(begin), self.base.wrapping_add(end))).collect()
    }

    /// How far a number is from the first; 0 for those before it.
    fn offset(&self, seq: u32) -> u32 {
        u32::try_from(seq.wrapping_sub(self.base).cast_signed()).unwrap_or(0)
    }

    /// Adds the numbers from `begin` up to `end`, and says which of them nobody had seen: the first such range.
    pub fn add(&mut self, begin: u32, end: u32) -> Option<(u32, u32)> {
        let (begin, end) = (self.offset(begin), self.offset(end));
        if end <= begin || begin > self.edge.saturating_add(FURTHEST) {
            return None;
        }
        let mut first = self.fill(begin, end);
        if end > self.edge {
            if begin > self.edge {
                self.holes.insert(self.edge, begin);
            }
            first = first.or(Some((begin.max(self.edge), end)));
            self.edge = end;
        }
        first.map(|(begin, end)| (self.base.wrapping_add(begin), self.base.wrapping_add(end)))
    }

    /// Takes what lies between `begin` and `end` out of the holes, and gives the first range that was in one.
    fn fill(&mut self, begin: u32, end: u32) -> Option<(u32, u32)> {
        let mut first = None;
        while let Some((&start, &stop)) = self.holes.range(..end).next_back().filter(|(_, stop)| **stop > begin) {
            self.holes.remove(&start);
            if stop > end {
                self.holes.insert(end, stop);
            }
            first = Some((start.max(begin), stop.min(end)));
            if start < begin {
                self.holes.insert(start, begin);
                break;
            }
        }
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_twice_is_new_once_and_a_hole_can_be_filled_in_parts() {
        let base = u32::MAX - 2;
        let at = |offset: u32| base.wrapping_add(offset);
        let mut seen = Coverage::new(base);
        assert_eq!(seen.add(at(0), at(10)), Some((at(0), at(10))));
        assert_eq!(seen.add(at(2), at(10)), None);
        assert_eq!(seen.add(at(30), at(40)), Some((at(30), at(40))));
        assert!(!seen.reaches(at(11)) && seen.reaches(at(10)));
        assert_eq!(seen.add(at(15), at(20)), Some((at(15), at(20))));
        assert_eq!(seen.unseen(at(12), at(60)), [(at(40), at(60)), (at(20), at(30)), (at(12), at(15))]);
        assert_eq!(seen.add(at(5), at(50)), Some((at(10), at(15))));
        assert!(seen.reaches(at(50)) && seen.unseen(at(0), at(50)).is_empty());
    }

    #[test]
    fn numbers_that_no_window_could_hold_change_nothing() {
        let mut seen = Coverage::new(100);
        assert_eq!(seen.add(100, 200), Some((100, 200)));
        assert_eq!(seen.add(0x7000_0000, 0x7000_0010), None);
        assert_eq!(seen.add(90, 95), None);
        assert_eq!(seen.end(), 200);
    }
}
