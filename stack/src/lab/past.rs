//! A list that only grows and that its copies share: what every keyframe of a run would otherwise hold once more. Promise: it equals,
//! and hashes like, a `Vec` of the same entries; a copy costs a pointer for every [`SHARED`] entries, and the last few entries.

use core::hash::{Hash, Hasher};
use std::sync::Arc;

/// Entries that are shared together.
const SHARED: usize = 64;

/// A list of what has happened.
#[derive(Clone, Debug)]
pub struct Past<T> {
    /// Full pieces, never changed again.
    shared: Vec<Arc<[T]>>,
    /// Those behind them, fewer than a piece has.
    last: Vec<T>,
}

impl<T> Default for Past<T> {
    fn default() -> Self {
        Self { shared: Vec::new(), last: Vec::new() }
    }
}

impl<T> Past<T> {
    /// Adds an entry.
    pub fn push(&mut self, entry: T) {
        self.last.push(entry);
        if self.last.len() == SHARED {
            self.shared.push(self.last.drain(..).collect());
        }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shared.len() * SHARED + self.last.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.is_empty() && self.last.is_empty()
    }

    /// All of them, the oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.shared.iter().flat_map(|piece| piece.iter()).chain(&self.last)
    }
}

impl<T: PartialEq> PartialEq for Past<T> {
    fn eq(&self, other: &Self) -> bool {
        let pieces = self.shared.iter().zip(&other.shared);
        self.len() == other.len()
            && pieces.into_iter().all(|(own, other)| Arc::ptr_eq(own, other) || own == other)
            && self.last == other.last
    }
}

impl<T: Hash> Hash for Past<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_usize(self.len());
        self.iter().for_each(|entry| entry.hash(state));
    }
}

#[cfg(test)]
mod tests {
    use std::hash::DefaultHasher;

    use super::*;

    fn hash(value: &impl Hash) -> u64 {
        let mut hasher = DefaultHasher::new();
        value.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn it_is_like_a_vec_and_its_copies_go_their_own_ways() {
        let (mut list, mut vec) = (Past::default(), Vec::new());
        for number in 0..3 * SHARED + 5 {
            assert_eq!((list.len(), list.is_empty(), hash(&list)), (vec.len(), vec.is_empty(), hash(&vec)));
            assert!(list.iter().eq(&vec) && list.iter().rev().eq(vec.iter().rev()));
            let copy = list.clone();
            list.push((number, vec![number; number % 3]));
            vec.push((number, vec![number; number % 3]));
            assert!(copy != list && copy.len() == number);
            let mut other = copy.clone();
            other.push((0, vec![9]));
            assert_ne!(other, list);
        }
        let again = vec.into_iter().fold(Past::default(), |mut list, entry| {
            list.push(entry);
            list
        });
        assert_eq!(again, list, "built apart");
    }

    #[test]
    fn copies_share_what_is_older() {
        let mut list = Past::default();
        (0..10 * SHARED).for_each(|number| list.push(number));
        let copy = list.clone();
        assert!(list.iter().zip(copy.iter()).all(|(own, other)| std::ptr::eq(own, other)));
    }
}
