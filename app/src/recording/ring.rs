//! What lies between a session and the thread that writes its recording: a batch that the session fills and the writer empties,
//! bounded in bytes. Promise: nothing is lost in between, a session waits where the writer is too far behind, and once the writer
//! has stopped nobody waits any more.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use stack::lab::journal::Act;

use crate::refusal::Refusal;

/// The most bytes that wait for the writer.
const MOST: usize = 16 << 20;
/// So many are worth the writer's time at once.
const WORTH: usize = 1 << 20;
/// How long the writer lets less than that gather: what lies in the ring is lost when the program is killed.
const LINGER: Duration = Duration::from_millis(250);

/// Something to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    /// An act of the journal.
    Act {
        /// When, in microseconds of virtual time.
        time: u64,
        /// The act.
        act: Act,
    },
    /// A frame enters from outside, as an act of the journal: the next `length` bytes of the batch.
    Arrival {
        /// When, in microseconds of virtual time.
        time: u64,
        /// The host.
        host: usize,
        /// Its device.
        device: u8,
        /// Whether it enters by the same act as the arrival before it.
        is_joined: bool,
        /// Bytes of the frame.
        length: usize,
    },
    /// A frame has passed the device: the next `length` bytes of the batch.
    Frame {
        /// When, in microseconds of virtual time.
        time: u64,
        /// Whether it came from outside.
        from_outside: bool,
        /// Bytes of the frame.
        length: usize,
    },
    /// So far time has gone, in microseconds of virtual time.
    Horizon(u64),
}

/// Entries in the order in which they happened, and the bytes of their frames one after the other.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The entries.
    pub(super) entries: Vec<Entry>,
    /// The bytes of their frames.
    pub(super) bytes: Vec<u8>,
}

impl Batch {
    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What it costs to keep.
    fn size(&self) -> usize {
        self.bytes.len() + self.entries.len() * size_of::<Entry>()
    }

    /// Empties it; its room stays.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
        self.bytes.clear();
    }

    /// Takes everything out of another one, which keeps its room.
    fn append(&mut self, other: &mut Self) {
        if self.is_empty() {
            std::mem::swap(self, other);
        } else {
            self.entries.append(&mut other.entries);
            self.bytes.append(&mut other.bytes);
        }
    }
}

/// Why a recording was over before its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The sentence.
    pub why: Refusal,
    /// Whether it is a fault: reaching the limit that was asked for is none.
    pub is_fault: bool,
}

#[derive(Debug, Default)]
struct State {
    batch: Batch,
    /// The session is over, at this virtual time in microseconds.
    ended: Option<u64>,
    stopped: Option<Stopped>,
}

/// The ring.
#[derive(Debug, Default)]
pub(super) struct Ring {
    state: Mutex<State>,
    /// Something is there, or much is, or the session is over.
    filled: Condvar,
    /// There is room again, or nobody writes any more.
    emptied: Condvar,
}

impl Ring {
    fn state(&self) -> MutexGuard<'_, State> {
        // Whatever panicked while it held the lock has left whole entries in it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what happened, and waits while there is no room. `batch` is empty afterwards.
    ///
    /// # Errors
    /// The writer has stopped.
    pub(super) fn hand_over(&self, batch: &mut Batch) -> Result<(), Stopped> {
        let mut state = self.state();
        while state.stopped.is_none() && state.batch.size() > MOST {
            state = self.emptied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(stopped) = &state.stopped {
            batch.clear();
            return Err(stopped.clone());
        }
        let (was_empty, was_worth) = (state.batch.is_empty(), state.batch.size() >= WORTH);
        state.batch.append(batch);
        if was_empty || !was_worth && state.batch.size() >= WORTH {
            self.filled.notify_one();
        }
        Ok(())
    }

    /// Whether the writer has stopped, and why.
    pub(super) fn stopped(&self) -> Option<Stopped> {
        self.state().stopped.clone()
    }

    /// The session is over, at this virtual time.
    pub(super) fn end(&self, horizon: u64) {
        self.state().ended = Some(horizon);
        self.filled.notify_one();
    }

    /// The writer takes what there is, into an empty batch; it sleeps while there is nothing, and a little longer for more.
    /// Gives the virtual time of the session's end once it is over and this was all.
    pub(super) fn take(&self, batch: &mut Batch) -> Option<u64> {
        let mut state = self.state();
        while state.batch.is_empty() && state.ended.is_none() {
            state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let more = |state: &mut State| state.ended.is_none() && state.batch.size() < WORTH;
        let (mut state, _) =
            self.filled.wait_timeout_while(state, LINGER, more).unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut state.batch, batch);
        self.emptied.notify_one();
        state.ended
    }

    /// The writer stops before the session.
    pub(super) fn stop(&self, stopped: Stopped) {
        let mut state = self.state();
        state.stopped = Some(stopped);
        state.batch.clear();
        self.emptied.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::refusal::Refusal;

    use super::*;

    fn batch(bytes: usize, time: u64) -> Batch {
        Batch { entries: vec![Entry::Horizon(time)], bytes: vec![7; bytes] }
    }

    #[test]
    fn what_is_handed_over_comes_out_in_order_and_the_end_last() {
        let ring = Ring::default();
        ring.hand_over(&mut batch(1, 1)).unwrap();
        ring.hand_over(&mut batch(2, 2)).unwrap();
        ring.end(9);
        let mut taken = Batch::default();
        assert_eq!(ring.take(&mut taken), Some(9));
        assert_eq!(taken.entries, [Entry::Horizon(1), Entry::Horizon(2)]);
        assert_eq!(taken.bytes, [7; 3]);
    }

    #[test]
    fn a_full_ring_makes_the_session_wait_until_it_is_emptied_or_nobody_writes() {
        let stopped = Stopped { why: Refusal::usage("gone", "没了"), is_fault: true };
        for stops in [false, true] {
            let ring = Arc::new(Ring::default());
            ring.hand_over(&mut batch(MOST + 1, 1)).unwrap();
            let (far, done) = (Arc::clone(&ring), std::sync::mpsc::channel());
            std::thread::spawn(move || done.0.send(far.hand_over(&mut batch(1, 2))));
            assert!(done.1.recv_timeout(Duration::from_millis(100)).is_err(), "it did not wait");
            if stops {
                ring.stop(stopped.clone());
                assert_eq!(done.1.recv().unwrap(), Err(stopped.clone()));
                assert_eq!(ring.stopped(), Some(stopped.clone()));
            } else {
                assert_eq!(ring.take(&mut Batch::default()), None);
                assert_eq!(done.1.recv().unwrap(), Ok(()));
                let mut rest = Batch::default();
                ring.end(3);
                assert_eq!(ring.take(&mut rest), Some(3));
                assert_eq!(rest.entries, [Entry::Horizon(2)]);
            }
        }
    }
}
