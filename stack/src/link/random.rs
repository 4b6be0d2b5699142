//! Random numbers from a seed: integers only, the same on every machine.

/// A small generator (xorshift with a multiplier); state is a value like everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Random(u64);

impl Random {
    /// A generator for a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below a limit; 0 for a limit of 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        if limit == 0 { 0 } else { self.draw() % limit }
    }

    /// True with a probability of `ratio.0` in `ratio.1`.
    pub fn chance(&mut self, ratio: (u32, u32)) -> bool {
        ratio.0 > 0 && self.below(u64::from(ratio.1.max(1))) < u64::from(ratio.0)
    }
}
