//! Datagrams that came in fragments, put together again for reading. Promise: what is held is at most what was given, of a bounded
//! number of datagrams; fragments of different datagrams are never mixed, not even where an identification is used again later.

use std::net::Ipv4Addr;

use stack::wire::ipv4::Ipv4Packet;

use crate::capture::read::{FramePlace, FrameView};

/// The most datagrams that are waited for at the same time; the oldest gives way.
const MOST_DATAGRAMS: usize = 64;
/// The most fragments that are held of one datagram; one of 64 KiB in fragments of 68 octets has fewer.
const MOST_PARTS: usize = 2_048;
/// The most octets that are held of one datagram: twice what it can have, for fragments may be captured twice.
const MOST_OCTETS: usize = 2 * 65_535;
/// How long a datagram is waited for, in nanoseconds: the 30 seconds of Linux.
const PATIENCE_NS: u64 = 30_000_000_000;

/// What the fragments of a datagram have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Key {
    source: Ipv4Addr,
    destination: Ipv4Addr,
    protocol: u8,
    identification: u16,
}

/// A fragment as it was captured.
#[derive(Debug)]
struct Part {
    /// Its place in the datagram's payload.
    start: usize,
    /// Octets it had on the wire.
    length: usize,
    bytes: Vec<u8>,
}

/// A datagram of which not everything has come.
#[derive(Debug)]
struct Incomplete {
    key: Key,
    first_ns: u64,
    /// By their places.
    parts: Vec<Part>,
    /// The length of the payload, once the last fragment has come.
    total: Option<usize>,
    frames: Vec<FramePlace>,
}

impl Incomplete {
    /// Whether nothing of the payload is missing.
    fn is_whole(&self) -> bool {
        let Some(total) = self.total else { return false };
        let mut end = 0;
        for part in &self.parts {
            if part.start > end {
                return false;
            }
            end = end.max(part.start + part.length);
        }
        end >= total
    }

    /// The payload as far as it was captured without a hole.
    fn assemble(&self, whole: &mut Vec<u8>) {
        whole.clear();
        for part in &self.parts {
            let Some(known) = whole.len().checked_sub(part.start) else { return };
            whole.extend(part.bytes.get(known..).unwrap_or(&[]));
        }
    }
}

/// The fragments of a capture that wait for others.
#[derive(Debug, Default)]
pub struct Fragments {
    /// The oldest first.
    waiting: Vec<Incomplete>,
    payload: Vec<u8>,
    frames: Vec<FramePlace>,
}

/// The payload of a datagram that has been put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::capture) struct Whole<'a> {
    /// As far as it was captured without a hole.
    pub(in crate::capture) payload: &'a [u8],
    /// Octets it had on the wire.
    pub(in crate::capture) length: usize,
    /// The frames that carried the fragments before the last one that came.
    pub(in crate::capture) frames: &'a [FramePlace],
}

impl Fragments {
    /// Adds a fragment that came in `frame`. Where it was the last one that was missing, the payload of the datagram.
    pub(in crate::capture) fn add(&mut self, frame: &FrameView<'_>, packet: &Ipv4Packet<'_>) -> Option<Whole<'_>> {
        let key = Key {
            source: packet.saddr(),
            destination: packet.daddr(),
            protocol: packet.protocol(),
            identification: packet.id(),
        };
        let place = self.place_of(key, frame.time_ns);
        let datagram = self.waiting.get_mut(place)?;
        let length = usize::from(packet.tot_len()).checked_sub(usize::from(packet.ihl()) * 4)?;
        let start = packet.fragment_offset();
        if !packet.more_fragments() {
            datagram.total = Some(start + length);
        }
        let behind = datagram.parts.partition_point(|part| part.start <= start);
        datagram.parts.insert(behind, Part { start, length, bytes: packet.payload().to_vec() });
        if !datagram.is_whole() {
            datagram.frames.push(FramePlace { index: frame.index, offset: frame.offset });
            let held: usize = datagram.parts.iter().map(|part| part.bytes.len()).sum();
            if datagram.parts.len() >= MOST_PARTS || held > MOST_OCTETS {
                self.waiting.remove(place);
            }
            return None;
        }
        let datagram = self.waiting.remove(place);
        datagram.assemble(&mut self.payload);
        self.frames = datagram.frames;
        let length = datagram.total.unwrap_or(0);
        let payload = self.payload.get(..length).unwrap_or(&self.payload);
        Some(Whole { payload, length, frames: &self.frames })
    }

    /// The place of the datagram that is waited for under a key, begun where there is none.
    fn place_of(&mut self, key: Key, time_ns: u64) -> usize {
        self.waiting.retain(|known| known.key != key || time_ns.saturating_sub(known.first_ns) <= PATIENCE_NS);
        if let Some(place) = self.waiting.iter().position(|known| known.key == key) {
            return place;
        }
        if self.waiting.len() >= MOST_DATAGRAMS {
            self.waiting.remove(0);
        }
        self.waiting.push(Incomplete { key, first_ns: time_ns, parts: Vec::new(), total: None, frames: Vec::new() });
        self.waiting.len() - 1
    }
}
