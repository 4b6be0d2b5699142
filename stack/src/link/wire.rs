//! The simulated Ethernet: delay, loss, duplication, reordering and corruption from a seed, and the fate of single frames
//! that a person has chosen.

use std::collections::BTreeMap;

use super::random::Random;

/// How a wire treats frames.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct WireConfig {
    /// Time from one end to the other, microseconds.
    pub delay: u64,
    /// Frames lost: so many in so many.
    pub loss: (u32, u32),
    /// Frames delivered twice.
    pub duplicate: (u32, u32),
    /// Frames held back behind later ones.
    pub reorder: (u32, u32),
    /// Frames with one octet changed.
    pub corrupt: (u32, u32),
    /// Seed of all that chance.
    pub seed: u64,
}

impl Default for WireConfig {
    fn default() -> Self {
        Self { delay: 1_000, loss: (0, 1), duplicate: (0, 1), reorder: (0, 1), corrupt: (0, 1), seed: 1 }
    }
}

/// What a person decides for one frame.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Fate {
    /// It never arrives.
    Drop,
    /// It takes that many microseconds longer.
    Delay(u64),
    /// It arrives twice.
    Duplicate,
    /// One octet is changed: offset (behind the frame: its last octet) and the bits to flip.
    Corrupt(usize, u8),
    /// Other bytes arrive in its place.
    Replace(Vec<u8>),
}

/// A wire at work.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Wire {
    /// How it treats frames.
    pub config: WireConfig,
    /// Fates of chosen frames by number.
    pub fates: BTreeMap<u64, Fate>,
    random: Random,
}

/// What became of a frame: deliveries as (microseconds later, bytes); none = lost.
pub type Deliveries = Vec<(u64, Vec<u8>)>;

impl Wire {
    /// A wire.
    #[must_use]
    pub fn new(config: WireConfig) -> Self {
        let random = Random::new(config.seed);
        Self { config, fates: BTreeMap::new(), random }
    }

    /// Carries a frame. The same numbers are drawn for every frame, so that a chosen fate does not shift the chance of others.
    pub fn carry(&mut self, number: u64, bytes: &[u8]) -> Deliveries {
        let lost = self.random.chance(self.config.loss);
        let twice = self.random.chance(self.config.duplicate);
        let late = self.random.chance(self.config.reorder);
        let broken = self.random.chance(self.config.corrupt);
        let place = self.random.below(bytes.len() as u64) as usize;
        let mut bytes = bytes.to_vec();
        let mut delay = self.config.delay;
        let mut copies = if lost { 0 } else { 1 + usize::from(twice) };
        if late {
            delay += 3 * self.config.delay.max(1_000);
        }
        if broken {
            flip(&mut bytes, place, 1);
        }
        match self.fates.get(&number) {
            None => {}
            Some(Fate::Drop) => copies = 0,
            Some(Fate::Delay(more)) => delay += more,
            Some(Fate::Duplicate) => copies = 2,
            Some(Fate::Corrupt(offset, bits)) => flip(&mut bytes, *offset, *bits),
            Some(Fate::Replace(other)) => bytes.clone_from(other),
        }
        (0..copies).map(|copy| (delay + copy as u64, bytes.clone())).collect()
    }
}

fn flip(bytes: &mut [u8], offset: usize, bits: u8) {
    let last = bytes.len().saturating_sub(1);
    if let Some(octet) = bytes.get_mut(offset.min(last)) {
        *octet ^= bits;
    }
}
