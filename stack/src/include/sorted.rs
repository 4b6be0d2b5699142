//! A small map kept in order: entries side by side in one piece of memory, found by halving.
//!
//! In 1.2.13 the running timers are a list in the order of their expiry, and so they are here. They come and go with every
//! segment, and nearly all of them near one of the ends, where a [`VecDeque`] has little to move: what is due soon in front,
//! the minutes of TIME_WAIT behind. That is why they do not stand in a tree.

use std::collections::VecDeque;
use std::fmt;

/// A map in the order of its keys.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Sorted<K, V> {
    entries: VecDeque<(K, V)>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { entries: VecDeque::new() }
    }
}

impl<K: fmt::Debug, V: fmt::Debug> fmt::Debug for Sorted<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<K, V> Sorted<K, V> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.entries.iter().map(|(_, value)| value)
    }

    /// The entry with the least key.
    #[must_use]
    #[inline]
    pub fn first(&self) -> Option<&(K, V)> {
        self.entries.front()
    }
}

impl<K: Ord + Copy, V> Sorted<K, V> {
    /// How many keys stand before this one. The two pieces in which a deque lies are searched one by one, which the
    /// compiler makes more of than of places that may wrap around.
    #[inline]
    fn place(&self, key: K) -> usize {
        let (front, back) = self.entries.as_slices();
        let before = |entries: &[(K, V)]| entries.partition_point(|(known, _)| *known < key);
        match back.first() {
            Some((first, _)) if *first <= key => front.len() + before(back),
            _ => before(front),
        }
    }

    /// Puts a value in under a key that has none yet.
    pub fn insert(&mut self, key: K, value: V) {
        match self.entries.back() {
            Some((last, _)) if *last >= key => self.entries.insert(self.place(key), (key, value)),
            _ => self.entries.push_back((key, value)),
        }
    }

    /// Takes one key out and puts another in: most often in the same place, and the first, and then nothing is moved.
    pub fn replace(&mut self, old: K, key: K, value: V) {
        let stays_first = self.entries.get(1).is_none_or(|(second, _)| *second > key);
        match self.entries.front_mut() {
            Some(first) if first.0 == old && stays_first => *first = (key, value),
            _ => self.replace_within(old, key, value),
        }
    }

    fn replace_within(&mut self, old: K, key: K, value: V) {
        let place = self.place(old);
        let above =
            place.checked_sub(1).and_then(|place| self.entries.get(place)).is_none_or(|(before, _)| *before < key);
        let below = self.entries.get(place + 1).is_none_or(|(behind, _)| *behind > key);
        match self.entries.get_mut(place) {
            Some(entry) if entry.0 == old && above && below => *entry = (key, value),
            _ => {
                self.remove(old);
                self.insert(key, value);
            }
        }
    }

    /// Takes a key out: its value.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let place = self.place(key);
        self.entries.get(place).filter(|(known, _)| *known == key)?;
        self.entries.remove(place).map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_stand_in_the_order_of_their_keys_whatever_came_first() {
        let mut map = Sorted::default();
        for key in [5, 1, 9, 3, 7] {
            map.insert(key, key * 10);
        }
        assert_eq!((map.len(), map.is_empty(), map.first()), (5, false, Some(&(1, 10))));
        assert!(map.iter().map(|(key, value)| (*key, *value)).eq([(1, 10), (3, 30), (5, 50), (7, 70), (9, 90)]));
        assert_eq!((map.remove(3), map.remove(3)), (Some(30), None));
        assert_eq!(format!("{map:?}"), "{1: 10, 5: 50, 7: 70, 9: 90}");
    }

    #[test]
    fn a_key_that_is_replaced_comes_to_its_place() {
        for new in [0, 2, 4, 6, 8, 10] {
            for old in [1, 3, 5, 7, 9, 11] {
                let mut map = Sorted::default();
                for key in [1, 3, 5, 7, 9] {
                    map.insert(key, key);
                }
                let mut other = map.clone();
                map.replace(old, new, 0);
                other.remove(old);
                other.insert(new, 0);
                assert_eq!(map, other, "{old} by {new}");
            }
        }
    }

    /// Keys that go on rising while the least leave: the deque wraps around, and everything is found all the same.
    #[test]
    fn what_wraps_around_is_found() {
        let mut map = Sorted::default();
        for key in 0..100_u32 {
            map.insert(2 * key, key);
            map.insert(2 * key + 15, key);
            assert_eq!(map.remove(2 * key), Some(key));
            assert!(map.iter().is_sorted_by_key(|(key, _)| key), "{map:?}");
        }
    }
}
