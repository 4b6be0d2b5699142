//! Arenas: where socks, buffers and table entries live, reached by handles instead of pointers.
//!
//! A handle carries the serial number of its object, which counts creations from boot and is never used twice. It is at
//! once the generation check and the object's name for the whole run (`sk#4`, `skb@17`). Following a handle whose object
//! is gone does not panic: it reads an empty object and is counted, and the step then ends in a `KernelOops`, which is
//! what the original would have deserved.

use std::cell::Cell;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::ops::{Index, IndexMut};

/// A reference to an object in an [`Arena`].
pub struct Id<T> {
    slot: u32,
    /// Never 0, so that an `Option` of a handle takes no more room than the handle: a register.
    serial: NonZeroU32,
    object: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Serial number: creations of this kind since boot, the first being 1.
    #[must_use]
    #[inline]
    pub fn serial(self) -> u32 {
        self.serial.get()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.serial == other.serial
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.serial.cmp(&other.serial)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.serial.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.serial)
    }
}

/// Objects of one kind.
#[derive(Clone, Debug)]
pub struct Arena<T> {
    slots: Vec<(u32, T)>,
    vacant: Vec<u32>,
    created: u32,
    nothing: T,
    stale: Cell<u32>,
}

impl<T: PartialEq> PartialEq for Arena<T> {
    fn eq(&self, other: &Self) -> bool {
        self.created == other.created && self.vacant == other.vacant && self.slots == other.slots
    }
}

impl<T: Hash> Hash for Arena<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.created.hash(state);
        for (serial, object) in &self.slots {
            serial.hash(state);
            if *serial != 0 {
                object.hash(state);
            }
        }
    }
}

impl<T: Default> Default for Arena<T> {
    fn default() -> Self {
        Self { slots: Vec::new(), vacant: Vec::new(), created: 0, nothing: T::default(), stale: Cell::new(0) }
    }
}

impl<T: Default> Arena<T> {
    /// Stores an object and names it.
    pub fn insert(&mut self, object: T) -> Id<T> {
        let (id, place) = self.make();
        *place = object;
        id
    }

    /// Makes an object and names it: empty, to be filled in where it lies.
    #[inline]
    pub fn make(&mut self) -> (Id<T>, &mut T) {
        let serial = NonZeroU32::new(self.created.wrapping_add(1)).unwrap_or(NonZeroU32::MIN);
        self.created = serial.get();
        let slot = self.vacant.pop().unwrap_or_else(|| {
            self.slots.push((0, T::default()));
            (self.slots.len() - 1) as u32
        });
        let object = match self.slots.get_mut(slot as usize) {
            Some((known, object)) => {
                *known = self.created;
                object
            }
            None => &mut self.nothing,
        };
        (Id { slot, serial, object: PhantomData }, object)
    }

    /// Takes an object out; `None` if it was gone already (which is counted as a stale access).
    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        match self.slots.get_mut(id.slot as usize) {
            Some((serial, object)) if *serial == id.serial() => {
                *serial = 0;
                self.vacant.push(id.slot);
                Some(std::mem::take(object))
            }
            _ => {
                self.stale.set(self.stale.get() + 1);
                None
            }
        }
    }

    /// [`Arena::remove`] of an object that nobody wants: it is emptied where it lies.
    pub fn free(&mut self, id: Id<T>) {
        match self.slots.get_mut(id.slot as usize) {
            Some((serial, object)) if *serial == id.serial() => {
                *serial = 0;
                *object = T::default();
                self.vacant.push(id.slot);
            }
            _ => self.count_stale(),
        }
    }

    /// The object, if it is still there. Asking is not a stale access.
    #[must_use]
    #[inline]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        match self.slots.get(id.slot as usize) {
            Some((serial, object)) if *serial == id.serial() => Some(object),
            _ => None,
        }
    }

    /// The object, to be changed, if it is still there. Asking is not a stale access.
    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        match self.slots.get_mut(id.slot as usize) {
            Some((serial, object)) if *serial == id.serial() => Some(object),
            _ => None,
        }
    }

    /// Whether the object is still there.
    #[must_use]
    #[inline]
    pub fn contains(&self, id: Id<T>) -> bool {
        self.get(id).is_some()
    }

    /// All living objects in the order of their slots.
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.slots.iter().enumerate().filter_map(|(slot, (serial, object))| {
            let serial = NonZeroU32::new(*serial)?;
            Some((Id { slot: slot as u32, serial, object: PhantomData }, object))
        })
    }

    /// Living objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots.len() - self.vacant.len()
    }

    /// Whether nothing lives here.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Objects made since boot.
    #[must_use]
    pub fn created(&self) -> u32 {
        self.created
    }

    /// Number of accesses through stale handles since the last call; each is a bug of ours or an Oops of the original.
    pub fn take_stale(&self) -> u32 {
        self.stale.replace(0)
    }
}

impl<T: Default> Arena<T> {
    /// Counts an access through a stale handle; out of line, because there is none in a run without a bug.
    #[cold]
    #[inline(never)]
    fn count_stale(&self) {
        self.stale.set(self.stale.get() + 1);
    }

    /// Something to write to, which nobody will read.
    #[cold]
    #[inline(never)]
    fn nothing_instead(&mut self) -> &mut T {
        self.count_stale();
        self.nothing = T::default();
        &mut self.nothing
    }
}

impl<T: Default> Index<Id<T>> for Arena<T> {
    type Output = T;
    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        self.get(id).unwrap_or_else(|| {
            self.count_stale();
            &self.nothing
        })
    }
}

impl<T: Default> IndexMut<Id<T>> for Arena<T> {
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        if !self.contains(id) {
            return self.nothing_instead();
        }
        match self.slots.get_mut(id.slot as usize) {
            Some((_, object)) => object,
            None => &mut self.nothing,
        }
    }
}
