//! How long a headless session looks at its device again and again before it sleeps. Where frames come one close behind the
//! other, going to sleep and being woken takes longer than the wait, and costs the processor more. Promise: a session without
//! traffic sleeps, and where looking does not help (one processor, or others that need it) it is tried more and more rarely.

use std::time::Duration;

/// The longest wait that is worth looking through: about what it takes to sleep and be woken twice.
const WORTH: Duration = Duration::from_micros(50);
/// A wait that was slept through is short up to here. It is longer than the same wait looked through would have been: on a
/// virtual machine each of the two ends may need 30 us and more to be woken.
const SHORT: Duration = Duration::from_micros(250);
/// So many short waits in a row have to have been slept through before the next is looked through.
const FEWEST_SHORT_WAITS: u32 = 4;
/// Each time that looking was in vain they have to be twice as many, up to this.
const MOST_SHORT_WAITS: u32 = 256;

/// What the waits so far have taught.
#[derive(Debug)]
pub struct BusyPoll {
    /// Short waits in a row that were slept through: none of a session that begins.
    short_waits: u32,
    /// How many of them it takes.
    needed: u32,
}

impl Default for BusyPoll {
    fn default() -> Self {
        Self { short_waits: 0, needed: FEWEST_SHORT_WAITS }
    }
}

impl BusyPoll {
    /// Whether to look once more, when nothing has come for `quiet`.
    #[must_use]
    pub fn looks(&self, quiet: Duration) -> bool {
        self.is_looking() && quiet < WORTH
    }

    fn is_looking(&self) -> bool {
        self.short_waits >= self.needed
    }

    /// Something has come. If it was looked for, looking is worth its while.
    pub fn came(&mut self) {
        if self.is_looking() {
            self.needed = FEWEST_SHORT_WAITS;
            self.short_waits = FEWEST_SHORT_WAITS;
        }
    }

    /// The session has slept for `wait`, after it had looked in vain, if it had looked.
    pub fn slept(&mut self, wait: Duration) {
        if self.is_looking() {
            self.needed = (2 * self.needed).min(MOST_SHORT_WAITS);
            self.short_waits = 0;
        } else if wait < SHORT {
            self.short_waits += 1;
        } else {
            self.short_waits = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOON: Duration = Duration::from_micros(10);

    /// How many waits that were slept through it takes until the next is looked through.
    fn waits_until_it_looks(poll: &mut BusyPoll, wait: Duration) -> u32 {
        (1..=1_000)
            .find(|_| {
                poll.slept(wait);
                poll.looks(SOON)
            })
            .expect("it looks at last")
    }

    #[test]
    fn short_waits_are_looked_through_and_no_longer_than_is_worth_it() {
        let mut poll = BusyPoll::default();
        assert!(!poll.looks(Duration::ZERO), "it looked before it knew");
        // Two ends that are woken slowly make a long wait out of a short one.
        assert_eq!(waits_until_it_looks(&mut poll, 2 * WORTH), FEWEST_SHORT_WAITS);
        assert!(poll.looks(Duration::ZERO) && !poll.looks(WORTH));
        poll.came();
        assert!(poll.looks(SOON), "what was looked for has come, and it gave up");
    }

    #[test]
    fn looking_in_vain_is_tried_again_more_and_more_rarely_until_it_helps() {
        let mut poll = BusyPoll::default();
        waits_until_it_looks(&mut poll, SOON);
        let mut again = || {
            poll.slept(SOON);
            waits_until_it_looks(&mut poll, SOON)
        };
        assert_eq!([again(), again(), again()], [8, 16, 32]);
        assert_eq!((0..10).map(|_| again()).last(), Some(MOST_SHORT_WAITS));
        poll.came();
        poll.slept(SOON);
        assert_eq!(waits_until_it_looks(&mut poll, SOON), 2 * FEWEST_SHORT_WAITS);
    }

    #[test]
    fn waits_have_to_be_short_in_a_row() {
        let mut poll = BusyPoll::default();
        for wait in [SOON, SOON, SOON, SHORT, SOON] {
            poll.slept(wait);
            poll.came();
            assert!(!poll.looks(Duration::ZERO));
        }
    }
}
