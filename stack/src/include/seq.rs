//! Sequence numbers and jiffies as types.
//!
//! Neither has an order: sequence numbers wrap, and the original compares times in two different ways. What may be
//! asked is asked by name, `before` and `after`, with the meaning the kernel gives it.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

/// A TCP sequence number, modulo 2^32 (net/inet/tcp.h: before, after).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Seq(pub u32);

impl Seq {
    /// `self` lies before `other`: the signed difference is negative.
    #[must_use]
    pub fn before(self, other: Self) -> bool {
        (self.0.wrapping_sub(other.0) as i32) < 0
    }

    /// `self` lies after `other`: the signed difference is positive. At half the number space away neither of two
    /// numbers lies after the other.
    #[must_use]
    pub fn after(self, other: Self) -> bool {
        (self.0.wrapping_sub(other.0) as i32) > 0
    }

    /// `self <= other` in sequence space; the kernel writes `before(self, other + 1)`.
    #[must_use]
    pub fn at_or_before(self, other: Self) -> bool {
        self.before(other + 1)
    }

    /// `self >= other` in sequence space; the kernel writes `after(self + 1, other)`.
    #[must_use]
    pub fn at_or_after(self, other: Self) -> bool {
        (self + 1).after(other)
    }

    /// Octets from `earlier` to `self`, modulo 2^32.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

impl Add<u32> for Seq {
    type Output = Self;
    fn add(self, octets: u32) -> Self {
        Self(self.0.wrapping_add(octets))
    }
}

impl Sub<u32> for Seq {
    type Output = Self;
    fn sub(self, octets: u32) -> Self {
        Self(self.0.wrapping_sub(octets))
    }
}

impl AddAssign<u32> for Seq {
    fn add_assign(&mut self, octets: u32) {
        *self = *self + octets;
    }
}

impl fmt::Debug for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Clock ticks since boot, 10 ms each (HZ = 100).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Jiffies(pub u32);

impl Jiffies {
    /// Earlier, by the plain unsigned comparison of the original (not safe across a wrap, which is 497 days away).
    #[must_use]
    pub fn before(self, other: Self) -> bool {
        self.0 < other.0
    }

    /// Later, by plain unsigned comparison.
    #[must_use]
    pub fn after(self, other: Self) -> bool {
        other.before(self)
    }

    /// Ticks from `earlier` to `self`, modulo 2^32.
    #[must_use]
    pub fn since(self, earlier: Self) -> u32 {
        self.0.wrapping_sub(earlier.0)
    }
}

impl Add<u32> for Jiffies {
    type Output = Self;
    fn add(self, ticks: u32) -> Self {
        Self(self.0.wrapping_add(ticks))
    }
}

impl fmt::Debug for Jiffies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// Ticks per second (include/asm-i386/param.h).
pub const HZ: u32 = 100;

/// Microseconds per tick.
pub const TICK: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_half_the_number_space_a_number_is_before_and_never_after() {
        let (here, there) = (Seq(5), Seq(5 + (1 << 31)));
        assert!(there.before(here) && here.before(there));
        assert!(!there.after(here) && !here.after(there));
        assert!(!there.at_or_before(here) && !there.at_or_after(here));
        assert!(!(there - 1).at_or_after(here), "the kernel adds 1 first, and the sum wraps");
    }
}
