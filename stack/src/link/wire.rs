//! The simulated Ethernet: delay, loss, duplication, reordering and corruption from a seed, and the fate of single frames
//! that a person has chosen.
//!
//! Promise: the clock goes on. A wire without delay would let two hosts answer each other for ever within a moment, so it
//! has room for [`FRAMES_A_TICK`] frames a tick; what is beyond arrives with the next one, and what fills that too is lost.

use std::collections::BTreeMap;

use super::random::Random;
use crate::include::seq::TICK;

/// Frames that arrive within a tick of 10 ms: twice what a real Ethernet of 10 Mbit/s carries of the shortest.
pub const FRAMES_A_TICK: u32 = 300;

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
    /// The tick of the last frame.
    tick: u64,
    /// Frames sent, less those for which there has been room since.
    under_way: u64,
}

/// What became of a frame: deliveries as (microseconds since the world began, bytes); none = lost.
pub type Deliveries = Vec<(u64, Vec<u8>)>;

impl Wire {
    /// A wire.
    #[must_use]
    pub fn new(config: WireConfig) -> Self {
        let random = Random::new(config.seed);
        Self { config, fates: BTreeMap::new(), random, tick: 0, under_way: 0 }
    }

    /// Carries a frame that is sent at a time of the world. The same numbers are drawn for every frame, so that a chosen fate does not shift the chance of others.
    pub fn carry(&mut self, number: u64, now: u64, bytes: &[u8]) -> Deliveries {
        let lost = self.random.chance(self.config.loss);
        let twice = self.random.chance(self.config.duplicate);
        let late = self.random.chance(self.config.reorder);
        let broken = self.random.chance(self.config.corrupt);
        let place = self.random.below(bytes.len() as u64) as usize;
        let mut bytes = bytes.to_vec();
        let mut delay = self.config.delay;
        let mut copies = if lost { 0 } else { 1 + u64::from(twice) };
        if late {
            delay = delay.saturating_add(self.config.delay.max(1_000).saturating_mul(3));
        }
        if broken {
            flip(&mut bytes, place, 1);
        }
        match self.fates.get(&number) {
            None => {}
            Some(Fate::Drop) => copies = 0,
            Some(Fate::Delay(more)) => delay = delay.saturating_add(*more),
            Some(Fate::Duplicate) => copies = 2,
            Some(Fate::Corrupt(offset, bits)) => flip(&mut bytes, *offset, *bits),
            Some(Fate::Replace(other)) => bytes.clone_from(other),
        }
        let mut deliveries = Deliveries::new();
        for copy in 0..copies {
            if let Some(earliest) = self.earliest(now) {
                let time = now.saturating_add(delay).saturating_add(copy);
                deliveries.push((time.max(earliest), bytes.clone()));
            }
        }
        deliveries
    }

    /// When a copy that is sent now can arrive at the earliest; None: what is under way fills this tick and the next.
    fn earliest(&mut self, now: u64) -> Option<u64> {
        let tick = now / TICK;
        let room = u64::from(FRAMES_A_TICK).saturating_mul(tick.saturating_sub(self.tick));
        self.tick = tick;
        self.under_way = self.under_way.saturating_sub(room) + 1;
        match self.under_way.div_ceil(u64::from(FRAMES_A_TICK)) {
            1 => Some(now),
            2 => Some((tick + 1) * TICK),
            _ => {
                self.under_way -= 1;
                None
            }
        }
    }
}

fn flip(bytes: &mut [u8], offset: usize, bits: u8) {
    let last = bytes.len().saturating_sub(1);
    if let Some(octet) = bytes.get_mut(offset.min(last)) {
        *octet ^= bits;
    }
}
