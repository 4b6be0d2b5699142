//! Keyframes: whole worlds kept at some turns of a run, from which every other turn is reached by running forward.
//!
//! Two kinds. *Far* ones are taken on the first way through, evenly spaced over the run; when there are too many, every
//! second one goes. *Near* ones are taken on the way to a turn that somebody wants to see, and lie around it, because the
//! next one wanted is most often its neighbour. Forks share them: a keyframe is never changed.

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::lab::world::World;

/// Far keyframes that are kept at most; between half of it and all of it are there in a long run.
const FAR: usize = 192;
/// Turns between two far keyframes in a short run.
const INTERVAL: usize = 64;
/// Near keyframes that are kept at most.
const NEAR: usize = 96;
/// Turns between two near keyframes on the way to the turn that is wanted.
const NEAR_INTERVAL: usize = 8;
/// How far from the turn that is wanted near keyframes are worth their room.
const NEAR_REACH: usize = NEAR * NEAR_INTERVAL / 2;

/// The keyframes of a run.
#[derive(Clone)]
pub(super) struct Keyframes {
    far: BTreeMap<usize, Rc<World>>,
    interval: usize,
    near: BTreeMap<usize, Rc<World>>,
}

impl Keyframes {
    /// Those of a run that begins with a world.
    pub(super) fn new(world: &World) -> Self {
        Self { far: BTreeMap::from([(0, Rc::new(world.clone()))]), interval: INTERVAL, near: BTreeMap::new() }
    }

    /// The first way through comes to a turn.
    pub(super) fn pass(&mut self, turn: usize, world: &World) {
        if !turn.is_multiple_of(self.interval) || self.far.contains_key(&turn) {
            return;
        }
        self.far.insert(turn, Rc::new(world.clone()));
        if self.far.len() > FAR {
            self.interval *= 2;
            let interval = self.interval;
            self.far.retain(|turn, _| turn.is_multiple_of(interval));
        }
    }

    /// The latest keyframe at or before a turn.
    pub(super) fn nearest(&self, turn: usize) -> Option<(usize, &Rc<World>)> {
        let far = self.far.range(..=turn).next_back();
        let near = self.near.range(..=turn).next_back();
        let (turn, world) = far.into_iter().chain(near).max_by_key(|(turn, _)| **turn)?;
        Some((*turn, world))
    }

    /// The turn of the latest far keyframe at or before a turn.
    pub(super) fn block(&self, turn: usize) -> usize {
        self.far.range(..=turn).next_back().map_or(0, |(turn, _)| *turn)
    }

    /// Running forward to `wanted` comes past a turn: the world right before it may be worth keeping.
    pub(super) fn approach(&mut self, turn: usize, wanted: usize, world: &World) {
        if turn.is_multiple_of(NEAR_INTERVAL) && wanted - turn <= NEAR_REACH {
            self.near.entry(turn).or_insert_with(|| Rc::new(world.clone()));
        }
    }

    /// The turn that was wanted is reached: its world is kept, and what lies farthest from it goes.
    pub(super) fn arrive(&mut self, turn: usize, world: &World) {
        while self.near.len() > NEAR {
            let behind = self.near.first_key_value().is_some_and(|(first, _)| turn.abs_diff(*first) > NEAR_REACH);
            let _ = if behind { self.near.pop_first() } else { self.near.pop_last() };
        }
        self.near.entry(turn).or_insert_with(|| Rc::new(world.clone()));
    }

    /// Lets so many of each kind go, and says whether there are more.
    pub(super) fn dissolve(&mut self, count: usize) -> bool {
        for _ in 0..count {
            self.far.pop_last();
            self.near.pop_last();
        }
        !(self.far.is_empty() && self.near.is_empty())
    }

    /// Those of a fork that leaves the run before a turn.
    pub(super) fn up_to(&self, turn: usize) -> Self {
        let kept = |keyframes: &BTreeMap<usize, Rc<World>>| {
            keyframes.range(..=turn).map(|(turn, world)| (*turn, Rc::clone(world))).collect()
        };
        Self { far: kept(&self.far), interval: self.interval, near: kept(&self.near) }
    }
}
