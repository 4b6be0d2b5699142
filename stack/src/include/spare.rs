//! Room that is used again: emptied buffers and lists, kept so that the steady state asks nothing of the allocator.
//!
//! In 1.2.13 a buffer comes from kmalloc, whose pages are recycled in the same way. What lies here is no part of the
//! kernel's value: a clone has none of it, and comparison and hash ignore it, so that two kernels that have done the same
//! are equal whatever room they keep.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The most pieces of a kind that are kept; what comes back beyond is given to the allocator.
const MOST: usize = 128;

/// The room of a kernel.
#[derive(Default)]
pub struct Spare {
    packets: Vec<Arc<Vec<u8>>>,
    octets: Vec<Vec<u8>>,
}

fn give<T>(shelf: &mut Vec<T>, piece: T) {
    if shelf.len() < MOST {
        shelf.push(piece);
    }
}

impl Spare {
    /// `size` zero octets for a packet.
    #[must_use]
    #[inline]
    pub fn packet(&mut self, size: usize) -> Arc<Vec<u8>> {
        while let Some(mut packet) = self.packets.pop() {
            if let Some(octets) = Arc::get_mut(&mut packet) {
                octets.clear();
                octets.resize(size, 0);
                return packet;
            }
        }
        Arc::new(vec![0; size])
    }

    /// Takes a packet's octets back; whether another kernel shares them is seen when they are wanted again.
    #[inline]
    pub fn give_packet(&mut self, packet: Arc<Vec<u8>>) {
        give(&mut self.packets, packet);
    }

    /// A copy of some octets.
    #[must_use]
    pub fn octets(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut octets = self.octets.pop().unwrap_or_default();
        octets.clear();
        octets.extend_from_slice(bytes);
        octets
    }

    /// Takes octets back that are not needed any more.
    pub fn give_octets(&mut self, octets: Vec<u8>) {
        give(&mut self.octets, octets);
    }
}

impl Clone for Spare {
    fn clone(&self) -> Self {
        Self::default()
    }
}
impl PartialEq for Spare {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Hash for Spare {
    fn hash<H: Hasher>(&self, _: &mut H) {}
}
impl fmt::Debug for Spare {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spare")
    }
}
