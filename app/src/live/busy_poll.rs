//! How long a headless session looks at its device again and again before it sleeps. Where frames come one close behind the
//! other, going to sleep and being woken takes longer than the wait, and costs the processor more. Promise: a session without
//! traffic sleeps, and where looking does not help (one processor, or others that need it) it is given up.

use std::time::Duration;

/// The longest wait that is worth looking through: about what it takes to sleep and be woken twice.
const WORTH: Duration = Duration::from_micros(50);
/// So many waits in a row have to have been that short before the next is looked through.
const SHORT_WAITS: u32 = 4;

/// What the waits so far have taught.
#[derive(Debug, Default)]
pub struct BusyPoll {
    /// Waits in a row that ended within [`WORTH`]: none of a session that begins, which sleeps at first.
    short_waits: u32,
}

impl BusyPoll {
    /// Whether to look once more, when nothing has come for `quiet`.
    #[must_use]
    pub fn looks(&self, quiet: Duration) -> bool {
        self.short_waits >= SHORT_WAITS && quiet < WORTH
    }

    /// The session has slept for `wait` after it had looked, if it had, in vain.
    pub fn slept(&mut self, wait: Duration) {
        let looked_in_vain = self.short_waits >= SHORT_WAITS;
        self.short_waits = if wait < WORTH && !looked_in_vain { self.short_waits + 1 } else { 0 };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_micros(10);

    fn taught() -> BusyPoll {
        let mut poll = BusyPoll::default();
        for _ in 0..SHORT_WAITS {
            assert!(!poll.looks(Duration::ZERO), "it looked before it knew");
            poll.slept(SOON);
        }
        poll
    }

    #[test]
    fn short_waits_are_looked_through_and_no_longer_than_is_worth_it() {
        let poll = taught();
        assert!(poll.looks(Duration::ZERO) && poll.looks(SOON));
        assert!(!poll.looks(WORTH));
    }

    #[test]
    fn looking_in_vain_is_given_up_and_so_is_a_time_of_quiet() {
        let mut poll = taught();
        poll.slept(SOON);
        assert!(!poll.looks(Duration::ZERO), "it went on although it had looked in vain");
        let mut poll = BusyPoll { short_waits: SHORT_WAITS - 1 };
        poll.slept(Duration::from_millis(1));
        poll.slept(SOON);
        assert!(!poll.looks(Duration::ZERO), "the waits were not short in a row");
    }
}
