//! A map kept in order: entries side by side in pieces of memory, found by halving.
//!
//! In 1.2.13 the running timers are a list in the order of their expiry, and so they are here. They come and go with every
//! segment, most often few of them, and then they are one short piece of memory; where thousands of connections wait for their
//! end a new one moves no more than its own piece. A tree with its small nodes does either at several times the price.

use std::fmt;
use std::hash::{Hash, Hasher};

/// The most entries of a piece: what is moved for one that comes or goes is half of it.
const MOST: usize = 64;

/// A map in the order of its keys.
#[derive(Clone)]
pub struct Sorted<K, V> {
    /// No piece is empty but one that is the only one.
    pieces: Vec<Vec<(K, V)>>,
}

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self { pieces: Vec::new() }
    }
}

/// Maps are equal if their entries are, however they are cut into pieces.
impl<K: PartialEq, V: PartialEq> PartialEq for Sorted<K, V> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl<K: Eq, V: Eq> Eq for Sorted<K, V> {}

impl<K: Hash, V: Hash> Hash for Sorted<K, V> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.len().hash(state);
        self.iter().for_each(|entry| entry.hash(state));
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
        self.pieces.iter().map(Vec::len).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first().is_none()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.pieces.iter().flatten().map(|(key, value)| (key, value))
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The entry with the least key.
    #[must_use]
    #[inline]
    pub fn first(&self) -> Option<&(K, V)> {
        self.pieces.first()?.first()
    }
}

impl<K: Ord + Copy, V> Sorted<K, V> {
    /// The piece in which a key stands or would stand, and how many keys of it stand before that.
    #[inline]
    fn place(&self, key: K) -> (usize, usize) {
        let begins_before = |piece: &Vec<(K, V)>| piece.first().is_some_and(|(first, _)| *first <= key);
        let piece = self.pieces.partition_point(begins_before).saturating_sub(1);
        let place = self.pieces.get(piece).map_or(0, |piece| piece.partition_point(|(known, _)| *known < key));
        (piece, place)
    }

    /// Puts a value in under a key that has none yet.
    pub fn insert(&mut self, key: K, value: V) {
        let (number, place) = self.place(key);
        let Some(piece) = self.pieces.get_mut(number) else {
            self.pieces.push(vec![(key, value)]);
            return;
        };
        piece.insert(place, (key, value));
        if piece.len() > MOST {
            let back = piece.split_off(MOST / 2);
            self.pieces.insert(number + 1, back);
        }
    }

    /// Takes one key out and puts another in: most often in the same place, and then nothing is moved.
    pub fn replace(&mut self, old: K, key: K, value: V) {
        let (number, place) = self.place(old);
        let in_order = self.is_between(number, place, key);
        match self.pieces.get_mut(number).and_then(|piece| piece.get_mut(place)) {
            Some(entry) if entry.0 == old && in_order => *entry = (key, value),
            _ => {
                self.remove(old);
                self.insert(key, value);
            }
        }
    }

    /// Whether a key lies between the neighbours of a place.
    fn is_between(&self, number: usize, place: usize, key: K) -> bool {
        let Some(piece) = self.pieces.get(number) else { return false };
        let before = match place.checked_sub(1) {
            Some(before) => piece.get(before),
            None => number.checked_sub(1).and_then(|number| self.pieces.get(number)?.last()),
        };
        let behind = piece.get(place + 1).or_else(|| self.pieces.get(number + 1)?.first());
        before.is_none_or(|(before, _)| *before < key) && behind.is_none_or(|(behind, _)| *behind > key)
    }

    /// Takes a key out: its value.
    pub fn remove(&mut self, key: K) -> Option<V> {
        let (number, place) = self.place(key);
        let piece = self.pieces.get_mut(number)?;
        piece.get(place).filter(|(known, _)| *known == key)?;
        let (_, value) = piece.remove(place);
        if piece.is_empty() && self.pieces.len() > 1 {
            self.pieces.remove(number);
        }
        Some(value)
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

    /// Many keys, in an order that cuts pieces everywhere and empties some: everything is found, and nothing else.
    #[test]
    fn many_keys_come_and_go() {
        let mut map = Sorted::default();
        let keys = (0..5_000_u32).map(|key| key * 7_919 % 5_000);
        keys.clone().for_each(|key| map.insert(2 * key, key));
        assert!(map.pieces.len() > 1 && map.iter().map(|(key, _)| *key).eq((0..5_000).map(|key| 2 * key)));
        for key in keys.clone() {
            map.replace(2 * key, 2 * key + 1, key);
            assert_eq!((map.remove(2 * key), map.len()), (None, 5_000));
        }
        assert!(map.iter().map(|(key, _)| *key).eq((0..5_000).map(|key| 2 * key + 1)));
        for key in keys {
            assert_eq!(map.remove(2 * key + 1), Some(key));
            assert!(map.pieces.len() == 1 || map.pieces.iter().all(|piece| !piece.is_empty() && piece.len() <= MOST));
        }
        assert!(map.is_empty());
    }

    #[test]
    fn how_a_map_is_cut_makes_no_difference() {
        let (mut rising, mut falling) = (Sorted::default(), Sorted::default());
        (0..200).for_each(|key| rising.insert(key, key));
        (0..200).rev().for_each(|key| falling.insert(key, key));
        assert_ne!(rising.pieces, falling.pieces);
        assert_eq!(rising, falling);
        let hash = |map: &Sorted<i32, i32>| {
            let mut hasher = std::hash::DefaultHasher::new();
            map.hash(&mut hasher);
            hasher.finish()
        };
        assert_eq!(hash(&rising), hash(&falling));
        falling.replace(7, 7, 8);
        assert_ne!(rising, falling);
    }
}
