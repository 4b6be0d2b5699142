//! What happened in a few turns, roughly: enough to know of a place that it cannot be in them, so that a search passes them
//! by without running any kernel.
//!
//! A digest says "perhaps" or "no", and never "no" of what is there: functions fall together by a hash, and turns by blocks.
//!
//! Cost: about 150 bytes per block of 64 turns.

use crate::include::snmp::{Mib, Statistics};
use crate::kernel::call::CallName;
use crate::kernel::probe::{Event, KFn};
use crate::lab::world::World;

/// Turns of one block.
const BLOCK: usize = 64;
/// Words of the set of functions: 1,024 bits for some hundred functions.
const WORDS: usize = 16;

/// What processes and cards do, besides making calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// A process goes to sleep.
    Sleep,
    /// A process is made runnable.
    Wake,
    /// A card takes a frame in.
    FrameIn,
}

/// What happened in some turns.
#[derive(Clone, Debug, Default)]
pub(super) struct Digest {
    functions: [u64; WORDS],
    /// A bit per system call that was made, or that returned.
    calls: u64,
    returns: u64,
    acts: u8,
    /// A bit per counter of [`Mib`] that is another at the end.
    counters: u64,
}

/// The digests of a run, block by block.
#[derive(Clone, Debug)]
pub(super) struct Digests {
    blocks: Vec<Digest>,
    /// The counters of every host at the beginning of the last block.
    start: Vec<Statistics>,
    /// Turns so far.
    turns: usize,
}

/// Where a function stands in the set, by what its citation says: the same in every run of the program.
fn slot(function: &KFn) -> (usize, u64) {
    let length = u32::try_from(function.name.len()).unwrap_or(0);
    let hash = (function.line ^ length.wrapping_mul(0x85eb_ca6b)).wrapping_mul(0x9e37_79b1) >> 22;
    (hash as usize / 64 % WORDS, 1 << (hash % 64))
}

fn bit(call: CallName) -> u64 {
    1 << (call as u32 % 64)
}

impl Digest {
    /// Of turns of which nothing is known.
    fn anything() -> Self {
        Self { functions: [u64::MAX; WORDS], calls: u64::MAX, returns: u64::MAX, acts: u8::MAX, counters: u64::MAX }
    }

    /// A function starts or returns.
    #[inline]
    pub(super) fn function(&mut self, function: &KFn) {
        let (word, bit) = slot(function);
        if let Some(word) = self.functions.get_mut(word) {
            *word |= bit;
        }
    }

    /// Something else happens.
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::SyscallEnter { name, .. } => self.calls |= bit(*name),
            Event::SyscallExit { name, .. } => self.returns |= bit(*name),
            Event::Sleep { .. } => self.acts |= 1 << Act::Sleep as u8,
            Event::WakeUp { .. } => self.acts |= 1 << Act::Wake as u8,
            Event::FrameIn { .. } => self.acts |= 1 << Act::FrameIn as u8,
            _ => {}
        }
    }

    fn merge(&mut self, other: &Self) {
        for (word, more) in self.functions.iter_mut().zip(&other.functions) {
            *word |= more;
        }
        self.calls |= other.calls;
        self.returns |= other.returns;
        self.acts |= other.acts;
        self.counters |= other.counters;
    }

    /// Whether a function may have started or returned.
    pub(super) fn may_run(&self, function: &KFn) -> bool {
        let (word, bit) = slot(function);
        self.functions.get(word).is_none_or(|word| word & bit != 0)
    }

    /// Whether that call, or any, may have been made.
    pub(super) fn may_call(&self, call: Option<CallName>) -> bool {
        self.calls & call.map_or(u64::MAX, bit) != 0
    }

    /// Whether that call, or any, may have returned.
    pub(super) fn may_return(&self, call: Option<CallName>) -> bool {
        self.returns & call.map_or(u64::MAX, bit) != 0
    }

    /// Whether that may have been done.
    pub(super) fn may_act(&self, act: Act) -> bool {
        self.acts & 1 << act as u8 != 0
    }

    /// Whether one of some counters may be another at the end. Of counters that only grow, that is whether they have moved.
    pub(super) fn may_count(&self, counters: u64) -> bool {
        self.counters & counters != 0
    }
}

/// The bit of a counter in [`Digest::may_count`]; `None` of the one that is also counted down, which may move and come back.
pub(super) fn counter(counter: Mib) -> Option<u64> {
    (counter != Mib::TcpCurrEstab).then(|| 1 << (counter as u32 % 64))
}

impl Digests {
    /// Those of a run that begins with a world.
    pub(super) fn new(world: &World) -> Self {
        Self { blocks: Vec::new(), start: counters(world), turns: 0 }
    }

    /// A turn has been taken, with the world behind it.
    pub(super) fn add(&mut self, turn: &Digest, world: &World) {
        if self.turns.is_multiple_of(BLOCK) {
            self.blocks.push(Digest::default());
        }
        self.turns += 1;
        let Some(block) = self.blocks.last_mut() else { return };
        block.merge(turn);
        if self.turns.is_multiple_of(BLOCK) {
            let now = counters(world);
            for (before, now) in self.start.iter().zip(&now) {
                let moved = Mib::ALL.into_iter().filter(|counter| before.get(*counter) != now.get(*counter));
                block.counters |= moved.fold(0, |bits, counter| bits | 1 << (counter as u32 % 64));
            }
            self.start = now;
        }
    }

    /// What happened in the block of a turn, and whether the block is whole: only then have its counters been compared.
    pub(super) fn around(&self, turn: usize) -> Option<(&Digest, bool)> {
        let block = turn / BLOCK;
        let is_whole = (block + 1) * BLOCK <= self.turns;
        self.blocks.get(block).map(|digest| (digest, is_whole))
    }

    /// Those of the turns before one, for a run that goes on from there with a world.
    pub(super) fn up_to(&self, turn: usize, world: &World) -> Self {
        let mut blocks: Vec<Digest> = self.blocks.iter().take(turn / BLOCK).cloned().collect();
        if !turn.is_multiple_of(BLOCK) {
            blocks.push(Digest::anything());
        }
        Self { blocks, start: counters(world), turns: turn }
    }
}

fn counters(world: &World) -> Vec<Statistics> {
    world.hosts.iter().map(|host| host.kernel.stats.clone()).collect()
}
