//! A recording on its way into a file: blocks put together in memory, and the journal that rides on them. The journal goes into
//! custom options of the last packet block, which are invisible in Wireshark's list and survive editcap and mergecap; its tail, and
//! the mark that the recording was ended in good order, stand in final custom blocks.
//!
//! What waits for a frame that may never come is saved meanwhile in the options of an Interface Statistics Block, of which
//! Wireshark makes no row either, so that its numbers of frames stay ours. editcap and mergecap drop that copy; they do no harm,
//! because the same bytes ride with the next frame again, and the reader takes them once.
//!
//! Promise: what is taken out is whole blocks, and after [`Stream::save`] everything so far is in them.

use super::blocks::{self, Packet, RecordedInterface};

/// The most journal bytes in one custom option: its length field has 16 bits.
const LARGEST_PIECE: usize = 60_000;
/// The most journal pieces on one frame, so that no block outgrows what other readers take (16 MiB).
const MOST_PIECES: usize = 64;
/// Octets around a piece of the journal at most: a block of its own, and its mark, place and length in it.
#[cfg(live)]
const AROUND_A_PIECE: usize = 64;

/// What a piece of the journal begins with.
pub(super) const PIECE: [u8; 4] = *b"SSJ1";
/// What the mark of a good end begins with.
pub(super) const END: [u8; 4] = *b"SSE1";

/// Blocks of a recording, and what of its journal is not in them yet.
#[derive(Debug, Default)]
pub(super) struct Stream {
    bytes: Vec<u8>,
    /// Where the last packet block begins, as long as it is the last block and has not been taken out.
    last: Option<usize>,
    /// Journal bytes that ride on no block yet.
    waiting: Vec<u8>,
    /// Journal bytes before those.
    written: u64,
    /// How many of those that wait are in a block already, in a copy.
    saved: usize,
}

impl Stream {
    /// The beginning of a recording of these devices, with comments on the whole.
    pub(super) fn begin(interfaces: &[RecordedInterface], comments: &[String]) -> Self {
        let mut bytes = Vec::new();
        blocks::section(&mut bytes, comments);
        interfaces.iter().for_each(|device| blocks::interface(&mut bytes, device));
        Self { bytes, ..Self::default() }
    }

    /// Takes further bytes of the journal.
    pub(super) fn journal(&mut self, bytes: &[u8]) {
        self.waiting.extend_from_slice(bytes);
    }

    /// Takes a frame with comments.
    pub(super) fn packet(&mut self, packet: &Packet<'_>, comments: &[String]) {
        let start = self.bytes.len();
        blocks::packet(&mut self.bytes, packet);
        blocks::more_options(&mut self.bytes, start, |out| comments.iter().for_each(|told| blocks::comment(out, told)));
        self.last = Some(start);
    }

    /// Lets what waits of the journal ride on the last packet block, as far as it holds it.
    pub(super) fn attach(&mut self) {
        let Some(start) = self.last.filter(|_| !self.waiting.is_empty()) else { return };
        let end = self.waiting.len().min(MOST_PIECES * LARGEST_PIECE);
        let (mut place, waiting) = (self.written, &self.waiting);
        blocks::more_options(&mut self.bytes, start, |out| {
            for bytes in waiting.get(..end).unwrap_or(&[]).chunks(LARGEST_PIECE) {
                place = piece(place, bytes, |parts| blocks::custom_option(out, parts));
            }
        });
        self.waiting.drain(..end);
        self.saved = self.saved.saturating_sub(end);
        self.written = place;
    }

    /// Takes everything that waits of the journal, and the mark of a good end.
    pub(super) fn end(&mut self) {
        for bytes in self.waiting.chunks(LARGEST_PIECE) {
            self.written = piece(self.written, bytes, |parts| blocks::custom(&mut self.bytes, parts));
        }
        self.waiting.clear();
        (self.saved, self.last) = (0, None);
        blocks::custom(&mut self.bytes, &[&END, &self.written.to_le_bytes()]);
    }

    /// Takes the blocks out, into an empty text.
    pub(super) fn take(&mut self, bytes: &mut Vec<u8>) {
        std::mem::swap(&mut self.bytes, bytes);
        self.last = None;
    }
}

/// What only a recording that goes on while it is written asks for.
#[cfg(live)]
impl Stream {
    /// Octets that have not been taken out.
    pub(super) fn len(&self) -> usize {
        self.bytes.len() + self.unsaved().len()
    }

    /// Octets that it takes at most to get everything out.
    pub(super) fn most(&self) -> usize {
        let pieces = self.waiting.len().div_ceil(LARGEST_PIECE) + self.unsaved().len().div_ceil(LARGEST_PIECE);
        self.len() + self.waiting.len() + (pieces + 1) * AROUND_A_PIECE
    }

    fn unsaved(&self) -> &[u8] {
        self.waiting.get(self.saved..).unwrap_or(&[])
    }

    /// Takes packet blocks, of which the last begins at `last`, and what the journal has of them.
    pub(super) fn append(&mut self, packets: &[u8], last: Option<usize>, journal: &[u8]) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(packets);
        self.last = last.map(|last| start + last).or(self.last);
        self.waiting.extend_from_slice(journal);
        if self.waiting.len() >= LARGEST_PIECE {
            self.attach();
        }
    }

    /// Takes a comment on what has just happened: it stands at the last frame, or where that is gone by itself, as of `time_ns`
    /// (nanoseconds since 1970).
    pub(super) fn comment(&mut self, time_ns: u64, comment: &str) {
        match self.last {
            Some(start) => blocks::more_options(&mut self.bytes, start, |out| blocks::comment(out, comment)),
            None => blocks::statistics(&mut self.bytes, time_ns, |out| blocks::comment(out, comment)),
        }
    }

    /// Lets everything so far be in a block: a copy of the journal where there is no frame it could ride on, as of `time_ns`
    /// (nanoseconds since 1970).
    pub(super) fn save(&mut self, time_ns: u64) {
        self.attach();
        let mut place = self.written.saturating_add(u64::try_from(self.saved).unwrap_or(u64::MAX));
        for bytes in self.waiting.get(self.saved..).unwrap_or(&[]).chunks(LARGEST_PIECE) {
            blocks::statistics(&mut self.bytes, time_ns, |out| {
                place = piece(place, bytes, |parts| blocks::custom_option(out, parts));
            });
            self.last = None;
        }
        self.saved = self.waiting.len();
    }
}

/// A piece of the journal: mark, place in the journal, length, bytes. Gives the place behind it.
fn piece(place: u64, bytes: &[u8], put: impl FnOnce(&[&[u8]; 4])) -> u64 {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    put(&[&PIECE, &place.to_le_bytes(), &length.to_le_bytes(), bytes]);
    place.saturating_add(u64::from(length))
}
