//! A packed file on its way into memory, a slice at a time, so that whoever waits for its beginning need not wait for its end.
//! Promise: beside the packed octets, which are mapped where there are many, never more than the limit is held, however much the
//! file says it unpacks to; where it is cut or damaged, what came out before that stays.

use std::io::{self, Cursor, Read};

use flate2::bufread::MultiGzDecoder;

use super::Held;

/// Octets that are unpacked between two looks at the clock: some milliseconds of work.
const SLICE: u64 = 1 << 20;

/// A packed file and what has been unpacked of it.
#[derive(Debug)]
pub(super) struct Unpacking {
    /// None where it has ended: the packed octets are let go then.
    decoder: Option<MultiGzDecoder<Cursor<Held>>>,
    /// Octets of the packed file.
    packed: u64,
    /// The most octets that may come out.
    limit: u64,
    stage: Stage,
}

/// How far the unpacking is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// There may be more.
    GoesOn,
    /// All has come out.
    Whole,
    /// The packed file ends or is damaged here.
    Cut,
    /// There is more than the limit allows.
    Excess,
}

impl Unpacking {
    /// Nothing is unpacked yet.
    pub(super) fn new(packed: Held, limit: u64) -> Self {
        let length = u64::try_from(packed.as_ref().len()).unwrap_or(u64::MAX);
        Self { decoder: Some(MultiGzDecoder::new(Cursor::new(packed))), packed: length, limit, stage: Stage::GoesOn }
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    /// Octets of the packed file that have been read, and those it has.
    pub(super) fn progress(&self) -> (u64, u64) {
        let read = self.decoder.as_ref().map_or(self.packed, |decoder| decoder.get_ref().position());
        (read.min(self.packed), self.packed)
    }

    /// Appends the next slice to what came out before.
    ///
    /// # Errors
    /// Nothing at all can be unpacked.
    pub(super) fn unpack(&mut self, bytes: &mut Vec<u8>) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        let length = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let before = length(bytes);
        // One octet more than the limit allows tells whether there are any.
        let wanted = SLICE.min(self.limit.saturating_add(1).saturating_sub(before));
        let end = decoder.by_ref().take(wanted).read_to_end(bytes);
        self.stage = match end {
            _ if length(bytes) > self.limit => Stage::Excess,
            Ok(taken) if u64::try_from(taken).is_ok_and(|taken| taken == wanted) => Stage::GoesOn,
            Ok(_) => Stage::Whole,
            Err(error) if bytes.is_empty() => return Err(error),
            Err(_) => Stage::Cut,
        };
        bytes.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        if self.stage != Stage::GoesOn {
            self.decoder = None;
        }
        Ok(())
    }
}
