//! What lies between a session and the thread that writes its recording: a stream of blocks that the session adds to and the writer
//! takes out of, bounded in bytes. Promise: nothing is lost in between, a session waits where the writer is too far behind, once the
//! writer has stopped nobody waits any more, and under load the writer is woken for a quarter of a mebibyte.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::round::Round;
use super::stream::Stream;
use crate::refusal::Refusal;

/// The most bytes that wait for the writer.
const MOST: usize = 16 << 20;
/// So many are worth the writer's time at once: no more than a processor's cache holds beside what the session needs of it.
const WORTH: usize = 256 << 10;
/// How long the writer lets less than that gather: what lies in the ring is lost when the program is killed.
const LINGER: Duration = Duration::from_millis(250);
/// Room that the end of a file takes at most, in bytes.
const TAIL: u64 = 512;

/// Why a recording was over before its session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    /// The sentence.
    pub why: Refusal,
    /// Whether it is a fault: reaching the limit that was asked for is none.
    pub is_fault: bool,
}

/// What comes behind the bytes that were taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Behind {
    /// More.
    More,
    /// Nothing: the session is over.
    End,
    /// Nothing: the file has no room for more.
    Full,
}

#[derive(Debug)]
struct State {
    stream: Stream,
    /// Bytes that were taken out.
    taken: u64,
    /// The time of what came last, nanoseconds since 1970.
    time_ns: u64,
    /// What comes behind what there is.
    behind: Behind,
    /// The writer sleeps until it is woken.
    is_asleep: bool,
    stopped: Option<Stopped>,
}

impl State {
    /// Whether there is less than is worth the writer's time.
    fn gathers(&self) -> bool {
        self.behind == Behind::More && self.stream.len() < WORTH
    }

    /// Bytes of the file at most, if it ends with this round; the journal of the round may stand twice.
    fn most(&self, round: &Round) -> u64 {
        let most = u64::try_from(self.stream.most() + 2 * round.len()).unwrap_or(u64::MAX);
        self.taken.saturating_add(most).saturating_add(TAIL)
    }
}

/// The ring.
#[derive(Debug)]
pub(super) struct Ring {
    state: Mutex<State>,
    /// The most bytes that the file may have.
    limit: Option<u64>,
    /// Something is there for a writer that sleeps, or much is, or nothing comes any more.
    filled: Condvar,
    /// There is room again, or nobody writes any more.
    emptied: Condvar,
    /// Whether the writer has stopped: asked after every turn of a session.
    has_stopped: AtomicBool,
}

impl Ring {
    /// One with the rest of a stream of which so many bytes are in the file, as of `time_ns` (nanoseconds since 1970).
    pub(super) fn new(stream: Stream, taken: u64, time_ns: u64, limit: Option<u64>) -> Self {
        let state = State { stream, taken, time_ns, behind: Behind::More, is_asleep: false, stopped: None };
        Self {
            state: Mutex::new(state),
            limit,
            filled: Condvar::new(),
            emptied: Condvar::new(),
            has_stopped: AtomicBool::new(false),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whatever panicked while it held the lock has left whole blocks in it.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands over what happened, and waits while there is no room. The round is empty afterwards. What the limit leaves no room for
    /// is let go, and the recording ends.
    ///
    /// # Errors
    /// The writer has stopped.
    pub(super) fn hand_over(&self, round: &mut Round) -> Result<(), Stopped> {
        round.complete();
        let mut state = self.state();
        while state.stopped.is_none() && state.stream.len() > MOST {
            state = self.emptied.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if let Some(stopped) = &state.stopped {
            round.clear();
            return Err(stopped.clone());
        }
        if state.behind == Behind::More && self.limit.is_some_and(|limit| state.most(round) > limit) {
            state.behind = Behind::Full;
        }
        if state.behind == Behind::More {
            let was_worth = !state.gathers();
            state.time_ns = round.time_ns();
            round.pour(&mut state.stream);
            if was_worth || state.gathers() && !state.is_asleep {
                return Ok(());
            }
        }
        round.clear();
        state.is_asleep = false;
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// Whether the writer has stopped, and why.
    pub(super) fn stopped(&self) -> Option<Stopped> {
        if self.has_stopped.load(Ordering::Acquire) { self.state().stopped.clone() } else { None }
    }

    /// The session is over.
    pub(super) fn end(&self) {
        let mut state = self.state();
        if state.behind == Behind::More {
            state.behind = Behind::End;
        }
        state.is_asleep = false;
        drop(state);
        self.filled.notify_one();
    }

    /// The writer takes what there is, into an empty text: it lets more gather for a while, and where nothing comes it sleeps. Says
    /// what comes behind it; at the end the stream has its tail.
    pub(super) fn take(&self, bytes: &mut Vec<u8>) -> Behind {
        let linger = |state| {
            let woken = self.filled.wait_timeout_while(state, LINGER, |state: &mut State| state.gathers());
            woken.unwrap_or_else(PoisonError::into_inner).0
        };
        let mut state = linger(self.state());
        if state.stream.len() == 0 && state.behind == Behind::More {
            state.is_asleep = true;
            let woken = self.filled.wait_while(state, |state| state.is_asleep);
            state = linger(woken.unwrap_or_else(PoisonError::into_inner));
        }
        let time_ns = state.time_ns;
        match state.behind {
            Behind::More => state.stream.save(time_ns),
            Behind::End | Behind::Full => {
                state.stream.attach();
                state.stream.end();
            }
        }
        state.stream.take(bytes);
        state.taken += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.emptied.notify_one();
        state.behind
    }

    /// The writer stops before the session.
    pub(super) fn stop(&self, stopped: Stopped) {
        let mut state = self.state();
        state.stopped = Some(stopped);
        state.stream = Stream::default();
        self.has_stopped.store(true, Ordering::Release);
        self.emptied.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    fn ring(limit: Option<u64>) -> Arc<Ring> {
        Arc::new(Ring::new(Stream::default(), 0, 0, limit))
    }

    /// A frame of so many octets that passed.
    fn round(length: usize) -> Round {
        let mut round = Round::new(0);
        round.passed(1, false, &vec![length as u8; length]);
        round
    }

    fn block(length: usize) -> Vec<u8> {
        let (mut stream, mut bytes) = (Stream::default(), Vec::new());
        round(length).pour(&mut stream);
        stream.take(&mut bytes);
        bytes
    }

    fn end() -> Vec<u8> {
        let (mut stream, mut bytes) = (Stream::default(), Vec::new());
        stream.end();
        stream.take(&mut bytes);
        bytes
    }

    #[test]
    fn what_is_handed_over_comes_out_in_order_and_the_end_last() {
        let ring = ring(None);
        ring.hand_over(&mut round(1)).unwrap();
        ring.hand_over(&mut round(2)).unwrap();
        ring.end();
        let mut taken = Vec::new();
        assert_eq!(ring.take(&mut taken), Behind::End);
        assert_eq!(taken, [block(1), block(2), end()].concat());
    }

    #[test]
    fn a_writer_that_sleeps_is_woken_by_little() {
        let ring = ring(None);
        let (far, done) = (Arc::clone(&ring), std::sync::mpsc::channel());
        let writer = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            while far.take(&mut bytes) == Behind::More {
                done.0.send(std::mem::take(&mut bytes)).unwrap();
            }
        });
        let patience = std::time::Instant::now() + PATIENCE;
        while !ring.state().is_asleep {
            assert!(std::time::Instant::now() < patience, "it does not sleep");
            std::thread::yield_now();
        }
        ring.hand_over(&mut round(3)).unwrap();
        assert!(!ring.state().is_asleep);
        assert_eq!(done.1.recv_timeout(PATIENCE).unwrap(), block(3));
        ring.end();
        writer.join().unwrap();
    }

    #[test]
    fn a_full_ring_makes_the_session_wait_until_it_is_emptied_or_nobody_writes() {
        let stopped = Stopped { why: Refusal::usage("gone", "没了"), is_fault: true };
        for stops in [false, true] {
            let ring = ring(None);
            ring.hand_over(&mut round(MOST + 1)).unwrap();
            let (far, done) = (Arc::clone(&ring), std::sync::mpsc::channel());
            std::thread::spawn(move || done.0.send(far.hand_over(&mut round(1))));
            assert!(done.1.recv_timeout(Duration::from_millis(100)).is_err(), "it did not wait");
            if stops {
                ring.stop(stopped.clone());
                assert_eq!(done.1.recv().unwrap(), Err(stopped.clone()));
                assert_eq!(ring.stopped(), Some(stopped.clone()));
            } else {
                assert_eq!(ring.take(&mut Vec::new()), Behind::More);
                assert_eq!(done.1.recv().unwrap(), Ok(()));
                let mut rest = Vec::new();
                ring.end();
                assert_eq!(ring.take(&mut rest), Behind::End);
                assert_eq!(rest, [block(1), end()].concat());
            }
        }
    }

    #[test]
    fn a_round_that_the_limit_has_no_room_for_is_the_end() {
        let ring = ring(Some(4_000));
        ring.hand_over(&mut round(1_000)).unwrap();
        ring.hand_over(&mut round(2_000)).unwrap();
        ring.hand_over(&mut round(1)).unwrap();
        let mut taken = Vec::new();
        assert_eq!(ring.take(&mut taken), Behind::Full);
        assert_eq!(taken, [block(1_000), end()].concat());
    }
}
